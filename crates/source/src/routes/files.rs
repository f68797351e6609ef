//! Routes that are files: Next.js, modules with an `api` folder, SvelteKit, Nuxt.

use super::{Resolved, RouteAdapter, RouteDecl, RouteFacts, Router};
use crate::javascript::{self, Kind, Modules, Script};
use crate::{Language, SourceFile};
use std::ops::Range;
use trueup_codebase::Method;

/// The adapter.
pub(crate) struct Files;

impl RouteAdapter for Files {
    fn name(&self) -> &'static str {
        "Next.js"
    }

    fn reads(&self, language: Language) -> bool {
        javascript::is_script(language)
    }

    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        layout(&file.path).is_some() && !is_test(file)
    }

    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        let layout = layout(&file.path)?;
        // Servers of all kinds have such folders; Nuxt's handlers are told by what makes them.
        if layout.framework == "Nuxt" && !file.has_any(&["ventHandler("]) {
            return None;
        }
        let script = &file.script();
        let handlers = handlers(file, script, &layout);
        if handlers.is_empty() {
            return None;
        }
        let path = overridden(file, script, &layout).unwrap_or_else(|| layout.path.clone());
        let routes = handlers.into_iter().map(|(method, place)| RouteDecl {
            method,
            path: path.clone(),
            place: file.place(place),
        });
        let router = Router { is_application: true, routes: routes.collect(), ..Router::default() };
        let (path, framework) = (file.path.clone(), layout.framework);
        Some(RouteFacts { path, framework, routers: vec![router], ..RouteFacts::default() })
    }

    fn resolve(&self, _: &str, _: &str, _: &[&str]) -> Option<Resolved> {
        None
    }
}

fn is_test(file: &SourceFile<'_>) -> bool {
    let folder = file.path.split('/').any(|part| matches!(part, "__tests__" | "__mocks__"));
    folder || [".test.", ".spec.", ".d.ts", ".stories."].iter().any(|part| file.name().contains(part))
}

/// What the place of a file says about its route.
#[derive(Debug, PartialEq)]
struct Layout {
    framework: &'static str,
    /// The path.
    path: String,
    /// Where a path that the file gives itself stands below.
    base: &'static str,
    exports: Exports,
}

/// How a file tells its methods.
#[derive(Debug, PartialEq)]
enum Exports {
    /// It exports a function for each method.
    Methods,
    /// Its default export answers to all, and may ask for the method.
    Default,
    /// Its place tells the method; any export is the handler.
    Told(Method),
}

fn layout(path: &str) -> Option<Layout> {
    let (stem, ending) = path.rsplit_once('.')?;
    let parts: Vec<&str> = stem.split('/').collect();
    let (name, folders) = parts.split_last()?;
    if *name == "route" && ending != "vue" {
        if let Some(found) = in_module(folders, &[]) {
            return Some(found);
        }
        return app(folders);
    }
    if *name == "+server" {
        let at = folders.iter().rposition(|part| *part == "routes")?;
        return Some(Layout {
            framework: "SvelteKit",
            path: next_path(folders.get(at + 1..)?),
            base: "",
            exports: Exports::Methods,
        });
    }
    pages(&parts).or_else(|| nuxt(&parts)).or_else(|| in_module(folders, &[name]))
}

/// `app/orders/[id]/route.ts`.
fn app(folders: &[&str]) -> Option<Layout> {
    let below_src = folders.windows(2).position(|pair| pair == ["src", "app"]).map(|at| at + 1);
    let at = below_src.or_else(|| folders.iter().position(|part| *part == "app"))?;
    let below = folders.get(at + 1..)?;
    // A folder that begins with `_` is no part of the routes.
    if below.iter().any(|part| part.starts_with('_')) {
        return None;
    }
    Some(Layout { framework: "Next.js", path: next_path(below), base: "", exports: Exports::Methods })
}

/// `pages/api/orders/[id].ts`.
fn pages(parts: &[&str]) -> Option<Layout> {
    let at = parts.windows(2).position(|pair| pair == ["pages", "api"])?;
    let below = parts.get(at + 1..)?;
    let below = below.strip_suffix(&["index"]).unwrap_or(below);
    Some(Layout { framework: "Next.js", path: next_path(below), base: "", exports: Exports::Default })
}

/// `server/api/orders/[id].get.ts`.
fn nuxt(parts: &[&str]) -> Option<Layout> {
    let (last, folders) = parts.split_last()?;
    let at = folders.windows(2).position(|pair| matches!(pair, ["server", "api" | "routes"]))?;
    let skipped = if folders.get(at + 1) == Some(&"routes") { 2 } else { 1 };
    let mut below = folders.get(at + skipped..)?.to_vec();
    let (name, method) = match last.rsplit_once('.') {
        Some((name, method)) => (name, Some(Method::from_name(method)?)),
        None => (*last, None),
    };
    if name != "index" {
        below.push(name);
    }
    let exports = method.map_or(Exports::Default, Exports::Told);
    Some(Layout { framework: "Nuxt", path: next_path(&below), base: "", exports })
}

/// `modules/<module>/api/…`: a folder with a `route` file, a file that exports methods, or the old form
/// with the method as the first folder.
fn in_module(folders: &[&str], name: &[&str]) -> Option<Layout> {
    let at = folders.windows(3).rposition(|part| matches!(part, ["modules", _, "api"]))?;
    let module = folders.get(at + 1)?;
    let below = folders.get(at + 3..)?;
    let told = below.first().and_then(|first| Method::from_name(first)).filter(|_| !name.is_empty());
    let below = if told.is_some() { below.get(1..)? } else { below };
    // Helpers stand beside the routes.
    if below.iter().chain(name).any(|part| part.starts_with('_')) {
        return None;
    }
    let name = name.strip_suffix(&["index"]).unwrap_or(name);
    let all: Vec<&str> =
        std::iter::once(*module).chain(below.iter().copied()).chain(name.iter().copied()).collect();
    Some(Layout {
        framework: "file routes",
        path: format!("/api{}", next_path(&all)),
        base: "/api",
        exports: told.map_or(Exports::Methods, Exports::Told),
    })
}

/// The path of folders: groups, slots and intercepted routes left out.
fn next_path(parts: &[&str]) -> String {
    let kept = parts.iter().filter(|part| !part.starts_with(['(', '@']));
    let mut out = String::new();
    for part in kept {
        out.push('/');
        // SvelteKit's matcher: `[id=integer]`.
        match part.split_once('=').filter(|_| part.starts_with('[')) {
            Some((name, _)) => out.push_str(&format!("{name}]")),
            None => out.push_str(part),
        }
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

/// The methods that a file answers to, with their places.
fn handlers(file: &SourceFile<'_>, script: &Script<'_>, layout: &Layout) -> Vec<(Method, Range<usize>)> {
    match layout.exports {
        Exports::Methods => exported(script),
        Exports::Told(method) => {
            let own = exported(script);
            if own.is_empty() {
                first_export(script).map(|place| (method, place)).into_iter().collect()
            } else {
                own
            }
        }
        Exports::Default => {
            let Some(place) = default_export(script) else { return Vec::new() };
            let asked = asked_methods(file, script);
            if asked.is_empty() { vec![(Method::Any, place)] } else { asked }
        }
    }
}

/// Methods that are exported: functions, constants, names of a destructuring, lists.
fn exported(script: &Script<'_>) -> Vec<(Method, Range<usize>)> {
    let mut out: Vec<(Method, Range<usize>)> = Vec::new();
    let mut add = |name: &str, at: usize| {
        let method = Method::from_name(name).filter(|method| method.name() == name);
        if let Some(method) = method.filter(|method| !out.iter().any(|(known, _)| known == method)) {
            out.push((method, script.range(at)));
        }
    };
    for at in 0..script.len() {
        if script.name(at) == "exports" && script.is_before(at, b'.') && script.is(at + 1, b'.') {
            add(script.name(at + 2), at + 2);
        }
        if script.name(at) != "export" || script.is_before(at, b'.') {
            continue;
        }
        let mut next = at + 1;
        while matches!(script.name(next), "async" | "function" | "const" | "let" | "var")
            || script.is(next, b'*')
        {
            next += 1;
        }
        match script.kind(next) {
            Some(Kind::Name) => add(script.name(next), next),
            Some(Kind::Mark(b'{')) => {
                for item in script.items(next) {
                    // `a as GET` and `post: POST` are seen as what stands last.
                    let renamed = script.name(item.start + 1) == "as" || script.is(item.start + 1, b':');
                    let at = if renamed { item.start + 2 } else { item.start };
                    add(script.name(at), at);
                }
            }
            _ => {}
        }
    }
    out
}

fn first_export(script: &Script<'_>) -> Option<Range<usize>> {
    let at = (0..script.len()).find(|at| {
        script.name(*at) == "export"
            && !matches!(script.name(at + 1), "type" | "interface")
            && script.name(at + 2) != "metadata"
    })?;
    Some(script.range(at))
}

fn default_export(script: &Script<'_>) -> Option<Range<usize>> {
    let modules = Modules::read(script);
    let (_, value) = modules.values.iter().find(|(outer, _)| outer.is_empty())?;
    Some(script.ranges(value.start..value.start + 1))
}

/// The methods that a handler compares with: `req.method === 'POST'`, `case 'POST':`.
fn asked_methods(file: &SourceFile<'_>, script: &Script<'_>) -> Vec<(Method, Range<usize>)> {
    let mut out: Vec<(Method, Range<usize>)> = Vec::new();
    if !file.has_any(&[".method", "method }"]) {
        return out;
    }
    for at in 1..script.len() {
        let Some(method) = script.literal(at).and_then(|text| Method::from_name(&text)) else { continue };
        // `!== 'POST'` turns all others away: that is the method it answers to, too.
        let compared = script.is_before(at, b'=') || script.name_before(at) == "case";
        let handled = script.is(at + 1, b':') && !script.is_before(at, b'?');
        if (compared || handled) && !out.iter().any(|(known, _)| *known == method) {
            out.push((method, script.range(at)));
        }
    }
    out
}

/// The path that a file gives itself: `export const metadata = { path: '/orders' }`.
fn overridden(file: &SourceFile<'_>, script: &Script<'_>, layout: &Layout) -> Option<String> {
    if layout.base.is_empty() || !file.has_any(&["metadata"]) {
        return None;
    }
    let at = (1..script.len()).find(|at| {
        script.name(*at) == "metadata"
            && matches!(script.name(at - 1), "const" | "let")
            && script.name(at.saturating_sub(2)) == "export"
    })?;
    let sign = (at..at + 24).find(|at| script.is(*at, b'='))?;
    let value = script.value_of(sign + 1, "path")?;
    let path = script.evaluate(&value, file.constants()).filter(|path| path.starts_with('/'))?;
    let whole =
        path == layout.base || path.strip_prefix(layout.base).is_some_and(|rest| rest.starts_with('/'));
    Some(if whole { path } else { format!("{}{path}", layout.base) })
}

#[cfg(test)]
mod tests {
    use crate::tests::{code, routes};

    fn check(path: &str, text: &str, expected: &[&str]) {
        assert_eq!(routes(&[(path, text)]), expected, "{path}\n{text}");
    }

    #[test]
    fn next_app() {
        check(
            "app/api/orders/route.ts",
            "export async function GET() {}\nexport const POST = handler",
            &["GET /api/orders", "POST /api/orders"],
        );
        check(
            "apps/web/src/app/(shop)/@modal/orders/[id]/route.js",
            "export { GET, remove as DELETE } from './x'",
            &["GET /orders/{id}", "DELETE /orders/{id}"],
        );
        check(
            "src/app/docs/[[...slug]]/route.tsx",
            "export const { GET, post: POST } = handlers",
            &["GET /docs/{*slug}", "POST /docs/{*slug}"],
        );
        check("app/_private/route.ts", "export function GET() {}", &[]);
        check("app/orders/route.test.ts", "export function GET() {}", &[]);
        check(
            "app/orders/route.ts",
            "const GET = 1; export const dynamic = 'x'; export type PUT = 1; import { POST } from 'x'",
            &[],
        );
        check("app/route.ts", "const h = 1\nexport { h as GET, h as PUT }", &["GET /", "PUT /"]);
    }

    #[test]
    fn next_pages() {
        check(
            "pages/api/orders/[id].ts",
            "export default function handler(req, res) { if (req.method === 'GET') {} else if (req.method !== \"PUT\") {} }",
            &["GET /api/orders/{id}", "PUT /api/orders/{id}"],
        );
        check("src/pages/api/index.js", "export default async (req, res) => res.json({})", &["* /api"]);
        check(
            "pages/api/x.js",
            "module.exports = (req, res) => { switch (req.method) { case 'POST': break } }",
            &["POST /api/x"],
        );
        check("pages/api/helper.ts", "export const a = 1", &[]);
        check("pages/orders.tsx", "export default () => null", &[]);
    }

    #[test]
    fn modules() {
        check(
            "packages/core/src/modules/orders/api/items/[id]/route.ts",
            "export const metadata = { GET: { requireAuth: true } }\nexport async function GET() {}\nconst crud = make({})\nexport const { POST, DELETE } = crud",
            &["GET /api/orders/items/{id}", "POST /api/orders/items/{id}", "DELETE /api/orders/items/{id}"],
        );
        check(
            "src/modules/orders/api/lines.ts",
            "export async function PUT() {}",
            &["PUT /api/orders/lines"],
        );
        check("src/modules/orders/api/route.ts", "export function GET() {}", &["GET /api/orders"]);
        check(
            "src/modules/auth/api/post/login.ts",
            "export const metadata = { path: '/auth/sign-in' }\nexport default async function handler() {}",
            &["POST /api/auth/sign-in"],
        );
        check(
            "src/modules/auth/api/login/route.ts",
            "export const metadata: M = { path: '/api/in' }\nexport async function POST() {}",
            &["POST /api/in"],
        );
        check("src/modules/orders/api/helpers.ts", "export function list() {}", &[]);
        check("src/modules/orders/api/_shared.ts", "export function GET() {}", &[]);
    }

    #[test]
    fn svelte_and_nuxt() {
        check(
            "src/routes/orders/[id=integer]/+server.ts",
            "export const GET = () => {}",
            &["GET /orders/{id}"],
        );
        check(
            "server/api/orders/[id].delete.ts",
            "export default defineEventHandler(() => {})",
            &["DELETE /api/orders/{id}"],
        );
        check(
            "server/api/orders/index.ts",
            "export default defineEventHandler(() => {})",
            &["* /api/orders"],
        );
        check("server/api/orders.js", "const router = Router(); export default router", &[]);
        check("server/routes/health.get.ts", "export default eventHandler(() => 1)", &["GET /health"]);
    }

    #[test]
    fn a_method_has_its_place() {
        let text = "// x\nexport async function GET() {}\n\nexport const POST = 1\n";
        let code = code(&[("app/a/route.ts", text)]);
        let places: Vec<_> = code.routes.iter().map(|r| (r.place.line, r.place.span.text(text))).collect();
        assert_eq!(places, [(2, "GET"), (4, "POST")]);
    }
}
