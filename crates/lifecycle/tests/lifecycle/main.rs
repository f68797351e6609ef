//! Steps of a spec's life on a repository in a temporary folder.

mod faults;
mod fixture;
mod gates;
mod kills;
mod steps;
