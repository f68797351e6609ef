//! The phase of each statement in the context of its file.
//!
//! The version that still runs knows nothing of a table that the same file makes: whatever is done to it only adds.
//! What is dropped to be made again is replaced. And a constraint that a file makes and drops is a scaffold for the
//! step between the two.

use crate::effect::{Action, Effect, Phase, effects};
use crate::script::Script;
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

/// The phases of a file's statements, in their order.
pub fn phases(text: &str, script: &Script) -> Vec<Phased> {
    let texts: Vec<&str> = script.statements.iter().map(|statement| statement.text(text)).collect();
    let mut all: Vec<Vec<Effect>> = texts.iter().map(|text| effects(text)).collect();
    replaced(&texts, &mut all);
    let scaffolds = scaffolds(&all);
    let mut file = File::default();
    for (text, effects) in texts.iter().zip(&mut all) {
        file.learn_empty(effects, text);
        for effect in effects.iter_mut() {
            if is_scaffold(effect, &scaffolds) {
                effect.phase = Phase::Contract;
            } else if file.knows(effect, text) || file.binds_only_new_columns(effect, text) {
                effect.phase = effect.phase.min(Phase::Expand);
            }
            file.learn(effect);
        }
    }
    all.into_iter().map(phased).collect()
}

fn phased(effects: Vec<Effect>) -> Phased {
    Phased { phase: effects.iter().map(|effect| effect.phase).max().unwrap_or(Phase::None), effects }
}

/// Whether two names mean the same thing, where one may be without its schema.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let last = |name: &str| name.rsplit('.').next().unwrap_or("").to_owned();
    one == other || ((!one.contains('.') || !other.contains('.')) && last(one) == last(other))
}

/// What a file has made so far.
#[derive(Default)]
struct File {
    /// Kinds and names of what it has made.
    made: Vec<(String, String)>,
    /// Columns with their tables.
    columns: Vec<(String, String)>,
    /// Those of them that hold nothing but NULL in the rows that are there, and in those that the old version writes.
    empty: Vec<(String, String)>,
}

/// Kinds that share the names of tables.
fn is_relation(kind: &str) -> bool {
    matches!(kind, "table" | "foreign table" | "view" | "materialized view" | "index" | "sequence")
}

impl File {
    fn learn(&mut self, effect: &Effect) {
        let made = effect.action == Action::Create && !effect.name.is_empty();
        match (made, effect.kind.as_str(), &effect.table) {
            (true, "column", Some(table)) => self.columns.push((table.clone(), effect.name.clone())),
            (true, "constraint" | "policy" | "trigger" | "rule" | "partition", _) => {}
            (true, kind, _) => self.made.push((kind.to_owned(), effect.name.clone())),
            _ => {}
        }
        // A new name of something new is new as well.
        if effect.what == "RENAME TABLE" && effect.table.as_ref().is_some_and(|table| self.has_made(table)) {
            self.made.push(("table".to_owned(), effect.name.clone()));
        }
    }

    fn learn_empty(&mut self, effects: &[Effect], statement: &str) {
        let filled = ["DEFAULT", "GENERATED", "SERIAL", "BIGSERIAL"];
        if Words::of(statement).any(|word| filled.iter().any(|fill| word.eq_ignore_ascii_case(fill))) {
            return;
        }
        let added = effects.iter().filter(|e| e.kind == "column" && e.action == Action::Create);
        let nullable = added.filter(|effect| effect.phase == Phase::Expand);
        self.empty.extend(nullable.filter_map(|effect| Some((effect.table.clone()?, effect.name.clone()))));
    }

    /// Whether a key holds only over columns that the file has added and that are NULL for the old version: neither a unique
    /// key nor a foreign one asks anything of NULL.
    fn binds_only_new_columns(&self, effect: &Effect, statement: &str) -> bool {
        let Some(table) = effect.table.as_ref().filter(|_| effect.action == Action::Create) else {
            return false;
        };
        let (columns, foreign) = match effect.kind.as_str() {
            "index" => (bracketed(statement, " ON "), false),
            "constraint" => match bracketed(statement, "FOREIGN KEY") {
                columns if !columns.is_empty() => (columns, true),
                _ => (bracketed(statement, "UNIQUE"), false),
            },
            _ => return false,
        };
        let is_empty =
            |column: &String| self.empty.iter().any(|(of, empty)| same(of, table) && empty == column);
        match foreign {
            // MATCH SIMPLE: one NULL is enough.
            true => columns.iter().any(is_empty),
            false => {
                columns.iter().any(is_empty) && !statement.to_ascii_uppercase().contains("NULLS NOT DISTINCT")
            }
        }
    }

    fn has_made(&self, name: &str) -> bool {
        self.made.iter().any(|(_, made)| same(made, name))
    }

    /// Whether an effect is on something that this file has made.
    fn knows(&self, effect: &Effect, statement: &str) -> bool {
        if effect.kind == "column"
            && effect.action == Action::Drop
            && self.columns.iter().any(|(table, column)| {
                effect.table.as_ref().is_some_and(|of| same(of, table)) && *column == effect.name
            })
        {
            return true;
        }
        if effect.kind == "row" {
            return effect.table.as_ref().is_some_and(|table| self.has_made(table)) && !reads(statement);
        }
        match &effect.table {
            Some(table) => self.has_made(table),
            None if effect.action == Action::Create => false,
            None => self.made.iter().any(|(kind, made)| {
                let alike = *kind == effect.kind || (is_relation(kind) && is_relation(&effect.kind));
                alike && same(made, &effect.name)
            }),
        }
    }
}

/// The names in the first brackets behind some words, without quotes and what follows each.
fn bracketed(statement: &str, behind: &str) -> Vec<String> {
    let upper = statement.to_ascii_uppercase();
    let Some(at) = upper.find(behind) else { return Vec::new() };
    let rest = statement.get(at + behind.len()..).unwrap_or("");
    let Some((_, inner)) = rest.split_once('(') else { return Vec::new() };
    let inner = inner.split(')').next().unwrap_or("");
    let first = |part: &str| part.split_whitespace().next().unwrap_or("").trim_matches('"').to_owned();
    inner.split(',').map(first).collect()
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
            let of_same = match (&made.table, &dropped.table) {
                (Some(one), Some(other)) => same(one, other),
                _ => true,
            };
            made.action == Action::Create
                && made.kind == dropped.kind
                && same(&made.name, &dropped.name)
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
            && same(&self.to, &dropped.name)
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
                && same(&effect.name, &renames.name)
        })?;
        let to = to.trim_matches('"').to_owned();
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
            "CREATE TABLE shop.t (a int); CREATE UNIQUE INDEX i ON shop.t (a); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
             ALTER TABLE shop.t ADD CONSTRAINT k CHECK (a > 0); REVOKE ALL ON t FROM PUBLIC; ALTER TABLE t RENAME TO u;
             ALTER TABLE u ALTER a SET NOT NULL; INSERT INTO shop.t VALUES (1); DROP TABLE u;",
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
        check("CREATE TEMP TABLE t (a int); DROP TABLE t; DROP TABLE u", &["expand", "expand", "contract"]);
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
    fn keys_over_new_columns_bind_nobody() {
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
        of("f(int4)", "s.f(i integer, b bool DEFAULT false, OUT c int)", "expand");
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
