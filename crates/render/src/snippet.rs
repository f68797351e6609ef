//! One finding in the look of rustc.
//!
//! Drawn here and not by `annotate-snippets`, which takes 14 µs for a finding where this takes about
//! two: three thousand findings would cost 40 ms, more than parsing the whole corpus. A test holds the
//! two to the same picture.

use crate::clip::{ELLIPSIS, clip};
use crate::palette::Palette;
use crate::places::{FileText, Places};
use crate::plain;
use crate::words::count;
use std::iter::repeat_n;
use trueup_finding::{Finding, Fix, Safety};
use trueup_text::Span;

/// Writes findings one after another into one text.
pub(crate) struct Painter<'p> {
    pub(crate) palette: &'p Palette,
    /// Columns of the terminal.
    pub(crate) width: usize,
}

impl Painter<'_> {
    /// Appends a finding: title, place, snippet, what to do, other places.
    pub(crate) fn finding(&self, out: &mut String, finding: &Finding, places: &mut Places<'_>) {
        self.title(out, finding);
        let snippet = places.file(&finding.path).and_then(|file| Snippet::new(file, finding.span));
        let number = snippet.as_ref().map(|snippet| snippet.line.to_string()).unwrap_or_default();
        let gutter = number.len().max(1);

        let Palette { frame, reset, .. } = self.palette;
        out.extend(repeat_n(' ', gutter));
        out.extend([frame, "--> ", reset]);
        plain::push_one_line(out, &places.origin(&finding.path, finding.span));
        out.push('\n');
        if let Some(snippet) = snippet {
            self.snippet(out, &snippet, &number, self.palette.level(finding.level));
        }
        self.notes(out, finding, places, gutter);
    }

    /// `error[broken-link]: the link leads to nothing`
    fn title(&self, out: &mut String, finding: &Finding) {
        let Palette { bold, reset, .. } = self.palette;
        let level = finding.level.name();
        out.extend([self.palette.level(finding.level), level, "[", finding.rule, "]", reset, bold, ": "]);
        plain::push_lines(out, &finding.message, level.len() + finding.rule.len() + "[]: ".len());
        out.extend([reset, "\n"]);
    }

    /// The line of source and the carets below it.
    fn snippet(&self, out: &mut String, snippet: &Snippet<'_>, number: &str, color: &str) {
        let gutter = number.len();
        // The number, ` | `, and the line.
        let room = self.width.saturating_sub(gutter + 3);
        let part = clip(snippet.text, snippet.start, snippet.end, room);

        self.empty_frame(out, gutter);
        let Palette { frame, reset, .. } = self.palette;
        out.extend([frame, number, " |", reset]);
        if !snippet.text.is_empty() {
            out.push(' ');
        }
        if part.cut_left {
            out.push_str(ELLIPSIS);
        }
        for text in [part.before, part.marked, part.after] {
            plain::push(out, text);
        }
        if part.cut_right {
            out.push_str(ELLIPSIS);
        }
        out.push('\n');

        out.extend(repeat_n(' ', gutter + 1));
        out.extend([frame, "|", reset]);
        out.extend(repeat_n(' ', 1 + usize::from(part.cut_left) + plain::width(part.before)));
        out.push_str(color);
        out.extend(repeat_n('^', plain::width(part.marked).max(1)));
        if snippet.more_lines > 0 {
            out.extend([" and ", &count(snippet.more_lines, "more line", "more lines")]);
        }
        out.extend([reset, "\n"]);
    }

    /// What to do and other places, as ` = help: …` and ` = note: …`.
    fn notes(&self, out: &mut String, finding: &Finding, places: &mut Places<'_>, gutter: usize) {
        let fix = finding.fixes.first().map(fix_line);
        let helps = finding.hint.iter().chain(&fix).map(|text| ("help", text.clone()));
        let related = finding.related.iter().map(|other| {
            let origin = places.origin(&other.path, other.span);
            ("note", format!("{origin}: {}", other.message))
        });
        for (i, (label, text)) in helps.chain(related).enumerate() {
            if i == 0 {
                self.empty_frame(out, gutter);
            }
            let Palette { frame, bold, reset, .. } = self.palette;
            out.extend(repeat_n(' ', gutter + 1));
            out.extend([frame, "= ", reset, bold, label, reset, ": "]);
            plain::push_lines(out, &text, gutter + " = help: ".len());
            out.push('\n');
        }
    }

    fn empty_frame(&self, out: &mut String, gutter: usize) {
        out.extend(repeat_n(' ', gutter + 1));
        out.extend([&self.palette.frame, "|", self.palette.reset, "\n"]);
    }
}

/// What the first fix of a finding does, and the command that applies it.
fn fix_line(fix: &Fix) -> String {
    let (safety, flags) = match fix.safety {
        Safety::Safe => ("safe", "--fix"),
        Safety::Unsafe => ("unsafe", "--fix --unsafe"),
    };
    format!("fix ({safety}): {} — run `trueup check {flags}`", fix.title)
}

/// The line that a finding starts on, and what is marked in it.
struct Snippet<'t> {
    /// Number of the line, from 1.
    line: u32,
    /// The line without its ending and without a byte-order mark.
    text: &'t str,
    /// First marked byte of the line.
    start: usize,
    /// One past the last marked byte of the line.
    end: usize,
    /// Further lines that the finding reaches into; they are not shown.
    more_lines: usize,
}

impl<'t> Snippet<'t> {
    /// None for an empty file, which has no line to show.
    fn new(file: &FileText<'t>, span: Span) -> Option<Snippet<'t>> {
        if file.text.is_empty() {
            return None;
        }
        let span = Span { start: file.fit(span.start), end: file.fit(span.end) };
        let line = file.index.line(span.start);
        let line_start = file.index.line_start(line) as usize;
        let whole = file.index.line_text(file.text, line);
        let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
        // A place inside the line ending or the byte-order mark is moved to the nearest shown one.
        let text_start = line_start + whole.len() - text.len();
        let column = |offset: u32| (offset as usize).saturating_sub(text_start).min(text.len());

        // The line ending after the last marked character is no further line.
        let marked = span.text(file.text).trim_end();
        let last_line = match marked.len() {
            0 => line,
            length => file.index.line(span.start + length as u32 - 1),
        };
        Some(Snippet {
            line,
            text,
            start: column(span.start),
            end: column(span.end),
            more_lines: last_line.saturating_sub(line) as usize,
        })
    }
}
