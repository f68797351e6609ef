//! Findings about those who wait or break, where nobody does: on tables that the same file has made, which nobody uses yet,
//! and on views and functions that it drops to make them again.
//!
//! squawk asks that as well, but only of `CREATE TABLE (…)`, only inside of a transaction, and not in all of its rules.

use squawk_linter::Violation;
use trueup_sql::{Ground, Script, grounds, made_again};

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

/// Rules about what is dropped and may be made again.
const ABOUT_DROPPED: [&str; 4] =
    ["ban-drop-function", "ban-drop-policy", "ban-drop-trigger", "ban-drop-view"];

/// A statement of a file: where it begins and ends, what it is on, and whether it drops what comes back.
struct Known {
    start: usize,
    end: usize,
    ground: Ground,
    made_again: bool,
}

/// The statements of a file.
pub(crate) struct NewTables(Vec<Known>);

impl NewTables {
    pub(crate) fn of(text: &str) -> NewTables {
        let script = Script::read(text);
        let spans = script.statements.iter().map(|statement| statement.span.range());
        let each = spans.zip(grounds(text, &script)).zip(made_again(text, &script));
        let known = each.map(|((range, ground), made_again)| Known {
            start: range.start,
            end: range.end,
            ground,
            made_again,
        });
        NewTables(known.collect())
    }

    /// Whether a finding is about others, and there are none.
    pub(crate) fn excuse(&self, violation: &Violation) -> bool {
        let code = violation.code.to_string();
        let Some(known) = self.at(usize::from(violation.text_range.start())) else { return false };
        if ABOUT_DROPPED.contains(&code.as_str()) {
            return known.made_again;
        }
        ABOUT_OTHERS.contains(&code.as_str())
            && match known.ground {
                Ground::Empty => true,
                // Its rows are looked at under a lock on the table that the key leads to.
                Ground::Filled => code != "adding-foreign-key-constraint",
                Ground::Old => false,
            }
    }

    fn at(&self, place: usize) -> Option<&Known> {
        let at = self.0.partition_point(|known| known.start <= place);
        self.0.get(at.checked_sub(1)?).filter(|known| place <= known.end)
    }
}
