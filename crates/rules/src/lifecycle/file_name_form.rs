use super::branch::slug_of_path;
use super::file_span;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Date, base_name, folder_of};
use trueup_template::{Pattern, PatternPart};

declare_rule! {
    FILE_NAME_FORM = "file-name-form" in "lifecycle", page "file_name_form.md",
    "the name of a spec's file does not have the form that the team asks for",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let forms = &cx.settings.file_name_forms;
    if forms.is_empty() || cx.specs.is_empty() {
        return;
    }
    out.looked_at(1);
    let name = base_name(cx.path);
    // Where every spec has a folder of its own, that carries the name.
    let (what, stem) = if name.eq_ignore_ascii_case("readme.md") {
        ("folder", base_name(folder_of(cx.path)))
    } else {
        ("file", name.rsplit_once('.').map_or(name, |(stem, _)| stem))
    };
    if stem.is_empty() || forms.iter().any(|form| form.matches(stem)) {
        return;
    }
    let shown: Vec<String> = forms.iter().map(|form| format!("`{form}`")).collect();
    let created = cx.specs.iter().find_map(|spec| spec.created);
    let slug = slug_of_path(cx.path);
    let proposal = forms.iter().find_map(|form| filled(form, created, &slug));
    let hint = match proposal {
        Some(name) => format!("rename it, to `{name}` for example, and point the links to it there"),
        None => "rename it, and point the links to it to the new name".to_owned(),
    };
    out.push(
        Report::new(
            file_span(cx),
            format!("the {what} name `{stem}` does not have the form {}", shown.join(" or ")),
        )
        .subject(stem)
        .hint(hint),
    );
}

/// A name of this form, where everything in it is known.
fn filled(form: &Pattern, created: Option<Date>, slug: &str) -> Option<String> {
    form.parts
        .iter()
        .map(|part| match part {
            PatternPart::Literal(text) => Some(text.clone()),
            PatternPart::Date => created.map(|date| date.to_string()),
            PatternPart::Slug | PatternPart::Text => Some(slug.to_owned()),
            PatternPart::Version | PatternPart::Number | PatternPart::Word => None,
        })
        .collect()
}
