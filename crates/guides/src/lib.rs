//! House rules: the guides of a repository, what they ask, which of them apply to a spec, and where a
//! rule that a spec cites really stands.

mod apply;
mod cite;
mod read;
mod words;

#[cfg(test)]
mod tests;

pub use apply::{applying, guide_above};
pub use cite::{Cited, citation, resolve};
pub use read::{Guide, HouseRule, Strength, read_guide};
pub use words::{Found, Sought, likeness};

use trueup_model::base_name;

/// Names of files that hold house rules, in lower case. Conventions: AGENTS.md (agents.md), CLAUDE.md
/// (Claude Code), CONTRIBUTING.md (GitHub).
pub const GUIDE_NAMES: [&str; 4] = ["agents.md", "claude.md", "contributing.md", "copilot-instructions.md"];

/// Whether a file is a guide by its name; `own` are a team's further names.
pub fn is_guide(path: &str, own: &[String]) -> bool {
    let name = base_name(path).to_lowercase();
    GUIDE_NAMES.contains(&name.as_str()) || own.iter().any(|n| n.to_lowercase() == name)
}

/// Gives the guides of the repository, read when they are first asked for.
pub trait House: std::fmt::Debug + Sync {
    /// All guides, by path.
    fn guides(&self) -> &[Guide];
}

/// No guide at all.
#[derive(Clone, Copy, Debug)]
pub struct NoGuides;

impl House for NoGuides {
    fn guides(&self) -> &[Guide] {
        &[]
    }
}
