//! What a log of statements shows, as text.

use super::ProofTextOptions;
use super::columns::Page;
use crate::words::count;
use trueup_tenancy::{QueryReport, QueryShape, Verdict};

/// A log of statements for people.
pub fn queries_text(report: &QueryReport, options: ProofTextOptions) -> String {
    let mut page = Page::new(options);
    for shape in &report.shapes {
        if options.all || shape.verdict != Verdict::Proven {
            one(&mut page, shape, options);
        }
    }
    for (place, statement) in &report.session_claims {
        page.verdict_line(
            &format!("{}:{}  claim for the session", place.file, place.line),
            Verdict::Contradicted.name(),
        );
        page.labelled("", statement);
        page.labelled(
            "",
            "under a pooler the next client inherits it; set it for the transaction (`SET LOCAL`)",
        );
    }
    page.line(&summary(report));
    page.out
}

fn one(page: &mut Page, shape: &QueryShape, options: ProofTextOptions) {
    let place = format!("{}:{}", shape.place.file, shape.place.line);
    page.verdict_line(&format!("{place}  {}", count_of(shape)), shape.verdict.name());
    page.labelled("", &shape.shape);
    if let Some(why) = &shape.why {
        page.labelled("why", why);
    }
    if options.witnesses || options.all {
        page.labelled("as run", &shape.witness);
    }
}

fn count_of(shape: &QueryShape) -> String {
    match shape.count {
        1 => "once".to_owned(),
        number => format!("{number} times"),
    }
}

fn summary(report: &QueryReport) -> String {
    let with = |verdict| report.shapes.iter().filter(|shape| shape.verdict == verdict).count();
    let unread = match report.unreadable {
        0 => String::new(),
        number => format!(", {number} not readable"),
    };
    format!(
        "{} statements in {} on tables of tenants: {} proven, {} contradicted, {} not checkable; {} on other tables{unread}",
        report.statements,
        count(report.shapes.len(), "shape", "shapes"),
        with(Verdict::Proven),
        with(Verdict::Contradicted),
        with(Verdict::NotCheckable),
        report.unscoped,
    )
}
