//! What the acting user may be besides what its row says: `role = 'admin'`, `accepted_at IS NOT NULL`. What a policy
//! allows to an owner alone is tried as an owner.

use crate::actors::{Actors, policy_allows};
use crate::attempt::{Attempt, Check, attempt};
use crate::calls::labels_of;
use crate::model::World;
use crate::openings::{checked, others};
use crate::report::{Model, Outcome, Principal, ProbeKind, Tenant};
use crate::rows_sql::identity;
use crate::session::Session;
use crate::tables::{Field, Trial};
use crate::texts::{all_texts, mentions, quoted_words, text_of};
use trueup_catalog::{
    Column, ConstraintKind, Generated, PolicyCommand, Relation, quote_ident, quote_literal,
};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Made, links};

/// Most values that are tried for one column.
const MOST_VALUES: usize = 10;

/// Most ways to be something in two columns at once.
const MOST_PAIRS: usize = 40;

/// Words for those who work for the house and not for a tenant.
const OPERATORS: [&str; 9] =
    ["super", "platform", "system", "staff", "service", "global", "operator", "sysadmin", "internal"];

/// Whether a right is, by its name, one over all tenants.
pub(crate) fn is_operators(word: &str) -> bool {
    let word = word.to_lowercase();
    OPERATORS.iter().any(|name| word.contains(name))
}

/// A value in one column of a user's row.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    table: u32,
    column: String,
    value: String,
    /// What a superuser does to give it to A.
    sql: String,
    /// In words: "role of A's row in members is 'owner'".
    said: String,
}

/// Rights of A's user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rank {
    parts: Vec<Part>,
}

impl Rank {
    /// The statements that give them.
    fn sql(&self) -> impl Iterator<Item = String> {
        self.parts.iter().map(|part| part.sql.clone())
    }

    /// The attempt with these rights.
    pub(crate) fn given_to(&self, attempt: &Attempt) -> Attempt {
        let mut out = attempt.clone();
        out.before = self.sql().chain(attempt.before.iter().cloned()).collect();
        if !out.shows.is_empty() {
            let said: Vec<&str> = self.parts.iter().map(|part| part.said.as_str()).collect();
            out.shows = format!("{} where {}", attempt.shows, said.join(" and "));
        }
        out
    }

    /// Both at once, where they are not about the same column.
    fn and(&self, other: &Rank) -> Option<Rank> {
        let same = |part: &Part| {
            other.parts.iter().any(|two| (two.table, &two.column) == (part.table, &part.column))
        };
        let parts = self.parts.iter().chain(&other.parts).cloned().collect();
        (!self.parts.iter().any(same)).then_some(Rank { parts })
    }
}

/// What is asked before somebody may do something with a table: its policies, the functions that they call, and the
/// policies of the tables that these read.
pub(crate) fn asked_deeply<'t>(world: &'t World<'_>, table: &'t Relation) -> Vec<&'t str> {
    let conditions = |table: &'t Relation| {
        table.policies.iter().flat_map(|policy| policy.using.iter().chain(&policy.check)).map(String::as_str)
    };
    let mut texts: Vec<&str> = conditions(table).collect();
    for trigger in &table.triggers {
        let functions = world.catalog.functions.iter();
        let named =
            functions.filter(|own| (&own.schema, &own.name) == (&trigger.function.0, &trigger.function.1));
        texts.extend(named.map(text_of));
    }
    let mut at = 0;
    while let Some(text) = texts.get(at).copied() {
        at += 1;
        let bodies = world.catalog.functions.iter().filter(|own| mentions(text, &own.name)).map(text_of);
        let read = world.catalog.tables().filter(|own| mentions(text, &own.name)).flat_map(conditions);
        for found in bodies.chain(read) {
            if !texts.contains(&found) {
                texts.push(found);
            }
        }
    }
    texts
}

/// All values that a column takes, where these are labels of an enum or stand in a condition.
fn listed(world: &World<'_>, table: &Relation, column: &Column) -> Option<Vec<String>> {
    labels_of(world, &column.type_name).cloned().or_else(|| checked(table, column))
}

/// Values that conditions may ask of a column of the user's row, as SQL, those that they name first.
fn values(world: &World<'_>, table: &Relation, column: &Column, texts: &[&str], row: &Made) -> Vec<String> {
    let named: Vec<String> = texts.iter().flat_map(|text| quoted_words(text)).collect();
    let mut words = match (listed(world, table, column), column.category.as_str()) {
        (Some(listed), _) => listed,
        (None, "S") => named.clone(),
        _ => {
            let told: Vec<&str> = texts.iter().filter(|text| mentions(text, &column.name)).copied().collect();
            let mut out = others(world, table, column, &told, row);
            out.extend((!column.not_null && row.value(&column.name).is_some()).then(|| "NULL".to_owned()));
            return out;
        }
    };
    words.sort_by_key(|word| !named.contains(word));
    words.retain(|word| !is_operators(word));
    words.iter().map(|word| quote_literal(word)).collect()
}

/// Tables in which a row says what a user of a tenant may do.
fn of_members<'c>(world: &World<'c>, texts: &[&str]) -> Vec<&'c Relation> {
    let users = |table: &&Relation| !world.users_of(table).is_empty();
    let of_tenant = |table: &&Relation| {
        let placed = world.of(table).map(|placed| &placed.model);
        matches!(placed, Some(Model::Direct { .. } | Model::Via { .. }))
    };
    let read =
        |table: &&Relation| !table.is_partition && texts.iter().any(|text| mentions(text, &table.name));
    let members: Vec<&Relation> =
        world.catalog.tables().filter(users).filter(of_tenant).filter(read).collect();
    // Lists of roles that members point to.
    let pointed = |table: &&Relation| {
        let to = |link: &trueup_rows::Link| {
            link.constraint.is_some() && link.parent == (table.schema.clone(), table.name.clone())
        };
        let global = matches!(world.of(table).map(|placed| &placed.model), Some(Model::Global { .. }));
        global && members.iter().any(|own| links(world.catalog, own).iter().any(to))
    };
    let roles: Vec<&Relation> = world.catalog.tables().filter(read).filter(pointed).collect();
    members.into_iter().chain(roles).collect()
}

/// All other rights that A's user may have, one by one.
fn ranks(
    session: &mut Session<'_>,
    world: &World<'_>,
    family: &Family,
    texts: &[&str],
) -> Result<Vec<Rank>, SqlError> {
    let mut out = Vec::new();
    for members in of_members(world, texts) {
        let Some(row) = family.row(&members.schema, &members.name) else { continue };
        for column in asked_columns(world, members, texts) {
            let mut all = values(world, members, column, texts, row);
            all.retain(|value| *value != row.literal(&column.name));
            all.truncate(MOST_VALUES);
            for value in all {
                let part = part(members, column, &value, row);
                let made = session.trial(|session| session.execute(&part.sql))?;
                out.extend(made.is_ok().then_some(Rank { parts: vec![part] }));
            }
        }
    }
    Ok(out)
}

/// Rights that are, by their names, over all tenants: that they open all is likely to be meant.
fn not_tried(world: &World<'_>, texts: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    let named: Vec<String> =
        texts.iter().flat_map(|text| quoted_words(text)).filter(|word| is_operators(word)).collect();
    for members in of_members(world, texts) {
        for column in asked_columns(world, members, texts) {
            let allowed = |word: &&String| match listed(world, members, column) {
                Some(listed) => listed.contains(word),
                None => column.category == "S",
            };
            let words: Vec<String> = named.iter().filter(allowed).map(|word| quote_literal(word)).collect();
            if !words.is_empty() {
                out.push(format!(
                    "{}: users whose {} is {} were not tried: by its name that is a right over all tenants",
                    members.display_name(),
                    column.name,
                    words.join(" or ")
                ));
            }
        }
    }
    out
}

/// Columns by which conditions tell what a user may do.
fn asked_columns<'c>(world: &World<'c>, members: &'c Relation, texts: &[&str]) -> Vec<&'c Column> {
    let (scope, users) = (world.scope(members), world.users_of(members));
    let keyed = |name: &String| {
        let kinds = [ConstraintKind::Primary, ConstraintKind::Foreign];
        members.constraints.iter().any(|own| kinds.contains(&own.kind) && own.columns.contains(name))
    };
    let names =
        |name: &String| scope.contains(name) || users.contains(name) || world.tenant_columns.contains(name);
    let asked = |column: &&Column| {
        let name = &column.name;
        column.generated == Generated::No
            && !names(name)
            && !keyed(name)
            && !is_operators(name)
            && texts.iter().any(|text| mentions(text, &members.name) && mentions(text, name))
    };
    members.columns.iter().filter(asked).collect()
}

fn part(members: &Relation, column: &Column, value: &str, row: &Made) -> Part {
    let found = identity(members, row, |_| true);
    let name = quote_ident(&column.name);
    Part {
        table: members.oid,
        column: column.name.clone(),
        value: value.to_owned(),
        sql: format!(
            "SET LOCAL session_replication_role = replica; UPDATE {} SET {name} = {value} WHERE {found}; \
             SET LOCAL session_replication_role = origin",
            members.sql_name()
        ),
        said: format!("{} of A's row in {} is {value}", column.name, members.display_name()),
    }
}

/// The statements that give the users of both tenants the rights with which A does the most with its own rows; nothing
/// where it does all without them. What views and functions show is asked by those who may see it.
pub(crate) fn raise(
    session: &mut Session<'_>,
    world: &World<'_>,
    actors: &Actors,
    [a, b]: [&Family; 2],
) -> Result<Option<Vec<String>>, SqlError> {
    let texts = all_texts(world.catalog);
    let all = ranks(session, world, a, &texts)?;
    let mut left = if all.is_empty() { Vec::new() } else { refused(session, world, actors, a)? };
    let mut best = Rank { parts: Vec::new() };
    while !left.is_empty() {
        let mut found: Option<(Rank, Vec<Attempt>)> = None;
        for rank in all.iter().filter_map(|rank| best.and(rank)) {
            let mut still = Vec::new();
            for control in &left {
                if !works(session, actors, &rank.given_to(control))? {
                    still.push(control.clone());
                }
            }
            if still.len() < found.as_ref().map_or(left.len(), |(_, still)| still.len()) {
                found = Some((rank, still));
            }
        }
        let Some((rank, still)) = found else { break };
        (best, left) = (rank, still);
    }
    if best.parts.is_empty() {
        return Ok(None);
    }
    let mut sql: Vec<String> = best.sql().collect();
    for own in &best.parts {
        let Some(members) = world.catalog.relations.iter().find(|table| table.oid == own.table) else {
            continue;
        };
        let row = b.row(&members.schema, &members.name);
        sql.extend(
            row.zip(members.column(&own.column))
                .map(|(row, column)| part(members, column, &own.value, row).sql),
        );
    }
    Ok(Some(sql))
}

/// What tenant A cannot do with its own rows, though policies for it are there.
fn refused(
    session: &mut Session<'_>,
    world: &World<'_>,
    actors: &Actors,
    a: &Family,
) -> Result<Vec<Attempt>, SqlError> {
    let mut out = Vec::new();
    for table in world.catalog.tables().filter(|table| table.row_security && !table.is_partition) {
        let row = a.row(&table.schema, &table.name);
        let Some(row) = row.filter(|_| world.is_scoped(&table.schema, &table.name)) else { continue };
        let found = identity(table, row, |_| true);
        let name = table.sql_name();
        for role in &actors.roles {
            let rights = actors.rights(session, role, table)?;
            let all = [
                (PolicyCommand::Select, format!("SELECT count(*) FROM {name} WHERE {found}"), Check::Counts),
                (PolicyCommand::Delete, format!("DELETE FROM {name} WHERE {found}"), Check::Affects),
            ];
            for (command, sql, check) in all {
                if !rights.allows(command) || !policy_allows(world.catalog, table, role, command) {
                    continue;
                }
                let who = Principal { role: role.clone(), tenant: Tenant::A };
                let control = Attempt {
                    kind: ProbeKind::Select,
                    who,
                    before: Vec::new(),
                    attack: sql,
                    check,
                    shows: String::new(),
                    colleague: false,
                };
                if !works(session, actors, &control)? {
                    out.push(control);
                }
            }
        }
    }
    Ok(out)
}

/// A foreign key is asked only for rows that a policy lets go.
fn works(session: &mut Session<'_>, actors: &Actors, control: &Attempt) -> Result<bool, SqlError> {
    let tried = attempt(session, actors, control)?;
    Ok(tried.leaked || tried.state() == "23503")
}

impl Trial<'_, '_> {
    fn all_ranks(&mut self, field: &mut Field<'_, '_, '_>) -> Result<Vec<Rank>, SqlError> {
        if self.ranks.is_none() {
            let texts = asked_deeply(field.world, self.target.table);
            self.results.notes.extend(not_tried(field.world, &texts));
            self.ranks = Some(ranks(field.session, field.world, field.a, &texts)?);
        }
        Ok(self.ranks.clone().unwrap_or_default())
    }

    /// Rights by which something works that did not work without them.
    pub(crate) fn rank_for(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        control: &Attempt,
    ) -> Result<Option<Rank>, SqlError> {
        let all = self.all_ranks(field)?;
        for rank in &all {
            if attempt(field.session, field.actors, &rank.given_to(control))?.leaked {
                // What one needs, the next is likely to need.
                if let Some(ranks) = &mut self.ranks {
                    ranks.sort_by_key(|own| own != rank);
                }
                return Ok(Some(rank.clone()));
            }
        }
        let pairs =
            all.iter().enumerate().flat_map(|(at, one)| all.iter().skip(at + 1).map(move |two| one.and(two)));
        let pairs: Vec<Rank> = pairs.flatten().take(MOST_PAIRS).collect();
        for rank in pairs {
            if attempt(field.session, field.actors, &rank.given_to(control))?.leaked {
                return Ok(Some(rank));
            }
        }
        Ok(None)
    }

    /// What opens for users of A with other rights: an admin of one tenant is none of another.
    pub(crate) fn with_other_ranks(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        if !self.target.table.row_security {
            return Ok(());
        }
        let ranks = self.all_ranks(field)?;
        if ranks.is_empty() {
            return Ok(());
        }
        let attacks = self.attacks(field)?;
        for rank in ranks {
            for (command, attack) in &attacks {
                if !self.rights.allows(*command) {
                    continue;
                }
                let attack = rank.given_to(attack);
                let tried = attempt(field.session, field.actors, &attack)?;
                let outcome = match tried.leaked {
                    true => Outcome::Leak { what: attack.shows.clone() },
                    false => Outcome::Held { by: tried.by() },
                };
                self.record(attack, outcome);
            }
        }
        Ok(())
    }

    /// What is done to rows of B, each in the way that asks the least.
    fn attacks(&mut self, field: &mut Field<'_, '_, '_>) -> Result<Vec<(PolicyCommand, Attempt)>, SqlError> {
        let (table, a, b) = (self.target.name(), self.target.a.clone(), self.target.b.clone());
        let find = identity(self.target.table, &b, |column| self.readable(column));
        let read = format!("SELECT count(*) FROM {table} WHERE {find}");
        let shows = "a row of tenant B is read".to_owned();
        let mut out =
            vec![(PolicyCommand::Select, self.new_attempt(ProbeKind::Select, read, Check::Counts, shows))];
        if let Some((column, value)) = self.changed_column(field, &b, &a, &[])? {
            let attack = format!("UPDATE {table} SET {} = {value}", quote_ident(&column));
            let gone = Check::Afterwards(self.target.gone(&b, Some(&column)));
            let shows = "a row of tenant B is changed".to_owned();
            out.push((PolicyCommand::Update, self.new_attempt(ProbeKind::BlindUpdate, attack, gone, shows)));
        }
        let gone = Check::Afterwards(self.target.gone(&b, None));
        let shows = "a row of tenant B is deleted".to_owned();
        let mut delete =
            self.new_attempt(ProbeKind::BlindDelete, format!("DELETE FROM {table}"), gone, shows);
        delete.before = self.loosened(field);
        out.push((PolicyCommand::Delete, delete));
        if !self.target.anchor {
            let all = self.insert_attempts(field, Tenant::B, "a row is written for tenant B")?;
            out.extend(all.into_iter().map(|(one, _)| (PolicyCommand::Insert, one)));
        }
        Ok(out)
    }
}
