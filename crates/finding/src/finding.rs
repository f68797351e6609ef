use crate::level::Level;
use std::sync::Arc;
use trueup_text::{Edit, Span};

/// Whether a fix may be applied without a person looking.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Safety {
    /// Nothing but what the finding says changes.
    Safe,
    /// Something else may depend on what is changed (a heading's anchor, say).
    Unsafe,
}

/// A way to mend a finding: edits on the finding's own file, applied together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as a command: "point the link to `docs/a.md`".
    pub title: String,
    /// Whether `--fix` applies it without `--unsafe`.
    pub safety: Safety,
    /// The changes.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that `--fix` applies.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), safety: Safety::Safe, edits }
    }

    /// A fix that needs `--fix --unsafe`.
    pub fn risky(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), safety: Safety::Unsafe, edits }
    }
}

/// Another place that a finding speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// Path from the repository's root.
    pub path: Arc<str>,
    /// Where in that file; the start of the file where the file as a whole is meant.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// Something that a rule found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// The level in the state of the spec at hand.
    pub level: Level,
    /// Path from the repository's root.
    pub path: Arc<str>,
    /// Where in the file.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Other places.
    pub related: Vec<Related>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
    /// Stays the same when lines elsewhere change; 16 hexadecimal digits.
    pub fingerprint: String,
}
