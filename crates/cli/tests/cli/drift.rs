//! `drift`: what specs promise against the code, and the code against the specs; `index --write`.

use crate::repository::Repository;
use std::process::Command;

const ROUTE: &str = "apps/web/app/api/wishlist/share-links/route.ts";
const FILE: &str = "services/orders/orders/routers/shipments.py";
const SPEC: &str = "SPEC-004";

fn git(repository: &Repository, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository.path(""))
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments)
        .output()
        .expect("git");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn spec(title: &str, path: &str) -> String {
    format!(
        "# {title}\n\n**Status:** Implemented\n**Created:** 2026-01-01\n\n## TLDR\n\nOrders.\n\n## Overview\n\nOrders.\n\n## API Contracts\n\n### `GET {path}`\n\nList.\n\n## Changelog\n\n- 2026-01-01: made\n"
    )
}

fn commit(repository: &Repository, message: &str) {
    git(repository, &["add", "-A"]);
    git(repository, &["commit", "-qm", message]);
}

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

#[test]
fn what_was_reviewed_is_found_again_under_any_name() {
    let repository = Repository::empty();
    repository
        .write("trueup.toml", "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"builtin:architecture\"\n");
    // Two specs of one ID, one without an ID, one that moves.
    repository.write("specs/SPEC-007-alpha.md", &spec("SPEC-007: Alpha", "/api/alpha"));
    repository.write("specs/SPEC-007-beta.md", &spec("SPEC-007: Beta", "/api/beta"));
    repository.write("specs/my-feature.md", &spec("My feature", "/api/feature"));
    repository.write("specs/SPEC-008-gamma.md", &spec("SPEC-008: Gamma", "/api/gamma"));
    repository.write("src/app.js", "const app = require('express')()\napp.get('/api/other', handler)\n");
    git(&repository, &["init", "-q", "-b", "main"]);
    git(&repository, &["config", "user.name", "Ada"]);
    git(&repository, &["config", "user.email", "ada@example.org"]);
    commit(&repository, "begin");
    repository.run(&["drift", "--since-review"]).exits(1).says("GET /api/alpha");
    for path in ["specs/SPEC-007-alpha.md", "specs/my-feature.md", "specs/SPEC-008-gamma.md"] {
        repository.run(&["review", path, "--done"]).exits(0);
    }
    std::fs::create_dir_all(repository.path("specs/implemented")).expect("a folder");
    git(&repository, &["mv", "specs/SPEC-008-gamma.md", "specs/implemented/SPEC-008-gamma.md"]);
    commit(&repository, "move");
    let ran = repository.run(&["drift", "--since-review"]).exits(1);
    let ran = ran.says("GET /api/beta");
    for seen in ["GET /api/alpha", "GET /api/feature", "GET /api/gamma"] {
        assert!(!ran.out.contains(seen), "{seen} was reviewed:\n{}", ran.out);
    }
}

#[test]
fn an_index_is_up_to_date_when_it_says_so() {
    let repository = Repository::empty();
    repository
        .write("trueup.toml", "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"builtin:architecture\"\n");
    for name in ["SPEC-001-a", "SPEC-002-b", "SPEC-003-c"] {
        repository.write(&format!("specs/{name}.md"), &spec(&format!("{name}: Title | {name}"), "/api/a"));
    }
    repository.write(
        "specs/README.md",
        "# Specs\n\n## Pending\n\n| Title | Status |\n|-|-|\n| [Title](SPEC-001-a.md) | Draft |\n\n## Implemented\n\n| Title | Status |\n|-|-|\n| [Title](SPEC-002-b.md) | Implemented |\n",
    );
    repository.run(&["index", "--write"]).exits(0).tells("is now up to date");
    let written = repository.read("specs/README.md");
    assert!(!written.contains("Draft") && written.contains("\\|"), "{written}");
    repository.run(&["index"]).exits(0).says("it is up to date");
    repository.run(&["index", "--write"]).exits(0);
    assert_eq!(repository.read("specs/README.md"), written);
}
