use trueup_claims::crud_gaps;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};

declare_rule! {
    CRUD_COMMAND_MISSING = "crud-command-missing" in "compliance", page "crud_command_missing.md",
    "an endpoint deletes what commands create or update, and no command deletes it",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, _) in cx.shaped() {
        let facts = &spec.facts;
        if !facts.vocabulary.commands.is_empty() {
            out.looked_at(facts.api.endpoints.iter().filter(|e| e.method == "DELETE").count());
        }
        for gap in crud_gaps(facts) {
            let message = format!(
                "`{}` has no command, though `{}` is there for the same thing",
                gap.endpoint, gap.command
            );
            out.push(
                Report::new(gap.endpoint_span, message)
                    .hint(format!("declare `{}`, or say why deleting needs no command", gap.expected))
                    .related(cx.path, gap.command_span, "the command that writes it")
                    .subject(gap.endpoint),
            );
        }
    }
}
