use crate::asked::{first_line, holds_placeholder, says_nothing, speaks_of};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};

declare_rule! {
    BACKFILL_NOT_IDEMPOTENT = "backfill-not-idempotent" in "data", page "backfill_not_idempotent.md",
    "nothing says that a backfill can be run again",
    Specs, Levels::WARNING, check
}

/// Words by which a backfill that is run twice does what it does once.
const SAFE: &[&str] = &[
    "idempoten",
    "re-run",
    "rerun",
    "re-execut",
    "run again",
    "runs again",
    "second run",
    "run twice",
    "runs twice",
    "repeatable",
    "repeated",
    "repeating",
    "restart",
    "resum",
    "checkpoint",
    "no-op",
    "on conflict",
    "upsert",
    "insert or",
    "not exists",
    "does not exist",
    "do not exist",
    "don't exist",
    "is null",
    "is empty",
    "are empty",
    "are null",
    "still empty",
    "still null",
    "where it is",
    "where they are",
    "where missing",
    "is missing",
    "are missing",
    "that lack",
    "which lack",
    "without one",
    "without a",
    "only rows",
    "only missing",
    "only empty",
    "already",
    "skip",
    "at most once",
    "exactly once",
    "if not",
    "unless",
    "pick up where",
    "left off",
];

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let plan = &spec.facts.migrations;
        let Some(backfill) = plan.backfill.as_ref().filter(|text| !says_nothing(&text.text)) else {
            continue;
        };
        out.looked_at(1);
        let source = backfill.span.text(cx.text());
        let lower = backfill.text.to_lowercase();
        if denies(&lower) || SAFE.iter().any(|word| lower.contains(word)) || holds_placeholder(source) {
            continue;
        }
        let report = Report::new(
            first_line(cx, backfill.span),
            "nothing says what a second run of this backfill does",
        )
        .hint("say what makes it safe to run again: only rows that are still empty, an upsert, a checkpoint")
        .subject("backfill");
        // Where the template asks for idempotent jobs, the author was told.
        let asked = speaks_of(cx, "migration", "idempot");
        out.push(if asked { report } else { report.at_most(Level::Info) });
    }
}

/// "There is no backfill", "existing rows need none".
fn denies(lower: &str) -> bool {
    let none = [
        "no backfill",
        "no data backfill",
        "not needed",
        "not required",
        "not necessary",
        "need none",
        "needs none",
        "no historical",
        "without backfill",
        "no data migration",
        "no data is",
        "no existing",
        "no rows",
    ];
    none.iter().any(|words| lower.contains(words))
}
