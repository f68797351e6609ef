//! Everything that a spec says, as typed facts with their places: one module for each kind of section.
//!
//! Which section holds what comes from the template (its titles, aliases and directives), never from a
//! fixed position. A reader that finds nothing returns nothing: reading never fails.

mod api;
mod changelog;
mod commands;
mod compliance;
mod configuration;
mod decisions;
mod dependencies;
mod entities;
mod flags;
mod glossary;
mod goals;
mod i18n;
mod impact;
mod item;
mod manifest;
mod meta;
mod migrations;
mod observability;
mod phases;
mod places;
mod proofs;
mod questions;
mod reader;
mod references;
mod risks;
mod rollout;
mod scenarios;
mod sections;
mod support;
mod test_plan;
mod tldr;
mod users;

pub use api::{Api, Endpoint};
pub use changelog::ChangeEntry;
pub use commands::{Declaration, NamedId, Vocabulary};
pub use compliance::{
    Answer, CheckRow, Compliance, GuideRef, MatrixRow, NonCompliantItem, VerdictClaim, VerdictClass,
};
pub use configuration::Setting;
pub use decisions::{Alternative, Decision, Decisions};
pub use dependencies::{Dependencies, Dependency};
pub use entities::{DataModels, Entity, EntityKind, Field, TypeDecl};
pub use flags::{Flag, FlagDefault};
pub use glossary::Term;
pub use goals::Goals;
pub use i18n::I18nKey;
pub use impact::{ChangelogImpact, ImpactEntry};
pub use item::{Item, ItemId, ItemKind, ItemNumbers, ItemRef, id_in_front, item_id_parts};
pub use manifest::ManifestEntry;
pub use meta::{Meta, MetaField};
pub use migrations::{Migration, MigrationPlan};
pub use observability::{Metric, Observability};
pub use phases::{Phase, Step};
pub use proofs::{ProofClaim, ProofKind};
pub use questions::Question;
pub use references::{Reference, Relation, Target};
pub use risks::{Risk, RiskEntry, RiskForm, Risks, Severity};
pub use rollout::Rollout;
pub use scenarios::{Scenarios, Story};
pub use sections::SectionFact;
pub use support::Text;
pub use test_plan::PlannedTest;
pub use tldr::Tldr;
pub use users::Users;

pub(crate) use reader::Reader;

/// Everything that one spec says.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Header fields and the meta table.
    pub meta: Meta,
    /// The document's sections.
    pub sections: Vec<SectionFact>,
    /// The summary in front.
    pub tldr: Tldr,
    /// Goals, non-goals and what is out of scope.
    pub goals: Goals,
    /// Users, tenants, permissions and abuse cases.
    pub users: Users,
    /// Happy paths and user stories.
    pub scenarios: Scenarios,
    /// Market reference, design decisions and rejected alternatives.
    pub decisions: Decisions,
    /// Commands and events.
    pub vocabulary: Vocabulary,
    /// Entities with their fields, and types that are not persisted.
    pub data: DataModels,
    /// Endpoints.
    pub api: Api,
    /// Keys of translations.
    pub i18n: Vec<I18nKey>,
    /// Environment variables and settings.
    pub configuration: Vec<Setting>,
    /// Migration files and the plan for data.
    pub migrations: MigrationPlan,
    /// Claims that only a run can prove, the first of each kind.
    pub proofs: Vec<ProofClaim>,
    /// Feature flags.
    pub flags: Vec<Flag>,
    /// Smoke checks, metrics and the deploy marker.
    pub observability: Observability,
    /// Acceptance bullets.
    pub acceptance: Vec<Item>,
    /// Staging, soak, production, rollback.
    pub rollout: Rollout,
    /// What the spec depends on and what it affects.
    pub dependencies: Dependencies,
    /// What the changelog of the product will say.
    pub impact: Option<ChangelogImpact>,
    /// Phases of the implementation with their steps.
    pub phases: Vec<Phase>,
    /// Files to create, modify and delete.
    pub manifest: Vec<ManifestEntry>,
    /// Tests that the spec promises.
    pub tests: Vec<PlannedTest>,
    /// Open questions.
    pub questions: Vec<Question>,
    /// Risks, assumptions and the risk categories that were answered.
    pub risks: Risks,
    /// The compliance report.
    pub compliance: Option<Compliance>,
    /// The changelog or version history of the spec itself.
    pub changelog: Vec<ChangeEntry>,
    /// Other specs, files and issues that the spec names.
    pub references: Vec<Reference>,
    /// Terms that the spec defines.
    pub glossary: Vec<Term>,
}

impl Facts {
    /// How the spec is related to others, mere mentions left out: from its header, its dependencies and
    /// the sentences that say so.
    pub fn relations(&self) -> Vec<(Relation, Target, trueup_text::Span)> {
        let needs = self.dependencies.depends_on.iter().map(|d| (Relation::DependsOn, d));
        let affects = self.dependencies.affects.iter().map(|d| (Relation::Affects, d));
        let listed = needs.chain(affects).flat_map(|(relation, dependency)| {
            dependency.targets.iter().map(move |target| (relation, target.clone(), dependency.span))
        });
        let named = self
            .references
            .iter()
            .filter(|r| r.relation != Relation::Related && !r.in_sidecar)
            .map(|r| (r.relation, r.target.clone(), r.span));
        let mut out: Vec<(Relation, Target, trueup_text::Span)> = Vec::new();
        for relation in named.chain(listed) {
            if !out.iter().any(|o| o.0 == relation.0 && o.1 == relation.1) {
                out.push(relation);
            }
        }
        out
    }

    /// Reads everything that a spec says.
    pub(crate) fn read(reader: &Reader<'_>) -> Facts {
        let mentions = references::mentions(reader);
        let users = users::read(reader);
        let migrations = migrations::read(reader);
        let acceptance = item::read_acceptance(reader);
        Facts {
            proofs: proofs::read(reader, &migrations, &acceptance, &users),
            meta: meta::read(reader),
            sections: sections::read(reader),
            tldr: tldr::read(reader),
            goals: goals::read(reader),
            users,
            scenarios: scenarios::read(reader),
            decisions: decisions::read(reader),
            vocabulary: commands::read(reader),
            data: entities::read(reader),
            api: api::read(reader),
            i18n: i18n::read(reader),
            configuration: configuration::read(reader),
            migrations,
            flags: flags::read(reader),
            observability: observability::read(reader),
            acceptance,
            rollout: rollout::read(reader),
            dependencies: dependencies::read(reader, &mentions),
            impact: impact::read(reader),
            phases: phases::read(reader),
            manifest: manifest::read(reader),
            tests: test_plan::read(reader),
            questions: questions::read(reader),
            risks: risks::read(reader),
            compliance: compliance::read(reader),
            changelog: changelog::read(reader),
            references: references::read(mentions),
            glossary: glossary::read(reader),
        }
    }
}
