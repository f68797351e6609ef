//! What a statement does, and the phase of a change in which that belongs.
//!
//! A change of a schema that never breaks the version which still runs goes in three phases (M. Fowler and D. Sato,
//! "Parallel Change"): *expand* adds what the new version needs, *migrate* moves the data, *contract* takes away what
//! the old version needed, or forbids what it did.

mod arguments;
mod block;
mod calls;
mod composed;
mod key;

pub(crate) use arguments::Arguments;
pub(crate) use key::Key;

use crate::tokens::{Cursor, Sort, Token, tokens};

/// A phase of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Nothing of a schema or its data changes: settings, transactions, comments, grants to more people.
    None,
    /// Something is added.
    Expand,
    /// Data is changed.
    Migrate,
    /// Something is taken away, or is allowed no longer.
    Contract,
}

impl Phase {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Phase::None => "none",
            Phase::Expand => "expand",
            Phase::Migrate => "migrate",
            Phase::Contract => "contract",
        }
    }
}

/// One thing that a statement does; `ALTER TABLE` may do several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Its phase, where the thing that it is done to was there before.
    pub phase: Phase,
    /// What is made, changed or dropped: `table`, `index`.
    pub kind: String,
    /// Its name as written, without needless quotes; empty where there is none.
    pub name: String,
    /// The table that it belongs to, where it belongs to one.
    pub table: Option<String>,
    /// What is done to it.
    pub action: Action,
    /// In words: `SET NOT NULL`, `DROP COLUMN`.
    pub what: &'static str,
    /// Of a function that is made or dropped: what a call passes.
    pub(crate) arguments: Option<Arguments>,
    /// Of a privilege: the kind of what stands in `table`, where that is no table.
    pub(crate) of: Option<&'static str>,
    /// Of an index or a constraint: the columns that it binds.
    pub(crate) key: Option<Key>,
    /// Of a table that is made: its columns, where they all stand there.
    pub(crate) columns: Option<Vec<String>>,
    /// Whether it leaves, or replaces, what is there already.
    pub(crate) unless_there: bool,
    /// Whether it goes with the session.
    pub(crate) temporary: bool,
    /// Its name and that of its table with their schemas, where the file as a whole tells them.
    pub(crate) place: Place,
}

/// Names with their schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub name: String,
    pub table: Option<String>,
}

/// A name that is put in at run time: nobody knows which.
pub(crate) const UNKNOWN: &str = "?";

impl Effect {
    /// Whether whoever calls a function that was dropped may call this one in its place.
    pub(crate) fn takes_calls_of(&self, dropped: &Effect) -> bool {
        match (&self.arguments, &dropped.arguments) {
            (Some(own), Some(others)) => own.take(others),
            _ => true,
        }
    }
}

/// What is done to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Change,
    /// It is dropped.
    Drop,
}

/// Kinds that belong to a table, which is named behind `ON`.
const ON_TABLE: [&str; 5] = ["index", "trigger", "policy", "rule", "statistics"];

/// Words between `CREATE` and the kind of what is made.
const BEFORE_KIND: [&str; 16] = [
    "OR",
    "REPLACE",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "GLOBAL",
    "LOCAL",
    "RECURSIVE",
    "MATERIALIZED",
    "UNIQUE",
    "CONSTRAINT",
    "TRUSTED",
    "PROCEDURAL",
    "EVENT",
    "FOREIGN",
    "DEFAULT",
];

/// What a statement does; empty for what changes neither a schema nor data.
pub fn effects(statement: &str) -> Vec<Effect> {
    effects_at(Cursor { rest: &tokens(statement) })
}

fn effects_at(mut cursor: Cursor<'_, '_>) -> Vec<Effect> {
    match () {
        () if cursor.take("CREATE") => create(cursor),
        () if cursor.take("DROP") => drop_of(cursor),
        () if cursor.take("ALTER") => alter(cursor),
        () if cursor.take("TRUNCATE") => {
            cursor.take("TABLE");
            truncated(cursor)
        }
        () if cursor.take("REVOKE") => revoked(cursor),
        () if cursor.take("GRANT") => {
            privileges(one(Phase::Expand, "privilege", None, Action::Create, "GRANT"), cursor)
        }
        () if cursor.take("IMPORT FOREIGN SCHEMA") => {
            one(Phase::Expand, "foreign table", None, Action::Create, "IMPORT FOREIGN SCHEMA")
        }
        () => data(cursor),
    }
}

fn truncated(cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let each = cursor.at_commas().into_iter().map(|part| {
        let mut part = Cursor { rest: part };
        part.take("ONLY");
        one(Phase::Contract, "table", part.name(), Action::Change, "TRUNCATE")
    });
    each.flatten().collect()
}

/// Statements that change data, or may: a function can do anything.
fn data(mut cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let start = cursor;
    if cursor.take("INSERT INTO") {
        return one(Phase::Migrate, "row", None, Action::Change, "INSERT").on(cursor.name());
    }
    if cursor.take("MERGE INTO") {
        cursor.take("ONLY");
        return one(Phase::Migrate, "row", None, Action::Change, "MERGE").on(cursor.name());
    }
    if cursor.take("UPDATE") {
        cursor.take("ONLY");
        return one(Phase::Migrate, "row", None, Action::Change, "UPDATE").on(cursor.name());
    }
    if cursor.take("DELETE FROM") {
        cursor.take("ONLY");
        return one(Phase::Migrate, "row", None, Action::Change, "DELETE").on(cursor.name());
    }
    if cursor.take("COPY") {
        let into = cursor.name();
        return if start.has("FROM") {
            one(Phase::Migrate, "row", None, Action::Change, "COPY").on(into)
        } else {
            Vec::new()
        };
    }
    if cursor.take("DO") {
        let found = block::effects_of_body(cursor);
        return if found.is_empty() {
            one(Phase::Migrate, "block", None, Action::Change, "DO")
        } else {
            found
        };
    }
    if cursor.take("EXPLAIN") {
        return explained(cursor);
    }
    // What was prepared stands elsewhere.
    if cursor.take("EXECUTE") {
        return one(Phase::Migrate, "call", cursor.name(), Action::Change, "EXECUTE");
    }
    if cursor.take("CALL") {
        return one(Phase::Migrate, "procedure", cursor.name(), Action::Change, "CALL");
    }
    let writes = ["INSERT", "UPDATE", "DELETE", "MERGE"];
    // A query may stand in brackets.
    while let [open, rest @ ..] = cursor.rest
        && open.is_sign("(")
    {
        cursor.rest = rest;
    }
    if cursor.take("SELECT") || cursor.rest.first().is_some_and(|first| first.is("VALUES")) {
        return selected(cursor);
    }
    let with = cursor.rest.first().is_some_and(|first| first.is("WITH"));
    if with && start.rest.iter().any(|token| writes.iter().any(|word| token.is(word))) {
        return one(Phase::Migrate, "row", None, Action::Change, "WITH … data");
    }
    if cursor.take("REFRESH MATERIALIZED VIEW") {
        cursor.take("CONCURRENTLY");
        return one(Phase::Migrate, "materialized view", cursor.name(), Action::Change, "REFRESH");
    }
    if with {
        return selected(cursor);
    }
    Vec::new()
}

/// `EXPLAIN` runs what it explains where it is to say how long that takes.
fn explained(mut cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let mut runs = cursor.take("ANALYZE") || cursor.take("ANALYSE");
    cursor.take("VERBOSE");
    if let Some((open, inner)) = cursor.rest.split_first().filter(|(first, _)| first.is_sign("("))
        && let Some(end) = inner.iter().position(|token| token.is_sign(")") && token.depth == open.depth)
    {
        let options = Cursor { rest: inner.get(..end).unwrap_or(&[]) };
        runs |= options.at_commas().into_iter().any(|option| match option {
            [name] => name.is("ANALYZE") || name.is("ANALYSE"),
            [name, value, ..] => {
                let off = ["FALSE", "OFF", "0"].iter().any(|off| value.text.eq_ignore_ascii_case(off));
                (name.is("ANALYZE") || name.is("ANALYSE")) && !off
            }
            [] => false,
        });
        // A query may stand in brackets, too.
        if !inner.first().is_some_and(|first| first.is("SELECT") || first.is_sign("(")) {
            cursor.rest = inner.get(end + 1..).unwrap_or(&[]);
        }
    }
    let again = cursor.rest.first().is_some_and(|first| first.is("EXPLAIN"));
    if runs && !again { effects_at(cursor) } else { Vec::new() }
}

/// `SELECT` changes nothing, but for sequences that are set, `SELECT … INTO`, which makes a table, and functions of
/// whoever wrote the schema, which may do anything.
fn selected(cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let mut called = called(cursor);
    let mut rest = cursor.rest;
    while let [first, after @ ..] = rest {
        if first.is("setval") {
            let sequence = after.iter().find(|token| token.sort == Sort::Text);
            let name = sequence.map(|token| token.text.trim_matches('\'').to_owned());
            return one(Phase::Migrate, "sequence", name, Action::Change, "setval");
        }
        if first.is("INTO") && first.depth == 0 {
            let mut into = Cursor { rest: after };
            let temporary = into.take("TEMP") || into.take("TEMPORARY");
            while into.take_any(&["UNLOGGED", "TABLE"]) {}
            let mut made = one(Phase::Expand, "table", into.name(), Action::Create, "SELECT … INTO");
            made.iter_mut().for_each(|effect| effect.temporary = temporary);
            made.append(&mut called);
            return made;
        }
        rest = after;
    }
    called
}

/// That a function is called which is none of PostgreSQL's own.
fn called(cursor: Cursor<'_, '_>) -> Vec<Effect> {
    match calls::own_call(cursor.rest) {
        Some(name) => one(Phase::Migrate, "call", Some(name), Action::Change, "a call of a function"),
        None => Vec::new(),
    }
}

fn revoked(cursor: Cursor<'_, '_>) -> Vec<Effect> {
    // What may no longer be given on may still be done.
    let only_option = cursor.rest.first().is_some_and(|first| first.is("GRANT"));
    let phase = if only_option { Phase::Expand } else { Phase::Contract };
    privileges(one(phase, "privilege", None, Action::Drop, "REVOKE"), cursor)
}

/// Kinds of what privileges are on, with the kind of the thing that they name.
const GRANTED: [(&str, Option<&str>); 16] = [
    ("ALL TABLES IN SCHEMA", Some("schema")),
    ("ALL SEQUENCES IN SCHEMA", Some("schema")),
    ("ALL FUNCTIONS IN SCHEMA", Some("schema")),
    ("ALL ROUTINES IN SCHEMA", Some("schema")),
    ("FOREIGN DATA WRAPPER", Some("foreign data wrapper")),
    ("FOREIGN SERVER", Some("server")),
    ("TABLE", None),
    ("SEQUENCE", None),
    ("SCHEMA", Some("schema")),
    ("FUNCTION", Some("function")),
    ("PROCEDURE", Some("function")),
    ("ROUTINE", Some("function")),
    ("TYPE", Some("type")),
    ("DOMAIN", Some("domain")),
    ("DATABASE", Some("database")),
    ("LANGUAGE", Some("language")),
];

/// One effect for each thing that privileges are on: `ON TABLE item, place TO app`.
fn privileges(said: Vec<Effect>, cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let Some(at) = cursor.rest.iter().position(|token| token.is("ON")) else { return said };
    let mut behind = Cursor { rest: cursor.rest.get(at + 1..).unwrap_or(&[]) };
    let of = GRANTED.iter().find(|(words, _)| behind.take(words)).and_then(|(_, of)| *of);
    let level = behind.rest.first().map_or(0, |first| first.depth);
    let ends = |token: &Token<'_>| token.depth == level && (token.is("TO") || token.is("FROM"));
    let end = behind.rest.iter().position(ends).unwrap_or(behind.rest.len());
    behind.rest = behind.rest.get(..end).unwrap_or(&[]);
    let named = behind.at_commas().into_iter().flat_map(|part| {
        let mut all = said.clone().on(Cursor { rest: part }.name());
        all.iter_mut().for_each(|effect| effect.of = of);
        all
    });
    named.collect()
}

fn one(phase: Phase, kind: &str, name: Option<String>, action: Action, what: &'static str) -> Vec<Effect> {
    let (kind, name) = (kind.to_owned(), name.unwrap_or_default());
    vec![Effect {
        phase,
        kind,
        name,
        table: None,
        action,
        what,
        arguments: None,
        of: None,
        key: None,
        columns: None,
        unless_there: false,
        temporary: false,
        place: Place::default(),
    }]
}

/// Says which table effects belong to, and what their calls pass.
trait On {
    fn on(self, table: Option<String>) -> Self;
    fn with(self, arguments: Option<Arguments>) -> Self;
}

impl On for Vec<Effect> {
    fn on(mut self, table: Option<String>) -> Vec<Effect> {
        self.iter_mut().for_each(|effect| effect.table.clone_from(&table));
        self
    }

    fn with(mut self, arguments: Option<Arguments>) -> Vec<Effect> {
        self.iter_mut().for_each(|effect| effect.arguments.clone_from(&arguments));
        self
    }
}

fn create(mut cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let unique = cursor.has("UNIQUE INDEX");
    let materialized = cursor.has("MATERIALIZED VIEW");
    let mut unless_there = cursor.rest.first().is_some_and(|first| first.is("OR"));
    let mut before_kind =
        cursor.rest.iter().take_while(|token| BEFORE_KIND.iter().any(|word| token.is(word)));
    let temporary = before_kind.any(|token| token.is("TEMP") || token.is("TEMPORARY"));
    while cursor.take_any(&BEFORE_KIND) {}
    let Some(kind) = kind_of(&mut cursor) else { return Vec::new() };
    let kind = if materialized { "materialized view".to_owned() } else { kind };
    cursor.take("CONCURRENTLY");
    unless_there |= cursor.take("IF NOT EXISTS");
    // An index need not have a name.
    let nameless = cursor.rest.first().is_some_and(|first| first.is("ON"));
    let name = if nameless { None } else { cursor.name() };
    let arguments = arguments_of(&kind, cursor);
    let table = table_of(&kind, cursor);
    let key = if unique { key::of_index(cursor) } else { None };
    let columns = if kind == "table" { key::columns_of_table(cursor) } else { None };
    // What has to be unique from now on, the old version may still write twice; and a restrictive policy takes away
    // what others allow.
    let restrictive = kind == "policy" && cursor.has("AS RESTRICTIVE");
    let phase = if unique || restrictive { Phase::Contract } else { Phase::Expand };
    let what = match (unique, restrictive) {
        (true, _) => "CREATE UNIQUE INDEX",
        (_, true) => "CREATE POLICY … AS RESTRICTIVE",
        _ => "CREATE",
    };
    let mut made = one(phase, &kind, name, Action::Create, what).on(table).with(arguments);
    for effect in &mut made {
        effect.key.clone_from(&key);
        effect.columns.clone_from(&columns);
        (effect.unless_there, effect.temporary) = (unless_there, temporary);
    }
    made
}

/// What a call of a function passes, by what stands behind its name.
fn arguments_of(kind: &str, cursor: Cursor<'_, '_>) -> Option<Arguments> {
    let is_called = matches!(kind, "function" | "procedure" | "routine" | "aggregate");
    if is_called { Arguments::read(cursor) } else { None }
}

/// Takes the kind of something: `table`, `text search configuration`.
fn kind_of(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    let compound = [
        "ACCESS METHOD",
        "FOREIGN DATA WRAPPER",
        "OPERATOR CLASS",
        "OPERATOR FAMILY",
        "TEXT SEARCH CONFIGURATION",
        "TEXT SEARCH DICTIONARY",
        "TEXT SEARCH PARSER",
        "TEXT SEARCH TEMPLATE",
        "USER MAPPING",
        "FOREIGN TABLE",
        "MATERIALIZED VIEW",
        "EVENT TRIGGER",
        "LARGE OBJECT",
        "DEFAULT PRIVILEGES",
    ];
    if let Some(words) = compound.iter().find(|words| cursor.take(words)) {
        return Some(words.to_lowercase());
    }
    let (first, rest) = cursor.rest.split_first()?;
    cursor.rest = rest;
    (first.sort == Sort::Word).then(|| first.text.to_lowercase())
}

/// The table behind `ON`; in front of it stands an event (`ON INSERT TO t`), or behind it columns (`ON a, b FROM t`).
fn table_of(kind: &str, cursor: Cursor<'_, '_>) -> Option<String> {
    match kind {
        "rule" if cursor.has("AS") => behind("TO", cursor),
        "statistics" => behind("FROM", cursor),
        kind if ON_TABLE.contains(&kind) => behind("ON", cursor),
        _ => None,
    }
}

fn behind(word: &str, cursor: Cursor<'_, '_>) -> Option<String> {
    let at = cursor.rest.iter().position(|token| token.is(word))?;
    let mut behind = Cursor { rest: cursor.rest.get(at + 1..)? };
    behind.take("ONLY");
    behind.name()
}

fn drop_of(mut cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let Some(kind) = kind_of(&mut cursor) else { return Vec::new() };
    cursor.take("CONCURRENTLY");
    cursor.take("IF EXISTS");
    cursor.take("BY");
    // An index that is gone makes things slower and breaks nothing; what is dropped to be made again is told by the
    // file as a whole.
    let phase = Phase::Contract;
    let table = table_of(&kind, cursor);
    let dropped = cursor.at_commas().into_iter().filter_map(|part| {
        let mut part = Cursor { rest: part };
        let name = part.name()?;
        let arguments = arguments_of(&kind, part);
        Some(one(phase, &kind, Some(name), Action::Drop, "DROP").on(table.clone()).with(arguments))
    });
    dropped.flatten().collect()
}

fn alter(mut cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let Some(kind) = kind_of(&mut cursor) else { return Vec::new() };
    cursor.take("IF EXISTS");
    cursor.take("ONLY");
    let name = if kind == "default privileges" { None } else { cursor.name() };
    let table = table_of(&kind, cursor);
    if matches!(kind.as_str(), "table" | "foreign table") {
        if let [star, rest @ ..] = cursor.rest
            && star.is_sign("*")
        {
            cursor.rest = rest;
        }
        let actions = cursor.at_commas().into_iter();
        return actions.flat_map(|action| table_action(Cursor { rest: action }, name.clone())).collect();
    }
    let (phase, what) = match () {
        // Nobody asks for these by name.
        () if cursor.has("RENAME") && (ON_TABLE.contains(&kind.as_str()) || cursor.has("CONSTRAINT")) => {
            (Phase::Expand, "RENAME")
        }
        () if cursor.has("RENAME") => (Phase::Contract, "RENAME"),
        () if kind == "default privileges" && cursor.has("REVOKE") => (Phase::Contract, "REVOKE"),
        () if kind == "policy" => (Phase::Contract, "ALTER POLICY"),
        () if kind == "sequence" && cursor.has("RESTART") => (Phase::Migrate, "RESTART"),
        () if kind == "type" && cursor.has("ALTER ATTRIBUTE") => (Phase::Contract, "ALTER ATTRIBUTE"),
        () if cursor.has("OWNER TO") => (Phase::None, "OWNER TO"),
        () if cursor.has("SET SCHEMA") => (Phase::Contract, "SET SCHEMA"),
        () if kind == "type" && cursor.has("ADD VALUE") => (Phase::Expand, "ADD VALUE"),
        () if cursor.has("ADD ATTRIBUTE") => (Phase::Expand, "ADD ATTRIBUTE"),
        () if cursor.has("DROP NOT NULL") || cursor.has("DROP CONSTRAINT") => {
            (Phase::Expand, "DROP CONSTRAINT")
        }
        () if kind == "domain" && cursor.has("SET DEFAULT") => (Phase::Expand, "SET DEFAULT"),
        () if kind == "domain" && cursor.has("NOT VALID") => (Phase::Expand, "ADD CONSTRAINT … NOT VALID"),
        () if kind == "domain" && cursor.has("VALIDATE") => (Phase::Migrate, "VALIDATE CONSTRAINT"),
        () if kind == "domain" && (cursor.has("ADD") || cursor.has("SET NOT NULL")) => {
            (Phase::Contract, "ADD CONSTRAINT")
        }
        () if cursor.has("DROP") => (Phase::Contract, "DROP"),
        () => (Phase::Expand, "ALTER"),
    };
    one(phase, &kind, name, Action::Change, what).on(table)
}

/// Words that begin an action of `ALTER TABLE` which takes nothing away: `SET TABLESPACE`, `ENABLE TRIGGER`.
const HARMLESS: [&str; 9] =
    ["SET", "RESET", "CLUSTER", "ENABLE", "DISABLE", "REPLICA", "INHERIT", "OF", "NOT"];

/// One action of `ALTER TABLE`.
fn table_action(mut cursor: Cursor<'_, '_>, table: Option<String>) -> Vec<Effect> {
    let start = cursor;
    let (phase, kind, action, what) = match () {
        () if cursor.take("ADD CONSTRAINT") || starts_constraint(&mut cursor) => {
            return added_constraint(start, table);
        }
        () if cursor.take("ADD COLUMN") || cursor.take("ADD") => return added_column(cursor, table),
        () if cursor.take("DROP CONSTRAINT") => {
            (Phase::Expand, "constraint", Action::Drop, "DROP CONSTRAINT")
        }
        () if cursor.take("DROP COLUMN") || cursor.take("DROP") => {
            (Phase::Contract, "column", Action::Drop, "DROP COLUMN")
        }
        () if cursor.take("VALIDATE CONSTRAINT") => {
            (Phase::Migrate, "constraint", Action::Change, "VALIDATE CONSTRAINT")
        }
        () if cursor.take("RENAME CONSTRAINT") => {
            (Phase::Expand, "constraint", Action::Change, "RENAME CONSTRAINT")
        }
        () if cursor.take("RENAME TO") => (Phase::Contract, "table", Action::Change, "RENAME TABLE"),
        () if cursor.take("RENAME COLUMN") || cursor.take("RENAME") => {
            (Phase::Contract, "column", Action::Change, "RENAME COLUMN")
        }
        () if cursor.take("SET SCHEMA") => (Phase::Contract, "table", Action::Change, "SET SCHEMA"),
        () if cursor.take("ENABLE ROW LEVEL SECURITY") => {
            (Phase::Contract, "row security", Action::Create, "ENABLE ROW LEVEL SECURITY")
        }
        () if cursor.take("FORCE ROW LEVEL SECURITY") => {
            (Phase::Contract, "row security", Action::Change, "FORCE ROW LEVEL SECURITY")
        }
        () if cursor.take("DISABLE ROW LEVEL SECURITY") || cursor.take("NO FORCE ROW LEVEL SECURITY") => {
            (Phase::Expand, "row security", Action::Drop, "DISABLE ROW LEVEL SECURITY")
        }
        () if cursor.take("DISABLE TRIGGER") => {
            (Phase::Contract, "trigger", Action::Change, "DISABLE TRIGGER")
        }
        () if cursor.take("NO INHERIT") => (Phase::Contract, "partition", Action::Drop, "NO INHERIT"),
        () if cursor.take("OWNER TO") => {
            return one(Phase::None, "table", None, Action::Change, "OWNER TO").on(table);
        }
        () if cursor.take("DETACH PARTITION") => {
            (Phase::Contract, "partition", Action::Drop, "DETACH PARTITION")
        }
        () if cursor.take("ATTACH PARTITION") => {
            (Phase::Expand, "partition", Action::Create, "ATTACH PARTITION")
        }
        () if cursor.take("ALTER COLUMN") || cursor.take("ALTER") => return altered_column(cursor, table),
        () if HARMLESS.iter().any(|word| cursor.rest.first().is_some_and(|first| first.is(word))) => {
            return one(Phase::Expand, "table", None, Action::Change, "ALTER TABLE").on(table);
        }
        // What it does is not known, or is put in at run time.
        () => return one(Phase::Contract, "table", None, Action::Change, "ALTER TABLE").on(table),
    };
    cursor.take("IF EXISTS");
    let name = cursor.name();
    one(phase, kind, name, action, what).on(table)
}

/// `ADD CHECK (…)`, `ADD PRIMARY KEY …`: a constraint without a name.
fn starts_constraint(cursor: &mut Cursor<'_, '_>) -> bool {
    ["ADD CHECK", "ADD UNIQUE", "ADD PRIMARY KEY", "ADD FOREIGN KEY", "ADD EXCLUDE"]
        .iter()
        .any(|w| cursor.take(w))
}

fn added_constraint(mut cursor: Cursor<'_, '_>, table: Option<String>) -> Vec<Effect> {
    let named = cursor.take("ADD CONSTRAINT");
    let name = if named { cursor.name() } else { None };
    // What is not held against the rows that are there is held against those that the old version writes all the
    // same; but that is the way in which the phases are meant to go, and the old-version probe tells what breaks.
    let mut made = match cursor.has("NOT VALID") || cursor.has("NOT ENFORCED") {
        true => one(Phase::Expand, "constraint", name, Action::Create, "ADD CONSTRAINT … NOT VALID"),
        false => one(Phase::Contract, "constraint", name, Action::Create, "ADD CONSTRAINT"),
    };
    made.iter_mut().for_each(|effect| effect.key = key::of_constraint(cursor));
    made.on(table)
}

fn added_column(mut cursor: Cursor<'_, '_>, table: Option<String>) -> Vec<Effect> {
    let unless_there = cursor.take("IF NOT EXISTS");
    let name = cursor.name();
    let default = default_of(cursor.rest);
    let filled = default.is_some() || cursor.has("GENERATED") || is_serial(cursor.rest);
    let needed = cursor.has("NOT NULL") || cursor.has("PRIMARY KEY");
    let mut made = match needed && !filled {
        true => {
            one(Phase::Contract, "column", name, Action::Create, "ADD COLUMN … NOT NULL without a default")
        }
        // The version that runs writes the same value into each row.
        false if cursor.has("UNIQUE") && default.is_some_and(|value| value.sort == Sort::Text) => one(
            Phase::Contract,
            "column",
            name,
            Action::Create,
            "ADD COLUMN … UNIQUE with one default for all",
        ),
        false => one(Phase::Expand, "column", name, Action::Create, "ADD COLUMN"),
    };
    made.iter_mut().for_each(|effect| effect.unless_there = unless_there);
    made.on(table)
}

/// The first token of a column's default; what a foreign key sets to its default fills nothing.
fn default_of<'t>(rest: &[Token<'t>]) -> Option<Token<'t>> {
    let before = |at: usize| at.checked_sub(1).and_then(|before| rest.get(before));
    let at = (0..rest.len()).find(|&at| {
        rest.get(at).is_some_and(|token| token.is("DEFAULT"))
            && !before(at).is_some_and(|token| token.is("SET"))
    })?;
    rest.get(at + 1).copied()
}

fn is_serial(rest: &[Token<'_>]) -> bool {
    rest.first()
        .is_some_and(|kind| ["serial", "bigserial", "smallserial"].iter().any(|serial| kind.is(serial)))
}

fn altered_column(mut cursor: Cursor<'_, '_>, table: Option<String>) -> Vec<Effect> {
    let name = cursor.name();
    let (phase, what) = match () {
        () if cursor.take("SET NOT NULL") => (Phase::Contract, "SET NOT NULL"),
        () if cursor.take("DROP NOT NULL") => (Phase::Expand, "DROP NOT NULL"),
        () if cursor.take("SET DEFAULT") => (Phase::Expand, "SET DEFAULT"),
        () if cursor.take("DROP DEFAULT") => (Phase::Contract, "DROP DEFAULT"),
        () if cursor.take("TYPE") || cursor.take("SET DATA TYPE") => (Phase::Contract, "ALTER COLUMN … TYPE"),
        () if cursor.take("DROP IDENTITY") || cursor.take("DROP EXPRESSION") => {
            (Phase::Contract, "DROP IDENTITY")
        }
        () => (Phase::Expand, "ALTER COLUMN"),
    };
    one(phase, "column", name, Action::Change, what).on(table)
}

#[cfg(test)]
mod tests;
