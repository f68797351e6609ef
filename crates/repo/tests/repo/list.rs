use trueup_model::PathIndex;
use trueup_repo::tree_from_list;

fn files(index: &PathIndex) -> Vec<&str> {
    let mut files: Vec<_> = index.files().collect();
    files.sort_unstable();
    files
}

#[test]
fn one_path_a_line_with_every_line_ending() {
    for text in ["./a/b.md\nc d.md\n", "a/b.md\r\n\r\n./c d.md\r\n", "\u{feff}a/b.md\n   \nc d.md"] {
        let index = tree_from_list(text);
        assert_eq!(files(&index), ["a/b.md", "c d.md"], "{text:?}");
        assert!(index.is_folder("a"));
    }
}

#[test]
fn a_slash_at_the_end_is_a_folder() {
    let index = tree_from_list("docs/empty/\n./\n.\n");
    assert!(index.is_empty() && index.is_folder("docs/empty") && index.is_folder("docs"));
}

#[test]
fn nul_separates_and_nothing_is_decoded_then() {
    let index = tree_from_list("a\nb.md\0\"quoted\".md\0c/\0\n");
    assert_eq!(files(&index), ["\"quoted\".md", "a\nb.md"]);
    assert!(index.is_folder("c"));
}

#[test]
fn quoted_paths_are_decoded() {
    let index = tree_from_list("\"docs/\\303\\205 \\\"x\\\".md\"\r\n\"half\n");
    assert_eq!(files(&index), ["\"half", "docs/Å \"x\".md"]);
}

#[test]
fn paths_are_cleaned_and_stay_below_the_root() {
    let index = tree_from_list("a/../b.md\n../outside.md\n.//c//d.md\n/e.md\n");
    assert_eq!(files(&index), ["b.md", "c/d.md", "e.md"]);
}

#[test]
fn what_git_lists_is_read_back() {
    let folder = crate::Folder::repository();
    folder.files(&[("Å.md", ""), ("a \"b\".md", ""), ("tab\there.md", ""), ("plain.md", "")]);
    folder.git(&["add", "."]);
    let lines = tree_from_list(&folder.git(&["ls-files"]));
    let nul = tree_from_list(&folder.git(&["ls-files", "-z"]));
    assert_eq!(files(&lines), files(&nul));
    assert_eq!(files(&lines), ["a \"b\".md", "plain.md", "tab\there.md", "Å.md"]);
}
