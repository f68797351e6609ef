//! Both ends of a supersession.

use crate::failure::Failure;
use crate::field_list::{Field, source_of};
use crate::header::field_edit;
use crate::plan::Plan;
use trueup_engine::{FileRole, ReadFile, Workspace};
use trueup_model::{
    HeaderField, HeaderPlace, Relation, Spec, SpecId, base_name, folder_of, ids_in, relative,
};
use trueup_template::infer_key;
use trueup_text::Span;

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
    say(workspace, old, old_spec, Relation::SupersededBy, (&old.path, successor), successor, plan)?;
    say(workspace, &new, new_spec, Relation::Supersedes, (successor, &old.path), old_path, plan)
}

/// Takes out of both specs what takes whose place: of a spec that is taken up again, and of every spec whose header
/// says that it took its place. Gives the specs that are changed beside it.
pub fn neither_end(workspace: &Workspace, old: &ReadFile, old_spec: &Spec, plan: &mut Plan) -> Vec<String> {
    let all = |value: &str| {
        workspace.corpus.heads().iter().any(|head| names(workspace, &old.path, value, &head.path))
    };
    unsay(workspace, old, old_spec, Relation::SupersededBy, &all, plan);
    let mut out = Vec::new();
    for head in workspace.corpus.heads() {
        let mentions = [called(workspace, &old.path), base_name(&old.path).to_owned()]
            .iter()
            .any(|name| head.text.contains(name.as_str()));
        if head.path == old.path
            || !(mentions || old.sidecar.is_some())
            || !matches!(workspace.role(&head.path), FileRole::Spec(_))
        {
            continue;
        }
        let Some(new) = workspace.read_file(&head.path) else { continue };
        let meant = |value: &str| names(workspace, &new.path, value, &old.path);
        for spec in &new.specs {
            if unsay(workspace, &new, spec, Relation::Supersedes, &meant, plan) {
                out.push(new.path.to_string());
            }
        }
    }
    out.dedup();
    out
}

/// Takes the values that are meant out of the fields for a relation; whether there were any.
fn unsay(
    workspace: &Workspace,
    file: &ReadFile,
    spec: &Spec,
    relation: Relation,
    is_meant: &dyn Fn(&str) -> bool,
    plan: &mut Plan,
) -> bool {
    let mut any = false;
    for field in fields_of(workspace, file, spec, relation) {
        for edit in field.1.without(is_meant) {
            plan.edits.push(field.0, edit);
            any = true;
        }
    }
    any
}

/// The fields for a relation, each with the path of its file.
fn fields_of<'f>(
    workspace: &Workspace,
    file: &'f ReadFile,
    spec: &'f Spec,
    relation: Relation,
) -> Vec<(&'f str, Field<'f>)> {
    let document = (&*file.path, file.document.text());
    let asked = template_key(workspace, file, relation).is_some();
    let of = |field: &'f HeaderField| {
        let (path, source) = source_of(field, document, file.sidecar.as_ref())?;
        let key = field.field.key_span;
        let line = |at: u32| source.get(..at as usize).map(|text| text.matches('\n').count());
        let beside = |other: &&HeaderField| {
            other.place == field.place
                && other.field.key_span != key
                && line(other.field.key_span.start) == line(key.start)
        };
        let shares_line = spec.header.iter().any(|other| beside(&other));
        Some((path, Field { source, field, shares_line, asked }))
    };
    spec.header.iter().filter(|f| keys(relation).contains(&f.normal.as_str())).filter_map(of).collect()
}

/// Whether a value in a file names a spec: by its ID, its number, or its file.
fn names(workspace: &Workspace, from: &str, value: &str, other: &str) -> bool {
    let Some(head) = workspace.corpus.head(other) else { return false };
    let bare = value.trim_matches(|c: char| !c.is_alphanumeric());
    let prefix =
        workspace.corpus.head(from).and_then(|head| head.file_id.as_ref()).map(|id| id.prefix.clone());
    let number = prefix.and_then(|prefix| SpecId::of_number(bare, &prefix));
    let own = head.file_id.as_ref().or(head.title_ids.first());
    let by_id = own.is_some_and(|own| {
        ids_in(value).into_iter().map(|(_, id)| id).chain(number).any(|id| id.key == own.key)
    });
    let stem = base_name(other).rsplit_once('.').map_or(other, |(stem, _)| stem);
    by_id || value.contains(base_name(other)) || bare == stem
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
) -> Result<(), Failure> {
    let (path, other) = ends;
    let fields = fields_of(workspace, file, spec, relation);
    // What the history tells may have been taken back since.
    let past = |span: Span| spec.facts.changelog.iter().any(|entry| entry.span.contains(span));
    let known = spec.facts.relations().into_iter().any(|(told, to, span)| {
        told == relation
            && !past(span)
            && workspace.corpus.resolve(path, &to).iter().any(|head| &*head.path == other)
    });
    let named =
        |field: &Field<'_>| field.values().into_iter().any(|value| names(workspace, path, value, other));
    if known || fields.iter().any(|(_, field)| named(field)) {
        return Ok(());
    }
    let own = plan.moves.get(path).map_or(path, String::as_str).to_owned();
    let name = called(workspace, other);
    let link = format!("[{name}]({})", relative(folder_of(&own), target));
    if let Some((of, field)) = fields.first() {
        let Some(edit) = field.with(&link, &name) else {
            let key = &field.field.field.key;
            return Err(Failure::stopped(
                format!("{of}: `{key}` is written in a way to which {name} cannot be added safely"),
                format!("make it a list that holds {name}, too, and run the command again"),
            ));
        };
        plan.edits.push(of, edit);
        return Ok(());
    }
    let in_yaml = spec.header.iter().all(|f| f.place != HeaderPlace::Header) && !spec.header.is_empty();
    let key = wording(workspace, file, relation);
    let value = if in_yaml { name } else { link };
    plan.edits.push(path, field_edit(&file.document, spec, &key, &value));
    Ok(())
}

/// The template's key for a relation, else the usual one.
fn wording(workspace: &Workspace, file: &ReadFile, relation: Relation) -> String {
    template_key(workspace, file, relation).unwrap_or_else(|| match relation {
        Relation::SupersededBy => "Superseded by".to_owned(),
        _ => "Supersedes".to_owned(),
    })
}

/// The template's key for a relation.
fn template_key(workspace: &Workspace, file: &ReadFile, relation: Relation) -> Option<String> {
    let schema = file.set.and_then(|set| workspace.sets.get(set)).map(|set| &set.schema)?;
    let own = schema.all_header_fields().find(|f| keys(relation).contains(&infer_key(&f.key).as_str()));
    own.map(|field| field.key.clone())
}
