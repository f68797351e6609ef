use memchr::memchr3;
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::Kind;
use trueup_model::Spec;
use trueup_text::Span;

declare_rule! {
    TWIN_IDS = "twin-ids" in "data", page "twin_ids.md",
    "one ID is spelt in two ways",
    Specs, Levels::WARNING, check
}

/// What an ID names; two of different kinds are no twins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Of {
    Command,
    Event,
    Translation,
    Table,
    /// A dotted name in code, whatever it is.
    Any,
}

impl Of {
    fn name(self) -> &'static str {
        match self {
            Of::Command => "command",
            Of::Event => "event",
            Of::Translation => "translation key",
            Of::Table => "table",
            Of::Any => "ID",
        }
    }
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let mut ids = declared(spec);
        in_code(cx, spec, &mut ids);
        ids.sort_by_key(|id| id.2.start);
        let mut first: FxHashMap<(Of, String), Vec<(&str, Span)>> = FxHashMap::default();
        for (of, id, span) in &ids {
            first.entry((*of, fold(*of, id))).or_default().push((id.as_str(), *span));
        }
        out.looked_at(first.len());
        let mut reported: FxHashSet<u32> = FxHashSet::default();
        let mut twins: Vec<_> =
            first.into_iter().filter(|(_, all)| all.iter().any(|a| a.0 != all[0].0)).collect();
        // What was declared comes first, so that it is called by its name.
        twins.sort_by_key(|((of, _), all)| (*of == Of::Any, all[0].1.start));
        for ((of, _), all) in twins {
            // An ID that was declared stands in code, too, where its place begins with the mark.
            if let Some((report, span)) = judge(cx, of, &all)
                && !(span.start.saturating_sub(1)..=span.start + 1).any(|at| reported.contains(&at))
            {
                reported.insert(span.start);
                out.push(report);
            }
        }
    }
}

/// The spelling that is used less is reported where it first stands; of two that are used alike, the later.
fn judge(cx: &FileCx<'_>, of: Of, all: &[(&str, Span)]) -> Option<(Report, Span)> {
    let mut counts: Vec<(&str, usize, Span)> = Vec::new();
    for (id, span) in all {
        match counts.iter_mut().find(|(known, ..)| known == id) {
            Some((_, count, _)) => *count += 1,
            None => counts.push((id, 1, *span)),
        }
    }
    let usual = counts
        .iter()
        .enumerate()
        .max_by_key(|(at, (_, count, _))| (*count, usize::MAX - at))
        .map(|(_, c)| *c)?;
    let odd = counts.iter().rev().find(|c| c.0 != usual.0)?;
    let report = Report::new(
        odd.2,
        format!("the {} `{}` is spelt `{}` elsewhere in this spec", of.name(), odd.0, usual.0),
    )
    .hint("choose one spelling and use it everywhere")
    .related(cx.path, usual.2, format!("`{}`", usual.0))
    .subject(odd.0.to_owned());
    Some((report, odd.2))
}

fn declared(spec: &Spec) -> Vec<(Of, String, Span)> {
    let facts = &spec.facts;
    let mut out = Vec::new();
    let words = &facts.vocabulary;
    out.extend(words.commands.iter().map(|c| (Of::Command, c.id.clone(), c.span)));
    out.extend(words.events.iter().chain(&words.consumed).map(|e| (Of::Event, e.id.clone(), e.span)));
    out.extend(facts.i18n.iter().map(|k| (Of::Translation, k.key.clone(), k.span)));
    out.extend(facts.data.entities.iter().filter_map(|e| Some((Of::Table, e.table.clone()?, e.span))));
    out
}

/// Dotted names in inline code.
fn in_code(cx: &FileCx<'_>, spec: &Spec, out: &mut Vec<(Of, String, Span)>) {
    let document = cx.document;
    let codes = document.descendants(document.root()).filter(|n| document.kind(*n) == Kind::InlineCode);
    for node in codes.filter(|n| spec.region.contains(document.span(*n))) {
        // A look at the bytes first: every piece of code is asked.
        let source = document.span(node).text(document.text()).as_bytes();
        let first = source.iter().find(|byte| !matches!(byte, b'`' | b' '));
        if first.is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_punctuation() && *byte != b'&')
        {
            continue;
        }
        if memchr3(b'.', b':', b'&', source).is_none() || memchr3(b'_', b'-', b'&', source).is_none() {
            continue;
        }
        let said = document.own_text(node);
        let id = said.trim();
        if is_dotted(id) {
            out.push((Of::Any, id.to_owned(), document.span(node)));
        }
    }
}

/// `sales.order-created`: lower case, at least two segments, and no file's name.
fn is_dotted(id: &str) -> bool {
    const FILES: &[&str] = &[
        "ts", "tsx", "js", "jsx", "mjs", "cjs", "json", "md", "mdx", "sql", "yml", "yaml", "sh", "css",
        "scss", "html", "rs", "py", "go", "toml", "lock", "txt", "csv", "svg", "png", "env", "local", "com",
        "org", "io", "dev",
    ];
    let letters =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | ':');
    let mut segments = id.split(['.', ':']);
    let last = id.rsplit(['.', ':']).next().unwrap_or("");
    id.len() >= 5
        && id.len() <= 120
        && id.contains(['.', ':'])
        && id.contains(['_', '-'])
        && id.chars().all(letters)
        && segments.all(|s| s.starts_with(|c: char| c.is_ascii_lowercase()))
        && !FILES.contains(&last)
}

/// One key for all spellings of an ID. A dotted name that was not declared may be a property of an object,
/// which is written in its own way: there only hyphens and underscores are the same.
fn fold(of: Of, id: &str) -> String {
    match of {
        Of::Any => id.replace('-', "_"),
        _ => id.chars().filter(|c| !matches!(c, '-' | '_' | '`')).flat_map(char::to_lowercase).collect(),
    }
}
