use trueup_model::folder_of;

/// The guide nearest above a path: in its folder, else in the folder above, up to the root.
pub fn guide_above<'g>(path: &str, guides: &[&'g str]) -> Option<&'g str> {
    let mut nearest: Option<(usize, &'g str)> = None;
    for guide in guides {
        let folder = folder_of(guide);
        let above = folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        if above && nearest.is_none_or(|(deepest, _)| folder.len() > deepest) {
            nearest = Some((folder.len(), guide));
        }
    }
    nearest.map(|(_, guide)| guide)
}

/// The guides that apply to a spec: the nearest one above each path that it is going to change, without
/// those that its own folder is under (they are about writing specs). In the order of the paths.
pub fn applying<'g>(paths: impl IntoIterator<Item = impl AsRef<str>>, guides: &[&'g str]) -> Vec<&'g str> {
    let mut out: Vec<&'g str> = Vec::new();
    for path in paths {
        // A folder with a wildcard still lies somewhere.
        let path = path.as_ref();
        // "the command line" lies nowhere.
        if path.trim().contains(char::is_whitespace) || !path.contains(['/', '.']) {
            continue;
        }
        let fixed = path.split(['*', '{', '<', '[']).next().unwrap_or("");
        let fixed =
            if fixed.len() < path.len() { fixed.rsplit_once('/').map_or("", |(f, _)| f) } else { fixed };
        let probe = format!("{}/x", fixed.trim_end_matches('/'));
        let file = if fixed.len() < path.len() || path.ends_with('/') {
            probe.trim_start_matches('/')
        } else {
            path
        };
        if let Some(guide) = guide_above(file.trim_start_matches("./"), guides)
            && !out.contains(&guide)
        {
            out.push(guide);
        }
    }
    out
}
