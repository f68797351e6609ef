//! What reads Ruby.

mod cases;
mod lexer;
mod marks;
mod names;
mod parser;
mod rails;
mod schema;
mod syntax;
#[cfg(test)]
mod tests;
mod tree;

pub(crate) use parser::parse;
pub(crate) use rails::Rails;
pub(crate) use tree::{Node, Tree as RubyTree};

use crate::languages::LanguageReader;
use crate::{FileFacts, Options, SourceFile};
use syntax::Outline;

/// Tests, names and tables of Ruby.
pub(crate) struct Ruby;

/// One of these stands in every file that says something; the syntax then tells what.
const WORDS: [&str; 18] = [
    "describe",
    "Test",
    "ENV",
    "Flipper",
    "Feature",
    "feature",
    "enabled?",
    "variation",
    "boolean_value",
    "rollout",
    "emit",
    "publish",
    "dispatch",
    "broadcast",
    "instrument",
    "create_table",
    "Migration",
    "table_name",
];

impl LanguageReader for Ruby {
    fn may_hold(&self, file: &SourceFile<'_>, options: &Options) -> bool {
        file.has_any(&WORDS) || options.flag_functions.iter().any(|name| file.has_any(&[syntax::last(name)]))
    }

    fn read(&self, file: &SourceFile<'_>, options: &Options, out: &mut FileFacts) {
        let outline = Outline::new(file);
        cases::read(file, &outline, out);
        names::read(file, &outline, options, out);
        schema::read(file, &outline, out);
    }
}
