//! The phase of each statement in the context of its file.
//!
//! The version that still runs knows nothing of a table that the same file makes: whatever is done to it only adds.
//! What is dropped to be made again is replaced. And a constraint that a file makes and drops is a scaffold for the
//! step between the two.

use crate::effect::{Action, Arguments, Effect, Phase, Place, effects};
use crate::places::{is_relation, is_unknown, resolve, sibling};
use crate::script::Script;
use crate::tokens::{Cursor, Token, tokens};
use crate::words::Words;

/// A statement, with its phase in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phased {
    /// The latest phase of what it does.
    pub phase: Phase,
    /// What it does, each with its phase in this file.
    pub effects: Vec<Effect>,
}

impl Phased {
    /// The phases of what it does, each once, in order; more than one where a statement is mixed by itself.
    pub fn phases(&self) -> Vec<Phase> {
        let mut phases: Vec<Phase> = self.effects.iter().map(|effect| effect.phase).collect();
        phases.retain(|phase| *phase != Phase::None);
        phases.sort_unstable();
        phases.dedup();
        phases
    }
}

/// The phases of a file's statements, in their order, where nothing is known of what is there before it: then
/// `IF NOT EXISTS` and `OR REPLACE` make nothing new.
pub fn phases(text: &str, script: &Script) -> Vec<Phased> {
    phased_in(text, script, None)
}

/// The phases of a file's statements, in their order, behind the files of its chain that run before it.
pub fn phases_after(earlier: &Earlier, text: &str, script: &Script) -> Vec<Phased> {
    phased_in(text, script, Some(earlier))
}

fn phased_in(text: &str, script: &Script, earlier: Option<&Earlier>) -> Vec<Phased> {
    let texts = run(script.statements.iter().map(|statement| statement.text(text)).collect());
    let mut all: Vec<Vec<Effect>> = texts.iter().map(|text| effects(text)).collect();
    resolve(text, script, &mut all);
    replaced(&texts, &mut all);
    let scaffolds = scaffolds(&all);
    let mut file = File { earlier, things: Things::default(), empty: Vec::new() };
    for (text, effects) in texts.iter().zip(&mut all) {
        file.learn_empty(effects, text);
        for effect in effects.iter_mut() {
            if is_temporary(effect) {
                effect.phase = Phase::None;
            } else if is_scaffold(effect, &scaffolds) {
                effect.phase = Phase::Contract;
            } else if file.knows(effect, text) || file.binds_only_new_columns(effect) {
                effect.phase = effect.phase.min(Phase::Expand);
            }
            file.learn(effect);
        }
    }
    all.into_iter().map(phased).collect()
}

/// What statements run: `EXECUTE p` runs what the file has prepared as `p`.
fn run(mut texts: Vec<&str>) -> Vec<&str> {
    let mut prepared: Vec<(String, &str)> = Vec::new();
    for text in &mut texts {
        let tokens = tokens(text);
        let mut cursor = Cursor { rest: &tokens };
        if cursor.take("PREPARE")
            && let Some(name) = cursor.name()
            && let Some(behind) = cursor.rest.iter().position(|token| token.depth == 0 && token.is("AS"))
            && let Some(inner) = cursor.rest.get(behind + 1).and_then(|first| text.get(first.start..))
        {
            prepared.push((name, inner));
        } else if cursor.take("EXECUTE") {
            let name = cursor.name();
            let known = prepared.iter().rev().find(|(one, _)| Some(one) == name.as_ref());
            *text = known.map_or(*text, |(_, inner)| *inner);
        }
    }
    texts
}

fn phased(effects: Vec<Effect>) -> Phased {
    Phased { phase: effects.iter().map(|effect| effect.phase).max().unwrap_or(Phase::None), effects }
}

/// Whether two names may mean the same thing, where one may be without its schema.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let last = |name: &str| name.rsplit('.').next().unwrap_or("").to_owned();
    one == other || ((!one.contains('.') || !other.contains('.')) && last(one) == last(other))
}

/// The name of a temporary table, view or sequence that a statement makes: nothing of it is left when the session ends.
pub(crate) fn temporary(statement: &str, effects: &[Effect]) -> Option<String> {
    let made = effects.first().filter(|effect| effect.action == Action::Create)?;
    let tokens = tokens(statement);
    let is_temporary = |token: &Token<'_>| token.is("TEMP") || token.is("TEMPORARY");
    let before_kind = ["OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "RECURSIVE"];
    let words = tokens.iter().skip(1).take_while(|token| before_kind.iter().any(|word| token.is(word)));
    let into = tokens
        .windows(2)
        .any(|pair| matches!(pair, [into, next] if into.is("INTO") && into.depth == 0 && is_temporary(next)));
    let (schema, name) = made.name.rsplit_once('.').unwrap_or(("", &made.name));
    let is = words.clone().any(is_temporary) || (into && made.what == "SELECT … INTO") || schema == "pg_temp";
    (is && !name.is_empty()).then(|| name.to_owned())
}

/// Whether what an effect is done to ends with the session.
fn is_temporary(effect: &Effect) -> bool {
    let named = match &effect.place.table {
        Some(table) => table,
        None if is_relation(&effect.kind) => &effect.place.name,
        None => return false,
    };
    named.starts_with("pg_temp.")
}

/// Kinds that share names, under one name.
fn class(kind: &str) -> &str {
    match kind {
        kind if is_relation(kind) => "relation",
        "procedure" | "aggregate" | "routine" => "function",
        other => other,
    }
}

/// A thing that is there.
struct Thing {
    kind: String,
    name: String,
    /// Of a function: what a call passes.
    arguments: Option<Arguments>,
    /// Of a table: its columns where it was made; none where they do not stand there.
    columns: Option<Vec<String>>,
}

/// Things that are there behind some statements, and columns that were added to tables.
#[derive(Default)]
struct Things {
    made: Vec<Thing>,
    /// Columns with their tables.
    columns: Vec<(String, String)>,
}

impl Things {
    fn has(&self, kind: &str, name: &str) -> bool {
        self.find(kind, name).is_some()
    }

    fn find(&self, kind: &str, name: &str) -> Option<&Thing> {
        self.made.iter().rev().find(|made| class(&made.kind) == class(kind) && made.name == name)
    }

    fn has_column(&self, table: &str, column: &str) -> bool {
        self.columns.iter().any(|(of, added)| of == table && added == column)
    }

    fn learn(&mut self, effect: &Effect) {
        let unknown = effect.name.is_empty() || is_unknown(&effect.place.name);
        match (effect.action, effect.kind.as_str(), &effect.place.table) {
            _ if unknown => {}
            (Action::Create, "column", Some(table)) if !is_unknown(table) => {
                self.columns.push((table.clone(), effect.name.clone()));
            }
            (Action::Drop, "column", Some(table)) => {
                self.columns.retain(|(of, column)| of != table || *column != effect.name);
            }
            (_, "constraint" | "policy" | "trigger" | "rule" | "partition" | "column" | "privilege", _) => {}
            (Action::Create, kind, _) => self.make(kind, &effect.place.name, effect),
            (Action::Drop, kind, _) => self.forget(kind, &effect.place.name),
            _ => self.rename(effect),
        }
    }

    fn make(&mut self, kind: &str, name: &str, effect: &Effect) {
        self.made.push(Thing {
            kind: kind.to_owned(),
            name: name.to_owned(),
            arguments: effect.arguments.clone(),
            columns: effect.columns.clone(),
        });
    }

    fn forget(&mut self, kind: &str, name: &str) {
        self.made.retain(|made| class(&made.kind) != class(kind) || made.name != name);
        if is_relation(kind) {
            self.columns.retain(|(of, _)| of != name);
        }
        if kind == "schema" {
            let inside = |one: &str| one.rsplit_once('.').is_some_and(|(schema, _)| schema == name);
            self.made.retain(|made| !inside(&made.name));
            self.columns.retain(|(of, _)| !inside(of));
        }
    }

    /// A new name of something that is there.
    fn rename(&mut self, effect: &Effect) {
        let Some(table) = effect.place.table.as_ref().filter(|_| effect.what == "RENAME TABLE") else {
            return;
        };
        let renamed = |made: &&mut Thing| is_relation(&made.kind) && made.name == *table;
        self.made.iter_mut().filter(renamed).for_each(|made| made.name.clone_from(&effect.place.name));
        let of_table = self.columns.iter_mut().filter(|(of, _)| of == table);
        of_table.for_each(|(of, _)| of.clone_from(&effect.place.name));
    }
}

/// What the files of a chain have made that run before one.
#[derive(Default)]
pub struct Earlier(Things);

impl Earlier {
    /// Takes in the next file.
    pub fn learn(&mut self, text: &str, script: &Script) {
        let of = |statement: &crate::script::Statement| effects(statement.text(text));
        let mut all: Vec<Vec<Effect>> = script.statements.iter().map(of).collect();
        resolve(text, script, &mut all);
        for effect in all.iter().flatten().filter(|effect| !effect.temporary) {
            // What is left as it is keeps its columns.
            let there = effect.unless_there && self.0.has(&effect.kind, &effect.place.name);
            if !there {
                self.0.learn(effect);
            }
        }
    }

    /// Whether a table has a column, or may have it.
    fn may_have_column(&self, table: &str, column: &str) -> bool {
        self.0.has_column(table, column)
            || self.0.find("table", table).is_some_and(|table| match &table.columns {
                Some(columns) => columns.iter().any(|one| one == column),
                None => true,
            })
    }
}

/// What a file has made so far.
struct File<'e> {
    earlier: Option<&'e Earlier>,
    things: Things,
    /// Columns, with their tables, that hold nothing but NULL in the rows that are there, and in those that the old
    /// version writes.
    empty: Vec<(String, String)>,
}

impl File<'_> {
    fn learn(&mut self, effect: &Effect) {
        if effect.what == "SET DEFAULT"
            && let Some(table) = &effect.place.table
        {
            self.empty.retain(|(of, column)| of != table || *column != effect.name);
        }
        if effect.action != Action::Create || self.is_new(effect) {
            self.things.learn(effect);
        }
    }

    /// Whether what is made was not there before the file. `IF NOT EXISTS` and `OR REPLACE` say that it may be.
    fn is_new(&self, effect: &Effect) -> bool {
        if !effect.unless_there {
            return true;
        }
        match (effect.kind.as_str(), &effect.place.table) {
            ("column", Some(table)) if self.has_made(table) => true,
            ("column", Some(table)) => {
                self.earlier.is_some_and(|earlier| !earlier.may_have_column(table, &effect.name))
            }
            (kind, _) => self.earlier.is_some_and(|earlier| !earlier.0.has(kind, &effect.place.name)),
        }
    }

    fn learn_empty(&mut self, effects: &[Effect], statement: &str) {
        let filled = ["DEFAULT", "GENERATED", "SERIAL", "BIGSERIAL"];
        if Words::of(statement).any(|word| filled.iter().any(|fill| word.eq_ignore_ascii_case(fill))) {
            return;
        }
        let added = effects.iter().filter(|e| e.kind == "column" && e.action == Action::Create);
        let nullable = added.filter(|effect| effect.phase == Phase::Expand && self.is_new(effect));
        let empty = nullable.filter_map(|effect| Some((effect.place.table.clone()?, effect.name.clone())));
        let empty: Vec<_> = empty.filter(|(table, _)| !is_unknown(table)).collect();
        self.empty.extend(empty);
    }

    /// Whether a key holds only over columns that the file has added and that are NULL for the old version: neither a unique
    /// key nor a foreign one asks anything of NULL, if one of its columns is.
    fn binds_only_new_columns(&self, effect: &Effect) -> bool {
        let (Some(table), Some(key)) = (&effect.place.table, &effect.key) else { return false };
        let is_empty = |column: &String| self.empty.iter().any(|(of, empty)| of == table && empty == column);
        effect.action == Action::Create && !key.nulls_count && key.columns.iter().any(is_empty)
    }

    fn has_made(&self, table: &str) -> bool {
        self.things.has("table", table)
    }

    /// Whether an effect is on something that this file has made.
    fn knows(&self, effect: &Effect, statement: &str) -> bool {
        let Place { name, table } = &effect.place;
        match (effect.kind.as_str(), table) {
            // Whoever calls something does not know what that is done to.
            ("call" | "procedure", None) if effect.action == Action::Change => false,
            ("column", Some(table)) if effect.action == Action::Drop => {
                self.has_made(table) || self.things.has_column(table, &effect.name)
            }
            ("row", table) => table.as_ref().is_some_and(|table| self.has_made(table)) && !reads(statement),
            (_, Some(table)) => self.things.has(effect.of.unwrap_or("table"), table),
            (_, None) if effect.action == Action::Create => false,
            (kind, None) => {
                self.things.find(kind, name).is_some_and(|made| match (&made.arguments, &effect.arguments) {
                    (Some(made), Some(meant)) => made.take(meant),
                    _ => true,
                })
            }
        }
    }
}

/// Whether a statement takes its rows from elsewhere, so that it moves data rather than adds some.
fn reads(statement: &str) -> bool {
    Words::of(statement).any(|word| ["SELECT", "USING"].iter().any(|w| word.eq_ignore_ascii_case(w)))
}

/// Kinds that hold no data and can be dropped and made again.
const REPLACED: [&str; 12] = [
    "view",
    "materialized view",
    "function",
    "procedure",
    "routine",
    "aggregate",
    "trigger",
    "policy",
    "rule",
    "index",
    "statistics",
    "event trigger",
];

/// The statement behind `at` that makes again what `dropped` drops.
pub(crate) fn makes_again(dropped: &Effect, later: &[Vec<Effect>]) -> Option<(usize, usize)> {
    if dropped.action != Action::Drop || !REPLACED.contains(&dropped.kind.as_str()) {
        return None;
    }
    later.iter().enumerate().find_map(|(at, effects)| {
        let again = |made: &Effect| {
            let of_same = match (&made.place.table, &dropped.place.table) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            };
            made.action == Action::Create
                && made.kind == dropped.kind
                && made.place.name == dropped.place.name
                && made.takes_calls_of(dropped)
                && of_same
        };
        effects.iter().position(again).map(|effect| (at, effect))
    })
}

/// Something that a file makes under one name and gives another one later.
struct Renamed {
    kind: String,
    to: String,
    /// The statement that gives it the name.
    at: usize,
    /// That of what is made.
    phase: Phase,
}

impl Renamed {
    fn replaces(&self, dropped: &Effect, at: usize) -> bool {
        dropped.action == Action::Drop
            && REPLACED.contains(&dropped.kind.as_str())
            && self.at > at
            && self.kind == dropped.kind
            && self.to == dropped.place.name
    }
}

fn renamed(texts: &[&str], all: &[Vec<Effect>]) -> Vec<Renamed> {
    let one = |(at, text): (usize, &&str)| {
        let renames = all.get(at)?.iter().find(|effect| effect.what == "RENAME")?;
        let mut words = Words::of(text).skip_while(|word| !word.eq_ignore_ascii_case("RENAME")).skip(1);
        let to = words.next().filter(|word| word.eq_ignore_ascii_case("TO")).and_then(|_| words.next())?;
        let made = all.iter().take(at).flatten().rev().find(|effect| {
            effect.action == Action::Create
                && effect.kind == renames.kind
                && effect.place.name == renames.place.name
        })?;
        let to = sibling(&renames.place.name, &to.trim_matches('"').replace("\"\"", "\""));
        Some(Renamed { kind: renames.kind.clone(), to, at, phase: made.phase })
    };
    texts.iter().enumerate().filter_map(one).collect()
}

/// Gives what is dropped the phase of what takes its place. With `CASCADE` more goes than comes back.
fn replaced(texts: &[&str], all: &mut [Vec<Effect>]) {
    let renamed = renamed(texts, all);
    for at in 0..all.len() {
        let cascades = texts
            .get(at)
            .is_some_and(|text| Words::of(text).any(|word| word.eq_ignore_ascii_case("CASCADE")));
        if cascades {
            continue;
        }
        let (before, later) = all.split_at_mut(at + 1);
        for dropped in before.last_mut().into_iter().flatten() {
            let again = makes_again(dropped, later);
            let phase = again.and_then(|(at, effect)| Some(later.get(at)?.get(effect)?.phase));
            let phase =
                phase.or_else(|| renamed.iter().find(|one| one.replaces(dropped, at)).map(|one| one.phase));
            dropped.phase = phase.unwrap_or(dropped.phase);
        }
    }
}

/// Constraints that the file makes and drops again, with their tables.
fn scaffolds(all: &[Vec<Effect>]) -> Vec<(String, String)> {
    let mut made: Vec<(String, String)> = Vec::new();
    let mut out = Vec::new();
    for effect in all.iter().flatten().filter(|effect| effect.kind == "constraint" && !effect.name.is_empty())
    {
        let key = (effect.table.clone().unwrap_or_default(), effect.name.clone());
        match effect.action {
            Action::Create => made.push(key),
            Action::Drop if made.contains(&key) => out.push(key),
            Action::Drop | Action::Change => {}
        }
    }
    out
}

fn is_scaffold(effect: &Effect, scaffolds: &[(String, String)]) -> bool {
    let of = |key: &(String, String)| effect.table.as_ref() == Some(&key.0) && effect.name == key.1;
    effect.kind == "constraint" && scaffolds.iter().any(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: &[&str]) {
        let found = phases(text, &Script::read(text));
        let names: Vec<&str> = found.iter().map(|one| one.phase.name()).collect();
        assert_eq!(names, wanted, "{text}");
    }

    #[test]
    fn new_tables_belong_to_the_file() {
        check(
            "CREATE TABLE public.t (a int); CREATE UNIQUE INDEX i ON public.t (a); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
             ALTER TABLE public.t ADD CONSTRAINT k CHECK (a > 0); REVOKE ALL ON t FROM PUBLIC; INSERT INTO t VALUES (1);
             ALTER TABLE t RENAME TO u; ALTER TABLE u ALTER a SET NOT NULL; DROP TABLE public.u;",
            &["expand"; 9],
        );
        check("CREATE TABLE t (a int); ALTER TABLE s.u ALTER a SET NOT NULL", &["expand", "contract"]);
        check("CREATE TABLE a.t (a int); DROP TABLE b.t", &["expand", "contract"]);
        // Rows that come from elsewhere are moved.
        check("CREATE TABLE t (a int); INSERT INTO t SELECT a FROM u", &["expand", "migrate"]);
        check("INSERT INTO t VALUES (1)", &["migrate"]);
        check(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS '1'; REVOKE ALL ON FUNCTION f() FROM PUBLIC",
            &["expand"; 2],
        );
        check(
            "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t DROP COLUMN a, DROP COLUMN b",
            &["expand", "contract"],
        );
        check(
            "DO $$ BEGIN CREATE TABLE t (); END $$; ALTER TABLE t ADD PRIMARY KEY (a)",
            &["expand", "expand"],
        );
    }

    #[test]
    fn temporary_tables_are_of_no_phase() {
        check("CREATE TEMP TABLE t (a int); DROP TABLE t; DROP TABLE u", &["none", "none", "contract"]);
        check(
            "CREATE TEMPORARY TABLE t AS SELECT a FROM u; CREATE INDEX ON t (a); INSERT INTO pg_temp.t SELECT 1;
             UPDATE u SET a = t.a FROM t; DROP TABLE IF EXISTS t",
            &["none", "none", "none", "migrate", "none"],
        );
        check("SELECT a INTO TEMP t FROM u; CREATE TABLE pg_temp.s (a int)", &["none", "none"]);
        check("SELECT a INTO t FROM u; CREATE TABLE temp (a int)", &["expand"; 2]);
    }

    #[test]
    fn what_takes_the_name_of_the_dropped_replaces_it() {
        check(
            "CREATE UNIQUE INDEX CONCURRENTLY j ON t (a, b); DROP INDEX s.i; ALTER INDEX j RENAME TO i",
            &["contract", "contract", "expand"],
        );
        check("CREATE INDEX j ON t (a, b); DROP INDEX i; ALTER INDEX j RENAME TO \"i\"", &["expand"; 3]);
        check("CREATE INDEX j ON t (a); UPDATE t SET a = 1; DROP INDEX j", &["expand", "migrate", "expand"]);
        check(
            "CREATE INDEX j ON t (a, b); DROP INDEX i; ALTER INDEX j RENAME TO k",
            &["expand", "contract", "expand"],
        );
        check("DROP INDEX i; ALTER INDEX j RENAME TO i", &["contract", "expand"]);
    }

    #[test]
    fn names_mean_what_their_schemas_say() {
        check(
            "CREATE TABLE archive.orders AS SELECT * FROM orders; DROP TABLE orders",
            &["expand", "contract"],
        );
        check("CREATE SCHEMA billing; ALTER TABLE billing DROP COLUMN x", &["expand", "contract"]);
        check("CREATE TYPE t AS (a int); DROP TABLE t", &["expand", "contract"]);
        check(
            "CREATE SCHEMA s; REVOKE ALL ON SCHEMA s FROM PUBLIC; REVOKE ALL ON s FROM PUBLIC",
            &["expand", "expand", "contract"],
        );
        check(
            "SET search_path TO shop, public; CREATE TABLE t (); DROP TABLE shop.t",
            &["none", "expand", "expand"],
        );
        check(
            "SET LOCAL search_path = 'shop'; CREATE TABLE t (); DROP TABLE public.t",
            &["none", "expand", "contract"],
        );
        check(
            "SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE a.t (); DROP TABLE t",
            &["none", "expand", "contract"],
        );
        check("CREATE INDEX i ON shop.t (a); DROP INDEX shop.i", &["expand", "expand"]);
        check("CREATE INDEX i ON shop.t (a); DROP INDEX i", &["expand", "contract"]);
        check("DROP VIEW shop.v; CREATE VIEW v AS SELECT 1", &["contract", "expand"]);
        check("DROP VIEW public.v; CREATE VIEW v AS SELECT 1", &["expand", "expand"]);
        // A temporary table hides another one of its name, and no longer than it is there.
        check(
            "CREATE TEMP TABLE t AS SELECT 1 AS a; DROP TABLE t; DROP TABLE t",
            &["none", "none", "contract"],
        );
        check("CREATE TEMP TABLE t AS SELECT 1 AS a; DROP TABLE public.t", &["none", "contract"]);
        check("CREATE TABLE a (); REVOKE ALL ON a, b FROM PUBLIC", &["expand", "contract"]);
        check("CREATE TABLE a (); TRUNCATE a, b", &["expand", "contract"]);
        check("CREATE TABLE a (); TRUNCATE a", &["expand", "expand"]);
        check(
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS '1'; DROP FUNCTION f(text)",
            &["expand", "contract"],
        );
    }

    /// The phases of the last of several files.
    #[track_caller]
    fn check_chain(files: &[&str], wanted: &[&str]) {
        let (last, before) = files.split_last().expect("a file");
        let mut earlier = Earlier::default();
        before.iter().for_each(|text| earlier.learn(text, &Script::read(text)));
        let found = phases_after(&earlier, last, &Script::read(last));
        let names: Vec<&str> = found.iter().map(|one| one.phase.name()).collect();
        assert_eq!(names, wanted, "{files:?}");
    }

    #[test]
    fn what_may_be_there_already_is_new_only_where_the_chain_lacks_it() {
        let again = "CREATE TABLE IF NOT EXISTS orders (a int); ALTER TABLE orders DROP COLUMN x";
        check(again, &["expand", "contract"]);
        check_chain(&[again], &["expand", "expand"]);
        check_chain(&["CREATE TABLE orders (x int)", again], &["expand", "contract"]);
        check_chain(&["CREATE TABLE shop.orders (x int)", again], &["expand", "expand"]);
        check_chain(&["CREATE TABLE orders (x int); DROP TABLE orders", again], &["expand", "expand"]);
        check_chain(
            &["CREATE TABLE o (x int); ALTER TABLE o RENAME TO orders", again],
            &["expand", "contract"],
        );
        check_chain(
            &[
                "CREATE SCHEMA s; CREATE TABLE s.t (); DROP SCHEMA s CASCADE",
                "CREATE SCHEMA IF NOT EXISTS s; CREATE TABLE IF NOT EXISTS s.t (); DROP TABLE s.t",
            ],
            &["expand"; 3],
        );
        check_chain(
            &[
                again,
                "CREATE TABLE IF NOT EXISTS orders (a int); CREATE UNIQUE INDEX IF NOT EXISTS i ON orders (a)",
            ],
            &["expand", "contract"],
        );
        let view = "CREATE OR REPLACE VIEW v AS SELECT 1; REVOKE ALL ON v FROM PUBLIC";
        check_chain(&[view], &["expand", "expand"]);
        check_chain(&["CREATE VIEW v AS SELECT 2", view], &["expand", "contract"]);
        let column = "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int; CREATE UNIQUE INDEX i ON t (a)";
        check(column, &["expand", "contract"]);
        check_chain(&["CREATE TABLE t (b int, UNIQUE (b))", column], &["expand", "expand"]);
        check_chain(&["CREATE TABLE t (b int, a int)", column], &["expand", "contract"]);
        check_chain(&["CREATE TABLE t AS SELECT 1 AS a", column], &["expand", "contract"]);
        check_chain(&["CREATE TABLE t (); ALTER TABLE t ADD a int", column], &["expand", "contract"]);
        let block = "DO $$ BEGIN IF true THEN CREATE TABLE t (a int); END IF; END $$; ALTER TABLE t ADD PRIMARY KEY (a)";
        check_chain(&[block], &["expand", "expand"]);
        check_chain(&["CREATE TABLE t (a int)", block], &["expand", "contract"]);
    }

    #[test]
    fn names_that_are_put_in_at_run_time_are_nobodys() {
        check(
            "DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', x); EXECUTE format('ALTER TABLE %I DROP b', y); END $$",
            &["contract"],
        );
        check(
            "CREATE TABLE t (); DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP b', 't'); END $$",
            &["expand", "expand"],
        );
    }

    #[test]
    fn whoever_calls_a_function_does_what_it_does() {
        check(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DROP TABLE t'; SELECT f()",
            &["expand", "migrate"],
        );
        check("PREPARE p (int) AS DELETE FROM t; EXECUTE p (1)", &["none", "migrate"]);
        check("PREPARE p AS SELECT 1; EXECUTE p; EXECUTE q", &["none", "none", "migrate"]);
        check(
            "CREATE TABLE t (); PREPARE p AS INSERT INTO t SELECT 1; EXECUTE p; PREPARE p AS INSERT INTO t VALUES (1); EXECUTE p",
            &["expand", "none", "migrate", "none", "expand"],
        );
        check("CREATE PROCEDURE p() LANGUAGE sql AS 'DROP TABLE t'; CALL p()", &["expand", "migrate"]);
    }

    #[test]
    fn keys_over_new_columns_bind_nobody() {
        check(
            "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD CONSTRAINT x UNIQUE (a), ADD CONSTRAINT y UNIQUE (old)",
            &["expand", "contract"],
        );
        check(
            "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD UNIQUE (a), ADD FOREIGN KEY (a, old) REFERENCES u",
            &["expand", "expand"],
        );
        check(
            "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD FOREIGN KEY (a, old) REFERENCES u MATCH FULL",
            &["expand", "contract"],
        );
        check(
            "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0), ADD UNIQUE (old)",
            &["expand", "contract"],
        );
        check(
            "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (a)",
            &["expand", "contract"],
        );
        check(
            "ALTER TABLE t ADD COLUMN a text; CREATE UNIQUE INDEX i ON t (coalesce(a, ''))",
            &["expand", "contract"],
        );
        check(
            "ALTER TABLE t ADD a int; ALTER TABLE t ALTER a SET DEFAULT 1; CREATE UNIQUE INDEX i ON t USING btree (a)",
            &["expand", "expand", "contract"],
        );
        check("ALTER TABLE t ADD \"A\" int; CREATE UNIQUE INDEX i ON ONLY t (\"A\" DESC)", &["expand"; 2]);
        check("ALTER TABLE t ADD COLUMN a int; CREATE UNIQUE INDEX i ON t (a, b)", &["expand", "expand"]);
        check(
            "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (id)",
            &["expand"; 2],
        );
        check("ALTER TABLE t ADD COLUMN a int, ADD CONSTRAINT k UNIQUE (a)", &["expand"]);
        check(
            "ALTER TABLE t ADD COLUMN a int DEFAULT 1; CREATE UNIQUE INDEX i ON t (a)",
            &["expand", "contract"],
        );
        check("ALTER TABLE t ADD COLUMN a int; CREATE UNIQUE INDEX i ON t (b)", &["expand", "contract"]);
        check("ALTER TABLE t ADD COLUMN a int; CREATE UNIQUE INDEX i ON u (a)", &["expand", "contract"]);
        check("CREATE UNIQUE INDEX i ON t (a)", &["contract"]);
    }

    #[test]
    fn what_is_made_again_is_replaced() {
        check("DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT 1", &["expand", "expand"]);
        check("DROP POLICY IF EXISTS p ON t; CREATE POLICY p ON t USING (true)", &["expand", "expand"]);
        check("DROP POLICY IF EXISTS p ON t; CREATE POLICY p ON u USING (true)", &["contract", "expand"]);
        check(
            "DROP POLICY p ON t; CREATE POLICY p ON t AS RESTRICTIVE USING (true)",
            &["contract", "contract"],
        );
        check(
            "DROP TRIGGER g ON t; CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
            &["expand", "expand"],
        );
        check("DROP VIEW v CASCADE; CREATE VIEW v AS SELECT 1", &["contract", "expand"]);
        check("DROP TABLE t; CREATE TABLE t (a int)", &["contract", "expand"]);
        check("CREATE VIEW v AS SELECT 1; DROP VIEW w", &["expand", "contract"]);
    }

    #[test]
    fn a_function_replaces_one_that_is_called_alike() {
        let of = |dropped: &str, made: &str, wanted: &str| {
            let text = format!(
                "DROP FUNCTION IF EXISTS {dropped}; CREATE OR REPLACE FUNCTION {made} RETURNS int LANGUAGE sql AS '1'"
            );
            check(&text, &[wanted, "expand"]);
        };
        of("f(int)", "f(i integer, b bool)", "contract");
        of("f(i int)", "f(IN i bigint)", "contract");
        of("f(int, text)", "f(i int)", "contract");
        of("f()", "f(i int)", "contract");
        of("f(int[])", "f(i int)", "contract");
        of("f(int4)", "public.f(i integer, b bool DEFAULT false, OUT c int)", "expand");
        of("f(a int)", "f(b int = 1)", "expand");
        of("f(numeric)", "f(a numeric(10, 2), b text = 'a, b')", "expand");
        of("f(\"Mood\", own.date)", "f(int, text)", "expand");
        of("f(mood)", "f(m int)", "expand");
        of("f", "f(i int)", "expand");
        of("f(timestamp with time zone, character varying)", "f(a timestamptz, b varchar(9))", "expand");
    }

    #[test]
    fn scaffolds_go_with_what_they_hold() {
        check(
            "ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k;
             ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE t DROP CONSTRAINT k;",
            &["contract"; 4],
        );
        check(
            "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k;",
            &["expand", "migrate"],
        );
        check(
            "ALTER TABLE t DROP CONSTRAINT IF EXISTS k; ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)",
            &["expand", "contract"],
        );
    }

    #[test]
    fn mixed_statements_tell_all_their_phases() {
        let text = "ALTER TABLE t ADD a int, OWNER TO app, DROP b";
        let found = phases(text, &Script::read(text));
        assert_eq!(found.first().map(Phased::phases), Some(vec![Phase::Expand, Phase::Contract]));
    }
}
