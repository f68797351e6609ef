//! The rules and their fixes over any text.

use super::markdown::slice;
use crate::repository::{DEFAULT_CONFIG, DEFAULT_TEMPLATE};
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;
use trueup_engine::{CheckOptions, CheckReport, Config, OpenOptions, Workspace, fix};
use trueup_finding::Registry;
use trueup_model::Date;
use trueup_text::apply_edits;

const PATH: &str = "specs/SPEC-1-a.md";
/// A template with most of what a template can ask.
const RICH_TEMPLATE: &str = "# SPEC-XXX: [Title]\n\n**Status:** Draft | Accepted | Implemented  \n**Date:** YYYY-MM-DD\n\n\
    ## Overview\n[What it is]\n\n## Phases\n### Phase [N]: [Name]\n- [ ] Done\n\n## API\n\n| Method | Path | Notes |\n\
    |---|---|---|\n| GET | /api/path | [Why] |\n\n## Risks (optional)\n> Say what may go wrong.\n\n## Changelog\n- YYYY-MM-DD: Start\n";

/// Checks a text as a spec and as a companion with every rule, and applies all fixes: what is found lies
/// in the text, edits fit, and fixing a second time changes nothing.
pub fn fixes_hold(text: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let registry = trueup_rules::all();
    for template in [DEFAULT_TEMPLATE, RICH_TEMPLATE] {
        for path in [PATH, "specs/README.md"] {
            // The broken-off rest of a companion is the same under any template.
            if path == PATH || template == DEFAULT_TEMPLATE {
                one_file_holds(&folder, &registry, path, text, template);
            }
        }
    }
}

fn open(folder: &TempDir, path: &str, text: &str, template: &str) -> Workspace {
    let other = "# SPEC-2: Other\n\n**Status:** Accepted\n\n## Overview\nSee [one](SPEC-1-a.md#overview) and SPEC-1.\n\n## Risks\nNone known.\n";
    let overlay = [(path, text), ("specs/SPEC-2-b.md", other), ("template.md", template)];
    let options = OpenOptions {
        overlay: overlay.into_iter().map(|(path, text)| (path.to_owned(), Arc::from(text))).collect(),
        config: Some(Config::parse(DEFAULT_CONFIG, &[]).expect("the default configuration is one")),
        ..OpenOptions::default()
    };
    let mut workspace = Workspace::open(folder.path(), &options).expect("an empty folder can be opened");
    workspace.world.today = Date::new(2026, 6, 15);
    for path in ["specs/SPEC-2-b.md", "template.md", path] {
        workspace.world.paths.insert(path.into());
    }
    workspace
}

fn one_file_holds(folder: &TempDir, registry: &Registry, path: &str, text: &str, template: &str) {
    let options = CheckOptions::default();
    let mut workspace = open(folder, path, text, template);
    let report = workspace.check(registry, &options);
    report_holds(&report);
    let again = workspace.check(registry, &options);
    assert_eq!(report.findings, again.findings, "checked twice, found the same");
    for risky in [false, true] {
        let fixed = fix(&mut workspace, registry, &options, risky);
        for file in &fixed {
            let round = fix(&mut workspace, registry, &options, risky);
            let other = round.first().map(|f| (&f.path, &f.before, &f.after));
            assert!(
                round.is_empty(),
                "fixing {} again changes something (unsafe: {risky}): {other:#?}",
                file.path
            );
        }
    }
    report_holds(&workspace.check(registry, &options));
}

fn report_holds(report: &CheckReport) {
    let mut fingerprints = BTreeSet::new();
    for finding in &report.findings {
        let name = format!("{} in {}", finding.rule, finding.path);
        let text =
            report.texts.get(&finding.path).unwrap_or_else(|| panic!("{name}: its text is in the report"));
        slice(text, finding.span, &name);
        assert!(!finding.message.is_empty(), "{name}: says what is wrong");
        for related in &finding.related {
            if let Some(text) = report.texts.get(&related.path) {
                slice(text, related.span, format_args!("{name}, the related place"));
            }
        }
        for fix in &finding.fixes {
            let fixed = apply_edits(text, &fix.edits);
            assert!(fixed.is_ok(), "{name}: the fix “{}” does not fit: {fixed:?}", fix.title);
            assert_ne!(fixed.as_deref(), Ok(&**text), "{name}: the fix “{}” changes nothing", fix.title);
        }
        let fresh = fingerprints.insert((&finding.path, &finding.fingerprint));
        assert!(fresh, "{name}: two findings of a file have the fingerprint {}", finding.fingerprint);
    }
}
