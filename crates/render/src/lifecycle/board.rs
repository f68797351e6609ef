use super::{cut, padded};
use crate::palette::Palette;
use crate::words::count;
use trueup_lifecycle::{Board, Card};
use trueup_model::State;
use unicode_width::UnicodeWidthStr;

/// How to write the board.
#[derive(Clone, Copy, Debug, Default)]
pub struct BoardTextOptions {
    /// In colour.
    pub color: bool,
    /// Columns of the terminal; 100 where there is none.
    pub width: Option<usize>,
    /// Rows of a state; all where absent.
    pub rows: Option<usize>,
}

/// Columns below which what blocks a spec stands on a line of its own.
const NARROW: usize = 90;
/// The longest name that has its column; a longer one is cut.
const LONGEST_NAME: usize = 34;

/// The board: counts for all states, then the specs of the states that are asked for.
pub fn board_text(board: &Board, states: &[State], options: &BoardTextOptions) -> String {
    let palette = Palette::new(options.color);
    let width = options.width.unwrap_or(100).clamp(30, 160);
    let mut out = counts(board, width, &palette);
    for state in states {
        let cards: Vec<&Card> = board.cards.iter().filter(|card| card.state == *state).collect();
        if cards.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{}{}{}\n", palette.bold, state.name(), palette.reset));
        let shown = options.rows.unwrap_or(cards.len());
        let rows: Vec<&Card> = cards.iter().take(shown).copied().collect();
        let names = rows.iter().map(|card| card.name.width()).max().unwrap_or(0);
        let name_width = names.min(LONGEST_NAME).min(width / 3).max(8);
        for card in rows {
            row(card, name_width, width, &palette, &mut out);
        }
        if cards.len() > shown {
            out.push_str(&format!(
                "  {}… and {} (`trueup status --state {}`){}\n",
                palette.frame,
                count(cards.len() - shown, "more", "more"),
                state.key(),
                palette.reset
            ));
        }
    }
    out
}

/// How many specs stand where, on as many lines as the terminal needs.
fn counts(board: &Board, width: usize, palette: &Palette) -> String {
    let mut line = String::new();
    let mut out = String::new();
    for state in State::ALL {
        let number = board.cards.iter().filter(|card| card.state == state).count();
        if number == 0 {
            continue;
        }
        let part = format!("{number} {}", state.name());
        if !line.is_empty() && line.width() + part.width() + 3 > width {
            out.push_str(line.trim_end());
            out.push('\n');
            line.clear();
        }
        if !line.is_empty() {
            line.push_str("   ");
        }
        line.push_str(&part);
    }
    out.push_str(&line);
    format!("{}{out}{}\n", palette.bold, palette.reset)
}

fn row(card: &Card, name_width: usize, width: usize, palette: &Palette, out: &mut String) {
    let name = padded(&cut(&card.name, name_width), name_width);
    let age = card.days.map_or("?".to_owned(), age);
    let head = format!("  {name}  {age:>6}  ");
    let rest = width.saturating_sub(head.width());
    let blocked = blocked(card);
    if width < NARROW {
        out.push_str(&format!("{head}{}\n", cut(&card.title, rest)));
        if let Some(blocked) = blocked {
            out.push_str(&format!("    {}{}{}\n", palette.warning, cut(&blocked, width - 4), palette.reset));
        }
        return;
    }
    let title_width = rest * 2 / 5;
    let title = padded(&cut(&card.title, title_width), title_width);
    let blocked = cut(&blocked.unwrap_or_default(), rest.saturating_sub(title_width + 2));
    let line = format!("{head}{title}  {}{blocked}{}", palette.warning, palette.reset);
    out.push_str(line.trim_end());
    out.push('\n');
}

/// What keeps a spec from going on, how many reasons and the first.
fn blocked(card: &Card) -> Option<String> {
    let blockers = card.blockers.as_ref()?;
    match blockers.as_slice() {
        [] => Some("ready for the next step".to_owned()),
        [only] => Some(only.clone()),
        // The number first, so that it is not what is cut off.
        [first, rest @ ..] => Some(format!("({}) {first}", rest.len() + 1)),
    }
}

/// Days as people say them.
fn age(days: i32) -> String {
    match days {
        i32::MIN..0 => "0 d".to_owned(),
        0..60 => format!("{days} d"),
        60..730 => format!("{} mo", days / 30),
        _ => format!("{} y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_lifecycle::SinceFrom;

    fn card(name: &str, state: State, days: i32, blockers: Option<Vec<&str>>) -> Card {
        Card {
            path: format!("specs/{name}.md"),
            name: name.to_owned(),
            title: "Order returns and what becomes of the money — an overview of everything".to_owned(),
            state,
            word: None,
            since: None,
            since_from: SinceFrom::History,
            days: Some(days),
            owner: None,
            blockers: blockers.map(|list| list.into_iter().map(str::to_owned).collect()),
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let cards = vec![
            card(
                "SPEC-001",
                State::Draft,
                3,
                Some(vec!["the question “who pays for the way back?” is open", "b"]),
            ),
            card("2026-01-02-a-very-long-name-that-goes-on-and-on-返品", State::InReview, 900, Some(vec![])),
            card("SPEC-003", State::Implemented, 70, None),
        ];
        let board = Board { cards };
        for width in [30, 40, 60, 89, 90, 120, 160] {
            let options = BoardTextOptions { width: Some(width), ..BoardTextOptions::default() };
            let text = board_text(&board, &State::ALL, &options);
            for line in text.lines() {
                assert!(line.width() <= width, "{width}: {} {line}", line.width());
            }
        }
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let mut one = card("SPEC-001", State::Draft, 3, Some(vec!["asks \u{1b}[31mred"]));
        one.title = "Pays\u{1b}[2J\u{202e} once".to_owned();
        let board = Board { cards: vec![one] };
        for width in [60, 120] {
            let options = BoardTextOptions { width: Some(width), ..BoardTextOptions::default() };
            let text = board_text(&board, &State::ALL, &options);
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        }
    }

    #[test]
    fn rows_are_limited_and_counted() {
        let cards = (0..5).map(|n| card(&format!("SPEC-{n}"), State::Draft, n, None)).collect();
        let options = BoardTextOptions { rows: Some(2), ..BoardTextOptions::default() };
        let text = board_text(&Board { cards }, &[State::Draft], &options);
        assert!(text.starts_with("5 Draft\n"), "{text}");
        assert!(text.contains("… and 3 more (`trueup status --state draft`)"), "{text}");
    }
}
