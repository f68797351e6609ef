use crate::support::shorten;
use trueup_finding::{FileCx, Fix, Levels, Report, Sink, declare_rule};
use trueup_template::{LeafClass, Place, Schema, for_each_leaf, strip_inline};
use trueup_text::{Edit, Span};

declare_rule! {
    GUIDANCE_LEFT = "guidance-left" in "content", page "guidance_left.md",
    "the template's words to the author are still there",
    Specs, Levels::WARNING, check
}

/// Shorter texts may be the author's own.
const MIN_LENGTH: usize = 12;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let Some(schema) = cx.schema else { return };
    let document = cx.document;
    let mut buffer = String::new();
    let mut places = 0;
    for_each_leaf(document, |leaf| {
        if leaf.place == Place::Cell {
            return;
        }
        places += 1;
        let source = leaf.span.text(cx.text());
        let fence = leaf.place == Place::Fence;
        if fence && !holds_template(schema, source, &mut buffer) {
            return;
        }
        if !fence && is_guidance(schema, source, &mut buffer) {
            out.push(report(leaf.span, source));
            return;
        }
        if !source.contains('\n') {
            return;
        }
        let mut at = leaf.span.start as usize;
        for line in source.split_inclusive('\n') {
            let bare = line.trim();
            let bare = if fence {
                bare.trim_start_matches(['-', '*', '#', ' '])
            } else {
                bare.trim_start_matches('>')
            };
            if is_guidance(schema, bare, &mut buffer) {
                out.push(report(Span::new(at, at + line.len()).trimmed(cx.text()), line.trim()));
            }
            at += line.len();
        }
    });
    for comment in document.comments() {
        places += 1;
        let inner = comment.inner.text(cx.text());
        if comment.closed && is_guidance(schema, inner, &mut buffer) {
            let words = inner.trim().lines().next().unwrap_or("").trim();
            let fix = Fix::risky("remove the comment", vec![Edit::replace(comment.span, "")]);
            let first = Span::new(
                comment.span.start as usize,
                comment.span.start as usize + first_line(comment.span.text(cx.text())),
            );
            out.push(report(first, words).subject(buffer.clone()).fix(fix));
        }
    }
    out.looked_at(places);
}

/// Whether a fence is the template's nested one: one of its first lines is.
fn holds_template(schema: &Schema, source: &str, buffer: &mut String) -> bool {
    source
        .lines()
        .filter(|l| l.trim().len() > 3)
        .take(3)
        .any(|l| schema.leaf(l.trim().trim_start_matches(['-', '*', '#', ' ', '>']), buffer).is_some())
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn is_guidance(schema: &Schema, source: &str, buffer: &mut String) -> bool {
    let found = schema.leaf(source, buffer).is_some_and(|l| l.class == LeafClass::Guidance);
    found && buffer.len() >= MIN_LENGTH
}

fn report(span: Span, words: &str) -> Report {
    let words = shorten(&strip_inline(words.trim_start_matches(['>', ' ', '-'])), 60);
    let message = match words.is_empty() {
        true => "the template's comment is still there".to_owned(),
        false => format!("\"{}\" is the template speaking to you", words),
    };
    Report::new(span, message).hint("follow it, then remove it")
}
