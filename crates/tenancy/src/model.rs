//! How each table belongs to a tenant: guessed from names, foreign keys and conditions, or told.

use crate::alike::alike;
use crate::carriers::{carriers, claim_of, claim_words};
use crate::options::Options;
use crate::report::{Carrier, Claim, Model};
use crate::texts::{all_texts, comparisons, mentions};
use crate::tokens::{Lookup, lookups};
use std::collections::BTreeMap;
use trueup_catalog::{Catalog, ConstraintKind, Relation};
use trueup_rows::{Link, links};

/// Names that columns of tenants usually have, the likeliest first.
const TENANT_COLUMNS: [&str; 24] = [
    "tenant_id",
    "tenant",
    "tenant_uuid",
    "tenant_key",
    "organization_id",
    "organisation_id",
    "org_id",
    "workspace_id",
    "company_id",
    "account_id",
    "team_id",
    "shop_id",
    "store_id",
    "site_id",
    "merchant_id",
    "school_id",
    "clinic_id",
    "club_id",
    "practice_id",
    "agency_id",
    "firm_id",
    "business_id",
    "instance_id",
    "project_id",
];

/// Names that columns of users usually have.
const USER_COLUMNS: [&str; 12] = [
    "user_id",
    "owner_id",
    "profile_id",
    "author_id",
    "created_by",
    "user_uuid",
    "owner",
    "member_id",
    "uid",
    "person_id",
    "owner_user_id",
    "username",
];

/// Whether columns of this name usually hold a tenant's key.
pub(crate) fn names_tenant(name: &str) -> bool {
    TENANT_COLUMNS.contains(&name)
}

/// Whether columns of this name usually hold a user's key.
pub(crate) fn names_user(name: &str) -> bool {
    USER_COLUMNS.contains(&name)
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub schema: String,
    pub table: String,
    pub column: String,
}

/// What a table is.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub model: Model,
    pub reason: String,
    pub links: Vec<Link>,
}

/// All that was guessed.
#[derive(Debug)]
pub(crate) struct World<'c> {
    pub catalog: &'c Catalog,
    pub carriers: Vec<Carrier>,
    /// Comparisons by which rows are found that say who speaks.
    pub lookups: Vec<Lookup>,
    pub tenant_columns: Vec<String>,
    pub user_columns: Vec<String>,
    /// The table of which each row is a tenant.
    pub root: Option<Key>,
    /// The table of which each row is a user.
    pub users: Option<Key>,
    /// By object ID.
    pub placed: BTreeMap<u32, Placed>,
    /// Partitions for which another one stands, by object ID.
    pub alike: BTreeMap<u32, u32>,
}

impl<'c> World<'c> {
    pub(crate) fn guess(catalog: &'c Catalog, options: &Options) -> World<'c> {
        let lookups = lookups(catalog);
        let told = || options.carriers.clone();
        let found = if options.carriers.is_empty() { carriers(catalog, &lookups) } else { told() };
        let tenant_columns = tenant_columns(catalog, options, &lookups);
        let user_columns = user_columns(catalog, options, &lookups);
        let root = pointed(catalog, &tenant_columns).or_else(|| named_root(catalog, &tenant_columns));
        let users = pointed(catalog, &user_columns).or_else(|| compared_key(catalog, options, &root));
        let mut world = World {
            catalog,
            carriers: found,
            lookups,
            tenant_columns,
            user_columns,
            root,
            users,
            placed: BTreeMap::new(),
            alike: BTreeMap::new(),
        };
        world.place_all(options);
        world.alike = alike(&world);
        world
    }

    /// What a relation is.
    pub(crate) fn of(&self, relation: &Relation) -> Option<&Placed> {
        self.placed.get(&relation.oid)
    }

    /// Whether rows of a relation belong to somebody.
    pub(crate) fn is_scoped(&self, schema: &str, name: &str) -> bool {
        let relation = self.catalog.relation(schema, name);
        relation.and_then(|relation| self.of(relation)).is_some_and(|placed| placed.model.is_scoped())
    }

    /// The columns that say whose a row is.
    pub(crate) fn scope(&self, relation: &Relation) -> Vec<String> {
        match self.of(relation).map(|placed| &placed.model) {
            Some(Model::Direct { column } | Model::User { column } | Model::Root { key: column }) => {
                vec![column.clone()]
            }
            Some(Model::Via { columns, .. }) => columns.clone(),
            Some(Model::PartOf { .. }) => {
                let parent =
                    relation.parents.first().and_then(|(schema, name)| self.catalog.relation(schema, name));
                parent.map(|parent| self.scope(parent)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The columns of a table that say who speaks: they name a user, point to the users, or hold what is presented.
    pub(crate) fn users_of(&self, table: &Relation) -> Vec<String> {
        let named = self.user_columns.iter().filter(|name| table.column(name).is_some());
        let mut out: Vec<String> = named.cloned().collect();
        let tokens = self.carriers.iter().flat_map(Carrier::tokens);
        let own = tokens.filter(|token| token.schema == table.schema && token.table == table.name);
        out.extend(own.map(|token| token.column.clone()));
        let Some(users) = &self.users else { return out };
        if users.is(table) {
            out.push(users.column.clone());
        }
        let all = links(self.catalog, table);
        let to_users = all.iter().filter(|link| link.constraint.is_some() && users.is_named(&link.parent));
        out.extend(to_users.filter(|link| link.columns.len() == 1).flat_map(|link| link.columns.clone()));
        out.sort();
        out.dedup();
        out
    }

    fn place_all(&mut self, options: &Options) {
        let tables: Vec<&Relation> =
            self.catalog.relations.iter().filter(|relation| relation.kind.is_table()).collect();
        for table in tables.iter().filter(|table| !table.is_partition) {
            if let Some((model, reason)) = self.at_once(table, options) {
                self.place(table, model, reason);
            }
        }
        // What a foreign key says comes before what a column of users says.
        self.place_children(&tables);
        for table in tables.iter().filter(|table| !table.is_partition) {
            if !self.placed.contains_key(&table.oid)
                && let Some((model, reason)) = self.by_user(table)
            {
                self.place(table, model, reason);
            }
        }
        self.place_children(&tables);
        for table in tables.iter().filter(|table| !table.is_partition) {
            if !self.placed.contains_key(&table.oid) {
                self.place(
                    table,
                    Model::Global { declared: false },
                    "nothing in it tells a tenant".to_owned(),
                );
            }
        }
        for part in tables.iter().filter(|table| table.is_partition) {
            self.place_part(part);
        }
    }

    /// A child of a scoped table is scoped; so is its child.
    fn place_children(&mut self, tables: &[&Relation]) {
        loop {
            let before = self.placed.len();
            for table in tables.iter().filter(|table| !table.is_partition) {
                if !self.placed.contains_key(&table.oid)
                    && let Some((model, reason)) = self.by_parent(table)
                {
                    self.place(table, model, reason);
                }
            }
            if self.placed.len() == before {
                break;
            }
        }
    }

    fn place(&mut self, table: &Relation, model: Model, reason: String) {
        self.placed.insert(table.oid, Placed { model, reason, links: links(self.catalog, table) });
    }

    fn place_part(&mut self, part: &Relation) {
        let mut top = part;
        while let Some(parent) =
            top.parents.first().and_then(|(schema, name)| self.catalog.relation(schema, name))
        {
            top = parent;
            if !top.is_partition {
                break;
            }
        }
        let parent = part
            .parents
            .first()
            .map(|(schema, name)| trueup_catalog::display_name(schema, name))
            .unwrap_or_default();
        let scoped = self.of(top).is_none_or(|placed| placed.model.is_scoped());
        let declared =
            matches!(self.of(top).map(|placed| &placed.model), Some(Model::Global { declared: true }));
        let reason = format!("it is a partition of {parent}");
        let model = if scoped { Model::PartOf { parent } } else { Model::Global { declared } };
        self.place(part, model, reason);
    }

    fn at_once(&self, table: &Relation, options: &Options) -> Option<(Model, String)> {
        if options.globals.iter().any(|name| is_named(table, name)) {
            return Some((Model::Global { declared: true }, "the configuration says so".to_owned()));
        }
        if let Some(root) = self.root.as_ref().filter(|root| root.is(table)) {
            let reason = "columns that name a tenant point to it".to_owned();
            return Some((Model::Root { key: root.column.clone() }, reason));
        }
        if let Some(column) = self.tenant_columns.iter().find(|name| table.column(name).is_some()) {
            return Some((Model::Direct { column: column.clone() }, format!("{column} names a tenant")));
        }
        let root = self.root.as_ref()?;
        let all = links(self.catalog, table);
        let link = all.iter().find(|link| {
            link.constraint.is_some() && link.columns.len() == 1 && root.is_named(&link.parent)
        })?;
        let column = link.columns.first()?.clone();
        let reason = format!("{column} points to {}", root.table);
        Some((Model::Direct { column }, reason))
    }

    /// By a foreign key that has to be there before one that need not, and a column of users last.
    fn by_parent(&self, table: &Relation) -> Option<(Model, String)> {
        let all = links(self.catalog, table);
        let scoped = |link: &&Link| {
            let own = link.parent == (table.schema.clone(), table.name.clone());
            !own && self.is_scoped(&link.parent.0, &link.parent.1)
        };
        let link =
            all.iter().filter(scoped).find(|link| !link.is_optional(table) || link.constraint.is_none())?;
        let parent = trueup_catalog::display_name(&link.parent.0, &link.parent.1);
        let how =
            if link.constraint.is_some() { "a foreign key points to" } else { "by its name it points to" };
        let reason = format!("{how} {parent}");
        Some((Model::Via { columns: link.columns.clone(), parent }, reason))
    }

    fn by_user(&self, table: &Relation) -> Option<(Model, String)> {
        if let Some(users) = self.users.as_ref().filter(|users| users.is(table)) {
            // A list of users that nothing guards may be meant for everybody; somebody has to say so.
            let guarded = table.row_security || self.tenant_columns.is_empty();
            let model = Model::User { column: users.column.clone() };
            return guarded.then(|| (model, "each row is a user".to_owned()));
        }
        let named = || self.user_columns.iter().find(|name| table.column(name).is_some()).cloned();
        let column = self.compared_with_user(table).or_else(named)?;
        let reason = format!("{column} names a user");
        Some((Model::User { column }, reason))
    }

    /// The column that a condition of the table compares with the claim of a user.
    pub(crate) fn compared_with_user(&self, table: &Relation) -> Option<String> {
        let words = claim_words(self.catalog);
        let texts = table.policies.iter().flat_map(|policy| policy.using.iter().chain(&policy.check));
        let mut compared = texts.flat_map(|text| comparisons(text));
        compared
            .find(|(column, other)| table.column(column).is_some() && claim_of(other, &words).is_some())
            .map(|(column, _)| column)
    }
}

impl Key {
    pub(crate) fn is(&self, table: &Relation) -> bool {
        self.schema == table.schema && self.table == table.name
    }

    pub(crate) fn is_named(&self, name: &(String, String)) -> bool {
        self.schema == name.0 && self.table == name.1
    }
}

/// Whether a name means a table: with its schema, or without.
pub(crate) fn is_named(table: &Relation, name: &str) -> bool {
    name == table.name || name == format!("{}.{}", table.schema, table.name) || name == table.display_name()
}

/// Columns that conditions compare with a claim, and what the claim says.
fn compared(catalog: &Catalog, lookups: &[Lookup]) -> Vec<(String, Claim)> {
    let words = claim_words(catalog);
    let columns: Vec<&str> =
        catalog.tables().flat_map(|table| table.columns.iter().map(|column| column.name.as_str())).collect();
    let mut out = Vec::new();
    for text in all_texts(catalog) {
        for (column, other) in comparisons(text) {
            if columns.contains(&column.as_str())
                && let Some(claim) = claim_of(&other, &words)
                && !lookups.iter().any(|lookup| lookup.column == column)
            {
                out.push((column, claim));
            }
        }
    }
    out
}

fn is_key_name(name: &str) -> bool {
    matches!(name.to_lowercase().as_str(), "id" | "uuid" | "key" | "slug" | "name" | "email")
}

fn tenant_columns(catalog: &Catalog, options: &Options, lookups: &[Lookup]) -> Vec<String> {
    if !options.tenant_columns.is_empty() {
        return options.tenant_columns.clone();
    }
    let users = if options.user_columns.is_empty() {
        USER_COLUMNS.map(str::to_owned).to_vec()
    } else {
        options.user_columns.clone()
    };
    let compared = compared(catalog, lookups);
    let says_tenant = |name: &str| {
        compared.iter().filter(|(column, claim)| column == name && *claim == Claim::Tenant).count()
    };
    let mut names: Vec<String> = TENANT_COLUMNS.map(str::to_owned).to_vec();
    names.extend(
        compared.iter().filter(|(_, claim)| *claim == Claim::Tenant).map(|(column, _)| column.clone()),
    );
    names.retain(|name| !users.contains(name) && !is_key_name(name));
    let tables = |name: &str| catalog.tables().filter(|table| table.column(name).is_some()).count();
    let score = |name: &String| says_tenant(name) * 1_000 + tables(name);
    let best = names.iter().rev().filter(|name| tables(name) > 0).max_by_key(|name| score(name)).cloned();
    let Some(best) = best else { return Vec::new() };
    // Other columns count only where conditions compare them, too.
    let mut out = vec![best];
    for (column, claim) in &compared {
        if *claim == Claim::Tenant && !out.contains(column) && names.contains(column) {
            out.push(column.clone());
        }
    }
    out
}

fn user_columns(catalog: &Catalog, options: &Options, lookups: &[Lookup]) -> Vec<String> {
    if !options.user_columns.is_empty() {
        return options.user_columns.clone();
    }
    let mut out: Vec<String> = compared(catalog, lookups)
        .into_iter()
        .filter(|(column, claim)| *claim == Claim::User && !is_key_name(column))
        .map(|(column, _)| column)
        .collect();
    out.extend(USER_COLUMNS.map(str::to_owned));
    let mut seen = Vec::new();
    out.retain(|name| {
        let new = !seen.contains(name);
        seen.push(name.clone());
        new && catalog.tables().any(|table| table.column(name).is_some())
    });
    out
}

/// The table that most columns of these names point to.
fn pointed(catalog: &Catalog, columns: &[String]) -> Option<Key> {
    let mut found: Vec<(Key, usize)> = Vec::new();
    for table in catalog.tables() {
        for link in links(catalog, table) {
            let ([column], [key]) = (link.columns.as_slice(), link.parent_columns.as_slice()) else {
                continue;
            };
            let own = link.parent == (table.schema.clone(), table.name.clone());
            if own || !columns.contains(column) {
                continue;
            }
            let target =
                Key { schema: link.parent.0.clone(), table: link.parent.1.clone(), column: key.clone() };
            // A table that has the column itself is a child like the others.
            if catalog
                .relation(&target.schema, &target.table)
                .is_none_or(|parent| columns.iter().any(|name| name != key && parent.column(name).is_some()))
            {
                continue;
            }
            match found.iter_mut().find(|(other, _)| *other == target) {
                Some((_, times)) => *times += 1,
                None => found.push((target, 1)),
            }
        }
    }
    found.into_iter().max_by_key(|(_, times)| *times).map(|(key, _)| key)
}

/// `tenants` for `tenant_id`, where no foreign key says so.
fn named_root(catalog: &Catalog, columns: &[String]) -> Option<Key> {
    let stem = columns.first()?.trim_end_matches("_id").trim_end_matches("_uuid").to_lowercase();
    let table = catalog.tables().find(|table| {
        let name = table.name.to_lowercase();
        (name == stem || name == format!("{stem}s") || name == stem.trim_end_matches('y').to_owned() + "ies")
            && columns.iter().all(|column| table.column(column).is_none())
    })?;
    let primary = table.constraints.iter().find(|constraint| constraint.kind == ConstraintKind::Primary)?;
    let [key] = primary.columns.as_slice() else { return None };
    Some(Key { schema: table.schema.clone(), table: table.name.clone(), column: key.clone() })
}

/// A table whose own key is compared with the claim of a user: `id = auth.uid()` on `profiles`.
fn compared_key(catalog: &Catalog, options: &Options, root: &Option<Key>) -> Option<Key> {
    let words = claim_words(catalog);
    let named_users = |table: &&Relation| {
        mentions(&table.name, "users") || mentions(&table.name, "profiles") || mentions(&table.name, "user")
    };
    let by_user = |table: &Relation| {
        let texts = table.policies.iter().flat_map(|policy| policy.using.iter().chain(&policy.check));
        let found = texts.flat_map(|text| comparisons(text)).filter(|(column, other)| {
            table.column(column).is_some() && claim_of(other, &words) == Some(Claim::User)
        });
        found.map(|(column, _)| column).collect::<Vec<String>>()
    };
    let by_condition = catalog.tables().find_map(|table| {
        let key = by_user(table).into_iter().find(|column| is_key_name(column));
        let not_root = root.as_ref().is_none_or(|root| !root.is(table));
        key.filter(|_| not_root).map(|column| (table, column))
    });
    let by_name = || {
        // One that asks another column for the user is a child of whatever that means.
        let own_key = |table: &&Relation| by_user(table).iter().all(|name| is_key_name(name));
        let table = catalog.tables().filter(own_key).find(named_users)?;
        let primary =
            table.constraints.iter().find(|constraint| constraint.kind == ConstraintKind::Primary)?;
        let [key] = primary.columns.as_slice() else { return None };
        Some((table, key.clone()))
    };
    let (table, column) = by_condition.or_else(by_name)?;
    let global = options.globals.iter().any(|name| is_named(table, name));
    (!global).then(|| Key { schema: table.schema.clone(), table: table.name.clone(), column })
}
