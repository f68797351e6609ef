//! Hard inputs of any size.

/// A text that grows with a number.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) make: fn(usize) -> String,
}

/// What repeats, by itself and inside something.
macro_rules! samples {
    ($($name:literal: $n:ident => $text:expr),+ $(,)?) => {
        &[$(Sample { name: $name, make: |$n: usize| $text }),+]
    };
}

/// Something for each number, in a row.
fn each(n: usize, piece: impl Fn(usize) -> String) -> String {
    (0..n).map(piece).collect()
}

/// A text in a spec's section, so that every rule looks at it.
fn spec(inside: &str) -> String {
    format!("# SPEC-1: Title\n\n**Status:** Accepted\n\n## Overview\n\n{inside}\n\n## Risks\n\nNone known.\n")
}

pub(super) const SAMPLES: &[Sample] = samples! {
    "long paragraph, one line": n => spec(&"word and word ".repeat(n)),
    "long paragraph, many lines": n => spec(&"some words on a line\n".repeat(n)),
    "many paragraphs": n => spec(&"Some words of text.\n\n".repeat(n)),
    "deep quotes": n => spec(&format!("{} x", ">".repeat(n))),
    "deep quotes with code": n => spec(&format!("{} {}", ">".repeat(n), "`a` ".repeat(n))),
    "deep lists": n => spec(&format!("{}x", "- ".repeat(n))),
    "deep lists with code": n => spec(&format!("{}{}", "- ".repeat(n), "`a` ".repeat(n))),
    "long list": n => spec(&"- item of a list\n".repeat(n)),
    "many tasks": n => spec(&"- [ ] a thing to do\n".repeat(n)),
    "long table": n => spec(&format!("| a | b | c |\n|---|---|---|\n{}", "| x | `y` | z |\n".repeat(n))),
    "ragged table": n => spec(&format!("| a | b |\n|---|---|\n{}", "| x | `y|z` |\n".repeat(n))),
    "table with surplus cells": n => spec(&format!("| a | b |\n|---|---|\n{}", "| x | y | 1 | 2 |\n".repeat(n))),
    "many lines drawn into tables": n => spec(&"| a |\n|---|\n| x |\nText.\n\n".repeat(n)),
    "wide table": n => spec(&format!("|{}\n|{}\n|{}\n", "a|".repeat(n), "-|".repeat(n), "x|".repeat(n))),
    "many small tables": n => spec(&"| a | b |\n|---|---|\n| x | y |\n\n".repeat(n)),
    "many headings": n => each(n, |i| format!("## Section {i}\n\nText.\n\n")),
    "many equal headings": n => "## Overview\n\n".repeat(n),
    "headings of all levels": n => each(n, |i| format!("{} Part {i}\n\nText.\n\n", "#".repeat(i % 6 + 1))),
    "many specs in a file": n => each(n, |i| format!("# SPEC-{i}: T\n\n**Status:** Draft\n\n## Overview\n\nText.\n\n## Risks\n\nNone.\n\n")),
    "many phases with steps": n => {
        let phases = each(n, |i| format!("### Phase {i}: Go\n\n#### Step {i}: Do\n\nText.\n\n"));
        format!("# SPEC-1: T\n\n## Overview\n\nText.\n\n## Phases\n\n{phases}## Risks\n\nNone.\n")
    },
    "heading with many brackets": n => format!("# T\n\n## Overview {}\n\nText.\n", "(x)".repeat(n)),
    "heading with many dashes": n => format!("# T\n\n## Overview {}\n\nText.\n", " — x".repeat(n)),
    "heading with emphasis and code": n => format!("# T\n\n## {}\n\nText.\n", "*a `x` ".repeat(n)),
    "many links on a line": n => spec(&"[a](b.md) ".repeat(n)),
    "many broken links": n => spec(&each(n, |i| format!("- [a](missing-{i}.md)\n"))),
    "many suppressed links": n => spec(&each(n, |i| format!("<!-- trueup-allow broken-link: later -->\n[a](missing-{i}.md)\n\n"))),
    "stacked suppressions": n => spec(&"<!-- trueup-allow broken-link: later -->\n\n".repeat(n)),
    "suppressed headings": n => each(n, |i| format!("<!-- trueup-allow unknown-section: later -->\n\n## Part {i}\n\nText.\n\n")),
    "many reference links": n => spec(&format!("{}\n\n{}", each(n, |i| format!("[a][r{i}] ")), each(n, |i| format!("[r{i}]: b{i}.md\n")))),
    "many anchors": n => each(n, |i| format!("## Part {i}\n\n[a](#part-{i}) [b](#none-{i})\n\n")),
    "many footnotes": n => spec(&format!("{}\n\n{}", each(n, |i| format!("a[^{i}] ")), each(n, |i| format!("[^{i}]: note\n\n")))),
    "many IDs": n => spec(&each(n, |i| format!("See SPEC-{} and ADR-{i}. ", i + 10))),
    "many code spans": n => spec(&"`code` ".repeat(n)),
    "many fences": n => spec(&"```rust\nfn f() {}\n```\n\n".repeat(n)),
    "many Markdown fences": n => spec(&"```markdown\n# A\n\n[Title]\n```\n\n".repeat(n)),
    "open fence": n => spec(&format!("```\n{}", "line\n".repeat(n))),
    "many comments": n => spec(&"<!-- note -->\n\n".repeat(n)),
    "comments on a line": n => spec(&format!("x {}", "<!-- a --> ".repeat(n))),
    "open comments": n => spec(&"a <!-- ".repeat(n)),
    "HTML with ids": n => spec(&format!("<div\n{}>", "id=a\n".repeat(n))),
    "HTML with open quotes": n => spec(&format!("<div\n{}>", "id='x id=\"y\n".repeat(n))),
    "many fields": n => spec(&each(n, |i| format!("**Key {i}:** value\n"))),
    "fields on a line": n => format!("# T\n\n{}\n\n## Overview\n\nText.\n", "**Key:** value • ".repeat(n)),
    "fields with open brackets": n => format!("# T\n\n**Owner:** {}\n\n## Overview\n\nText.\n", "[".repeat(n)),
    "front matter": n => format!("---\n{}---\n# T\n\n## Overview\n\nText.\n", each(n, |i| format!("key{i}: value\n"))),
    "deep front matter": n => format!("---\na: {}{}\n---\n# T\n", "[".repeat(n), "]".repeat(n)),
    "many placeholders": n => spec(&"[fill this in] <name> ".repeat(n)),
    "many dates": n => spec(&"2026-01-02 and 2026-02-30, ".repeat(n)),
    "changelog": n => format!("# T\n\n## Changelog\n\n{}", "- 2026-01-02: Changed something\n".repeat(n)),
    "only [": n => spec(&"[".repeat(n)),
    "only ]": n => spec(&"]".repeat(n)),
    "only <": n => spec(&"<".repeat(n)),
    "only *": n => spec(&"*".repeat(n)),
    "only _": n => spec(&"_a".repeat(n)),
    "only |": n => spec(&"|".repeat(n)),
    "only back-ticks": n => spec(&"`".repeat(n)),
    "back-ticks of all lengths": n => spec(&each((n as f64).sqrt() as usize * 2, |i| format!("{} ", "`".repeat(i + 1)))),
    "only (": n => spec(&"(".repeat(n)),
    "only {": n => spec(&"{".repeat(n)),
    "only &": n => spec(&"&".repeat(n)),
    "only ~": n => spec(&"~".repeat(n)),
    "only #": n => spec(&"#".repeat(n)),
    "only backslashes": n => spec(&"\\".repeat(n)),
    "only spaces": n => spec(&format!("x{}x", " ".repeat(n))),
    "only carriage returns": n => spec(&"\r".repeat(n)),
    "only line ends": n => spec(&"\n".repeat(n)),
    "open links": n => spec(&"[a](".repeat(n)),
    "open images with wrong titles": n => spec(&format!("{}{}", "![".repeat(n), "](a \"))\")".repeat(n))),
    "nested images": n => spec(&format!("{}x{}", "![".repeat(n), "](b)".repeat(n))),
    "nested links": n => spec(&format!("{}x{}", "[".repeat(n), "](b)".repeat(n))),
    "open autolinks": n => spec(&"<a@".repeat(n)),
    "open tags": n => spec(&"<a ".repeat(n)),
    "open emphasis": n => spec(&"*a **b _c ".repeat(n)),
    "nested emphasis": n => spec(&format!("{}x{}", "*a **b ".repeat(n), "b** a*".repeat(n))),
    "tabs": n => spec(&"\t- x\n".repeat(n)),
    "CDATA and instructions": n => spec(&"<![CDATA[ <? <!X ".repeat(n)),
    "letters of several bytes": n => spec(&"żółć 😀 ".repeat(n)),
};
