use super::clip;
use trueup_finding::{FileCx, Fix, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{State, StatusWords};
use trueup_template::{Schema, ValueSpec, tokens_in};
use trueup_text::{Edit, Span};

declare_rule! {
    UNKNOWN_STATUS = "unknown-status" in "lifecycle", page "unknown_status.md",
    "the status of a spec is a word that no state is known for",
    Specs, Levels::ERROR, check
}

/// From this likeness on, a word is a known one misspelt. `Approval` and `approved` are at 0.75.
const MISSPELT: f64 = 0.8;

/// A sentence holds words such as "open" by chance.
const FEW_WORDS: usize = 8;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let (Some(value), Some(span)) = (spec.state.text.as_deref(), spec.state.span) else { continue };
        out.looked_at(1);
        if !spec.state.unknown || is_placeholder(value) {
            continue;
        }
        let options = cx.schema.and_then(status_options).unwrap_or(&[]);
        let source = match cx.sidecar {
            Some(sidecar) if spec.state.in_sidecar => &*sidecar.text,
            _ => cx.text(),
        };
        let words = cx.settings.status_words.words();
        let known = options.iter().map(String::as_str).chain(words);
        let message = format!("the status “{}” is no known state", clip(value, 60));
        let mut report = Report::new(span, message);
        match misspelt(value, known) {
            Some((wrong, right)) => {
                report = report
                    .hint(format!("did you mean “{right}”? Until then the spec is treated as In review"));
                if let Some(edit) = respell(source, span, wrong, &right) {
                    report = report.fix(Fix::risky(format!("write “{right}”"), vec![edit]));
                }
            }
            None => {
                report =
                    report.hint(advice(value, options, &cx.settings.status_words)).at_most(Level::Warning)
            }
        }
        out.push(if spec.state.in_sidecar { report.in_sidecar() } else { report });
    }
}

/// The choices that the template gives for the status.
fn status_options(schema: &Schema) -> Option<&[String]> {
    schema.all_header_fields().find_map(|field| match &field.value {
        ValueSpec::Enum(options) if matches!(field.normal.as_str(), "status" | "state") => {
            Some(options.as_slice())
        }
        _ => None,
    })
}

/// Whether nobody has written a status yet: that is another rule's finding.
fn is_placeholder(value: &str) -> bool {
    tokens_in(value)
        .first()
        .is_some_and(|token| value[..token.range.start].chars().all(|c| !c.is_alphanumeric()))
}

/// The first words of a status and the known ones that they are a misspelling of.
fn misspelt<'v>(value: &'v str, known: impl Iterator<Item = &'v str>) -> Option<(&'v str, String)> {
    let value = value.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut best: Option<(f64, &str, &str)> = None;
    for candidate in known.filter(|c| c.chars().count() >= 4) {
        let Some(head) = first_words(value, candidate.split_whitespace().count()) else { continue };
        let likeness =
            strsim::normalized_damerau_levenshtein(&head.to_lowercase(), &candidate.to_lowercase());
        // "Unaccepted" is no slip of the pen.
        let same_start = head.chars().next().map(char::to_lowercase).map(Iterator::collect::<String>)
            == candidate.chars().next().map(char::to_lowercase).map(Iterator::collect::<String>);
        if same_start && likeness >= MISSPELT && best.is_none_or(|(most, ..)| likeness > most) {
            best = Some((likeness, head, candidate));
        }
    }
    let (_, head, candidate) = best?;
    Some((head, as_written(candidate, head)))
}

/// The first `count` words of a text, without the punctuation behind them.
fn first_words(text: &str, count: usize) -> Option<&str> {
    let mut end = 0;
    for _ in 0..count {
        let rest = &text[end..];
        let lead = rest.len() - rest.trim_start().len();
        let length = rest[lead..].find(char::is_whitespace).unwrap_or(rest.len() - lead);
        if length == 0 {
            return None;
        }
        end += lead + length;
    }
    Some(text[..end].trim_end_matches(|c: char| !c.is_alphanumeric()))
}

/// A known word with a capital where the status has one.
fn as_written(word: &str, model: &str) -> String {
    if !model.starts_with(char::is_uppercase) {
        return word.to_owned();
    }
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn respell(source: &str, span: Span, wrong: &str, right: &str) -> Option<Edit> {
    let at = span.start as usize + span.text(source).find(wrong)?;
    Some(Edit::replace(Span::new(at, at + wrong.len()), right))
}

fn advice(value: &str, options: &[String], words: &StatusWords) -> String {
    let until = "until then the spec is treated as In review";
    if value.split_whitespace().count() <= FEW_WORDS {
        let starts = value
            .char_indices()
            .zip(value.chars().skip(1))
            .filter(|((_, c), next)| !c.is_alphanumeric() && next.is_alphanumeric());
        let mut later: Vec<State> =
            starts.filter_map(|((at, c), _)| words.state_of(&value[at + c.len_utf8()..])).collect();
        later.dedup();
        if let [state] = later.as_slice() {
            return format!(
                "begin the value with the state (“{}”), then say the rest; {until}",
                state.name()
            );
        }
    }
    let states: Vec<&str> = match options {
        [] => State::ALL.iter().map(|s| s.name()).collect(),
        options => options.iter().take(8).map(String::as_str).collect(),
    };
    format!(
        "begin it with {}, or name the word for its state under `[lifecycle.synonyms]` in trueup.toml; {until}",
        states.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_words() {
        let words = StatusWords::default();
        let slip = |value: &str| misspelt(value, words.words()).map(|(_, right)| right);
        for (value, right) in [
            ("Aproved", "Approved"),
            ("imlpemented", "implemented"),
            ("**In reveiw** since May", "In review"),
            ("Drafty", "Draft"),
            ("✅ Compelted (all)", "Completed"),
            ("Superceded by x", "Superseded"),
        ] {
            let source = value.to_owned();
            assert_eq!(misspelt(&source, words.words()).map(|(_, r)| r).as_deref(), Some(right), "{value}");
        }
        for value in [
            "Unaccepted",
            "Incomplete",
            "Approval pending",
            "Specification",
            "Feature Request",
            "Experimental",
            "",
            "—",
        ] {
            assert_eq!(slip(value), None, "{value}");
        }
    }
}
