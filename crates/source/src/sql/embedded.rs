//! SQL in the text literals of other languages: the tables that a program makes by itself.

use super::{Reading, lexer};
use crate::tokens::{Sort, Tokens};
use crate::{SourceFile, TableChange, TableStep};

/// Adds the tables that texts of a file of code make, and the columns that they add. Which of the texts
/// are run, and when, is not known: so nothing is taken away, and no table is known whole.
pub(crate) fn read(
    file: &SourceFile<'_>,
    tokens: &Tokens<'_>,
    counts: impl Fn(usize) -> bool,
    out: &mut Vec<TableStep>,
) {
    if !may_hold(file) {
        return;
    }
    for at in tokens.all() {
        let is_text = tokens.get(at).is_some_and(|token| token.sort == Sort::Text);
        if is_text && says_table(tokens.text(at)) && counts(at) {
            one(file, tokens.literal_range(at), out);
        }
    }
}

/// Whether a file of code may hold SQL that makes a table.
pub(crate) fn may_hold(file: &SourceFile<'_>) -> bool {
    file.has_any(&["CREATE TABLE", "create table", "ADD COLUMN", "add column"])
}

fn says_table(text: &str) -> bool {
    ["CREATE TABLE", "create table", "ALTER TABLE", "alter table"].iter().any(|words| text.contains(words))
}

fn one(file: &SourceFile<'_>, range: std::ops::Range<usize>, out: &mut Vec<TableStep>) {
    let Some(text) = file.text.get(range.clone()) else { return };
    let mut tokens = lexer::read(text);
    for token in &mut tokens {
        (token.start, token.end) = (token.start + range.start, token.end + range.start);
    }
    let mut steps = Vec::new();
    Reading { file, tokens: &tokens, out: &mut steps }.all();
    // A table that the same text takes away again is for the moment: a copy on the way to another form.
    let gone = |step: &TableStep| matches!(step.change, TableChange::Drop | TableChange::Rename(_));
    let for_the_moment: Vec<String> =
        steps.iter().filter(|step| gone(step)).map(|step| step.table.clone()).collect();
    for mut step in steps {
        // A name that ends so is put together with another text.
        let whole = !step.table.ends_with('_') && !for_the_moment.contains(&step.table);
        match &mut step.change {
            TableChange::Create { complete, .. } if whole => *complete = false,
            TableChange::AddColumn(_) if whole => {}
            _ => continue,
        }
        out.push(step);
    }
}
