//! The baseline: old findings that do not fail a check, so that a repository with debts can begin.
//!
//! One JSON object a line, sorted by path, rule and fingerprint, so that branches merge. An entry covers
//! its finding up to the level that it had; what has become worse counts again.

use crate::check::{CheckOptions, count_findings, digest};
use crate::report::CheckReport;
use crate::workspace::{MAX_FILE_SIZE, Workspace};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use trueup_finding::{Finding, Level, Registry};
use trueup_model::State;
use trueup_repo::{Git, GitError};
use trueup_text::Span;

/// Where the baseline stands, from the repository's root.
pub const BASELINE_FILE: &str = ".trueup/baseline.jsonl";

/// The names of the rules about the baseline itself; none of their findings can be in it.
const OWN_RULES: [&str; 2] = ["baseline-stale", "baseline-widened"];

/// An old finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineEntry {
    /// Path from the root, when it was noted.
    pub path: String,
    /// The rule's name.
    pub rule: String,
    /// The finding's fingerprint.
    pub fingerprint: String,
    /// The level that it had; a higher one is not covered. Any is where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// What was wrong.
    #[serde(default)]
    pub message: String,
    /// The day on which it was noted, `YYYY-MM-DD`.
    #[serde(default)]
    pub date: String,
    /// Who is to mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl BaselineEntry {
    fn key(&self) -> (&str, &str, &str) {
        (&self.path, &self.rule, &self.fingerprint)
    }

    fn covers(&self, finding: &Finding) -> bool {
        let level = self.level.as_deref().and_then(Level::from_name);
        level.is_none_or(|level| finding.level <= level)
    }
}

/// All old findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The entries in the order of the file.
    pub entries: Vec<BaselineEntry>,
    /// Where each of them stands in the file.
    pub spans: Vec<Span>,
}

/// Why a baseline was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{BASELINE_FILE}{}: {message}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct BaselineError {
    /// The line, from 1; none where the file cannot be read at all.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl Baseline {
    /// Reads a baseline. A line that is no entry spoils all of it: what it held would fail unseen, or pass.
    pub fn parse(text: &str) -> Result<Baseline, BaselineError> {
        let mut baseline = Baseline::default();
        let mut start = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let span = Span::new(start, start + line.trim_end().len());
            start += line.len();
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.is_empty() {
                continue;
            }
            let wrong = |message: String| BaselineError { line: Some(index + 1), message };
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
                return Err(wrong("a merge is not finished here".to_owned()));
            }
            let entry: BaselineEntry =
                serde_json::from_str(line).map_err(|error| wrong(format!("this is no entry: {error}")))?;
            baseline.entries.push(entry);
            baseline.spans.push(span);
        }
        Ok(baseline)
    }

    /// Takes in what a check found from a level on: entries that are still found are kept with their day
    /// and owner, others are dropped, new ones added.
    pub fn updated(
        &self,
        findings: &[&Finding],
        least: Level,
        date: &str,
        owner: Option<&str>,
    ) -> Vec<BaselineEntry> {
        let old: FxHashMap<&str, &BaselineEntry> =
            self.entries.iter().map(|entry| (entry.fingerprint.as_str(), entry)).collect();
        let wanted = findings.iter().filter(|f| f.level >= least && !OWN_RULES.contains(&f.rule));
        wanted
            .map(|finding| {
                let known = old.get(finding.fingerprint.as_str()).filter(|entry| entry.covers(finding));
                BaselineEntry {
                    path: finding.path.to_string(),
                    rule: finding.rule.to_owned(),
                    fingerprint: finding.fingerprint.clone(),
                    level: Some(finding.level.name().to_owned()),
                    message: finding.message.clone(),
                    date: known.map_or_else(|| date.to_owned(), |entry| entry.date.clone()),
                    owner: known.and_then(|entry| entry.owner.clone()).or(owner.map(str::to_owned)),
                }
            })
            .collect()
    }
}

/// The file's text: sorted, a line for each entry, each finding once.
pub fn baseline_text(entries: &[BaselineEntry]) -> String {
    let mut sorted: Vec<&BaselineEntry> = entries.iter().collect();
    sorted.sort_by(|a, b| a.key().cmp(&b.key()));
    sorted.dedup_by(|a, b| a.key() == b.key());
    // Fails only for maps whose keys are no strings.
    let line = |entry: &BaselineEntry| serde_json::to_string(entry).unwrap_or_default() + "\n";
    sorted.into_iter().map(line).collect()
}

/// What the base branch says of the baseline.
enum Base {
    /// It has none: the baseline is new, and nothing could be widened.
    HasNone,
    /// What its copy lets pass, and the branch.
    Holds(Passed, String),
    /// It cannot be told.
    Unknown(String),
}

impl Workspace {
    /// The baseline of the repository; none where there is no file.
    pub fn baseline(&self) -> Result<Option<Baseline>, BaselineError> {
        if !self.root.join(BASELINE_FILE).exists() {
            return Ok(None);
        }
        let text = self.baseline_source()?;
        Baseline::parse(&text).map(Some)
    }

    fn baseline_source(&self) -> Result<Arc<str>, BaselineError> {
        self.text_of(BASELINE_FILE, MAX_FILE_SIZE)
            .map_err(|problem| BaselineError { line: None, message: problem.to_string() })
    }

    /// Takes out of a report what the baseline holds, and reports what is wrong with the baseline itself.
    pub fn hold_to_baseline(
        &self,
        report: &mut CheckReport,
        registry: &Registry,
        options: &CheckOptions,
    ) -> Result<(), BaselineError> {
        let Some(baseline) = self.baseline()? else { return Ok(()) };
        let found: FxHashSet<String> = report.findings.iter().map(|f| f.fingerprint.clone()).collect();
        let by_fingerprint: FxHashMap<&str, &BaselineEntry> =
            baseline.entries.iter().map(|entry| (entry.fingerprint.as_str(), entry)).collect();
        let covered = |f: &Finding| {
            !OWN_RULES.contains(&f.rule)
                && by_fingerprint.get(f.fingerprint.as_str()).is_some_and(|entry| entry.covers(f))
        };
        let all = std::mem::take(&mut report.findings);
        let (baselined, left): (Vec<Finding>, Vec<Finding>) = all.into_iter().partition(covered);
        report.findings = left;
        report.summary.baselined = baselined.len();
        report.baselined = baselined;
        self.judge_baseline(report, &baseline, &found, registry, options);
        report.findings.sort_by(|a, b| (&a.path, a.span, a.rule).cmp(&(&b.path, b.span, b.rule)));
        count_findings(report);
        self.attach_texts(report);
        Ok(())
    }

    fn judge_baseline(
        &self,
        report: &mut CheckReport,
        baseline: &Baseline,
        found: &FxHashSet<String>,
        registry: &Registry,
        options: &CheckOptions,
    ) {
        let level = |name: &str| {
            let asked = options.rules.is_empty() || options.rules.iter().any(|rule| rule == name);
            let rule = registry.get(name).filter(|_| asked)?;
            let level = self.config.levels(name, rule.levels).of(State::Accepted);
            (level != Level::Off).then_some((rule.name, level))
        };
        if let Some(places) = report.summary.rules.iter_mut().find(|r| r.rule == "baseline-stale") {
            places.places = baseline.entries.len();
        }
        let each = || baseline.entries.iter().zip(&baseline.spans);
        if let Some((rule, level)) = level("baseline-stale") {
            // What was not looked at cannot be said to be gone.
            let stale: Vec<Finding> = each()
                .filter(|(entry, _)| !found.contains(&entry.fingerprint))
                .filter(|(entry, _)| self.was_checked(entry, report, options))
                .map(|(entry, span)| {
                    let message = format!("`{}` is no longer found in {}", entry.rule, entry.path);
                    let hint = "`trueup baseline prune` removes it";
                    own_finding(rule, level, *span, message, hint, &entry.fingerprint)
                })
                .collect();
            report.findings.extend(stale);
        }
        if let Some((rule, level)) = level("baseline-widened") {
            if let Some(places) = report.summary.rules.iter_mut().find(|r| r.rule == rule) {
                places.places = baseline.entries.len();
            }
            self.judge_widening(report, baseline, rule, level);
        }
    }

    fn judge_widening(
        &self,
        report: &mut CheckReport,
        baseline: &Baseline,
        rule: &'static str,
        level: Level,
    ) {
        match self.base_copy(baseline) {
            Base::HasNone => {}
            Base::Unknown(why) => {
                let message = format!("whether the baseline was widened cannot be told: {why}");
                let hint = "`[baseline] base` in trueup.toml names the branch to compare with";
                let level = level.min(Level::Warning);
                report.findings.push(own_finding(rule, level, Span::default(), message, hint, "unknown"));
            }
            Base::Holds(known, branch) => {
                for (entry, span) in baseline.entries.iter().zip(&baseline.spans) {
                    let now = entry.level.as_deref().and_then(Level::from_name);
                    let message = match known.get(&entry.fingerprint) {
                        None => {
                            format!("`{}` in {} is not in the baseline of {branch}", entry.rule, entry.path)
                        }
                        Some(then) if most(*then) < most(now) => format!(
                            "`{}` in {} is in the baseline of {branch} as {}, and {} here",
                            entry.rule,
                            entry.path,
                            level_name(*then),
                            level_name(now)
                        ),
                        Some(_) => continue,
                    };
                    let hint = "mend what was found; a change cannot add its own findings to the baseline";
                    report.findings.push(own_finding(rule, level, *span, message, hint, &entry.fingerprint));
                }
            }
        }
    }

    /// Whether the check would have found the entry's finding if it were there.
    fn was_checked(&self, entry: &BaselineEntry, report: &CheckReport, options: &CheckOptions) -> bool {
        let ran = report.summary.rules.iter().any(|rule| rule.rule == entry.rule);
        let removed = options.rules.is_empty() && !ran;
        let within = options.paths.iter().any(|path| {
            let rest = entry.path.strip_prefix(path.trim_end_matches('/'));
            path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let readable = self.unreadable.iter().all(|(path, _)| *path != entry.path);
        (ran || removed) && (options.paths.is_empty() || within) && readable
    }

    /// What the base branch's copy holds: that of its tip, and that of the common ancestor where a change on
    /// the branch has taken entries out meanwhile.
    fn base_copy(&self, baseline: &Baseline) -> Base {
        let Some(git) = Git::open(&self.root) else {
            return Base::Unknown("there is no git repository here".to_owned());
        };
        self.base_copy_in(&git, baseline).unwrap_or_else(|error| Base::Unknown(error.to_string()))
    }

    fn base_copy_in(&self, git: &Git, baseline: &Baseline) -> Result<Base, GitError> {
        let Some((shown, tip)) = self.base_tip(git)? else {
            let shallow = if git.is_shallow() { " (the clone is shallow)" } else { "" };
            let why = match (&self.config.baseline.base, &self.world.main_branch) {
                (Some(base), _) => format!("`{base}` names no commit here{shallow}"),
                (None, Some(main)) => format!("the branch {main} is not here{shallow}"),
                (None, None) => "no branch is known as the main branch".to_owned(),
            };
            return Ok(Base::Unknown(why));
        };
        let Some(copy) = git.file_at(&tip, BASELINE_FILE)? else { return Ok(Base::HasNone) };
        let mut known = match fingerprints(&copy) {
            Ok(known) => known,
            Err(error) => return Ok(Base::Unknown(format!("the copy of {shown} is broken: {error}"))),
        };
        if baseline.entries.iter().any(|entry| !known.contains_key(&entry.fingerprint))
            && let Some(head) = git.head()?.filter(|head| *head != tip)
            && let Some(base) = git.merge_base(&tip, &head)?
            && let Some(copy) = git.file_at(&base, BASELINE_FILE)?
        {
            for (fingerprint, level) in fingerprints(&copy).unwrap_or_default() {
                known.entry(fingerprint).or_insert(level);
            }
        }
        Ok(Base::Holds(known, shown))
    }

    /// The base branch as people call it, and its commit.
    fn base_tip(&self, git: &Git) -> Result<Option<(String, String)>, GitError> {
        let names: Vec<String> = match (&self.config.baseline.base, &self.world.main_branch) {
            (Some(base), _) => vec![base.clone(), format!("origin/{base}")],
            (None, Some(main)) => vec![format!("origin/{main}"), format!("refs/heads/{main}")],
            (None, None) => Vec::new(),
        };
        for name in names {
            if let Some(commit) = git.resolve(&name)? {
                let shown = name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned();
                return Ok(Some((shown, commit)));
            }
        }
        Ok(None)
    }
}

/// What a copy lets pass: fingerprints, each with the level up to which.
type Passed = FxHashMap<String, Option<Level>>;

fn fingerprints(copy: &[u8]) -> Result<Passed, BaselineError> {
    let baseline = Baseline::parse(&String::from_utf8_lossy(copy))?;
    let level = |entry: &BaselineEntry| entry.level.as_deref().and_then(Level::from_name);
    Ok(baseline.entries.into_iter().map(|entry| (entry.fingerprint.clone(), level(&entry))).collect())
}

/// The level up to which an entry lets its finding pass: any where it names none.
fn most(level: Option<Level>) -> Level {
    level.unwrap_or(Level::Error)
}

fn level_name(level: Option<Level>) -> &'static str {
    level.map_or("any level", Level::name)
}

fn own_finding(
    rule: &'static str,
    level: Level,
    span: Span,
    message: String,
    hint: &str,
    subject: &str,
) -> Finding {
    Finding {
        rule,
        level,
        path: BASELINE_FILE.into(),
        span,
        message,
        hint: Some(hint.to_owned()),
        related: Vec::new(),
        fixes: Vec::new(),
        fingerprint: digest(&[rule, subject]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, fingerprint: &str) -> BaselineEntry {
        BaselineEntry {
            path: path.to_owned(),
            rule: "broken-link".to_owned(),
            fingerprint: fingerprint.to_owned(),
            ..BaselineEntry::default()
        }
    }

    #[test]
    fn what_is_written_is_sorted_and_read_again() {
        let text = baseline_text(&[entry("b.md", "1"), entry("a \"q\".md", "2"), entry("b.md", "1")]);
        assert_eq!(text.lines().count(), 2);
        let read = Baseline::parse(&text).unwrap();
        assert_eq!(read.entries, [entry("a \"q\".md", "2"), entry("b.md", "1")]);
        assert_eq!(read.spans[1].text(&text), text.lines().nth(1).unwrap());
        assert_eq!(baseline_text(&read.entries), text);
    }

    #[test]
    fn a_spoilt_line_is_named() {
        let good = baseline_text(&[entry("a.md", "1")]);
        let check = |text: &str, line: usize, word: &str| {
            let error = Baseline::parse(text).unwrap_err();
            assert_eq!(error.line, Some(line), "{text}");
            assert!(error.to_string().contains(word), "{error}");
        };
        check(&format!("{good}<<<<<<< HEAD\n{good}"), 2, "merge");
        check(&format!("{good}\n{}", &good[..20]), 3, "no entry");
        check("[]", 1, "no entry");
        check("{\"path\":\"a\"}", 1, "rule");
        assert_eq!(Baseline::parse("\n \r\n").unwrap(), Baseline::default());
    }

    #[test]
    fn an_entry_keeps_its_day_and_owner_until_it_gets_worse() {
        let finding = |level| Finding {
            fingerprint: "1".to_owned(),
            ..own_finding("broken-link", level, Span::default(), String::new(), "", "")
        };
        let old = BaselineEntry {
            level: Some("warning".to_owned()),
            date: "2026-01-01".to_owned(),
            owner: Some("ada".to_owned()),
            ..entry("a.md", "1")
        };
        let baseline = Baseline { entries: vec![old], spans: vec![Span::default()] };
        let updated = |level, least| {
            let found = finding(level);
            let new = baseline.updated(&[&found], least, "2026-06-15", Some("grace"));
            new.first().map(|e| (e.date.clone(), e.owner.clone().unwrap_or_default()))
        };
        let is = |date: &str, owner: &str| Some((date.to_owned(), owner.to_owned()));
        assert_eq!(updated(Level::Warning, Level::Info), is("2026-01-01", "ada"));
        assert_eq!(updated(Level::Error, Level::Info), is("2026-06-15", "grace"));
        assert_eq!(updated(Level::Info, Level::Warning), None);
    }
}
