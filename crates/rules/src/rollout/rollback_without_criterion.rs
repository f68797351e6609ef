use crate::asked::{first_line, holds_placeholder, says_nothing, speaks_of};
use crate::wording::content_words;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_text::Span;

declare_rule! {
    ROLLBACK_WITHOUT_CRITERION = "rollback-without-criterion" in "rollout", page "rollback_without_criterion.md",
    "the rollback plan does not say when to go back",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let rollout = &spec.facts.rollout;
        let Some(rollback) = rollout.rollback.as_ref().filter(|text| !says_nothing(&text.text)) else {
            continue;
        };
        out.looked_at(1);
        let source = rollback.span.text(cx.text());
        if !rollout.criteria.is_empty() || holds_placeholder(source) {
            continue;
        }
        let conditions = conditions(source);
        if conditions.iter().any(|span| can_be_seen(span.text(source))) {
            continue;
        }
        let (span, message) = match conditions.first() {
            Some(at) => {
                let span = at.shifted(rollback.span.start as usize);
                (span, format!("“{}” does not tell when to go back", at.text(source)))
            }
            None => (first_line(cx, rollback.span), "nothing tells when to go back".to_owned()),
        };
        let report = Report::new(first_line(cx, span), message)
            .hint("name what is seen then: a smoke check that fails, an error rate above a number, a metric")
            .subject("rollback");
        // Where the template asks for criteria, the author was told.
        let asked = speaks_of(cx, "rollout", "criteri");
        out.push(if asked { report } else { report.at_most(Level::Info) });
    }
}

/// A plan that somebody can follow in the night is shorter.
const LONGEST: usize = 8000;

/// The clauses that begin with "when", "if" and the like.
fn conditions(source: &str) -> Vec<Span> {
    const WORDS: &[&str] =
        &["when", "if", "once", "as soon as", "whenever", "should", "upon", "on any", "in case"];
    // ASCII only, so that places in the lower-case text are places in the text.
    let mut end = source.len().min(LONGEST);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let lower = source[..end].to_ascii_lowercase();
    let mut out: Vec<Span> = Vec::new();
    for word in WORDS {
        for (at, _) in lower.match_indices(word) {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let inside =
                letter(lower[..at].chars().next_back()) || letter(lower[at + word.len()..].chars().next());
            if inside || out.iter().any(|span| span.contains_offset(at as u32)) {
                continue;
            }
            let length = lower[at..].find([',', ';', ':', '\n']).unwrap_or(lower.len() - at);
            let length = lower[at..at + length].find(". ").unwrap_or(length);
            out.push(Span::new(at, at + length).trimmed(source));
        }
    }
    out.sort_by_key(|span| span.start);
    out
}

/// Whether a condition names something that is seen, and not only that something is wrong.
fn can_be_seen(clause: &str) -> bool {
    const VAGUE: &[&str] = &[
        "anything",
        "case",
        "critical",
        "goe",
        "happen",
        "instability",
        "issu",
        "major",
        "necessary",
        "need",
        "needed",
        "problem",
        "required",
        "requir",
        "rollback",
        "roll",
        "serious",
        "severe",
        "sever",
        "should",
        "someth",
        "something",
        "thing",
        "wrong",
        "unexpect",
        "trouble",
        "break",
        "bad",
        "bug",
        "ever",
        "whenever",
        "soon",
        "once",
        "upon",
        "unforeseen",
        "aris",
        "arise",
        "occur",
        "occurs",
        "detect",
        "found",
        "deploy",
        "releas",
        "behavior",
        "behaviour",
    ];
    content_words(clause).iter().filter(|word| !VAGUE.contains(&word.as_str())).count() >= 2
}
