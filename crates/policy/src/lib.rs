//! A team's own checks: Rego policies over a spec's JSON and the facts of the code, and commands. What they
//! say of a house rule comes to the rules as data; nothing here knows a rule.

mod bind;
mod command;
mod rego;
mod test;

pub use bind::{Bound, input_of};
pub use command::run_command;
pub use rego::Rego;
pub use test::{RegoTest, TestRun, test_files};

use std::path::PathBuf;

/// A policy that cannot be used at all. The configuration names it, so it has to be mended first.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file is not there or is no text.
    #[error("the policy {} cannot be read: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The file is no Rego.
    #[error("the policy {} is no valid Rego: {reason}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why, as the parser says.
        reason: String,
    },
    /// The file asks for something that is never there, so that its rules would hold by mistake.
    #[error(
        "the policy {} asks for `{unknown}`, which is never there: facts of the code are `data.repository.` and one of {}; other packages have to lie in the same folder",
        path.display(), trueup_render::CODE_FACTS.join(", ")
    )]
    Reference {
        /// The file.
        path: PathBuf,
        /// What it asks for.
        unknown: String,
    },
    /// `[[policy]]` does not say what decides it, or says it twice.
    #[error(
        "the policy `{name}` has to name exactly one of `check`, `rego` and `command`, and it names {given}"
    )]
    Unclear {
        /// Its name.
        name: String,
        /// How many it names.
        given: usize,
    },
}

/// Something that a policy says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Its words.
    pub text: String,
    /// The file that it is about, from the root; the spec where absent.
    pub path: Option<String>,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// What a policy makes of a spec.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The house rule is kept.
    Kept,
    /// It is broken; there is at least one message.
    Broken(Vec<Message>),
    /// It could not be told, and why.
    Unknown(String),
}
