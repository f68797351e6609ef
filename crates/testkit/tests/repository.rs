//! The kit itself: repositories, checks and pages.

use trueup_finding::{Applies, FileCx, Fix, Levels, Registry, Report, Rule, Sink};
use trueup_testkit::{Repository, fix_to, lint_errors, lint_ok, pages};
use trueup_text::{Edit, Span};

/// Finds every `bad` and makes it `good`.
fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (at, word) in cx.text().match_indices("bad") {
        let span = Span::new(at, at + word.len());
        let fix = Fix::risky("make it good", vec![Edit::replace(span, "good")]);
        out.push(Report::new(span, "this is bad").fix(fix));
    }
}

const fn rule(page: &'static str) -> Rule {
    let (name, summary) = ("bad-word", "a word is `bad`");
    Rule { name, group: "test", summary, page, levels: Levels::ERROR, applies: Applies::Specs, check }
}

macro_rules! page {
    ($example:literal) => {
        concat!(
            "# bad-word\nA word is bad.\n\n## What it does\n## Why\n## Example\n",
            $example,
            "\n## How to fix\n## Precision\nNot measured yet.\n"
        )
    };
}

static GOOD: Rule = rule(page!(
    "### Found\n```markdown path=specs/a.md\n# A\n\nbad and bad «here»\n```\n```markdown path=specs/a.md fixed\n# A\n\ngood and good\n```\n\
     ### Not found: fine\n```markdown path=specs/a.md\n# A\n```\n"
));
static UNMARKED: Rule = rule(page!(
    "### Found\n```markdown path=specs/a.md\nfine «here»\nbad\n```\n### Not found: fine\n```markdown path=specs/a.md\n# A\n```\n"
));
static WRONG_FIX: Rule = rule(page!(
    "### Found\n```markdown path=specs/a.md\nbad «here»\n```\n```markdown path=specs/a.md fixed\nbetter\n```\n"
));

#[test]
fn a_page_that_holds() {
    let stats = pages::run(&GOOD).unwrap();
    assert_eq!((stats.examples, stats.found, stats.not_found, stats.lines, stats.fixed), (2, 1, 1, 1, 1));
}

#[test]
fn a_page_that_does_not_hold_says_where() {
    let told = pages::run(&UNMARKED).unwrap_err();
    assert!(told.contains("specs/a.md:1 (page line 9): not found: `fine`"), "{told}");
    assert!(
        told.contains("specs/a.md:2 (page line 10): found, though not marked: `bad`: this is bad"),
        "{told}"
    );
    let told = pages::run(&WRONG_FIX).unwrap_err();
    assert!(told.contains("the page says `better`") && told.contains("the fixes give `good`"), "{told}");
    assert!(told.contains("no example shows where nothing is found"), "{told}");
}

#[test]
fn checks_of_files() {
    let registry = Registry::new([&GOOD]);
    lint_ok(&registry, &[("specs/a.md", "# A\n"), ("notes.md", "bad\n")]);
    let found = lint_errors(&registry, &[("specs/a.md", "a bad word\n")]);
    assert_eq!((found.len(), found[0].span), (1, Span::new(2, 5)));
    fix_to(&registry, &[("specs/a.md", "a bad word\n")], &[("specs/a.md", "a good word\n")]);
}

#[test]
fn a_repository_of_git() {
    let repository = Repository::standard(&[("specs/a.md", "# A\n")]).with_git("main");
    repository.git(&["checkout", "--quiet", "-b", "spec/a"]);
    repository.write("specs/b.md", "# B\n");
    repository.commit("Add B");
    let workspace = repository.open();
    assert_eq!(workspace.world.branch.as_deref(), Some("spec/a"));
    assert_eq!(workspace.world.main_branch.as_deref(), Some("main"));
    assert_eq!(workspace.world.today.map(|d| (d.year, d.month, d.day)), Some((2026, 6, 15)));
    assert_eq!(workspace.specs_of(0).len(), 2);
}
