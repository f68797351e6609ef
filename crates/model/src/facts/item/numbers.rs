//! New IDs for items.

use super::ItemKind;
use crate::facts::Facts;

/// The IDs that new items of a kind get: in the form of those that are there, above all numbers in use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemNumbers {
    prefix: String,
    width: usize,
    next: u32,
}

impl ItemNumbers {
    /// The numbers behind those that a spec uses. `like` is an ID whose form the new ones take; the house's
    /// is `AC-3`.
    pub fn new(facts: &Facts, kind: ItemKind, like: Option<&str>) -> ItemNumbers {
        let (prefix, width) = match like.and_then(|id| Some((id, item_id_parts(id)?))) {
            // `FR-001` is padded, `AC-12` is not.
            Some((id, (prefix, _, width))) if id.get(prefix.len()..).is_some_and(|n| n.starts_with('0')) => {
                (prefix.to_owned(), width)
            }
            Some((_, (prefix, ..))) => (prefix.to_owned(), 1),
            None => (format!("{}-", kind.prefix()), 1),
        };
        let written = facts.items().filter(|item| item.id.written.is_some());
        let used = written.filter_map(|item| item_id_parts(&item.id.text)).filter(|(p, ..)| *p == prefix);
        let next = used.map(|(_, number, _)| number).max().unwrap_or(0) + 1;
        ItemNumbers { prefix, width, next }
    }

    /// The next free ID.
    pub fn take(&mut self) -> String {
        let id = format!("{}{:0width$}", self.prefix, self.next, width = self.width);
        self.next += 1;
        id
    }
}

/// An ID apart: what stands in front of its number, the number, and how many digits it is written with
/// (`FR-001`: `FR-`, 1, 3).
pub fn item_id_parts(id: &str) -> Option<(&str, u32, usize)> {
    let digits = id.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, number) = id.split_at(id.len() - digits);
    Some((prefix, number.parse().ok()?, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_in_the_form_of_the_others() {
        let text = "# T\n## Acceptance\n- AC-3: a\n- FR-007: b\n- AC-1: c\n";
        let facts = crate::facts::support::testing::facts_of(text, "");
        let take = |kind, like| {
            let mut numbers = ItemNumbers::new(&facts, kind, like);
            [numbers.take(), numbers.take()]
        };
        assert_eq!(take(ItemKind::Acceptance, Some("AC-1")), ["AC-4", "AC-5"]);
        assert_eq!(take(ItemKind::Acceptance, Some("FR-007")), ["FR-008", "FR-009"]);
        assert_eq!(take(ItemKind::Goal, None), ["G-1", "G-2"]);
    }
}
