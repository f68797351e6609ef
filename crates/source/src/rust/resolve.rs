//! Modules to files.

use crate::routes::Resolved;

/// The files that a path of Rust stands for from a file, and the names behind the last module.
pub(super) fn resolve(from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
    let parts: Vec<&str> = module.split("::").filter(|part| !part.is_empty()).collect();
    let (first, rest) = parts.split_first()?;
    let here = Place::of(from);
    let found = match *first {
        "crate" => below(&here.root, rest, paths),
        "self" => below(&here.module, rest, paths),
        "super" => {
            let ups = rest.iter().take_while(|part| **part == "super").count();
            let mut module = here.module;
            for _ in 0..=ups {
                module = parent(&module)?;
            }
            below(&module, rest.get(ups..).unwrap_or(&[]), paths)
        }
        _ => {
            // A module below this one, or a crate; a name of this file has been looked for before.
            let child = below(&here.module, &parts, paths);
            match taken(&child, parts.len()) {
                0 => of_crate(first, rest, &here, paths)?,
                _ => child,
            }
        }
    };
    Some(found).filter(|found| !found.files.is_empty())
}

/// How many parts became modules.
fn taken(found: &Resolved, parts: usize) -> usize {
    parts.saturating_sub(found.name.as_ref().map_or(0, |name| name.split("::").count()))
}

/// Where a file stands in its crate: folders as the modules are laid out.
struct Place {
    /// The folder that holds the files of the modules right below the crate.
    root: String,
    /// The folder of the modules right below the file's own.
    module: String,
}

impl Place {
    fn of(path: &str) -> Place {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = file.strip_suffix(".rs").unwrap_or(file);
        let root = match folder == "src" || folder.starts_with("src/") {
            true => "src",
            false => match folder.rfind("/src/") {
                Some(at) => folder.get(..at + 4).unwrap_or(folder),
                None => folder,
            },
        };
        let at_top = matches!(stem, "mod" | "main") || stem == "lib" && folder == root;
        let module = if at_top { folder.to_owned() } else { under(folder, stem) };
        Place { root: root.to_owned(), module }
    }
}

fn under(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn parent(module: &str) -> Option<String> {
    if module.is_empty() {
        return None;
    }
    Some(module.rsplit_once('/').map_or("", |(front, _)| front).to_owned())
}

/// Follows parts downwards as long as there are files, from the module whose children lie in a folder.
fn below(folder: &str, parts: &[&str], paths: &[&str]) -> Resolved {
    let mut module = folder.to_owned();
    let mut files = of_module(&module, paths);
    let mut used = 0;
    for part in parts {
        let child = under(&module, part);
        let found = of_module(&child, paths);
        if found.is_empty() {
            break;
        }
        (module, files) = (child, found);
        used += 1;
    }
    let rest = parts.get(used..).unwrap_or(&[]).join("::");
    Resolved { files, name: Some(rest).filter(|rest| !rest.is_empty()) }
}

/// The file of the module whose children lie in a folder; for a crate its `lib.rs` and `main.rs`.
fn of_module(folder: &str, paths: &[&str]) -> Vec<usize> {
    let names =
        [format!("{folder}.rs"), under(folder, "mod.rs"), under(folder, "lib.rs"), under(folder, "main.rs")];
    names.iter().filter_map(|name| paths.binary_search(&name.as_str()).ok()).collect()
}

/// A crate of the workspace, told by its folder: `shop_orders` in `…/shop-orders/src` or, where only one
/// folder can be meant, `…/orders/src`; or the library beside a program.
fn of_crate(name: &str, rest: &[&str], here: &Place, paths: &[&str]) -> Option<Resolved> {
    let libraries = || paths.iter().filter_map(|path| path.strip_suffix("/src/lib.rs"));
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).replace('-', "_");
    let exact = libraries().find(|library| last(library) == name);
    let shortened = || {
        let mut of_end = libraries().filter(|library| {
            let own = last(library);
            name.strip_suffix(own.as_str()).is_some_and(|front| front.ends_with('_'))
        });
        of_end.next().filter(|_| of_end.next().is_none())
    };
    if let Some(library) = exact.or_else(shortened) {
        return Some(below(&under(library, "src"), rest, paths));
    }
    // A name without a module is no path into the library.
    if rest.is_empty() {
        return None;
    }
    let library = paths.binary_search(&under(&here.root, "lib.rs").as_str()).ok()?;
    paths.binary_search(&under(&here.root, "main.rs").as_str()).ok()?;
    let found = below(&here.root, rest, paths);
    // The library, not the program of the same folder.
    let files = if found.files.contains(&library) { vec![library] } else { found.files };
    Some(Resolved { files, name: found.name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_to_files() {
        let mut paths = [
            "src/main.rs",
            "src/lib.rs",
            "src/orders.rs",
            "src/orders/items.rs",
            "src/users/mod.rs",
            "crates/shop-billing/src/lib.rs",
            "crates/shop-billing/src/api.rs",
            "crates/text/src/lib.rs",
        ];
        paths.sort_unstable();
        for (from, module, expected) in [
            ("src/main.rs", "orders::router", "src/orders.rs router"),
            ("src/main.rs", "crate::orders::items::router", "src/orders/items.rs router"),
            ("src/orders.rs", "items", "src/orders/items.rs"),
            ("src/orders/items.rs", "super::router", "src/orders.rs router"),
            ("src/orders/items.rs", "super::super::users::Users::router", "src/users/mod.rs Users::router"),
            ("src/users/mod.rs", "self::x", "src/users/mod.rs x"),
            ("src/main.rs", "shop_billing::api::router", "crates/shop-billing/src/api.rs router"),
            ("crates/shop-billing/src/api.rs", "crate::router", "crates/shop-billing/src/lib.rs router"),
            ("src/main.rs", "shop_text::x", "crates/text/src/lib.rs x"),
            ("src/main.rs", "shop::app", "src/lib.rs app"),
            ("src/main.rs", "serde", "-"),
            ("src/main.rs", "router", "-"),
            ("x.rs", "super::super::super::a", "-"),
            ("", "", "-"),
        ] {
            let shown = match resolve(from, module, &paths) {
                Some(found) => {
                    let files: Vec<&str> = found.files.iter().map(|at| paths[*at]).collect();
                    format!("{} {}", files.join(","), found.name.unwrap_or_default()).trim().to_owned()
                }
                None => "-".to_owned(),
            };
            assert_eq!(shown, expected, "{module} from {from}");
        }
    }
}
