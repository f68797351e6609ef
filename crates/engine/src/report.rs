use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_finding::Finding;

/// The outcome of a check: what was found, and over what.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    /// Everything found at level info and above, by path, place and rule.
    pub findings: Vec<Finding>,
    /// The denominators.
    pub summary: Summary,
    /// What the baseline holds: found, but neither counted nor failing.
    pub baselined: Vec<Finding>,
    /// The text of every file that a finding points into, by path from the root.
    pub texts: BTreeMap<Arc<str>, Arc<str>>,
}

/// What was looked at. A report without this is no report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Markdown files seen in the tree.
    pub files_seen: usize,
    /// Files checked as specs.
    pub specs: usize,
    /// Specs in them; more where one file holds several.
    pub spec_documents: usize,
    /// Documents beside the specs: links are checked, spec rules are not.
    pub companions: usize,
    /// Stubs that say where a document went: counted, not checked.
    pub tombstones: usize,
    /// Files that could not be read (not UTF-8, too large, no permission, a link to itself).
    pub not_readable: usize,
    /// Findings that a suppression took away.
    pub suppressed: usize,
    /// Findings that the baseline holds.
    pub baselined: usize,
    /// Findings that were there before, where only new ones are asked for.
    pub known: Option<KnownBefore>,
    /// Spec folders, with the template that each is held to.
    pub sets: Vec<SetSummary>,
    /// What was assumed for want of configuration, a sentence each.
    pub assumed: Vec<String>,
    /// Each rule that ran.
    pub rules: Vec<RuleCount>,
    /// Time of the check by stage, in microseconds of wall time.
    pub stages: Vec<(&'static str, u128)>,
}

/// Findings that a commit has already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownBefore {
    /// The commit, as it was asked for: a branch, a tag, a name.
    pub revision: String,
    /// The full name of the common ancestor that was compared with.
    pub commit: String,
    /// How many findings were left out.
    pub findings: usize,
}

/// A set of specs that share a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetSummary {
    /// Folders from the root.
    pub folders: Vec<String>,
    /// The template's path from the root, or `builtin:NAME`; none where no template was found.
    pub template: Option<String>,
    /// Files of the set.
    pub specs: usize,
    /// Whether discovery chose it, not `trueup.toml`.
    pub discovered: bool,
}

/// What one rule did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule's name.
    pub rule: &'static str,
    /// Places that it looked at.
    pub places: usize,
    /// Findings by level.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Infos.
    pub infos: usize,
}

impl CheckReport {
    /// Number of findings at a level.
    pub fn count(&self, level: trueup_finding::Level) -> usize {
        self.findings.iter().filter(|f| f.level == level).count()
    }
}
