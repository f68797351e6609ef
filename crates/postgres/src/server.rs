//! A server to prove things on.

use crate::cluster::Cluster;
use crate::database::Database;
use crate::error::{ServerError, SqlError};
use crate::given::Given;
use crate::programs::{OLDEST, find_programs};
use crate::roles::{FACTS, RoleFact};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::Duration;

/// How often it is asked, a millisecond apart, whether a database has been left.
const PATIENCE: usize = 50;

/// Which server.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    /// The address of a server (`postgresql://…`); without one a private server is started.
    pub database_url: Option<String>,
    /// The major version of the private server; the newest where none is asked for.
    pub version: Option<u32>,
}

#[derive(Debug)]
enum Kind {
    Private(Box<Cluster>),
    Given(Box<Given>),
}

/// A server, private or given.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    /// As `server_version_num`: 150004 for 15.4.
    version: u32,
    made: Cell<u32>,
    /// Whether a copy of a database gets its settings, which the server leaves out.
    carries: Cell<bool>,
}

impl Server {
    /// Starts a private server, or connects to the given one.
    pub fn start(options: &ServerOptions) -> Result<Server, ServerError> {
        let kind = match &options.database_url {
            Some(url) => Kind::Given(Box::new(Given::connect(url)?)),
            None => Kind::Private(Box::new(Cluster::start(&find_programs(options.version)?)?)),
        };
        let mut server = Server { kind, version: 0, made: Cell::new(0), carries: Cell::new(false) };
        server.version = server.ask_version()?;
        if server.version / 10_000 < OLDEST {
            return Err(ServerError::TooOld(server.version / 10_000));
        }
        Ok(server)
    }

    /// The major version.
    pub fn major(&self) -> u32 {
        self.version / 10_000
    }

    /// The version in words, `15.4`.
    pub fn version(&self) -> String {
        format!("{}.{}", self.version / 10_000, self.version % 10_000)
    }

    /// Whether the server is our own: then its roles are our own, too.
    pub fn is_private(&self) -> bool {
        matches!(self.kind, Kind::Private(_))
    }

    /// An empty database.
    pub fn create(&self) -> Result<Database<'_>, ServerError> {
        self.made_from("template0")
    }

    /// A database with all that another one holds. Nobody may be connected to that one.
    pub fn copy_of(&self, database: &Database<'_>) -> Result<Database<'_>, ServerError> {
        self.until_left(database.name());
        let copy = self.made_from(database.name())?;
        if self.carries.get() {
            let settings = format!(
                "INSERT INTO pg_catalog.pg_db_role_setting SELECT new.oid, s.setrole, s.setconfig \
                 FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database old ON old.oid = s.setdatabase, \
                 pg_catalog.pg_database new WHERE old.datname = '{}' AND new.datname = '{}'",
                database.name(),
                copy.name()
            );
            let failed = |why| ServerError::Sql { what: "copy the settings of a database".to_owned(), why };
            self.run(&settings).map_err(failed)?;
        }
        Ok(copy)
    }

    /// Gives copies of a database on a private server its settings (`ALTER DATABASE … SET`) from now on.
    pub fn carry_settings(&self) {
        self.carries.set(self.is_private());
    }

    /// Whether copies get the settings of their database.
    pub fn carries_settings(&self) -> bool {
        self.carries.get()
    }

    /// What the server wrote last into its log; of a given server nothing is known.
    pub fn log(&self) -> String {
        match &self.kind {
            Kind::Private(cluster) => cluster.log(),
            Kind::Given(_) => String::new(),
        }
    }

    fn made_from(&self, template: &str) -> Result<Database<'_>, ServerError> {
        let failed = |why| ServerError::Sql { what: "make a scratch database".to_owned(), why };
        let name = match &self.kind {
            Kind::Private(_) => {
                self.made.set(self.made.get() + 1);
                format!("scratch_{}", self.made.get())
            }
            Kind::Given(given) => given.new_name().map_err(failed)?,
        };
        let strategy = self.strategy();
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'{strategy}"))
            .map_err(failed)?;
        Ok(Database::new(self, name))
    }

    /// Waits until those who have hung up are gone: a server that still sees one when it copies sleeps for a tenth of a
    /// second before it looks again.
    fn until_left(&self, database: &str) {
        let Kind::Private(cluster) = &self.kind else { return };
        const THERE: &str = "SELECT pg_catalog.pg_stat_get_db_numbackends(oid) FROM pg_catalog.pg_database WHERE datname = $1";
        for _ in 0..PATIENCE {
            let there = cluster.ask(|client| client.query_one(THERE, &[&database]));
            // What cannot be asked fails again when it is copied, and is told then.
            if there.map_or(0, |row| row.get::<_, i32>(0)) == 0 {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// How a database is copied. By its files, which takes a quarter of the time where nothing is brought to the disk;
    /// on somebody else's server that would be a checkpoint, so there it is left to the server.
    fn strategy(&self) -> &'static str {
        match self.is_private() && self.major() >= 15 {
            true => " STRATEGY FILE_COPY",
            false => "",
        }
    }

    pub(crate) fn config(&self, database: &str) -> postgres::Config {
        match &self.kind {
            Kind::Private(cluster) => cluster.config(database),
            Kind::Given(given) => given.config(database),
        }
    }

    /// The roles of the server.
    pub fn roles(&self) -> Result<BTreeSet<String>, SqlError> {
        let rows = self.ask("SELECT rolname::text FROM pg_catalog.pg_roles")?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// What the server knows of its roles: attributes, settings, comments, memberships.
    pub fn role_facts(&self) -> Result<BTreeSet<RoleFact>, SqlError> {
        self.ask(FACTS)?.iter().map(RoleFact::of).collect()
    }

    fn ask(&self, sql: &str) -> Result<Vec<postgres::Row>, SqlError> {
        match &self.kind {
            Kind::Private(cluster) => cluster.ask(|client| client.query(sql, &[])),
            Kind::Given(given) => given.ask(sql),
        }
    }

    /// Runs a statement about databases or roles, over a connection that belongs to no scratch database.
    pub fn run(&self, sql: &str) -> Result<(), SqlError> {
        match &self.kind {
            Kind::Private(cluster) => cluster.ask(|client| client.batch_execute(sql)),
            Kind::Given(given) => given.run(sql),
        }
    }

    fn ask_version(&self) -> Result<u32, ServerError> {
        let failed = |why: SqlError| ServerError::Sql { what: "ask for the version".to_owned(), why };
        const VERSION: &str = "SHOW server_version_num";
        let row = match &self.kind {
            Kind::Private(cluster) => cluster.ask(|client| client.query_one(VERSION, &[])),
            // Whoever may make no database there is told so now.
            Kind::Given(_) => {
                let database = self.create()?;
                database.connect()?.query_one(VERSION, &[]).map_err(SqlError::from)
            }
        };
        let number: String = row.map_err(failed)?.get(0);
        Ok(number.parse().unwrap_or(0))
    }
}
