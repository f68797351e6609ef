//! `drift`: what specs promise against the code, and the code against the specs.

use crate::repository::Repository;

const ROUTE: &str = "apps/web/app/api/wishlist/share-links/route.ts";
const FILE: &str = "services/orders/orders/routers/shipments.py";
const SPEC: &str = "SPEC-004";

#[test]
fn the_code_is_as_promised_until_it_changes() {
    let repository = Repository::of_example("marketplace");
    repository.run(&["drift"]).exits(0).says("promised");
    repository.run(&["drift", SPEC, "--all"]).exits(0).says("/api/wishlist/share-links").says("proven");
    let text = repository.read(ROUTE);
    repository.write(ROUTE, &text.replace("function POST", "function PUT"));
    repository.run(&["drift"]).exits(1).says("/api/wishlist/share-links");
    repository.run(&["drift", "--kind", "events"]).exits(0);
    repository
        .run(&["drift", "--format", "markdown", "--kind", "endpoints"])
        .exits(1)
        .says("| Line | Kind |");
    repository.write("apps/web/app/api/gifts/route.ts", "export async function GET() { return null }\n");
    repository.run(&["drift", "--unpromised"]).exits(0).says("GET /api/gifts");
    repository.run(&["drift", "nowhere"]).exits(2).tells("nowhere");
    repository.run(&["drift", "--kind", "wishes"]).exits(2).tells("endpoints");
}

#[test]
fn paths_are_held_against_a_list_of_them() {
    let repository = Repository::of_example("marketplace");
    let listed = |without: &str| -> String {
        let files = repository.snapshot().into_iter().map(|(path, _)| path);
        let root = repository.path("");
        let paths = files.filter_map(|path| Some(path.strip_prefix(&root).ok()?.to_str()?.to_owned()));
        paths.filter(|path| path != without).map(|path| format!("{path}\n")).collect()
    };
    repository.write("paths.txt", &listed(""));
    repository.run(&["drift", "--tree", "paths.txt", "--kind", "paths"]).exits(0).says("paths");
    repository.write("paths.txt", &listed(FILE));
    repository.run(&["drift", "--tree", "paths.txt", "--kind", "paths"]).exits(1).says(FILE);
    repository.run(&["drift", "--tree", "none.txt"]).exits(2).tells("none.txt");
}
