//! A scratch database.

use crate::error::ServerError;
use crate::server::Server;

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

    fn open(&self, config: &postgres::Config) -> Result<postgres::Client, ServerError> {
        let connected = config.connect(postgres::NoTls);
        connected.map_err(|error| ServerError::Connect { to: self.name.clone(), why: error.into() })
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // A server that is gone has dropped it with all the rest; a given one is swept at the next start.
        let _ = self.server.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}
