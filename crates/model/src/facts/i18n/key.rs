//! The form of a key.

/// Whether a text has the form of a key: parts with points between them.
pub(super) fn is_key(text: &str) -> bool {
    let body = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '-' | '.' | '*' | '{' | '}' | ',' | '<' | '>' | '[' | ']' | ':')
    };
    let file = [".json", ".ts", ".tsx", ".md", ".js", ".yml", ".yaml", ".mdx", ".cjs", ".mjs"];
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(body)
        && !text.contains("..")
        && !text.ends_with(['.', ',', ':'])
        && !file.iter().any(|f| text.ends_with(f))
        && balanced(text)
}

fn balanced(text: &str) -> bool {
    text.matches('{').count() == text.matches('}').count()
        && text.matches('<').count() == text.matches('>').count()
}

/// The key in a call (`t('orders.title')`) or in quotes.
pub(super) fn key_in(code: &str) -> &str {
    let call =
        code.strip_prefix("t(").or_else(|| code.strip_prefix("translate(")).map(|c| c.trim_end_matches(')'));
    call.map_or(code, |c| c.split(',').next().unwrap_or(c)).trim().trim_matches(['\'', '"'])
}

/// A relative key below the one before: `.cancel` below `orders.form.title` is `orders.form.cancel`.
pub(super) fn resolve(above: &str, relative: &str) -> Option<String> {
    let stem = above.strip_suffix(".*").unwrap_or(above);
    let head = relative.split('.').next()?;
    let parts: Vec<&str> = stem.split('.').collect();
    // `orders.empty.title` / `.empty.text`
    let keep = match parts.iter().rposition(|p| *p == head) {
        Some(at) if at > 0 => at,
        _ => parts.len().saturating_sub(1).max(1),
    };
    let full = format!("{}.{relative}", parts[..keep.min(parts.len())].join("."));
    is_key(&full).then_some(full)
}

/// Spells the first pair of braces out, and the next ones in turn.
pub(super) fn expand(key: &str) -> Vec<String> {
    let mut out = vec![key.to_owned()];
    for _ in 0..4 {
        let mut next = Vec::new();
        let mut any = false;
        for key in &out {
            match braces(key) {
                Some((before, choices, after)) if out.len() * choices.len() <= 200 => {
                    any = true;
                    next.extend(choices.iter().map(|c| format!("{before}{c}{after}")));
                }
                _ => next.push(key.clone()),
            }
        }
        out = next;
        if !any {
            break;
        }
    }
    out
}

fn braces(key: &str) -> Option<(&str, Vec<&str>, &str)> {
    let open = key.find('{')?;
    let close = key[open..].find('}')? + open;
    let choices: Vec<&str> = key[open + 1..close].split(',').map(str::trim).collect();
    // `{name}` alone stands for something else.
    (choices.len() > 1 && choices.iter().all(|c| !c.is_empty()))
        .then(|| (&key[..open], choices, &key[close + 1..]))
}
