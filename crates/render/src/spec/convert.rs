//! From the facts of the model to those of the JSON format.

use super::SPEC_SCHEMA_VERSION;
use super::model as out;
use trueup_engine::ReadFile;
use trueup_model as facts;
use trueup_model::{Facts, Spec, StateSource};
use trueup_text::{LineIndex, Span};

/// Converts spans of one file into lines.
struct Lines<'a>(&'a LineIndex);

impl Lines<'_> {
    fn of(&self, span: Span) -> u32 {
        self.0.line(span.start)
    }

    fn text<'a>(&self, text: &'a facts::Text) -> out::Text<'a> {
        out::Text { text: &text.text, line: self.of(text.span) }
    }

    fn texts<'a>(&self, texts: &'a [facts::Text]) -> Vec<out::Text<'a>> {
        texts.iter().map(|text| self.text(text)).collect()
    }

    fn maybe<'a>(&self, text: &'a Option<facts::Text>) -> Option<out::Text<'a>> {
        text.as_ref().map(|text| self.text(text))
    }

    fn items<'a>(&self, items: &'a [facts::Item]) -> Vec<out::Item<'a>> {
        let convert = |item: &'a facts::Item| out::Item {
            id: &item.id.text,
            provisional: item.id.written.is_none(),
            text: &item.text,
            done: item.done,
            line: self.of(item.span),
        };
        items.iter().map(convert).collect()
    }
}

pub(super) fn spec<'a>(
    file: &'a ReadFile,
    spec: &'a Spec,
    template: &'a str,
    lines: &LineIndex,
) -> out::Spec<'a> {
    let lines = &Lines(lines);
    let facts = &spec.facts;
    let title = spec.title.map(|id| file.document.section(id));
    out::Spec {
        schema_version: SPEC_SCHEMA_VERSION,
        path: &file.path,
        id: spec.name(),
        title: title.map(|section| section.title.as_str()),
        line: lines.of(title.map_or(spec.region, |section| section.title_span)),
        template: out::Template { name: template, version: None },
        status: status(spec, lines),
        created: spec.created.map(|date| date.to_string()),
        meta: meta(facts, lines),
        sections: facts.sections.iter().map(|s| section(s, lines)).collect(),
        tldr: tldr(&facts.tldr, lines),
        goals: lines.items(&facts.goals.goals),
        non_goals: lines.texts(&facts.goals.non_goals),
        out_of_scope: lines.texts(&facts.goals.out_of_scope),
        users: lines.texts(&facts.users.statements),
        scenarios: lines.items(&facts.scenarios.scenarios),
        stories: facts.scenarios.stories.iter().map(|s| story(s, lines)).collect(),
        market_reference: lines.maybe(&facts.decisions.market),
        decisions: facts.decisions.decisions.iter().map(|d| decision(d, lines)).collect(),
        alternatives: facts.decisions.alternatives.iter().map(|a| alternative(a, lines)).collect(),
        commands: named(&facts.vocabulary.commands, lines),
        events: named(&facts.vocabulary.events, lines),
        consumed_events: named(&facts.vocabulary.consumed, lines),
        entities: facts.data.entities.iter().map(|e| entity(e, lines)).collect(),
        shared_fields: fields(&facts.data.shared, lines),
        types: facts.data.types.iter().map(|t| type_decl(t, lines)).collect(),
        data_notes: lines.texts(&facts.data.notes),
        endpoints: facts.api.endpoints.iter().map(|e| endpoint(e, lines)).collect(),
        contracts: lines.texts(&facts.api.contracts),
        i18n_keys: facts.i18n.iter().map(|k| i18n_key(k, lines)).collect(),
        configuration: facts.configuration.iter().map(|s| setting(s, lines)).collect(),
        migrations: facts.migrations.migrations.iter().map(|m| migration(m, lines)).collect(),
        claims: facts.proofs.iter().map(|claim| proof_claim(claim, lines)).collect(),
        data_plan: data_plan(&facts.migrations, lines),
        flags: facts.flags.iter().map(|f| flag(f, lines)).collect(),
        smoke: lines.items(&facts.observability.smoke),
        metrics: facts.observability.metrics.iter().map(|m| metric(m, lines)).collect(),
        deploy_marker: lines.maybe(&facts.observability.marker),
        acceptance: lines.items(&facts.acceptance),
        rollout: rollout(&facts.rollout, lines),
        dependencies: facts.dependencies.depends_on.iter().map(|d| dependency(d, lines)).collect(),
        affects: facts.dependencies.affects.iter().map(|d| dependency(d, lines)).collect(),
        changelog_impact: facts.impact.as_ref().map(|i| impact(i, lines)),
        phases: facts.phases.iter().map(|p| phase(p, lines)).collect(),
        manifest: facts.manifest.iter().map(|m| manifest_entry(m, lines)).collect(),
        tests: facts.tests.iter().map(|t| test(t, lines)).collect(),
        open_questions: facts.questions.iter().map(|q| question(q, lines)).collect(),
        risks: facts.risks.risks.iter().map(|r| risk(r, lines)).collect(),
        assumptions: lines.texts(&facts.risks.assumptions),
        compliance: facts.compliance.as_ref().map(|c| compliance(c, lines)),
        changelog: facts.changelog.iter().map(|c| change(c, lines)).collect(),
        references: facts.references.iter().map(|r| reference(r, lines)).collect(),
        glossary: facts.glossary.iter().map(|t| term(t, lines)).collect(),
    }
}

fn status<'a>(spec: &'a Spec, lines: &Lines<'_>) -> out::Status<'a> {
    out::Status {
        state: spec.state.state.key(),
        source: match spec.state.source {
            StateSource::Header => "header",
            StateSource::Folder => "folder",
            StateSource::Assumed => "assumed",
        },
        text: spec.state.text.as_deref(),
        line: spec.state.span.filter(|_| !spec.state.in_sidecar).map(|span| lines.of(span)),
    }
}

fn meta<'a>(facts: &'a Facts, lines: &Lines<'_>) -> std::collections::BTreeMap<&'a str, out::MetaField<'a>> {
    let field = |f: &'a facts::MetaField| out::MetaField {
        value: &f.value.text,
        line: (!f.in_sidecar).then(|| lines.of(f.key_span)),
    };
    // Of a key that comes twice the first counts.
    facts.meta.fields.iter().rev().map(|f| (f.key.as_str(), field(f))).collect()
}

fn section<'a>(section: &'a facts::SectionFact, lines: &Lines<'_>) -> out::Section<'a> {
    out::Section {
        kind: section.kind.as_deref(),
        title: &section.title,
        level: section.level,
        required: section.required,
        present: section.present,
        empty: section.empty,
        not_applicable: section.none,
        line: section.span.map(|span| lines.of(span)),
    }
}

fn tldr<'a>(tldr: &'a facts::Tldr, lines: &Lines<'_>) -> out::Tldr<'a> {
    out::Tldr {
        summary: lines.texts(&tldr.summary),
        purpose: lines.maybe(&tldr.purpose),
        outcome: lines.maybe(&tldr.outcome),
        key_points: lines.texts(&tldr.key_points),
        scope: lines.texts(&tldr.scope),
        concerns: lines.texts(&tldr.concerns),
    }
}

fn story<'a>(s: &'a facts::Story, lines: &Lines<'_>) -> out::Story<'a> {
    out::Story {
        actor: &s.actor,
        action: &s.action,
        benefit: &s.benefit,
        text: &s.text,
        line: lines.of(s.span),
    }
}

fn decision<'a>(d: &'a facts::Decision, lines: &Lines<'_>) -> out::Decision<'a> {
    out::Decision { decision: &d.decision, rationale: &d.rationale, line: lines.of(d.span) }
}

fn alternative<'a>(a: &'a facts::Alternative, lines: &Lines<'_>) -> out::Alternative<'a> {
    out::Alternative { alternative: &a.alternative, reason: &a.reason, line: lines.of(a.span) }
}

fn named<'a>(ids: &'a [facts::NamedId], lines: &Lines<'_>) -> Vec<out::NamedId<'a>> {
    let convert = |id: &'a facts::NamedId| out::NamedId {
        id: &id.id,
        status: match id.declaration {
            facts::Declaration::New => "new",
            facts::Declaration::Modified => "modified",
            facts::Declaration::Existing => "existing",
            facts::Declaration::Mentioned => "mentioned",
        },
        text: &id.text,
        payload: lines.maybe(&id.payload),
        line: lines.of(id.span),
    };
    ids.iter().map(convert).collect()
}

fn fields<'a>(fields: &'a [facts::Field], lines: &Lines<'_>) -> Vec<out::Field<'a>> {
    fields
        .iter()
        .map(|f| out::Field { name: &f.name, type_text: &f.type_text, line: lines.of(f.span) })
        .collect()
}

fn entity<'a>(e: &'a facts::Entity, lines: &Lines<'_>) -> out::Entity<'a> {
    out::Entity {
        name: &e.name,
        table: e.table.as_deref(),
        kind: match e.kind {
            facts::EntityKind::New => "new",
            facts::EntityKind::Extended => "extended",
            facts::EntityKind::Existing => "existing",
        },
        fields: fields(&e.fields, lines),
        line: lines.of(e.span),
    }
}

fn type_decl<'a>(t: &'a facts::TypeDecl, lines: &Lines<'_>) -> out::Type<'a> {
    out::Type { name: &t.name, fields: fields(&t.fields, lines), line: lines.of(t.span) }
}

fn endpoint<'a>(e: &'a facts::Endpoint, lines: &Lines<'_>) -> out::Endpoint<'a> {
    out::Endpoint {
        method: &e.method,
        path: &e.path,
        summary: &e.summary,
        request: lines.maybe(&e.request),
        response: lines.maybe(&e.response),
        line: lines.of(e.span),
    }
}

fn i18n_key<'a>(k: &'a facts::I18nKey, lines: &Lines<'_>) -> out::I18nKey<'a> {
    out::I18nKey { key: &k.key, text: k.text.as_deref(), line: lines.of(k.span) }
}

fn setting<'a>(s: &'a facts::Setting, lines: &Lines<'_>) -> out::Setting<'a> {
    out::Setting {
        name: &s.name,
        env: s.env,
        default: s.default.as_deref(),
        text: &s.text,
        line: lines.of(s.span),
    }
}

fn migration<'a>(m: &'a facts::Migration, lines: &Lines<'_>) -> out::Migration<'a> {
    out::Migration { name: &m.name, number: m.number, line: lines.of(m.span) }
}

fn proof_claim<'a>(claim: &'a facts::ProofClaim, lines: &Lines<'_>) -> out::ProofClaim<'a> {
    out::ProofClaim { kind: claim.kind.name(), text: &claim.text, line: lines.of(claim.span) }
}

fn data_plan<'a>(plan: &'a facts::MigrationPlan, lines: &Lines<'_>) -> out::DataPlan<'a> {
    out::DataPlan {
        schema_deltas: lines.maybe(&plan.schema_deltas),
        expand: lines.maybe(&plan.expand),
        migrate: lines.maybe(&plan.migrate),
        contract: lines.maybe(&plan.contract),
        backfill: lines.maybe(&plan.backfill),
        rollback: lines.maybe(&plan.rollback),
        none: lines.maybe(&plan.none),
    }
}

fn flag<'a>(f: &'a facts::Flag, lines: &Lines<'_>) -> out::Flag<'a> {
    let text = |t: &'a Option<facts::Text>| t.as_ref().map(|t| t.text.as_str());
    out::Flag {
        name: text(&f.name),
        owner: text(&f.owner),
        default: f.default.map(|default| match default {
            facts::FlagDefault::On => "on",
            facts::FlagDefault::Off => "off",
        }),
        kill_switch: text(&f.kill_switch),
        removal: text(&f.removal),
        removal_date: f.removal_date.map(|date| date.to_string()),
        cohort: text(&f.cohort),
        line: lines.of(f.span),
    }
}

fn metric<'a>(m: &'a facts::Metric, lines: &Lines<'_>) -> out::Metric<'a> {
    out::Metric { name: m.name.as_deref(), attributes: &m.attributes, text: &m.text, line: lines.of(m.span) }
}

fn rollout<'a>(r: &'a facts::Rollout, lines: &Lines<'_>) -> out::Rollout<'a> {
    out::Rollout {
        staging: lines.maybe(&r.staging),
        production: lines.maybe(&r.production),
        rollback: lines.maybe(&r.rollback),
        soak: lines.maybe(&r.soak),
        soak_minutes: r.soak_minutes,
        cohort: lines.maybe(&r.cohort),
        criteria: lines.texts(&r.criteria),
    }
}

fn target(target: &facts::Target) -> out::Target<'_> {
    match target {
        facts::Target::Spec(id) => out::Target { kind: "spec", target: id.text.as_str().into() },
        facts::Target::File(path) => out::Target { kind: "file", target: path.as_str().into() },
        facts::Target::Issue(number) => out::Target { kind: "issue", target: format!("#{number}").into() },
        facts::Target::Url(url) => out::Target { kind: "url", target: url.as_str().into() },
    }
}

fn dependency<'a>(d: &'a facts::Dependency, lines: &Lines<'_>) -> out::Dependency<'a> {
    let targets = d.targets.iter().map(target).collect();
    out::Dependency { text: &d.text, targets, line: lines.of(d.span) }
}

fn impact<'a>(i: &'a facts::ChangelogImpact, lines: &Lines<'_>) -> out::Impact<'a> {
    let entry = |e: &'a facts::ImpactEntry| out::ImpactEntry {
        category: &e.category,
        text: &e.text,
        line: lines.of(e.span),
    };
    out::Impact {
        entries: i.entries.iter().map(entry).collect(),
        none: lines.maybe(&i.none),
        line: lines.of(i.span),
    }
}

fn phase<'a>(p: &'a facts::Phase, lines: &Lines<'_>) -> out::Phase<'a> {
    let step = |s: &'a facts::Step| out::Step { text: &s.text, done: s.done, line: lines.of(s.span) };
    out::Phase { title: &p.title, steps: p.steps.iter().map(step).collect(), line: lines.of(p.span) }
}

fn manifest_entry<'a>(m: &'a facts::ManifestEntry, lines: &Lines<'_>) -> out::ManifestEntry<'a> {
    out::ManifestEntry {
        path: &m.path,
        action: m.action.as_deref(),
        purpose: &m.purpose,
        line: lines.of(m.span),
    }
}

fn test<'a>(t: &'a facts::PlannedTest, lines: &Lines<'_>) -> out::Test<'a> {
    out::Test { id: t.id.as_deref(), path: t.path.as_deref(), text: &t.text, line: lines.of(t.span) }
}

fn question<'a>(q: &'a facts::Question, lines: &Lines<'_>) -> out::Question<'a> {
    out::Question {
        id: &q.id.text,
        provisional: q.id.written.is_none(),
        text: &q.text,
        answer: q.answer.as_deref(),
        line: lines.of(q.span),
    }
}

fn risk<'a>(r: &'a facts::Risk, lines: &Lines<'_>) -> out::Risk<'a> {
    let written = r.severity_text.as_ref().map(|t| t.text.as_str());
    out::Risk {
        id: &r.id.text,
        provisional: r.id.written.is_none(),
        title: &r.title,
        severity: r.severity.map(facts::Severity::name).or(written),
        severity_text: written,
        keys: r.entries.iter().map(|e| e.key.as_str()).collect(),
        values: r.entries.iter().map(|e| (e.key.as_str(), e.value.as_str())).collect(),
        category: r.category.as_deref(),
        form: match r.form {
            facts::RiskForm::Block => "block",
            facts::RiskForm::Row => "row",
            facts::RiskForm::Keyed => "keyed",
            facts::RiskForm::Prose => "prose",
        },
        line: lines.of(r.span),
    }
}

fn answer(answer: facts::Answer) -> &'static str {
    match answer {
        facts::Answer::Pass => "pass",
        facts::Answer::NotApplicable => "not_applicable",
        facts::Answer::Partial => "partial",
        facts::Answer::Pending => "pending",
        facts::Answer::Fail => "fail",
        facts::Answer::Other => "other",
    }
}

fn compliance<'a>(c: &'a facts::Compliance, lines: &Lines<'_>) -> out::Compliance<'a> {
    let guide = |g: &'a facts::GuideRef| out::Guide { path: &g.path, line: lines.of(g.span) };
    let row = |r: &'a facts::MatrixRow| out::MatrixRow {
        source: &r.source,
        rule: &r.rule,
        status: &r.status.text,
        answer: answer(r.answer),
        notes: &r.notes,
        line: lines.of(r.span),
    };
    let check = |c: &'a facts::CheckRow| out::CheckRow {
        check: &c.check,
        status: &c.status.text,
        answer: answer(c.answer),
        notes: &c.notes,
        line: lines.of(c.span),
    };
    let item = |i: &'a facts::NonCompliantItem| out::NonCompliant {
        rule: &i.rule,
        source: &i.source,
        gap: &i.gap,
        recommendation: &i.recommendation,
        line: lines.of(i.span),
    };
    let verdict = c.verdict.as_ref().map(|v| out::Verdict {
        class: v.class.key(),
        text: &v.text,
        line: lines.of(v.span),
    });
    out::Compliance {
        date: c.date.map(|date| date.to_string()),
        guides: c.guides.iter().map(guide).collect(),
        rows: c.rows.iter().map(row).collect(),
        checks: c.checks.iter().map(check).collect(),
        non_compliant: c.non_compliant.iter().map(item).collect(),
        verdict,
        statements: lines.texts(&c.statements),
        line: lines.of(c.span),
    }
}

fn change<'a>(c: &'a facts::ChangeEntry, lines: &Lines<'_>) -> out::Change<'a> {
    let date = c.date.map(|date| date.to_string());
    out::Change { date, label: &c.label, text: &c.text, line: lines.of(c.span) }
}

fn reference<'a>(r: &'a facts::Reference, lines: &Lines<'_>) -> out::Reference<'a> {
    out::Reference {
        relation: relation(r.relation),
        target: target(&r.target),
        line: (!r.in_sidecar).then(|| lines.of(r.span)),
    }
}

fn relation(relation: facts::Relation) -> &'static str {
    match relation {
        facts::Relation::DependsOn => "depends_on",
        facts::Relation::Affects => "affects",
        facts::Relation::Supersedes => "supersedes",
        facts::Relation::SupersededBy => "superseded_by",
        facts::Relation::Extends => "extends",
        facts::Relation::Related => "related",
    }
}

fn term<'a>(t: &'a facts::Term, lines: &Lines<'_>) -> out::Term<'a> {
    out::Term { term: &t.term, definition: &t.definition, line: lines.of(t.span) }
}
