//! A PostgreSQL to prove things on: a private one that leaves nothing behind, or scratch databases on a given server.
//!
//! [`Server::start`] finds the newest server programs of the machine and starts a cluster of its own in a temporary
//! folder: a socket in that folder and no port, no `fsync`. It ends with the value, with the process, and, where even
//! that was prevented, at the next start. On a server that is given by its address only databases are touched that
//! were made here.

mod address;
mod cluster;
mod database;
mod error;
mod folder;
mod given;
mod programs;
mod roles;
mod run_as;
mod server;

pub use cluster::Cluster;
pub use database::{Ahead, Database};
pub use error::{ServerError, SqlError};
pub use given::connect_to;
pub use postgres::{Client, Row, SimpleQueryMessage, SimpleQueryRow};
pub use programs::{BIN_VARIABLE, NoPrograms, OLDEST, Programs, Version, find_programs};
pub use roles::RoleFact;
pub use server::{Server, ServerOptions};
