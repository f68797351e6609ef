//! Rows for the tables of a schema that nobody wrote rows for.
//!
//! A [`Maker`] makes one row in a table: first rows in the tables that it points to, then values that its types,
//! conditions, unique keys and partitions allow. What the server refuses is tried again with other values, where the
//! error tells which. A row that cannot be made is told with the statement and the server's error.
//!
//! Rows that belong together (all of one tenant) are a [`Family`]: a child points to the parent of its own family.

mod bounds;
mod checks;
mod fill;
mod links;
mod maker;
mod pattern;
mod values;

pub use bounds::partition_values;
pub use links::{Link, links};
pub use maker::{Family, Made, Maker, NotMade, Pin, Sample};
pub use pattern::matching;
