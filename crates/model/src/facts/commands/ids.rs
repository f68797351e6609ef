//! What an ID of a command or an event looks like, and the short forms that stand for several.

/// Ends of file names, which look like the last part of an ID.
const FILE_ENDS: &[&str] = &[
    "ts", "tsx", "js", "mjs", "jsx", "json", "md", "mdx", "yaml", "yml", "css", "sql", "sh", "html", "env",
    "rs", "py", "bat", "ps1",
];

fn is_part(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphabetic())
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && !part.ends_with('-')
}

/// `sales.order.create`: parts in lower case joined by dots.
pub(super) fn is_dotted(id: &str) -> bool {
    let mut parts = 0;
    let mut last = "";
    for part in id.split('.') {
        if !is_part(part) || !part.starts_with(|c: char| c.is_ascii_lowercase()) {
            return false;
        }
        parts += 1;
        last = part;
    }
    parts >= 2 && !FILE_ENDS.contains(&last) && id.len() <= 120
}

/// `createOrder`: a word in lower case and at least one in upper case behind it.
pub(super) fn is_camel(id: &str) -> bool {
    id.len() <= 60
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_alphanumeric())
        && id.bytes().any(|b| b.is_ascii_uppercase())
}

/// `read-sheet`: words of a command that has no module in front.
pub(super) fn is_plain(id: &str) -> bool {
    id.len() <= 60 && is_part(id) && id.starts_with(|c: char| c.is_ascii_lowercase())
}

/// The IDs that a piece of code stands for; empty where it is none.
///
/// `a.b.{create,update}`, `a.b.create|update`, `a.b.create/update` give one for each; `.update` and, where
/// `chained`, `update` go on from the ID before.
pub(super) fn expand(code: &str, before: Option<&str>, chained: bool) -> Vec<String> {
    let code = code.trim().trim_matches(['\'', '"']);
    if code.is_empty()
        || code.len() > 200
        || code.contains(['*', '(', ' ', ':', '<', '[', '$']) && !code.contains('{')
    {
        return Vec::new();
    }
    if let Some((front, rest)) = code.split_once('{')
        && let Some((choices, back)) = rest.split_once('}')
    {
        let each = choices.split([',', '|', '/']).map(|choice| format!("{front}{}{back}", choice.trim()));
        let all: Vec<String> = each.collect();
        return if all.iter().all(|id| is_dotted(id)) { all } else { Vec::new() };
    }
    if let Some(tail) = code.strip_prefix('.') {
        let Some(front) = before.and_then(|b| front_of(b, tail)) else { return Vec::new() };
        return expand(&format!("{front}.{tail}"), None, false);
    }
    if code.contains(['|', '/']) {
        let mut parts = code.split(['|', '/']).map(str::trim);
        let Some(first) = parts.next().filter(|p| is_dotted(p)) else { return Vec::new() };
        let mut out = vec![first.to_owned()];
        for part in parts {
            if is_dotted(part) {
                out.push(part.to_owned());
            } else if is_plain(part)
                && let Some(front) = front_of(first, part)
            {
                out.push(format!("{front}.{part}"));
            } else {
                return Vec::new();
            }
        }
        return out;
    }
    if is_dotted(code) {
        return vec![code.to_owned()];
    }
    if chained
        && is_plain(code)
        && let Some(front) = before.filter(|b| b.contains('.')).and_then(|b| front_of(b, code))
    {
        return vec![format!("{front}.{code}")];
    }
    Vec::new()
}

/// The front of an ID whose last parts are given anew.
fn front_of<'a>(id: &'a str, tail: &str) -> Option<&'a str> {
    let mut front = id;
    for _ in tail.split('.') {
        front = front.rsplit_once('.')?.0;
    }
    Some(front)
}

/// Whether an ID reads like something that has happened.
pub(super) fn is_past(id: &str) -> bool {
    const IRREGULAR: &[&str] = &[
        "sent",
        "lost",
        "won",
        "paid",
        "made",
        "done",
        "gone",
        "taken",
        "given",
        "written",
        "shown",
        "hidden",
        "withdrawn",
        "sold",
        "held",
        "spent",
        "begun",
        "built",
        "found",
        "left",
        "met",
        "drift",
        "shortfall",
        "soon",
        "due",
        "overdue",
        "ready",
        "stock",
        "error",
        "progress",
    ];
    let last = id.rsplit('.').next().unwrap_or(id);
    let word_end = last.rfind(['_', '-']).map_or(last, |at| &last[at + 1..]);
    let lower = word_end.to_lowercase();
    let any_past =
        last.split(['_', '-']).any(|w| w.ends_with("ed") && w.len() > 3 && w != "feed" && w != "need");
    any_past || IRREGULAR.contains(&lower.as_str())
}
