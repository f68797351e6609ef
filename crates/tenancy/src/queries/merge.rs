//! MERGE: each of its branches is a statement by itself.

use super::analysis::{Context, How, Reader, Scope, folded_last};
use super::changes::target;
use super::graph::From;
use sqlparser::ast::{
    Expr, Merge, MergeAction, MergeClause, MergeClauseKind, MergeInsertExpr, MergeInsertKind,
    MergeUpdateKind, TableFactor,
};

impl Reader<'_> {
    pub(super) fn merge<'q>(&mut self, merge: &'q Merge, context: &Context<'q>) {
        for clause in &merge.clauses {
            if !matches!(clause.action, MergeAction::DoNothing { .. }) {
                self.branch(merge, clause, context);
            }
        }
    }

    /// Where rows match, the condition holds for both sides. Where they do not, it holds for none: only what the branch
    /// asks itself does, of the side that is there.
    fn branch<'q>(&mut self, merge: &'q Merge, clause: &'q MergeClause, outer: &Context<'q>) {
        let matched = clause.clause_kind == MergeClauseKind::Matched;
        let by_source = clause.clause_kind == MergeClauseKind::NotMatchedBySource;
        let mut scope = Scope::default();
        if !by_source {
            self.factor(&merge.source, outer, &mut scope, outer.level);
        }
        if matched || by_source {
            self.factor(&merge.table, outer, &mut scope, outer.level);
        }
        let changed = target(scope.sources.last()).filter(|_| matched || by_source);
        let mut context = outer.clone();
        context.scopes.push(scope);
        let conditions = Some(&*merge.on).filter(|_| matched).into_iter().chain(&clause.predicate);
        for condition in conditions {
            self.condition(condition, &context, outer.level);
        }
        match &clause.action {
            MergeAction::Insert(insert) => self.merged_row(merge, insert, &context),
            MergeAction::Update(update) => {
                if let MergeUpdateKind::Set(assignments) = &update.kind {
                    self.assigned(changed, assignments, &context);
                }
            }
            MergeAction::Delete { .. } | MergeAction::DoNothing { .. } => {}
        }
        self.inside(&merge.output, &context);
    }

    fn merged_row<'q>(&mut self, merge: &'q Merge, insert: &'q MergeInsertExpr, context: &Context<'q>) {
        let TableFactor::Table { name, .. } = &merge.table else { return };
        let columns: Vec<String> = insert.columns.iter().filter_map(folded_last).collect();
        let how = match &insert.kind {
            MergeInsertKind::Values(values) => {
                let row = values.rows.first().map(|row| row.content.as_slice()).unwrap_or_default();
                row.iter().for_each(|value| self.inside(value, context));
                let one = |value: &Expr| -> Option<From> { self.from(value, context)?.into_iter().next() };
                How::Insert { columns, values: row.iter().map(one).collect() }
            }
            _ => How::Unclear("the new rows of MERGE do not stand in the statement"),
        };
        self.used(name, None, context.level, how);
    }
}
