use super::*;
use crate::routes::Resolved;
use crate::{Language, MountDecl, RouteDecl, SourceFile};
use trueup_codebase::{CodePlace, Method};

/// A framework whose modules are paths without their ending.
struct Plain;

impl RouteAdapter for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }
    fn reads(&self, _: Language) -> bool {
        true
    }
    fn may_hold(&self, _: &SourceFile<'_>) -> bool {
        true
    }
    fn read(&self, _: &SourceFile<'_>) -> Option<RouteFacts> {
        None
    }
    fn resolve(&self, _: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
        let at = paths.iter().position(|path| path.strip_suffix(".x") == Some(module))?;
        Some(Resolved { files: vec![at], name: None })
    }
}

fn place(path: &str) -> CodePlace {
    CodePlace { path: path.into(), span: (0..0).into(), line: 1 }
}

/// A router from `name prefix!: /route … /prefix>target …`; a `!` marks an application.
fn router(path: &str, text: &str) -> Router {
    let mut out = Router::default();
    let (head, body) = text.split_once(':').expect("a head");
    out.is_application = head.ends_with('!');
    let mut head = head.trim_end_matches('!').split(' ');
    out.name = head.next().unwrap_or("").into();
    out.prefix = head.next().unwrap_or("").into();
    for word in body.split_whitespace() {
        match word.split_once('>') {
            Some((prefix, target)) => {
                out.mounts.push(MountDecl::new(prefix, target, place(path)));
            }
            None => out.routes.push(RouteDecl { method: Method::Get, path: word.into(), place: place(path) }),
        }
    }
    out
}

/// A file: routers, and imports or exports as `local=name@module`.
fn file(path: &str, routers: &[&str], imports: &[&str], exports: &[&str]) -> FileFacts {
    let names = |texts: &[&str]| {
        let one = |text: &&str| {
            let (local, rest) = text.split_once('=').expect("a name");
            let (name, module) = rest.split_once('@').expect("a module");
            Import { local: local.into(), name: name.into(), module: module.into() }
        };
        texts.iter().map(one).collect::<Vec<_>>()
    };
    let facts = RouteFacts {
        path: path.into(),
        framework: "plain",
        routers: routers.iter().map(|text| router(path, text)).collect(),
        imports: names(imports),
        exports: names(exports),
        adapter: 0,
    };
    FileFacts { path: path.into(), routes: vec![facts], ..FileFacts::default() }
}

fn check(files: &[FileFacts], options: &Options, expected: &[&str]) {
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_ref()).collect();
    let facts = files.iter().enumerate().map(|(at, file)| (at, &file.routes[0])).collect();
    let mut found: Vec<String> = Graph::new(&Plain, facts, &paths)
        .routes(options)
        .0
        .iter()
        .map(|route| format!("{}{}", if route.whole { "" } else { "~" }, route.path))
        .collect();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn routers_over_files() {
    let files = [
        file(
            "app.x",
            &["app!: /health /api>orders.router /two>both"],
            &["orders=@orders", "both=all@index"],
            &[],
        ),
        file("index.x", &[], &[], &["all=@items", "*=*@more"]),
        file("items.x", &["list /items: /{id}"], &[], &["=list@"]),
        file("orders.x", &["router: / /new /in>inner", "inner: /deep", "alone: /alone"], &[], &[]),
    ];
    let expected = ["/api", "/api/in/deep", "/api/new", "/health", "/two/items/{id}", "~/alone"];
    check(&files, &Options::default(), &expected);
}

#[test]
fn nothing_mounted_is_whole() {
    let files = [file("a.x", &["r: /a"], &[], &[]), file("b.x", &["r: /b"], &[], &[])];
    let options = Options { mounts: vec![("b.x".into(), "/front".into())], ..Options::default() };
    check(&files, &options, &["/a", "/front/b"]);
}

#[test]
fn unknown_fronts_are_said() {
    let files = [file("a.x", &["app!: /a \u{2026}/b \u{2026}/c>r", "r: /d"], &[], &[])];
    check(&files, &Options::default(), &["/a", "~/b", "~/c/d"]);
}

#[test]
fn views_count_where_they_are_mounted() {
    let mut files = [
        file("urls.x", &["app!: /orders>orders.List /users>users.List"], &["orders=@views"], &[]),
        file("views.x", &["List: /", "Other: /other"], &[], &[]),
    ];
    files[1].routes[0].routers.iter_mut().for_each(|router| router.is_view = true);
    let otherwise = RouteDecl { method: Method::Any, path: "/any".into(), place: place("urls.x") };
    for mount in &mut files[0].routes[0].routers[0].mounts {
        mount.otherwise = vec![otherwise.clone()];
    }
    check(&files, &Options::default(), &["/orders", "/users/any"]);
}

#[test]
fn routers_of_other_files_are_added_to() {
    let mut files = [
        file("app.x", &["app!: /", "list /list: /a"], &[], &[]),
        file(
            "orders.x",
            &["app: /orders /p>list", "gone: /gone"],
            &["app=app@app", "gone=gone@no", "list=list@app"],
            &[],
        ),
    ];
    files[1].routes[0].routers.iter_mut().for_each(|router| router.extends = true);
    check(&files, &Options::default(), &["/", "/orders", "/p/list/a"]);
    files[1].routes[0].routers[0].mounts[0].replaces_prefix = true;
    check(&files, &Options::default(), &["/", "/orders", "/p/a"]);
}

#[test]
fn circles_end() {
    let files = [
        file("a.x", &["a: /a /x>b", "b: /b /y>a", "c!: /c /z>c /z>a"], &["q=q@b"], &["q=q@", "r=r@b"]),
        file("b.x", &["d!: />q />r"], &["q=q@a", "r=r@a"], &["*=*@b", "*=*@a"]),
    ];
    check(&files, &Options::default(), &["/c", "/z/a", "/z/x/b"]);
}

#[test]
fn a_tangle_ends() {
    let routers: Vec<String> = (0..40)
        .map(|n| format!("r{n}{}: /e{n} /a>r{} /b>r{}", if n == 0 { "!" } else { "" }, n + 1, n + 1))
        .collect();
    let routers: Vec<&str> = routers.iter().map(String::as_str).collect();
    let files = [file("a.x", &routers, &[], &[])];
    let paths = ["a.x"];
    let facts = std::iter::once((0, &files[0].routes[0])).collect();
    assert!(Graph::new(&Plain, facts, &paths).routes(&Options::default()).0.len() <= MOST_ROUTES);
}

#[test]
fn names_that_stand_for_each_other_end() {
    // As in a bundle: each of thirty names stands for each other one, and none for a router.
    let names: Vec<String> = (0..30).map(|n| format!("n{n}")).collect();
    let pairs = names.iter().flat_map(|a| names.iter().map(move |b| format!("{a}={b}@")));
    let pairs: Vec<String> = pairs.collect();
    let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
    let others = ["n0=n1@b", "n1=n0@a"];
    let files = [
        file("a.x", &["app!: /a /x>n0 /y>n1 /z>n2.more"], &pairs, &others),
        file("b.x", &["r: /r"], &pairs, &others),
        file("c.x", &["s!: /s /t>r"], &["r=n3@d"], &[]),
        file("d.x", &["d: /d"], &[&pairs[..], &["n3=d@"]].concat(), &["n3=n4@"]),
    ];
    check(&files, &Options::default(), &["/a", "/s", "/t/d", "~/r"]);
}

#[test]
fn what_nobody_could_read_is_said() {
    let mut files = [file("a.x", &["app!: /a /api>r", "r: /in /gone>gone /here>h", "h: /h"], &[], &[])];
    let rest = RouteDecl { method: Method::Any, path: "/{rest:path}".into(), place: place("a.x") };
    for router in &mut files[0].routes[0].routers {
        router.mounts.iter_mut().for_each(|mount| mount.otherwise = vec![rest.clone()]);
    }
    let facts = std::iter::once((0, &files[0].routes[0])).collect();
    let (_, unread) = Graph::new(&Plain, facts, &["a.x"]).routes(&Options::default());
    let shown: Vec<String> = unread.iter().map(|u| format!("{} {}", u.below, u.whole)).collect();
    assert_eq!(shown, ["/api/gone true"]);
}

#[test]
fn modules_that_hand_each_other_on_are_gone_through_once() {
    // Each of them leads to all others, so that there are more ways than anybody can go.
    let exports: Vec<String> = (0..40).map(|n| format!("*=*@m{n}")).collect();
    let exports: Vec<&str> = exports.iter().map(String::as_str).collect();
    let mut files: Vec<FileFacts> = (0..40).map(|n| file(&format!("m{n}.x"), &[], &[], &exports)).collect();
    files.insert(0, file("a.x", &["c!: /c /x>gone /y>orders"], &["gone=gone@m0", "orders=orders@m0"], &[]));
    files.push(file("orders.x", &["orders: /o"], &[], &[]));
    if let Some(last) = files.get_mut(40) {
        last.routes[0].exports.push(Import { local: "*".into(), name: "*".into(), module: "orders".into() });
    }
    check(&files, &Options::default(), &["/c", "/y/o"]);
}
