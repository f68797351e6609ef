use std::ops::Range;

/// What identifies a spec. Two IDs are the same where their keys are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SpecId {
    /// As written: `SPEC-053a`, `2026-02-11-returns`.
    pub text: String,
    /// Prefix in upper case, number without leading zeros, suffix in lower case; or the whole slug.
    pub key: String,
    /// The prefix in upper case; empty for bare numbers and slugs.
    pub prefix: String,
    /// Whether the ID is a number with or without a prefix, not a slug.
    pub numbered: bool,
}

/// Prefixes that make an ID in lower case, too (`eip-1559.md`).
const LOWER_PREFIXES: &[&str] = &[
    "adr", "bip", "dep", "dip", "eip", "erc", "kep", "pep", "prd", "proposal", "rfc", "rfd", "sip", "spec",
    "zip",
];

impl SpecId {
    fn numbered(text: &str, prefix: &str, number: &str, suffix: &str) -> SpecId {
        let prefix = prefix.to_uppercase();
        let digits = number.trim_start_matches('0');
        let digits = if digits.is_empty() { "0" } else { digits };
        let key = format!("{prefix}#{digits}{}", suffix.to_lowercase());
        SpecId { text: text.to_owned(), key, prefix, numbered: true }
    }

    /// The ID in a file name: a prefix and a number, a date and a slug, or a number and a slug.
    pub fn of_file_name(name: &str) -> Option<SpecId> {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if date_follows_prefix(stem) {
            return Some(SpecId {
                text: stem.to_owned(),
                key: stem.to_lowercase(),
                prefix: String::new(),
                numbered: false,
            });
        }
        if let Some((length, prefix, number, suffix)) = prefixed(stem) {
            let upper = prefix.bytes().all(|b| b.is_ascii_uppercase() || b == b'-' || b.is_ascii_digit());
            let whole = length == stem.len();
            let known = LOWER_PREFIXES.contains(&prefix.to_lowercase().as_str());
            let separated = whole || stem[length..].starts_with(['-', '_', '.', ' ']);
            if separated && (upper || known) {
                return Some(SpecId::numbered(&stem[..length], prefix, number, suffix));
            }
        }
        let dated = crate::find_dates(stem).first().is_some_and(|d| d.start == 0);
        let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &stem[digits..];
        if dated || digits == 2 && rest.starts_with('_') {
            let key = stem.to_lowercase();
            return Some(SpecId { text: stem.to_owned(), key, prefix: String::new(), numbered: false });
        }
        if (3..=5).contains(&digits) && (rest.is_empty() || rest.starts_with(['-', '_'])) {
            return Some(SpecId::numbered(&stem[..digits], "", &stem[..digits], ""));
        }
        None
    }

    /// A bare number as an ID (`eip: 1559`, `kep-number: 1287`).
    pub fn of_number(text: &str, prefix: &str) -> Option<SpecId> {
        let digits = text.trim();
        (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| SpecId::numbered(digits, prefix, digits, ""))
    }
}

/// `SPEC-2026-04-12-slug`: a prefix and a date are a slug, not the number 2026.
fn date_follows_prefix(stem: &str) -> bool {
    crate::find_dates(stem).first().is_some_and(|d| {
        let prefix = stem[..d.start].trim_end_matches('-');
        d.start > 1 && !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_uppercase() || b == b'-')
    })
}

/// `SPEC-ENT-012b1` at the start of a text: its length, prefix, number and suffix.
fn prefixed(text: &str) -> Option<(usize, &str, &str, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut prefix_end = 0;
    loop {
        let start = at;
        while at < bytes.len()
            && (bytes[at].is_ascii_alphabetic() || at > start && bytes[at].is_ascii_digit())
        {
            at += 1;
        }
        if at == start || bytes.get(at) != Some(&b'-') {
            break;
        }
        prefix_end = at;
        at += 1;
        if bytes.get(at).is_some_and(u8::is_ascii_digit) {
            break;
        }
    }
    if prefix_end == 0 || !bytes.get(at).is_some_and(u8::is_ascii_digit) || at != prefix_end + 1 {
        return None;
    }
    let number_start = at;
    while at < bytes.len() && bytes[at].is_ascii_digit() {
        at += 1;
    }
    let number_end = at;
    if number_end - number_start > 5 {
        return None;
    }
    if at < bytes.len() && bytes[at].is_ascii_lowercase() {
        let mut end = at + 1;
        while end < bytes.len() && bytes[end].is_ascii_digit() {
            end += 1;
        }
        let ended = bytes.get(end).is_none_or(|b| !b.is_ascii_alphanumeric());
        at = if ended { end } else { return None };
    } else if bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    Some((at, &text[..prefix_end], &text[number_start..number_end], &text[number_end..at]))
}

/// All numbered IDs with an upper-case prefix in a text (`SPEC-012`, `SPEC-ENT-003b`).
pub fn ids_in(text: &str) -> Vec<(Range<usize>, SpecId)> {
    let bytes = text.as_bytes();
    let mut out: Vec<(Range<usize>, SpecId)> = Vec::new();
    // The last hyphen of an ID stands between a capital letter and a digit: hyphens are rare, so look for them.
    for (dash, byte) in bytes.iter().enumerate() {
        let divides = *byte == b'-'
            && dash > 0
            && (bytes[dash - 1].is_ascii_uppercase() || bytes[dash - 1].is_ascii_digit())
            && bytes.get(dash + 1).is_some_and(u8::is_ascii_digit);
        if !divides || out.last().is_some_and(|(range, _)| dash < range.end) {
            continue;
        }
        let part_of = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-';
        let start = dash - bytes[..dash].iter().rev().take(64).take_while(|b| part_of(b)).count();
        let after_word = start > 0
            && (bytes[start - 1].is_ascii_alphanumeric() || matches!(bytes[start - 1], b'_' | b'/'));
        if after_word || !bytes[start].is_ascii_uppercase() {
            continue;
        }
        if let Some((length, prefix, number, suffix)) = prefixed(&text[start..])
            && !is_date(&text[dash + 1..])
        {
            let whole = &text[start..start + length];
            out.push((start..start + length, SpecId::numbered(whole, prefix, number, suffix)));
        }
    }
    out
}

/// Whether a text begins with a date.
fn is_date(text: &str) -> bool {
    text.get(..10).is_some_and(|head| !crate::find_dates(head).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_carry_ids() {
        for (name, key) in [
            ("SPEC-050-2026-02-20-unit-tests.md", Some("SPEC#50")),
            ("SPEC-ENT-007-x.md", Some("SPEC-ENT#7")),
            ("SPEC-053a-2026.md", Some("SPEC#53a")),
            ("SPEC-045c1-x.md", Some("SPEC#45c1")),
            ("SPEC-2026-04-12-openapi.md", Some("spec-2026-04-12-openapi")),
            ("eip-1559.md", Some("EIP#1559")),
            ("2026-02-11-order-returns.md", Some("2026-02-11-order-returns")),
            ("04_Intake_MVP_Specs.md", Some("04_intake_mvp_specs")),
            ("0007-use-postgres.md", Some("#7")),
            ("1029-quotas", Some("#1029")),
            ("phase-2-plan.md", None),
            ("README.md", None),
            ("notes.md", None),
        ] {
            assert_eq!(SpecId::of_file_name(name).map(|id| id.key).as_deref(), key, "{name}");
        }
    }

    #[test]
    fn texts_hold_ids() {
        let found: Vec<String> =
            ids_in("SPEC-012, (SPEC-ENT-3b) and SHA-256; not xSPEC-1, path/SPEC-9 or SPEC-12abc")
                .into_iter()
                .map(|(_, id)| id.key)
                .collect();
        assert_eq!(found, ["SPEC#12", "SPEC-ENT#3b", "SHA#256"]);
    }
}
