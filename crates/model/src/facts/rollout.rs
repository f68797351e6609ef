//! Staging, soak, production and rollback.

use super::item::{is_none, is_unfilled};
use super::reader::Reader;
use super::support::{Piece, Text, Turn, is_templates, pieces, said, sentences};
use trueup_text::Span;

/// How the work reaches its users.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    /// What happens in staging.
    pub staging: Option<Text>,
    /// What happens in production.
    pub production: Option<Text>,
    /// When and how to go back.
    pub rollback: Option<Text>,
    /// The soak window as written.
    pub soak: Option<Text>,
    /// The soak window in minutes.
    pub soak_minutes: Option<u32>,
    /// The first cohort as written.
    pub cohort: Option<Text>,
    /// Rollback criteria that can be told: a number with a sign, a named metric, a failing smoke check.
    pub criteria: Vec<Text>,
    /// The section's title, where there is such a section.
    pub section: Option<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Any,
    Staging,
    Production,
    Rollback,
    Soak,
    Cohort,
}

/// Reads the rollout plan.
pub(crate) fn read(reader: &Reader<'_>) -> Rollout {
    let mut out = Rollout::default();
    let sections = reader.sections("rollout");
    let Some(first) = sections.first() else { return out };
    let document = reader.document;
    out.section = Some(document.section(*first).title_span);
    let inside: Vec<_> = sections.iter().flat_map(|id| reader.territory(*id)).collect();
    let of_title = |id| match inside.binary_search(&id) {
        Ok(_) => Turn::Opens(topic_of(&document.section(id).normal.core).unwrap_or(Topic::Any)),
        Err(_) => Turn::Leaves,
    };
    let mut all: Vec<Text> = Vec::new();
    for found in pieces(reader, of_title, topic_of) {
        let text = match found.piece {
            Piece::Value(text) => text,
            Piece::Paragraph(node) | Piece::Item(_, node) => Text::of(document, node),
            _ => continue,
        };
        // Labels of other sections (`**Staging:**` in a test plan) are not meant.
        let here = reader.sections_contain("rollout", text.span);
        if !here || is_unfilled(&text.text) || is_templates(reader, text.span) {
            continue;
        }
        put(reader.text(), &mut out, found.topic, text.clone());
        all.push(text);
    }
    for text in &all {
        soak_of(reader.text(), text, &mut out);
        cohort_of(reader.text(), text, &mut out);
    }
    out
}

fn topic_of(label: &str) -> Option<Topic> {
    let begins = |w: &str| label.strip_prefix(w).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let any = |words: &[&str]| words.iter().any(|w| begins(w));
    if any(&["staging", "pre production", "preproduction"]) {
        Some(Topic::Staging)
    } else if any(&["production", "prod"]) {
        Some(Topic::Production)
    } else if any(&[
        "rollback",
        "roll back",
        "rollbacks",
        "revert",
        "reverting",
        "rollback plan",
        "rollback criteria",
        "rollback trigger",
    ]) {
        Some(Topic::Rollback)
    } else if any(&["soak", "soak window", "soak time", "soaking"]) {
        Some(Topic::Soak)
    } else if any(&["cohort", "cohorts", "first cohort", "cohort rollout", "audience"]) {
        Some(Topic::Cohort)
    } else {
        None
    }
}

fn put(source: &str, out: &mut Rollout, topic: Topic, text: Text) {
    match topic {
        Topic::Staging => add(&mut out.staging, text),
        Topic::Production => add(&mut out.production, text),
        Topic::Rollback => {
            out.criteria.extend(criteria_of(source, &text));
            add(&mut out.rollback, text);
        }
        Topic::Soak if !is_none(&text.text) => {
            out.soak_minutes = out.soak_minutes.or_else(|| minutes_in(&text.text, 0));
            add(&mut out.soak, text);
        }
        Topic::Cohort if !is_none(&text.text) => add(&mut out.cohort, text),
        _ => {}
    }
}

/// Several bullets under one label are one text.
fn add(slot: &mut Option<Text>, text: Text) {
    match slot {
        None => *slot = Some(text),
        Some(there) => {
            there.text.push(' ');
            there.text.push_str(&text.text);
            there.span = there.span.cover(text.span);
        }
    }
}

/// The sentence that says how long it soaks.
fn soak_of(source: &str, text: &Text, out: &mut Rollout) {
    if out.soak.is_some() {
        return;
    }
    let written = text.span.text(source);
    for sentence in sentences(written) {
        let told = sentence.text(written);
        let Some(at) = find_word(told, "soak").or_else(|| find_word(told, "observe for")) else { continue };
        let Some(minutes) = minutes_in(told, at) else { continue };
        out.soak_minutes = Some(minutes);
        out.soak = Some(text_at(source, sentence.shifted(text.span.start as usize)));
        return;
    }
}

/// The sentence about whom it reaches first.
fn cohort_of(source: &str, text: &Text, out: &mut Rollout) {
    if out.cohort.is_some() {
        return;
    }
    let written = text.span.text(source);
    let sentence = sentences(written).into_iter().find(|sentence| {
        let told = sentence.text(written).to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| told.contains(w));
        has(&["cohort", "canary", "% of tenants", "% of traffic"])
            || has(&["first", "then"]) && has(&["tenant", "customer", "user"])
    });
    out.cohort = sentence.map(|s| text_at(source, s.shifted(text.span.start as usize)));
}

fn text_at(source: &str, span: Span) -> Text {
    Text { text: said(span.text(source)), span }
}

fn find_word(text: &str, word: &str) -> Option<usize> {
    // ASCII only, so that places in the lower-case text are places in the text.
    text.to_ascii_lowercase().find(word)
}

/// A length of time in a text: the first behind a place, else the last in front of it.
pub(crate) fn minutes_in(text: &str, from: usize) -> Option<u32> {
    let found = durations(text);
    let behind = found.iter().find(|(at, _)| *at >= from);
    behind.or_else(|| found.iter().rev().find(|(at, _)| *at < from)).map(|(_, minutes)| *minutes)
}

/// All lengths of time in a text: `30 minutes`, `1,440 min`, `24h`, `2-hour`, `a day`, `half an hour`.
fn durations(text: &str) -> Vec<(usize, u32)> {
    let lower = without_thousands_commas(&text.to_ascii_lowercase());
    let words = words_with_places(&lower);
    let mut out = Vec::new();
    for (at, (place, word)) in words.iter().enumerate() {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let glued = &word[digits..];
        let next = words.get(at + 1).map_or("", |(_, w)| *w);
        let amount = match word[..digits].parse::<u32>() {
            Ok(number) => number,
            Err(_) => match named_number(word) {
                Some(number) => number,
                None => continue,
            },
        };
        let unit = if digits > 0 && !glued.is_empty() { glued } else { next };
        let half = *word == "half";
        let unit =
            if half && matches!(unit, "a" | "an") { words.get(at + 2).map_or("", |(_, w)| *w) } else { unit };
        if let Some(minutes) = unit_minutes(unit).and_then(|m| m.checked_mul(amount)) {
            out.push((*place, if half { minutes / 2 } else { minutes }));
        }
    }
    out
}

/// `1,440` as `1440` with a space behind it, so that places stay.
fn without_thousands_commas(text: &str) -> String {
    let mut out: Vec<char> = text.chars().collect();
    for at in 1..out.len().saturating_sub(3) {
        let digits = out[at + 1..at + 4].iter().all(char::is_ascii_digit);
        let longer = out.get(at + 4).is_some_and(char::is_ascii_digit);
        if out[at] == ',' && out[at - 1].is_ascii_digit() && digits && !longer {
            out[at..at + 4].rotate_left(1);
            out[at + 3] = ' ';
        }
    }
    out.into_iter().collect()
}

/// Words with their places.
fn words_with_places(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    out
}

fn named_number(word: &str) -> Option<u32> {
    let number = match word {
        "a" | "an" | "one" | "half" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "ten" => 10,
        "twelve" => 12,
        "fifteen" => 15,
        "twenty" => 20,
        "thirty" => 30,
        "sixty" => 60,
        "ninety" => 90,
        _ => return None,
    };
    Some(number)
}

fn unit_minutes(unit: &str) -> Option<u32> {
    match unit {
        "m" | "min" | "mins" | "minute" | "minutes" => Some(1),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(60),
        "d" | "day" | "days" => Some(24 * 60),
        "w" | "week" | "weeks" => Some(7 * 24 * 60),
        _ => None,
    }
}

/// What can be told of the criteria for going back, clause by clause.
fn criteria_of(source: &str, text: &Text) -> Vec<Text> {
    let written = text.span.text(source);
    let mut out = Vec::new();
    for sentence in sentences(written) {
        for clause in clauses(sentence.text(written)) {
            let place = clause.shifted(sentence.start as usize + text.span.start as usize);
            let clause = text_at(source, place);
            if can_be_told(place.text(source), &clause.text) {
                out.push(clause);
            }
        }
    }
    out
}

/// A sentence at its commas and its "or".
fn clauses(sentence: &str) -> Vec<Span> {
    let mut cuts = vec![0];
    for joint in [", ", " or "] {
        cuts.extend(sentence.match_indices(joint).map(|(at, found)| at + found.len()));
    }
    cuts.push(sentence.len());
    cuts.sort_unstable();
    let spans = cuts.windows(2).map(|w| {
        let part = &sentence[w[0]..w[1]];
        let kept = part.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.'));
        let kept = kept.strip_suffix(" or").unwrap_or(kept);
        Span::new(w[0], w[0] + kept.len())
    });
    spans.filter(|s| !s.is_empty()).collect()
}

/// A comparison with a number, a metric by name that moves, a smoke check that fails.
fn can_be_told(source: &str, plain: &str) -> bool {
    let lower = plain.to_lowercase();
    let number = lower.bytes().any(|b| b.is_ascii_digit());
    let compared = [
        "exceed",
        "above",
        "below",
        "over ",
        "under ",
        " than ",
        "at least",
        "falls",
        "drops",
        "rises",
        "reaches",
        "greater",
        "higher",
        "lower",
        "within",
        "beyond",
        "surpass",
        ">",
        "<",
        "≥",
        "≤",
        "twice the",
        "twice as",
        "doubles",
    ];
    let compares = compared.iter().any(|w| lower.contains(w));
    let fails =
        ["fail", "red", "error", "break", "does not pass", "not green"].iter().any(|w| lower.contains(w));
    let smoke =
        ["smoke", "golden path", "health check", "healthcheck", "slo"].iter().any(|w| lower.contains(w));
    let metric = source.contains('`') && (compares || fails) && named_metric(source);
    compares && (number || lower.contains("twice ") || lower.contains("doubles")) || smoke && fails || metric
}

/// Whether a text names a metric in code (`orders.errors`, `p95_latency`).
fn named_metric(source: &str) -> bool {
    source.split('`').skip(1).step_by(2).any(|code| {
        !code.contains([' ', '/'])
            && code.contains(['.', '_'])
            && code.starts_with(|c: char| c.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let r =
            facts_of(&format!("# T\n## 11) Rollout plan\n{text}\n## Other\n**Staging:** z\n"), "governance")
                .rollout;
        let mut found: Vec<String> = Vec::new();
        let texts =
            [("s", r.staging), ("p", r.production), ("r", r.rollback), ("soak", r.soak), ("c", r.cohort)];
        found.extend(texts.into_iter().filter_map(|(name, t)| Some(format!("{name} {}", t?.text))));
        found.extend(r.soak_minutes.map(|m| format!("{m} min")));
        found.extend(r.criteria.iter().map(|c| format!("? {}", c.text)));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn paragraphs_bullets_headings() {
        check(
            "**Staging:** Deploys; it soaks for 30 minutes.  \n**Production:** By hand. A tenant cohort first.\n**Rollback:** When errors exceed 1 %, or smoke fails, switch `a` off.",
            &[
                "s Deploys; it soaks for 30 minutes.",
                "p By hand. A tenant cohort first.",
                "r When errors exceed 1 %, or smoke fails, switch a off.",
                "soak it soaks for 30 minutes.",
                "c A tenant cohort first.",
                "30 min",
                "? When errors exceed 1 %",
                "? smoke fails",
            ],
        );
        check("- **Staging**: a\n- **Rollback** — b", &["s a", "r b"]);
        check(
            "### Staging\na\n### Production\n- b\n- c\n### Soak window\n2 hours",
            &["s a", "p b c", "soak 2 hours", "120 min"],
        );
        check("N/A — a library", &[]);
        check("", &[]);
    }

    #[test]
    fn what_the_template_left_is_no_plan() {
        let text = trueup_template::builtin_text("governance").unwrap_or_default();
        let rollout = facts_of(text, "governance").rollout;
        assert!(rollout.section.is_some() && rollout.staging.is_none() && rollout.criteria.is_empty());
        assert!(rollout.production.is_none() && rollout.rollback.is_none() && rollout.soak.is_none());
    }

    #[test]
    fn lengths_of_time() {
        for (text, minutes) in [
            ("soak for 30 minutes", Some(30)),
            ("soak 24h", Some(1440)),
            ("a 2-hour soak", Some(120)),
            ("soaks for half an hour", Some(30)),
            ("soak for a day", Some(1440)),
            ("soaks until the release, at least 1,440 minutes", Some(1440)),
            ("two hours", Some(120)),
            ("90 min", Some(90)),
            ("soaks for a while", None),
            ("soak 99999999999 h and 4294967295 weeks", None),
            ("", None),
        ] {
            assert_eq!(minutes_in(text, 0), minutes, "{text}");
        }
        assert_eq!(minutes_in("In 5 minutes it soaks for 60 minutes", 13), Some(60));
        assert_eq!(minutes_in("60 minutes of soak", 14), Some(60));
    }

    #[test]
    fn criteria_that_can_be_told() {
        for (text, told) in [
            ("success on `POST /a` falls below 99 %", true),
            ("p95 > 400 ms", true),
            ("a smoke check fails", true),
            ("`orders.errors.rate` rises", true),
            ("a buyer is refunded twice", false),
            ("something feels wrong", false),
            ("deploy the build before", false),
        ] {
            assert_eq!(can_be_told(text, &said(text)), told, "{text}");
        }
    }
}
