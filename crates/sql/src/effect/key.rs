//! Columns: those that an index or a constraint binds, and those that a table is made with.

use crate::tokens::{Cursor, Token};

/// What is unique, or refers to another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// Its columns; expressions are left out, since what they make of NULL is not known.
    pub columns: Vec<String>,
    /// Whether it refers to another table.
    pub refers: bool,
    /// Whether NULL is a value as any other to it.
    pub nulls_count: bool,
}

/// The key of `ON t USING btree (a, b)`; `cursor` stands behind the name of the index.
pub(super) fn of_index(mut cursor: Cursor<'_, '_>) -> Option<Key> {
    let at = cursor.rest.iter().position(|token| token.is("ON"))?;
    cursor.rest = cursor.rest.get(at + 1..)?;
    let nulls_count = cursor.has("NULLS NOT DISTINCT");
    Some(Key { columns: names(&bracketed(cursor)?), refers: false, nulls_count })
}

/// The key of `UNIQUE (a)` and `FOREIGN KEY (a) REFERENCES t`; a primary key asks for more.
pub(super) fn of_constraint(mut cursor: Cursor<'_, '_>) -> Option<Key> {
    let begins = |cursor: &Cursor<'_, '_>, words: &str| Cursor { rest: cursor.rest }.take(words);
    while !begins(&cursor, "FOREIGN KEY") && !begins(&cursor, "UNIQUE") {
        // What stands in a CHECK is no key.
        if cursor.rest.first().is_none_or(|first| first.is_sign("(")) {
            return None;
        }
        cursor.rest = cursor.rest.get(1..)?;
    }
    // A key over one that is there already has no columns of its own.
    let refers = begins(&cursor, "FOREIGN KEY");
    let nulls_count = match refers {
        true => cursor.has("MATCH FULL"),
        false => cursor.has("NULLS NOT DISTINCT"),
    };
    Some(Key { columns: names(&bracketed(cursor)?), refers, nulls_count })
}

/// The columns of `(a int, b text, CHECK (a > 0))`; none where others come from elsewhere.
pub(super) fn columns_of_table(cursor: Cursor<'_, '_>) -> Option<Vec<String>> {
    let elsewhere = ["AS", "OF", "LIKE", "INHERITS", "SELECT"];
    let borrows = |token: &Token<'_>| elsewhere.iter().any(|word| token.is(word));
    let level = cursor.rest.first().map_or(0, |first| first.depth);
    if cursor.rest.iter().any(|token| token.depth == level && borrows(token)) {
        return None;
    }
    let parts = bracketed(cursor)?;
    if parts.iter().any(|part| part.first().is_some_and(|first| first.is("LIKE"))) {
        return None;
    }
    let rules = ["CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE"];
    let is_column =
        |part: &&[Token<'_>]| !part.first().is_some_and(|first| rules.iter().any(|w| first.is(w)));
    let columns = parts.into_iter().filter(is_column);
    Some(columns.filter_map(|part| Cursor { rest: part }.name()).collect())
}

/// What stands in the first round brackets, cut at its commas.
fn bracketed<'a, 't>(cursor: Cursor<'a, 't>) -> Option<Vec<&'a [Token<'t>]>> {
    let at = cursor.rest.iter().position(|token| token.is_sign("("))?;
    let depth = cursor.rest.get(at)?.depth;
    let inner = cursor.rest.get(at + 1..)?;
    let end = inner.iter().position(|token| token.is_sign(")") && token.depth == depth)?;
    Some(Cursor { rest: inner.get(..end)? }.at_commas())
}

/// The parts that are columns, and no expressions.
fn names(parts: &[&[Token<'_>]]) -> Vec<String> {
    let plain = |part: &&[Token<'_>]| !part.get(1).is_some_and(|next| next.is_sign("(") || next.is_sign("."));
    parts.iter().copied().filter(plain).filter_map(|part| Cursor { rest: part }.name()).collect()
}
