//! The engine over throw-away repositories.

mod discovery;
mod files;
mod lone_file;
mod suppression;
mod templates;
