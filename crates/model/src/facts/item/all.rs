//! All items of a spec in one list, whatever they are.

use super::id::written_id;
use super::{ItemId, ItemKind};
use crate::facts::Facts;
use trueup_text::Span;

/// An item, wherever it was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ItemRef<'f> {
    /// What it is.
    pub kind: ItemKind,
    /// Its ID.
    pub id: &'f ItemId,
    /// What it says, without the ID.
    pub text: &'f str,
    /// Where it stands.
    pub span: Span,
}

impl Facts {
    /// Everything that can be cited by an ID: goals, scenarios, smoke checks, acceptance bullets, risks and
    /// open questions, kind by kind in document order.
    pub fn items(&self) -> impl Iterator<Item = ItemRef<'_>> {
        let listed =
            [&self.goals.goals, &self.scenarios.scenarios, &self.observability.smoke, &self.acceptance];
        let listed = listed.into_iter().flatten().map(|item| ItemRef {
            kind: item.kind,
            id: &item.id,
            text: &item.text,
            span: item.span,
        });
        let risks = self.risks.risks.iter().map(|risk| ItemRef {
            kind: ItemKind::Risk,
            id: &risk.id,
            text: &risk.title,
            span: risk.span,
        });
        let questions = self.questions.iter().map(|question| ItemRef {
            kind: ItemKind::Question,
            id: &question.id,
            text: &question.text,
            span: question.span,
        });
        listed.chain(risks).chain(questions)
    }
}

/// The ID in front of a bullet's source, and the byte at which the text behind it begins.
pub fn id_in_front(source: &str) -> Option<(&str, usize)> {
    let id = written_id(source, 0)?;
    let rest = source.get(id.span.end as usize..)?;
    let behind = rest.trim_start_matches([']', ')', '*', '_', '`']);
    let behind = behind.trim_start().strip_prefix([':', '.', '—', '–', '→']).unwrap_or(behind);
    let behind = behind.trim_start_matches(['*', '_', ' ']);
    Some((source.get(id.span.range())?, source.len() - behind.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_behind_an_id_is_found() {
        for (source, id, text) in [
            ("AC-3: …", "AC-3", "…"),
            ("**AC-3:** x", "AC-3", "x"),
            ("**AC-3** x", "AC-3", "x"),
            ("[AC-3] x", "AC-3", "x"),
            ("R1 — x", "R1", "x"),
        ] {
            assert_eq!(id_in_front(source).map(|(id, at)| (id, &source[at..])), Some((id, text)), "{source}");
        }
        assert_eq!(id_in_front("x"), None);
    }

    #[test]
    fn every_kind_is_listed() {
        let text = "# T\n## 2) Goals and non-goals\n**Goals**:\n- [ ] G-1: a\n## 4) Happy-path scenarios\n1. b\n\
            ## 6) Risks & assumptions\n- **Risks:** c\n- **Open questions:** d?\n## 9) Observability\n\
            **Smoke after deploy**:\n- [ ] e\n## 10) Acceptance bullets\n- [ ] f\n";
        let facts = crate::facts::support::testing::facts_of(text, "governance");
        let found: Vec<String> = facts.items().map(|i| format!("{} {}", i.id.text, i.text)).collect();
        assert_eq!(found, ["G-1 a", "SC-1 b", "SM-1 e", "AC-1 f", "R-1 c", "Q-1 d?"]);
    }
}
