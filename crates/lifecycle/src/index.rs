//! The rows of an index that speak of a spec.

use crate::plan::Plan;
use std::sync::Arc;
use trueup_engine::{FileRole, OpenOptions, Workspace};
use trueup_index::{IndexCx, ProblemKind, may_be_index, write};
use trueup_markdown::Document;

/// Brings the rows of specs up to date in every index that lists them, as `trueup index --write` would, and no others.
/// `specs` are paths as they are before the step.
pub fn update(workspace: &Workspace, plan: &mut Plan, specs: &[&str]) {
    let indexes: Vec<Arc<str>> = indexes(workspace);
    if indexes.is_empty() {
        return;
    }
    let Ok(documents) = plan.documents(workspace) else { return };
    // The repository as it will be.
    let overlay = documents
        .iter()
        .map(|d| (d.old_path.clone().unwrap_or_else(|| d.path.clone()), d.after.as_str().into()));
    let options = OpenOptions { overlay: overlay.collect(), ..OpenOptions::default() };
    let Ok(mut after) = Workspace::open(&workspace.root, &options) else { return };
    for (from, to) in &plan.moves {
        after.move_file(from, to);
    }
    for path in indexes {
        let FileRole::Companion(set) = after.role(&path) else { continue };
        let Some(settings) = after.sets.get(set).map(|s| &s.settings) else { continue };
        let Some(head) = after.corpus.head(&path) else { continue };
        let cx = IndexCx { corpus: &after.corpus, others: &after, paths: &after.world.paths, settings };
        let read = |document: &Document| cx.read(&path, document);
        if read(&Document::parse(Arc::clone(&head.text))).is_none() {
            continue;
        }
        let listed = cx.specs(&path);
        let ours = |problem: &trueup_index::Problem| {
            let names = specs.iter().filter_map(|spec| {
                let new = plan.moves.get(*spec).map_or(*spec, String::as_str);
                listed.iter().find(|l| l.path == new)
            });
            names.into_iter().any(|l| match &problem.kind {
                ProblemKind::Status(_) => problem.subject == format!("status {}", l.name),
                ProblemKind::WrongPart(_) => problem.subject == format!("part {}", l.name),
                _ => false,
            })
        };
        let (paths, words) = (&after.world.paths, &settings.status_words);
        let Ok(Some(written)) = write(&path, &head.text, &read, &listed, paths, words, &ours) else {
            continue;
        };
        let text = written.document.text().to_owned();
        if text == *head.text {
            continue;
        }
        plan.texts.insert(path.to_string(), text);
    }
}

fn indexes(workspace: &Workspace) -> Vec<Arc<str>> {
    let named = |path: &str| workspace.config.index.iter().any(|index| index.file == path);
    let heads = workspace.corpus.heads().iter().filter(|h| named(&h.path) || may_be_index(&h.path));
    heads
        .filter(|h| matches!(workspace.role(&h.path), FileRole::Companion(_)))
        .map(|h| Arc::clone(&h.path))
        .collect()
}
