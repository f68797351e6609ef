//! Reading the code of a repository, against reading the same files and counting their lines.

use super::{Options, median, milliseconds, timed};
use std::path::Path;
use std::sync::Arc;
use trueup_codebase::Codebase;
use trueup_source::{Options as CodeOptions, assemble};

/// A file of each language with a route, a test, a variable and a table, filled up to a usual length.
const KINDS: [(&str, &str, &str); 8] = [
    (
        "orders.ts",
        "import { Router } from 'express';\nconst router = Router();\nrouter.get('/orders-#/:id', show);\n\
         export const limit = process.env.LIMIT_#;\nbus.emit('orders.order_#.created', limit);\nexport default router;\n",
        "export function total#(items: Item[]): number {\n  return items.reduce((sum, item) => sum + item.price * item.count, 0);\n}\n",
    ),
    (
        "orders.test.ts",
        "import { total } from './orders';\ndescribe('orders #', () => {\n  it('adds up', () => expect(total([])).toBe(0));\n});\n",
        "it('keeps order @', () => {\n  expect(sort([3, 1, 2])).toEqual([1, 2, 3]);\n});\n",
    ),
    (
        "orders.py",
        "import os\nfrom fastapi import APIRouter\nrouter = APIRouter(prefix='/orders-#')\nLIMIT = os.environ['LIMIT_#']\n\
         @router.get('/{order_id}')\ndef show(order_id: int):\n    return {}\n",
        "def total_@(items):\n    return sum(item.price * item.count for item in items)\n\n",
    ),
    (
        "orders.rb",
        "class Order# < ApplicationRecord\n  LIMIT = ENV.fetch('LIMIT_#')\nend\n",
        "def total_@(items)\n  items.sum { |item| item.price * item.count }\nend\n",
    ),
    (
        "orders.go",
        "package orders\nimport (\n\t\"os\"\n\t\"github.com/go-chi/chi/v5\"\n)\nvar limit = os.Getenv(\"LIMIT_#\")\n\
         func Routes() chi.Router {\n\tr := chi.NewRouter()\n\tr.Get(\"/orders-#/{id}\", show)\n\treturn r\n}\n",
        "func total@(items []Item) int {\n\tsum := 0\n\tfor _, item := range items {\n\t\tsum += item.Price * item.Count\n\t}\n\treturn sum\n}\n",
    ),
    (
        "orders.rs",
        "use axum::{Router, routing::get};\npub fn router() -> Router {\n    Router::new().route(\"/orders-#/{id}\", get(show))\n}\n\
         #[test]\nfn adds_up_#() {\n    let limit = std::env::var(\"LIMIT_#\");\n}\n",
        "fn total_@(items: &[Item]) -> u64 {\n    items.iter().map(|item| item.price * item.count).sum()\n}\n",
    ),
    (
        "schema.sql",
        "CREATE TABLE orders_# (\n  id uuid PRIMARY KEY,\n  total numeric(12, 2) NOT NULL,\n  placed_at timestamptz\n);\n",
        "INSERT INTO orders_# (id, total) VALUES ('@', 12.50);\n",
    ),
    (
        "en.json",
        "{\n  \"orders.title\": \"Orders\",\n",
        "  \"orders.key_@\": \"A text that is shown to somebody\",\n",
    ),
];

/// Bytes of a file, about.
const LENGTH: usize = 4_000;

/// The path and the text of a file.
fn file(at: usize) -> (String, String) {
    let (name, head, line) = KINDS[at % KINDS.len()];
    let number = at.to_string();
    let mut text = head.replace('#', &number);
    let mut count = 0;
    while text.len() < LENGTH {
        count += 1;
        text.push_str(&line.replace('#', &number).replace('@', &count.to_string()));
    }
    if name == "en.json" {
        text.push_str("  \"orders.end\": \"\"\n}\n");
        return (format!("modules/m{at}/locales/{name}"), text);
    }
    (format!("modules/m{at}/{name}"), text)
}

/// Writes a tree of files of all languages.
pub(super) fn tree(n: usize) -> Result<(tempfile::TempDir, Vec<Arc<str>>), String> {
    let root = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut paths = Vec::with_capacity(n);
    for at in 0..n {
        let (path, text) = file(at);
        let full = root.path().join(&path);
        let folder = full.parent().unwrap_or(Path::new(""));
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        std::fs::write(&full, text).map_err(|error| error.to_string())?;
        paths.push(path.into());
    }
    Ok((root, paths))
}

/// As the engine reads code, but on this thread: what others spend would not be counted.
fn read_code(root: &Path, paths: &[Arc<str>]) -> Codebase {
    let options = CodeOptions::default();
    let read = |path: &Arc<str>| {
        let text = std::fs::read_to_string(root.join(path.as_ref())).ok()?;
        Some(trueup_source::read(path, &text, &options))
    };
    let mut paths: Vec<&Arc<str>> = paths.iter().collect();
    paths.sort();
    assemble(paths.into_iter().filter_map(read).collect(), &options)
}

fn count_lines(root: &Path, paths: &[Arc<str>]) -> usize {
    let lines = |path: &Arc<str>| {
        let bytes = std::fs::read(root.join(path.as_ref())).unwrap_or_default();
        bytes.iter().filter(|byte| **byte == b'\n').count()
    };
    paths.iter().map(lines).sum()
}

/// CPU time of reading the code of `n` files; for the test that cost grows linearly.
pub(super) fn time(n: usize) -> std::time::Duration {
    let Ok((root, paths)) = tree(n) else { return std::time::Duration::ZERO };
    timed(|| drop(read_code(root.path(), &paths))).0
}

/// Prints what reading costs, by language and in all.
pub(super) fn run(options: &Options) -> Result<(), String> {
    // Without optimisation only the ratios mean something, and fewer files give them.
    let (n, runs) = match (options.short, cfg!(debug_assertions)) {
        (true, _) => (800, 1),
        (false, true) => (2_000, 1),
        (false, false) => (10_000, 3),
    };
    let (root, paths) = tree(n)?;
    let root = root.path();
    println!("code: {n} files of {LENGTH} bytes, one thread");
    for (name, ..) in KINDS {
        let own: Vec<Arc<str>> = paths.iter().filter(|path| path.ends_with(name)).cloned().collect();
        row(name, &own, root, runs);
    }
    row("all", &paths, root, runs);
    let code = read_code(root, &paths);
    println!(
        "  {} routes, {} tables, {} tests, {} variables, {} names\n",
        code.routes.len(),
        code.tables.len(),
        code.tests.len(),
        code.env_vars.len(),
        code.words.len()
    );
    Ok(())
}

fn row(name: &str, paths: &[Arc<str>], root: &Path, runs: usize) {
    let repeat = |work: &dyn Fn()| median((0..runs).map(|_| timed(work).0).collect());
    let read = repeat(&|| drop(read_code(root, paths)));
    let plain = repeat(&|| {
        std::hint::black_box(count_lines(root, paths));
    });
    let ratio = read.as_secs_f64() / plain.as_secs_f64().max(1e-9);
    let rate = (paths.len() * LENGTH) as f64 / 1e6 / read.as_secs_f64().max(1e-9);
    println!(
        "  {name:<16} {:>12}  {rate:>6.0} MB/s  {ratio:>5.1} × counting lines ({})",
        milliseconds(read),
        milliseconds(plain)
    );
}
