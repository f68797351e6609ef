use super::Infer;
use super::guidance::{looks_made_up, says_optional};
use crate::fold::fold;
use crate::placeholder::{generic_token, tokens_in};
use crate::schema::{FieldSpec, LeafClass, LeafSpec, Presence};
use crate::value::{ValueSpec, value_spec};
use crate::yaml::{YamlField, yaml_fields};
use trueup_text::LineIndex;

impl Infer<'_> {
    /// Reads the YAML file that stands beside every document.
    pub(crate) fn sidecar(&mut self, file: &str, yaml: &str) {
        let lines = std::mem::replace(&mut self.lines, LineIndex::new(yaml));
        let offset = std::mem::replace(&mut self.line_offset, 0);
        let (fields, leaves) = self.yaml_specs(yaml, 0, "sidecar");
        self.lines = lines;
        self.line_offset = offset;
        for (text, line) in leaves {
            let spec = LeafSpec {
                class: LeafClass::Placeholder,
                text: text.clone(),
                section: None,
                line,
                reason: "a made-up value in the sidecar",
            };
            self.schema.sidecar_leaves.entry(fold(&text)).or_insert(spec);
        }
        self.schema.sidecar = Some((file.to_owned(), fields));
    }

    /// Fields of a YAML text, and the values that nobody may keep.
    pub(crate) fn yaml_specs(
        &mut self,
        text: &str,
        base: usize,
        place: &str,
    ) -> (Vec<FieldSpec>, Vec<(String, u32)>) {
        let Ok(fields) = yaml_fields(text, base) else { return (Vec::new(), Vec::new()) };
        let mut specs: Vec<FieldSpec> = Vec::new();
        let mut leaves = Vec::new();
        for field in &fields {
            let line = self.line(field.value_span.start.max(field.key_span.start));
            if must_change(&field.value) {
                leaves.push((field.value.clone(), line));
            }
            let nested_key = field.path.contains('.');
            if field.item || nested_key {
                continue;
            }
            let (presence, reason) = presence_of(text, base, field, place);
            let mut value = yaml_value(&field.value);
            if let ValueSpec::Enum(options) = &mut value {
                options.extend(choices_in(&comment_above(text, field.key_span.start as usize - base)));
            }
            specs.push(FieldSpec {
                key: field.path.clone(),
                normal: crate::infer::blocks::normal_key(&field.path),
                value,
                presence,
                label: false,
                template_value: field.value.clone(),
                line: self.line(field.key_span.start),
                reason,
            });
        }
        (specs, leaves)
    }
}

fn yaml_value(value: &str) -> ValueSpec {
    match value_spec(value) {
        ValueSpec::Example(_) => ValueSpec::Free,
        other => other,
    }
}

/// Whether a value of the template may not stand in a document.
fn must_change(value: &str) -> bool {
    let choice = matches!(value_spec(value), ValueSpec::Enum(_));
    !tokens_in(value).is_empty() || generic_token(value) || choice || looks_made_up(value)
}

fn presence_of(text: &str, base: usize, field: &YamlField, place: &str) -> (Presence, String) {
    if let Some(comment) = &field.comment
        && (says_optional(comment) || comment.to_lowercase().contains("remove this field"))
    {
        return (Presence::Optional, format!("its comment says \"{comment}\""));
    }
    if generic_token(&field.value) && !field.value.starts_with('<') {
        return (Presence::Optional, "its value says that there may be none yet".to_owned());
    }
    if field.nested {
        return (Presence::Optional, format!("a list or a mapping in the {place}"));
    }
    let above = comment_above(text, field.key_span.start as usize - base);
    let lower = above.to_lowercase();
    if lower.contains("required at") || lower.contains("required for") || says_optional(&above) {
        return (Presence::Optional, "the comment above says when it is required".to_owned());
    }
    (Presence::Required, format!("a field of the {place}"))
}

/// The comment lines above a key, and above the keys that share them.
fn comment_above(text: &str, key: usize) -> String {
    let mut comment: Vec<&str> = Vec::new();
    for line in text[..key.min(text.len())].lines().rev() {
        let bare = line.trim();
        if let Some(words) = bare.strip_prefix('#') {
            comment.push(words.trim());
        } else if bare.is_empty() || !comment.is_empty() {
            break;
        }
    }
    comment.reverse();
    comment.join(" ")
}

/// Choices that a comment adds (`… they should be deprecated|disabled|removed`).
fn choices_in(comment: &str) -> Vec<String> {
    comment
        .split_whitespace()
        .map(|word| word.trim_matches(['`', '.', ',', '(', ')', '"']))
        .filter(|word| word.contains('|'))
        .flat_map(|word| word.split('|'))
        .filter(|option| !option.is_empty())
        .map(str::to_owned)
        .collect()
}
