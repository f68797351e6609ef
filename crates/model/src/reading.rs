//! What stands in a section that answers one of the template's: fields, tables, check-list items, or words
//! that it does not apply. Rules and measures read with the same eyes, so that their numbers agree.

use crate::spec::{HeaderPlace, Spec};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{
    Ask, AskKind, FieldForm, FieldSpec, FieldText, Schema, SectionSpec, fields_in, generic_token, infer_key,
    infer_words, may_be_alike, tokens_in,
};

/// All fields in the blocks directly under a heading: lines, list items, rows of two-column tables.
pub fn section_fields(document: &Document, section: SectionId) -> Vec<FieldText> {
    let mut out = Vec::new();
    for block in document.section(section).blocks(document) {
        match document.kind(block) {
            Kind::Paragraph => out.extend(fields_in(document, block, false)),
            Kind::List { .. } | Kind::Quote => {
                for node in document.descendants(block) {
                    out.extend(fields_in(document, node, false));
                }
            }
            Kind::Table => out.extend(document.children(block).filter_map(|row| row_field(document, row))),
            _ => {}
        }
    }
    out
}

fn row_field(document: &Document, row: NodeId) -> Option<FieldText> {
    let mut cells = document.children(row);
    let (key, value) = (cells.next()?, cells.next()?);
    if cells.next().is_some() {
        return None;
    }
    Some(FieldText {
        key: document.plain(key).trim().trim_end_matches(':').to_owned(),
        key_span: document.content_span(key),
        value: document.plain(value).trim().to_owned(),
        value_span: document.content_span(value),
        form: FieldForm::Row,
        node: key,
    })
}

/// Whether a section says that it does not apply ("N/A — reason", "None", "No changes").
pub fn not_applicable(document: &Document, section: SectionId) -> Option<NotApplicable> {
    let text = document.section(section);
    let mut blocks =
        text.blocks(document).filter(|b| !document.is_comment_only(*b) && document.kind(*b) != Kind::Rule);
    let first = blocks.next()?;
    let plain = opening(document, first);
    let said = plain.trim().trim_start_matches(['-', '*', '_', ' ']);
    let lead = ["n/a", "not applicable", "none", "no change", "not needed", "not required", "does not apply"]
        .into_iter()
        .find(|lead| begins_with(said, lead))?;
    let behind = said[lead.len()..].chars().next();
    if behind.is_some_and(char::is_alphanumeric) && lead != "no change" {
        return None;
    }
    let rest: usize = said[lead.len()..].chars().filter(|c| c.is_alphanumeric()).count();
    let more = blocks.next().is_some();
    let reason = rest >= 8 || more || lead.starts_with("no change") || lead == "none";
    Some(if reason { NotApplicable::WithReason } else { NotApplicable::Bare })
}

/// What a block says, at least as far as [`not_applicable`] has to look: a long list is not put together.
fn opening(document: &Document, block: NodeId) -> String {
    const ENOUGH: usize = 100;
    let mut out = String::new();
    for node in std::iter::once(block).chain(document.descendants(block)) {
        out.push_str(&document.own_text(node));
        if out.len() > ENOUGH && out.trim_start().len() > ENOUGH {
            break;
        }
    }
    out
}

/// Whether a text begins with words, whatever their case.
pub(crate) fn begins_with(text: &str, lead: &str) -> bool {
    text.get(..lead.len()).is_some_and(|front| front.eq_ignore_ascii_case(lead))
}

/// How a section says that it does not apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotApplicable {
    /// With words why, or with words that need none.
    WithReason,
    /// "N/A" and nothing else.
    Bare,
}

/// Whether a section has anything below its heading: text, or sub-sections.
pub fn has_content(document: &Document, section: SectionId) -> bool {
    let this = document.section(section);
    let own = this.blocks(document).any(|b| {
        let kind = document.kind(b);
        kind != Kind::Rule
            && !(kind == Kind::Html && document.is_comment_only(b))
            && !document.source(b).trim().is_empty()
    });
    own || document.sections().iter().any(|s| s.parent == Some(section))
}

/// Keys that mean the same wherever they stand.
const SAME_KEYS: &[&[&str]] = &[
    &["created", "date", "created on", "creation date", "start date", "created at"],
    &["owner", "author", "authors", "owners", "maintainer", "lead"],
    &["spec id", "id", "spec"],
    &["links", "related", "references", "related links", "link", "issue", "pr", "tracking issue"],
    &["status", "state"],
];

/// The key that stands for all that mean the same.
pub fn canonical_key(key: &str) -> &str {
    SAME_KEYS.iter().find(|group| group.contains(&key)).map_or(key, |group| group[0])
}

/// Whether two keys in their comparable form mean the same.
pub fn same_key(a: &str, b: &str) -> bool {
    a == b || SAME_KEYS.iter().any(|group| group.contains(&a) && group.contains(&b))
}

/// Whether a section carries a label in any way: a field, a bold word, a sub-heading, a list item that begins with it.
pub fn has_label(document: &Document, section: SectionId, key: &str, fields: &[FieldText]) -> bool {
    if fields.iter().any(|f| same_key(&infer_key(&f.key), key)) {
        return true;
    }
    let range = document.section(section).span;
    let by_heading =
        document.sections().iter().any(|s| range.contains(s.span) && s.normal.core.starts_with(key));
    by_heading || labelled_text(document, section, key)
}

fn labelled_text(document: &Document, section: SectionId, key: &str) -> bool {
    let range = document.section(section).span;
    for block in document.blocks().filter(|b| range.contains(document.span(*b))) {
        for node in std::iter::once(block).chain(document.descendants(block)) {
            let begins = match document.kind(node) {
                // A label is short; nested emphasis would be read over and over.
                Kind::Strong => document.source(node).len() < MAX_LABEL,
                Kind::Paragraph | Kind::Cell => document.source(node).len() < 2000,
                _ => false,
            };
            if begins
                && infer_words(&document.plain(node))
                    .strip_prefix(key)
                    .is_some_and(|r| r.is_empty() || r.starts_with(' '))
            {
                return true;
            }
        }
    }
    false
}

/// The longest source of a label, in bytes.
pub const MAX_LABEL: usize = 400;

/// The tables directly under a heading.
pub fn tables(document: &Document, section: SectionId) -> Vec<NodeId> {
    document.section(section).blocks(document).filter(|b| document.kind(*b) == Kind::Table).collect()
}

/// The names of a table's columns in comparable form, with their cells.
pub fn columns(document: &Document, table: NodeId) -> Vec<(String, NodeId)> {
    let Some(header) = document.children(table).next() else { return Vec::new() };
    document.children(header).map(|c| (infer_words(&document.plain(c)), c)).collect()
}

/// Number of columns of the template's table that a document's table has, by name or nearly so.
pub fn shared_columns(spec: &trueup_template::TableSpec, columns: &[(String, NodeId)]) -> usize {
    spec.columns
        .iter()
        .filter(|c| columns.iter().any(|(name, _)| *name == c.normal || close(name, &c.normal)))
        .count()
}

/// Whether two words differ by a slip of the fingers.
pub fn close(a: &str, b: &str) -> bool {
    !a.is_empty() && may_be_alike(a, b, 0.72) && strsim::normalized_damerau_levenshtein(a, b) >= 0.72
}

/// The texts of all list items in a section, sub-sections included.
pub fn items(document: &Document, section: SectionId) -> Vec<String> {
    let span = document.section(section).span;
    let mut out = Vec::new();
    for block in document.blocks().filter(|b| span.contains(document.span(*b))) {
        for node in std::iter::once(block).chain(document.descendants(block)) {
            let in_item = document.kind(node) == Kind::Paragraph
                && document.parent(node).is_some_and(|p| matches!(document.kind(p), Kind::Item(_)));
            if in_item || document.kind(node) == Kind::Paragraph && document.source(node).starts_with('[') {
                out.push(infer_words(&document.plain(node)));
            }
        }
    }
    out
}

/// Whether an item still says what the template's says: its words, with more around them or a few changed.
pub fn keeps(item: &str, wanted: &str) -> bool {
    if item.contains(wanted) {
        return true;
    }
    let has: Vec<&str> = item.split(' ').collect();
    let words: Vec<&str> = wanted.split(' ').filter(|w| w.len() > 2).collect();
    let kept = words.iter().filter(|w| has.contains(w)).count();
    words.len() >= 2 && kept * 10 >= words.len() * 6
}

/// Whether a row says the same: its words with more around them, or most of them.
pub fn answers_row(key: &str, wanted: &str) -> bool {
    let near = key.len().abs_diff(wanted.len()) * 4 <= wanted.len();
    let alike = || strsim::normalized_damerau_levenshtein(key, wanted) >= 0.8;
    if key.contains(wanted) || near && may_be_alike(key, wanted, 0.8) && alike() {
        return true;
    }
    // Shortened or adapted ("Cache strategy"): the word that it begins with tells which row it is.
    let first = |text: &str| text.split(' ').next().unwrap_or("").chars().take(5).collect::<String>();
    if first(key).len() >= 3 && first(key) == first(wanted) {
        return true;
    }
    let has: Vec<&str> = key.split(' ').collect();
    let words: Vec<&str> = wanted.split(' ').filter(|w| w.len() > 2).collect();
    let kept = words.iter().filter(|w| has.contains(w)).count();
    words.len() >= 3 && kept * 4 >= words.len() * 3
}

/// Whether a key is one word of the template's that no other key has (`Area` for `Affected area`).
pub fn has_short_key(section: &SectionSpec, wanted: &FieldSpec, fields: &[FieldText]) -> bool {
    fields.iter().map(|f| infer_key(&f.key)).any(|key| {
        let holds = |normal: &str| normal.split(' ').any(|word| word == key);
        key.len() >= 4
            && holds(&wanted.normal)
            && section.fields.iter().filter(|f| holds(&f.normal)).count() == 1
    })
}

/// Whether a value says something: not empty, not a placeholder, not "N/A".
pub fn is_filled(value: &str) -> bool {
    let bare = value.trim();
    let lower = bare.to_lowercase();
    let nothing = matches!(lower.as_str(), "" | "-" | "—" | "–" | "n/a" | "none" | "null" | "~");
    let said = lower.trim_start_matches(['(', '*', '_']);
    let dodged =
        ["n/a", "not applicable", "no change", "none", "unchanged"].iter().any(|w| said.starts_with(w));
    !nothing && !dodged && !generic_token(bare) && tokens_in(bare).is_empty()
}

/// What only newer versions of the template ask and a spec does not have. What would stand in a section that
/// is not there, or that does not apply, is not counted.
pub fn lacking<'s>(document: &Document, spec: &Spec, schema: &'s Schema) -> Vec<&'s Ask> {
    schema.later.iter().filter(|ask| lacks(document, spec, schema, ask)).collect()
}

fn lacks(document: &Document, spec: &Spec, schema: &Schema, ask: &Ask) -> bool {
    let Some((index, section)) = ask.section.and_then(|at| Some((at, schema.sections.get(at)?))) else {
        let sidecar = spec.header.iter().any(|f| f.place == HeaderPlace::Sidecar);
        return (ask.place != "sidecar" || sidecar)
            && !spec.header.iter().any(|f| same_key(&f.normal, &infer_key(&ask.name)));
    };
    if ask.kind == AskKind::Section {
        let above = section.parent.is_none_or(|parent| spec.alignment.section_for(parent).is_some());
        return above && spec.alignment.section_for(index).is_none();
    }
    let mut answers = spec.alignment.sections_for(index).filter(|s| not_applicable(document, *s).is_none());
    let wanted = infer_words(&ask.name);
    answers.any(|answer| match ask.kind {
        AskKind::Field => {
            let fields = section_fields(document, answer);
            !has_label(document, answer, &infer_key(&ask.name), &fields)
        }
        AskKind::Column => {
            let tables = tables(document, answer);
            let has = |table: &NodeId| {
                columns(document, *table).iter().any(|(name, _)| *name == infer_key(&ask.name))
            };
            !tables.is_empty() && !tables.iter().any(has)
        }
        AskKind::Row => {
            let tables = tables(document, answer);
            let keys = tables.iter().flat_map(|table| document.children(*table).skip(1));
            let mut keys = keys.filter_map(|row| document.children(row).next());
            !tables.is_empty() && !keys.any(|cell| answers_row(&infer_words(&document.plain(cell)), &wanted))
        }
        AskKind::Item => !items(document, answer).iter().any(|item| keeps(item, &wanted)),
        AskKind::Section | AskKind::Value => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_may_be_adapted() {
        let wanted = "flags configured owner default kill switch removal date";
        assert!(keeps("ac 3 flags configured owner default kill switch removal date", wanted));
        assert!(keeps("flags configured with owner default off kill switch and removal date", wanted));
        assert!(!keeps("users can return an order", wanted));
        assert!(!keeps("docs updated", wanted));
    }
}
