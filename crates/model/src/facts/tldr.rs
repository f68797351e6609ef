//! The summary in front.

use super::item::{is_none, is_unfilled};
use super::reader::Reader;
use super::support::{Piece, Text, is_templates, labels, pieces_inside};

/// The summary in front.
#[derive(Clone, Debug, Default)]
pub struct Tldr {
    /// Paragraphs without a label; governance's purpose and outcome with their labels stand in
    /// [`Tldr::purpose`] and [`Tldr::outcome`].
    pub summary: Vec<Text>,
    /// Why.
    pub purpose: Option<Text>,
    /// What must be true when the work is done.
    pub outcome: Option<Text>,
    /// What is being built.
    pub key_points: Vec<Text>,
    /// Features.
    pub scope: Vec<Text>,
    /// Risks and constraints.
    pub concerns: Vec<Text>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Summary,
    Purpose,
    Outcome,
    KeyPoints,
    Scope,
    Concerns,
    Other,
}

/// Reads the summary.
pub(crate) fn read(reader: &Reader<'_>) -> Tldr {
    let mut out = Tldr::default();
    let Some(section) = reader.sections("tldr").first().copied() else { return out };
    let document = reader.document;
    let of_title = |id| {
        let titled = (id != section).then(|| topic_of(&document.section(id).normal.core)).flatten();
        titled.unwrap_or(Topic::Summary)
    };
    let found = pieces_inside(reader, &reader.territory(section), of_title);
    let mut topic = Topic::Summary;
    for piece in found {
        let texts = match piece.piece {
            Piece::Opening(_) => {
                topic = piece.topic;
                continue;
            }
            Piece::Paragraph(node) => {
                let found = labels(document, node);
                if found.iter().any(|label| label.bold || label.is_bare()) {
                    for label in found {
                        topic = topic_of(&label.key).unwrap_or(Topic::Other);
                        if let Some(value) = label.value {
                            put(reader, &mut out, topic, value);
                        }
                    }
                    continue;
                }
                vec![Text::of(document, node)]
            }
            Piece::Item(_, node) => match labels(document, node).into_iter().next() {
                Some(label) if topic_of(&label.key).is_some() && label.bold => {
                    let own = topic_of(&label.key).unwrap_or(topic);
                    if let Some(value) = label.value {
                        put(reader, &mut out, own, value);
                    }
                    continue;
                }
                _ => vec![Text::of(document, node)],
            },
            Piece::Value(text) => vec![text],
            _ => continue,
        };
        for text in texts {
            put(reader, &mut out, topic, text);
        }
    }
    out
}

fn put(reader: &Reader<'_>, out: &mut Tldr, topic: Topic, text: Text) {
    if is_unfilled(&text.text) || is_templates(reader, text.span) {
        return;
    }
    match topic {
        Topic::Summary => out.summary.push(text),
        Topic::Purpose => out.purpose = out.purpose.take().or(Some(text)),
        Topic::Outcome => out.outcome = out.outcome.take().or(Some(text)),
        Topic::KeyPoints => out.key_points.push(text),
        Topic::Scope => out.scope.push(text),
        Topic::Concerns if is_none(&text.text) => {}
        Topic::Concerns => out.concerns.push(text),
        Topic::Other => {}
    }
}

fn topic_of(label: &str) -> Option<Topic> {
    let begins = |w: &str| label.strip_prefix(w).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let topic = if begins("key points") || begins("key point") || label == "what" {
        Topic::KeyPoints
    } else if begins("purpose") || label == "why" {
        Topic::Purpose
    } else if begins("outcome") {
        Topic::Outcome
    } else if begins("scope") || begins("in scope") {
        Topic::Scope
    } else if ["concerns", "concern", "risks", "constraints"].iter().any(|w| begins(w)) {
        Topic::Concerns
    } else {
        return None;
    };
    Some(topic)
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, template: &str, expected: &[&str]) {
        let found = facts_of(text, template).tldr;
        let mut all: Vec<String> = Vec::new();
        let mut add = |name: &str, texts: &[crate::facts::Text]| {
            all.extend(texts.iter().map(|t| format!("{name} {}", t.text)));
        };
        add("summary", &found.summary);
        add("purpose", found.purpose.as_slice());
        add("outcome", found.outcome.as_slice());
        add("point", &found.key_points);
        add("scope", &found.scope);
        add("concern", &found.concerns);
        assert_eq!(all, expected, "{text}");
    }

    #[test]
    fn summaries() {
        check(
            "# T\n## 1) Executive summary\n**Purpose — one paragraph:** a\nb  \n**Outcome — one sentence:** c\n\n**Meta (edit inline):**\n\n| Field | Value |\n|-|-|\n| Area | ci |\n",
            "governance",
            &["purpose a b", "outcome c"],
        );
        check(
            "# T\n## TLDR\nIntro.\n\n**Key Points:**\n- a\n\n**Scope:**\n- b\n\n**Concerns (if any):**\n- None\n- c\n## Overview\n**Scope:** x\n",
            "architecture",
            &["summary Intro.", "point a", "scope b", "concern c"],
        );
        check(
            "# T\n## TL;DR\n- **Scope:** b\n- a\n### Key points\n- c\n",
            "",
            &["summary a", "point c", "scope b"],
        );
    }

    #[test]
    fn the_template_s_own_words_are_no_summary() {
        let text = trueup_template::builtin_text("governance").unwrap_or_default();
        check(text, "governance", &[]);
        let text = trueup_template::builtin_text("architecture").unwrap_or_default();
        check(text, "architecture", &[]);
    }
}
