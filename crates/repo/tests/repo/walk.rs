use crate::Folder;
use std::fs;
use trueup_repo::{MarkdownFile, Tree, WalkOptions, walk};

fn tree(folder: &Folder) -> Tree {
    walk(&folder.path(), &WalkOptions::default())
}

fn markdown(tree: &Tree) -> Vec<&str> {
    tree.markdown.iter().map(|file| file.path.as_str()).collect()
}

fn problems(tree: &Tree) -> Vec<&str> {
    tree.problems.iter().map(|problem| problem.path.as_str()).collect()
}

#[test]
fn kinds_of_files_are_told_apart_and_sorted() {
    let folder = Folder::new();
    folder.files(&[
        ("z.md", "123"),
        ("a/B.MARKDOWN", ""),
        ("a/c.mdx", ""),
        (".github/x.yml", ""),
        ("a/y.YAML", ""),
        ("src/main.rs", ""),
        ("a.md/inner.txt", ""),
    ]);
    fs::create_dir_all(folder.at("empty/folder")).unwrap();
    let tree = tree(&folder);
    assert_eq!(markdown(&tree), ["a/B.MARKDOWN", "z.md"]);
    assert_eq!(tree.markdown[1], MarkdownFile { path: "z.md".into(), size: 3, is_link: false });
    assert_eq!(tree.yaml, [".github/x.yml", "a/y.YAML"]);
    assert_eq!(tree.paths.len(), 7);
    assert!(tree.paths.is_folder("empty/folder") && tree.paths.contains("src/main.rs"));
    assert!(tree.problems.is_empty());
}

#[test]
fn ignored_files_are_left_out_also_without_git() {
    for folder in [Folder::new(), Folder::repository()] {
        folder.files(&[
            (".gitignore", "build/\n*.tmp.md\n"),
            (".ignore", "/drafts\n"),
            ("build/a.md", ""),
            ("b.tmp.md", ""),
            ("drafts/c.md", ""),
            ("sub/.gitignore", "!b.tmp.md\n"),
            ("sub/b.tmp.md", ""),
            ("sub/drafts/d.md", ""),
        ]);
        assert_eq!(markdown(&tree(&folder)), ["sub/b.tmp.md", "sub/drafts/d.md"]);
        let all = WalkOptions { ignore_files: false, ..WalkOptions::default() };
        assert_eq!(walk(&folder.path(), &all).markdown.len(), 5);
        let above = walk(&folder.at("drafts"), &WalkOptions::default());
        assert_eq!(above.markdown.len(), 1, "ignore files above the root do not count");
    }
}

#[test]
fn what_this_clone_alone_ignores_is_left_out() {
    let folder = Folder::repository();
    folder.files(&[(".git/info/exclude", "scratch.md\n"), ("scratch.md", ""), ("a.md", "")]);
    assert_eq!(markdown(&tree(&folder)), ["a.md"]);
}

#[test]
fn folders_of_tools_are_passed_over_and_hidden_ones_are_not() {
    let folder = Folder::repository();
    folder.files(&[
        (".git/a.md", ""),
        (".hg/a.md", ""),
        (".svn/a.md", ""),
        ("web/node_modules/x/a.md", ""),
        ("crate/Cargo.toml", ""),
        ("crate/target/a.md", ""),
        ("built/target/CACHEDIR.TAG", ""),
        ("built/target/a.md", ""),
        ("plain/target/a.md", ""),
        (".ai/specs/a.md", ""),
    ]);
    let tree = tree(&folder);
    assert_eq!(markdown(&tree), [".ai/specs/a.md", "plain/target/a.md"]);
    assert!(!tree.paths.contains(".git") && !tree.paths.contains("web/node_modules"));
}

#[test]
fn other_work_trees_of_the_repository_are_left_out() {
    let folder = Folder::repository();
    folder.files(&[("a.md", "")]);
    folder.git(&["add", "."]);
    folder.commit();
    folder.git(&["worktree", "add", "-q", ".worktrees/side"]);
    folder.git(&["worktree", "add", "-q", ".worktrees/side/nested"]);
    assert_eq!(markdown(&tree(&folder)), ["a.md"]);
    let side = walk(&folder.at(".worktrees/side"), &WalkOptions::default());
    assert_eq!(markdown(&side), ["a.md"], "from inside it is the root");
}

#[test]
fn a_submodule_belongs_to_the_tree() {
    let inner = Folder::repository();
    inner.files(&[("inner.md", "")]);
    inner.git(&["add", "."]);
    inner.commit();
    let outer = Folder::with_commit();
    outer.git(&["submodule", "--quiet", "add", inner.path().to_str().unwrap(), "lib"]);
    let tree = tree(&outer);
    assert_eq!(markdown(&tree), ["lib/inner.md"]);
    assert!(!tree.paths.contains("lib/.git"));
}

#[test]
fn a_root_that_is_no_folder_is_a_problem() {
    let folder = Folder::new();
    folder.files(&[("a.md", "")]);
    for path in ["a.md", "none"] {
        let tree = walk(&folder.at(path), &WalkOptions::default());
        assert_eq!((tree.paths.len(), tree.problems.len()), (0, 1), "{path}");
    }
}

#[test]
fn files_of_one_name_come_in_the_order_of_their_paths() {
    let folder = Folder::new();
    for number in 0..100 {
        folder.files(&[(&format!("folder-{number:02}/same.md"), "")]);
    }
    let tree = tree(&folder);
    assert!(tree.paths.with_name("same.md").is_sorted());
    assert_eq!(tree.paths.with_name("same.md").len(), 100);
}

#[cfg(unix)]
mod unix {
    use super::*;

    #[test]
    fn links_are_recorded_and_their_files_listed_once() {
        let folder = Folder::new();
        let outside = Folder::new();
        outside.files(&[("o.md", "12"), ("folder/p.md", "")]);
        folder.files(&[("specs/real.md", ""), ("specs/x.yml", ""), ("specs/deep/a.md", "")]);
        folder.link("specs/alias.md", "real.md");
        folder.link("chain.md", "specs/alias.md");
        folder.link("docs", "specs/deep");
        folder.link("absolute.yml", folder.at("specs/x.yml"));
        folder.link("out.md", outside.at("o.md"));
        folder.link("out", outside.at("folder"));
        folder.link("gone.md", "specs/none.md");
        folder.link("through.md", "specs/real.md/none.md");
        let tree = tree(&folder);
        let out = MarkdownFile { path: "out.md".into(), size: 2, is_link: true };
        assert_eq!(markdown(&tree), ["out.md", "specs/deep/a.md", "specs/real.md"]);
        assert_eq!(tree.markdown[0], out, "the only place where it can be checked");
        assert_eq!(tree.yaml, ["specs/x.yml"]);
        for there in ["specs/alias.md", "chain.md", "docs/a.md", "absolute.yml", "out.md", "out"] {
            assert!(tree.paths.contains(there), "{there}");
        }
        assert!(tree.paths.is_folder("docs"));
        for absent in ["gone.md", "through.md", "docs/none.md"] {
            assert!(!tree.paths.contains(absent), "{absent}");
        }
        assert!(tree.problems.is_empty());
    }

    #[test]
    fn a_circle_of_links_is_a_problem_and_a_link_upwards_is_not() {
        let folder = Folder::new();
        folder.files(&[("a/b/c.md", "")]);
        folder.link("one.md", "two.md");
        folder.link("two.md", "one.md");
        folder.link("self", "self");
        folder.link("a/b/up", "..");
        let tree = tree(&folder);
        assert_eq!(markdown(&tree), ["a/b/c.md"]);
        assert_eq!(problems(&tree), ["one.md", "self", "two.md"]);
        let message = &tree.problems[0].message;
        assert!(message.starts_with("the symbolic link to `two.md` leads nowhere"), "{message}");
        assert!(tree.paths.contains("a/b/up/b/c.md"));
    }

    #[test]
    fn a_root_that_is_a_link_is_walked() {
        let folder = Folder::new();
        folder.files(&[("real/a.md", "")]);
        folder.link("real/b.md", "a.md");
        folder.link("root", "real");
        let tree = walk(&folder.at("root"), &WalkOptions::default());
        assert_eq!(markdown(&tree), ["a.md"]);
        assert!(tree.paths.contains("b.md"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_utf_8_are_told_once() {
        use std::os::unix::ffi::OsStrExt;
        let folder = Folder::new();
        let bad = folder.path().join(std::ffi::OsStr::from_bytes(b"bad-\xff"));
        fs::create_dir(&bad).unwrap();
        fs::write(bad.join("a.md"), "").unwrap();
        fs::write(bad.join("b.md"), "").unwrap();
        folder.files(&[("good.md", "")]);
        let tree = tree(&folder);
        assert_eq!(markdown(&tree), ["good.md"]);
        assert_eq!(problems(&tree), ["bad-\u{fffd}"]);
        assert!(tree.problems[0].message.contains("not UTF-8"));
    }

    #[test]
    fn a_pipe_named_like_a_spec_is_a_problem() {
        let folder = Folder::new();
        folder.pipe("a.md");
        folder.pipe("plain");
        let tree = tree(&folder);
        assert!(tree.markdown.is_empty() && tree.paths.contains("plain"));
        assert_eq!(problems(&tree), ["a.md"]);
    }

    #[test]
    fn an_unreadable_folder_does_not_hide_the_others() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new();
        folder.files(&[("closed/a.md", ""), ("open/b.md", "")]);
        fs::set_permissions(folder.at("closed"), PermissionsExt::from_mode(0o000)).unwrap();
        if fs::read_dir(folder.at("closed")).is_ok() {
            return; // Root reads everything; the wording is tested beside the code.
        }
        let tree = tree(&folder);
        fs::set_permissions(folder.at("closed"), PermissionsExt::from_mode(0o755)).unwrap();
        assert_eq!(markdown(&tree), ["open/b.md"]);
        assert_eq!(problems(&tree), ["closed"]);
    }
}
