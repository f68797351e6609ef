use crate::date::{Date, find_dates};
use crate::facts::{Facts, Reader};
use crate::id::{SpecId, ids_in};
use crate::settings::Settings;
use crate::state::{State, StateFact, StateSource};
use crate::status::folder_state;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{
    Alignment, FieldForm, FieldText, Schema, YamlError, YamlField, align, fields_in, infer_key, spec_regions,
    yaml_fields,
};
use trueup_text::Span;

/// Where a field of the header stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeaderPlace {
    /// Between the title and the first section.
    Header,
    /// In the YAML front matter.
    FrontMatter,
    /// In the YAML file beside the document.
    Sidecar,
}

/// A field of a spec's header.
#[derive(Clone, Debug)]
pub struct HeaderField {
    /// The field; its spans lie in the sidecar for [`HeaderPlace::Sidecar`].
    pub field: FieldText,
    /// The key as it is compared.
    pub normal: String,
    /// Where it stands.
    pub place: HeaderPlace,
}

/// The YAML file beside a document.
#[derive(Clone, Debug)]
pub struct Sidecar {
    /// Path from the root.
    pub path: String,
    /// Its text.
    pub text: std::sync::Arc<str>,
    /// Its fields, or why there are none.
    pub fields: Result<Vec<YamlField>, YamlError>,
}

/// One spec of a file.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The part of the file that it takes.
    pub region: Span,
    /// Its first-level heading.
    pub title: Option<SectionId>,
    /// IDs in its title, with their place in the file.
    pub title_ids: Vec<(Span, SpecId)>,
    /// The ID of its file name.
    pub file_id: Option<SpecId>,
    /// The fields of its header.
    pub header: Vec<HeaderField>,
    /// Its state.
    pub state: StateFact,
    /// Its sections laid along the template.
    pub alignment: Alignment,
    /// The day on which it was created: the header's, else the file name's.
    pub created: Option<Date>,
    /// Everything that it says.
    pub facts: Facts,
}

impl Spec {
    /// A header field by its comparable key.
    pub fn field(&self, key: &str) -> Option<&HeaderField> {
        self.header.iter().find(|f| f.normal == key)
    }

    /// What to call the spec: its title's or file's ID.
    pub fn name(&self) -> Option<&str> {
        self.file_id.as_ref().or(self.title_ids.first().map(|(_, id)| id)).map(|id| id.text.as_str())
    }
}

/// The day on which the first spec of a file was created, without reading more of it than its header.
pub fn created_day(
    path: &str,
    document: &Document,
    schema: &Schema,
    sidecar: Option<&Sidecar>,
) -> Option<Date> {
    let region = spec_regions(document, schema).into_iter().next()?;
    created_on(&header_fields(document, region, title_in(document, region), sidecar), path)
}

/// The first-level heading that begins a region.
fn title_in(document: &Document, region: Span) -> Option<SectionId> {
    let first = (0..document.sections().len() as u32)
        .map(SectionId)
        .find(|id| region.contains_offset(document.section(*id).span.start));
    first.filter(|id| document.section(*id).level == 1)
}

/// Reads the specs of a file.
pub fn read_specs(
    path: &str,
    document: &Document,
    schema: &Schema,
    settings: &Settings,
    sidecar: Option<&Sidecar>,
    file_id: Option<&SpecId>,
) -> Vec<Spec> {
    spec_regions(document, schema)
        .into_iter()
        .enumerate()
        .map(|(i, region)| {
            read_spec(path, document, schema, settings, sidecar.filter(|_| i == 0), file_id, region)
        })
        .collect()
}

fn read_spec(
    path: &str,
    document: &Document,
    schema: &Schema,
    settings: &Settings,
    sidecar: Option<&Sidecar>,
    file_id: Option<&SpecId>,
    region: Span,
) -> Spec {
    let title = title_in(document, region);
    let title_ids = title.map(|id| title_ids(document, id)).unwrap_or_default();
    let header = header_fields(document, region, title, sidecar);
    let state = state_of(path, &header, schema, settings);
    let alignment = align(document, region, schema, &settings.align);
    let created = created_on(&header, path);
    let facts = Facts::read(&Reader::new(document, region, schema, &alignment, &header, title));
    Spec { region, title, title_ids, file_id: file_id.cloned(), header, state, alignment, created, facts }
}

fn title_ids(document: &Document, id: SectionId) -> Vec<(Span, SpecId)> {
    let section = document.section(id);
    let span = section.title_span;
    ids_in(span.text(document.text()))
        .into_iter()
        .map(|(range, id)| (Span::from(range).shifted(span.start as usize), id))
        .collect()
}

/// Fields of front matter, sidecar and the blocks before the first section below the title.
pub fn header_fields(
    document: &Document,
    region: Span,
    title: Option<SectionId>,
    sidecar: Option<&Sidecar>,
) -> Vec<HeaderField> {
    let mut out = Vec::new();
    if region.start == 0
        && let Some(span) = document.front_matter()
        && let Ok(fields) = yaml_fields(span.text(document.text()), span.start as usize)
    {
        push_yaml(&fields, HeaderPlace::FrontMatter, document.root(), &mut out);
    }
    if let Some(Ok(fields)) = sidecar.map(|s| s.fields.as_ref()) {
        push_yaml(fields, HeaderPlace::Sidecar, document.root(), &mut out);
    }
    let end = match title {
        Some(id) => document.section(id).own_end,
        None => document
            .sections()
            .iter()
            .find(|s| region.contains_offset(s.span.start))
            .map_or(document.len() as u32, |s| s.heading.0),
    };
    let blocks = document.blocks().filter(|b| b.0 < end && region.contains_offset(document.span(*b).start));
    for block in blocks {
        header_block(document, block, &mut out);
    }
    status_section(document, region, &mut out);
    out
}

fn push_yaml(fields: &[YamlField], place: HeaderPlace, node: NodeId, out: &mut Vec<HeaderField>) {
    for field in fields.iter().filter(|f| !f.item && !f.path.contains('.')) {
        let text = FieldText {
            key: field.path.clone(),
            key_span: field.key_span,
            value: field.value.clone(),
            value_span: field.value_span,
            form: FieldForm::FrontMatter,
            node,
        };
        out.push(HeaderField { normal: infer_key(&text.key), field: text, place });
    }
}

fn push(field: FieldText, out: &mut Vec<HeaderField>) {
    out.push(HeaderField { normal: infer_key(&field.key), field, place: HeaderPlace::Header });
}

fn header_block(document: &Document, block: NodeId, out: &mut Vec<HeaderField>) {
    match document.kind(block) {
        Kind::Paragraph => fields_in(document, block, true).into_iter().for_each(|f| push(f, out)),
        Kind::List { .. } | Kind::Quote => {
            for node in document.descendants(block) {
                fields_in(document, node, true).into_iter().for_each(|f| push(f, out));
            }
        }
        Kind::Table => {
            for row in document.children(block) {
                let cells: Vec<NodeId> = document.children(row).collect();
                let [key, value] = cells.as_slice() else { continue };
                let name = document.plain(*key).trim().trim_end_matches(':').to_owned();
                if name.is_empty()
                    || matches!(
                        infer_key(&name).as_str(),
                        "field" | "key" | "property" | "attribute" | "item"
                    )
                {
                    continue;
                }
                push(
                    FieldText {
                        key: name,
                        key_span: document.content_span(*key),
                        value: document.plain(*value).trim().to_owned(),
                        value_span: document.content_span(*value),
                        form: FieldForm::Row,
                        node: *key,
                    },
                    out,
                );
            }
        }
        _ => {}
    }
}

/// `## Status` with the status below it.
fn status_section(document: &Document, region: Span, out: &mut Vec<HeaderField>) {
    if out.iter().any(|f| f.normal == "status") {
        return;
    }
    let section = document
        .sections()
        .iter()
        .filter(|s| region.contains_offset(s.span.start) && s.level <= 2)
        .take(4)
        .find(|s| s.normal.core == "status");
    let Some(section) = section else { return };
    let Some(block) = section.blocks(document).next().filter(|b| document.kind(*b) == Kind::Paragraph) else {
        return;
    };
    let span = document.content_span(block);
    let first_line = span.text(document.text()).lines().next().unwrap_or("");
    push(
        FieldText {
            key: "Status".to_owned(),
            key_span: section.title_span,
            value: trueup_template::strip_inline(first_line),
            value_span: Span::new(span.start as usize, span.start as usize + first_line.len()),
            form: FieldForm::Heading,
            node: block,
        },
        out,
    );
}

pub(crate) fn state_of(
    path: &str,
    header: &[HeaderField],
    schema: &Schema,
    settings: &Settings,
) -> StateFact {
    let folder = state_by_folder(path, settings);
    let status = header.iter().find(|f| f.normal == "status" || f.normal == "state");
    let Some(status) = status.filter(|s| !s.field.value.trim().is_empty()) else {
        let (state, source) = match folder {
            Some(state) => (state, StateSource::Folder),
            None => (State::InReview, StateSource::Assumed),
        };
        return StateFact {
            state,
            source,
            text: None,
            span: None,
            in_sidecar: false,
            unknown: false,
            folder,
            moved: false,
        };
    };
    // What follows a dot between spaces is another field.
    let value = status.field.value.split(['·', '•']).next().unwrap_or("").trim();
    let known = settings.status_words.state_of(value);
    // A template's own choice of words is known even where no state is tied to one of them.
    let offered = schema.all_header_fields().any(|f| {
        f.normal == status.normal
            && matches!(&f.value, trueup_template::ValueSpec::Enum(options) if trueup_template::matches_option(value, options))
    });
    StateFact {
        state: known.unwrap_or(State::InReview),
        source: StateSource::Header,
        text: Some(value.to_owned()),
        span: Some(status.field.value_span),
        in_sidecar: status.place == HeaderPlace::Sidecar,
        unknown: known.is_none() && !offered,
        folder,
        moved: value.to_lowercase().starts_with("moved"),
    }
}

/// What the folders between the set's root and the file say.
fn state_by_folder(path: &str, settings: &Settings) -> Option<State> {
    let root = settings
        .folders
        .iter()
        .filter(|f| f.is_empty() || path.strip_prefix(f.as_str()).is_some_and(|rest| rest.starts_with('/')))
        .map(String::len)
        .min()?;
    let folder = crate::folder_of(path).get(root..)?;
    folder.split('/').rev().filter(|p| !p.is_empty()).find_map(|part| {
        settings.folder_states.get(&part.to_lowercase()).copied().or_else(|| folder_state(part))
    })
}

pub(crate) fn created_on(header: &[HeaderField], path: &str) -> Option<Date> {
    let keys = ["created", "date", "creation date", "created on", "start date", "created at"];
    let field = header.iter().find(|f| keys.contains(&f.normal.as_str()));
    let of = |text: &str| find_dates(text).into_iter().find_map(|d| d.date);
    field.and_then(|f| of(&f.field.value)).or_else(|| of(crate::base_name(path)))
}
