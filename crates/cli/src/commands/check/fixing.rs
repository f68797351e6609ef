//! Showing and writing fixes.

use crate::context::Context;
use crate::failure::Failure;
use crate::words::count;
use trueup_engine::{CheckReport, FixedFile, Workspace};

/// Shows what would change, as a patch.
pub(super) fn preview(fixed: &[FixedFile], left: &CheckReport, context: &Context) -> Result<(), Failure> {
    let color = context.terminal.color;
    let patch: String =
        fixed.iter().map(|file| trueup_render::diff(&file.path, &file.before, &file.after, color)).collect();
    context.terminal.print(&patch)?;
    let mended: usize = fixed.iter().map(|file| file.applied).sum();
    context.terminal.note(&format!(
        "would mend {} in {} and leave {}; nothing was written",
        count(mended, "finding", "findings"),
        count(fixed.len(), "file", "files"),
        count(left.findings.len(), "finding", "findings"),
    ));
    Ok(())
}

/// Writes the fixed files. A file that cannot be written does not keep the others from it; whether
/// all were is given back.
pub(super) fn write(fixed: &[FixedFile], workspace: &Workspace, context: &Context) -> bool {
    let mut all = true;
    for file in fixed {
        let path = workspace.root.join(&*file.path);
        match trueup_repo::write_if_unchanged(&path, &file.before, &file.after) {
            Ok(()) => {
                let mended = count(file.applied, "finding", "findings");
                context.terminal.note(&format!("mended {mended} in {}", file.path));
            }
            Err(error) => {
                context.terminal.failure(&error.into());
                all = false;
            }
        }
    }
    if fixed.is_empty() {
        context.terminal.note("nothing could be mended");
    }
    all
}
