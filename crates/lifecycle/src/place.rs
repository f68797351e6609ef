//! Where a spec's file belongs in a state.

use crate::failure::Failure;
use trueup_engine::{StateSourceName, Workspace};
use trueup_model::{State, folder_state};

/// The path that a spec has in a state, where the folders say states; none where it stays.
pub fn path_in(workspace: &Workspace, set: usize, path: &str, to: State) -> Result<Option<String>, Failure> {
    let source = workspace.config.lifecycle.source;
    let Some(of) = workspace.sets.get(set) else { return Ok(None) };
    if source == Some(StateSourceName::Header) {
        return Ok(None);
    }
    if of.config.document.is_some() {
        return match source {
            Some(StateSourceName::Folder) => Err(Failure::stopped(
                "specs with a folder of their own are not moved by trueup",
                "write the state into their headers: `[lifecycle] source = \"header\"`",
            )),
            _ => Ok(None),
        };
    }
    let folders = Folders { workspace, set };
    let new = folders.path_in(path, to);
    match new {
        Some(new) if new == path => Ok(None),
        Some(new) if workspace.world.paths.contains(&new) || workspace.root.join(&new).exists() => {
            Err(Failure::stopped(
                format!("{path} has to move to {new}, and there is a file already"),
                "rename one of them first: `trueup rename SPEC NEW-NAME`",
            ))
        }
        None if source == Some(StateSourceName::Folder) && folders.state_of_path(path) != Some(to) => {
            Err(Failure::stopped(
                format!("no folder stands for {to}, and folders hold the states here"),
                format!("name one in trueup.toml: `[lifecycle.folders]` with `NAME = \"{}\"`", to.key()),
            ))
        }
        other => Ok(other),
    }
}

struct Folders<'w> {
    workspace: &'w Workspace,
    set: usize,
}

impl Folders<'_> {
    fn state_of(&self, name: &str) -> Option<State> {
        let lower = name.to_lowercase();
        let own = self.workspace.sets.get(self.set).and_then(|s| s.settings.folder_states.get(&lower));
        own.copied().or_else(|| folder_state(name))
    }

    fn root_of(&self, path: &str) -> String {
        let folders =
            self.workspace.sets.get(self.set).map(|s| s.config.folders.as_slice()).unwrap_or_default();
        let holds = |folder: &&str| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|r| r.starts_with('/'))
        };
        let found = folders.iter().map(|f| f.trim_end_matches('/')).filter(holds).min_by_key(|f| f.len());
        found.unwrap_or("").to_owned()
    }

    fn state_of_path(&self, path: &str) -> Option<State> {
        let root = self.root_of(path);
        let below = path.get(root.len()..).unwrap_or(path);
        let (folders, _) = below.rsplit_once('/')?;
        folders.rsplit('/').filter(|p| !p.is_empty()).find_map(|part| self.state_of(part))
    }

    /// The folder for a state directly below another one: the configured name first, then what is there.
    fn folder_for(&self, base: &str, to: State) -> Option<String> {
        let prefix = if base.is_empty() { String::new() } else { format!("{base}/") };
        let files = self.workspace.world.paths.files().filter_map(|p| p.strip_prefix(prefix.as_str()));
        let mut there: Vec<&str> =
            files.filter_map(|rest| rest.split_once('/')).map(|(name, _)| name).collect();
        there.sort_unstable();
        there.dedup();
        if let Some(name) = there.into_iter().find(|name| self.state_of(name) == Some(to)) {
            return Some(name.to_owned());
        }
        let own = self.workspace.sets.get(self.set).map(|s| &s.settings.folder_states)?;
        let mut named: Vec<&String> =
            own.iter().filter(|(_, state)| **state == to).map(|(name, _)| name).collect();
        named.sort();
        named.first().map(|name| (*name).clone())
    }

    fn path_in(&self, path: &str, to: State) -> Option<String> {
        let root = self.root_of(path);
        let below = path.get(root.len()..)?.trim_start_matches('/');
        let mut parts: Vec<&str> = below.split('/').collect();
        let name = parts.pop()?;
        let at = parts.iter().rposition(|part| self.state_of(part).is_some());
        let joined = |parts: &[&str]| -> String {
            let all: Vec<&str> = std::iter::once(root.as_str()).chain(parts.iter().copied()).collect();
            all.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("/")
        };
        let file = |base: &str, rest: &[&str]| {
            let all: Vec<&str> = std::iter::once(base).chain(rest.iter().copied()).chain([name]).collect();
            all.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("/")
        };
        if let Some(at) = at {
            if self.state_of(parts.get(at)?) == Some(to) {
                return None;
            }
            let (base, rest) = (joined(parts.get(..at)?), parts.get(at + 1..)?);
            return Some(match self.folder_for(&base, to) {
                Some(folder) => file(&below_of(&base, &folder), rest),
                None => file(&base, rest),
            });
        }
        (0..=parts.len()).rev().find_map(|length| {
            let base = joined(parts.get(..length)?);
            let folder = self.folder_for(&base, to)?;
            Some(file(&below_of(&base, &folder), parts.get(length..)?))
        })
    }
}

/// A folder below another one, which may be the root.
fn below_of(base: &str, folder: &str) -> String {
    if base.is_empty() { folder.to_owned() } else { format!("{base}/{folder}") }
}
