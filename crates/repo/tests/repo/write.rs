use crate::Folder;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use trueup_repo::{WriteError, write_atomically, write_if_unchanged};

#[test]
fn a_file_is_replaced_or_made_and_nothing_is_left_beside_it() {
    let folder = Folder::new();
    folder.files(&[("a.md", "a long old text")]);
    write_atomically(&folder.at("a.md"), b"new").unwrap();
    write_atomically(&folder.at("b.md"), b"made").unwrap();
    assert_eq!(fs::read(folder.at("a.md")).unwrap(), b"new");
    assert_eq!(fs::read(folder.at("b.md")).unwrap(), b"made");
    assert_eq!(folder.names(), ["a.md", "b.md"]);
}

#[test]
fn what_cannot_be_written_is_told_and_leaves_nothing() {
    let folder = Folder::new();
    fs::create_dir(folder.at("a.md")).unwrap();
    let error = write_atomically(&folder.at("a.md"), b"x").unwrap_err();
    assert!(matches!(error, WriteError::NotAFile { .. }));
    assert!(error.to_string().ends_with("a.md was not written: it is no regular file; name a file"));

    let error = write_atomically(&folder.at("none/b.md"), b"x").unwrap_err().to_string();
    assert!(error.contains("none/b.md was not written: cannot make a file beside it: "), "{error}");
    assert_eq!(folder.names(), ["a.md"]);
}

#[test]
fn the_rest_of_a_killed_process_is_no_obstacle() {
    let folder = Folder::new();
    let rest = format!(".trueup-{}-0.tmp", std::process::id());
    folder.files(&[(&rest, "half"), ("a.md", "")]);
    write_atomically(&folder.at("a.md"), b"new").unwrap();
    assert_eq!(folder.names(), [rest.as_str(), "a.md"]);
    assert_eq!(fs::read(folder.at(&rest)).unwrap(), b"half");
}

#[test]
fn only_the_expected_text_is_replaced() {
    let folder = Folder::new();
    folder.files(&[("a.md", "old")]);
    write_if_unchanged(&folder.at("a.md"), "old", "new").unwrap();
    for expected in ["old", "newer", "neW"] {
        let error = write_if_unchanged(&folder.at("a.md"), expected, "lost").unwrap_err();
        assert!(matches!(error, WriteError::Changed { .. }));
        assert!(error.to_string().contains("changed or removed since it was read"), "{error}");
    }
    assert_eq!(fs::read_to_string(folder.at("a.md")).unwrap(), "new");
    let error = write_if_unchanged(&folder.at("none.md"), "", "x").unwrap_err();
    assert!(matches!(error, WriteError::Changed { .. }));
    assert_eq!(folder.names(), ["a.md"]);
}

#[test]
fn an_equal_text_is_not_written_again() {
    let folder = Folder::new();
    folder.files(&[("a.md", "same")]);
    let before = fs::metadata(folder.at("a.md")).unwrap().modified().unwrap();
    write_if_unchanged(&folder.at("a.md"), "same", "same").unwrap();
    assert_eq!(fs::metadata(folder.at("a.md")).unwrap().modified().unwrap(), before);
}

#[cfg(unix)]
#[test]
fn of_two_changes_at_once_one_is_made() {
    for _ in 0..5 {
        let folder = Folder::new();
        folder.files(&[("a.md", "old")]);
        let path = folder.at("a.md");
        let made = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for number in 0..8 {
                let (path, made) = (&path, &made);
                scope.spawn(move || match write_if_unchanged(path, "old", &format!("new {number}")) {
                    Ok(()) => _ = made.fetch_add(1, Ordering::Relaxed),
                    Err(error) => assert!(matches!(error, WriteError::Changed { .. }), "{error}"),
                });
            }
        });
        assert_eq!(made.into_inner(), 1);
        assert_eq!(folder.names(), ["a.md"]);
    }
}

#[test]
fn a_bare_name_is_written_in_the_current_folder() {
    let name = format!("trueup-write-test-{}.txt", std::process::id());
    write_atomically(Path::new(&name), b"x").unwrap();
    write_if_unchanged(Path::new(&name), "x", "y").unwrap();
    let text = fs::read_to_string(&name);
    fs::remove_file(&name).unwrap();
    assert_eq!(text.unwrap(), "y");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn permissions_are_kept_and_a_new_file_has_the_usual_ones() {
        let folder = Folder::new();
        folder.files(&[("a.md", "old"), ("usual", "")]);
        for bits in [0o600, 0o640, 0o755, 0o444] {
            fs::set_permissions(folder.at("a.md"), PermissionsExt::from_mode(bits)).unwrap();
            write_atomically(&folder.at("a.md"), b"new").unwrap();
            assert_eq!(mode(&folder.at("a.md")), bits);
        }
        write_atomically(&folder.at("new.md"), b"").unwrap();
        assert_eq!(mode(&folder.at("new.md")), mode(&folder.at("usual")));
    }

    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let folder = Folder::new();
        folder.files(&[("real/a.md", "old")]);
        folder.link("link.md", "hop.md");
        folder.link("hop.md", "real/a.md");
        folder.link("new.md", "real/new.md");
        write_if_unchanged(&folder.at("link.md"), "old", "new").unwrap();
        write_atomically(&folder.at("new.md"), b"made").unwrap();
        assert_eq!(fs::read(folder.at("real/a.md")).unwrap(), b"new");
        assert_eq!(fs::read(folder.at("real/new.md")).unwrap(), b"made");
        assert!(fs::symlink_metadata(folder.at("link.md")).unwrap().is_symlink());
        assert_eq!(folder.names(), ["hop.md", "link.md", "new.md", "real"]);
    }

    #[test]
    fn circles_and_pipes_are_refused() {
        let folder = Folder::new();
        folder.link("loop.md", "loop.md");
        folder.pipe("pipe.md");
        let error = write_atomically(&folder.at("loop.md"), b"x").unwrap_err();
        assert!(error.to_string().contains("lead in a circle"), "{error}");
        let error = write_atomically(&folder.at("pipe.md"), b"x").unwrap_err();
        assert!(matches!(error, WriteError::NotAFile { .. }));
        let error = write_if_unchanged(&folder.at("pipe.md"), "", "x").unwrap_err();
        assert!(matches!(error, WriteError::NotAFile { .. }));
        assert_eq!(folder.names(), ["loop.md", "pipe.md"]);
    }
}
