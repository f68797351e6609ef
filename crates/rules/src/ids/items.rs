//! What the rules for IDs of bullets share.

use trueup_finding::FileCx;
use trueup_model::{ItemKind, ItemRef, id_in_front, item_id_parts};
use trueup_template::{LeafClass, Presence, strip_inline};

/// What to call several of a kind.
pub(super) fn plural(kind: ItemKind) -> String {
    format!("{}s", kind.name())
}

/// An ID of the template's own bullets of a kind, where they carry one: in every section that has any to be
/// filled in.
pub(super) fn of_template<'a>(cx: &FileCx<'a>, kind: ItemKind) -> Option<&'a str> {
    section_kinds(kind).iter().find_map(|name| in_sections(cx, kind, name))
}

fn in_sections<'a>(cx: &FileCx<'a>, kind: ItemKind, name: &str) -> Option<&'a str> {
    let schema = cx.schema?;
    // What may be left out, or is to be removed again, asks nothing of other sections of the same kind.
    let of_kind = |at: usize| {
        let section = schema.sections.get(at);
        section.is_some_and(|s| s.kind.as_deref() == Some(name) && s.presence == Presence::Required)
    };
    let leaves =
        schema.leaves.values().filter_map(|leaf| Some((leaf, leaf.section.filter(|at| of_kind(*at))?)));
    // A section may hold several kinds; a risk's ID asks nothing of questions.
    let mixed = matches!(name, "observability" | "risks");
    let fits = |id: &str| {
        !mixed || item_id_parts(id).is_some_and(|(prefix, ..)| prefix.trim_end_matches('-') == kind.prefix())
    };
    let (mut with, mut open) = (Vec::new(), Vec::new());
    for (leaf, section) in leaves {
        match id_in_front(&leaf.text).map(|(id, _)| id).filter(|id| fits(id)) {
            Some(id) => with.push((leaf.line, section, id)),
            None if leaf.class == LeafClass::Placeholder => open.push(section),
            None => {}
        }
    }
    let everywhere = open.iter().all(|section| with.iter().any(|(_, with, _)| with == section));
    with.into_iter().filter(|_| everywhere).min().map(|(.., id)| id)
}

/// The kinds of sections that hold a kind of bullets.
fn section_kinds(kind: ItemKind) -> &'static [&'static str] {
    match kind {
        ItemKind::Goal => &["goals"],
        ItemKind::Scenario => &["scenarios"],
        ItemKind::Smoke => &["observability"],
        ItemKind::Acceptance => &["acceptance"],
        ItemKind::Risk => &["risks"],
        ItemKind::Question => &["questions", "risks"],
    }
}

/// Whether an item is one that the template gives to every spec.
pub(super) fn is_templates(cx: &FileCx<'_>, item: &ItemRef<'_>) -> bool {
    let Some(schema) = cx.schema else { return false };
    let said = trueup_template::infer_words(&strip_inline(item.text));
    let kept = |wanted: &str| {
        said.contains(wanted) || {
            let has: Vec<&str> = said.split(' ').collect();
            let words: Vec<&str> = wanted.split(' ').filter(|w| w.len() > 2).collect();
            let found = words.iter().filter(|w| has.contains(w)).count();
            words.len() >= 2 && found * 10 >= words.len() * 6
        }
    };
    schema.sections.iter().flat_map(|s| &s.checklist).any(|wanted| kept(&wanted.normal))
}
