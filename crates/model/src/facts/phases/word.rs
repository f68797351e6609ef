//! Words that name a part of a plan.

/// Parts that a plan is cut into.
const PHASES: &[&str] = &[
    "phase",
    "subphase",
    "story",
    "workstream",
    "slice",
    "milestone",
    "stage",
    "sprint",
    "iteration",
    "wave",
    "increment",
    "week",
    "part",
    "batch",
    "tranche",
    "epic",
    "track",
    "pr",
];

/// Parts that stand in a phase, or in a plan that has no phases.
const STEPS: &[&str] = &["step", "task"];

/// What a title or the front of a line names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Names {
    /// `Phase 2 — Settings`
    Phase,
    /// `Step 2.1: Migration`
    Step,
}

/// What a text names, if it begins with such a word and a number or letter.
pub(super) fn names(text: &str) -> Option<Names> {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    if !may_name(bare) {
        return None;
    }
    let lower: String = bare.chars().take(24).collect::<String>().to_lowercase();
    let lower = lower.strip_prefix("sub-").or_else(|| lower.strip_prefix("sub ")).unwrap_or(&lower);
    let end = lower.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(lower.len());
    let word = &lower[..end];
    let found = if PHASES.contains(&word) {
        Names::Phase
    } else if STEPS.contains(&word) {
        Names::Step
    } else {
        return None;
    };
    let rest = lower[end..].strip_prefix([' ', '\u{a0}'])?;
    is_number(rest.split([' ', ':', ')', '(', '—', '–', '*']).next().unwrap_or("")).then_some(found)
}

/// Whether a text may begin with one of the words: nearly all texts do not, and need not be taken apart.
fn may_name(text: &str) -> bool {
    let length = text.bytes().take(LONGEST + 1).take_while(u8::is_ascii_alphabetic).count();
    let first = text.bytes().next().map(|byte| byte.to_ascii_lowercase());
    (2..=LONGEST).contains(&length)
        && matches!(first, Some(b'b' | b'e' | b'i' | b'm' | b'p' | b's' | b't' | b'w'))
}

/// The longest of the words, in letters.
const LONGEST: usize = 10;

/// Whether a heading outside a plan names a phase of its own: `Phase 2`, `Phase 2 — Settings`; not
/// "Phase 2 screens" or "Part B".
pub(super) fn stands_alone(title: &str) -> bool {
    const WORDS: &[&str] = &["phase", "workstream", "milestone", "slice", "sprint", "story"];
    let bare = title.trim_start_matches(|c: char| !c.is_alphabetic());
    let word = bare.split_whitespace().next().unwrap_or("");
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
        && names(bare) == Some(Names::Phase)
        && is_set_off(bare)
}

/// Whether a mark stands behind the number (`Phase 2: …`, `Step 3 — …`), or nothing at all: in "Phase 2 is
/// done" it is part of a sentence.
pub(super) fn is_set_off(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let mut words = bare.split_whitespace();
    let number = words.nth(1).unwrap_or("");
    let behind = words.next().unwrap_or("");
    number.ends_with([':', '.', ')', '—', '–'])
        || behind.is_empty()
        || behind.starts_with(['—', '–', '-', ':', '('])
}

/// `2`, `2.1`, `A`, `B3`, `2b`, `IV`; the number of a phase and no word.
fn is_number(text: &str) -> bool {
    let bare = text.trim_end_matches(['.', ',', ';']);
    let digit = bare.contains(|c: char| c.is_ascii_digit());
    let plain = bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '+'));
    let roman = bare.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    !bare.is_empty() && plain && bare.len() <= 7 && (digit || bare.len() == 1 || roman)
}

/// Labels of lists that say something about a phase but are none of its steps.
pub(super) fn is_beside(words: &str) -> bool {
    const BESIDE: &[&str] = &[
        "goal",
        "goals",
        "test",
        "tests",
        "testing",
        "testable",
        "files",
        "file",
        "exit",
        "acceptance",
        "validation",
        "verification",
        "verify",
        "risk",
        "risks",
        "dependencies",
        "depends",
        "prerequisites",
        "prerequisite",
        "outcome",
        "outcomes",
        "success",
        "gate",
        "gates",
        "ship",
        "rollback",
        "out",
        "note",
        "notes",
        "why",
        "rationale",
        "manual",
        "qa",
        "definition",
        "effort",
        "estimate",
        "checkpoint",
        "invariants",
        "non",
        "not",
        "deferred",
        "references",
        "open",
        "touched",
        "unit",
        "integration",
        "coverage",
        "done",
    ];
    words.split(' ').next().is_some_and(|first| BESIDE.contains(&first))
}
