//! Everything but relations.

use super::rows::{OURS, Rows, get, grants, grants_of, not_of_extension};
use crate::data::{Extension, Function, FunctionKind, Other, Role, Schema, Type, TypeKind};
use postgres::SimpleQueryRow as Row;
use trueup_postgres::SqlError;

pub(super) fn owner(rows: &mut Rows) -> Result<String, SqlError> {
    let found =
        rows.ask("SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()");
    found.first().map_or(Ok(String::new()), |row| get(row, 0))
}

pub(super) fn roles(rows: &mut Rows) -> Result<Vec<Role>, SqlError> {
    let found = rows.ask(
        "SELECT r.rolname::text, r.rolsuper, r.rolbypassrls, r.rolcanlogin, r.rolinherit, \
           ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid \
                 WHERE m.member = r.oid ORDER BY 1), \
           r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolconnlimit, r.rolvaliduntil::text, \
           coalesce(ARRAY(SELECT c FROM unnest(r.rolconfig) c ORDER BY 1), '{}') \
         FROM pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY r.rolname",
    );
    let one = |row: &Row| {
        Ok(Role {
            name: get(row, 0)?,
            superuser: get(row, 1)?,
            bypasses_row_security: get(row, 2)?,
            login: get(row, 3)?,
            inherits: get(row, 4)?,
            member_of: get(row, 5)?,
            creates_roles: get(row, 6)?,
            creates_databases: get(row, 7)?,
            replicates: get(row, 8)?,
            connection_limit: get(row, 9)?,
            valid_until: get(row, 10)?,
            settings: get(row, 11)?,
        })
    };
    found.iter().map(one).collect()
}

pub(super) fn settings(rows: &mut Rows) -> Result<Vec<String>, SqlError> {
    let found = rows.ask(
        "SELECT coalesce(r.rolname::text || ': ', '') || c FROM pg_db_role_setting s \
         JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database() \
         LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c ORDER BY 1",
    );
    found.iter().map(|row| get(row, 0)).collect()
}

pub(super) fn schemas(rows: &mut Rows) -> Result<Vec<Schema>, SqlError> {
    let acl = grants_of("n.nspacl", "n", "n.nspowner");
    let ours = not_of_extension("pg_namespace", "n.oid");
    let found = rows.ask(&format!(
        "SELECT n.oid, n.nspname::text, pg_get_userbyid(n.nspowner)::text, {acl} FROM pg_namespace n \
         WHERE {OURS} AND {ours} ORDER BY n.nspname"
    ));
    let one = |row: &Row| {
        Ok(Schema {
            oid: get(row, 0)?,
            name: get(row, 1)?,
            owner: get(row, 2)?,
            grants: grants(get(row, 3)?, None),
        })
    };
    found.iter().map(one).collect()
}

pub(super) fn extensions(rows: &mut Rows) -> Result<Vec<Extension>, SqlError> {
    let found = rows.ask(
        "SELECT e.oid, e.extname::text, e.extversion, n.nspname::text FROM pg_extension e \
         JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql' ORDER BY e.extname",
    );
    let one = |row: &Row| {
        Ok(Extension { oid: get(row, 0)?, name: get(row, 1)?, version: get(row, 2)?, schema: get(row, 3)? })
    };
    found.iter().map(one).collect()
}

pub(super) fn types(rows: &mut Rows) -> Result<Vec<Type>, SqlError> {
    let acl = grants_of("t.typacl", "T", "t.typowner");
    let ours = not_of_extension("pg_type", "t.oid");
    // Types of rows of tables, and array types, stand and fall with what they are for.
    let found = rows.ask(&format!(
        "SELECT t.oid, n.nspname::text, t.typname::text, pg_get_userbyid(t.typowner)::text, {acl}, t.typtype::text, \
           ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder), \
           format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault, \
           ARRAY(SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c \
                 WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname), \
           ARRAY(SELECT a.attname::text FROM pg_attribute a \
                 WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum), \
           ARRAY(SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a \
                 WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum), \
           (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid) \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
         WHERE {OURS} AND {ours} AND t.typtype IN ('e', 'd', 'r', 'c', 'b') AND t.typcategory <> 'A' \
           AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')) \
         ORDER BY n.nspname, t.typname"
    ));
    found.iter().map(a_type).collect()
}

fn a_type(row: &Row) -> Result<Type, SqlError> {
    let sort: String = get(row, 5)?;
    let kind = match sort.as_str() {
        "e" => TypeKind::Enum(get(row, 6)?),
        "d" => TypeKind::Domain {
            base: get(row, 7)?,
            not_null: get(row, 8)?,
            default: get(row, 9)?,
            checks: get(row, 10)?,
        },
        "c" => {
            let (names, types): (Vec<String>, Vec<String>) = (get(row, 11)?, get(row, 12)?);
            TypeKind::Composite(names.into_iter().zip(types).collect())
        }
        "r" => TypeKind::Range(get::<Option<String>>(row, 13)?.unwrap_or_default()),
        _ => TypeKind::Base,
    };
    Ok(Type {
        oid: get(row, 0)?,
        schema: get(row, 1)?,
        name: get(row, 2)?,
        owner: get(row, 3)?,
        kind,
        grants: grants(get(row, 4)?, None),
    })
}

pub(super) fn functions(rows: &mut Rows) -> Result<Vec<Function>, SqlError> {
    let acl = grants_of("p.proacl", "f", "p.proowner");
    let ours = not_of_extension("pg_proc", "p.oid");
    let found = rows.ask(&format!(
        "SELECT p.oid, n.nspname::text, p.proname::text, pg_get_function_identity_arguments(p.oid), \
           ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u(t, i) ORDER BY i), \
           coalesce(p.proargnames, '{{}}'), p.proargmodes::text[], p.pronargdefaults, p.prokind::text, \
           pg_get_userbyid(p.proowner)::text, l.lanname::text, coalesce(pg_get_function_result(p.oid), ''), \
           p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype), p.proretset, p.prosecdef, \
           p.provolatile::text, coalesce(p.proconfig, '{{}}'), p.prosrc, \
           CASE p.prokind WHEN 'a' THEN (SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.aggtranstype::regtype, \
             g.agginitval, g.aggsortop::regoperator) FROM pg_aggregate g WHERE g.aggfnoid = p.oid) \
             ELSE pg_get_functiondef(p.oid) END, {acl} \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang \
         WHERE {OURS} AND {ours} \
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid \
                           AND d.deptype = 'i') \
         ORDER BY n.nspname, p.proname, 4"
    ));
    found.iter().map(function).collect()
}

fn function(row: &Row) -> Result<Function, SqlError> {
    let kind: String = get(row, 8)?;
    let names: Vec<String> = get(row, 5)?;
    let modes: Option<Vec<String>> = get(row, 6)?;
    Ok(Function {
        oid: get(row, 0)?,
        schema: get(row, 1)?,
        name: get(row, 2)?,
        arguments: get(row, 3)?,
        argument_types: get(row, 4)?,
        argument_names: names_that_callers_give(names, modes),
        defaults: get(row, 7)?,
        kind: match kind.as_str() {
            "p" => FunctionKind::Procedure,
            "a" => FunctionKind::Aggregate,
            "w" => FunctionKind::Window,
            _ => FunctionKind::Function,
        },
        owner: get(row, 9)?,
        language: get(row, 10)?,
        returns: get(row, 11)?,
        is_trigger: get(row, 12)?,
        returns_set: get(row, 13)?,
        security_definer: get(row, 14)?,
        volatility: get(row, 15)?,
        settings: get(row, 16)?,
        body: get(row, 17)?,
        definition: get::<Option<String>>(row, 18)?.unwrap_or_default(),
        grants: grants(get(row, 19)?, None),
    })
}

/// Names of the arguments that go in; the system lists those that come out beside them.
fn names_that_callers_give(names: Vec<String>, modes: Option<Vec<String>>) -> Vec<String> {
    let Some(modes) = modes else { return names };
    let goes_in = |mode: &str| matches!(mode, "i" | "b" | "v");
    names.into_iter().zip(modes).filter(|(_, mode)| goes_in(mode)).map(|(name, _)| name).collect()
}

pub(super) fn others(rows: &mut Rows) -> Result<Vec<Other>, SqlError> {
    let of_statistics = not_of_extension("pg_statistic_ext", "s.oid");
    let of_collations = not_of_extension("pg_collation", "c.oid");
    let of_operators = not_of_extension("pg_operator", "o.oid");
    let of_casts = not_of_extension("pg_cast", "c.oid");
    let defaults = grants_of("d.defaclacl", "r", "d.defaclrole");
    let found = rows.ask(&format!(
        "SELECT e.oid, 'event trigger', e.evtname::text, concat_ws(' ', e.evtevent, e.evtfoid::regprocedure, \
           e.evtenabled, array_to_string(e.evttags, ',')) FROM pg_event_trigger e \
         UNION ALL SELECT s.oid, 'statistics', n.nspname || '.' || s.stxname, pg_get_statisticsobjdef(s.oid) \
           FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {OURS} AND {of_statistics} \
         UNION ALL SELECT p.oid, 'publication', p.pubname::text, concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, \
           p.pubdelete, p.pubtruncate, (SELECT string_agg(t.schemaname || '.' || t.tablename, ',' \
             ORDER BY t.schemaname, t.tablename) FROM pg_publication_tables t WHERE t.pubname = p.pubname)) \
           FROM pg_publication p \
         UNION ALL SELECT c.oid, 'collation', n.nspname || '.' || c.collname, concat_ws(' ', c.collprovider, \
           c.collisdeterministic, c.collcollate, c.collctype) FROM pg_collation c \
           JOIN pg_namespace n ON n.oid = c.collnamespace WHERE {OURS} AND {of_collations} \
         UNION ALL SELECT o.oid, 'operator', o.oid::regoperator::text, o.oprcode::regprocedure::text \
           FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE {OURS} AND {of_operators} \
         UNION ALL SELECT c.oid, 'cast', format_type(c.castsource, NULL) || ' as ' || format_type(c.casttarget, NULL), \
           concat_ws(' ', c.castfunc::regprocedure, c.castcontext, c.castmethod) FROM pg_cast c \
           WHERE c.oid >= 16384 AND {of_casts} \
         UNION ALL SELECT d.oid, 'default privileges', concat_ws(' ', pg_get_userbyid(d.defaclrole), \
           (SELECT n.nspname FROM pg_namespace n WHERE n.oid = d.defaclnamespace), d.defaclobjtype), \
           array_to_string({defaults}, ', ') FROM pg_default_acl d \
         ORDER BY 2, 3"
    ));
    let one = |row: &Row| {
        let definition: Option<String> = get(row, 3)?;
        let readable = definition.unwrap_or_default().replace('\x1f', " ");
        Ok(Other { oid: get(row, 0)?, kind: get(row, 1)?, name: get(row, 2)?, definition: readable })
    };
    found.iter().map(one).collect()
}
