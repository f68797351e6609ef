//! Findings and what rules are made of: levels by state, fixes, suppression, the registry type.

mod context;
mod finding;
mod level;
mod rule;
mod sink;

pub use context::{FileCx, Role};
pub use finding::{Finding, Fix, Related, Safety};
pub use level::{Level, Levels};
pub use rule::{Applies, Registry, Rule};
pub use sink::{Report, Sink};
pub use trueup_drift::FileRows;
