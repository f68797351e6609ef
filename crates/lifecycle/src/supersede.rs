//! Both ends of a supersession.

use crate::failure::Failure;
use crate::header::field_edit;
use crate::plan::Plan;
use trueup_engine::{ReadFile, Workspace};
use trueup_model::{HeaderField, HeaderPlace, Relation, Spec, base_name, folder_of, relative};
use trueup_template::infer_key;
use trueup_text::{Edit, Span};

/// What people call a spec: its ID, else its file's name without the ending.
pub fn called(workspace: &Workspace, path: &str) -> String {
    let head = workspace.corpus.head(path);
    let id = head.and_then(|head| head.file_id.as_ref().or(head.title_ids.first()));
    let stem = base_name(path).rsplit_once('.').map_or(path, |(stem, _)| stem);
    id.map_or_else(|| stem.to_owned(), |id| id.text.clone())
}

/// Writes into both specs what takes whose place, where they do not say so yet.
pub fn both_ends(
    workspace: &Workspace,
    old: &ReadFile,
    old_spec: &Spec,
    successor: &str,
    moved: &Option<String>,
    plan: &mut Plan,
) -> Result<(), Failure> {
    let stopped = |what: String, help: &str| Err(Failure::stopped(what, help));
    if successor == &*old.path {
        return stopped("a spec cannot take its own place".to_owned(), "`--by` names another spec");
    }
    let Some(new) = workspace.read_file(successor) else {
        return stopped(
            format!("{successor} is no spec"),
            "`--by` names the spec that takes the other's place",
        );
    };
    let Some(new_spec) = new.specs.first() else {
        return stopped(
            format!("{successor} is no spec"),
            "`--by` names the spec that takes the other's place",
        );
    };
    if new_spec.state.state == trueup_model::State::Superseded {
        return stopped(
            format!("{} is superseded itself", called(workspace, successor)),
            "name the spec that took its place",
        );
    }
    let old_path = moved.as_deref().unwrap_or(&old.path);
    say(workspace, old, old_spec, Relation::SupersededBy, (&old.path, successor), successor, plan);
    say(workspace, &new, new_spec, Relation::Supersedes, (successor, &old.path), old_path, plan);
    Ok(())
}

/// Keys of headers that say a relation.
fn keys(relation: Relation) -> &'static [&'static str] {
    match relation {
        Relation::SupersededBy => &["superseded by", "replaced by", "obsoleted by"],
        _ => &["supersedes", "replaces", "obsoletes"],
    }
}

/// Writes a relation into one spec; `ends` are both paths as they are, `target` the other's path afterwards.
fn say(
    workspace: &Workspace,
    file: &ReadFile,
    spec: &Spec,
    relation: Relation,
    ends: (&str, &str),
    target: &str,
    plan: &mut Plan,
) {
    let (path, other) = ends;
    let known = spec.facts.relations().into_iter().any(|(told, to, _)| {
        told == relation && workspace.corpus.resolve(path, &to).iter().any(|head| &*head.path == other)
    });
    if known {
        return;
    }
    let own = plan.moves.get(path).map_or(path, String::as_str).to_owned();
    let name = called(workspace, other);
    let link = format!("[{name}]({})", relative(folder_of(&own), target));
    let field = spec.header.iter().find(|f| keys(relation).contains(&f.normal.as_str()));
    if let Some(field) = field {
        let of = match (field.place, &file.sidecar) {
            (HeaderPlace::Sidecar, Some(sidecar)) => sidecar.path.as_str(),
            _ => path,
        };
        if let Some(edit) = filled(field, &link, &name) {
            plan.edits.push(of, edit);
            return;
        }
    }
    let in_yaml = spec.header.iter().all(|f| f.place != HeaderPlace::Header) && !spec.header.is_empty();
    let key = wording(workspace, file, relation);
    let value = if in_yaml { name } else { link };
    plan.edits.push(path, field_edit(&file.document, spec, &key, &value));
}

/// The template's key for a relation, else the usual one.
fn wording(workspace: &Workspace, file: &ReadFile, relation: Relation) -> String {
    let schema = file.set.and_then(|set| workspace.sets.get(set)).map(|set| &set.schema);
    let own = schema.and_then(|schema| {
        schema
            .all_header_fields()
            .find(|f| keys(relation).contains(&infer_key(&f.key).as_str()))
            .map(|f| f.key.clone())
    });
    own.unwrap_or_else(|| match relation {
        Relation::SupersededBy => "Superseded by".to_owned(),
        _ => "Supersedes".to_owned(),
    })
}

/// A field that is there takes the other spec up; one that is empty or says "none" is set.
fn filled(field: &HeaderField, link: &str, name: &str) -> Option<Edit> {
    let yaml = field.place != HeaderPlace::Header;
    let value = if yaml { name } else { link };
    let span = field.field.value_span;
    let said = field.field.value.trim();
    let empty = !trueup_model::reading::is_filled(said) || matches!(said, "[]" | "~");
    if empty {
        let blank = if span.is_empty() { " " } else { "" };
        return Some(Edit::replace(span, format!("{blank}{value}")));
    }
    // A YAML list or a list of lines is no place for a comma.
    if yaml {
        return None;
    }
    Some(Edit::replace(Span::at(span.end as usize), format!(", {value}")))
}
