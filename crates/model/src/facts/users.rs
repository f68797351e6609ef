//! Users, tenants, permissions and abuse cases.

use super::item::{is_none, is_unfilled};
use super::reader::Reader;
use super::support::{Text, is_templates, items_below, said, sentences};
use trueup_markdown::Kind;
use trueup_text::Span;

/// Who touches the work, and how it could be abused.
#[derive(Clone, Debug, Default)]
pub struct Users {
    /// Paragraphs and bullets.
    pub statements: Vec<Text>,
    /// Those that speak of tenants and row-level security.
    pub isolation: Vec<Text>,
    /// Those that speak of abuse.
    pub abuse: Vec<Text>,
}

const ISOLATION: &[&str] = &[
    "tenant",
    "row-level",
    "row‑level",
    "rls",
    "organization_id",
    "organizationid",
    "tenant_id",
    "isolat",
    "multi-tenan",
];

const ABUSE: &[&str] =
    &["abuse", "misuse", "attack", "malicious", "hostile", "fraud", "spoof", "guessing", "stolen"];

/// Reads the section about users and tenants.
pub(crate) fn read(reader: &Reader<'_>) -> Users {
    let document = reader.document;
    let mut out = Users::default();
    for section in reader.sections("users") {
        for (_, block) in reader.blocks_below(section) {
            let paragraphs: Vec<_> = match document.kind(block) {
                Kind::Paragraph => vec![block],
                Kind::List { .. } => items_below(document, block).map(|(_, paragraph)| paragraph).collect(),
                Kind::Table => document.children(block).skip(1).collect(),
                _ => continue,
            };
            for node in paragraphs {
                let text = Text::of(document, node);
                if !is_unfilled(&text.text) && !is_none(&text.text) && !is_templates(reader, text.span) {
                    statement(document.text(), text, &mut out);
                }
            }
        }
    }
    out
}

/// A statement, and each of its sentences that speaks of isolation or abuse.
fn statement(source: &str, text: Text, out: &mut Users) {
    let written = text.span.text(source);
    for sentence in sentences(written) {
        let told = said(sentence.text(written));
        let lower = told.to_lowercase();
        let place: Span = sentence.shifted(text.span.start as usize);
        let text = Text { text: told, span: place };
        if ISOLATION.iter().any(|w| lower.contains(w)) {
            out.isolation.push(text.clone());
        }
        if ABUSE.iter().any(|w| lower.contains(w)) {
            out.abuse.push(text);
        }
    }
    out.statements.push(text);
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    #[test]
    fn statements_and_what_they_speak_of() {
        let text = "# T\n## 3) Users & tenants impacted\nStaff note it. Row-level security\nholds `organization_id`. One abuse was foreseen.\n\n- Buyers\n- …\n";
        let found = facts_of(text, "governance").users;
        let texts = |texts: &[crate::facts::Text]| texts.iter().map(|t| t.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&found.statements).len(), 2);
        assert_eq!(texts(&found.isolation), ["Row-level security holds organization_id."]);
        assert_eq!(texts(&found.abuse), ["One abuse was foreseen."]);
    }

    #[test]
    fn the_template_s_own_words_are_no_statement() {
        let text = trueup_template::builtin_text("governance").unwrap_or_default();
        assert_eq!(facts_of(text, "governance").users.statements, []);
        assert_eq!(facts_of("# T\n## Users and tenants\nN/A — none.\n", "").users.statements, []);
    }
}
