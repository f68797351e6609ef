//! What specs declare as machine-readable API descriptions: endpoints and entities as OpenAPI 3.1, events as
//! AsyncAPI 3.0.
//!
//! Only what a spec says goes in. Words that no schema can be read from stay as descriptions, and what the
//! formats cannot hold is left out with a note.

mod asyncapi;
mod body;
mod components;
mod field;
mod lex;
mod openapi;
mod path;
mod scalar;
mod schema;
mod shape;

pub use asyncapi::asyncapi;
pub use openapi::openapi;

use serde::Serialize;
use trueup_engine::ReadFile;
use trueup_model::{Api, DataModels, Vocabulary, base_name};
use trueup_text::{LineIndex, Span};

/// What a spec brings to an export.
#[derive(Clone, Debug, Default)]
pub struct ExportSpec {
    /// Its ID, else its file's name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its path from the root.
    pub path: String,
    /// Its endpoints.
    pub api: Api,
    /// Its entities and types.
    pub data: DataModels,
    /// Its events.
    pub vocabulary: Vocabulary,
    /// The lines of its file.
    pub lines: LineIndex,
}

impl ExportSpec {
    /// The specs of a file.
    pub fn of(file: &ReadFile) -> Vec<ExportSpec> {
        let lines = LineIndex::new(file.document.text());
        let stem = base_name(&file.path).trim_end_matches(".md");
        let one = |spec: &trueup_model::Spec| ExportSpec {
            name: spec.name().unwrap_or(stem).to_owned(),
            title: spec.title.map_or(String::new(), |id| file.document.section(id).title.clone()),
            path: file.path.to_string(),
            api: spec.facts.api.clone(),
            data: spec.facts.data.clone(),
            vocabulary: spec.facts.vocabulary.clone(),
            lines: lines.clone(),
        };
        file.specs.iter().map(one).collect()
    }

    fn origin(&self, span: Span) -> Origin {
        Origin {
            spec: plain_line(&self.name),
            path: plain_line(&self.path),
            line: self.lines.line(span.start),
        }
    }
}

/// Where something is declared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Origin {
    spec: String,
    path: String,
    line: u32,
}

/// How an exported document is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ExportFormat {
    /// YAML.
    #[default]
    Yaml,
    /// JSON.
    Json,
}

/// An exported document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exported {
    /// The document; none where there is nothing to export.
    pub text: Option<String>,
    /// What is in it, in a few words (`3 operations, 2 schemas`).
    pub summary: String,
    /// What somebody should know who relies on it.
    pub notes: Vec<ExportNote>,
}

/// Something that was left out or put together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportNote {
    /// What happened, for one or several (`2 endpoints are left out`).
    pub title: String,
    /// Each of them.
    pub items: Vec<String>,
}

fn written(document: &impl Serialize, format: ExportFormat) -> String {
    match format {
        ExportFormat::Json => crate::json::to_text(document),
        // Fails only for maps whose keys are no strings; the formats here have none.
        ExportFormat::Yaml => serde_saphyr::to_string(document).unwrap_or_default(),
    }
}

/// A text as one line without control characters.
fn plain_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    crate::plain::push_one_line(&mut out, text.trim());
    out
}

/// A text without control characters, line ends kept.
fn plain_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    crate::plain::push_lines(&mut out, text.trim(), 0);
    out
}

/// What stands at the front of each exported document.
#[derive(Serialize)]
struct Info<'a> {
    title: &'a str,
    version: &'a str,
    description: String,
}

impl<'a> Info<'a> {
    fn new(specs: &'a [ExportSpec], title: Option<&'a str>, fallback: &'a str) -> Info<'a> {
        let only = match specs {
            [one] if !one.title.is_empty() => Some(one.title.as_str()),
            _ => None,
        };
        let number = match specs.len() {
            1 => "one spec".to_owned(),
            n => format!("{n} specs"),
        };
        Info {
            title: title.or(only).unwrap_or(fallback),
            // A set of specs has no version of its own.
            version: "0.0.0",
            description: format!(
                "What {number} declared when trueup read them; it says nothing of what is built."
            ),
        }
    }
}

/// A name that a key of `components` may be: other characters part words, which then begin with a capital.
fn component_key(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.chars().all(allowed) {
        return name.to_owned();
    }
    let mut out = String::new();
    for word in name.split(|c| !allowed(c)).filter(|word| !word.is_empty()) {
        let mut characters = word.chars();
        out.extend(characters.next().map(|first| {
            if out.ends_with(|c: char| c.is_ascii_alphanumeric()) {
                first.to_ascii_uppercase()
            } else {
                first
            }
        }));
        out.push_str(characters.as_str());
    }
    out
}

/// Each name once: the second of a name gets a number.
#[derive(Default)]
struct UniqueNames(rustc_hash::FxHashMap<String, usize>);

impl UniqueNames {
    fn take(&mut self, name: String) -> String {
        let mut wanted = name.clone();
        loop {
            if !self.0.contains_key(&wanted) {
                self.0.insert(wanted.clone(), 1);
                return wanted;
            }
            let number = self.0.entry(name.clone()).or_insert(1);
            *number += 1;
            wanted = format!("{name}{number}");
        }
    }
}
