//! The branch of a new spec.

use super::name::slug;
use super::place::Place;
use super::source::Source;
use crate::failure::Failure;
use std::path::Path;
use std::process::{Command, Stdio};
use trueup_engine::Workspace;
use trueup_model::Date;
use trueup_template::{TokenKind, tokens_in};

/// The branch that the template or the configuration asks for.
pub(super) fn branch(
    source: &Source,
    workspace: &Workspace,
    place: &Place,
    title: &str,
    today: Date,
) -> Option<String> {
    let form = match source.set {
        Some(set) => workspace.sets[set].settings.branch_form.as_deref(),
        None => source.schema.branch_form.as_deref(),
    };
    form.map(|form| filled(form, place, title, today))
}

/// `spec/<short-slug>` with everything filled in.
fn filled(form: &str, place: &Place, title: &str, today: Date) -> String {
    let mut out = String::new();
    let mut done = 0;
    for token in tokens_in(form) {
        let inner = token.inner(form).to_lowercase();
        let number = place.number.as_deref();
        let value = match token.kind {
            TokenKind::Date => today.to_string(),
            TokenKind::Number => number.unwrap_or(&place.name).to_owned(),
            _ if inner == "id" || inner.ends_with("-id") => place.id.clone(),
            _ if inner.contains("number") => number.unwrap_or(&place.name).to_owned(),
            _ if inner.contains("yyyy") => place.name.clone(),
            _ => slug(title, '-'),
        };
        out.push_str(&form[done..token.range.start]);
        out.push_str(&value);
        done = token.range.end;
    }
    out + &form[done..]
}

/// Makes a branch and switches to it.
pub(super) fn switch(root: &Path, branch: &str) -> Result<(), Failure> {
    let output =
        Command::new("git").arg("-C").arg(root).args(["switch", "-c", branch]).stdin(Stdio::null()).output();
    let output = output.map_err(|error| {
        Failure::new(format!("the program `git` cannot be started: {error}"))
            .help("without `--branch` no git is needed")
    })?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("`git switch -c {branch}` failed, and nothing was written: {}", told.trim()))
        .help("mend that, or leave out `--branch`"))
}
