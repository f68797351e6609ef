//! How to see a leak without trueup.

use crate::actors::{Actors, PUBLIC, STAND_INS, STRANGER};
use crate::attempt::{Attempt, Check, attempt};
use crate::model::World;
use crate::report::{Tenant, Witness};
use crate::rows_sql::insert;
use crate::session::Session;
use crate::texts::{mentions, text_of};
use trueup_catalog::{Relation, quote_literal};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Made, links};

/// The rows of both tenants that a leak needs: those of the tables, of what they point to, and of what their policies
/// read.
fn needed<'f>(world: &World<'_>, tables: &[u32], families: [&'f Family; 2]) -> Vec<(&'f Made, Tenant)> {
    let mut wanted: Vec<u32> = tables.to_vec();
    let mut at = 0;
    while let Some(oid) = wanted.get(at).copied() {
        at += 1;
        let Some(table) = world.catalog.relations.iter().find(|relation| relation.oid == oid) else {
            continue;
        };
        for name in
            links(world.catalog, table).into_iter().map(|link| link.parent).chain(read_by(world, table))
        {
            let parent = world.catalog.relation(&name.0, &name.1).map(|relation| relation.oid);
            wanted.extend(parent.filter(|oid| !wanted.contains(oid)));
        }
    }
    let is_wanted = |made: &&Made| {
        world
            .catalog
            .relation(&made.table.0, &made.table.1)
            .is_some_and(|relation| wanted.contains(&relation.oid))
    };
    let [a, b] = families;
    let of = |family: &'f Family, tenant| {
        family.rows.iter().filter(is_wanted).map(move |made| (made, tenant)).collect::<Vec<_>>()
    };
    let mut out = of(a, Tenant::A);
    // Users of one tenant share its row.
    out.extend(of(b, Tenant::B).into_iter().filter(|(made, _)| !a.rows.contains(made)));
    out
}

/// The same of tenant A alone, with their tables.
pub(crate) fn rows_of<'f>(world: &World<'f>, tables: &[u32], a: &'f Family) -> Vec<(&'f Relation, &'f Made)> {
    let of_a = needed(world, tables, [a, a]).into_iter().filter(|(_, tenant)| *tenant == Tenant::A);
    let placed = of_a.map(|(made, _)| (world.catalog.relation(&made.table.0, &made.table.1), made));
    placed.filter_map(|(table, made)| Some((table?, made))).collect()
}

/// Tables that the policies and triggers of a table, the definition of a view, or functions in them read.
fn read_by(world: &World<'_>, relation: &Relation) -> Vec<(String, String)> {
    let policies = relation.policies.iter().flat_map(|policy| policy.using.iter().chain(&policy.check));
    let mut texts: Vec<&str> = policies.map(String::as_str).chain(relation.definition.as_deref()).collect();
    for trigger in &relation.triggers {
        texts.push(&trigger.function.1);
    }
    let mut at = 0;
    while let Some(text) = texts.get(at).copied() {
        at += 1;
        for function in world.catalog.functions.iter().filter(|function| mentions(text, &function.name)) {
            let body = text_of(function);
            if !texts.contains(&body) {
                texts.push(body);
            }
        }
    }
    let read = |other: &&Relation| texts.iter().any(|text| mentions(text, &other.name));
    world
        .catalog
        .relations
        .iter()
        .filter(read)
        .map(|other| (other.schema.clone(), other.name.clone()))
        .collect()
}

/// Statements before the attack.
fn prepared(
    world: &World<'_>,
    actors: &Actors,
    tables: &[u32],
    families: [&Family; 2],
    one: &Attempt,
    asks: bool,
) -> Vec<String> {
    let mut out = Vec::new();
    let mut speaking = None;
    // What a trigger made, it makes again.
    for (made, tenant) in needed(world, tables, families).into_iter().filter(|(made, _)| !made.adopted) {
        // Triggers ask who writes a row.
        if asks && speaking != Some(tenant) {
            out.extend(actors.claims(&crate::report::Principal { role: one.who.role.clone(), tenant }));
            speaking = Some(tenant);
        }
        if let Some(table) = world.catalog.relation(&made.table.0, &made.table.1) {
            out.push(insert(table, made, &[], None));
        }
    }
    let kept = world
        .catalog
        .relations
        .iter()
        .filter(|relation| relation.kind == trueup_catalog::RelationKind::MaterializedView);
    // They may stand behind the view or the function that is asked.
    for view in kept.filter(|view| tables.contains(&view.oid) || mentions(&one.attack, &view.name)) {
        out.push(format!("REFRESH MATERIALIZED VIEW {}", view.sql_name()));
    }
    out
}

/// Roles that a witness needs and no schema has.
fn roles(actors: &Actors, one: &Attempt) -> Vec<String> {
    let stand_ins = STAND_INS.iter().filter(|_| actors.by_role()).map(|(name, _)| *name);
    let stranger = (one.who.role == PUBLIC).then_some(STRANGER);
    stand_ins.chain(stranger).map(|name| format!("CREATE ROLE {name}")).collect()
}

/// Writes the witness of a leak, and looks whether it shows the leak by itself. Nothing of the proof may be in the
/// transaction but what the schema holds.
pub(crate) fn witness(
    session: &mut Session<'_>,
    world: &World<'_>,
    actors: &Actors,
    tables: &[u32],
    families: [&Family; 2],
    one: &Attempt,
) -> Result<Witness, SqlError> {
    let asks = crate::seeds::triggers_ask(world);
    let seeds = prepared(world, actors, tables, families, one, asks);
    let confirmed = session.trial(|session| {
        // What a foreign key puts off is asked at the end only.
        session.execute("SET CONSTRAINTS ALL DEFERRED")?;
        for seed in &seeds {
            session.execute(seed)?;
        }
        session.execute("SET CONSTRAINTS ALL IMMEDIATE")?;
        attempt(session, actors, one)
    })?;
    let confirmed = confirmed.is_ok_and(|tried| tried.leaked);
    let seeds: Vec<String> = roles(actors, one).into_iter().chain(seeds).collect();
    // Without the number of a database that will be gone.
    let plain = |text: String| text.replace(&actors.stranger, STRANGER);
    Ok(Witness {
        sql: plain(script(actors, &seeds, one)),
        pgtap: plain(pgtap(actors, &seeds, one)),
        confirmed,
    })
}

pub(crate) fn lines(statements: &[String]) -> String {
    statements.iter().map(|statement| format!("{statement};\n")).collect()
}

fn script(actors: &Actors, seeds: &[String], one: &Attempt) -> String {
    let after = match &one.check {
        Check::Afterwards(sql) => format!("-- True: {}.\nRESET ROLE;\n{sql};\n", one.shows),
        _ => String::new(),
    };
    let expected = match &one.check {
        Check::Counts => format!("-- More than nothing: {}.\n", one.shows),
        Check::Affects => format!("-- More than no row: {}.\n", one.shows),
        Check::Error(state) => format!("-- Error {state}: {}.\n", one.shows),
        Check::Afterwards(_) => String::new(),
    };
    format!(
        "-- {}, as {} through role {}: {}.\nBEGIN;\nSET CONSTRAINTS ALL DEFERRED;\n{}SET CONSTRAINTS ALL IMMEDIATE;\n{}{}{expected}{};\n{after}ROLLBACK;\n",
        one.kind.name(),
        one.who.tenant.name(),
        one.who.role,
        one.shows,
        lines(seeds),
        lines(&one.before),
        lines(&actors.enter(&one.who)),
        one.attack.trim(),
    )
}

/// A text between dollars that stand nowhere in it.
fn dollars(text: &str) -> String {
    let mut tag = "leak".to_owned();
    while text.contains(&tag) {
        tag.push('_');
    }
    format!("${tag}${text}${tag}$")
}

fn pgtap(actors: &Actors, seeds: &[String], one: &Attempt) -> String {
    format!(
        "BEGIN;\nSELECT plan(1);\nSET CONSTRAINTS ALL DEFERRED;\n{}SET CONSTRAINTS ALL IMMEDIATE;\n{}{}{}SELECT * FROM finish();\nROLLBACK;\n",
        lines(seeds),
        lines(&one.before),
        lines(&actors.enter(&one.who)),
        asserted(one),
    )
}

/// The attack as an assertion of pgTAP.
pub(crate) fn asserted(one: &Attempt) -> String {
    let says =
        quote_literal(&format!("{} as {}: not so: {}", one.kind.name(), one.who.tenant.name(), one.shows));
    let (attack, otherwise) = match &one.check {
        Check::Counts => (format!("EXECUTE {} INTO told", dollars(&one.attack)), "told := '0'".to_owned()),
        Check::Affects => (
            format!("EXECUTE {}; GET DIAGNOSTICS told = ROW_COUNT", dollars(&one.attack)),
            "told := '0'".to_owned(),
        ),
        Check::Error(state) => (
            format!("EXECUTE {}; told := '0'", dollars(&one.attack)),
            format!("told := CASE SQLSTATE WHEN '{state}' THEN '1' ELSE '0' END"),
        ),
        Check::Afterwards(_) => {
            (format!("EXECUTE {}; told := '0'", dollars(&one.attack)), "told := '0'".to_owned())
        }
    };
    let assertion = match &one.check {
        Check::Afterwards(sql) => format!("SELECT ok(NOT ({sql}), {says});\n"),
        _ => format!("SELECT is(current_setting('trueup.told'), '0', {says});\n"),
    };
    let block = format!(
        "DECLARE told text; BEGIN BEGIN {attack}; EXCEPTION WHEN OTHERS THEN {otherwise}; END; PERFORM set_config('trueup.told', coalesce(told, '0'), true); END"
    );
    format!("DO {};\nRESET ROLE;\n{assertion}", dollars(&block))
}
