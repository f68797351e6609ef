//! Endpoints in code blocks: lists of requests, route files, OpenAPI paths.

use super::scan::{Hit, hits, leading_methods};
use std::ops::Range;

/// A line of a code block that is a request.
pub(super) struct Line {
    /// The methods and the path.
    pub hit: Hit,
    /// What stands behind the path, comment signs left out.
    pub rest: String,
}

/// Signs in front of a request: comments, bullets, the branches of a tree.
fn front(line: &str) -> usize {
    let sign = |c: char| {
        c.is_whitespace()
            || matches!(c, '/' | '#' | '*' | '-' | '$' | '>' | '+' | '├' | '│' | '└' | '─' | '|' | '•')
    };
    let bare = line.trim_start_matches(sign);
    // The slash of a path is no sign.
    let length = line.len() - bare.len();
    let numbered = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    match numbered.strip_prefix([')', '.']) {
        Some(rest) if numbered.len() < bare.len() => line.len() - rest.trim_start().len(),
        _ => length,
    }
}

/// The lines that begin with a method and a path. Ranges lie in the code.
pub(super) fn requests(code: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut open_api_path: Option<(String, Range<usize>)> = None;
    for line in code.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        let trimmed = bare.trim_start();
        if let Some(path) = trimmed.strip_suffix(':').map(|p| p.trim_matches(['"', '\'']))
            && path.starts_with('/')
            && !path.contains(' ')
        {
            let from = start + bare.len() - trimmed.len();
            open_api_path = Some((path.to_owned(), from..from + path.len()));
            continue;
        }
        if let Some((path, range)) = &open_api_path
            && let Some(method) = open_api_method(trimmed)
        {
            let hit = Hit { methods: vec![method], path: path.clone(), range: range.clone(), declared: true };
            out.push(Line { hit, rest: String::new() });
            continue;
        }
        let lead = front(bare);
        let request = &bare[lead..];
        if leading_methods(request).is_empty() {
            continue;
        }
        let Some(mut hit) =
            hits(request, false).into_iter().next().filter(|h| h.declared && h.range.start == 0)
        else {
            continue;
        };
        let rest =
            request[hit.range.end..].trim_start_matches([' ', '\t', '#', '/', '-', '—', '–', '→', '`', '(']);
        let rest = rest.trim_end_matches([')', '`']).trim().to_owned();
        hit.range = start + lead + hit.range.start..start + lead + hit.range.end;
        out.push(Line { hit, rest });
    }
    out
}

fn open_api_method(line: &str) -> Option<&'static str> {
    Some(match line {
        "get:" => "GET",
        "post:" => "POST",
        "put:" => "PUT",
        "patch:" => "PATCH",
        "delete:" => "DELETE",
        _ => return None,
    })
}

/// The methods that a route file exports (`export async function GET`, `export const { GET, POST } = …`,
/// `POST: { requireAuth: true }`).
pub(super) fn exported(code: &str) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = Vec::new();
    for line in code.lines() {
        let line = line.trim();
        let declared = line
            .strip_prefix("export ")
            .map(|l| l.trim_start_matches("default ").trim_start_matches("async "))
            .and_then(|l| {
                l.strip_prefix("function ")
                    .or_else(|| l.strip_prefix("const "))
                    .or_else(|| l.strip_prefix("let "))
            });
        let names = match declared {
            Some(rest) if rest.starts_with('{') => rest.split('}').next().unwrap_or(""),
            Some(rest) => rest.split(['(', '=', ':', ' ', '<']).next().unwrap_or(""),
            None => continue,
        };
        for name in names.split(|c: char| !c.is_ascii_alphabetic()) {
            if let [method] = leading_methods(name).as_slice()
                && !out.contains(method)
            {
                out.push(method);
            }
        }
    }
    out
}
