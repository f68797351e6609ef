//! What a file takes from other files and hands on, and which file a module's name stands for.

use super::{Kind, Script};
use crate::Import;
use crate::routes::Resolved;
use std::ops::Range;

/// Endings of files that can be imported, the likeliest first.
const ENDINGS: [&str; 8] = ["ts", "tsx", "js", "jsx", "mts", "mjs", "cts", "cjs"];

/// The imports and exports of a file.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    /// Names from other files.
    pub imports: Vec<Import>,
    /// Names handed on under another name, or from another file.
    pub exports: Vec<Import>,
    /// Expressions that are exported, with the name that others see; empty for the default.
    pub values: Vec<(String, Range<usize>)>,
}

impl Modules {
    pub(crate) fn read(script: &Script<'_>) -> Modules {
        let mut out = Modules::default();
        for at in 0..script.len() {
            match script.name(at) {
                "import" => out.import(script, at),
                "export" => out.export(script, at),
                "require" if script.is(at + 1, b'(') => out.require(script, at),
                "module" | "exports" if !script.is_before(at, b'.') => out.common(script, at),
                _ => {}
            }
        }
        out
    }

    fn import(&mut self, script: &Script<'_>, at: usize) {
        // `import type { Router }` brings nothing that routes; it does no harm, either.
        let mut next = at + 1;
        let mut names: Vec<(String, String)> = Vec::new();
        for _ in 0..8 {
            match script.kind(next) {
                Some(Kind::Mark(b'{')) => {
                    names.extend(listed(script, next).into_iter().map(|(name, local)| (local, plain(&name))));
                    next = script.after(next);
                }
                Some(Kind::Mark(b'*')) if script.name(next + 1) == "as" => {
                    names.push((script.name(next + 2).to_owned(), String::new()));
                    next += 3;
                }
                Some(Kind::Name) if script.name(next) == "from" => {
                    if let Some(module) = script.literal(next + 1) {
                        self.imports.extend(names.into_iter().map(|(local, name)| Import {
                            local,
                            name,
                            module: module.clone().into_owned(),
                        }));
                    }
                    return;
                }
                Some(Kind::Name) => {
                    names.push((script.name(next).to_owned(), String::new()));
                    next += 1;
                }
                Some(Kind::Mark(b',')) => next += 1,
                _ => return,
            }
        }
    }

    /// `const x = require('./x')`, `const { a, b: c } = require('./x')`, `require('./x').router`.
    fn require(&mut self, script: &Script<'_>, at: usize) {
        let Some(module) = script.literal(at + 2).filter(|_| script.is(at + 3, b')')) else { return };
        // Any such call can also be named by its module, where it stands without a variable.
        self.imports.push(Import {
            local: format!("require {module}"),
            name: String::new(),
            module: module.clone().into_owned(),
        });
        // What the module makes when it is called is not the module.
        let called = script.is(at + 4, b'(') || script.is(at + 4, b'.') && script.is(at + 6, b'(');
        let Some(sign) = script.before(at).filter(|at| script.is(*at, b'=') && !called) else { return };
        let Some(last) = script.before(sign) else { return };
        if script.is(last, b'}') {
            let names = script.opening(last).map(|open| listed(script, open)).unwrap_or_default();
            self.imports.extend(names.into_iter().map(|(name, local)| Import {
                local,
                name: plain(&name),
                module: module.clone().into_owned(),
            }));
        } else if !script.name(last).is_empty() {
            let property = if script.is(at + 4, b'.') { script.name(at + 5) } else { "" };
            self.imports.push(Import {
                local: script.name(last).to_owned(),
                name: plain(property),
                module: module.into_owned(),
            });
        }
    }

    fn export(&mut self, script: &Script<'_>, at: usize) {
        match script.kind(at + 1) {
            Some(Kind::Mark(b'{')) => {
                let end = script.after(at + 1);
                let module = (script.name(end) == "from").then(|| script.literal(end + 1)).flatten();
                for (name, outer) in listed(script, at + 1) {
                    let module = module.clone().map(|module| module.into_owned()).unwrap_or_default();
                    if !module.is_empty() || name != outer {
                        self.exports.push(Import { local: plain(&outer), name: plain(&name), module });
                    }
                }
            }
            // `export * from './x'` and `export * as x from './x'`
            Some(Kind::Mark(b'*')) => {
                let named = script.name(at + 2) == "as";
                let from = if named { at + 4 } else { at + 2 };
                if let Some(module) = script.literal(from + 1).filter(|_| script.name(from) == "from") {
                    let local = if named { script.name(at + 3) } else { "*" };
                    self.exports.push(Import {
                        local: local.to_owned(),
                        name: String::new(),
                        module: module.into_owned(),
                    });
                }
            }
            Some(Kind::Mark(b'=')) => self.value(script, String::new(), at + 2),
            Some(Kind::Name) if script.name(at + 1) == "default" => self.value(script, String::new(), at + 2),
            _ => {}
        }
    }

    /// `module.exports = x`, `module.exports = { a, b: c }`, `exports.a = x`.
    fn common(&mut self, script: &Script<'_>, at: usize) {
        let (name, end) = script.dotted(at);
        if !script.is(end, b'=') || script.is(end + 1, b'=') {
            return;
        }
        let name = name.strip_prefix("module.").unwrap_or(&name);
        match name.strip_prefix("exports") {
            Some("") if script.is(end + 1, b'{') => {
                for entry in script.entries(end + 1).into_iter().filter(|entry| !entry.key.is_empty()) {
                    self.values.push((plain(entry.key), entry.value));
                }
            }
            Some("") => self.value(script, String::new(), end + 1),
            Some(outer) => self.value(script, plain(outer.trim_start_matches('.')), end + 1),
            None => {}
        }
    }

    fn value(&mut self, script: &Script<'_>, outer: String, start: usize) {
        // `module.exports = exports = x`
        self.values.push((outer, start..script.expression_end(start)));
    }

    /// The module and the name in it that a name of this file stands for.
    pub(crate) fn origin(&self, local: &str) -> Option<(&str, &str)> {
        let found = self.imports.iter().find(|import| import.local == local)?;
        Some((&found.module, &found.name))
    }
}

/// The names of `{ a, b as c, d: e, type f }`: the inner and the outer one.
fn listed(script: &Script<'_>, open: usize) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for item in script.items(open) {
        let start =
            if script.name(item.start) == "type" && item.len() > 1 && script.name(item.start + 1) != "as" {
                item.start + 1
            } else {
                item.start
            };
        let name = script.name(start);
        let other = if script.name(start + 1) == "as" || script.is(start + 1, b':') {
            script.name(start + 2)
        } else {
            name
        };
        if !name.is_empty() && !other.is_empty() {
            out.push((name.to_owned(), other.to_owned()));
        }
    }
    out
}

/// The default has no name.
fn plain(name: &str) -> String {
    if name == "default" { String::new() } else { name.to_owned() }
}

/// The file that a module's name stands for: a relative path, or one from a root by a usual alias.
pub(crate) fn resolve(from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let found = if module.starts_with('.') {
        file(&joined(folder, module)?, paths)
    } else {
        // `@/x`, `~/x` and `#/x` stand for the folder of the sources, `src/x` for that of the package.
        let below = ["@/", "~/", "#/", "#"].iter().find_map(|alias| module.strip_prefix(alias));
        let (below, roots) = match below {
            Some(below) => (below, &["src", "", "app"][..]),
            None if module.starts_with("src/") || module.starts_with("app/") => (module, &[""][..]),
            None => return None,
        };
        ancestors(folder)
            .find_map(|root| roots.iter().find_map(|sub| file(&join(&join(root, sub), below), paths)))
    };
    found.map(|at| Resolved { files: vec![at], name: None })
}

/// The folder itself, and each above it down to the root.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}

fn join(a: &str, b: &str) -> String {
    if a.is_empty() || b.is_empty() { format!("{a}{b}") } else { format!("{a}/{b}") }
}

/// A relative path from a folder; none where it leads out of the repository.
fn joined(folder: &str, module: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in module.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn file(path: &str, paths: &[&str]) -> Option<usize> {
    let is_there = |path: &str| paths.binary_search(&path).ok();
    let with_endings = |stem: &str| ENDINGS.iter().find_map(|ending| is_there(&format!("{stem}.{ending}")));
    let bare =
        path.strip_suffix(".js").or_else(|| path.strip_suffix(".mjs")).or_else(|| path.strip_suffix(".cjs"));
    is_there(path)
        .or_else(|| with_endings(path))
        .or_else(|| bare.and_then(with_endings))
        .or_else(|| with_endings(&join(path, "index")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(list: &[Import]) -> Vec<String> {
        list.iter().map(|i| format!("{}={}@{}", i.local, i.name, i.module)).collect()
    }

    #[test]
    fn imports() {
        for (text, expected) in [
            ("import a from './a'", vec!["a=@./a"]),
            (
                "import a, { b, c as d, type E, default as f } from './a'",
                vec!["a=@./a", "b=b@./a", "d=c@./a", "E=E@./a", "f=@./a"],
            ),
            ("import * as x from './x'", vec!["x=@./x"]),
            ("import './x'; const y = await import('./y')", vec![]),
            ("const x = require('./x')", vec!["require ./x=@./x", "x=@./x"]),
            ("const { a, b: c } = require('./x')", vec!["require ./x=@./x", "a=a@./x", "c=b@./x"]),
            ("const r = require('./x').router", vec!["require ./x=@./x", "r=router@./x"]),
        ] {
            assert_eq!(shown(&Modules::read(&Script::new(text)).imports), expected, "{text}");
        }
    }

    #[test]
    fn exports() {
        for (text, expected, values) in [
            (
                "export { a, b as c } from './a'; export * from './d'; export * as e from './e'",
                vec!["a=a@./a", "c=b@./a", "*=@./d", "e=@./e"],
                vec![],
            ),
            ("export { router as default, x }", vec!["=router@"], vec![]),
            ("export default router\nconst x = 1", vec![], vec!["=router"]),
            ("module.exports = { a, b: c() }", vec![], vec!["a=a", "b=c()"]),
            ("exports.orders = router;", vec![], vec!["orders=router"]),
            ("module.exports = router", vec![], vec!["=router"]),
        ] {
            let script = Script::new(text);
            let found = Modules::read(&script);
            assert_eq!(shown(&found.exports), expected, "{text}");
            let shown: Vec<String> = found
                .values
                .iter()
                .map(|(n, v)| format!("{n}={}", &text[script.ranges(v.clone())]))
                .collect();
            assert_eq!(shown, values, "{text}");
        }
    }

    #[test]
    fn modules_are_files() {
        let mut paths = [
            "src/app.ts",
            "src/orders/index.ts",
            "src/orders/items.routes.ts",
            "src/x.js",
            "web/src/lib/a.tsx",
        ];
        paths.sort_unstable();
        for (from, module, expected) in [
            ("src/app.ts", "./orders", Some("src/orders/index.ts")),
            ("src/app.ts", "./orders/items.routes", Some("src/orders/items.routes.ts")),
            ("src/app.ts", "./orders/items.routes.js", Some("src/orders/items.routes.ts")),
            ("src/orders/index.ts", "../x", Some("src/x.js")),
            ("src/orders/index.ts", "@/x", Some("src/x.js")),
            ("web/src/b/c/d.ts", "~/lib/a", Some("web/src/lib/a.tsx")),
            ("web/src/b.ts", "src/lib/a", Some("web/src/lib/a.tsx")),
            ("src/app.ts", "../../x", None),
            ("src/app.ts", "express", None),
        ] {
            let found = resolve(from, module, &paths).and_then(|r| r.files.first().map(|at| paths[*at]));
            assert_eq!(found, expected, "{module}");
        }
    }
}
