use crate::support::shorten;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::Item;
use trueup_template::infer_words;
use trueup_text::Span;

declare_rule! {
    ACCEPTANCE_UNTESTABLE = "acceptance-untestable" in "acceptance", page "acceptance_untestable.md",
    "an acceptance bullet says nothing that could be verified",
    Specs, Levels::INFO, check
}

/// Praise: how much of it is enough is left to whoever reads it.
const PRAISE: &[&str] = &[
    "fast",
    "faster",
    "quick",
    "quickly",
    "easy",
    "easily",
    "easier",
    "intuitive",
    "intuitively",
    "user-friendly",
    "seamless",
    "seamlessly",
    "smooth",
    "smoothly",
    "robust",
    "performant",
    "efficient",
    "efficiently",
    "scalable",
    "reasonable",
    "reasonably",
    "acceptable",
    "adequate",
    "adequately",
    "sufficient",
    "sufficiently",
    "appropriate",
    "appropriately",
    "suitable",
    "nice",
    "nicely",
    "good",
    "better",
    "elegant",
    "modern",
    "optimal",
    "flexible",
    "maintainable",
    "convenient",
    "conveniently",
    "pleasant",
    "state-of-the-art",
    "high-quality",
    "sensible",
];

/// Words that stand in for saying what is seen, where nothing else says it.
const FILLERS: &[&str] = &[
    "properly",
    "correctly",
    "gracefully",
    "well",
    "fine",
    "as expected",
    "as intended",
    "as designed",
    "as it should",
];

/// Phrases that leave the end open.
const OPEN_ENDS: &[&str] = &[
    "as needed",
    "if needed",
    "if necessary",
    "where possible",
    "if possible",
    "where appropriate",
    "as appropriate",
    "and so on",
    "and more",
];

/// What somebody does at a desk; nothing is seen of it in the product.
const CHORES: &[&str] = &[
    "improve",
    "optimize",
    "optimise",
    "enhance",
    "investigate",
    "explore",
    "consider",
    "research",
    "polish",
    "streamline",
    "modernize",
    "modernise",
    "rethink",
    "discuss",
    "evaluate",
    "refactor",
];

/// What goes on in somebody's head.
const FEELINGS: &[&str] = &[
    "understand",
    "understands",
    "know",
    "knows",
    "feel",
    "feels",
    "trust",
    "trusts",
    "like",
    "likes",
    "enjoy",
    "enjoys",
    "appreciate",
    "appreciates",
    "believe",
    "believes",
];

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        for item in &spec.facts.acceptance {
            if is_of_template(cx, item) {
                continue;
            }
            out.looked_at(1);
            let Some(problem) = problem(line_of(cx, item), &item.text) else { continue };
            let report = Report::new(place(cx, item, problem.word), problem.message(&item.text))
                .hint(problem.hint)
                .subject(item.text.clone());
            out.push(report);
        }
    }
}

/// The bullet; the whole row where it is a cell of a table, since the measure stands beside it.
fn line_of<'a>(cx: &FileCx<'a>, item: &Item) -> &'a str {
    let text = cx.text();
    let start = item.span.start as usize;
    let line = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    if !text.get(line..start).is_some_and(|before| before.trim_start().starts_with('|')) {
        return item.span.text(text);
    }
    let rest = text.get(line..).unwrap_or("");
    rest.lines().next().unwrap_or("")
}

/// The template's own bullets are for every spec and are not the author's words.
fn is_of_template(cx: &FileCx<'_>, item: &Item) -> bool {
    let Some(schema) = cx.schema else { return false };
    let words = infer_words(&item.text);
    let mut own = schema.sections.iter().flat_map(|s| &s.checklist);
    own.any(|bullet| bullet.normal == words) || schema.leaf(&item.text, &mut String::new()).is_some()
}

/// Why nobody could verify a bullet.
struct Problem {
    /// The word that is to blame, where it is one.
    word: Option<&'static str>,
    why: &'static str,
    hint: &'static str,
}

impl Problem {
    fn message(&self, text: &str) -> String {
        match self.word {
            Some(word) => format!("“{word}” {}", self.why),
            None => format!("“{}” {}", shorten(text, 60), self.why),
        }
    }
}

const SAY_WHAT: &str = "say who does what, and what is seen then";

fn problem(source: &str, text: &str) -> Option<Problem> {
    let lower = text.trim().to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'')
        .filter(|w| !w.is_empty())
        .collect();
    let first = words.first()?;
    let told = is_specific(source);
    if let Some(word) = praise(&words, &lower).filter(|_| !told) {
        let hint = "give a number with its unit, or say what is seen that shows it";
        return Some(Problem { word: Some(word), why: "leaves open how much is enough", hint });
    }
    if let Some(word) = FILLERS.iter().find(|word| has(&lower, word)).filter(|_| !told && words.len() <= 8) {
        let why = "takes the place of what is to be seen";
        return Some(Problem { word: Some(word), why, hint: SAY_WHAT });
    }
    if let Some(word) = OPEN_ENDS.iter().find(|word| has(&lower, word)) {
        let hint = "say in which case, or list all that belongs to it";
        return Some(Problem { word: Some(word), why: "leaves open what belongs to it", hint });
    }
    if let Some(word) = CHORES.iter().find(|word| *word == first).filter(|_| !told) {
        let why = "is something to do, not something that can be seen when it is done";
        return Some(Problem { word: Some(word), why, hint: SAY_WHAT });
    }
    if let Some(word) = FEELINGS.iter().find(|word| words.iter().skip(1).take(3).any(|w| w == *word)) {
        return Some(Problem { word: Some(word), why: "cannot be seen from outside", hint: SAY_WHAT });
    }
    if ["can", "should", "must", "could", "may", "able"].contains(first) {
        let hint = "name who: users, an admin, the API";
        return Some(Problem { word: None, why: "does not say who", hint });
    }
    (words.len() <= 3 && !told && !has_verb(&words)).then_some(Problem {
        word: None,
        why: "is a topic; it does not say what holds of it",
        hint: SAY_WHAT,
    })
}

/// "Fails fast" is a way of working, and a good that is sold is none.
fn praise(words: &[&str], lower: &str) -> Option<&'static str> {
    let found = PRAISE.iter().find(|word| words.contains(word))?;
    let meant = match *found {
        "fast" => !has(lower, "fails fast") && !has(lower, "fail fast") && !has(lower, "fast path"),
        "quick" => !has(lower, "quick action") && !has(lower, "quick actions") && !has(lower, "quick filter"),
        "better" => !has(lower, "better than"),
        _ => true,
    };
    meant.then_some(*found)
}

/// Whether a bullet names something exactly: a number, a text that is shown, a name in code.
fn is_specific(source: &str) -> bool {
    // The ID and the check box in front do not count.
    let said =
        source.split_once(": ").map_or(source, |(head, rest)| if head.len() <= 14 { rest } else { source });
    said.contains(['`', '"', '“', '≤', '≥', '<', '>']) || said.bytes().any(|b| b.is_ascii_digit())
}

fn has_verb(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let ends = word.ends_with("ed")
            || word.ends_with("en")
            || at > 0 && word.ends_with('s') && !word.ends_with("ss");
        let known = [
            "is", "are", "has", "have", "can", "must", "should", "will", "no", "green", "pass", "work",
            "exist", "gone", "done", "built", "kept", "sent", "read", "run", "met", "in", "without",
        ];
        ends || known.contains(word)
    })
}

fn has(lower: &str, phrase: &str) -> bool {
    find(lower, phrase).is_some()
}

/// A word or phrase that is no part of a longer word.
fn find(lower: &str, phrase: &str) -> Option<usize> {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-');
    lower.match_indices(phrase).map(|(at, _)| at).find(|at| {
        !letter(lower[..*at].chars().next_back()) && !letter(lower[at + phrase.len()..].chars().next())
    })
}

/// The word in the document, else the bullet.
fn place(cx: &FileCx<'_>, item: &Item, word: Option<&str>) -> Span {
    // ASCII only, so that places in the lower-case text are places in the text.
    let source = item.span.text(cx.text()).to_ascii_lowercase();
    match word.and_then(|word| find(&source, word).map(|at| (at, word.len()))) {
        Some((at, length)) => Span::new(at, at + length).shifted(item.span.start as usize),
        None => item.span,
    }
}
