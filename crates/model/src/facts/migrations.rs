//! The plan for data: schema deltas, backfills, snapshots, and the migrations that it names.

use super::item::{is_none, is_unfilled};
use super::reader::Reader;
use super::support::{Piece, Text, Turn, is_templates, pieces, said, says_none, section_says_none};
use memchr::memmem::Finder;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;
use trueup_markdown::{Kind, NodeId};
use trueup_text::Span;

/// A migration that a spec names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Migration {
    /// The file's name or path as written.
    pub name: String,
    /// Its number (`V003` is 3), where it has one.
    pub number: Option<u32>,
    /// Where it stands.
    pub span: Span,
}

/// What a spec says of its migrations.
#[derive(Clone, Debug, Default)]
pub struct MigrationPlan {
    /// Migrations by name.
    pub migrations: Vec<Migration>,
    /// What changes in the schema.
    pub schema_deltas: Option<Text>,
    /// The expand phase.
    pub expand: Option<Text>,
    /// The migrate phase.
    pub migrate: Option<Text>,
    /// The contract phase.
    pub contract: Option<Text>,
    /// How data is filled in.
    pub backfill: Option<Text>,
    /// How to go back: snapshots, rollbacks.
    pub rollback: Option<Text>,
    /// The sentence that says that there are none.
    pub none: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Any,
    Deltas,
    Expand,
    Migrate,
    Contract,
    Backfill,
    Rollback,
}

/// Kinds of sections in which a file's name means a migration of this spec.
const NAMED_IN: &[&str] = &["migration", "manifest", "data-models", "plan"];

/// Reads the plan for data.
pub(crate) fn read(reader: &Reader<'_>) -> MigrationPlan {
    let document = reader.document;
    let sections = reader.sections("migration");
    let mut out = MigrationPlan {
        migrations: named(reader),
        sections: sections.iter().map(|id| document.section(*id).title_span).collect(),
        ..MigrationPlan::default()
    };
    for section in &sections {
        let first = reader.blocks_below(*section).first().map(|(_, block)| *block);
        if let Some(block) = first.filter(|_| out.none.is_none() && section_says_none(reader, *section)) {
            out.none = Some(Text::of(document, block));
        }
    }
    let inside: Vec<_> = sections.iter().flat_map(|id| reader.territory(*id)).collect();
    let of_title = |id| match inside.binary_search(&id) {
        Ok(_) => Turn::Opens(topic_of(&document.section(id).normal.core).unwrap_or(Topic::Any)),
        Err(_) => Turn::Leaves,
    };
    for found in pieces(reader, of_title, topic_of) {
        let text = match found.piece {
            Piece::Value(text) => text,
            Piece::Paragraph(node) | Piece::Item(_, node) => Text::of(document, node),
            _ => continue,
        };
        let here = reader.sections_contain("migration", text.span);
        if here && !is_unfilled(&text.text) && !is_templates(reader, text.span) {
            put(reader.text(), &mut out, found.topic, text);
        }
    }
    out
}

fn topic_of(label: &str) -> Option<Topic> {
    let begins = |w: &str| label.strip_prefix(w).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let any = |words: &[&str]| words.iter().any(|w| begins(w));
    match label.split(' ').next().unwrap_or("") {
        "schema" | "ddl" | "database" => Some(Topic::Deltas),
        "sql" | "db" if any(&["sql migration", "db migration", "db migrations"]) => Some(Topic::Deltas),
        "expand" => Some(Topic::Expand),
        "migrate" if label == "migrate" || any(&["migrate phase", "migrate step"]) => Some(Topic::Migrate),
        "contract" if label == "contract" || any(&["contract phase", "contract step"]) => {
            Some(Topic::Contract)
        }
        "backfill" | "backfills" | "dml" => Some(Topic::Backfill),
        "data" if any(&["data backfill", "data migration"]) => Some(Topic::Backfill),
        "snapshots" | "snapshot" | "rollback" | "rollbacks" => Some(Topic::Rollback),
        _ => None,
    }
}

fn put(source: &str, out: &mut MigrationPlan, topic: Topic, text: Text) {
    match topic {
        Topic::Deltas => {
            phases(source, &text, out);
            add(&mut out.schema_deltas, text);
        }
        Topic::Expand => add(&mut out.expand, text),
        Topic::Migrate => add(&mut out.migrate, text),
        Topic::Contract => add(&mut out.contract, text),
        Topic::Backfill => add(&mut out.backfill, text),
        Topic::Rollback => add(&mut out.rollback, text),
        Topic::Any => {
            // "No database migration." among other bullets says so as well.
            let says = says_none(&text.text)
                && !is_none(&text.text)
                && text.text.to_lowercase().contains("migration");
            if says && out.none.is_none() && out.migrations.is_empty() {
                out.none = Some(text);
            } else {
                phases(source, &text, out);
            }
        }
    }
}

fn add(slot: &mut Option<Text>, text: Text) {
    match slot {
        None => *slot = Some(text),
        Some(there) => {
            there.text.push(' ');
            there.text.push_str(&text.text);
            there.span = there.span.cover(text.span);
        }
    }
}

/// `Expand in …: …. Migrate: …. Contract: …` inside one text.
fn phases(source: &str, text: &Text, out: &mut MigrationPlan) {
    let written = text.span.text(source);
    let Some(expand) = phase_at(written, "Expand", 0) else { return };
    let migrate = phase_at(written, "Migrate", expand + 1);
    // "Expand → Migrate → Contract" names the plan and gives none.
    let between = migrate.and_then(|to| written.get(expand + "Expand".len()..to)).unwrap_or_default();
    if between.trim().starts_with(['→', '-', '>', '/', '–']) {
        return;
    }
    let contract = phase_at(written, "Contract", migrate.unwrap_or(expand) + 1);
    if migrate.is_none() && contract.is_none() {
        return;
    }
    let slice = |phase: &str, from: usize, to: usize| {
        let part = written.get(from + phase.len()..to).unwrap_or_default();
        let lead = part.len() - part.trim_start_matches([':', '*', ' ', '—', '–']).len();
        let bare = part.trim_end_matches(['*', '→', '-', ' ', '\n', '\r']);
        let told = bare.get(lead..)?;
        let start = from + phase.len() + lead;
        let span = Span::new(start, start + told.len()).shifted(text.span.start as usize);
        told.contains(char::is_alphabetic).then(|| Text { text: said(told), span })
    };
    let end = written.len();
    if out.expand.is_none() {
        out.expand = slice("Expand", expand, migrate.or(contract).unwrap_or(end));
    }
    if let Some(from) = migrate.filter(|_| out.migrate.is_none()) {
        out.migrate = slice("Migrate", from, contract.unwrap_or(end));
    }
    if let Some(from) = contract.filter(|_| out.contract.is_none()) {
        out.contract = slice("Contract", from, end);
    }
}

/// Where a phase begins: its name with a capital letter, as a word.
fn phase_at(text: &str, name: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = text.get(at..)?.find(name) {
        let start = at + found;
        let after = text[start + name.len()..].chars().next();
        let before = text[..start].chars().next_back();
        if !after.is_some_and(char::is_alphanumeric) && !before.is_some_and(char::is_alphanumeric) {
            return Some(start);
        }
        at = start + name.len();
    }
    None
}

/// Migrations by the names of their files, each once.
fn named(reader: &Reader<'_>) -> Vec<Migration> {
    let document = reader.document;
    let mut out = Vec::new();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let found = pieces_of_kinds(reader);
    for block in found {
        if !may_name(document.source(block)) || is_templates(reader, document.content_span(block)) {
            continue;
        }
        for node in std::iter::once(block).chain(document.descendants(block)) {
            let span = document.span(node);
            let whole = document.kind(node) == Kind::InlineCode;
            if !whole && document.kind(node) != Kind::Text || !may_name(span.text(document.text())) {
                continue;
            }
            names_in(span.text(document.text()), span.start as usize, whole, &mut |name, number, span| {
                if seen.insert(base(name).to_owned()) {
                    out.push(Migration { name: name.to_owned(), number, span });
                }
            });
        }
    }
    out
}

/// Whether a name of a migration may stand in a text: most hold none.
fn may_name(text: &str) -> bool {
    MARKS.iter().any(|mark| mark.find(text.as_bytes()).is_some())
}

/// One of these is in each name of a migration.
static MARKS: LazyLock<[Finder<'static>; 3]> =
    LazyLock::new(|| [Finder::new("igration"), Finder::new(".sql"), Finder::new("__")]);

fn pieces_of_kinds(reader: &Reader<'_>) -> Vec<NodeId> {
    let mut sections: Vec<_> = NAMED_IN.iter().flat_map(|kind| reader.sections(kind)).collect();
    sections.sort_unstable();
    let mut blocks: Vec<NodeId> =
        sections.into_iter().flat_map(|id| reader.blocks_below(id)).map(|(_, block)| block).collect();
    // A manifest inside a plan would be read twice.
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Hands out every word that names a migration's file.
fn names_in(text: &str, at: usize, in_code: bool, found: &mut impl FnMut(&str, Option<u32>, Span)) {
    let is_part = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '_' | '-' | '.' | '/' | '<' | '>' | '*' | '{' | '}' | '[' | ']' | '@' | '…')
    };
    let mut from = 0;
    for word in text.split(|c: char| !is_part(c)) {
        let start = from + text[from..].find(word).unwrap_or(0);
        from = start + word.len();
        let name = word.trim_end_matches(['.', '…']);
        if let Some(number) = migration_number(name, in_code) {
            found(name, number, Span::new(at + start, at + start + name.len()));
        }
    }
}

/// Whether a path names a migration's file, and its number if it has one.
fn migration_number(path: &str, in_code: bool) -> Option<Option<u32>> {
    if !may_name(path) || path.contains(['<', '>', '*', '{', '}', '[', ']', '…']) || path.contains("...") {
        return None;
    }
    let file = base(path);
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let known = matches!(extension, "sql" | "ts" | "js" | "py" | "rb" | "php" | "mjs");
    let snapshot = stem.starts_with('.') || stem.contains("snapshot");
    if stem.ends_with(".test") || stem.ends_with(".spec") {
        return None;
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    // `V003__add.sql`; without the ending only where the name is complete otherwise.
    if let Some(rest) = stem.strip_prefix('V')
        && digits(rest) > 0
        && rest[digits(rest)..].strip_prefix("__").is_some_and(|name| !name.is_empty())
        && (known || extension.is_empty() && in_code)
    {
        return Some(rest[..digits(rest)].parse().ok());
    }
    if let Some(rest) = stem.strip_prefix("Migration")
        && digits(rest) >= 8
        && (known || extension.is_empty())
    {
        return Some(None);
    }
    let count = digits(stem);
    let separated = stem[count..].starts_with(['_', '-']) && stem.len() > count + 1;
    let numbered = count >= 3 && separated && (extension == "sql" || path.contains("migration") && known);
    if numbered {
        return Some(stem[..count].parse().ok().filter(|_| count <= 6));
    }
    let listed = path.contains("/migrations/") || path.starts_with("migrations/");
    (listed
        && known
        && !snapshot
        && !path.contains("/__tests__/")
        && !stem.ends_with(".test")
        && !stem.ends_with(".spec")
        && stem != "index")
        .then_some(None)
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let p =
            facts_of(&format!("# T\n## 7) Data & migrations (if any)\n{text}\n"), "governance").migrations;
        let mut found: Vec<String> = p
            .migrations
            .iter()
            .map(|m| format!("{}{}", m.name, m.number.map_or(String::new(), |n| format!(" #{n}"))))
            .collect();
        let texts = [
            ("d", p.schema_deltas),
            ("e", p.expand),
            ("m", p.migrate),
            ("c", p.contract),
            ("b", p.backfill),
            ("r", p.rollback),
            ("none", p.none),
        ];
        found.extend(texts.into_iter().filter_map(|(name, t)| Some(format!("{name} {}", t?.text))));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_plan() {
        check(
            "- Schema deltas (DDL): Expand in `a`: `V003__x.sql` adds. Migrate: nothing. Contract: later.  \n- Backfills (DML): None.\n- Snapshots/rollbacks: drop it",
            &[
                "V003__x.sql #3",
                "d Expand in a: V003__x.sql adds. Migrate: nothing. Contract: later.",
                "e in a: V003__x.sql adds.",
                "m nothing.",
                "c later.",
                "b None.",
                "r drop it",
            ],
        );
        check("- **Expand**: add\n- **Migrate**: copy\n- **Contract**: drop", &["e add", "m copy", "c drop"]);
        check("### Expand\nadd\n### Contract\n- drop", &["e add", "c drop"]);
        check("N/A — nothing is stored.", &["none N/A — nothing is stored."]);
        check("- The route is new.\n- No database migration.", &["none No database migration."]);
    }

    #[test]
    fn names_of_files() {
        for (text, name) in [
            ("`migrations/sql/V012__add.sql`", "migrations/sql/V012__add.sql #12"),
            ("V012__add.sql.", "V012__add.sql #12"),
            ("`Migration20260701120000.ts`", "Migration20260701120000.ts"),
            ("`Migration20260701120000_orders`", "Migration20260701120000_orders"),
            ("`db/migrations/0007_add.py`", "db/migrations/0007_add.py #7"),
            ("`20260701120000_add.sql`", "20260701120000_add.sql"),
            ("`src/migrations/AddOrders.ts`", "src/migrations/AddOrders.ts"),
        ] {
            check(text, &[name]);
        }
        for text in [
            "`migrations/sql/V***__*.sql`",
            "`Migration<timestamp>.ts`",
            "`migrations/.snapshot-a.json`",
            "`V2__`",
            "`migrations/`",
            "2026-01-01",
            "`src/a.ts`",
        ] {
            check(text, &[]);
        }
        check("`a/V001__x.sql` then `V001__x.sql`", &["a/V001__x.sql #1"]);
    }

    #[test]
    fn names_in_the_manifest() {
        let text = "# T\n## File Manifest\n| File | Action |\n|-|-|\n| `m/V001__x.sql` | Create |\n## Overview\n`V002__y.sql`\n";
        let names: Vec<String> =
            facts_of(text, "").migrations.migrations.into_iter().map(|m| m.name).collect();
        assert_eq!(names, ["m/V001__x.sql"]);
    }

    #[test]
    fn what_the_template_left_is_no_plan() {
        let text = trueup_template::builtin_text("governance").unwrap_or_default();
        let plan = facts_of(text, "governance").migrations;
        assert!(
            plan.schema_deltas.is_none()
                && plan.expand.is_none()
                && plan.backfill.is_none()
                && plan.rollback.is_none()
        );
    }
}
