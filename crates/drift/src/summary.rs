use crate::Drifted;
use trueup_codebase::CodeKind;
use trueup_model::Verdict;

/// What became of the promises of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KindCount {
    /// The kind.
    pub kind: CodeKind,
    /// Promises.
    pub promised: usize,
    /// The code has it.
    pub proven: usize,
    /// The code has something else in its place.
    pub contradicted: usize,
    /// The code does not have it.
    pub missing: usize,
    /// Reviewed, and changed since.
    pub stale: usize,
    /// Nobody can tell.
    pub not_checkable: usize,
}

/// Counts rows by kind, in the order of the kinds; kinds without a promise are left out.
pub fn counts<'a>(rows: impl Iterator<Item = &'a Drifted>) -> Vec<KindCount> {
    let none = |kind| KindCount {
        kind,
        promised: 0,
        proven: 0,
        contradicted: 0,
        missing: 0,
        stale: 0,
        not_checkable: 0,
    };
    let mut all: Vec<KindCount> = CodeKind::ALL.iter().map(|kind| none(*kind)).collect();
    for row in rows {
        let Some(count) = all.iter_mut().find(|count| count.kind == row.kind) else { continue };
        count.promised += 1;
        *match row.verdict {
            Verdict::Proven => &mut count.proven,
            Verdict::Contradicted => &mut count.contradicted,
            Verdict::Missing => &mut count.missing,
            Verdict::Stale => &mut count.stale,
            Verdict::NotCheckable | Verdict::Waived | Verdict::Vacuous => &mut count.not_checkable,
        } += 1;
    }
    all.retain(|count| count.promised > 0);
    all
}
