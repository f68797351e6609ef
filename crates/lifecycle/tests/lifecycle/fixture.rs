//! A repository with specs in every state.

use std::collections::BTreeMap;
use std::path::Path;
use trueup_engine::{OpenOptions, Workspace};
use trueup_evidence::Person;
use trueup_lifecycle::{Action, Failure, Outcome, Renamed, Renaming, Request, begin, rename, transition};
use trueup_model::Date;
use trueup_testkit::Repository;

const CONFIG: &str = "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n";

const TEMPLATE: &str = "# SPEC-XXX: [Title]\n\n**Status:** <Draft • In review • Approved • Implemented • Parked • Superseded>\n**Owner:** <name>\n\n## Overview\n[What it is]\n\n## Changelog\n- 2026-01-01: Draft created\n";

/// A spec with a status and a text.
pub fn spec(number: u32, title: &str, status: &str, text: &str) -> String {
    format!(
        "# SPEC-{number:03}: {title}\n\n**Status:** {status}\n**Owner:** Ann\n\n## Overview\n{text}\n\n## Changelog\n- 2026-01-01: Draft created\n- 2026-01-02: {status}\n"
    )
}

/// Specs in all states, an index, and a page that links to them; nobody needs to approve.
pub fn repository() -> Repository {
    let index = "# Specs\n\n| Spec | Status |\n|---|---|\n| [SPEC-001](SPEC-001-orders.md) | Draft |\n| [SPEC-002](SPEC-002-returns.md) | In review |\n| [SPEC-003](SPEC-003-refunds.md) | Approved |\n| [SPEC-004](SPEC-004-stock.md) | Parked |\n| [SPEC-005](implemented/SPEC-005-carts.md) | Implemented |\n";
    let files = [
        ("trueup.toml", format!("{CONFIG}\n[lifecycle.approvals]\ncount = 0\n")),
        ("template.md", TEMPLATE.to_owned()),
        ("specs/README.md", index.to_owned()),
        (
            "docs/guide.md",
            "# Guide\n\nSee [refunds](../specs/SPEC-003-refunds.md#overview) of SPEC-003.\n".to_owned(),
        ),
        ("specs/SPEC-001-orders.md", spec(1, "Orders", "Draft", "Orders are placed.")),
        (
            "specs/SPEC-002-returns.md",
            spec(2, "Returns", "In review", "Goods of [orders](SPEC-001-orders.md) come back."),
        ),
        (
            "specs/SPEC-003-refunds.md",
            spec(3, "Refunds", "Approved", "Money of [returns](SPEC-002-returns.md) goes back."),
        ),
        ("specs/SPEC-004-stock.md", spec(4, "Stock", "Parked", "What is left is counted.")),
        (
            "specs/implemented/SPEC-005-carts.md",
            spec(5, "Carts", "Implemented", "Goods are collected for [orders](../SPEC-001-orders.md)."),
        ),
    ];
    Repository::new(&files)
}

/// Somebody who wrote none of the specs.
pub fn bob() -> Person {
    Person { name: "Bob".to_owned(), email: "bob@example.com".to_owned() }
}

/// Opens a repository on the day of the tests.
pub fn open(root: &Path) -> Workspace {
    let mut workspace = Workspace::open(root, &OpenOptions::default()).unwrap();
    workspace.world.today = Date::new(2026, 6, 15);
    workspace
}

/// A step as the command makes it; `before` is called before each thing that is done to the disk.
pub fn step(
    root: &Path,
    action: Action,
    path: &str,
    successor: Option<&str>,
    change: impl FnOnce(&mut Request<'_>),
    before: &mut dyn FnMut(&str),
) -> Result<Outcome, Failure> {
    let command = format!("{} {path}", action.key());
    let session = begin(root, &command)?;
    let workspace = open(root);
    let mut request = Request {
        action,
        path,
        command: &command,
        by: bob(),
        why: None,
        until: None,
        successor,
        again: false,
        allow_dirty: false,
        dry_run: false,
        commit: false,
        signer: None,
    };
    change(&mut request);
    transition(Some(&session), &workspace, &trueup_rules::all(), &request, before)
}

/// A renaming as the command makes it.
pub fn renamed(
    root: &Path,
    path: &str,
    new: &str,
    title: Option<&str>,
    before: &mut dyn FnMut(&str),
) -> Result<Renamed, Failure> {
    let command = format!("rename {path} {new}");
    let session = begin(root, &command)?;
    let workspace = open(root);
    let renaming = Renaming {
        path,
        command: &command,
        new,
        title,
        by: bob(),
        allow_dirty: false,
        dry_run: false,
        commit: false,
    };
    rename(Some(&session), &workspace, &renaming, before)
}

/// What a failure says.
pub fn told(failure: Failure) -> String {
    match failure {
        Failure::Refused(report) => {
            report.reasons.iter().map(|r| r.what.as_str()).collect::<Vec<_>>().join("\n")
        }
        Failure::Stopped { what, help } => format!("{what}\n{}", help.join("\n")),
    }
}

/// All files but the journal, byte for byte; of the ledgers only how many lines they have, and digests as `DIGEST`.
pub fn files(root: &Path, exact: bool) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != ".trueup/journal" && name != ".git" {
                    open.push(path);
                }
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = match name.starts_with(".trueup/evidence") && !name.ends_with(".gitattributes") {
                true if !exact => format!("{} lines", text.lines().count()),
                _ if !exact => without_digests(&text),
                _ => text,
            };
            out.insert(name, text);
        }
    }
    out
}

fn without_digests(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("(evidence ") {
        let end = rest[at..].find(')').map_or(rest.len(), |e| at + e);
        out.push_str(&rest[..at]);
        out.push_str("(evidence DIGEST");
        rest = &rest[end..];
    }
    out + rest
}
