//! What is done with a hard input.

use std::path::Path;
use std::sync::Arc;
use trueup_engine::{CheckOptions, Config, OpenOptions, Workspace, fix};
use trueup_finding::{Applies, FileCx, FileRows, Registry, Role, Rule, Sink};
use trueup_markdown::{AnchorSet, Document, Kind};
use trueup_model::{Date, Head, Settings, read_specs};
use trueup_template::{Schema, infer};

/// A template with most of what a template can ask.
const TEMPLATE: &str = "# SPEC-XXX: [Title]\n\n**Status:** Draft | Accepted | Implemented  \n**Date:** YYYY-MM-DD\n**Owner:** <name>\n\n\
    ## Overview\n[What it is]\n\n## Phases\n### Phase [N]: [Name]\n#### Step [N]: [Name]\n- [ ] Done\n\n## API\n\n\
    | Method | Path | Notes |\n|---|---|---|\n| GET | /api/path | [Why] |\n\n## Risks\n> Say what may go wrong.\n\n\
    ## Changelog\n- YYYY-MM-DD: Start\n";
const PATH: &str = "specs/SPEC-1-a.md";

/// What every subject needs.
pub(super) struct Bench {
    schema: Schema,
    settings: Settings,
    registry: Registry,
    /// An empty folder.
    folder: tempfile::TempDir,
}

/// A stage that is held to linear cost.
pub(super) struct Subject {
    pub(super) name: &'static str,
    /// Does the work that is measured; what it needs is made before.
    pub(super) run: fn(&Bench, &str) -> std::time::Duration,
}

pub(super) const SUBJECTS: &[Subject] = &[
    Subject {
        name: "parse",
        run: |_, text| measure(Arc::<str>::from(text), |text| drop(Document::parse(text))),
    },
    Subject {
        name: "ask the tree",
        run: |_, text| measure(Document::parse(text), |document| ask(&document)),
    },
    Subject {
        name: "head",
        run: |_, text| measure(Arc::<str>::from(text), |text| drop(Head::scan(PATH.into(), text))),
    },
    Subject { name: "infer", run: |_, text| measure((), |()| drop(infer("template.md", text, None))) },
    Subject { name: "align, read facts", run: align },
    Subject { name: "rules", run: |bench, text| rules(bench, text, bench.registry.rules()) },
    Subject { name: "check", run: check },
    Subject { name: "fix", run: fixes },
    Subject { name: "JSON", run: json },
];

fn measure<S>(input: S, work: impl FnOnce(S)) -> std::time::Duration {
    super::timed(|| work(input)).0
}

fn ask(document: &Document) {
    document.comments();
    AnchorSet::of(document);
    for id in document.descendants(document.root()) {
        match document.kind(id) {
            Kind::Table => drop(document.table_rows(id)),
            kind if kind.is_leaf_block() => drop(document.plain(id)),
            Kind::Code { .. } => drop(document.code_text(id)),
            _ => {}
        }
    }
}

fn align(bench: &Bench, text: &str) -> std::time::Duration {
    let document = Document::parse(text);
    measure((), |()| drop(read_specs(PATH, &document, &bench.schema, &bench.settings, None, None)))
}

/// Time of some rules over a text.
pub(super) fn rules(bench: &Bench, text: &str, rules: &[&'static Rule]) -> std::time::Duration {
    let workspace = bench.open(&[(PATH, text)]);
    let document = Document::parse(text);
    let specs = read_specs(PATH, &document, &bench.schema, &bench.settings, None, None);
    let none = FileRows::default();
    let cx = FileCx {
        path: PATH,
        role: Role::Spec,
        document: &document,
        specs: &specs,
        schema: Some(&bench.schema),
        sidecar: None,
        world: &workspace.world,
        corpus: &workspace.corpus,
        settings: &bench.settings,
        others: &workspace,
        code: &workspace,
        house: &workspace,
        bound: &[],
        rows: &none,
    };
    measure((), |()| {
        // Worked out once for all rules, and anew each time.
        let rows = FileRows::default();
        let cx = FileCx { rows: &rows, ..cx };
        for rule in rules.iter().filter(|rule| rule.applies != Applies::Engine) {
            let mut sink = Sink::new();
            (rule.check)(&cx, &mut sink);
            drop(sink.into_reports());
        }
    })
}

fn check(bench: &Bench, text: &str) -> std::time::Duration {
    let workspace = bench.open(&[(PATH, text)]);
    measure((), |()| drop(workspace.check(&bench.registry, &CheckOptions::default())))
}

fn fixes(bench: &Bench, text: &str) -> std::time::Duration {
    let mut workspace = bench.open(&[(PATH, text)]);
    measure((), |()| drop(fix(&mut workspace, &bench.registry, &CheckOptions::default(), true)))
}

fn json(bench: &Bench, text: &str) -> std::time::Duration {
    let report = bench.open(&[(PATH, text)]).check(&bench.registry, &CheckOptions::default());
    measure((), |()| drop(trueup_render::json(&report)))
}

impl Bench {
    pub(super) fn new() -> Result<Bench, String> {
        Ok(Bench {
            schema: infer("template.md", TEMPLATE, None),
            settings: Settings { folders: vec!["specs".to_owned()], ..Settings::default() },
            registry: trueup_rules::all(),
            folder: tempfile::tempdir().map_err(|error| error.to_string())?,
        })
    }

    pub(super) fn rules(&self) -> &[&'static Rule] {
        self.registry.rules()
    }

    /// A repository of files that are not on the disk.
    fn open(&self, files: &[(&str, &str)]) -> Workspace {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(*text)));
        let config = "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n";
        self.open_with(files.collect(), Config::parse(config, &[]).ok())
    }

    fn open_with(&self, mut files: Vec<(String, Arc<str>)>, config: Option<Config>) -> Workspace {
        files.push(("template.md".to_owned(), TEMPLATE.into()));
        let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
        let options = OpenOptions { overlay: files, config, ..OpenOptions::default() };
        let opened = Workspace::open(Path::new(self.folder.path()), &options);
        let mut workspace =
            opened.unwrap_or_else(|error| panic!("an empty folder cannot be opened: {error}"));
        workspace.world.today = Date::new(2026, 6, 15);
        paths.into_iter().for_each(|path| workspace.world.paths.insert(path.into()));
        workspace
    }
}

/// A corpus of `n` files, and what is done with it.
pub(super) struct CorpusSubject {
    pub(super) name: &'static str,
    pub(super) run: fn(&Bench, usize) -> std::time::Duration,
}

pub(super) const CORPUS_SUBJECTS: &[CorpusSubject] = &[
    CorpusSubject { name: "read the code", run: |_, n| super::code::time(n) },
    CorpusSubject {
        name: "open with discovery",
        run: |bench, n| {
            let files = corpus(n, |i| format!("See SPEC-{}.", i / 2));
            measure(files, |files| drop(bench.open_with(files, None)))
        },
    },
    CorpusSubject {
        name: "check, IDs that exist",
        run: |bench, n| corpus_check(bench, corpus(n, |i| format!("See SPEC-{}.", i / 2))),
    },
    CorpusSubject {
        name: "check, IDs that nobody has",
        run: |bench, n| corpus_check(bench, corpus(n, |i| format!("See SPEC-{}.", 50_000 + i))),
    },
    CorpusSubject {
        name: "check, broken links",
        run: |bench, n| {
            corpus_check(bench, corpus(n, |i| format!("[a](SPEC-{i}-c.md) [b](../x/SPEC-{i}-b.md#no)")))
        },
    },
    CorpusSubject {
        name: "check, one ID for all",
        run: |bench, n| {
            let files = corpus(n, |_| "Text.".to_owned()).into_iter().enumerate();
            corpus_check(bench, files.map(|(i, (_, text))| (format!("specs/SPEC-1-{i}.md"), text)).collect())
        },
    },
    CorpusSubject {
        name: "fix in every file",
        run: |bench, n| {
            let files = corpus(n, |i| format!("[b](../x/SPEC-{i}-b.md)\n\n| a | b |\n|---|---|\n| x |\n"));
            let mut workspace = bench.open_with(files, None);
            measure((), |()| drop(fix(&mut workspace, &bench.registry, &CheckOptions::default(), true)))
        },
    },
];

fn corpus(n: usize, line: impl Fn(usize) -> String) -> Vec<(String, Arc<str>)> {
    let file = |i: usize| {
        let text = format!(
            "# SPEC-{i}: Part {i}\n\n**Status:** Accepted\n**Date:** 2026-01-02\n**Owner:** Ann\n\n## Overview\n\n{}\n\n## Phases\n\n\
             ### Phase 1: Start\n\n#### Step 1: Do\n\n- [ ] Done\n\n## API\n\n| Method | Path | Notes |\n|---|---|---|\n\
             | GET | /api/parts/{i} | One |\n\n## Risks\n\nNone known.\n\n## Changelog\n\n- 2026-01-02: Start\n",
            line(i)
        );
        (format!("specs/SPEC-{i}-b.md"), Arc::from(text))
    };
    (0..n).map(file).collect()
}

fn corpus_check(bench: &Bench, files: Vec<(String, Arc<str>)>) -> std::time::Duration {
    let workspace = bench.open_with(files, None);
    measure((), |()| drop(workspace.check(&bench.registry, &CheckOptions::default())))
}
