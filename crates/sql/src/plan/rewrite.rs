//! Statements of which one does what two phases should, in the form in which each phase has its part.
//!
//! The forms are those of PostgreSQL's documentation (`ALTER TABLE`, notes on `NOT VALID`; `CREATE INDEX`, "Building
//! Indexes Concurrently").

use super::pieces::{Part, Piece, Source, words_of};
use super::temporary::is_own;
use crate::alone::runs_alone;
use crate::effect::{Action, Effect, Phase, effects};
use crate::tokens::{Cursor, Sort, Token, tokens};

/// The pieces of a file, in order, each in its phase.
pub(super) fn pieces(source: &Source<'_>, version: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut last = Phase::Expand;
    let mut temporary: Vec<String> = Vec::new();
    for (index, part) in source.parts.iter().enumerate() {
        let later = source.parts.get(index + 1..).unwrap_or(&[]);
        let mut made = rewritten(part, later, version).unwrap_or_else(|| vec![verbatim(part)]);
        if let Some(first) = made.first_mut()
            && !part.comments.is_empty()
        {
            first.text = format!("{}\n{}", part.comments, first.text);
        }
        temporary.extend(crate::phases::temporary(part.statement, &part.phased.effects));
        for piece in &mut made {
            // Where it stands in the end, its use tells.
            if piece.phase == Phase::None && temporary.iter().any(|name| is_own(piece, name)) {
                piece.phase = Phase::Expand;
                continue;
            }
            // What is of no phase (a comment, ANALYZE) goes with what stands before it.
            piece.phase = if piece.phase == Phase::None { last } else { piece.phase };
            last = piece.phase;
        }
        out.extend(made);
    }
    out
}

fn verbatim(part: &Part<'_>) -> Piece {
    let closed = part.whole.len() > part.statement.len();
    Piece {
        from: part.at,
        line: part.line,
        phase: part.phased.phase,
        text: if closed { part.whole.to_owned() } else { format!("{};", part.statement) },
        alone: runs_alone(part.statement).is_some(),
        effects: part.phased.effects.clone(),
        words: words_of(part.statement),
        note: None,
        verbatim: true,
        unfinished: false,
    }
}

/// A piece with a text of its own.
fn piece(part: &Part<'_>, phase: Phase, statement: &str) -> Piece {
    let mut effects = effects(statement);
    effects.iter_mut().for_each(|effect| effect.phase = phase);
    Piece {
        from: part.at,
        line: part.line,
        phase,
        text: format!("{statement};"),
        alone: runs_alone(statement).is_some(),
        effects,
        words: words_of(statement),
        note: None,
        verbatim: false,
        unfinished: false,
    }
}

fn rewritten(part: &Part<'_>, later: &[Part<'_>], version: &str) -> Option<Vec<Piece>> {
    let tokens = tokens(part.statement);
    let mut cursor = Cursor { rest: &tokens };
    if cursor.take("CREATE") {
        return index(part, &tokens);
    }
    if !cursor.take("ALTER TABLE") {
        return None;
    }
    cursor.take("IF EXISTS");
    cursor.take("ONLY");
    let table = cursor.name()?;
    let first = cursor.rest.first()?;
    let head = part.statement.get(..first.start)?.trim_end();
    let actions = cursor.at_commas();
    // One effect for each action, or their phases are not known one by one.
    if actions.len() != part.phased.effects.len() {
        return None;
    }
    let table = Table { part, later, head, name: &table, version };
    let each = || actions.iter().zip(&part.phased.effects);
    let made: Vec<Option<Vec<Piece>>> = each().map(|(action, effect)| table.action(action, effect)).collect();
    let mixed = part.phased.phases().len() > 1;
    if !mixed && made.iter().all(Option::is_none) {
        return None;
    }
    let parts = made.into_iter().zip(each()).flat_map(|(pieces, (action, effect))| {
        pieces.unwrap_or_else(|| vec![piece(part, effect.phase, &table.with(table.text(action)))])
    });
    Some(parts.collect())
}

/// `CREATE INDEX` keeps writers out for as long as it takes, and `CONCURRENTLY` does not.
fn index(part: &Part<'_>, tokens: &[Token<'_>]) -> Option<Vec<Piece>> {
    let mut cursor = Cursor { rest: tokens.get(1..)? };
    cursor.take("UNIQUE");
    if !cursor.take("INDEX") || cursor.take("CONCURRENTLY") {
        return None;
    }
    let effect = part.phased.effects.first()?;
    // On a table that the same file makes nobody waits.
    if !part.of_old {
        return None;
    }
    let keyword = tokens.iter().find(|token| token.is("INDEX"))?;
    let (before, after) = part.statement.split_at_checked(keyword.start + keyword.text.len())?;
    let mut made = piece(part, effect.phase, &format!("{before} CONCURRENTLY{after}"));
    made.note = Some(format!(
        "line {}: CONCURRENTLY is not possible on a partitioned table, where each partition needs an index first; after a \
         failure drop the invalid index before the next try",
        part.line
    ));
    Some(vec![made])
}

/// `ALTER TABLE` of one table.
struct Table<'a, 't> {
    part: &'a Part<'t>,
    later: &'a [Part<'t>],
    /// The statement up to its first action.
    head: &'a str,
    name: &'a str,
    version: &'a str,
}

impl Table<'_, '_> {
    fn with(&self, action: &str) -> String {
        format!("{} {action}", self.head)
    }

    /// The text of an action.
    fn text(&self, action: &[Token<'_>]) -> &str {
        let end = action.last().map_or(0, |last| last.start + last.text.len());
        let start = action.first().map_or(0, |first| first.start);
        self.part.statement.get(start..end).unwrap_or("")
    }

    fn piece(&self, phase: Phase, action: &str) -> Piece {
        piece(self.part, phase, &self.with(action))
    }

    /// The pieces that take the place of an action, if it has to be taken apart.
    fn action(&self, action: &[Token<'_>], effect: &Effect) -> Option<Vec<Piece>> {
        if effect.phase != Phase::Contract {
            return None;
        }
        match (effect.kind.as_str(), effect.what) {
            ("column", "ADD COLUMN … NOT NULL without a default") => self.needed_column(action, effect),
            ("column", "SET NOT NULL") => Some(self.not_null(&column_name(action)?)),
            ("constraint", "ADD CONSTRAINT") if effect.action == Action::Create => self.constraint(action),
            _ => None,
        }
    }

    fn needed_column(&self, action: &[Token<'_>], effect: &Effect) -> Option<Vec<Piece>> {
        let primary = Cursor { rest: action }.has("PRIMARY KEY");
        let pair = action.windows(2).find(|pair| {
            matches!(pair, [not, null] if not.is("NOT") && null.is("NULL") && not.depth == action.first().map_or(0, |t| t.depth))
        });
        let ([not, null], false) = (pair?, primary) else { return None };
        let text = self.text(action);
        let start = action.first()?.start;
        let before = text.get(..not.start - start)?.trim_end();
        let after = text.get(null.start + null.text.len() - start..)?;
        let column = column_name(action)?;
        let mut out = vec![self.piece(Phase::Expand, &format!("{before}{after}"))];
        if !self.filled_later(&effect.name) {
            out.push(self.backfill(&column));
        }
        out.extend(self.not_null(&column));
        Some(out)
    }

    /// Whether a later statement of the file fills a column.
    fn filled_later(&self, column: &str) -> bool {
        self.later.iter().any(|part| {
            let of_table = |effect: &Effect| {
                effect.kind == "row"
                    && matches!(effect.what, "UPDATE" | "MERGE")
                    && effect.table.as_deref().is_some_and(|table| crate::phases::same(table, self.name))
            };
            part.phased.effects.iter().any(of_table)
                && words_of(part.statement).binary_search(&column.to_lowercase()).is_ok()
        })
    }

    /// A place that somebody has to fill in; it fails until that is done.
    fn backfill(&self, column: &str) -> Piece {
        let table = self.table_text();
        let message =
            format!("this file is unfinished: nothing fills {column} of {table} yet").replace('\'', "''");
        let text = format!(
            "-- Fill {column} for the rows that are there. Nobody but you knows with what, so this fails until the block\n\
             -- is replaced by something like: UPDATE {table} SET {column} = … WHERE {column} IS NULL\n\
             DO $unfinished$ BEGIN\n    RAISE EXCEPTION USING MESSAGE = '{message}';\nEND $unfinished$"
        );
        let mut made = piece(self.part, Phase::Migrate, &text);
        made.unfinished = true;
        made.note = Some(format!("line {}: write how {column} of {table} is filled", self.part.line));
        made
    }

    /// A piece that adds a constraint if it is not there, so that the file can run again, and at the head as well.
    fn unless_there(&self, phase: Phase, name: &str, action: &str) -> Piece {
        let text = |name: &str| format!("'{}'", name.replace('\'', "''"));
        let plain = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let plain = plain.map_or_else(|| name.to_lowercase(), |inner| inner.replace("\"\"", "\""));
        let block = format!(
            "DO $unless$ BEGIN\n    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = {}::regclass AND conname = {}) \
             THEN\n        {};\n    END IF;\nEND $unless$",
            text(&self.table_text()),
            text(&plain),
            self.with(action)
        );
        let mut made = piece(self.part, phase, &block);
        made.alone = false;
        made
    }

    /// The table as the statement writes it.
    fn table_text(&self) -> String {
        let tokens = tokens(self.head);
        let skipped = ["ALTER", "TABLE", "IF", "EXISTS", "ONLY"];
        let name = tokens.iter().skip_while(|token| skipped.iter().any(|word| token.is(word)));
        name.filter(|token| !token.is_sign("*")).map(|token| token.text).collect()
    }

    /// A check that is validated beforehand spares `SET NOT NULL` the look at every row under its lock.
    fn not_null(&self, column: &str) -> Vec<Piece> {
        let check = quoted(&[last(self.name), column.trim_matches('"'), "not_null"]);
        let actions = [
            format!("DROP CONSTRAINT IF EXISTS {check}"),
            format!("ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"),
            format!("VALIDATE CONSTRAINT {check}"),
            format!("ALTER COLUMN {column} SET NOT NULL"),
            format!("DROP CONSTRAINT {check}"),
        ];
        actions.iter().map(|action| self.piece(Phase::Contract, action)).collect()
    }

    fn constraint(&self, action: &[Token<'_>]) -> Option<Vec<Piece>> {
        let mut cursor = Cursor { rest: action };
        let start = cursor.rest;
        let named = if cursor.take("ADD CONSTRAINT") {
            let name = cursor.rest.first()?.text.to_owned();
            cursor.rest = cursor.rest.get(1..)?;
            Some(name)
        } else {
            cursor.take("ADD");
            None
        };
        let definition = cursor.rest;
        let columns = columns(definition);
        if cursor.take("FOREIGN KEY") || cursor.take("CHECK") {
            let foreign = start.iter().any(|token| token.is("FOREIGN"));
            let end = if foreign { "fkey" } else { "check" };
            let middle = if foreign { columns.join("_") } else { self.version.to_owned() };
            let name = named.unwrap_or_else(|| quoted(&[last(self.name), &middle, end]));
            let text = self.text(definition);
            return Some(vec![
                self.unless_there(Phase::Expand, &name, &format!("ADD CONSTRAINT {name} {text} NOT VALID")),
                self.piece(Phase::Migrate, &format!("VALIDATE CONSTRAINT {name}")),
            ]);
        }
        let (kind, end) = match () {
            () if cursor.take("UNIQUE") => ("UNIQUE", "key"),
            () if cursor.take("PRIMARY KEY") => ("PRIMARY KEY", "pkey"),
            () => return None,
        };
        // Anything behind the columns (INCLUDE, DEFERRABLE) has its own place in the two statements.
        let closes = cursor.rest.iter().position(|token| token.is_sign(")"))?;
        if closes + 1 != cursor.rest.len() || !cursor.rest.first()?.is_sign("(") {
            return None;
        }
        let middle = if end == "key" { columns.join("_") } else { String::new() };
        let name = named.unwrap_or_else(|| quoted(&[last(self.name), &middle, end]));
        let on = self.table_text();
        let list = self.text(cursor.rest);
        let index = format!("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {on} {list}");
        let mut index = piece(self.part, Phase::Contract, &index);
        index.note = Some(format!(
            "line {}: after a failure drop the invalid index {name} before the next try, for IF NOT EXISTS would keep it",
            self.part.line
        ));
        let constraint = format!("ADD CONSTRAINT {name} {kind} USING INDEX {name}");
        Some(vec![index, self.unless_there(Phase::Contract, &name, &constraint)])
    }
}

/// The column of `ADD COLUMN IF NOT EXISTS a …` or `ALTER COLUMN a …`, as it is written.
fn column_name(action: &[Token<'_>]) -> Option<String> {
    let mut cursor = Cursor { rest: action };
    cursor.take_any(&["ADD", "ALTER"]);
    cursor.take("COLUMN");
    cursor.take("IF NOT EXISTS");
    cursor.rest.first().map(|token| token.text.to_owned())
}

/// The names in the first brackets.
fn columns(definition: &[Token<'_>]) -> Vec<String> {
    let inner = definition.iter().skip_while(|token| !token.is_sign("(")).skip(1);
    let names =
        inner.take_while(|token| !token.is_sign(")")).filter(|token| !matches!(token.sort, Sort::Sign));
    names.map(|token| token.text.trim_matches('"').to_owned()).collect()
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A name from its parts, in quotes where it needs them. The server cuts names at 63 bytes, so longer ones are cut here.
fn quoted(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    let mut name = parts.join("_");
    while name.len() > 63 {
        name.pop();
    }
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain { name } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}
