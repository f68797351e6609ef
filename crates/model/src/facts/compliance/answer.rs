//! What the words of a status or of a verdict mean.

use super::{Answer, VerdictClass};

/// What a status cell answers.
pub(super) fn answer_of(text: &str) -> Answer {
    leading_answer(text).map_or(Answer::Other, |(answer, _)| answer)
}

/// The answer that a text begins with, and the length of its words in bytes.
pub(super) fn leading_answer(text: &str) -> Option<(Answer, usize)> {
    let marks = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '(' | '[');
    let bare = text.trim_start_matches(marks);
    let lead = text.len() - bare.len();
    if let Some((answer, sign)) = sign_in_front(bare) {
        let behind = bare[sign..].trim_start_matches(marks);
        let gap = bare.len() - behind.len();
        // "✅ N/A" says more than the sign; "✅ No new identifiers" does not.
        let word = word_in_front(behind).filter(|(word, _)| *word == Answer::NotApplicable);
        return Some(match word {
            Some((word, length)) => (word, lead + gap + length),
            None => (answer, lead + sign),
        });
    }
    let symbols = bare.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric() || c == ' ');
    let lead = lead + bare.len() - symbols.len();
    word_in_front(symbols).map(|(answer, length)| (answer, lead + length))
}

fn sign_in_front(text: &str) -> Option<(Answer, usize)> {
    const SIGNS: &[(&str, Answer)] = &[
        ("✅", Answer::Pass),
        ("☑", Answer::Pass),
        ("✔", Answer::Pass),
        ("✓", Answer::Pass),
        ("🟢", Answer::Pass),
        ("👍", Answer::Pass),
        ("❌", Answer::Fail),
        ("✗", Answer::Fail),
        ("✘", Answer::Fail),
        ("🔴", Answer::Fail),
        ("⛔", Answer::Fail),
        ("🚫", Answer::Fail),
        ("⚠", Answer::Partial),
        ("🟡", Answer::Partial),
        ("🟠", Answer::Partial),
        ("⏳", Answer::Pending),
        ("🔄", Answer::Pending),
        ("⏸", Answer::Pending),
        ("🚧", Answer::Pending),
        ("⬜", Answer::Pending),
        ("☐", Answer::Pending),
        ("➖", Answer::NotApplicable),
    ];
    let (sign, answer) = SIGNS.iter().find(|(sign, _)| text.starts_with(sign))?;
    let behind = text[sign.len()..].chars().next().filter(|c| *c == '\u{fe0f}').map_or(0, char::len_utf8);
    Some((*answer, sign.len() + behind))
}

fn word_in_front(text: &str) -> Option<(Answer, usize)> {
    // Longer phrases stand before the words that they begin with.
    const WORDS: &[(&str, Answer)] = &[
        ("non-compliant", Answer::Fail),
        ("non compliant", Answer::Fail),
        ("noncompliant", Answer::Fail),
        ("not compliant", Answer::Fail),
        ("not applicable", Answer::NotApplicable),
        ("not affected", Answer::NotApplicable),
        ("not relevant", Answer::NotApplicable),
        ("not yet", Answer::Pending),
        ("not started", Answer::Pending),
        ("not met", Answer::Fail),
        ("partially", Answer::Partial),
        ("partial", Answer::Partial),
        ("mostly", Answer::Partial),
        ("conditional", Answer::Partial),
        ("conditionally", Answer::Partial),
        ("mixed", Answer::Partial),
        ("n/a", Answer::NotApplicable),
        ("n.a.", Answer::NotApplicable),
        ("na", Answer::NotApplicable),
        ("out of scope", Answer::NotApplicable),
        ("failed", Answer::Fail),
        ("fails", Answer::Fail),
        ("fail", Answer::Fail),
        ("violation", Answer::Fail),
        ("violated", Answer::Fail),
        ("missing", Answer::Fail),
        ("gap", Answer::Fail),
        ("no", Answer::Fail),
        ("will comply", Answer::Pending),
        ("to verify", Answer::Pending),
        ("to be verified", Answer::Pending),
        ("to be confirmed", Answer::Pending),
        ("to be done", Answer::Pending),
        ("to do", Answer::Pending),
        ("todo", Answer::Pending),
        ("tbd", Answer::Pending),
        ("verify later", Answer::Pending),
        ("verify", Answer::Pending),
        ("pending", Answer::Pending),
        ("deferred", Answer::Pending),
        ("planned", Answer::Pending),
        ("open", Answer::Pending),
        ("required", Answer::Pending),
        ("in progress", Answer::Pending),
        ("follow-up", Answer::Pending),
        ("follow up", Answer::Pending),
        ("needs", Answer::Pending),
        ("later", Answer::Pending),
        ("fully compliant", Answer::Pass),
        ("compliant by design", Answer::Pass),
        ("compliant", Answer::Pass),
        ("complies", Answer::Pass),
        ("complied", Answer::Pass),
        ("passed", Answer::Pass),
        ("passes", Answer::Pass),
        ("pass", Answer::Pass),
        ("done", Answer::Pass),
        ("yes", Answer::Pass),
        ("ok", Answer::Pass),
        ("okay", Answer::Pass),
        ("met", Answer::Pass),
        ("satisfied", Answer::Pass),
        ("satisfies", Answer::Pass),
        ("complete", Answer::Pass),
        ("completed", Answer::Pass),
        ("implemented", Answer::Pass),
        ("covered", Answer::Pass),
        ("resolved", Answer::Pass),
        ("addressed", Answer::Pass),
        ("verified", Answer::Pass),
        ("confirmed", Answer::Pass),
        ("preserved", Answer::Pass),
        ("aligned", Answer::Pass),
        ("clean", Answer::Pass),
        ("safe", Answer::Pass),
        ("true", Answer::Pass),
        ("fixed", Answer::Pass),
    ];
    // These begin sentences as well ("No form is logged", "Open the dialog").
    const ALONE: &[&str] =
        &["no", "na", "open", "required", "missing", "gap", "needs", "met", "safe", "clean", "fixed"];
    let ends = |word: &str| !text[word.len()..].trim_start().starts_with(char::is_alphanumeric);
    let (word, answer) =
        WORDS.iter().find(|(word, _)| begins_with(text, word) && (!ALONE.contains(word) || ends(word)))?;
    // `Pass / Fail` is the template's choice, not an answer.
    let rest = text[word.len()..].trim_start();
    let unmade = rest.strip_prefix('/').is_some_and(|other| {
        let other = other.trim_start();
        let opposed =
            |meaning: Answer| meaning != *answer && (meaning == Answer::Fail || *answer == Answer::Fail);
        WORDS.iter().any(|(word, meaning)| opposed(*meaning) && begins_with(other, word))
    });
    if unmade {
        return None;
    }
    let conditional = *answer == Answer::Pass
        && ["with conditions", "with caveats", "with exception", "once ", "pending", "if "]
            .iter()
            .any(|lead| begins_with(rest.trim_start_matches(['(', '—', '–', ' ']), lead.trim_end()));
    Some((if conditional { Answer::Partial } else { *answer }, word.len()))
}

/// Whether a text begins with a word or phrase in any case, and the word ends there.
pub(super) fn begins_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
        && !text[word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// What kind of verdict a text gives.
pub(super) fn verdict_class(text: &str) -> VerdictClass {
    let said = text.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let said =
        said.strip_prefix("verdict").map_or(said.as_str(), |rest| rest.trim_start_matches([':', ' ', '—']));
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let unmade = has(&["fully compliant / ", "compliant / non", "approved / "]);
    if unmade {
        return VerdictClass::Other;
    }
    if said.starts_with("fully compliant") {
        return VerdictClass::FullyCompliant;
    }
    let granted = ["approved", "compliant", "ready", "pass"].iter().any(|word| said.starts_with(word));
    let denied = granted
        || has(&["no non-compliant", "zero non-compliant", "no blocked", "not blocked", "0 non-compliant"]);
    let refused = [
        "non-compliant",
        "noncompliant",
        "not compliant",
        "not approved",
        "not ready",
        "blocked",
        "rejected",
        "needs revision",
        "needs rework",
        "needs spec updates",
        "must be resolved before",
    ];
    if !denied && has(&refused) {
        return VerdictClass::NonCompliant;
    }
    let conditions = [
        "conditional",
        "with conditions",
        "partial",
        "approved with",
        "pending",
        "subject to",
        "provided that",
        "provided the",
        " once ",
        "compliant if",
        "approved if",
        "with caveats",
        "with notes",
    ];
    if has(&conditions) {
        return VerdictClass::Conditional;
    }
    if has(&["fully compliant", "full compliance"]) {
        return VerdictClass::FullyCompliant;
    }
    if has(&["approved", "ready", "compliant", "pass", "complies", "implemented"]) {
        return VerdictClass::Approved;
    }
    VerdictClass::Other
}
