//! Users, tenants, permissions and abuse cases.

use super::reader::Reader;
use super::support::Text;

/// Who touches the work, and how it could be abused.
#[derive(Clone, Debug, Default)]
pub struct Users {
    /// Paragraphs and bullets.
    pub statements: Vec<Text>,
    /// Those that speak of tenants and row-level security.
    pub isolation: Vec<Text>,
    /// Those that speak of abuse.
    pub abuse: Vec<Text>,
}

/// Reads the section about users and tenants.
pub(crate) fn read(_reader: &Reader<'_>) -> Users {
    Users::default()
}
