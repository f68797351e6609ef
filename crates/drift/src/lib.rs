//! Specs held against the code, and the code against the specs.
//!
//! [`drift`] looks for each thing that a spec promises and says what became of it; [`unpromised`] names
//! what the code has and no spec speaks of. Both are pure. A kind of facts that could not be read from
//! the code is *not checkable*, never *missing*.

mod endpoints;
mod entities;
mod locales;
mod manifest;
mod migrations;
mod named;
mod names;
mod planned;
mod review;
mod rows;
mod summary;
mod unpromised;
mod unread;

#[cfg(test)]
mod tests;

pub use review::{Reviewed, since_review};
pub use rows::FileRows;
pub use summary::{KindCount, counts};
pub use trueup_codebase::names::{fold, same_words};
pub use unpromised::{Promise, Unpromised, promises, unpromised};

use trueup_codebase::{Code, CodeKind, CodePlace, Readable};
use trueup_model::{PathIndex, Spec, Verdict};
use trueup_text::Span;

/// In which way a promise and the code differ, or why nobody can tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Difference {
    /// They do not.
    None,
    /// The code spells it otherwise.
    Spelling,
    /// The path is served, but not with this method.
    Method,
    /// The method is served for the member and not for the collection, or the other way round.
    MemberOrCollection,
    /// The code serves it below another beginning of the path.
    Base,
    /// Nothing of the kind is there.
    NotThere,
    /// It is a file that stands somewhere else.
    Elsewhere,
    /// It was to be deleted and is still there.
    StillThere,
    /// It is there but switched off (tests).
    SwitchedOff,
    /// A file lists it, and no code uses it.
    OnlyListed,
    /// It is in the main language and not in all others.
    OtherLanguages,
    /// The code could not be read for this kind.
    Unread,
    /// It is another system's, another repository's, or generated.
    Foreign,
    /// The spec does not say it in a way that could be looked for.
    Vague,
}

impl Difference {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Difference::None => "none",
            Difference::Spelling => "spelling",
            Difference::Method => "method",
            Difference::MemberOrCollection => "member or collection",
            Difference::Base => "base path",
            Difference::NotThere => "not there",
            Difference::Elsewhere => "elsewhere",
            Difference::StillThere => "still there",
            Difference::SwitchedOff => "switched off",
            Difference::OnlyListed => "only listed",
            Difference::OtherLanguages => "other languages",
            Difference::Unread => "not read",
            Difference::Foreign => "foreign",
            Difference::Vague => "vague",
        }
    }

    /// Whether it is worth telling and no reason to fail.
    pub fn is_soft(self) -> bool {
        matches!(self, Difference::OnlyListed | Difference::OtherLanguages)
    }
}

/// A promise of a spec, held against the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drifted {
    /// What kind of thing was promised.
    pub kind: CodeKind,
    /// What, as the spec has it: `GET /api/orders/{id}`, `Order.total`, a path.
    pub subject: String,
    /// What became of it.
    pub verdict: Verdict,
    /// In which way it differs.
    pub difference: Difference,
    /// Why, in one sentence without a full stop.
    pub reason: String,
    /// Where the spec promises it.
    pub span: Span,
    /// Where the code has it, or what comes closest.
    pub place: Option<CodePlace>,
    /// What the code calls it, where it has it.
    pub found: Option<String>,
    /// What in the code comes closest, where it does not have it.
    pub candidate: Option<String>,
}

impl Drifted {
    /// Whether the spec and the code differ.
    pub fn differs(&self) -> bool {
        matches!(self.verdict, Verdict::Contradicted | Verdict::Missing | Verdict::Stale)
    }

    /// Whether they differ in a way that fails a command in a spec that is implemented.
    pub fn fails(&self) -> bool {
        self.differs() && !self.difference.is_soft()
    }
}

/// A spec and what it is held against.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The spec's path from the root.
    pub path: &'a str,
    /// The spec.
    pub spec: &'a Spec,
    /// The code. Only asked where the spec promises something that needs it.
    pub code: &'a dyn Code,
    /// The paths of the repository.
    pub paths: &'a PathIndex,
}

/// Holds what a spec promises of these kinds against the code, in the order of the document.
pub fn drift(subject: &Subject<'_>, kinds: &[CodeKind]) -> Vec<Drifted> {
    let mut out: Vec<Drifted> = kinds.iter().flat_map(|kind| drift_of(subject, *kind)).collect();
    out.sort_by_key(|d| (d.span.start, d.kind));
    out
}

/// Whether a spec promises anything of a kind; asks no code.
pub fn promises_any(spec: &Spec, kind: CodeKind) -> bool {
    let facts = &spec.facts;
    match kind {
        CodeKind::Routes => !facts.api.endpoints.is_empty(),
        CodeKind::Tables => !facts.data.entities.is_empty(),
        CodeKind::Events => !facts.vocabulary.events.is_empty(),
        CodeKind::Locales => !facts.i18n.is_empty(),
        CodeKind::Paths => !facts.manifest.is_empty(),
        CodeKind::Tests => !facts.tests.is_empty(),
        CodeKind::EnvVars => facts.configuration.iter().any(|s| s.env),
        CodeKind::Flags => facts.flags.iter().any(|f| f.name.is_some()),
        CodeKind::Migrations => !facts.migrations.migrations.is_empty(),
    }
}

fn drift_of(subject: &Subject<'_>, kind: CodeKind) -> Vec<Drifted> {
    if !promises_any(subject.spec, kind) {
        return Vec::new();
    }
    let rows = match kind {
        CodeKind::Routes => endpoints::judge(subject),
        CodeKind::Tables => entities::judge(subject),
        CodeKind::Events => named::events(subject),
        CodeKind::Locales => locales::judge(subject),
        CodeKind::Paths => manifest::judge(subject),
        CodeKind::Tests => planned::judge(subject),
        CodeKind::EnvVars => named::env_vars(subject),
        CodeKind::Flags => named::flags(subject),
        CodeKind::Migrations => migrations::judge(subject),
    };
    match kind {
        // Known by their paths: no code is asked for them.
        CodeKind::Paths | CodeKind::Migrations => rows,
        _ => unread::weaken(rows, subject.code.codebase(), kind),
    }
}

/// A row that is being judged.
#[derive(Clone)]
pub(crate) struct Row {
    kind: CodeKind,
    subject: String,
    span: Span,
}

impl Row {
    pub(crate) fn new(kind: CodeKind, subject: impl Into<String>, span: Span) -> Row {
        Row { kind, subject: subject.into(), span }
    }

    fn with(self, verdict: Verdict, difference: Difference, reason: String) -> Drifted {
        Drifted {
            kind: self.kind,
            subject: self.subject,
            verdict,
            difference,
            reason,
            span: self.span,
            place: None,
            found: None,
            candidate: None,
        }
    }

    /// The code has it.
    pub(crate) fn proven(self, found: &str, place: Option<&CodePlace>, reason: impl Into<String>) -> Drifted {
        let mut row = self.with(Verdict::Proven, Difference::None, reason.into());
        row.found = Some(found.to_owned());
        row.place = place.cloned();
        row
    }

    /// The code has something else in its place.
    pub(crate) fn contradicted(
        self,
        difference: Difference,
        candidate: &str,
        place: Option<&CodePlace>,
        reason: impl Into<String>,
    ) -> Drifted {
        let mut row = self.with(Verdict::Contradicted, difference, reason.into());
        row.candidate = Some(candidate.to_owned());
        row.place = place.cloned();
        row
    }

    /// The code does not have it.
    pub(crate) fn missing(
        self,
        candidate: Option<(&str, Option<&CodePlace>)>,
        reason: impl Into<String>,
    ) -> Drifted {
        let mut row = self.with(Verdict::Missing, Difference::NotThere, reason.into());
        row.place = candidate.and_then(|(_, place)| place.cloned());
        row.candidate = candidate.map(|(name, _)| name.to_owned());
        row
    }

    /// Missing in a way of its own.
    pub(crate) fn missing_as(self, difference: Difference, reason: impl Into<String>) -> Drifted {
        self.with(Verdict::Missing, difference, reason.into())
    }

    /// Nobody can tell.
    pub(crate) fn not_checkable(self, difference: Difference, reason: impl Into<String>) -> Drifted {
        self.with(Verdict::NotCheckable, difference, reason.into())
    }
}

/// Why a kind cannot be checked, if it cannot: it was not read, or nothing of it was found at all.
pub(crate) fn unread(subject: &Subject<'_>, kind: CodeKind) -> Option<String> {
    let code = subject.code.codebase();
    if let Readable::No(why) = code.readable(kind) {
        return Some(why);
    }
    let nothing = match kind {
        CodeKind::Routes if code.routes.iter().all(|r| r.path.is_catch_all()) => {
            "no route was found in the code"
        }
        CodeKind::Tables if code.tables.is_empty() => "no table was found in the code",
        CodeKind::Locales if code.locales.is_empty() => "no file of translations was found",
        CodeKind::Tests if code.tests.is_empty() => "no test was found in the code",
        _ => return None,
    };
    Some(nothing.to_owned())
}
