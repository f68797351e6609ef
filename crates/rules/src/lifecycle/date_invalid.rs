use super::dates::{Place, dates_of};
use super::file_span;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};

declare_rule! {
    DATE_INVALID = "date-invalid" in "lifecycle", page "date_invalid.md",
    "a date names a day that is not in the calendar",
    Specs, Levels::ERROR, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (index, spec) in cx.specs.iter().enumerate() {
        let mut places = 0;
        dates_of(cx, spec, index == 0, &mut |at| {
            places += 1;
            if at.date.is_some() || !is_this_era(at.written) {
                return;
            }
            let why = why_not(at.written);
            let report = match at.place {
                Place::FileName => Report::new(
                    file_span(cx),
                    format!("the file's name carries `{}`, which is no day: {why}", at.written),
                )
                .subject(at.written)
                .hint("rename the file, and point the links to it to the new name"),
                Place::Field(field) => Report::new(
                    at.span,
                    format!("`{}` of `{}` is no day: {why}", at.written, field.field.key),
                )
                .hint("write the day that is meant as YYYY-MM-DD"),
                Place::Title(_) | Place::Entry => {
                    Report::new(at.span, format!("`{}` is no day: {why}", at.written))
                        .hint("write the day that is meant as YYYY-MM-DD")
                }
            };
            out.push(if at.in_sidecar() { report.in_sidecar() } else { report });
        });
        out.looked_at(places);
    }
}

/// Other numbers in groups of four, two and two are no dates at all.
fn is_this_era(written: &str) -> bool {
    written.starts_with("19") || written.starts_with("20")
}

fn why_not(written: &str) -> String {
    let numbers: Vec<u32> =
        written.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    let [year, month, day] = numbers.as_slice() else { return "there is no such day".to_owned() };
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let Some(name) = month.checked_sub(1).and_then(|i| MONTHS.get(i as usize)) else {
        return format!("there is no month {month:02}");
    };
    match (day, month) {
        (0, _) => "there is no day 00".to_owned(),
        (_, 2) => format!("{name} {year} has no day {day}"),
        _ => format!("{name} has no day {day}"),
    }
}
