//! Versions of a template as text and as JSON.

mod json;

pub use json::{
    VERSIONS_SCHEMA_VERSION, difference_json, difference_json_schema, versions_json, versions_json_schema,
};

use crate::plain;
use trueup_engine::TemplateVersion;
use trueup_template::{SchemaDifference, difference};

/// What two versions of a template differ in, a line each: `+` added, `-` gone, `~` renamed or no longer
/// asked in the same way. Empty where they ask the same.
pub fn difference_text(difference: &SchemaDifference) -> String {
    let mut out = String::new();
    let mut line = |mark: char, words: &str| {
        out.push(mark);
        out.push(' ');
        plain::push_one_line(&mut out, words);
        out.push('\n');
    };
    for ask in &difference.added {
        let optional = if ask.required { "" } else { " (optional)" };
        let value = ask.kind == trueup_template::AskKind::Value;
        line('+', &format!("{}{}", ask.words(), if value { "" } else { optional }));
    }
    for ask in &difference.removed {
        line('-', &ask.words());
    }
    for (before, after) in &difference.renamed {
        line('~', &format!("{} is `{}` now", before.words(), after.name));
    }
    for ask in &difference.presence {
        line('~', &format!("{} is {} now", ask.words(), if ask.required { "required" } else { "optional" }));
    }
    out
}

/// All revisions of a template, the newest first, each with what it changed in what is asked.
pub fn versions_text(versions: &[TemplateVersion]) -> String {
    let mut out = String::new();
    for (index, version) in versions.iter().enumerate().rev() {
        let day = version.day.map(|day| day.to_string()).unwrap_or_else(|| "work tree ".to_owned());
        let commit = version.commit.as_deref().map_or("          ", |id| id.get(..10).unwrap_or(id));
        plain::push_one_line(&mut out, &format!("{day}  {commit}  {}", version.subject));
        out.push('\n');
        let before = index.checked_sub(1).and_then(|at| versions.get(at));
        let told = match before {
            None => "the first version\n".to_owned(),
            Some(before) => difference_text(&difference(&before.schema, &version.schema)),
        };
        let told = if told.is_empty() { "asks the same\n".to_owned() } else { told };
        for line in told.lines() {
            out.extend(["            ", line, "\n"]);
        }
    }
    out
}
