//! Several values in one place: rows of VALUES, lists.

use super::analysis::{Context, Edges, Reader, Source, folded, folded_last, renamed};
use super::exprs::{bare, value};
use super::graph::From;
use sqlparser::ast::{Expr, TableAlias, TableFactor, Value};
use std::collections::BTreeSet;

/// What several values are as one: nothing where one of them is not known.
pub(super) fn alike(values: impl Iterator<Item = Option<From>>) -> Option<From> {
    let distinct: BTreeSet<From> = values.collect::<Option<_>>()?;
    let texts: Option<Vec<&str>> = distinct.iter().map(text).collect();
    match (distinct.len(), texts) {
        (0, _) => None,
        (1, _) => distinct.into_iter().next(),
        // Columns: which row has which is not known.
        (_, None) => None,
        (_, Some(texts)) => {
            let some = texts.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            let literals: BTreeSet<&str> = texts.iter().filter_map(|text| literal(text)).collect();
            let differs =
                literals.len() > 1 || distinct.iter().any(|from| matches!(from, From::Differing(_)));
            Some(if differs { From::Differing(some) } else { From::Several(some) })
        }
    }
}

fn text(from: &From) -> Option<&str> {
    match from {
        From::Value(text) | From::Several(text) | From::Differing(text) => Some(text),
        From::Column(_) => None,
    }
}

/// What a literal stands for, quoted or not; nothing where it is no literal.
pub(super) fn literal(text: &str) -> Option<&str> {
    if text.parse::<f64>().is_ok() {
        return Some(text);
    }
    text.strip_prefix('\'')?.strip_suffix('\'').filter(|inner| !inner.contains('\''))
}

impl Reader<'_> {
    /// What `IN (…)` holds: a column that gets one value from each of the list.
    pub(super) fn listed<'q>(
        &mut self,
        expr: &'q Expr,
        list: &'q [Expr],
        context: &Context<'q>,
        level: u32,
    ) -> Edges {
        self.inside(expr, context);
        list.iter().for_each(|item| self.inside(item, context));
        let mut out = Vec::new();
        let (columns, rows): (&[Expr], bool) = match bare(expr) {
            Expr::Tuple(columns) => (columns, true),
            _ => (std::slice::from_ref(expr), false),
        };
        for (at, column) in columns.iter().enumerate() {
            let item = |item: &Expr| match (bare(item), rows) {
                (Expr::Tuple(row), true) => self.only(row.get(at)?, context),
                (_, true) => None,
                (_, false) => self.only(item, context),
            };
            // Different values in a plain list are there to be several.
            let one = alike(list.iter().map(item))
                .filter(|from| rows || matches!(from, From::Value(_) | From::Column(_)));
            let column = self.from(column, context);
            out.extend(self.equal(column.as_deref(), one.as_ref().map(std::slice::from_ref), level));
        }
        out
    }

    fn only(&self, expr: &Expr, context: &Context<'_>) -> Option<From> {
        match self.from(expr, context)?.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }

    /// What `= ANY (…)` holds.
    pub(super) fn any<'q>(
        &mut self,
        left: &'q Expr,
        right: &'q Expr,
        context: &Context<'q>,
        level: u32,
    ) -> Edges {
        let array = bare(right);
        if let Expr::Array(array) = array {
            return self.listed(left, &array.elem, context, level);
        }
        self.inside(left, context);
        self.inside(right, context);
        let from = match array {
            Expr::Value(quoted) => match &quoted.value {
                Value::SingleQuotedString(text) => single(text),
                _ => value(array).map(several),
            },
            _ => value(array).map(several),
        };
        let column = self.from(left, context);
        self.equal(column.as_deref(), from.as_ref().map(std::slice::from_ref), level)
    }

    /// What rows of VALUES give, column by column.
    pub(super) fn rows(&self, rows: &[&Vec<Expr>], context: &Context<'_>) -> Vec<Option<From>> {
        let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let at =
            |at: usize| alike(rows.iter().map(|row| self.from(row.get(at)?, context)?.into_iter().next()));
        (0..width).map(at).collect()
    }
}

/// The element of an array in quotes that has one.
fn single(text: &str) -> Option<From> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?.trim().trim_matches('"');
    let plain = !inner.is_empty() && !inner.contains([',', '"', '{', '\\', '\'']);
    let null = inner.eq_ignore_ascii_case("null");
    (plain && !null).then(|| match inner.parse::<f64>() {
        Ok(_) => From::Value(inner.to_owned()),
        Err(_) => From::Value(format!("'{inner}'")),
    })
}

/// A list that is given as a whole.
fn several(from: From) -> From {
    match from {
        From::Value(text) => From::Several(text),
        other => other,
    }
}

/// What a function behind FROM gives, where it is made of nothing but what the statement is given.
pub(super) fn function(factor: &TableFactor) -> Source {
    let (alias, arrays) = match factor {
        TableFactor::UNNEST { alias, array_exprs, .. } => (alias, Some(array_exprs)),
        TableFactor::Function { alias, .. } | TableFactor::Table { alias, args: Some(_), .. } => {
            (alias, None)
        }
        _ => return Source::Opaque,
    };
    let names = columns_of_alias(alias.as_ref());
    let given: Vec<Vec<From>> = match (arrays, factor) {
        (Some(arrays), _) => {
            let one = |array: &Expr| value(array).map(several).into_iter().collect();
            let mut given: Vec<Vec<From>> = arrays.iter().map(one).collect();
            given.resize(names.len().max(given.len()), Vec::new());
            given
        }
        (None, TableFactor::Function { name, .. } | TableFactor::Table { name, .. }) if !names.is_empty() => {
            let text = format!("{}(…)", folded_last(name).unwrap_or_default());
            vec![vec![From::Several(text)]; names.len()]
        }
        _ => return Source::Opaque,
    };
    let own = alias.as_ref().map_or_else(|| "unnest".to_owned(), |alias| folded(&alias.name));
    let columns = given.into_iter().map(|from| (own.clone(), from)).collect();
    Source::Derived(renamed(columns, &names))
}

/// The names that an alias gives to columns.
pub(super) fn columns_of_alias(alias: Option<&TableAlias>) -> Vec<String> {
    alias.iter().flat_map(|alias| &alias.columns).map(|column| folded(&column.name)).collect()
}
