//! What people and programs see of a report.

mod diff;
mod export;
mod facts;
mod fixture;
mod graph;
mod human;
mod json;
mod practice;
mod rustc_look;
mod sarif;
mod short;
mod summary;
