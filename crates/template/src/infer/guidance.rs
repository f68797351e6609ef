//! Telling the words that instruct an author from those that are meant to stay.

/// Verbs that begin an instruction.
const IMPERATIVES: &[&str] = &[
    "add",
    "address",
    "answer",
    "ask",
    "avoid",
    "bullet",
    "call",
    "capture",
    "choose",
    "clarify",
    "consider",
    "copy",
    "cover",
    "create",
    "define",
    "delete",
    "describe",
    "detail",
    "discuss",
    "document",
    "enumerate",
    "ensure",
    "explain",
    "fill",
    "give",
    "identify",
    "include",
    "insert",
    "keep",
    "list",
    "make",
    "mention",
    "name",
    "note",
    "omit",
    "outline",
    "pick",
    "provide",
    "put",
    "quote",
    "record",
    "reference",
    "remove",
    "replace",
    "say",
    "show",
    "specify",
    "start",
    "state",
    "summarise",
    "summarize",
    "tell",
    "think",
    "try",
    "use",
    "write",
    "link",
    "point",
    "track",
    "break",
    "mark",
    "spell",
    "set",
];

/// Words that begin a question or a clause that asks.
const ASKING: &[&str] = &[
    "what", "which", "who", "why", "how", "when", "where", "whether", "will", "does", "do", "is", "are",
    "can", "should", "has",
];

/// Why a text of a template tells the author what to write; none where it is meant to stay.
pub(crate) fn instruction(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_start_matches(['*', '_', '>', ' ', '-', '(']);
    let lower = text.to_lowercase();
    for lead in ["tip:", "note:", "hint:", "tip ", "instructions", "guidance:", "example:", "todo:"] {
        if lower.starts_with(lead) {
            return Some("a tip or a note to the author");
        }
    }
    if text.ends_with('?') || text.contains("? ") {
        return Some("a question to the author");
    }
    if sentences(&lower).any(|s| first_word(s).is_some_and(|w| IMPERATIVES.contains(&w))) {
        return Some("an instruction to the author");
    }
    for phrase in [
        "this template",
        "delete this",
        "remove this section",
        "this section should",
        "this section is",
        "one paragraph",
        "must include these",
        "action verbs",
        "is plenty",
        "in your own words",
    ] {
        if lower.contains(phrase) {
            return Some("speaks about the template");
        }
    }
    None
}

/// Why the value of a key only describes what should stand there.
pub(crate) fn describing_value(value: &str) -> Option<&'static str> {
    let lower = value.trim().to_lowercase();
    let words = lower.split_whitespace().count();
    if words < 2 {
        return None;
    }
    let first = first_word(&lower)?;
    if ASKING.contains(&first) && words >= 3 {
        return Some("describes what to write");
    }
    if matches!(first, "exact" | "specific" | "short" | "brief" | "your" | "criteria") && words <= 12 {
        return Some("describes what to write");
    }
    instruction(value)
}

/// Sentences and clauses after a colon: each may begin with a verb.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '!', ';', ':', '\n']).map(str::trim).filter(|s| !s.is_empty())
}

fn first_word(sentence: &str) -> Option<&str> {
    let word = sentence
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .split(|c: char| !c.is_alphanumeric())
        .next()?;
    (!word.is_empty()).then_some(word)
}

/// Words that stand for other words in samples.
const STAND_INS: &[&str] = &[
    "action",
    "bar",
    "baz",
    "column",
    "command",
    "endpoint",
    "entity",
    "event",
    "example",
    "field",
    "file",
    "flag",
    "foo",
    "key",
    "method",
    "module",
    "my",
    "name",
    "package",
    "path",
    "resource",
    "slug",
    "some",
    "table",
    "to",
    "value",
    "your",
    "feature",
    "component",
    "function",
    "variable",
    "class",
    "service",
];

/// Words that say nothing in a sample: parts of paths and endings.
const NEUTRAL: &[&str] =
    &["api", "ts", "tsx", "js", "py", "rs", "go", "md", "sql", "json", "yaml", "v1", "src", "lib"];

/// Whether code in a template is made of stand-in words only (`METHOD /api/path`, `path/to/file.ts`).
pub(crate) fn looks_generic_code(code: &str) -> bool {
    let lower = code.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let stand_ins = words.iter().filter(|w| STAND_INS.contains(w)).count();
    let known = words.iter().all(|w| STAND_INS.contains(w) || NEUTRAL.contains(w));
    known && stand_ins >= 1 && words.len() >= 2
}

/// Whether a YAML value is obviously made up (`jane.doe`, `sig-xyz`, `MyFeature`).
pub(crate) fn looks_made_up(value: &str) -> bool {
    let lower = value.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let fake = |w: &str| {
        let bytes = w.as_bytes();
        let repeated = bytes.len() >= 3
            && bytes.len() <= 4
            && bytes.iter().all(|b| *b == bytes[0])
            && bytes[0].is_ascii_alphabetic();
        let counting =
            bytes.len() >= 4 && bytes.windows(2).all(|p| p[1] == p[0] + 1) && bytes[0].is_ascii_digit();
        repeated
            || counting
            || matches!(
                w,
                "doe" | "xyz" | "abc" | "foo" | "bar" | "baz" | "acme" | "lorem" | "example" | "template"
            )
    };
    let mine = value.starts_with("my_")
        || value.starts_with("my-")
        || value.starts_with("My") && value[2..].starts_with(char::is_uppercase);
    mine || words.iter().any(|w| fake(w))
}

/// What a comment or a mark says about whether its section must be there.
pub(crate) fn says_optional(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "section is optional",
        "subsection is optional",
        "this is optional",
        "are optional",
        "optional element",
        "optional section",
        "is optional for",
        "not required",
        "only required",
        "required only",
        "must be completed when",
        "should be filled when",
        "required for ga",
        "include only if",
        "only include",
        "include if",
        "omit if",
        "remove if",
        "delete if",
        "if applicable",
        "if you need",
        "if needed",
    ]
    .iter()
    .any(|phrase| lower.contains(phrase))
}

/// Whether guidance says that only one of the items below is to be kept.
pub(crate) fn says_pick_one(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("pick one")
        || lower.contains("delete the rest")
        || lower.contains("choose one")
        || lower.contains("pick more")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_told_from_text() {
        for text in [
            "Describe the shortest successful journeys. Two or three is plenty.",
            "What problem are we solving for whom, and why now? Make it human.",
            "Schema deltas (DDL): describe the Expand → Migrate → Contract plan.",
            "Tip: Create this file in a branch",
            "Upstream/downstream systems, libraries, data, or other specs. Include links.",
        ] {
            assert!(instruction(text).is_some(), "{text}");
        }
        for text in [
            "Copyright and related rights waived via CC0.",
            "Items marked with (R) are required prior to targeting to a milestone / release.",
            "Initial specification",
            "See: CI/CD Constitution.",
            "Error rate, latency, success %",
        ] {
            assert!(instruction(text).is_none(), "{text}");
        }
    }

    #[test]
    fn samples_are_told_from_names() {
        for code in ["METHOD /api/path", "module.entity.action", "path/to/file.ts", "event_name"] {
            assert!(looks_generic_code(code), "{code}");
        }
        for code in
            ["id", "organization_id", "AGENTS.md", "packages/core/AGENTS.md", "CHANGELOG.md", "tenant_id"]
        {
            assert!(!looks_generic_code(code), "{code}");
        }
        for value in [
            "@jane.doe",
            "sig-xyz",
            "sig-aaa",
            "MyFeature",
            "my_feature_metric",
            "/keps/x/1234-we-heard",
            "KEP Template",
        ] {
            assert!(looks_made_up(value), "{value}");
        }
        for value in ["kube-apiserver", "kube-controller-manager", "v1.19", "true"] {
            assert!(!looks_made_up(value), "{value}");
        }
    }
}
