//! A template held against the specs written from it: for people, as Markdown and as JSON.

mod human;
mod json;
mod markdown;
mod page;

pub use human::practice_text;
pub use json::{PRACTICE_SCHEMA_VERSION, practice_json, practice_json_schema};
pub use markdown::practice_markdown;

use trueup_model::practice::Practice;
use trueup_template::Schema;

/// A template, the specs that follow it, and what was counted.
#[derive(Clone, Copy, Debug)]
pub struct PracticeReport<'a> {
    /// The template.
    pub schema: &'a Schema,
    /// What was counted.
    pub practice: &'a Practice,
    /// Folders of the specs from the root.
    pub folders: &'a [String],
    /// Files of these folders that are specs.
    pub files: usize,
    /// Those of them that only say where a document went: not counted.
    pub tombstones: usize,
}

/// How the report for people is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PracticeTextOptions {
    /// Whether to write escape sequences for colours.
    pub color: bool,
    /// Columns of the terminal; none where the output goes to a file.
    pub width: Option<usize>,
}
