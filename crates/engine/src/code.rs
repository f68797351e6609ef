//! The code of the repository, read when somebody asks for it.

use crate::workspace::Workspace;
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::sync::Arc;
use trueup_codebase::{Code, CodeKind, Codebase, Readable};
use trueup_repo::{CodeOptions, read_code};

impl Code for Workspace {
    fn codebase(&self) -> &Codebase {
        self.code.get_or_init(|| self.read_code())
    }
}

impl Workspace {
    fn read_code(&self) -> Codebase {
        if self.listed {
            let why = "a list of paths stands in for the work tree";
            let readable = |kind| match kind {
                CodeKind::Paths => (kind, Readable::Yes(vec!["list of paths"])),
                _ => (kind, Readable::No(why.to_owned())),
            };
            return Codebase { readable: CodeKind::ALL.map(readable).to_vec(), ..Codebase::default() };
        }
        let config = &self.config.code;
        let excluded = globs(&config.exclude);
        let paths: Vec<Arc<str>> =
            self.world.paths.files().filter(|path| !excluded.is_match(path)).map(Arc::from).collect();
        let options = CodeOptions {
            mounts: config.mounts.clone().into_iter().collect(),
            flag_functions: config.flag_functions.clone(),
            locales: globs(&config.locales),
            migrations: globs(&config.migrations),
        };
        read_code(&self.root, &paths, &options)
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
