use crate::{Message, Outcome, PolicyError};
use regorus::{Engine, Value};
use std::path::Path;
use std::time::Duration;

/// A policy of a few lines that takes longer than this does not end.
const MOST_TIME: Duration = Duration::from_secs(10);

/// The largest policy that is read, in bytes.
const MAX_SIZE: u64 = 1024 * 1024;

/// A Rego policy, read and parsed with the files beside it.
#[derive(Clone)]
pub struct Rego {
    engine: Engine,
    /// Its package as a path: `data.house.tenancy`.
    package: String,
    /// Whether a file of its package has a rule `deny`.
    denies: bool,
    /// Whether it asks for the facts of the code.
    wants_repository: bool,
}

impl std::fmt::Debug for Rego {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rego").field("package", &self.package).finish_non_exhaustive()
    }
}

impl Rego {
    /// Reads a policy and the other policies in its folder, which it may import; tests (`_test.rego`) are
    /// left out. `path` is from `root`.
    pub fn load(root: &Path, path: &str) -> Result<Rego, PolicyError> {
        let mut engine = new_engine();
        let text = read(root, path)?;
        let package = add(&mut engine, path, &text)?;
        let mut files = vec![(path.to_owned(), package.clone(), text)];
        for other in beside(root, path) {
            let text = read(root, &other)?;
            let mut with = engine.clone();
            let of = add(&mut with, &other, &text)?;
            // Another policy of the same package would deny in this one's name.
            if of != package || !defines_deny(&text) {
                engine = with;
                files.push((other, of, text));
            }
        }
        let packages: Vec<&str> = files.iter().map(|(_, package, _)| package.as_str()).collect();
        for (path, _, text) in &files {
            if let Some(unknown) = unknown_reference(text, &packages) {
                return Err(PolicyError::Reference { path: path.into(), unknown });
            }
        }
        Ok(Rego {
            denies: files.iter().any(|(_, of, text)| *of == package && defines_deny(text)),
            wants_repository: files.iter().any(|(.., text)| mentions_repository(text)),
            engine,
            package,
        })
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
        if !self.denies {
            return Outcome::Unknown("its package has no rule `deny`".to_owned());
        }
        engine.set_input(Value::from(input.clone()));
        match engine.eval_rule(format!("{}.deny", self.package)) {
            // A `deny` that is no set and whose conditions do not hold.
            Ok(Value::Undefined) => Outcome::Kept,
            Ok(value) => outcome(&value),
            Err(error) => Outcome::Unknown(one_line(&error.to_string())),
        }
    }
}

/// The other policies in the folder of one, by name.
fn beside(root: &Path, path: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let policies = names.filter(|name| name.ends_with(".rego") && !name.ends_with("_test.rego"));
    let mut out: Vec<String> = policies
        .map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") })
        .filter(|other| other != path)
        .collect();
    out.sort();
    out
}

/// The text without comments and without what stands between quotes.
fn code_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match quote {
            Some('"') if c == '\\' => drop(chars.next()),
            Some(open) if c == open || open == '"' && c == '\n' => {
                quote = None;
                out.push(c);
            }
            Some(_) => {}
            None if c == '#' => {
                if chars.any(|c| c == '\n') {
                    out.push('\n');
                }
            }
            None => {
                if matches!(c, '"' | '`') {
                    quote = Some(c);
                }
                out.push(c);
            }
        }
    }
    out
}

/// What follows `data` wherever that word stands by itself.
fn after_data(code: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    code.match_indices("data").filter_map(move |(at, word)| {
        let rest = code.get(at + word.len()..)?;
        let stands = !code.get(..at)?.ends_with(is_word)
            && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        stands.then_some(rest)
    })
}

/// `.repository.endpoints` as its words; empty where another kind of access follows.
fn words_of(rest: &str) -> Vec<&str> {
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
    rest.get(..end).unwrap_or("").split('.').skip(1).filter(|word| !word.is_empty()).collect()
}

/// Whether a policy can see the facts of the code: by name, or by going through all of `data`.
fn mentions_repository(text: &str) -> bool {
    let code = code_of(text);
    after_data(&code).any(|rest| words_of(rest).first().is_none_or(|word| *word == "repository"))
}

/// A reference that can only be undefined, so that a rule that asks for it never holds: facts of the code
/// that there are not, or a package that no file of the folder has.
fn unknown_reference(text: &str, packages: &[&str]) -> Option<String> {
    let code = code_of(text);
    let is_known = |words: &[&str]| match words {
        [] | ["repository"] => true,
        ["repository", fact, ..] => trueup_render::CODE_FACTS.contains(fact),
        _ => packages.iter().any(|package| {
            let package: Vec<&str> = package.split('.').skip(1).collect();
            let shared = package.len().min(words.len());
            package.get(..shared) == words.get(..shared)
        }),
    };
    let unknown = after_data(&code).map(words_of).find(|words| !is_known(words))?;
    Some(format!("data.{}", unknown.join(".")))
}

/// Whether a file has a rule `deny`. A rule begins at the start of a line.
fn defines_deny(text: &str) -> bool {
    code_of(text).lines().any(|line| {
        let line = line.strip_prefix("default").map_or(line, str::trim_start);
        line.strip_prefix("deny")
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
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
