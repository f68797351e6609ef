//! A database as a chain or a dump makes it, for other provers to work on.

use crate::drift::{chain_file, load};
use crate::halt::Halt;
use crate::needs;
use crate::options::{Claims, Options};
use crate::roles::{Roles, tidy};
use crate::run::run;
use crate::session::Session;
use crate::steps::File;
use trueup_postgres::{Client, Database, Server, ServerError};
use trueup_sql::ChainFile;

/// Why a database could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}{}: {message}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct BuildError {
    /// The file, as given.
    pub path: String,
    /// The line of the statement that failed.
    pub line: Option<u32>,
    /// What the server or the system said.
    pub message: String,
}

/// A database that was made from files. It goes with the value, and so do the roles that the files made.
pub struct Built<'s> {
    server: &'s Server,
    database: Option<Database<'s>>,
    roles: Roles,
    files: Vec<ChainFile>,
    options: Options,
    /// What the files need and do not make, and a stand-in was made for: `role app`.
    pub stand_ins: Vec<String>,
}

impl<'s> Built<'s> {
    /// The database itself.
    pub fn database(&self) -> Result<&Database<'s>, ServerError> {
        self.database.as_ref().ok_or_else(|| ServerError::Address("the database is gone".to_owned()))
    }

    /// A connection to it.
    pub fn connect(&self) -> Result<Client, ServerError> {
        self.database()?.connect()
    }
}

impl Drop for Built<'_> {
    fn drop(&mut self) {
        drop(self.database.take());
        // A server that is gone has nothing to be tidied up.
        let _ = tidy(self.server, &self.roles, &[], &self.files, &self.options);
    }
}

/// Runs a chain on an empty database, after SQL that makes what the chain needs and does not create.
pub fn build<'s>(server: &'s Server, chain: &[ChainFile], stubs: &str) -> Result<Built<'s>, BuildError> {
    let options = Options { stubs: stubs.to_owned(), ..Options::default() };
    let mut built = empty(server, chain.to_vec(), options)?;
    let mut session = built.session("")?;
    session.sql(stubs).map_err(|error| wrong("what is declared as there before the chain", None, &error))?;
    for (place, file) in chain.iter().enumerate() {
        session.renew().map_err(|error| wrong(&file.path, None, &error))?;
        let read = File::read(place, file, Claims::default());
        let beside = if server.is_private() { None } else { read.beside(&built.roles.names) };
        if let Some((line, why)) = beside {
            return Err(wrong(&file.path, Some(line), &why));
        }
        built.run(&mut session, &read)?;
    }
    Ok(built)
}

/// Loads a dump (`pg_dump --schema-only`) into an empty database.
pub fn build_dump<'s>(server: &'s Server, path: &str, text: &str) -> Result<Built<'s>, BuildError> {
    let file = chain_file(path, text);
    let mut built = empty(server, vec![file.clone()], Options::default())?;
    let mut session = built.session(path)?;
    load(&mut session, &file, &mut built.stand_ins).map_err(|message| BuildError {
        path: path.to_owned(),
        line: None,
        message,
    })?;
    Ok(built)
}

fn empty(server: &Server, files: Vec<ChainFile>, options: Options) -> Result<Built<'_>, BuildError> {
    let failed = |error: &dyn std::fmt::Display| wrong("an empty database", None, error);
    let database = server.create().map_err(|error| failed(&error))?;
    let roles = Roles::read(server).map_err(|halt| failed(&halt.message))?;
    Ok(Built { server, database: Some(database), roles, files, options, stand_ins: Vec::new() })
}

impl Built<'_> {
    fn session(&self, path: &str) -> Result<Session, BuildError> {
        let gone = || wrong(path, None, &"the database is gone");
        let database = self.database.as_ref().ok_or_else(gone)?;
        let opened = Session::open(database, self.options.statement_timeout);
        opened.map_err(|halt| wrong(path, None, &halt.message))
    }

    /// Runs a file as its runner does; what it misses is made, as far as a stand-in is known.
    fn run(&mut self, session: &mut Session, file: &File<'_>) -> Result<(), BuildError> {
        if let Some((line, why)) = &file.odd {
            return Err(BuildError { path: file.path.to_owned(), line: Some(*line), message: why.clone() });
        }
        // As many things as a file may miss.
        for _ in 0..50 {
            let ran = run(session, file).map_err(|halt: Halt| wrong(file.path, halt.line, &halt.message))?;
            let Some(failure) = ran.failure else { return Ok(()) };
            let statement = file.steps.get(failure.at).map_or("", |step| step.text);
            let missing = needs::missing(&failure.error, statement);
            let refused = || wrong(file.path, Some(failure.line), &failure.error);
            let missing = missing.filter(|missing| !missing.stubs.is_empty()).ok_or_else(refused)?;
            session.sql("ROLLBACK").map_err(|error| wrong(file.path, None, &error))?;
            let made = missing.stubs.iter().any(|stub| session.sql(stub).is_ok());
            if !made {
                return Err(refused());
            }
            self.stand_ins.push(format!("{} {}", missing.kind.name(), missing.name));
        }
        Err(wrong(file.path, None, &"it misses too much to be run"))
    }
}

fn wrong(path: &str, line: Option<u32>, message: &(impl std::fmt::Display + ?Sized)) -> BuildError {
    BuildError { path: path.to_owned(), line, message: message.to_string() }
}
