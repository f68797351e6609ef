//! Each stage over a folder.

use super::{Folder, Options, median, milliseconds, timed};
use std::sync::Arc;
use std::time::{Duration, Instant};
use trueup_engine::{CheckOptions, FileRole, OpenOptions, Workspace};
use trueup_finding::{Applies, FileCx, FileRows, Role, Rule, Sink};
use trueup_markdown::Document;
use trueup_model::{Head, Sidecar, Spec, read_specs};
use trueup_template::infer;

/// A file with all that was read out of it.
struct Read {
    path: Arc<str>,
    document: Document,
    specs: Vec<Spec>,
    set: Option<usize>,
    sidecar: Option<Sidecar>,
}

pub(super) fn run(options: &Options) -> Result<(), String> {
    let folder = Folder::of(options)?;
    let folder = folder.path.as_path();
    let runs = if options.short { 5 } else { 15 };
    let overlay_free = OpenOptions::default();
    let open =
        || Workspace::open(folder, &overlay_free).map_err(|error| format!("{}: {error}", folder.display()));
    let mut workspace = open()?;
    let mut walls = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        workspace = open()?;
        walls.push(start.elapsed());
    }
    let registry = trueup_rules::all();
    let heads = workspace.corpus.heads();
    let bytes: usize = heads.iter().map(|h| h.text.len()).sum();
    println!(
        "{}: {} Markdown files, {:.2} MB, {} rules",
        options.folder,
        heads.len(),
        bytes as f64 / 1e6,
        registry.rules().len()
    );
    println!("  medians of {runs} runs on one thread\n");
    row("open: walk, read, heads, discovery (wall time)", median(walls), bytes);

    let repeat = |work: &dyn Fn()| median((0..runs).map(|_| timed(work).0).collect());
    let checked: Vec<&Head> = heads.iter().filter(|h| workspace.role(&h.path) != FileRole::Other).collect();
    let checked_bytes: usize = checked.iter().map(|h| h.text.len()).sum();
    let scan =
        repeat(&|| heads.iter().for_each(|h| drop(Head::scan(Arc::clone(&h.path), Arc::clone(&h.text)))));
    row("  of it heads", scan, bytes);
    let parse = repeat(&|| checked.iter().for_each(|h| drop(Document::parse(Arc::clone(&h.text)))));
    row(&format!("parse ({} specs and companions)", checked.len()), parse, checked_bytes);

    let templates: Vec<(&str, &str)> = workspace
        .sets
        .iter()
        .filter_map(|set| {
            let name = set.config.template.as_str();
            let built_in = || name.strip_prefix("builtin:").and_then(trueup_template::builtin_text);
            Some((name, workspace.corpus.head(name).map(|head| &*head.text).or_else(built_in)?))
        })
        .collect();
    let inference = repeat(&|| templates.iter().for_each(|(name, text)| drop(infer(name, text, None))));
    row(
        &format!("infer {} templates", templates.len()),
        inference,
        templates.iter().map(|(_, text)| text.len()).sum(),
    );

    let mut files: Vec<Read> = checked.iter().map(|head| read(&workspace, head)).collect();
    let align = repeat(&|| files.iter().for_each(|file| drop(specs(&workspace, file))));
    row("align, read facts", align, checked_bytes);
    files.iter_mut().for_each(|file| file.specs = specs(&workspace, file));

    let mut by_rule: Vec<(Duration, &str, usize)> = Vec::new();
    for rule in registry.rules() {
        let time = repeat(&|| {
            files.iter().for_each(|file| {
                findings(&workspace, file, rule);
            })
        });
        let found = files.iter().map(|file| findings(&workspace, file, rule)).sum();
        by_rule.push((time, rule.name, found));
    }
    row("rules", by_rule.iter().map(|(time, ..)| *time).sum(), checked_bytes);
    by_rule.sort_by_key(|(time, ..)| std::cmp::Reverse(*time));
    for (time, name, found) in by_rule.iter().take(if options.short { 5 } else { 12 }) {
        println!("    {:>12}  {name} ({found} reports)", milliseconds(*time));
    }
    let whole = repeat(&|| drop(workspace.check(&registry, &CheckOptions::default())));
    row("check: all of it but opening", whole, checked_bytes);
    let report = workspace.check(&registry, &CheckOptions::default());
    row(
        &format!("JSON of {} findings", report.findings.len()),
        repeat(&|| drop(trueup_render::json(&report))),
        checked_bytes,
    );
    println!();
    Ok(())
}

fn row(name: &str, time: Duration, bytes: usize) {
    let rate = bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9);
    println!("  {:>12}  {:>8.1} MB/s  {name}", milliseconds(time), rate);
}

fn read(workspace: &Workspace, head: &Head) -> Read {
    let set = match workspace.role(&head.path) {
        FileRole::Spec(set) => Some(set),
        _ => None,
    };
    let sidecar = set.and_then(|set| workspace.sidecar(set, &head.path));
    let document = Document::parse(Arc::clone(&head.text));
    Read { path: Arc::clone(&head.path), document, specs: Vec::new(), set, sidecar }
}

fn specs(workspace: &Workspace, file: &Read) -> Vec<Spec> {
    let Some(set) = file.set.map(|set| &workspace.sets[set]) else { return Vec::new() };
    let id = workspace.corpus.head(&file.path).and_then(|h| h.file_id.as_ref());
    read_specs(&file.path, &file.document, &set.schema, &set.settings, file.sidecar.as_ref(), id)
}

/// Runs a rule over a file and counts what it reports.
fn findings(workspace: &Workspace, file: &Read, rule: &Rule) -> usize {
    let applies = rule.applies == Applies::AllFiles || rule.applies == Applies::Specs && file.set.is_some();
    if !applies {
        return 0;
    }
    let settings = trueup_model::Settings::default();
    let set = file.set.map(|set| &workspace.sets[set]);
    let rows = FileRows::default();
    let cx = FileCx {
        path: &file.path,
        role: if set.is_some() { Role::Spec } else { Role::Companion },
        document: &file.document,
        specs: &file.specs,
        schema: set.map(|set| &set.schema),
        sidecar: file.sidecar.as_ref(),
        world: &workspace.world,
        corpus: &workspace.corpus,
        settings: set.map_or(&settings, |set| &set.settings),
        others: workspace,
        code: workspace,
        house: workspace,
        bound: &[],
        rows: &rows,
    };
    let mut sink = Sink::new();
    (rule.check)(&cx, &mut sink);
    sink.into_reports().len()
}
