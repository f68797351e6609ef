//! Statements on tables that the same file has made: nobody else uses these yet, so nobody waits for them.

use crate::effect::{Action, Effect, effects};
use crate::places::{is_unknown, resolve};
use crate::script::Script;
use crate::tokens::tokens;
use crate::words::Words;

/// What a statement is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// Something that may be there before the file, or that is not known.
    Old,
    /// Tables that the file has made with rows in them (`CREATE TABLE … AS`, `SELECT … INTO`).
    Filled,
    /// Tables that the file has made empty.
    Empty,
}

/// What each statement of a file is on, in their order.
pub fn grounds(text: &str, script: &Script) -> Vec<Ground> {
    let mut made: Vec<(String, Ground)> = Vec::new();
    let mut out = Vec::new();
    let mut all: Vec<Vec<Effect>> =
        script.statements.iter().map(|statement| effects(statement.text(text))).collect();
    resolve(text, script, &mut all);
    for (statement, effects) in script.statements.iter().zip(&all) {
        let statement = statement.text(text);
        let ground = effects.iter().map(|effect| ground_of(&made, effect)).min();
        out.push(ground.unwrap_or(Ground::Old));
        effects.iter().for_each(|effect| learn(&mut made, effect, statement));
    }
    out
}

/// Which statements of a file only drop what a later one makes again under the same name: views, functions and the like.
/// `CASCADE` takes more than comes back.
pub fn made_again(text: &str, script: &Script) -> Vec<bool> {
    let texts: Vec<&str> = script.statements.iter().map(|statement| statement.text(text)).collect();
    let mut all: Vec<Vec<Effect>> = texts.iter().map(|text| effects(text)).collect();
    resolve(text, script, &mut all);
    let again = |(at, effects): (usize, &Vec<Effect>)| {
        let later = all.get(at + 1..).unwrap_or(&[]);
        let cascades = texts
            .get(at)
            .is_some_and(|text| Words::of(text).any(|word| word.eq_ignore_ascii_case("CASCADE")));
        let back = |effect: &Effect| crate::phases::makes_again(effect, later).is_some();
        !cascades && !effects.is_empty() && effects.iter().all(back)
    };
    all.iter().enumerate().map(again).collect()
}

fn ground_of(made: &[(String, Ground)], effect: &Effect) -> Ground {
    let Some(table) = effect.place.table.as_deref() else { return Ground::Old };
    made.iter()
        .rev()
        .find(|(name, _)| name == table && !is_unknown(name))
        .map_or(Ground::Old, |(_, ground)| *ground)
}

fn learn(made: &mut Vec<(String, Ground)>, effect: &Effect, statement: &str) {
    let is_table = matches!(effect.kind.as_str(), "table" | "materialized view");
    match (effect.action, effect.what) {
        (Action::Create, what) if is_table => {
            let tokens = tokens(statement);
            let filled = what != "CREATE" || tokens.iter().any(|token| token.depth == 0 && token.is("AS"));
            made.push((effect.place.name.clone(), if filled { Ground::Filled } else { Ground::Empty }));
        }
        // A new name of something new is new as well; one of something old is not.
        (_, "RENAME TABLE") => made.push((effect.place.name.clone(), ground_of(made, effect))),
        (Action::Drop, _) if is_table => made.retain(|(name, _)| *name != effect.place.name),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: &[Ground]) {
        assert_eq!(grounds(text, &Script::read(text)), wanted, "{text}");
    }

    #[test]
    fn what_the_file_has_made_is_new() {
        use Ground::{Empty, Filled, Old};
        check(
            "CREATE TABLE public.t (a int); ALTER TABLE t ADD UNIQUE (a); CREATE INDEX ON s.t (a)",
            &[Old, Empty, Old],
        );
        check(
            "CREATE TABLE t AS SELECT 1 AS a; ALTER TABLE t ADD PRIMARY KEY (a); DROP TABLE t; ALTER TABLE t ADD b int",
            &[Old, Filled, Old, Old],
        );
        check("SELECT * INTO t FROM u; CREATE INDEX ON t (a)", &[Old, Filled]);
        check(
            "CREATE TABLE n (a int GENERATED ALWAYS AS (1) STORED); ALTER TABLE t RENAME TO o; ALTER TABLE n RENAME TO t;
             CREATE INDEX ON t (a); CREATE INDEX ON o (a)",
            &[Old, Old, Empty, Empty, Old],
        );
    }

    #[test]
    fn what_is_dropped_may_come_back() {
        let check = |text: &str, wanted: &[bool]| {
            assert_eq!(made_again(text, &Script::read(text)), wanted, "{text}");
        };
        check("DROP VIEW v; CREATE VIEW v AS SELECT 1", &[true, false]);
        check("DROP VIEW v, w; CREATE VIEW v AS SELECT 1", &[false, false]);
        check(
            "DROP VIEW IF EXISTS v, w; CREATE VIEW w AS SELECT 1; CREATE VIEW public.v AS SELECT 1",
            &[true, false, false],
        );
        check("DROP VIEW v CASCADE; CREATE VIEW v AS SELECT 1", &[false, false]);
        check("CREATE VIEW v AS SELECT 1; DROP VIEW v; SELECT 1", &[false; 3]);
        check("DROP TABLE t; CREATE TABLE t ()", &[false, false]);
    }
}
