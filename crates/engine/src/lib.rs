//! Configuration, discovery and the parallel check.
//!
//! [`Workspace::open`] reads a repository once; [`Workspace::check`] runs the rules of a registry over it.
//! The rules come in as a value: this crate knows none of them but the few that it reports itself.

mod baseline;
mod check;
mod code;
mod collisions;
mod config;
mod discover;
mod drift;
mod evidence;
mod fix;
mod graph;
mod house;
mod ledger;
mod policies;
mod proofs;
mod read;
mod report;
mod sealed;
mod since;
mod suppress;
mod versions;
mod workspace;

pub use baseline::{BASELINE_FILE, Baseline, BaselineEntry, BaselineError, baseline_text};
pub use check::CheckOptions;
pub use config::{
    ApprovalConfig, AreaApproval, BaselineConfig, CONFIG_FILE, ChainClaim, ChainConfig, CodeConfig, Config,
    ConfigError, EvidenceConfig, FileConfig, GuideConfig, IdConfig, IndexConfig, ItemName, LayoutName,
    LearnedConfig, LevelName, LifecycleConfig, LinkConfig, PolicyConfig, ReservedPrefix, RuleConfig,
    SetConfig, StateName, StateSourceName, TemplateVersionsName, TenancyConfig, TransactionName, nearest,
};
pub use discover::{Discovery, discover, shown_folder};
pub use drift::{DriftOptions, DriftReport, ReviewError, SpecDrift};
pub use evidence::{EvidenceError, SpecLedger, TraceRun};
pub use fix::{FixedFile, fix};
pub use graph::{Cycle, GraphEdge, GraphNode, NodeKind, Place, SpecGraph};
pub use policies::Policies;
pub use proofs::{ChainFolder, proof_statement};
pub use read::ReadFile;
pub use report::{CheckReport, KnownBefore, RuleCount, SetSummary, Summary};
pub use since::{Known, SinceError};
pub use versions::{TemplateVersion, Upgrade};
pub use workspace::{
    FileRole, MAX_FILE_SIZE, OpenError, OpenOptions, SpecSet, Workspace, learned_config, repository_root,
};
