//! Findings as SARIF 2.1.0, which GitHub, GitLab, Azure DevOps and editors read.

mod model;
mod plain;
mod uri;

use crate::json::{Summary, to_text};
use crate::places::{FileText, Places};
use model::*;
pub(crate) use plain::{PlainResult, plain_sarif};
use std::borrow::Cow;
use std::collections::BTreeMap;
use trueup_engine::CheckReport;
use trueup_finding::{Finding, Level, Registry, Rule, Safety};
use trueup_model::State;
use uri::relative_uri;

/// Where the standard's own schema lies.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/// Name for the repository's root, which every path is relative to.
const ROOT: &str = "SRCROOT";

/// Name of our fingerprint; its number changes when the same finding gets another fingerprint.
const FINGERPRINT: &str = "trueup/v1";

/// A report as SARIF. `version` is that of trueup.
///
/// The level in `defaultConfiguration` is that of an Accepted spec; a result's own level is what counts.
pub fn sarif(report: &CheckReport, registry: &Registry, version: &str) -> String {
    let mut places = Places::new(&report.texts);
    let rules = descriptors(report, registry);
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(i, rule)| (rule.id, i)).collect();
    let results = report.findings.iter().map(|finding| SarifResult {
        rule_index: index.get(finding.rule).copied(),
        ..result(finding, &mut places)
    });
    let summary = Some(RunProperties { summary: Summary::new(report) });
    log(rules, results.collect(), summary, version)
}

fn log(
    rules: Vec<ReportingDescriptor<'_>>,
    results: Vec<SarifResult<'_>>,
    properties: Option<RunProperties<'_>>,
    version: &str,
) -> String {
    let run = Run {
        results,
        tool: Tool { driver: Driver { name: "trueup", semantic_version: version, rules } },
        column_kind: "unicodeCodePoints",
        newline_sequences: ["\r\n", "\n", "\r"],
        original_uri_base_ids: BTreeMap::from([(
            ROOT,
            BaseDescription { description: message("The root of the repository.") },
        )]),
        properties,
    };
    to_text(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

/// The rules of the registry, and after them those that only the findings name.
fn descriptors<'a>(report: &CheckReport, registry: &'a Registry) -> Vec<ReportingDescriptor<'a>> {
    let known = registry.rules().iter().map(|rule| descriptor(rule));
    let mut others: Vec<&'static str> = report
        .findings
        .iter()
        .map(|finding| finding.rule)
        .filter(|rule| registry.get(rule).is_none())
        .collect();
    others.sort_unstable();
    others.dedup();
    known.chain(others.into_iter().map(|id| ReportingDescriptor { id, ..Default::default() })).collect()
}

fn descriptor(rule: &'static Rule) -> ReportingDescriptor<'static> {
    let accepted = rule.levels.of(State::Accepted);
    ReportingDescriptor {
        id: rule.name,
        short_description: Some(message(rule.summary)),
        help: Some(Help { text: rule.summary, markdown: rule.page }),
        default_configuration: Some(ReportingConfiguration {
            enabled: accepted > Level::Off,
            level: level(accepted),
        }),
        properties: Some(Tags { tags: [rule.group] }),
    }
}

fn result<'a>(finding: &'a Finding, places: &mut Places<'_>) -> SarifResult<'a> {
    let related = finding.related.iter().map(|other| Location {
        message: Some(message(&other.message)),
        ..location(&other.path, places.file(&other.path), other.span)
    });
    let related_locations = related.collect();
    let file = places.file(&finding.path);
    SarifResult {
        rule_id: finding.rule,
        rule_index: None,
        level: level(finding.level),
        message: match &finding.hint {
            Some(hint) => Message { text: Cow::Owned(format!("{}\n{hint}", finding.message)) },
            None => message(&finding.message),
        },
        locations: [location(&finding.path, file, finding.span)],
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, finding.fingerprint.as_str())]),
        related_locations,
        fixes: file.map(|file| fixes(finding, file)).unwrap_or_default(),
    }
}

fn fixes<'a>(finding: &'a Finding, file: &FileText<'_>) -> Vec<Fix<'a>> {
    // The standard asks for at least one replacement.
    let fixes = finding.fixes.iter().filter(|fix| !fix.edits.is_empty());
    let fixes = fixes.map(|fix| Fix {
        description: message(&fix.title),
        artifact_changes: [ArtifactChange {
            artifact_location: artifact(&finding.path),
            replacements: fix
                .edits
                .iter()
                .map(|edit| Replacement {
                    deleted_region: region(file, edit.span),
                    inserted_content: message(&edit.insert),
                })
                .collect(),
        }],
        properties: FixProperties {
            safety: match fix.safety {
                Safety::Safe => "safe",
                Safety::Unsafe => "unsafe",
            },
        },
    });
    fixes.collect()
}

fn location<'a>(path: &str, file: Option<&FileText<'_>>, span: trueup_text::Span) -> Location<'a> {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: artifact(path),
            region: file.map(|file| region(file, span)),
        },
        message: None,
    }
}

fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation { uri: relative_uri(path), uri_base_id: ROOT }
}

fn region(file: &FileText<'_>, span: trueup_text::Span) -> Region {
    let region = file.region(span);
    Region {
        start_line: region.start.line,
        start_column: Some(region.start.column),
        end_line: Some(region.end.line),
        end_column: Some(region.end.column),
    }
}

fn message(text: &str) -> Message<'_> {
    Message { text: Cow::Borrowed(text) }
}

/// SARIF calls an info a note.
fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
        Level::Off => "none",
    }
}
