//! Go: routes of net/http, chi, gin, echo, fiber and gorilla/mux; tests, environment variables, flags,
//! events; tables of GORM, Bun and ent. Read from tokens with matched brackets, without a grammar.

mod chains;
mod dispatch;
mod ent;
mod gorm;
mod items;
mod names;
mod resolve;
mod routes;
#[cfg(test)]
mod tests;
mod verbs;

pub(crate) use items::{Items, read as items};
pub(crate) use names::GoReader;
pub(crate) use routes::GoRoutes;
