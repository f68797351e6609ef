//! What holds for any text. The property tests and the fuzz targets call these; each panics with what
//! does not hold.

mod facts;
mod fixes;
mod guides;
mod index;
mod ledger;
mod markdown;
mod source;
mod sql;
mod template;

pub use facts::facts_hold;
pub use fixes::fixes_hold;
pub use guides::guides_hold;
pub use index::index_holds;
pub use ledger::ledger_holds;
pub use markdown::markdown_holds;
pub use source::source_holds;
pub use sql::{chain_holds, lint_holds, queries_hold, script_holds};
pub use template::template_holds;
