//! The order of dated entries, shared by the rules for version histories and for changelogs.

use super::date_span;
use trueup_finding::{FileCx, Report, Sink};
use trueup_markdown::{Kind, SectionId};
use trueup_model::{ChangeEntry, Date, Spec};

/// What a list of entries is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Log {
    /// "Version history", "Revision history".
    History,
    /// "Changelog" and everything else.
    Changelog,
}

/// Reports every entry of one sort of log that stands out of order.
pub(super) fn check_logs(cx: &FileCx<'_>, log: Log, out: &mut Sink) {
    for spec in cx.specs {
        for run in runs(cx, spec) {
            if run.log != log || run.entries.len() < 2 {
                continue;
            }
            out.looked_at(run.entries.len());
            judge(cx, log, &run.entries, out);
        }
    }
}

/// Entries that stand together: in one section, in one list or table or each under a heading.
struct Run<'s> {
    log: Log,
    place: (Option<SectionId>, u32, bool),
    entries: Vec<(&'s ChangeEntry, Date)>,
}

fn runs<'s>(cx: &FileCx<'_>, spec: &'s Spec) -> Vec<Run<'s>> {
    let mut out: Vec<Run<'s>> = Vec::new();
    let dated = spec.facts.changelog.iter().filter_map(|entry| Some((entry, entry.date?)));
    for (entry, date) in dated {
        let place = place_of(cx, entry);
        match out.iter_mut().rev().take(2).find(|run| run.place == place) {
            Some(run) => run.entries.push((entry, date)),
            None => out.push(Run { log: log_of(cx, entry), place, entries: vec![(entry, date)] }),
        }
    }
    out
}

/// The section that an entry stands in, and which list or table there; 0 for entries that are headings or
/// paragraphs of their own.
/// Reviews ("Review — 2026-03-02") stand below what they reviewed and are an order of their own.
fn place_of(cx: &FileCx<'_>, entry: &ChangeEntry) -> (Option<SectionId>, u32, bool) {
    let document = cx.document;
    let review = entry.label.trim_start().to_lowercase().starts_with("review");
    let at = cx.section_at(entry.span.start);
    let is_heading = at.is_some_and(|id| document.section(id).title_span.start == entry.span.start);
    if is_heading {
        return (at.and_then(|id| document.section(id).parent), 0, review);
    }
    let blocks = at.map(|id| document.section(id).blocks(document).collect::<Vec<_>>()).unwrap_or_default();
    let block = blocks.into_iter().find(|block| document.span(*block).contains(entry.span));
    let listed = block.filter(|b| matches!(document.kind(*b), Kind::List { .. } | Kind::Table));
    (at, listed.map_or(0, |block| document.span(block).start + 1), review)
}

fn log_of(cx: &FileCx<'_>, entry: &ChangeEntry) -> Log {
    let document = cx.document;
    let above = std::iter::successors(cx.section_at(entry.span.start), |id| document.section(*id).parent);
    // Nobody nests deeper than six levels.
    let named = above.take(8).find_map(|id| {
        let title = &document.section(id).normal.core;
        let kind = trueup_template::kind_of_title(title)?;
        (kind == "changelog").then(|| title.contains("history"))
    });
    if named.unwrap_or(false) { Log::History } else { Log::Changelog }
}

fn judge(cx: &FileCx<'_>, log: Log, entries: &[(&ChangeEntry, Date)], out: &mut Sink) {
    let dates: Vec<Date> = entries.iter().map(|(_, date)| *date).collect();
    let rising = longest(&dates, false);
    let falling = longest(&dates, true);
    let down = match falling.len().cmp(&rising.len()) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => dates.first() > dates.last(),
    };
    let kept = if down { falling } else { rising };
    let way = if down { "from new to old" } else { "from old to new" };
    for at in (0..entries.len()).filter(|at| kept.binary_search(at).is_err()) {
        let (entry, date) = entries[at];
        let near = kept.iter().rfind(|k| **k < at && wrong(dates[**k], date, down));
        let near = near.or_else(|| kept.iter().find(|k| **k > at && wrong(date, dates[**k], down)));
        let what = match log {
            Log::History => "version history",
            Log::Changelog => "changelog",
        };
        let mut report = Report::new(
            date_span(cx, entry),
            format!("the entry of {date} stands out of order: the {what} goes {way}"),
        )
        .hint("move it to its place, or correct its date")
        .subject(format!("entry {date} {}", entry.label));
        if let Some((other, day)) = near.and_then(|k| entries.get(*k)) {
            let side = if other.span.start < entry.span.start { "above" } else { "below" };
            report = report.related(cx.path, date_span(cx, other), format!("{side} it stands {day}"));
        }
        out.push(report);
    }
}

/// Whether two dates, the first above the second, contradict an order.
fn wrong(above: Date, below: Date, down: bool) -> bool {
    if down { above < below } else { above > below }
}

/// The places of the longest run of dates that never falls, or never rises, entries between them left out.
fn longest(dates: &[Date], down: bool) -> Vec<usize> {
    if down {
        return falling(dates);
    }
    let turned: Vec<Date> = dates.iter().rev().copied().collect();
    falling(&turned).into_iter().rev().map(|at| dates.len() - 1 - at).collect()
}

/// Patience sorting: for every length the run that ends with the latest day. So of two entries that could be
/// the wrong one it is the earlier day: the year before in January is the commonest slip.
fn falling(dates: &[Date]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(dates.len());
    for (at, date) in dates.iter().enumerate() {
        let length = ends.partition_point(|end| dates[*end] >= *date);
        before.push(length.checked_sub(1).map(|l| ends[l]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut out: Vec<usize> =
        std::iter::successors(ends.last().copied(), |at| before.get(*at).copied().flatten()).collect();
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_order_is_kept() {
        let day = |d: u8| Date { year: 2026, month: 1, day: d };
        let dates = |days: &[u8]| days.iter().map(|d| day(*d)).collect::<Vec<_>>();
        assert_eq!(longest(&dates(&[1, 2, 2, 3]), false), [0, 1, 2, 3]);
        assert_eq!(longest(&dates(&[1, 9, 2, 3]), false), [0, 2, 3]);
        assert_eq!(longest(&dates(&[9, 8, 10, 7]), true), [0, 1, 3]);
        assert_eq!(longest(&dates(&[5, 1, 8]), false), [0, 2]);
        assert_eq!(longest(&dates(&[9, 3, 5, 2]), true), [0, 2, 3]);
        assert_eq!(longest(&dates(&[]), true), Vec::<usize>::new());
    }
}
