use crate::asked::{fields_asked, first_line};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{Entity, EntityKind, Field, Spec};
use trueup_text::Span;

declare_rule! {
    ENTITY_WITHOUT_TENANT = "entity-without-tenant" in "data", page "entity_without_tenant.md",
    "a new entity has no column that says whose it is, though others have one",
    Specs,
    Levels::new([Level::Off, Level::Off, Level::Off, Level::Warning, Level::Off, Level::Off]),
    check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let data = &spec.facts.data;
        if data.shared.iter().any(says_whose) || !is_asked(cx, spec) {
            continue;
        }
        for (at, entity) in data.entities.iter().enumerate() {
            if !is_whole(entity) {
                continue;
            }
            out.looked_at(1);
            let end = data.entities.get(at + 1).map(|next| next.span.start);
            if entity.fields.iter().any(says_whose) || is_spoken_of(&around(cx, entity, end)) {
                continue;
            }
            let report = Report::new(
                first_line(cx, entity.span),
                format!("`{}` has no column for its tenant or organization", entity.name),
            )
            .hint("add the column that the other entities have, or say here that its rows belong to nobody")
            .subject(entity.name.clone());
            out.push(report);
        }
    }
}

/// Whether the spec's entities belong to somebody: others of them do, the template asks for it, or the
/// compliance matrix answers for it.
fn is_asked(cx: &FileCx<'_>, spec: &Spec) -> bool {
    let others = || spec.facts.data.entities.iter().any(|entity| entity.fields.iter().any(says_whose));
    let template = || fields_asked(cx, "data-models").any(|field| names_owner(&field.normal));
    let matrix = || {
        let rows = spec.facts.compliance.iter().flat_map(|c| &c.rows);
        rows.into_iter().any(|row| names_owner(&row.rule))
    };
    others() || template() || matrix()
}

/// Brought by this spec, stored, and listed with its columns.
fn is_whole(entity: &Entity) -> bool {
    let id = entity.fields.iter().any(|field| field.name.trim_matches('`').eq_ignore_ascii_case("id"));
    entity.kind == EntityKind::New && id && entity.fields.len() >= 4
}

fn says_whose(field: &Field) -> bool {
    names_owner(&field.name) || names_owner(&field.type_text)
}

fn names_owner(text: &str) -> bool {
    let squashed: String =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ["tenant", "organization", "organisation", "orgid", "workspaceid"]
        .iter()
        .any(|word| squashed.contains(word))
}

/// What is said of an entity: from its name to the next, at most to the end of its section.
fn around(cx: &FileCx<'_>, entity: &Entity, next: Option<u32>) -> String {
    let start = entity.span.start;
    let section = cx.section_at(start).map_or(start, |id| cx.document.section(id).span.end);
    let end = next.filter(|next| *next > start).map_or(section, |next| next.min(section));
    Span::new(start as usize, end as usize).text(cx.text()).to_lowercase()
}

/// Whether the text answers the question itself: scoped in another way, or meant for everybody.
fn is_spoken_of(text: &str) -> bool {
    let words = [
        "tenant",
        "organization",
        "organisation",
        "global",
        "system-wide",
        "platform-wide",
        "instance-wide",
        "scope columns",
        "scoping columns",
        "standard columns",
        "common columns",
        "base columns",
        "standard fields",
        "base entity",
        "scoped",
        "inherits",
    ];
    words.iter().any(|word| text.contains(word))
}
