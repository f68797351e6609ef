use crate::date::Date;
use crate::paths::PathIndex;

/// What the rules may know of the repository, read once and passed in as plain data.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Every path of the work tree, or of the list that stands in for it.
    pub paths: PathIndex,
    /// The branch that is checked out; none without git or on a detached head.
    pub branch: Option<String>,
    /// The branch that accepted specs live on.
    pub main_branch: Option<String>,
    /// The day of the check.
    pub today: Option<Date>,
}
