use crate::{Message, Outcome, PolicyError};
use regorus::{Engine, Value};
use std::path::Path;
use std::time::Duration;

/// A policy of a few lines that takes longer than this does not end.
const MOST_TIME: Duration = Duration::from_secs(10);

/// The largest policy that is read, in bytes.
const MAX_SIZE: u64 = 1024 * 1024;

/// A Rego policy, read and parsed.
#[derive(Clone)]
pub struct Rego {
    engine: Engine,
    /// Its package as a path: `data.house.tenancy`.
    package: String,
    /// Whether it asks for the facts of the code.
    wants_repository: bool,
}

impl std::fmt::Debug for Rego {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rego").field("package", &self.package).finish_non_exhaustive()
    }
}

impl Rego {
    /// Reads a policy; `path` is from `root`.
    pub fn load(root: &Path, path: &str) -> Result<Rego, PolicyError> {
        let text = read(root, path)?;
        let mut engine = new_engine();
        let package = add(&mut engine, path, &text)?;
        Ok(Rego { engine, package, wants_repository: text.contains("data.repository") })
    }

    /// Whether the policy asks for the facts of the code.
    pub fn wants_repository(&self) -> bool {
        self.wants_repository
    }

    /// Decides a spec: broken by what `deny` holds, a set or list of texts or of objects with `msg`, `line`
    /// and `path`. The convention of `deny` is Conftest's.
    pub fn decide(&self, input: &serde_json::Value, repository: Option<&serde_json::Value>) -> Outcome {
        let mut engine = self.engine.clone();
        if let Some(repository) = repository {
            let data = serde_json::json!({ "repository": repository });
            if let Err(error) = engine.add_data(Value::from(data)) {
                return Outcome::Unknown(one_line(&error.to_string()));
            }
        }
        engine.set_input(Value::from(input.clone()));
        match engine.eval_rule(format!("{}.deny", self.package)) {
            Ok(Value::Undefined) => Outcome::Unknown("its package has no rule `deny`".to_owned()),
            Ok(value) => outcome(&value),
            Err(error) => Outcome::Unknown(one_line(&error.to_string())),
        }
    }
}

pub(crate) fn new_engine() -> Engine {
    let mut engine = Engine::new();
    if let Some(check_interval) = std::num::NonZeroU32::new(1000) {
        let limit = regorus::utils::limits::ExecutionTimerConfig { limit: MOST_TIME, check_interval };
        engine.set_execution_timer_config(limit);
    }
    engine
}

pub(crate) fn read(root: &Path, path: &str) -> Result<String, PolicyError> {
    let text = trueup_repo::read(root, path, MAX_SIZE)
        .map_err(|problem| PolicyError::Read { path: path.into(), reason: problem.to_string() })?;
    Ok(text.to_string())
}

/// Adds a file; gives its package as a path below `data`.
pub(crate) fn add(engine: &mut Engine, path: &str, text: &str) -> Result<String, PolicyError> {
    engine.add_policy(path.to_owned(), text.to_owned()).map_err(|error| PolicyError::Parse {
        path: path.into(),
        reason: error.to_string().trim().to_owned(),
    })
}

fn outcome(value: &Value) -> Outcome {
    let items: Vec<&Value> = match value {
        Value::Set(items) => items.iter().collect(),
        Value::Array(items) => items.iter().collect(),
        Value::Bool(false) => return Outcome::Kept,
        Value::Bool(true) => {
            return Outcome::Broken(vec![Message {
                text: "it is denied".to_owned(),
                path: None,
                line: None,
            }]);
        }
        _ => return Outcome::Unknown("`deny` is neither a set nor a list".to_owned()),
    };
    let messages: Vec<Message> = items.into_iter().map(message).collect();
    if messages.is_empty() { Outcome::Kept } else { Outcome::Broken(messages) }
}

fn message(item: &Value) -> Message {
    let text = |key: &str| match &item[key] {
        Value::String(text) => Some(text.to_string()),
        _ => None,
    };
    match item {
        Value::String(words) => Message { text: words.to_string(), path: None, line: None },
        Value::Object(_) => Message {
            text: text("msg").or_else(|| text("message")).unwrap_or_else(|| one_line(&item.to_string())),
            path: text("path").or_else(|| text("file")),
            line: item["line"].as_u32().ok(),
        },
        other => Message { text: one_line(&other.to_string()), path: None, line: None },
    }
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
