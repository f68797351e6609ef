//! What a server knows of its roles.

use crate::error::SqlError;

/// Something that holds of a role, as the statement that makes it so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleFact {
    /// Facts are made in this order: roles first, and what they are members of behind them.
    order: i32,
    /// The role.
    pub role: String,
    /// What makes it so, for a superuser.
    pub make: String,
    /// What takes it away; empty where it is taken away by making it otherwise.
    pub unmake: String,
}

/// The order of the fact that there is a role.
const THERE: i32 = 1;

/// Facts as rows. Attributes and settings are written into the catalog as they stand there: no statement sets back when a
/// password ends, or takes settings as they were written. How memberships are written depends on the version.
pub(crate) const FACTS: &str = "\
    SELECT 1, rolname::text, format('CREATE ROLE %I', rolname), '' FROM pg_catalog.pg_roles \
    UNION ALL SELECT 2, rolname::text, format('UPDATE pg_catalog.pg_authid SET rolsuper = %L, rolinherit = %L, \
        rolcreaterole = %L, rolcreatedb = %L, rolcanlogin = %L, rolreplication = %L, rolconnlimit = %L, \
        rolvaliduntil = %L, rolbypassrls = %L WHERE rolname = %L', rolsuper, rolinherit, rolcreaterole, rolcreatedb, \
        rolcanlogin, rolreplication, rolconnlimit, rolvaliduntil, rolbypassrls, rolname), '' FROM pg_catalog.pg_roles \
    UNION ALL SELECT 3, rolname::text, format('INSERT INTO pg_catalog.pg_db_role_setting SELECT 0, oid, %L \
        FROM pg_catalog.pg_roles WHERE rolname = %L', rolconfig, rolname), \
        format('DELETE FROM pg_catalog.pg_db_role_setting s USING pg_catalog.pg_roles r \
        WHERE s.setdatabase = 0 AND s.setrole = r.oid AND r.rolname = %L', rolname) \
        FROM pg_catalog.pg_roles WHERE rolconfig IS NOT NULL \
    UNION ALL SELECT 4, rolname::text, format('COMMENT ON ROLE %I IS %L', rolname, c), \
        format('COMMENT ON ROLE %I IS NULL', rolname) \
        FROM pg_catalog.pg_roles, pg_catalog.shobj_description(oid, 'pg_authid') c WHERE c IS NOT NULL \
    UNION ALL SELECT 5, r.rolname::text, format('GRANT %I TO %I', g.rolname, r.rolname) || CASE \
            WHEN j->>'set_option' IS NOT NULL THEN format(' WITH ADMIN %s, INHERIT %s, SET %s GRANTED BY %I', \
                j->>'admin_option', j->>'inherit_option', j->>'set_option', pg_catalog.pg_get_userbyid(m.grantor)) \
            WHEN m.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END, \
        format('REVOKE %I FROM %I', g.rolname, r.rolname) || CASE \
            WHEN j->>'set_option' IS NOT NULL THEN format(' GRANTED BY %I', pg_catalog.pg_get_userbyid(m.grantor)) \
            ELSE '' END \
        FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid \
        JOIN pg_catalog.pg_roles r ON r.oid = m.member, pg_catalog.to_jsonb(m) j";

impl RoleFact {
    pub(crate) fn of(row: &postgres::Row) -> Result<RoleFact, SqlError> {
        Ok(RoleFact {
            order: row.try_get(0)?,
            role: row.try_get(1)?,
            make: row.try_get(2)?,
            unmake: row.try_get(3)?,
        })
    }

    /// Whether it says no more than that there is such a role.
    pub fn is_there(&self) -> bool {
        self.order == THERE
    }
}
