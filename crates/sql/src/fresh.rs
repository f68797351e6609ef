//! Statements on tables that the same file has made: nobody else uses these yet, so nobody waits for them.

use crate::effect::{Action, Effect, effects};
use crate::phases::same;
use crate::script::Script;
use crate::tokens::tokens;

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
    for statement in &script.statements {
        let statement = statement.text(text);
        let effects = effects(statement);
        let ground = effects.iter().map(|effect| ground_of(&made, effect)).min();
        out.push(ground.unwrap_or(Ground::Old));
        effects.iter().for_each(|effect| learn(&mut made, effect, statement));
    }
    out
}

fn ground_of(made: &[(String, Ground)], effect: &Effect) -> Ground {
    let Some(table) = effect.table.as_deref() else { return Ground::Old };
    made.iter().rev().find(|(name, _)| same(name, table)).map_or(Ground::Old, |(_, ground)| *ground)
}

fn learn(made: &mut Vec<(String, Ground)>, effect: &Effect, statement: &str) {
    let is_table = matches!(effect.kind.as_str(), "table" | "materialized view");
    match (effect.action, effect.what) {
        (Action::Create, what) if is_table => {
            let tokens = tokens(statement);
            let filled = what != "CREATE" || tokens.iter().any(|token| token.depth == 0 && token.is("AS"));
            made.push((effect.name.clone(), if filled { Ground::Filled } else { Ground::Empty }));
        }
        // A new name of something new is new as well; one of something old is not.
        (_, "RENAME TABLE") => made.push((effect.name.clone(), ground_of(made, effect))),
        (Action::Drop, _) if is_table => made.retain(|(name, _)| !same(name, &effect.name)),
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
            "CREATE TABLE s.t (a int); ALTER TABLE t ADD UNIQUE (a); CREATE INDEX ON u (a)",
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
}
