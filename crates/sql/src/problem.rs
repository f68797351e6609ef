//! What is wrong with a migration, as far as its files tell.

use std::fmt;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Good to know.
    Info,
    /// Likely to be wrong.
    Warning,
    /// Wrong.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        })
    }
}

/// Something that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as it was given.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// A name in kebab case: `number-taken`, `ban-drop-column`.
    pub code: String,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What mends it, where that is known.
    pub mend: Option<String>,
}

impl Problem {
    /// A problem with a file as a whole.
    pub fn new(path: &str, code: &str, level: Level, message: impl Into<String>) -> Problem {
        Problem {
            path: path.to_owned(),
            line: 1,
            column: 1,
            code: code.to_owned(),
            level,
            message: message.into(),
            mend: None,
        }
    }

    /// The same problem at a byte of the file's text.
    pub fn at(mut self, text: &str, offset: usize) -> Problem {
        let before = text.get(..offset).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        self.line = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1);
        self.column = u32::try_from(before.get(start..).map_or(0, |rest| rest.chars().count()))
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        self
    }

    /// The same problem with what mends it.
    pub fn mended(mut self, mend: impl Into<String>) -> Problem {
        self.mend = Some(mend.into());
        self
    }
}
