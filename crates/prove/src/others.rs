//! Statements that change roles which a given server had before the chain.

use std::collections::BTreeSet;

/// A word, a quoted name or a sign of a text: what stands in strings is read like the rest, since a block may run it.
struct Piece<'t> {
    text: &'t str,
    /// The same in capitals; empty for quoted names and signs, which are no keyword.
    word: String,
}

/// Whether a statement changes such a role, or, in a block, may change one that its text does not name.
pub(crate) fn changes_roles_of_others(text: &str, roles: &BTreeSet<String>) -> bool {
    let pieces = pieces(text);
    let block = pieces.first().is_some_and(|first| first.word == "DO");
    let starts = if block { pieces.len() } else { 1 };
    (0..starts).any(|at| pieces.get(at..).is_some_and(|from| changes_one(from, roles)))
}

fn changes_one(from: &[Piece<'_>], roles: &BTreeSet<String>) -> bool {
    let word = |at: usize| from.get(at).map_or("", |piece| piece.word.as_str());
    let behind = |at: usize| from.get(at..).unwrap_or_default();
    let kind = ["ROLE", "USER", "GROUP"].contains(&word(1));
    match word(0) {
        "ALTER" | "DROP" if kind && word(2) == "MAPPING" => false,
        // What is added to a group or taken from it is changed as well as the group.
        "ALTER" if word(1) == "GROUP" => {
            let members = after(behind(2), "USER").map(|members| named(members, roles));
            named(behind(2), roles) || members.unwrap_or(false)
        }
        "ALTER" => kind && named(behind(2), roles),
        "DROP" if kind => named(behind(if word(2) == "IF" { 4 } else { 2 }), roles),
        "DROP" | "REASSIGN" => word(1) == "OWNED" && named(behind(3), roles),
        "COMMENT" => word(1) == "ON" && word(2) == "ROLE" && named(behind(3), roles),
        "SECURITY" if word(1) == "LABEL" => {
            let labelled = after(behind(2), "ON");
            labelled
                .is_some_and(|of| starts_with(of, "ROLE") && named(of.get(1..).unwrap_or_default(), roles))
        }
        // A role of the chain that becomes a member is dropped with its memberships.
        "GRANT" => joins(from, "TO", roles),
        "REVOKE" => joins(from, "FROM", roles),
        _ => false,
    }
}

/// Whether memberships are given or taken, and a role of others is, or may be, the one that has them.
fn joins(from: &[Piece<'_>], to: &str, roles: &BTreeSet<String>) -> bool {
    let end = from.iter().position(|piece| piece.text == ";").unwrap_or(from.len());
    let from = from.get(..end).unwrap_or_default();
    // Rights are granted ON something.
    if after(from, "ON").is_some() {
        return false;
    }
    match after(from, to) {
        Some(members) => named(members, roles),
        // A text that is put together.
        None => from.iter().any(|piece| ["%", "|"].contains(&piece.text)),
    }
}

fn starts_with(from: &[Piece<'_>], word: &str) -> bool {
    from.first().is_some_and(|first| first.word == word)
}

/// What stands behind a word.
fn after<'a, 't>(from: &'a [Piece<'t>], word: &str) -> Option<&'a [Piece<'t>]> {
    let at = from.iter().position(|piece| piece.word == word)?;
    from.get(at + 1..)
}

/// Whether a list of roles names one of others, or one that the text does not tell.
fn named(mut list: &[Piece<'_>], roles: &BTreeSet<String>) -> bool {
    if starts_with(list, "GROUP") {
        list = list.get(1..).unwrap_or_default();
    }
    for pair in list.chunks(2) {
        let (Some(name), next) = (pair.first(), pair.get(1).map_or("", |piece| piece.text)) else { break };
        // A name may go on in a variable, or be written in numbers (`U&"…"`).
        if is_of_others(name, roles) || ["%", "|", "&"].contains(&next) {
            return true;
        }
        if next != "," {
            break;
        }
    }
    false
}

fn is_of_others(name: &Piece<'_>, roles: &BTreeSet<String>) -> bool {
    const ALIASES: [&str; 5] = ["ALL", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "PUBLIC"];
    if ALIASES.contains(&name.word.as_str()) {
        return true;
    }
    match (name.text.strip_prefix('"'), name.word.as_str()) {
        (Some(quoted), _) => {
            // In a literal or a name of a name, quotes are doubled; then it is not told what stands there.
            let inner = quoted.strip_suffix('"').unwrap_or(quoted);
            inner.is_empty() || roles.contains(&inner.replace("\"\"", "\""))
        }
        (None, "") => true,
        (None, _) => roles.contains(&name.text.to_lowercase()),
    }
}

/// The pieces of a text without its comments.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut at, mut in_string) = (0, false);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let comment = if in_string { 0 } else { comment(rest) };
        let length = match rest.chars().next() {
            _ if comment > 0 => comment,
            Some('"') => quoted(rest),
            Some(first) if is_of_word(first) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            Some(first) => first.len_utf8(),
            None => break,
        };
        let piece = rest.get(..length).unwrap_or(rest);
        in_string ^= piece == "'";
        if comment == 0 && !piece.trim().is_empty() {
            let is_word = piece.starts_with(is_of_word);
            found.push(Piece {
                text: piece,
                word: if is_word { piece.to_uppercase() } else { String::new() },
            });
        }
        at += length;
    }
    found
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How long the comment is with which a text begins.
fn comment(text: &str) -> usize {
    if text.starts_with("--") {
        return text.find('\n').unwrap_or(text.len());
    }
    match text.strip_prefix("/*") {
        Some(inner) => inner.find("*/").map_or(text.len(), |end| end + 4),
        None => 0,
    }
}

/// How long the quoted name is with which a text begins.
fn quoted(text: &str) -> usize {
    let mut end = 1;
    while let Some(at) = text.get(end..).and_then(|rest| rest.find('"')) {
        end += at + 1;
        if !text.get(end..).is_some_and(|rest| rest.starts_with('"')) {
            return end;
        }
        end += 1;
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_others_are_known_from_the_text() {
        let roles = BTreeSet::from(["admin", "Big One"].map(str::to_owned));
        let check = |text: &str, expected: bool| {
            assert_eq!(changes_roles_of_others(text, &roles), expected, "{text}");
            let block = format!("DO $$ BEGIN IF true THEN {text}; END IF; END $$");
            assert_eq!(changes_roles_of_others(&block, &roles), expected, "{block}");
        };
        check("ALTER ROLE ADMIN LOGIN", true);
        check("/* a */ ALTER USER \"Big One\" NOLOGIN", true);
        check("ALTER ROLE U&\"\\0061dmin\" LOGIN", true);
        check("ALTER ROLE app LOGIN", false);
        check("ALTER ROLE app SET search_path = admin", false);
        check("ALTER ROLE CURRENT_USER NOLOGIN", true);
        check("ALTER USER MAPPING FOR admin SERVER s OPTIONS (a 'b')", false);
        check("ALTER GROUP app ADD USER other, admin", true);
        check("ALTER GROUP app ADD USER other", false);
        check("DROP ROLE IF EXISTS other, admin", true);
        check("DROP ROLE IF EXISTS other", false);
        check("DROP GROUP admin", true);
        check("DROP OWNED BY admin", true);
        check("REASSIGN OWNED BY app TO admin", false);
        check("REASSIGN OWNED BY app, admin TO app", true);
        check("COMMENT ON ROLE admin IS 'b'", true);
        check("COMMENT ON ROLE app IS 'admin'", false);
        check("COMMENT ON COLUMN role.admin IS 'b'", false);
        check("SECURITY LABEL FOR p ON ROLE admin IS 'b'", true);
        check("GRANT app TO admin", true);
        check("GRANT app TO other, GROUP_ONE, admin WITH ADMIN OPTION", true);
        check("GRANT admin TO app", false);
        check("GRANT app TO current_user", true);
        check("REVOKE app FROM admin", true);
        check("REVOKE ADMIN OPTION FOR app FROM admin CASCADE", true);
        check("GRANT SELECT ON t TO admin WITH GRANT OPTION", false);
        check("REVOKE GRANT OPTION FOR SELECT ON t FROM admin", false);
        check("ALTER DEFAULT PRIVILEGES FOR ROLE admin GRANT SELECT ON TABLES TO admin", false);
        check("CREATE ROLE app", false);
    }

    #[test]
    fn a_block_may_change_a_role_that_its_text_does_not_name() {
        let roles = BTreeSet::from(["admin".to_owned()]);
        let check = |inner: &str, expected: bool| {
            let block = format!("DO $$ DECLARE r text; BEGIN {inner}; END $$");
            assert_eq!(changes_roles_of_others(&block, &roles), expected, "{block}");
        };
        check("EXECUTE 'ALTER ROLE admin LOGIN'", true);
        check("EXECUTE 'ALTER ROLE app LOGIN'", false);
        check("EXECUTE 'ALTER ROLE ' || quote_ident(r) || ' LOGIN'", true);
        check("EXECUTE format('ALTER ROLE %I LOGIN', r)", true);
        check("EXECUTE format('ALTER ROLE app_%s LOGIN', r)", true);
        check("EXECUTE format('GRANT %I TO app', r)", false);
        check("EXECUTE format('GRANT app TO %I', r)", true);
        check("EXECUTE 'GRANT ' || r", true);
        check("EXECUTE format('GRANT SELECT ON t TO %I', r)", false);
        check("EXECUTE format('DROP ROLE IF EXISTS %I', r)", true);
        check("EXECUTE 'COMMENT ON ROLE app IS ''of admin'''", false);
        check("RAISE NOTICE 'nothing to grant'", false);
        check("-- ALTER ROLE admin\n NULL", false);
        check("NULL; /* GRANT app TO admin */ NULL", false);
    }
}
