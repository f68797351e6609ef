use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Document, Kind, NodeId};
use trueup_text::Span;

declare_rule! {
    UNCLOSED_FENCE = "unclosed-fence" in "files", page "unclosed_fence.md",
    "a code block that is never closed swallows what follows it",
    AllFiles, Levels::WARNING, check
}

/// From this number of lines on, more than the code itself is taken for code.
const MANY_LINES: usize = 5;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let document = cx.document;
    // The last block that was ended by its list item or quote, and not by a fence.
    let mut cut_short: Option<Span> = None;
    for node in document.descendants(document.root()) {
        if document.kind(node) != (Kind::Code { fenced: true }) {
            continue;
        }
        out.looked_at(1);
        let Some(open) = open_fence(document, node) else { continue };
        let within = document.parent(node).is_some_and(|parent| parent != document.root());
        if open.lines < MANY_LINES && open.heading.is_none() {
            if within {
                cut_short = Some(open.fence);
            }
            continue;
        }
        let swallowed = match open.heading {
            Some(heading) => format!("“{heading}”"),
            None => format!("the {} lines below it", open.lines),
        };
        let message = format!("this code block is never closed and takes in {swallowed}");
        let mut report = Report::new(open.fence, message);
        match cut_short.take().filter(|_| !within) {
            Some(earlier) => {
                report = report
                    .hint("indent this fence as far as the one that it closes, so that it belongs to the same list item or quote")
                    .related(cx.path, earlier, "the block that it was meant to close ended with its list item or quote");
            }
            None => {
                report = report.hint(format!(
                    "put `{}` on a line of its own where the code ends; a block that holds fences itself needs a longer fence",
                    open.mark
                ));
            }
        }
        out.push(report);
    }
}

struct OpenFence<'d> {
    /// The line of the opening fence.
    fence: Span,
    /// Its back-ticks or tildes.
    mark: &'d str,
    /// Lines below it that are not blank.
    lines: usize,
    /// The first heading among them.
    heading: Option<&'d str>,
}

/// What an unclosed code block takes in; none where it is closed.
fn open_fence(document: &Document, node: NodeId) -> Option<OpenFence<'_>> {
    let span = document.span(node);
    let source = span.text(document.text());
    let mut lines = source.trim_end_matches(['\n', '\r', ' ', '\t', '>']).lines();
    let first = lines.next()?;
    let lead = first.len() - first.trim_start().len();
    let mark_char = first[lead..].chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = first[lead..].chars().take_while(|c| *c == mark_char).count();
    let mark = &first[lead..lead + length];
    let bare = |line: &'_ str| -> usize { line.len() - line.trim_start_matches([' ', '\t', '>']).len() };
    if let Some(last) = lines.clone().next_back() {
        let last = last[bare(last)..].trim_end();
        if last.len() >= length && last.chars().all(|c| c == mark_char) {
            return None;
        }
    }
    let content = lines.map(|line| &line[bare(line)..]).filter(|line| !line.trim().is_empty());
    let heading = content.clone().find(|line| {
        let level = line.bytes().take_while(|b| *b == b'#').count();
        // One `#` is a comment in many languages.
        (2..=6).contains(&level) && line[level..].starts_with(' ')
    });
    let start = span.start as usize + lead;
    let fence = Span::new(start, span.start as usize + first.trim_end().len());
    Some(OpenFence { fence, mark, lines: content.count(), heading: heading.map(str::trim_end) })
}
