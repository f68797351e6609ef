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
    let wanted = plain(name);
    let letters = Letters::of(name);
    let mut best: Option<Candidate<'a>> = None;
    for other in among.filter(|other| *other != name) {
        // Names of very different length are never that much alike.
        if other.len().abs_diff(name.len()) > name.len().max(other.len()) / 2 {
            continue;
        }
        // Comparing two names in full costs the product of their lengths.
        let at_least = best.as_ref().map_or(LEAST, |b| b.likeness);
        if letters.most_alike(&Letters::of(other)) < at_least {
            continue;
        }
        let likeness = likeness(&wanted, plain(other));
        let better =
            best.as_ref().is_none_or(|b| likeness > b.likeness || likeness >= b.likeness && other < b.name);
        if likeness >= LEAST && better {
            best = Some(Candidate { name: other, likeness });
        }
    }
    best
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(SEPARATORS, " ")
}

const SEPARATORS: [char; 3] = ['-', '_', '.'];

fn likeness(wanted: &str, other: String) -> f64 {
    match wanted.is_ascii() && other.is_ascii() {
        // One byte a letter: there is no need to take letters apart again and again.
        true => strsim::generic_jaro_winkler(&wanted.as_bytes().to_vec(), &other.into_bytes()),
        false => strsim::jaro_winkler(wanted, &other),
    }
}

/// How often each letter stands in a name as it is compared; letters beyond ASCII that share a place are
/// counted together, which makes two names look more alike and never less.
struct Letters {
    counts: [u8; 128],
    length: usize,
    /// The letters in front, as they are counted.
    front: [u8; FRONT],
}

/// Letters in front that add to the likeness where they are the same.
const FRONT: usize = 4;

impl Letters {
    fn of(name: &str) -> Letters {
        let mut letters = Letters { counts: [0; 128], length: 0, front: [0; FRONT] };
        match name.is_ascii() {
            true => name.bytes().for_each(|byte| letters.add(byte.to_ascii_lowercase())),
            false => plain(name).chars().for_each(|c| letters.add((c as u32 % 128) as u8)),
        }
        letters
    }

    fn add(&mut self, letter: u8) {
        let letter = if matches!(letter, b'-' | b'_' | b'.') { b' ' } else { letter };
        if let Some(count) = self.counts.get_mut(usize::from(letter)) {
            *count = count.saturating_add(1);
        }
        if let Some(place) = self.front.get_mut(self.length) {
            *place = letter;
        }
        self.length += 1;
    }

    /// No less than the likeness of the two names (Jaro-Winkler): as if all letters that both have stood in
    /// the same order.
    fn most_alike(&self, other: &Letters) -> f64 {
        // Beyond that letters are no longer counted.
        if self.length == 0 || other.length == 0 || self.length.max(other.length) > usize::from(u8::MAX) {
            return 1.0;
        }
        let shared: u16 = self.counts.iter().zip(&other.counts).map(|(a, b)| u16::from(*a.min(b))).sum();
        let shared = f64::from(shared);
        let jaro = (shared / self.length as f64 + shared / other.length as f64 + 1.0) / 3.0;
        let same = self.front.iter().zip(&other.front).take_while(|(a, b)| a == b).count();
        // A little more than it comes to, so that rounding hides nothing.
        jaro + 0.1 * same as f64 * (1.0 - jaro) + 1e-9
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
                let real = strsim::jaro_winkler(&plain(a), &plain(b));
                assert!(most >= real, "{a} {b}");
                assert!((likeness(&plain(a), plain(b)) - real).abs() < f64::EPSILON, "{a} {b}");
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
