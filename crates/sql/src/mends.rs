//! Words that mend a statement which failed when it ran again.

use crate::effect::{Action, Effect, effects};

/// What mends a statement that failed with this SQLSTATE when it ran a second time; nothing where the code says too
/// little.
pub fn mends(statement: &str, sqlstate: &str) -> Option<String> {
    let effects = effects(statement);
    let said = match sqlstate {
        "42P07" | "42710" | "42P06" | "42723" | "42P16" | "42701" => {
            let made = effects.iter().filter(|effect| effect.action == Action::Create);
            let said = made.map(|effect| made_twice(effect, sqlstate)).next();
            // `ALTER TYPE … ADD VALUE` makes something without being a CREATE.
            return said.or_else(|| renamed_or_added(&effects));
        }
        "42P01" | "42703" | "42704" | "42883" | "3F000" | "42P02" => return gone(&effects),
        "23505" => match effects.first().map(|effect| effect.what) {
            Some("INSERT" | "WITH … data") => "add ON CONFLICT DO NOTHING, or DO UPDATE".to_owned(),
            Some("COPY") => {
                "copy into a temporary table, and INSERT from it with ON CONFLICT DO NOTHING".to_owned()
            }
            Some("UPDATE") => {
                "let the condition leave out rows that are done: WHERE column IS DISTINCT FROM value"
                    .to_owned()
            }
            _ => "remove the rows that are there twice in an earlier file".to_owned(),
        },
        "23502" | "23503" | "23514" => "fill or mend the rows in a migrate step before this one".to_owned(),
        "2BP01" => {
            "drop what depends on it first, by name; CASCADE takes what nobody has looked at".to_owned()
        }
        "25P01" => "the file is meant for a runner that wraps it: `transaction = \"file\"` in [[migrations]]"
            .to_owned(),
        "25001" => "give the statement a file of its own that runs without a transaction".to_owned(),
        "55P04" => "add the value in a file of its own; it can be used when that is committed".to_owned(),
        "55000" => "ask the catalog for the state first, in a DO block".to_owned(),
        _ => return None,
    };
    Some(said)
}

fn on(effect: &Effect) -> String {
    effect.table.as_deref().map(|table| format!(" ON {table}")).unwrap_or_default()
}

fn made_twice(effect: &Effect, sqlstate: &str) -> String {
    let name = &effect.name;
    let table = effect.table.as_deref().unwrap_or("…");
    match effect.kind.as_str() {
        "constraint" if name.is_empty() => {
            "name the constraint, and drop it if it exists first: ALTER TABLE … DROP CONSTRAINT IF EXISTS …".to_owned()
        }
        "constraint" => format!("drop if exists first: ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"),
        "column" if sqlstate == "42701" => "ADD COLUMN IF NOT EXISTS".to_owned(),
        // A column may bring a constraint with it.
        "column" => "ADD COLUMN IF NOT EXISTS, and its constraints as statements of their own".to_owned(),
        "policy" | "rule" => {
            format!("drop if exists first: DROP {} IF EXISTS {name}{}", effect.kind.to_uppercase(), on(effect))
        }
        "trigger" => format!("CREATE OR REPLACE TRIGGER (from 14 on), or drop if exists first: DROP TRIGGER IF EXISTS {name}{}", on(effect)),
        // It has more columns by then, or others, and REPLACE takes none away.
        "view" if sqlstate == "42P16" => {
            format!("drop if exists first, and grant again: DROP VIEW IF EXISTS {name}")
        }
        "view" => "CREATE OR REPLACE VIEW, or drop if exists first".to_owned(),
        "function" | "procedure" | "aggregate" | "language" => {
            format!("CREATE OR REPLACE {}", effect.kind.to_uppercase())
        }
        "index" if name.is_empty() => "name the index, and write CREATE INDEX IF NOT EXISTS".to_owned(),
        "index" => "CREATE INDEX IF NOT EXISTS; after a broken CONCURRENTLY drop the invalid index first, which IF NOT EXISTS would keep".to_owned(),
        "table" | "foreign table" | "sequence" | "materialized view" | "schema" | "extension" | "statistics"
        | "server" | "user mapping" => format!("CREATE {} IF NOT EXISTS", effect.kind.to_uppercase()),
        "partition" => "ask pg_inherits first, in a DO block".to_owned(),
        kind => format!(
            "a DO block with EXCEPTION WHEN duplicate_object THEN NULL, since CREATE {} knows no IF NOT EXISTS",
            kind.to_uppercase()
        ),
    }
}

fn renamed_or_added(effects: &[Effect]) -> Option<String> {
    let effect = effects.first()?;
    match effect.what {
        "ADD VALUE" => Some("ADD VALUE IF NOT EXISTS".to_owned()),
        what if what.starts_with("RENAME") || what == "SET SCHEMA" => Some(asked_first()),
        "DO" => Some("let the block ask the catalog first, or catch duplicate_object".to_owned()),
        _ => None,
    }
}

fn asked_first() -> String {
    "a DO block that asks the catalog whether the old name is still there".to_owned()
}

fn gone(effects: &[Effect]) -> Option<String> {
    let effect = effects.first()?;
    let said = match (effect.action, effect.kind.as_str()) {
        (_, "partition") => "ask pg_inherits first, in a DO block".to_owned(),
        (Action::Drop, "column" | "constraint") => format!("DROP {} IF EXISTS", effect.kind.to_uppercase()),
        (Action::Drop, "privilege") => "a DO block that asks to_regclass first".to_owned(),
        (Action::Drop, kind) => format!("DROP {} IF EXISTS", kind.to_uppercase()),
        _ if effect.what.starts_with("RENAME") || effect.what == "SET SCHEMA" => asked_first(),
        (_, "row" | "block") => {
            "a DO block that asks the catalog whether the table and its columns are still there".to_owned()
        }
        (_, "column" | "table" | "row security") => {
            "ALTER TABLE IF EXISTS, or a DO block that asks the catalog first".to_owned()
        }
        _ => return None,
    };
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(statement: &str, sqlstate: &str, wanted: Option<&str>) {
        let found = mends(statement, sqlstate);
        match wanted {
            Some(wanted) => {
                assert!(found.as_deref().is_some_and(|f| f.contains(wanted)), "{statement}: {found:?}")
            }
            None => assert_eq!(found, None, "{statement}"),
        }
    }

    #[test]
    fn words_for_what_is_there_already() {
        check("CREATE TABLE t ()", "42P07", Some("CREATE TABLE IF NOT EXISTS"));
        check("CREATE INDEX i ON t (a)", "42P07", Some("IF NOT EXISTS"));
        check("CREATE INDEX ON t (a)", "42P07", Some("name the index"));
        check("CREATE VIEW v AS SELECT 1", "42P07", Some("CREATE OR REPLACE VIEW"));
        check("CREATE OR REPLACE VIEW v AS SELECT 1", "42P16", Some("DROP VIEW IF EXISTS v"));
        check(
            "ALTER TABLE s.t ADD CONSTRAINT k CHECK (a > 0)",
            "42710",
            Some("ALTER TABLE s.t DROP CONSTRAINT IF EXISTS k"),
        );
        check("ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)", "42P07", Some("DROP CONSTRAINT IF EXISTS k"));
        check("ALTER TABLE t ADD PRIMARY KEY (a)", "42P16", Some("name the constraint"));
        check("ALTER TABLE t ADD a int", "42701", Some("ADD COLUMN IF NOT EXISTS"));
        check("CREATE POLICY p ON t USING (true)", "42710", Some("DROP POLICY IF EXISTS p ON t"));
        check("CREATE TYPE m AS ENUM ('a')", "42710", Some("duplicate_object"));
        check("CREATE ROLE app", "42710", Some("duplicate_object"));
        check("CREATE SCHEMA s", "42P06", Some("CREATE SCHEMA IF NOT EXISTS"));
        check(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS '1'",
            "42723",
            Some("CREATE OR REPLACE FUNCTION"),
        );
        check("ALTER TYPE m ADD VALUE 'b'", "42710", Some("ADD VALUE IF NOT EXISTS"));
        check("INSERT INTO t VALUES (1)", "23505", Some("ON CONFLICT DO NOTHING"));
    }

    #[test]
    fn words_for_what_is_gone() {
        check("DROP TABLE t", "42P01", Some("DROP TABLE IF EXISTS"));
        check("ALTER TABLE t DROP COLUMN a", "42703", Some("DROP COLUMN IF EXISTS"));
        check("ALTER TABLE t RENAME COLUMN a TO b", "42703", Some("old name"));
        check("UPDATE t SET a = 1", "42703", Some("DO block"));
        check("SELECT 1", "42P01", None);
        check("SELECT 1", "XX000", None);
        check("", "42P07", None);
    }
}
