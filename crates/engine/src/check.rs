//! The check: every file on its own, in parallel, with the whole corpus as data.

use crate::read::{ReadFile, Turns};
use crate::report::{CheckReport, RuleCount, SetSummary, Summary};
use crate::suppress::{Suppression, suppressions};
use crate::workspace::{FileRole, Workspace};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use trueup_finding::{Applies, FileCx, Finding, Level, Levels, Registry, Report, Role, Rule, Sink};
use trueup_markdown::{Document, Kind};
use trueup_model::{Settings, Spec, State};
use trueup_repo::ReadProblem;
use trueup_text::Span;

/// What to check.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// Files and folders from the root; everything where this is empty.
    pub paths: Vec<String>,
    /// Only these rules; all where this is empty.
    pub rules: Vec<String>,
    /// The state that levels are taken from, in place of each spec's own (`check --gate`).
    pub as_state: Option<State>,
}

/// What one file gave.
#[derive(Default)]
struct FileOutcome {
    findings: Vec<Finding>,
    places: Vec<usize>,
    suppressed: usize,
    tombstone: bool,
    companion: bool,
    documents: usize,
}

impl Workspace {
    /// Runs the rules over the files that are asked for.
    pub fn check(&self, registry: &Registry, options: &CheckOptions) -> CheckReport {
        let started = Instant::now();
        let rules: Vec<&'static Rule> = registry
            .rules()
            .iter()
            .copied()
            .filter(|r| options.rules.is_empty() || options.rules.iter().any(|name| name == r.name))
            .collect();
        let levels: Vec<Levels> = rules.iter().map(|r| self.config.levels(r.name, r.levels)).collect();
        let plain = self.plain_settings();
        let run = Run { workspace: self, registry, rules: &rules, levels: &levels, plain: &plain, options };
        let paths: Vec<Arc<str>> = self.targets(&options.paths);
        self.ahead.expect(paths.iter().filter_map(|path| self.corpus.position(path)));
        // Specs first: a document beside them, such as an index, asks for all of them, and they are then
        // known without being read again.
        let (specs, beside): (Vec<&Arc<str>>, Vec<&Arc<str>>) =
            paths.iter().partition(|path| matches!(self.role(path), FileRole::Spec(_)));
        let mut outcomes = run.specs(&specs);
        outcomes.par_extend(beside.par_iter().map(|path| run.file(path)));
        let mut report = self.summarise(&rules, &outcomes);
        report.findings = outcomes.into_iter().flat_map(|o| o.findings).collect();
        run.unreadable(&mut report);
        run.interrupted(&mut report);
        // Stable: what a rule found in one place stays in the order in which it told it.
        report.findings.sort_by(|a, b| (&a.path, a.span, a.rule).cmp(&(&b.path, b.span, b.rule)));
        count_findings(&mut report);
        self.attach_texts(&mut report);
        report.summary.stages.push(("check", started.elapsed().as_micros()));
        report
    }

    /// The files that a check looks at: specs and companions, or what was asked for by name.
    fn targets(&self, wanted: &[String]) -> Vec<Arc<str>> {
        let heads = self.corpus.heads().iter();
        let asked = |path: &str| {
            wanted.iter().any(|w| {
                w.is_empty()
                    || w == path
                    || path.strip_prefix(w.trim_end_matches('/')).is_some_and(|r| r.starts_with('/'))
            })
        };
        let by_name = |path: &str| wanted.iter().any(|w| w == path);
        heads
            .filter(|h| match self.role(&h.path) {
                FileRole::Other => by_name(&h.path),
                _ => wanted.is_empty() || asked(&h.path),
            })
            .map(|h| Arc::clone(&h.path))
            .collect()
    }

    fn summarise(&self, rules: &[&'static Rule], outcomes: &[FileOutcome]) -> CheckReport {
        let mut summary =
            Summary { files_seen: self.corpus.heads().len() + self.unreadable.len(), ..Summary::default() };
        let mut places = vec![0; rules.len()];
        for outcome in outcomes {
            summary.suppressed += outcome.suppressed;
            match () {
                () if outcome.tombstone => summary.tombstones += 1,
                () if outcome.companion => summary.companions += 1,
                () => {
                    summary.specs += 1;
                    summary.spec_documents += outcome.documents;
                }
            }
            for (total, here) in places.iter_mut().zip(&outcome.places) {
                *total += here;
            }
        }
        summary.not_readable = self.unreadable.len() + self.tree_problems.len();
        summary.assumed = self.notes.clone();
        summary.assumed.extend(self.versions_unknown());
        summary.sets = self
            .sets
            .iter()
            .enumerate()
            .map(|(index, set)| SetSummary {
                folders: set.config.folders.clone(),
                template: Some(set.config.template.clone()),
                specs: self.specs_of(index).len(),
                discovered: set.discovered,
            })
            .collect();
        summary.rules = rules
            .iter()
            .zip(places)
            .map(|(rule, places)| RuleCount { rule: rule.name, places, ..RuleCount::default() })
            .collect();
        CheckReport { summary, ..CheckReport::default() }
    }

    pub(crate) fn attach_texts(&self, report: &mut CheckReport) {
        let mut texts: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
        let all = report.findings.iter().chain(&report.baselined);
        let named = all.flat_map(|f| std::iter::once(&f.path).chain(f.related.iter().map(|r| &r.path)));
        for path in named {
            if texts.contains_key(path) {
                continue;
            }
            let text = match self.corpus.head(path) {
                Some(head) => Some(Arc::clone(&head.text)),
                None if self.sidecar_texts.contains_key(&**path) => self.sidecar_texts.get(&**path).cloned(),
                None => self.text_of(path, crate::workspace::MAX_FILE_SIZE).ok(),
            };
            if let Some(text) = text {
                texts.insert(Arc::clone(path), text);
            }
        }
        report.texts = texts;
    }
}

/// What a rule sees of a file. `plain` are the settings of a file that belongs to no set.
pub(crate) fn file_cx<'a>(workspace: &'a Workspace, file: &'a ReadFile, plain: &'a Settings) -> FileCx<'a> {
    FileCx {
        path: &file.path,
        role: if file.set.is_some() { Role::Spec } else { Role::Companion },
        document: &file.document,
        specs: &file.specs,
        schema: file.set.map(|s| workspace.schema_of(s, file.version)),
        sidecar: file.sidecar.as_ref(),
        world: &workspace.world,
        corpus: &workspace.corpus,
        settings: match workspace.role(&file.path) {
            FileRole::Spec(set) | FileRole::Companion(set) => &workspace.sets[set].settings,
            FileRole::Other => plain,
        },
        others: workspace,
        code: workspace,
        house: workspace,
        bound: &file.bound,
        rows: &file.rows,
    }
}

struct Run<'a> {
    workspace: &'a Workspace,
    registry: &'a Registry,
    rules: &'a [&'static Rule],
    levels: &'a [Levels],
    /// The settings of a file that belongs to no set.
    plain: &'a Settings,
    options: &'a CheckOptions,
}

impl Run<'_> {
    /// Checks specs, each in its turn; what they gave comes in the order of the paths.
    fn specs(&self, paths: &[&Arc<str>]) -> Vec<FileOutcome> {
        let workspace = self.workspace;
        let positions: Vec<Option<usize>> = paths.iter().map(|p| workspace.corpus.position(p)).collect();
        let turns = Turns::new(paths.len());
        let next = || turns.next(&workspace.ahead, |turn| positions.get(turn).copied().flatten());
        let checked = paths.par_iter().filter_map(|_| next()).filter_map(|turn| {
            let path = paths.get(turn)?;
            Some((turn, self.file(path)))
        });
        let mut outcomes: Vec<(usize, FileOutcome)> = checked.collect();
        outcomes.sort_unstable_by_key(|(turn, _)| *turn);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    fn file(&self, path: &Arc<str>) -> FileOutcome {
        let workspace = self.workspace;
        let Some(mut file) = workspace.read_to_check(path) else { return FileOutcome::default() };
        workspace.bind(self.registry, &mut file);
        let cx = file_cx(workspace, &file, self.plain);
        let ReadFile { set, specs, tombstone, .. } = &file;
        let (set, tombstone) = (*set, *tombstone);
        let mut outcome = FileOutcome {
            companion: set.is_none(),
            tombstone,
            documents: specs.len(),
            places: Vec::with_capacity(self.rules.len()),
            ..FileOutcome::default()
        };
        let mut raw: Vec<(usize, Report)> = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            // Of a stub only the ID and the links count: it is still taken, and it has to lead somewhere.
            let applies = match rule.applies {
                _ if tombstone => matches!(rule.group, "ids" | "links"),
                Applies::AllFiles => true,
                Applies::Specs => set.is_some(),
                Applies::Engine => false,
            };
            let mut sink = Sink::new();
            if applies && self.runs_at_all(index, specs) {
                (rule.check)(&cx, &mut sink);
            }
            outcome.places.push(sink.places());
            raw.extend(sink.into_reports().into_iter().map(|r| (index, r)));
        }
        if set.is_some()
            && !tombstone
            && let Some(rule) = self.rules.iter().position(|r| r.name == "changed-since-accepted")
        {
            raw.extend(workspace.changed_since_accepted(&cx).into_iter().map(|report| (rule, report)));
        }
        self.suppress(&cx, raw, &mut outcome);
        number_fingerprints(&mut outcome.findings);
        outcome
    }

    /// A rule that is off in every state at hand need not run.
    fn runs_at_all(&self, rule: usize, specs: &[Spec]) -> bool {
        let level = |state| self.levels[rule].of(self.options.as_state.unwrap_or(state));
        match specs {
            [] => level(State::Accepted) != Level::Off,
            specs => specs.iter().any(|s| level(s.state.state) != Level::Off),
        }
    }

    fn suppress(&self, cx: &FileCx<'_>, raw: Vec<(usize, Report)>, outcome: &mut FileOutcome) {
        let list = suppressions(cx.document);
        let mut used: FxHashSet<(usize, &str)> = FxHashSet::default();
        for (rule, report) in raw {
            let name = self.rules[rule].name;
            let hit = list.iter().enumerate().find(|(_, s)| {
                !s.reason.is_empty()
                    && !report.in_sidecar
                    && s.rules.iter().any(|r| r == name)
                    && s.covers.contains(report.span)
            });
            if let Some((index, _)) = hit {
                used.insert((index, name));
                outcome.suppressed += 1;
                continue;
            }
            outcome.findings.extend(self.finding(cx, rule, report));
        }
        for (index, suppression) in list.iter().enumerate() {
            for report in self.judge(index, suppression, &used) {
                let Some(rule) = self.rules.iter().position(|r| r.name == report.0) else { continue };
                outcome.findings.extend(self.finding(cx, rule, report.1));
            }
        }
        for (rule, places) in self.rules.iter().zip(&mut outcome.places) {
            if rule.applies == Applies::Engine && rule.name.contains("suppression") {
                *places += list.len();
            }
        }
    }

    /// What is wrong with a suppression itself.
    fn judge(
        &self,
        index: usize,
        suppression: &Suppression,
        used: &FxHashSet<(usize, &str)>,
    ) -> Vec<(&'static str, Report)> {
        let mut out = Vec::new();
        if suppression.reason.is_empty() {
            let report = Report::new(
                suppression.span,
                "a suppression needs a reason; without one it suppresses nothing",
            )
            .hint("write why: `<!-- trueup-allow RULE: reason -->`");
            out.push(("suppression-without-reason", report));
            return out;
        }
        for name in &suppression.rules {
            let Some(rule) = self.registry.get(name) else {
                let names: Vec<&str> = self.registry.rules().iter().map(|r| r.name).collect();
                let near = crate::config::nearest(name, names.into_iter());
                let report = Report::new(suppression.span, format!("there is no rule `{name}`")).hint(
                    near.map_or("`trueup rules` lists them".to_owned(), |n| format!("did you mean `{n}`?")),
                );
                out.push(("unknown-suppression", report));
                continue;
            };
            let ran = self.rules.iter().any(|r| r.name == rule.name);
            if ran && !used.contains(&(index, rule.name)) {
                let report = Report::new(
                    suppression.span,
                    format!("nothing below is a `{name}`: this suppression suppresses nothing"),
                )
                .hint("remove it")
                .subject(format!("unused {name}"));
                out.push(("unused-suppression", report));
            }
        }
        out
    }

    fn finding(&self, cx: &FileCx<'_>, rule: usize, report: Report) -> Option<Finding> {
        let spec = cx.specs.iter().find(|s| s.region.contains_offset(report.span.start)).or(cx.specs.first());
        let state = self.options.as_state.unwrap_or(spec.map_or(State::Accepted, |s| s.state.state));
        let level = self.levels[rule].of(state).min(report.at_most.unwrap_or(Level::Error));
        if level == Level::Off {
            return None;
        }
        let name = self.rules[rule].name;
        let today = self.workspace.later_names.get(cx.path).map_or(cx.path, String::as_str);
        let fingerprint = fingerprint(cx, name, today, spec, &report);
        let path: Arc<str> = match cx.sidecar.filter(|_| report.in_sidecar) {
            Some(sidecar) => sidecar.path.as_str().into(),
            None => cx.path.into(),
        };
        Some(Finding {
            rule: name,
            level,
            path,
            span: report.span,
            message: report.message,
            hint: report.hint,
            related: report.related,
            fixes: report.fixes,
            fingerprint,
        })
    }

    /// A step that was begun and not ended: whatever is checked, the repository is between two states.
    fn interrupted(&self, report: &mut CheckReport) {
        let Some(rule) = self.rules.iter().position(|r| r.name == "transition-interrupted") else { return };
        let level = self.levels[rule].of(State::Accepted);
        report.summary.rules[rule].places += 1;
        let Some(open) = trueup_repo::interrupted(&self.workspace.root).filter(|_| level != Level::Off)
        else {
            return;
        };
        let there = open.about.filter(|path| self.workspace.corpus.head(path).is_some());
        let path = there.unwrap_or_else(|| trueup_repo::JOURNAL_FOLDER.to_owned());
        let (message, hint) = match (open.command, open.damaged) {
            (_, Some(why)) => (
                format!(
                    "a step was interrupted, and its journal cannot be read ({why}): files may be between two states"
                ),
                "look at the files with `git status`, put right what is half-way, then run `trueup resume --forget`",
            ),
            (Some(command), None) => (
                format!("`trueup {command}` was interrupted: files are between two states"),
                "`trueup resume` completes it, as any lifecycle command does; `trueup resume --undo` takes it back",
            ),
            (None, None) => (
                "a step was interrupted before it changed anything".to_owned(),
                "`trueup resume` clears it away, as any lifecycle command does",
            ),
        };
        report.findings.push(Finding {
            rule: "transition-interrupted",
            level,
            path: path.as_str().into(),
            span: Span::default(),
            fingerprint: digest(&["transition-interrupted", &path]),
            message,
            hint: Some(hint.to_owned()),
            related: Vec::new(),
            fixes: Vec::new(),
        });
    }

    /// Files that no rule can look at.
    fn unreadable(&self, report: &mut CheckReport) {
        let Some(rule) = self.rules.iter().position(|r| r.name == "unreadable-file") else { return };
        let level = self.levels[rule].of(State::Accepted);
        let asked = |path: &str| {
            let wanted = &self.options.paths;
            wanted.is_empty()
                || wanted.iter().any(|w| {
                    w.is_empty()
                        || path == w
                        || path.strip_prefix(w.as_str()).is_some_and(|r| r.starts_with('/'))
                })
        };
        report.summary.rules[rule].places += self.workspace.unreadable.len();
        let files = self.workspace.unreadable.iter().filter(|(path, _)| {
            asked(path) && (self.options.paths.contains(path) || self.workspace.role(path) != FileRole::Other)
        });
        let mut problems: Vec<(String, String)> =
            files.map(|(path, problem)| (path.clone(), read_problem(problem))).collect();
        let loops = self.workspace.tree_problems.iter().filter(|(path, _)| asked(path));
        problems.extend(loops.cloned());
        for (path, message) in problems {
            if level == Level::Off {
                continue;
            }
            let fingerprint =
                digest(&["unreadable-file", self.workspace.later_names.get(&path).unwrap_or(&path)]);
            report.findings.push(Finding {
                rule: "unreadable-file",
                level,
                path: path.as_str().into(),
                span: Span::default(),
                message,
                hint: None,
                related: Vec::new(),
                fixes: Vec::new(),
                fingerprint,
            });
        }
    }
}

fn read_problem(problem: &ReadProblem) -> String {
    format!("the file was not checked: {problem}")
}

/// Rule, spec, section, text and ordinal: no line numbers, so it survives edits elsewhere.
fn fingerprint(cx: &FileCx<'_>, rule: &str, path: &str, spec: Option<&Spec>, report: &Report) -> String {
    let subject = match &report.subject {
        Some(subject) => subject.clone(),
        None if report.in_sidecar => report.message.clone(),
        None => report.span.text(cx.text()).split_whitespace().collect::<Vec<_>>().join(" "),
    };
    let section = match cx.section_at(report.span.start).filter(|_| !report.in_sidecar) {
        Some(id) => {
            let mut titles = vec![cx.document.section(id).normal.full.as_str()];
            let mut at = cx.document.section(id).parent;
            while let Some(parent) = at {
                titles.push(cx.document.section(parent).normal.full.as_str());
                at = cx.document.section(parent).parent;
            }
            titles.join("/")
        }
        None => String::new(),
    };
    // A file's ID where it has one, so that moving the file changes nothing.
    let name = spec.and_then(Spec::name).unwrap_or(path);
    digest(&[rule, name, &section, &subject])
}

pub(crate) fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let bytes = hasher.finalize();
    bytes.iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// Equal fingerprints in one file are told apart by their order.
fn number_fingerprints(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (a.span, a.rule).cmp(&(b.span, b.rule)));
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for finding in findings {
        let count = seen.entry(finding.fingerprint.clone()).or_default();
        if *count > 0 {
            finding.fingerprint = digest(&[&finding.fingerprint, &count.to_string()]);
        }
        *count += 1;
    }
}

pub(crate) fn count_findings(report: &mut CheckReport) {
    let places: FxHashMap<&str, usize> =
        report.summary.rules.iter().enumerate().map(|(i, r)| (r.rule, i)).collect();
    let mut counts: Vec<(usize, Level)> = Vec::with_capacity(report.findings.len());
    for finding in &report.findings {
        if let Some(index) = places.get(finding.rule) {
            counts.push((*index, finding.level));
        }
    }
    for count in &mut report.summary.rules {
        (count.errors, count.warnings, count.infos) = (0, 0, 0);
    }
    for (index, level) in counts {
        let count = &mut report.summary.rules[index];
        match level {
            Level::Error => count.errors += 1,
            Level::Warning => count.warnings += 1,
            _ => count.infos += 1,
        }
    }
}

/// A stub that says where a document went: no section of the template, hardly any text, and words or a
/// status that say so.
pub(crate) fn is_tombstone(document: &Document, specs: &[Spec]) -> bool {
    // A changelog is all that such a stub may have of the template.
    if specs.iter().any(|s| s.alignment.titles_found > 1) {
        return false;
    }
    if specs.iter().any(|s| s.state.moved) {
        return true;
    }
    let blocks = document
        .blocks()
        .filter(|b| !matches!(document.kind(*b), Kind::Heading(_) | Kind::Html | Kind::Rule));
    let text: String = blocks.take(12).map(|b| document.plain(b).into_owned()).collect::<Vec<_>>().join(" ");
    if document.text().len() > 3000 || text.split_whitespace().count() > 120 {
        return false;
    }
    let lower = text.to_lowercase();
    let title = document.sections().first().map(|s| s.normal.full.clone()).unwrap_or_default();
    let named = ["moved", "replaced", "superseded"].iter().any(|w| title.split(' ').any(|t| t == *w));
    named
        || [
            "moved to",
            "was moved",
            "has moved",
            "been moved",
            "relocated to",
            "superseded by",
            "replaced by",
            "merged into",
            "see instead",
            "renamed to",
            "now lives",
            "has been superseded",
            "moved pointer",
            "new canonical",
        ]
        .iter()
        .any(|phrase| lower.contains(phrase))
}
