use crate::risks::is_register_block;
use crate::support::{answers, close, has_label, same_key, section_fields, title_span};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::reading::has_short_key;
use trueup_model::{HeaderField, HeaderPlace, Spec};
use trueup_template::{FieldSpec, Presence, Schema, infer_key};
use trueup_text::Span;

declare_rule! {
    MISSING_FIELD = "missing-field" in "structure", page "missing_field.md",
    "a field that the template requires is not there or has no value",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        header(cx, spec, schema, out);
        sections(cx, spec, schema, out);
    }
}

fn header(cx: &FileCx<'_>, spec: &Spec, schema: &Schema, out: &mut Sink) {
    let title = title_span(cx, spec);
    let required =
        |fields: &'static str, list: &[FieldSpec], out: &mut Sink, place: HeaderPlace, span: Span| {
            for wanted in list.iter().filter(|f| f.presence == Presence::Required) {
                out.looked_at(1);
                let there = spec.header.iter().find(|f| same_key(&f.normal, &wanted.normal));
                let report = match there {
                    Some(found) if found.field.value.trim().is_empty() && !is_list(cx, found) => {
                        let span = found.field.key_span;
                        let report = Report::new(span, format!("`{}` has no value", wanted.key))
                            .subject(wanted.key.clone());
                        if found.place == HeaderPlace::Sidecar { report.in_sidecar() } else { report }
                    }
                    Some(_) => continue,
                    None => {
                        let report = Report::new(span, format!("the {fields} has no `{}`", wanted.key))
                            .subject(wanted.key.clone());
                        let slip = spec.header.iter().find(|f| close(&f.normal, &wanted.normal));
                        let hint = slip.map_or_else(
                            || format!("add `{}`", wanted.key),
                            |s| format!("`{}` should be `{}`", s.field.key, wanted.key),
                        );
                        let report = report.hint(hint);
                        if place == HeaderPlace::Sidecar { report.in_sidecar() } else { report }
                    }
                };
                out.push(report);
            }
        };
    required("header", &schema.fields, out, HeaderPlace::Header, title);
    let front =
        cx.document.front_matter().map_or(title, |s| Span::new(0, s.start as usize).trimmed(cx.text()));
    required("front matter", &schema.front_matter, out, HeaderPlace::FrontMatter, front);
    if let Some((_, fields)) = &schema.sidecar
        && cx.sidecar.is_some_and(|s| s.fields.is_ok())
    {
        required("sidecar", fields, out, HeaderPlace::Sidecar, Span::at(0));
    }
}

/// A YAML key may hold a list, which has no value of its own.
fn is_list(cx: &FileCx<'_>, found: &HeaderField) -> bool {
    let text = match found.place {
        HeaderPlace::Sidecar => cx.sidecar.map_or("", |s| &s.text),
        HeaderPlace::FrontMatter => cx.text(),
        HeaderPlace::Header => return false,
    };
    found.field.value_span.text(text).starts_with(['[', '{', '-', '|', '>'])
        || found.field.value_span.text(text).contains('\n')
}

fn sections(cx: &FileCx<'_>, spec: &Spec, schema: &Schema, out: &mut Sink) {
    for (index, section) in schema.sections.iter().enumerate() {
        // What a risk lacks is told once for the risk, by `risk-missing-key`.
        let told = is_register_block(schema, section);
        if told || !section.fields.iter().any(|f| f.presence == Presence::Required) {
            continue;
        }
        for answer in answers(cx, spec, index) {
            let fields = section_fields(cx.document, answer);
            // An entry that is "N/A" throughout is answered.
            let dodged = fields.iter().filter(|f| f.value.to_lowercase().starts_with("n/a")).count();
            if dodged >= 2 && dodged * 2 >= fields.len() {
                continue;
            }
            let title = cx.document.section(answer).title_span;
            for wanted in section.fields.iter().filter(|f| f.presence == Presence::Required) {
                out.looked_at(1);
                if has_label(cx.document, answer, &wanted.normal, &fields)
                    || has_short_key(section, wanted, &fields)
                {
                    continue;
                }
                let slip = fields.iter().find(|f| close(&infer_key(&f.key), &wanted.normal));
                let span = slip.map_or(title, |s| s.key_span);
                let hint = match slip {
                    Some(slip) => format!("`{}` should be `{}`", slip.key, wanted.key),
                    None => format!("add `**{}:**`", wanted.key),
                };
                let message = format!("`{}` has no `{}`", cx.document.section(answer).title, wanted.key);
                let report = Report::new(span, message)
                    .hint(hint)
                    .subject(format!("{} {}", section.title, wanted.key));
                out.push(if section.repeats { report.at_most(Level::Warning) } else { report });
            }
        }
    }
}
