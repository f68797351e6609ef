use super::target::{PathTarget, Target, is_placeholder, read_target};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;
use trueup_finding::{FileCx, Fix, Levels, Report, Sink, declare_rule};
use trueup_markdown::{AnchorSet, Link, LinkForm};
use trueup_model::{folder_of, join, link_encoded, percent_decoded};
use trueup_text::{Edit, Span};

declare_rule! {
    BAD_ANCHOR = "bad-anchor" in "links", page "bad_anchor.md",
    "a link leads to a heading that is not there",
    AllFiles, Levels::RISING, check
}

/// How many headings a file's findings may be compared with, all together.
const COMPARISONS: usize = 100_000;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let own = OnceCell::new();
    let mut places = 0;
    let mut compared = 0;
    // By path; the file's own under the empty path.
    let mut named: FxHashMap<String, FxHashSet<&str>> = FxHashMap::default();
    let mut definitions: FxHashSet<Span> = FxHashSet::default();
    for link in cx.document.links() {
        if link.form == LinkForm::Autolink || link.image {
            continue;
        }
        let (fragment, elsewhere) = match read_target(&link.target) {
            Target::Here(fragment) => (fragment, None),
            Target::Path(target) => match (target.fragment, resolved(cx, &target)) {
                (Some(fragment), Some(path)) => (fragment, (path != cx.path).then_some(path)),
                _ => continue,
            },
            Target::Elsewhere => continue,
        };
        let decoded = percent_decoded(fragment);
        let wanted = decoded.strip_prefix("user-content-").unwrap_or(&decoded);
        if is_no_heading(wanted) {
            continue;
        }
        let (anchors, text) = match &elsewhere {
            None => (own.get_or_init(|| AnchorSet::of(cx.document)), cx.text()),
            Some(path) => match cx.corpus.head(path) {
                Some(head) => (head.anchors(), &*head.text),
                None => continue,
            },
        };
        places += 1;
        if anchors.contains(wanted) || is_placeholder(wanted) {
            continue;
        }
        let key = elsewhere.clone().unwrap_or_default();
        if named.entry(key).or_insert_with(|| named_anchors(text)).contains(wanted) {
            continue;
        }
        let repeated = link.form == LinkForm::Reference
            && link.target_span.is_some_and(|span| !definitions.insert(span));
        if !repeated {
            compared += anchors.names().size_hint().0;
            let meant = if compared <= COMPARISONS { meant(wanted, anchors) } else { Meant::Unknown };
            out.push(report(cx, link, fragment, wanted, meant, elsewhere.as_deref()));
        }
    }
    out.looked_at(places);
}

/// `## Title {#name}` names its anchor in several systems.
fn named_anchors(text: &str) -> FxHashSet<&str> {
    let named = text.match_indices("{#").filter_map(|(at, mark)| {
        let rest = text.get(at + mark.len()..)?;
        let end = rest.find(|c: char| c == '}' || c.is_whitespace())?;
        rest.get(..end)
    });
    named.collect()
}

/// The Markdown file that a path leads to.
fn resolved(cx: &FileCx<'_>, target: &PathTarget<'_>) -> Option<String> {
    let ending = target.path.rsplit_once('.')?.1;
    if target.on_computer || !["md", "markdown"].iter().any(|e| ending.eq_ignore_ascii_case(e)) {
        return None;
    }
    match target.path.strip_prefix('/') {
        Some(from_root) => join("", from_root),
        None => join(folder_of(cx.path), &target.path),
    }
}

/// Fragments that ask for something else than a heading: a line, words, the top, a footnote.
fn is_no_heading(fragment: &str) -> bool {
    let line = fragment.strip_prefix('L').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'L' | b'C' | b'-'))
    });
    let footnote = ["fn-", "fnref-", "fn:", "fnref:"].iter().any(|p| fragment.starts_with(p));
    fragment.is_empty()
        || line
        || footnote
        || fragment.eq_ignore_ascii_case("top")
        || fragment.contains(":~:")
}

fn report(
    cx: &FileCx<'_>,
    link: &Link,
    fragment: &str,
    wanted: &str,
    meant: Meant<'_>,
    elsewhere: Option<&str>,
) -> Report {
    let place = fragment_span(cx, link, fragment);
    let span = place.or(link.target_span).unwrap_or(cx.document.span(link.node));
    let message = match elsewhere {
        None => format!("no heading of this file has the anchor `#{wanted}`"),
        Some(path) => format!("no heading of `{path}` has the anchor `#{wanted}`"),
    };
    let report = Report::new(span, message);
    match meant {
        Meant::One(anchor) => {
            let report = report.hint(format!("write `#{anchor}`"));
            match place {
                Some(place) => {
                    let edit = Edit::replace(place, link_encoded(anchor, fragment, false));
                    report.fix(Fix::safe(format!("point the link to `#{anchor}`"), vec![edit]))
                }
                None => report,
            }
        }
        Meant::Perhaps(anchor) => report.hint(format!("did you mean `#{anchor}`?")),
        Meant::Unknown => report.hint("name a heading that is there, or take the fragment off"),
    }
}

/// Where the fragment stands behind `#`. None where the target is written with escapes.
fn fragment_span(cx: &FileCx<'_>, link: &Link, fragment: &str) -> Option<Span> {
    let span = link.target_span?;
    let source = span.text(cx.text());
    let start = source.len().checked_sub(fragment.len())?;
    (source == link.target && source.ends_with(fragment))
        .then(|| Span::new(span.start as usize + start, span.end as usize))
}

enum Meant<'a> {
    One(&'a str),
    Perhaps(&'a str),
    Unknown,
}

/// The anchor that a fragment means: the only one with the same letters and digits, the same words but for
/// numbering, or the fragment's two words or more at its start.
fn meant<'a>(wanted: &str, anchors: &'a AnchorSet) -> Meant<'a> {
    let wanted = wanted.to_lowercase();
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let squeezed = letters(&wanted);
    let words = words_of(&wanted);
    // Titles are shorter than this; comparing takes the product of the lengths.
    if words.is_empty() || wanted.len() > 300 {
        return Meant::Unknown;
    }
    let bare = without_numbering(&words);
    let same_letters = |a: &str| letters(a) == squeezed;
    let same_words = |a: &str| !bare.is_empty() && without_numbering(&words_of(a)) == bare;
    let begins = |a: &str| words.len() > 1 && words_of(a).starts_with(&words);
    let tests: [&dyn Fn(&str) -> bool; 3] = [&same_letters, &same_words, &begins];
    for test in tests {
        let mut found = anchors.names().filter(|a| test(a));
        if let Some(first) = found.next() {
            if found.next().is_none() {
                return Meant::One(first);
            }
            // Several: the nearest of them is a guess.
            break;
        }
    }
    // A heading that has all the words and more is nearer than its length says.
    let near = |a: &str| {
        // Too different in length to be alike.
        if a.len() * 2 < wanted.len() {
            return 0.0;
        }
        let score = strsim::normalized_levenshtein(&wanted, a);
        let longer = words_of(a).windows(words.len()).any(|part| part == words);
        if longer { score.max(0.75) } else { score }
    };
    let best = anchors
        .names()
        .filter(|a| a.len() <= 300)
        .map(|a| (near(a), a))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    match best {
        Some((score, anchor)) if score >= 0.7 => Meant::Perhaps(anchor),
        _ => Meant::Unknown,
    }
}

fn words_of(anchor: &str) -> Vec<&str> {
    anchor.split(['-', '_']).filter(|w| !w.is_empty()).collect()
}

/// The words behind leading numbers.
fn without_numbering<'w>(words: &[&'w str]) -> Vec<&'w str> {
    words.iter().copied().skip_while(|w| w.bytes().all(|b| b.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_markdown::Document;

    #[test]
    fn one_heading_is_meant_or_none() {
        let text = "# A\n## 3. Data model\n## Risk register — 2026\n## Phase 1\n## Phase 11\n## Open points\n## Open points, old\n";
        let anchors = AnchorSet::of(&Document::parse(text));
        for (wanted, expected) in [
            ("3-datamodel", Some("3-data-model")),
            ("data-model", Some("3-data-model")),
            ("4-data-model", Some("3-data-model")),
            ("risk-register", Some("risk-register--2026")),
            ("risk", None),
            ("open", None),
            ("phase", None),
            ("nothing-of-it", None),
        ] {
            let found = match meant(wanted, &anchors) {
                Meant::One(anchor) => Some(anchor),
                _ => None,
            };
            assert_eq!(found, expected, "{wanted}");
        }
    }
}
