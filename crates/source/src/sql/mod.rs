//! SQL: what the statements of a file do to tables.

pub(crate) mod embedded;
mod lexer;
#[cfg(test)]
mod tests;

use crate::languages::LanguageReader;
use crate::steps::{TableChange, TableStep};
use crate::{FileFacts, Options, SourceFile};
use lexer::{Sort, Token};
use trueup_codebase::Column;

/// Reads files of SQL.
pub(crate) struct SqlReader;

impl LanguageReader for SqlReader {
    fn may_hold(&self, file: &SourceFile<'_>, _: &Options) -> bool {
        // The way back is no step forward.
        let undoes = file.name() == "down.sql" || file.name().ends_with(".down.sql");
        !undoes && file.has_any(&["TABLE", "table", "Table", "sp_rename"])
    }

    fn read(&self, file: &SourceFile<'_>, _: &Options, out: &mut FileFacts) {
        let tokens = lexer::read(file.text);
        let mut reading = Reading { file, tokens: &tokens, out: &mut out.table_steps };
        reading.all();
    }
}

/// Words that begin a constraint or an option, not a column.
const CONSTRAINTS: [&str; 17] = [
    "primary",
    "unique",
    "constraint",
    "foreign",
    "check",
    "index",
    "exclude",
    "like",
    "partition",
    "fulltext",
    "spatial",
    "period",
    "projection",
    "foreign_key",
    "inherits",
    "supplemental",
    "key",
];

struct Reading<'a> {
    file: &'a SourceFile<'a>,
    tokens: &'a [Token<'a>],
    out: &'a mut Vec<TableStep>,
}

/// A name and where it stands.
struct Name {
    name: String,
    at: usize,
}

impl Reading<'_> {
    fn all(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            let next = match self.tokens.get(at).filter(|t| t.sort == Sort::Word) {
                Some(token) if token.text.eq_ignore_ascii_case("create") => self.create(at + 1),
                Some(token) if token.text.eq_ignore_ascii_case("alter") => self.alter(at + 1),
                Some(token) if token.text.eq_ignore_ascii_case("drop") => self.drop(at + 1),
                Some(token) if token.text.eq_ignore_ascii_case("rename") => self.rename_tables(at + 1),
                Some(token) if token.text.eq_ignore_ascii_case("sp_rename") => self.sp_rename(at + 1),
                _ => at + 1,
            };
            at = next.max(at + 1);
        }
    }

    fn word(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|t| t.sort == Sort::Word && t.text.eq_ignore_ascii_case(word))
    }

    fn any_word(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.word(at, word))
    }

    fn mark(&self, at: usize, mark: &str) -> bool {
        self.tokens.get(at).is_some_and(|t| t.sort == Sort::Mark && t.text == mark)
    }

    fn skip(&self, mut at: usize, words: &[&str]) -> usize {
        while self.any_word(at, words) {
            at += 1;
        }
        at
    }

    /// The last part of a name (`shop.orders`), and where it ends.
    fn name(&self, mut at: usize) -> Option<(Name, usize)> {
        loop {
            let token = self.tokens.get(at).filter(|t| matches!(t.sort, Sort::Word | Sort::Quoted))?;
            if self.mark(at + 1, ".") {
                at += 2;
                continue;
            }
            // Without quotes capitals say nothing.
            let plain = token.sort == Sort::Word && !token.text.bytes().any(|b| b.is_ascii_lowercase());
            let name = if plain { token.text.to_lowercase() } else { token.text.to_owned() };
            return (!name.is_empty()).then_some((Name { name, at }, at + 1));
        }
    }

    fn step(&mut self, table: &Name, change: TableChange) {
        let Some(token) = self.tokens.get(table.at) else { return };
        let place = self.file.place(token.start..token.end);
        self.out.push(TableStep { table: table.name.clone(), change, source: "SQL", place });
    }

    /// The end of the brackets that open at a token.
    fn close(&self, open: usize) -> usize {
        let mut depth = 0usize;
        let mut at = open;
        while at < self.tokens.len() {
            if self.mark(at, "(") {
                depth += 1;
            } else if self.mark(at, ")") {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            } else if self.mark(at, ";") {
                // A bracket that never closes ends with its statement.
                return at;
            }
            at += 1;
        }
        at
    }

    /// The parts between commas in a range, without those in brackets.
    fn parts(&self, range: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
        let (mut out, mut start, mut depth) = (Vec::new(), range.start, 0usize);
        for at in range.clone() {
            if self.mark(at, "(") {
                depth += 1;
            } else if self.mark(at, ")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && self.mark(at, ",") {
                out.push(start..at);
                start = at + 1;
            }
        }
        if start < range.end {
            out.push(start..range.end);
        }
        out
    }

    fn create(&mut self, at: usize) -> usize {
        let table = self.skip(
            at,
            &["or", "replace", "unlogged", "global", "local", "external", "virtual", "row", "column"],
        );
        if self.any_word(table, &["temp", "temporary"]) {
            return table + 2;
        }
        if !self.word(table, "table") {
            return at;
        }
        let Some((name, mut next)) = self.name(self.skip(table + 1, &["if", "not", "exists"])) else {
            return table;
        };
        // `#name` and `@name` of SQL Server are for the moment; a part of a table is no table.
        if self.any_word(next, &["partition"]) {
            return next;
        }
        let mut columns = Vec::new();
        let mut complete = self.mark(next, "(");
        if complete {
            let close = self.close(next);
            let parts = self.parts(next + 1..close);
            complete = !parts.iter().any(|part| self.word(part.start, "like"));
            columns.extend(parts.into_iter().filter_map(|part| self.column(part)));
            next = close + 1;
        }
        let end = self.statement_end(next);
        complete &= !(next..end).any(|at| self.any_word(at, &["as", "select", "inherits", "like"]));
        self.step(&name, TableChange::Create { columns, complete });
        next
    }

    fn statement_end(&self, from: usize) -> usize {
        (from..self.tokens.len())
            .take(200)
            .find(|at| self.mark(*at, ";") || self.any_word(*at, &["create", "go"]))
            .unwrap_or(from)
    }

    fn column(&self, part: std::ops::Range<usize>) -> Option<Column> {
        let token = self.tokens.get(part.start).filter(|_| !part.is_empty())?;
        let is_constraint =
            token.sort == Sort::Word && CONSTRAINTS.iter().any(|word| token.text.eq_ignore_ascii_case(word));
        // `key text` is a column, `key (a, b)` is none.
        let is_key_column = self.word(part.start, "key")
            && self.tokens.get(part.start + 1).is_some_and(|t| t.sort == Sort::Word)
            && part.len() > 1
            && !self.mark(part.start + 2, "(");
        if is_constraint && !is_key_column || matches!(token.sort, Sort::Text | Sort::Mark) {
            return None;
        }
        let (name, next) = self.name(part.start).filter(|(name, _)| name.at == part.start)?;
        Some(Column {
            name: name.name,
            kind: self.kind(next, part.end),
            place: self.file.place(token.start..token.end),
        })
    }

    /// The type of a column: what stands before its first constraint.
    fn kind(&self, from: usize, end: usize) -> String {
        const BEHIND: [&str; 20] = [
            "not",
            "null",
            "default",
            "primary",
            "unique",
            "references",
            "check",
            "constraint",
            "generated",
            "auto_increment",
            "autoincrement",
            "identity",
            "collate",
            "comment",
            "first",
            "after",
            "on",
            "charset",
            "encode",
            "using",
        ];
        let mut stop = from;
        while stop < end && !self.any_word(stop, &BEHIND) && !self.mark(stop, ";") {
            stop += 1;
        }
        let first = self.tokens.get(from).filter(|_| stop > from);
        let last = stop.checked_sub(1).and_then(|last| self.tokens.get(last));
        match (first, last) {
            (Some(first), Some(last)) => {
                let text = self.file.text.get(first.start..last.end).unwrap_or("");
                let lines = text.lines().map(|line| line.split("--").next().unwrap_or(line));
                lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        }
    }

    fn alter(&mut self, at: usize) -> usize {
        let table = self.skip(at, &["foreign", "external"]);
        if !self.word(table, "table") {
            return at;
        }
        let Some((name, next)) = self.name(self.skip(table + 1, &["if", "exists", "only"])) else {
            return table;
        };
        let next = next + usize::from(self.mark(next, "*"));
        let mut end = next;
        let mut depth = 0usize;
        // A statement without `;` ends where the next one begins.
        while end < self.tokens.len() && !self.mark(end, ";") {
            if self.mark(end, "(") {
                depth += 1;
            } else if self.mark(end, ")") {
                depth = depth.saturating_sub(1);
            }
            let begins = self.any_word(end, &["alter", "create"])
                && self.any_word(end + 1, &["table", "index"])
                || self.word(end, "go") && !self.mark(end + 1, ",");
            if depth == 0 && end > next && begins {
                break;
            }
            end += 1;
        }
        let mut last = "";
        for part in self.parts(next..end) {
            last = self.action(&name, part, last);
        }
        end
    }

    /// One action of `ALTER TABLE`; `last` is the word of the one before, which SQL Server and Oracle
    /// let stand for the next ones (`ADD a int, b int`).
    fn action(&mut self, table: &Name, part: std::ops::Range<usize>, last: &'static str) -> &'static str {
        let start = part.start;
        if self.word(start, "add") || last == "add" && !self.any_word(start, &ACTIONS) {
            let from = start + usize::from(self.word(start, "add"));
            let from = self.skip(from, &["column", "if", "not", "exists", "columns"]);
            let parts = match self.mark(from, "(") {
                true => self.parts(from + 1..self.close(from).min(part.end)),
                false => std::iter::once(from..part.end).collect(),
            };
            for part in parts {
                if let Some(column) = self.column(part) {
                    self.step(table, TableChange::AddColumn(column));
                }
            }
            return "add";
        }
        if self.word(start, "drop") || last == "drop" && !self.any_word(start, &ACTIONS) {
            self.drop_columns(table, part, self.word(start, "drop"));
            return "drop";
        }
        if self.word(start, "rename") {
            self.rename(table, start + 1);
        } else if self.word(start, "change") {
            // MySQL's `CHANGE COLUMN before after type`.
            let from = self.skip(start + 1, &["column"]);
            if let Some((before, next)) = self.name(from)
                && let Some((after, _)) = self.name(next)
                && before.name != after.name
            {
                self.step(table, TableChange::RenameColumn { from: before.name, to: after.name });
            }
        }
        ""
    }

    fn drop_columns(&mut self, table: &Name, part: std::ops::Range<usize>, said: bool) {
        let named = self.word(part.start + 1, "column");
        let from = self.skip(part.start + usize::from(said), &["column", "if", "exists"]);
        let other = [
            "constraint",
            "index",
            "primary",
            "foreign",
            "key",
            "check",
            "partition",
            "default",
            "not",
            "unique",
            "identity",
            "expression",
        ];
        if !named && self.any_word(from, &other) {
            return;
        }
        let parts = match self.mark(from, "(") {
            true => self.parts(from + 1..self.close(from).min(part.end)),
            false => std::iter::once(from..part.end).collect(),
        };
        for part in parts {
            if let Some((name, _)) = self.name(part.start).filter(|(name, _)| part.contains(&name.at)) {
                self.step(table, TableChange::DropColumn(name.name));
            }
        }
    }

    /// What follows `RENAME` in `ALTER TABLE`.
    fn rename(&mut self, table: &Name, at: usize) {
        if self.any_word(at, &["to", "as"]) {
            if let Some((to, _)) = self.name(at + 1) {
                self.step(table, TableChange::Rename(to.name));
            }
            return;
        }
        if self.any_word(at, &["index", "key", "constraint"]) {
            return;
        }
        let from = self.skip(at, &["column"]);
        if let Some((before, next)) = self.name(from)
            && self.word(next, "to")
            && let Some((after, _)) = self.name(next + 1)
        {
            self.step(table, TableChange::RenameColumn { from: before.name, to: after.name });
        }
    }

    fn drop(&mut self, at: usize) -> usize {
        let table = self.skip(at, &["temporary", "foreign", "external"]);
        if !self.word(table, "table") {
            return at;
        }
        let mut next = self.skip(table + 1, &["if", "exists"]);
        while let Some((name, after)) = self.name(next) {
            self.step(&name, TableChange::Drop);
            if !self.mark(after, ",") {
                return after;
            }
            next = after + 1;
        }
        next
    }

    /// MySQL's `RENAME TABLE a TO b, c TO d`.
    fn rename_tables(&mut self, at: usize) -> usize {
        if !self.any_word(at, &["table", "tables"]) {
            return at;
        }
        let mut next = at + 1;
        while let Some((from, after)) = self.name(next).filter(|(_, after)| self.word(*after, "to")) {
            let Some((to, after)) = self.name(after + 1) else { return after };
            self.step(&from, TableChange::Rename(to.name));
            if !self.mark(after, ",") {
                return after;
            }
            next = after + 1;
        }
        next
    }

    /// SQL Server's `sp_rename 'orders.total', 'amount', 'COLUMN'`.
    fn sp_rename(&mut self, at: usize) -> usize {
        let text = |at: usize| self.tokens.get(at).filter(|t| t.sort == Sort::Text).map(|t| t.text);
        let at = at + usize::from(self.word(at, "n"));
        let (Some(from), true) = (text(at), self.mark(at + 1, ",")) else { return at };
        let second = at + 2 + usize::from(self.word(at + 2, "n"));
        let Some(to) = text(second) else { return at };
        let third = second + 2 + usize::from(self.word(second + 2, "n"));
        let what = text(third).filter(|_| self.mark(second + 1, ","));
        let bare = |text: &str| text.trim_matches(['[', ']', '"']).to_owned();
        let parts: Vec<String> = from.split('.').map(bare).collect();
        let to = bare(to);
        match (what, parts.as_slice()) {
            (Some(what), [.., table, column]) if what.eq_ignore_ascii_case("column") => {
                let table = Name { name: table.clone(), at };
                self.step(&table, TableChange::RenameColumn { from: column.clone(), to });
            }
            (None, [.., table]) => {
                let table = Name { name: table.clone(), at };
                self.step(&table, TableChange::Rename(to));
            }
            _ => {}
        }
        third
    }
}

/// Words that begin an action of `ALTER TABLE`.
const ACTIONS: [&str; 22] = [
    "add",
    "drop",
    "rename",
    "change",
    "modify",
    "alter",
    "enable",
    "disable",
    "set",
    "owner",
    "validate",
    "attach",
    "detach",
    "convert",
    "engine",
    "comment",
    "auto_increment",
    "inherit",
    "no",
    "with",
    "order",
    "algorithm",
];
