use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_text::Span;

declare_rule! {
    UNCLOSED_COMMENT = "unclosed-comment" in "files", page "unclosed_comment.md",
    "a comment that is never closed hides the rest of the file",
    AllFiles, Levels::ERROR, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let text = cx.text();
    for comment in cx.document.comments() {
        out.looked_at(1);
        let rest = text.get(comment.inner.start as usize..).unwrap_or("");
        // In an HTML block that ends at a blank line the comment may be closed further down; `<!-->` is closed.
        if comment.closed || rest.contains("-->") || rest.starts_with('>') || rest.starts_with("->") {
            continue;
        }
        let first = rest.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
        let lines = rest.lines().filter(|line| !line.trim().is_empty()).count();
        let start = comment.span.start as usize;
        let message = match lines {
            0 | 1 => "this comment is never closed".to_owned(),
            _ => format!(
                "this comment is never closed: no reader sees the {lines} lines from here to the end of the file"
            ),
        };
        let report = Report::new(Span::new(start, start + 4), message)
            .subject(first)
            .hint("put `-->` where the comment ends");
        // Whatever opens later lies inside this one.
        return out.push(report);
    }
}
