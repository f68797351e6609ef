//! Terms that a spec defines.

use super::reader::Reader;
use super::support::{Grid, items_below};
use trueup_markdown::{Kind, NodeId, SectionId};
use trueup_template::{infer_words, strip_inline};
use trueup_text::Span;

/// A term with its definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// The term.
    pub term: String,
    /// What it means.
    pub definition: String,
    /// Where it stands.
    pub span: Span,
}

/// Titles of sections that define terms.
const TITLES: &[&str] = &[
    "glossary",
    "terms",
    "terminology",
    "definitions",
    "terms and definitions",
    "definitions and terms",
    "key terms",
    "key concepts and terms",
    "domain glossary",
    "glossary of terms",
    "ubiquitous language",
    "vocabulary",
    "terminology and definitions",
    "domain terms",
    "domain terminology",
    "acronyms",
    "abbreviations",
    "acronyms and abbreviations",
    "definitions and acronyms",
    "terminology and conventions",
    "specification terms",
];

/// Reads the glossary.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<Term> {
    let document = reader.document;
    let mut out = Vec::new();
    let mut skip = 0u32;
    for id in reader.all_sections() {
        let section = document.section(id);
        if section.span.start < skip || !is_glossary(&section.normal.core) {
            continue;
        }
        skip = section.span.end;
        section_terms(reader, id, &mut out);
    }
    out
}

fn is_glossary(core: &str) -> bool {
    TITLES.contains(&core) || core.starts_with("glossary ")
}

fn section_terms(reader: &Reader<'_>, section: SectionId, out: &mut Vec<Term>) {
    let document = reader.document;
    for part in reader.territory(section) {
        let this = document.section(part);
        // `### Term` with its definition below, where the heading is no group of terms.
        let below = part != section && !is_glossary(&this.normal.core);
        let blocks: Vec<NodeId> = reader.blocks(part).collect();
        let before = out.len();
        for block in &blocks {
            block_terms(reader, *block, out);
        }
        let first = blocks.first().filter(|b| document.kind(**b) == Kind::Paragraph);
        if let Some(first) = first.filter(|_| below && out.len() == before) {
            out.push(Term {
                term: this.title.clone(),
                definition: document.plain(*first).trim().to_owned(),
                span: this.title_span,
            });
        }
    }
}

fn block_terms(reader: &Reader<'_>, block: NodeId, out: &mut Vec<Term>) {
    let document = reader.document;
    match document.kind(block) {
        Kind::Table => table_terms(reader, block, out),
        Kind::List { .. } => {
            for (item, first) in items_below(document, block) {
                // What is nested below a term belongs to its definition.
                let nested =
                    document.ancestors(item).filter(|a| matches!(document.kind(*a), Kind::Item(_))).count()
                        > 0;
                if !nested {
                    let span = document.content_span(first);
                    out.extend(term_of(span.text(reader.text()), span.start as usize, true));
                }
            }
        }
        Kind::Paragraph => {
            let span = document.content_span(block);
            let mut at = span.start as usize;
            for line in span.text(reader.text()).split_inclusive('\n') {
                out.extend(term_of(line, at, false));
                at += line.len();
            }
        }
        _ => {}
    }
}

fn table_terms(reader: &Reader<'_>, block: NodeId, out: &mut Vec<Term>) {
    let document = reader.document;
    let grid = Grid::of(document, block);
    let named = ["term", "name", "concept", "abbreviation", "acronym", "word", "terms"];
    let Some(term) = grid.column(&named).or((grid.columns.len() == 2).then_some(0)) else { return };
    let meaning =
        grid.column(&["definition", "meaning", "description", "explanation", "what it means", "stands for"]);
    let meaning = meaning.unwrap_or(term + 1);
    for row in &grid.rows {
        let (Some(name), Some(said)) = (row.cells.get(term), row.cells.get(meaning)) else { continue };
        let name_text = document.plain(*name).trim().to_owned();
        if !name_text.is_empty() {
            out.push(Term {
                term: name_text,
                definition: document.plain(*said).trim().to_owned(),
                span: document.content_span(*name),
            });
        }
    }
}

/// `**Term** — definition`, `` `term`: definition ``, in bullets `Term: definition`, too.
fn term_of(line: &str, base: usize, bullet: bool) -> Option<Term> {
    let lead = line.len() - line.trim_start().len();
    let text = line.trim();
    let mark = ["**", "__", "`"].into_iter().find(|m| text.starts_with(m));
    let (term, rest) = match mark {
        Some(mark) => {
            let inner = &text[mark.len()..];
            let close = inner.find(mark)?;
            (&inner[..close], &inner[close + mark.len()..])
        }
        None if bullet => {
            let end = separator(text)?;
            (&text[..end], &text[end..])
        }
        None => return None,
    };
    let inside = term.trim_end().ends_with(':');
    let definition = rest.trim_start();
    // `**Term** (short): definition`
    let definition = match definition.strip_prefix('(').and_then(|d| d.split_once(')')) {
        Some((_, after)) if after.trim_start().starts_with([':', '—', '–', '-', '=']) => {
            after.trim_start()
        }
        _ => definition,
    };
    let cut = definition.trim_start_matches([':', '—', '–', '-', '=', '→', ' ']);
    let parted = cut.len() < definition.len() || inside;
    let term = term.trim().trim_end_matches(':').trim();
    let short = !term.is_empty() && term.split_whitespace().count() <= 8;
    if !(parted && short) || cut.trim().is_empty() || infer_words(term).is_empty() {
        return None;
    }
    let start = base + lead + mark.map_or(0, str::len);
    let span = Span::new(start, start + term.len());
    let definition = strip_inline(cut).split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Term { term: strip_inline(term), definition, span })
}

/// Where a colon or a dash parts a term from its definition.
fn separator(text: &str) -> Option<usize> {
    let marks = [": ", " — ", " – ", " - ", " = "];
    marks.iter().filter_map(|m| text.find(m)).min().filter(|at| *at > 0 && *at <= 60)
}

#[cfg(test)]
mod tests;
