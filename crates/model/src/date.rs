use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

impl Date {
    /// A date, if there is such a day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Date { year, month, day })
    }

    /// Days from another date to this one; negative where this one is earlier.
    pub fn days_since(self, other: Date) -> i64 {
        self.number() - other.number()
    }

    /// Days since a fixed day (H. Hinnant's `days_from_civil`): the year begins in March, so that the leap
    /// day is its last.
    fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let month = (month + 9) % 12;
        year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + day
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Something of the form `YYYY-MM-DD` in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DateMatch {
    /// First byte in the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The day, if there is such a day.
    pub date: Option<Date>,
}

/// Everything of the form `YYYY-MM-DD` (RFC 3339 full-date); any Unicode hyphen may stand between.
pub fn find_dates(text: &str) -> Vec<DateMatch> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(found) = next_date(text, from) {
        from = found.end;
        out.push(found);
    }
    out
}

fn next_date(text: &str, from: usize) -> Option<DateMatch> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at + 10 <= bytes.len() {
        let starts = bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        if starts && let Some(found) = date_at(text, at) {
            return Some(found);
        }
        at += 1;
    }
    None
}

fn date_at(text: &str, start: usize) -> Option<DateMatch> {
    let mut at = start;
    let year = digits(text, &mut at, 4)?;
    hyphen(text, &mut at)?;
    let month = digits(text, &mut at, 2)?;
    hyphen(text, &mut at)?;
    let day = digits(text, &mut at, 2)?;
    if text.as_bytes().get(at).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some(DateMatch { start, end: at, date: Date::new(year, month as u8, day as u8) })
}

fn digits(text: &str, at: &mut usize, count: usize) -> Option<u16> {
    let part = text.get(*at..*at + count)?;
    if !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    *at += count;
    part.parse().ok()
}

fn hyphen(text: &str, at: &mut usize) -> Option<()> {
    let c = text.get(*at..)?.chars().next()?;
    matches!(c, '-' | '\u{2010}' | '\u{2011}').then(|| *at += c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_dates_and_tells_impossible_ones() {
        let found = find_dates("Created 2026-02-30, accepted 2026‑03‑01 (not 12026-01-01 or 2026-01-011)");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].date, None);
        assert_eq!(found[1].date, Date::new(2026, 3, 1));
    }
    #[test]
    fn days_are_counted() {
        let day = |y, m, d| Date::new(y, m, d).expect("a day");
        assert_eq!(day(2026, 3, 1).days_since(day(2026, 2, 28)), 1);
        assert_eq!(day(2024, 3, 1).days_since(day(2024, 2, 28)), 2);
        assert_eq!(day(2026, 12, 31).days_since(day(2027, 1, 1)), -1);
        assert_eq!(day(2000, 12, 31).days_since(day(1999, 12, 31)), 366);
        assert_eq!(day(2026, 8, 8).days_since(day(1970, 1, 1)), 20673);
    }
}
