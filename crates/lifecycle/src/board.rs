//! Where each spec stands: its state, for how long, and what keeps it from going on.

use crate::action::Gate;
use crate::gate::{gate_options, judge};
use rayon::prelude::*;
use trueup_engine::{FileRole, Workspace};
use trueup_finding::Registry;
use trueup_model::{Date, HeaderPlace, State, StateSource, base_name, glance};
use trueup_repo::Git;

/// A spec on the board.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    /// Its file, from the root.
    pub path: String,
    /// Its ID, else the name of its file.
    pub name: String,
    /// Its title without the ID.
    pub title: String,
    /// Its state.
    pub state: State,
    /// The word that says so; none where nothing does.
    pub word: Option<String>,
    /// Since when it is in that state, as far as that is known.
    pub since: Option<Date>,
    /// What says so.
    pub since_from: SinceFrom,
    /// Days since then.
    pub days: Option<i32>,
    /// Its owner, as the header has it.
    pub owner: Option<String>,
    /// What keeps it from the next state; none where nobody looked.
    pub blockers: Option<Vec<String>>,
}

/// What the age of a state was read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SinceFrom {
    /// An entry of the version history.
    History,
    /// The day on which the spec was created.
    Created,
    /// The last commit of its file.
    Git,
    /// Nothing.
    Nothing,
}

impl SinceFrom {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            SinceFrom::History => "history",
            SinceFrom::Created => "created",
            SinceFrom::Git => "git",
            SinceFrom::Nothing => "nothing",
        }
    }
}

/// All specs of a repository.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Board {
    /// All specs: by state, the longest in it first.
    pub cards: Vec<Card>,
}

/// Reads the beginnings and the histories of all specs; no spec is read whole.
pub fn board(workspace: &Workspace) -> Board {
    let heads = workspace.corpus.heads();
    let mut cards: Vec<Card> = heads
        .par_iter()
        .filter_map(|head| match workspace.role(&head.path) {
            FileRole::Spec(set) => card(workspace, set, &head.path),
            _ => None,
        })
        .collect();
    from_git(workspace, &mut cards);
    for card in &mut cards {
        card.days = match (workspace.world.today, card.since) {
            (Some(today), Some(since)) => Some(days(today) - days(since)),
            _ => None,
        };
    }
    cards.sort_by(|a, b| (a.state, b.days, &a.path).cmp(&(b.state, a.days, &b.path)));
    Board { cards }
}

fn card(workspace: &Workspace, set: usize, path: &str) -> Option<Card> {
    let head = workspace.corpus.head(path)?;
    let of = workspace.sets.get(set)?;
    let sidecar = workspace.sidecar(set, path);
    let seen = glance(path, &head.text, &of.schema, &of.settings, sidecar.as_ref());
    if seen.state.moved {
        return None;
    }
    let name = match &head.file_id {
        Some(id) => id.text.clone(),
        None => stem(path).to_owned(),
    };
    let (since, since_from) = match (seen.since, seen.created) {
        (Some(day), _) => (Some(day), SinceFrom::History),
        (None, Some(day)) => (Some(day), SinceFrom::Created),
        (None, None) => (None, SinceFrom::Nothing),
    };
    let owner = seen.header.iter().find(|f| {
        f.place != HeaderPlace::Sidecar
            && matches!(f.normal.as_str(), "owner" | "owners" | "author" | "authors")
    });
    let title = seen.title.trim();
    let title = match title.strip_prefix(name.as_str()) {
        Some(rest) => rest.trim_start_matches([':', '—', '–', '-', ' ']),
        None => title,
    };
    Some(Card {
        path: path.to_owned(),
        title: title.to_owned(),
        state: seen.state.state,
        word: seen.state.text.filter(|_| seen.state.source == StateSource::Header),
        since,
        since_from,
        days: None,
        owner: owner.map(|f| f.field.value.trim().to_owned()).filter(|o| !o.is_empty()),
        blockers: None,
        name,
    })
}

fn stem(path: &str) -> &str {
    let name = base_name(path);
    match name.to_lowercase().as_str() {
        "readme.md" => base_name(trueup_model::folder_of(path)),
        _ => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
    }
}

/// Where nothing in a spec tells a day, the last commit of its file does: one git process for all of them.
fn from_git(workspace: &Workspace, cards: &mut [Card]) {
    if cards.iter().all(|card| card.since.is_some()) {
        return;
    }
    let Some(git) = Git::open(&workspace.root) else { return };
    let Ok(history) = git.history(&trueup_repo::HistoryOptions::default()) else { return };
    for card in cards.iter_mut().filter(|card| card.since.is_none()) {
        let Some(time) = history.last_change(&card.path).map(|commit| commit.time) else { continue };
        card.since = date_of(time);
        card.since_from = if card.since.is_some() { SinceFrom::Git } else { SinceFrom::Nothing };
    }
}

/// The day, in UTC, of a number of seconds since 1970.
fn date_of(seconds: i64) -> Option<Date> {
    let shifted = seconds.div_euclid(86_400) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// The number of a day, counted from a fixed one.
fn days(date: Date) -> i32 {
    let (year, month) = (i32::from(date.year), i32::from(date.month));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + i32::from(date.day)
}

/// Asks the gate that each of these specs comes to next. Reads them whole, so ask for those that are shown.
pub fn look_for_blockers(workspace: &Workspace, registry: &Registry, cards: &mut [Card]) {
    for gate in [Gate::Submit, Gate::Accept, Gate::Implement] {
        let of = |card: &&mut Card| Gate::next_of(card.state) == Some(gate);
        let paths: Vec<String> = cards.iter_mut().filter(of).map(|card| card.path.clone()).collect();
        if paths.is_empty() {
            continue;
        }
        let report = workspace.check(registry, &gate_options(gate, paths));
        for card in cards.iter_mut().filter(of) {
            let judged = judge(workspace, &card.path, gate, false, &report.findings);
            card.blockers =
                judged.map(|judged| judged.reasons.into_iter().map(|reason| reason.what).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_days() {
        for (seconds, day) in [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_780_315_200, "2026-06-01")]
        {
            assert_eq!(date_of(seconds).map(|d| d.to_string()).as_deref(), Some(day));
        }
        let day = |y, m, d| Date::new(y, m, d).map(days).unwrap_or_default();
        assert_eq!(day(2026, 3, 1) - day(2026, 2, 28), 1);
    }
}
