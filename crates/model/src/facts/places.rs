//! Every fact of a spec with its place.

use super::Facts;
use trueup_text::Span;

impl Facts {
    /// Every fact with its place, by the word that its kind is listed under. Places in the YAML file beside
    /// the spec are left out.
    pub fn places(&self) -> Vec<(&'static str, Span)> {
        let mut out: Vec<(&'static str, Span)> = Vec::new();
        macro_rules! each {
            ($($kind:literal $list:expr;)*) => { $(out.extend($list.iter().map(|fact| ($kind, fact.span)));)* };
        }
        each! {
            "goals" self.goals.goals; "non-goals" self.goals.non_goals;
            "out-of-scope" self.goals.out_of_scope; "users" self.users.statements;
            "users" self.users.isolation; "users" self.users.abuse;
            "scenarios" self.scenarios.scenarios; "stories" self.scenarios.stories;
            "decisions" self.decisions.decisions; "alternatives" self.decisions.alternatives;
            "market" self.decisions.market; "commands" self.vocabulary.commands;
            "events" self.vocabulary.events; "consumed-events" self.vocabulary.consumed;
            "entities" self.data.entities; "types" self.data.types; "shared-fields" self.data.shared;
            "data" self.data.none; "data" self.data.notes; "endpoints" self.api.endpoints; "contracts" self.api.contracts; "api" self.api.none;
            "i18n-keys" self.i18n; "configuration" self.configuration;
            "migrations" self.migrations.migrations; "claims" self.proofs; "flags" self.flags;
            "smoke" self.observability.smoke; "metrics" self.observability.metrics;
            "deploy-marker" self.observability.marker; "acceptance" self.acceptance;
            "dependencies" self.dependencies.depends_on; "affects" self.dependencies.affects;
            "changelog-impact" self.impact; "phases" self.phases; "manifest" self.manifest;
            "tests" self.tests; "open-questions" self.questions; "risks" self.risks.risks;
            "assumptions" self.risks.assumptions; "risk-categories" self.risks.categories;
            "changelog" self.changelog; "glossary" self.glossary;
            "key-points" self.tldr.key_points; "scope" self.tldr.scope; "concerns" self.tldr.concerns;
            "summary" self.tldr.summary; "purpose" self.tldr.purpose; "outcome" self.tldr.outcome;
        }
        let plan = &self.migrations;
        let rollout = &self.rollout;
        each! {
            "data-plan" plan.schema_deltas; "data-plan" plan.expand; "data-plan" plan.migrate;
            "data-plan" plan.contract; "data-plan" plan.backfill; "data-plan" plan.rollback;
            "data-plan" plan.none; "rollout" rollout.staging; "rollout" rollout.production;
            "rollout" rollout.rollback; "rollout" rollout.soak; "rollout" rollout.cohort;
            "rollout" rollout.criteria;
        }
        let own = self.references.iter().filter(|reference| !reference.in_sidecar);
        out.extend(own.map(|reference| ("references", reference.span)));
        let fields = self.meta.fields.iter().filter(|field| !field.in_sidecar);
        out.extend(fields.flat_map(|field| [("meta", field.key_span), ("meta", field.value.span)]));
        let parts = self.data.entities.iter().flat_map(|entity| &entity.fields);
        out.extend(parts.chain(self.data.types.iter().flat_map(|t| &t.fields)).map(|f| ("fields", f.span)));
        out.extend(self.phases.iter().flat_map(|phase| &phase.steps).map(|step| ("steps", step.span)));
        out.extend(self.risks.risks.iter().flat_map(|risk| &risk.entries).map(|e| ("risk-keys", e.span)));
        out.extend(self.sections.iter().filter_map(|section| Some(("sections", section.span?))));
        if let Some(report) = &self.compliance {
            out.push(("compliance", report.span));
            out.extend(report.guides.iter().map(|guide| ("guides", guide.span)));
            out.extend(
                report
                    .rows
                    .iter()
                    .flat_map(|row| [("compliance", row.span), ("compliance", row.status.span)]),
            );
            out.extend(
                report.checks.iter().flat_map(|row| [("checks", row.span), ("checks", row.status.span)]),
            );
            out.extend(report.non_compliant.iter().map(|item| ("non-compliant", item.span)));
            out.extend(report.statements.iter().map(|said| ("compliance", said.span)));
            out.extend(report.verdict.iter().map(|verdict| ("verdicts", verdict.span)));
        }
        out
    }
}
