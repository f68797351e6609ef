//! A scratch database.

use crate::error::ServerError;
use crate::server::Server;
use std::thread::JoinHandle;

/// A database that was made here. It is dropped with the value.
#[derive(Debug)]
pub struct Database<'s> {
    server: &'s Server,
    name: String,
}

impl<'s> Database<'s> {
    pub(crate) fn new(server: &'s Server, name: String) -> Database<'s> {
        Database { server, name }
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its server.
    pub fn server(&self) -> &'s Server {
        self.server
    }

    /// A connection to it.
    pub fn connect(&self) -> Result<postgres::Client, ServerError> {
        self.open(&self.server.config(&self.name))
    }

    /// A connection as another role. A private server asks for no password; a given one may.
    pub fn connect_as(&self, role: &str) -> Result<postgres::Client, ServerError> {
        self.open(self.server.config(&self.name).user(role))
    }

    /// Begins to make a connection, while the caller does something else.
    pub fn connect_ahead(&self) -> Ahead {
        let config = self.server.config(&self.name);
        Ahead(std::thread::spawn(move || config.connect(postgres::NoTls)))
    }

    fn open(&self, config: &postgres::Config) -> Result<postgres::Client, ServerError> {
        let connected = config.connect(postgres::NoTls);
        connected.map_err(|error| ServerError::Connect { to: self.name.clone(), why: error.into() })
    }
}

/// A connection that is being made.
#[derive(Debug)]
pub struct Ahead(JoinHandle<Result<postgres::Client, postgres::Error>>);

impl Ahead {
    /// The connection; `None` where there is none, for whatever reason.
    pub fn client(self) -> Option<postgres::Client> {
        self.0.join().ok()?.ok().filter(|client| !client.is_closed())
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // A server that is gone has dropped it with all the rest; a given one is swept at the next start.
        let _ = self.server.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}
