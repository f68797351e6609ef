//! The JSON of one spec. The comments here become the descriptions in its schema.

use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that trueup reads out of one spec. `trueup show --format json` prints one such object, and an
/// array of them only where the file holds several specs. Lines count from 1.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Facts of a spec")]
pub(crate) struct Spec<'a> {
    /// Version of this format. The first number changes when a reader could break.
    #[schemars(regex(pattern = r"^1\.[0-9]+$"))]
    pub(crate) schema_version: &'a str,
    /// Path from the repository's root.
    pub(crate) path: &'a str,
    /// The spec's ID: its file's, else its title's; null without one.
    pub(crate) id: Option<&'a str>,
    /// Its title.
    pub(crate) title: Option<&'a str>,
    /// The first line of the spec in its file.
    pub(crate) line: u32,
    /// The template that it is held to.
    pub(crate) template: Template<'a>,
    /// Its lifecycle state.
    pub(crate) status: Status<'a>,
    /// The day on which it was created, `YYYY-MM-DD`.
    pub(crate) created: Option<String>,
    /// Header fields and meta tables, by their keys as written.
    pub(crate) meta: BTreeMap<&'a str, MetaField<'a>>,
    /// The document's sections, then those that the template requires and that are not there.
    pub(crate) sections: Vec<Section<'a>>,
    /// The summary in front.
    pub(crate) tldr: Tldr<'a>,
    /// Goals.
    pub(crate) goals: Vec<Item<'a>>,
    /// Non-goals.
    pub(crate) non_goals: Vec<Text<'a>>,
    /// What is out of scope.
    pub(crate) out_of_scope: Vec<Text<'a>>,
    /// Users, tenants, permissions and abuse cases.
    pub(crate) users: Vec<Text<'a>>,
    /// Happy paths.
    pub(crate) scenarios: Vec<Item<'a>>,
    /// User stories.
    pub(crate) stories: Vec<Story<'a>>,
    /// The market leader that was studied.
    pub(crate) market_reference: Option<Text<'a>>,
    /// Design decisions.
    pub(crate) decisions: Vec<Decision<'a>>,
    /// Alternatives that were not taken.
    pub(crate) alternatives: Vec<Alternative<'a>>,
    /// Commands.
    pub(crate) commands: Vec<NamedId<'a>>,
    /// Events that are emitted.
    pub(crate) events: Vec<NamedId<'a>>,
    /// Events of others that are listened to.
    pub(crate) consumed_events: Vec<NamedId<'a>>,
    /// Persisted entities and tables.
    pub(crate) entities: Vec<Entity<'a>>,
    /// Columns that a sentence gives to all entities.
    pub(crate) shared_fields: Vec<Field<'a>>,
    /// Types that are not persisted.
    pub(crate) types: Vec<Type<'a>>,
    /// What a section on data describes where it holds no entity and no type.
    pub(crate) data_notes: Vec<Text<'a>>,
    /// Endpoints, one for each method.
    pub(crate) endpoints: Vec<Endpoint<'a>>,
    /// What the API section declares where it holds no endpoint: commands of a command line, functions.
    pub(crate) contracts: Vec<Text<'a>>,
    /// Keys of translations.
    pub(crate) i18n_keys: Vec<I18nKey<'a>>,
    /// Environment variables and settings.
    pub(crate) configuration: Vec<Setting<'a>>,
    /// Migrations that are named.
    pub(crate) migrations: Vec<Migration<'a>>,
    /// Claims that a run can prove.
    pub(crate) claims: Vec<ProofClaim<'a>>,
    /// The plan for data.
    pub(crate) data_plan: DataPlan<'a>,
    /// Feature flags.
    pub(crate) flags: Vec<Flag<'a>>,
    /// Smoke checks after deploy.
    pub(crate) smoke: Vec<Item<'a>>,
    /// Events and metrics to watch.
    pub(crate) metrics: Vec<Metric<'a>>,
    /// The deploy marker.
    pub(crate) deploy_marker: Option<Text<'a>>,
    /// Acceptance bullets.
    pub(crate) acceptance: Vec<Item<'a>>,
    /// Staging, soak, production and rollback.
    pub(crate) rollout: Rollout<'a>,
    /// What the spec depends on.
    pub(crate) dependencies: Vec<Dependency<'a>>,
    /// What the spec affects.
    pub(crate) affects: Vec<Dependency<'a>>,
    /// What the changelog of the product will say; null where the spec has no such section.
    pub(crate) changelog_impact: Option<Impact<'a>>,
    /// Phases of the implementation.
    pub(crate) phases: Vec<Phase<'a>>,
    /// Files to create, modify and delete.
    pub(crate) manifest: Vec<ManifestEntry<'a>>,
    /// Tests that the spec promises.
    pub(crate) tests: Vec<Test<'a>>,
    /// Open questions.
    pub(crate) open_questions: Vec<Question<'a>>,
    /// Risks.
    pub(crate) risks: Vec<Risk<'a>>,
    /// What the authors bet on.
    pub(crate) assumptions: Vec<Text<'a>>,
    /// The compliance report; null without one.
    pub(crate) compliance: Option<Compliance<'a>>,
    /// The spec's own changelog or version history.
    pub(crate) changelog: Vec<Change<'a>>,
    /// Other specs, files and issues that the spec names.
    pub(crate) references: Vec<Reference<'a>>,
    /// Terms that the spec defines.
    pub(crate) glossary: Vec<Term<'a>>,
}

/// A template.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Template<'a> {
    /// Path from the root, or `builtin:NAME`.
    pub(crate) name: &'a str,
    /// The version that the spec was written from; null where it is not known.
    pub(crate) version: Option<&'a str>,
}

/// A lifecycle state.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Status<'a> {
    /// `draft`, `in-review`, `accepted`, `implemented`, `parked` or `superseded`.
    pub(crate) state: &'a str,
    /// Where the state comes from: `header`, `folder`, or `assumed` where neither says it.
    pub(crate) source: &'a str,
    /// The words of the header; null where it has none.
    pub(crate) text: Option<&'a str>,
    /// Its line; null where nothing is written, or where it stands in the YAML file beside the spec.
    pub(crate) line: Option<u32>,
}

/// A field of the header.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MetaField<'a> {
    /// Its value without markup.
    pub(crate) value: &'a str,
    /// Its line; null in the YAML file beside the spec.
    pub(crate) line: Option<u32>,
}

/// A section.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Section<'a> {
    /// What it holds (`risks`, `data-models`); null where that is not known.
    pub(crate) kind: Option<&'a str>,
    /// Its title as written; the template's where it is missing.
    pub(crate) title: &'a str,
    /// The heading's level.
    pub(crate) level: u8,
    /// Whether the template requires it.
    pub(crate) required: bool,
    /// Whether it is there.
    pub(crate) present: bool,
    /// Whether nothing stands below its heading.
    pub(crate) empty: bool,
    /// Whether it says that it does not apply ("None", "N/A — reason").
    pub(crate) not_applicable: bool,
    /// Its line; null where it is missing.
    pub(crate) line: Option<u32>,
}

/// A text with its place.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Text<'a> {
    /// Without markup.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A bullet that others can refer to.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Item<'a> {
    /// Its ID (`AC-3`), cited as `SPEC-012#AC-3`.
    pub(crate) id: &'a str,
    /// Whether the ID is only its position: evidence may not cite it.
    pub(crate) provisional: bool,
    /// What it says, without the ID.
    pub(crate) text: &'a str,
    /// Its check box; null without one.
    pub(crate) done: Option<bool>,
    /// Line.
    pub(crate) line: u32,
}

/// The summary in front.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Tldr<'a> {
    /// Paragraphs without a label.
    pub(crate) summary: Vec<Text<'a>>,
    /// Why.
    pub(crate) purpose: Option<Text<'a>>,
    /// What must be true when the work is done.
    pub(crate) outcome: Option<Text<'a>>,
    /// What is being built.
    pub(crate) key_points: Vec<Text<'a>>,
    /// Features.
    pub(crate) scope: Vec<Text<'a>>,
    /// Risks and constraints.
    pub(crate) concerns: Vec<Text<'a>>,
}

/// A user story.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Story<'a> {
    /// Who.
    pub(crate) actor: &'a str,
    /// Wants what.
    pub(crate) action: &'a str,
    /// So that.
    pub(crate) benefit: &'a str,
    /// The whole sentence.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A design decision.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Decision<'a> {
    /// What was chosen.
    pub(crate) decision: &'a str,
    /// Why.
    pub(crate) rationale: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// An alternative that was not taken.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Alternative<'a> {
    /// The alternative.
    pub(crate) alternative: &'a str,
    /// Why not.
    pub(crate) reason: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A command or an event.
#[derive(Serialize, JsonSchema)]
pub(crate) struct NamedId<'a> {
    /// As written (`sales.order.create`).
    pub(crate) id: &'a str,
    /// `new`, `modified`, `existing` or `mentioned`.
    pub(crate) status: &'a str,
    /// What is said beside it.
    pub(crate) text: &'a str,
    /// Payload or input as written; null where none is given.
    pub(crate) payload: Option<Text<'a>>,
    /// Line.
    pub(crate) line: u32,
}

/// A persisted entity.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Entity<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its table, where one is named beside it.
    pub(crate) table: Option<&'a str>,
    /// `new`, `extended` or `existing`.
    pub(crate) kind: &'a str,
    /// Its fields in the order of the document.
    pub(crate) fields: Vec<Field<'a>>,
    /// Line.
    pub(crate) line: u32,
}

/// A type that is not persisted.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Type<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its fields.
    pub(crate) fields: Vec<Field<'a>>,
    /// Line.
    pub(crate) line: u32,
}

/// A field.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Field<'a> {
    /// Its name as written.
    pub(crate) name: &'a str,
    /// Its type as written; may be empty.
    #[serde(rename = "type")]
    pub(crate) type_text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// An endpoint.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Endpoint<'a> {
    /// Method in capitals.
    pub(crate) method: &'a str,
    /// Path as written.
    pub(crate) path: &'a str,
    /// What it does.
    pub(crate) summary: &'a str,
    /// The request as written.
    pub(crate) request: Option<Text<'a>>,
    /// The response as written.
    pub(crate) response: Option<Text<'a>>,
    /// Line.
    pub(crate) line: u32,
}

/// A key of a translation.
#[derive(Serialize, JsonSchema)]
pub(crate) struct I18nKey<'a> {
    /// As written; `a.b.*` stands for all below.
    pub(crate) key: &'a str,
    /// Its text, where one is given.
    pub(crate) text: Option<&'a str>,
    /// Line.
    pub(crate) line: u32,
}

/// A setting.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Setting<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Whether it is an environment variable.
    pub(crate) env: bool,
    /// Its default.
    pub(crate) default: Option<&'a str>,
    /// What is said of it.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A migration that is named.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Migration<'a> {
    /// The file's name or path as written.
    pub(crate) name: &'a str,
    /// Its number.
    pub(crate) number: Option<u32>,
    /// Line.
    pub(crate) line: u32,
}

/// A claim that a run can prove.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ProofClaim<'a> {
    /// `idempotent`, `resumable`, `phases` or `isolation`.
    pub(crate) kind: &'a str,
    /// The author's words.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// The plan for data.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DataPlan<'a> {
    /// What changes in the schema.
    pub(crate) schema_deltas: Option<Text<'a>>,
    /// The expand phase.
    pub(crate) expand: Option<Text<'a>>,
    /// The migrate phase.
    pub(crate) migrate: Option<Text<'a>>,
    /// The contract phase.
    pub(crate) contract: Option<Text<'a>>,
    /// How data is filled in.
    pub(crate) backfill: Option<Text<'a>>,
    /// How to go back.
    pub(crate) rollback: Option<Text<'a>>,
    /// The sentence that says that nothing changes.
    pub(crate) none: Option<Text<'a>>,
}

/// A feature flag.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Flag<'a> {
    /// Its name.
    pub(crate) name: Option<&'a str>,
    /// Its owner.
    pub(crate) owner: Option<&'a str>,
    /// Its default: `on`, `off`, or null where neither is said.
    pub(crate) default: Option<&'a str>,
    /// What the kill switch does.
    pub(crate) kill_switch: Option<&'a str>,
    /// When it is to be removed, as written.
    pub(crate) removal: Option<&'a str>,
    /// The day on which it is to be removed, `YYYY-MM-DD`.
    pub(crate) removal_date: Option<String>,
    /// Who gets it first.
    pub(crate) cohort: Option<&'a str>,
    /// Line.
    pub(crate) line: u32,
}

/// An event or a metric to watch.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Metric<'a> {
    /// Its name, where it has one.
    pub(crate) name: Option<&'a str>,
    /// The attributes that it carries.
    pub(crate) attributes: &'a [String],
    /// What is said.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// Staging, soak, production and rollback.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Rollout<'a> {
    /// What happens in staging.
    pub(crate) staging: Option<Text<'a>>,
    /// What happens in production.
    pub(crate) production: Option<Text<'a>>,
    /// When and how to go back.
    pub(crate) rollback: Option<Text<'a>>,
    /// The soak window as written.
    pub(crate) soak: Option<Text<'a>>,
    /// The soak window in minutes.
    pub(crate) soak_minutes: Option<u32>,
    /// The first cohort.
    pub(crate) cohort: Option<Text<'a>>,
    /// Rollback criteria that can be told.
    pub(crate) criteria: Vec<Text<'a>>,
}

/// Something that a spec depends on or affects.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Dependency<'a> {
    /// What is said.
    pub(crate) text: &'a str,
    /// Where it leads, where that can be told.
    pub(crate) targets: Vec<Target<'a>>,
    /// Line.
    pub(crate) line: u32,
}

/// Where a reference leads.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Target<'a> {
    /// `spec`, `file`, `issue` or `url`.
    #[serde(rename = "type")]
    pub(crate) kind: &'a str,
    /// The ID, path, number or address.
    pub(crate) target: std::borrow::Cow<'a, str>,
}

/// The impact on the product's changelog.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Impact<'a> {
    /// Entries.
    pub(crate) entries: Vec<ImpactEntry<'a>>,
    /// The sentence that says that users see nothing of it.
    pub(crate) none: Option<Text<'a>>,
    /// Line.
    pub(crate) line: u32,
}

/// An entry of the changelog to be.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ImpactEntry<'a> {
    /// `Added`, `Changed`, `Deprecated`, `Removed`, `Fixed` or `Security`.
    pub(crate) category: &'a str,
    /// What it says.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A phase.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Phase<'a> {
    /// Its title.
    pub(crate) title: &'a str,
    /// Its steps.
    pub(crate) steps: Vec<Step<'a>>,
    /// Line.
    pub(crate) line: u32,
}

/// A step of a phase.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Step<'a> {
    /// What to do.
    pub(crate) text: &'a str,
    /// Its check box; null without one.
    pub(crate) done: Option<bool>,
    /// Line.
    pub(crate) line: u32,
}

/// A file that the work touches.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ManifestEntry<'a> {
    /// As written.
    pub(crate) path: &'a str,
    /// As written (`Create`, `MODIFY`).
    pub(crate) action: Option<&'a str>,
    /// What changes.
    pub(crate) purpose: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A test that is promised.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Test<'a> {
    /// Its ID.
    pub(crate) id: Option<&'a str>,
    /// Its file.
    pub(crate) path: Option<&'a str>,
    /// What it tests.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// An open question.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Question<'a> {
    /// Its ID (`Q-2`).
    pub(crate) id: &'a str,
    /// Whether the ID is only its position.
    pub(crate) provisional: bool,
    /// What it asks.
    pub(crate) text: &'a str,
    /// Its answer, where one stands beside it; null while it is open.
    pub(crate) answer: Option<&'a str>,
    /// Line.
    pub(crate) line: u32,
}

/// A risk.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Risk<'a> {
    /// Its ID (`R-2`).
    pub(crate) id: &'a str,
    /// Whether the ID is only its position.
    pub(crate) provisional: bool,
    /// Its title.
    pub(crate) title: &'a str,
    /// `Critical`, `High`, `Medium` or `Low`, else the words as written; null without any.
    pub(crate) severity: Option<&'a str>,
    /// The severity as written.
    pub(crate) severity_text: Option<&'a str>,
    /// Its keys in the order of the document.
    pub(crate) keys: Vec<&'a str>,
    /// Its values by key.
    pub(crate) values: BTreeMap<&'a str, &'a str>,
    /// The risk category under which it stands.
    pub(crate) category: Option<&'a str>,
    /// `block`, `row`, `keyed` or `prose`.
    pub(crate) form: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// The compliance report: what the author claims.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Compliance<'a> {
    /// The date behind its title, `YYYY-MM-DD`.
    pub(crate) date: Option<String>,
    /// Guides that the author read.
    pub(crate) guides: Vec<Guide<'a>>,
    /// Rows of the matrix.
    pub(crate) rows: Vec<MatrixRow<'a>>,
    /// Rows of the consistency check.
    pub(crate) checks: Vec<CheckRow<'a>>,
    /// Items named as not compliant.
    pub(crate) non_compliant: Vec<NonCompliant<'a>>,
    /// The verdict.
    pub(crate) verdict: Option<Verdict<'a>>,
    /// What a report says that has no row, no item and no verdict.
    pub(crate) statements: Vec<Text<'a>>,
    /// Line of its title.
    pub(crate) line: u32,
}

/// A guide.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Guide<'a> {
    /// Path as written.
    pub(crate) path: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A row of the compliance matrix.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MatrixRow<'a> {
    /// The guide, as written.
    pub(crate) source: &'a str,
    /// The rule, as written.
    pub(crate) rule: &'a str,
    /// The status as written.
    pub(crate) status: &'a str,
    /// What the status means: `pass`, `not_applicable`, `partial`, `pending`, `fail` or `other`.
    pub(crate) answer: &'a str,
    /// The notes.
    pub(crate) notes: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A row of the consistency check.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CheckRow<'a> {
    /// What was checked, as written.
    pub(crate) check: &'a str,
    /// The status as written.
    pub(crate) status: &'a str,
    /// What the status means: `pass`, `not_applicable`, `partial`, `pending`, `fail` or `other`.
    pub(crate) answer: &'a str,
    /// The notes.
    pub(crate) notes: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// An item that is not compliant.
#[derive(Serialize, JsonSchema)]
pub(crate) struct NonCompliant<'a> {
    /// The rule, or the whole bullet.
    pub(crate) rule: &'a str,
    /// The guide.
    pub(crate) source: &'a str,
    /// What is missing.
    pub(crate) gap: &'a str,
    /// What to do.
    pub(crate) recommendation: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// The verdict that the author gives.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Verdict<'a> {
    /// `fully_compliant`, `approved`, `conditional`, `non_compliant` or `other`.
    pub(crate) class: &'a str,
    /// Its words.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// An entry of the changelog or version history.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Change<'a> {
    /// Its day, `YYYY-MM-DD`.
    pub(crate) date: Option<String>,
    /// Its heading, cell or lead as written.
    pub(crate) label: &'a str,
    /// What it says.
    pub(crate) text: &'a str,
    /// Line.
    pub(crate) line: u32,
}

/// A reference.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Reference<'a> {
    /// `depends_on`, `affects`, `supersedes`, `superseded_by`, `extends` or `related`.
    pub(crate) relation: &'a str,
    /// Where it leads.
    #[serde(flatten)]
    pub(crate) target: Target<'a>,
    /// Line; null in the YAML file beside the spec.
    pub(crate) line: Option<u32>,
}

/// A term.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Term<'a> {
    /// The term.
    pub(crate) term: &'a str,
    /// What it means.
    pub(crate) definition: &'a str,
    /// Line.
    pub(crate) line: u32,
}
