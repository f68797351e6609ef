//! The matrix as one page that needs nothing beside it: no script, no font, no picture.

use super::TraceReport;
use crate::markup::escaped;
use std::fmt::Write as _;
use trueup_model::Verdict;
use trueup_trace::Traced;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#d8dee6;--soft:#f5f7fa;--dim:#57606a;--ink:#1b1f24;--page:#fff;\
--good:#1a7f37;--bad:#cf222e;--warn:#9a6700;--note:#0969da}\
@media(prefers-color-scheme:dark){:root{--line:#30363d;--soft:#161b22;--dim:#9198a1;--ink:#e6edf3;--page:#0d1117;\
--good:#3fb950;--bad:#ff7b72;--warn:#d29922;--note:#58a6ff}}\
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;padding:2rem 1.25rem;max-width:76rem;color:var(--ink);background:var(--page)}\
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2.25rem 0 .5rem}\
.path,.dim{color:var(--dim);font-weight:400}p{margin:.15rem 0}\
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;vertical-align:top;padding:.45rem .7rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}\
th{font-size:.8rem;color:var(--dim);background:var(--soft);white-space:nowrap}\
td.id,td.kind,td.verdict{white-space:nowrap;overflow-wrap:normal}td.id{font-family:ui-monospace,monospace;font-size:.9rem}\
.badge{display:inline-block;padding:0 .5rem;border-radius:1rem;border:1px solid currentColor;font-size:.85rem}\
.proven,.waived{color:var(--good)}.contradicted{color:var(--bad)}.stale,.missing{color:var(--warn)}.not-checkable,.vacuous{color:var(--note)}\
ul{margin:.2rem 0 0;padding-left:1.1rem;font-size:.9rem;color:var(--dim)}\
.counts{display:flex;flex-wrap:wrap;gap:.4rem .9rem;margin:.75rem 0;padding:0;list-style:none;font-size:1rem}\
@media print{body{max-width:none}}";

/// The matrix as a page. All text of specs and tests is escaped.
pub fn trace_html(report: &TraceReport<'_>) -> String {
    let mut out = String::new();
    out.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    let _ = write!(out, "<title>Trace of specs to tests</title>\n<style>{STYLE}</style>\n</head>\n<body>\n");
    out.push_str("<h1>Trace of specs to tests</h1>\n<ul class=\"counts\">\n");
    for verdict in super::VERDICTS {
        let number = report.with(verdict);
        let _ = writer(&mut out, number, verdict);
    }
    out.push_str("</ul>\n");
    // The verdicts are counted above.
    for line in report.denominators().into_iter().skip(1) {
        let _ = writeln!(out, "<p class=\"dim\">{}</p>", escaped(&line));
    }
    for items in report.by_spec() {
        spec(&mut out, items);
    }
    orphans(&mut out, report);
    out.push_str("</body>\n</html>\n");
    out
}

fn writer(out: &mut String, number: usize, verdict: Verdict) -> std::fmt::Result {
    writeln!(out, "<li class=\"{}\"><strong>{number}</strong> {verdict}</li>", class(verdict))
}

fn spec(out: &mut String, items: &[&Traced]) {
    let Some(first) = items.first() else { return };
    let _ = write!(
        out,
        "<h2>{} <span class=\"path\">{}</span></h2>\n<div class=\"wide\"><table>\n<thead><tr><th>Item</th><th>Kind</th>\
         <th>What it says</th><th>Verdict</th><th>Why, and the tests that name it</th></tr></thead>\n<tbody>\n",
        escaped(&first.spec),
        escaped(&first.path)
    );
    for traced in items {
        row(out, traced);
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn row(out: &mut String, traced: &Traced) {
    let item = &traced.item;
    let id = match (item.id.is_empty(), item.written) {
        (true, _) => "<span class=\"dim\">none</span>".to_owned(),
        (_, true) => escaped(&item.id),
        (_, false) => format!("<span class=\"dim\">({})</span>", escaped(&item.id)),
    };
    let _ = write!(
        out,
        "<tr><td class=\"id\">{id}</td><td class=\"kind\">{}</td><td>{}</td><td class=\"verdict\"><span class=\"badge {}\">{}</span></td><td>{}",
        item.role.name(),
        escaped(&item.text),
        class(traced.verdict),
        traced.verdict,
        escaped(&traced.reason)
    );
    if !traced.proofs.is_empty() {
        out.push_str("<ul>");
        for proof in &traced.proofs {
            let outdated = if proof.outdated { ", outdated" } else { "" };
            let _ = write!(
                out,
                "<li>{} — {}{outdated} <span class=\"path\">{}:{}</span></li>",
                escaped(&proof.test),
                proof.outcome.map_or("in the code", trueup_codebase::Outcome::name),
                escaped(&proof.path),
                proof.line
            );
        }
        out.push_str("</ul>");
    }
    out.push_str("</td></tr>\n");
}

fn orphans(out: &mut String, report: &TraceReport<'_>) {
    let orphans = &report.run.trace.orphans;
    if orphans.is_empty() {
        return;
    }
    out.push_str("<h2>Tests that cite what they cannot prove</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>Citation</th>");
    out.push_str("<th>Test</th><th>Place</th><th>What is wrong</th></tr></thead>\n<tbody>\n");
    for orphan in orphans {
        let _ = writeln!(
            out,
            "<tr><td class=\"id\">{}</td><td>{}</td><td>{}:{}</td><td>{}</td></tr>",
            escaped(&orphan.citation),
            escaped(&orphan.test),
            escaped(&orphan.path),
            orphan.line,
            escaped(&orphan.why)
        );
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn class(verdict: Verdict) -> String {
    verdict.name().replace(' ', "-")
}
