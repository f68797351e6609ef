//! Rows for the tables of a schema.
