use crate::{Folder, git};
use std::fs;
use std::path::Path;
use trueup_repo::{GitInfo, Root, find_root};

/// What git itself says must be what was read.
#[track_caller]
fn info(folder: &Path) -> GitInfo {
    let root = find_root(folder);
    assert_eq!(root.note, None);
    let info = root.git.expect("a repository");
    assert_eq!(root.path, Path::new(&git(folder, &["rev-parse", "--show-toplevel"])));
    let branch = git(folder, &["branch", "--show-current"]);
    assert_eq!(info.branch.as_deref(), Some(branch.as_str()).filter(|b| !b.is_empty()));
    if let Some(head) = &info.head {
        assert_eq!(*head, git(folder, &["rev-parse", "HEAD"]));
    }
    info
}

/// A broken repository: the note, and that nothing is claimed that is not known.
#[track_caller]
fn broken(folder: &Folder) -> String {
    let root = find_root(&folder.path());
    assert_eq!((root.path, root.git), (folder.path(), None));
    root.note.expect("a note")
}

#[test]
fn without_git_the_start_is_the_root() {
    let folder = Folder::new();
    folder.files(&[("a/b.md", "")]);
    let expected = Root { path: folder.at("a"), git: None, note: None };
    assert_eq!(find_root(&folder.at("a")), expected);
    assert_eq!(find_root(&folder.at("a/../a")), expected);
    assert_eq!(find_root(&folder.at("a/b.md")), expected, "a file stands for its folder");
    assert_eq!(find_root(&folder.at("none")).path, folder.at("none"), "nothing there is no error");
}

#[test]
fn the_top_is_found_from_below() {
    let folder = Folder::with_commit();
    folder.files(&[("specs/deep/a.md", "")]);
    let info = info(&folder.at("specs/deep"));
    assert_eq!(info.branch.as_deref(), Some("main"));
    assert_eq!(info.main_branch.as_deref(), Some("main"));
    assert!(info.head.is_some() && !info.detached && !info.shallow);
}

#[test]
fn before_the_first_commit_there_is_a_branch_but_no_head() {
    let folder = Folder::repository();
    let info = info(&folder.path());
    assert_eq!((info.head, info.detached), (None, false));
    assert_eq!(info.main_branch.as_deref(), Some("main"));
}

#[test]
fn a_detached_head_has_no_branch() {
    let folder = Folder::with_commit();
    folder.git(&["checkout", "-q", "--detach"]);
    let info = info(&folder.path());
    assert!(info.detached && info.branch.is_none() && info.head.is_some());
    assert_eq!(info.main_branch.as_deref(), Some("main"));
}

#[test]
fn packed_references_are_found() {
    let folder = Folder::with_commit();
    folder.git(&["branch", "main-2"]);
    folder.git(&["checkout", "-q", "-b", "feat/one"]);
    folder.git(&["pack-refs", "--all"]);
    assert!(!folder.at(".git/refs/heads/main").exists());
    let info = info(&folder.path());
    assert_eq!(info.branch.as_deref(), Some("feat/one"));
    assert_eq!(info.main_branch.as_deref(), Some("main"));
    assert!(info.head.is_some());
}

#[test]
fn a_linked_work_tree_is_a_root_of_its_own() {
    let folder = Folder::with_commit();
    let other = Folder::new();
    let path = other.at("tree");
    folder.git(&["worktree", "add", "-q", "-b", "side", path.to_str().unwrap()]);
    let info = info(&path);
    assert_eq!(info.branch.as_deref(), Some("side"));
    assert_eq!(info.main_branch.as_deref(), Some("main"), "branches are shared");
    fs::remove_dir_all(folder.at(".git")).unwrap();
    let root = find_root(&path);
    assert_eq!((root.path, root.git), (path, None));
    assert!(root.note.unwrap().contains("which is not there"));
}

#[test]
fn a_submodule_is_a_root_of_its_own() {
    let inner = Folder::with_commit();
    let outer = Folder::with_commit();
    outer.git(&["submodule", "--quiet", "add", inner.path().to_str().unwrap(), "lib"]);
    assert!(outer.at("lib/.git").is_file());
    let info = info(&outer.at("lib"));
    assert_eq!(info.main_branch.as_deref(), Some("main"));
}

#[test]
fn a_shallow_clone_is_told_and_knows_the_head_of_its_origin() {
    let origin = Folder::repository();
    origin.git(&["checkout", "-q", "-b", "release/next"]);
    origin.commit();
    origin.commit();
    let clones = Folder::new();
    let url = format!("file://{}", origin.path().display());
    clones.git(&["clone", "-q", "--depth", "1", &url, "clone"]);
    git(&clones.at("clone"), &["checkout", "-q", "-b", "main"]);
    let info = info(&clones.at("clone"));
    assert!(info.shallow);
    assert_eq!(info.main_branch.as_deref(), Some("release/next"), "origin goes before common names");
}

#[test]
fn a_main_branch_may_exist_only_at_the_origin() {
    let origin = Folder::with_commit();
    let clones = Folder::new();
    clones.git(&["clone", "-q", origin.path().to_str().unwrap(), "clone"]);
    let clone = clones.at("clone");
    git(&clone, &["checkout", "-q", "-b", "side"]);
    git(&clone, &["branch", "-q", "-D", "main"]);
    git(&clone, &["remote", "set-head", "origin", "--delete"]);
    assert_eq!(info(&clone).main_branch.as_deref(), Some("main"));
}

#[test]
fn the_setting_counts_only_for_the_current_branch() {
    let folder = Folder::repository();
    folder.git(&["checkout", "-q", "-b", "stem"]);
    folder.commit();
    assert_eq!(info(&folder.path()).main_branch, None);
    folder.git(&["config", "init.defaultBranch", "stem"]);
    assert_eq!(info(&folder.path()).main_branch.as_deref(), Some("stem"));
    folder.git(&["checkout", "-q", "-b", "other"]);
    assert_eq!(info(&folder.path()).main_branch, None);
}

#[test]
fn references_in_a_table_are_asked_of_git() {
    let folder = Folder::new();
    let old = std::process::Command::new("git")
        .args(["init", "-q", "-b", "main", "--ref-format=reftable"])
        .current_dir(folder.path())
        .output()
        .is_ok_and(|output| !output.status.success());
    if old {
        return; // Before git 2.45 there is no such format.
    }
    assert_eq!(info(&folder.path()).head, None);
    folder.commit();
    folder.git(&["checkout", "-q", "-b", "side"]);
    let on_branch = info(&folder.path());
    assert!(on_branch.head.is_some());
    assert_eq!(on_branch.main_branch.as_deref(), Some("main"));
    folder.git(&["checkout", "-q", "--detach"]);
    assert!(info(&folder.path()).detached);
}

#[test]
fn a_broken_repository_is_a_note() {
    let folder = Folder::with_commit();
    fs::write(folder.at(".git/HEAD"), "").unwrap();
    assert!(broken(&folder).contains("HEAD names neither a branch nor a commit"));
    fs::remove_file(folder.at(".git/HEAD")).unwrap();
    assert!(broken(&folder).contains("HEAD cannot be read"));

    let folder = Folder::with_commit();
    fs::remove_dir_all(folder.at(".git/objects")).unwrap();
    assert!(broken(&folder).contains("has no folder `objects`"));

    for text in ["", "gitdir:", "gitdir: ../none", "nonsense\u{0}"] {
        let folder = Folder::new();
        folder.files(&[(".git", text)]);
        assert!(broken(&folder).contains(".git"), "{text:?}");
    }
    let folder = Folder::new();
    folder.bytes(".git", &[0xff, 0xfe, 0]);
    assert!(broken(&folder).contains("cannot be read"));
}

#[test]
fn a_half_written_reference_costs_only_the_head() {
    let folder = Folder::with_commit();
    fs::write(folder.at(".git/refs/heads/main"), "").unwrap();
    let root = find_root(&folder.path());
    let info = root.git.unwrap();
    assert_eq!((info.branch.as_deref(), info.head), (Some("main"), None));
    let note = root.note.unwrap();
    assert!(note.contains("names neither a commit nor a reference") && note.contains("git fsck"), "{note}");
}

#[test]
fn a_good_repository_above_a_broken_one_is_taken() {
    let folder = Folder::with_commit();
    folder.files(&[("lib/.git", "gitdir: ../.git/modules/gone"), ("lib/a.md", "")]);
    let root = find_root(&folder.at("lib"));
    assert_eq!(root.path, folder.path());
    assert!(root.git.is_some() && root.note.unwrap().contains("modules/gone"));
}

#[test]
fn a_folder_of_branches_is_no_branch() {
    let folder = Folder::repository();
    folder.git(&["checkout", "-q", "-b", "main/one"]);
    folder.commit();
    assert_eq!(info(&folder.path()).main_branch, None);
}
