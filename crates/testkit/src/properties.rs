//! What holds for any text. The property tests and the fuzz targets call these; each panics with what
//! does not hold.

mod facts;
mod fixes;
mod markdown;
mod template;

pub use facts::facts_hold;
pub use fixes::fixes_hold;
pub use markdown::markdown_holds;
pub use template::template_holds;
