use super::cited;
use crate::support::shorten;
use rustc_hash::FxHashSet;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_guides::Cited;
use trueup_model::base_name;
use trueup_text::Span;

declare_rule! {
    GUIDE_NOT_FOUND = "guide-not-found" in "guides", page "guide_not_found.md",
    "a compliance report cites a guide that the repository does not have",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, _) in cx.shaped() {
        let Some(report) = &spec.facts.compliance else { continue };
        // A repository without any guide cannot tell.
        if cx.house.guides().is_empty() {
            continue;
        }
        let reviewed = report.guides.iter().map(|guide| (guide.path.as_str(), guide.span));
        let rows = report.rows.iter().map(|row| (row.source.as_str(), row.span));
        let mut told: FxHashSet<String> = FxHashSet::default();
        for (source, span) in reviewed.chain(rows) {
            let line = line_at(cx.text(), span);
            // What the template left is told by another rule.
            if planned(line) || source.contains(['<', '>', '{']) {
                continue;
            }
            out.looked_at(1);
            let Cited::Missing(path) = cited(cx, source) else { continue };
            if told.insert(path.clone()) {
                let report = report_on(cx, &path, span);
                out.push(if hedged(line) { report.at_most(Level::Info) } else { report });
            }
        }
    }
}

/// The line that a place begins in.
fn line_at(text: &str, span: Span) -> &str {
    let start = text.get(..span.start as usize).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("")
}

/// Whether the author says that the guide is going to be made.
fn planned(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["(new)", "to be created", "will be created"].iter().any(|words| lower.contains(words))
}

/// Whether the author says that the guide need not be there.
fn hedged(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["if present", "if any", "if it exists", "when present", "not present", "no such", "implied"]
        .iter()
        .any(|words| lower.contains(words))
}

fn report_on(cx: &FileCx<'_>, path: &str, span: Span) -> Report {
    let line = span.text(cx.text());
    let place = line.find(path).map(|at| Span::new(at, at + path.len()).shifted(span.start as usize));
    let above = trueup_guides::guide_above(path, &guides(cx));
    let hint = match above {
        Some(above) => format!("the nearest guide above that path is `{above}`"),
        None => match cx.world.paths.with_name(base_name(path)) {
            [] => "name a guide that is there, or take the row out".to_owned(),
            there => format!("there is `{}`", there.first().map_or("", |p| p)),
        },
    };
    Report::new(place.unwrap_or(span), format!("there is no guide `{}`", shorten(path, 80)))
        .hint(hint)
        .subject(path)
}

fn guides<'a>(cx: &FileCx<'a>) -> Vec<&'a str> {
    cx.house.guides().iter().map(|guide| guide.path.as_str()).collect()
}
