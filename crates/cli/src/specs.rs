//! From what people call a spec to the spec.

use crate::context::Context;
use crate::failure::Failure;
use crate::paths::{from_root, shown};
use crate::words::listed;
use std::path::Path;
use std::sync::Arc;
use trueup_engine::{FileRole, ReadFile, Workspace, nearest};
use trueup_model::{SpecId, base_name, ids_in};

/// Finds a spec by its ID, its path, or a part of its file's name that fits one spec only.
pub(crate) fn find_spec(workspace: &Workspace, context: &Context, given: &str) -> Result<ReadFile, Failure> {
    let path = spec_path(workspace, context, given)?;
    workspace.read_file(&path).ok_or_else(|| not_found(workspace, given))
}

/// The path of a spec from the repository's root.
pub(crate) fn spec_path(workspace: &Workspace, context: &Context, given: &str) -> Result<Arc<str>, Failure> {
    if let Ok(path) = from_root(&workspace.root, &context.folder, Path::new(given))
        && let Some(head) = workspace.corpus.head(&path)
    {
        if matches!(workspace.role(&path), FileRole::Spec(_)) {
            return Ok(Arc::clone(&head.path));
        }
        return Err(Failure::new(format!("{given} is no spec"))
            .help(format!("`trueup check --explain-discovery {given}` says why")));
    }
    let specs: Vec<Arc<str>> = (0..workspace.sets.len()).flat_map(|set| workspace.specs_of(set)).collect();
    let id = ids_in(given).into_iter().next().map(|(_, id)| id).or_else(|| SpecId::of_file_name(given));
    let mut found: Vec<&Arc<str>> = match &id {
        Some(id) => {
            let with_id: Vec<&str> =
                workspace.corpus.specs_with_id(id).map(|head| head.path.as_ref()).collect();
            specs.iter().filter(|path| with_id.contains(&path.as_ref())).collect()
        }
        None => Vec::new(),
    };
    if found.is_empty() {
        let wanted = given.to_lowercase();
        let exact = |path: &&Arc<str>| base_name(path).trim_end_matches(".md").to_lowercase() == wanted;
        found = specs.iter().filter(exact).collect();
        if found.is_empty() {
            found = specs.iter().filter(|path| path.to_lowercase().contains(&wanted)).collect();
        }
    }
    match found.as_slice() {
        [one] => Ok(Arc::clone(one)),
        [] => Err(not_found(workspace, given)),
        several => {
            let names: Vec<String> =
                several.iter().take(5).map(|path| shown(&workspace.root, &context.folder, path)).collect();
            let more = several.len().saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Err(Failure::new(format!("`{given}` fits {} specs", several.len()))
                .help(format!("give one of {}{more}", listed(&names, "or"))))
        }
    }
}

fn not_found(workspace: &Workspace, given: &str) -> Failure {
    let failure = Failure::new(format!("there is no spec `{given}`"));
    let specs: Vec<Arc<str>> = (0..workspace.sets.len()).flat_map(|set| workspace.specs_of(set)).collect();
    let ids =
        workspace.corpus.heads().iter().filter_map(|head| head.file_id.as_ref().map(|id| id.text.as_str()));
    let near = nearest(given, ids).or_else(|| nearest(given, specs.iter().map(|path| base_name(path))));
    match near {
        // The ID of a file that is none of the specs.
        Some(near) if near.eq_ignore_ascii_case(given) => failure
            .help("a file has that name and lies in no folder of specs; `trueup check --explain-discovery` says why"),
        Some(near) => failure.help(format!("did you mean {near}?")),
        None => failure
            .help("give an ID, a path, or a part of a file's name; `trueup list sections` names all specs"),
    }
}

/// The name of the template that a spec is held to.
pub(crate) fn template_of<'a>(workspace: &'a Workspace, file: &ReadFile) -> &'a str {
    file.set.map_or("", |set| workspace.sets[set].config.template.as_str())
}
