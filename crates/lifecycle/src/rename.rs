//! Another ID, slug or title for a spec, with everything that leads to it.

use crate::failure::Failure;
use crate::links::relink;
use crate::plan::{Plan, PlannedChange};
use crate::session::Session;
use crate::transition::{commit, commit_message};
use crate::tree::{TreeOptions, fit};
use trueup_engine::{ReadFile, Workspace};
use trueup_evidence::{Ledger, NewEntry, Person, Statement, now, plan_append, spec_subjects};
use trueup_markdown::{Document, Kind};
use trueup_model::{Spec, SpecId, base_name, folder_of, ids_in};
use trueup_repo::{BeforeWrite, Git};
use trueup_text::{Edit, Span};

/// What is asked for.
#[derive(Debug)]
pub struct Renaming<'a> {
    /// The spec, from the root.
    pub path: &'a str,
    /// The command as it was typed.
    pub command: &'a str,
    /// The new ID (`SPEC-013`) or the new words of the file's name (`order-returns`).
    pub new: &'a str,
    /// The new title, without the ID.
    pub title: Option<&'a str>,
    /// Who does it.
    pub by: Person,
    /// Also change files with changes that are not committed.
    pub allow_dirty: bool,
    /// Change nothing.
    pub dry_run: bool,
    /// Make a commit.
    pub commit: bool,
}

/// What was done, or would be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renamed {
    /// What the spec was called.
    pub from: String,
    /// What it is called now.
    pub to: String,
    /// Its path now.
    pub path: String,
    /// The documents that changed.
    pub documents: Vec<PlannedChange>,
    /// The commit, where one was made.
    pub commit: Option<String>,
    /// What to know beside it, a sentence each.
    pub notes: Vec<String>,
}

/// Renames a spec, or says why not; all or nothing is written.
pub fn rename(
    session: Option<&Session>,
    workspace: &Workspace,
    renaming: &Renaming<'_>,
    before: BeforeWrite<'_>,
) -> Result<Renamed, Failure> {
    let no_spec = || Failure::stopped(format!("{} is no spec", renaming.path), "name a spec");
    let file = workspace.read_file(renaming.path).ok_or_else(no_spec)?;
    let spec = file.specs.first().ok_or_else(no_spec)?;
    let names = Names::of(workspace, renaming)?;
    let old_name = workspace.ledger_name(renaming.path, spec);
    let new_name = names.ledger_name(&old_name);
    let mut plan = Plan::default();
    let mut notes = Vec::new();
    if names.new_path != renaming.path {
        plan.moves.insert(renaming.path.to_owned(), names.new_path.clone());
    }
    own_edits(&file, spec, renaming, &names, &mut plan);
    relink(workspace, &plan.moves, &mut plan.edits);
    mentions(workspace, renaming.path, &names, &mut plan, &mut notes);
    if !Ledger::read(&workspace.root, &old_name)?.is_empty() && new_name != old_name {
        let head = Git::open(&workspace.root).and_then(|git| git.head().ok().flatten());
        let state = spec.state.state.key().to_owned();
        let mut subjects = spec_subjects(&new_name, &spec.facts, head.as_deref());
        subjects.extend(spec_subjects(&old_name, &spec.facts, None));
        let statement = Statement::Transition { action: "rename".to_owned(), from: state.clone(), to: state };
        let entry = NewEntry { by: renaming.by.clone(), time: now(), subjects, statement };
        plan.evidence = Some(plan_append(&workspace.root, &new_name, Some(&old_name), &entry, None)?);
        notes.push(format!("approvals and evidence were given to {old_name}: {new_name} needs its own"));
    }
    let documents = plan.documents(workspace)?;
    if documents.is_empty() && plan.evidence.is_none() {
        return Err(Failure::stopped(
            format!("{old_name} has that name already"),
            "give another ID, slug or title",
        ));
    }
    let journal = plan.journal(workspace, renaming.command, renaming.path)?;
    fit(workspace, &journal, TreeOptions { allow_dirty: renaming.allow_dirty, commit: renaming.commit })?;
    let mut renamed = Renamed {
        from: old_name,
        to: new_name.clone(),
        path: names.new_path,
        documents,
        commit: None,
        notes,
    };
    let Some(session) = session.filter(|_| !renaming.dry_run) else { return Ok(renamed) };
    session.make(&workspace.root, &journal, before)?;
    if renaming.commit {
        let paths: Vec<String> = journal.changes.iter().map(|change| change.path.clone()).collect();
        let message = commit_message(workspace, "rename", &new_name, spec, &file, spec.state.state.name());
        renamed.commit = Some(commit(workspace, &paths, &message)?);
    }
    Ok(renamed)
}

/// The names of a spec before and after.
struct Names {
    /// The ID of the old file name.
    old_id: Option<SpecId>,
    /// The ID of the new one.
    new_id: Option<SpecId>,
    old_stem: String,
    new_stem: String,
    new_path: String,
}

impl Names {
    fn of(workspace: &Workspace, renaming: &Renaming<'_>) -> Result<Names, Failure> {
        let path = renaming.path;
        let base = base_name(path);
        let in_folder = base.eq_ignore_ascii_case("readme.md");
        if in_folder {
            return Err(Failure::stopped(
                "a spec with a folder of its own is renamed by its folder",
                format!("`git mv {} NEW-NAME`, then `trueup check --fix` for the links", folder_of(path)),
            ));
        }
        let (old_stem, ending) = base.rsplit_once('.').unwrap_or((base, "md"));
        let wanted = renaming.new.trim().trim_end_matches(".md");
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if wanted.is_empty() || !wanted.chars().all(allowed) || wanted.starts_with('.') {
            return Err(Failure::stopped(
                format!("`{}` is neither an ID nor a part of a file's name", renaming.new),
                "letters, digits, `-`, `_` and `.`: `SPEC-013` or `order-returns`",
            ));
        }
        let old_id = SpecId::of_file_name(base);
        let new_stem = new_stem(old_stem, old_id.as_ref(), wanted);
        let folder = folder_of(path);
        let new_base = format!("{new_stem}.{ending}");
        let new_path = if folder.is_empty() { new_base.clone() } else { format!("{folder}/{new_base}") };
        let new_id = SpecId::of_file_name(&new_base);
        let taken = workspace.world.paths.contains(&new_path) || workspace.root.join(&new_path).exists();
        if new_path != path && taken {
            return Err(Failure::stopped(format!("there is a file {new_path} already"), "give another name"));
        }
        if let Some(id) =
            new_id.as_ref().filter(|id| id.numbered && old_id.as_ref().map(|o| &o.key) != Some(&id.key))
            && let Some(other) = workspace.corpus.specs_with_id(id).next()
        {
            return Err(Failure::stopped(
                format!("{} is the ID of {} already", id.text, other.path),
                "give an ID that nobody has; `trueup list sections` names all specs",
            ));
        }
        Ok(Names { old_id, new_id, old_stem: old_stem.to_owned(), new_stem, new_path })
    }

    /// The ID by which others speak of the spec, where it changes.
    fn ids(&self) -> Option<(&SpecId, &SpecId)> {
        let (old, new) = (self.old_id.as_ref()?, self.new_id.as_ref()?);
        (old.numbered && new.numbered && old.text != new.text).then_some((old, new))
    }

    fn ledger_name(&self, old: &str) -> String {
        let of = |id: &Option<SpecId>| id.as_ref().map(|id| id.text.clone());
        match (of(&self.old_id), of(&self.new_id)) {
            (Some(was), Some(new)) if was == old => new,
            (_, None) if self.old_id.as_ref().is_some_and(|id| id.text == old) => self.new_stem.clone(),
            _ if old == self.old_stem => self.new_stem.clone(),
            _ => old.to_owned(),
        }
    }
}

/// An ID takes the old one's place; other words take the place of all that is neither ID nor date.
fn new_stem(old: &str, id: Option<&SpecId>, wanted: &str) -> String {
    let numbered = |id: &&SpecId| id.numbered;
    let wanted_id = SpecId::of_file_name(&format!("{wanted}.md"));
    if let Some(new) = wanted_id.as_ref().filter(numbered) {
        let rest = id.filter(numbered).and_then(|id| old.strip_prefix(id.text.as_str()));
        return match rest {
            // `SPEC-013` alone keeps the words behind the old ID.
            Some(rest) if new.text == wanted => format!("{wanted}{rest}"),
            _ => wanted.to_owned(),
        };
    }
    if wanted_id.is_some() {
        return wanted.to_owned();
    }
    let mut kept = id.filter(numbered).map_or(0, |id| id.text.len());
    let behind = old.get(kept..).unwrap_or("");
    if let Some(date) = trueup_model::find_dates(behind).into_iter().next().filter(|d| d.start <= 1) {
        kept += date.end;
    }
    let separator = old.get(kept..).and_then(|rest| rest.chars().next()).filter(|c| matches!(c, '-' | '_'));
    match (kept, old.get(..kept)) {
        (0, _) | (_, None) => wanted.to_owned(),
        (_, Some(front)) => format!("{front}{}{wanted}", separator.unwrap_or('-')),
    }
}

/// The ID and the title in the spec itself.
fn own_edits(file: &ReadFile, spec: &Spec, renaming: &Renaming<'_>, names: &Names, plan: &mut Plan) {
    let document = &file.document;
    if let Some(title) = spec.title {
        let span = document.section(title).title_span;
        let text = span.text(document.text());
        let id = spec.title_ids.first();
        let start = id.map_or(0, |(id, _)| (id.end - span.start) as usize);
        let lead = text.get(start..).unwrap_or("");
        let marks = lead.len() - lead.trim_start_matches([':', ' ', '—', '–', '-', '.', ']', ')']).len();
        let front = text.get(..start + if start == 0 { 0 } else { marks }).unwrap_or("");
        let front = match (names.ids(), id) {
            (Some((_, new)), Some((at, _))) => {
                let (from, to) = ((at.start - span.start) as usize, (at.end - span.start) as usize);
                format!("{}{}{}", front.get(..from).unwrap_or(""), new.text, front.get(to..).unwrap_or(""))
            }
            _ => front.to_owned(),
        };
        let rest = text.get(if start == 0 { 0 } else { start + marks }..).unwrap_or("");
        let words = renaming.title.map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "));
        let new = format!("{front}{}", words.as_deref().unwrap_or(rest));
        if new != text {
            plan.edits.push(renaming.path, Edit::replace(span, new));
        }
    }
    let fields =
        spec.header.iter().filter(|f| matches!(f.normal.as_str(), "spec id" | "id" | "spec" | "number"));
    for field in fields {
        let of_sidecar = field.place == trueup_model::HeaderPlace::Sidecar;
        let (source, path) = match (&file.sidecar, of_sidecar) {
            (Some(sidecar), true) => (sidecar.text.as_ref(), sidecar.path.as_str()),
            (None, true) => continue,
            _ => (document.text(), renaming.path),
        };
        let value = field.field.value_span.text(source);
        let new = value.replace(&names.old_stem, &names.new_stem);
        let new = match names.ids().filter(|_| new == value) {
            Some((old, id)) => new.replace(&old.text, &id.text),
            None => new,
        };
        if new != value {
            plan.edits.push(path, Edit::replace(field.field.value_span, new));
        }
    }
}

/// Everything that speaks of the spec by its ID or the name of its file, outside of links' targets.
fn mentions(workspace: &Workspace, path: &str, names: &Names, plan: &mut Plan, notes: &mut Vec<String>) {
    let ids = names.ids();
    let shared = ids.is_some_and(|(old, _)| workspace.corpus.specs_with_id(old).count() > 1);
    let mut left = 0;
    for head in workspace.corpus.heads() {
        let text: &str = &head.text;
        let by_stem = names.old_stem != names.new_stem && text.contains(names.old_stem.as_str());
        let by_id = ids.is_some_and(|(old, _)| text.contains(old.text.as_str()));
        if !by_stem && !by_id {
            continue;
        }
        let document = Document::parse(head.text.clone());
        if by_stem {
            stems(&document, names).into_iter().for_each(|edit| plan.edits.push(&head.path, edit));
        }
        let Some((_, new)) = ids.filter(|_| by_id) else { continue };
        for span in id_mentions(&document, names) {
            match shared && &*head.path != path {
                true => left += 1,
                false => plan.edits.push(&head.path, Edit::replace(span, new.text.clone())),
            }
        }
    }
    if let Some((old, new)) = ids {
        if left > 0 {
            notes.push(format!(
                "{left} mentions of {} were left as they are: other specs have that ID, too",
                old.text
            ));
        }
        notes.push(format!("tests that cite [{}#…] have to cite [{}#…] now", old.text, new.text));
    }
}

/// The name of the file where it stands as a name of its own (`docs/specs/SPEC-012-returns.md`, or without its ending).
/// What stands in code blocks or in an address of the web is something else.
fn stems(document: &Document, names: &Names) -> Vec<Edit> {
    let text = document.text();
    let elsewhere = elsewhere(document);
    // A short word may mean anything.
    if names.old_stem.len() < 8 || !names.old_stem.contains(['-', '_']) {
        return Vec::new();
    }
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let found = text.match_indices(names.old_stem.as_str()).filter(|(at, stem)| {
        let before = text.get(..*at).and_then(|t| t.chars().next_back());
        let after = text.get(at + stem.len()..).unwrap_or("");
        let other_ending = after.starts_with('.')
            && after.chars().nth(1).is_some_and(char::is_alphanumeric)
            && !after.starts_with(".md");
        !before.is_some_and(part) && !after.starts_with(part) && !other_ending
    });
    found
        .map(|(at, stem)| Span::new(at, at + stem.len()))
        .filter(|span| !elsewhere(*span))
        .map(|span| Edit::replace(span, names.new_stem.clone()))
        .collect()
}

/// Whether a place lies in a code block, or in an address with a scheme (`https://…`).
fn elsewhere(document: &Document) -> impl Fn(Span) -> bool {
    let text = document.text();
    let code: Vec<Span> = document
        .blocks()
        .filter(|b| matches!(document.kind(*b), Kind::Code { .. }))
        .map(|b| document.span(b))
        .collect();
    move |span| {
        let before = text.get(..span.start as usize).unwrap_or("");
        let ends = |c: char| c.is_whitespace() || "()<>[]\"'`|".contains(c);
        let word = before.rsplit(ends).next().unwrap_or("");
        word.contains("://") || code.iter().any(|block| block.contains(span))
    }
}

/// Where a document speaks of the spec by its ID; code blocks and longer names are something else.
fn id_mentions(document: &Document, names: &Names) -> Vec<Span> {
    let Some((old, _)) = names.ids() else { return Vec::new() };
    let text = document.text();
    let elsewhere = elsewhere(document);
    let longer = |end: usize| {
        let mut after = text.get(end..).unwrap_or("").chars();
        matches!(after.next(), Some('-' | '_')) && after.next().is_some_and(char::is_alphanumeric)
    };
    ids_in(text)
        .into_iter()
        .filter(|(range, id)| id.key == old.key && !longer(range.end))
        .map(|(range, _)| Span::from(range))
        .filter(|span| !elsewhere(*span))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_what_was_not_asked_for() {
        let check = |old: &str, wanted: &str, expected: &str| {
            let id = SpecId::of_file_name(&format!("{old}.md"));
            assert_eq!(new_stem(old, id.as_ref(), wanted), expected, "{old} {wanted}");
        };
        check("SPEC-012-2026-01-02-returns", "SPEC-013", "SPEC-013-2026-01-02-returns");
        check("SPEC-012-2026-01-02-returns", "refunds", "SPEC-012-2026-01-02-refunds");
        check("SPEC-012-returns", "SPEC-013-refunds", "SPEC-013-refunds");
        check("2026-01-02-returns", "refunds", "2026-01-02-refunds");
        check("2026-01-02-returns", "2026-02-03-refunds", "2026-02-03-refunds");
        check("returns", "refunds", "refunds");
        check("0007-use-postgres", "0008", "0008-use-postgres");
    }
}
