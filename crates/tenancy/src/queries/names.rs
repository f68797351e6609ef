//! The columns of what stands behind FROM, by name.

use super::analysis::{Reader, Scope, Source, renamed};
use super::graph::From;

impl Reader<'_> {
    /// What stands last, and the columns that it has in common with what stands before it.
    pub(super) fn natural(&self, scope: &Scope, before: usize) -> (String, Vec<String>) {
        let Some(((name, right), left)) = scope.sources.split_last() else { return Default::default() };
        let mut columns = self.columns_of(right);
        let left = left.get(before..).unwrap_or(&[]);
        columns.retain(|column| left.iter().any(|(_, source)| self.has(source, column) == Some(true)));
        (name.clone(), columns)
    }

    /// The columns of something, where all of them are known.
    fn columns_of(&self, source: &Source) -> Vec<String> {
        match source {
            Source::Table(at) => self.uses.get(*at).map(|used| (self.columns)(used)).unwrap_or_default(),
            Source::Derived(columns) => columns.iter().map(|(name, _)| name.clone()).collect(),
            Source::Opaque => Vec::new(),
        }
    }

    /// A table or a query whose columns get other names, from the left.
    pub(super) fn with_names(&self, source: Source, names: &[String]) -> Source {
        if names.is_empty() {
            return source;
        }
        match source {
            Source::Table(at) => {
                let own = self.columns_of(&Source::Table(at));
                let one = |name: String| (name.clone(), vec![From::Column((at, name))]);
                match own.is_empty() {
                    true => Source::Table(at),
                    false => Source::Derived(renamed(own.into_iter().map(one).collect(), names)),
                }
            }
            Source::Derived(columns) => Source::Derived(renamed(columns, names)),
            Source::Opaque => Source::Opaque,
        }
    }
}
