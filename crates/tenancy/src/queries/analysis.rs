//! One statement: the tables that it uses and what its conditions hold.
//!
//! A condition that stands alone or behind AND holds for each row of the result; one behind OR or NOT holds nothing.
//! What an outer join or a subquery asks holds only for its own rows, not for those around it: so each use of a table has a
//! level, and a condition of a level says nothing of uses that lie above it.

use crate::queries::exprs::{Nested, bare, value};
use crate::queries::graph::{From, Graph, Node};
use crate::queries::lists::{alike, columns_of_alias, function};
use sqlparser::ast::{
    BinaryOperator, ConflictTarget, Expr, Ident, Insert, Join, JoinConstraint, JoinOperator, ObjectName,
    OnConflictAction, OnInsert, Query, Select, SelectItem, SetExpr, Statement, TableFactor, TableObject,
    TableWithJoins, Visit, With,
};
use std::collections::BTreeMap;

/// Uses of tables that one statement may have; a query behind WITH is read for each of its uses.
const MOST_USES: usize = 400;

/// A table in a statement.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    /// Schema, where it is written, and name.
    pub schema: Option<String>,
    pub table: String,
    pub alias: String,
    level: u32,
    /// How it is used.
    pub how: How,
}

/// How a table is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Its rows are read, changed or deleted.
    Rows,
    /// Rows are added: the columns that are named (none where all are meant), and what holds each.
    Insert { columns: Vec<String>, values: Vec<Option<From>> },
    /// Rows are added, and where a key is there already, changed: the columns of that key, if they are named.
    Upsert { columns: Vec<String>, values: Vec<Option<From>>, key: Option<Vec<String>> },
    /// All of it, whatever a condition says.
    Whole(&'static str),
    /// It cannot be told.
    Unclear(&'static str),
}

/// What a statement does.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    pub uses: Vec<Use>,
    pub graph: Graph,
    pub given: Vec<Given>,
}

/// What a column of rows that are there gets.
#[derive(Debug)]
pub(crate) struct Given {
    /// The use of the table.
    pub used: usize,
    pub column: String,
    /// Nothing where it cannot be told.
    pub from: Option<From>,
}

/// What a name behind FROM stands for.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Table(usize),
    /// A query: its columns with what each is, by arm of a UNION.
    Derived(Vec<(String, Vec<From>)>),
    /// Something without columns that are known: a function, values.
    Opaque,
}

/// Names in reach, the innermost last.
#[derive(Clone, Default)]
pub(super) struct Scope {
    pub(super) sources: Vec<(String, Source)>,
}

/// A query behind WITH.
#[derive(Clone)]
pub(super) enum Common<'q> {
    Query(&'q Query, Vec<String>),
    Known(Source),
}

#[derive(Clone, Default)]
pub(super) struct Context<'q> {
    pub(super) scopes: Vec<Scope>,
    commons: BTreeMap<String, Common<'q>>,
    pub(super) level: u32,
}

/// Whether a table has a column, as far as that is known.
pub(crate) type Knows<'m> = dyn Fn(&Use, &str) -> Option<bool> + 'm;

/// The columns of a table in order, where they are known.
pub(crate) type Columns<'m> = dyn Fn(&Use) -> Vec<String> + 'm;

/// Reads a statement.
pub(crate) fn analyse(
    statement: &Statement,
    knows: &Knows<'_>,
    columns: &Columns<'_>,
) -> Result<Analysis, &'static str> {
    let mut reader = Reader { uses: Vec::new(), graph: Graph::default(), given: Vec::new(), knows, columns };
    reader.statement(statement, &Context::default());
    match reader.uses.len() > MOST_USES {
        true => Err("it uses too many tables"),
        false => Ok(Analysis { uses: reader.uses, graph: reader.graph, given: reader.given }),
    }
}

pub(super) struct Reader<'m> {
    pub(super) uses: Vec<Use>,
    graph: Graph,
    pub(super) given: Vec<Given>,
    knows: &'m Knows<'m>,
    pub(super) columns: &'m Columns<'m>,
}

pub(super) type Edges = Vec<(From, Node)>;

/// The name of something, as the server folds it.
pub(super) fn folded(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

pub(super) fn parts(name: &ObjectName) -> Vec<String> {
    name.0.iter().filter_map(|part| part.as_ident().map(folded)).collect()
}

/// The last part of a name.
pub(super) fn folded_last(name: &ObjectName) -> Option<String> {
    parts(name).pop()
}

impl Reader<'_> {
    fn statement<'q>(&mut self, statement: &'q Statement, context: &Context<'q>) {
        match statement {
            Statement::Query(query) => {
                self.query(query, context);
            }
            Statement::Insert(insert) => self.insert(insert, context),
            Statement::Update(update) => self.update(update, context),
            Statement::Delete(delete) => self.delete(delete, context),
            Statement::Merge(merge) => self.merge(merge, context),
            Statement::Explain { statement, .. } | Statement::Prepare { statement, .. } => {
                self.statement(statement, context)
            }
            Statement::Declare { stmts } => {
                for query in stmts.iter().filter_map(|declared| declared.for_query.as_ref()) {
                    self.query(query, context);
                }
            }
            Statement::Truncate(truncate) => {
                for target in &truncate.table_names {
                    self.used(
                        &target.name,
                        None,
                        context.level,
                        How::Whole("TRUNCATE empties the table of all tenants"),
                    );
                }
            }
            Statement::Copy { source, to, .. } => self.copy(source, *to, context),
            Statement::CreateTable(table) => {
                if let Some(query) = &table.query {
                    self.query(query, context);
                }
            }
            Statement::CreateView(view) => {
                self.query(&view.query, context);
            }
            _ => {}
        }
    }

    fn copy<'q>(&mut self, source: &'q sqlparser::ast::CopySource, to: bool, context: &Context<'q>) {
        match source {
            sqlparser::ast::CopySource::Query(query) => {
                self.query(query, context);
            }
            sqlparser::ast::CopySource::Table { table_name, .. } => {
                let how = match to {
                    true => How::Whole("COPY reads the rows of all tenants"),
                    false => How::Unclear("the rows that COPY writes do not stand in the statement"),
                };
                self.used(table_name, None, context.level, how);
            }
        }
    }

    pub(super) fn used(&mut self, name: &ObjectName, alias: Option<&Ident>, level: u32, how: How) -> usize {
        let mut parts = parts(name);
        let table = parts.pop().unwrap_or_default();
        let alias = alias.map_or_else(|| table.clone(), folded);
        self.uses.push(Use { schema: parts.pop(), table, alias, level, how });
        self.uses.len() - 1
    }

    pub(super) fn alias(&self, used: usize) -> String {
        self.uses.get(used).map(|used| used.alias.clone()).unwrap_or_default()
    }

    /// The columns that a query gives.
    fn query<'q>(&mut self, query: &'q Query, outer: &Context<'q>) -> Vec<(String, Vec<From>)> {
        if self.uses.len() > MOST_USES {
            return Vec::new();
        }
        let mut context = outer.clone();
        if let Some(with) = &query.with {
            self.common(with, &mut context);
        }
        let out = self.set(&query.body, &context);
        self.end_of(query, &context);
        out
    }

    fn common<'q>(&mut self, with: &'q With, context: &mut Context<'q>) {
        for cte in &with.cte_tables {
            let name = folded(&cte.alias.name);
            let columns: Vec<String> = cte.alias.columns.iter().map(|column| folded(&column.name)).collect();
            let writes = matches!(
                *cte.query.body,
                SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_)
            );
            if writes {
                // It is run once, whoever reads what it returns.
                self.query(&cte.query, context);
                context.commons.insert(name, Common::Known(Source::Opaque));
                continue;
            }
            if with.recursive
                && let SetExpr::SetOperation { left, .. } = &*cte.query.body
            {
                let mut inner = context.clone();
                if let Some(with) = &cte.query.with {
                    self.common(with, &mut inner);
                }
                // What it calls itself is, in the end, its first part.
                let columns_of_first = renamed(self.set(left, &inner), &columns);
                inner.commons.insert(name.clone(), Common::Known(Source::Derived(columns_of_first.clone())));
                if let SetExpr::SetOperation { right, .. } = &*cte.query.body {
                    self.set(right, &inner);
                }
                self.end_of(&cte.query, &inner);
                context.commons.insert(name, Common::Known(Source::Derived(columns_of_first)));
                continue;
            }
            context.commons.insert(name, Common::Query(&cte.query, columns));
        }
    }

    fn set<'q>(&mut self, body: &'q SetExpr, context: &Context<'q>) -> Vec<(String, Vec<From>)> {
        match body {
            SetExpr::Select(select) => self.select(select, context),
            SetExpr::Query(query) => self.query(query, context),
            SetExpr::SetOperation { left, right, .. } => {
                let left = self.set(left, context);
                let right = self.set(right, context);
                let join = |(at, (name, mut from)): (usize, (String, Vec<From>))| {
                    match right.get(at).map(|(_, other)| other) {
                        Some(other) if !other.is_empty() && !from.is_empty() => {
                            from.extend(other.iter().cloned())
                        }
                        _ => from.clear(),
                    }
                    (name, from)
                };
                left.into_iter().enumerate().map(join).collect()
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => {
                self.statement(statement, context);
                Vec::new()
            }
            SetExpr::Values(values) => {
                self.inside(values, context);
                let rows: Vec<&Vec<Expr>> = values.rows.iter().map(|row| &row.content).collect();
                let columns = self.rows(&rows, context).into_iter().enumerate();
                columns.map(|(at, from)| (format!("column{}", at + 1), from.into_iter().collect())).collect()
            }
            SetExpr::Table(table) => {
                if let Some(name) = &table.table_name {
                    let ident = Ident::with_quote('"', name.to_lowercase());
                    let name = ObjectName::from(vec![ident]);
                    self.used(&name, None, context.level, How::Whole("TABLE reads the rows of all tenants"));
                }
                Vec::new()
            }
        }
    }

    fn select<'q>(&mut self, select: &'q Select, outer: &Context<'q>) -> Vec<(String, Vec<From>)> {
        let mut scope = Scope::default();
        let level = outer.level;
        let on = self.tables(&select.from, outer, &mut scope, level);
        let mut context = outer.clone();
        context.scopes.push(scope.clone());
        self.apply(on, &context);
        for condition in select.selection.iter().chain(&select.having) {
            self.condition(condition, &context, level);
        }
        for item in &select.projection {
            self.inside(item, &context);
        }
        self.inside(&select.group_by, &context);
        self.inside(&select.distinct, &context);
        self.inside(&select.named_window, &context);
        let mut out = Vec::new();
        for item in &select.projection {
            self.output(item, &context, &scope, &mut out);
        }
        out
    }

    /// The columns that an item of SELECT gives.
    fn output(
        &self,
        item: &SelectItem,
        context: &Context<'_>,
        scope: &Scope,
        out: &mut Vec<(String, Vec<From>)>,
    ) {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                let name = match bare(expr) {
                    Expr::Identifier(ident) => folded(ident),
                    Expr::CompoundIdentifier(idents) => idents.last().map(folded).unwrap_or_default(),
                    _ => String::new(),
                };
                out.push((name, self.from(expr, context).unwrap_or_default()));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                out.push((folded(alias), self.from(expr, context).unwrap_or_default()))
            }
            SelectItem::Wildcard(_) => {
                for (_, source) in &scope.sources {
                    star(source, out);
                }
            }
            SelectItem::QualifiedWildcard(kind, _) => {
                let name = kind.to_string().trim_end_matches(".*").trim_matches('"').to_lowercase();
                for (_, source) in scope.sources.iter().filter(|(alias, _)| *alias == name) {
                    star(source, out);
                }
            }
            SelectItem::ExprWithAliases { .. } => {}
        }
    }

    /// Reads what stands behind FROM, and gives the conditions of its joins with their levels: they may name tables that
    /// stand before them.
    pub(super) fn tables<'q>(
        &mut self,
        from: &'q [TableWithJoins],
        context: &Context<'q>,
        scope: &mut Scope,
        level: u32,
    ) -> Vec<(On<'q>, u32)> {
        let mut conditions = Vec::new();
        for table in from {
            self.joined(table, context, scope, level, &mut conditions);
        }
        conditions
    }

    pub(super) fn joined<'q>(
        &mut self,
        table: &'q TableWithJoins,
        context: &Context<'q>,
        scope: &mut Scope,
        level: u32,
        conditions: &mut Vec<(On<'q>, u32)>,
    ) {
        let before = scope.sources.len();
        // A RIGHT or FULL JOIN keeps rows that none of the conditions before it holds for.
        let kept = table.joins.iter().any(|join| {
            matches!(
                join.join_operator,
                JoinOperator::Right(_) | JoinOperator::RightOuter(_) | JoinOperator::FullOuter(_)
            )
        });
        let first = if kept { level + 1 } else { level };
        self.factor_with(&table.relation, context, scope, first, conditions);
        for join in &table.joins {
            let names: Vec<String> =
                scope.sources.get(before..).unwrap_or(&[]).iter().map(|(name, _)| name.clone()).collect();
            let (constraint, own, asked) = sides(join, level);
            self.factor_with(&join.relation, context, scope, own, conditions);
            match (constraint, asked) {
                (Some(JoinConstraint::On(expr)), Some(asked)) => conditions.push((On::Expr(expr), asked)),
                (Some(JoinConstraint::Using(columns)), Some(asked)) => {
                    let right = scope.sources.last().map(|(name, _)| name.clone()).unwrap_or_default();
                    let columns = columns.iter().filter_map(|column| parts(column).pop()).collect();
                    conditions.push((On::Using(names, right, columns), asked));
                }
                (Some(JoinConstraint::Natural), Some(asked)) => {
                    let (right, columns) = self.natural(scope, before);
                    conditions.push((On::Using(names, right, columns), asked));
                }
                // Conditions that hold nothing may still hold queries.
                (Some(JoinConstraint::On(expr)), None) => conditions.push((On::Only(expr), level)),
                _ => {}
            }
        }
    }

    fn factor_with<'q>(
        &mut self,
        factor: &'q TableFactor,
        context: &Context<'q>,
        scope: &mut Scope,
        level: u32,
        conditions: &mut Vec<(On<'q>, u32)>,
    ) {
        match factor {
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.joined(table_with_joins, context, scope, level, conditions)
            }
            _ => self.factor(factor, context, scope, level),
        }
    }

    pub(super) fn factor<'q>(
        &mut self,
        factor: &'q TableFactor,
        context: &Context<'q>,
        scope: &mut Scope,
        level: u32,
    ) {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let alias_name = alias.as_ref().map(|alias| &alias.name);
                let parts = parts(name);
                let common = match parts.as_slice() {
                    [only] => context.commons.get(only).cloned(),
                    _ => None,
                };
                let shown = alias_name.map(folded).or_else(|| parts.last().cloned()).unwrap_or_default();
                let source = match common {
                    Some(Common::Known(source)) => source,
                    Some(Common::Query(query, columns)) => {
                        let mut inner = context.clone();
                        inner.level = level;
                        // A query behind WITH does not see the tables around its use, nor itself.
                        inner.scopes.clear();
                        if let [only] = parts.as_slice() {
                            inner.commons.remove(only);
                        }
                        Source::Derived(renamed(self.query(query, &inner), &columns))
                    }
                    None => Source::Table(self.used(name, alias_name, level, How::Rows)),
                };
                let source = self.with_names(source, &columns_of_alias(alias.as_ref()));
                scope.sources.push((shown, source));
            }
            TableFactor::Derived { subquery, alias, lateral, .. } => {
                let mut inner = context.clone();
                inner.level = level;
                if *lateral {
                    inner.scopes.push(scope.clone());
                }
                let columns = self.query(subquery, &inner);
                let names = columns_of_alias(alias.as_ref());
                let name = alias.as_ref().map(|alias| folded(&alias.name)).unwrap_or_default();
                scope.sources.push((name, Source::Derived(renamed(columns, &names))));
            }
            other => {
                let mut inner = context.clone();
                inner.scopes.push(scope.clone());
                self.inside(other, &inner);
                let alias = match other {
                    TableFactor::Table { alias, .. }
                    | TableFactor::Function { alias, .. }
                    | TableFactor::UNNEST { alias, .. } => alias.as_ref(),
                    _ => None,
                };
                let name = alias.map(|alias| folded(&alias.name)).unwrap_or_default();
                scope.sources.push((name, function(other)));
            }
        }
    }

    pub(super) fn apply<'q>(&mut self, conditions: Vec<(On<'q>, u32)>, context: &Context<'q>) {
        for (on, level) in conditions {
            match on {
                On::Expr(expr) => self.condition(expr, context, level),
                On::Only(expr) => self.inside(expr, context),
                On::Using(left, right, columns) => {
                    for column in columns {
                        for name in &left {
                            let one = self.named(Some(name), &column, context);
                            let two = self.named(Some(&right), &column, context);
                            let edges = self.equal(one.as_deref(), two.as_deref(), level);
                            self.graph.add(edges);
                        }
                    }
                }
            }
        }
    }

    /// Takes in what a condition holds, and reads the queries in it.
    pub(super) fn condition<'q>(&mut self, condition: &'q Expr, context: &Context<'q>, level: u32) {
        let edges = self.edges(condition, context, level, true);
        self.graph.add(edges);
    }

    /// What a condition holds; a query in it that need not find anything is not `firm`.
    fn edges<'q>(&mut self, condition: &'q Expr, context: &Context<'q>, level: u32, firm: bool) -> Edges {
        match condition {
            Expr::Nested(inner) => self.edges(inner, context, level, firm),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                let mut out = self.edges(left, context, level, firm);
                out.extend(self.edges(right, context, level, firm));
                out
            }
            // What both sides hold is held.
            Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
                let left = self.edges(left, context, level, false);
                let right = self.edges(right, context, level, false);
                left.into_iter().filter(|edge| right.contains(edge)).collect()
            }
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                self.equality(left, right, context, level)
            }
            Expr::InList { expr, list, negated: false } if list.len() == 1 => {
                let Some(only) = list.first() else { return Vec::new() };
                self.equality(expr, only, context, level)
            }
            Expr::InList { expr, list, negated: false } => self.listed(expr, list, context, level),
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
                self.any(left, right, context, level)
            }
            Expr::IsTrue(inner) => self.edges(inner, context, level, firm),
            Expr::InSubquery { expr, subquery, negated } => {
                self.inside(&**expr, context);
                let inner = self.nested(subquery, context, *negated || !firm, level);
                let single = inner.into_iter().next().filter(|_| !negated).map(|(_, from)| from);
                let own = self.from(expr, context);
                self.equal(own.as_deref(), single.as_deref(), level)
            }
            Expr::Exists { subquery, negated } => {
                self.nested(subquery, context, *negated || !firm, level);
                Vec::new()
            }
            other => {
                self.inside(other, context);
                Vec::new()
            }
        }
    }

    /// A query in a condition. Where it has to find something, what it asks holds for the rows around it, too.
    fn nested<'q>(
        &mut self,
        query: &'q Query,
        context: &Context<'q>,
        negated: bool,
        level: u32,
    ) -> Vec<(String, Vec<From>)> {
        let mut inner = context.clone();
        inner.level = if negated { self.deepest(context, level) + 1 } else { level };
        self.query(query, &inner)
    }

    /// The deepest level of what is around.
    fn deepest(&self, context: &Context<'_>, level: u32) -> u32 {
        self.uses.iter().map(|used| used.level).max().unwrap_or(0).max(level).max(context.level)
    }

    fn equality<'q>(&mut self, left: &'q Expr, right: &'q Expr, context: &Context<'q>, level: u32) -> Edges {
        self.inside(left, context);
        self.inside(right, context);
        if let (Expr::Tuple(left), Expr::Tuple(right)) = (bare(left), bare(right)) {
            let mut out = Vec::new();
            for (left, right) in left.iter().zip(right) {
                let (left, right) = (self.from(left, context), self.from(right, context));
                out.extend(self.equal(left.as_deref(), right.as_deref(), level));
            }
            return out;
        }
        let (left, right) = (self.from(left, context), self.from(right, context));
        self.equal(left.as_deref(), right.as_deref(), level)
    }

    /// What follows from two things being equal, for uses that the level may say something of.
    pub(super) fn equal(&self, one: Option<&[From]>, two: Option<&[From]>, level: u32) -> Edges {
        let (Some(one), Some(two)) = (one, two) else { return Vec::new() };
        let mut out = Vec::new();
        for (from, to) in [(one, two), (two, one)] {
            // Of several parts of a UNION it is not known from which a row comes.
            let [from] = from else { continue };
            if matches!(from, From::Differing(_)) {
                continue;
            }
            for node in to {
                if let From::Column(node) = node
                    && self.uses.get(node.0).is_some_and(|used| used.level >= level)
                    && *from != From::Column(node.clone())
                {
                    out.push((from.clone(), node.clone()));
                }
            }
        }
        out
    }

    /// What an expression is: a column, or a value that no row changes.
    pub(super) fn from(&self, expr: &Expr, context: &Context<'_>) -> Option<Vec<From>> {
        match bare(expr) {
            Expr::Identifier(ident) => self.named(None, &folded(ident), context),
            Expr::CompoundIdentifier(idents) => {
                let (column, rest) = idents.split_last()?;
                self.named(rest.last().map(folded).as_deref(), &folded(column), context)
            }
            other => value(other).map(|from| vec![from]),
        }
    }

    /// A column by its name; nothing where it is not known which table it belongs to.
    fn named(&self, alias: Option<&str>, column: &str, context: &Context<'_>) -> Option<Vec<From>> {
        for scope in context.scopes.iter().rev() {
            let mut found = scope.sources.iter().filter(|(name, _)| alias.is_none_or(|alias| alias == name));
            if let Some(alias) = alias {
                let Some((_, source)) = found.find(|(name, _)| name == alias) else { continue };
                return column_of(source, column);
            }
            let sources: Vec<&Source> = found.map(|(_, source)| source).collect();
            let sure = sources.iter().find(|source| self.has(source, column) == Some(true));
            let mut maybe = sources.iter().filter(|source| self.has(source, column).is_none());
            match (sure, maybe.next(), maybe.next()) {
                (Some(source), ..) | (None, Some(source), None) => return column_of(source, column),
                // Which of several it is cannot be told.
                (None, Some(_), Some(_)) => return None,
                (None, None, _) => {}
            }
        }
        None
    }

    pub(super) fn has(&self, source: &Source, column: &str) -> Option<bool> {
        match source {
            Source::Table(at) => self.uses.get(*at).and_then(|used| (self.knows)(used, column)),
            Source::Derived(columns) => {
                let open = columns.iter().any(|(name, _)| name == "*");
                if columns.iter().any(|(name, _)| name == column) {
                    Some(true)
                } else if open {
                    None
                } else {
                    Some(false)
                }
            }
            Source::Opaque => None,
        }
    }

    /// Reads queries inside of something that holds nothing by itself.
    pub(super) fn inside<'q, V: Visit>(&mut self, what: &'q V, context: &Context<'q>) {
        let mut found = Nested::default();
        let _ = what.visit(&mut found);
        for query in found.queries {
            let level = self.deepest(context, context.level) + 1;
            self.detached(&query, context, level);
        }
    }

    /// A query that was copied out of an expression.
    fn detached(&mut self, query: &Query, context: &Context<'_>, level: u32) {
        let mut inner = context.clone();
        inner.level = level;
        self.query(query, &inner);
    }

    fn insert<'q>(&mut self, insert: &'q Insert, context: &Context<'q>) {
        let TableObject::TableName(name) = &insert.table else { return };
        let columns: Vec<String> = insert.columns.iter().filter_map(|column| parts(column).pop()).collect();
        let values = match insert.source.as_deref() {
            Some(query) => self.inserted(query, context),
            None => Vec::new(),
        };
        let how = match &insert.on {
            Some(OnInsert::OnConflict(conflict))
                if matches!(conflict.action, OnConflictAction::DoUpdate(_)) =>
            {
                let key = match &conflict.conflict_target {
                    Some(ConflictTarget::Columns(columns)) => Some(columns.iter().map(folded).collect()),
                    _ => None,
                };
                How::Upsert { columns, values, key }
            }
            _ => How::Insert { columns, values },
        };
        let alias = insert.table_alias.as_ref().map(|alias| &alias.alias);
        let used = self.used(name, alias, context.level, how);
        if let Some(OnInsert::OnConflict(conflict)) = &insert.on
            && let OnConflictAction::DoUpdate(update) = &conflict.action
        {
            self.on_conflict(update, used, context);
        }
        let mut context = context.clone();
        context.scopes.push(Scope { sources: vec![(self.alias(used), Source::Table(used))] });
        self.inside(&insert.returning, &context);
    }

    /// What each column of new rows is held to, in order.
    fn inserted<'q>(&mut self, query: &'q Query, context: &Context<'q>) -> Vec<Option<From>> {
        let mut context = context.clone();
        if let Some(with) = &query.with {
            self.common(with, &mut context);
        }
        if let SetExpr::Values(values) = &*query.body {
            self.inside(values, &context);
            self.end_of(query, &context);
            let rows: Vec<&Vec<Expr>> = values.rows.iter().map(|row| &row.content).collect();
            return self.rows(&rows, &context);
        }
        let columns = self.set(&query.body, &context);
        self.end_of(query, &context);
        let arms = |(_, from): (String, Vec<From>)| {
            // Parts of a UNION that name columns are each held by themselves.
            let first = from.first().cloned();
            alike(from.into_iter().map(Some)).or(first)
        };
        columns.into_iter().map(arms).collect()
    }
}

/// A condition of a join.
pub(super) enum On<'q> {
    Expr(&'q Expr),
    /// Holds nothing; queries in it are read.
    Only(&'q Expr),
    Using(Vec<String>, String, Vec<String>),
}

/// The condition of a join, the level of what is joined, and the level that the condition speaks for.
fn sides(join: &Join, level: u32) -> (Option<&JoinConstraint>, u32, Option<u32>) {
    match &join.join_operator {
        JoinOperator::Join(on) | JoinOperator::Inner(on) | JoinOperator::CrossJoin(on) => {
            (Some(on), level, Some(level))
        }
        JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (Some(on), level + 1, Some(level + 1)),
        // The tables on the left lie a level deeper: for them alone it speaks.
        JoinOperator::Right(on) | JoinOperator::RightOuter(on) => (Some(on), level, Some(level + 1)),
        JoinOperator::FullOuter(on) => (Some(on), level + 1, None),
        _ => (None, level, None),
    }
}

fn star(source: &Source, out: &mut Vec<(String, Vec<From>)>) {
    match source {
        Source::Table(at) => out.push(("*".to_owned(), vec![From::Column((*at, "*".to_owned()))])),
        Source::Derived(columns) => out.extend(columns.iter().cloned()),
        Source::Opaque => {}
    }
}

fn column_of(source: &Source, column: &str) -> Option<Vec<From>> {
    match source {
        Source::Table(at) => Some(vec![From::Column((*at, column.to_owned()))]),
        Source::Derived(columns) => {
            let named = columns.iter().find(|(name, _)| name == column).map(|(_, from)| from.clone());
            let star = || {
                let all: Vec<From> = columns
                    .iter()
                    .filter(|(name, _)| name == "*")
                    .flat_map(|(_, from)| from)
                    .filter_map(|from| match from {
                        From::Column((at, _)) => Some(From::Column((*at, column.to_owned()))),
                        From::Value(_) | From::Several(_) | From::Differing(_) => None,
                    })
                    .collect();
                (columns.iter().filter(|(name, _)| name == "*").count() == 1 && !all.is_empty())
                    .then_some(all)
            };
            named.or_else(star).filter(|from| !from.is_empty())
        }
        Source::Opaque => None,
    }
}

pub(super) fn renamed(mut columns: Vec<(String, Vec<From>)>, names: &[String]) -> Vec<(String, Vec<From>)> {
    for ((name, _), new) in columns.iter_mut().zip(names) {
        name.clone_from(new);
    }
    columns
}
