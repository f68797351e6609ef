//! `trueup status`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use trueup_engine::OpenOptions;
use trueup_lifecycle::{board, look_for_blockers};
use trueup_model::State;
use trueup_render::{BoardTextOptions, board_json, board_text};

/// Rows of a state where nobody asks for more.
const ROWS: usize = 8;
/// Specs that are read whole for what blocks them, where nobody asks for more.
const LOOKED_AT: usize = 40;

/// Show where each spec stands, for how long, and what keeps it from going on
#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// Only specs in this state: draft, in-review, accepted, implemented, parked or superseded; several times for several
    #[arg(long = "state", value_name = "STATE", value_parser = state)]
    states: Vec<State>,
    /// Show all specs of every state
    #[arg(long)]
    all: bool,
    /// Look for what blocks every spec that is shown, however many they are
    #[arg(long)]
    blockers: bool,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

fn state(text: &str) -> Result<State, String> {
    State::from_key(text).ok_or_else(|| {
        let keys: Vec<&str> = State::ALL.iter().map(|state| state.key()).collect();
        format!("one of {}", keys.join(", "))
    })
}

/// Runs the command.
pub(crate) fn run(args: &Status, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let mut board = board(&workspace);
    if board.cards.is_empty() {
        return Err(Failure::new("there are no specs here").help(
            "`trueup check --explain-discovery` says why for each file; `trueup new` makes a first one",
        ));
    }
    let in_json = args.format == Format::Json;
    let states = match (args.states.is_empty(), args.all || in_json) {
        (false, _) => args.states.clone(),
        (true, true) => State::ALL.to_vec(),
        (true, false) => vec![State::Draft, State::InReview, State::Accepted],
    };
    let rows = (args.states.is_empty() && !args.all).then_some(ROWS);
    let mut looked_at = 0;
    let mut from = 0;
    // Cards stand together by state; of each state those that are shown are looked at.
    while let Some(first) = board.cards.get(from) {
        let state = first.state;
        let length = board.cards.iter().skip(from).take_while(|card| card.state == state).count();
        let shown = length.min(rows.filter(|_| !in_json).unwrap_or(length));
        let most = if args.blockers { usize::MAX } else { LOOKED_AT - looked_at.min(LOOKED_AT) };
        if states.contains(&state) && (!in_json || !args.states.is_empty() || args.blockers) {
            let number = shown.min(most);
            if let Some(cards) = board.cards.get_mut(from..from + number) {
                look_for_blockers(&workspace, &context.registry, cards);
            }
            looked_at += number;
        }
        from += length;
    }
    let text = match args.format {
        Format::Json => board_json(&board, &states),
        Format::Table => {
            let options =
                BoardTextOptions { color: context.terminal.color, width: context.terminal.width(), rows };
            board_text(&board, &states, &options)
        }
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}
