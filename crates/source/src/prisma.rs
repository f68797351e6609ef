//! Prisma's schema language.

use crate::languages::LanguageReader;
use crate::{FileFacts, Options, SourceFile};
use rustc_hash::FxHashSet;
use std::ops::Range;
use trueup_codebase::{Column, NameUse, Table, Use};

/// Types of a column. Any other type is an enumeration or another model.
const TYPES: [&str; 10] =
    ["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "Unsupported"];

/// Reads it.
pub(crate) struct Prisma;

impl LanguageReader for Prisma {
    fn may_hold(&self, _: &SourceFile<'_>, _: &Options) -> bool {
        true
    }

    fn read(&self, file: &SourceFile<'_>, _: &Options, out: &mut FileFacts) {
        let blocks = blocks(file.text);
        let named = |kind: &str| -> FxHashSet<&str> {
            blocks.iter().filter(|block| block.kind == kind).map(|block| block.name).collect()
        };
        let (models, enums) = (named("model"), named("enum"));
        for block in blocks.iter().filter(|block| block.kind == "model") {
            out.tables.push(table(file, block, &models, &enums));
        }
        variables(file, &mut out.env_vars);
    }
}

/// `model Order { … }`, `enum State { … }`.
struct Block<'a> {
    kind: &'a str,
    name: &'a str,
    /// Where its name stands.
    place: Range<usize>,
    /// Its lines, without comments, each with its beginning.
    lines: Vec<(usize, &'a str)>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut out: Vec<Block<'_>> = Vec::new();
    let mut is_open = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let bare = line.trim();
        let bare = bare.find("//").map_or(bare, |cut| bare.get(..cut).unwrap_or(bare).trim_end());
        if is_open {
            if bare == "}" {
                is_open = false;
            } else if let Some(block) = out.last_mut().filter(|_| !bare.is_empty()) {
                block.lines.push((start, bare));
            }
            continue;
        }
        let mut words = bare.split_whitespace();
        if let (Some(kind @ ("model" | "enum" | "view" | "type")), Some(name)) = (words.next(), words.next())
            && bare.ends_with('{')
        {
            let name = name.trim_end_matches('{');
            let from = start + bare.find(name).unwrap_or(0);
            out.push(Block { kind, name, place: from..from + name.len(), lines: Vec::new() });
            is_open = true;
        }
    }
    out
}

fn table(
    file: &SourceFile<'_>,
    block: &Block<'_>,
    models: &FxHashSet<&str>,
    enums: &FxHashSet<&str>,
) -> Table {
    let mut table = Table {
        name: block.name.to_owned(),
        class: Some(block.name.to_owned()),
        columns: Vec::new(),
        complete: true,
        source: "Prisma",
        place: file.place(block.place.clone()),
    };
    for (start, line) in &block.lines {
        if let Some(name) = argument(line, "@@map(") {
            table.name = name.to_owned();
        }
        let mut words = line.split_whitespace();
        let (Some(name), Some(kind)) = (words.next(), words.next()) else { continue };
        if name.starts_with('@') || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let bare = kind.trim_end_matches(['?', ']', '[']);
        let bare = bare.split('(').next().unwrap_or(bare);
        if models.contains(bare) || line.contains("@relation") {
            continue;
        }
        if !TYPES.contains(&bare) && !enums.contains(bare) {
            // A model or an enumeration of another file: nobody here can tell.
            table.complete = false;
            continue;
        }
        let column = argument(line, "@map(").unwrap_or(name).to_owned();
        let place = file.place(*start..start + name.len());
        table.columns.push(Column { name: column, kind: kind.to_owned(), place });
    }
    table
}

/// The text of `@map("name")` or `@map(name: "name")`.
fn argument<'a>(line: &'a str, call: &str) -> Option<&'a str> {
    let at = line
        .match_indices(call)
        .find(|(at, _)| call.starts_with("@@") || !line.get(..*at).unwrap_or("").ends_with('@'))?
        .0;
    let rest = line.get(at + call.len()..)?;
    rest.split('"').nth(1)
}

/// `env("DATABASE_URL")`.
fn variables(file: &SourceFile<'_>, out: &mut Vec<NameUse>) {
    for (at, call) in file.text.match_indices("env(\"") {
        let start = at + call.len();
        let rest = file.text.get(start..).unwrap_or("");
        let name = rest.split('"').next().unwrap_or("");
        if crate::javascript::is_variable(name) {
            out.push(file.name_use(name, Use::Read, start..start + name.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{code, facts, mutated};
    use proptest::prelude::*;

    const SCHEMA: &str = r#"
datasource db { provider = "postgresql" }
// model Old {
model Order {
  id        String   @id @default(uuid()) // key
  createdAt DateTime @default(now()) @map("created_at")
  total     Decimal? @db.Decimal(10, 2)
  state     State
  tags      String[]
  items     Item[]
  customer  Customer @relation(fields: [customerId], references: [id])
  customerId String  @map(name: "customer_id")

  @@index([createdAt])
  @@map("orders")
}
model Item { 
  id Int @id
  order Order?
  other Elsewhere
}
enum State { NEW }
enum State {
  NEW
  PAID @map("paid")
}
"#;

    #[test]
    fn models() {
        let code = code(&[("prisma/schema.prisma", SCHEMA)]);
        let shown: Vec<String> = code
            .tables
            .iter()
            .map(|t| {
                let columns: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
                format!("{}{}: {}", t.name, if t.complete { "" } else { "?" }, columns.join(" "))
            })
            .collect();
        assert_eq!(shown, ["Item?: id", "orders: id created_at total state tags customer_id"]);
    }

    proptest! {
        #[test]
        fn odd_schemas(seeds in prop::collection::vec((any::<usize>(), any::<u8>()), 0..12)) {
            facts("a.prisma", &mutated(SCHEMA, &seeds));
        }
    }
}
