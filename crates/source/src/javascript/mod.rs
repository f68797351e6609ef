//! JavaScript and TypeScript.

mod cases;
mod env;
mod events;
mod flags;
mod lexer;
mod modules;
mod tables;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use cases::is_test_file;
pub(crate) use env::is_variable;
pub(crate) use lexer::{Kind, Token, tokens};
pub(crate) use modules::{Modules, resolve};
pub(crate) use view::{Constants, Script};

use crate::languages::LanguageReader;
use crate::{FileFacts, Language, Options, SourceFile};

/// Reads all but routes.
pub(crate) struct Reader;

impl LanguageReader for Reader {
    fn may_hold(&self, _: &SourceFile<'_>, _: &Options) -> bool {
        true
    }

    fn read(&self, file: &SourceFile<'_>, options: &Options, out: &mut FileFacts) {
        if cases::is_test_file(file) {
            cases::read(file, &mut out.tests);
        }
        env::read(file, &mut out.env_vars);
        flags::read(file, options, &mut out.flags);
        events::read(file, &mut out.events);
        tables::read(file, out);
    }
}

/// Whether a language is one of these.
pub(crate) fn is_script(language: Language) -> bool {
    matches!(language, Language::JavaScript | Language::TypeScript | Language::Tsx)
}

/// Whether a text can be the name of a flag, an event or a variable.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 200 && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
