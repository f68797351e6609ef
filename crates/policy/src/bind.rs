use crate::command::run_command;
use crate::rego::Rego;
use crate::{Message, Outcome, PolicyError};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use trueup_claims::Judged;
use trueup_codebase::{Code, CodePlace};
use trueup_engine::{Config, MAX_FILE_SIZE, Policies, ReadFile, Workspace};
use trueup_model::Verdict;
use trueup_text::{LineIndex, Span};

/// A command that says nothing about its time gets this long.
const TIMEOUT: Duration = Duration::from_secs(60);

/// More messages of one policy say nothing new.
const MOST_PLACES: usize = 20;

/// What decides a policy of the configuration.
#[derive(Clone, Debug)]
enum Decider {
    /// A built-in rule, which the engine runs itself.
    BuiltIn,
    /// A Rego file.
    Rego(Box<Rego>),
    /// A command.
    Command(Vec<String>, Duration),
    /// A command, for a commit that is not checked out.
    NotHere,
}

/// The policies of a configuration, ready to decide.
#[derive(Debug)]
pub struct Bound {
    deciders: Vec<Decider>,
    repository: OnceLock<Value>,
}

impl Bound {
    /// Reads the policies that the configuration names; none where it names none.
    pub fn new(root: &Path, config: &Config) -> Result<Option<Arc<Bound>>, PolicyError> {
        if config.policy.is_empty() {
            return Ok(None);
        }
        let mut deciders = Vec::with_capacity(config.policy.len());
        for policy in &config.policy {
            let given = [policy.check.is_some(), policy.rego.is_some(), !policy.command.is_empty()];
            let given = given.into_iter().filter(|is| *is).count();
            if given != 1 {
                return Err(PolicyError::Unclear { name: policy.name.clone(), given });
            }
            deciders.push(match &policy.rego {
                Some(path) => Decider::Rego(Box::new(Rego::load(root, path)?)),
                None if policy.command.is_empty() => Decider::BuiltIn,
                None => {
                    let timeout = policy.timeout.map_or(TIMEOUT, Duration::from_secs);
                    Decider::Command(policy.command.clone(), timeout)
                }
            });
        }
        Ok(Some(Arc::new(Bound { deciders, repository: OnceLock::new() })))
    }

    fn repository(&self, workspace: &Workspace) -> &Value {
        self.repository.get_or_init(|| trueup_render::code_value(workspace.codebase()))
    }
}

/// What a policy gets to see of a spec: its path and its facts, as `trueup show --format json` gives them.
pub fn input_of(workspace: &Workspace, file: &ReadFile, spec: usize) -> Value {
    let template = file.set.map_or("", |set| workspace.sets[set].config.template.as_str());
    let facts = trueup_render::spec_values(file, template).into_iter().nth(spec).unwrap_or_default();
    json!({ "path": &*file.path, "spec": facts })
}

impl Policies for Bound {
    fn decide(&self, workspace: &Workspace, file: &ReadFile, spec: usize, policy: usize) -> Judged {
        let outcome = match self.deciders.get(policy) {
            None | Some(Decider::BuiltIn) => Outcome::Unknown("it is decided elsewhere".to_owned()),
            Some(Decider::Rego(rego)) => {
                let repository = rego.wants_repository().then(|| self.repository(workspace));
                rego.decide(&input_of(workspace, file, spec), repository)
            }
            Some(Decider::NotHere) => Outcome::Unknown("a command sees the work tree only".to_owned()),
            Some(Decider::Command(command, timeout)) => {
                let mut input = input_of(workspace, file, spec);
                input["repository"] = self.repository(workspace).clone();
                run_command(&workspace.root, command, &input.to_string(), *timeout)
            }
        };
        judged(workspace, file, outcome)
    }

    fn for_commit(&self) -> Arc<dyn Policies> {
        let deciders = self.deciders.iter().map(|decider| match decider {
            Decider::Command(..) => Decider::NotHere,
            other => other.clone(),
        });
        Arc::new(Bound { deciders: deciders.collect(), repository: OnceLock::new() })
    }
}

fn judged(workspace: &Workspace, file: &ReadFile, outcome: Outcome) -> Judged {
    let messages = match outcome {
        Outcome::Kept => return Judged::new(Verdict::Proven, "it is kept"),
        Outcome::Unknown(why) => return Judged::new(Verdict::NotCheckable, why),
        Outcome::Broken(messages) => messages,
    };
    let first = messages.first().map_or("it is broken", |message| message.text.as_str());
    let more = match messages.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let mut judged = Judged::new(Verdict::Contradicted, format!("{first}{more}"));
    for message in messages.iter().take(MOST_PLACES) {
        judged = with_place(judged, workspace, file, message);
    }
    judged
}

fn with_place(judged: Judged, workspace: &Workspace, file: &ReadFile, message: &Message) -> Judged {
    let Some(line) = message.line else { return judged };
    match message.path.as_deref().filter(|path| *path != &*file.path) {
        None => match line_span(file.document.text(), line) {
            Some(span) => judged.at(span, &message.text),
            None => judged,
        },
        Some(path) => {
            let span = trueup_repo::read(&workspace.root, path, MAX_FILE_SIZE)
                .ok()
                .and_then(|text| line_span(&text, line));
            // A place that is not there would send people looking.
            match span {
                Some(span) => judged.elsewhere(CodePlace { path: path.into(), span, line }, &message.text),
                None => judged,
            }
        }
    }
}

/// A line without the white space around it.
fn line_span(text: &str, line: u32) -> Option<Span> {
    let lines = LineIndex::new(text);
    if line == 0 || line as usize > lines.line_count() {
        return None;
    }
    let start = lines.line_start(line) as usize;
    let words = lines.line_text(text, line);
    Some(Span::new(start, start + words.len()).trimmed(text))
}
