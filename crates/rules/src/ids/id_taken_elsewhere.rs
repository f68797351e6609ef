use super::own::own_id;
use crate::support::title_span;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};

declare_rule! {
    ID_TAKEN_ELSEWHERE = "id-taken-elsewhere" in "ids", page "id_taken_elsewhere.md",
    "another branch gives the ID to another file",
    Specs, Levels::ERROR, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let (Some(spec), Some(id)) = (cx.specs.first(), own_id(cx)) else { return };
    out.looked_at(1);
    let on_main = cx.world.branch.is_some() && cx.world.branch == cx.world.main_branch;
    for taken in cx.others.taken_elsewhere(cx.path) {
        let span = match spec.title_ids.iter().find(|(_, title_id)| title_id.key == id.key) {
            Some((span, _)) => *span,
            None => title_span(cx, spec),
        };
        let message =
            format!("{} is also the ID of `{}` on the branch {}", id.text, taken.path, taken.branch);
        let (hint, most) = match (taken.ours_first, on_main) {
            (true, _) => ("it was taken here first: the other branch has to take a free one", Level::Info),
            (false, true) => {
                ("it is on the main branch by now: the other branch has to take a free one", Level::Warning)
            }
            (false, false) => (
                "take a free one before both are merged: rename the file, change its title, mend the links to it",
                Level::Error,
            ),
        };
        let subject = format!("{} {}", id.key, taken.path);
        out.push(Report::new(span, message).hint(hint).subject(subject).at_most(most));
    }
}
