//! Rows that are written for another tenant, and rows of another that are changed, through a view.

use crate::changes::other_key;
use crate::model::World;
use crate::observe::{Asked, Question};
use crate::report::{Model, SubjectKind};
use crate::rows_sql::{equal, identity, is_comparable, loosen, remove};
use crate::session::Session;
use sqlparser::ast::{Expr, Ident, SelectItem, SetExpr, Statement, TableFactor};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use trueup_catalog::{Column, ConstraintKind, Generated, Relation, quote_ident};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Made, Maker};

/// Adds to the ways in which views are asked those that write for tenant B.
pub(crate) fn through_views(
    session: &mut Session<'_>,
    maker: &mut Maker<'_>,
    world: &World<'_>,
    asked: &mut [Asked],
    a: &mut Family,
    b: &mut Family,
) -> Result<(), SqlError> {
    for one in asked.iter_mut().filter(|one| one.kind == SubjectKind::View) {
        let Some(view) = world.catalog.relations.iter().find(|relation| relation.oid == one.oid) else {
            continue;
        };
        let given = |privilege: &str| {
            view.grants.iter().any(|grant| grant.privilege == privilege && grant.grantee != view.owner)
        };
        let (inserts, updates) = (given("INSERT"), given("UPDATE"));
        if !inserts && !updates {
            continue;
        }
        let reads = one.reads.clone();
        for base in world.catalog.tables().filter(|table| reads.contains(&table.oid)) {
            let Some(way) = Way::of(world, view, base, a, b) else { continue };
            if updates {
                one.questions.extend(way.changes());
            }
            if !way.shows_scope() {
                continue;
            }
            if inserts {
                one.questions.extend(way.inserts(session, maker, a, b)?);
            }
            if updates {
                one.questions.push(way.moves(session, world)?);
            }
        }
    }
    Ok(())
}

/// A view that shows whose the rows of a table are.
struct Way<'w> {
    view: &'w Relation,
    base: &'w Relation,
    /// Columns of the table, and what the view calls them.
    shown: Vec<(String, String)>,
    scope: Vec<String>,
    a: Made,
    b: Made,
}

/// Columns of a table that a view shows as they are, with their names there.
fn shown_columns(view: &Relation, base: &Relation) -> Vec<(String, String)> {
    let by_definition = view.definition.as_deref().map(|text| defined(text, view, base)).unwrap_or_default();
    let mut out = by_definition;
    // Where triggers write, the definition need not show where a column comes from.
    for column in &base.columns {
        let known = out.iter().any(|(own, name)| *own == column.name || *name == column.name);
        if !known && view.column(&column.name).is_some() {
            out.push((column.name.clone(), column.name.clone()));
        }
    }
    out
}

fn defined(text: &str, view: &Relation, base: &Relation) -> Vec<(String, String)> {
    let parsed = Parser::parse_sql(&PostgreSqlDialect {}, text).unwrap_or_default();
    let Some(Statement::Query(query)) = parsed.first() else { return Vec::new() };
    let SetExpr::Select(select) = &*query.body else { return Vec::new() };
    let factors = select.from.iter().flat_map(|table| {
        std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation))
    });
    let mut aliases = Vec::new();
    let mut only = true;
    for factor in factors {
        let TableFactor::Table { name, alias, .. } = factor else {
            only = false;
            continue;
        };
        let last = name.0.last().and_then(|part| part.as_ident()).map(unquoted).unwrap_or_default();
        match last == base.name {
            true => aliases.push(alias.as_ref().map_or(last, |alias| unquoted(&alias.name))),
            false => only = false,
        }
    }
    let own = |expr: &Expr| match expr {
        Expr::Identifier(column) if only => Some(unquoted(column)),
        Expr::CompoundIdentifier(parts) => {
            let (column, rest) = parts.split_last()?;
            rest.last().filter(|alias| aliases.contains(&unquoted(alias))).map(|_| unquoted(column))
        }
        _ => None,
    };
    let one = |(item, column): (&SelectItem, &Column)| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            Some((own(expr)?, column.name.clone()))
        }
        _ => None,
    };
    let found = select.projection.iter().zip(&view.columns).filter_map(one);
    found.filter(|(column, _)| base.column(column).is_some()).collect()
}

/// A name as the catalog has it.
fn unquoted(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

impl<'w> Way<'w> {
    fn of(
        world: &World<'_>,
        view: &'w Relation,
        base: &'w Relation,
        a: &Family,
        b: &Family,
    ) -> Option<Way<'w>> {
        let placed = world.of(base).filter(|placed| placed.model.is_scoped())?;
        let anchor = match &placed.model {
            Model::Root { .. } => true,
            Model::User { .. } => world.users.as_ref().is_some_and(|users| users.is(base)),
            _ => false,
        };
        let scope = world.scope(base);
        let shown = shown_columns(view, base);
        let row = |family: &Family| family.row(&base.schema, &base.name).cloned();
        (!scope.is_empty() && !anchor).then_some(())?;
        Some(Way { view, base, shown, scope, a: row(a)?, b: row(b)? })
    }

    /// What the view calls a column of the table.
    fn name(&self, column: &str) -> Option<&str> {
        self.shown.iter().find(|(own, _)| own == column).map(|(_, name)| name.as_str())
    }

    /// It tells whose a row is, so that a row can be given to somebody.
    fn shows_scope(&self) -> bool {
        self.scope.iter().all(|column| self.name(column).is_some())
    }

    /// Whether somebody has a right on a column of the view.
    fn may(&self, privilege: &str, name: &str) -> bool {
        self.view.grants.iter().any(|grant| {
            grant.privilege == privilege
                && grant.grantee != self.view.owner
                && grant.column.as_deref().is_none_or(|column| column == name)
        })
    }

    /// A column that the view lets change, with its name there, and a value that B's row does not have. One that is part
    /// of a key is taken last.
    fn changed(&self) -> Option<(&Column, String, String)> {
        let in_key = |column: &Column, kinds: &[ConstraintKind]| {
            let mut keys = self.base.constraints.iter().filter(|own| kinds.contains(&own.kind));
            keys.any(|own| own.columns.contains(&column.name))
        };
        let unique = [ConstraintKind::Primary, ConstraintKind::Unique, ConstraintKind::Exclusion];
        let is_unique = |column: &Column| {
            in_key(column, &unique)
                || self.base.indexes.iter().any(|own| own.unique && own.columns.contains(&column.name))
        };
        let may = self.base.columns.iter().filter_map(|column| {
            let name = self.name(&column.name).filter(|name| self.may("UPDATE", name))?;
            let fits = is_comparable(column)
                && column.generated == Generated::No
                && !self.scope.contains(&column.name)
                && !in_key(column, &[ConstraintKind::Foreign]);
            fits.then(|| (column, quote_ident(name)))
        });
        let may: Vec<(&Column, String)> = may.collect();
        let differs = |column: &Column| self.a.value(&column.name) != self.b.value(&column.name);
        let free = may.iter().find(|(column, _)| !is_unique(column) && differs(column));
        let free = free.map(|(column, name)| (*column, name.clone(), self.a.literal(&column.name)));
        let key = || may.iter().find_map(|(column, name)| Some((*column, name.clone(), other_key(column)?)));
        free.or_else(key)
    }

    /// Rows of B get another value, by a condition and without one.
    fn changes(&self) -> Vec<Question> {
        let Some((column, name, value)) = self.changed() else { return Vec::new() };
        let same = equal(self.base, std::slice::from_ref(&column.name), &self.b);
        let gone = format!(
            "SELECT NOT EXISTS (SELECT FROM {} WHERE {} AND {same})",
            self.base.sql_name(),
            identity(self.base, &self.b, |_| true)
        );
        let set = format!("UPDATE {} SET {name} = {value}", self.view.sql_name());
        let find = format!("{set} WHERE {name} = {}", self.b.literal(&column.name));
        [set, find]
            .map(|sql| Question {
                before: Vec::new(),
                sql,
                writes: true,
                check: Some((gone.clone(), "a row of tenant B is changed".to_owned())),
            })
            .to_vec()
    }

    fn question(
        &self,
        session: &mut Session<'_>,
        mut before: Vec<String>,
        sql: String,
    ) -> Result<Question, SqlError> {
        let scope = equal(self.base, &self.scope, &self.b);
        let count = format!("SELECT count(*) FROM {} WHERE {scope}", self.base.sql_name());
        let had = session.run(&count)?.first().and_then(|count| count.parse::<i64>().ok()).unwrap_or(0) - 1;
        // Its keys may allow tenant B no second row.
        before.extend(remove(self.base, &self.b));
        let shows = "a row is written for tenant B".to_owned();
        Ok(Question { before, sql, writes: true, check: Some((format!("SELECT ({count}) > {had}"), shows)) })
    }

    /// A row of B, and one of A with B's scope.
    fn inserts(
        &self,
        session: &mut Session<'_>,
        maker: &mut Maker<'_>,
        a: &mut Family,
        b: &mut Family,
    ) -> Result<Vec<Question>, SqlError> {
        let mut out = Vec::new();
        for (family, old) in [(b, &self.b), (a, &self.a)] {
            let (rows, failed) = (family.rows.len(), family.failed.clone());
            let made = session.trial(|session| Ok(maker.another(session.client, family, self.base)))?;
            family.rows.truncate(rows);
            family.failed = failed;
            let (row, before) = match made {
                Ok(Ok(row)) => (row, Vec::new()),
                _ => (old.clone(), remove(self.base, old)),
            };
            let shown = self.base.columns.iter().filter_map(|column| {
                let given = !matches!(column.generated, Generated::Expression | Generated::IdentityAlways);
                Some((column, self.name(&column.name).filter(|name| given && self.may("INSERT", name))?))
            });
            let value = |name: &String| match self.scope.contains(name) {
                true => self.b.literal(name),
                false => row.literal(name),
            };
            let (names, values): (Vec<String>, Vec<String>) =
                shown.map(|(column, name)| (quote_ident(name), value(&column.name))).unzip();
            let sql = format!(
                "INSERT INTO {} ({}) VALUES ({})",
                self.view.sql_name(),
                names.join(", "),
                values.join(", ")
            );
            out.push(self.question(session, before, sql)?);
        }
        Ok(out)
    }

    /// Rows of A are given to B, with what they point to.
    fn moves(&self, session: &mut Session<'_>, world: &World<'_>) -> Result<Question, SqlError> {
        let mut columns = self.scope.clone();
        for key in self.base.constraints.iter().filter(|key| key.kind == ConstraintKind::Foreign) {
            let scoped =
                key.references.as_ref().is_some_and(|(schema, name, _)| world.is_scoped(schema, name));
            columns.extend(key.columns.iter().filter(|_| scoped).cloned());
        }
        columns.sort();
        columns.dedup();
        let set: Vec<String> = columns
            .iter()
            .filter_map(|column| {
                Some(format!("{} = {}", quote_ident(self.name(column)?), self.b.literal(column)))
            })
            .collect();
        let sql = format!("UPDATE {} SET {}", self.view.sql_name(), set.join(", "));
        self.question(session, loosen(world.catalog, self.base), sql)
    }
}
