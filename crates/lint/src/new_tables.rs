//! Findings about those who wait or break, on tables that the same file has made: nobody uses these yet.
//!
//! squawk asks that as well, but only of `CREATE TABLE (…)`, only inside of a transaction, and not in all of its rules.

use squawk_linter::Violation;
use trueup_sql::{Ground, Script, grounds};

/// Rules about locks on tables that others use, and about versions of an application that go on using them.
const ABOUT_OTHERS: [&str; 15] = [
    "adding-field-with-default",
    "adding-foreign-key-constraint",
    "adding-not-nullable-field",
    "adding-required-field",
    "adding-serial-primary-key-field",
    "ban-disable-trigger",
    "ban-drop-column",
    "ban-drop-constraint",
    "ban-drop-default",
    "ban-drop-not-null",
    "changing-column-type",
    "constraint-missing-not-valid",
    "disallowed-unique-constraint",
    "renaming-column",
    "require-concurrent-index-creation",
];

/// Where the statements of a file begin and end, and what they are on.
pub(crate) struct NewTables(Vec<(usize, usize, Ground)>);

impl NewTables {
    pub(crate) fn of(text: &str) -> NewTables {
        let script = Script::read(text);
        let spans = script.statements.iter().map(|statement| statement.span.range());
        let each = spans.zip(grounds(text, &script));
        NewTables(each.map(|(range, ground)| (range.start, range.end, ground)).collect())
    }

    /// Whether a finding is about others, and there are none.
    pub(crate) fn excuse(&self, violation: &Violation) -> bool {
        let code = violation.code.to_string();
        if !ABOUT_OTHERS.contains(&code.as_str()) {
            return false;
        }
        let place = usize::from(violation.text_range.start());
        let at = self.0.partition_point(|(start, _, _)| *start <= place);
        let found = at.checked_sub(1).and_then(|at| self.0.get(at)).filter(|(_, end, _)| place <= *end);
        match found.map_or(Ground::Old, |(_, _, ground)| *ground) {
            Ground::Empty => true,
            // Its rows are looked at under a lock on the table that the key leads to.
            Ground::Filled => code != "adding-foreign-key-constraint",
            Ground::Old => false,
        }
    }
}
