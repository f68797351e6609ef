use super::cited;
use crate::support::shorten;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_guides::{Cited, Strength, applying};

declare_rule! {
    GUIDE_NOT_REVIEWED = "guide-not-reviewed" in "guides", page "guide_not_reviewed.md",
    "a guide with binding rules applies to what a spec changes, and its compliance report does not name it",
    Specs, Levels::INFO, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, _) in cx.shaped() {
        let Some(report) = &spec.facts.compliance else { continue };
        if report.guides.is_empty() && report.rows.is_empty() || spec.facts.manifest.is_empty() {
            continue;
        }
        let all: Vec<&str> = cx.house.guides().iter().map(|guide| guide.path.as_str()).collect();
        let apply = applying(spec.facts.manifest.iter().map(|entry| entry.path.as_str()), &all);
        let sources = report
            .guides
            .iter()
            .map(|g| g.path.as_str())
            .chain(report.rows.iter().map(|r| r.source.as_str()));
        let named: Vec<String> = sources
            .filter_map(|source| match cited(cx, source) {
                Cited::Found(path) => Some(path),
                _ => None,
            })
            .collect();
        for path in apply {
            out.looked_at(1);
            let Some(guide) = cx.house.guides().iter().find(|guide| guide.path == path) else { continue };
            if guide.rules.is_empty() || named.iter().any(|n| n == path) {
                continue;
            }
            let because = spec.facts.manifest.iter().find(|e| applying([&e.path], &all).contains(&path));
            let changed = because.map_or("", |entry| entry.path.as_str());
            let never = guide.rules.iter().filter(|r| r.strength == Strength::Never).count();
            let message = format!(
                "`{path}` applies to `{}`, and the compliance report does not name it",
                shorten(changed, 80)
            );
            let hint = format!(
                "it has {} binding rules, {never} of them prohibitions; add it to the guides reviewed and its rules to the matrix",
                guide.rules.len()
            );
            out.push(Report::new(report.span, message).hint(hint).subject(path));
        }
    }
}
