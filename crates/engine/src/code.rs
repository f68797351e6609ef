//! The code of the repository, read when somebody asks for it.

use crate::config::TenancyConfig;
use crate::workspace::Workspace;
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::sync::Arc;
use trueup_codebase::{Code, CodeKind, Codebase, Departed, ProofRecord, Readable, Scope};
use trueup_repo::{CodeOptions, Git, History, HistoryOptions, IgnoreFiles, read_code_by};

impl Code for Workspace {
    fn codebase(&self) -> &Codebase {
        self.code.get_or_init(|| self.read_code())
    }

    fn scope(&self) -> Scope {
        let config = &self.config.code;
        Scope {
            api_prefixes: config.api_prefixes.clone(),
            external: config.external.clone(),
            excluded: config.exclude.clone(),
        }
    }

    fn departed(&self, path: &str) -> Option<Departed> {
        let history = self.history()?;
        let fate = history.fate(path)?;
        let commit = history.commits.get(fate.commit)?;
        Some(Departed {
            to: fate.to.map(|to| to.to_string()),
            deleted: fate.deleted,
            commit: commit.id.get(..10).unwrap_or(&commit.id).to_owned(),
        })
    }

    fn knows_history(&self) -> bool {
        self.history().is_some_and(|history| !history.cut && !history.commits.is_empty())
    }

    fn departed_ending(&self, end: &str) -> Vec<String> {
        let known = self.history().into_iter().flat_map(History::paths);
        let gone = known.filter(|path| path.ends_with(end) && !self.world.paths.contains(path));
        gone.map(str::to_owned).collect()
    }

    fn is_ignored(&self, path: &str) -> bool {
        !self.listed && self.ignored.get_or_init(|| IgnoreFiles::new(&self.root)).contains(path)
    }

    fn is_cited(&self, spec: &str, item: &str) -> bool {
        self.citations.get_or_init(|| trueup_trace::Citations::of(&self.codebase().tests)).cite(spec, item)
    }

    fn recorded_items(&self, path: &str) -> Vec<String> {
        self.items_in_ledgers(path)
    }

    fn declares_proofs(&self, of_tenants: bool) -> bool {
        match of_tenants {
            true => self.config.tenancy != TenancyConfig::default(),
            false => !self.config.migrations.is_empty(),
        }
    }

    fn proof_records(&self, path: &str) -> Vec<ProofRecord> {
        self.proofs_in_ledgers(path)
    }
}

impl Workspace {
    fn history(&self) -> Option<&History> {
        self.history.get_or_init(|| self.read_history()).as_ref()
    }

    /// The path that a file of today had at a commit; the same where nobody knows.
    pub(crate) fn path_at(&self, path: &str, commit: &str) -> Arc<str> {
        let known = self.history().and_then(|history| history.path_at(path, commit));
        known.unwrap_or_else(|| Arc::from(path))
    }

    /// What git knows; nothing where a list stands in for the work tree, or where git cannot be asked.
    fn read_history(&self) -> Option<History> {
        if self.listed {
            return None;
        }
        let rev = self.snapshot.as_ref().map(|commit| commit.0.commit().to_owned());
        Git::open(&self.root)?.history(&HistoryOptions { rev, ..HistoryOptions::default() }).ok()
    }

    fn read_code(&self) -> Codebase {
        if self.listed {
            let why = "a list of paths stands in for the work tree";
            let readable = |kind| match kind {
                CodeKind::Paths => (kind, Readable::Yes(vec!["list of paths"])),
                _ => (kind, Readable::No(why.to_owned())),
            };
            return Codebase { readable: CodeKind::ALL.map(readable).to_vec(), ..Codebase::default() };
        }
        let (options, excluded) = self.code_options();
        let paths: Vec<Arc<str>> =
            self.world.paths.files().filter(|path| !excluded.is_match(path)).map(Arc::from).collect();
        if let Some((snapshot, _)) = self.snapshot.as_deref() {
            // What fails here is told for each file when it is read.
            let _ =
                snapshot.load(paths.iter().map(|path| &**path).filter(|path| trueup_repo::holds_code(path)));
        }
        read_code_by(&|path, max_size| self.text_of(path, max_size), &paths, &options)
    }

    /// How the code is read, and which files are none of it.
    pub(crate) fn code_options(&self) -> (CodeOptions, GlobSet) {
        let config = &self.config.code;
        let options = CodeOptions {
            mounts: config.mounts.clone().into_iter().collect(),
            flag_functions: config.flag_functions.clone(),
            locales: globs(&config.locales),
            migrations: globs(&config.migrations),
        };
        (options, globs(&config.exclude))
    }
}

/// Globs of the configuration; those that are none were refused when it was read.
fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    patterns.iter().filter_map(|p| Glob::new(p).ok()).for_each(|glob| {
        set.add(glob);
    });
    set.build().unwrap_or_default()
}
