//! The path that somebody may have meant who named one that is not there.

use trueup_codebase::closest;
use trueup_model::{PathIndex, base_name, folder_of, stem_of};

/// How alike two names in one folder have to be. Files beside each other often begin alike and are others.
const ALIKE: f64 = 0.92;

/// The path that comes closest, if one does: beside it the same name with another ending, then a name spelt
/// alike; elsewhere the same name, then the same with another ending, where most folders are the same.
pub(super) fn nearest<'a>(paths: &'a PathIndex, path: &str) -> Option<&'a str> {
    let files = paths.sorted();
    let path = path.trim_end_matches('/');
    let name = base_name(path);
    let beside = files_in(files, folder_of(path));
    let stem = stem_of(name);
    let same_stem = |file: &&str| stem_of(base_name(file)) == stem && *file != path;
    beside
        .iter()
        .copied()
        .find(same_stem)
        .or_else(|| spelt_alike(&beside, name))
        .or_else(|| best_placed(paths.with_name(name).iter().map(|file| &**file), path))
        .or_else(|| best_placed(paths.with_stem(stem).filter(|file| *file != path), path))
}

/// The files that lie in a folder, and in none below it. `files` are in order.
fn files_in<'a>(files: &'a [Box<str>], folder: &str) -> Vec<&'a str> {
    let front = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut rest = files.get(files.partition_point(|file| **file < *front)..).unwrap_or(&[]);
    let mut out = Vec::new();
    while let Some((file, behind)) = rest.split_first() {
        let Some(name) = file.strip_prefix(front.as_str()) else { break };
        rest = match name.find('/') {
            // All that lies in a folder below stands together and is passed over at once.
            Some(slash) => {
                let below = file.get(..front.len() + slash + 1).unwrap_or(file);
                behind.get(behind.partition_point(|other| other.starts_with(below))..).unwrap_or(&[])
            }
            None => {
                out.push(&**file);
                behind
            }
        };
    }
    out
}

fn spelt_alike<'a>(beside: &[&'a str], name: &str) -> Option<&'a str> {
    let found = closest(name, beside.iter().map(|file| base_name(file)))?;
    if found.likeness < ALIKE {
        return None;
    }
    beside.iter().copied().find(|file| base_name(file) == found.name)
}

/// The one of some files that shares the most folders with a path; none where it shares no folder or where
/// several share as many.
fn best_placed<'a>(files: impl Iterator<Item = &'a str>, path: &str) -> Option<&'a str> {
    let mut best: Option<(usize, &'a str)> = None;
    let mut tied = false;
    for file in files {
        let shared = shared_folders(folder_of(file), folder_of(path));
        match best {
            Some((most, _)) if shared < most => {}
            Some((most, _)) if shared == most => tied = true,
            _ => {
                best = Some((shared, file));
                tied = false;
            }
        }
    }
    best.filter(|(shared, _)| *shared > 0 && !tied).map(|(_, file)| file)
}

/// How many folders two paths share at their beginning and at their end.
fn shared_folders(a: &str, b: &str) -> usize {
    fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
        path.split('/').filter(|part| !part.is_empty())
    }
    let front = parts(a).zip(parts(b)).take_while(|(a, b)| a == b).count();
    let least = parts(a).count().min(parts(b).count());
    let end = parts(a).rev().zip(parts(b).rev()).take_while(|(a, b)| a == b).count();
    front + end.min(least - front)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, files: &[&'static str], expected: Option<&str>) {
        let paths = PathIndex::new(files.iter().copied());
        assert_eq!(nearest(&paths, path), expected, "{path}");
    }

    #[test]
    fn another_ending_a_slip_or_another_folder() {
        check("src/list.ts", &["src/list.tsx", "lib/list.ts"], Some("src/list.tsx"));
        check("src/list.ts", &["src/listing/list.tsx", "src/a.ts"], Some("src/listing/list.tsx"));
        check("src/order_list.ts", &["src/order-list.ts", "src/order-lists.ts"], Some("src/order-list.ts"));
        check("src/orders/index.ts", &["src/order/index.ts", "lib/a/index.ts"], Some("src/order/index.ts"));
        check("docs/guide", &["docs/guide.md"], Some("docs/guide.md"));
        check("list.ts", &["list.tsx"], Some("list.tsx"));
    }

    #[test]
    fn nothing_is_close() {
        check("src/list.ts", &["src/refund.ts", "lib/list.ts", "app/list.ts"], None);
        check("src/a/index.ts", &["src/b/index.ts", "src/c/index.ts"], None);
        check(".env", &["src/.gitignore"], None);
        check("src/ü.ts", &[], None);
        check("", &["a"], None);
    }
}
