//! The JSON format. The comments here become the descriptions in its schema.

use schemars::JsonSchema;
use serde::Serialize;

/// What `trueup check --format json` found, and over what.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Report of trueup check")]
pub(crate) struct Output<'a> {
    /// Version of this format. The first number changes when a reader could break.
    #[schemars(regex(pattern = r"^1\.[0-9]+$"))]
    pub(crate) schema_version: &'a str,
    /// What was looked at.
    pub(crate) summary: Summary<'a>,
    /// Everything found, by path, place and rule.
    pub(crate) findings: Vec<Finding<'a>>,
}

/// What was looked at, and how much was found.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Summary<'a> {
    /// Markdown files seen in the tree.
    pub(crate) files_seen: usize,
    /// Files checked as specs.
    pub(crate) specs: usize,
    /// Specs in them; more where one file holds several.
    pub(crate) spec_documents: usize,
    /// Documents beside the specs: links are checked, spec rules are not.
    pub(crate) companions: usize,
    /// Stubs that say where a document went: counted, not checked.
    pub(crate) tombstones: usize,
    /// Files that could not be read.
    pub(crate) not_readable: usize,
    /// Findings that a suppression took away.
    pub(crate) suppressed: usize,
    /// Findings that the baseline holds; they are not in `findings`.
    pub(crate) baselined: usize,
    /// Findings that were there before, where only new ones are asked for; null otherwise.
    pub(crate) known: Option<Known<'a>>,
    /// Findings at level error.
    pub(crate) errors: usize,
    /// Findings at level warning.
    pub(crate) warnings: usize,
    /// Findings at level info.
    pub(crate) infos: usize,
    /// Findings with a fix.
    pub(crate) fixable: Fixable,
    /// Spec folders, with the template that each is held to.
    pub(crate) sets: Vec<Set<'a>>,
    /// What was assumed for want of configuration, a sentence each.
    pub(crate) assumed: &'a [String],
    /// Each rule that ran.
    pub(crate) rules: Vec<Rule<'a>>,
}

/// Findings that a commit has already; they are not in `findings`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Known<'a> {
    /// The commit, as it was asked for.
    pub(crate) revision: &'a str,
    /// The full name of the common ancestor that was compared with.
    pub(crate) commit: &'a str,
    /// How many findings were left out.
    pub(crate) findings: usize,
}

/// Findings with a fix.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Fixable {
    /// With a fix that `--fix` applies.
    pub(crate) safe: usize,
    /// Only with a fix that needs `--fix --unsafe`.
    #[serde(rename = "unsafe")]
    pub(crate) risky: usize,
}

/// Specs that share a template.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Set<'a> {
    /// Folders from the repository's root.
    pub(crate) folders: &'a [String],
    /// The template's path from the root, or `builtin:NAME`; null where no template was found.
    pub(crate) template: Option<&'a str>,
    /// Files of the set.
    pub(crate) specs: usize,
    /// Whether discovery chose it, not `trueup.toml`.
    pub(crate) discovered: bool,
}

/// What one rule did.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Rule<'a> {
    /// The rule's name.
    pub(crate) rule: &'a str,
    /// Places that it looked at.
    pub(crate) places: usize,
    /// Findings at level error.
    pub(crate) errors: usize,
    /// Findings at level warning.
    pub(crate) warnings: usize,
    /// Findings at level info.
    pub(crate) infos: usize,
}

/// Something that a rule found.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Finding<'a> {
    /// The rule's name.
    pub(crate) rule: &'a str,
    /// The level in the state of the spec at hand.
    pub(crate) level: Level,
    /// Path from the repository's root.
    pub(crate) path: &'a str,
    /// Where in the file; null where the file could not be read.
    pub(crate) span: Option<Span>,
    /// What is wrong.
    pub(crate) message: &'a str,
    /// What to do.
    pub(crate) hint: Option<&'a str>,
    /// Stays the same when lines elsewhere change.
    pub(crate) fingerprint: &'a str,
    /// Other places that the finding speaks of.
    pub(crate) related: Vec<Related<'a>>,
    /// Ways to mend it, the best first.
    pub(crate) fixes: Vec<Fix<'a>>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum Level {
    Info,
    Warning,
    Error,
}

/// A stretch of text.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct Span {
    /// The first character.
    pub(crate) start: Place,
    /// One past the last character; the same as the start where nothing is marked.
    pub(crate) end: Place,
}

/// A place as people count.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct Place {
    /// Line, from 1.
    #[schemars(range(min = 1))]
    pub(crate) line: u32,
    /// Column in characters (Unicode scalar values), from 1.
    #[schemars(range(min = 1))]
    pub(crate) column: u32,
}

/// Another place that a finding speaks of.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Related<'a> {
    /// Path from the repository's root.
    pub(crate) path: &'a str,
    /// Where in that file; null where its text is not at hand.
    pub(crate) span: Option<Span>,
    /// What is there.
    pub(crate) message: &'a str,
}

/// A way to mend a finding.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Fix<'a> {
    /// What it does, as a command.
    pub(crate) title: &'a str,
    /// Whether `--fix` applies it without `--unsafe`.
    pub(crate) safety: Safety,
    /// Changes of the finding's file, applied together.
    pub(crate) edits: Vec<Edit<'a>>,
}

/// Whether a fix may be applied without a person looking.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum Safety {
    Safe,
    Unsafe,
}

/// One replacement.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Edit<'a> {
    /// What is replaced; an empty span inserts.
    pub(crate) span: Span,
    /// What comes in its place; empty deletes.
    pub(crate) insert: &'a str,
}
