//! Helpers for the tests of every crate: throw-away repositories, `lint_ok` and its kin, the runner
//! for the rules' pages, and the properties that hold for any text.
//!
//! These panic, as tests do. Only tests, benches and fuzz targets depend on this crate.

mod lint;
pub mod pages;
pub mod properties;
mod repository;

pub use lint::{fix_to, lint_errors, lint_ok, shown};
pub use repository::{DEFAULT_CONFIG, DEFAULT_TEMPLATE, Repository};
