//! `trueup index`

use super::step::open_to;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths::{from_root, shown};
use crate::words::count;
use std::path::{Path, PathBuf};
use trueup_engine::{FileRole, Workspace};
use trueup_index::{Index as Listing, IndexCx, Listed, Problem, judge, may_be_index, write};
use trueup_markdown::Document;
use trueup_text::LineIndex;

/// Hold the README that lists the specs against the specs, or bring it up to date
#[derive(Debug, clap::Args)]
pub(crate) struct Index {
    /// The file; every README that lists specs where none is given
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Say what is out of date and change nothing; exit 1 if anything is (what happens without options)
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Bring it up to date: links, status, parts and missing rows; columns written by hand are kept
    #[arg(long)]
    write: bool,
    /// With --write: show the changes and write nothing
    #[arg(long, requires = "write")]
    dry_run: bool,
}

/// An index with what is wrong with it.
struct Judged<'a> {
    path: &'a str,
    cx: IndexCx<'a>,
    document: Document,
    index: Listing,
    specs: Vec<Listed>,
    problems: Vec<Problem>,
}

/// Runs the command.
pub(crate) fn run(args: &Index, context: &Context) -> Result<Exit, Failure> {
    let (_session, workspace) = open_to(args.write && !args.dry_run, "index --write", context)?;
    let wanted = match &args.file {
        Some(file) => Some(from_root(&workspace.root, &context.folder, file)?),
        None => None,
    };
    let judged = indexes(&workspace, wanted.as_deref());
    if judged.is_empty() {
        return Err(nothing(wanted.as_deref()));
    }
    let mut open = 0;
    for index in &judged {
        open += match args.write {
            true => update(index, args.dry_run, &workspace, context)?,
            false => tell(index, &index.document, &index.index, &index.problems, &workspace, context)?,
        };
    }
    Ok(if open > 0 { Exit::Findings } else { Exit::Clean })
}

fn nothing(wanted: Option<&str>) -> Failure {
    match wanted {
        Some(path) => Failure::new(format!("{path} lists no specs"))
            .help("an index is a table or a list of at least three rows, most of which link to a spec"),
        None => Failure::new("there is no index: no README in a folder of specs lists them")
            .help("name the file, or write `[[index]]` with its `file` into trueup.toml")
            .help("a first index needs a table or a list with three specs; then `--write` adds the others"),
    }
}

/// Every index of the repository, or the one that is asked for.
fn indexes<'a>(workspace: &'a Workspace, wanted: Option<&str>) -> Vec<Judged<'a>> {
    let mut out = Vec::new();
    for head in workspace.corpus.heads() {
        let path: &str = &head.path;
        let named = workspace.config.index.iter().any(|index| index.file == path);
        let asked = wanted.map_or(named || may_be_index(path), |wanted| wanted == path);
        let FileRole::Companion(set) = workspace.role(path) else { continue };
        if !asked {
            continue;
        }
        let settings = &workspace.sets[set].settings;
        let cx =
            IndexCx { corpus: &workspace.corpus, others: workspace, paths: &workspace.world.paths, settings };
        let document = Document::parse(head.text.clone());
        let Some(index) = cx.read(path, &document) else { continue };
        let specs = cx.specs(path);
        let problems = judge(path, &document, &index, &specs, &workspace.world.paths, &settings.status_words);
        out.push(Judged { path, cx, document, index, specs, problems });
    }
    out
}

/// Prints what is wrong; gives how much.
fn tell(
    index: &Judged<'_>,
    document: &Document,
    listing: &Listing,
    problems: &[Problem],
    workspace: &Workspace,
    context: &Context,
) -> Result<usize, Failure> {
    let lines = LineIndex::new(document.text());
    let path = shown(&workspace.root, &context.folder, index.path);
    let mut text = String::new();
    for problem in problems {
        let line = lines.line(problem.span.start);
        text.push_str(&format!("{path}:{line}: {}\n", problem.message));
    }
    let rows: usize = listing.parts.iter().map(|part| part.rows.len()).sum();
    let reach = index.specs.iter().filter(|spec| spec.in_reach).count();
    let said = match problems.len() {
        0 => "it is up to date".to_owned(),
        found => count(found, "thing is out of date", "things are out of date"),
    };
    text.push_str(&format!(
        "{path}: {said} ({} for {})\n",
        count(rows, "row", "rows"),
        count(reach, "spec", "specs")
    ));
    context.terminal.print(&text)?;
    Ok(problems.len())
}

/// Writes what can be mended; gives how much is left.
fn update(index: &Judged<'_>, dry: bool, workspace: &Workspace, context: &Context) -> Result<usize, Failure> {
    let before = index.document.text();
    let read = |document: &Document| index.cx.read(index.path, document);
    let words = &index.cx.settings.status_words;
    let written = write(index.path, before, &read, &index.specs, &workspace.world.paths, words, &|_| true)
        .map_err(|error| Failure::new(format!("{} was not written: {error}", index.path)))?;
    let Some(written) = written else {
        return Err(Failure::new(format!(
            "{} was not written: it would list no specs any more; this is a bug",
            index.path
        )));
    };
    let after = written.document.text();
    if after != before {
        if !dry {
            trueup_repo::write_if_unchanged(&workspace.root.join(Path::new(index.path)), before, after)?;
        }
        context.terminal.print(&trueup_render::diff(index.path, before, after, context.terminal.color))?;
    }
    if written.left.is_empty() {
        let done = if after == before { "is up to date" } else { "is now up to date" };
        if !dry {
            context.terminal.note(&format!("{} {done}", index.path));
        }
        return Ok(0);
    }
    context.terminal.note(&format!(
        "{}: {} left for a person",
        index.path,
        count(written.left.len(), "thing is", "things are")
    ));
    tell(index, &written.document, &written.index, &written.left, workspace, context)
}
