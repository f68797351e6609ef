//! Rows of two tenants.

use crate::actors::STAND_INS;
use crate::carriers::{Identity, claim_words, claims_sql};
use crate::model::{Key, World, is_named};
use crate::options::Options;
use crate::report::{Carrier, Tenant};
use crate::session::Session;
use crate::texts::{all_texts, comparisons, mentions, settings, text_of};
use trueup_catalog::{ConstraintKind, Relation, quote_literal};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Maker, Pin, links};

/// Whether rows can only be written by somebody who speaks: triggers ask who it is.
pub(crate) fn triggers_ask(world: &World<'_>) -> bool {
    let words = claim_words(world.catalog);
    let triggers = world.catalog.functions.iter().filter(|function| function.is_trigger);
    let asks = |text: &str| !settings(text).is_empty() || words.iter().any(|(word, _)| mentions(text, word));
    triggers.map(text_of).any(asks)
}

/// Makes the rows of one tenant in each table; what cannot be made stands in the family.
pub(crate) fn seed(
    session: &mut Session<'_>,
    maker: &mut Maker<'_>,
    world: &World<'_>,
    options: &Options,
    tenant: Tenant,
) -> Result<(Family, Identity), SqlError> {
    let tag = if tenant == Tenant::A { "alpha" } else { "beta" };
    let mut family = Family::new(tag);
    let mut identity = Identity::default();
    pin_roles(world, tenant, &mut family, &mut identity);
    identity.tenant = anchor(session, maker, &mut family, world, world.root.as_ref(), &world.tenant_columns)?
        .or(identity.tenant);
    if let Some(value) = &identity.tenant {
        pin(&mut family, world, &world.tenant_columns, value, world.root.as_ref());
        family.words.push(("tenant".to_owned(), quote_literal(value)));
    }
    identity.user = anchor(session, maker, &mut family, world, world.users.as_ref(), &world.user_columns)?
        .or(identity.user);
    if let Some(value) = &identity.user {
        pin(&mut family, world, &world.user_columns, value, world.users.as_ref());
        family.words.push(("user".to_owned(), quote_literal(value)));
    }
    let users = world.users.as_ref().and_then(|users| family.row(&users.schema, &users.table));
    identity.email = users.and_then(|row| row.value("email")).map(str::to_owned);
    pin_words(world, &mut family);
    if triggers_ask(world) {
        let claims = claims_sql(&world.carriers, &identity, "");
        session.execute(&claims.join("; "))?;
    }
    for table in wanted(world, options) {
        // Why there is none stands in the family.
        let _ = maker.row(session.client, &mut family, table);
    }
    Ok((family, identity))
}

/// Tables in which rows are needed: parts of tables only where they can be reached by their own names.
fn wanted<'c>(world: &World<'c>, options: &Options) -> Vec<&'c Relation> {
    let reached = |table: &&Relation| {
        let global_by_guess = world.of(table).is_some_and(|placed| !placed.model.is_scoped())
            && !options.globals.iter().any(|name| is_named(table, name));
        match table.is_partition {
            true => crate::actors::given(&table.grants, &table.owner).next().is_some(),
            false => table.kind.is_table() && !global_by_guess,
        }
    };
    world.catalog.relations.iter().filter(|table| table.kind.is_table()).filter(reached).collect()
}

/// Where the connected role is asked, the tenant is its name.
fn pin_roles(world: &World<'_>, tenant: Tenant, family: &mut Family, identity: &mut Identity) {
    let Some((role, _)) = STAND_INS.iter().find(|(_, stands)| *stands == tenant) else { return };
    for carrier in &world.carriers {
        let Carrier::CurrentUser { columns } = carrier else { continue };
        identity.role = Some((*role).to_owned());
        for (schema, table, column) in columns {
            let table = Some((schema.clone(), table.clone()));
            family.pins.push(Pin { table, column: column.clone(), sql: quote_literal(role) });
            if world.tenant_columns.contains(column) && world.root.is_none() {
                identity.tenant = Some((*role).to_owned());
            }
        }
    }
}

/// The value that stands for a tenant or a user: the key of its row, or one that only columns hold.
fn anchor(
    session: &mut Session<'_>,
    maker: &mut Maker<'_>,
    family: &mut Family,
    world: &World<'_>,
    root: Option<&Key>,
    columns: &[String],
) -> Result<Option<String>, SqlError> {
    if let Some((root, table)) =
        root.and_then(|root| Some((root, world.catalog.relation(&root.schema, &root.table)?)))
    {
        let made = maker.row(session.client, family, table);
        return Ok(made.ok().and_then(|row| row.value(&root.column).map(str::to_owned)));
    }
    let holder = columns.iter().find_map(|name| {
        let mut tables = world
            .catalog
            .tables()
            .filter(|table| world.of(table).is_some_and(|placed| placed.model.is_scoped()));
        tables.find(|table| table.column(name).is_some()).map(|table| (table, name))
    });
    let Some((table, column)) = holder else { return Ok(None) };
    let by_role = family.pins.iter().any(|pin| pin.column == *column && pin.table.is_some());
    if by_role {
        return Ok(None);
    }
    let sql = maker.fresh(table, column, &family.tag);
    let type_name = table.column(column).map_or("text", |column| column.type_name.as_str());
    let answer = session.trial(|session| session.run(&format!("SELECT (({sql})::{type_name})::text")))?;
    Ok(answer.ok().and_then(|answer| answer.first().map(str::to_owned)))
}

/// Members get the rights that conditions speak of: `role = 'editor'` makes the member an editor.
fn pin_words(world: &World<'_>, family: &mut Family) {
    let compared: Vec<(String, String)> =
        all_texts(world.catalog).into_iter().flat_map(comparisons).collect();
    for table in world
        .catalog
        .tables()
        .filter(|table| world.user_columns.iter().any(|name| table.column(name).is_some()))
    {
        for column in table.columns.iter().filter(|column| matches!(column.category.as_str(), "S" | "E")) {
            let word = |(name, other): &(String, String)| {
                let word = other.trim_start_matches('(').strip_prefix('\'')?.split('\'').next()?;
                let checks = || {
                    table
                        .constraints
                        .iter()
                        .filter(|check| check.kind == ConstraintKind::Check && check.columns.contains(name))
                };
                let allowed = checks().next().is_none()
                    || checks().any(|check| check.definition.contains(&format!("'{word}'")));
                (*name == column.name && !word.is_empty() && allowed).then(|| word.to_owned())
            };
            let known = family.pins.iter().any(|pin| pin.column == column.name);
            if let Some(word) = compared.iter().filter_map(word).next_back().filter(|_| !known) {
                let table = Some((table.schema.clone(), table.name.clone()));
                family.pins.push(Pin { table, column: column.name.clone(), sql: quote_literal(&word) });
            }
        }
    }
}

/// Gives the value to each column of these names that points nowhere else.
fn pin(family: &mut Family, world: &World<'_>, columns: &[String], value: &str, root: Option<&Key>) {
    let key_type = root.and_then(|root| {
        world
            .catalog
            .relation(&root.schema, &root.table)?
            .column(&root.column)
            .map(|column| column.type_name.clone())
    });
    for table in world.catalog.relations.iter().filter(|table| table.kind.is_table()) {
        let all = links(world.catalog, table);
        for column in table.columns.iter().filter(|column| columns.contains(&column.name)) {
            let elsewhere = all.iter().any(|link| {
                let to_root = root.is_some_and(|root| root.is_named(&link.parent));
                link.constraint.is_some()
                    && link.columns == [column.name.clone()]
                    && !to_root
                    && !world.is_scoped(&link.parent.0, &link.parent.1)
            });
            let fits = key_type.as_ref().is_none_or(|key| *key == column.type_name);
            let known = family.pins.iter().any(|pin| {
                pin.column == column.name
                    && pin.table.as_ref() == Some(&(table.schema.clone(), table.name.clone()))
            });
            if fits && !elsewhere && !known {
                let table = Some((table.schema.clone(), table.name.clone()));
                family.pins.push(Pin { table, column: column.name.clone(), sql: quote_literal(value) });
            }
        }
    }
}
