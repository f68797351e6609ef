use crate::{Files, Index, Listed, read_index};
use rustc_hash::FxHashMap;
use trueup_markdown::Document;
use trueup_model::{Corpus, Others, PathIndex, Settings, SpecId, SpecOutline, State, base_name, folder_of};

/// Names of files that list what lies beside them.
const NAMES: [&str; 4] = ["readme.md", "index.md", "overview.md", "toc.md"];

/// So many rows list specs however many there are; fewer may only hint at some of them.
const ENOUGH_ROWS: usize = 3;

/// Whether a file may be an index by its name.
pub fn may_be_index(path: &str) -> bool {
    let name = base_name(path).to_lowercase();
    NAMES.contains(&name.as_str())
}

/// What an index is read with.
#[derive(Clone, Copy, Debug)]
pub struct IndexCx<'a> {
    /// All Markdown files.
    pub corpus: &'a Corpus,
    /// The specs among them.
    pub others: &'a dyn Others,
    /// Every path of the repository.
    pub paths: &'a PathIndex,
    /// What the set of specs is asked.
    pub settings: &'a Settings,
}

impl IndexCx<'_> {
    /// Reads a file as an index; none where it lists no specs.
    pub fn read(&self, path: &str, document: &Document) -> Option<Index> {
        let is_spec = |path: &str| !self.others.outlines(path).is_empty();
        let among_specs = |path: &str| self.is_in_set(path);
        let parts = |title: &str| self.part_states(path, title);
        let files = Files { is_spec: &is_spec, among_specs: &among_specs, paths: self.paths };
        let index = read_index(path, document, &self.settings.status_words, &parts, files)?;
        let rows = index.parts.iter().map(|part| part.rows.len()).sum();
        (rows >= ENOUGH_ROWS || self.is_named(path) || self.lists_most(path, rows)).then_some(index)
    }

    /// Whether the configuration says that a file is an index.
    fn is_named(&self, path: &str) -> bool {
        self.settings.indexes.iter().any(|index| index.file == path)
    }

    /// Whether so many rows may be a list of what lies beside the file, and no hint at one or two specs.
    fn lists_most(&self, path: &str, rows: usize) -> bool {
        let folder = folder_of(path);
        let heads = self.corpus.heads().iter().map(|head| head.path.as_ref());
        let beside = heads.filter(|own| below(folder_of(own), folder) && self.is_in_set(own));
        let specs = beside.filter(|own| !self.others.outlines(own).is_empty());
        specs.take(rows * 2 + 1).count() <= rows * 2
    }

    /// Whether a path lies in a folder of the specs.
    fn is_in_set(&self, path: &str) -> bool {
        self.settings.folders.iter().any(|folder| below(folder_of(path), folder.trim_end_matches('/')))
    }

    /// The states that the configuration gives a part.
    fn part_states(&self, path: &str, title: &str) -> Option<Vec<State>> {
        let named = self.settings.indexes.iter().find(|index| index.file == path)?;
        let wanted = trueup_markdown::normalise_title(title).core;
        let part =
            named.parts.iter().find(|(own, _)| trueup_markdown::normalise_title(own).core == wanted)?;
        Some(part.1.clone())
    }

    /// All specs, with those marked that an index has to list.
    pub fn specs(&self, index: &str) -> Vec<Listed> {
        // An index outside of the folders of the specs was named by the configuration: it lists them all.
        let folder = folder_of(index);
        let inside = self.is_in_set(index);
        let own = self.folders_with_index(index, folder);
        let in_reach = |path: &str| {
            !inside || below(folder_of(path), folder) && !own.iter().any(|f| below(folder_of(path), f))
        };
        let heads = self.corpus.heads().iter().map(|head| head.path.as_ref());
        let of_set = heads.filter(|path| self.is_in_set(path));
        let outlines = of_set.filter_map(|path| self.others.outlines(path).first());
        outlines.map(|outline| listed(outline, in_reach(&outline.path))).collect()
    }

    /// Folders below an index's own that have one themselves.
    fn folders_with_index(&self, index: &str, folder: &str) -> Vec<String> {
        let mut seen: FxHashMap<&str, bool> = FxHashMap::default();
        let deeper = self.corpus.heads().iter().filter(|head| {
            let own = folder_of(&head.path);
            *head.path != *index && own != folder && below(own, folder) && may_be_index(&head.path)
        });
        for head in deeper {
            let document = Document::parse(head.text.clone());
            let is_index = self.read(&head.path, &document).is_some();
            *seen.entry(folder_of(&head.path)).or_default() |= is_index;
        }
        seen.into_iter().filter(|(_, is)| *is).map(|(folder, _)| folder.to_owned()).collect()
    }
}

fn listed(outline: &SpecOutline, in_reach: bool) -> Listed {
    Listed {
        path: outline.path.clone(),
        id: SpecId::of_file_name(base_name(&outline.path)),
        name: outline.name.clone(),
        title: bare_title(&outline.title),
        state: outline.state,
        folder: outline.folder_state,
        status: outline.status.clone(),
        created: outline.created,
        in_reach,
    }
}

/// A title without the ID in front: `SPEC-012: Returns` is `Returns`.
fn bare_title(title: &str) -> String {
    let Some((range, _)) =
        trueup_model::ids_in(title).into_iter().next().filter(|(range, _)| range.start == 0)
    else {
        return title.to_owned();
    };
    let rest = title.get(range.end..).unwrap_or("");
    let rest = rest
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '.' | '|'));
    if rest.is_empty() { title.to_owned() } else { rest.to_owned() }
}

fn below(folder: &str, top: &str) -> bool {
    top.is_empty() || folder == top || folder.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'))
}
