//! What is read from the catalog rather than tried.

use crate::actors::{PUBLIC, given, memberships};
use crate::carriers::{claim_of, claim_words};
use crate::model::World;
use crate::options::Options;
use crate::pooled::is_nothing;
use crate::report::{Finding, FindingKind, Model};
use crate::texts::{mentions, settings, text_of};
use trueup_catalog::{ConstraintKind, Function, Policy, PolicyCommand, Relation, RelationKind};
use trueup_sql::Script;

/// What all checks look at.
pub(crate) struct Ground<'g, 'c> {
    pub world: &'g World<'c>,
    pub options: &'g Options,
    /// Roles of the application.
    pub roles: &'g [String],
    /// As PostgreSQL counts them: views run with the caller's rights from 15 on.
    pub major: u32,
}

/// All findings, in the order of what they are about.
pub(crate) fn findings(ground: &Ground<'_, '_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for table in ground.world.catalog.relations.iter().filter(|relation| relation.kind.is_table()) {
        table_findings(ground, table, &mut out);
    }
    for view in &ground.world.catalog.relations {
        out.extend(view_finding(ground, view));
        out.extend(foreign_finding(ground, view));
    }
    for function in &ground.world.catalog.functions {
        function_findings(ground, function, &mut out);
    }
    role_findings(ground, &mut out);
    default_privileges(ground, &mut out);
    for (name, text) in &ground.options.scripts {
        for (line, statement) in session_claims_in(ground.world, text) {
            let about = format!("{name}:{line}");
            out.push(session_claim(
                &about,
                &format!("{statement} holds for the session, not for a transaction"),
            ));
        }
    }
    out
}

fn finding(kind: FindingKind, about: &str, message: String, mend: String) -> Finding {
    Finding { kind, about: about.to_owned(), message, mend }
}

impl Ground<'_, '_> {
    fn is_app(&self, grantee: &str) -> bool {
        let exempt = self.options.exempt_roles.iter().any(|role| role == grantee);
        !exempt && (grantee.eq_ignore_ascii_case(PUBLIC) || self.roles.iter().any(|role| role == grantee))
    }

    /// Roles of the application that have a right on a relation.
    fn reached_by(&self, relation: &Relation, privilege: Option<&str>) -> Vec<String> {
        let matching = given(&relation.grants, &relation.owner)
            .filter(|grant| privilege.is_none_or(|privilege| grant.privilege == privilege))
            .filter(|grant| self.is_app(&grant.grantee));
        let mut out: Vec<String> = matching.map(|grant| grant.grantee.clone()).collect();
        out.sort();
        out.dedup();
        out
    }

    fn is_scoped(&self, relation: &Relation) -> bool {
        self.world.of(relation).is_some_and(|placed| placed.model.is_scoped())
    }
}

fn table_findings(ground: &Ground<'_, '_>, table: &Relation, out: &mut Vec<Finding>) {
    let name = table.display_name();
    let reached = ground.reached_by(table, None);
    if let Some(Model::Global { declared: false }) = ground.world.of(table).map(|placed| &placed.model)
        && !reached.is_empty()
    {
        let message = format!("nothing in {name} tells a tenant, and {} can reach it", reached.join(", "));
        out.push(finding(
            FindingKind::UndeclaredGlobal,
            &name,
            message,
            format!("declare {name} as global, or give it a tenant"),
        ));
    }
    if !ground.is_scoped(table) {
        return;
    }
    if table.is_partition {
        partition_finding(table, &reached, out);
        return;
    }
    if !table.row_security && !reached.is_empty() {
        let message = format!("row security is not asked on {name}, and {} can reach it", reached.join(", "));
        let mend = format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY; and a policy", table.sql_name());
        out.push(finding(FindingKind::NoRowSecurity, &name, message, mend));
    }
    if table.row_security && !table.forces_row_security {
        let message = format!("row security is not asked for the owner of {name}");
        out.push(finding(
            FindingKind::NotForced,
            &name,
            message,
            format!("ALTER TABLE {} FORCE ROW LEVEL SECURITY", table.sql_name()),
        ));
    }
    let truncate = ground.reached_by(table, Some("TRUNCATE"));
    if !truncate.is_empty() {
        let message = format!("{} may empty {name}; row security is not asked", truncate.join(", "));
        let mend = format!("REVOKE TRUNCATE ON {} FROM {}", table.sql_name(), truncate.join(", "));
        out.push(finding(FindingKind::TruncateGrant, &name, message, mend));
    }
    nullable_tenant(ground, table, &name, out);
    loose_keys(ground, table, &name, out);
    policies(ground, table, &name, out);
    guards(ground, table, &name, out);
}

fn partition_finding(part: &Relation, reached: &[String], out: &mut Vec<Finding>) {
    if reached.is_empty() || part.row_security {
        return;
    }
    let name = part.display_name();
    let message = format!(
        "{} can reach the partition {name} by its own name, and the policies of its table are not asked there",
        reached.join(", ")
    );
    let mend = format!("REVOKE ALL ON {} FROM {}", part.sql_name(), reached.join(", "));
    out.push(finding(FindingKind::PartitionGrant, &name, message, mend));
}

fn nullable_tenant(ground: &Ground<'_, '_>, table: &Relation, name: &str, out: &mut Vec<Finding>) {
    let Some(Model::Direct { column }) = ground.world.of(table).map(|placed| &placed.model) else { return };
    if table.column(column).is_some_and(|column| !column.not_null) {
        let message = format!("{name}.{column} takes NULL: such a row belongs to nobody");
        let mend = format!("ALTER TABLE {} ALTER COLUMN {column} SET NOT NULL", table.sql_name());
        out.push(finding(FindingKind::NullableTenant, name, message, mend));
    }
}

/// A foreign key that does not hold the tenant, between tables that both name it.
fn loose_keys(ground: &Ground<'_, '_>, table: &Relation, name: &str, out: &mut Vec<Finding>) {
    let column_of = |relation: &Relation| match ground.world.of(relation).map(|placed| &placed.model) {
        Some(Model::Direct { column }) => Some(column.clone()),
        _ => None,
    };
    let Some(own) = column_of(table) else { return };
    for constraint in table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Foreign)
    {
        let Some((schema, parent, _)) = &constraint.references else { continue };
        let Some(parent) = ground.world.catalog.relation(schema, parent) else { continue };
        if column_of(parent).is_some() && !constraint.columns.contains(&own) {
            let message = format!(
                "{} lets a row of {name} point to another tenant's row of {}",
                constraint.name,
                parent.display_name()
            );
            let mend = format!(
                "let the foreign key hold {own}, too: FOREIGN KEY ({own}, {}) …",
                constraint.columns.join(", ")
            );
            out.push(finding(FindingKind::LooseForeignKey, name, message, mend));
        }
    }
}

/// Whether a policy asks anything about who speaks: a claim, or a table by which that is known.
fn asks(ground: &Ground<'_, '_>, table: &Relation, policy: &Policy) -> bool {
    let mut texts = policy.using.iter().chain(&policy.check).peekable();
    texts.peek().is_some() && texts.all(|text| text_asks(ground.world, table, text))
}

pub(crate) fn text_asks(world: &World<'_>, table: &Relation, text: &str) -> bool {
    let words = claim_words(world.catalog);
    let claim =
        claim_of(text, &words).is_some() || text.split(" AND ").any(|part| claim_of(part, &words).is_some());
    let is_scoped = |relation: &Relation| world.of(relation).is_some_and(|placed| placed.model.is_scoped());
    let other_tables =
        world.catalog.relations.iter().any(|relation| {
            relation.oid != table.oid && is_scoped(relation) && mentions(text, &relation.name)
        });
    let reads = |function: &&Function| {
        mentions(text, &function.name)
            && (!settings(text_of(function)).is_empty()
                || words.iter().any(|(word, _)| mentions(text_of(function), word)))
    };
    claim || other_tables || world.catalog.functions.iter().any(|function| reads(&function))
}

fn policies(ground: &Ground<'_, '_>, table: &Relation, name: &str, out: &mut Vec<Finding>) {
    let permissive: Vec<&Policy> = table.policies.iter().filter(|policy| policy.permissive).collect();
    // A policy without any condition lets nobody in.
    for policy in permissive.iter().filter(|policy| policy.using.is_some() || policy.check.is_some()) {
        if policy.roles.iter().all(|role| !ground.is_app(role)) || asks(ground, table, policy) {
            continue;
        }
        let same = |other: &&&Policy| {
            let commands = other.command == policy.command
                || other.command == PolicyCommand::All
                || policy.command == PolicyCommand::All;
            other.oid != policy.oid && commands && asks(ground, table, other)
        };
        let mut conditions = policy.using.iter().chain(&policy.check);
        let condition =
            conditions.find(|text| !text_asks(ground.world, table, text)).map_or("", String::as_str);
        let (kind, message) = match permissive.iter().find(same) {
            Some(other) => (
                FindingKind::PermissivePolicies,
                format!(
                    "{} allows {condition} on {name}, whoever speaks; that it stands beside {} does not help, since permissive policies are joined by OR",
                    policy.name, other.name
                ),
            ),
            None => (
                FindingKind::OpenPolicy,
                format!("{} allows {condition} on {name}, whoever speaks", policy.name),
            ),
        };
        let mend = format!("drop {}, make it AS RESTRICTIVE, or let it ask for the tenant", policy.name);
        out.push(finding(kind, name, message, mend));
    }
}

/// Triggers that check something by reading as their caller.
fn guards(ground: &Ground<'_, '_>, table: &Relation, name: &str, out: &mut Vec<Finding>) {
    for guard in crate::guards::guards(ground.world, table) {
        let message = format!(
            "{} looks for rows of {} as its caller, from whom row security hides those of other tenants",
            crate::guards::named(guard.trigger, name),
            guard.hidden.display_name()
        );
        let mend = format!(
            "make {} SECURITY DEFINER with SET search_path, or hold it by a foreign key",
            guard.function.display_name()
        );
        out.push(finding(FindingKind::BlindGuard, name, message, mend));
    }
}

fn view_finding(ground: &Ground<'_, '_>, view: &Relation) -> Option<Finding> {
    let reached = ground.reached_by(view, None);
    let text = view.definition.as_deref()?;
    let tables = || {
        ground
            .world
            .catalog
            .relations
            .iter()
            .filter(|relation| ground.is_scoped(relation) && mentions(text, &relation.name))
    };
    let name = view.display_name();
    let read: Vec<String> = tables().map(Relation::display_name).collect();
    if reached.is_empty() || read.is_empty() {
        return None;
    }
    match view.kind {
        RelationKind::MaterializedView => {
            let message = format!(
                "{} can read {name}, which keeps rows of {} for everybody",
                reached.join(", "),
                read.join(", ")
            );
            Some(finding(
                FindingKind::MaterializedView,
                &name,
                message,
                format!("REVOKE ALL ON {} FROM {}", view.sql_name(), reached.join(", ")),
            ))
        }
        RelationKind::View => {
            let invoker = view.options.iter().any(|option| {
                matches!(
                    option.as_str(),
                    "security_invoker=true" | "security_invoker=on" | "security_invoker=1"
                )
            });
            let owner = ground.world.catalog.role(&view.owner);
            let bypasses = owner.is_none_or(|role| role.superuser || role.bypasses_row_security)
                || tables().any(|table| table.owner == view.owner && !table.forces_row_security);
            let mend = match ground.major >= 15 {
                true => format!("ALTER VIEW {} SET (security_invoker = true)", view.sql_name()),
                false => "let a role own it that row security is asked for; security_invoker comes with PostgreSQL 15".to_owned(),
            };
            let guarded = tables().any(|table| table.row_security);
            let rest = match guarded {
                true => "which row security does not hold",
                false => "and row security is not asked there: only its own condition keeps tenants apart",
            };
            let message = format!("{name} reads {} with the rights of its owner, {rest}", read.join(", "));
            (!invoker && bypasses).then(|| finding(FindingKind::NoSecurityInvoker, &name, message, mend))
        }
        _ => None,
    }
}

/// Row security cannot be asked on a table of another server.
fn foreign_finding(ground: &Ground<'_, '_>, table: &Relation) -> Option<Finding> {
    let reached = ground.reached_by(table, None);
    if table.kind != RelationKind::Foreign || reached.is_empty() {
        return None;
    }
    let name = table.display_name();
    let message = format!(
        "{} reach {name}, whose rows lie on another server; row security does not apply to foreign tables",
        reached.join(", ")
    );
    let mend = format!(
        "REVOKE ALL ON {} FROM {}, and give them a view that asks for the tenant",
        table.sql_name(),
        reached.join(", ")
    );
    Some(finding(FindingKind::ForeignTable, &name, message, mend))
}

fn function_findings(ground: &Ground<'_, '_>, function: &Function, out: &mut Vec<Finding>) {
    let name = function.display_name();
    let text = text_of(function);
    for statement in session_claims(ground.world, text) {
        out.push(session_claim(&name, &format!("{name} sets a claim for the session: {statement}")));
    }
    let open = given(&function.grants, &function.owner)
        .any(|grant| grant.privilege == "EXECUTE" && ground.is_app(&grant.grantee));
    for setting in &function.settings {
        let (own, value) = setting.split_once('=').unwrap_or((setting, ""));
        let mut names = ground.world.carriers.iter().filter_map(carrier_name);
        let carried = names.any(|name| name.eq_ignore_ascii_case(own));
        if carried && open && !matches!(value, "" | "\"\"") && !is_nothing(value) {
            let message = format!("{name} runs with SET {setting}, whoever calls it");
            let mend = "take SET off it, and let it speak for its caller".to_owned();
            out.push(finding(FindingKind::FixedClaim, &name, message, mend));
        }
    }
    let read: Vec<String> = ground
        .world
        .catalog
        .relations
        .iter()
        .filter(|relation| {
            relation.kind.is_table() && ground.is_scoped(relation) && mentions(text, &relation.name)
        })
        .map(Relation::display_name)
        .collect();
    let used_by_policy =
        ground.world.catalog.relations.iter().flat_map(|relation| &relation.policies).any(|policy| {
            policy.using.iter().chain(&policy.check).any(|text| mentions(text, &function.name))
        });
    if function.security_definer && open && !function.is_trigger && !read.is_empty() && !used_by_policy {
        let message = format!(
            "{name} reads {} with the rights of {}, and roles of the application may call it",
            read.join(", "),
            function.owner
        );
        let mend = format!(
            "ALTER FUNCTION {}({}) SECURITY INVOKER, or REVOKE EXECUTE … FROM PUBLIC",
            function.sql_name(),
            function.arguments
        );
        out.push(finding(FindingKind::SecurityDefiner, &name, message, mend));
    }
}

pub(crate) fn session_claim(about: &str, message: &str) -> Finding {
    let message = format!("{message}; under a pooler the next client of the connection inherits it");
    finding(
        FindingKind::SessionClaim,
        about,
        message,
        "set_config(name, value, true), or SET LOCAL, inside of a transaction".to_owned(),
    )
}

pub(crate) fn carrier_name(carrier: &crate::report::Carrier) -> Option<&str> {
    match carrier {
        crate::report::Carrier::Setting { name, .. } | crate::report::Carrier::Json { name, .. } => {
            Some(name)
        }
        crate::report::Carrier::CurrentUser { .. } | crate::report::Carrier::SearchPath { .. } => None,
    }
}

/// Statements of a script that set a claim for the session, with their lines.
fn session_claims_in(world: &World<'_>, text: &str) -> Vec<(u32, String)> {
    let script = Script::read(text);
    let one = |statement: &trueup_sql::Statement| {
        let statement_text = statement.span.text(text);
        // What a function or a trigger does is read where the catalog has it.
        if statement_text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("create")) {
            return Vec::new();
        }
        let found = session_claims(world, statement_text);
        found.into_iter().map(|found| (statement.line, found)).collect::<Vec<_>>()
    };
    script.statements.iter().flat_map(one).collect()
}

/// Places of a text that set a claim for the session: `set_config('app.tenant_id', …, false)`, `SET app.tenant_id = …`.
fn session_claims(world: &World<'_>, text: &str) -> Vec<String> {
    let names: Vec<&str> = world.carriers.iter().filter_map(carrier_name).collect();
    session_settings(text, &|name| names.iter().any(|carrier| carrier.eq_ignore_ascii_case(name)))
}

/// Places of a text that set one of these settings for the session.
pub(crate) fn session_settings(text: &str, is_claim: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut out = Vec::new();
    // Places in it are places in the text.
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices("set_config") {
        let Some(call) = text.get(at..).and_then(call_of) else { continue };
        let name = call.split('\'').nth(1).unwrap_or("");
        let session = call.trim_end_matches(')').rsplit(',').next().is_some_and(|last| {
            matches!(last.trim().to_lowercase().as_str(), "false" | "'f'" | "'false'" | "is_local => false")
        });
        // A claim that is set to nothing is taken back.
        let nothing = call.split(',').nth(1).is_some_and(is_nothing);
        if is_claim(name) && session && !nothing {
            out.push(call.to_owned());
        }
    }
    for (at, _) in lower.match_indices("set ") {
        let rest = strip_word(text.get(at + 4..).unwrap_or("").trim_start(), "session");
        let end =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '"'))).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or("").replace('"', "");
        // Long texts are full of the word: what stands around it is looked at only where a claim follows.
        if !is_claim(&name) || !begins_setting(lower.get(..at).unwrap_or("").trim_end()) {
            continue;
        }
        let line = |text: &str| text.split([';', '\n']).next().unwrap_or("").trim().to_owned();
        let value = line(rest.get(end..).unwrap_or(""));
        let value = strip_word(value.trim_start_matches('=').trim(), "to ");
        if !is_nothing(value) {
            out.push(line(text.get(at..).unwrap_or("")));
        }
    }
    out
}

/// Whether `SET` behind this text, which is in lower case, is a statement or sets something for each session to come.
fn begins_setting(before: &str) -> bool {
    before.is_empty()
        || before.ends_with([';', '\'', '$'])
        || before.ends_with("begin")
        || before.ends_with("then")
        || is_role_setting(before)
}

/// `ALTER ROLE app SET …` and `ALTER DATABASE d SET …` set it for each session to come.
fn is_role_setting(before: &str) -> bool {
    let last = before.rsplit(';').next().unwrap_or("").trim_start();
    ["alter role", "alter user", "alter database"].iter().any(|words| last.starts_with(words))
}

fn strip_word<'t>(text: &'t str, word: &str) -> &'t str {
    let matches = text.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word));
    if matches { text.get(word.len()..).unwrap_or("").trim_start() } else { text }
}

/// A call up to its closing bracket.
pub(crate) fn call_of(text: &str) -> Option<&str> {
    let (mut depth, mut quoted) = (0u32, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return text.get(..=at);
                }
            }
            _ => {}
        }
    }
    None
}

fn role_findings(ground: &Ground<'_, '_>, out: &mut Vec<Finding>) {
    let catalog = ground.world.catalog;
    let scoped: Vec<&Relation> = catalog
        .relations
        .iter()
        .filter(|relation| relation.kind.is_table() && ground.is_scoped(relation))
        .collect();
    for role in &catalog.roles {
        let exempt = ground.options.exempt_roles.contains(&role.name);
        let told = ground.options.roles.contains(&role.name);
        // Most logins have their rights as members of another role.
        let mut names = memberships(catalog, &role.name);
        names.retain(|name| !ground.options.exempt_roles.contains(name));
        let reaches = scoped
            .iter()
            .any(|table| given(&table.grants, &table.owner).any(|grant| names.contains(&grant.grantee)));
        let owns = scoped.iter().any(|table| table.owner == role.name);
        if exempt || !(told || reaches) {
            continue;
        }
        if role.superuser {
            let message = format!("{} is a superuser: nothing keeps tenants apart for it", role.name);
            out.push(finding(
                FindingKind::Superuser,
                &role.name,
                message,
                format!("ALTER ROLE {} NOSUPERUSER", role.name),
            ));
        } else if role.bypasses_row_security {
            let message = format!("row security is not asked for {}", role.name);
            out.push(finding(
                FindingKind::BypassesRowSecurity,
                &role.name,
                message,
                format!("ALTER ROLE {} NOBYPASSRLS", role.name),
            ));
        }
        for other in memberships(catalog, &role.name).into_iter().skip(1) {
            let Some(other) = catalog.role(&other) else { continue };
            let owner = scoped.iter().any(|table| table.owner == other.name);
            if other.superuser || other.bypasses_row_security || (owner && !owns) {
                let message = format!(
                    "{} is a member of {} and may become it; row security does not hold that one",
                    role.name, other.name
                );
                out.push(finding(
                    FindingKind::MemberOfBypass,
                    &role.name,
                    message,
                    format!("REVOKE {} FROM {}", other.name, role.name),
                ));
            }
        }
    }
}

fn default_privileges(ground: &Ground<'_, '_>, out: &mut Vec<Finding>) {
    let scoped = ground.world.catalog.relations.iter().any(|relation| ground.is_scoped(relation));
    for other in
        ground.world.catalog.others.iter().filter(|other| other.kind.starts_with("default privilege"))
    {
        let roles: Vec<&str> = ground
            .roles
            .iter()
            .map(String::as_str)
            .chain(["PUBLIC"])
            .filter(|role| mentions(&other.definition, role))
            .collect();
        let tables = other
            .name
            .split_whitespace()
            .last()
            .is_none_or(|sort| matches!(sort, "r" | "f" | "tables" | "functions"));
        if scoped && tables && !roles.is_empty() {
            let message = format!(
                "what {} will make is open to {} at once: {}",
                other.name,
                roles.join(", "),
                other.definition
            );
            let mend = "ALTER DEFAULT PRIVILEGES … REVOKE …, and grant by name".to_owned();
            out.push(finding(FindingKind::DefaultPrivilege, "default privileges", message, mend));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_a_session_are_found_where_they_stand() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(session_settings(text, &|name| name == "app.t"), expected, "{text}");
        };
        check("SET app.t = '1'; SET LOCAL app.t = '1'", &["SET app.t = '1'"]);
        check("İİİİ; Set Session app.t TO 2\nx", &["Set Session app.t TO 2"]);
        check("ALTER ROLE a IN DATABASE d SET app.t = 'x'", &["SET app.t = 'x'"]);
        check("BEGIN SET app.t = ''; END", &[]);
        check("UPDATE t SET app.t = 1", &[]);
        check("İİ SELECT set_config('app.t', 'x', false)", &["set_config('app.t', 'x', false)"]);
    }

    /// Each word is looked at by itself: a text may be as long as it likes.
    #[test]
    fn long_texts_end() {
        let prose = "we set out and set it upon the table, İ ".repeat(50_000);
        assert_eq!(session_settings(&prose, &|name| name == "app.t"), Vec::<String>::new());
    }
}
