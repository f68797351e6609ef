//! Source files to facts: routes, tables, tests, locale keys, environment variables, flags, events.
//!
//! [`read`] looks at one file and knows nothing of the others; [`assemble`] puts the files together,
//! since a router is often mounted in another file than the one that declares its routes. Both are
//! pure: texts come in, plain data goes out, whatever the text.

mod assemble;
mod calls;
mod compose;
mod data;
mod document;
mod go;
mod inherit;
mod javascript;
mod language;
mod languages;
mod locales;
mod migrations;
mod prisma;
mod python;
mod routes;
mod ruby;
mod rust;
mod sql;
mod steps;
#[cfg(test)]
pub(crate) mod tests;
mod tokens;
mod words;

pub use assemble::assemble;
pub use inherit::TableBase;
pub use language::{Language, wanted};
pub use migrations::migration_of;
pub use python::models::AppLabel;
pub use routes::{Import, MountDecl, RouteDecl, RouteFacts, Router, UNKNOWN_FRONT};
pub use steps::{Revision, TableChange, TableStep};

use globset::GlobSet;
use javascript::{Constants, Script, Token};
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;
use tokens::{Notation, TokenList, Tokens};
use trueup_codebase::{CodePlace, LocaleFile, MigrationFile, NameUse, Table, TestCase, Use};
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
    tokens: OnceCell<Rc<Vec<Token>>>,
    python: Option<Box<python::Outline<'a>>>,
    constants: OnceCell<Constants>,
    ruby: OnceCell<ruby::RubyTree>,
    rust: OnceCell<(TokenList, rust::Items)>,
    go: OnceCell<(TokenList, go::Items)>,
}

impl<'a> SourceFile<'a> {
    /// A file.
    pub fn new(path: Arc<str>, text: &'a str) -> SourceFile<'a> {
        let language = Language::of(&path);
        SourceFile {
            path,
            text,
            language,
            lines: LineIndex::new(text),
            tokens: OnceCell::new(),
            python: None,
            constants: OnceCell::new(),
            ruby: OnceCell::new(),
            rust: OnceCell::new(),
            go: OnceCell::new(),
        }
    }

    /// The place of a range of bytes.
    pub fn place(&self, range: std::ops::Range<usize>) -> CodePlace {
        let line = self.lines.line(range.start as u32);
        CodePlace { path: Arc::clone(&self.path), span: range.into(), line }
    }

    /// Its tokens, where it is JavaScript or TypeScript; made when they are first asked for.
    pub(crate) fn script(&self) -> Script<'a> {
        let list = self.tokens.get_or_init(|| Rc::new(javascript::tokens(self.text)));
        Script { text: self.text, list: Rc::clone(list) }
    }

    /// The constants of a file of JavaScript or TypeScript.
    pub(crate) fn constants(&self) -> &Constants {
        self.constants.get_or_init(|| self.script().constants())
    }

    /// Its syntax, where it is Ruby; made when it is first asked for.
    pub(crate) fn ruby(&self) -> ruby::Node<'_> {
        self.ruby.get_or_init(|| ruby::parse(self.text)).root(self.text)
    }

    /// Its tokens and what it declares, where it is Rust; made when they are first asked for.
    pub(crate) fn rust(&self) -> (Tokens<'a>, &rust::Items) {
        let (list, items) = self.rust.get_or_init(|| {
            let tokens = Tokens::read(self.text, Notation::Rust);
            let items = rust::items(&tokens);
            (tokens.list(), items)
        });
        (Tokens::of(self.text, list), items)
    }

    /// Its tokens and what it declares, where it is Go; made when they are first asked for.
    pub(crate) fn go(&self) -> (Tokens<'a>, &go::Items) {
        let (list, items) = self.go.get_or_init(|| {
            let tokens = Tokens::read(self.text, Notation::Go);
            let items = go::items(&tokens);
            (tokens.list(), items)
        });
        (Tokens::of(self.text, list), items)
    }

    /// Takes the text apart for all its readers, where its language wants that.
    fn parse(&mut self) {
        if self.language == Language::Python {
            self.python = Some(Box::new(python::Outline::new(&self.path, self.text)));
        }
    }

    /// What stands in it, where it is Python and parsed.
    pub(crate) fn python(&self) -> Option<&python::Outline<'a>> {
        self.python.as_deref()
    }

    /// Whether any of some texts stands in it: the cheap look before anything is parsed.
    pub(crate) fn has_any(&self, needles: &[&str]) -> bool {
        needles.iter().any(|needle| memchr::memmem::find(self.text.as_bytes(), needle.as_bytes()).is_some())
    }

    /// The last part of its path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// A use of a name at a range of bytes.
    pub(crate) fn name_use(
        &self,
        name: impl Into<String>,
        how: Use,
        range: std::ops::Range<usize>,
    ) -> NameUse {
        NameUse { name: name.into(), how, place: self.place(range) }
    }
}

/// What one file says.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// Path from the root.
    pub path: Arc<str>,
    /// Its routers, one entry for each framework that it speaks.
    pub routes: Vec<RouteFacts>,
    /// Tables as a schema or a class declares them: what is now. [`assemble`] joins those of one name.
    pub tables: Vec<Table>,
    /// What the tables of Django's applications begin with, where their configuration tells.
    pub app_labels: Vec<AppLabel>,
    /// The classes that stand for tables or lend them columns, with what they inherit from.
    pub table_bases: Vec<TableBase>,
    /// What a migration does to tables, in the order of the file; [`assemble`] plays the steps of all
    /// migrations in their order. Steps that undo a migration are left out.
    pub table_steps: Vec<TableStep>,
    /// Its place among the migrations, where its text tells that and not its name (Alembic).
    pub revision: Option<Revision>,
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
    let mut file = SourceFile::new(Arc::clone(path), text);
    let migration = migration_of(path, options);
    let mut facts = FileFacts { path: Arc::clone(path), migration, ..FileFacts::default() };
    if is_lock_file(file.name()) {
        return facts;
    }
    let reader = languages::reader(file.language).filter(|reader| reader.may_hold(&file, options));
    let adapters: Vec<_> = routes::adapters()
        .iter()
        .enumerate()
        .filter(|(_, adapter)| adapter.reads(file.language) && adapter.may_hold(&file))
        .collect();
    if reader.is_some() || !adapters.is_empty() {
        // Parsed once for all, and only where something may be in it.
        file.parse();
        for (index, adapter) in adapters {
            facts.routes.extend(adapter.read(&file).map(|routes| RouteFacts { adapter: index, ..routes }));
        }
        if let Some(reader) = reader {
            reader.read(&file, options, &mut facts);
        }
    }
    words::read(&file, &mut facts.words);
    facts
}

/// Files that tools write, full of names that say nothing of the code.
fn is_lock_file(name: &str) -> bool {
    matches!(name, "package-lock.json" | "npm-shrinkwrap.json" | "pnpm-lock.yaml" | "composer.lock")
}
