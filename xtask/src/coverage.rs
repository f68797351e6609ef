//! Which sections of a folder of specs gave no fact: for each kind of section, how many have content and of
//! how many at least one fact was read, then the rest with their first words.

use std::path::Path;
use trueup_engine::{OpenOptions, ReadFile, Workspace};
use trueup_model::Spec;
use trueup_text::{LineIndex, Span};

/// The facts that a kind of section is there for.
type Places = fn(&Spec) -> Vec<Span>;

const KINDS: &[(&str, Places)] = &[
    ("data-models", |spec| {
        let data = &spec.facts.data;
        let entities = data.entities.iter().map(|e| e.span);
        let types = data.types.iter().map(|t| t.span);
        let notes = data.notes.iter().map(|n| n.span);
        entities.chain(types).chain(data.shared.iter().map(|f| f.span)).chain(notes).collect()
    }),
    ("api", |spec| {
        let api = &spec.facts.api;
        api.endpoints.iter().map(|e| e.span).chain(api.contracts.iter().map(|c| c.span)).collect()
    }),
    ("risks", |spec| {
        let risks = &spec.facts.risks;
        let texts = risks.assumptions.iter().chain(&risks.categories).map(|t| t.span);
        risks.risks.iter().map(|r| r.span).chain(texts).collect()
    }),
    ("compliance", |spec| {
        let Some(report) = &spec.facts.compliance else { return Vec::new() };
        let rows = report.rows.iter().map(|r| r.span).chain(report.checks.iter().map(|c| c.span));
        let items = report.guides.iter().map(|g| g.span).chain(report.non_compliant.iter().map(|i| i.span));
        let said = report.verdict.iter().map(|v| v.span).chain(report.statements.iter().map(|s| s.span));
        rows.chain(items).chain(said).collect()
    }),
    ("changelog", |spec| spec.facts.changelog.iter().map(|c| c.span).collect()),
];

/// A section with content, and whether a fact was read of it.
struct Looked {
    kind: usize,
    read: bool,
    shown: String,
}

/// Prints the coverage of a folder of specs.
pub fn run(specs: &str) -> Result<(), String> {
    let workspace = Workspace::open(Path::new(specs), &OpenOptions::default()).map_err(|e| e.to_string())?;
    let looked: Vec<Looked> = workspace.map_specs(sections).into_iter().flatten().collect();
    println!("{:12} {:>12} {:>9} {:>7}", "kind", "with content", "with fact", "share");
    for (index, (kind, _)) in KINDS.iter().enumerate() {
        let all = looked.iter().filter(|l| l.kind == index).count();
        let read = looked.iter().filter(|l| l.kind == index && l.read).count();
        println!("{kind:12} {all:>12} {read:>9} {:>5.1} %", 100.0 * read as f64 / all.max(1) as f64);
    }
    println!("\nWithout a fact:");
    looked.iter().filter(|l| !l.read).for_each(|l| println!("  {:12} {}", KINDS[l.kind].0, l.shown));
    Ok(())
}

fn sections(file: &ReadFile) -> Vec<Looked> {
    let document = &file.document;
    let lines = LineIndex::new(document.text());
    let mut out = Vec::new();
    for spec in &file.specs {
        for (index, (kind, places)) in KINDS.iter().enumerate() {
            let places = places(spec);
            let mut last: Option<Span> = None;
            for fact in &spec.facts.sections {
                let Some(title) = fact.span.filter(|_| fact.present && !fact.empty && !fact.none) else {
                    continue;
                };
                if fact.kind.as_deref() != Some(kind) || last.is_some_and(|l| l.contains(title)) {
                    continue;
                }
                let Some(section) = document.sections().iter().find(|s| s.title_span == title) else {
                    continue;
                };
                last = Some(section.span);
                let words: Vec<&str> =
                    section.span.text(document.text()).split_whitespace().take(28).collect();
                let shown = format!("{}:{} {}", file.path, lines.line(title.start), words.join(" "));
                // A section that says that there is nothing gives that as its fact.
                let nothing = [&spec.facts.data.none, &spec.facts.api.none, &spec.facts.risks.none];
                let says = |text: &&trueup_model::Text| section.span.contains(text.span);
                if nothing.into_iter().flatten().any(|text| says(&text))
                    && !places.iter().any(|p| section.span.contains(*p))
                {
                    continue;
                }
                let read = places.iter().any(|place| section.span.contains(*place));
                out.push(Looked { kind: index, read, shown });
            }
        }
    }
    out
}
