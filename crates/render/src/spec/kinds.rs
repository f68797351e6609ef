//! The kinds of facts as lists: what `trueup list` and `trueup show` call them, and their columns.

/// A kind of fact as a list.
#[derive(Clone, Copy, Debug)]
pub struct FactKind {
    /// The word on the command line (`risks`).
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What one and several of its facts are called behind a number.
    pub nouns: [&'static str; 2],
    /// Where the list stands in the JSON of a spec.
    pub pointer: &'static str,
    /// The columns: a heading, and where the value stands in one fact.
    pub columns: &'static [(&'static str, &'static str)],
}

const ITEM: &[(&str, &str)] = &[("id", "id"), ("done", "done"), ("text", "text")];
const TEXT: &[(&str, &str)] = &[("text", "text")];
const NAMED: &[(&str, &str)] = &[("id", "id"), ("status", "status"), ("text", "text")];
const DEPENDENCY: &[(&str, &str)] = &[("text", "text"), ("targets", "targets.target")];

macro_rules! kinds {
    ($($name:literal, $title:literal, $nouns:expr, $pointer:literal, $columns:expr;)*) => {
        /// All kinds, in the order in which a spec is shown.
        pub const FACT_KINDS: &[FactKind] =
            &[$(FactKind { name: $name, title: $title, nouns: $nouns, pointer: $pointer, columns: $columns }),*];
    };
}

kinds! {
    "goals", "Goals", ["goal", "goals"], "goals", ITEM;
    "non-goals", "Non-goals", ["non-goal", "non-goals"], "non_goals", TEXT;
    "out-of-scope", "Out of scope", ["thing out of scope", "things out of scope"], "out_of_scope", TEXT;
    "users", "Users and tenants", ["group of users", "groups of users"], "users", TEXT;
    "scenarios", "Happy paths", ["happy path", "happy paths"], "scenarios", ITEM;
    "stories", "User stories", ["user story", "user stories"], "stories",
        &[("actor", "actor"), ("action", "action"), ("benefit", "benefit")];
    "decisions", "Design decisions", ["design decision", "design decisions"], "decisions",
        &[("decision", "decision"), ("rationale", "rationale")];
    "alternatives", "Alternatives", ["alternative", "alternatives"], "alternatives",
        &[("alternative", "alternative"), ("reason", "reason")];
    "commands", "Commands", ["command", "commands"], "commands", NAMED;
    "events", "Events", ["event", "events"], "events", NAMED;
    "consumed-events", "Events listened to", ["event listened to", "events listened to"], "consumed_events", NAMED;
    "entities", "Entities", ["entity", "entities"], "entities",
        &[("name", "name"), ("table", "table"), ("kind", "kind"), ("fields", "fields.name")];
    "types", "Types", ["type", "types"], "types", &[("name", "name"), ("fields", "fields.name")];
    "data-notes", "Other data", ["note on other data", "notes on other data"], "data_notes", TEXT;
    "endpoints", "Endpoints", ["endpoint", "endpoints"], "endpoints",
        &[("method", "method"), ("path", "path"), ("summary", "summary")];
    "contracts", "Other contracts", ["other contract", "other contracts"], "contracts", TEXT;
    "i18n-keys", "Translation keys", ["translation key", "translation keys"], "i18n_keys", &[("key", "key"), ("text", "text")];
    "configuration", "Configuration", ["setting", "settings"], "configuration",
        &[("name", "name"), ("env", "env"), ("default", "default"), ("text", "text")];
    "migrations", "Migrations", ["migration", "migrations"], "migrations", &[("name", "name"), ("number", "number")];
    "claims", "Claims that a run can prove", ["claim that a run can prove", "claims that a run can prove"], "claims",
        &[("kind", "kind"), ("text", "text")];
    "flags", "Feature flags", ["feature flag", "feature flags"], "flags",
        &[("name", "name"), ("owner", "owner"), ("default", "default"), ("kill switch", "kill_switch"),
          ("removal", "removal"), ("cohort", "cohort")];
    "smoke", "Smoke checks", ["smoke check", "smoke checks"], "smoke", ITEM;
    "metrics", "Events and metrics to watch", ["event or metric to watch", "events and metrics to watch"], "metrics",
        &[("name", "name"), ("attributes", "attributes"), ("text", "text")];
    "acceptance", "Acceptance bullets", ["acceptance bullet", "acceptance bullets"], "acceptance", ITEM;
    "dependencies", "Depends on", ["dependency", "dependencies"], "dependencies", DEPENDENCY;
    "affects", "Affects", ["thing affected", "things affected"], "affects", DEPENDENCY;
    "phases", "Phases", ["phase", "phases"], "phases", &[("title", "title"), ("steps", "steps.text")];
    "manifest", "Files", ["file", "files"], "manifest",
        &[("action", "action"), ("path", "path"), ("purpose", "purpose")];
    "tests", "Tests", ["test", "tests"], "tests", &[("id", "id"), ("path", "path"), ("text", "text")];
    "open-questions", "Questions", ["question", "questions"], "open_questions",
        &[("id", "id"), ("text", "text"), ("answer", "answer")];
    "risks", "Risks", ["risk", "risks"], "risks",
        &[("id", "id"), ("severity", "severity"), ("title", "title"), ("scenario", "values.scenario"),
          ("affected area", "values.affected area"), ("mitigation", "values.mitigation"),
          ("residual risk", "values.residual risk")];
    "assumptions", "Assumptions", ["assumption", "assumptions"], "assumptions", TEXT;
    "guides", "Guides reviewed", ["guide reviewed", "guides reviewed"], "compliance.guides", &[("path", "path")];
    "compliance", "Compliance matrix", ["row of compliance", "rows of compliance"], "compliance.rows",
        &[("source", "source"), ("rule", "rule"), ("status", "status"), ("notes", "notes")];
    "checks", "Consistency checks", ["consistency check", "consistency checks"], "compliance.checks",
        &[("check", "check"), ("status", "status"), ("notes", "notes")];
    "statements", "Compliance statements", ["compliance statement", "compliance statements"], "compliance.statements", TEXT;
    "verdicts", "Verdict", ["verdict", "verdicts"], "compliance.verdict", &[("class", "class"), ("text", "text")];
    "changelog", "Changelog", ["changelog entry", "changelog entries"], "changelog", &[("date", "date"), ("label", "label"), ("text", "text")];
    "references", "References", ["reference", "references"], "references",
        &[("relation", "relation"), ("type", "type"), ("target", "target")];
    "glossary", "Terms", ["term", "terms"], "glossary", &[("term", "term"), ("definition", "definition")];
    "sections", "Sections", ["section", "sections"], "sections",
        &[("kind", "kind"), ("title", "title"), ("required", "required"), ("present", "present"),
          ("empty", "empty")];
}

/// A value of a fact as text: lists are joined, nothing is empty. A path goes down by dots, through lists.
pub fn fact_text(fact: &serde_json::Value, path: &str) -> String {
    use serde_json::Value;
    let (head, rest) = match path.split_once('.') {
        Some((head, rest)) => (head, Some(rest)),
        None => (path, None),
    };
    let here = if path.is_empty() { fact } else { &fact[head] };
    match (here, rest) {
        (Value::Array(items), _) => {
            let texts = items.iter().map(|item| fact_text(item, rest.unwrap_or("")));
            texts.filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")
        }
        (value, Some(rest)) => fact_text(value, rest),
        (Value::Null, None) => String::new(),
        (Value::String(text), None) => text.clone(),
        (Value::Bool(yes), None) => (if *yes { "yes" } else { "no" }).to_owned(),
        (value, None) => value.to_string(),
    }
}

impl FactKind {
    /// A kind by its word.
    pub fn named(name: &str) -> Option<&'static FactKind> {
        FACT_KINDS.iter().find(|kind| kind.name == name)
    }

    /// The facts of this kind in the JSON of a spec.
    pub fn facts<'v>(&self, spec: &'v serde_json::Value) -> Vec<&'v serde_json::Value> {
        let list = self.pointer.split('.').fold(spec, |value, part| &value[part]);
        match list {
            serde_json::Value::Array(items) => items.iter().collect(),
            serde_json::Value::Null => Vec::new(),
            one => vec![one],
        }
    }
}
