use super::repair::{Broken, Outcome, Reason, Repair, link_path, repair};
use super::target::{PathTarget, Target, is_on_computer, is_placeholder, read_target};
use rustc_hash::FxHashSet;
use trueup_finding::{FileCx, Fix, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Link, LinkForm};
use trueup_model::{PathIndex, base_name, folder_of, join, link_encoded};
use trueup_text::{Edit, Span};

declare_rule! {
    BROKEN_LINK = "broken-link" in "links", page "broken_link.md",
    "a relative link leads to nothing",
    AllFiles, Levels::ERROR, check
}

/// The number of broken links in a file for which every path of the repository is compared.
const THOROUGH: usize = 100;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let mut places = 0;
    let mut found = 0;
    let mut definitions: FxHashSet<Span> = FxHashSet::default();
    for link in cx.document.links() {
        if link.form == LinkForm::Autolink {
            continue;
        }
        let Target::Path(target) = read_target(&link.target) else { continue };
        if is_ignored(cx, link, &target) {
            continue;
        }
        places += 1;
        // Several links may share one definition; it is mended once.
        let repeated = link.form == LinkForm::Reference
            && link.target_span.is_some_and(|span| !definitions.insert(span));
        if !repeated && let Some(report) = judge(cx, link, &target, found < THOROUGH) {
            found += 1;
            out.push(report);
        }
    }
    out.looked_at(places);
}

fn is_ignored(cx: &FileCx<'_>, link: &Link, target: &PathTarget<'_>) -> bool {
    let ignored = &cx.settings.ignored_links;
    ignored
        .iter()
        .any(|prefix| link.target.starts_with(prefix.as_str()) || target.path.starts_with(prefix.as_str()))
}

fn judge(cx: &FileCx<'_>, link: &Link, target: &PathTarget<'_>, thorough: bool) -> Option<Report> {
    let paths = &cx.world.paths;
    let path = target.path.as_ref();
    let on_computer = is_on_computer(target, paths);
    let resolved = match path.strip_prefix('/') {
        Some(from_root) => join("", from_root),
        None => join(folder_of(cx.path), path),
    };
    if !on_computer && resolved.as_deref().is_some_and(|r| paths.contains(r) || exists_as_written(cx, link)) {
        return None;
    }
    if is_placeholder(path)
        || resolved.is_none() && leads_to_site(cx.path, path)
        || !on_computer && is_app_address(path, paths)
    {
        return None;
    }
    // Links may stand in links: reading the text of every one would be reading it over and over.
    let text = if thorough { cx.document.plain(link.node) } else { Default::default() };
    let outcome = repair(cx, Broken { target, text: &text, on_computer, thorough });
    let wrong = what_is_wrong(target, resolved.as_deref(), on_computer);
    let span = link.target_span.unwrap_or(cx.document.span(link.node));
    let report = match outcome {
        Outcome::One(found) => {
            let new = link_path(cx.path, &found.target, target, found.reason);
            let report =
                Report::new(span, format!("{wrong}; {}", why(&found))).hint(format!("write `{new}`"));
            match edit(cx, link, target, &new) {
                Some(edit) => {
                    report.fix(Fix::safe(format!("point the link to `{}`", found.target), vec![edit]))
                }
                None => report,
            }
        }
        Outcome::Likely(found) => {
            let new = link_path(cx.path, &found.target, target, found.reason);
            let hint = match found.reason {
                Reason::SameId => format!("did you mean `{new}`, the only spec with this ID?"),
                _ => format!("did you mean `{new}`?"),
            };
            let report = Report::new(span, wrong).hint(hint);
            match edit(cx, link, target, &new) {
                Some(edit) => {
                    report.fix(Fix::risky(format!("point the link to `{}`", found.target), vec![edit]))
                }
                None => report,
            }
        }
        Outcome::Several(candidates) => {
            Report::new(span, wrong).hint(hint(cx, target, &candidates, on_computer, resolved.is_none()))
        }
    };
    Some(report)
}

/// `a:12` may be a file's real name.
fn exists_as_written(cx: &FileCx<'_>, link: &Link) -> bool {
    join(folder_of(cx.path), &link.target).is_some_and(|path| cx.world.paths.contains(&path))
}

/// `../../issues/12` leaves the repository's files for its pages on the site that hosts it.
fn leads_to_site(from: &str, path: &str) -> bool {
    let depth = folder_of(from).split('/').filter(|p| !p.is_empty()).count();
    let up = path.split('/').take_while(|p| *p == "..").count();
    let first = path.split('/').nth(up);
    let is_page = matches!(
        first,
        Some(
            "actions"
                | "blob"
                | "commit"
                | "commits"
                | "compare"
                | "discussions"
                | "issues"
                | "labels"
                | "milestone"
                | "milestones"
                | "projects"
                | "pull"
                | "pulls"
                | "raw"
                | "releases"
                | "security"
                | "tags"
                | "tree"
                | "wiki"
        )
    );
    // Above the root stand the branch and `blob`.
    up == depth + 2 && is_page
}

/// `/settings/users`: an address of the application that the text speaks of, not a file.
fn is_app_address(path: &str, paths: &PathIndex) -> bool {
    let Some(rest) = path.strip_prefix('/') else { return false };
    let first = rest.split('/').next().unwrap_or("");
    !base_name(rest.trim_end_matches('/')).contains('.') && !paths.contains(first)
}

fn what_is_wrong(target: &PathTarget<'_>, resolved: Option<&str>, on_computer: bool) -> String {
    let path = target.path.as_ref();
    if on_computer {
        return format!("`{path}` is a path on somebody's computer, so the link leads to nothing");
    }
    match resolved {
        None => format!("leads to nothing: `{path}` leaves the repository"),
        Some(resolved) => format!("leads to nothing: `{resolved}` does not exist"),
    }
}

fn why(found: &Repair) -> String {
    let target = &found.target;
    match found.reason {
        Reason::FromRoot => {
            "the path is written from the repository's root, but a link starts at its own file".to_owned()
        }
        Reason::Steps(missing) => {
            let (count, word) = (missing.unsigned_abs(), if missing > 0 { "missing" } else { "too many" });
            match count {
                1 => format!("one `../` is {word}"),
                _ => format!("{count} `../` are {word}"),
            }
        }
        Reason::Moved => format!("the file is now `{target}`"),
        Reason::Case => format!("the file is called `{target}`, and upper and lower case differ"),
        Reason::Ending => format!("the file is called `{target}`"),
        Reason::Computer => format!("in the repository it is `{target}`"),
        Reason::SameId => format!("the spec with this ID is `{target}`"),
    }
}

fn hint(
    cx: &FileCx<'_>,
    target: &PathTarget<'_>,
    candidates: &[String],
    on_computer: bool,
    leaves: bool,
) -> String {
    let path = target.path.as_ref();
    if path.contains("://") {
        return "the target is read as a path; write the address alone between the parentheses".to_owned();
    }
    let first = path.split('/').next().unwrap_or("");
    let domain = first
        .rsplit_once('.')
        .is_some_and(|(name, top)| !name.is_empty() && matches!(top, "com" | "dev" | "io" | "net" | "org"));
    if domain {
        return "for an address on the web write `https://` in front".to_owned();
    }
    if path.contains('@') && !path.contains('/') && candidates.is_empty() {
        return "for an address of mail write `mailto:` in front".to_owned();
    }
    let named: Vec<String> =
        candidates.iter().map(|c| format!("`{}`", link_path(cx.path, c, target, Reason::Computer))).collect();
    let advice = match (on_computer, leaves) {
        (true, _) => "write the path from this file to the file in the repository, or take the link off",
        (_, true) => "link to the other repository by its address on the web, or take the link off",
        _ => "mend the path, or take the link off and keep the words",
    };
    match named.as_slice() {
        [] => advice.to_owned(),
        [one] => format!("did you mean {one}?"),
        [many @ .., last] => format!("did you mean {} or {last}?", many.join(", ")),
    }
}

/// Replaces the path and nothing else of the target. None where the target is written with escapes.
fn edit(cx: &FileCx<'_>, link: &Link, target: &PathTarget<'_>, new: &str) -> Option<Edit> {
    let span = link.target_span?;
    let source = span.text(cx.text());
    if source != link.target {
        return None;
    }
    let from = source.find(target.written)?;
    let in_angles = cx.text().get(..span.start as usize).is_some_and(|before| before.ends_with('<'));
    // `file://` goes with the path.
    let start = if from > 0 && target.on_computer { 0 } else { from };
    let place = Span::new(span.start as usize + start, span.start as usize + from + target.written.len());
    Some(Edit::replace(place, link_encoded(new, target.written, in_angles)))
}
