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
    let mut best: Option<Candidate<'a>> = None;
    for other in among.filter(|other| *other != name) {
        // Names of very different length are never that much alike.
        if other.len().abs_diff(name.len()) > name.len().max(other.len()) / 2 {
            continue;
        }
        let likeness = strsim::jaro_winkler(&wanted, &plain(other));
        let better =
            best.as_ref().is_none_or(|b| likeness > b.likeness || likeness >= b.likeness && other < b.name);
        if likeness >= LEAST && better {
            best = Some(Candidate { name: other, likeness });
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_compared_without_separators() {
        let names = ["orders.order.created", "orders.order.removed", "x"];
        let found = closest("orders.order_created", names.into_iter());
        assert_eq!(found.map(|c| c.name), Some("orders.order.created"));
        assert_eq!(closest("billing.invoice.paid", names.into_iter()), None);
    }
}
