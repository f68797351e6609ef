//! Braces, globs and placeholders of paths.

use globset::{GlobBuilder, GlobMatcher};
use std::cell::OnceCell;

/// More paths than this are not spelt out.
const MOST: usize = 64;

/// The paths that one with braces stands for: `i18n/{en,de}.json` is two. Braces without a comma are a
/// placeholder and stay.
pub(super) fn expand(path: &str) -> Vec<String> {
    let mut done: Vec<String> = vec![String::new()];
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest.get(open..).and_then(|r| r.find('}')).map(|at| at + open) else { break };
        let (Some(before), Some(inner), Some(behind)) =
            (rest.get(..open), rest.get(open + 1..close), rest.get(close + 1..))
        else {
            break;
        };
        let options: Vec<String> = match inner.contains(',') && !inner.contains(['{', '…']) {
            true => inner.split(',').map(|one| one.trim().to_owned()).collect(),
            false => vec![format!("{{{inner}}}")],
        };
        if done.len() * options.len() > MOST {
            return vec![path.to_owned()];
        }
        done = done
            .iter()
            .flat_map(|head| options.iter().map(move |one| format!("{head}{before}{one}")))
            .collect();
        rest = behind;
    }
    done.iter().map(|head| format!("{head}{rest}")).collect()
}

/// A path that stands for many.
pub(super) struct Pattern {
    matcher: GlobMatcher,
    /// The same below any folder, made when it is first asked for.
    below: OnceCell<Option<GlobMatcher>>,
    glob: String,
    /// Whether it holds a placeholder (`<module>`), which nobody can look for.
    pub(super) placeholder: bool,
}

impl Pattern {
    /// The pattern of a path with a star or a placeholder; none for a plain path.
    pub(super) fn of(path: &str) -> Option<Pattern> {
        let (glob, placeholder) = glob_of(path);
        if !placeholder && !path.contains('*') {
            return None;
        }
        Some(Pattern { matcher: matcher(&glob)?, below: OnceCell::new(), glob, placeholder })
    }

    /// Whether a path ends so.
    pub(super) fn is_match_below(&self, path: &str) -> bool {
        let below = self.below.get_or_init(|| matcher(&format!("**/{}", self.glob)));
        below.as_ref().is_some_and(|below| below.is_match(path))
    }

    pub(super) fn is_match(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

fn matcher(glob: &str) -> Option<GlobMatcher> {
    let glob = GlobBuilder::new(glob).literal_separator(true).build().ok()?;
    Some(glob.compile_matcher())
}

/// A path as a glob: placeholders are stars; brackets are those of file routes and stand for themselves.
fn glob_of(path: &str) -> (String, bool) {
    let mut out = String::with_capacity(path.len() + 8);
    let mut placeholder = false;
    let mut inside: Option<char> = None;
    for c in path.chars() {
        match (inside, c) {
            (Some(end), c) if c == end => inside = None,
            (Some(_), _) => {}
            (None, '<' | '{') => {
                inside = Some(if c == '<' { '>' } else { '}' });
                placeholder = true;
                out.push('*');
            }
            (None, '[' | ']' | '?' | '}' | '!') => {
                out.push('[');
                out.push(c);
                out.push(']');
            }
            (None, '\\') => out.push('/'),
            (None, c) => out.push(c),
        }
    }
    // `Migration<timestamp>`, `YYYYMMDD_name.sql`, `NNN_name.sql`
    for word in ["YYYYMMDDHHMMSS", "YYYYMMDD", "YYYY", "XXXX", "NNNN", "NNN"] {
        if out.contains(word) {
            out = out.replace(word, "*");
            placeholder = true;
        }
    }
    // Two stars beside letters are one.
    while out.contains("***") {
        out = out.replace("***", "**");
    }
    (out, placeholder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> Option<bool> {
        Pattern::of(pattern).map(|p| p.is_match(path))
    }

    #[test]
    fn braces() {
        assert_eq!(expand("i18n/{en, de}.json"), ["i18n/en.json", "i18n/de.json"]);
        assert_eq!(expand("{a,b}/{c,d}"), ["a/c", "a/d", "b/c", "b/d"]);
        assert_eq!(expand("src/{module}/a.ts"), ["src/{module}/a.ts"]);
        assert_eq!(expand("a/{b"), ["a/{b"]);
    }

    #[test]
    fn globs() {
        assert_eq!(matches("src/*.ts", "src/a.ts"), Some(true));
        assert_eq!(matches("src/*.ts", "src/a/b.ts"), Some(false));
        assert_eq!(matches("src/**/b.ts", "src/a/b.ts"), Some(true));
        assert_eq!(matches("app/[id]/*.ts", "app/[id]/a.ts"), Some(true));
        assert_eq!(matches("app/[id]/a.ts", "app/[id]/a.ts"), None);
        assert_eq!(matches("m/Migration<timestamp>_a.ts", "m/Migration2026_a.ts"), Some(true));
        assert_eq!(matches("m/YYYYMMDD_a.sql", "m/20260101_a.sql"), Some(true));
    }
}
