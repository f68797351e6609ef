//! Conditions that let rows through whoever speaks: `tags @> '{open}' OR tenant_id = …`. A row for which such a branch
//! holds has to have been tried, or it is not known what it opens.

use crate::actors::memberships;
use crate::attempt::Check;
use crate::carriers::claim_words;
use crate::model::World;
use crate::report::{Outcome, ProbeKind};
use crate::tables::{Field, Target, Trial};
use crate::texts::mentions;
use sqlparser::ast::{BinaryOperator, Expr};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use trueup_catalog::{ConstraintKind, Policy, PolicyCommand};
use trueup_postgres::SqlError;
use trueup_rows::Made;

/// Words by which a condition asks who speaks, or other rows.
const ASKING: [&str; 5] = ["current_setting", "current_user", "session_user", "current_role", "select"];

/// Branches of conditions that ask for nobody.
pub(crate) struct Branches {
    unmet: Vec<String>,
}

/// The sides of `OR`.
fn sides(expr: Expr, out: &mut Vec<Expr>) {
    match expr {
        Expr::Nested(inner) => sides(*inner, out),
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            sides(*left, out);
            sides(*right, out);
        }
        other => out.push(other),
    }
}

fn branches_of(text: &str) -> Vec<String> {
    let parsed =
        Parser::new(&PostgreSqlDialect {}).try_with_sql(text).and_then(|mut parser| parser.parse_expr());
    let mut out = Vec::new();
    if let Ok(expr) = parsed {
        sides(expr, &mut out);
    }
    out.into_iter().map(|expr| expr.to_string()).collect()
}

/// Whether a branch asks for nothing but what stands in the row, and not whose it is.
fn asks_nobody(world: &World<'_>, target: &Target<'_>, branch: &str) -> bool {
    let table = target.table;
    let points = |name: &String| {
        let mut keys = table.constraints.iter().filter(|one| one.kind == ConstraintKind::Foreign);
        keys.any(|key| key.columns.contains(name))
    };
    let of_somebody = |name: &String| {
        [&target.scope, &world.tenant_columns, &world.user_columns].iter().any(|names| names.contains(name))
            || points(name)
    };
    let words = claim_words(world.catalog);
    let asks = ASKING.into_iter().chain(words.iter().map(|(word, _)| word.as_str()));
    let functions = world.catalog.functions.iter().map(|function| function.name.as_str());
    let mut named =
        table.columns.iter().map(|column| &column.name).filter(|name| mentions(branch, name)).peekable();
    named.peek().is_some()
        && !named.any(of_somebody)
        && !asks.chain(functions).any(|word| mentions(branch, word))
}

impl Branches {
    /// Those of the policies that a role is asked for on a table.
    pub(crate) fn of(field: &Field<'_, '_, '_>, trial: &Trial<'_, '_>) -> Branches {
        let table = trial.target.table;
        let mut unmet: Vec<String> = Vec::new();
        // Restrictive policies stand before all branches.
        if trial.target.colleague || table.policies.iter().any(|policy| !policy.permissive) {
            return Branches { unmet };
        }
        let members = memberships(field.world.catalog, &trial.who.role);
        let reached = |policy: &&Policy| {
            let commands = match policy.command {
                PolicyCommand::All => {
                    vec![PolicyCommand::Select, PolicyCommand::Update, PolicyCommand::Delete]
                }
                command => vec![command],
            };
            commands.iter().any(|command| trial.rights.allows(*command))
                && policy
                    .roles
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case("public") || members.contains(name))
        };
        for text in table.policies.iter().filter(reached).filter_map(|policy| policy.using.as_deref()) {
            for branch in branches_of(text) {
                if asks_nobody(field.world, trial.target, &branch) && !unmet.contains(&branch) {
                    unmet.push(branch);
                }
            }
        }
        Branches { unmet }
    }

    /// Strikes out those that hold for a row of B.
    pub(crate) fn meet(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        trial: &Trial<'_, '_>,
        row: &Made,
        before: &[String],
    ) -> Result<(), SqlError> {
        let mut left = Vec::new();
        for branch in std::mem::take(&mut self.unmet) {
            if !trial.meets(field, row, before, &branch)? {
                left.push(branch);
            }
        }
        self.unmet = left;
        Ok(())
    }

    /// Says of what is left that it is not known.
    pub(crate) fn tell(self, trial: &mut Trial<'_, '_>) {
        for branch in self.unmet {
            let why = format!(
                "no row of tenant B could be made for which {branch} holds: it is not known what that opens"
            );
            let sql = format!("SELECT count(*) FROM {} WHERE {branch}", trial.target.name());
            let attempt = trial.new_attempt(ProbeKind::Select, sql, Check::Counts, String::new());
            trial.record(attempt, Outcome::Vacuous { why });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_of_or_are_branches() {
        let text = "((tenant_id = own()) OR ((level > 3) AND shared) OR ('x'::text = ANY (tags)))";
        assert_eq!(
            branches_of(text),
            ["tenant_id = own()", "(level > 3) AND shared", "'x'::TEXT = ANY(tags)"]
        );
        assert_eq!(branches_of("(tags"), Vec::<String>::new());
    }
}
