use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::NameKind;

declare_rule! {
    NAME_TAKEN_ELSEWHERE = "name-taken-elsewhere" in "ids", page "name_taken_elsewhere.md",
    "another branch brings the same migration number, flag or endpoint",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let on_main = cx.world.branch.is_some() && cx.world.branch == cx.world.main_branch;
    for taken in cx.others.names_elsewhere(cx.path) {
        out.looked_at(1);
        let name = &taken.name;
        let (told, hint, most) = match taken.kind {
            NameKind::Migration => (
                format!("the number of the migration `{name}`"),
                "take the next free number on one of the branches: of two files with one number only one runs",
                Level::Error,
            ),
            NameKind::Flag => (
                format!("the flag `{name}`"),
                "name one of them otherwise, or say in both specs whose flag it is",
                Level::Warning,
            ),
            // Two specs may speak of one endpoint that is there already.
            NameKind::Endpoint => (
                format!("the endpoint `{name}`"),
                "where both bring it, agree on one contract before both are merged",
                Level::Info,
            ),
        };
        // By now it is the other branch that has to give way.
        let most = if on_main { most.min(Level::Warning) } else { most };
        let message = format!("{told} is also taken by `{}` on the branch {}", taken.path, taken.branch);
        let subject = format!("{name} {}", taken.path);
        out.push(Report::new(taken.span, message).hint(hint).subject(subject).at_most(most));
    }
}
