//! The board as JSON, and the schema of that JSON.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_lifecycle::{Board, Card};
use trueup_model::State;

/// Version of the JSON format of the board.
pub const BOARD_SCHEMA_VERSION: &str = "1.0";

/// Where each spec stands.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The board of trueup", rename = "Board")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = BOARD_SCHEMA_VERSION))]
    schema_version: &'a str,
    counts: Counts,
    /// The specs of the states that were asked for, by state, the longest in it first.
    specs: Vec<Row<'a>>,
}

/// All specs by state.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Counts {
    draft: usize,
    in_review: usize,
    accepted: usize,
    implemented: usize,
    parked: usize,
    superseded: usize,
}

#[derive(Serialize, JsonSchema)]
struct Row<'a> {
    /// The ID, else the file's name.
    name: &'a str,
    title: &'a str,
    /// Path from the root.
    path: &'a str,
    /// `draft`, `in-review`, `accepted`, `implemented`, `parked` or `superseded`.
    state: &'a str,
    /// The word in the header; null where there is none.
    status: Option<&'a str>,
    /// The day on which it came to this state, as `YYYY-MM-DD`; null where nothing tells.
    since: Option<String>,
    /// What told it: `history`, `created`, `git` or `nothing`.
    since_from: &'a str,
    /// Days since then.
    days: Option<i32>,
    owner: Option<&'a str>,
    /// What keeps it from the next state; null where nobody looked.
    blockers: Option<&'a [String]>,
}

impl<'a> Row<'a> {
    fn of(card: &'a Card) -> Row<'a> {
        Row {
            name: &card.name,
            title: &card.title,
            path: &card.path,
            state: card.state.key(),
            status: card.word.as_deref(),
            since: card.since.map(|day| day.to_string()),
            since_from: card.since_from.name(),
            days: card.days,
            owner: card.owner.as_deref(),
            blockers: card.blockers.as_deref(),
        }
    }
}

/// The board as JSON, with the specs of some states.
pub fn board_json(board: &Board, states: &[State]) -> String {
    let of = |state: State| board.cards.iter().filter(|card| card.state == state).count();
    let counts = Counts {
        draft: of(State::Draft),
        in_review: of(State::InReview),
        accepted: of(State::Accepted),
        implemented: of(State::Implemented),
        parked: of(State::Parked),
        superseded: of(State::Superseded),
    };
    let specs = board.cards.iter().filter(|card| states.contains(&card.state)).map(Row::of).collect();
    let output = Output { schema_version: BOARD_SCHEMA_VERSION, counts, specs };
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}

/// The schema of that JSON.
pub fn board_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut text =
        serde_json::to_string_pretty(&generator.into_root_schema_for::<Output<'_>>()).unwrap_or_default();
    text.push('\n');
    text
}
