//! Which part of the template's compliance report is which.

use trueup_claims::CheckKind;
use trueup_template::{Schema, SectionSpec, SpecIndex};

/// What a part of the report holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Guides,
    Matrix,
    Checks,
    Items,
    Verdict,
    Other,
}

/// The report as the template prescribes it.
pub(super) struct Layout<'a> {
    /// The section of the report.
    pub section: &'a SectionSpec,
    /// Its parts in order.
    pub parts: Vec<(Part, &'a SectionSpec)>,
}

impl<'a> Layout<'a> {
    /// The template's report; none where the template has none.
    pub(super) fn of(schema: &'a Schema) -> Option<Layout<'a>> {
        let is = |section: &&SectionSpec| section.kind.as_deref() == Some("compliance");
        let index: SpecIndex = schema.sections.iter().position(|s| is(&s))?;
        // A nested template may repeat the report's own title; its parts are then one deeper.
        let parts = schema.children(Some(index)).map(|child| &schema.sections[child]);
        let parts: Vec<(Part, &SectionSpec)> = parts.map(|part| (part_of(part), part)).collect();
        Some(Layout { section: &schema.sections[index], parts })
    }

    /// The words of a verdict in the template: key and value, by whether it is the positive one.
    pub(super) fn verdict(&self, positive: bool) -> (String, String) {
        let fields =
            self.parts.iter().filter(|(part, _)| *part == Part::Verdict).flat_map(|(_, s)| &s.fields);
        let denies =
            |normal: &str| normal.starts_with("non") || normal.contains("block") || normal.contains("not ");
        let own = fields.into_iter().find(|field| denies(&field.normal) != positive);
        match own {
            Some(field) => (field.key.clone(), field.template_value.clone()),
            None if positive => {
                ("Fully compliant".to_owned(), "Approved — ready for implementation".to_owned())
            }
            None => (
                "Non-compliant".to_owned(),
                "Blocked — items must be resolved before implementation".to_owned(),
            ),
        }
    }
}

fn part_of(section: &SectionSpec) -> Part {
    let title = section.normal.core.as_str();
    let has_check = section.tables.iter().flat_map(|t| &t.rows).any(|row| CheckKind::of(&row.key).is_some());
    let has_rule = section.tables.iter().flat_map(|t| &t.columns).any(|column| column.normal == "rule");
    let has_gap =
        section.fields.iter().any(|field| matches!(field.normal.as_str(), "gap" | "recommendation"));
    match () {
        () if has_check || title.contains("consistency") => Part::Checks,
        () if has_rule || title.contains("matrix") => Part::Matrix,
        () if has_gap || title.contains("non compliant") => Part::Items,
        () if title.contains("verdict") => Part::Verdict,
        () if title.contains("reviewed") || title.contains("guides") => Part::Guides,
        () => Part::Other,
    }
}
