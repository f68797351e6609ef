//! Old findings: the baseline, and what is new since a commit.

use std::fs;
use trueup_engine::{BASELINE_FILE, Baseline, CheckOptions, CheckReport, SinceError, baseline_text};
use trueup_finding::{Finding, Level};
use trueup_testkit::Repository;

fn spec(link: &str) -> String {
    format!("# Refunds\n\n## Overview\nSee [it]({link}).\n\n## Risks\nNone.\n")
}

/// Many specs with a broken link each.
fn indebted(specs: usize) -> Repository {
    let files: Vec<(String, String)> =
        (0..specs).map(|n| (format!("specs/SPEC-{n:03}-a.md"), spec(&format!("gone-{n}.md")))).collect();
    Repository::standard(&files).with_git("main")
}

fn note_everything(repository: &Repository) {
    let report = checked(repository, false);
    let all: Vec<&Finding> = report.findings.iter().collect();
    let before = repository.open().baseline().unwrap().unwrap_or_default();
    repository.write(BASELINE_FILE, &baseline_text(&before.updated(&all, Level::Info, "2026-06-15", None)));
}

fn checked(repository: &Repository, with_baseline: bool) -> CheckReport {
    let workspace = repository.open();
    let options = repository.options();
    let registry = trueup_rules::all();
    let mut report = workspace.check(&registry, &options);
    if with_baseline {
        workspace.hold_to_baseline(&mut report, &registry, &options).unwrap();
    }
    report
}

fn told(report: &CheckReport) -> Vec<String> {
    report.findings.iter().map(|f| format!("{} {} {}", f.level, f.rule, f.path)).collect()
}

fn new_since(repository: &Repository, revision: &str) -> Result<CheckReport, SinceError> {
    let workspace = repository.open();
    let options = repository.options();
    let registry = trueup_rules::all();
    let mut report = workspace.check(&registry, &options);
    report.leave_out(&workspace.known_since(revision, &registry, &options)?);
    Ok(report)
}

#[test]
fn five_hundred_old_findings_pass_and_a_new_one_fails() {
    let repository = indebted(500);
    assert!(checked(&repository, true).findings.len() >= 500);
    note_everything(&repository);
    let report = checked(&repository, true);
    assert_eq!(told(&report), Vec::<String>::new(), "a first baseline widens nothing");
    assert!(report.summary.baselined >= 500);
    assert_eq!(report.summary.baselined, report.baselined.len());
    repository.commit("The debt");

    repository.git(&["switch", "--quiet", "-c", "spec/more"]);
    repository.write("specs/SPEC-900-new.md", &spec("nowhere.md"));
    assert_eq!(told(&checked(&repository, true)), ["error broken-link specs/SPEC-900-new.md"]);
    assert_eq!(
        told(&new_since(&repository, "main").unwrap()),
        ["error broken-link specs/SPEC-900-new.md"],
        "only what is new, uncommitted included"
    );
    note_everything(&repository);
    let widened = checked(&repository, true);
    assert_eq!(told(&widened), [format!("error baseline-widened {BASELINE_FILE}")]);
    assert!(widened.findings[0].message.contains("SPEC-900"), "{:?}", widened.findings);
    assert!(widened.texts.contains_key(BASELINE_FILE));
    repository.commit("Hidden");
    assert_eq!(told(&checked(&repository, true)).len(), 1, "committed on the branch it is still new to main");
}

#[test]
fn an_entry_that_is_raised_to_another_level_is_widened() {
    let repository = indebted(1);
    note_everything(&repository);
    let noted = repository.read(BASELINE_FILE);
    let as_level = |level: &str| noted.replace("\"level\":\"error\"", &format!("\"level\":\"{level}\""));
    assert_ne!(as_level("warning"), noted);
    for (then, now, words) in [
        ("warning", "error", Some("as warning, and error here")),
        ("warning", "warning", None),
        ("error", "warning", None),
        ("info", "", Some("as info, and any level here")),
    ] {
        repository.write(BASELINE_FILE, &as_level(then));
        repository.commit(&format!("Noted as {then}, {now}"));
        repository.git(&["switch", "--quiet", "-C", "change"]);
        let text = as_level(now).replace("\"level\":\"\",", "").replace(",\"level\":\"\"", "");
        repository.write(BASELINE_FILE, &text);
        let report = checked(&repository, true);
        let widened =
            report.findings.iter().find(|f| f.rule == "baseline-widened").map(|f| f.message.as_str());
        assert_eq!(widened.is_some(), words.is_some(), "{then} {now}: {widened:?}");
        assert!(widened.unwrap_or_default().contains(words.unwrap_or_default()), "{widened:?}");
        repository.git(&["checkout", "--quiet", "--force", "main"]);
    }
}

#[test]
fn what_was_mended_is_stale_where_it_was_looked_at() {
    let repository = indebted(2);
    note_everything(&repository);
    repository.commit("The debt");
    repository.write("specs/SPEC-000-a.md", &spec("SPEC-001-a.md"));
    assert_eq!(told(&checked(&repository, true)), [format!("info baseline-stale {BASELINE_FILE}")]);
    let workspace = repository.open();
    let registry = trueup_rules::all();
    for (paths, rules, stale) in [
        (vec!["specs/SPEC-001-a.md"], vec![], 0),
        (vec!["specs"], vec![], 1),
        (vec![], vec!["duplicate-id", "baseline-stale"], 0),
        (vec![], vec!["broken-link", "baseline-stale"], 1),
        (vec![], vec!["broken-link"], 0),
    ] {
        let strings = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<String>>();
        let options = CheckOptions { paths: strings(&paths), rules: strings(&rules), ..repository.options() };
        let mut report = workspace.check(&registry, &options);
        workspace.hold_to_baseline(&mut report, &registry, &options).unwrap();
        let found = report.findings.iter().filter(|f| f.rule == "baseline-stale").count();
        assert_eq!(found, stale, "{paths:?} {rules:?}");
    }
}

#[test]
fn an_entry_that_main_has_dropped_is_not_new_on_an_older_branch() {
    let repository = indebted(2);
    note_everything(&repository);
    repository.commit("The debt");
    repository.git(&["branch", "older"]);
    repository.write("specs/SPEC-000-a.md", &spec("SPEC-001-a.md"));
    note_everything(&repository);
    repository.commit("Mended");
    repository.git(&["switch", "--quiet", "older"]);
    assert_eq!(told(&checked(&repository, true)), Vec::<String>::new());
}

#[test]
fn where_the_base_cannot_be_read_it_is_said() {
    let repository = indebted(1);
    note_everything(&repository);
    repository.commit("The debt");
    repository.git(&["branch", "--move", "main", "other"]);
    let report = checked(&repository, true);
    assert_eq!(told(&report), [format!("warning baseline-widened {BASELINE_FILE}")]);
    assert!(report.findings[0].message.contains("no branch is known as the main branch"));
    let config =
        "[baseline]\nbase = \"gone\"\n[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n";
    repository.write("trueup.toml", config);
    assert!(checked(&repository, true).findings[0].message.contains("`gone` names no commit here"));
    repository.write("trueup.toml", &config.replace("gone", "other"));
    assert_eq!(told(&checked(&repository, true)), Vec::<String>::new());
    fs::remove_dir_all(repository.path().join(".git")).unwrap();
    assert!(checked(&repository, true).findings[0].message.contains("no git repository"));
}

#[test]
fn a_torn_baseline_is_an_error_and_no_pass() {
    let repository = indebted(1);
    note_everything(&repository);
    let text = repository.read(BASELINE_FILE);
    repository.write(BASELINE_FILE, &format!("{text}=======\n{text}"));
    let workspace = repository.open();
    let registry = trueup_rules::all();
    let mut report = workspace.check(&registry, &repository.options());
    let error = workspace.hold_to_baseline(&mut report, &registry, &repository.options()).unwrap_err();
    assert_eq!(error.to_string(), format!("{BASELINE_FILE}:2: a merge is not finished here"));
    assert_eq!(Baseline::parse(&text).unwrap().entries.len(), 1);
}

#[test]
fn since_follows_renames_and_forgets_what_was_mended() {
    let repository = Repository::standard(&[
        ("specs/old name.md", spec("gone.md")),
        ("specs/b.md", spec("gone.md")),
        ("specs/target.md", spec("b.md")),
    ])
    .with_git("main");
    repository.git(&["switch", "--quiet", "-c", "side"]);
    repository.git(&["mv", "specs/old name.md", "specs/new name.md"]);
    repository.write("specs/b.md", &spec("target.md"));
    repository.git(&["rm", "--quiet", "specs/target.md"]);
    let report = new_since(&repository, "main").unwrap();
    assert_eq!(told(&report), ["error broken-link specs/b.md"], "another file went away");
    let known = report.summary.known.unwrap();
    assert_eq!((known.revision.as_str(), known.findings), ("main", 1));
    assert_eq!(known.commit, repository.git(&["rev-parse", "main"]).trim());
    repository.commit("All of it");
    assert_eq!(told(&new_since(&repository, "HEAD").unwrap()), Vec::<String>::new());
}

#[test]
fn a_second_finding_like_the_first_is_new() {
    let repository = indebted(1);
    let twice = spec("gone-0.md").replace("See", "See [it](gone-0.md). See");
    repository.write("specs/SPEC-000-a.md", &twice);
    assert_eq!(told(&new_since(&repository, "HEAD").unwrap()).len(), 1);
}

#[test]
fn what_matters_more_than_before_is_new() {
    let status = |status: &str| format!("# Refunds\n\n**Status:** {status}\n\n## Overview\nSee it.\n");
    let repository = Repository::standard(&[("specs/a.md", status("Draft"))]).with_git("main");
    assert_eq!(told(&new_since(&repository, "HEAD").unwrap()), Vec::<String>::new());
    repository.write("specs/a.md", &status("Accepted"));
    assert_eq!(told(&new_since(&repository, "HEAD").unwrap()), ["error missing-section specs/a.md"]);
}

#[test]
fn the_configuration_of_then_counts_and_a_broken_one_is_told() {
    let repository = indebted(1);
    let config =
        "[rules]\nbroken-link = \"off\"\n[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n";
    repository.write("trueup.toml", config);
    repository.commit("Off");
    repository.write("trueup.toml", &config.replace("off", "error"));
    assert_eq!(told(&new_since(&repository, "HEAD").unwrap()), ["error broken-link specs/SPEC-000-a.md"]);
    repository.write("trueup.toml", "[[specs");
    repository.commit("Broken");
    repository.write("trueup.toml", &config.replace("off", "error"));
    let report = new_since(&repository, "HEAD").unwrap();
    assert_eq!(told(&report), Vec::<String>::new());
    assert!(report.summary.assumed.iter().any(|note| note.contains("is wrong")), "{:?}", report.summary);
}

#[test]
fn nothing_to_compare_with_is_an_error() {
    let repository = indebted(1);
    let check = |repository: &Repository, revision: &str, message: &str| {
        let told = new_since(repository, revision).unwrap_err();
        assert!(told.to_string().contains(message), "{told}");
        assert!(!told.help().is_empty());
    };
    check(&repository, "nowhere", "`nowhere` names no commit");
    check(&repository, "--all", "names no commit");
    repository.git(&["switch", "--quiet", "--orphan", "other"]);
    repository.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]);
    repository.write("specs/a.md", &spec("x.md"));
    check(&repository, "main", "no common ancestor");
    let clone = Repository::new(&[("x", "")]);
    let origin = indebted(1);
    origin.commit("more");
    clone.git(&["init", "--quiet"]);
    let url = format!("file://{}", origin.path().display());
    clone.git(&["fetch", "--quiet", "--depth=1", &url, "main"]);
    clone.git(&["checkout", "--quiet", "FETCH_HEAD"]);
    check(&clone, "HEAD~1", "the clone is shallow");
    let bare = Repository::standard(&[("specs/a.md", spec("x.md"))]);
    check(&bare, "main", "no git repository");
}
