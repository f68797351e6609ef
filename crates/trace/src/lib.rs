//! What a spec promises, traced to the tests that name it and to what came of them.
//!
//! An item (an acceptance bullet, a scenario, a story, a smoke check, a planned test) is cited by the
//! spec's name and its own ID: `SPEC-012#AC-3`. A test cites it in its name or in that of a suite around
//! it (`[SPEC-012#AC-3] pays once`, `spec_012_ac_3_pays_once`), in a `spec` property of its report, or
//! in a tag (`@SPEC-012-AC-3`). A planned test is also cited by its own ID (`TC-AUTH-012`).
//!
//! Only what was read counts: where tests cannot be read, an item is not checkable, never missing.

mod cite;
mod items;
mod judge;

pub use cite::Citations;
pub use items::{ItemRole, TraceItem, TracedSpec, items_of};
pub use judge::{Input, Orphan, OrphanKind, Proof, Recorded, Trace, Traced, Waived, trace};

#[cfg(test)]
mod tests;
