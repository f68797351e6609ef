use trueup_finding::{FileCx, Fix, Level, Levels, Report, Role, Sink, declare_rule};
use trueup_index::{IndexCx, Problem, ProblemKind, judge, may_be_index};

declare_rule! {
    INDEX_OUT_OF_DATE = "index-out-of-date" in "links", page "index_out_of_date.md",
    "a README that lists the specs leads to nothing, lists one in the wrong part, or leaves one out",
    AllFiles, Levels::always(Level::Warning), check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let named = cx.settings.indexes.iter().any(|index| index.file == cx.path);
    if cx.role != Role::Companion || cx.settings.folders.is_empty() || !named && !may_be_index(cx.path) {
        return;
    }
    let index_cx =
        IndexCx { corpus: cx.corpus, others: cx.others, paths: &cx.world.paths, settings: cx.settings };
    let Some(index) = index_cx.read(cx.path, cx.document) else { return };
    let specs = index_cx.specs(cx.path);
    out.looked_at(index.parts.iter().map(|part| part.rows.len()).sum());
    let words = &cx.settings.status_words;
    for problem in judge(cx.path, cx.document, &index, &specs, &cx.world.paths, words) {
        out.push(report(problem));
    }
}

fn report(problem: Problem) -> Report {
    let hint = match &problem.kind {
        ProblemKind::Broken(Some(_)) => "point the row to the file, or run `trueup index --write`",
        ProblemKind::Broken(None) => "remove the row, or bring the spec back",
        ProblemKind::WrongPart(_) => "move the row; `trueup index --write` does it and keeps its words",
        ProblemKind::Status(_) => "correct the status, or run `trueup index --write`",
        ProblemKind::Twice => "keep one of the rows",
        ProblemKind::Unlisted(_, Some(_)) => "add a row; `trueup index --write` does it",
        ProblemKind::Unlisted(_, None) => "add a heading for specs of this state, with the row below it",
    };
    let title = match &problem.kind {
        ProblemKind::Broken(Some(to)) => format!("lead to `{to}`"),
        ProblemKind::Status(status) => format!("write “{status}”"),
        _ => String::new(),
    };
    let report = Report::new(problem.span, problem.message).hint(hint).subject(problem.subject);
    match problem.edits.is_empty() {
        true => report,
        false => report.fix(Fix::safe(title, problem.edits)),
    }
}
