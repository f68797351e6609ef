//! Rows of two tenants.

use crate::actors::STAND_INS;
use crate::carriers::{Forms, Identity, claim_words, claims_sql, json_text};
use crate::model::{Key, World, is_named};
use crate::options::Options;
use crate::parts::free_parts;
use crate::ranks::is_operators;
use crate::report::{Carrier, Tenant};
use crate::session::Session;
use crate::texts::{all_texts, comparisons, listed_words, mentions, settings, text_of};
use crate::tokens::{Lookup, Read, inlined};
use trueup_catalog::{Column, ConstraintKind, Relation, TypeKind, quote_literal};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Maker, Pin, links, partition_values};

/// Whether rows can only be written by somebody who speaks: triggers ask who it is.
pub(crate) fn triggers_ask(world: &World<'_>) -> bool {
    let words = claim_words(world.catalog);
    let triggers = world.catalog.functions.iter().filter(|function| function.is_trigger);
    let asks = |text: &str| !settings(text).is_empty() || words.iter().any(|(word, _)| mentions(text, word));
    triggers.map(text_of).any(asks)
}

/// Somebody whose rows are made: the first or the second of the tenants, or of a tenant's users.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    A,
    B,
    /// Another user of A.
    Colleague,
    /// One more user of either, who does not speak.
    Spare,
}

impl Who {
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Who::A => "alpha",
            Who::B => "beta",
            Who::Colleague => "gamma",
            Who::Spare => "delta",
        }
    }

    fn tenant(self) -> Tenant {
        if self == Who::B { Tenant::B } else { Tenant::A }
    }

    /// An ID that has the form of a type.
    pub(crate) fn value(self, base: u64, type_name: &str) -> String {
        let number = base + self as u64;
        match type_name {
            "uuid" => format!("{number:08x}-0000-4000-8000-{number:012x}"),
            _ => number.to_string(),
        }
    }
}

/// Makes the rows of one tenant in each table; what cannot be made stands in the family.
pub(crate) fn seed(
    session: &mut Session<'_>,
    maker: &mut Maker<'_>,
    world: &World<'_>,
    options: &Options,
    forms: &Forms,
    who: Who,
) -> Result<(Family, Identity), SqlError> {
    let mut family = Family::new(who.tag());
    let mut identity = Identity::default();
    pin_roles(world, who.tenant(), &mut family, &mut identity);
    pin_tokens(session, maker, world, &mut family, &mut identity)?;
    let tenants = Anchor {
        root: world.root.as_ref(),
        columns: &world.tenant_columns,
        listed: listed(world).and_then(|(_, values)| {
            values.get(usize::from(who.tenant() == Tenant::B)).or(values.first()).cloned()
        }),
        formed: forms.tenant.as_deref().map(|type_name| who.value(7_001, type_name)),
    };
    identity.tenant = tenants.value(session, maker, &mut family, world)?.or(identity.tenant);
    if let Some(value) = &identity.tenant {
        pin_tenant(world, maker, &mut family, value);
    }
    seed_user(session, maker, world, forms, who, &mut family, &mut identity)?;
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

fn seed_user(
    session: &mut Session<'_>,
    maker: &mut Maker<'_>,
    world: &World<'_>,
    forms: &Forms,
    who: Who,
    family: &mut Family,
    identity: &mut Identity,
) -> Result<(), SqlError> {
    let users = Anchor {
        root: world.users.as_ref(),
        columns: &world.user_columns,
        listed: None,
        formed: forms.user.as_deref().map(|type_name| who.value(8_001, type_name)),
    };
    identity.user = users.value(session, maker, family, world)?.or(identity.user.take());
    if let Some(value) = &identity.user {
        pin(family, world, &world.user_columns, value, world.users.as_ref());
        family.words.push(("user".to_owned(), quote_literal(value)));
    }
    let users = world.users.as_ref().and_then(|users| family.row(&users.schema, &users.table));
    identity.email = users.and_then(|row| row.value("email")).map(str::to_owned);
    Ok(())
}

/// Rows that are looked up have in their columns what the tenant presents, or what comes of it: `md5(token)`.
fn pin_tokens(
    session: &mut Session<'_>,
    maker: &mut Maker<'_>,
    world: &World<'_>,
    family: &mut Family,
    identity: &mut Identity,
) -> Result<(), SqlError> {
    let told = |lookup: &Lookup| {
        let mut tokens = world.carriers.iter().flat_map(Carrier::tokens);
        tokens.any(|own| {
            (&own.schema, &own.table, &own.column) == (&lookup.schema, &lookup.table, &lookup.column)
        })
    };
    let mut raw: Vec<(Read, String)> = Vec::new();
    for lookup in &world.lookups {
        let Some(table) = world.catalog.relation(&lookup.schema, &lookup.table) else { continue };
        let Some(column) = table.column(&lookup.column) else { continue };
        let known = raw.iter().find(|(read, _)| *read == lookup.read).map(|(_, value)| value.clone());
        if known.is_none() && !told(lookup) {
            continue;
        }
        let mut asked = |sql: &str| {
            let answer = session.trial(|session| session.run(&format!("SELECT ({sql})::text")))?;
            Ok::<_, SqlError>(answer.ok().and_then(|answer| answer.first().map(str::to_owned)))
        };
        let fresh = maker.fresh(table, &lookup.column, &family.tag);
        let value = match known {
            Some(value) => Some(value),
            None => asked(&format!("({fresh})::{}", column.type_name))?,
        };
        let Some(value) = value else { continue };
        let held = held(&lookup.read, &value);
        let stored = asked(&format!("({})::{}", inlined(world.catalog, lookup, &held), column.type_name))?;
        let sql = quote_literal(stored.as_ref().unwrap_or(&value));
        let name = (table.schema.clone(), table.name.clone());
        family.pins.insert(0, Pin { table: Some(name), column: lookup.column.clone(), sql });
        let place = (lookup.schema.clone(), lookup.table.clone(), lookup.column.clone());
        identity.tokens.push((place, value.clone()));
        raw.push((lookup.read.clone(), value));
    }
    Ok(())
}

/// What a setting holds in which somebody presents this.
fn held(read: &Read, value: &str) -> String {
    let inner = if read.path.is_empty() { value.to_owned() } else { json_text(value) };
    read.path.iter().rev().fold(inner, |inner, key| format!("{{{}: {inner}}}", json_text(key)))
}

/// Rows of another user of tenant A: of tables that name a user, with what they point to.
pub(crate) fn seed_colleague(
    session: &mut Session<'_>,
    maker: &mut Maker<'_>,
    world: &World<'_>,
    forms: &Forms,
    a: (&Family, &Identity),
) -> Result<(Family, Identity), SqlError> {
    let mut family = Family::new(Who::Colleague.tag());
    let mut identity = Identity { tenant: a.1.tenant.clone(), ..Identity::default() };
    let Some(value) = &a.1.tenant else { return Ok((family, identity)) };
    let root = world.root.as_ref();
    pin_tokens(session, maker, world, &mut family, &mut identity)?;
    // Those of the tenant are the same for all of its users.
    let of_root = |place: &(String, String, String)| {
        root.is_some_and(|root| root.schema == place.0 && root.table == place.1)
    };
    for (place, value) in identity.tokens.iter_mut().filter(|(place, _)| of_root(place)) {
        let own = a.1.tokens.iter().find(|(other, _)| other == place);
        own.into_iter().for_each(|(_, own)| value.clone_from(own));
    }
    family.rows.extend(root.and_then(|root| a.0.row(&root.schema, &root.table)).cloned());
    pin_tenant(world, maker, &mut family, value);
    seed_user(session, maker, world, forms, Who::Colleague, &mut family, &mut identity)?;
    pin_words(world, &mut family);
    if triggers_ask(world) {
        session.execute(&claims_sql(&world.carriers, &identity, "").join("; "))?;
    }
    let names_user = |table: &&Relation| {
        table.kind.is_table()
            && !table.is_partition
            && world.user_columns.iter().any(|name| table.column(name).is_some())
    };
    for table in world.catalog.relations.iter().filter(names_user) {
        let _ = maker.row(session.client, &mut family, table);
    }
    Ok((family, identity))
}

fn pin_tenant(world: &World<'_>, maker: &mut Maker<'_>, family: &mut Family, value: &str) {
    pin(family, world, &world.tenant_columns, value, world.root.as_ref());
    family.words.push(("tenant".to_owned(), quote_literal(value)));
    pin_pointed(family, world);
    // What else belongs to the key of a tenant is one value in all of its tables.
    for (table, column) in free_parts(world) {
        let sql = maker.fresh(table, &column, &family.tag);
        family.pins.push(Pin { table: None, column, sql });
    }
}

/// The key that a longer foreign key points to gets what its column gets.
fn pin_pointed(family: &mut Family, world: &World<'_>) {
    for table in world.catalog.relations.iter().filter(|table| table.kind.is_table()) {
        for link in links(world.catalog, table).into_iter().filter(|link| link.columns.len() > 1) {
            for (column, key) in link.columns.iter().zip(&link.parent_columns) {
                let of = |pin: &&Pin, name: &(String, String), column: &String| {
                    pin.column == *column && pin.table.as_ref() == Some(name)
                };
                let own = (table.schema.clone(), table.name.clone());
                let sql = family.pins.iter().find(|pin| of(pin, &own, column)).map(|pin| pin.sql.clone());
                let known = family.pins.iter().any(|pin| of(&pin, &link.parent, key));
                if let Some(sql) = sql.filter(|_| !known && world.tenant_columns.contains(column)) {
                    let table = Some(link.parent.clone());
                    family.pins.push(Pin { table, column: key.clone(), sql });
                }
            }
        }
    }
}

/// The tenants for which there are partitions, as SQL, and the table that has them: a row of another one has no place.
pub(crate) fn listed<'c>(world: &World<'c>) -> Option<(&'c Relation, Vec<String>)> {
    let mut out: Option<(&Relation, Vec<String>)> = None;
    for table in world.catalog.tables().filter(|table| !table.is_partition) {
        for column in world.tenant_columns.iter().filter(|name| table.column(name).is_some()) {
            let Some(values) = partition_values(world.catalog, table, column) else { continue };
            out = Some(match out {
                None => (table, values),
                Some((first, known)) => {
                    let both: Vec<String> =
                        known.iter().filter(|value| values.contains(value)).cloned().collect();
                    (first, if both.is_empty() { known } else { both })
                }
            });
        }
    }
    out
}

/// Tables in which rows are needed: parts of tables only where they can be reached by their own names.
fn wanted<'c>(world: &World<'c>, options: &Options) -> Vec<&'c Relation> {
    let reached = |table: &&Relation| {
        let global_by_guess = world.of(table).is_some_and(|placed| !placed.model.is_scoped())
            && !options.globals.iter().any(|name| is_named(table, name));
        match table.is_partition {
            true => {
                let reached = crate::actors::given(&table.grants, &table.owner).next().is_some();
                reached && !world.alike.contains_key(&table.oid)
            }
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

/// What stands for a tenant or a user: the key of its row, or a value that only columns hold.
struct Anchor<'a> {
    root: Option<&'a Key>,
    columns: &'a [String],
    /// It is this one, as SQL: others have no place.
    listed: Option<String>,
    /// It is this one: others have not the form that is asked for.
    formed: Option<String>,
}

impl Anchor<'_> {
    fn value(
        &self,
        session: &mut Session<'_>,
        maker: &mut Maker<'_>,
        family: &mut Family,
        world: &World<'_>,
    ) -> Result<Option<String>, SqlError> {
        let is_text = |column: &Column| column.category == "S";
        let given = |column: Option<&Column>| {
            let formed = self.formed.as_ref().filter(|_| column.is_some_and(is_text));
            self.listed.clone().or_else(|| formed.map(|value| quote_literal(value)))
        };
        if let Some((root, table)) =
            self.root.and_then(|root| Some((root, world.catalog.relation(&root.schema, &root.table)?)))
        {
            if let Some(sql) = given(table.column(&root.column)) {
                let table = Some((table.schema.clone(), table.name.clone()));
                family.pins.push(Pin { table, column: root.column.clone(), sql });
            }
            let made = maker.row(session.client, family, table);
            return Ok(made.ok().and_then(|row| row.value(&root.column).map(str::to_owned)));
        }
        let holder = self.columns.iter().find_map(|name| {
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
        let sql = given(table.column(column)).unwrap_or_else(|| maker.fresh(table, column, &family.tag));
        let type_name = table.column(column).map_or("text", |column| column.type_name.as_str());
        let answer = session.trial(|session| session.run(&format!("SELECT (({sql})::{type_name})::text")))?;
        Ok(answer.ok().and_then(|answer| answer.first().map(str::to_owned)))
    }
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
                (*name == column.name && !word.is_empty() && allowed && !is_operators(word))
                    .then(|| word.to_owned())
            };
            let known = family.pins.iter().any(|pin| pin.column == column.name);
            let listed = || listed_label(world, column);
            let word = compared.iter().filter_map(word).next_back().or_else(listed);
            if let Some(word) = word.filter(|_| !known) {
                let table = Some((table.schema.clone(), table.name.clone()));
                family.pins.push(Pin { table, column: column.name.clone(), sql: quote_literal(&word) });
            }
        }
    }
}

/// The label of an enum that most lists of rights hold: `has_role(org, '{owner,admin}')`, `role = ANY (ARRAY['owner'::r])`.
fn listed_label(world: &World<'_>, column: &Column) -> Option<String> {
    let of_column = |own: &&trueup_catalog::Type| {
        [own.name.clone(), trueup_catalog::qualified(&own.schema, &own.name)].contains(&column.type_name)
    };
    let TypeKind::Enum(labels) = &world.catalog.types.iter().find(of_column)?.kind else { return None };
    let lists: Vec<Vec<&str>> = all_texts(world.catalog).into_iter().flat_map(listed_words).collect();
    let all_known = |list: &&Vec<&str>| list.iter().all(|word| labels.iter().any(|label| label == word));
    let lists: Vec<&Vec<&str>> = lists.iter().filter(all_known).collect();
    let count = |label: &str| lists.iter().filter(|list| list.contains(&label)).count();
    let tenants = || labels.iter().filter(|label| !is_operators(label));
    let best = tenants().rev().max_by_key(|label| count(label))?;
    (count(best) > 0).then(|| best.clone())
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
