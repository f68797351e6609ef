use super::cited;
use crate::support::shorten;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_guides::{Cited, Found, Guide, Sought};

declare_rule! {
    RULE_IN_ANOTHER_GUIDE = "rule-in-another-guide" in "guides", page "rule_in_another_guide.md",
    "a row of the compliance matrix cites a guide for a rule that stands in another one",
    Specs, Levels::INFO, check
}

/// As much of a rule's words as has to stand in one statement of the other guide.
const SURE: f64 = 0.85;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, _) in cx.shaped() {
        let Some(report) = &spec.facts.compliance else { continue };
        for row in &report.rows {
            let Cited::Found(path) = cited(cx, &row.source) else { continue };
            let guides = cx.house.guides();
            let Some(own) = guides.iter().find(|guide| guide.path == path) else { continue };
            out.looked_at(1);
            // A few words are found anywhere.
            if row.rule.split_whitespace().count() < 4 {
                continue;
            }
            let sought = Sought::new(&row.rule);
            if sought.find(own).is_some() {
                continue;
            }
            let Some((other, found)) = best(guides, own, &sought) else { continue };
            let message = format!(
                "\"{}\" does not stand in `{path}`; `{}` says it",
                shorten(&row.rule, 60),
                other.path
            );
            out.push(
                Report::new(row.span, message)
                    .hint("cite the guide that holds the rule")
                    .related(other.path.as_str(), found.span, "it stands here")
                    .subject(row.rule.clone()),
            );
        }
    }
}

fn best<'g>(guides: &'g [Guide], own: &Guide, sought: &Sought) -> Option<(&'g Guide, Found)> {
    let others = guides.iter().filter(|guide| guide.path != own.path);
    let found = others.filter_map(|guide| Some((guide, sought.find(guide)?)));
    found.filter(|(_, f)| f.likeness >= SURE).max_by(|a, b| a.1.likeness.total_cmp(&b.1.likeness))
}
