//! Two clients on one connection.

use super::plan::{Held, Look, Plan, Suspect, Way};
use super::shown::{Shown, login_witness, witness};
use crate::actors::{PUBLIC, enter_role, make_stranger};
use crate::report::{Outcome, Principal, Probe, ProbeKind, Tenant};
use crate::session::Session;
use trueup_catalog::{quote_ident, quote_literal};
use trueup_postgres::{Client, Database, ServerError, SqlError};

/// Longest time that one statement may take, in milliseconds.
const LONGEST_STATEMENT: u32 = 10_000;

/// Where it is tried.
pub(super) struct Ground<'g, 's> {
    pub database: &'g Database<'s>,
    pub plan: &'g Plan,
}

/// One trial: of whom, through which role, and whether A's rows are in the database already.
#[derive(Clone, Copy)]
pub(super) struct Turn<'t> {
    pub suspect: &'t Suspect,
    pub role: &'t str,
    pub rows_there: bool,
}

/// What came of one role's trial.
pub(super) struct Tried {
    /// Nothing where the trial did not come as far.
    pub probe: Option<Probe>,
    /// Why it did not.
    pub why: Option<String>,
}

/// What one guess at the first client came to.
enum First {
    /// The claim says that A speaks.
    Speaks,
    /// It does not, or could not be asked for.
    Not(String),
    /// The role may not do it at all.
    Refused(String),
}

/// An error of the server as one of its statements.
pub(crate) fn lost(error: ServerError) -> SqlError {
    match error {
        ServerError::Connect { why, .. } | ServerError::Sql { why, .. } => why,
        other => SqlError { message: other.to_string(), ..SqlError::default() },
    }
}

impl<'g, 's> Ground<'g, 's> {
    /// A copy of the database, with the rows of A in it or without.
    pub(super) fn copy(&self, with_rows: bool) -> Result<Database<'s>, SqlError> {
        let copy = self.database.server().copy_of(self.database).map_err(lost)?;
        if with_rows {
            let mut client = copy.connect().map_err(lost)?;
            client.batch_execute(&format!("BEGIN; {}; COMMIT", self.rows()))?;
        }
        Ok(copy)
    }

    /// All rows of A, without asking triggers or foreign keys.
    fn rows(&self) -> String {
        let rows = self.plan.rows.join("; ");
        format!(
            "SET LOCAL session_replication_role = replica; {rows}; SET LOCAL session_replication_role = origin"
        )
    }

    /// A role that has what everybody has, where one is needed.
    pub(super) fn make_stranger(&self, roles: &[&String]) -> Result<bool, SqlError> {
        if !roles.iter().any(|role| *role == PUBLIC) {
            return Ok(false);
        }
        let mut client = self.database.connect().map_err(lost)?;
        make_stranger(&mut Session { client: &mut client }, &self.plan.stranger)?;
        Ok(true)
    }

    pub(super) fn drop_stranger(&self) -> Result<(), SqlError> {
        let mut client = self.database.connect().map_err(lost)?;
        crate::actors::drop_stranger(&mut Session { client: &mut client }, &self.plan.stranger)?;
        Ok(())
    }

    /// Tries a call, or the statements of a script.
    pub(super) fn way(&self, copy: &Database<'_>, turn: Turn<'_>) -> Result<Tried, SqlError> {
        let enter = enter_role(turn.role, &self.plan.stranger);
        let guesses: Vec<Vec<String>> = match &turn.suspect.way {
            Way::Call(calls) => calls.iter().flat_map(|call| ways_of(&enter, call)).collect(),
            Way::Script(statements) => vec![statements.clone()],
            Way::Login { .. } => Vec::new(),
        };
        let (mut why, mut refused) = (None, None);
        let (mut held, mut unknown) = (None, None);
        for first in &guesses {
            let mut client = connect(copy)?;
            let mut session = Session { client: &mut client };
            let before = self.seen(&mut session, turn, &self.plan.empty)?;
            match self.first(&mut session, first, matches!(turn.suspect.way, Way::Call(_)))? {
                First::Speaks => {
                    let tried = self.second(&mut session, turn, first, &before)?;
                    // What holds with one guess may leak with another: `is_local` is true or false.
                    match &tried.probe {
                        Some(probe) if matches!(probe.outcome, Outcome::Leak { .. }) => return Ok(tried),
                        Some(_) => held = held.or(Some(tried)),
                        None => unknown = unknown.or(Some(tried)),
                    }
                }
                // By the same error a function may refuse what was guessed, and take something else.
                First::Refused(error) if turn.suspect.refused.iter().any(|role| role == turn.role) => {
                    refused = Some((first, error));
                }
                First::Refused(reason) => why = why.or(Some(reason)),
                First::Not(reason) => why = why.or(Some(reason)),
            }
        }
        if let Some(tried) = unknown.or(held) {
            return Ok(tried);
        }
        match (why, refused) {
            (None, Some((first, by))) => {
                Ok(Tried::with(turn.role, &asked(turn, first), Outcome::Held { by }))
            }
            (why, _) => Ok(Tried::without(why.as_deref().unwrap_or("nothing in it can be run by itself"))),
        }
    }

    /// The first client: sets the claim and leaves.
    fn first(
        &self,
        session: &mut Session<'_>,
        statements: &[String],
        calls: bool,
    ) -> Result<First, SqlError> {
        let in_one = statements.first().is_some_and(|first| first == "BEGIN");
        let mut spoke = Vec::new();
        for statement in statements {
            if in_one && statement == "COMMIT" {
                spoke = self.speaking(session)?;
            }
            let Err(error) = session.run(statement) else { continue };
            if error.is_lost() {
                return Err(error);
            }
            session.execute("ROLLBACK")?;
            return Ok(match error.sqlstate.as_str() {
                "42501" => First::Refused(error.to_string()),
                _ => First::Not(format!("{statement}: {error}")),
            });
        }
        // A script ends its transactions by itself, or has none; what it does not end is ended by its runner.
        if !in_one {
            session.execute("COMMIT")?;
            if !calls {
                return Ok(First::Speaks);
            }
            spoke = self.speaking(session)?;
        }
        Ok(match spoke.is_empty() {
            false => First::Speaks,
            true => First::Not("with the arguments that were guessed it sets no claim".to_owned()),
        })
    }

    /// The carriers that say that A speaks.
    fn speaking(&self, session: &mut Session<'_>) -> Result<Vec<&'g Held>, SqlError> {
        let mut out = Vec::new();
        for claim in &self.plan.claims {
            let answer =
                session.run(&format!("SELECT current_setting({}, true)", quote_literal(&claim.name)))?;
            if answer.first().is_some_and(|value| claim.is_in(value)) {
                out.push(claim);
            }
        }
        Ok(out)
    }

    /// The second client: has set nothing, and looks.
    fn second(
        &self,
        session: &mut Session<'_>,
        turn: Turn<'_>,
        first: &[String],
        before: &[bool],
    ) -> Result<Tried, SqlError> {
        let asked = asked(turn, first);
        let stays = self.speaking(session)?;
        if stays.is_empty() {
            let by = "no claim is left behind the transaction".to_owned();
            return Ok(Tried::with(turn.role, &asked, Outcome::Held { by }));
        }
        let stays: Vec<&str> = stays.iter().map(|claim| claim.name.as_str()).collect();
        // Where several claims are needed, the second client sets those that are its own affair.
        let others = self.plan.claims.iter().filter(|claim| !stays.contains(&claim.name.as_str()));
        let others: Vec<String> = others.map(Held::set).collect();
        let found = match self.found(session, turn, &[], before)? {
            Some(look) => Some((look, Vec::new())),
            None if others.is_empty() => None,
            None => {
                let before = self.without(turn, &others)?;
                self.found(session, turn, &others, &before)?.map(|look| (look, others))
            }
        };
        let Some((look, own)) = found else {
            let why = format!("{} stays, but no row is seen with it through {}", stays.join(", "), turn.role);
            return Ok(Tried::without(&why));
        };
        let rows_there = turn.rows_there || self.plan.rows_first;
        let stranger = &self.plan.stranger;
        let shown = Shown { role: turn.role, stranger, rows_there, first, own: &own, look };
        let mut tried = Tried::with(turn.role, &asked, Outcome::Leak { what: shown.what() });
        let copy = self.copy(false)?;
        if let Some(probe) = &mut tried.probe {
            probe.witness = Some(witness(&mut connect(&copy)?, &shown)?);
        }
        Ok(tried)
    }

    /// The first look that shows a row of A now and did not before.
    fn found(
        &self,
        session: &mut Session<'_>,
        turn: Turn<'_>,
        own: &[String],
        before: &[bool],
    ) -> Result<Option<&'g Look>, SqlError> {
        let now = self.seen(session, turn, own)?;
        let at = now.iter().zip(before).position(|(now, before)| *now && !*before);
        Ok(at.and_then(|at| self.plan.looks.get(at)))
    }

    /// What is seen with the other claims alone, on a connection that never had the one in question.
    fn without(&self, turn: Turn<'_>, own: &[String]) -> Result<Vec<bool>, SqlError> {
        let copy = self.copy(false)?;
        let turn = Turn { rows_there: false, ..turn };
        self.seen(&mut Session { client: &mut connect(&copy)? }, turn, own)
    }

    /// Which looks show rows of A, as a role and after some statements.
    fn seen(&self, session: &mut Session<'_>, turn: Turn<'_>, own: &[String]) -> Result<Vec<bool>, SqlError> {
        let rows = if turn.rows_there { String::new() } else { self.rows() };
        let enter = enter_role(turn.role, &self.plan.stranger);
        session.execute(&format!("BEGIN; {rows}; {}; {enter}", own.join("; ")))?;
        let out = self.looks(session)?;
        session.execute("ROLLBACK")?;
        Ok(out)
    }

    fn looks(&self, session: &mut Session<'_>) -> Result<Vec<bool>, SqlError> {
        let mut out = Vec::new();
        for look in &self.plan.looks {
            let answer = session.trial(|session| session.run(&look.sql))?;
            out.push(answer.is_ok_and(|answer| answer.first().is_some_and(|count| count != "0")));
        }
        Ok(out)
    }

    /// A setting that a role has from its login on: only a login tells what it does.
    pub(super) fn login(&self, statement: &str, turn: Turn<'_>) -> Result<Tried, SqlError> {
        if turn.role == PUBLIC {
            return Ok(Tried::without("only a login tells what it does, and no role is known that logs in"));
        }
        if !self.database.server().is_private() {
            let why = "only a login tells what it does, and roles of a given server are left as they are";
            return Ok(Tried::without(why));
        }
        let copy = self.copy(true)?;
        let mut client = connect(&copy)?;
        let mut owner = Session { client: &mut client };
        let before = self.seen(&mut owner, turn, &self.plan.empty)?;
        let may = "SELECT rolcanlogin FROM pg_catalog.pg_roles WHERE rolname = ";
        let opens = owner.run(&format!("{may}{}", quote_literal(turn.role)))?.first() == Some("f");
        let name = quote_ident(turn.role);
        owner.execute(&statement.replace("{database}", copy.name()))?;
        if opens {
            owner.execute(&format!("ALTER ROLE {name} LOGIN"))?;
        }
        let seen = copy.connect_as(turn.role).map_err(lost).and_then(|mut client| {
            let mut session = Session { client: &mut client };
            session.execute("BEGIN")?;
            self.looks(&mut session)
        });
        if opens {
            owner.execute(&format!("ALTER ROLE {name} NOLOGIN"))?;
        }
        let found = seen?.iter().zip(&before).position(|(now, before)| *now && !*before);
        let Some(look) = found.and_then(|at| self.plan.looks.get(at)) else {
            return Ok(Tried::without(&format!("no row is seen with it through {}", turn.role)));
        };
        let stranger = &self.plan.stranger;
        let shown = Shown { role: turn.role, stranger, rows_there: true, first: &[], own: &[], look };
        let asked = statement.replace(" IN DATABASE {database}", "").replace("{database}", "…");
        let what = format!("tenant A's row in {} is seen by whoever logs in, without a claim", look.table);
        let mut tried = Tried::with(turn.role, &asked, Outcome::Leak { what });
        if let Some(probe) = &mut tried.probe {
            probe.witness = Some(login_witness(&shown, statement, opens));
        }
        Ok(tried)
    }
}

impl Tried {
    fn with(role: &str, sql: &str, outcome: Outcome) -> Tried {
        let principal = Principal { role: role.to_owned(), tenant: Tenant::Unset };
        let kind = ProbeKind::SessionClaim;
        Tried {
            probe: Some(Probe { kind, principal, sql: sql.to_owned(), outcome, witness: None }),
            why: None,
        }
    }

    fn without(why: &str) -> Tried {
        Tried { probe: None, why: Some(why.to_owned()) }
    }
}

fn connect(database: &Database<'_>) -> Result<Client, SqlError> {
    let mut client = database.connect().map_err(lost)?;
    client.batch_execute(&format!("SET statement_timeout = {LONGEST_STATEMENT}"))?;
    Ok(client)
}

/// How the first client calls: a procedure that ends transactions by itself cannot be called within one.
fn ways_of(enter: &str, call: &str) -> Vec<Vec<String>> {
    let mut out = vec![in_transaction(enter, call)];
    if call.starts_with("CALL ") {
        let enter = enter.replacen("SET LOCAL ROLE", "SET ROLE", 1);
        out.push([enter.as_str(), call, "RESET ROLE"].map(str::to_owned).to_vec());
    }
    out
}

/// The first client's transaction around a call.
fn in_transaction(enter: &str, call: &str) -> Vec<String> {
    ["BEGIN", enter, call, "COMMIT"].map(str::to_owned).to_vec()
}

/// What sets the claim, without the transaction around a call.
fn asked(turn: Turn<'_>, first: &[String]) -> String {
    match &turn.suspect.way {
        Way::Call(_) => {
            let call = first.iter().rev().nth(1);
            call.cloned().unwrap_or_default()
        }
        _ => first.join("; "),
    }
}
