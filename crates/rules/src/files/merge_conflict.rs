use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::Kind;
use trueup_text::Span;

declare_rule! {
    MERGE_CONFLICT = "merge-conflict" in "files", page "merge_conflict.md",
    "the marks of a merge conflict were left in the file",
    AllFiles, Levels::ERROR, check
}

const OURS: &str = "<<<<<<< ";
const BETWEEN: &str = "=======";
const THEIRS: &str = ">>>>>>> ";

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    out.looked_at(1);
    let text = cx.text();
    if !text.contains(OURS) {
        return;
    }
    let document = cx.document;
    let code = document
        .descendants(document.root())
        .filter(|node| matches!(document.kind(*node), Kind::Code { .. }));
    // An example of a conflict stands in a code block.
    let mut code = code.map(|node| document.span(node)).peekable();
    // The conflict that is open: its first line, and whether its second side has begun.
    let mut open: Option<(Span, bool)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let span = Span::new(at, at + bare.len());
        at += line.len();
        while code.next_if(|block| block.end <= span.start).is_some() {}
        if code.peek().is_some_and(|block| block.start <= span.start) {
            continue;
        }
        if bare.starts_with(OURS) {
            open = Some((span, false));
        } else if bare == BETWEEN {
            open = open.map(|(first, _)| (first, true));
        } else if bare.starts_with(THEIRS)
            && let Some((first, true)) = open.take()
        {
            let name = |line: &str| line.split_once(' ').map_or("", |(_, name)| name.trim()).to_owned();
            let (ours, theirs) = (name(first.text(text)), name(bare));
            out.push(
                Report::new(
                    first,
                    format!("the conflict between `{ours}` and `{theirs}` was committed with its marks"),
                )
                .hint("decide what stays, then delete the lines `<<<<<<<`, `=======` and `>>>>>>>`")
                .related(cx.path, span, "the conflict ends here"),
            );
        }
    }
}
