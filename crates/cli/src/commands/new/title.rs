//! The title of a new spec, in the form of the template's.

use super::fill::Known;
use trueup_template::{TokenKind, tokens_in};

/// Marks between an ID and a title.
const SEPARATORS: [char; 6] = [':', '-', '–', '—', '.', ' '];

/// The first-level heading: the template's words with ID and title in the place of what stands for them.
/// `id_form` is the ID in the template's title (`SPEC-XXX`).
pub(super) fn titled(template: &str, id_form: Option<&str>, known: &Known<'_>) -> String {
    let title = escaped(known.title);
    if let Some(form) = id_form
        && let Some(at) = template.find(form)
    {
        let (before, after) = (&template[..at], &template[at + form.len()..]);
        let bare = after.trim_start_matches(SEPARATORS);
        let rest = with_title(bare, &title, known);
        let Some(number) = known.number else {
            // Specs of this set are not numbered, whatever the template's title says.
            return format!("{before}{rest}");
        };
        let separator = &after[..after.len() - bare.len()];
        let separator = if separator.trim().is_empty() { ": " } else { separator };
        let digits = tokens_in(form).into_iter().find(|token| token.kind == TokenKind::Number);
        let prefix = digits.map_or("", |token| &form[..token.range.start]);
        return format!("{before}{prefix}{number}{separator}{rest}");
    }
    let text = with_title(template, &title, known);
    match known.number {
        Some(_) if known.id_in_title && !text.contains(known.id) => format!("{}: {text}", known.id),
        _ => text,
    }
}

/// The title in the place of the placeholder that stands for it; in place of everything where there is none.
fn with_title(template: &str, title: &str, known: &Known<'_>) -> String {
    let tokens = tokens_in(template);
    let Some(chosen) = tokens.iter().find(|token| !matches!(token.kind, TokenKind::Number | TokenKind::Date))
    else {
        let number = tokens.iter().find(|token| token.kind == TokenKind::Number).zip(known.number);
        return match number {
            Some((token, number)) => format!(
                "{}{number}{}{title}",
                &template[..token.range.start],
                separator(template, token.range.end)
            ),
            None => title.to_owned(),
        };
    };
    let mut out = String::new();
    let mut done = 0;
    for token in &tokens {
        let value = match token.kind {
            _ if token == chosen => title.to_owned(),
            TokenKind::Date => known.today.to_string(),
            TokenKind::Number => match known.number {
                Some(number) => number.to_owned(),
                None => continue,
            },
            _ => continue,
        };
        out.push_str(&template[done..token.range.start]);
        out.push_str(&value);
        done = token.range.end;
    }
    out.push_str(&template[done..]);
    out
}

/// The marks behind a number, such as `. `.
fn separator(template: &str, at: usize) -> &str {
    let rest = &template[at..];
    let marks = rest.len() - rest.trim_start_matches(SEPARATORS).len();
    if marks == 0 { ": " } else { &rest[..marks] }
}

/// A title as Markdown: what would be read as a tag is escaped.
fn escaped(title: &str) -> String {
    title.replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_model::{Date, StatusWords};

    #[test]
    fn every_form_of_title_is_filled() {
        let words = StatusWords::default();
        let known = |number: Option<&'static str>, id_in_title| Known {
            title: "Order <returns>",
            id: if number.is_some() { "SPEC-007" } else { "2026-08-07-order-returns" },
            number,
            id_in_title,
            today: Date { year: 2026, month: 8, day: 7 },
            words: &words,
        };
        for (template, form, number, wanted) in [
            ("SPEC-XXX: [Title]", Some("SPEC-XXX"), Some("007"), "SPEC-007: Order &lt;returns>"),
            ("SPEC-XXX: [Title]", Some("SPEC-XXX"), None, "Order &lt;returns>"),
            (
                "KEP-NNNN: Your short, descriptive title",
                Some("KEP-NNNN"),
                Some("5123"),
                "KEP-5123: Order &lt;returns>",
            ),
            ("<Spec title>", None, None, "Order &lt;returns>"),
            (
                "Feature Specification: [FEATURE NAME]",
                None,
                None,
                "Feature Specification: Order &lt;returns>",
            ),
            ("NNNN. Title", None, Some("0007"), "0007. Order &lt;returns>"),
            ("Design document", None, None, "Order &lt;returns>"),
        ] {
            assert_eq!(titled(template, form, &known(number, false)), wanted, "{template}");
        }
        assert_eq!(titled("[Title]", None, &known(Some("007"), true)), "SPEC-007: Order &lt;returns>");
    }
}
