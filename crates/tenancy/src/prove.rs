//! All of it, in one transaction that is taken back.

use crate::actors::{self, Actors};
use crate::attempt::Attempt;
use crate::carriers::{Forms, touched};
use crate::colleagues::user_scoped;
use crate::globals::probe_global;
use crate::model::World;
use crate::observe::{Answers, Asked, Asker, Question, ask_all, asked, state_sql};
use crate::options::Options;
use crate::pooled::Plan;
use crate::ranks::raise;
use crate::report::{
    Finding, FindingKind, Model, Outcome, Principal, Report, SubjectKind, Tenant, Verdict, Witness,
};
use crate::rows_sql::insert;
use crate::seeds::{Who, listed, seed, seed_colleague};
use crate::session::Session;
use crate::statics::{Ground, findings};
use crate::subjects::answered;
use crate::tables::{Done, Field, Results, probe_table};
use crate::through::through_views;
use crate::unset::{Unset, forget_forms};
use crate::witness::witness;
use std::collections::BTreeMap;
use trueup_catalog::{Catalog, Relation, RelationKind};
use trueup_postgres::{Client, Database, SqlError};
use trueup_rows::{Family, Maker};

/// Longest time that one statement may take, in milliseconds.
const LONGEST_STATEMENT: u32 = 10_000;

/// Attacks the schema of a database as one tenant and as nobody.
///
/// The connection has to be a superuser's, and a fresh one: a setting that a session once had can no longer be tried as
/// never set. Everything happens in one transaction that is rolled back. The error is one after which nothing can be
/// said: the connection was lost, or the connected role may not do what is needed.
pub fn prove(client: &mut Client, options: &Options) -> Result<Report, SqlError> {
    client.batch_execute("BEGIN")?;
    let report = prove_within(client, options);
    let ended = client.batch_execute("ROLLBACK");
    let report = report?;
    ended?;
    Ok(report)
}

/// The same of a whole database of our own, and then claims that are set for a session are tried as a pooler would have
/// it: on copies, since that cannot be rolled back. Nobody else may be connected to the database.
pub fn prove_pooled(database: &Database<'_>, options: &Options) -> Result<Report, SqlError> {
    let mut client = database.connect().map_err(crate::pooled::lost)?;
    client.batch_execute("BEGIN")?;
    let done = Session { client: &mut client }.trial(|session| run(session, options));
    client.batch_execute("ROLLBACK")?;
    drop(client);
    let (mut report, plan) = done??;
    crate::pooled::try_all(database, &plan, &mut report)?;
    Ok(report)
}

/// The same inside of a transaction that the caller has opened; what it did in it is seen.
pub fn prove_within(client: &mut Client, options: &Options) -> Result<Report, SqlError> {
    let mut session = Session { client };
    let (report, _) = session.trial(|session| run(session, options))??;
    Ok(report)
}

/// Where the values of a column are so few that both tenants have the same, nothing that is seen tells whose it is.
fn same_identity(actors: &Actors) -> Option<String> {
    let (a, b) = (&actors.a, &actors.b);
    let role = a.role.is_some() && a.role != b.role;
    let value = match (&a.tenant, &b.tenant) {
        (Some(one), Some(two)) => (one == two).then_some(one),
        (None, None) => a.user.as_ref().filter(|user| b.user.as_ref() == Some(*user)),
        _ => None,
    };
    let value = value.filter(|_| !role)?;
    Some(format!("no two tenants could be made: both are {value}"))
}

/// Rows of all tenants are written and seen, and roles are taken: only a superuser may do all of it.
fn needs_superuser(session: &mut Session<'_>) -> Result<(), SqlError> {
    let answer =
        session.run("SELECT rolsuper, current_user FROM pg_catalog.pg_roles WHERE rolname = current_user")?;
    if answer.first() == Some("t") {
        return Ok(());
    }
    let name = answer.rows.first().and_then(|row| row.get(1)).cloned().flatten().unwrap_or_default();
    Err(SqlError {
        sqlstate: "42501".to_owned(),
        message: format!("isolation of tenants is tried by a superuser, and {name} is none"),
        hint: Some(
            "leave --database-url out, so that a private server is used, or connect as a superuser"
                .to_owned(),
        ),
        ..SqlError::default()
    })
}

fn run(session: &mut Session<'_>, options: &Options) -> Result<(Report, Plan), SqlError> {
    needs_superuser(session)?;
    session.execute(&format!("SET LOCAL statement_timeout = {LONGEST_STATEMENT}"))?;
    let catalog = Catalog::read(session.client)?;
    let major = session
        .run("SHOW server_version_num")?
        .first()
        .and_then(|version| version.parse::<u32>().ok())
        .unwrap_or(0)
        / 10_000;
    let world = World::guess(&catalog, options);
    let stranger = actors::stranger(session)?;
    actors::make_stand_ins(session, &world.carriers, &stranger)?;
    let roles = actors::roles(&world, options);
    let ground = Ground { world: &world, options, roles: &roles, major };
    let findings = findings(&ground);
    let actors = Actors {
        roles,
        carriers: world.carriers.clone(),
        stranger,
        a: Default::default(),
        b: Default::default(),
    };
    let mut proof = Proof {
        world: &world,
        options,
        actors,
        maker: Maker::new(&catalog, options.samples.clone()),
        tables: BTreeMap::new(),
        answers: [Answers::new(), Answers::new()],
        asked: Vec::new(),
        notes: crate::alike::told(&world),
        same: None,
        early: BTreeMap::new(),
        early_families: None,
        unasked: Vec::new(),
        colleague: None,
        forms: Forms::default(),
    };
    session.execute("SAVEPOINT trueup_empty")?;
    let (a, b) = proof.attack(session)?;
    session.execute("ROLLBACK TO trueup_empty")?;
    let mut report = Report {
        carriers: world.carriers.clone(),
        tenant_columns: world.tenant_columns.clone(),
        principals: proof.actors.principals(),
        findings,
        notes: std::mem::take(&mut proof.notes),
        ..Report::default()
    };
    report.subjects = crate::subjects::subjects(&proof, session, [&a, &b])?;
    drop_disproved(&mut report);
    drop_unshown(&proof, &mut report);
    let plan = crate::pooled::plan(session, &world, options, &proof.actors, &report.findings, &a)?;
    Ok((report, plan))
}

/// A view that runs as its owner may ask by itself; where it was tried and held, nothing is left to mend.
fn drop_disproved(report: &mut Report) {
    let held = |finding: &Finding| {
        report.subjects.iter().any(|subject| {
            subject.kind == SubjectKind::View
                && subject.name == finding.about
                && subject.verdict == Verdict::Proven
        })
    };
    let left = report
        .findings
        .iter()
        .filter(|finding| finding.kind != FindingKind::NoSecurityInvoker || !held(finding))
        .cloned()
        .collect();
    report.findings = left;
}

/// What a trigger that looks as its caller lets through is a matter of its text; only what was shown contradicts.
fn drop_unshown(proof: &Proof<'_, '_>, report: &mut Report) {
    let shown = |finding: &Finding| {
        let mut blind = proof.tables.values().flat_map(|results| &results.blind);
        blind.any(|name| finding.message.starts_with(name.as_str()))
    };
    let mut left = Vec::new();
    for finding in std::mem::take(&mut report.findings) {
        match finding.kind == FindingKind::BlindGuard && !shown(&finding) {
            true => report
                .notes
                .push(format!("{}; nothing that was tried shows what that lets through", finding.message)),
            false => left.push(finding),
        }
    }
    report.findings = left;
}

pub(crate) struct Proof<'p, 'c> {
    pub world: &'p World<'c>,
    pub options: &'p Options,
    pub actors: Actors,
    maker: Maker<'c>,
    /// By object ID.
    pub tables: BTreeMap<u32, Results>,
    /// Answers while tenant B has no rows, and while it has some.
    pub answers: [Answers; 2],
    pub asked: Vec<Asked>,
    notes: Vec<String>,
    /// Why there are no two tenants.
    pub same: Option<String>,
    /// Witnesses that had to be tried before any claim was set, by their attack and who made it.
    pub early: BTreeMap<(String, Principal), Witness>,
    /// The rows that were there then.
    pub early_families: Option<[Family; 2]>,
    /// Functions that could not be asked by then.
    pub unasked: Vec<u32>,
    /// Rows of another user of A.
    pub colleague: Option<Family>,
    /// What IDs have to look like.
    forms: Forms,
}

impl<'c> Proof<'_, 'c> {
    /// All attempts; where conditions ask for IDs of another form, with other rows once more.
    fn attack(&mut self, session: &mut Session<'_>) -> Result<(Family, Family), SqlError> {
        let by_trigger = crate::seeds::triggers_ask(self.world);
        let free = touched(session, &self.world.carriers)?.is_empty();
        let mut unset = free && !by_trigger;
        if !unset {
            let why = if free { "a trigger asks who writes a row" } else { "this session had some before" };
            self.notes.push(format!("claims that were never set could not be tried: {why}"));
        }
        loop {
            if let Some(families) = self.attack_once(session, unset)? {
                return Ok(families);
            }
            session.execute("ROLLBACK TO trueup_empty")?;
            // Claims that are set by now never can be unset again.
            if unset && !touched(session, &self.world.carriers)?.is_empty() {
                unset = false;
                forget_forms(&mut self.tables);
            }
        }
    }

    /// First nobody asks, then both tenants have rows and are tried, then B's rows are taken away and A asks again.
    /// Nothing where the rows turn out to be of a form that no condition takes.
    fn attack_once(
        &mut self,
        session: &mut Session<'_>,
        unset: bool,
    ) -> Result<Option<(Family, Family)>, SqlError> {
        let mut a = self.seed(session, Who::A)?;
        self.refresh(session)?;
        let views = asked(self.world, &self.actors.roles, &a, &a)
            .into_iter()
            .filter(|one| one.kind != SubjectKind::Function)
            .collect::<Vec<_>>();
        let nobody = self.askers(&[Tenant::Unset], false);
        if unset {
            let [without, _] = &mut self.answers;
            ask_all(session, &self.actors, &views, &nobody, "SELECT ''", without)?;
        }
        session.execute("SAVEPOINT trueup_b")?;
        let mut b = self.seed(session, Who::B)?;
        if let Some(same) = same_identity(&self.actors) {
            self.asked = asked(self.world, &self.actors.roles, &a, &b);
            let room = listed(self.world).filter(|(_, values)| values.len() < 2);
            let room = room.map(|(table, values)| {
                format!("; the parts of {} take {} alone", table.display_name(), values.join(", "))
            });
            self.same = Some(format!("{same}{}", room.unwrap_or_default()));
            return Ok(Some((a, b)));
        }
        self.ask_constraints(session)?;
        self.refresh(session)?;
        self.asked = asked(self.world, &self.actors.roles, &a, &b);
        through_views(session, &mut self.maker, self.world, &mut self.asked, &mut a, &mut b)?;
        let state = state_sql(self.world, &b);
        if unset {
            if self.learns_form(session, [&a, &b], Tenant::Unset)? {
                return Ok(None);
            }
            let [_, with] = &mut self.answers;
            ask_all(session, &self.actors, &views, &nobody, &state, with)?;
            self.try_tables(session, &mut a, &mut b, &[Tenant::Unset])?;
            let leaks = self.early_leaks(&self.tables, &views, [&a, &b]);
            self.witness_early(session, leaks, &mut a, &mut b)?;
            self.ask_unset(session, &nobody, &state, &mut a, &mut b)?;
            self.early_families = Some([a.clone(), b.clone()]);
        }
        if self.learns_form(session, [&a, &b], Tenant::A)? {
            return Ok(None);
        }
        self.ask_raised(session, [&a, &b])?;
        let askers = self.askers(&[Tenant::A, Tenant::Empty], true);
        let [_, with] = &mut self.answers;
        ask_all(session, &self.actors, &self.asked, &askers, &state, with)?;
        self.try_tables(session, &mut a, &mut b, &[Tenant::A, Tenant::Empty])?;
        self.try_globals(session, &mut a, &mut b)?;
        self.try_colleagues(session, &mut a)?;
        session.execute("ROLLBACK TO trueup_b")?;
        self.ask_constraints(session)?;
        let [without, _] = &mut self.answers;
        ask_all(session, &self.actors, &self.asked, &askers, "SELECT ''", without)?;
        Ok(Some((a, b)))
    }

    /// What was put off is asked now; where the rows do not hold it, it stays put off, and that is told.
    fn ask_constraints(&mut self, session: &mut Session<'_>) -> Result<(), SqlError> {
        let sql = "SET CONSTRAINTS ALL IMMEDIATE";
        let Err(error) = session.trial(|session| session.execute(sql))? else { return session.execute(sql) };
        let note = format!("the rows that were made do not hold a constraint that was put off: {error}");
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
        Ok(())
    }

    fn seed(&mut self, session: &mut Session<'_>, who: Who) -> Result<Family, SqlError> {
        let (family, identity) = seed(session, &mut self.maker, self.world, self.options, &self.forms, who)?;
        match who {
            Who::B => self.actors.b = identity,
            _ => self.actors.a = identity,
        }
        Ok(family)
    }

    /// Whether conditions cast IDs to a type of which the rows that were made have not the form.
    fn learns_form(
        &mut self,
        session: &mut Session<'_>,
        families: [&Family; 2],
        tenant: Tenant,
    ) -> Result<bool, SqlError> {
        for (family, identity) in families.into_iter().zip([&self.actors.a, &self.actors.b]) {
            let errors = family.failed.values().filter_map(|failed| failed.error.as_ref());
            if errors.into_iter().any(|error| self.forms.learn(error, identity)) {
                return Ok(true);
            }
        }
        for table in self.scoped().into_iter().filter(|table| table.row_security) {
            let sql = format!("SELECT count(*) FROM {}", table.sql_name());
            for role in &self.actors.roles {
                let who = Principal { role: role.clone(), tenant };
                let enter = self.actors.enter(&who).join("; ");
                let answer = session.trial_after(&enter, |session| session.run(&sql))?;
                if let Err(error) = answer
                    && [&self.actors.a, &self.actors.b].iter().any(|own| self.forms.learn(&error, own))
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What only users with other rights are shown is asked by such, too.
    fn ask_raised(&mut self, session: &mut Session<'_>, families: [&Family; 2]) -> Result<(), SqlError> {
        let Some(raise) = raise(session, self.world, &self.actors, families)? else { return Ok(()) };
        for asked in &mut self.asked {
            let raised = |question: &Question| Question {
                before: raise.iter().chain(&question.before).cloned().collect(),
                ..question.clone()
            };
            let more: Vec<Question> = asked.questions.iter().map(raised).collect();
            asked.questions.extend(more);
        }
        Ok(())
    }

    /// Users of A against each other, on tables of which each row belongs to one.
    fn try_colleagues(&mut self, session: &mut Session<'_>, a: &mut Family) -> Result<(), SqlError> {
        let tables = user_scoped(self.world);
        if tables.is_empty() || self.actors.a.tenant.is_none() || self.actors.a.user.is_none() {
            return Ok(());
        }
        session.execute("SAVEPOINT trueup_colleague")?;
        let (mut colleague, identity) =
            seed_colleague(session, &mut self.maker, self.world, &self.forms, (a, &self.actors.a))?;
        if identity.user.is_some() && identity.user != self.actors.a.user {
            for table in tables {
                self.try_table(session, a, &mut colleague, table, (&[Tenant::A], true))?;
            }
            self.colleague = Some(colleague);
        } else {
            self.notes.push("users of one tenant were not tried: no two of them could be made".to_owned());
        }
        session.execute("ROLLBACK TO trueup_colleague")
    }

    /// What leaks to somebody whose claims were never set can be shown only as long as none was set.
    fn witness_early(
        &mut self,
        session: &mut Session<'_>,
        leaks: Vec<(Vec<u32>, Attempt)>,
        a: &mut Family,
        b: &mut Family,
    ) -> Result<(), SqlError> {
        if leaks.is_empty() {
            return Ok(());
        }
        session.execute("ROLLBACK TO trueup_empty")?;
        for (tables, attempt) in leaks {
            let found = witness(session, self.world, &self.actors, &tables, [a, b], &attempt)?;
            self.early.insert((attempt.attack.clone(), attempt.who.clone()), found);
        }
        self.put_back(session, a)?;
        // What a view keeps without B's rows is compared with what it keeps with them.
        self.refresh(session)?;
        session.execute("SAVEPOINT trueup_b")?;
        self.put_back(session, b)?;
        self.refresh(session)
    }

    /// Functions come last: one may set a claim.
    fn ask_unset(
        &mut self,
        session: &mut Session<'_>,
        nobody: &[Asker],
        state: &str,
        a: &mut Family,
        b: &mut Family,
    ) -> Result<(), SqlError> {
        let answers = &mut self.answers;
        let mut unset = Unset { world: self.world, actors: &self.actors, askers: nobody, answers };
        let (unasked, set) = unset.ask(session, &self.asked, [a, b], state)?;
        self.unasked = unasked;
        let functions: Vec<Asked> =
            self.asked.iter().filter(|one| one.kind == SubjectKind::Function).cloned().collect();
        if set {
            return Ok(());
        }
        let leaks = self.early_leaks(&BTreeMap::new(), &functions, [a, b]);
        self.witness_early(session, leaks, a, b)
    }

    fn early_leaks(
        &self,
        tables: &BTreeMap<u32, Results>,
        views: &[Asked],
        families: [&Family; 2],
    ) -> Vec<(Vec<u32>, Attempt)> {
        let leaked = |done: &&Done| matches!(done.probe.outcome, Outcome::Leak { .. });
        let mut out = Vec::new();
        for (oid, results) in tables {
            out.extend(results.done.iter().filter(leaked).map(|done| (vec![*oid], done.attempt.clone())));
        }
        let [without, with] = &self.answers;
        for ((oid, at, asker), seen) in with {
            let asked = views.iter().find(|asked| asked.oid == *oid);
            let (Some(asked), Asker::Principal(who)) = (asked, asker) else { continue };
            let question = asked.questions.get(*at);
            let (Some(question), Some(before)) = (question, without.get(&(*oid, *at, asker.clone()))) else {
                continue;
            };
            let done = answered(self.world, families, asked, question, who, [before, seen], true);
            out.extend(
                Some(done).filter(|done| leaked(&done)).map(|done| (asked.reads.clone(), done.attempt)),
            );
        }
        out
    }

    /// Rows as they were, without asking triggers or foreign keys again.
    fn put_back(&self, session: &mut Session<'_>, family: &Family) -> Result<(), SqlError> {
        session.execute("SET LOCAL session_replication_role = replica")?;
        for made in &family.rows {
            if let Some(table) = self.world.catalog.relation(&made.table.0, &made.table.1) {
                session.execute(&insert(table, made, &[], None))?;
            }
        }
        session.execute("SET LOCAL session_replication_role = origin")
    }

    fn askers(&self, tenants: &[Tenant], controls: bool) -> Vec<Asker> {
        let mut out = Vec::new();
        for role in &self.actors.roles {
            out.extend(
                tenants
                    .iter()
                    .map(|tenant| Asker::Principal(Principal { role: role.clone(), tenant: *tenant })),
            );
            if controls {
                out.push(Asker::Principal(Principal { role: role.clone(), tenant: Tenant::B }));
            }
        }
        if controls {
            out.push(Asker::Superuser(Tenant::B));
        }
        out
    }

    /// Views that keep their rows see what was made.
    fn refresh(&mut self, session: &mut Session<'_>) -> Result<(), SqlError> {
        for view in self
            .world
            .catalog
            .relations
            .iter()
            .filter(|relation| relation.kind == RelationKind::MaterializedView)
        {
            let sql = format!("REFRESH MATERIALIZED VIEW {}", view.sql_name());
            match session.trial(|session| session.execute(&sql))? {
                Ok(()) => session.execute(&sql)?,
                Err(error) => {
                    self.notes.push(format!("{} could not be refreshed: {error}", view.display_name()))
                }
            }
        }
        Ok(())
    }

    fn try_tables(
        &mut self,
        session: &mut Session<'_>,
        a: &mut Family,
        b: &mut Family,
        tenants: &[Tenant],
    ) -> Result<(), SqlError> {
        for table in self.scoped() {
            self.try_table(session, a, b, table, (tenants, false))?;
        }
        Ok(())
    }

    fn try_table(
        &mut self,
        session: &mut Session<'_>,
        a: &mut Family,
        b: &mut Family,
        table: &Relation,
        (tenants, colleague): (&[Tenant], bool),
    ) -> Result<(), SqlError> {
        let (maker, actors) = (&mut self.maker, &self.actors);
        let mut field = Field { session: &mut *session, maker, world: self.world, actors, a, b, colleague };
        let Some(results) = probe_table(&mut field, table, tenants)? else { return Ok(()) };
        let kept = self.tables.entry(table.oid).or_default();
        kept.done.extend(results.done);
        kept.blind.extend(results.blind);
        for control in results.controls {
            if !kept.controls.contains(&control) {
                kept.controls.push(control);
            }
        }
        for note in results.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        Ok(())
    }

    fn try_globals(
        &mut self,
        session: &mut Session<'_>,
        a: &mut Family,
        b: &mut Family,
    ) -> Result<(), SqlError> {
        for table in self.of_model(|model| matches!(model, Model::Global { declared: true })) {
            let mut field = Field {
                session: &mut *session,
                maker: &mut self.maker,
                world: self.world,
                actors: &self.actors,
                a: &mut *a,
                b: &mut *b,
                colleague: false,
            };
            let results = probe_global(&mut field, table)?;
            self.tables.insert(table.oid, results);
        }
        Ok(())
    }

    fn of_model(&self, is: impl Fn(&Model) -> bool) -> Vec<&'c Relation> {
        let catalog = self.world.catalog;
        let alike = &self.world.alike;
        let tables = catalog.relations.iter().filter(|relation| relation.kind.is_table());
        let tables = tables.filter(|table| !alike.contains_key(&table.oid));
        tables.filter(|table| self.world.of(table).is_some_and(|placed| is(&placed.model))).collect()
    }

    fn scoped(&self) -> Vec<&'c Relation> {
        self.of_model(Model::is_scoped)
    }
}
