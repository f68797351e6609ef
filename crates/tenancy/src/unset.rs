//! What somebody is shown whose claims were never set. A setting that was set once is empty afterwards and never unset
//! again, so this comes before all else, and what may set one comes last.

use crate::actors::Actors;
use crate::carriers::{claim_words, touched};
use crate::model::World;
use crate::observe::{Answers, Asked, Asker, ask_all};
use crate::report::{Outcome, SubjectKind, Tenant};
use crate::rows_sql::remove;
use crate::session::Session;
use crate::tables::Results;
use crate::texts::{mentions, settings, text_of};
use std::collections::BTreeMap;
use trueup_postgres::SqlError;
use trueup_rows::Family;

/// What functions show to somebody without claims.
pub(crate) struct Unset<'u, 'c> {
    pub world: &'u World<'c>,
    pub actors: &'u Actors,
    pub askers: &'u [Asker],
    pub answers: &'u mut [Answers; 2],
}

impl Unset<'_, '_> {
    /// Asks them with the rows of B and without; gives back those that were not asked, because a claim is set by now,
    /// and whether one is.
    pub(crate) fn ask(
        &mut self,
        session: &mut Session<'_>,
        asked: &[Asked],
        [a, b]: [&Family; 2],
        state: &str,
    ) -> Result<(Vec<u32>, bool), SqlError> {
        let mut functions: Vec<&Asked> =
            asked.iter().filter(|one| one.kind == SubjectKind::Function).collect();
        functions.sort_by_key(|one| self.sets(one.oid));
        let with = self.each(session, &functions, 1, state)?;
        let mut reached = with;
        if with == functions.len() {
            session.execute("SAVEPOINT trueup_without")?;
            let own = b.rows.iter().rev().filter(|made| !a.rows.contains(made));
            for made in own {
                if let Some(table) = self.world.catalog.relation(&made.table.0, &made.table.1) {
                    session.execute(&remove(table, made).join("; "))?;
                }
            }
            reached = self.each(session, &functions, 0, "SELECT ''")?;
            session.execute("ROLLBACK TO trueup_without")?;
        }
        let left: Vec<u32> = functions.iter().skip(reached).map(|one| one.oid).collect();
        for answers in self.answers.iter_mut() {
            answers.retain(|(oid, _, _), _| !left.contains(oid));
        }
        let words = claim_words(self.world.catalog);
        let asks =
            |text: &str| !settings(text).is_empty() || words.iter().any(|(word, _)| mentions(text, word));
        let reads = |oid: &u32| self.text(*oid).is_some_and(asks);
        Ok((left.into_iter().filter(reads).collect(), !touched(session, &self.world.carriers)?.is_empty()))
    }

    /// Asks one after the other; how many were asked before a claim was set.
    fn each(
        &mut self,
        session: &mut Session<'_>,
        functions: &[&Asked],
        at: usize,
        state: &str,
    ) -> Result<usize, SqlError> {
        for (number, one) in functions.iter().enumerate() {
            if let Some(answers) = self.answers.get_mut(at) {
                ask_all(session, self.actors, std::slice::from_ref(*one), self.askers, state, answers)?;
            }
            if !touched(session, &self.world.carriers)?.is_empty() {
                return Ok(number);
            }
        }
        Ok(functions.len())
    }

    fn text(&self, oid: u32) -> Option<&str> {
        let function = self.world.catalog.functions.iter().find(|function| function.oid == oid)?;
        Some(text_of(function))
    }

    /// Whether it may set something.
    fn sets(&self, oid: u32) -> bool {
        let text = self.text(oid).unwrap_or("").to_lowercase();
        text.contains("set_config") || text.contains("set ")
    }
}

/// Where rows of another form were made later on, an error about the form says nothing of what was tried before.
pub(crate) fn forget_forms(tables: &mut BTreeMap<u32, Results>) {
    for done in tables.values_mut().flat_map(|results| &mut results.done) {
        let Outcome::Held { by } = &done.probe.outcome else { continue };
        if done.probe.principal.tenant == Tenant::Unset && by.starts_with("22") {
            let why = format!("{by}; rows of another form were made when a claim had been set already");
            done.probe.outcome = Outcome::Vacuous { why };
        }
    }
}
