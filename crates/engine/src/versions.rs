//! Versions of a template: its revisions under git, and which of them a spec is held to.

use crate::config::TemplateVersionsName;
use crate::workspace::{MAX_FILE_SIZE, SpecSet, Workspace};
use std::sync::Arc;
use trueup_markdown::Document;
use trueup_model::reading::lacking;
use trueup_model::{Date, Sidecar, Spec, created_day, folder_of, read_specs};
use trueup_repo::{FileRevision, Git, GitError, Person};
use trueup_template::{Ask, AskKind, Schema, SpecIndex, difference, held_to, infer};
use trueup_text::{Edit, Span};

/// A revision of a template.
#[derive(Clone, Debug)]
pub struct TemplateVersion {
    /// The commit; none for what stands in the work tree and is not committed.
    pub commit: Option<String>,
    /// The day of the commit.
    pub day: Option<Date>,
    /// Who wrote it.
    pub author: Option<Person>,
    /// The first line of the commit's message.
    pub subject: String,
    /// The path that the template had.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// What it asks.
    pub schema: Schema,
}

/// What a set asks of specs that are older than its template's newest version.
#[derive(Debug)]
pub(crate) struct HeldVersions {
    /// From which day on each version is in force, the oldest first; the newest is the set's own schema.
    days: Vec<Date>,
    /// What is asked of specs of each version but the newest.
    held: Vec<Schema>,
}

impl HeldVersions {
    /// The version in force on a day; none for the newest. Before the first there is none, and the first
    /// counts.
    fn in_force(&self, day: Date) -> Option<usize> {
        let after = self.days.partition_point(|from| *from <= day);
        let at = after.saturating_sub(1);
        (at < self.held.len()).then_some(at)
    }
}

impl Workspace {
    /// The version that a spec is held to; none for the newest.
    pub(crate) fn version_of(
        &self,
        set: usize,
        path: &str,
        document: &Document,
        sidecar: Option<&Sidecar>,
    ) -> Option<usize> {
        let own = self.sets.get(set)?;
        if own.config.template_versions == TemplateVersionsName::Newest
            || own.config.template.starts_with("builtin:")
            || self.listed
        {
            return None;
        }
        let versions = own.versions.get_or_init(|| self.held_versions(set)).as_ref()?;
        versions.in_force(created_day(path, document, &own.schema, sidecar)?)
    }

    /// Whether older versions of a template may be cut off, in a sentence.
    pub(crate) fn versions_unknown(&self) -> Option<String> {
        let by_day = |set: &SpecSet| {
            set.config.template_versions != TemplateVersionsName::Newest
                && !set.config.template.starts_with("builtin:")
        };
        if self.listed || !self.sets.iter().any(by_day) || !Git::open(&self.root)?.is_shallow() {
            return None;
        }
        let told = "the clone is shallow, so older versions of the template are not known, and every spec is \
                    held to what it asks now; `git fetch --unshallow` brings them";
        Some(told.to_owned())
    }

    /// What is asked of the specs of a set that are held to a version.
    pub(crate) fn schema_of(&self, set: usize, version: Option<usize>) -> &Schema {
        let own = &self.sets[set];
        let versions = own.versions.get().and_then(Option::as_ref);
        version.zip(versions).and_then(|(at, versions)| versions.held.get(at)).unwrap_or(&own.schema)
    }

    /// None where the template has one version only, or git cannot tell.
    fn held_versions(&self, set: usize) -> Option<HeldVersions> {
        let own = self.sets.get(set)?;
        let versions = self.template_versions(&own.config.template, own.config.sidecar.as_deref()).ok()?;
        let mut days: Vec<Date> = Vec::new();
        let mut schemas: Vec<&Schema> = Vec::new();
        for version in &versions {
            let day = match &version.commit {
                Some(_) => version.day,
                None => self.world.today,
            };
            let same = schemas.last().is_some_and(|last| difference(last, &version.schema).is_empty());
            if let Some(day) = day.filter(|_| !same) {
                // A clock that went backwards does not bring an older version into force.
                days.push(days.last().map_or(day, |last| day.max(*last)));
                schemas.push(&version.schema);
            }
        }
        let (_, older) = schemas.split_last()?;
        let held: Vec<Schema> = older.iter().map(|old| held_to(old, &own.schema)).collect();
        (!held.is_empty()).then_some(HeldVersions { days, held })
    }

    /// All revisions of a template that git knows, the oldest first, and what stands in the work tree where
    /// that is another text. A few processes.
    pub fn template_versions(
        &self,
        template: &str,
        sidecar: Option<&str>,
    ) -> Result<Vec<TemplateVersion>, GitError> {
        let Some(git) = Git::open(&self.root) else { return Ok(Vec::new()) };
        let rev = self.snapshot.as_deref().map(|commit| commit.0.commit());
        let mut revisions = git.revisions(rev, template)?;
        revisions.retain(|revision| revision.blob.is_some());
        revisions.reverse();
        let mut names: Vec<String> = revisions.iter().filter_map(|r| r.blob.clone()).collect();
        let beside = sidecar.map(|name| revisions.iter().map(move |r| sidecar_name(r, name)));
        names.extend(beside.into_iter().flatten());
        let contents = git.blobs(&names)?;
        let (texts, sidecars) = contents.split_at(revisions.len().min(contents.len()));
        let mut out: Vec<TemplateVersion> = Vec::new();
        for (index, (revision, content)) in revisions.iter().zip(texts).enumerate() {
            let Some(text) = content.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
                continue;
            };
            let beside = sidecars.get(index).and_then(Option::as_ref);
            let beside = beside.and_then(|bytes| std::str::from_utf8(bytes).ok());
            out.push(TemplateVersion {
                commit: Some(revision.commit.id.clone()),
                day: revision.commit.day,
                author: Some(revision.commit.author.clone()),
                subject: revision.commit.subject.clone(),
                path: revision.path.clone(),
                text: text.into(),
                schema: infer(template, text, sidecar.zip(beside)),
            });
        }
        if !out.is_empty() {
            out.extend(self.uncommitted(template, sidecar, out.last()));
        }
        Ok(out)
    }

    /// The template of the work tree, where it is not the last committed one.
    fn uncommitted(
        &self,
        template: &str,
        sidecar: Option<&str>,
        last: Option<&TemplateVersion>,
    ) -> Option<TemplateVersion> {
        let text = match self.corpus.head(template) {
            Some(head) => Arc::clone(&head.text),
            None => self.text_of(template, MAX_FILE_SIZE).ok()?,
        };
        let beside = sidecar.and_then(|name| {
            let path = format!("{}/{name}", folder_of(template));
            Some((name, self.text_of(path.trim_start_matches('/'), MAX_FILE_SIZE).ok()?))
        });
        let schema = infer(template, &text, beside.as_ref().map(|(name, text)| (*name, &**text)));
        let same = last.is_some_and(|last| last.text == text && difference(&last.schema, &schema).is_empty());
        let path = template.to_owned();
        (!same).then(|| TemplateVersion {
            commit: None,
            day: None,
            author: None,
            subject: "not committed".to_owned(),
            path,
            text,
            schema,
        })
    }
}

/// The name of the YAML file beside a template at a commit.
fn sidecar_name(revision: &FileRevision, name: &str) -> String {
    let folder = folder_of(&revision.path);
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    format!("{}:{path}", revision.commit.id)
}

/// What brings a spec to a version of its template.
#[derive(Clone, Debug, Default)]
pub struct Upgrade {
    /// Inserts the sections.
    pub edits: Vec<Edit>,
    /// The sections that are inserted.
    pub sections: Vec<Ask>,
    /// What has to be added by hand: fields, columns, rows, items.
    pub by_hand: Vec<Ask>,
}

impl Workspace {
    /// What a version of the template asks of a spec beside what the version asks that it is held to.
    pub fn upgrade(&self, path: &str, target: &TemplateVersion) -> Option<Upgrade> {
        let file = self.read_file(path)?;
        let set = file.set?;
        let own = self.sets.get(set)?;
        let versions = self.template_versions(&own.config.template, own.config.sidecar.as_deref()).ok()?;
        let first = file.specs.first()?;
        // Of a spec without a day everything may be new to it.
        let in_force =
            |day: Date| versions.iter().rfind(|version| version.day.is_some_and(|from| from <= day));
        let base = match first.created {
            Some(day) => in_force(day).or(versions.first())?,
            None => versions.first()?,
        };
        let held = held_to(&base.schema, &target.schema);
        let settings = &own.settings;
        let id = first.file_id.as_ref();
        let specs = read_specs(path, &file.document, &held, settings, file.sidecar.as_ref(), id);
        let mut out = Upgrade::default();
        for spec in &specs {
            let asks = lacking(&file.document, spec, &held);
            let (sections, by_hand): (Vec<&Ask>, Vec<&Ask>) =
                asks.into_iter().partition(|ask| ask.kind == AskKind::Section);
            let mut wanted: Vec<SpecIndex> = sections.iter().filter_map(|ask| ask.section).collect();
            wanted.sort_unstable();
            out.edits.extend(upgrade_edits(&file.document, spec, &held, &target.text, &wanted));
            out.sections.extend(sections.into_iter().cloned());
            out.by_hand.extend(by_hand.into_iter().cloned());
        }
        Some(out)
    }
}

/// What inserts the sections that a newer version of the template asks and a spec lacks, with the template's
/// text, each at its place. `spec` is laid along `target`, and `wanted` are sections of it in order; `text`
/// is the template that `target` was read from. Nothing else changes, and nothing is removed.
fn upgrade_edits(
    document: &Document,
    spec: &Spec,
    target: &Schema,
    text: &str,
    wanted: &[SpecIndex],
) -> Vec<Edit> {
    let template = Document::parse(text);
    let lines = trueup_text::LineIndex::new(text);
    let crlf = document.text().contains("\r\n");
    let mut at: Vec<(usize, String)> = Vec::new();
    for index in wanted {
        // What stands inside another new section comes with it.
        let above = target.sections.get(*index).and_then(|section| section.parent);
        if above.is_some_and(|parent| wanted.contains(&parent)) {
            continue;
        }
        let Some(source) = section_source(&template, &lines, text, target, *index) else { continue };
        let source = source.trim_end().replace("\r\n", "\n");
        let place = place_for(document, spec, target, *index);
        match at.last_mut().filter(|(last, _)| *last == place) {
            Some((_, together)) => together.push_str(&format!("\n\n{source}")),
            None => at.push((place, source)),
        }
    }
    let whole = document.text();
    at.into_iter()
        .map(|(place, source)| {
            let before = whole.get(..place).unwrap_or(whole);
            let bare = before.replace("\r\n", "\n");
            let lead = match () {
                () if bare.is_empty() || bare.ends_with("\n\n") => "",
                () if bare.ends_with('\n') => "\n",
                () => "\n\n",
            };
            let tail = if place >= whole.len() { "\n" } else { "\n\n" };
            let insert = format!("{lead}{source}{tail}");
            let insert = if crlf { insert.replace('\n', "\r\n") } else { insert };
            Edit::replace(Span::at(place), insert)
        })
        .collect()
}

/// The template's text of a section, with those inside it.
fn section_source<'t>(
    template: &Document,
    lines: &trueup_text::LineIndex,
    text: &'t str,
    target: &Schema,
    index: SpecIndex,
) -> Option<&'t str> {
    let line = target.sections.get(index)?.line;
    let found = template.sections().iter().find(|section| lines.line(section.title_span.start) == line)?;
    Some(found.span.text(text))
}

/// Where a section belongs: before the next one of the template that is there; else at the end of the
/// section that it stands in, or of the spec.
fn place_for(document: &Document, spec: &Spec, target: &Schema, index: SpecIndex) -> usize {
    let parent = target.sections.get(index).and_then(|section| section.parent);
    let siblings: Vec<SpecIndex> = target.children(parent).collect();
    let found = |other: &SpecIndex| {
        let section = document.section(spec.alignment.section_for(*other)?);
        let level = target.sections.get(*other)?.level;
        // One that stands deeper than its like is inside something else.
        (section.level <= level).then_some(section.span)
    };
    let before = siblings.iter().rev().filter(|other| **other < index).find_map(found);
    let after = siblings.iter().filter(|other| **other > index).find_map(found);
    let end = parent
        .and_then(|parent| spec.alignment.section_for(parent))
        .map_or(spec.region.end, |section| document.section(section).span.end);
    let place = match (before, after) {
        (Some(before), _) => before.end,
        (None, Some(after)) => after.start,
        (None, None) => end,
    };
    place as usize
}
