/// Something in the code that is spelt much like what was looked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate<'a> {
    /// It.
    pub name: &'a str,
    /// How alike, from 0 to 1.
    pub likeness: f64,
}

/// The name most like the one looked for, if any is at least 0.8 alike (Jaro-Winkler, without regard
/// to case and to `-`, `_` and `.`); ties go to the first in the order of the alphabet.
pub fn closest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<Candidate<'a>> {
    const LEAST: f64 = 0.8;
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', '.'], " ");
    let wanted = plain(name);
    let letters = Letters::of(&wanted);
    let mut best: Option<Candidate<'a>> = None;
    for other in among.filter(|other| *other != name) {
        // Names of very different length are never that much alike.
        if other.len().abs_diff(name.len()) > name.len().max(other.len()) / 2 {
            continue;
        }
        let other_plain = plain(other);
        // Comparing two names in full costs the product of their lengths.
        let at_least = best.as_ref().map_or(LEAST, |b| b.likeness);
        if letters.most_alike(&Letters::of(&other_plain)) < at_least {
            continue;
        }
        let likeness = strsim::jaro_winkler(&wanted, &other_plain);
        let better =
            best.as_ref().is_none_or(|b| likeness > b.likeness || likeness >= b.likeness && other < b.name);
        if likeness >= LEAST && better {
            best = Some(Candidate { name: other, likeness });
        }
    }
    best
}

/// How often each letter stands in a name; letters beyond ASCII that share a place are counted together,
/// which makes two names look more alike and never less.
struct Letters {
    counts: [u16; 128],
    length: usize,
}

impl Letters {
    fn of(name: &str) -> Letters {
        let mut letters = Letters { counts: [0; 128], length: 0 };
        for c in name.chars() {
            if let Some(count) = letters.counts.get_mut(c as usize % 128) {
                *count = count.saturating_add(1);
            }
            letters.length += 1;
        }
        letters
    }

    /// No less than the likeness of the two names (Jaro-Winkler): as if all letters that both have stood in
    /// the same order, and the first four were the same.
    fn most_alike(&self, other: &Letters) -> f64 {
        let shared: usize = self.counts.iter().zip(&other.counts).map(|(a, b)| usize::from(*a.min(b))).sum();
        if self.length == 0 || other.length == 0 || self.length.max(other.length) > usize::from(u16::MAX) {
            return 1.0;
        }
        let shared = shared as f64;
        let jaro = (shared / self.length as f64 + shared / other.length as f64 + 1.0) / 3.0;
        // A little more than it comes to, so that rounding hides nothing.
        jaro + 0.4 * (1.0 - jaro) + 1e-9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_never_hide_what_is_alike() {
        let names = [
            "orders.order.created",
            "order-created",
            "créée",
            "créé",
            "a",
            "",
            "ab",
            "ba",
            "zażółć",
            "zolc",
            "MARTHA",
            "MARHTA",
        ];
        for a in names {
            for b in names {
                let most = Letters::of(a).most_alike(&Letters::of(b));
                assert!(most >= strsim::jaro_winkler(a, b), "{a} {b}");
            }
        }
    }

    #[test]
    fn spelling_is_compared_without_separators() {
        let names = ["orders.order.created", "orders.order.removed", "x"];
        let found = closest("orders.order_created", names.into_iter());
        assert_eq!(found.map(|c| c.name), Some("orders.order.created"));
        assert_eq!(closest("billing.invoice.paid", names.into_iter()), None);
    }
}
