//! The prover is proven: holes are made in schemas that are sound, and each has to be found.

mod alike;
mod found;
mod limits;
mod members;
mod mutants;
mod pooled;
mod pooler;
mod shown;
mod slips;
mod tokens;
mod written;

use mutants::{COLUMN, DESK, FEW, HALVES, LISTS, Mutant, PARTS, PATH, ROLES, SCHEMAS, USERS};
use trueup_postgres::{Client, Database, Server, ServerOptions};
use trueup_tenancy::{Options, Outcome, Report, Verdict, prove, prove_within};

/// A schema without holes.
struct Sound {
    sql: &'static str,
    options: Options,
}

fn sound(sql: &'static str, globals: &[&str], exempt: &[&str]) -> Sound {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Sound {
        sql,
        options: Options { globals: owned(globals), exempt_roles: owned(exempt), ..Options::default() },
    }
}

fn fresh(database: &Database<'_>) -> Client {
    database.connect().unwrap()
}

/// What is wrong, as lines: leaks, what was not reached, findings.
fn wrongs(report: &Report) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for subject in &report.subjects {
        for probe in &subject.probes {
            let what = match &probe.outcome {
                Outcome::Leak { what } => format!("leak: {what}"),
                Outcome::Vacuous { why } => format!("vacuous: {why}"),
                Outcome::NotCheckable { why } => format!("not checkable: {why}"),
                Outcome::Held { .. } => continue,
            };
            let who = &probe.principal;
            out.push((
                subject.name.clone(),
                format!("{} {} {:?} {what}\n   {}", probe.kind.name(), who.role, who.tenant, probe.sql),
            ));
        }
        if subject.verdict != Verdict::Proven {
            out.push((subject.name.clone(), format!("{}: {:?}", subject.verdict.name(), subject.why)));
        }
    }
    out.extend(
        report
            .findings
            .iter()
            .map(|finding| (finding.about.clone(), format!("{}: {}", finding.kind.name(), finding.message))),
    );
    out
}

/// What was found at a table, a view, a function or a role: the names of probes that leak and of findings, and whether
/// something was not reached.
fn found(report: &Report, about: &str) -> Vec<&'static str> {
    // A function is told by its name; how its arguments are written is the server's affair.
    let bare = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
    let mut out = Vec::new();
    for subject in report.subjects.iter().filter(|subject| bare(&subject.name) == bare(about)) {
        out.extend(subject.leaks().map(|probe| probe.kind.name()));
        out.extend((subject.verdict == Verdict::Vacuous).then_some("vacuous"));
    }
    let findings = report.findings.iter().filter(|finding| bare(&finding.about) == bare(about));
    out.extend(findings.map(|finding| finding.kind.name()));
    out
}

fn run(sound: &Sound, mutants: &[Mutant]) {
    run_on(&Server::start(&ServerOptions::default()).unwrap(), sound, mutants);
}

fn run_on(server: &Server, sound: &Sound, mutants: &[Mutant]) {
    let database = server.create().unwrap();
    fresh(&database).batch_execute(sound.sql).unwrap();
    let report = prove(&mut fresh(&database), &sound.options).unwrap();
    assert_eq!(wrongs(&report), [], "the sound schema; {:#?}", report.carriers);
    assert_eq!(report.verdict(), Verdict::Proven);
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    let mut missed = Vec::new();
    for mutant in mutants {
        let mut client = fresh(&database);
        client.batch_execute("BEGIN").unwrap();
        client.batch_execute(mutant.sql).unwrap_or_else(|error| panic!("{}: {error:?}", mutant.name));
        let report = prove_within(&mut client, &sound.options).unwrap();
        let found = found(&report, mutant.about);
        let missing: Vec<&str> = mutant.found.split(", ").filter(|kind| !found.contains(kind)).collect();
        if !missing.is_empty() {
            let (name, about) = (mutant.name, mutant.about);
            missed.push(format!("{name} at {about}: not found: {missing:?}; found: {:#?}", wrongs(&report)));
        }
        let unconfirmed = report
            .subjects
            .iter()
            .flat_map(|subject| subject.leaks())
            .filter(|probe| !probe.witness.as_ref().is_some_and(|witness| witness.confirmed));
        for probe in unconfirmed {
            missed.push(format!(
                "{}: the witness shows nothing: {} {}",
                mutant.name,
                probe.kind.name(),
                probe.sql
            ));
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), mutants.len(), missed.join("\n"));
}

#[test]
fn a_column_names_the_tenant() {
    let (first, _) = COLUMN.split_at(COLUMN.len() / 2);
    run(&sound(include_str!("sound/column.sql"), &["countries"], &["backup"]), first);
}

/// The longer half of the time is spent beside the other.
#[test]
fn a_column_names_the_tenant_in_the_rest() {
    let (_, second) = COLUMN.split_at(COLUMN.len() / 2);
    run(&sound(include_str!("sound/column.sql"), &["countries"], &["backup"]), second);
}

#[test]
fn a_path_leads_to_the_tenant() {
    run(&sound(include_str!("sound/path.sql"), &[], &[]), PATH);
}

#[test]
fn rows_belong_to_users() {
    run(&sound(include_str!("sound/users.sql"), &[], &[]), USERS);
}

#[test]
fn tables_lie_in_parts() {
    run(&sound(include_str!("sound/parts.sql"), &[], &[]), PARTS);
}

/// Roles belong to the server, and outlive the database of a schema.
const FORGET_ROLES: &str = "DO $$ DECLARE r name; BEGIN
    FOR r IN SELECT rolname FROM pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_' LOOP EXECUTE format('DROP ROLE %I', r); END LOOP; END $$";

/// Few holes each: a server of its own would take longer than what is tried on it.
#[test]
fn tenants_are_named_in_other_ways() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    for (sql, mutants) in [
        (include_str!("sound/roles.sql"), ROLES),
        (include_str!("sound/few.sql"), FEW),
        (include_str!("sound/halves.sql"), HALVES),
        (include_str!("sound/lists.sql"), LISTS),
        (include_str!("sound/schemas.sql"), SCHEMAS),
        (include_str!("sound/desk.sql"), DESK),
    ] {
        run_on(&server, &sound(sql, &[], &[]), mutants);
        let database = server.create().unwrap();
        fresh(&database).batch_execute(FORGET_ROLES).unwrap();
    }
}

#[test]
fn there_are_enough_holes() {
    let all = [COLUMN, PATH, USERS, PARTS, ROLES, FEW, HALVES, LISTS, SCHEMAS, DESK];
    assert!(all.iter().map(|mutants| mutants.len()).sum::<usize>() >= 80);
}
