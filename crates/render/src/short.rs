use crate::places::Places;
use crate::plain;
use crate::summary;
use trueup_engine::CheckReport;
use trueup_finding::Finding;

/// A report of one line for each finding, `path:line:column: level[rule]: message`, and one line
/// that says what was looked at.
pub fn short(report: &CheckReport) -> String {
    let mut places = Places::new(&report.texts);
    let mut out = String::new();
    for finding in &report.findings {
        push_finding(&mut out, finding, &mut places);
    }
    out.extend([&summary::found(report), "; ", &summary::looked_at(&report.summary)]);
    for line in summary::left_out(&report.summary) {
        out.push_str("; ");
        plain::push_one_line(&mut out, &line);
    }
    out.push('\n');
    out
}

/// The line of one finding.
pub(crate) fn push_finding(out: &mut String, finding: &Finding, places: &mut Places<'_>) {
    plain::push_one_line(out, &places.origin(&finding.path, finding.span));
    out.extend([": ", finding.level.name(), "[", finding.rule, "]: "]);
    plain::push_one_line(out, &finding.message);
    out.push('\n');
}
