use std::borrow::Cow;
use trueup_model::{PathIndex, percent_decoded};
use trueup_template::{TokenKind, tokens_in};

/// What a link's target asks for.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Target<'t> {
    /// Nothing that a repository could answer for: another site, a mail, no target at all.
    Elsewhere,
    /// A place in the file itself.
    Here(&'t str),
    /// A file or a folder.
    Path(PathTarget<'t>),
}

/// A target that is a path.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct PathTarget<'t> {
    /// The path as written: without query, fragment and line number.
    pub written: &'t str,
    /// The path that is meant, with `/`; percent signs are decoded.
    pub path: Cow<'t, str>,
    /// What stands after `#`.
    pub fragment: Option<&'t str>,
    /// Whether it is written as a path of a computer without doubt: `file://…`, `C:\…`.
    pub on_computer: bool,
}

/// Reads the target of a link.
pub(super) fn read_target(target: &str) -> Target<'_> {
    let target = target.trim();
    if let Some(fragment) = target.strip_prefix('#') {
        return Target::Here(fragment);
    }
    if target.is_empty() || target.starts_with("//") {
        return Target::Elsewhere;
    }
    let mut on_computer = is_drive(target);
    let mut rest = target;
    if !on_computer && let Some((scheme, after)) = scheme_of(target) {
        if !scheme.eq_ignore_ascii_case("file") {
            return Target::Elsewhere;
        }
        on_computer = true;
        rest = after.strip_prefix("//").unwrap_or(after);
    }
    let (before, fragment) = match rest.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (rest, None),
    };
    let path = before.split_once('?').map_or(before, |(path, _)| path);
    if path.is_empty() {
        return fragment.map_or(Target::Elsewhere, Target::Here);
    }
    let written = &path[..path.len() - line_suffix(path).len()];
    let mut decoded = percent_decoded(written);
    if decoded.contains('\\') {
        decoded = Cow::Owned(decoded.replace('\\', "/"));
    }
    Target::Path(PathTarget { written, path: decoded, fragment, on_computer })
}

/// `C:\…`, `C:/…`
fn is_drive(target: &str) -> bool {
    let bytes = target.as_bytes();
    bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'/' | b'\\')
}

/// The scheme of an address and what follows its colon. `file.ts:12` is a path with a line.
fn scheme_of(target: &str) -> Option<(&str, &str)> {
    let colon = target.find([':', '/', '#', '?', '\\'])?;
    let after = target[colon..].strip_prefix(':')?;
    let scheme = &target[..colon];
    let form = scheme.len() >= 2
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'));
    let line = scheme.contains('.') && !line_suffix(target).is_empty();
    (form && !line).then_some((scheme, after))
}

/// A line at the end of a path: `:12`, `:12:5`, `:12-20`.
fn line_suffix(path: &str) -> &str {
    let body = path.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '-'));
    let from = path[body.len()..].find(':').map_or(path.len(), |at| body.len() + at);
    let suffix = &path[from..];
    if suffix.ends_with(|c: char| c.is_ascii_digit()) { suffix } else { "" }
}

/// Whether a path lies on somebody's computer and not in the repository.
pub(super) fn is_on_computer(target: &PathTarget<'_>, paths: &PathIndex) -> bool {
    if target.on_computer {
        return true;
    }
    let path = target.path.as_ref();
    if path.starts_with("~/") {
        return true;
    }
    const HOMES: &[&str] =
        &["Users", "home", "root", "tmp", "private", "mnt", "Volumes", "workspace", "workspaces"];
    let Some(first) = path.strip_prefix('/').and_then(|p| p.split_once('/')).map(|(first, _)| first) else {
        return false;
    };
    HOMES.contains(&first) && !paths.is_folder(first)
}

/// Whether a path is one to be filled in: `specs/<slug>.md`, `{name}.md`, `docs/...`.
pub(super) fn is_placeholder(path: &str) -> bool {
    // `api/[id]/route.ts` and `[...slug]/page.tsx` are names of real folders.
    let is_code = !path.ends_with(".md") && !path.ends_with(']');
    let bracketed = |open, close| path.find(open).is_some_and(|at| path[at..].contains(close));
    if bracketed('<', '>') || bracketed('{', '}') {
        return true;
    }
    path.split('/').any(|part| {
        let route = is_code && part.starts_with('[') && part.contains(']');
        let dots = part.contains('…') || part.contains("...");
        let zeros = |t: &str| t.starts_with('0');
        !route
            && (dots
                || tokens_in(part).iter().any(|t| {
                    let text = part.get(t.range.clone()).unwrap_or("");
                    t.kind != TokenKind::Number || !zeros(text)
                }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(target: &str) -> (String, String, Option<String>) {
        match read_target(target) {
            Target::Path(p) => (p.written.to_owned(), p.path.into_owned(), p.fragment.map(str::to_owned)),
            other => panic!("{target}: {other:?}"),
        }
    }

    #[test]
    fn paths_are_told_from_addresses() {
        for elsewhere in [
            "https://x.y",
            "mailto:a@b",
            "//cdn.x/y",
            "vscode://file/x",
            "localhost:3000",
            "",
            "tel:+1",
            "?q",
        ] {
            assert_eq!(read_target(elsewhere), Target::Elsewhere, "{elsewhere}");
        }
        assert_eq!(read_target("#a"), Target::Here("a"));
        assert_eq!(path("a%20b.md#x?y").1, "a b.md");
        assert_eq!(path("./a.ts:12-20?raw=1"), ("./a.ts".into(), "./a.ts".into(), None));
        assert_eq!(path("a.ts:12:5").0, "a.ts");
        assert_eq!(path("a.md#L10").2.as_deref(), Some("L10"));
        assert_eq!(path("docs\\a.md").1, "docs/a.md");
        assert_eq!(path("2026-03-01.md:3").0, "2026-03-01.md");
        assert_eq!(path("a-2026-03-01").0, "a-2026-03-01");
        assert_eq!(path("100%.md").1, "100%.md");
        assert_eq!(path("%ff.md").1, "%ff.md");
        assert_eq!(path("file:///Users/me/x.md").1, "/Users/me/x.md");
        assert_eq!(path("C:\\srv\\x.md").1, "C:/srv/x.md");
    }

    #[test]
    fn placeholders_are_told_from_names() {
        for placeholder in [
            "specs/<slug>.md",
            "{name}.md",
            "docs/...",
            "SPEC-XXX-x.md",
            "YYYY-MM-DD-x.md",
            "TODO",
            "[slug].md",
            "{{< ref x >}}",
        ] {
            assert!(is_placeholder(placeholder), "{placeholder}");
        }
        for name in
            ["../../a.md", "api/[id]/route.ts", "app/[...slug]/page.tsx", "0000-x.md", "a.b.c/TC-1.spec.ts"]
        {
            assert!(!is_placeholder(name), "{name}");
        }
    }
}
