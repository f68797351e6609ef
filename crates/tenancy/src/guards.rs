//! Triggers that refuse what they find, and look for it as their caller, from whom row security hides what is another
//! tenant's.

use crate::actors::UPDATE;
use crate::attempt::{Check, attempt};
use crate::model::World;
use crate::report::{Principal, ProbeKind, Tenant};
use crate::rows_sql::{identity, insert};
use crate::tables::{Field, Trial};
use crate::texts::{code_of, mentions, reads_table, text_of};
use trueup_catalog::{Function, Generated, PolicyCommand, Relation, quote_ident};
use trueup_postgres::SqlError;

/// Such a trigger.
pub(crate) struct Guard<'c> {
    pub trigger: &'c str,
    pub function: &'c Function,
    /// The table that it looks at.
    pub hidden: &'c Relation,
}

/// How a guard is named in what is told of it.
pub(crate) fn named(trigger: &str, table: &str) -> String {
    format!("the trigger {trigger} on {table}")
}

/// Those of a table that are likely to be blind, by their texts.
pub(crate) fn guards<'c>(world: &World<'c>, table: &'c Relation) -> Vec<Guard<'c>> {
    let mut out = Vec::new();
    for trigger in &table.triggers {
        let called = |function: &&Function| {
            (&function.schema, &function.name) == (&trigger.function.0, &trigger.function.1)
        };
        let Some(function) = world.catalog.functions.iter().find(called) else { continue };
        let code = code_of(text_of(function)).to_lowercase();
        let hidden = world.catalog.relations.iter().find(|relation| {
            let scoped = world.of(relation).is_some_and(|placed| placed.model.is_scoped());
            relation.row_security && scoped && reads_table(&code, &relation.name)
        });
        let Some(hidden) = hidden.filter(|_| !function.security_definer && refuses_found(&code)) else {
            continue;
        };
        out.push(Guard { trigger: &trigger.name, function, hidden });
    }
    out
}

/// What refuses where nothing is found is safe: what is hidden is not found either.
fn refuses_found(code: &str) -> bool {
    let counts = ["> 0", ">= 1", "<> 0", "!= 0"].iter().any(|some| code.contains(some));
    code.contains("raise")
        && (["if exists", "if found", "<>", "is distinct from", "!="].iter().any(|sign| code.contains(sign))
            || (code.contains("count(") && counts))
}

impl Trial<'_, '_> {
    /// Whether a guard lets through for the role what it refuses where it sees all.
    pub(crate) fn guarded(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        for guard in guards(field.world, self.target.table) {
            let name = named(guard.trigger, &self.target.table.display_name());
            if !self.results.blind.contains(&name) && self.is_blind(field, &guard)? {
                self.results.blind.push(name);
            }
        }
        Ok(())
    }

    fn is_blind(&mut self, field: &mut Field<'_, '_, '_>, guard: &Guard<'_>) -> Result<bool, SqlError> {
        let code = code_of(text_of(guard.function));
        let (a, b) = (self.target.a.clone(), self.target.b.clone());
        let table = self.target.table;
        let asked = table.columns.iter().filter(|column| {
            let name = &column.name;
            column.generated == Generated::No
                && mentions(&code, name)
                && !self.target.scope.contains(name)
                && a.value(name) != b.value(name)
        });
        let columns: Vec<&String> = asked.map(|column| &column.name).collect();
        for column in columns {
            let value = vec![(column.clone(), b.literal(column))];
            if self.rights.allows(PolicyCommand::Insert) {
                let (control, row) = self.own_insert(field)?;
                let write = |values: &[(String, String)]| insert(table, &row, values, Some(self.rights));
                let pair = [write(&value), write(&[])];
                if self.passes_blindly(field, &control.before, &pair, guard)? {
                    return Ok(true);
                }
            }
            if self.rights.column(column, UPDATE) {
                let own = identity(table, &a, |_| true);
                let set = |value: &str| {
                    format!("UPDATE {} SET {} = {value} WHERE {own}", table.sql_name(), quote_ident(column))
                };
                let pair = [set(&b.literal(column)), set(&a.literal(column))];
                if self.passes_blindly(field, &[], &pair, guard)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The role's statement works, a superuser's is refused by the guard, and his is not where it is about A alone.
    fn passes_blindly(
        &self,
        field: &mut Field<'_, '_, '_>,
        before: &[String],
        [attack, own]: &[String; 2],
        guard: &Guard<'_>,
    ) -> Result<bool, SqlError> {
        let mut one = self.new_attempt(ProbeKind::Reference, attack.clone(), Check::Affects, String::new());
        one.before = before.to_vec();
        if !attempt(field.session, field.actors, &one)?.leaked {
            return Ok(false);
        }
        let claims = field.actors.claims(&Principal { role: self.who.role.clone(), tenant: Tenant::A });
        let all: Vec<String> = before.iter().cloned().chain(claims).collect();
        let enter = all.join("; ");
        let refused = field.session.trial_after(&enter, |session| session.run(attack))?;
        let by_guard = |error: &SqlError| {
            error.context.as_deref().is_some_and(|context| mentions(context, &guard.function.name))
        };
        if !refused.is_err_and(|error| by_guard(&error)) {
            return Ok(false);
        }
        Ok(field.session.trial_after(&enter, |session| session.run(own))?.is_ok())
    }
}
