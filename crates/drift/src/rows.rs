use crate::{Drifted, Subject, drift};
use std::sync::OnceLock;
use trueup_codebase::{Code, CodeKind};
use trueup_model::{PathIndex, Spec};

/// What became of the promises of a file's specs, worked out once for each kind: several rules look at the
/// same.
#[derive(Debug, Default)]
pub struct FileRows([OnceLock<Vec<Drifted>>; CodeKind::ALL.len()]);

impl FileRows {
    /// The rows of a kind, spec by spec. The file, its specs and the code are the same each time.
    pub fn of(
        &self,
        path: &str,
        specs: &[Spec],
        code: &dyn Code,
        paths: &PathIndex,
        kind: CodeKind,
    ) -> &[Drifted] {
        let slot = CodeKind::ALL.iter().position(|k| *k == kind).and_then(|at| self.0.get(at));
        let all = || {
            let one = |spec| drift(&Subject { path, spec, code, paths }, &[kind]);
            specs.iter().flat_map(one).collect()
        };
        slot.map_or(&[], |slot| slot.get_or_init(all))
    }
}
