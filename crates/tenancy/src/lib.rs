//! Whether one tenant can see or change what belongs to another.
//!
//! Two ways to know it. Where the database keeps tenants apart (row security), it is attacked: rows of two tenants are
//! made, and everything that the first may do is tried on what belongs to the second; all of it in one transaction that
//! is rolled back. Where the application does it, a log of its statements tells whether each names its tenant.

mod actors;
mod alike;
mod attempt;
mod branches;
mod calls;
mod carriers;
mod changes;
mod colleagues;
mod globals;
mod guards;
mod model;
mod observe;
mod opaque;
mod openings;
mod options;
mod oracles;
mod orphans;
mod parts;
mod pooled;
mod prove;
mod queries;
mod ranks;
mod report;
mod rows_sql;
mod seeds;
mod session;
mod spares;
mod statics;
mod subjects;
mod tables;
mod texts;
mod through;
mod tokens;
mod unset;
mod witness;

pub use options::Options;
pub use prove::{prove, prove_pooled, prove_within};
pub use queries::{Logged, QueryModel, QueryTable, queries, read_log};
pub use report::{
    Carrier, Claim, Control, Finding, FindingKind, Link, Model, Outcome, Place, Principal, Probe, ProbeKind,
    Proof, QueryReport, QueryShape, Report, Seed, Subject, SubjectKind, Tenant, Token, Verdict, Witness,
};
pub use trueup_rows::Sample;
