//! Any text as a template, and any other text held against it.

use super::markdown::slice;
use trueup_markdown::{Document, SectionId};
use trueup_model::{HeaderPlace, Settings, read_specs};
use trueup_template::{Schema, align, apply_learned, infer, learn, spec_regions, yaml_fields};
use trueup_text::{LineIndex, Span};

/// Infers a schema from `template`, also with it as the YAML file beside it, and lays `document` along it.
pub fn template_holds(template: &str, document: &str) {
    let schema = infer("template.md", template, None);
    schema_holds(&schema, template);
    infer("template.md", document, Some(("kep.yaml", template)));
    document_holds(&schema, document);
    document_holds(&schema, template);
    if let Ok(fields) = yaml_fields(template, 0) {
        for field in fields {
            slice(template, field.key_span, "a YAML key");
            slice(template, field.value_span, "a YAML value");
        }
    }
}

fn schema_holds(schema: &Schema, template: &str) {
    let last = LineIndex::new(template).line_count() as u32;
    let line = |line: u32, what: &str| assert!(line <= last, "{what} at line {line} of {last}");
    for (index, section) in schema.sections.iter().enumerate() {
        line(section.line, "a section");
        assert!((1..=6).contains(&section.level), "a section's level");
        if let Some(parent) = section.parent {
            assert!(parent < index, "a section comes after its parent");
        }
        schema.section_path(index);
        section.fields.iter().for_each(|f| line(f.line, "a field"));
        section.tables.iter().for_each(|t| line(t.line, "a table"));
        section.checklist.iter().for_each(|c| line(c.line, "a check-list item"));
    }
    for leaf in schema.leaves.values() {
        line(leaf.line, "a text");
        assert!(leaf.section.is_none_or(|s| s < schema.sections.len()), "a text stands in a section");
    }
    schema.inferences.iter().for_each(|i| line(i.line, "an inference"));
}

fn document_holds(schema: &Schema, text: &str) {
    let document = Document::parse(text);
    let settings = Settings::default();
    let mut at = 0;
    for region in spec_regions(&document, schema) {
        slice(text, region, "a spec's part of the file");
        assert!(at <= region.start, "the specs of a file stand in order");
        at = region.end;
        alignment_holds(&document, region, schema);
    }
    let specs = read_specs("specs/SPEC-1-a.md", &document, schema, &settings, None, None);
    assert!(!specs.is_empty(), "a file holds at least one spec");
    for spec in &specs {
        for field in spec.header.iter().filter(|f| f.place != HeaderPlace::Sidecar) {
            slice(text, field.field.key_span, format_args!("the key {}", field.field.key));
            slice(text, field.field.value_span, format_args!("the value of {}", field.field.key));
        }
        for (span, id) in &spec.title_ids {
            assert_eq!(slice(text, *span, "an ID"), id.text, "an ID stands where its span says");
        }
        if let Some(span) = spec.state.span {
            slice(text, span, "the status");
        }
    }
    let learned = learn(schema, specs.iter().map(|s| (&document, &s.alignment)));
    assert_eq!(learned.documents, specs.len());
    apply_learned(&mut schema.clone(), &learned);
}

fn alignment_holds(document: &Document, region: Span, schema: &Schema) {
    let alignment = align(document, region, schema, &Settings::default().align);
    let sections = document.sections().len() as u32;
    let known = |id: SectionId| id.0 < sections && region.contains_offset(document.section(id).span.start);
    for found in &alignment.matches {
        assert!(found.spec < schema.sections.len() && known(found.section), "{found:?} is there");
    }
    for (section, spec) in &alignment.spec_of {
        assert!(
            known(*section) && alignment.section_for(*spec).is_some(),
            "what answers is among the matches"
        );
    }
    for section in &alignment.unknown {
        assert!(
            known(*section) && !alignment.spec_of.contains_key(section),
            "an unknown section answers nothing"
        );
    }
    for spec in &alignment.missing {
        assert!(alignment.section_for(*spec).is_none(), "a missing section is not found");
    }
    let again = align(document, region, schema, &Settings::default().align);
    assert_eq!(alignment.matches, again.matches, "aligned twice, aligned alike");
}
