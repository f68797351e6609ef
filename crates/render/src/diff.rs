use crate::palette::Palette;
use crate::plain;
use similar::{ChangeTag, TextDiff};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// A unified diff from `before` to `after`, which `git apply` and `patch` read; empty where nothing changes.
///
/// In colour it is for people only: control characters in the text are then made visible.
pub fn diff(path: &str, before: &str, after: &str, color: bool) -> String {
    if before == after {
        return String::new();
    }
    let palette = Palette::new(color);
    // Split at `\n` alone, as patch programs do: a lone `\r` is part of a line to them.
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let changes = TextDiff::from_slices(&old, &new);

    let mut out = String::new();
    for (sign, side) in [("--- ", "a/"), ("+++ ", "b/")] {
        out.extend([&palette.bold, sign, side]);
        push_text(&mut out, path, color);
        out.extend([palette.reset, "\n"]);
    }
    let mut unified = changes.unified_diff();
    for hunk in unified.context_radius(CONTEXT).iter_hunks() {
        out.extend([&palette.hunk, &hunk.header().to_string(), palette.reset, "\n"]);
        for change in hunk.iter_changes() {
            let (sign, style, reset) = match change.tag() {
                ChangeTag::Delete => ("-", palette.removed.as_str(), palette.reset),
                ChangeTag::Insert => ("+", palette.added.as_str(), palette.reset),
                ChangeTag::Equal => (" ", "", ""),
            };
            let line = change.value();
            let text = line.strip_suffix('\n').unwrap_or(line);
            out.extend([style, sign]);
            push_text(&mut out, text, color);
            out.extend([reset, "\n"]);
            if text.len() == line.len() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}

/// A patch must hold the exact text; a terminal must not be steered by it.
fn push_text(out: &mut String, text: &str, color: bool) {
    if color {
        plain::push(out, text);
    } else {
        out.push_str(text);
    }
}
