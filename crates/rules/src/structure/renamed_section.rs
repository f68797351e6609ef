use trueup_finding::{FileCx, Fix, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Section, strip_numbering};
use trueup_template::{MatchQuality, Presence};
use trueup_text::{Edit, Span};

declare_rule! {
    RENAMED_SECTION = "renamed-section" in "structure", page "renamed_section.md",
    "a required section stands under another title",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        for found in &spec.alignment.matches {
            let wanted = &schema.sections[found.spec];
            if wanted.presence != Presence::Required || wanted.repeats {
                continue;
            }
            out.looked_at(1);
            if !matches!(found.quality, MatchQuality::Alias | MatchQuality::Close) {
                continue;
            }
            // Two of the template's sections under one title: both are there.
            if spec.alignment.matches.iter().any(|m| m.section == found.section && m.spec != found.spec) {
                continue;
            }
            let section = cx.document.section(found.section);
            let message =
                format!("`{}` is the template's `{}` under another title", section.title, wanted.title);
            let hint = format!(
                "call it `{}`, or add `{}` to its aliases in trueup.toml",
                wanted.title, section.title
            );
            let report =
                Report::new(section.title_span, message).hint(hint).subject(schema.section_path(found.spec));
            out.push(match rename(cx, section, &wanted.title) {
                Some(fix) => report.fix(fix),
                None => report,
            });
        }
    }
}

/// Replaces the title and keeps its numbering. Anchors change, so it needs a person's eye.
fn rename(cx: &FileCx<'_>, section: &Section, title: &str) -> Option<Fix> {
    let source = section.title_span.text(cx.text());
    let (_, rest) = strip_numbering(source);
    // With something behind the title (a date, a remark) it is not clear what to keep.
    if section.normal.full != section.normal.core || rest.contains(['[', '`', '<']) {
        return None;
    }
    let start = section.title_span.end as usize - rest.len();
    let span = Span::new(start, section.title_span.end as usize);
    Some(Fix::risky(format!("rename it to `{title}`"), vec![Edit::replace(span, title)]))
}
