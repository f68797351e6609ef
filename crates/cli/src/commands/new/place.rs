//! Where a new spec goes and what it is called.

use super::name::{NameForm, number_text, numbered_id, slug};
use super::source::Source;
use crate::context::Context;
use crate::failure::Failure;
use crate::paths;
use crate::words::listed;
use std::collections::BTreeMap;
use std::path::Path;
use trueup_engine::{FileRole, Workspace};
use trueup_model::{Date, Head, SpecId, base_name, folder_of};
use trueup_template::TokenKind;

/// The folder of a repository's first specs.
const FIRST_FOLDER: &str = "docs/specs";
/// From this number of specs on a folder's own names decide the next one's form.
const ENOUGH_NAMES: usize = 3;

/// A new spec's place.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The document's path from the root.
    pub(super) path: String,
    /// The path of the YAML file beside it.
    pub(super) sidecar: Option<String>,
    /// The ID: `SPEC-007`, or the file's name.
    pub(super) id: String,
    /// The number in it, as written.
    pub(super) number: Option<String>,
    /// The file's name without its ending, or the folder's.
    pub(super) name: String,
}

/// The specs of a template's set.
pub(super) fn specs<'w>(source: &Source, workspace: &'w Workspace) -> Vec<&'w Head> {
    let paths = source.set.map(|set| workspace.specs_of(set)).unwrap_or_default();
    paths.iter().filter_map(|path| workspace.corpus.head(path)).collect()
}

/// What a spec is called: the name of its file, or of its folder.
fn stem<'h>(head: &'h Head, source: &Source) -> &'h str {
    match &source.document {
        Some(_) => base_name(folder_of(&head.path)),
        None => {
            let name = base_name(&head.path);
            name.rsplit_once('.').map_or(name, |(stem, _)| stem)
        }
    }
}

/// The folder that holds a spec, or its folder.
fn holder<'h>(head: &'h Head, source: &Source) -> &'h str {
    let folder = folder_of(&head.path);
    if source.document.is_some() { folder_of(folder) } else { folder }
}

/// The folder for the new spec: as asked for, else the one of the set that holds most.
pub(super) fn folder(
    asked: Option<&str>,
    source: &Source,
    workspace: &Workspace,
    context: &Context,
) -> Result<String, Failure> {
    if let Some(folder) = asked {
        return Ok(folder.to_owned());
    }
    let Some(set) = source.set.map(|set| &workspace.sets[set].config) else {
        return first_folder(source, workspace);
    };
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for head in specs(source, workspace) {
        *held.entry(holder(head, source)).or_default() += 1;
    }
    let here = paths::from_root(&workspace.root, &context.folder, Path::new(".")).unwrap_or_default();
    if source.document.is_some() && held.contains_key(here.as_str()) {
        return Ok(here);
    }
    let around = set.folders.iter().find(|folder| !folder.is_empty() && paths::is_within(&here, folder));
    let most =
        || set.folders.iter().max_by_key(|folder| held.get(folder.as_str()).copied().unwrap_or_default());
    let Some(folder) = around.or_else(most) else { return first_folder(source, workspace) };
    if source.document.is_none() || held.is_empty() || held.contains_key(folder.as_str()) {
        return Ok(folder.clone());
    }
    // Every spec stands in some sub-folder: which one is for a person to say.
    let mut common: Vec<(&str, usize)> = held.into_iter().collect();
    common.sort_by_key(|(_, specs)| std::cmp::Reverse(*specs));
    let examples: Vec<String> =
        common.iter().take(3).map(|(folder, _)| format!("`--dir {folder}`")).collect();
    Err(Failure::new(format!(
        "the specs stand in sub-folders of {folder}, and nothing says which one to use"
    ))
    .help(format!("name one, such as {}", listed(&examples, "or"))))
}

/// The folder of a template's first spec, which no other template's set may hold.
fn first_folder(source: &Source, workspace: &Workspace) -> Result<String, Failure> {
    match workspace.role(&format!("{FIRST_FOLDER}/new.md")) {
        FileRole::Other => Ok(FIRST_FOLDER.to_owned()),
        FileRole::Spec(set) | FileRole::Companion(set) => {
            let other = &workspace.sets[set].config.template;
            Err(Failure::new(format!(
                "the specs in {FIRST_FOLDER} are held to {other}, not to {}",
                source.name
            ))
            .help("`--dir` names another folder for specs of this template"))
        }
    }
}

/// Where the new spec goes.
pub(super) fn place(
    title: &str,
    id: Option<&str>,
    folder: &str,
    today: Date,
    source: &Source,
    workspace: &Workspace,
) -> Result<Place, Failure> {
    if slug(title, '-').is_empty() && id.is_none() {
        return Err(Failure::new("the title has no letter or digit to name a file by")
            .help("give another title, or the ID with `--id`"));
    }
    let form = form(folder, source, workspace);
    let (name, id, number) = match id {
        Some(id) => given(id, title, today, &form)?,
        None if form.is_numbered() => {
            let number = form.padded(next_number(&form, source, workspace));
            let id = format!("{}{number}", form.prefix());
            (form.fill(&number, today, title), id, Some(number))
        }
        None => {
            let name = form.fill("", today, title);
            (name.clone(), name, None)
        }
    };
    let base = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
    let path = match &source.document {
        Some(document) => format!("{base}/{document}"),
        None => format!("{base}.md"),
    };
    let taken = SpecId::of_file_name(&name).and_then(|id| workspace.corpus.specs_with_id(&id).next());
    if let Some(other) = taken.map(|head| head.path.to_string()) {
        return Err(Failure::new(format!("the ID {id} is taken by {other}"))
            .help("another title or `--id` makes another ID"));
    }
    if let Some(own) = SpecId::of_file_name(&name)
        && let Some((_, branch)) = workspace.ids_elsewhere().iter().find(|(other, _)| other.key == own.key)
    {
        return Err(Failure::new(format!("the ID {id} is taken on the branch {branch}"))
            .help("another title or `--id` makes another ID"));
    }
    let sidecar = source.sidecar.as_ref().map(|(sidecar, _)| format!("{base}/{sidecar}"));
    Ok(Place { path, sidecar, id, number, name })
}

/// How the files of the set are named.
fn form(folder: &str, source: &Source, workspace: &Workspace) -> NameForm {
    let heads = specs(source, workspace);
    let mut stems: Vec<&str> =
        heads.iter().filter(|h| holder(h, source) == folder).map(|h| stem(h, source)).collect();
    if stems.len() < ENOUGH_NAMES {
        stems = heads.iter().map(|head| stem(head, source)).collect();
    }
    let asked = match source.set {
        Some(set) => &workspace.sets[set].settings.file_name_forms,
        None => &source.schema.file_name_forms,
    };
    let usable = asked.iter().filter_map(|pattern| Some((pattern, NameForm::of_pattern(pattern)?)));
    let used =
        usable.map(|(pattern, form)| (stems.iter().filter(|stem| pattern.matches(stem)).count(), form));
    // Of forms that nobody has used yet the template's first.
    if let Some((_, form)) = used.reduce(|best, other| if other.0 > best.0 { other } else { best }) {
        return form;
    }
    if let Some(form) = NameForm::of_names(stems.into_iter()) {
        return form;
    }
    let title_id = source.schema.title_id.as_deref().and_then(|form| {
        let number =
            trueup_template::tokens_in(form).into_iter().find(|token| token.kind == TokenKind::Number)?;
        Some(&form[..number.range.start])
    });
    title_id.map_or_else(NameForm::dated, NameForm::numbered_and_dated)
}

/// The highest number of the set's specs with the form's prefix, and one more.
fn next_number(form: &NameForm, source: &Source, workspace: &Workspace) -> u32 {
    let prefix = form.prefix().trim_end_matches('-').to_uppercase();
    let of_key = |id: &SpecId| {
        let digits = id.key.strip_prefix(&format!("{prefix}#"))?;
        digits.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().ok()
    };
    let same = |name: &str| match numbered_id(name) {
        Some(id) => id.prefix == prefix,
        None => prefix.is_empty(),
    };
    let elsewhere = workspace.ids_elsewhere();
    let on_branches = elsewhere.iter().filter_map(|(id, _)| of_key(id));
    let heads = specs(source, workspace);
    let in_names = heads.iter().map(|head| stem(head, source)).filter(|name| same(name));
    let in_names = in_names.filter_map(|name| number_text(name)?.parse().ok());
    let in_titles =
        heads.iter().flat_map(|head| &head.title_ids).filter_map(of_key).filter(|_| !prefix.is_empty());
    let highest: u32 = in_names.chain(in_titles).chain(on_branches).max().unwrap_or_default();
    let free = |number: &u32| {
        let id = SpecId::of_file_name(&format!("{}{}", form.prefix(), form.padded(*number)));
        !id.is_some_and(|id| {
            let taken = elsewhere.iter().any(|(other, _)| other.key == id.key);
            taken || !prefix.is_empty() && workspace.corpus.knows(&id)
        })
    };
    (highest + 1..=u32::MAX).find(free).unwrap_or(highest + 1)
}

/// A name with an ID that was given, the ID, and the number in it.
fn given(
    id: &str,
    title: &str,
    today: Date,
    form: &NameForm,
) -> Result<(String, String, Option<String>), Failure> {
    let id = id.trim().trim_end_matches(".md");
    let usable = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.is_empty() || id.starts_with('.') || !id.chars().all(usable) {
        return Err(Failure::new(format!("`{id}` is no ID: it has to be part of a file's name")).help(
            "an ID is made of letters, digits, `-`, `_` and `.`, such as `SPEC-042` or `2026-01-31-returns`",
        ));
    }
    let rest = form.after_number();
    let rest =
        if form.is_numbered() { rest.fill("", today, title) } else { format!("-{}", slug(title, '-')) };
    if id.bytes().all(|b| b.is_ascii_digit()) && form.is_numbered() {
        let number = id.parse().map_or(id.to_owned(), |number: u32| form.padded(number));
        return Ok((form.fill(&number, today, title), format!("{}{number}", form.prefix()), Some(number)));
    }
    match numbered_id(id).filter(|found| found.text == id) {
        Some(_) => Ok((format!("{id}{rest}"), id.to_owned(), number_text(id).map(str::to_owned))),
        None => Ok((id.to_owned(), id.to_owned(), None)),
    }
}
