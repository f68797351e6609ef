//! Reports made by hand.

use trueup_engine::{CheckReport, RuleCount, SetSummary};
use trueup_finding::{Applies, FileCx, Finding, Fix, Level, Levels, Registry, Related, Rule, Sink};
use trueup_text::{Edit, Span};

/// Builds a report finding by finding.
#[derive(Default)]
pub struct Fixture {
    pub report: CheckReport,
}

impl Fixture {
    /// A report over one spec.
    pub fn of_file(path: &str, text: &str) -> Fixture {
        let mut fixture = Fixture::default().file(path, text);
        fixture.report.summary.files_seen = 1;
        fixture.report.summary.specs = 1;
        fixture
    }

    /// Adds the text of a file.
    pub fn file(mut self, path: &str, text: &str) -> Fixture {
        self.report.texts.insert(path.into(), text.into());
        self
    }

    /// Adds a finding at a span.
    pub fn at(mut self, level: Level, rule: &'static str, path: &str, span: Span, message: &str) -> Fixture {
        self.report.findings.push(Finding {
            rule,
            level,
            path: path.into(),
            span,
            message: message.to_owned(),
            hint: None,
            related: Vec::new(),
            fixes: Vec::new(),
            fingerprint: format!("{:016x}", self.report.findings.len() + 1),
        });
        self
    }

    /// Adds an error at the first place where a text stands.
    pub fn error(self, rule: &'static str, path: &str, needle: &str, message: &str) -> Fixture {
        self.found(Level::Error, rule, path, needle, message)
    }

    /// Adds a finding at the first place where a text stands.
    pub fn found(self, level: Level, rule: &'static str, path: &str, needle: &str, message: &str) -> Fixture {
        let span = self.span_of(path, needle);
        self.at(level, rule, path, span, message)
    }

    /// Gives the last finding a hint.
    pub fn hint(mut self, hint: &str) -> Fixture {
        self.last().hint = Some(hint.to_owned());
        self
    }

    /// Gives the last finding another place.
    pub fn related(mut self, path: &str, needle: &str, message: &str) -> Fixture {
        let span =
            if self.report.texts.contains_key(path) { self.span_of(path, needle) } else { Span::at(0) };
        self.last().related.push(Related { path: path.into(), span, message: message.to_owned() });
        self
    }

    /// Gives the last finding a fix that replaces its own text.
    pub fn fix(mut self, make: fn(&str, Vec<Edit>) -> Fix, title: &str, insert: &str) -> Fixture {
        let span = self.last().span;
        self.last().fixes.push(make(title, vec![Edit::replace(span, insert)]));
        self
    }

    /// Adds a rule to the counts.
    pub fn rule(mut self, rule: &'static str, places: usize, counts: [usize; 3]) -> Fixture {
        let [errors, warnings, infos] = counts;
        self.report.summary.rules.push(RuleCount { rule, places, errors, warnings, infos });
        self
    }

    /// Adds a set of specs.
    pub fn set(
        mut self,
        folders: &[&str],
        template: Option<&str>,
        specs: usize,
        discovered: bool,
    ) -> Fixture {
        let folders = folders.iter().map(|folder| (*folder).to_owned()).collect();
        let template = template.map(str::to_owned);
        self.report.summary.sets.push(SetSummary { folders, template, specs, discovered });
        self
    }

    fn last(&mut self) -> &mut Finding {
        self.report.findings.last_mut().expect("a finding comes first")
    }

    fn span_of(&self, path: &str, needle: &str) -> Span {
        let start = self.report.texts[path].find(needle).expect("the text holds the needle");
        Span::new(start, start + needle.len())
    }
}

pub const SAFE: fn(&str, Vec<Edit>) -> Fix = |title, edits| Fix::safe(title, edits);
pub const UNSAFE: fn(&str, Vec<Edit>) -> Fix = |title, edits| Fix::risky(title, edits);

/// A small report with something of everything.
pub fn everything() -> CheckReport {
    let spec = "# Plan ends\n\nSee [the guide](docs/gone.md).\n\n## Risks\n\n| Risk | Chance |\n|---|---|\n| late | ? |\n";
    let mut fixture = Fixture::of_file("specs/nowy plan.md", spec)
        .file("specs/other.md", "# Other\n\n## Risk\n")
        .error(
            "broken-link",
            "specs/nowy plan.md",
            "docs/gone.md",
            "the link leads to nothing: `docs/gone.md`",
        )
        .hint("point it to a file that exists, or take it away")
        .fix(SAFE, "point the link to `docs/guide.md`", "docs/guide.md")
        .found(
            Level::Warning,
            "heading-renamed",
            "specs/nowy plan.md",
            "Risks",
            "the template calls it `Risk`",
        )
        .related("specs/other.md", "Risk", "as it is here")
        .related("template.md", "", "the template")
        .fix(UNSAFE, "rename the heading", "Risk")
        .found(Level::Info, "placeholder-left", "specs/nowy plan.md", "?", "a placeholder is left")
        .at(Level::Error, "not-readable", "specs/image.md", Span::at(0), "the file is not UTF-8")
        .rule("broken-link", 12, [1, 0, 0])
        .rule("heading-renamed", 7, [0, 1, 0])
        .rule("placeholder-left", 30, [0, 0, 1])
        .rule("draft-on-main", 2, [0, 0, 0])
        .set(&["specs", "docs/specs"], Some("specs/template.md"), 5, true)
        .set(&["governance"], None, 1, false);
    let summary = &mut fixture.report.summary;
    summary.files_seen = 12;
    summary.specs = 6;
    summary.spec_documents = 8;
    summary.companions = 4;
    summary.tombstones = 1;
    summary.not_readable = 1;
    summary.suppressed = 2;
    summary.assumed.push("specs/template.md is the template, by its name".to_owned());
    summary.stages.push(("read", 1_250));
    summary.stages.push(("check", 31_940));
    fixture.report
}

static BROKEN_LINK: Rule = Rule {
    name: "broken-link",
    group: "links",
    summary: "a relative link leads to nothing",
    page: "# broken-link\n\nA relative link leads to nothing.\n",
    levels: Levels::ERROR,
    applies: Applies::AllFiles,
    check: finds_nothing,
};
static HEADING_RENAMED: Rule = Rule {
    name: "heading-renamed",
    group: "sections",
    summary: "a heading has another name than in the template",
    page: "# heading-renamed\n",
    levels: Levels::WARNING,
    ..BROKEN_LINK
};
static PLACEHOLDER_LEFT: Rule = Rule {
    name: "placeholder-left",
    group: "text",
    summary: "a placeholder of the template is left",
    page: "# placeholder-left\n",
    levels: Levels::INFO,
    ..BROKEN_LINK
};
static DRAFT_ON_MAIN: Rule = Rule {
    name: "draft-on-main",
    group: "state",
    summary: "a draft lies on the main branch",
    page: "# draft-on-main\n",
    levels: Levels::always(Level::Off),
    ..BROKEN_LINK
};

fn finds_nothing(_: &FileCx<'_>, _: &mut Sink) {}

/// The rules of [`everything`], all but `not-readable`, which is no rule.
pub fn registry() -> Registry {
    Registry::new([&HEADING_RENAMED, &BROKEN_LINK, &PLACEHOLDER_LEFT, &DRAFT_ON_MAIN])
}
