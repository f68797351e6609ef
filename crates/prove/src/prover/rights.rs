//! Rights that a file takes from the version that still runs.

use super::Prover;
use crate::halt::Halt;
use crate::report::OldVersion;
use crate::rights::{self, tried};
use crate::session::Session;
use crate::steps::File;
use crate::trials::FirstTrial;
use trueup_catalog::Catalog;
use trueup_postgres::Database;

impl<'p, 's> Prover<'p, 's, '_> {
    /// Of a file that runs in a transaction; `behind` is the catalog that it leaves.
    pub(super) fn rights(
        &self,
        file: &File<'p>,
        behind: &Catalog,
        first: &FirstTrial,
        old: &mut OldVersion,
    ) -> Result<(), Halt> {
        match rights::lost(&self.state.catalog, behind, &first.old) {
            lost if lost.is_empty() => Ok(()),
            lost => self.ask(|session| tried::in_transaction(session, file, lost, old)),
        }
    }

    /// Of a file that was run on another database.
    pub(super) fn rights_on(
        &self,
        file: &File<'p>,
        behind: &Database<'s>,
        first: &FirstTrial,
        old: &mut OldVersion,
    ) -> Result<(), Halt> {
        let timeout = self.options.statement_timeout;
        let catalog = Session::open(behind, timeout)?.catalog()?;
        let before = &self.state.catalog;
        let lost = (rights::lost(before, &catalog, &first.old), before.roles != catalog.roles);
        match lost.0.is_empty() {
            true => Ok(()),
            false => self.ask(|session| tried::on_databases(session, behind, timeout, file, lost, old)),
        }
    }
}
