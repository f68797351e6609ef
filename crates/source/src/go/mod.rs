//! Go: routes of net/http, chi, gin, echo, fiber and gorilla/mux; tests, environment variables, flags,
//! events; tables of GORM and Bun. Read from tokens with matched brackets, without a grammar.

mod chains;
mod gorm;
mod items;
mod names;
mod resolve;
mod routes;
#[cfg(test)]
mod tests;

pub(crate) use names::GoReader;
pub(crate) use routes::GoRoutes;
