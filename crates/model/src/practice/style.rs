//! Numbering of sections, forms of titles and file names.

use crate::paths::base_name;
use crate::spec::Spec;
use crate::{SpecId, find_dates};
use std::collections::BTreeMap;
use trueup_markdown::Document;
use trueup_template::Schema;
use trueup_text::Span;

/// Sections that have no number in front.
const UNNUMBERED: &str = "no numbers";

/// The numbering that most sections on the template's top level carry in a spec.
pub(super) fn numbering_of(document: &Document, spec: &Spec, top: u8) -> Option<String> {
    let inside = document.sections().iter().filter(|s| spec.region.contains_offset(s.span.start));
    majority(inside.filter(|s| s.level == top).map(|s| numbering_form(&s.normal.numbering)))
}

/// The numbering of the template's own sections.
pub(super) fn template_numbering(schema: &Schema) -> Option<String> {
    let top = schema.sections.iter().filter(|s| s.parent.is_none());
    majority(top.map(|s| numbering_form(&s.numbering)))
}

fn majority(forms: impl Iterator<Item = String>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    forms.for_each(|form| *counts.entry(form).or_default() += 1);
    let most = counts.values().max().copied()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(form, _)| form)
}

/// `7)` → `1)`, `4.1` → `1.1`, `IV.` → `I.`.
fn numbering_form(numbering: &str) -> String {
    let mut out = String::new();
    for c in numbering.trim().chars() {
        let shown = match c {
            c if c.is_ascii_digit() => '1',
            'I' | 'V' | 'X' => 'I',
            c if c.is_ascii_uppercase() => 'A',
            c if c.is_ascii_lowercase() => 'a',
            c => c,
        };
        if !(shown.is_alphanumeric() && out.ends_with(shown)) {
            out.push(shown);
        }
    }
    if out.is_empty() { UNNUMBERED.to_owned() } else { out }
}

/// What a spec's own title looks like: `SPEC-NNN: Title`.
pub(super) fn title_form(document: &Document, spec: &Spec) -> String {
    let Some(title) = spec.title else { return "no first-level heading".to_owned() };
    let section = document.section(title);
    form_of_title(section.title_span.text(document.text()), section.title_span, &spec.title_ids)
}

/// What the template's title looks like.
pub(super) fn template_title(schema: &Schema) -> Option<String> {
    let title = schema.title.as_deref()?;
    let Some(id) = &schema.title_id else { return Some("Title".to_owned()) };
    let behind = title.split_once(id.as_str()).map(|(_, behind)| behind);
    Some(format!("{}{}", id_form(id), behind.map_or(String::new(), |b| joined(b).to_owned() + "Title")))
}

fn form_of_title(title: &str, span: Span, ids: &[(Span, SpecId)]) -> String {
    let Some((at, id)) = ids.first() else { return "Title".to_owned() };
    let form = id_form(&id.text);
    let start = at.start.saturating_sub(span.start) as usize;
    let end = at.end.saturating_sub(span.start) as usize;
    let before = title.get(..start).unwrap_or("").trim();
    let behind = title.get(end..).unwrap_or("");
    match (before.is_empty(), behind.trim().is_empty()) {
        (true, true) => form,
        (true, false) => format!("{form}{}Title", joined(behind)),
        (false, _) if before.ends_with('(') => format!("Title ({form})"),
        (false, _) => format!("Title with {form} in it"),
    }
}

/// What joins an ID and what stands behind it.
fn joined(behind: &str) -> &'static str {
    match behind.trim_start().chars().next() {
        Some(':') => ": ",
        Some('—') => " — ",
        Some('–') => " – ",
        Some('-') => " - ",
        Some('.') => ". ",
        _ => " ",
    }
}

/// `SPEC-012b` and the placeholder `SPEC-XXX` → `SPEC-NNN`.
fn id_form(id: &str) -> String {
    if !find_dates(id).is_empty() {
        return "YYYY-MM-DD-slug".to_owned();
    }
    let placeholder = id.trim_end_matches(['N', 'X']);
    let prefix = match id.find(|c: char| c.is_ascii_digit()) {
        Some(at) => &id[..at],
        None if placeholder.ends_with('-') => placeholder,
        None => return id.to_owned(),
    };
    let named = prefix.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    if named { format!("{prefix}NNN") } else { id.to_owned() }
}

/// What a file's name looks like: `SPEC-NNN-YYYY-MM-DD-slug`. A spec in a folder of its own has the folder's
/// name.
pub(super) fn file_form(path: &str) -> String {
    let stem = base_name(path).trim_end_matches(".md");
    let folder = crate::folder_of(path);
    let generic = matches!(stem.to_lowercase().as_str(), "readme" | "index" | "spec");
    if generic && !folder.is_empty() { format!("{}/", name_form(base_name(folder))) } else { name_form(stem) }
}

fn name_form(stem: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = stem;
    while !rest.is_empty() {
        let dated = find_dates(rest).into_iter().next().filter(|d| d.start == 0);
        let end = match dated {
            Some(date) => date.end,
            None => rest.find(['-', '_', ' ']).unwrap_or(rest.len()),
        };
        let (token, more) = rest.split_at(end.max(1).min(rest.len()));
        let form =
            if dated.is_some() { "YYYY-MM-DD".to_owned() } else { token_form(token, parts.is_empty()) };
        if parts.last() != Some(&form) || form != "slug" {
            parts.push(form);
        }
        rest = more.trim_start_matches(['-', '_', ' ']);
    }
    parts.join("-")
}

/// A number, a prefix in capitals or one that IDs commonly have, or a word of the slug.
fn token_form(token: &str, first: bool) -> String {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let letters = token.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let numbered = digits > 0 && token.starts_with(|c: char| c.is_ascii_digit());
    let capitals = token.len() >= 2 && token.bytes().all(|b| b.is_ascii_uppercase());
    let known = first && SpecId::of_file_name(&format!("{token}-1")).is_some_and(|id| !id.prefix.is_empty());
    match () {
        () if numbered && letters.bytes().all(|b| b.is_ascii_digit()) && token.len() - letters.len() <= 1 => {
            "NNN".to_owned()
        }
        () if capitals || known => token.to_owned(),
        () => "slug".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_names() {
        for (path, form) in [
            ("specs/SPEC-005-2026-02-02-store-credit.md", "SPEC-NNN-YYYY-MM-DD-slug"),
            ("specs/SPEC-ENT-012b-cost.md", "SPEC-ENT-NNN-slug"),
            ("2026-02-02-store-credit.md", "YYYY-MM-DD-slug"),
            ("eip-1559.md", "eip-NNN"),
            ("keps/sig-a/1287-in-place/README.md", "NNN-slug/"),
            ("04_Intake_MVP_Spec.md", "NNN-slug-MVP-slug"),
        ] {
            assert_eq!(file_form(path), form, "{path}");
        }
    }

    #[test]
    fn forms_of_ids() {
        for (id, form) in
            [("SPEC-012b", "SPEC-NNN"), ("SPEC-XXX", "SPEC-NNN"), ("KEP-NNNN", "KEP-NNN"), ("1559", "NNN")]
        {
            assert_eq!(id_form(id), form);
        }
    }

    #[test]
    fn forms_of_numbers() {
        for (numbering, form) in
            [("7)", "1)"), ("12.", "1."), ("4.1", "1.1"), ("§3", "§1"), ("IV.", "I."), ("", UNNUMBERED)]
        {
            assert_eq!(numbering_form(numbering), form);
        }
    }

    #[test]
    fn forms_of_titles() {
        for (title, form) in [
            ("SPEC-005: Store credit", "SPEC-NNN: Title"),
            ("SPEC-005 — Store credit", "SPEC-NNN — Title"),
            ("Store credit (SPEC-005)", "Title (SPEC-NNN)"),
            ("Store credit", "Title"),
        ] {
            let ids: Vec<(Span, SpecId)> =
                crate::ids_in(title).into_iter().map(|(range, id)| (Span::from(range), id)).collect();
            assert_eq!(form_of_title(title, Span::new(0, title.len()), &ids), form);
        }
    }
}
