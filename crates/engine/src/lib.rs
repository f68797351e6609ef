//! Configuration, discovery and the parallel check.

mod report;

pub use report::{CheckReport, RuleCount, SetSummary, Summary};
