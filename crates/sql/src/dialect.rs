//! SQL of other systems, told by what PostgreSQL has in no version.

use crate::tokens::{Sort, Token, tokens};

/// Another system's SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The system.
    pub name: &'static str,
    /// What tells it, as it is written: `AUTO_INCREMENT`.
    pub sign: &'static str,
    /// The byte where that stands.
    pub at: usize,
}

/// The other system in whose SQL a script is written, if it tells.
pub fn dialect(text: &str) -> Option<Dialect> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| {
        let rest = tokens.get(at..)?;
        let (name, sign) = sign_of(rest)?;
        Some(Dialect { name, sign, at: rest.first()?.start })
    })
}

fn sign_of(rest: &[Token<'_>]) -> Option<(&'static str, &'static str)> {
    match rest {
        [open, name, close, ..] if is_backtick(open) && is_backtick(close) && touch(open, name, close) => {
            Some(("MySQL", "a name in backticks"))
        }
        [engine, equals, name, ..] if engine.is("ENGINE") && equals.is_sign("=") => {
            let engines = ["InnoDB", "MyISAM", "MEMORY", "ARCHIVE", "CSV", "NDB", "Aria"];
            engines.iter().any(|known| name.is(known)).then_some(("MySQL", "ENGINE ="))
        }
        [before, word, ..]
            if word.is("AUTO_INCREMENT") && before.sort != Sort::Text && !before.is_sign(".") =>
        {
            Some(("MySQL", "AUTO_INCREMENT"))
        }
        [action, column, ..] if column.is("COLUMN") && (action.is("CHANGE") || action.is("MODIFY")) => {
            Some(("MySQL", "CHANGE COLUMN"))
        }
        [key, word, ..] if word.is("AUTOINCREMENT") && key.is("KEY") => Some(("SQLite", "AUTOINCREMENT")),
        _ => None,
    }
}

fn is_backtick(token: &Token<'_>) -> bool {
    token.is_sign("`")
}

/// Whether nothing stands between them: two operators `` ` `` of somebody's own would have blanks around them.
fn touch(open: &Token<'_>, name: &Token<'_>, close: &Token<'_>) -> bool {
    name.sort == Sort::Word && open.start + 1 == name.start && name.start + name.text.len() == close.start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: Option<(&str, usize)>) {
        assert_eq!(dialect(text).map(|found| (found.name, found.at)), wanted, "{text}");
    }

    #[test]
    fn other_systems_are_told() {
        check("CREATE TABLE `a b` (x int)", None);
        check("CREATE TABLE `item` (x int)", Some(("MySQL", 13)));
        check("CREATE TABLE t (a int NOT NULL AUTO_INCREMENT)", Some(("MySQL", 26)));
        check("CREATE TABLE t (a int) ENGINE=InnoDB", Some(("MySQL", 23)));
        check("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", Some(("SQLite", 35)));
        check("ALTER TABLE t CHANGE COLUMN a b int", Some(("MySQL", 14)));
        check("SELECT 'AUTO_INCREMENT', engine = 'InnoDB' FROM t -- `a`", None);
        check("SELECT $$ `a` ENGINE=InnoDB $$, a ` b ` c", None);
        check("", None);
    }
}
