//! Scripts of PostgreSQL: their statements, what each does, and in which phase of a change it belongs.
//!
//! A script is split as PostgreSQL's own client `psql` splits it, so that what is run statement by statement is what
//! a team's tool would have run. Nothing here knows a server, and nothing fails: what cannot be understood is told as
//! data.

mod effect;
mod script;
mod tokens;
mod words;

pub use effect::{Action, Effect, Phase, effects};
pub use script::{ClientCommand, Script, Statement, Unclosed};
pub use words::Words;
