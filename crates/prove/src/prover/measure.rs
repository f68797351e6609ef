//! How long others wait for a file on tables that hold rows.

use super::Prover;
use crate::checks;
use crate::halt::Halt;
use crate::locks::{Watch, contended, stalls};
use crate::roles::Roles;
use crate::run::run;
use crate::session::Session;
use crate::steps::File;
use trueup_postgres::Database;
use trueup_rows::{Family, Maker};

impl<'p> Prover<'p, '_, '_> {
    /// What was measured, where it was asked for.
    pub(super) fn measured(
        &mut self,
        file: &File<'p>,
        locks: &[(u32, String)],
        roles: Option<&Roles>,
    ) -> Result<Option<checks::Measured>, Halt> {
        match self.options.rows {
            Some(rows) if rows > 0 && !self.only_run => self.measure(file, locks, rows, roles).map(Some),
            _ => Ok(None),
        }
    }

    /// Fills the tables, runs the file on them, and measures how long others wait.
    fn measure(
        &mut self,
        file: &File<'p>,
        taken: &[(u32, String)],
        rows: u64,
        roles: Option<&Roles>,
    ) -> Result<checks::Measured, Halt> {
        let tables = contended(&self.state.catalog, taken);
        if tables.is_empty() {
            return Ok(checks::Measured { rows, stalls: Vec::new(), less: None });
        }
        self.tick("locks")?;
        let copy = self.copy()?;
        let (empty, filled) = self.fill(&copy, &tables, rows)?;
        let watch = Watch::new(&copy, &tables)?;
        let mut session = Session::open(&copy, self.options.statement_timeout)?;
        let (ran, waits) = watch.during(|| run(&mut session, file));
        drop(session);
        let failed = ran?.failure.map(|failure| {
            format!(
                "measured up to line {}, which fails where tables hold rows: {}",
                failure.line, failure.error
            )
        });
        drop(copy);
        self.place(roles).forget_roles(file)?;
        let less = failed.or_else(|| empty.map(|why| format!("not every table could be filled: {why}")));
        let mut stalls = stalls(waits, filled);
        for stall in &mut stalls {
            if let Some(name) = self.display_name(&stall.relation) {
                stall.relation = name;
            }
        }
        Ok(checks::Measured { rows, stalls, less })
    }

    fn display_name(&self, sql_name: &str) -> Option<String> {
        let relations = self.state.catalog.relations.iter();
        relations.filter(|one| one.sql_name() == sql_name).map(|one| one.display_name()).next()
    }

    /// Fills tables; why one of those that matter is not full, and the least that is in one of them.
    fn fill(&self, copy: &Database<'_>, tables: &[String], rows: u64) -> Result<(Option<String>, u64), Halt> {
        let mut session = Session::open(copy, 0)?;
        let mut maker = Maker::new(&self.state.catalog, self.samples.clone());
        let mut family = Family::default();
        family.tag = "a".to_owned();
        let (mut why, mut least) = (None, rows);
        session.sql("BEGIN")?;
        for table in self.state.catalog.tables() {
            let matters = tables.contains(&table.sql_name());
            match maker.fill(&mut session.client, &mut family, table, rows) {
                Ok(filled) if matters => least = least.min(filled),
                Err(failed) if failed.error.as_ref().is_some_and(|error| error.is_exhausted()) => {
                    let error = failed.error.unwrap_or_default();
                    let message = format!("{}, with {rows} rows for {}", error.message, table.display_name());
                    return Err(Halt::from(trueup_postgres::SqlError { message, ..error }));
                }
                Err(failed) if matters => {
                    why = Some(failed.reason.clone());
                    least = 0;
                }
                _ => {}
            }
            if session.client.is_closed() {
                return Err(Halt::from(trueup_postgres::SqlError {
                    message: "the connection was lost while tables were filled".to_owned(),
                    ..Default::default()
                }));
            }
        }
        session.sql("COMMIT; ANALYZE")?;
        Ok((why, least))
    }
}
