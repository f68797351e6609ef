use crate::Listed;
use crate::read::{Column, Form, Index, Part, Row};
use crate::write::in_cell;
use rustc_hash::FxHashMap;
use trueup_markdown::Document;
use trueup_model::{PathIndex, State, StatusWords, base_name, folder_of, link_encoded, relative};
use trueup_text::{Edit, Span};

/// What is wrong with an index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// A row leads to nothing; the path where the spec lies now, if exactly one can be meant.
    Broken(Option<String>),
    /// A row stands in a part for other states: the place of the part that it belongs in, if there is one.
    WrongPart(Option<usize>),
    /// The status in a row is not the spec's; what it has to be.
    Status(String),
    /// A spec is listed twice.
    Twice,
    /// A spec is not listed: its place among the specs, and the part that it belongs in, if there is one.
    Unlisted(usize, Option<usize>),
}

/// Something that is wrong with an index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// Part and row, where it is about a row.
    pub row: Option<(usize, usize)>,
    /// Where.
    pub span: Span,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What it is about, in words that outlive edits.
    pub subject: String,
    /// Edits that mend it by themselves.
    pub edits: Vec<Edit>,
}

/// What an index is held against.
pub(crate) struct Judge<'a> {
    pub path: &'a str,
    pub document: &'a Document,
    pub index: &'a Index,
    pub specs: &'a [Listed],
    pub paths: &'a PathIndex,
    pub words: &'a StatusWords,
    by_path: FxHashMap<&'a str, usize>,
}

/// Holds an index against the specs. Rows that lead to specs beyond its reach are looked at, too; only
/// specs within it have to be listed.
pub fn judge(
    path: &str,
    document: &Document,
    index: &Index,
    specs: &[Listed],
    paths: &PathIndex,
    words: &StatusWords,
) -> Vec<Problem> {
    let by_path = specs.iter().enumerate().map(|(at, spec)| (spec.path.as_str(), at)).collect();
    let judge = Judge { path, document, index, specs, paths, words, by_path };
    let mut out = Vec::new();
    // What a row leads to is listed, whatever broken rows meant to lead there, too.
    let mut listed = vec![false; specs.len()];
    for at in index.parts.iter().flat_map(|part| &part.rows).filter_map(|row| judge.spec_of(row)) {
        listed[at] = true;
    }
    let mut seen = vec![false; specs.len()];
    for (part_at, part) in index.parts.iter().enumerate() {
        for (row_at, row) in part.rows.iter().enumerate() {
            let place = (part_at, row_at);
            let spec = judge.spec_of(row);
            match spec {
                Some(at) => {
                    if std::mem::replace(&mut seen[at], true) {
                        out.push(judge.twice(place, row, &specs[at]));
                        continue;
                    }
                    out.extend(judge.wrong_part(place, part, row, &specs[at]));
                    out.extend(judge.wrong_status(place, part, row, &specs[at]));
                }
                None => out.extend(judge.broken(place, row, &mut listed)),
            }
        }
    }
    for (at, spec) in specs.iter().enumerate() {
        if spec.in_reach && !listed[at] {
            out.push(judge.unlisted(at, spec));
        }
    }
    out
}

impl Judge<'_> {
    /// The spec that a row leads to; without a link, the one with its ID.
    fn spec_of(&self, row: &Row) -> Option<usize> {
        match row.target.as_deref() {
            Some(target) => self.by_path.get(target).copied(),
            None => self.only_with_id(row),
        }
    }

    fn only_with_id(&self, row: &Row) -> Option<usize> {
        let id = row.id.as_ref()?;
        let mut found =
            self.specs.iter().enumerate().filter(|(_, s)| s.id.as_ref().is_some_and(|own| own.key == id.key));
        match (found.next(), found.next()) {
            (Some((at, _)), None) => Some(at),
            _ => None,
        }
    }

    fn broken(&self, place: (usize, usize), row: &Row, listed: &mut [bool]) -> Option<Problem> {
        let target = row.target.as_deref()?;
        if self.paths.contains(target) {
            return None;
        }
        let moved = self.moved_to(row, target);
        let taken = moved.is_some_and(|at| std::mem::replace(&mut listed[at], true));
        let shown = row.target_span.map_or(target, |span| span.text(self.document.text()));
        let mut edits = Vec::new();
        let to = moved.filter(|_| !taken).map(|at| self.specs[at].path.clone());
        let mut message = format!("the index leads to `{shown}`, which is not there");
        match (&to, row.target_span, moved) {
            (Some(to), Some(span), _) => {
                let written = relative(folder_of(self.path), to);
                message.push_str(&format!("; the spec lies in `{written}`"));
                edits.push(Edit::replace(span, link_to(self.path, to)));
            }
            (None, _, Some(at)) => {
                let name = &self.specs[at].name;
                message.push_str(&format!("; {name} is listed already, so that this row can be removed"));
            }
            _ => message.push_str("; no spec of that name is anywhere"),
        }
        Some(Problem {
            kind: ProblemKind::Broken(to),
            row: Some(place),
            span: row.target_span.unwrap_or(row.span),
            message,
            subject: format!("broken {target}"),
            edits,
        })
    }

    /// The one spec with the file's name, else the one with its ID.
    fn moved_to(&self, row: &Row, target: &str) -> Option<usize> {
        let name = base_name(target);
        let mut same = self.specs.iter().enumerate().filter(|(_, s)| base_name(&s.path) == name);
        match (same.next(), same.next()) {
            (Some((at, _)), None) => Some(at),
            (None, _) => self.only_with_id(row).filter(|at| alike(name, base_name(&self.specs[*at].path))),
            _ => None,
        }
    }

    fn wrong_part(&self, place: (usize, usize), part: &Part, row: &Row, spec: &Listed) -> Option<Problem> {
        if part.states.is_empty() || takes(part, spec) {
            return None;
        }
        let right = self.part_for(spec, part);
        // Without a part of its own, a spec may stand anywhere.
        let right = right?;
        let to = self.index.parts.get(right).map_or("", |p| p.title.as_str());
        Some(Problem {
            kind: ProblemKind::WrongPart(Some(right)),
            row: Some(place),
            span: row.span,
            message: format!(
                "{} is {}, but stands under “{}”; it belongs under “{to}”",
                spec.name, spec.state, part.title
            ),
            subject: format!("part {}", spec.name),
            edits: Vec::new(),
        })
    }

    /// The part that lists specs of a state: one that names it before one that takes any, a table of the
    /// same columns before others.
    fn part_for(&self, spec: &Listed, like: &Part) -> Option<usize> {
        let fitting = |p: &&(usize, &Part)| !p.1.states.is_empty() && takes(p.1, spec);
        let all: Vec<(usize, &Part)> = self.index.parts.iter().enumerate().collect();
        let same = all.iter().filter(fitting).find(|(_, p)| p.form == like.form);
        same.or_else(|| all.iter().find(fitting)).map(|(at, _)| *at)
    }

    fn wrong_status(&self, place: (usize, usize), part: &Part, row: &Row, spec: &Listed) -> Option<Problem> {
        let Form::Table(columns) = &part.form else { return None };
        let at = columns.iter().position(|(column, _)| *column == Column::Status)?;
        let cell = *row.cells.get(at)?;
        let written = cell.text(self.document.text());
        let said = self.words.state_of(written)?;
        if said == spec.state || spec.folder == Some(said) {
            return None;
        }
        let right = if spec.status.is_empty() { spec.state.name().to_owned() } else { spec.status.clone() };
        Some(Problem {
            kind: ProblemKind::Status(right.clone()),
            row: Some(place),
            span: cell,
            message: format!("the index says “{written}” of {}, which is “{right}”", spec.name),
            subject: format!("status {}", spec.name),
            edits: vec![Edit::replace(cell, in_cell(&right))],
        })
    }

    fn twice(&self, place: (usize, usize), row: &Row, spec: &Listed) -> Problem {
        Problem {
            kind: ProblemKind::Twice,
            row: Some(place),
            span: row.span,
            message: format!("{} is listed a second time", spec.name),
            subject: format!("twice {}", spec.name),
            edits: Vec::new(),
        }
    }

    fn unlisted(&self, at: usize, spec: &Listed) -> Problem {
        let parts = &self.index.parts;
        let own = parts.iter().position(|p| !p.states.is_empty() && takes(p, spec));
        let part = own.or_else(|| parts.iter().position(|p| p.states.is_empty()));
        let title = part.and_then(|at| parts.get(at)).map_or("", |p| p.title.as_str());
        let below = match (part, title) {
            (None, _) => format!(", and no part of the index is for what is {}", spec.state),
            (_, "") => String::new(),
            (_, title) => format!(" under “{title}”"),
        };
        let path = relative(folder_of(self.path), &spec.path);
        Problem {
            kind: ProblemKind::Unlisted(at, part),
            row: None,
            span: parts.get(part.unwrap_or(0)).map_or(Span::default(), |p| p.span),
            message: format!("{} (`{path}`) is not listed{below}", spec.name),
            subject: format!("unlisted {}", base_name(&spec.path)),
            edits: Vec::new(),
        }
    }
}

/// The target of a link from an index to a spec, also where a bar would end a cell.
pub(crate) fn link_to(index: &str, spec: &str) -> String {
    let path = relative(folder_of(index), spec);
    // `a:b.md` would be read as an address.
    let front = if path.split('/').next().is_some_and(|first| first.contains(':')) { "./" } else { "" };
    format!("{front}{}", link_encoded(&path, "", false).replace('|', "%7C"))
}

/// Whether two names of files share most of their words. An ID alone tells little: many are taken twice.
fn alike(a: &str, b: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let stem = name.trim_end_matches(".md").to_lowercase();
        let parts = stem.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
        parts
            .filter(|word| word.len() > 2 && word.chars().any(char::is_alphabetic) && word != "spec")
            .collect()
    };
    let (a, b) = (words(a), words(b));
    let shared = a.iter().filter(|word| b.contains(word)).count();
    shared * 2 >= a.len().max(b.len()).max(1)
}

/// Whether a part is for a spec: by its state, or by its folder where the two disagree, since that is the
/// spec's fault and not the index's.
pub(crate) fn takes(part: &Part, spec: &Listed) -> bool {
    let fits = |state: State| part.states.contains(&state);
    fits(spec.state) || spec.folder.is_some_and(fits)
}
