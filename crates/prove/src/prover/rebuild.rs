//! A database made once more, where what was tried left something behind.

use super::Prover;
use crate::halt::Halt;
use crate::roles;
use crate::session::Session;
use crate::state::State;
use crate::steps::File;

impl Prover<'_, '_, '_> {
    /// Makes the state before a file once more, from the beginning.
    pub(super) fn rebuild(&mut self, place: usize) -> Result<(), Halt> {
        let timeout = self.options.statement_timeout;
        let fresh = self.server.create()?;
        let mut session = Session::open(&fresh, timeout)?;
        session.sql(&self.options.stubs)?;
        drop(session);
        self.desk.close();
        let old = std::mem::replace(&mut self.before, fresh);
        drop(old);
        roles::tidy(self.server, &self.roles, &[], self.chain, self.options)?;
        for (at, file) in self.chain.iter().enumerate().take(place + 1) {
            let file = File::read(at, file, self.options.claims_of(at));
            let mut session = Session::open(&self.before, timeout)?;
            let stubs = self.report.prerequisites.iter().filter(|one| !one.declared && one.path == file.path);
            for stub in stubs.filter_map(|one| one.stub.as_deref()) {
                // A database is there still; it belongs to the server.
                let _ = session.sql(stub);
            }
            drop(session);
            if at < place {
                self.run_on(&self.before, &file)?;
            }
        }
        self.state = self.ask(|session| State::read(session, &self.volatile))?;
        Ok(())
    }
}
