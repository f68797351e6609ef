//! Rust: routes of axum, actix-web and Rocket; tests, environment variables, flags, events; tables of
//! diesel and SeaORM. Read from tokens with matched brackets, without a grammar.

mod chains;
mod items;
mod names;
mod resolve;
mod routes;
mod schema;
#[cfg(test)]
mod tests;

pub(crate) use items::{Items, read as items};
pub(crate) use names::RustReader;
pub(crate) use routes::RustRoutes;
