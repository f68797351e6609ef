//! The program from end to end: what it prints, what it writes and how it exits.

mod baseline;
mod check;
mod drift;
mod explain;
mod export;
mod facts;
mod fix;
mod graph;
mod init;
mod lifecycle;
mod new;
mod policy;
mod proofs;
mod repository;
mod schemas;
mod template;
mod trace;
mod versions;
