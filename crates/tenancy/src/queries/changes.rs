//! What UPDATE and DELETE change, and what columns get.

use super::analysis::{Context, Given, On, Reader, Scope, Source, folded_last};
use super::exprs::bare;
use sqlparser::ast::{
    Assignment, AssignmentTarget, Delete, DoUpdate, Expr, FromTable, ObjectName, Query, Update,
    UpdateTableFromKind,
};

impl Reader<'_> {
    pub(super) fn update<'q>(&mut self, update: &'q Update, context: &Context<'q>) {
        let mut scope = Scope::default();
        let mut conditions = Vec::new();
        self.joined(&update.table, context, &mut scope, context.level, &mut conditions);
        if let Some(UpdateTableFromKind::AfterSet(from) | UpdateTableFromKind::BeforeSet(from)) = &update.from
        {
            let more = self.tables(from, context, &mut scope, context.level);
            conditions.extend(more);
        }
        let target = target(scope.sources.first());
        let context = self.changed(scope, conditions, update.selection.as_ref(), context);
        self.assigned(target, &update.assignments, &context);
        self.inside(&update.returning, &context);
    }

    pub(super) fn delete<'q>(&mut self, delete: &'q Delete, context: &Context<'q>) {
        let mut scope = Scope::default();
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
        let mut conditions = self.tables(from, context, &mut scope, context.level);
        if let Some(using) = &delete.using {
            let more = self.tables(using, context, &mut scope, context.level);
            conditions.extend(more);
        }
        let context = self.changed(scope, conditions, delete.selection.as_ref(), context);
        self.inside(&delete.returning, &context);
    }

    /// Queries behind the body of one: in its order and its limits.
    pub(super) fn end_of<'q>(&mut self, query: &'q Query, context: &Context<'q>) {
        self.inside(&query.order_by, context);
        self.inside(&query.limit_clause, context);
        self.inside(&query.fetch, context);
    }

    fn changed<'q>(
        &mut self,
        scope: Scope,
        conditions: Vec<(On<'q>, u32)>,
        selection: Option<&'q Expr>,
        outer: &Context<'q>,
    ) -> Context<'q> {
        let mut context = outer.clone();
        context.scopes.push(scope);
        self.apply(conditions, &context);
        if let Some(condition) = selection {
            self.condition(condition, &context, outer.level);
        }
        context
    }

    /// Takes in what columns of a table get.
    pub(super) fn assigned<'q>(
        &mut self,
        target: Option<usize>,
        assignments: &'q [Assignment],
        context: &Context<'q>,
    ) {
        for assignment in assignments {
            self.inside(&assignment.value, context);
            let Some(used) = target else { continue };
            match &assignment.target {
                AssignmentTarget::ColumnName(name) => self.give(used, name, Some(&assignment.value), context),
                AssignmentTarget::Tuple(names) => {
                    let values = match bare(&assignment.value) {
                        Expr::Tuple(values) => values.as_slice(),
                        _ => &[],
                    };
                    for (at, name) in names.iter().enumerate() {
                        self.give(used, name, values.get(at), context);
                    }
                }
            }
        }
    }

    fn give(&mut self, used: usize, name: &ObjectName, value: Option<&Expr>, context: &Context<'_>) {
        let Some(column) = folded_last(name) else { return };
        let from = value.and_then(|value| self.from(value, context)).unwrap_or_default();
        // Of several parts of a UNION it is not known which is meant.
        let from = match from.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        };
        self.given.push(Given { used, column, from });
    }

    /// The row that is there and the one that was to be added have one key: they are one use.
    pub(super) fn on_conflict<'q>(&mut self, update: &'q DoUpdate, used: usize, outer: &Context<'q>) {
        let own = self.alias(used);
        let sources = vec![(own, Source::Table(used)), ("excluded".to_owned(), Source::Table(used))];
        let mut context = outer.clone();
        context.scopes.push(Scope { sources });
        self.assigned(Some(used), &update.assignments, &context);
        if let Some(condition) = &update.selection {
            self.inside(condition, &context);
        }
    }
}

/// The use of the table that is changed.
pub(super) fn target(source: Option<&(String, Source)>) -> Option<usize> {
    match source {
        Some((_, Source::Table(used))) => Some(*used),
        _ => None,
    }
}
