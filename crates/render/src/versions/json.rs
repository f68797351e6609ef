//! Versions of a template as JSON, and the schemas of that JSON. The shape is a promise to other programs: a
//! change that could break a reader raises the first number of [`VERSIONS_SCHEMA_VERSION`].

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_engine::TemplateVersion;
use trueup_template::{Ask, AskKind, SchemaDifference, difference};

/// Version of the JSON formats of versions and of their difference.
pub const VERSIONS_SCHEMA_VERSION: &str = "1.0";

/// What `trueup template versions --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Versions of a template", rename = "Versions")]
struct VersionsOut<'a> {
    /// Version of this format.
    #[schemars(extend("const" = VERSIONS_SCHEMA_VERSION))]
    schema_version: &'a str,
    /// The template's path as it is now.
    template: &'a str,
    /// Its versions, the newest first.
    versions: Vec<Version<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Version<'a> {
    /// The whole ID of the commit; null for what stands in the work tree and is not committed.
    commit: Option<&'a str>,
    /// The day of the commit (YYYY-MM-DD).
    day: Option<String>,
    author: Option<Author<'a>>,
    /// The first line of the commit's message.
    subject: &'a str,
    /// The path that the template had, from the root.
    path: &'a str,
    /// What it asks that the version before did not; null for the first.
    changes: Option<Changes<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Author<'a> {
    name: &'a str,
    email: &'a str,
}

/// What `trueup template diff --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "What two versions of a template ask", rename = "Difference")]
struct DifferenceOut<'a> {
    /// Version of this format.
    #[schemars(extend("const" = VERSIONS_SCHEMA_VERSION))]
    schema_version: &'a str,
    /// The older version, as it was named.
    old: &'a str,
    /// The newer version, as it was named; null for the template as it is now.
    new: Option<&'a str>,
    /// Whether both ask the same.
    same: bool,
    changes: Changes<'a>,
}

/// What differs, in the order of the newer version (of the older one for what is gone).
#[derive(Serialize, JsonSchema)]
struct Changes<'a> {
    /// Only in the newer version.
    added: Vec<AskOut<'a>>,
    /// Only in the older version.
    removed: Vec<AskOut<'a>>,
    /// Under another title.
    renamed: Vec<Renamed<'a>>,
    /// In both, required in one of them only: as it is in the newer version.
    presence: Vec<AskOut<'a>>,
}

/// Something that a template asks for.
#[derive(Serialize, JsonSchema)]
struct AskOut<'a> {
    kind: KindOut,
    /// Its title, key, value, name or text, as written.
    name: &'a str,
    /// Where: the titles of the sections above it, joined by ` › `, "header", "front matter" or "sidecar"; empty at
    /// the top.
    place: &'a str,
    /// Whether every document must have it.
    required: bool,
    /// Where in the template's text, from 1.
    line: u32,
}

#[derive(Serialize, JsonSchema)]
struct Renamed<'a> {
    before: AskOut<'a>,
    after: AskOut<'a>,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum KindOut {
    Section,
    Field,
    Value,
    Column,
    Row,
    ChecklistItem,
}

/// All revisions of a template for programs, the newest first. `versions` begins with the oldest.
pub fn versions_json(template: &str, versions: &[TemplateVersion]) -> String {
    let differences: Vec<Option<SchemaDifference>> = (0..versions.len())
        .map(|at| {
            let before = at.checked_sub(1).and_then(|before| versions.get(before))?;
            Some(difference(&before.schema, &versions.get(at)?.schema))
        })
        .collect();
    let told = versions.iter().zip(&differences).rev();
    crate::json::to_text(&VersionsOut {
        schema_version: VERSIONS_SCHEMA_VERSION,
        template,
        versions: told.map(|(version, changes)| one_version(version, changes.as_ref())).collect(),
    })
}

/// What two versions ask that the other does not, for programs. `old` and `new` are what they were named by.
pub fn difference_json(old: &str, new: Option<&str>, difference: &SchemaDifference) -> String {
    crate::json::to_text(&DifferenceOut {
        schema_version: VERSIONS_SCHEMA_VERSION,
        old,
        new,
        same: difference.is_empty(),
        changes: changes(difference),
    })
}

/// The JSON Schema (draft 2020-12) of what [`versions_json`] gives.
pub fn versions_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<VersionsOut<'_>>())
}

/// The JSON Schema (draft 2020-12) of what [`difference_json`] gives.
pub fn difference_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<DifferenceOut<'_>>())
}

fn one_version<'a>(version: &'a TemplateVersion, told: Option<&'a SchemaDifference>) -> Version<'a> {
    let author = version.author.as_ref();
    Version {
        commit: version.commit.as_deref(),
        day: version.day.map(|day| day.to_string()),
        author: author.map(|person| Author { name: &person.name, email: &person.email }),
        subject: &version.subject,
        path: &version.path,
        changes: told.map(changes),
    }
}

fn changes(difference: &SchemaDifference) -> Changes<'_> {
    Changes {
        added: difference.added.iter().map(ask).collect(),
        removed: difference.removed.iter().map(ask).collect(),
        renamed: difference
            .renamed
            .iter()
            .map(|(before, after)| Renamed { before: ask(before), after: ask(after) })
            .collect(),
        presence: difference.presence.iter().map(ask).collect(),
    }
}

fn ask(ask: &Ask) -> AskOut<'_> {
    let kind = match ask.kind {
        AskKind::Section => KindOut::Section,
        AskKind::Field => KindOut::Field,
        AskKind::Value => KindOut::Value,
        AskKind::Column => KindOut::Column,
        AskKind::Row => KindOut::Row,
        AskKind::Item => KindOut::ChecklistItem,
    };
    AskOut { kind, name: &ask.name, place: &ask.place, required: ask.required, line: ask.line }
}
