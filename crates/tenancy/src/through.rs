//! Rows that are written for another tenant through a view.

use crate::model::World;
use crate::observe::{Asked, Question};
use crate::report::{Model, SubjectKind};
use crate::rows_sql::{equal, loosen, remove};
use crate::session::Session;
use trueup_catalog::{ConstraintKind, Generated, Relation, quote_ident};
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
    scope: Vec<String>,
    a: Made,
    b: Made,
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
        let shown = !scope.is_empty() && scope.iter().all(|name| view.column(name).is_some());
        let row = |family: &Family| family.row(&base.schema, &base.name).cloned();
        (shown && !anchor).then_some(())?;
        Some(Way { view, base, scope, a: row(a)?, b: row(b)? })
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
        Ok(Question { before, sql, writes: true, check: Some(format!("SELECT ({count}) > {had}")) })
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
            let shown = self.base.columns.iter().filter(|column| {
                self.view.column(&column.name).is_some()
                    && !matches!(column.generated, Generated::Expression | Generated::IdentityAlways)
            });
            let value = |name: &String| match self.scope.contains(name) {
                true => self.b.literal(name),
                false => row.literal(name),
            };
            let (names, values): (Vec<String>, Vec<String>) =
                shown.map(|column| (quote_ident(&column.name), value(&column.name))).unzip();
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
        columns.retain(|name| self.view.column(name).is_some());
        columns.sort();
        columns.dedup();
        let set: Vec<String> =
            columns.iter().map(|name| format!("{} = {}", quote_ident(name), self.b.literal(name))).collect();
        let sql = format!("UPDATE {} SET {}", self.view.sql_name(), set.join(", "));
        self.question(session, loosen(world.catalog, self.base), sql)
    }
}
