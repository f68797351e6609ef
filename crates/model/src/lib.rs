//! What a spec says, as plain data.

mod date;
mod paths;
mod state;
mod world;

pub use date::{Date, DateMatch, find_dates};
pub use paths::{PathIndex, base_name, folder_of, join, relative};
pub use state::{State, StateFact, StateSource};
pub use world::World;
