use crate::infer::infer;
use crate::schema::Schema;

/// The built-in templates by name.
pub const BUILTIN_NAMES: [&str; 2] = ["governance", "architecture"];

const GOVERNANCE: &str = include_str!("../templates/governance.md");
const ARCHITECTURE: &str = include_str!("../templates/architecture.md");

/// The text of a built-in template.
pub fn text(name: &str) -> Option<&'static str> {
    match name {
        "governance" => Some(GOVERNANCE),
        "architecture" => Some(ARCHITECTURE),
        _ => None,
    }
}

/// A built-in template's text and schema.
pub fn builtin(name: &str) -> Option<(&'static str, Schema)> {
    let text = text(name)?;
    Some((text, infer(&format!("builtin:{name}"), text, None)))
}
