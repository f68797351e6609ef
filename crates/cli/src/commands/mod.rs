//! One file or folder for each command.

pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod drift;
pub(crate) mod evidence;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod graph;
pub(crate) mod index;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod policy;
pub(crate) mod rename;
pub(crate) mod report;
pub(crate) mod resume;
pub(crate) mod rules;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod step;
pub(crate) mod template;
pub(crate) mod trace;
pub(crate) mod upgrade;
pub(crate) mod voice;
pub(crate) mod waive;
