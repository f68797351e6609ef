//! What reads the files of each language, routes aside.

use crate::{FileFacts, Language, Options, SourceFile};

/// Reads tests, environment variables, flags, events, tables and the like from the files of a language.
pub(crate) trait LanguageReader: Sync {
    /// Whether a file may hold any of them; cheap, since every file is asked.
    fn may_hold(&self, file: &SourceFile<'_>, options: &Options) -> bool;

    /// Reads a file that may.
    fn read(&self, file: &SourceFile<'_>, options: &Options, out: &mut FileFacts);
}

/// The reader of a language.
pub(crate) fn reader(language: Language) -> Option<&'static dyn LanguageReader> {
    match language {
        Language::JavaScript | Language::TypeScript | Language::Tsx => Some(&crate::javascript::Reader),
        Language::Python => Some(&crate::python::Python),
        Language::Ruby => Some(&crate::ruby::Ruby),
        Language::Go => Some(&crate::go::GoReader),
        Language::Rust => Some(&crate::rust::RustReader),
        Language::Sql => Some(&crate::sql::SqlReader),
        Language::Prisma => Some(&crate::prisma::Prisma),
        Language::Json | Language::Yaml | Language::Text => Some(&crate::data::Reader),
        Language::Other => None,
    }
}
