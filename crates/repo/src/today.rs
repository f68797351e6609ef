//! The day of the check.

use jiff::tz::TimeZone;
use std::path::Path;
use std::{env, fs};
use trueup_model::{Date, find_dates};

/// The environment variable that sets the day of the check, as `YYYY-MM-DD`, so that a run can be
/// repeated on another day with the same findings. Unset or empty: the day in the local time zone.
pub const TODAY_VARIABLE: &str = "TRUEUP_TODAY";

/// Where Unix systems keep their time zones.
const ZONES: &str = "/usr/share/zoneinfo";

/// The variable `TRUEUP_TODAY` is set to something that is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the variable {TODAY_VARIABLE} is `{value}`, which is no day; write YYYY-MM-DD or unset it")]
pub struct BadToday {
    /// What it is set to.
    pub value: String,
}

/// The day of the check: what `TRUEUP_TODAY` says, else today in the local time zone (the `TZ`
/// variable or the system's setting; UTC where neither is known).
pub fn today() -> Result<Date, BadToday> {
    match env::var_os(TODAY_VARIABLE) {
        Some(value) if !value.is_empty() => stated(&value.to_string_lossy()),
        _ => Ok(local_day()),
    }
}

fn stated(value: &str) -> Result<Date, BadToday> {
    let trimmed = value.trim();
    match find_dates(trimmed).as_slice() {
        [only] if only.start == 0 && only.end == trimmed.len() => only.date,
        _ => None,
    }
    .ok_or_else(|| BadToday { value: value.to_owned() })
}

fn local_day() -> Date {
    let zone = TimeZone::try_system().ok().or_else(named_zone).unwrap_or(TimeZone::UTC);
    let day = jiff::Timestamp::now().to_zoned(zone).date();
    // Each part fits: the calendar of jiff has months 1 to 12 and days 1 to 31, and no clock that
    // runs shows a year before Christ.
    Date { year: day.year().unsigned_abs(), month: day.month().unsigned_abs(), day: day.day().unsigned_abs() }
}

/// The zone that `TZ` names, as `Europe/Warsaw`. Jiff would find it with its feature `tzdb-zoneinfo`,
/// but lists every zone of the system first, which takes 2 to 5 ms of the 25 ms that a run has.
fn named_zone() -> Option<TimeZone> {
    let name = env::var("TZ").ok()?;
    let name = name.strip_prefix(':').unwrap_or(&name);
    let data = fs::read(Path::new(ZONES).join(name)).ok()?;
    TimeZone::tzif(name, &data).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_existing_day_is_taken() {
        assert_eq!(stated("2026-02-28"), Ok(Date { year: 2026, month: 2, day: 28 }));
        assert_eq!(stated(" 2026-02-28\n").ok(), Date::new(2026, 2, 28));
        for wrong in ["2026-02-30", "tomorrow", "2026-02-28T10:00", "x 2026-02-28", "2026-02-28 2026-03-01"] {
            assert_eq!(stated(wrong), Err(BadToday { value: wrong.to_owned() }));
        }
    }

    #[test]
    fn the_error_says_what_to_do() {
        let told = stated("soon").unwrap_err().to_string();
        assert_eq!(
            told,
            "the variable TRUEUP_TODAY is `soon`, which is no day; write YYYY-MM-DD or unset it"
        );
    }

    #[test]
    fn the_clock_gives_a_day_that_exists() {
        let day = local_day();
        assert_eq!(Date::new(day.year, day.month, day.day), Some(day));
        assert!(day.year >= 2025);
    }
}
