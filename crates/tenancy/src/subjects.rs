//! What was tried becomes what is known of each table, view and function.

use crate::actors::{PUBLIC, given};
use crate::attempt::{Attempt, Check};
use crate::model::{World, is_named};
use crate::observe::{Asked, Asker, Question, Seen};
use crate::prove::Proof;
use crate::report::{
    Control, Link, Model, Outcome, Principal, Probe, ProbeKind, Seed, Subject, SubjectKind, Tenant, Verdict,
};
use crate::rows_sql::{equal, insert, is_comparable};
use crate::session::Session;
use crate::tables::Done;
use crate::texts::{mentions, text_of, without_keys};
use crate::witness::witness;
use trueup_catalog::{Relation, RelationKind, quote_literal};
use trueup_postgres::SqlError;
use trueup_rows::Family;

/// All subjects: tables first, then views and functions.
pub(crate) fn subjects(
    proof: &Proof<'_, '_>,
    session: &mut Session<'_>,
    families: [&Family; 2],
) -> Result<Vec<Subject>, SqlError> {
    let mut out = Vec::new();
    for table in proof.world.catalog.relations.iter().filter(|relation| relation.kind.is_table()) {
        let subject = match alike(proof.world, table, &out) {
            Some(subject) => Some(subject),
            None => table_subject(proof, session, families, table)?,
        };
        out.extend(subject);
    }
    out.extend(proof.world.catalog.relations.iter().filter_map(|table| foreign_subject(proof, table)));
    for asked in proof.asked.iter().filter(|asked| !asked.reads.is_empty()) {
        out.push(asked_subject(proof, session, families, asked)?);
    }
    Ok(out)
}

/// A partition for which another one was tried.
fn alike(world: &World<'_>, part: &Relation, known: &[Subject]) -> Option<Subject> {
    let oid = world.alike.get(&part.oid)?;
    let tried = world.catalog.relations.iter().find(|table| table.oid == *oid)?.display_name();
    let subject = known.iter().find(|subject| subject.kind == SubjectKind::Table && subject.name == tried)?;
    Some(Subject {
        name: part.display_name(),
        reason: format!("{}; {tried}, which is alike but for its bound, was tried for it", subject.reason),
        seeds: Vec::new(),
        controls: Vec::new(),
        probes: Vec::new(),
        why: subject.why.as_ref().map(|why| format!("as {tried}: {why}")),
        ..subject.clone()
    })
}

fn table_subject(
    proof: &Proof<'_, '_>,
    session: &mut Session<'_>,
    families: [&Family; 2],
    table: &Relation,
) -> Result<Option<Subject>, SqlError> {
    let Some(placed) = proof.world.of(table) else { return Ok(None) };
    let reached = given(&table.grants, &table.owner).next().is_some();
    let undeclared = placed.model == Model::Global { declared: false };
    if (table.is_partition || undeclared) && !reached {
        return Ok(None);
    }
    let mut probes = Vec::new();
    let results = proof.tables.get(&table.oid);
    for done in results.map(|results| results.done.as_slice()).unwrap_or_default() {
        probes.push(with_witness(proof, session, families, &[table.oid], done)?);
    }
    let controls: Vec<Control> = results.map(|results| results.controls.clone()).unwrap_or_default();
    let seeds = seeds(proof.world, families, table);
    let failed = seeds.iter().find_map(|seed| seed.failed.clone());
    let (verdict, why) = match () {
        () if undeclared => {
            (Verdict::NotCheckable, Some("it is not known whether it belongs to nobody".to_owned()))
        }
        () if proof.actors.roles.is_empty() => {
            (Verdict::NotCheckable, Some("no role of the application is known".to_owned()))
        }
        () if proof.same.is_some() && placed.model.is_scoped() => (Verdict::Vacuous, proof.same.clone()),
        () => judged(&probes, failed.map(|failed| no_row(proof.world, table, failed))),
    };
    let link = |link: &trueup_rows::Link| Link {
        columns: link.columns.clone(),
        parent: trueup_catalog::display_name(&link.parent.0, &link.parent.1),
        parent_columns: link.parent_columns.clone(),
        soft: link.constraint.is_none(),
    };
    Ok(Some(Subject {
        name: table.display_name(),
        kind: SubjectKind::Table,
        model: Some(placed.model.clone()),
        reason: placed.reason.clone(),
        links: placed.links.iter().map(link).collect(),
        seeds,
        controls,
        probes,
        verdict,
        why,
    }))
}

/// A table of another server: nothing is known of its rows, and none can be made there and taken back.
fn foreign_subject(proof: &Proof<'_, '_>, table: &Relation) -> Option<Subject> {
    let reached = given(&table.grants, &table.owner).any(|grant| {
        grant.grantee.eq_ignore_ascii_case(PUBLIC) || proof.actors.roles.contains(&grant.grantee)
    });
    let told = proof.options.globals.iter().any(|name| is_named(table, name));
    if table.kind != RelationKind::Foreign || !reached || told {
        return None;
    }
    Some(Subject {
        name: table.display_name(),
        kind: SubjectKind::ForeignTable,
        model: None,
        reason: "it is a foreign table".to_owned(),
        links: Vec::new(),
        seeds: Vec::new(),
        controls: Vec::new(),
        probes: Vec::new(),
        verdict: Verdict::NotCheckable,
        why: Some("its rows lie on another server, where nothing is tried".to_owned()),
    })
}

/// Why there is no row; a part may have room for one tenant only.
fn no_row(world: &World<'_>, table: &Relation, failed: String) -> String {
    let parents = table.parents.iter().filter_map(|(schema, name)| world.catalog.relation(schema, name));
    let keys: Vec<&str> = parents.filter_map(|parent| parent.partition_key.as_deref()).collect();
    let by_tenant = keys.iter().any(|key| world.tenant_columns.iter().any(|name| mentions(key, name)));
    match table.bound.as_deref().filter(|_| table.is_partition && by_tenant) {
        Some(bound) => format!("no rows of two tenants could be made in it: it takes those {bound}"),
        None => format!("no row could be made: {failed}"),
    }
}

/// One leak contradicts; what was not reached is vacuous; nothing tried is no proof.
fn judged(probes: &[Probe], failed: Option<String>) -> (Verdict, Option<String>) {
    let find = |pick: fn(&Outcome) -> Option<&str>| {
        probes
            .iter()
            .find_map(|probe| pick(&probe.outcome).map(|text| format!("{}: {text}", probe.kind.name())))
    };
    // What another tenant does tells more than what somebody without claims does.
    let leaks = || probes.iter().filter(|probe| matches!(probe.outcome, Outcome::Leak { .. }));
    let worst = leaks().find(|probe| probe.principal.tenant == Tenant::A).or_else(|| leaks().next());
    let leak = worst.and_then(|probe| match &probe.outcome {
        Outcome::Leak { what } => Some(format!("{}: {what}", probe.kind.name())),
        _ => None,
    });
    let vacuous = find(|outcome| match outcome {
        Outcome::Vacuous { why } => Some(why),
        _ => None,
    });
    let not = find(|outcome| match outcome {
        Outcome::NotCheckable { why } => Some(why),
        _ => None,
    });
    match (leak, failed.or(vacuous), not) {
        (Some(leak), ..) => (Verdict::Contradicted, Some(leak)),
        (_, Some(why), _) => (Verdict::Vacuous, Some(why)),
        (_, _, Some(why)) => (Verdict::NotCheckable, Some(why)),
        _ if probes.is_empty() => (Verdict::Vacuous, Some("nothing was tried".to_owned())),
        _ => (Verdict::Proven, None),
    }
}

fn seeds(world: &World<'_>, families: [&Family; 2], table: &Relation) -> Vec<Seed> {
    let name = table.display_name();
    let mut out = Vec::new();
    for (family, tenant) in families.into_iter().zip([Tenant::A, Tenant::B]) {
        let key = (table.schema.clone(), table.name.clone());
        if let Some(made) = family.row(&table.schema, &table.name) {
            out.push(Seed { tenant, table: name.clone(), sql: insert(table, made, &[], None), failed: None });
        } else if let Some(failed) = family.failed.get(&key) {
            let of = world
                .catalog
                .relation(&failed.table.0, &failed.table.1)
                .map(Relation::display_name)
                .unwrap_or_default();
            let reason = if of == name { failed.reason.clone() } else { format!("{of}: {}", failed.reason) };
            out.push(Seed { tenant, table: name.clone(), sql: failed.sql.clone(), failed: Some(reason) });
        }
    }
    out
}

fn with_witness(
    proof: &Proof<'_, '_>,
    session: &mut Session<'_>,
    families: [&Family; 2],
    tables: &[u32],
    done: &Done,
) -> Result<Probe, SqlError> {
    let mut probe = done.probe.clone();
    let early = (done.attempt.attack.clone(), done.attempt.who.clone());
    if let Some(witness) = proof.early.get(&early) {
        probe.witness = Some(witness.clone());
        return Ok(probe);
    }
    let [a, b] = families;
    let b = proof.colleague.as_ref().filter(|_| done.attempt.colleague).unwrap_or(b);
    if matches!(probe.outcome, Outcome::Leak { .. }) {
        probe.witness = Some(witness(session, proof.world, &proof.actors, tables, [a, b], &done.attempt)?);
    }
    Ok(probe)
}

fn asked_subject(
    proof: &Proof<'_, '_>,
    session: &mut Session<'_>,
    families: [&Family; 2],
    asked: &Asked,
) -> Result<Subject, SqlError> {
    let mut probes = Vec::new();
    let mut controls = Vec::new();
    for role in &proof.actors.roles {
        for tenant in [Tenant::A, Tenant::Unset, Tenant::Empty] {
            let who = Principal { role: role.clone(), tenant };
            for (at, question) in asked.questions.iter().enumerate() {
                let Some([without, with]) = both(proof, asked, at, &Asker::Principal(who.clone())) else {
                    continue;
                };
                let control = control(proof, asked, at, role);
                // Nobody was tried while the rows were perhaps others.
                let early = proof.early_families.as_ref().filter(|_| tenant == Tenant::Unset);
                let families = early.map_or(families, |[a, b]| [a, b]);
                let done = answered(proof.world, families, asked, question, &who, [without, with], control);
                probes.push(with_witness(proof, session, families, &asked.reads, &done)?);
                if tenant == Tenant::A {
                    controls.push(Control {
                        principal: Principal { role: role.clone(), tenant: Tenant::B },
                        what: "it depends on the rows of tenant B".to_owned(),
                        sql: question.sql.clone(),
                        holds: control,
                        answer: None,
                    });
                }
            }
        }
    }
    // A way to ask that even B learns nothing from is no loss where another one works.
    let works = |probe: &Probe| matches!(probe.outcome, Outcome::Held { .. });
    if probes.iter().any(works) && controls.iter().any(|control| control.holds) {
        probes.retain(|probe| !matches!(probe.outcome, Outcome::Vacuous { .. }));
    }
    let (verdict, why) = match proof.actors.roles.is_empty() {
        true => (Verdict::NotCheckable, Some("no role of the application is known".to_owned())),
        false if proof.same.is_some() => (Verdict::Vacuous, proof.same.clone()),
        false => match (judged(&probes, None), asked.opaque) {
            ((verdict, _), Some(opaque)) if verdict != Verdict::Contradicted => {
                (Verdict::NotCheckable, Some(opaque.why().to_owned()))
            }
            ((Verdict::Proven, _), None) if proof.unasked.contains(&asked.oid) => {
                let why = "what it shows as long as no claim was set was not tried: one was set before";
                (Verdict::Vacuous, Some(why.to_owned()))
            }
            (judged, _) => judged,
        },
    };
    Ok(Subject {
        name: asked.name.clone(),
        kind: asked.kind,
        model: None,
        reason: asked.reason.clone(),
        links: Vec::new(),
        seeds: Vec::new(),
        controls,
        probes,
        verdict,
        why,
    })
}

fn both<'p>(proof: &'p Proof<'_, '_>, asked: &Asked, at: usize, asker: &Asker) -> Option<[&'p Seen; 2]> {
    let [without, with] = &proof.answers;
    let key = (asked.oid, at, asker.clone());
    Some([without.get(&key)?, with.get(&key)?])
}

/// Whether B itself, or a superuser, sees a difference.
fn control(proof: &Proof<'_, '_>, asked: &Asked, at: usize, role: &str) -> bool {
    let own = Asker::Principal(Principal { role: role.to_owned(), tenant: Tenant::B });
    [own, Asker::Superuser(Tenant::B)].iter().any(|asker| {
        both(proof, asked, at, asker).is_some_and(|[without, with]| with.differs(without) || with.changed)
    })
}

pub(crate) fn answered(
    world: &World<'_>,
    families: [&Family; 2],
    asked: &Asked,
    question: &Question,
    who: &Principal,
    [without, with]: [&Seen; 2],
    control: bool,
) -> Done {
    let kind = if asked.kind == SubjectKind::Function { ProbeKind::Function } else { ProbeKind::View };
    let (attack, check, shows) = shown(world, families, asked, question, without, with);
    let by = match &with.answer {
        Err((state, message)) => format!("{state} {message}"),
        Ok(rows) => format!("{} rows, the same without tenant B", rows.len()),
    };
    let refused = matches!(&with.answer, Err((state, _)) if state == "42501");
    let outcome = match () {
        () if with.changed || (question.check.is_none() && with.differs(without)) => {
            Outcome::Leak { what: shows.clone() }
        }
        () if refused || control || who.tenant != Tenant::A || writes_view(asked, question) => {
            Outcome::Held { by }
        }
        () => {
            let why = match asked.kind {
                SubjectKind::MaterializedView => {
                    "a superuser sees the same with and without the rows of tenant B"
                }
                _ => "not even tenant B sees its rows there",
            };
            Outcome::Vacuous { why: format!("{why}: {by}") }
        }
    };
    let before = question.before.clone();
    let attempt = Attempt { kind, who: who.clone(), before, attack, check, shows, colleague: false };
    let probe = Probe { kind, principal: who.clone(), sql: question.sql.clone(), outcome, witness: None };
    Done { probe, attempt }
}

fn writes_view(asked: &Asked, question: &Question) -> bool {
    asked.kind != SubjectKind::Function && question.writes
}

/// How to see it at once: the row that is there only because of B.
fn shown(
    world: &World<'_>,
    families: [&Family; 2],
    asked: &Asked,
    question: &Question,
    without: &Seen,
    with: &Seen,
) -> (String, Check, String) {
    if let Some((check, shows)) = &question.check {
        let shows = format!("{shows} through {}", asked.name);
        return (question.sql.clone(), Check::Afterwards(check.clone()), shows);
    }
    if with.changed {
        let shows = format!("{} changes rows of tenant B", asked.name);
        return (question.sql.clone(), Check::Afterwards(changed(world, families, asked)), shows);
    }
    let nothing = Vec::new();
    let rows = without.answer.as_ref().unwrap_or(&nothing);
    let new = with.answer.as_ref().ok().and_then(|seen| seen.iter().find(|row| !rows.contains(row)));
    let from = question.sql.strip_prefix("SELECT to_jsonb(seen)::text FROM ");
    let refused = without.answer.as_ref().map_or(true, Vec::is_empty);
    match (new, from) {
        // What is different each time is not looked for; that there is an answer says enough.
        (Some(_), Some(from)) if refused && !with.steady => {
            let shows = format!("{} answers only because of tenant B", asked.name);
            (format!("SELECT count(*) FROM {from}"), Check::Counts, shows)
        }
        (Some(row), Some(from)) => {
            let attack =
                format!("SELECT count(*) FROM {from} WHERE to_jsonb(seen)::text = {}", quote_literal(row));
            (
                attack,
                Check::Counts,
                format!("{} shows what is there only because of tenant B: {}", asked.name, shortened(row)),
            )
        }
        _ => otherwise(asked, question, without, with, from),
    }
}

/// How to see it where there is no new row: an error, an answer where none was, or a row that is no longer there.
fn otherwise(
    asked: &Asked,
    question: &Question,
    without: &Seen,
    with: &Seen,
    from: Option<&str>,
) -> (String, Check, String) {
    let shows = format!("{} answers differently where tenant B has rows", asked.name);
    match (&with.answer, &without.answer, from) {
        (Err((state, _)), ..) => (question.sql.clone(), Check::Error(state.clone()), shows),
        (Ok(seen), Ok(before), Some(from)) => {
            let gone = before.iter().find(|row| !seen.contains(row)).map_or("", String::as_str);
            let attack = format!(
                "SELECT count(*) = 0 FROM {from} WHERE to_jsonb(seen)::text = {}",
                quote_literal(gone)
            );
            (attack, Check::Counts, shows)
        }
        (Ok(_), Err(_), Some(from)) => (format!("SELECT count(*) >= 0 FROM {from}"), Check::Counts, shows),
        _ => (question.sql.clone(), Check::Affects, shows),
    }
}

fn shortened(row: &str) -> String {
    match row.char_indices().nth(160) {
        Some((at, _)) => format!("{}…", row.get(..at).unwrap_or("")),
        None => row.to_owned(),
    }
}

/// True where a row of B in a table that the subject reads is no longer as it was.
fn changed(world: &World<'_>, [_, b]: [&Family; 2], asked: &Asked) -> String {
    let read = world.catalog.relations.iter().filter(|relation| asked.reads.contains(&relation.oid));
    let same = |table: &Relation| {
        let row = b.row(&table.schema, &table.name)?;
        let columns: Vec<String> = table
            .columns
            .iter()
            .filter(|column| is_comparable(column))
            .map(|column| column.name.clone())
            .collect();
        Some(format!("NOT EXISTS (SELECT FROM {} WHERE {})", table.sql_name(), equal(table, &columns, row)))
    };
    let parts: Vec<String> = read.filter_map(same).collect();
    if parts.is_empty() { "SELECT false".to_owned() } else { format!("SELECT {}", parts.join(" OR ")) }
}

/// Tables and views that a view or a function reads, those behind other views included.
pub(crate) fn reads(world: &World<'_>, text: &str) -> Vec<u32> {
    let mut texts = vec![text];
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(text) = texts.get(at).copied() {
        at += 1;
        let code = without_keys(text);
        for relation in world.catalog.relations.iter().filter(|relation| mentions(&code, &relation.name)) {
            let scoped = world.of(relation).is_some_and(|placed| placed.model.is_scoped());
            if (scoped || relation.definition.is_some()) && !out.contains(&relation.oid) {
                out.push(relation.oid);
                texts.extend(relation.definition.as_deref());
            }
        }
        for function in world.catalog.functions.iter().filter(|function| mentions(text, &function.name)) {
            let body = text_of(function);
            if !texts.contains(&body) {
                texts.push(body);
            }
        }
    }
    // What reads no table of tenants in the end is of no interest.
    let scoped = |oid: &u32| world.placed.get(oid).is_some_and(|placed| placed.model.is_scoped());
    if out.iter().any(scoped) { out } else { Vec::new() }
}
