use crate::places::Places;
use crate::plain;
use crate::summary;
use trueup_engine::CheckReport;

/// A report of one line for each finding, `path:line:column: level[rule]: message`, and one line
/// that says what was looked at.
pub fn short(report: &CheckReport) -> String {
    let mut places = Places::new(&report.texts);
    let mut out = String::new();
    for finding in &report.findings {
        plain::push_one_line(&mut out, &places.origin(&finding.path, finding.span));
        out.extend([": ", finding.level.name(), "[", finding.rule, "]: "]);
        plain::push_one_line(&mut out, &finding.message);
        out.push('\n');
    }
    out.extend([&summary::found(report), "; ", &summary::looked_at(&report.summary), "\n"]);
    out
}
