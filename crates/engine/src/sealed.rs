//! What git knows of migrations: files as tags have them, and files of other branches.

use crate::proofs::ChainFolder;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use trueup_evidence::Digest;
use trueup_model::Date;
use trueup_repo::{Git, GitError};
use trueup_sql::{Elsewhere, Sealed};

/// Tags that are looked at, the newest ones.
const MOST_TAGS: usize = 200;
/// A branch that was not changed for longer is forgotten, in days.
const OLDEST_BRANCH: i64 = 365;

impl Workspace {
    /// The files of a folder of migrations as the first tag has them that holds them. What was tagged may have been
    /// applied, so it stands.
    pub fn sealed(&self, folder: &ChainFolder) -> Result<Vec<Sealed>, GitError> {
        let Some(git) = Git::open(&self.root) else { return Ok(Vec::new()) };
        let Some(head) = git.head()? else { return Ok(Vec::new()) };
        let mut tags = git.tags()?;
        tags.sort_by_key(|tag| std::cmp::Reverse(tag.time));
        tags.truncate(MOST_TAGS);
        let mut first: BTreeMap<String, (String, String)> = BTreeMap::new();
        // The oldest is written last and stays.
        for tag in &tags {
            for file in git.tree_below(&tag.commit, &[&folder.config.folder])? {
                if file.is_file() && file.path.ends_with(".sql") && git.is_ancestor(&tag.commit, &head)? {
                    first.insert(file.path, (file.blob, tag.name.clone()));
                }
            }
        }
        let blobs: Vec<String> = first.values().map(|(blob, _)| blob.clone()).collect();
        let contents = git.blobs(&blobs)?;
        let sealed = first.into_iter().zip(contents).filter_map(|((path, (_, tag)), bytes)| {
            Some(Sealed { path, digest: Digest::of(&bytes?).0, by: format!("tag {tag}") })
        });
        Ok(sealed.collect())
    }

    /// The migrations of branches that are not merged here.
    pub fn migrations_of_branches(&self, folder: &ChainFolder) -> Result<Vec<Elsewhere>, GitError> {
        let Some(git) = Git::open(&self.root) else { return Ok(Vec::new()) };
        let epoch = Date { year: 1970, month: 1, day: 1 };
        let since = self.world.today.map_or(0, |today| (today.days_since(epoch) - OLDEST_BRANCH) * 86_400);
        let branches = git.unmerged(since, self.world.branch.as_deref())?;
        let files = git.changed_on(&branches, &[&folder.config.folder])?;
        let one = |(at, branch): (usize, &trueup_repo::Branch)| {
            let of_branch = files.iter().filter(|file| file.branch == at && file.path.ends_with(".sql"));
            Elsewhere { branch: branch.shown(), paths: of_branch.map(|file| file.path.clone()).collect() }
        };
        Ok(branches.iter().enumerate().map(one).filter(|other| !other.paths.is_empty()).collect())
    }
}
