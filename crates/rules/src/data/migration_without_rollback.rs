use crate::asked::{first_line, is_left_open, says_nothing, speaks_of};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{MigrationPlan, Text};
use trueup_text::Span;

declare_rule! {
    MIGRATION_WITHOUT_ROLLBACK = "migration-without-rollback" in "data", page "migration_without_rollback.md",
    "data or its schema are changed, but nothing says how to go back",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let plan = &spec.facts.migrations;
        let Some((span, what)) = changes(plan) else { continue };
        if !speaks_of(cx, "migration", "rollback") && !speaks_of(cx, "migration", "snapshot") {
            return;
        }
        out.looked_at(1);
        let back = plan.rollback.as_ref();
        if back.is_some_and(|text| !is_bare(&text.text)) || is_left_open(cx, spec, "migration") {
            continue;
        }
        let report = match back {
            Some(text) => Report::new(
                text.span,
                format!("there is {what}, and for the way back it says only “{}”", text.text.trim()),
            ),
            None => {
                Report::new(first_line(cx, span), format!("there is {what}, but no snapshot and no way back"))
            }
        };
        let report = report
            .hint(
                "say what is saved before, and how to go back; where nothing has to be done for it, say why",
            )
            .subject("rollback");
        out.push(report);
    }
}

/// The first thing that is changed.
fn changes(plan: &MigrationPlan) -> Option<(Span, &'static str)> {
    let real = |text: &'_ &Text| !says_nothing(&text.text);
    let schema = [&plan.schema_deltas, &plan.expand, &plan.migrate, &plan.contract];
    let schema = schema.into_iter().flatten().find(real).map(|text| (text.span, "a change of the schema"));
    let backfill = plan.backfill.as_ref().filter(real).map(|text| (text.span, "a backfill"));
    schema.or(backfill)
}

/// "None" and nothing else; with a reason it is an answer.
fn is_bare(text: &str) -> bool {
    says_nothing(text) && text.split_whitespace().count() <= 2
}
