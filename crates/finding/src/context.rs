use trueup_markdown::Document;
use trueup_model::World;

/// What a rule sees: one file, what it was aligned to, and the repository as data.
#[derive(Clone, Copy, Debug)]
pub struct FileCx<'a> {
    /// Path from the repository's root.
    pub path: &'a str,
    /// The parsed file.
    pub document: &'a Document,
    /// The repository.
    pub world: &'a World,
}
