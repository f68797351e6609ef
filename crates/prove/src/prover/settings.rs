//! Files that set what sessions to come begin with (`ALTER DATABASE … SET`, `ALTER ROLE ALL SET`): they are run, so that the
//! files behind them find what they need, and no trial is made of them, for a trial is one session.

use super::Prover;
use crate::checks;
use crate::halt::Halt;
use crate::report::FileReport;
use crate::session::Session;
use crate::steps::File;

impl<'p> Prover<'p, '_, '_> {
    /// Runs such a file on a private server. On a given one its settings would stay, so there the chain ends in front of it.
    pub(super) fn only_runs(&mut self, file: &File<'p>, report: &mut FileReport) -> Result<(), Halt> {
        if !self.server.is_private() {
            return Ok(());
        }
        self.server.carry_settings();
        let before = std::mem::replace(&mut self.only_run, true);
        let ran = self.untried(file, report);
        self.only_run = before;
        ran
    }

    fn untried(&mut self, file: &File<'p>, report: &mut FileReport) -> Result<(), Halt> {
        let first = self.first(file)?;
        let ran = match first.failed {
            None => self.in_place(file, &first, report)?,
            Some(_) => None,
        };
        let failure = match ran {
            Some(failure) => failure,
            None => self.on_copies(file, &first, report)?,
        };
        report.checks.extend(checks::prerequisites(file, &self.report.prerequisites));
        report.checks.push(checks::first_run(file, failure.as_ref(), self.options));
        if failure.is_none() {
            self.ran += 1;
            self.report.statements += file.steps.len();
        }
        Ok(())
    }

    /// Takes back what is set for all databases of a private server; what is set for one goes with it.
    pub(super) fn forget_settings(&self) {
        if !self.server.carries_settings() {
            return;
        }
        self.desk.close();
        if let Ok(mut session) = Session::open(&self.before, self.options.statement_timeout) {
            // What fails here failed before; then the server is gone.
            let _ = session.sql("ALTER ROLE ALL RESET ALL; ALTER ROLE CURRENT_USER RESET ALL");
        }
    }
}
