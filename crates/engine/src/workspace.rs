//! A repository, opened: its files, its sets of specs and what is known of the world.

use crate::collisions::Elsewhere;
use crate::config::{CONFIG_FILE, Config, ConfigError, IndexConfig, LearnedConfig, SetConfig, StateName};
use crate::discover::{Discovery, discover, is_below, is_companion_name, shown_folder};
use crate::evidence::CommittedLedgers;
use crate::policies::Policies;
use crate::read::ReadAhead;
use crate::versions::HeldVersions;
use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use trueup_codebase::Codebase;
use trueup_guides::Guide;
use trueup_markdown::Document;
use trueup_model::{
    Corpus, Head, NamedIndex, PathIndex, Settings, Sidecar, SpecOutline, State, StatusWords, World,
    base_name, folder_of,
};
use trueup_repo::{
    GitError, IgnoreFiles, ReadProblem, Snapshot, Tree, WalkOptions, find_root, read, today, walk,
};
use trueup_template::{
    Learned, Pattern, Schema, align, apply_learned, builtin, infer, spec_regions, yaml_fields,
};

/// The largest file that is read, in bytes, where the configuration says nothing else.
pub const MAX_FILE_SIZE: u64 = 64 * 1024 * 1024;

/// How many specs are measured to learn what only existing specs can tell.
const LEARN_FROM: usize = 48;

/// How to open a repository.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// A file that is checked in place of what is on the disk: path from the root and text.
    pub overlay: Vec<(String, Arc<str>)>,
    /// A list of paths that stands in for the work tree.
    pub tree_list: Option<String>,
    /// Names of rules that the configuration may use; any where this is empty.
    pub rule_names: Vec<&'static str>,
    /// A configuration in place of the file's.
    pub config: Option<Config>,
    /// The files of a commit in place of the work tree's, with their list.
    pub commit: Option<Arc<(Snapshot, Tree)>>,
}

/// Why a repository was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The configuration is wrong.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// A template that the configuration names is not there or cannot be read.
    #[error("the template {path} that {CONFIG_FILE} names cannot be read: {reason}")]
    Template {
        /// The path as configured.
        path: String,
        /// Why not.
        reason: String,
    },
    /// A glob of the configuration is none.
    #[error("{CONFIG_FILE}: `{glob}` is no glob: {reason}")]
    Glob {
        /// As configured.
        glob: String,
        /// Why not.
        reason: String,
    },
    /// Something in the environment is wrong.
    #[error("{0}")]
    Environment(String),
}

/// A set of specs with its schema.
#[derive(Debug)]
pub struct SpecSet {
    /// The configuration, found or given.
    pub config: SetConfig,
    /// The schema with what was learned.
    pub schema: Schema,
    /// What the rules may know of the set.
    pub settings: Settings,
    /// Whether discovery chose it.
    pub discovered: bool,
    /// What older versions of the template ask, read when the first spec with a day is.
    pub(crate) versions: OnceLock<Option<HeldVersions>>,
    exclude: GlobSet,
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileRole {
    /// A spec of a set (by its place in [`Workspace::sets`]).
    Spec(usize),
    /// A document beside the specs of a set.
    Companion(usize),
    /// Neither.
    Other,
}

/// A repository, opened.
#[derive(Debug)]
pub struct Workspace {
    /// The repository's root.
    pub root: PathBuf,
    /// The configuration, or what discovery put in its place.
    pub config: Config,
    /// Whether there is a configuration file.
    pub configured: bool,
    /// What discovery saw; none with a configuration.
    pub discovery: Option<Discovery>,
    /// The sets of specs.
    pub sets: Vec<SpecSet>,
    /// All Markdown files.
    pub corpus: Corpus,
    /// The repository for the rules.
    pub world: World,
    /// Files that could not be read.
    pub unreadable: Vec<(String, ReadProblem)>,
    /// Folders that could not be read and links that lead nowhere.
    pub tree_problems: Vec<(String, String)>,
    /// Things that were assumed, a sentence each.
    pub notes: Vec<String>,
    /// Texts of sidecars in place of what is on the disk.
    pub(crate) sidecar_texts: FxHashMap<String, Arc<str>>,
    /// The code, read when the first rule asks.
    pub(crate) code: OnceLock<Codebase>,
    /// What git knows of all paths, read when the first one is looked for that is gone; none without git.
    pub(crate) history: OnceLock<Option<trueup_repo::History>>,
    /// The guides, read when the first rule asks.
    pub(crate) guides: OnceLock<Vec<Guide>>,
    /// Decides the policies that are not built in; none where they are not run.
    pub policies: Option<Arc<dyn Policies>>,
    /// The files of a commit, where they stand in for the work tree's.
    pub(crate) snapshot: Option<Arc<(Snapshot, Tree)>>,
    /// What other branches have taken, read when somebody asks.
    pub(crate) elsewhere: OnceLock<Elsewhere>,
    /// What files are called today, by the path that they have here: fingerprints go by it.
    pub(crate) later_names: FxHashMap<String, String>,
    /// What git leaves out, looked at when the first path is asked for that is not there.
    pub(crate) ignored: OnceLock<IgnoreFiles>,
    /// What the tests of the code cite, looked at when the first rule asks.
    pub(crate) citations: OnceLock<trueup_trace::Citations>,
    /// Whether a list of paths stands in for the work tree, so that no code can be read.
    pub(crate) listed: bool,
    /// What other specs may ask of each file, read when the first one does.
    pub(crate) outlines: Vec<OnceLock<Box<[SpecOutline]>>>,
    /// What was read before its turn.
    pub(crate) ahead: ReadAhead,
    /// The YAML files of the work tree.
    yaml: FxHashSet<String>,
    /// The names of the ledgers of evidence, listed when somebody asks.
    pub(crate) ledger_stems: OnceLock<FxHashSet<String>>,
    /// The ledgers as they were committed, asked of git when somebody asks.
    pub(crate) committed_ledgers: OnceLock<Result<CommittedLedgers, GitError>>,
}

impl Workspace {
    /// Opens the repository around a folder.
    pub fn open(start: &Path, options: &OpenOptions) -> Result<Workspace, OpenError> {
        let mut root = find_root(start);
        root.path = configured_root(start, &root.path);
        let tree = match &options.commit {
            Some(commit) => commit.1.clone(),
            None => walk(&root.path, &WalkOptions::default()),
        };
        let files = Files { root: &root.path, snapshot: options.commit.as_deref().map(|commit| &commit.0) };
        let (config, configured) = match &options.config {
            Some(config) => (config.clone(), true),
            None => read_config(&files, &options.rule_names)?,
        };
        let max_size = config.files.max_size.unwrap_or(MAX_FILE_SIZE);
        let (heads, unreadable) = read_heads(&files, &tree, max_size, &options.overlay);
        let mut notes: Vec<String> = root.note.into_iter().collect();
        let tree_problems = tree.problems.iter().map(|p| (p.path.clone(), p.message.clone())).collect();
        let yaml = tree.yaml.iter().cloned().collect();
        let paths = match &options.tree_list {
            Some(list) => trueup_repo::tree_from_list(list),
            None => tree.paths,
        };
        let git = root.git;
        let world = World {
            paths,
            branch: git.as_ref().and_then(|g| g.branch.clone()),
            main_branch: config.lifecycle.main_branch.clone().or(git.and_then(|g| g.main_branch)),
            today: Some(today().map_err(|e| OpenError::Environment(e.to_string()))?),
        };
        let mut workspace = Workspace {
            root: root.path,
            config,
            configured,
            discovery: None,
            sets: Vec::new(),
            corpus: Corpus::default(),
            world,
            unreadable,
            tree_problems,
            notes: Vec::new(),
            sidecar_texts: FxHashMap::default(),
            code: OnceLock::new(),
            history: OnceLock::new(),
            guides: OnceLock::new(),
            policies: None,
            snapshot: options.commit.clone(),
            elsewhere: OnceLock::new(),
            later_names: FxHashMap::default(),
            ignored: OnceLock::new(),
            citations: OnceLock::new(),
            listed: options.tree_list.is_some(),
            outlines: Vec::new(),
            ahead: ReadAhead::default(),
            yaml,
            ledger_stems: OnceLock::new(),
            committed_ledgers: OnceLock::new(),
        };
        let set_configs = match workspace.configured && !workspace.config.specs.is_empty() {
            true => workspace.config.specs.clone(),
            false => workspace.discover_sets(&heads, &mut notes),
        };
        let discovered = workspace.discovery.is_some();
        for set in set_configs {
            let set = workspace.load_set(set, discovered, &heads, max_size)?;
            workspace.sets.push(set);
        }
        workspace.notes = notes;
        let roles: FxHashSet<String> = heads
            .iter()
            .filter(|h| matches!(workspace.role(&h.path), FileRole::Spec(_)))
            .map(|h| h.path.to_string())
            .collect();
        workspace.corpus = Corpus::new(heads, &workspace.world.paths, |path| roles.contains(path));
        workspace.forget_outlines();
        if discovered {
            workspace.learn_sets();
        }
        Ok(workspace)
    }

    fn discover_sets(&mut self, heads: &[Head], notes: &mut Vec<String>) -> Vec<SetConfig> {
        let paths = PathIndex::new(self.yaml.iter().map(String::as_str));
        let discovery = discover(heads, &paths);
        if self.configured {
            notes.push(format!("{CONFIG_FILE} names no specs: they were looked for"));
        } else {
            notes.push(format!(
                "there is no {CONFIG_FILE}: specs and templates were looked for; `trueup init` writes it"
            ));
        }
        notes.extend(discovery.assumed.iter().cloned());
        let sets = discovery.sets.clone();
        self.discovery = Some(discovery);
        sets
    }

    fn load_set(
        &self,
        config: SetConfig,
        discovered: bool,
        heads: &[Head],
        max_size: u64,
    ) -> Result<SpecSet, OpenError> {
        let mut schema = self.load_schema(&config, heads, max_size)?;
        apply_learned_config(&mut schema, &config.learned);
        let mut exclude = GlobSetBuilder::new();
        for glob in &config.exclude {
            exclude.add(
                Glob::new(glob).map_err(|e| OpenError::Glob { glob: glob.clone(), reason: e.to_string() })?,
            );
        }
        let exclude = exclude
            .build()
            .map_err(|e| OpenError::Glob { glob: config.exclude.join(", "), reason: e.to_string() })?;
        let settings = self.settings(&config, &schema);
        Ok(SpecSet { config, schema, settings, discovered, versions: OnceLock::new(), exclude })
    }

    fn load_schema(&self, config: &SetConfig, heads: &[Head], max_size: u64) -> Result<Schema, OpenError> {
        if let Some(name) = config.template.strip_prefix("builtin:") {
            return builtin(name).map(|(_, schema)| schema).ok_or_else(|| OpenError::Template {
                path: config.template.clone(),
                reason: format!(
                    "the built-in templates are {}",
                    trueup_template::BUILTIN_NAMES.join(" and ")
                ),
            });
        }
        let text = match heads.iter().find(|h| *h.path == *config.template) {
            Some(head) => Arc::clone(&head.text),
            None => self
                .text_of(&config.template, max_size)
                .map_err(|e| OpenError::Template { path: config.template.clone(), reason: e.to_string() })?,
        };
        let sidecar = config.sidecar.as_ref().and_then(|name| {
            let folder = folder_of(&config.template);
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            self.text_of(&path, max_size).ok().map(|text| (name.clone(), text))
        });
        let sidecar = sidecar.as_ref().map(|(name, text)| (name.as_str(), text.as_ref()));
        Ok(infer(&config.template, &text, sidecar))
    }

    /// The text of a file: of the work tree, or of the commit that stands in for it.
    pub(crate) fn text_of(&self, path: &str, max_size: u64) -> Result<Arc<str>, ReadProblem> {
        let snapshot = self.snapshot.as_deref().map(|commit| &commit.0);
        Files { root: &self.root, snapshot }.read(path, max_size)
    }

    fn settings(&self, config: &SetConfig, schema: &Schema) -> Settings {
        let mut settings = Settings { folders: config.folders.clone(), ..Settings::default() };
        for (title, others) in &config.aliases {
            let normal = |t: &str| trueup_markdown::normalise_title(t).core;
            settings.align.aliases.insert(normal(title), others.iter().map(|o| normal(o)).collect());
        }
        let lifecycle = &self.config.lifecycle;
        let own: Vec<(String, State)> = lifecycle
            .synonyms
            .iter()
            .flat_map(|(state, words)| words.iter().map(move |w| (w.clone(), state.state())))
            .collect();
        settings.status_words = StatusWords::new(own);
        settings.folder_states =
            lifecycle.folders.iter().map(|(folder, state)| (folder.to_lowercase(), state.state())).collect();
        settings.accepted_only_on_main = config.accepted_only_on_main.unwrap_or(schema.accepted_only_on_main);
        settings.branch_form = config.branch.clone().or_else(|| schema.branch_form.clone());
        settings.file_name_forms = match config.file_names.is_empty() {
            true => schema.file_name_forms.clone(),
            false => config.file_names.iter().filter_map(|f| Pattern::of(f)).collect(),
        };
        settings.reserved =
            self.config.ids.reserved.iter().map(|r| (r.prefix.clone(), r.folder.clone())).collect();
        settings.ignored_links = self.config.links.ignore.clone();
        settings.item_ids = self.config.ids.items.iter().map(|name| name.kind()).collect();
        let parts = |index: &IndexConfig| {
            let states = |names: &[StateName]| names.iter().map(|name| name.state()).collect();
            index.parts.iter().map(|(title, names)| (title.clone(), states(names))).collect()
        };
        settings.guide_names = self.config.guides.names.clone();
        settings.guide_aliases = self.config.guides.aliases.clone().into_iter().collect();
        settings.indexes =
            self.config.index.iter().map(|i| NamedIndex { file: i.file.clone(), parts: parts(i) }).collect();
        settings
    }

    /// What a file is.
    pub fn role(&self, path: &str) -> FileRole {
        // The set with the deepest folder wins.
        let mut best: Option<(usize, usize)> = None;
        for (index, set) in self.sets.iter().enumerate() {
            for folder in set.config.folders.iter().map(|f| f.trim_end_matches('/')) {
                if is_below(folder_of(path), folder) && best.is_none_or(|(_, length)| folder.len() >= length)
                {
                    best = Some((index, folder.len()));
                }
            }
        }
        let Some((index, _)) = best else {
            let template = self.sets.iter().position(|s| s.config.template == path);
            let is_index = !self.sets.is_empty() && self.config.index.iter().any(|i| i.file == path);
            let template = template.or(is_index.then_some(0));
            return template.map_or(FileRole::Other, FileRole::Companion);
        };
        let set = &self.sets[index];
        if self.sets.iter().any(|s| s.config.template == path) || set.exclude.is_match(path) {
            return FileRole::Companion(index);
        }
        match &set.config.document {
            Some(document) => {
                // Beside its document a spec may have notes; the folder of the template holds no spec.
                let own_folder =
                    !set.config.folders.iter().any(|f| f.trim_end_matches('/') == folder_of(path));
                let named = base_name(path) == document && own_folder;
                let sidecar_there = set
                    .config
                    .sidecar
                    .as_ref()
                    .is_none_or(|s| self.yaml.contains(&format!("{}/{s}", folder_of(path))));
                if named && sidecar_there { FileRole::Spec(index) } else { FileRole::Companion(index) }
            }
            None if is_companion_name(path) => FileRole::Companion(index),
            None => FileRole::Spec(index),
        }
    }

    /// The YAML file beside a spec.
    pub fn sidecar(&self, set: usize, path: &str) -> Option<Sidecar> {
        let name = self.sets[set].config.sidecar.as_ref()?;
        let path = format!("{}/{name}", folder_of(path));
        let text = match self.sidecar_texts.get(&path) {
            Some(text) => Arc::clone(text),
            None => self.text_of(&path, MAX_FILE_SIZE).ok()?,
        };
        let fields = yaml_fields(&text, 0);
        Some(Sidecar { path, text, fields })
    }

    /// Paths of the specs of a set, in order.
    pub fn specs_of(&self, set: usize) -> Vec<Arc<str>> {
        let heads = self.corpus.heads().iter();
        heads.filter(|h| self.role(&h.path) == FileRole::Spec(set)).map(|h| Arc::clone(&h.path)).collect()
    }

    /// Measures the existing specs, as `trueup init` does before it writes the configuration.
    fn learn_sets(&mut self) {
        for index in 0..self.sets.len() {
            let learned = self.learn(index, LEARN_FROM);
            let config = learned_config(&learned);
            apply_learned(&mut self.sets[index].schema, &learned);
            self.sets[index].config.learned = config;
        }
    }

    /// Measures up to `limit` specs of a set, spread evenly over it.
    pub fn learn(&self, set: usize, limit: usize) -> Learned {
        let paths = self.specs_of(set);
        let step = paths.len().div_ceil(limit.max(1)).max(1);
        let sample: Vec<&Arc<str>> = paths.iter().step_by(step).collect();
        let schema = &self.sets[set].schema;
        let settings = &self.sets[set].settings;
        let read: Vec<_> = sample
            .par_iter()
            .filter_map(|path| {
                let position = self.corpus.position(path)?;
                let head = self.corpus.head(path)?;
                let document = Document::parse(Arc::clone(&head.text));
                let region = spec_regions(&document, schema).into_iter().next()?;
                let alignment = align(&document, region, schema, &settings.align);
                Some((position, document, alignment))
            })
            .collect();
        let shaped = read.iter().filter(|(_, _, a)| a.titles_found > 0).map(|(_, d, a)| (d, a));
        let learned = trueup_template::learn(schema, shaped);
        for (position, document, _) in read {
            self.ahead.keep_tree(position, document);
        }
        learned
    }

    /// Puts a text in the place of a file's, for a fix that is not written yet or an editor's buffer.
    pub fn set_text(&mut self, path: &str, text: Arc<str>) {
        if self.corpus.head(path).is_none() && (path.ends_with(".yaml") || path.ends_with(".yml")) {
            self.sidecar_texts.insert(path.to_owned(), text);
            self.forget_outlines();
            return;
        }
        let corpus = std::mem::take(&mut self.corpus);
        let mut heads = corpus.into_heads();
        match heads.iter_mut().find(|h| &*h.path == path) {
            Some(head) => *head = Head::scan(path.into(), text),
            None => heads.push(Head::scan(path.into(), text)),
        }
        let specs: FxHashSet<String> = heads
            .iter()
            .filter(|h| matches!(self.role(&h.path), FileRole::Spec(_)))
            .map(|h| h.path.to_string())
            .collect();
        self.corpus = Corpus::new(heads, &self.world.paths, |p| specs.contains(p));
        self.forget_outlines();
    }

    /// The settings of a file that belongs to no set.
    pub(crate) fn plain_settings(&self) -> Settings {
        Settings { ignored_links: self.config.links.ignore.clone(), ..Settings::default() }
    }

    /// Gives a file another path, for a move that is not made yet.
    pub fn move_file(&mut self, from: &str, to: &str) {
        let corpus = std::mem::take(&mut self.corpus);
        let mut heads = corpus.into_heads();
        if let Some(head) = heads.iter_mut().find(|h| &*h.path == from) {
            *head = Head::scan(to.into(), Arc::clone(&head.text));
        }
        heads.sort_by(|a, b| a.path.cmp(&b.path));
        self.world.paths.insert(to.into());
        let specs: FxHashSet<String> = heads
            .iter()
            .filter(|h| matches!(self.role(&h.path), FileRole::Spec(_)))
            .map(|h| h.path.to_string())
            .collect();
        self.corpus = Corpus::new(heads, &self.world.paths, |p| specs.contains(p));
        self.forget_outlines();
    }

    fn forget_outlines(&mut self) {
        self.ahead = ReadAhead::default();
        self.outlines = (0..self.corpus.heads().len()).map(|_| OnceLock::new()).collect();
    }

    /// Why a file is a spec, a companion or neither: for `check --explain-discovery`.
    pub fn explain(&self, path: &str) -> String {
        let folder = folder_of(path);
        let about = self
            .discovery
            .as_ref()
            .and_then(|d| d.folders.get(folder))
            .map(|r| format!("; {} is: {r}", shown_folder(folder)));
        let about = about.unwrap_or_default();
        match self.role(path) {
            FileRole::Spec(set) => format!("{path}: a spec of {}{about}", self.sets[set].config.template),
            FileRole::Companion(set) if self.sets.iter().any(|s| s.config.template == path) => {
                let _ = set;
                format!("{path}: the template")
            }
            FileRole::Companion(set) if self.sets[set].exclude.is_match(path) => {
                format!("{path}: a companion, since its folder is excluded{about}")
            }
            FileRole::Companion(_) => {
                format!("{path}: a companion, since a file of this name is never a spec{about}")
            }
            FileRole::Other => format!("{path}: not in a spec folder{about}"),
        }
    }
}

/// The root of the repository around a folder, without reading it: what [`Workspace::open`] takes as the root.
pub fn repository_root(start: &Path) -> PathBuf {
    configured_root(start, &find_root(start).path)
}

/// The nearest folder with a configuration, from where one stands up to the repository's root.
fn configured_root(start: &Path, top: &Path) -> PathBuf {
    let start = std::fs::canonicalize(start).unwrap_or_else(|_| start.to_path_buf());
    let inside = start.ancestors().take_while(|a| a.starts_with(top));
    let nearest = inside.into_iter().find(|a| a.join(CONFIG_FILE).is_file());
    nearest.map_or_else(|| top.to_path_buf(), Path::to_path_buf)
}

/// Where files are read.
struct Files<'a> {
    root: &'a Path,
    snapshot: Option<&'a Snapshot>,
}

impl Files<'_> {
    fn read(&self, path: &str, max_size: u64) -> Result<Arc<str>, ReadProblem> {
        match self.snapshot {
            Some(snapshot) => snapshot.read(path, max_size),
            None => read(self.root, path, max_size),
        }
    }

    fn holds(&self, path: &str) -> bool {
        self.snapshot.map_or_else(|| self.root.join(path).exists(), |snapshot| snapshot.holds(path))
    }
}

fn read_config(files: &Files<'_>, rules: &[&str]) -> Result<(Config, bool), OpenError> {
    match files.read(CONFIG_FILE, 16 * 1024 * 1024) {
        Ok(text) => Ok((Config::parse(&text, rules)?, true)),
        Err(_) if !files.holds(CONFIG_FILE) => Ok((Config::default(), false)),
        Err(problem) => Err(OpenError::Environment(format!("{CONFIG_FILE} cannot be read: {problem}"))),
    }
}

type Unreadable = Vec<(String, ReadProblem)>;

fn read_heads(
    files: &Files<'_>,
    tree: &Tree,
    max_size: u64,
    overlay: &[(String, Arc<str>)],
) -> (Vec<Head>, Unreadable) {
    let overlay: FxHashMap<&str, &Arc<str>> = overlay.iter().map(|(p, t)| (p.as_str(), t)).collect();
    let mut paths: Vec<&str> = tree.markdown.iter().map(|m| m.path.as_str()).collect();
    for path in overlay.keys() {
        if paths.binary_search(path).is_err() {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    let results: Vec<Result<Head, (String, ReadProblem)>> = paths
        .par_iter()
        .map(|path| {
            let text = match overlay.get(*path) {
                Some(text) => Arc::clone(text),
                None => files.read(path, max_size).map_err(|e| ((*path).to_owned(), e))?,
            };
            Ok(Head::scan((*path).into(), text))
        })
        .collect();
    let mut heads = Vec::with_capacity(results.len());
    let mut unreadable = Vec::new();
    for result in results {
        match result {
            Ok(head) => heads.push(head),
            Err(problem) => unreadable.push(problem),
        }
    }
    (heads, unreadable)
}

fn apply_learned_config(schema: &mut Schema, config: &LearnedConfig) {
    if config.documents == 0 {
        return;
    }
    let learned = Learned {
        boilerplate: config.boilerplate.clone(),
        constants: config.constants.clone().into_iter().collect(),
        extra_values: config.values.clone().into_iter().collect(),
        documents: config.documents,
    };
    apply_learned(schema, &learned);
}

/// What was learned, in the form of the configuration.
pub fn learned_config(learned: &Learned) -> LearnedConfig {
    LearnedConfig {
        documents: learned.documents,
        boilerplate: learned.boilerplate.clone(),
        constants: learned.constants.iter().cloned().collect(),
        values: learned.extra_values.iter().cloned().collect(),
    }
}
