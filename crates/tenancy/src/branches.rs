//! Conditions that let rows through whoever speaks: `tags @> '{open}' OR tenant_id = …`. A row for which such a branch
//! holds has to have been tried, or it is not known what it opens.

use crate::actors::memberships;
use crate::attempt::Check;
use crate::carriers::claim_words;
use crate::model::World;
use crate::report::{Outcome, ProbeKind};
use crate::statics::text_asks;
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
    let Ok(expr) = parsed else { return sides_of_text(text) };
    let mut out = Vec::new();
    sides(expr, &mut out);
    out.into_iter().map(|expr| expr.to_string()).collect()
}

/// The same of a condition that is not understood as a whole, as the server writes it.
fn sides_of_text(text: &str) -> Vec<String> {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'))
        && ends_of_sides(inner).is_some()
    {
        text = inner.trim();
    }
    let ends = ends_of_sides(text).unwrap_or_default();
    let mut out = Vec::new();
    let mut start = 0;
    for end in ends {
        out.push(text.get(start..end).unwrap_or(""));
        start = end + OR.len();
    }
    out.push(text.get(start..).unwrap_or(""));
    match out.as_slice() {
        [side] => vec![(*side).to_owned()],
        sides => sides.iter().flat_map(|side| sides_of_text(side)).collect(),
    }
}

/// Between two sides.
const OR: &str = " OR ";

/// Places of `OR` outside of brackets and texts; nothing where brackets are not even.
fn ends_of_sides(text: &str) -> Option<Vec<usize>> {
    let (mut depth, mut quote, mut out) = (0u32, None, Vec::new());
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(end), c) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.checked_sub(1)?,
            (None, ' ') if depth == 0 && text.get(at..).is_some_and(|rest| rest.starts_with(OR)) => {
                out.push(at);
            }
            _ => {}
        }
    }
    (depth == 0 && quote.is_none()).then_some(out)
}

/// Columns that tell whose a row is, or that point to a row that does.
fn tells_owner(world: &World<'_>, target: &Target<'_>, name: &String) -> bool {
    let mut keys = target.table.constraints.iter().filter(|one| one.kind == ConstraintKind::Foreign);
    [&target.scope, &world.tenant_columns, &world.user_columns].iter().any(|names| names.contains(name))
        || keys.any(|key| key.columns.contains(name))
}

/// Whether a condition asks who speaks, and whether the row is theirs.
fn asks_owner(world: &World<'_>, target: &Target<'_>, text: &str) -> bool {
    let mut named = target.table.columns.iter().map(|column| &column.name);
    text_asks(world, target.table, text)
        && named.any(|name| mentions(text, name) && tells_owner(world, target, name))
}

/// Whether a branch asks for nothing but what stands in the row, and not whose it is.
fn asks_nobody(world: &World<'_>, target: &Target<'_>, branch: &str) -> bool {
    let table = target.table;
    let words = claim_words(world.catalog);
    let asks = ASKING.into_iter().chain(words.iter().map(|(word, _)| word.as_str()));
    let functions = world.catalog.functions.iter().map(|function| function.name.as_str());
    let mut named =
        table.columns.iter().map(|column| &column.name).filter(|name| mentions(branch, name)).peekable();
    named.peek().is_some()
        && !named.any(|name| tells_owner(world, target, name))
        && !asks.chain(functions).any(|word| mentions(branch, word))
}

impl Branches {
    /// Those of the policies that a role is asked for on a table.
    pub(crate) fn of(field: &Field<'_, '_, '_>, trial: &Trial<'_, '_>) -> Branches {
        let table = trial.target.table;
        let mut unmet: Vec<String> = Vec::new();
        if trial.target.colleague {
            return Branches { unmet };
        }
        let members = memberships(field.world.catalog, &trial.who.role);
        let told = |policy: &Policy| {
            policy.roles.iter().any(|name| name.eq_ignore_ascii_case("public") || members.contains(name))
        };
        let is_for = |policy: &Policy, command: PolicyCommand| {
            (policy.command == PolicyCommand::All || policy.command == command) && told(policy)
        };
        // A restrictive policy stands before all branches, but only where it is asked, and asks whose the row is.
        let kept = |command: PolicyCommand| {
            table.policies.iter().any(|policy| {
                let text = policy.using.as_deref().unwrap_or("");
                !policy.permissive && is_for(policy, command) && asks_owner(field.world, trial.target, text)
            })
        };
        let commands: Vec<PolicyCommand> =
            [PolicyCommand::Select, PolicyCommand::Update, PolicyCommand::Delete]
                .into_iter()
                .filter(|command| trial.rights.allows(*command) && !kept(*command))
                .collect();
        let reached =
            |policy: &&Policy| policy.permissive && commands.iter().any(|command| is_for(policy, *command));
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
        // What is not understood is not left out.
        assert_eq!(branches_of("(tags"), ["(tags"]);
        let unknown =
            "((tenant_id = own()) OR (((body IS NFKC NORMALIZED) AND ('a OR )'::text = b)) OR (c -|- d)))";
        assert_eq!(
            sides_of_text(unknown),
            ["tenant_id = own()", "(body IS NFKC NORMALIZED) AND ('a OR )'::text = b)", "c -|- d"]
        );
    }
}
