use crate::repository::{Repository, spec};

const SPEC: &str = "docs/specs/SPEC-004-2026-01-04-more.md";
const MOVED: &str = "See [search](SPEC-002-2026-01-02-search.md).";
const DEAD: &str = "See [search](../SPEC-002-2026-01-02-search.md).";

/// A spec whose link has one `../` too many.
fn fixable() -> Repository {
    let repository = Repository::with_specs();
    repository.write(SPEC, &spec(4, "More").replace("A form.", DEAD));
    repository
}

#[test]
fn fixes_are_written_and_what_is_left_is_reported() {
    let repository = fixable();
    repository.run(&["check"]).exits(1).says("`trueup check --fix` mends 1 finding");
    repository
        .run(&["check", "--fix"])
        .exits(0)
        .says("Found nothing")
        .tells(&format!("mended 1 finding in {SPEC}"));
    assert_eq!(repository.read(SPEC), spec(4, "More").replace("A form.", MOVED));
    repository.run(&["check", "--fix"]).exits(0).tells("nothing could be mended");
}

#[test]
fn line_ends_and_the_byte_order_mark_are_kept() {
    let repository = Repository::with_specs();
    let dressed = |text: String| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    repository.write(SPEC, &dressed(spec(4, "More").replace("A form.", DEAD)));
    repository.run(&["check", "--fix"]).exits(0);
    assert_eq!(repository.read(SPEC), dressed(spec(4, "More").replace("A form.", MOVED)));
}

#[test]
fn a_dry_run_shows_a_patch_and_writes_nothing() {
    let repository = fixable();
    let before = repository.snapshot();
    let ran = repository.run(&["check", "--fix", "--dry-run"]).exits(0).tells("nothing was written");
    let ran = ran.says(&format!("--- a/{SPEC}\n+++ b/{SPEC}\n")).says(&format!("-{DEAD}\n+{MOVED}\n"));
    assert_eq!(repository.snapshot(), before);
    assert!(!ran.out.contains("Found"), "{}", ran.out);
}

#[test]
fn unsafe_fixes_need_their_flag() {
    let repository = Repository::with_specs();
    let renamed = spec(4, "More").replace("## Problem", "## Problem Statement");
    repository.write(SPEC, &renamed);
    repository.run(&["check", "--fix", "--rule", "renamed-section"]);
    assert_eq!(repository.read(SPEC), renamed);
    repository
        .run(&["check", "--fix", "--unsafe", "--rule", "renamed-section"])
        .exits(0)
        .tells("mended 1 finding");
    assert_eq!(repository.read(SPEC), spec(4, "More"));
}

#[test]
fn one_rule_is_fixed_alone() {
    let repository = fixable();
    let before = repository.snapshot();
    repository.run(&["check", "--fix", "--rule", "ragged-table-row"]).exits(0);
    assert_eq!(repository.snapshot(), before);
    repository
        .run_in("", &["check", "-", "--stdin-path", SPEC, "--fix"], Some("# x\n"))
        .exits(2)
        .tells("help:");
}

#[test]
fn bullets_get_their_ids_where_the_configuration_asks() {
    let repository = Repository::with_specs();
    let bullets = "## Acceptance criteria\n- [ ] A buyer sees it.\n- [x] AC-4: Staff see it.\n- [ ] **Nobody** else does.\n\n## Changelog";
    let text = spec(4, "More").replace("## Changelog", bullets);
    repository.write(SPEC, &text);
    repository.run(&["check", "--fix", "--rule", "item-without-id"]).tells("nothing could be mended");
    assert_eq!(repository.read(SPEC), text);
    repository.run(&["init"]).exits(0);
    let config = repository.read("trueup.toml");
    repository.write("trueup.toml", &format!("{config}\n[ids]\nitems = [\"aceptance\"]\n"));
    repository.run(&["check"]).exits(2).tells("did you mean `acceptance`?");
    repository.write("trueup.toml", &format!("{config}\n[ids]\nitems = [\"acceptance\"]\n"));
    repository.run(&["check", "--rule", "item-without-id"]).says("has no ID");
    repository.run(&["check", "--fix", "--rule", "item-without-id"]).exits(0).tells("mended 2 findings");
    let wanted = text.replace("A buyer", "AC-5: A buyer").replace("**Nobody**", "AC-6: **Nobody**");
    assert_eq!(repository.read(SPEC), wanted);
    repository.run(&["check", "--fix", "--rule", "item-without-id"]).tells("nothing could be mended");
}
