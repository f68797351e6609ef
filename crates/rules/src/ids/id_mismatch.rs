use super::own::{own_id, own_stem};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{HeaderField, HeaderPlace, Spec, SpecId, base_name, ids_in};
use trueup_template::{generic_token, tokens_in};
use trueup_text::Span;

declare_rule! {
    ID_MISMATCH = "id-mismatch" in "ids", page "id_mismatch.md",
    "the ID of the file's name is not the one in the text",
    Specs, Levels::ERROR, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let numbered = own_id(cx).filter(|id| id.numbered);
    if let Some(id) = numbered {
        // In a file with several specs one of them has the file's ID.
        let said = cx.specs.iter().any(|s| s.title_ids.iter().any(|(_, title_id)| title_id.key == id.key));
        if said {
            out.looked_at(1);
        } else {
            for spec in cx.specs {
                title(cx, spec, id, out);
            }
        }
    }
    let Some(spec) = cx.specs.first() else { return };
    for field in &spec.header {
        if is_id_key(&field.normal) {
            id_field(cx, field, numbered, out);
        } else if let Some(id) = numbered
            && is_number_key(&field.normal, &id.prefix)
        {
            number_field(cx, field, id, out);
        }
    }
}

fn title(cx: &FileCx<'_>, spec: &Spec, id: &SpecId, out: &mut Sink) {
    let Some(section) = spec.title.map(|t| cx.document.section(t)) else { return };
    out.looked_at(1);
    let text = cx.text();
    let stands_as_id = |span: Span| {
        let before =
            text.get(section.title_span.start as usize..span.start as usize).unwrap_or("").trim_end();
        let after = text.get(span.end as usize..section.title_span.end as usize).unwrap_or("").trim_start();
        before.trim_matches(['*', '_', '`', '[']).is_empty()
            || after.trim_matches(['*', '_', '`', ']']).is_empty()
            || before.ends_with('(') && after.starts_with(')')
    };
    let other = spec.title_ids.iter().find(|(span, t)| t.prefix == id.prefix && stands_as_id(*span));
    if let Some((span, found)) = other {
        out.push(differs(cx, Report::new(*span, mismatch(id, "title", &found.text)), &id.text, &found.text));
    }
}

fn mismatch(id: &SpecId, place: &str, found: &str) -> String {
    format!("the file's name says {}, the {place} {found}", id.text)
}

fn differs(cx: &FileCx<'_>, report: Report, own: &str, found: &str) -> Report {
    let stem = own_stem(cx.path);
    let what = if base_name(cx.path).starts_with(stem) { "file" } else { "folder" };
    report.hint(format!("write {own} here, or rename the {what} `{stem}` if {found} is right"))
}

fn is_id_key(key: &str) -> bool {
    matches!(key, "spec id" | "id" | "specification id" | "document id")
}

/// `eip: 1559`, `kep-number: 1287`, `number: 12`
fn is_number_key(key: &str, prefix: &str) -> bool {
    const SERIES: &[&str] = &["adr", "bip", "dip", "eip", "erc", "kep", "pep", "rfc", "rfd", "sip", "zip"];
    let series = key.strip_suffix(" number").unwrap_or(key);
    key == "number"
        || if prefix.is_empty() { SERIES.contains(&series) } else { series.eq_ignore_ascii_case(prefix) }
}

fn id_field(cx: &FileCx<'_>, field: &HeaderField, numbered: Option<&SpecId>, out: &mut Sink) {
    let value = field.field.value.trim().trim_matches('`').trim();
    if let Some(id) = numbered {
        let ids: Vec<SpecId> =
            ids_in(value).into_iter().map(|(_, id)| id).filter(|v| v.prefix == id.prefix).collect();
        let Some(first) = ids.first() else { return };
        out.looked_at(1);
        if ids.iter().all(|v| v.key != id.key) {
            let report = at(field, mismatch(id, &format!("field `{}`", field.field.key), &first.text));
            out.push(differs(cx, report, &id.text, &first.text));
        }
        return;
    }
    let stem = own_stem(cx.path);
    let slug = value.strip_suffix(".md").unwrap_or(value);
    if !is_slug(slug) {
        return;
    }
    out.looked_at(1);
    if !slug.eq_ignore_ascii_case(stem) {
        let message = format!("the file is called `{stem}`, the field `{}` says `{slug}`", field.field.key);
        let hint = format!("write `{stem}` here, or rename the file to `{slug}.md`");
        out.push(at(field, message).hint(hint));
    }
}

fn number_field(cx: &FileCx<'_>, field: &HeaderField, id: &SpecId, out: &mut Sink) {
    let value = field.field.value.trim();
    let Some(found) = SpecId::of_number(value, &id.prefix) else { return };
    out.looked_at(1);
    if found.key != id.key {
        let message = mismatch(id, &format!("field `{}`", field.field.key), value);
        let number = id.key.rsplit('#').next().unwrap_or(&id.text);
        out.push(differs(cx, at(field, message), number, value));
    }
}

fn at(field: &HeaderField, message: String) -> Report {
    let report = Report::new(field.field.value_span, message);
    if field.place == HeaderPlace::Sidecar { report.in_sidecar() } else { report }
}

/// Whether a value is a slug that somebody filled in: words joined by hyphens or underscores.
fn is_slug(value: &str) -> bool {
    value.contains(['-', '_'])
        && value.len() <= 120
        && value.starts_with(|c: char| c.is_alphanumeric())
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && value.chars().any(char::is_alphabetic)
        && tokens_in(value).is_empty()
        && !generic_token(value)
}
