//! Places in a chain.

/// A whole number of any length, without zeros in front. Longer ones are larger, so that the order of the fields is
/// the order of the numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Number {
    length: usize,
    digits: String,
}

impl Number {
    /// The number that these digits write; nothing else counts.
    pub fn of(digits: &str) -> Number {
        let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0').to_owned();
        Number { length: digits.len(), digits }
    }

    /// Its value, where that is small enough.
    pub fn value(&self) -> Option<u64> {
        if self.digits.is_empty() { Some(0) } else { self.digits.parse().ok() }
    }
}

/// The place of a migration in its chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Order {
    /// What is repeatable runs behind all that has a version.
    pub repeatable: bool,
    /// The parts of the version: `1.2` has two. Zeros at the end do not count.
    pub version: Vec<Number>,
    /// A baseline stands in for all that is not newer (Flyway).
    pub baseline: bool,
    /// The name, where the version says nothing.
    pub name: String,
}

impl Order {
    /// The place of a version whose parts are separated by anything that is no digit.
    pub fn of_version(version: &str) -> Order {
        let parts = version.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let mut parts: Vec<Number> = parts.map(Number::of).collect();
        while parts.len() > 1 && parts.last().is_some_and(|last| last.value() == Some(0)) {
            parts.pop();
        }
        Order { version: parts, ..Order::default() }
    }
}
