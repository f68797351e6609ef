//! Feature flags.

use super::reader::Reader;
use super::support::Text;
use crate::date::Date;
use trueup_text::Span;

/// A flag's default.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlagDefault {
    /// Off.
    Off,
    /// On.
    On,
}

/// A feature flag: the template's six keys. A value that was left as a placeholder is none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Flag {
    /// Its name.
    pub name: Option<Text>,
    /// Who owns it.
    pub owner: Option<Text>,
    /// Its default as written.
    pub default_text: Option<Text>,
    /// Its default, where it is ON or OFF.
    pub default: Option<FlagDefault>,
    /// What the kill switch does.
    pub kill_switch: Option<Text>,
    /// When it is to be removed, as written.
    pub removal: Option<Text>,
    /// The day on which it is to be removed.
    pub removal_date: Option<Date>,
    /// Who gets it first: tenants, per cent.
    pub cohort: Option<Text>,
    /// Its first line.
    pub span: Span,
}

/// Reads the flags.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<Flag> {
    Vec::new()
}
