use super::branch::{BranchForm, slug_of_path};
use super::file_span;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{State, StateSource};

declare_rule! {
    BRANCH_NAME = "branch-name" in "lifecycle", page "branch_name.md",
    "the branch of a draft does not have the form that the team asks for",
    Specs, Levels::always(Level::Warning), check
}

/// From this likeness on, the beginning of a branch's name is the form's misspelt.
const MISSPELT: f64 = 0.7;

/// Branches that many work on: a draft there need not have been begun there.
const SHARED: &[&str] =
    &["dev", "develop", "development", "main", "master", "next", "stable", "staging", "trunk"];

/// Beginnings of branches that tools or a release make.
const SHARED_PREFIXES: &[&str] =
    &["dependabot/", "gh-readonly-queue/", "hotfix/", "release/", "releases/", "renovate/"];

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let (Some(branch), Some(form)) = (&cx.world.branch, &cx.settings.branch_form) else { return };
    let is_draft =
        |state: &trueup_model::StateFact| state.source == StateSource::Header && state.state == State::Draft;
    if cx.world.main_branch.as_ref() == Some(branch) || !cx.specs.iter().any(|spec| is_draft(&spec.state)) {
        return;
    }
    out.looked_at(1);
    let shape = BranchForm::of(form);
    if shape.fits(branch) {
        return;
    }
    let shared = SHARED.contains(&branch.as_str()) || SHARED_PREFIXES.iter().any(|p| branch.starts_with(p));
    // Where drafts never reach the main branch, this one was begun here; elsewhere it may be an old one.
    let begun_here = cx.settings.accepted_only_on_main && !shared;
    if !begun_here && !meant_for_specs(branch, shape.prefix()) {
        return;
    }
    let name = shape.filled(&slug_of_path(cx.path));
    out.push(
        Report::new(
            file_span(cx),
            format!("the branch `{branch}` of this draft does not have the form `{form}`"),
        )
        .hint(format!("rename the branch: `git branch -m {name}`")),
    );
}

/// Whether a branch begins like the form, or nearly so (`specs/x`, `Spec/x`, `spec-x`).
fn meant_for_specs(branch: &str, prefix: &str) -> bool {
    let bare = prefix.trim_end_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() {
        return false;
    }
    let first = branch.split('/').next().unwrap_or(branch).to_lowercase();
    let bare = bare.to_lowercase();
    let follows =
        first.strip_prefix(bare.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    follows || branch.contains('/') && strsim::normalized_damerau_levenshtein(&first, &bare) >= MISSPELT
}
