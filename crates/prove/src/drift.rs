//! How the head of a chain differs from dumps of environments, and those from each other.

use crate::halt::Halt;
use crate::needs;
use crate::options::Options;
use crate::prover::{Watcher, head};
use crate::report::{Drift, DriftChange, PrerequisiteKind, Verdict};
use crate::roles::{self, Roles};
use crate::session::Session;
use crate::state::{Changed, changed, short};
use crate::steps::{File, Step};
use std::collections::BTreeSet;
use trueup_catalog::{Catalog, PRIVILEGES, differences};
use trueup_postgres::{Server, ServerError, SqlError};
use trueup_sql::{ChainFile, Order, Transaction};

/// The schema of an environment, as `pg_dump --schema-only` writes it.
#[derive(Clone, Copy, Debug)]
pub struct Dump<'d> {
    /// The environment: `staging`.
    pub name: &'d str,
    /// The dump.
    pub text: &'d str,
}

/// What is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DriftOptions {
    /// Owners and rights, too.
    pub privileges: bool,
    /// Tables that are left out, beside those in which tools note what they ran; with their schema, where that is not
    /// `public`.
    pub without: Vec<String>,
}

/// Tables in which tools note what they ran: those of Flyway, sqlx, refinery, Prisma, Rails, goose, golang-migrate,
/// dbmate, Atlas, Alembic, Liquibase, Knex and Diesel.
const OF_TOOLS: [&str; 16] = [
    "flyway_schema_history",
    "_sqlx_migrations",
    "refinery_schema_history",
    "_prisma_migrations",
    "schema_migrations",
    "ar_internal_metadata",
    "goose_db_version",
    "gorp_migrations",
    "atlas_schema_revisions",
    "alembic_version",
    "databasechangelog",
    "databasechangeloglock",
    "knex_migrations",
    "knex_migrations_lock",
    "__diesel_schema_migrations",
    "trueup_migrations",
];

/// A side of a comparison.
struct Side {
    name: String,
    catalog: Result<Catalog, String>,
    passed_over: Vec<String>,
    /// The roles that its text makes; those of a server are in no dump of one database.
    roles: BTreeSet<String>,
}

fn roles_made<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
    let scripts = texts.map(|text| (text, trueup_sql::Script::read(text)));
    let effects = scripts.flat_map(|(text, script)| {
        let each = script.statements.iter().flat_map(|one| trueup_sql::effects(one.text(text)));
        each.collect::<Vec<_>>()
    });
    let made = effects.filter(|effect| {
        effect.action == trueup_sql::Action::Create
            && matches!(effect.kind.as_str(), "role" | "user" | "group")
    });
    made.map(|effect| effect.name).collect()
}

/// Compares the head of a chain with each dump, and the dumps with each other. An empty chain is left out.
pub fn drift(
    server: &Server,
    chain: &[ChainFile],
    dumps: &[Dump<'_>],
    options: &Options,
    compared: &DriftOptions,
    watcher: &mut Watcher<'_>,
) -> Result<Vec<Drift>, ServerError> {
    let mut sides = Vec::new();
    if !chain.is_empty() {
        sides.push(of_chain(server, chain, options, watcher)?);
    }
    for dump in dumps {
        sides.push(of_dump(server, dump, options)?);
    }
    let mut all = Vec::new();
    for (at, left) in sides.iter().enumerate() {
        all.extend(sides.iter().skip(at + 1).map(|right| compare(left, right, compared)));
    }
    Ok(all)
}

fn of_chain(
    server: &Server,
    chain: &[ChainFile],
    options: &Options,
    watcher: &mut Watcher<'_>,
) -> Result<Side, ServerError> {
    let (catalog, report) = head(server, chain, options, watcher)?;
    let why = || {
        let stopped = report.stopped.as_ref().map(|stopped| stopped.message.clone());
        let failed = report.files.iter().find(|file| file.verdict != Verdict::Proven);
        let failed = failed.map(|file| {
            let note = file.checks.iter().map(|check| check.note.as_str()).find(|note| !note.is_empty());
            format!("{} does not run: {}", file.path, file.reason.as_deref().or(note).unwrap_or(""))
        });
        stopped.or(failed).unwrap_or_else(|| "the chain does not run up to its head".to_owned())
    };
    let catalog = catalog.ok_or_else(why);
    let stubs = report.prerequisites.iter().filter(|one| !one.declared);
    let stubbed = stubs.map(|one| format!("{} {} was made for the chain", one.kind.name(), one.name));
    Ok(Side {
        name: "the chain".to_owned(),
        catalog,
        passed_over: stubbed.collect(),
        roles: roles_made(chain.iter().map(|file| file.text.as_str())),
    })
}

fn of_dump(server: &Server, dump: &Dump<'_>, options: &Options) -> Result<Side, ServerError> {
    let database = server.create()?;
    let mut passed_over = Vec::new();
    let mut session = match Session::open(&database, options.statement_timeout) {
        Ok(session) => session,
        Err(halt) => return Ok(failed(dump, halt.message)),
    };
    let roles = match Roles::read(server) {
        Ok(roles) => roles,
        Err(halt) => return Ok(failed(dump, halt.message)),
    };
    let file = chain_file(dump.name, dump.text);
    let loaded = load(&mut session, &file, &mut passed_over);
    let catalog = loaded.and_then(|()| {
        session
            .renew()
            .map_err(Halt::from)
            .and_then(|()| Ok(Catalog::read(&mut session.client)?))
            .map_err(|halt| halt.message)
    });
    drop(session);
    drop(database);
    // What fails here failed before; then the server is gone.
    let _ = roles::tidy(server, &roles, &[], std::slice::from_ref(&file), options);
    Ok(Side {
        name: dump.name.to_owned(),
        catalog,
        passed_over,
        roles: roles_made(std::iter::once(dump.text)),
    })
}

fn failed(dump: &Dump<'_>, why: String) -> Side {
    Side { name: dump.name.to_owned(), catalog: Err(why), passed_over: Vec::new(), roles: BTreeSet::new() }
}

/// A dump as a file of a chain, to be split like one.
pub(crate) fn chain_file(name: &str, text: &str) -> ChainFile {
    ChainFile {
        path: name.to_owned(),
        version: String::new(),
        order: Order::default(),
        slug: String::new(),
        text: text.to_owned(),
        transaction: Transaction::PerStatement,
        rollback: None,
        repeatable: false,
    }
}

/// Runs the statements of a dump.
pub(crate) fn load(
    session: &mut Session,
    file: &ChainFile,
    passed_over: &mut Vec<String>,
) -> Result<(), String> {
    let read = File::read(0, file, crate::options::Claims::default());
    if let Some((line, why)) = &read.odd {
        return Err(format!("line {line}: {why}"));
    }
    if read.steps.is_empty() {
        return Err("the dump holds no statement".to_owned());
    }
    for step in &read.steps {
        loaded(session, step, passed_over).map_err(|error| format!("line {}: {error}", step.line))?;
    }
    Ok(())
}

/// Runs a statement, after what it misses was made.
fn loaded(session: &mut Session, step: &Step<'_>, passed_over: &mut Vec<String>) -> Result<(), SqlError> {
    // As many roles as a statement may name.
    for _ in 0..20 {
        let Err(error) = session.step(step) else { return Ok(()) };
        if is_harmless(&error, step.text) {
            passed_over.push(format!("line {}: {}: {error}", step.line, short(step.text)));
            return Ok(());
        }
        let missing =
            needs::missing(&error, step.text).filter(|missing| missing.kind == PrerequisiteKind::Role);
        let Some(stub) = missing.and_then(|missing| missing.stubs.into_iter().next()) else {
            return Err(error);
        };
        session.sql(&stub)?;
    }
    session.step(step)
}

/// What a dump says to another version of the server, or of a schema that is there from the beginning.
fn is_harmless(error: &SqlError, statement: &str) -> bool {
    let first = trueup_sql::Words::of(statement).next().unwrap_or("").to_ascii_uppercase();
    match (error.sqlstate.as_str(), first.as_str()) {
        // A setting that this version does not know.
        ("42704" | "22023", "SET") => true,
        ("42P06", "CREATE") => true,
        // Comments on extensions are their own.
        ("42501" | "42704", "COMMENT") => statement.to_ascii_uppercase().contains(" EXTENSION "),
        _ => false,
    }
}

fn compare(left: &Side, right: &Side, compared: &DriftOptions) -> Drift {
    let mut out = Drift {
        left: left.name.clone(),
        right: right.name.clone(),
        changes: Vec::new(),
        not_checkable: None,
        passed_over: left.passed_over.iter().chain(&right.passed_over).cloned().collect(),
    };
    let (mut one, mut other) = match (&left.catalog, &right.catalog) {
        (Ok(one), Ok(other)) => (settled(one, compared), settled(other, compared)),
        (Err(why), _) => {
            out.not_checkable = Some(format!("{}: {why}", left.name));
            return out;
        }
        (_, Err(why)) => {
            out.not_checkable = Some(format!("{}: {why}", right.name));
            return out;
        }
    };
    // Where only one of them speaks of roles, nothing is known of the other's.
    let tells = !left.roles.is_empty() && !right.roles.is_empty();
    for catalog in [&mut one, &mut other] {
        catalog
            .roles
            .retain(|role| tells && (left.roles.contains(&role.name) || right.roles.contains(&role.name)));
    }
    let without: &[&str] = if compared.privileges { &[] } else { &PRIVILEGES };
    let all = differences(&one, &other, without).into_iter().flat_map(changed);
    out.changes = all.map(change).collect();
    out
}

fn change(changed: Changed) -> DriftChange {
    DriftChange {
        kind: changed.kind,
        name: changed.name,
        field: changed.field,
        left: changed.before,
        right: changed.after,
    }
}

/// A catalog without the tables of tools, and with definitions in the form that loading a dump leads to.
fn settled(catalog: &Catalog, compared: &DriftOptions) -> Catalog {
    let mut out = catalog.clone();
    let left_out = |schema: &str, name: &str| {
        let shown = trueup_catalog::display_name(schema, name);
        OF_TOOLS.contains(&name) || compared.without.contains(&shown)
    };
    let owned = |relation: &trueup_catalog::Relation| {
        relation.owned_by.as_ref().is_some_and(|(schema, table, _)| left_out(schema, table))
    };
    out.relations.retain(|relation| !left_out(&relation.schema, &relation.name) && !owned(relation));
    if !compared.privileges {
        out.others.retain(|other| other.kind != "default privileges");
    }
    for relation in &mut out.relations {
        for text in relation.definition.iter_mut() {
            *text = cast_inside(text);
        }
        for column in &mut relation.columns {
            column.default = column.default.as_deref().map(cast_inside);
        }
        for constraint in &mut relation.constraints {
            constraint.definition = cast_inside(&constraint.definition);
        }
        for index in &mut relation.indexes {
            index.definition = cast_inside(&index.definition);
        }
        for policy in &mut relation.policies {
            policy.using = policy.using.as_deref().map(cast_inside);
            policy.check = policy.check.as_deref().map(cast_inside);
        }
    }
    out
}

/// The server writes `(ARRAY['a'::x, 'b'::x])::text[]` for what was given as a list, and, once that was read again,
/// `ARRAY[('a'::x)::text, ('b'::x)::text]`. The second form is the one that stays.
fn cast_inside(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("(ARRAY[") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        match cast_array(from) {
            Some((written, behind)) => {
                out.push_str(&written);
                rest = behind;
            }
            None => {
                out.push_str("(ARRAY[");
                rest = from.get("(ARRAY[".len()..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// Reads `(ARRAY[…])::type[]` at the beginning of a text.
fn cast_array(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix("(ARRAY[")?;
    let (parts, behind) = parts(inner)?;
    let behind = behind.strip_prefix(")::")?;
    let (kind, behind) = behind.split_once("[]")?;
    let plain =
        kind.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '.' | '"' | '(' | ')' | ','));
    let cast: Vec<String> = parts.iter().map(|part| format!("({})::{kind}", part.trim())).collect();
    plain.then(|| (format!("ARRAY[{}]", cast.join(", ")), behind))
}

/// The parts of an array up to its closing bracket, and what follows.
fn parts(text: &str) -> Option<(Vec<&str>, &str)> {
    let (mut parts, mut from, mut depth, mut quoted) = (Vec::new(), 0, 0i32, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' => depth += 1,
            ']' if depth == 0 => {
                parts.push(text.get(from..at)?);
                return Some((parts, text.get(at + 1..)?));
            }
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text.get(from..at)?);
                from = at + 1;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_in_the_form_that_stays() {
        let check = |text: &str, expected: &str| assert_eq!(cast_inside(text), expected);
        check(
            "CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y, ]'::character varying])::text[])))",
            "CHECK (((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y, ]'::character varying)::text])))",
        );
        check(
            "CHECK ((a = ANY (ARRAY['x'::text, 'y'::text])))",
            "CHECK ((a = ANY (ARRAY['x'::text, 'y'::text])))",
        );
        check("(ARRAY[1, 2", "(ARRAY[1, 2");
    }
}
