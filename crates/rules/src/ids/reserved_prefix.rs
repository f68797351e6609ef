use super::own::own_stem;
use crate::support::title_span;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::State;

declare_rule! {
    RESERVED_PREFIX = "reserved-prefix" in "ids", page "reserved_prefix.md",
    "the ID begins with a prefix that is kept for others",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    if cx.settings.reserved.is_empty() {
        return;
    }
    let Some(spec) = cx.specs.first() else { return };
    out.looked_at(1);
    let stem = own_stem(cx.path);
    for (prefix, folder) in &cx.settings.reserved {
        if !carries(stem, prefix) {
            continue;
        }
        let prefix = prefix.trim_end_matches(['-', '_']);
        let (message, hint) = match folder {
            Some(folder) if is_below(cx, folder) => continue,
            Some(folder) => (
                format!("the prefix {prefix} is kept for specs in `{}`", folder.trim_end_matches('/')),
                format!("give `{stem}` another ID, or move it to `{}`", folder.trim_end_matches('/')),
            ),
            // What was built under the prefix keeps its name.
            None if spec.state.state == State::Implemented => continue,
            None => (
                format!("the prefix {prefix} is kept: no new spec may use it"),
                format!("give `{stem}` another ID"),
            ),
        };
        out.push(Report::new(title_span(cx, spec), message).hint(hint).subject(format!("prefix {prefix}")));
        return;
    }
}

/// Whether a name begins with the prefix and a number, in any case.
fn carries(stem: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches(['-', '_']);
    let (Some(start), Some(rest)) = (stem.get(..prefix.len()), stem.get(prefix.len()..)) else {
        return false;
    };
    let number = rest.strip_prefix(['-', '_', ' ']).unwrap_or(rest);
    !prefix.is_empty()
        && start.eq_ignore_ascii_case(prefix)
        && number.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the file lies in a folder, named from the repository's root or from the set's.
fn is_below(cx: &FileCx<'_>, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_matches('/');
    let below = |root: &str, path: &str| path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    let in_set = cx.settings.folders.iter().any(|set| {
        let inside = if set.is_empty() { Some(cx.path) } else { cx.path.strip_prefix(set.as_str()) };
        inside.is_some_and(|rest| below(folder, rest.trim_start_matches('/')))
    });
    folder.is_empty() || below(folder, cx.path) || in_set
}
