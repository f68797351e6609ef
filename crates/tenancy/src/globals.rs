//! What is tried on a table that belongs to nobody.

use crate::actors::{Rights, UPDATE};
use crate::attempt::{Attempt, Check, attempt};
use crate::report::{Outcome, Principal, Probe, ProbeKind, Tenant};
use crate::rows_sql::{identity, insert, loosen, remove};
use crate::tables::{Done, Field, Results, is_refusal};
use trueup_catalog::{Column, Generated, PolicyCommand, Relation, quote_ident};
use trueup_postgres::SqlError;
use trueup_rows::Made;

/// Tries to write to a table that belongs to nobody.
pub(crate) fn probe_global(field: &mut Field<'_, '_, '_>, table: &Relation) -> Result<Results, SqlError> {
    let mut results = Results::default();
    let row = field.a.row(&table.schema, &table.name).cloned();
    for role in &field.actors.roles {
        let rights = field.actors.rights(field.session, role, table)?;
        let who = Principal { role: role.clone(), tenant: Tenant::A };
        let may = [
            ("INSERT", rights.allows(PolicyCommand::Insert)),
            ("UPDATE", rights.allows(PolicyCommand::Update)),
            ("DELETE", rights.delete),
            ("TRUNCATE", rights.truncate),
        ];
        for (word, _) in may.iter().filter(|(_, may)| *may) {
            let Some(row) = &row else { continue };
            let Some((attack, check)) = global_attack(table, row, word, &rights) else { continue };
            let mut before = loosen(field.world.catalog, table);
            if *word == "INSERT" {
                before.extend(remove(table, row));
            }
            let shows = format!("one tenant changes by {word} what all of them read");
            let one = Attempt {
                kind: ProbeKind::GlobalWrite,
                who: who.clone(),
                before,
                attack,
                check,
                shows,
                colleague: false,
            };
            let tried = attempt(field.session, field.actors, &one)?;
            let refused = tried.error.is_none() || is_refusal(tried.state());
            let outcome = match (tried.leaked, refused) {
                (true, _) => Outcome::Leak { what: one.shows.clone() },
                (false, true) => Outcome::Held { by: tried.by() },
                (false, false) => Outcome::Vacuous { why: tried.by() },
            };
            let probe = Probe {
                kind: one.kind,
                principal: who.clone(),
                sql: one.attack.clone(),
                outcome,
                witness: None,
            };
            results.done.push(Done { probe, attempt: one });
        }
        if may.iter().all(|(_, may)| !may) {
            let attempt = Attempt {
                kind: ProbeKind::GlobalWrite,
                who: who.clone(),
                before: Vec::new(),
                attack: format!("DELETE FROM {}", table.sql_name()),
                check: Check::Counts,
                shows: String::new(),
                colleague: false,
            };
            let outcome = Outcome::Held { by: "the role may not write to it".to_owned() };
            let probe = Probe {
                kind: attempt.kind,
                principal: who,
                sql: attempt.attack.clone(),
                outcome,
                witness: None,
            };
            results.done.push(Done { probe, attempt });
        }
    }
    Ok(results)
}

fn global_attack(table: &Relation, row: &Made, word: &str, rights: &Rights) -> Option<(String, Check)> {
    let gone = format!(
        "SELECT NOT EXISTS (SELECT FROM {} WHERE {})",
        table.sql_name(),
        identity(table, row, |_| true)
    );
    Some(match word {
        "INSERT" => (insert(table, row, &[], Some(rights)), Check::Affects),
        "UPDATE" => {
            let may =
                |column: &&Column| column.generated == Generated::No && rights.column(&column.name, UPDATE);
            let column = table.columns.iter().find(may)?;
            let (name, value) = (quote_ident(&column.name), row.literal(&column.name));
            // Without a condition nothing is read, and what a key forbids is not asked: one row alone is there.
            (format!("UPDATE {} SET {name} = {value}", table.sql_name()), Check::Affects)
        }
        "TRUNCATE" => (format!("TRUNCATE {}", table.sql_name()), Check::Afterwards(gone)),
        _ => (format!("DELETE FROM {}", table.sql_name()), Check::Afterwards(gone)),
    })
}
