//! Claims that only a run can prove: the migrations that provers are given, and what the ledgers say of them.

use crate::config::{ChainConfig, LayoutName, TransactionName};
use crate::workspace::{MAX_FILE_SIZE, Workspace};
use std::collections::BTreeMap;
use trueup_claims::{JudgedProof, judge_proofs};
use trueup_codebase::{FileNow, ProofRecord, ProvenFile};
use trueup_evidence::{Digest, Entry, Ledger, Statement, Subject};
use trueup_model::{ProofKind, Spec, folder_of};
use trueup_repo::ReadProblem;
use trueup_sql::{Chain, Guess, Layout, Source, Transaction};

/// In front of what a prover verified: `prove:idempotent`.
const VERIFIER: &str = "prove:";
/// The name of a commit among the subjects.
const COMMIT: &str = "git:commit";

/// A folder of migrations.
#[derive(Clone, Debug)]
pub struct ChainFolder {
    /// What the configuration says of it, or would.
    pub config: ChainConfig,
    /// Why the layout was taken, where the configuration does not say it.
    pub guess: Option<Guess>,
    /// Its migrations, paths from the repository's root.
    pub chain: Chain,
    /// The digest of each file, by path.
    pub digests: BTreeMap<String, String>,
    /// Files that could not be read, with the reason.
    pub unread: Vec<(String, String)>,
}

impl ChainFolder {
    /// Paths of the files that run, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.chain.files.iter().map(|file| file.path.as_str())
    }

    /// The files that run as subjects of a statement.
    pub fn subjects(&self) -> Vec<Subject> {
        let one = |path: &str| {
            let digest = self.digests.get(path)?.clone();
            Some(Subject { name: path.to_owned(), digest })
        };
        self.paths().filter_map(one).collect()
    }
}

impl Workspace {
    /// The folders of migrations: those of the configuration, else those that are found.
    pub fn chains(&self) -> Vec<ChainFolder> {
        let configured = &self.config.migrations;
        if !configured.is_empty() {
            return configured.iter().map(|config| self.chain_of(config.clone())).collect();
        }
        let found = self.folders_of_scripts().into_iter();
        found
            .map(|folder| self.chain_of(ChainConfig { folder, ..ChainConfig::default() }))
            .filter(|folder| !folder.chain.files.is_empty())
            .collect()
    }

    /// One folder of migrations.
    pub fn chain_of(&self, config: ChainConfig) -> ChainFolder {
        let folder = config.folder.trim_matches('/').to_owned();
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let inside: Vec<&str> = self
            .world
            .paths
            .sorted()
            .iter()
            .map(AsRef::as_ref)
            .filter(|p: &&str| p.starts_with(&prefix))
            .collect();
        let guess = match config.layout {
            Some(_) => None,
            None => Some(Layout::guess(inside.iter().copied())),
        };
        let layout = config.layout.map(LayoutName::layout).or(guess.as_ref().map(|guess| guess.layout));
        let layout = layout.unwrap_or(Layout::Governance);
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        let wanted = |path: &&&str| layout.has_folders() || folder_of(path) == folder;
        for path in inside.iter().filter(wanted).filter(|path| is_of_migrations(path)) {
            match self.bytes_of(path) {
                Ok(bytes) => read.push(((*path).to_owned(), bytes)),
                Err(error) => unread.push(((*path).to_owned(), error.to_string())),
            }
        }
        let sources: Vec<Source<'_>> = read.iter().map(|(path, bytes)| Source { path, bytes }).collect();
        let mut chain = Chain::read(layout, &sources);
        if let Some(name) = config.transaction {
            chain.files.iter_mut().for_each(|file| file.transaction = name.transaction());
            // Whoever says how files run has told their tool as well.
            chain.problems.retain(|problem| problem.code != "mixed-statements");
        }
        let digests = read.iter().map(|(path, bytes)| (path.clone(), Digest::of(bytes).0)).collect();
        ChainFolder { config: ChainConfig { folder, ..config }, guess, chain, digests, unread }
    }

    /// Folders that hold scripts which a tool for migrations would run.
    fn folders_of_scripts(&self) -> Vec<String> {
        let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for path in self.world.paths.files().filter(|path| path.ends_with(".sql")) {
            // Prisma and Diesel give each migration a folder of its own.
            let ends = ["/migration.sql", "/up.sql", "/down.sql"];
            let folder = match ends.iter().find_map(|end| path.strip_suffix(end)) {
                Some(own) => folder_of(own),
                None => folder_of(path),
            };
            found.entry(folder.to_owned()).or_default().push(path);
        }
        let is_chain = |(folder, paths): &(String, Vec<&str>)| {
            let named = folder.split('/').any(|part| part.to_lowercase().contains("migrat"));
            let guess = Layout::guess(paths.iter().copied());
            let read = Chain::read(guess.layout, &empty(paths));
            // Each may have a file beside it that undoes it.
            let ways_back = read.files.iter().filter(|file| file.rollback.is_some()).count();
            let most = (read.files.len() + ways_back) * 2 > paths.len();
            most && (named || guess.layout != Layout::Numbered && read.files.len() > 1)
        };
        found.into_iter().filter(is_chain).map(|(folder, _)| folder).collect()
    }

    fn bytes_of(&self, path: &str) -> Result<Vec<u8>, ReadProblem> {
        let max_size = self.config.files.max_size.unwrap_or(MAX_FILE_SIZE);
        match self.text_of(path, max_size) {
            Ok(text) => Ok(text.as_bytes().to_vec()),
            // What is no text has a digest, too, and the chain says where it is none.
            Err(ReadProblem::NotUtf8 { .. } | ReadProblem::Utf16) => {
                trueup_repo::read_bytes(&self.root, path, max_size)
            }
            Err(problem) => Err(problem),
        }
    }

    /// The claims of a spec that only a run can prove, each with its verdict.
    pub fn judged_proofs(&self, path: &str, spec: &Spec) -> Vec<JudgedProof> {
        if spec.facts.proofs.is_empty() {
            return Vec::new();
        }
        judge_proofs(&spec.facts, &self.proofs_in_ledgers(path), &self.world.paths)
    }

    /// What provers recorded in the ledgers of the specs in a file. A ledger that cannot be read says nothing:
    /// `evidence verify` says why.
    pub(crate) fn proofs_in_ledgers(&self, path: &str) -> Vec<ProofRecord> {
        if !self.has_any_ledger() {
            return Vec::new();
        }
        let Some(file) = self.read_file(path) else { return Vec::new() };
        let names = file.specs.iter().map(|spec| self.ledger_name(path, spec));
        let ledgers = names.filter_map(|name| Ledger::read(&self.root, &name).ok());
        ledgers.flat_map(|ledger| self.records_of(&ledger.entries)).collect()
    }

    fn records_of(&self, entries: &[Entry]) -> Vec<ProofRecord> {
        let one = |entry: &Entry| match &entry.statement {
            Statement::Verified { verifier, holds, detail } => Some(ProofRecord {
                what: verifier.strip_prefix(VERIFIER)?.to_owned(),
                holds: *holds,
                detail: detail.clone(),
                time: entry.time.clone(),
                files: self.files_of(&entry.subjects),
            }),
            _ => None,
        };
        entries.iter().filter_map(one).collect()
    }

    fn files_of(&self, subjects: &[Subject]) -> Vec<ProvenFile> {
        let files = subjects.iter().filter(|subject| subject.name != COMMIT && !subject.name.contains('#'));
        let one = |subject: &Subject| {
            let now = match self.bytes_of(&subject.name).map(|bytes| Digest::of(&bytes).0) {
                Ok(digest) if digest == subject.digest => FileNow::Same,
                Ok(_) => FileNow::Changed,
                Err(_) => FileNow::Gone,
            };
            ProvenFile { path: subject.name.clone(), now }
        };
        files.map(one).collect()
    }
}

/// The statement of a prover on a claim.
pub fn proof_statement(kind: ProofKind, holds: bool, detail: String) -> Statement {
    Statement::Verified { verifier: format!("{VERIFIER}{}", kind.name()), holds, detail }
}

fn empty<'a>(paths: &[&'a str]) -> Vec<Source<'a>> {
    paths.iter().map(|path| Source { path, bytes: b"" }).collect()
}

/// Scripts, and the settings that lie beside them and say how they are run.
fn is_of_migrations(path: &str) -> bool {
    [".sql", ".conf", ".toml"].iter().any(|end| path.ends_with(end))
}

impl TransactionName {
    fn transaction(self) -> Transaction {
        match self {
            TransactionName::File => Transaction::PerFile,
            TransactionName::Statement => Transaction::PerStatement,
        }
    }
}

impl LayoutName {
    /// The layout.
    pub fn layout(self) -> Layout {
        match self {
            LayoutName::Governance => Layout::Governance,
            LayoutName::Numbered => Layout::Numbered,
            LayoutName::Flyway => Layout::Flyway,
            LayoutName::Sqlx => Layout::Sqlx,
            LayoutName::Refinery => Layout::Refinery,
            LayoutName::Prisma => Layout::Prisma,
            LayoutName::Diesel => Layout::Diesel,
            LayoutName::Rails => Layout::Rails,
        }
    }
}
