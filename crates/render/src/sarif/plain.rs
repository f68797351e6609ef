//! Results that come from no rule of the registry: a line of a file and a message.

use super::model::*;
use super::{artifact, log, message};
use std::collections::BTreeMap;

/// A result at a line.
#[derive(Clone, Debug)]
pub(crate) struct PlainResult {
    /// The name of what was found.
    pub rule: String,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// The file, from the repository's root.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong, and what mends it.
    pub message: String,
}

/// Results as SARIF 2.1.0. `version` is that of trueup.
pub(crate) fn plain_sarif(results: &[PlainResult], version: &str) -> String {
    let mut names: Vec<&str> = results.iter().map(|result| result.rule.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let rules = names.iter().map(|id| ReportingDescriptor { id, ..Default::default() }).collect();
    let index = |result: &PlainResult| names.iter().position(|name| *name == result.rule);
    let all = results.iter().map(|result| SarifResult { rule_index: index(result), ..as_result(result) });
    log(rules, all.collect(), None, version)
}

fn as_result(result: &PlainResult) -> SarifResult<'_> {
    let region =
        Region { start_line: result.line.max(1), start_column: None, end_line: None, end_column: None };
    SarifResult {
        rule_id: &result.rule,
        rule_index: None,
        level: result.level,
        message: message(&result.message),
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: artifact(&result.path),
                region: Some(region),
            },
            message: None,
        }],
        partial_fingerprints: BTreeMap::new(),
        related_locations: Vec::new(),
        fixes: Vec::new(),
    }
}
