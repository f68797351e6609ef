use crate::Folder;
use trueup_repo::{ReadProblem, read};

const LIMIT: u64 = 1000;

#[test]
fn text_is_given_byte_for_byte() {
    let folder = Folder::new();
    for text in ["", "# Å\r\nx", "\u{feff}# T\n", "a\0b\n"] {
        folder.files(&[("specs/a.md", text)]);
        assert_eq!(read(&folder.path(), "specs/a.md", LIMIT).as_deref(), Ok(text));
    }
}

#[test]
fn bytes_that_are_no_text_are_placed() {
    let folder = Folder::new();
    folder.bytes("a.md", b"one\r\ntwo\xff\n");
    let problem = read(&folder.path(), "a.md", LIMIT).unwrap_err();
    assert_eq!(problem, ReadProblem::NotUtf8 { valid_up_to: 8, line: 2 });
    assert_eq!(
        problem.to_string(),
        "the file is not UTF-8: line 2 holds a byte that is none (after 8 bytes); save it as UTF-8"
    );
}

#[test]
fn utf_16_is_told_as_such() {
    let folder = Folder::new();
    for bytes in [b"\xff\xfe#\0", b"\xfe\xff\0#"] {
        folder.bytes("a.md", bytes);
        let problem = read(&folder.path(), "a.md", LIMIT).unwrap_err();
        assert_eq!(problem, ReadProblem::Utf16);
        assert!(problem.to_string().contains("UTF-16"));
    }
}

#[test]
fn the_limit_is_the_largest_size_read() {
    let folder = Folder::new();
    folder.files(&[("full.md", "12345"), ("over.md", "123456")]);
    assert_eq!(read(&folder.path(), "full.md", 5).as_deref(), Ok("12345"));
    let problem = read(&folder.path(), "over.md", 5).unwrap_err();
    assert_eq!(problem, ReadProblem::TooLarge { size: 6, limit: 5 });
    let told = ReadProblem::TooLarge { size: 70 << 20, limit: 64 << 20 }.to_string();
    assert_eq!(
        told,
        "the file is too large to check: 70.0 MiB of at most 64.0 MiB; split it or raise the limit"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_a_size_is_capped_while_reading() {
    let whole = read(std::path::Path::new("/"), "proc/self/status", 1 << 20).unwrap();
    assert!(whole.len() > 10);
    let problem = read(std::path::Path::new("/"), "proc/self/status", 10).unwrap_err();
    assert_eq!(problem, ReadProblem::TooLarge { size: 11, limit: 10 });
}

#[test]
fn what_is_absent_or_a_folder_is_told() {
    let folder = Folder::new();
    let absent = read(&folder.path(), "none.md", LIMIT).unwrap_err();
    assert_eq!(absent.to_string(), "the file cannot be read: there is no such file");
    assert_eq!(read(&folder.path(), "", LIMIT), Err(ReadProblem::NotAFile));
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_do_not_hang() {
    let folder = Folder::new();
    folder.pipe("pipe.md");
    folder.link("zero.md", "/dev/zero");
    for path in ["pipe.md", "zero.md"] {
        assert_eq!(read(&folder.path(), path, LIMIT), Err(ReadProblem::NotAFile));
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.files(&[("a.md", "x")]);
    let file = folder.at("a.md");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o000)).unwrap();
    if std::fs::File::open(&file).is_ok() {
        return; // Root reads everything; the wording is tested beside the code.
    }
    let problem = read(&folder.path(), "a.md", LIMIT).unwrap_err();
    assert_eq!(problem.to_string(), "the file cannot be read: you have no permission to read it");
}
