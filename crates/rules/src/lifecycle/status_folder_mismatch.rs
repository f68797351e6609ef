use super::clip;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{Settings, State, StateSource, folder_of, folder_state};

declare_rule! {
    STATUS_FOLDER_MISMATCH = "status-folder-mismatch" in "lifecycle", page "status_folder_mismatch.md",
    "the status of a spec and the folder that it lies in say different things",
    Specs, Levels::always(Level::Error), check
}

/// Names of folders for what has been built.
const IMPLEMENTED: &[&str] = &["implemented", "done", "completed", "shipped", "released"];

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let state = &spec.state;
        if state.source != StateSource::Header || state.unknown || state.moved {
            continue;
        }
        let (Some(value), Some(span)) = (state.text.as_deref(), state.span) else { continue };
        out.looked_at(1);
        let value = clip(value, 60);
        let report = match state.folder {
            Some(folder) => {
                let Some(name) = folder_name(cx.path, cx.settings, folder) else { continue };
                if agree(folder, name, state.state) {
                    continue;
                }
                let report =
                    Report::new(span, format!("the spec lies in `{name}/`, but its status says “{value}”"))
                        .hint(format!(
                            "set the status to {}, or move the file out of `{name}/`",
                            folder.name()
                        ));
                // Only these two folders are kept for one state without doubt.
                match folder {
                    State::Implemented | State::Superseded => report,
                    _ => report.at_most(Level::Warning),
                }
            }
            None if state.state == State::Implemented => {
                let Some(target) = implemented_folder(cx) else { continue };
                Report::new(
                    span,
                    format!("the status says “{value}”, but the spec does not lie in `{target}/`"),
                )
                .hint(format!("move the file to `{target}/`, or correct the status"))
                .at_most(Level::Warning)
            }
            None => continue,
        };
        out.push(if state.in_sidecar { report.in_sidecar() } else { report });
    }
}

/// Whether a spec of this status may lie in a folder. What was built or set aside may be replaced later
/// without being moved, and a folder named for proposals says what the documents are.
fn agree(folder: State, name: &str, status: State) -> bool {
    match folder {
        State::Implemented => matches!(status, State::Implemented | State::Superseded),
        State::Superseded => matches!(status, State::Superseded | State::Implemented | State::Parked),
        State::Accepted => !matches!(status, State::Draft | State::InReview),
        State::Parked => !matches!(status, State::Accepted | State::Implemented),
        State::Draft | State::InReview => {
            name.to_lowercase().starts_with("propos")
                || !matches!(status, State::Accepted | State::Implemented)
        }
    }
}

/// The folder's name that says a state.
fn folder_name<'p>(path: &'p str, settings: &Settings, state: State) -> Option<&'p str> {
    folder_of(path).rsplit('/').find(|part| state_of_folder(part, settings) == Some(state))
}

fn state_of_folder(name: &str, settings: &Settings) -> Option<State> {
    settings.folder_states.get(&name.to_lowercase()).copied().or_else(|| folder_state(name))
}

/// The folder for built specs, beside the file or below one of the set's folders, if the repository has one.
fn implemented_folder(cx: &FileCx<'_>) -> Option<String> {
    let settings = cx.settings;
    let own = settings
        .folder_states
        .iter()
        .filter(|(_, s)| **s == State::Implemented)
        .map(|(name, _)| name.as_str());
    let mut names: Vec<&str> = own.collect();
    names.sort_unstable();
    names.extend(
        IMPLEMENTED.iter().copied().filter(|n| state_of_folder(n, settings) == Some(State::Implemented)),
    );
    let root = settings.folders.iter().map(String::as_str).filter(|f| within(cx.path, f));
    [folder_of(cx.path)].into_iter().chain(root).find_map(|parent| {
        names.iter().find_map(|name| {
            let folder = if parent.is_empty() { (*name).to_owned() } else { format!("{parent}/{name}") };
            cx.world.paths.is_folder(&folder).then_some(folder)
        })
    })
}

fn within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
