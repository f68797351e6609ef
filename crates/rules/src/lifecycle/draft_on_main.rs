use super::branch::{BranchForm, slug_of_path};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{State, StateSource};

declare_rule! {
    DRAFT_ON_MAIN = "draft-on-main" in "lifecycle", page "draft_on_main.md",
    "a spec that is not accepted yet stands on the main branch",
    Specs, Levels::always(Level::Error), check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let (Some(branch), Some(main)) = (&cx.world.branch, &cx.world.main_branch) else { return };
    if !cx.settings.accepted_only_on_main || branch != main {
        return;
    }
    for spec in cx.specs {
        let state = &spec.state;
        if state.source != StateSource::Header || state.unknown {
            continue;
        }
        out.looked_at(1);
        let Some(span) = state.span.filter(|_| matches!(state.state, State::Draft | State::InReview)) else {
            continue;
        };
        let form = cx.settings.branch_form.as_deref();
        let own =
            form.map(|form| format!(" such as `{}`", BranchForm::of(form).filled(&slug_of_path(cx.path))));
        let report = Report::new(
            span,
            format!(
                "a spec that is {} stands on `{main}`, where only accepted specs belong",
                in_words(state.state)
            ),
        )
        .hint(format!("keep it on a branch of its own{} until it is accepted", own.unwrap_or_default()));
        out.push(if state.in_sidecar { report.in_sidecar() } else { report });
    }
}

fn in_words(state: State) -> &'static str {
    match state {
        State::Draft => "a draft",
        _ => "in review",
    }
}
