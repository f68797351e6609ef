//! Source files to facts: routes, tables, tests, locale keys, environment variables, flags, events.
//!
//! [`read`] looks at one file and knows nothing of the others; [`assemble`] puts the files together,
//! since a router is often mounted in another file than the one that declares its routes. Both are
//! pure: texts come in, plain data goes out, whatever the text.

mod assemble;
mod language;
mod migrations;
mod routes;

pub use assemble::assemble;
pub use language::{Language, wanted};
pub use migrations::migration_of;
pub use routes::{Import, MountDecl, RouteDecl, RouteFacts, Router};

use globset::GlobSet;
use std::sync::Arc;
use trueup_codebase::{CodePlace, LocaleFile, MigrationFile, NameUse, Table, TestCase};
use trueup_text::LineIndex;

/// What the configuration says about reading code.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folders whose routes a proxy serves below a path: folder and path.
    pub mounts: Vec<(String, String)>,
    /// Functions that read a feature flag, beside the common ones.
    pub flag_functions: Vec<String>,
    /// Files of translations, beside those that are known by their names.
    pub locales: GlobSet,
    /// Migration files, beside those in the common places.
    pub migrations: GlobSet,
}

/// A file of code.
#[derive(Debug)]
pub struct SourceFile<'a> {
    /// Path from the repository's root.
    pub path: Arc<str>,
    /// Its text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    lines: LineIndex,
}

impl<'a> SourceFile<'a> {
    /// A file.
    pub fn new(path: Arc<str>, text: &'a str) -> SourceFile<'a> {
        let language = Language::of(&path);
        SourceFile { path, text, language, lines: LineIndex::new(text) }
    }

    /// The place of a range of bytes.
    pub fn place(&self, range: std::ops::Range<usize>) -> CodePlace {
        let line = self.lines.line_col(self.text, range.start as u32).line;
        CodePlace { path: Arc::clone(&self.path), span: range.into(), line }
    }
}

/// What one file says.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// Path from the root.
    pub path: Arc<str>,
    /// Its routers, one entry for each framework that it speaks.
    pub routes: Vec<RouteFacts>,
    /// Its tables. One table may come from several files; [`assemble`] joins them.
    pub tables: Vec<Table>,
    /// The migration that the file is, known by its name.
    pub migration: Option<MigrationFile>,
    /// Its tests.
    pub tests: Vec<TestCase>,
    /// Its translations.
    pub locale: Option<LocaleFile>,
    /// Environment variables.
    pub env_vars: Vec<NameUse>,
    /// Names handed to a flag library.
    pub flags: Vec<NameUse>,
    /// Events sent or declared.
    pub events: Vec<NameUse>,
    /// Text literals that look like names.
    pub words: Vec<(Box<str>, CodePlace)>,
    /// Why the file could not be parsed, if it could not.
    pub problem: Option<String>,
}

/// Reads one file. Never fails: what is not understood gives no fact, or a `problem` where the whole
/// file is of no use.
pub fn read(path: &Arc<str>, text: &str, options: &Options) -> FileFacts {
    let _file = SourceFile::new(Arc::clone(path), text);
    let migration = migration_of(path, options);
    FileFacts { path: Arc::clone(path), migration, ..FileFacts::default() }
}
