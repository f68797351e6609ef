//! Tables, views and sequences, with all that hangs on them.

use super::rows::{OURS, Rows, get, grants, grants_of, not_of_extension};
use crate::data::{
    Column, Constraint, ConstraintKind, Generated, Grant, Index, Policy, PolicyCommand, Relation,
    RelationKind, Trigger,
};
use postgres::SimpleQueryRow as Row;
use std::collections::BTreeMap;
use trueup_postgres::SqlError;

/// The parts of relations, by the object ID of theirs.
type By<T> = BTreeMap<u32, Vec<T>>;

pub(super) fn relations(rows: &mut Rows) -> Result<Vec<Relation>, SqlError> {
    let (mut columns, mut column_grants) = columns(rows)?;
    let mut constraints = constraints(rows)?;
    let mut indexes = indexes(rows)?;
    let mut triggers = triggers(rows)?;
    let mut policies = policies(rows)?;
    let mut rules = rules(rows)?;
    let mut found = bare(rows)?;
    for relation in &mut found {
        relation.columns = columns.remove(&relation.oid).unwrap_or_default();
        relation.constraints = constraints.remove(&relation.oid).unwrap_or_default();
        relation.indexes = indexes.remove(&relation.oid).unwrap_or_default();
        relation.triggers = triggers.remove(&relation.oid).unwrap_or_default();
        relation.policies = policies.remove(&relation.oid).unwrap_or_default();
        relation.rules = rules.remove(&relation.oid).unwrap_or_default();
        relation.grants.extend(column_grants.remove(&relation.oid).unwrap_or_default());
    }
    Ok(found)
}

/// Rows of a question whose first column is the relation.
fn by<T>(rows: &mut Rows, sql: &str, one: fn(&Row) -> Result<T, SqlError>) -> Result<By<T>, SqlError> {
    let mut all = By::new();
    for row in rows.ask(sql) {
        all.entry(get(&row, 0)?).or_insert_with(Vec::new).push(one(&row)?);
    }
    Ok(all)
}

/// A join that keeps what belongs to relations of ours.
fn ours(relation: &str) -> String {
    format!("JOIN pg_class c ON c.oid = {relation} JOIN pg_namespace n ON n.oid = c.relnamespace AND {OURS}")
}

/// The comment on a relation or on a column of one. The functions for it are written in SQL, which takes ten times as long.
fn comment(relation: &str, column: &str) -> String {
    format!(
        "(SELECT o.description FROM pg_description o WHERE o.objoid = {relation} \
           AND o.classoid = 'pg_class'::regclass AND o.objsubid = {column})"
    )
}

fn bare(rows: &mut Rows) -> Result<Vec<Relation>, SqlError> {
    let acl = "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END";
    let acl = grants_of("c.relacl", "r", "c.relowner")
        .replace("acldefault('r'", &format!("acldefault(({acl})::\"char\""));
    let (ours, comment) = (not_of_extension("pg_class", "c.oid"), comment("c.oid", "0"));
    let found = rows.ask(&format!(
        "SELECT c.oid, c.relfilenode, n.nspname::text, c.relname::text, c.relkind::text, \
           pg_get_userbyid(c.relowner)::text, coalesce(c.reloptions, '{{}}'), c.relpersistence::text, \
           c.relrowsecurity, c.relforcerowsecurity, \
           ARRAY(SELECT pn.nspname::text FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent \
                 JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid ORDER BY i.inhseqno), \
           ARRAY(SELECT p.relname::text FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent \
                 WHERE i.inhrelid = c.oid ORDER BY i.inhseqno), \
           c.relispartition, pg_get_expr(c.relpartbound, c.oid), \
           CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END, \
           CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) ELSE \
             (SELECT concat_ws(' ', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement, \
               'from', s.seqmin, 'to', s.seqmax, CASE WHEN s.seqcycle THEN 'cycle' END) \
              FROM pg_sequence s WHERE s.seqrelid = c.oid) END, \
           (SELECT ARRAY[tn.nspname::text, t.relname::text, a.attname::text] FROM pg_depend d \
            JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace \
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid \
            WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid \
              AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LIMIT 1), \
           c.relreplident::text, {comment}, {acl} \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE {OURS} AND {ours} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') ORDER BY c.oid"
    ));
    found.iter().map(relation).collect()
}

fn relation(row: &Row) -> Result<Relation, SqlError> {
    let kind: String = get(row, 4)?;
    let (schemas, parents): (Vec<String>, Vec<String>) = (get(row, 10)?, get(row, 11)?);
    let owned: Option<Vec<String>> = get(row, 16)?;
    Ok(Relation {
        oid: get(row, 0)?,
        file: get(row, 1)?,
        schema: get(row, 2)?,
        name: get(row, 3)?,
        kind: match kind.as_str() {
            "p" => RelationKind::Partitioned,
            "v" => RelationKind::View,
            "m" => RelationKind::MaterializedView,
            "f" => RelationKind::Foreign,
            "S" => RelationKind::Sequence,
            _ => RelationKind::Table,
        },
        owner: get(row, 5)?,
        options: get(row, 6)?,
        persistence: get(row, 7)?,
        row_security: get(row, 8)?,
        forces_row_security: get(row, 9)?,
        parents: schemas.into_iter().zip(parents).collect(),
        is_partition: get(row, 12)?,
        bound: get(row, 13)?,
        partition_key: get(row, 14)?,
        definition: get(row, 15)?,
        owned_by: owned
            .and_then(|owned| <[String; 3]>::try_from(owned).ok())
            .map(<(String, String, String)>::from),
        replica_identity: get(row, 17)?,
        comment: get(row, 18)?,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        triggers: Vec::new(),
        policies: Vec::new(),
        rules: Vec::new(),
        grants: grants(get(row, 19)?, None),
    })
}

fn columns(rows: &mut Rows) -> Result<(By<Column>, By<Grant>), SqlError> {
    let ours = ours("a.attrelid");
    let (acl, comment) = (grants_of("a.attacl", "c", "c.relowner"), comment("a.attrelid", "a.attnum"));
    let found = rows.ask(&format!(
        "SELECT a.attrelid, a.attnum, a.attname::text, format_type(a.atttypid, a.atttypmod), a.atttypid, \
           t.typcategory::text, a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, \
           a.attgenerated::text, (SELECT cn.nspname || '.' || co.collname FROM pg_collation co \
             JOIN pg_namespace cn ON cn.oid = co.collnamespace \
             WHERE co.oid = a.attcollation AND a.attcollation <> t.typcollation), \
           {comment}, CASE WHEN a.attacl IS NULL THEN '{{}}' ELSE {acl} END \
         FROM pg_attribute a {ours} JOIN pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
         ORDER BY a.attrelid, a.attnum"
    ));
    let (mut all, mut rights) = (By::new(), By::new());
    for row in &found {
        let relation: u32 = get(row, 0)?;
        let column = column(row)?;
        let given: Vec<Grant> = grants(get(row, 12)?, Some(&column.name));
        rights.entry(relation).or_insert_with(Vec::new).extend(given);
        all.entry(relation).or_insert_with(Vec::new).push(column);
    }
    Ok((all, rights))
}

fn column(row: &Row) -> Result<Column, SqlError> {
    let (identity, generated): (String, String) = (get(row, 8)?, get(row, 9)?);
    Ok(Column {
        number: get(row, 1)?,
        name: get(row, 2)?,
        type_name: get(row, 3)?,
        type_oid: get(row, 4)?,
        category: get(row, 5)?,
        not_null: get(row, 6)?,
        default: get(row, 7)?,
        generated: match (identity.as_str(), generated.as_str()) {
            ("a", _) => Generated::IdentityAlways,
            ("d", _) => Generated::IdentityByDefault,
            // `s` is kept, `v` is computed when it is read (PostgreSQL 18).
            (_, "s" | "v") => Generated::Expression,
            _ => Generated::No,
        },
        collation: get(row, 10)?,
        comment: get(row, 11)?,
    })
}

fn constraints(rows: &mut Rows) -> Result<By<Constraint>, SqlError> {
    let ours = ours("k.conrelid");
    let names = |relation: &str, numbers: &str| {
        format!(
            "ARRAY(SELECT a.attname::text FROM unnest({numbers}) WITH ORDINALITY u(number, i) \
             JOIN pg_attribute a ON a.attrelid = {relation} AND a.attnum = u.number ORDER BY i)"
        )
    };
    let (own, other) = (names("k.conrelid", "k.conkey"), names("k.confrelid", "k.confkey"));
    by(
        rows,
        &format!(
            "SELECT k.conrelid, k.oid, k.conname::text, k.contype::text, pg_get_constraintdef(k.oid), k.convalidated, \
               k.condeferrable, {own}, (SELECT fn.nspname::text FROM pg_class f \
                 JOIN pg_namespace fn ON fn.oid = f.relnamespace WHERE f.oid = k.confrelid), \
               (SELECT f.relname::text FROM pg_class f WHERE f.oid = k.confrelid), {other}, \
               NOT k.conislocal OR k.conparentid <> 0 \
             FROM pg_constraint k {ours} ORDER BY k.conrelid, k.conname"
        ),
        constraint,
    )
}

fn constraint(row: &Row) -> Result<Constraint, SqlError> {
    let kind: String = get(row, 3)?;
    let schema: Option<String> = get(row, 8)?;
    let table: Option<String> = get(row, 9)?;
    let columns: Vec<String> = get(row, 10)?;
    Ok(Constraint {
        oid: get(row, 1)?,
        name: get(row, 2)?,
        kind: match kind.as_str() {
            "p" => ConstraintKind::Primary,
            "u" => ConstraintKind::Unique,
            "f" => ConstraintKind::Foreign,
            "x" => ConstraintKind::Exclusion,
            "n" => ConstraintKind::NotNull,
            "t" => ConstraintKind::Trigger,
            _ => ConstraintKind::Check,
        },
        definition: get(row, 4)?,
        validated: get(row, 5)?,
        deferrable: get(row, 6)?,
        columns: get(row, 7)?,
        references: schema.zip(table).map(|(schema, table)| (schema, table, columns)),
        inherited: get(row, 11)?,
    })
}

fn indexes(rows: &mut Rows) -> Result<By<Index>, SqlError> {
    let ours = ours("i.indrelid");
    by(
        rows,
        &format!(
            "SELECT i.indrelid, i.indexrelid, x.relfilenode, x.relname::text, pg_get_indexdef(i.indexrelid), \
               i.indisunique, i.indisprimary, i.indisvalid AND i.indisready, \
               ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(number, at) \
                     LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number AND u.number > 0 \
                     WHERE u.at <= i.indnkeyatts ORDER BY at), \
               pg_get_expr(i.indpred, i.indrelid), \
               EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) \
             FROM pg_index i {ours} JOIN pg_class x ON x.oid = i.indexrelid ORDER BY i.indrelid, x.relname"
        ),
        |row| {
            Ok(Index {
                oid: get(row, 1)?,
                file: get(row, 2)?,
                name: get(row, 3)?,
                definition: get(row, 4)?,
                unique: get(row, 5)?,
                primary: get(row, 6)?,
                valid: get(row, 7)?,
                columns: get(row, 8)?,
                predicate: get(row, 9)?,
                of_constraint: get(row, 10)?,
            })
        },
    )
}

fn triggers(rows: &mut Rows) -> Result<By<Trigger>, SqlError> {
    let ours = ours("t.tgrelid");
    by(
        rows,
        &format!(
            "SELECT t.tgrelid, t.oid, t.tgname::text, pg_get_triggerdef(t.oid), t.tgenabled::text, \
               fn.nspname::text, f.proname::text \
             FROM pg_trigger t {ours} JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace \
             WHERE NOT t.tgisinternal ORDER BY t.tgrelid, t.tgname"
        ),
        |row| {
            Ok(Trigger {
                oid: get(row, 1)?,
                name: get(row, 2)?,
                definition: get(row, 3)?,
                enabled: get(row, 4)?,
                function: (get(row, 5)?, get(row, 6)?),
            })
        },
    )
}

fn policies(rows: &mut Rows) -> Result<By<Policy>, SqlError> {
    let ours = ours("p.polrelid");
    by(
        rows,
        &format!(
            "SELECT p.polrelid, p.oid, p.polname::text, p.polpermissive, p.polcmd::text, \
               ARRAY(SELECT coalesce(r.rolname::text, 'PUBLIC') FROM unnest(p.polroles) u(role) \
                     LEFT JOIN pg_roles r ON r.oid = u.role ORDER BY 1), \
               pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) \
             FROM pg_policy p {ours} ORDER BY p.polrelid, p.polname"
        ),
        policy,
    )
}

fn policy(row: &Row) -> Result<Policy, SqlError> {
    let command: String = get(row, 4)?;
    Ok(Policy {
        oid: get(row, 1)?,
        name: get(row, 2)?,
        permissive: get(row, 3)?,
        command: match command.as_str() {
            "r" => PolicyCommand::Select,
            "a" => PolicyCommand::Insert,
            "w" => PolicyCommand::Update,
            "d" => PolicyCommand::Delete,
            _ => PolicyCommand::All,
        },
        roles: get(row, 5)?,
        using: get(row, 6)?,
        check: get(row, 7)?,
    })
}

fn rules(rows: &mut Rows) -> Result<By<(String, String)>, SqlError> {
    let ours = ours("r.ev_class");
    by(
        rows,
        &format!(
            "SELECT r.ev_class, r.rulename::text, pg_get_ruledef(r.oid) FROM pg_rewrite r {ours} \
             WHERE r.rulename <> '_RETURN' ORDER BY r.ev_class, r.rulename"
        ),
        |row| Ok((get(row, 1)?, get(row, 2)?)),
    )
}
