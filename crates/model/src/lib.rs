//! What a spec says, as plain data: its header, IDs, state and sections, and the world around it.

mod corpus;
mod date;
mod facts;
mod glance;
mod head;
mod id;
mod material;
mod outline;
mod paths;
mod percent;
pub mod practice;
pub mod reading;
mod settings;
mod spec;
mod state;
mod status;
mod verdict;
mod world;

pub use corpus::Corpus;
pub use date::{Date, DateMatch, find_dates};
pub use facts::*;
pub use glance::{Glance, glance};
pub use head::{Head, HeadTitle};
pub use id::{SpecId, ids_in};
pub use material::{MaterialChange, MaterialFact, material, material_changes, words_of};
pub use outline::{NameElsewhere, NameKind, NoOthers, Others, SpecOutline, TakenElsewhere};
pub use paths::{PathIndex, base_name, folder_of, join, means_path, name_of_file, relative, stem_of};
pub use percent::{link_encoded, percent_decoded};
pub use settings::{NamedIndex, Settings};
pub use spec::{HeaderField, HeaderPlace, Sidecar, Spec, created_day, header_fields, read_specs};
pub use state::{State, StateFact, StateSource};
pub use status::{StatusWords, folder_state};
pub use verdict::Verdict;
pub use world::World;
