//! Smoke checks, events and metrics to watch, the deploy marker.

use super::item::Item;
use super::reader::Reader;
use super::support::Text;
use trueup_text::Span;

/// An event or a metric to watch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Metric {
    /// Its name, where it has one (`order_returned`).
    pub name: Option<String>,
    /// The attributes that it carries (`tenant_id`).
    pub attributes: Vec<String>,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// How the work is watched.
#[derive(Clone, Debug, Default)]
pub struct Observability {
    /// Smoke checks after deploy.
    pub smoke: Vec<Item>,
    /// Events and metrics.
    pub metrics: Vec<Metric>,
    /// The deploy marker.
    pub marker: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

/// Reads the observability section.
pub(crate) fn read(_reader: &Reader<'_>) -> Observability {
    Observability::default()
}
