//! Packages to files.

use crate::routes::Resolved;

/// The files of a package: one that is imported (in quotes, as written), or that of the file itself for
/// `.` and for any name.
pub(super) fn resolve(from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
    let own = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let imported = module.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let (files, name) = match imported {
        Some(path) => (imported_files(own, path, paths), None),
        None if module == "." => (files_of(own, paths), None),
        None => (files_of(own, paths), Some(module.to_owned())),
    };
    (!files.is_empty()).then_some(Resolved { files, name })
}

/// The path of a package begins with its module's, which stands in a `go.mod` in a folder above: the
/// longest end of it that is a folder below one of those.
fn imported_files(own: &str, path: &str, paths: &[&str]) -> Vec<usize> {
    let mut above = Some(own);
    while let Some(folder) = above {
        let mut end = Some(path);
        while let Some(rest) = end {
            let candidate = if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") };
            let files = files_of(&candidate, paths);
            if !files.is_empty() {
                return files;
            }
            end = rest.split_once('/').map(|(_, rest)| rest);
        }
        above = match folder.rsplit_once('/') {
            Some((front, _)) => Some(front),
            None if folder.is_empty() => None,
            None => Some(""),
        };
    }
    Vec::new()
}

fn files_of(folder: &str, paths: &[&str]) -> Vec<usize> {
    let front = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let start = paths.partition_point(|path| *path < front.as_str());
    let below = paths.iter().enumerate().skip(start).take_while(|(_, path)| path.starts_with(&front));
    let own = below.filter(|(_, path)| {
        let name = path.get(front.len()..).unwrap_or("");
        !name.contains('/') && name.ends_with(".go") && !name.ends_with("_test.go")
    });
    own.map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_to_files() {
        let mut paths = [
            "main.go",
            "routes.go",
            "internal/orders/api.go",
            "internal/orders/api_test.go",
            "internal/orders/deep/x.go",
            "services/billing/cmd/main.go",
            "services/billing/api/api.go",
        ];
        paths.sort_unstable();
        for (from, module, expected) in [
            ("main.go", "\"example.com/shop/internal/orders\"", "internal/orders/api.go"),
            ("main.go", "Register", "main.go routes.go Register"),
            ("main.go", ".", "main.go routes.go"),
            ("services/billing/cmd/main.go", "\"billing/api\"", "services/billing/api/api.go"),
            ("main.go", "\"net/http\"", "-"),
        ] {
            let shown = match resolve(from, module, &paths) {
                Some(found) => {
                    let files: Vec<&str> = found.files.iter().map(|at| paths[*at]).collect();
                    format!("{} {}", files.join(" "), found.name.unwrap_or_default()).trim().to_owned()
                }
                None => "-".to_owned(),
            };
            assert_eq!(shown, expected, "{module} from {from}");
        }
    }
}
