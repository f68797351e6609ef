//! What is tried: who may set a claim that stays, and where its rows would be seen.

use crate::actors::{Actors, PUBLIC, asks_role, memberships};
use crate::carriers::{claims_of, empty_claims, json_text};
use crate::model::World;
use crate::observe::{arguments, is_callable};
use crate::options::Options;
use crate::report::{Finding, FindingKind, Model, Principal, SubjectKind, Tenant};
use crate::rows_sql::{identity, insert};
use crate::seeds::triggers_ask;
use crate::session::Session;
use crate::texts::{mentions, text_of};
use crate::witness::rows_of;
use trueup_catalog::{Function, FunctionKind, Grant, quote_ident, quote_literal};
use trueup_postgres::SqlError;
use trueup_rows::Family;

/// Most guesses at the arguments of one function.
const MOST_GUESSES: usize = 24;

/// How a claim is set.
#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// By a call; each text is one guess at its arguments.
    Call(Vec<String>),
    /// By statements of a script, with A's values.
    Script(Vec<String>),
    /// At login, where the role, or the whole database, has a setting of its own.
    Login {
        /// `ALTER ROLE app IN DATABASE {database} SET …`, with A's value.
        statement: String,
    },
}

/// Something that may set a claim for longer than a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Suspect {
    pub name: String,
    pub kind: SubjectKind,
    pub reason: String,
    pub way: Way,
    /// The roles through which it is tried.
    pub roles: Vec<String>,
    /// Those of them that may not call it at all.
    pub refused: Vec<String>,
    /// Names of the findings that are no longer true where it is shown that nothing stays.
    pub findings: Vec<String>,
}

/// Where a claim that stayed would show rows of A.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub table: String,
    /// Counts A's row.
    pub sql: String,
    /// The statements that make A's row and what it needs.
    pub rows: Vec<String>,
    /// Those that take them away again.
    pub away: Vec<String>,
}

/// A carrier with A's value.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub name: String,
    pub value: String,
    /// Texts of which one has to stand in JSON.
    pub marks: Vec<String>,
}

impl Held {
    /// Whether a value of the setting says that A speaks.
    pub(crate) fn is_in(&self, value: &str) -> bool {
        match self.marks.is_empty() {
            true => value == self.value,
            false => self.marks.iter().any(|mark| value.contains(mark.as_str())),
        }
    }

    /// The statement that sets it for the transaction.
    pub(crate) fn set(&self) -> String {
        format!("SELECT set_config({}, {}, true)", quote_literal(&self.name), quote_literal(&self.value))
    }
}

/// All of it, as plain data: the transaction in which it was worked out is gone when it is tried.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub claims: Vec<Held>,
    /// Statements that set the claims to nothing.
    pub empty: Vec<String>,
    /// All rows of A, written without asking anything.
    pub rows: Vec<String>,
    /// The role of the server that stands for `PUBLIC`.
    pub stranger: String,
    /// Rows can only be written by somebody who speaks: a witness makes them before, in a transaction of their own.
    pub rows_first: bool,
    pub looks: Vec<Look>,
    pub suspects: Vec<Suspect>,
}

/// Works out what to try. Nothing is to be tried where no setting carries a claim.
pub(crate) fn plan(
    session: &mut Session<'_>,
    world: &World<'_>,
    options: &Options,
    actors: &Actors,
    findings: &[Finding],
    a: &Family,
) -> Result<Plan, SqlError> {
    let role = actors.roles.first().map_or("", String::as_str);
    let claims = claims_of(&world.carriers, &actors.a, role);
    // Where the connected role is the tenant, the claim is not in a setting that stays.
    if claims.is_empty() || asks_role(&world.carriers) || actors.roles.is_empty() {
        return Ok(Plan::default());
    }
    let mut plan = Plan {
        claims,
        empty: empty_claims(&world.carriers),
        rows: all_rows(world, a),
        stranger: actors.stranger.clone(),
        rows_first: triggers_ask(world),
        ..Plan::default()
    };
    plan.looks = looks(world, actors, a, plan.rows_first);
    plan.suspects = calls(world, actors, a, &plan.claims);
    plan.suspects.extend(scripts(options, findings, &plan.claims, &actors.roles));
    plan.suspects.extend(logins(session, world, options, actors, findings, &plan.claims)?);
    Ok(plan)
}

fn all_rows(world: &World<'_>, a: &Family) -> Vec<String> {
    let one = |made: &trueup_rows::Made| {
        let table = world.catalog.relation(&made.table.0, &made.table.1)?;
        Some(insert(table, made, &[], None))
    };
    a.rows.iter().filter_map(one).collect()
}

fn looks(world: &World<'_>, actors: &Actors, a: &Family, asks: bool) -> Vec<Look> {
    let claims = actors.claims(&Principal { role: String::new(), tenant: Tenant::A });
    let mut out = Vec::new();
    let mut of_roots = Vec::new();
    for table in world.catalog.tables() {
        let Some(placed) = world.of(table).filter(|placed| placed.model.is_scoped()) else { continue };
        let Some(row) = a.row(&table.schema, &table.name) else { continue };
        let needed = rows_of(world, &[table.oid], a);
        let mut rows = if asks { claims.clone() } else { Vec::new() };
        // What a trigger made, it makes again.
        let written = needed.iter().filter(|(_, made)| !made.adopted);
        rows.extend(written.map(|(table, made)| insert(table, made, &[], None)));
        let away = needed.iter().rev().map(|(table, made)| {
            format!("DELETE FROM {} WHERE {}", table.sql_name(), identity(table, made, |_| true))
        });
        let look = Look {
            table: table.display_name(),
            sql: format!(
                "SELECT count(*) FROM {} WHERE {}",
                table.sql_name(),
                identity(table, row, |_| true)
            ),
            rows,
            away: away.collect(),
        };
        // The row of the tenant itself says least.
        match placed.model {
            Model::Root { .. } => of_roots.push(look),
            _ => out.push(look),
        }
    }
    out.extend(of_roots);
    out
}

/// Functions that set a setting, and those that call them.
fn calls(world: &World<'_>, actors: &Actors, a: &Family, claims: &[Held]) -> Vec<Suspect> {
    let functions = &world.catalog.functions;
    let mut names: Vec<&str> = Vec::new();
    loop {
        let sets = |function: &&Function| {
            let text = text_of(function);
            sets_a_setting(text, claims) || names.iter().any(|name| mentions(text, name))
        };
        let found: Vec<&str> = functions.iter().filter(sets).map(|function| function.name.as_str()).collect();
        if found.len() == names.len() {
            break;
        }
        names = found;
    }
    let suspected =
        functions.iter().filter(|function| is_callable(function) && names.contains(&function.name.as_str()));
    suspected.map(|function| suspect(world, actors, function, a, claims)).collect()
}

fn suspect(world: &World<'_>, actors: &Actors, function: &Function, a: &Family, claims: &[Held]) -> Suspect {
    let name = function.display_name();
    let mut roles = actors.roles.clone();
    let granted = function.grants.iter().map(|grant| &grant.grantee);
    let plain = |name: &&String| {
        **name != function.owner
            && world.catalog.role(name).is_some_and(|role| !role.superuser && !role.bypasses_row_security)
    };
    for role in granted.filter(plain) {
        if !roles.contains(role) {
            roles.push(role.clone());
        }
    }
    let refused = roles.iter().filter(|role| !may_call(world, function, role)).cloned().collect();
    Suspect {
        kind: SubjectKind::Function,
        reason: "it sets a setting that may carry a claim".to_owned(),
        way: Way::Call(guesses(world, function, a, claims)),
        roles,
        refused,
        findings: vec![name.clone()],
        name,
    }
}

/// Whether a role has the rights that a call needs.
fn may_call(world: &World<'_>, function: &Function, role: &str) -> bool {
    let names = memberships(world.catalog, role);
    let has = |grants: &[Grant], owner: &String, privilege: &str| {
        let to = |name: &String| name.eq_ignore_ascii_case(PUBLIC) || names.contains(name);
        names.contains(owner) || grants.iter().any(|grant| grant.privilege == privilege && to(&grant.grantee))
    };
    let schema = world.catalog.schemas.iter().find(|schema| schema.name == function.schema);
    let superuser = names.iter().any(|name| world.catalog.role(name).is_some_and(|role| role.superuser));
    let enters = schema.is_none_or(|schema| has(&schema.grants, &schema.owner, "USAGE"));
    superuser || (enters && has(&function.grants, &function.owner, "EXECUTE"))
}

/// Whether a text changes a setting: `set_config(…)`, `SET app.tenant_id …`.
fn sets_a_setting(text: &str, claims: &[Held]) -> bool {
    let words = text.to_lowercase().replace('"', "");
    let words: Vec<&str> = words.split_whitespace().collect();
    let named = |word: &str| claims.iter().any(|claim| word.starts_with(&claim.name.to_lowercase()));
    let begins = |part: &str| claims.iter().any(|claim| claim.name.to_lowercase().starts_with(part));
    let executes = mentions(text, "execute");
    let set = |pair: &[&str]| match pair {
        [first, second] => {
            let setting = first.ends_with("set") || matches!(*first, "local" | "session");
            // `EXECUTE format('SET %I = %L', …)`: a name that is worked out may be any.
            let statement =
                ["'set", "$set"].iter().any(|set| first.ends_with(set)) || !first.ends_with("set");
            let part = second.find(['%', '\'']).and_then(|end| second.get(..end));
            let built = part.is_some_and(|part| begins(part) && (statement || !part.is_empty()));
            setting && (named(second) || (executes && built))
        }
        _ => false,
    };
    let lower = text.to_lowercase();
    let called = lower.match_indices("set_config").any(|(at, word)| {
        let name =
            lower.get(at + word.len()..).unwrap_or("").trim_start_matches(['(', ' ', '\n', '\t', '\r']);
        let Some(literal) = name.strip_prefix('\'') else { return true };
        // Within `EXECUTE '…'` quotes stand twice.
        let literal = literal.trim_start_matches('\'');
        let (part, after) = literal.split_once('\'').unwrap_or((literal, ""));
        let whole = after.trim_start_matches('\'').trim_start().starts_with([',', ':']);
        named(literal) || (!whole && begins(part))
    });
    called || words.windows(2).any(set)
}

/// Calls that may sign A in: arguments by their names, and then A's claims themselves wherever their types allow.
fn guesses(world: &World<'_>, function: &Function, a: &Family, claims: &[Held]) -> Vec<String> {
    let all = function.argument_types.len();
    let needed = all.saturating_sub(usize::try_from(function.defaults).unwrap_or(0));
    let mut out: Vec<String> = Vec::new();
    for count in [all, needed] {
        let by_name = arguments(world, function, count, a, a, true);
        let mut lists = vec![by_name.clone()];
        for claim in claims {
            let mut first_text = true;
            let mut plain = by_name.clone();
            let mut named = by_name.clone();
            for ((type_name, plain), named) in function.argument_types.iter().zip(&mut plain).zip(&mut named)
            {
                if !takes(type_name, claim) {
                    continue;
                }
                let value = format!("{}::{type_name}", quote_literal(&given(type_name, claim)));
                // `set_claim(name, value)`
                *named = match is_text(type_name) && std::mem::take(&mut first_text) {
                    true => format!("{}::{type_name}", quote_literal(&claim.name)),
                    false => value.clone(),
                };
                *plain = value;
            }
            lists.push(plain);
            lists.push(named);
        }
        // `set_tenant(t, is_local)`: what is guessed as true may be false as well.
        let others: Vec<Vec<String>> =
            lists.iter().filter_map(|list| with_false(&function.argument_types, list)).collect();
        lists.extend(others);
        for list in lists {
            let call = format!("{}({})", function.sql_name(), list.join(", "));
            let sql = match function.kind {
                FunctionKind::Procedure => format!("CALL {call}"),
                _ => format!("SELECT {call}"),
            };
            if !out.contains(&sql) {
                out.push(sql);
            }
        }
    }
    out.truncate(MOST_GUESSES);
    out
}

/// The arguments with each boolean false, where there is one.
fn with_false(types: &[String], list: &[String]) -> Option<Vec<String>> {
    let one = |(type_name, value): (&String, &String)| match type_name.as_str() {
        "boolean" => "'false'::boolean".to_owned(),
        _ => value.clone(),
    };
    let has = types.iter().zip(list).any(|(type_name, _)| type_name == "boolean");
    has.then(|| types.iter().zip(list).map(one).collect())
}

/// The value of a claim as an argument: in JSON, one that stands alone has its name beside it.
fn given(type_name: &str, claim: &Held) -> String {
    let last = claim.name.rsplit('.').next().unwrap_or(&claim.name);
    match type_name {
        "json" | "jsonb" if claim.marks.is_empty() => {
            format!("{{{}: {}}}", json_text(last), json_text(&claim.value))
        }
        _ => claim.value.clone(),
    }
}

fn is_text(type_name: &str) -> bool {
    ["text", "citext", "name"].contains(&type_name) || type_name.starts_with("character")
}

/// Whether an argument of a type may be this claim.
fn takes(type_name: &str, claim: &Held) -> bool {
    match type_name {
        "json" | "jsonb" => true,
        "uuid" => claim.value.len() == 36 && claim.value.contains('-'),
        "smallint" | "integer" | "bigint" | "numeric" => claim.value.parse::<i64>().is_ok(),
        _ => is_text(type_name),
    }
}

/// Scripts in which a claim is set for the session, each with what it says about settings and transactions.
fn scripts(options: &Options, findings: &[Finding], claims: &[Held], roles: &[String]) -> Vec<Suspect> {
    let mut out = Vec::new();
    for (name, text) in &options.scripts {
        let of_script = |finding: &&Finding| {
            finding.kind == FindingKind::SessionClaim
                && finding.about.rsplit_once(':').is_some_and(|(file, _)| file == name)
                && !alters(options, &finding.about)
        };
        let about: Vec<String> = findings.iter().filter(of_script).map(|found| found.about.clone()).collect();
        let Some(first) = about.first() else { continue };
        out.push(Suspect {
            name: first.clone(),
            kind: SubjectKind::Script,
            reason: "it sets a claim outside of a transaction".to_owned(),
            way: Way::Script(super::script::settings_of(text, claims)),
            roles: roles.to_vec(),
            refused: Vec::new(),
            findings: about,
        });
    }
    out
}

/// Whether what stands at a place of a script is `ALTER ROLE … SET` or `ALTER DATABASE … SET`.
fn alters(options: &Options, about: &str) -> bool {
    let place = about.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<u32>().ok()?)));
    let Some((file, line)) = place else { return false };
    let text = options.scripts.iter().find(|(name, _)| name == file).map_or("", |(_, text)| text.as_str());
    let script = trueup_sql::Script::read(text);
    let at = script.statements.iter().find(|statement| statement.line == line);
    at.is_some_and(|statement| {
        mentions(statement.span.text(text).split_whitespace().next().unwrap_or(""), "alter")
    })
}

/// Settings that roles have from their login on.
fn logins(
    session: &mut Session<'_>,
    world: &World<'_>,
    options: &Options,
    actors: &Actors,
    findings: &[Finding],
    claims: &[Held],
) -> Result<Vec<Suspect>, SqlError> {
    let told =
        |finding: &&Finding| finding.kind == FindingKind::SessionClaim && alters(options, &finding.about);
    let told: Vec<String> = findings.iter().filter(told).map(|finding| finding.about.clone()).collect();
    let answer = session.run(
        "SELECT r.rolname, c.setting \
         FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole \
         CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting) \
         WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())) \
         ORDER BY 1, 2",
    )?;
    let mut out: Vec<Suspect> = Vec::new();
    for row in answer.rows {
        let [role, Some(setting)] = row.as_slice() else { continue };
        let Some((name, value)) = setting.split_once('=') else { continue };
        let claim = claims.iter().find(|claim| claim.name.eq_ignore_ascii_case(name));
        let Some(claim) = claim.filter(|_| !value.is_empty()) else { continue };
        let roles = match role {
            Some(role) if is_of_application(world, options, actors, role) => vec![role.clone()],
            Some(_) => continue,
            None => actors.roles.clone(),
        };
        let whom = match role {
            Some(role) => format!("ROLE {} IN DATABASE {{database}}", quote_ident(role)),
            None => "DATABASE {database}".to_owned(),
        };
        let name = role.as_ref().map_or("the database".to_owned(), |role| format!("role {role}"));
        if out.iter().any(|other| other.name == name) {
            continue;
        }
        out.push(Suspect {
            name,
            kind: SubjectKind::Setting,
            reason: format!("each of its sessions begins with {}", claim.name),
            way: Way::Login {
                statement: format!(
                    "ALTER {whom} SET {} = {}",
                    super::script::setting_name(&claim.name),
                    quote_literal(&claim.value)
                ),
            },
            roles,
            refused: Vec::new(),
            findings: told.clone(),
        });
    }
    // A setting that a later file has taken back is no setting.
    if out.is_empty() && !told.is_empty() {
        out.push(Suspect {
            name: String::new(),
            kind: SubjectKind::Setting,
            reason: String::new(),
            way: Way::Script(Vec::new()),
            roles: Vec::new(),
            refused: Vec::new(),
            findings: told,
        });
    }
    Ok(out)
}

/// A role of the application, or one that is a member of such a role and held by row security.
fn is_of_application(world: &World<'_>, options: &Options, actors: &Actors, role: &str) -> bool {
    let free = world.catalog.role(role).is_some_and(|role| role.superuser || role.bypasses_row_security);
    let exempt = options.exempt_roles.iter().any(|name| name == role);
    !free && !exempt && memberships(world.catalog, role).iter().any(|name| actors.roles.contains(name))
}
