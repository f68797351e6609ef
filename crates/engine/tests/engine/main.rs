//! The engine over throw-away repositories.

mod baseline;
mod discovery;
mod elsewhere;
mod files;
mod graph;
mod lazy;
mod lone_file;
mod suppression;
mod templates;
mod versions;
