//! Who is tried: roles, and who speaks through them.

use crate::carriers::{Identity, claims_sql, empty_claims};
use crate::model::World;
use crate::options::Options;
use crate::report::{Carrier, Principal, Tenant};
use crate::session::Session;
use std::collections::BTreeMap;
use trueup_catalog::{Catalog, Grant, PolicyCommand, Relation, quote_ident};
use trueup_postgres::SqlError;

/// Everybody, in lists of rights.
pub(crate) const PUBLIC: &str = "PUBLIC";

/// How a role is called that has what everybody has, and nothing else. Behind it stands the number of the database, as
/// long as it is there: roles belong to the server, on which others may be tried at the same time.
pub(crate) const STRANGER: &str = "trueup_stranger";

/// Roles of the transaction that stand for the tenants where the connected role is asked.
pub(crate) const STAND_INS: [(&str, Tenant); 4] = [
    ("trueup_a", Tenant::A),
    ("trueup_b", Tenant::B),
    ("trueup_unset", Tenant::Unset),
    ("trueup_empty", Tenant::Empty),
];

/// What a role may do with a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rights {
    pub delete: bool,
    pub truncate: bool,
    /// By column: read, write new, change.
    pub columns: BTreeMap<String, [bool; 3]>,
}

impl Rights {
    fn any(&self, which: usize) -> bool {
        self.columns.values().any(|rights| rights.get(which).copied().unwrap_or(false))
    }

    pub(crate) fn column(&self, name: &str, which: usize) -> bool {
        self.columns.get(name).and_then(|rights| rights.get(which)).copied().unwrap_or(false)
    }

    pub(crate) fn allows(&self, command: PolicyCommand) -> bool {
        match command {
            PolicyCommand::Select => self.any(SELECT),
            PolicyCommand::Insert => self.any(INSERT),
            PolicyCommand::Update => self.any(UPDATE),
            PolicyCommand::Delete => self.delete,
            PolicyCommand::All => true,
        }
    }
}

pub(crate) const SELECT: usize = 0;
pub(crate) const INSERT: usize = 1;
pub(crate) const UPDATE: usize = 2;

/// Roles and how to become them.
#[derive(Debug)]
pub(crate) struct Actors {
    /// Roles of the application; `PUBLIC` for one that has only what everybody has.
    pub roles: Vec<String>,
    pub carriers: Vec<Carrier>,
    /// The role of the server that stands for `PUBLIC`.
    pub stranger: String,
    pub a: Identity,
    pub b: Identity,
}

impl Actors {
    /// Whether the connected role is asked who speaks.
    pub(crate) fn by_role(&self) -> bool {
        asks_role(&self.carriers)
    }

    pub(crate) fn principals(&self) -> Vec<Principal> {
        let tenants = [Tenant::A, Tenant::Unset, Tenant::Empty];
        let each = |role: &String| tenants.map(|tenant| Principal { role: role.clone(), tenant });
        self.roles.iter().flat_map(each).collect()
    }

    /// Statements that set the claims of somebody.
    pub(crate) fn claims(&self, who: &Principal) -> Vec<String> {
        match who.tenant {
            Tenant::A => claims_sql(&self.carriers, &self.a, &who.role),
            Tenant::B => claims_sql(&self.carriers, &self.b, &who.role),
            Tenant::Empty => empty_claims(&self.carriers),
            Tenant::Unset => Vec::new(),
        }
    }

    /// Statements that make the connection somebody, until the savepoint or the transaction ends.
    pub(crate) fn enter(&self, who: &Principal) -> Vec<String> {
        let mut out = self.claims(who);
        let role = real_name(&who.role, &self.stranger);
        let stand_in = STAND_INS.iter().find(|(_, tenant)| *tenant == who.tenant).filter(|_| self.by_role());
        match stand_in {
            Some((name, _)) => {
                out.push(format!("GRANT {} TO {name}", quote_ident(role)));
                out.push(format!("SET LOCAL ROLE {name}"));
            }
            None => out.push(enter_role(&who.role, &self.stranger)),
        }
        out
    }

    /// What a role may do with a table.
    pub(crate) fn rights(
        &self,
        session: &mut Session<'_>,
        role: &str,
        table: &Relation,
    ) -> Result<Rights, SqlError> {
        let role = trueup_catalog::quote_literal(real_name(role, &self.stranger));
        let oid = table.oid;
        let answer = session.run(&format!(
            "SELECT a.attname, has_column_privilege({role}, {oid}, a.attnum, 'SELECT'), \
               has_column_privilege({role}, {oid}, a.attnum, 'INSERT'), has_column_privilege({role}, {oid}, a.attnum, 'UPDATE'), \
               has_table_privilege({role}, {oid}, 'DELETE'), has_table_privilege({role}, {oid}, 'TRUNCATE'), \
               has_schema_privilege({role}, c.relnamespace, 'USAGE') \
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             WHERE a.attrelid = {oid} AND a.attnum > 0 AND NOT a.attisdropped"
        ))?;
        let mut rights = Rights::default();
        for row in answer.rows {
            let is = |at: usize| row.get(at).and_then(Option::as_deref) == Some("t");
            let usage = is(6);
            let name = row.first().cloned().flatten().unwrap_or_default();
            rights.columns.insert(name, [is(1) && usage, is(2) && usage, is(3) && usage]);
            rights.delete = is(4) && usage;
            rights.truncate = is(5) && usage;
        }
        Ok(rights)
    }
}

/// The role of the server that a role of the report stands for.
fn real_name<'r>(role: &'r str, stranger: &'r str) -> &'r str {
    if role == PUBLIC { stranger } else { role }
}

pub(crate) fn asks_role(carriers: &[Carrier]) -> bool {
    carriers.iter().any(|carrier| matches!(carrier, Carrier::CurrentUser { .. }))
}

/// The statement that takes a role until the transaction ends.
pub(crate) fn enter_role(role: &str, stranger: &str) -> String {
    format!("SET LOCAL ROLE {}", quote_ident(real_name(role, stranger)))
}

/// The name of the role that has what everybody has.
pub(crate) fn stranger(session: &mut Session<'_>) -> Result<String, SqlError> {
    let number = "SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()";
    Ok(format!("{STRANGER}_{}", session.run(number)?.first().unwrap_or("0")))
}

/// Makes it; a run that was killed may have left it, or others whose databases are gone.
pub(crate) fn make_stranger(session: &mut Session<'_>, name: &str) -> Result<(), SqlError> {
    let left = format!(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname ~ '^{STRANGER}_[0-9]+$' AND NOT EXISTS \
         (SELECT FROM pg_catalog.pg_database WHERE rolname = '{STRANGER}_' || oid)"
    );
    for row in session.run(&left)?.rows {
        // One that cannot be dropped is no obstacle.
        if let Some(Some(left)) = row.first() {
            match drop_stranger(session, left) {
                Err(error) if error.is_lost() => return Err(error),
                _ => {}
            }
        }
    }
    drop_stranger(session, name)?;
    session.execute(&format!("CREATE ROLE {name}"))
}

/// Drops it.
pub(crate) fn drop_stranger(session: &mut Session<'_>, name: &str) -> Result<(), SqlError> {
    session.execute(&format!("DROP ROLE IF EXISTS {name}"))
}

/// Makes the roles that only this transaction has.
pub(crate) fn make_stand_ins(
    session: &mut Session<'_>,
    carriers: &[Carrier],
    stranger: &str,
) -> Result<(), SqlError> {
    session.execute(&format!("DROP ROLE IF EXISTS {stranger}; CREATE ROLE {stranger}"))?;
    if asks_role(carriers) {
        for (name, _) in STAND_INS {
            session.execute(&format!("CREATE ROLE {name}"))?;
        }
    }
    Ok(())
}

/// Roles that a role is a member of, itself included.
pub(crate) fn memberships(catalog: &Catalog, role: &str) -> Vec<String> {
    let mut out = vec![role.to_owned()];
    let mut at = 0;
    while let Some(name) = out.get(at).cloned() {
        for parent in catalog.role(&name).into_iter().flat_map(|role| &role.member_of) {
            if !out.contains(parent) {
                out.push(parent.clone());
            }
        }
        at += 1;
    }
    out
}

/// Whether row security lets a role use a command at all.
pub(crate) fn policy_allows(catalog: &Catalog, table: &Relation, role: &str, command: PolicyCommand) -> bool {
    let members = memberships(catalog, role);
    !table.row_security
        || table.policies.iter().any(|policy| {
            let for_command = policy.command == PolicyCommand::All || policy.command == command;
            let for_role =
                policy.roles.iter().any(|name| name.eq_ignore_ascii_case(PUBLIC) || members.contains(name));
            policy.permissive && for_command && for_role
        })
}

/// Roles of the application: told, or those that have rights and are asked for row security. Where nobody has rights on
/// a table, an interface of functions is all there is: those who may call them, or use a schema.
pub(crate) fn roles(world: &World<'_>, options: &Options) -> Vec<String> {
    if !options.roles.is_empty() {
        return options.roles.clone();
    }
    let catalog = world.catalog;
    let mut out: Vec<String> = Vec::new();
    let mut take = |name: &str| {
        let asked = catalog.role(name).is_none_or(|role| !role.superuser && !role.bypasses_row_security);
        let exempt = options.exempt_roles.iter().any(|exempt| exempt == name) || name.starts_with("pg_");
        let name = if name.eq_ignore_ascii_case(PUBLIC) { PUBLIC } else { name };
        if asked && !exempt && !out.iter().any(|other| other == name) {
            out.push(name.to_owned());
        }
    };
    for relation in &catalog.relations {
        given(&relation.grants, &relation.owner).for_each(|grant| take(&grant.grantee));
        for policy in &relation.policies {
            policy.roles.iter().filter(|name| !name.eq_ignore_ascii_case(PUBLIC)).for_each(|name| take(name));
        }
    }
    let reached =
        catalog.relations.iter().any(|relation| given(&relation.grants, &relation.owner).next().is_some());
    if !reached {
        let functions =
            catalog.functions.iter().flat_map(|function| given(&function.grants, &function.owner));
        let schemas = catalog.schemas.iter().flat_map(|schema| given(&schema.grants, &schema.owner));
        let named = functions.chain(schemas).filter(|grant| !grant.grantee.eq_ignore_ascii_case(PUBLIC));
        named.for_each(|grant| take(&grant.grantee));
    }
    out
}

/// Rights that were given to somebody else than the owner.
pub(crate) fn given<'g>(grants: &'g [Grant], owner: &'g str) -> impl Iterator<Item = &'g Grant> {
    grants.iter().filter(move |grant| grant.grantee != owner)
}
