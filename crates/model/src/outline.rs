use crate::date::Date;
use crate::facts::{EntityKind, ItemId, Relation, Target};
use crate::id::SpecId;
use crate::paths::{folder_of, join};
use crate::spec::Spec;
use crate::state::State;
use crate::{Corpus, Head};
use std::fmt;
use trueup_markdown::Document;
use trueup_text::Span;

/// What other specs may know of a spec: enough to follow relations and to see an entity declared twice.
#[derive(Clone, Debug)]
pub struct SpecOutline {
    /// Path from the root.
    pub path: String,
    /// What to call it: its ID, else its file's name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where its title stands, else its first byte.
    pub span: Span,
    /// Its state.
    pub state: State,
    /// Whether the state is written and not assumed.
    pub state_written: bool,
    /// The words of its status; empty without one.
    pub status: String,
    /// The state that its folder says.
    pub folder_state: Option<State>,
    /// The day on which it was created.
    pub created: Option<Date>,
    /// Where it leads: relations other than mere mention.
    pub relations: Vec<(Relation, Target, Span)>,
    /// The entities that it brings, by name or table, with their place.
    pub entities: Vec<(String, Span)>,
    /// The IDs of what can be cited in it, written or by position.
    pub items: Vec<ItemId>,
}

impl SpecOutline {
    /// The outline of a spec that was read.
    pub fn of(path: &str, document: &Document, spec: &Spec) -> SpecOutline {
        let title = spec.title.map(|id| document.section(id));
        let stem = crate::base_name(path).trim_end_matches(".md");
        let brought = spec.facts.data.entities.iter().filter(|e| e.kind == EntityKind::New);
        SpecOutline {
            path: path.to_owned(),
            name: spec.name().unwrap_or(stem).to_owned(),
            title: title.map_or_else(|| stem.to_owned(), |section| section.title.clone()),
            span: title.map_or(Span::at(spec.region.start as usize), |section| section.title_span),
            state: spec.state.state,
            state_written: spec.state.text.is_some() && !spec.state.unknown,
            status: spec.state.text.clone().unwrap_or_default(),
            folder_state: spec.state.folder,
            created: spec.created,
            relations: spec.facts.relations(),
            entities: brought.map(|e| (e.name.clone(), e.span)).collect(),
            items: spec.facts.items().map(|item| item.id.clone()).collect(),
        }
    }
}

/// Looks into other specs. Each is read at most once, and only when a rule asks.
pub trait Others: fmt::Debug + Sync {
    /// The specs of a file; none where it is no spec.
    fn outlines(&self, path: &str) -> &[SpecOutline];

    /// Where other branches give the ID of a file to another one.
    fn taken_elsewhere(&self, _path: &str) -> &[TakenElsewhere] {
        &[]
    }

    /// Names that a file brings and that other branches bring as well.
    fn names_elsewhere(&self, _path: &str) -> Vec<NameElsewhere> {
        Vec::new()
    }
}

/// A kind of names that two branches can take at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NameKind {
    /// The number of a migration.
    Migration,
    /// The name of a flag.
    Flag,
    /// A method and path.
    Endpoint,
}

/// A name that a spec brings and that a branch that is not merged brings, too.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct NameElsewhere {
    /// What it is.
    pub kind: NameKind,
    /// The name as written in the spec.
    pub name: String,
    /// Where it stands in the spec.
    pub span: Span,
    /// The branch, as people write it.
    pub branch: String,
    /// The file on that branch: a spec, or a migration.
    pub path: String,
}

/// An ID that a branch that is not merged gives to another file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TakenElsewhere {
    /// The branch, as people write it.
    pub branch: String,
    /// The other file, on that branch.
    pub path: String,
    /// Whether the file here had the ID when that branch began.
    pub ours_first: bool,
}

/// Nobody else.
#[derive(Clone, Copy, Debug)]
pub struct NoOthers;

impl Others for NoOthers {
    fn outlines(&self, _path: &str) -> &[SpecOutline] {
        &[]
    }
}

impl Corpus {
    /// The spec files that something named in a file leads to: several where an ID is taken twice.
    pub fn resolve(&self, from: &str, target: &Target) -> Vec<&Head> {
        match target {
            Target::Spec(id) => {
                let found: Vec<&Head> = self.specs_with_id(id).collect();
                // `requires: 2718` among specs that are called `eip-2718`.
                let own = self.head(from).and_then(|head| head.file_id.as_ref());
                match own.filter(|_| found.is_empty() && id.prefix.is_empty()) {
                    None => found,
                    Some(own) => {
                        let id = SpecId::of_number(&id.text, &own.prefix);
                        id.map(|id| self.specs_with_id(&id).collect()).unwrap_or_default()
                    }
                }
            }
            Target::File(path) => {
                let bare = path.split(['#', '?']).next().unwrap_or("");
                let found = join(folder_of(from), bare)
                    .and_then(|path| self.head(&path))
                    .or_else(|| self.head(bare.trim_start_matches('/')));
                found.into_iter().collect()
            }
            Target::Issue(_) | Target::Url(_) => Vec::new(),
        }
    }
}
