//! `trueup.toml`.

mod proofs;

pub use proofs::{ChainClaim, ChainConfig, LayoutName, TenancyConfig, TransactionName};

use schemars::JsonSchema;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use trueup_finding::{Level, Levels};
use trueup_model::{ItemKind, State};

/// The name of the configuration file; it stands at the repository's root.
pub const CONFIG_FILE: &str = "trueup.toml";

/// The configuration of a repository, `trueup.toml` at its root. Unknown keys are errors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Sets of specs: folders with the template that their specs are written from.
    #[serde(default)]
    pub specs: Vec<SetConfig>,
    /// Levels by rule: one for all states, or a table of states.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, RuleConfig>,
    /// What identifies a spec.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ids: IdConfig,
    /// States and where they come from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lifecycle: LifecycleConfig,
    /// Links.
    #[serde(default, skip_serializing_if = "is_default")]
    pub links: LinkConfig,
    /// Reading files.
    #[serde(default, skip_serializing_if = "is_default")]
    pub files: FileConfig,
    /// The code that specs are held against.
    #[serde(default, skip_serializing_if = "is_default")]
    pub code: CodeConfig,
    /// House rules.
    #[serde(default, skip_serializing_if = "is_default")]
    pub guides: GuideConfig,
    /// Bindings of house rules to what decides them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<PolicyConfig>,
    /// Evidence and its signatures.
    #[serde(default, skip_serializing_if = "is_default")]
    pub evidence: EvidenceConfig,
    /// The index of specs in a README.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub index: Vec<IndexConfig>,
    /// Old findings that do not fail a check.
    #[serde(default, skip_serializing_if = "is_default")]
    pub baseline: BaselineConfig,
    /// Folders of migrations that `trueup migrations` looks at; found by their names where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub migrations: Vec<ChainConfig>,
    /// Which rows belong to whom, for `trueup tenancy`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tenancy: TenancyConfig,
}

/// A set of specs that share a template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SetConfig {
    /// Folders of the specs from the repository's root; sub-folders are included.
    pub folders: Vec<String>,
    /// The template: a path from the repository's root, or `builtin:governance`, `builtin:architecture`.
    pub template: String,
    /// Where every spec has a folder of its own: the name of the document in it (`README.md`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The name of the YAML file that stands beside every spec (`kep.yaml`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sidecar: Option<String>,
    /// Globs from the repository's root of files that are not specs: they are companions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Other titles for the template's sections: the template's title, then the others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, Vec<String>>,
    /// The form of a spec's branch (`spec/<short-slug>`); the template's own where this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Whether only accepted specs may stand on the main branch; what the template says where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_only_on_main: Option<bool>,
    /// Forms of a spec's file name without its ending (`YYYY-MM-DD-slug`, `SPEC-NNN-YYYY-MM-DD-slug`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_names: Vec<String>,
    /// Which version of the template a spec is held to: the one in force on the day it was created
    /// (`follow`), or always the newest. `follow` where absent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub template_versions: TemplateVersionsName,
    /// What `trueup init` or `trueup template learn` measured on the existing specs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub learned: LearnedConfig,
}

/// Which version of its template a spec is held to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TemplateVersionsName {
    /// The one in force on the day the spec was created.
    #[default]
    Follow,
    /// The newest.
    Newest,
}

/// What was measured on the existing specs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LearnedConfig {
    /// Number of specs that were measured.
    #[serde(default)]
    pub documents: usize,
    /// Sentences of the template that most specs keep word for word: they are no left-over guidance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boilerplate: Vec<String>,
    /// Literals of the template that specs keep, by `Section / Field`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
    /// Values that specs use beside the template's choices, by `Section / Field`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Vec<String>>,
}

/// Levels of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum RuleConfig {
    /// The same level in every state.
    Level(LevelName),
    /// Levels by state (`draft`, `in-review`, `accepted`, `implemented`, `parked`, `superseded`).
    ByState(BTreeMap<StateName, LevelName>),
}

/// A level by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LevelName {
    /// Not reported.
    Off,
    /// Worth knowing.
    Info,
    /// Should be mended.
    Warning,
    /// Must be mended.
    Error,
}

/// A state by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StateName {
    /// Being written.
    Draft,
    /// Offered for review.
    InReview,
    /// Agreed on.
    Accepted,
    /// Built.
    Implemented,
    /// Put aside.
    Parked,
    /// Replaced, withdrawn or rejected.
    Superseded,
}

/// What identifies a spec.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IdConfig {
    /// Prefixes that only one folder may use, or nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved: Vec<ReservedPrefix>,
    /// Kinds of bullets that have to carry a written ID (`AC-3: …`): a list of kinds, or `"all"`.
    #[serde(default, deserialize_with = "item_names", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "ItemNames")]
    pub items: Vec<ItemName>,
}

/// A kind of bullets that others refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ItemName {
    /// Goals: `G-1`.
    Goals,
    /// Happy paths: `SC-1`.
    Scenarios,
    /// Smoke checks: `SM-1`.
    Smoke,
    /// Acceptance bullets: `AC-1`.
    Acceptance,
    /// Risks of the register: `R-1`.
    Risks,
    /// Open questions: `Q-1`.
    Questions,
}

impl ItemName {
    /// All kinds.
    pub const ALL: [ItemName; 6] = [
        ItemName::Goals,
        ItemName::Scenarios,
        ItemName::Smoke,
        ItemName::Acceptance,
        ItemName::Risks,
        ItemName::Questions,
    ];

    /// The kind.
    pub fn kind(self) -> ItemKind {
        match self {
            ItemName::Goals => ItemKind::Goal,
            ItemName::Scenarios => ItemKind::Scenario,
            ItemName::Smoke => ItemKind::Smoke,
            ItemName::Acceptance => ItemKind::Acceptance,
            ItemName::Risks => ItemKind::Risk,
            ItemName::Questions => ItemKind::Question,
        }
    }
}

/// How the kinds of bullets are written in `trueup.toml`; only its JSON Schema is used.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its JSON Schema is used")]
enum ItemNames {
    /// All of them.
    All(AllItems),
    /// These.
    List(Vec<ItemName>),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its JSON Schema is used")]
enum AllItems {
    /// Every kind.
    All,
}

/// Reads `"all"` or a list of kinds.
fn item_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ItemName>, D::Error> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Vec<ItemName>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("\"all\" or a list of kinds of bullets")
        }

        fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Vec<ItemName>, E> {
            match word {
                "all" => Ok(ItemName::ALL.to_vec()),
                _ => Err(E::unknown_variant(word, &["all"])),
            }
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<ItemName>, A::Error> {
            let mut out = Vec::new();
            while let Some(name) = list.next_element()? {
                out.push(name);
            }
            Ok(out)
        }
    }
    deserializer.deserialize_any(Names)
}

/// A prefix of IDs that is kept for a folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReservedPrefix {
    /// The prefix, such as `SPEC-ENT-`.
    pub prefix: String,
    /// The folder that may use it; nobody may where this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
}

/// States and where they come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LifecycleConfig {
    /// The branch that accepted specs live on; found out from git where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_branch: Option<String>,
    /// A team's own words for a state, beside the built-in ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub synonyms: BTreeMap<StateName, Vec<String>>,
    /// Folder names that say a state, beside the built-in ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub folders: BTreeMap<String, StateName>,
    /// What a transition writes: the status in the header, the folder, or both. Where absent: the header
    /// where the template has a status, and the folder where there is one for the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<StateSourceName>,
    /// Who has to agree before a spec is accepted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub approvals: ApprovalConfig,
    /// The message of `--commit`; `{action}`, `{id}`, `{title}`, `{state}` and `{slug}` are filled in.
    /// `docs(spec): {action} {id}` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_message: Option<String>,
    /// Files that no transition may change: globs from the repository's root.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected: Vec<String>,
}

/// What holds a spec's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StateSourceName {
    /// The status in its header.
    Header,
    /// The folder that it lies in.
    Folder,
    /// Both.
    Both,
}

/// Who has to agree before a spec is accepted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ApprovalConfig {
    /// Number of approvals; 1 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// People whose approval counts, by e-mail address or name as git has them; anybody but the author
    /// where this is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// What specs of an area need beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<AreaApproval>,
}

/// Who has to agree to a spec of an area.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AreaApproval {
    /// The area, as the spec's field `Area` has it.
    pub area: String,
    /// Number of approvals by these people; 1 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// The people.
    pub allowed: Vec<String>,
}

/// The code that specs are held against.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CodeConfig {
    /// Globs of files that are no code of this repository (generated, vendored, fixtures).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Beginnings of paths that the code serves; an endpoint elsewhere is taken as another system's.
    /// Found from the routes where this is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub api_prefixes: Vec<String>,
    /// Globs of endpoints that belong to other systems (`/v1/charges/**`): never looked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<String>,
    /// Beginnings of paths that a proxy adds in front of a folder's routes: folder, then path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mounts: BTreeMap<String, String>,
    /// Globs of files of translations, beside those that are known by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locales: Vec<String>,
    /// Functions that read a feature flag, beside the common ones (`isEnabled`, `useFlag` …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flag_functions: Vec<String>,
    /// Globs of migration files, beside the common places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub migrations: Vec<String>,
}

/// House rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GuideConfig {
    /// Names of files that hold house rules, beside `AGENTS.md`, `CLAUDE.md` and `CONTRIBUTING.md`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Short names that rows cite guides by (`core`), with the path of the guide.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
}

/// Binds a house rule to what decides it: a built-in rule, a Rego policy or a command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyConfig {
    /// Its name in messages.
    pub name: String,
    /// The guide, as rows of the matrix cite it; any where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
    /// Words of the rule that a row has to hold, in any case and order.
    pub rule: String,
    /// A built-in rule: the row is contradicted where it finds something in the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// A Rego file from the repository's root; its package has a set or list `deny`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rego: Option<String>,
    /// A command with its arguments, started at the repository's root. It gets the spec and the facts of the
    /// code as JSON on standard input; exit 0 is proven, 1 is contradicted, all else is not checkable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Seconds after which the command is stopped; 60 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
}

/// Evidence and its signatures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EvidenceConfig {
    /// The file of people and their public keys, in the form of OpenSSH's allowed signers;
    /// `.trueup/allowed_signers` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_signers: Option<String>,
    /// Whether each line of the ledger has to be signed by one of them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub require_signatures: bool,
}

/// The index of specs in a README.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IndexConfig {
    /// The file, from the repository's root.
    pub file: String,
    /// The heading of a part with the states whose specs it lists; found from the headings' words where
    /// this is empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, Vec<StateName>>,
}

/// Old findings that do not fail a check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BaselineConfig {
    /// The branch, tag or commit whose copy a change may not widen; the main branch at the remote `origin`,
    /// else here, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
}

/// Links.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LinkConfig {
    /// Beginnings of link targets that are not checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
}

/// Reading files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileConfig {
    /// The largest file that is read, in bytes; 67108864 (64 MiB) where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_size: Option<u64>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Why `trueup.toml` was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{CONFIG_FILE}:{line}:{column}: {message}{}", suggestion.as_ref().map(|s| format!("\n  help: {s}")).unwrap_or_default())]
pub struct ConfigError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

impl Config {
    /// Reads a configuration. `rules` are the names that `[rules]` may use.
    pub fn parse(text: &str, rules: &[&str]) -> Result<Config, ConfigError> {
        let mut config: Config = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |s| s.start);
            let message = error.message().lines().next().unwrap_or("is no valid TOML").to_owned();
            config_error(text, offset, message)
        })?;
        for name in config.rules.keys() {
            if !rules.is_empty() && !rules.contains(&name.as_str()) {
                let offset = text.find(name.as_str()).unwrap_or(0);
                let mut error = config_error(text, offset, format!("there is no rule `{name}`"));
                error.suggestion = Some(nearest_hint(name, rules));
                return Err(error);
            }
        }
        let outside =
            |folder: &&String| folder.starts_with('/') || folder.split('/').any(|part| part == "..");
        if let Some(folder) = config.specs.iter().flat_map(|set| &set.folders).find(outside) {
            let offset = text.find(folder.as_str()).unwrap_or(0);
            let message = format!("the folder `{folder}` must be given from the repository's root");
            return Err(config_error(text, offset, message));
        }
        for folder in config.specs.iter_mut().flat_map(|set| &mut set.folders) {
            // `.`, `./specs` and `specs/./a` as paths from the root have them.
            let parts: Vec<&str> =
                folder.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
            *folder = parts.join("/");
        }
        Ok(config)
    }

    /// The JSON Schema of `trueup.toml`.
    pub fn json_schema() -> String {
        let schema = schemars::schema_for!(Config);
        let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The levels of a rule under this configuration.
    pub fn levels(&self, rule: &str, built_in: Levels) -> Levels {
        match self.rules.get(rule) {
            None => built_in,
            Some(RuleConfig::Level(level)) => Levels::always(level.level()),
            Some(RuleConfig::ByState(states)) => {
                let mut levels = built_in;
                for (state, level) in states {
                    levels.set(state.state(), level.level());
                }
                levels
            }
        }
    }
}

impl LevelName {
    /// The level.
    pub fn level(self) -> Level {
        match self {
            LevelName::Off => Level::Off,
            LevelName::Info => Level::Info,
            LevelName::Warning => Level::Warning,
            LevelName::Error => Level::Error,
        }
    }
}

impl StateName {
    /// The state.
    pub fn state(self) -> State {
        match self {
            StateName::Draft => State::Draft,
            StateName::InReview => State::InReview,
            StateName::Accepted => State::Accepted,
            StateName::Implemented => State::Implemented,
            StateName::Parked => State::Parked,
            StateName::Superseded => State::Superseded,
        }
    }
}

fn config_error(text: &str, offset: usize, message: String) -> ConfigError {
    let place = trueup_text::LineIndex::new(text).line_col(text, offset as u32);
    if message.contains("untagged enum RuleConfig") {
        let suggestion = unknown_word(text, offset).map(|(word, known)| nearest_hint(&word, &known));
        let message = "a rule takes a level, or a table of states with a level each".to_owned();
        return ConfigError { line: place.line, column: place.column, message, suggestion };
    }
    // serde says: unknown field `x`, expected one of `a`, `b`
    let mut quoted = message.split('`').skip(1).step_by(2);
    let suggestion = match message.starts_with("unknown field") || message.starts_with("unknown variant") {
        true => quoted.next().map(|unknown| {
            let known: Vec<&str> = quoted.collect();
            nearest_hint(unknown, &known)
        }),
        false => None,
    };
    let message = match message.split_once(", expected") {
        Some((head, _)) if suggestion.is_some() => {
            head.replace("unknown field", "unknown key").replace("unknown variant", "unknown value")
        }
        _ => message,
    };
    ConfigError { line: place.line, column: place.column, message, suggestion }
}

/// The first word of a rule's value that is neither a level nor a state, and the words that it could be.
fn unknown_word(text: &str, offset: usize) -> Option<(String, Vec<&'static str>)> {
    const LEVELS: [&str; 4] = ["off", "info", "warning", "error"];
    let line = text.get(offset..)?.lines().next()?;
    let states: Vec<&'static str> = State::ALL.iter().map(|s| s.key()).collect();
    // Inside quotes stands a level, outside a state.
    line.split('"').enumerate().find_map(|(i, part)| {
        if i % 2 == 1 {
            return (!LEVELS.contains(&part)).then(|| (part.to_owned(), LEVELS.to_vec()));
        }
        let mut words = part.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| !w.is_empty());
        let unknown = words.find(|w| !states.contains(w))?;
        Some((unknown.to_owned(), states.clone()))
    })
}

fn nearest_hint(unknown: &str, known: &[&str]) -> String {
    match nearest(unknown, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of: {}", known.join(", ")),
    }
}

/// The word that looks most like another, if one does.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|k| (strsim::jaro_winkler(word, k), k))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_come_with_a_suggestion() {
        let error = Config::parse("[[specs]]\nfolders = [\"a\"]\ntemplat = \"b\"\n", &[]).unwrap_err();
        assert_eq!((error.line, error.column), (3, 1));
        assert_eq!(error.message, "unknown key `templat`");
        assert_eq!(error.suggestion.as_deref(), Some("did you mean `template`?"));
    }

    #[test]
    fn unknown_rules_and_levels_are_errors() {
        let error =
            Config::parse("[rules]\nbroken-lnk = \"off\"\n", &["broken-link", "bad-anchor"]).unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("did you mean `broken-link`?"));
        let error = Config::parse("[rules]\nbroken-link = \"eror\"\n", &["broken-link"]).unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("did you mean `error`?"));
        let error =
            Config::parse("[rules]\nbroken-link = { drft = \"info\" }\n", &["broken-link"]).unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("did you mean `draft`?"));
        assert!(Config::parse("[[specs]]\nfolders=[\"../x\"]\ntemplate=\"t\"\n", &[]).is_err());
        let text = "[[specs]]\nfolders=[\".\", \"./a/\", \"b/./c\"]\ntemplate=\"t\"\n";
        assert_eq!(Config::parse(text, &[]).unwrap().specs[0].folders, ["", "a", "b/c"]);
    }

    #[test]
    fn kinds_of_bullets_are_listed_or_all() {
        let items = |text: &str| Config::parse(&format!("[ids]\nitems = {text}\n"), &[]).map(|c| c.ids.items);
        assert_eq!(items("\"all\"").unwrap(), ItemName::ALL);
        assert_eq!(items("[\"acceptance\", \"smoke\"]").unwrap(), [ItemName::Acceptance, ItemName::Smoke]);
        let error = items("[\"smoke\", \"aceptance\"]").unwrap_err();
        assert_eq!((error.line, error.message.as_str()), (2, "unknown value `aceptance`"));
        assert_eq!(error.suggestion.as_deref(), Some("did you mean `acceptance`?"));
        let error = items("\"al\"").unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("did you mean `all`?"));
        assert!(items("3").unwrap_err().message.contains("a list of kinds"));
    }

    #[test]
    fn levels_by_state_are_taken_over_the_built_in() {
        let config = Config::parse("[rules]\nx = { draft = \"error\" }\ny = \"info\"\n", &[]).unwrap();
        assert_eq!(config.levels("x", Levels::RISING).of(State::Draft), Level::Error);
        assert_eq!(config.levels("x", Levels::RISING).of(State::InReview), Level::Warning);
        assert_eq!(config.levels("y", Levels::RISING).of(State::Accepted), Level::Info);
    }
}
