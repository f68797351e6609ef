//! The generated part of `docs/`.

mod commands;
mod configuration;
mod rules;

use crate::{root, write as write_file};
use std::collections::BTreeMap;

/// Generated files: path from the workspace's root and text.
type Files = BTreeMap<String, String>;

fn generate() -> Result<Files, String> {
    let mut files = Files::new();
    rules::generate(&mut files)?;
    files.insert("docs/commands.md".to_owned(), commands::generate());
    files.insert("docs/configuration.md".to_owned(), configuration::generate()?);
    files.insert("docs/schemas/config.schema.json".to_owned(), trueup_engine::Config::json_schema());
    files.insert("docs/schemas/findings.schema.json".to_owned(), trueup_render::json_schema());
    files.insert("docs/schemas/spec.schema.json".to_owned(), trueup_render::spec_json_schema());
    files.insert("docs/schemas/claims.schema.json".to_owned(), trueup_render::compliance_json_schema());
    files.insert("docs/schemas/board.schema.json".to_owned(), trueup_render::board_json_schema());
    files.insert("docs/schemas/drift.schema.json".to_owned(), trueup_render::drift_json_schema());
    files.insert("docs/schemas/graph.schema.json".to_owned(), trueup_render::graph_json_schema());
    files.insert("docs/schemas/trace.schema.json".to_owned(), trueup_render::trace_json_schema());
    files.insert("docs/schemas/evidence.schema.json".to_owned(), trueup_render::evidence_json_schema());
    files.insert("docs/schemas/practice.schema.json".to_owned(), trueup_render::practice_json_schema());
    files.insert("docs/schemas/migrations.schema.json".to_owned(), trueup_render::migrations_json_schema());
    files.insert("docs/schemas/migration-problems.schema.json".to_owned(), trueup_render::lint_json_schema());
    files.insert(
        "docs/schemas/migration-status.schema.json".to_owned(),
        trueup_render::standings_json_schema(),
    );
    files.insert("docs/schemas/tenancy.schema.json".to_owned(), trueup_render::tenancy_json_schema());
    files.insert("docs/schemas/statements.schema.json".to_owned(), trueup_render::queries_json_schema());
    let versions = trueup_render::versions_json_schema();
    files.insert("docs/schemas/template-versions.schema.json".to_owned(), versions);
    let difference = trueup_render::difference_json_schema();
    files.insert("docs/schemas/template-diff.schema.json".to_owned(), difference);
    Ok(files)
}

/// Writes all generated files and removes those that are generated no longer.
pub fn write() -> Result<(), String> {
    let files = generate()?;
    let mut written = 0;
    for (path, text) in &files {
        if crate::read(path).ok().as_ref() != Some(text) {
            write_file(path, text)?;
            written += 1;
        }
    }
    for path in left_over(&files) {
        std::fs::remove_file(root().join(&path)).map_err(|error| format!("{path}: {error}"))?;
        println!("removed {path}");
    }
    println!("{} files, {written} written", files.len());
    Ok(())
}

/// Fails where a generated file is not what would be written now.
pub fn check() -> Result<(), String> {
    let files = generate()?;
    let mut stale: Vec<String> = files
        .iter()
        .filter(|(path, text)| crate::read(path).ok().as_ref() != Some(*text))
        .map(|(p, _)| p.clone())
        .collect();
    stale.extend(left_over(&files));
    match stale.is_empty() {
        true => Ok(()),
        false => Err(format!("not current, run `cargo xtask docs`:\n  {}", stale.join("\n  "))),
    }
}

/// Files in the generated folders that are generated no longer.
fn left_over(files: &Files) -> Vec<String> {
    let mut out = Vec::new();
    for folder in ["docs/rules", "docs/schemas"] {
        let Ok(entries) = std::fs::read_dir(root().join(folder)) else { continue };
        let paths = entries.flatten().map(|e| format!("{folder}/{}", e.file_name().to_string_lossy()));
        out.extend(paths.filter(|path| !files.contains_key(path)));
    }
    out.sort();
    out
}

/// The first line of every generated page.
fn origin(source: &str) -> String {
    format!("<!-- Written by `cargo xtask docs` from {source}: do not edit. -->\n")
}

/// A text in a table's cell.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_generated_page_is_made() {
        let files = super::generate().unwrap();
        assert!(files.contains_key("docs/rules/README.md"));
        for (path, text) in &files {
            assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{path}");
        }
    }
}
