//! How the facts of a spec are written: by the block that each stands in.

use crate::facts::{Facts, RiskForm};
use std::collections::BTreeMap;
use trueup_markdown::{Document, Kind};
use trueup_text::Span;

/// How the facts of one kind are written in one spec.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Notations {
    pub(super) kind: &'static str,
    /// Facts by notation.
    pub(super) forms: BTreeMap<&'static str, usize>,
    /// Facts by the keys that they have.
    pub(super) keys: BTreeMap<String, usize>,
}

/// Reads the notations of a spec, by kind.
pub(super) fn notations(document: &Document, facts: &Facts) -> Vec<Notations> {
    let mut all = Reading { document, out: Vec::new() };
    all.add("goals", facts.goals.goals.iter().map(|f| f.span));
    all.add("scenarios", facts.scenarios.scenarios.iter().map(|f| f.span));
    all.add("stories", facts.scenarios.stories.iter().map(|f| f.span));
    all.add("decisions", facts.decisions.decisions.iter().map(|f| f.span));
    all.add("alternatives", facts.decisions.alternatives.iter().map(|f| f.span));
    all.add("commands", facts.vocabulary.commands.iter().map(|f| f.span));
    all.add("events", facts.vocabulary.events.iter().map(|f| f.span));
    all.add("entities", facts.data.entities.iter().map(|f| f.span));
    let first_fields = facts.data.entities.iter().filter_map(|e| e.fields.first());
    all.add("entity fields", first_fields.map(|f| f.span));
    all.add("endpoints", facts.api.endpoints.iter().map(|f| f.span));
    all.add("configuration", facts.configuration.iter().map(|f| f.span));
    all.add("migrations", facts.migrations.migrations.iter().map(|f| f.span));
    all.add("smoke checks", facts.observability.smoke.iter().map(|f| f.span));
    all.add("acceptance bullets", facts.acceptance.iter().map(|f| f.span));
    all.add("dependencies", facts.dependencies.depends_on.iter().map(|f| f.span));
    all.add("phases", facts.phases.iter().map(|f| f.span));
    all.add("steps", facts.phases.iter().flat_map(|p| &p.steps).map(|f| f.span));
    all.add("files", facts.manifest.iter().map(|f| f.span));
    all.add("tests", facts.tests.iter().map(|f| f.span));
    all.add("questions", facts.questions.iter().map(|f| f.span));
    all.risks(facts);
    if let Some(compliance) = &facts.compliance {
        all.add("compliance rows", compliance.rows.iter().map(|f| f.span));
        all.add("consistency checks", compliance.checks.iter().map(|f| f.span));
    }
    all.add("changelog entries", facts.changelog.iter().map(|f| f.span));
    all.out
}

struct Reading<'a> {
    document: &'a Document,
    out: Vec<Notations>,
}

impl Reading<'_> {
    fn add(&mut self, kind: &'static str, spans: impl Iterator<Item = Span>) {
        let mut forms: BTreeMap<&'static str, usize> = BTreeMap::new();
        for span in spans {
            *forms.entry(form_at(self.document, span.start)).or_default() += 1;
        }
        if !forms.is_empty() {
            self.out.push(Notations { kind, forms, keys: BTreeMap::new() });
        }
    }

    /// Risks carry their own form and keys.
    fn risks(&mut self, facts: &Facts) {
        let mut found = Notations { kind: "risks", forms: BTreeMap::new(), keys: BTreeMap::new() };
        for risk in &facts.risks.risks {
            *found.forms.entry(risk_form(risk.form)).or_default() += 1;
            let mut keys: Vec<&str> = risk.entries.iter().map(|e| e.key.as_str()).collect();
            keys.sort_unstable();
            keys.dedup();
            keys.into_iter().for_each(|key| *found.keys.entry(key.to_owned()).or_default() += 1);
        }
        if !found.forms.is_empty() {
            self.out.push(found);
        }
    }
}

fn risk_form(form: RiskForm) -> &'static str {
    match form {
        RiskForm::Block => "heading",
        RiskForm::Row => "table row",
        RiskForm::Keyed => "keys in a bullet or paragraph",
        RiskForm::Prose => "sentence",
    }
}

/// What a place is written as: the innermost block around it that says so.
fn form_at(document: &Document, offset: u32) -> &'static str {
    let at = document.block_at(offset);
    let around = std::iter::once(at).chain(document.ancestors(at));
    let mut forms = around.filter_map(|node| match document.kind(node) {
        Kind::Row { .. } => Some("table row"),
        Kind::Item(Some(_)) => Some("check box"),
        Kind::Item(None) => Some("bullet"),
        Kind::Code { .. } => Some("code"),
        Kind::Heading(_) => Some("heading"),
        Kind::Quote => Some("quote"),
        _ => None,
    });
    forms.next().unwrap_or("paragraph")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_called_by_the_block_around_it() {
        let text = "## a\n\nb\n\n- c\n- [ ] d\n\n| e |\n|---|\n| f |\n\n```\ng\n```\n";
        let document = Document::parse(text);
        let form = |mark: &str| form_at(&document, text.find(mark).unwrap_or(0) as u32);
        let found = ["a", "b", "c", "d", "f", "g"].map(form);
        assert_eq!(found, ["heading", "paragraph", "bullet", "check box", "table row", "code"]);
    }
}
