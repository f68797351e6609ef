//! Findings and reports in the forms that people and programs read: terminal text, one line per
//! finding, JSON, SARIF, and a unified diff of what a fix changes.
//!
//! Wire formats are known here and not in the rules or the engine. Every face of trueup hands over
//! the same [`CheckReport`](trueup_engine::CheckReport); this crate turns its byte spans into lines
//! and columns, both counted from 1, columns in characters.

mod clip;
mod code;
mod diff;
mod drift;
mod evidence;
mod export;
mod graph;
mod human;
mod json;
mod lifecycle;
mod markup;
mod palette;
mod places;
mod plain;
mod practice;
mod proofs;
mod report;
mod sarif;
mod schema_text;
mod short;
mod snippet;
mod spec;
mod summary;
mod trace;
mod versions;
mod words;

pub use code::{CODE_FACTS, code_value};
pub use diff::diff;
pub use drift::{
    DRIFT_SCHEMA_VERSION, DriftTextOptions, drift_json, drift_json_schema, drift_markdown, drift_text,
};
pub use evidence::{
    EVIDENCE_SCHEMA_VERSION, EvidenceTextOptions, VerifiedLedger, evidence_json, evidence_json_schema,
    evidence_problems_json, evidence_problems_text, evidence_text,
};
pub use export::{ExportFormat, ExportNote, ExportSpec, Exported, asyncapi, openapi};
pub use graph::{
    GRAPH_SCHEMA_VERSION, GraphSvgOptions, GraphTextOptions, graph_dot, graph_json, graph_json_schema,
    graph_mermaid, graph_svg, graph_text,
};
pub use human::{HumanOptions, human};
pub use json::{SCHEMA_VERSION, json, json_schema};
pub use lifecycle::{
    BOARD_SCHEMA_VERSION, BoardTextOptions, StepTextOptions, board_json, board_json_schema, board_text,
    gate_text, outcome_text, renamed_text,
};
pub use plain::plain_lines;
pub use practice::{
    PRACTICE_SCHEMA_VERSION, PracticeReport, PracticeTextOptions, practice_json, practice_json_schema,
    practice_markdown, practice_text,
};
pub use proofs::{
    LINT_SCHEMA_VERSION, MIGRATIONS_SCHEMA_VERSION, ProofTextOptions, ProvenChain, QUERIES_SCHEMA_VERSION,
    STANDINGS_SCHEMA_VERSION, TENANCY_SCHEMA_VERSION, drift_of_schemas_text, explained_text, lint_json,
    lint_json_schema, lint_sarif, lint_text, migrations_json, migrations_json_schema, migrations_junit,
    migrations_sarif, migrations_text, queries_json, queries_json_schema, queries_junit, queries_sarif,
    queries_text, standings_json, standings_json_schema, standings_text, tenancy_json, tenancy_json_schema,
    tenancy_junit, tenancy_sarif, tenancy_text,
};
pub use report::{
    compliance_edits, compliance_json, compliance_json_schema, compliance_report, proofs_report,
};
pub use sarif::sarif;
pub use schema_text::{SchemaTextOptions, schema_text};
pub use short::short;
pub use spec::{
    FACT_KINDS, FactKind, ListedFact, SPEC_SCHEMA_VERSION, SpecTextOptions, fact_csv, fact_json, fact_table,
    fact_text, spec_json, spec_json_schema, spec_text, spec_values,
};
pub use trace::{
    TRACE_SCHEMA_VERSION, TraceReport, TraceTextOptions, trace_csv, trace_html, trace_json,
    trace_json_schema, trace_text,
};
pub use versions::{
    VERSIONS_SCHEMA_VERSION, difference_json, difference_json_schema, difference_text, versions_json,
    versions_json_schema, versions_text,
};
pub use words::count;
