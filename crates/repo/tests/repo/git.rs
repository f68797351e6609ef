//! The `git` program asked about real repositories.

use crate::Folder;
use std::fs;
use std::process::Command;
use trueup_repo::{Author, Change, Commit, Git, GitError, History, HistoryOptions, Person};

const LONG: &str = "a text\nthat is long enough\nto be known again\nafter a rename\n";

impl Folder {
    fn all(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn open(&self) -> Git {
        Git::open(&self.path()).expect("a repository")
    }

    fn named(&self) -> &Folder {
        self.git(&["config", "user.name", "Ada L."]);
        self.git(&["config", "user.email", "ada@example.org"]);
        self
    }
}

fn shown(changes: &[Change]) -> Vec<String> {
    changes.iter().map(Change::to_string).collect()
}

fn subject(commit: Option<&Commit>) -> Option<&str> {
    commit.map(|commit| commit.subject.as_str())
}

fn history(git: &Git) -> History {
    git.history(&HistoryOptions::default()).expect("a history")
}

#[test]
fn outside_of_a_repository_there_is_none() {
    assert_eq!(Git::open(&Folder::new().path()), None);
    assert_eq!(Git::open(&Folder::new().at("none")), None);
}

#[test]
fn before_the_first_commit_there_is_no_head() {
    let folder = Folder::repository();
    folder.files(&[("a.md", "x"), ("b c.md", "y")]);
    folder.git(&["add", "a.md"]);
    let git = folder.open();
    assert_eq!(git.head(), Ok(None));
    assert_eq!(git.branches(), Ok(vec![]));
    assert_eq!(git.tags(), Ok(vec![]));
    assert_eq!(history(&git).commits, []);
    assert_eq!(git.author_of("a.md"), Ok(Author::Nobody));
    assert_eq!(shown(&git.status().unwrap()), ["A a.md", "A b c.md"]);
    assert!(matches!(git.tree("HEAD"), Err(GitError::Failed { .. })));
}

#[test]
fn names_resolve_to_commits_and_nothing_else() {
    let folder = Folder::with_commit();
    let head = folder.all("two");
    folder.git(&["tag", "-a", "v1", "-m", "one"]);
    let git = folder.open();
    for known in ["HEAD", "main", "v1", &head[..9], "@"] {
        assert_eq!(git.resolve(known), Ok(Some(head.clone())), "{known}");
    }
    for unknown in ["", "nothing", "--all", "-h", "a b", "a\0b", "a\nb", "HEAD:", "main..HEAD", "HEAD~9"] {
        assert_eq!(git.resolve(unknown), Ok(None), "{unknown:?}");
    }
    assert!(matches!(git.merge_base("--help", "HEAD"), Err(GitError::NoCommit { .. })));
}

#[test]
fn bases_of_branches_and_of_unrelated_histories() {
    let folder = Folder::with_commit();
    let base = folder.git(&["rev-parse", "HEAD"]);
    folder.git(&["switch", "-q", "-c", "side"]);
    folder.files(&[("a", "1")]).all("side");
    folder.git(&["switch", "-q", "main"]);
    folder.files(&[("b", "1")]).all("main");
    folder.git(&["switch", "-q", "--orphan", "other"]);
    folder.files(&[("c", "1")]).all("other");
    let git = folder.open();
    assert_eq!(git.merge_base("main", "side"), Ok(Some(base.clone())));
    assert_eq!(git.merge_base("main", "other"), Ok(None));
    assert_eq!(git.is_ancestor(&base, "side"), Ok(true));
    assert_eq!(git.is_ancestor("side", "main"), Ok(false));
    assert!(git.is_ancestor("nothing", "main").is_err());
}

#[test]
fn branches_here_and_at_remotes() {
    let origin = Folder::with_commit();
    origin.git(&["branch", "spec/a"]);
    let folder = Folder::new();
    folder.git(&["clone", "-q", &origin.path().display().to_string(), "."]);
    folder.git(&["tag", "light"]);
    folder.git(&["tag", "-a", "full", "-m", "x"]);
    folder.git(&["tag", "tree", "HEAD^{tree}"]);
    let git = folder.open();
    let names: Vec<String> = git.branches().unwrap().iter().map(|b| b.shown()).collect();
    assert_eq!(names, ["main", "origin/main", "origin/spec/a"]);
    let head = git.head().unwrap().unwrap();
    let tags = git.tags().unwrap();
    assert!(tags.iter().all(|tag| tag.commit == head && tag.time > 1_000_000_000), "{tags:?}");
    assert_eq!(tags.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["full", "light"]);
}

#[test]
fn strange_names_and_contents_come_through() {
    let names = ["a b.md", "q\"uote.md", "tab\there.md", "new\nline.md", "ü.md", "-dash.md", "*.md"];
    let folder = Folder::repository();
    for name in names {
        folder.bytes(name, format!("{name}\0\n").as_bytes());
    }
    folder.all("one");
    let git = folder.open();
    let tree = git.tree("HEAD").unwrap();
    assert_eq!(tree.len(), names.len());
    let blobs: Vec<String> = tree.iter().map(|file| file.blob.clone()).collect();
    for (file, content) in tree.iter().zip(git.blobs(&blobs).unwrap()) {
        assert!(names.contains(&file.path.as_str()), "{file:?}");
        assert_eq!(content, Some(format!("{}\0\n", file.path).into_bytes()));
        assert_eq!(git.file_at("HEAD", &file.path).unwrap(), content);
    }
    assert_eq!(git.file_at("HEAD", "none.md"), Ok(None));
    assert_eq!(git.file_at("HEAD", ""), Ok(None));
    let asked = ["HEAD:none".to_owned(), "HEAD".to_owned(), String::new(), "HEAD:a b.md".to_owned()];
    let found: Vec<bool> = git.blobs(&asked).unwrap().iter().map(Option::is_some).collect();
    assert_eq!(found, [false, false, false, true]);
    assert_eq!(subject(history(&git).first_commit("new\nline.md")), Some("one"));
    assert_eq!(git.status(), Ok(vec![]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_no_text_is_named_and_its_content_is_there() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::repository();
    fs::write(folder.path().join(OsStr::from_bytes(b"x\xff.md")), "in it").unwrap();
    folder.all("one");
    let git = folder.open();
    let tree = git.tree("HEAD").unwrap();
    assert_eq!(tree[0].path, "x\u{fffd}.md");
    assert_eq!(git.blobs(&[tree[0].blob.clone()]), Ok(vec![Some(b"in it".to_vec())]));
}

#[test]
fn a_file_is_followed_through_its_names() {
    let folder = Folder::repository();
    folder.files(&[("a.md", LONG), ("gone.md", "short")]).all("add");
    folder.git(&["mv", "a.md", "b.md"]);
    folder.all("first move");
    folder.files(&[("b.md", &format!("{LONG}more\n"))]).all("edit");
    folder.git(&["rm", "-q", "gone.md"]);
    fs::create_dir(folder.at("deep")).unwrap();
    folder.git(&["mv", "b.md", "deep/c d.md"]);
    folder.all("second move");
    folder.files(&[("a.md", "another file altogether")]).all("again");
    let git = folder.open();
    let history = history(&git);
    assert_eq!(fate(&history, "b.md"), "deep/c d.md in second move");
    assert_eq!(fate(&history, "a.md"), "none", "there is a file of this name again");
    assert_eq!(fate(&history, "deep/c d.md"), "none");
    assert_eq!(fate(&history, "gone.md"), "deleted in second move");
    assert_eq!(fate(&history, "never"), "none");
    assert_eq!(subject(history.first_commit("deep/c d.md")), Some("add"));
    assert_eq!(subject(history.first_commit("a.md")), Some("again"));
    assert_eq!(subject(history.last_change("deep/c d.md")), Some("second move"));
    let all: Vec<&str> =
        history.commits_of("deep/c d.md").iter().map(|commit| commit.subject.as_str()).collect();
    assert_eq!(all, ["second move", "edit", "first move", "add"]);
    let at = |subject: &str| {
        let commit = history.commits.iter().find(|commit| commit.subject == subject).unwrap();
        history.path_at("deep/c d.md", &commit.id).unwrap().to_string()
    };
    assert_eq!(at("again"), "deep/c d.md");
    assert_eq!(at("second move"), "deep/c d.md");
    assert_eq!(at("edit"), "b.md");
    assert_eq!(at("first move"), "b.md");
    assert_eq!(at("add"), "a.md");
    assert_eq!(history.path_at("deep/c d.md", "nothing"), None);
    assert_eq!(history.first_commit("never.md"), None);
}

/// What became of a path, in words.
fn fate(history: &History, path: &str) -> String {
    let Some(fate) = history.fate(path) else { return "none".to_owned() };
    let to = fate.to.map(|to| format!("{to} ")).unwrap_or_default();
    let deleted = if fate.deleted { "deleted " } else { "" };
    format!("{to}{deleted}in {}", history.commits[fate.commit].subject)
}

#[test]
fn folders_are_followed_by_their_files() {
    let folder = Folder::repository();
    folder
        .files(&[
            ("a/x.md", LONG),
            ("a/y/z.md", &LONG.to_uppercase()),
            ("c/k.md", "kept"),
            ("old/m.md", "short"),
        ])
        .all("add");
    folder.git(&["mv", "a", "b"]);
    folder.all("move");
    folder.git(&["mv", "b", "d"]);
    folder.git(&["rm", "-qr", "old"]);
    folder.all("again");
    folder.git(&["mv", "c/k.md", "d/k.md"]);
    folder.files(&[("c/new.md", "new")]).all("one of two");
    folder.git(&["rm", "-q", "d/x.md"]);
    folder.all("gone");
    let history = history(&folder.open());
    for (path, expected) in [
        ("a/y", "d/y in again"),
        ("b/y/", "d/y in again"),
        ("a/x.md", "d/x.md deleted in gone"),
        ("old", "deleted in again"),
        ("c", "none"),
        ("d", "none"),
        ("nowhere", "none"),
        ("", "none"),
    ] {
        assert_eq!(fate(&history, path), expected, "{path}");
    }
}

#[test]
fn a_chain_of_renames_leads_to_today() {
    let folder = Folder::repository();
    folder.files(&[("a.md", LONG)]).all("add");
    for (from, to) in [("a.md", "b.md"), ("b.md", "c.md"), ("c.md", "a.md"), ("a.md", "d.md")] {
        folder.git(&["mv", from, to]);
        folder.all(to);
    }
    let history = history(&folder.open());
    for old in ["a.md", "b.md", "c.md"] {
        assert_eq!(fate(&history, old), "d.md in d.md", "{old}");
    }
    assert_eq!(subject(history.first_commit("d.md")), Some("add"));
    assert_eq!(history.commits_of("d.md").len(), 5);
}

#[test]
fn settings_of_the_user_and_variables_of_hooks_change_nothing() {
    let folder = Folder::repository();
    folder.files(&[("ü.md", LONG), ("b.md", "b")]).all("add");
    folder.git(&["mv", "ü.md", "ö.md"]);
    folder.all("move");
    folder.files(&[("b.md", "changed"), ("new/x.md", "x")]);
    let git = folder.open();
    let all = || (history(&git).events, git.changes("HEAD~1", None), git.status(), git.tree("HEAD"));
    let plain = all();
    for (name, value) in [
        ("diff.renames", "false"),
        ("color.ui", "always"),
        ("color.status", "always"),
        ("core.quotePath", "true"),
        ("log.showSignature", "true"),
        ("log.follow", "true"),
        ("log.showRoot", "false"),
        ("log.decorate", "full"),
        ("log.mailmap", "true"),
        ("core.pager", "false"),
        ("diff.relative", "true"),
        ("diff.noprefix", "true"),
        ("diff.external", "false"),
        ("diff.orderFile", ".git/HEAD"),
        ("format.pretty", "fuller"),
        ("status.showUntrackedFiles", "no"),
        ("i18n.logOutputEncoding", "latin1"),
        ("core.abbrev", "4"),
    ] {
        folder.git(&["config", name, value]);
    }
    assert_eq!(all(), plain);
    assert_eq!(shown(&git.changes("HEAD~1", None).unwrap()), ["M b.md", "A new/x.md", "R ü.md -> ö.md"]);
    assert_eq!(shown(&git.changes("HEAD~1", Some("HEAD")).unwrap()), ["R ü.md -> ö.md"]);
}

#[test]
fn the_work_tree_counts_with_what_is_staged_and_not() {
    let folder = Folder::repository();
    let files = [(".gitignore", "*.log\n"), ("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")];
    folder.files(&files).all("one");
    folder.files(&[("a", "2"), ("x.log", "no"), ("deep/new", "1")]);
    folder.git(&["rm", "-q", "b"]);
    fs::remove_file(folder.at("c")).unwrap();
    folder.git(&["rm", "-q", "--cached", "d"]);
    folder.files(&[("staged", "is new")]).git(&["add", "staged"]);
    let git = folder.open();
    assert_eq!(shown(&git.status().unwrap()), ["M a", "D b", "D c", "M d", "A deep/new", "A staged"]);
}

#[test]
fn a_folder_below_the_top_has_its_own_paths() {
    let folder = Folder::repository();
    folder.files(&[("docs/a.md", LONG), ("other.md", "x")]).all("one");
    fs::rename(folder.at("docs/a.md"), folder.at("outside.md")).unwrap();
    folder.files(&[("docs/b.md", "b")]).all("two");
    let git = Git::open(&folder.at("docs")).unwrap();
    assert_eq!(git.top(), folder.path());
    assert_eq!(git.tree("HEAD").unwrap().iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["b.md"]);
    assert_eq!(git.file_at("HEAD", "b.md"), Ok(Some(b"b".to_vec())));
    assert_eq!(shown(&git.changes("HEAD~1", None).unwrap()), ["D a.md", "A b.md"]);
    let history = history(&git);
    assert_eq!(fate(&history, "a.md"), "deleted in two");
    assert_eq!(subject(history.first_commit("b.md")), Some("two"));
    assert_eq!(git.tree_below("HEAD~1", &["a.md"]).unwrap().len(), 1);
}

#[test]
fn a_shallow_clone_says_so() {
    let origin = Folder::with_commit();
    origin.files(&[("a", "1")]).all("two");
    let folder = Folder::new();
    folder.git(&["clone", "-q", "--depth=1", &format!("file://{}", origin.path().display()), "."]);
    let git = folder.open();
    assert!(git.is_shallow());
    let history = history(&git);
    assert!(history.cut);
    assert_eq!(history.commits.len(), 1);
    assert_eq!(git.resolve("HEAD~1"), Ok(None));
}

#[test]
fn sha256_linked_trees_and_submodules() {
    let inner = Folder::with_commit();
    let folder = Folder::new();
    folder.git(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    folder.files(&[("a.md", "x")]).all("one");
    let git = folder.open();
    assert_eq!(git.head().unwrap().unwrap().len(), 64);
    assert_eq!(git.file_at("HEAD", "a.md"), Ok(Some(b"x".to_vec())));
    folder.git(&["worktree", "add", "-q", "wt"]);
    assert_eq!(Git::open(&folder.at("wt")).unwrap().tree("HEAD").unwrap().len(), 1);

    let outer = Folder::repository();
    outer.git(&["submodule", "add", "-q", &inner.path().display().to_string(), "sub"]);
    outer.all("with a submodule");
    let git = outer.open();
    let sub = git.tree("HEAD").unwrap().into_iter().find(|file| file.path == "sub").unwrap();
    assert!(!sub.is_file());
    assert_eq!(git.blobs(&[sub.blob]), Ok(vec![None]));
    assert_eq!(git.file_at("HEAD", "sub"), Ok(None));
    inner.files(&[("x", "y")]).all("newer");
    assert_eq!(git.status(), Ok(vec![]));
    assert_eq!(Git::open(&outer.at("sub")).unwrap().tree("HEAD").unwrap().len(), 0);
}

#[test]
fn people_are_named_as_git_would() {
    let folder = Folder::repository();
    folder.named().files(&[("a.md", LONG)]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-q", "-m", "x", "--author", "Grace <grace@example.org>"]);
    folder.git(&["mv", "a.md", "b.md"]);
    folder.all("move");
    let git = folder.open();
    let grace = Person { name: "Grace".into(), email: "grace@example.org".into() };
    assert_eq!(git.author_of("b.md"), Ok(Author::Known(grace.clone())));
    // A file that was made from another one is its maker's.
    folder.files(&[("copy.md", LONG)]).all("copy");
    let maker = Person { name: "T".into(), email: "t@example.org".into() };
    assert_eq!(git.author_of("copy.md"), Ok(Author::Known(maker)));
    assert_eq!(history(&git).first_commit("b.md").map(|c| c.author.clone()), Some(grace));
    assert_eq!(git.author_of("never.md"), Ok(Author::Nobody));
    assert_eq!(git.user().map(|p| p.email), Ok("ada@example.org".to_owned()));
}

#[test]
fn a_commit_takes_these_files_and_no_others() {
    let folder = Folder::repository();
    folder.named().files(&[("a", "1"), ("b", "1"), ("gone", "1"), ("other", "1")]).all("one");
    folder.files(&[("a", "2"), ("b", "2"), ("new file", "is new"), ("other", "2"), ("stray", "1")]);
    folder.git(&["add", "other"]);
    fs::remove_file(folder.at("gone")).unwrap();
    let git = folder.open();
    let paths = ["a", "gone", "new file"].map(str::to_owned);
    let made = git.commit(&paths, "docs(spec): accept x\n\nwhy").unwrap();
    assert_eq!(git.head(), Ok(Some(made.clone())));
    assert_eq!(shown(&git.changes("HEAD~1", Some("HEAD")).unwrap()), ["M a", "D gone", "A new file"]);
    assert_eq!(folder.git(&["diff", "--cached", "--name-only"]), "other");
    assert_eq!(shown(&git.status().unwrap()), ["M b", "M other", "A stray"]);
    assert_eq!(folder.git(&["log", "-1", "--format=%B"]), "docs(spec): accept x\n\nwhy");
}

#[cfg(unix)]
#[test]
fn a_hook_that_refuses_leaves_everything_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::repository();
    folder.named().files(&[("a", "1")]).all("one");
    folder.bytes(".git/hooks/pre-commit", b"#!/bin/sh\necho not on Fridays\nexit 1\n");
    fs::set_permissions(folder.at(".git/hooks/pre-commit"), fs::Permissions::from_mode(0o755)).unwrap();
    folder.files(&[("a", "2"), ("new", "1")]);
    let git = folder.open();
    let before = folder.git(&["status", "--porcelain"]);
    let refused = git.commit(&["a".to_owned(), "new".to_owned()], "x").unwrap_err();
    assert!(refused.to_string().contains("not on Fridays"), "{refused}");
    assert_eq!(folder.git(&["status", "--porcelain"]), before);
    assert!(git.commit(&["none".to_owned()], "x").is_err());
}

#[test]
fn a_missing_program_is_named() {
    // In a process of its own, since the variable is shared by all tests.
    if let Some(root) = std::env::var_os("TRUEUP_TEST_WITHOUT_GIT") {
        let told = Git::open(root.as_ref()).unwrap().head().unwrap_err();
        assert!(matches!(told, GitError::NotStarted { .. }), "{told:?}");
        assert!(told.to_string().contains("install git"), "{told}");
        return;
    }
    let folder = Folder::with_commit();
    let own = std::env::current_exe().unwrap();
    let mut again = Command::new(own);
    again.args(["--exact", "git::a_missing_program_is_named"]).env("TRUEUP_TEST_WITHOUT_GIT", folder.path());
    let ended = again.env("PATH", folder.at("none")).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
}
