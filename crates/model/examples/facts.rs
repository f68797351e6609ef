//! Prints the facts of specs, a line each: `facts TEMPLATE KIND FILE...` (KIND `all` for every kind).

use std::fmt::Debug;
use trueup_markdown::Document;
use trueup_model::{Settings, SpecId, base_name, read_specs};
use trueup_text::{LineIndex, Span};

fn main() {
    let mut args = std::env::args().skip(1);
    let template = args.next().expect("a template");
    let wanted = args.next().expect("a kind");
    let text = std::fs::read_to_string(&template).expect("template");
    let schema = trueup_template::infer(&template, &text, None);
    let settings = Settings::default();
    for path in args {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let document = Document::parse(text.as_str());
        let lines = LineIndex::new(&text);
        let id = SpecId::of_file_name(base_name(&path));
        for spec in read_specs(&path, &document, &schema, &settings, None, id.as_ref()) {
            let show = |kind: &str, span: Span, what: &dyn Debug| {
                if wanted == "all" || wanted == kind {
                    println!("{path}:{}: {kind} {what:?}", lines.line(span.start));
                }
            };
            let facts = &spec.facts;
            macro_rules! each {
                ($($kind:literal $list:expr);* $(;)?) => { $(for x in &$list { show($kind, x.span, x); })* };
            }
            each! {
                "entity" facts.data.entities; "type" facts.data.types; "shared-field" facts.data.shared;
                "endpoint" facts.api.endpoints; "command" facts.vocabulary.commands;
                "event" facts.vocabulary.events; "consumed" facts.vocabulary.consumed;
                "risk" facts.risks.risks; "assumption" facts.risks.assumptions; "category" facts.risks.categories;
                "i18n" facts.i18n; "setting" facts.configuration; "migration" facts.migrations.migrations;
                "flag" facts.flags; "smoke" facts.observability.smoke; "metric" facts.observability.metrics;
                "acceptance" facts.acceptance; "depends" facts.dependencies.depends_on;
                "affects" facts.dependencies.affects; "phase" facts.phases; "manifest" facts.manifest;
                "test" facts.tests; "question" facts.questions; "change" facts.changelog;
                "reference" facts.references; "term" facts.glossary; "goal" facts.goals.goals;
                "non-goal" facts.goals.non_goals; "out-of-scope" facts.goals.out_of_scope;
                "scenario" facts.scenarios.scenarios; "story" facts.scenarios.stories;
                "decision" facts.decisions.decisions; "alternative" facts.decisions.alternatives;
                "user" facts.users.statements;
            }
            for c in &facts.compliance {
                show("compliance", c.span, &(c.date, &c.none, &c.verdict));
                each! { "guide" c.guides; "row" c.rows; "check" c.checks; "non-compliant" c.non_compliant; }
            }
            show("meta", Span::default(), &facts.meta.fields);
            show("tldr", Span::default(), &facts.tldr);
            show("market", Span::default(), &facts.decisions.market);
            show("plan", Span::default(), &facts.migrations);
            show("rollout", Span::default(), &facts.rollout);
            show("marker", Span::default(), &facts.observability.marker);
            show("impact", Span::default(), &facts.impact);
            show("section", Span::default(), &facts.sections);
        }
    }
}
