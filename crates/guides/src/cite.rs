use crate::is_guide;
use trueup_model::{PathIndex, base_name, folder_of, join};

/// A guide as a spec names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cited {
    /// The guide is there.
    Found(String),
    /// Several guides may be meant.
    Several(Vec<String>),
    /// It names a file of rules that is not there.
    Missing(String),
    /// It names no file of rules: a topic, a ticket, a person.
    NoGuide,
}

/// What a source cell names: a path that ends in `.md`, with back-ticks, links, sections and words around
/// it left out.
pub fn citation(source: &str) -> Option<&str> {
    // In lower case some letters are longer, and places would be others.
    let end = source.to_ascii_lowercase().find(".md").map(|at| at + 3)?;
    // `AGENTS.md.template` is another file.
    if source
        .get(end..)
        .is_some_and(|rest| rest.starts_with(|c: char| c == '.' && rest.len() > 1 && !rest.starts_with(". ")))
    {
        return None;
    }
    let front = source.get(..end)?;
    let start = front
        .rfind(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | '[' | '"' | '\'' | '<' | ',' | '→'));
    let start =
        start.map_or(0, |at| at + front.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
    front.get(start..).filter(|path| path.len() > 3)
}

/// Finds the guide that a spec cites. `from` is the path of the spec; `guides` are the paths of all guides;
/// `aliases` a team's own short names.
pub fn resolve(
    source: &str,
    from: &str,
    guides: &[&str],
    paths: &PathIndex,
    own_names: &[String],
    aliases: &[(String, String)],
) -> Cited {
    let bare = source.trim().trim_matches(|c| matches!(c, '`' | '*' | '"'));
    if let Some((_, path)) = aliases.iter().find(|(name, _)| name.eq_ignore_ascii_case(bare)) {
        return if paths.contains(path) { Cited::Found(path.clone()) } else { Cited::Missing(path.clone()) };
    }
    let Some(cited) = citation(source) else { return by_short_name(bare, guides) };
    let cited = cited.trim_start_matches("./");
    let file = base_name(cited);
    if !is_guide(cited, own_names) {
        return Cited::NoGuide;
    }
    let at_root = cited == file && names_the_root(source);
    let beside = join(folder_of(from), cited);
    let candidates = match at_root {
        true => vec![Some(file.to_owned())],
        false => vec![Some(cited.trim_start_matches('/').to_owned()), beside],
    };
    // "AGENTS.md (core)", "core AGENTS.md": the root's file has the same name.
    let around = bare.replacen(cited, " ", 1);
    if cited == file
        && !at_root
        && let Some(found) = by_words(&around, file, guides)
    {
        return Cited::Found(found);
    }
    if let Some(found) = candidates.into_iter().flatten().find(|path| paths.contains(path)) {
        return Cited::Found(found);
    }
    // `core/AGENTS.md` for `packages/core/AGENTS.md`.
    let ending: Vec<&str> = guides.iter().copied().filter(|path| ends_with_path(path, cited)).collect();
    match ending.as_slice() {
        [one] => return Cited::Found((*one).to_owned()),
        [] => {}
        several => return Cited::Several(several.iter().map(|p| (*p).to_owned()).collect()),
    }
    match by_words(&around, file, guides) {
        Some(found) => Cited::Found(found),
        None => Cited::Missing(cited.to_owned()),
    }
}

/// Whether the words around a file's name mean the one at the root. `root-cause` and `reporting` do not.
fn names_the_root(source: &str) -> bool {
    let words = source.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '/' | '.'));
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    words.iter().any(|word| {
        matches!(
            word.trim_matches(['.', '/', '-']),
            "root"
                | "repo"
                | "repository"
                | "repo-root"
                | "root-level"
                | "repo-wide"
                | "repository-wide"
                | "top-level"
        )
    })
}

fn ends_with_path(path: &str, ending: &str) -> bool {
    path.strip_suffix(ending).is_some_and(|front| front.is_empty() || front.ends_with('/'))
}

/// `core` for `packages/core/AGENTS.md`: one word that is the folder of exactly one guide.
fn by_short_name(source: &str, guides: &[&str]) -> Cited {
    let word = source.trim();
    if word.is_empty() || word.contains(char::is_whitespace) {
        return Cited::NoGuide;
    }
    let mut found = guides.iter().filter(|path| base_name(folder_of(path)).eq_ignore_ascii_case(word));
    match (found.next(), found.next()) {
        (Some(one), None) => Cited::Found((*one).to_owned()),
        _ => Cited::NoGuide,
    }
}

/// The one guide whose folder is named by a word around its file's name.
fn by_words(around: &str, file: &str, guides: &[&str]) -> Option<String> {
    let words: Vec<String> = around
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))
        .filter(|w| w.len() > 1)
        .map(str::to_lowercase)
        .collect();
    let mut found = guides.iter().filter(|path| {
        let folder = base_name(folder_of(path));
        !folder.is_empty()
            && base_name(path).eq_ignore_ascii_case(file)
            && words.contains(&folder.to_lowercase())
    });
    match (found.next(), found.next()) {
        (Some(one), None) => Some((*one).to_owned()),
        _ => None,
    }
}
