//! Views and functions: whether what they show to one tenant depends on another.
//!
//! Each is asked twice: while tenant B has rows and while it has none. If tenant A can see a difference, B is seen, be it
//! in a row, in a sum or in an error. If not even B or a superuser sees one, the question says nothing.

use crate::actors::Actors;
use crate::calls::{is_enum, label, told};
use crate::model::World;
use crate::opaque::{Opaque, opaque, with_names};
use crate::report::{Model, Principal, SubjectKind, Tenant};
use crate::rows_sql::identity;
use crate::session::Session;
use crate::subjects::reads;
use crate::texts::{comparisons, mentions, text_of};
use std::collections::BTreeMap;
use trueup_catalog::{Function, FunctionKind, Relation, RelationKind, quote_ident, quote_literal};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Made};

/// A view or a function, and the ways to ask it.
#[derive(Clone)]
pub(crate) struct Asked {
    pub oid: u32,
    pub kind: SubjectKind,
    pub name: String,
    pub reason: String,
    /// Tables and views that it reads, by object ID.
    pub reads: Vec<u32>,
    pub questions: Vec<Question>,
    /// What cannot be told of it, where nothing is seen.
    pub opaque: Option<Opaque>,
}

/// One way to ask.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// What a superuser does before: foreign keys protect only rows that something points to.
    pub before: Vec<String>,
    pub sql: String,
    /// It is asked for what it does to the rows of B, too.
    pub writes: bool,
    /// True afterwards where something was done to B, and what, in words; only that is looked at then, and not what is
    /// answered.
    pub check: Option<(String, String)>,
}

/// What was seen: rows or an error, and what the rows of B are afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub answer: Result<Vec<String>, (String, String)>,
    /// The same question gave the same twice.
    pub steady: bool,
    /// Rows of B were changed.
    pub changed: bool,
}

impl Seen {
    /// Whether somebody can tell one from the other.
    pub(crate) fn differs(&self, other: &Seen) -> bool {
        match (&self.answer, &other.answer) {
            (Ok(one), Ok(two)) if self.steady && other.steady => one != two,
            (Ok(one), Ok(two)) => one.len() != two.len(),
            (Err(one), Err(two)) => one != two,
            // One works and the other does not.
            _ => true,
        }
    }
}

/// Who asks: somebody through a role, or a superuser with the claims of somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asker {
    Principal(Principal),
    Superuser(Tenant),
}

/// Answers by subject, question and asker.
pub(crate) type Answers = BTreeMap<(u32, usize, Asker), Seen>;

/// The views and functions that may show rows of tenants.
pub(crate) fn asked(world: &World<'_>, roles: &[String], a: &Family, b: &Family) -> Vec<Asked> {
    let mut out = Vec::new();
    for view in &world.catalog.relations {
        let kind = match view.kind {
            RelationKind::View => SubjectKind::View,
            RelationKind::MaterializedView => SubjectKind::MaterializedView,
            _ => continue,
        };
        out.push(asked_view(world, view, kind));
    }
    for function in &world.catalog.functions {
        let reads = reads(world, text_of(function));
        let opaque = opaque(world, roles, function, !reads.is_empty());
        // It may read any of them.
        let all = || -> Vec<u32> {
            let tables = world.catalog.tables();
            let scoped = |table: &&Relation| world.of(table).is_some_and(|placed| placed.model.is_scoped());
            tables.filter(scoped).map(|table| table.oid).collect()
        };
        let reads = if reads.is_empty() && opaque.is_some() { all() } else { reads };
        if !reads.is_empty() && (is_callable(function) || opaque.is_some()) {
            out.push(asked_function(world, function, [a, b], reads, opaque));
        }
    }
    out
}

fn asked_view(world: &World<'_>, view: &Relation, kind: SubjectKind) -> Asked {
    let name = view.sql_name();
    let given = |privilege: &str| {
        view.grants.iter().any(|grant| grant.privilege == privilege && grant.grantee != view.owner)
    };
    let reads = reads(world, view.definition.as_deref().unwrap_or(""));
    let loose = loosened(world, &reads);
    let mut questions = vec![Question {
        before: Vec::new(),
        sql: format!("SELECT to_jsonb(seen)::text FROM {name} AS seen"),
        writes: false,
        check: None,
    }];
    if kind == SubjectKind::View && given("DELETE") {
        questions.push(Question {
            before: loose.clone(),
            sql: format!("DELETE FROM {name}"),
            writes: true,
            check: None,
        });
    }
    let column = view.columns.first().filter(|_| kind == SubjectKind::View && given("UPDATE"));
    if let Some(column) = column {
        let column = quote_ident(&column.name);
        questions.push(Question {
            before: Vec::new(),
            sql: format!("UPDATE {name} SET {column} = {column}"),
            writes: true,
            check: None,
        });
    }
    let reason = format!("it reads {}", names(world, &reads));
    Asked { oid: view.oid, kind, name: view.display_name(), reason, reads, questions, opaque: None }
}

/// What keeps rows of these tables only because other tables point to them is dropped.
fn loosened(world: &World<'_>, oids: &[u32]) -> Vec<String> {
    let tables = world
        .catalog
        .relations
        .iter()
        .filter(|relation| oids.contains(&relation.oid) && relation.kind.is_table());
    tables.flat_map(|table| crate::rows_sql::loosen(world.catalog, table)).collect()
}

fn names(world: &World<'_>, oids: &[u32]) -> String {
    let named = world.catalog.relations.iter().filter(|relation| oids.contains(&relation.oid));
    named.map(Relation::display_name).collect::<Vec<_>>().join(", ")
}

pub(crate) fn is_callable(function: &Function) -> bool {
    let kind = matches!(function.kind, FunctionKind::Function | FunctionKind::Procedure);
    let plain = !function.argument_types.iter().any(|kind| kind == "internal" || kind.starts_with("any"));
    kind && plain && !function.is_trigger
}

fn asked_function(
    world: &World<'_>,
    function: &Function,
    [a, b]: [&Family; 2],
    reads: Vec<u32>,
    opaque: Option<Opaque>,
) -> Asked {
    let loose = loosened(world, &reads);
    let mut questions: Vec<Question> = Vec::new();
    let needed =
        function.argument_types.len().saturating_sub(usize::try_from(function.defaults).unwrap_or(0));
    for own_tenant in [false, true] {
        for count in [function.argument_types.len(), needed] {
            // What is not known may do anything, and a superuser asks as well.
            if matches!(opaque, Some(Opaque::Native | Opaque::AnyType)) {
                continue;
            }
            let own = arguments(world, function, count, a, b, own_tenant);
            let named = opaque.map(|_| with_names(world, function, &own)).unwrap_or_default();
            for list in std::iter::once(own).chain(named) {
                let sql = call_sql(function, &list);
                if !questions.iter().any(|question| question.sql == sql) {
                    let writes = function.volatility == "v";
                    let before = if writes { loose.clone() } else { Vec::new() };
                    questions.push(Question { before, sql, writes, check: None });
                }
            }
        }
    }
    let reason = match opaque {
        Some(_) => "roles of the application may call it".to_owned(),
        None => format!("it mentions {}", names(world, &reads)),
    };
    Asked {
        oid: function.oid,
        kind: SubjectKind::Function,
        name: function.display_name(),
        reason,
        reads,
        questions,
        opaque,
    }
}

fn call_sql(function: &Function, arguments: &[String]) -> String {
    let call = format!("{}({})", function.sql_name(), arguments.join(", "));
    match function.kind {
        FunctionKind::Procedure => format!("CALL {call}"),
        _ if function.returns.contains("record") && !function.returns.contains("TABLE") => {
            format!("SELECT {call}::text")
        }
        _ => format!("SELECT to_jsonb(seen)::text FROM {call} AS seen"),
    }
}

/// Arguments that mean B: found by their names in its rows, else by their types.
pub(crate) fn arguments(
    world: &World<'_>,
    function: &Function,
    count: usize,
    a: &Family,
    b: &Family,
    own_tenant: bool,
) -> Vec<String> {
    let one = |at: usize, type_name: &String| {
        let value = argument(world, function, at, a, b, own_tenant);
        format!("{}::{type_name}", value.as_deref().unwrap_or("NULL"))
    };
    function.argument_types.iter().take(count).enumerate().map(|(at, type_name)| one(at, type_name)).collect()
}

fn argument(
    world: &World<'_>,
    function: &Function,
    at: usize,
    a: &Family,
    b: &Family,
    own_tenant: bool,
) -> Option<String> {
    let name = function.argument_names.get(at).map_or("", String::as_str);
    let type_name = function.argument_types.get(at)?.as_str();
    let bare = ["p_", "in_", "arg_", "v_", "_"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name)
        .trim_end_matches('_');
    let fits = |row: &Made, column: &str| {
        let table = world.catalog.relation(&row.table.0, &row.table.1)?;
        let found =
            table.columns.iter().find(|own| own.name == column && same_type(&own.type_name, type_name))?;
        row.value(&found.name).map(str::to_owned)
    };
    let is_scope =
        |column: &str| world.tenant_columns.iter().chain(&world.user_columns).any(|own| own == column);
    // Who presents the token of another is that other.
    let presented = compared_with(text_of(function), name, at).is_some_and(|column| {
        let mut lookups = world.lookups.iter().filter(|lookup| lookup.column == column);
        lookups.any(|lookup| mentions(text_of(function), &lookup.table))
    });
    let family =
        if presented || own_tenant && (is_scope(bare) || bare.contains("tenant") || bare.contains("user")) {
            a
        } else {
            b
        };
    let by_name = || family.rows.iter().find_map(|row| fits(row, bare));
    let by_table = || {
        let stem = bare.strip_suffix("_id").or_else(|| bare.strip_suffix("_uuid")).unwrap_or(bare);
        family
            .rows
            .iter()
            .filter(|row| row.table.1.trim_end_matches('s') == stem.trim_end_matches('s'))
            .find_map(|row| fits(row, "id"))
    };
    let text = text_of(function);
    let in_body = || {
        let mut rows: Vec<(&Made, usize)> =
            family.rows.iter().filter_map(|row| Some((row, text.find(row.table.1.as_str())?))).collect();
        rows.sort_by_key(|(_, at)| *at);
        let any = |row: &Made| {
            let table = world.catalog.relation(&row.table.0, &row.table.1)?;
            let scope = world.scope(table);
            let keys = if bare == "id" || bare.is_empty() { vec!["id".to_owned()] } else { scope };
            let named =
                || table.columns.iter().filter(|column| column.name == "id" || column.category == "S");
            let own = keys.iter().find_map(|column| fits(row, column));
            let likely = || named().find_map(|column| fits(row, &column.name));
            own.or_else(likely).or_else(|| table.columns.iter().find_map(|column| fits(row, &column.name)))
        };
        rows.into_iter().find_map(|(row, _)| any(row))
    };
    // What stands for a right, or a list of them.
    let told = || {
        let texts = ["text", "text[]", "character varying"].contains(&type_name);
        (texts || is_enum(world, type_name)).then(|| told(world, function, at, b)).flatten()
    };
    let quoted = |value: String| quote_literal(&value);
    let by_compared = || {
        let column = compared_with(text, name, at)?;
        let read = |row: &&Made| mentions(text, &row.table.1);
        family.rows.iter().filter(read).find_map(|row| fits(row, &column))
    };
    let row = by_name().or_else(by_table).or_else(by_compared).map(quoted);
    let row = row.or_else(told).or_else(|| in_body().map(quoted));
    row.or_else(|| label(world, type_name, b)).or_else(|| fallback(type_name).map(quoted))
}

/// The column that a body compares with one of its arguments, by name or by number.
fn compared_with(text: &str, name: &str, at: usize) -> Option<String> {
    let number = format!("${}", at + 1);
    let is_argument = |other: &str| {
        let other = other.trim_start_matches(['(', ' ']);
        let rest = other.strip_prefix(&number).or_else(|| {
            let bare = other.rsplit_once('.').map_or(other, |(_, bare)| bare);
            bare.strip_prefix(name).filter(|_| !name.is_empty())
        });
        rest.is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '('))
        })
    };
    comparisons(text).into_iter().find(|(_, other)| is_argument(other)).map(|(column, _)| column)
}

fn same_type(one: &str, two: &str) -> bool {
    let text = |name: &str| name.starts_with("character varying") || name == "text" || name == "citext";
    let number = |name: &str| matches!(name, "integer" | "bigint" | "smallint");
    one == two || (text(one) && text(two)) || (number(one) && number(two))
}

fn fallback(type_name: &str) -> Option<String> {
    match type_name {
        "integer" | "bigint" | "smallint" | "numeric" => Some("10".to_owned()),
        "text" | "character varying" => Some(String::new()),
        "boolean" => Some("true".to_owned()),
        // Far in the future: what is asked is most often what happened before.
        name if name == "date" || name.starts_with("timestamp") => Some("9999-12-31".to_owned()),
        "json" | "jsonb" => Some("{}".to_owned()),
        _ => None,
    }
}

/// A number that is another one after any row of B was changed, or one was added.
pub(crate) fn state_sql(world: &World<'_>, b: &Family) -> String {
    let mut parts = Vec::new();
    for table in world.catalog.tables() {
        let Some(row) = b.row(&table.schema, &table.name) else { continue };
        let Some(placed) = world.of(table).filter(|placed| placed.model.is_scoped()) else { continue };
        let columns = world.scope(table);
        let belongs = match placed.model {
            Model::Direct { .. } | Model::Root { .. } | Model::User { .. } => {
                crate::rows_sql::equal(table, &columns, row)
            }
            _ => identity(table, row, |_| true),
        };
        parts.push(format!(
            "(SELECT coalesce(string_agg(to_jsonb(t)::text, ',' ORDER BY to_jsonb(t)::text), '') FROM {} t WHERE {belongs})",
            table.sql_name()
        ));
    }
    match parts.is_empty() {
        true => "SELECT ''".to_owned(),
        false => format!("SELECT md5({})", parts.join(" || '|' || ")),
    }
}

/// Asks all of it, as these.
pub(crate) fn ask_all(
    session: &mut Session<'_>,
    actors: &Actors,
    subjects: &[Asked],
    askers: &[Asker],
    state: &str,
    answers: &mut Answers,
) -> Result<(), SqlError> {
    for subject in subjects {
        for (at, question) in subject.questions.iter().enumerate() {
            for asker in askers {
                let seen = ask(session, actors, question, asker, state)?;
                answers.insert((subject.oid, at, asker.clone()), seen);
            }
        }
    }
    Ok(())
}

fn ask(
    session: &mut Session<'_>,
    actors: &Actors,
    question: &Question,
    asker: &Asker,
    state: &str,
) -> Result<Seen, SqlError> {
    let enter = match asker {
        Asker::Principal(who) => actors.enter(who),
        Asker::Superuser(tenant) => actors.claims(&Principal { role: String::new(), tenant: *tenant }),
    };
    let enter = question.before.iter().cloned().chain(enter).collect::<Vec<_>>().join("; ");
    let prepared = question.before.join("; ");
    let mut before = None;
    if question.writes {
        let answer = session.trial_after(&prepared, |session| session.run(state))?;
        before = answer.ok().and_then(|answer| answer.first().map(str::to_owned));
    }
    let mut once = || {
        let mut after = None;
        let done = session.trial_after(&enter, |session| {
            let answer = session.run(&question.sql)?;
            if question.writes {
                let state = question.check.as_ref().map_or(state, |(check, _)| check);
                after = session.run(&format!("RESET ROLE; {state}"))?.first().map(str::to_owned);
            }
            Ok(answer)
        })?;
        let answer = done.map(|answer| {
            let mut rows: Vec<String> = answer
                .rows
                .into_iter()
                .map(|row| row.into_iter().next().flatten().unwrap_or_default())
                .collect();
            rows.sort();
            rows
        });
        Ok::<_, SqlError>((answer.map_err(|error| (error.sqlstate.clone(), error.message.clone())), after))
    };
    let (answer, after) = once()?;
    let (again, _) = if question.writes { once()? } else { (answer.clone(), None) };
    let changed = match question.check {
        Some(_) => after.as_deref() == Some("t"),
        None => after.is_some() && after != before,
    };
    Ok(Seen { steady: answer == again, answer, changed })
}
