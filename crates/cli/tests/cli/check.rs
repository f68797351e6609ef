use crate::repository::{Repository, spec};
use std::process::{Command, Stdio};

const BROKEN: &str = "docs/specs/SPEC-004-2026-01-04-more.md";

/// A spec with an error, a dead link.
fn with_error() -> Repository {
    let repository = Repository::with_specs();
    repository.write(BROKEN, &spec(4, "More").replace("A form.", "See [the guide](../guide.md)."));
    repository
}

#[test]
fn a_clean_repository_exits_with_0() {
    let repository = Repository::with_specs();
    repository
        .run(&["check"])
        .exits(0)
        .says("Found nothing in 3 specs")
        .says("held to docs/spec-template.md");
}

#[test]
fn errors_exit_with_1_unless_they_are_let_through() {
    let repository = with_error();
    repository.run(&["check"]).exits(1).says("error[broken-link]").says(&format!("{BROKEN}:"));
    repository.run(&["check", "--fail-on", "never"]).exits(0).says("error[broken-link]");
    repository.run(&["check", "--rule", "missing-section"]).exits(0).says("Found nothing");
}

#[test]
fn warnings_fail_where_they_are_asked_to() {
    let repository = Repository::with_specs();
    repository
        .write(BROKEN, &spec(4, "More").replace("Accepted", "In review").replace("## Problem", "## Trouble"));
    repository.run(&["check"]).exits(0).says("warning[");
    repository.run(&["check", "--fail-on", "warning"]).exits(1);
}

#[test]
fn nothing_to_check_is_a_failure_that_says_what_was_looked_for() {
    let repository = Repository::empty();
    repository.write("notes.md", "# Notes\n");
    let ran = repository.run(&["check"]).exits(2).says("0 specs");
    ran.tells("nothing to check").tells("1 Markdown file").tells("trueup init").tells("trueup new");
}

#[test]
fn a_template_without_specs_is_named() {
    let repository = Repository::empty();
    repository.write("docs/spec-template.md", crate::repository::TEMPLATE);
    repository.run(&["check"]).exits(2).tells("considered the template docs/spec-template.md");
}

#[test]
fn unreadable_files_are_reported_though_nothing_was_checked() {
    let repository = Repository::empty();
    repository.write("trueup.toml", "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"builtin:governance\"\n");
    std::fs::create_dir(repository.path("specs")).expect("a folder");
    std::fs::write(repository.path("specs/a.md"), b"# \xff\n").expect("a file");
    repository.run(&["check"]).exits(2).says("unreadable-file").says("specs/a.md").tells("nothing to check");
}

#[test]
fn an_empty_folder_says_where_the_specs_are() {
    let repository = Repository::with_specs();
    repository.write("src/lib.rs", "");
    repository.run(&["check", "src"]).exits(2).tells("no file in src is a spec").tells("docs/specs");
}

#[test]
fn a_companion_named_by_its_path_is_enough() {
    let repository = Repository::with_specs();
    repository.write("docs/specs/README.md", "[gone](gone.md)\n");
    repository.run(&["check", "docs/specs/README.md"]).exits(1).says("broken-link");
    repository.write("README.md", "Hello.\n");
    repository.run(&["check", "README.md"]).exits(0).says("1 companion");
}

#[test]
fn unknown_names_come_with_a_suggestion() {
    let repository = with_error();
    repository.run(&["check", "--rule", "broken-lnk"]).exits(2).tells("help: did you mean `broken-link`?");
    repository
        .run(&["check", "docs/specs/SPEC-004-2026-01-04-mroe.md"])
        .exits(2)
        .tells(&format!("did you mean {BROKEN}?"));
    repository.run(&["check", ".."]).exits(2).tells("lies outside the repository").tells("help:");
    repository.write("trueup.toml", "[rulse]\n");
    repository
        .run(&["check"])
        .exits(2)
        .tells("trueup.toml:1:2: unknown key `rulse`")
        .tells("help: did you mean `rules`?");
}

#[test]
fn paths_are_given_from_the_current_folder() {
    let repository = with_error();
    let ran = repository
        .run_in("docs/specs", &["check", "SPEC-004-2026-01-04-more.md", "--format", "short"], None)
        .exits(1);
    assert!(ran.out.starts_with(&format!("{BROKEN}:")), "{}", ran.out);
    repository.run(&["-C", "docs", "check", "specs"]).exits(1).says("in 4 specs");
}

#[test]
fn one_file_alone_gives_what_it_gives_among_all() {
    let repository = with_error();
    let of_file = |ran: &str| {
        ran.lines().filter(|line| line.starts_with(BROKEN)).map(str::to_owned).collect::<Vec<_>>()
    };
    let alone = repository.run(&["check", BROKEN, "--format", "short"]).exits(1);
    let all = repository.run(&["check", "--format", "short"]).exits(1);
    assert_eq!(of_file(&alone.out), of_file(&all.out));
    assert_eq!(of_file(&alone.out).len(), 1, "{}", alone.out);
}

#[test]
fn a_document_on_standard_input_takes_the_place_of_its_file() {
    let repository = with_error();
    let mended = spec(4, "More");
    repository.run_in("", &["check", "-", "--stdin-path", BROKEN], Some(&mended)).exits(0).says("in 1 spec");
    let unsaved = "docs/specs/SPEC-009-2026-01-09-new.md";
    let text = spec(9, "New").replace("A form.", "[gone](gone.md)");
    repository.run_in("", &["check", "-", "--stdin-path", unsaved], Some(&text)).exits(1).says(unsaved);
    repository.run(&["check", "-"]).exits(2).tells("--stdin-path");
    repository.run(&["check", "--stdin-path", BROKEN]).exits(2).tells("help:");
}

#[test]
fn json_and_sarif_hold_everything_whatever_is_shown() {
    let repository = with_error();
    for format in ["json", "sarif"] {
        let ran = repository.run(&["check", "--format", format, "--level", "error"]).exits(1);
        let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        assert!(ran.out.contains("broken-link") && value.is_object(), "{}", ran.out);
        assert_eq!(ran.err, "");
    }
    let ran = repository.run(&["check", "--format", "json"]).exits(1);
    let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(value["findings"][0]["path"], BROKEN);
    assert_eq!(value["summary"]["specs"], 4);
}

#[test]
fn the_short_form_shows_from_a_level_on_and_counts_all() {
    let repository = with_error();
    repository.write("docs/specs/SPEC-005-2026-01-05-odd.md", &(spec(5, "Odd") + "\n## Extra\nMore.\n"));
    let all = repository.run(&["check", "--format", "short"]).exits(1).says(": info[");
    let errors = repository
        .run(&["check", "--format", "short", "--level", "error"])
        .exits(1)
        .says("error[broken-link]");
    assert!(!errors.out.contains(": info["), "{}", errors.out);
    assert_eq!(errors.out.lines().last(), all.out.lines().last());
}

#[test]
fn output_goes_into_a_file_whole() {
    let repository = with_error();
    let ran = repository
        .run(&["check", "--format", "sarif", "--output", "out.sarif"])
        .exits(1)
        .tells("wrote the findings");
    assert_eq!(ran.out, "");
    assert!(serde_json::from_str::<serde_json::Value>(&repository.read("out.sarif")).is_ok());
    repository
        .run(&["check", "--output", "no/such/folder/x"])
        .exits(2)
        .tells("was not written")
        .tells("help:");
}

#[test]
fn a_list_of_paths_stands_in_for_the_work_tree() {
    let repository = with_error();
    repository.write("paths.txt", "docs/guide.md\n");
    repository.run(&["check", "--tree", "paths.txt", "--rule", "broken-link"]).exits(0);
    repository.run(&["check", "--tree", "nowhere.txt"]).exits(2).tells("help:");
}

#[test]
fn an_ignored_file_is_checked_when_it_is_named() {
    let repository = Repository::with_specs();
    repository.write(".gitignore", "scratch/\n");
    repository.write("docs/specs/scratch/SPEC-008-x.md", &spec(8, "X").replace("A form.", "[gone](gone.md)"));
    repository.run(&["check"]).exits(0);
    repository.run(&["check", "docs/specs/scratch/SPEC-008-x.md"]).exits(1).says("broken-link");
}

#[test]
fn discovery_says_what_each_file_is() {
    let repository = Repository::with_specs();
    repository.write("docs/specs/README.md", "# Index\n");
    repository.write("notes.md", "# Notes\n");
    let ran = repository.run(&["check", "--explain-discovery"]).exits(0);
    ran.says("Templates considered\n  docs/spec-template.md")
        .says("spec       SPEC-001-2026-01-01-returns.md")
        .says("companion  README.md")
        .says("neither    notes.md");
    let one = repository.run(&["check", "--explain-discovery", "notes.md"]).exits(0);
    assert!(!one.out.contains("SPEC-001"), "{}", one.out);
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let repository = with_error();
    let escape = '\u{1b}';
    assert!(!repository.run(&["check"]).out.contains(escape));
    assert!(repository.run(&["check", "--color", "always"]).out.contains(escape));
    let forced = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
        command
            .current_dir(repository.path(""))
            .arg("check")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE");
        let output = command.envs(variables.iter().copied()).output().expect("trueup runs");
        String::from_utf8_lossy(&output.stdout).contains(escape)
    };
    assert!(forced(&[("CLICOLOR_FORCE", "1")]));
    assert!(!forced(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn a_reader_who_leaves_is_no_failure() {
    let repository = with_error();
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
    command.current_dir(repository.path("")).args(["check", "--format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("trueup starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("trueup ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), ""));
}

#[test]
fn wrong_usage_exits_with_2() {
    let repository = Repository::empty();
    repository.run(&["chek"]).exits(2);
    repository.run(&["check", "--unsafe"]).exits(2);
    repository.run(&[]).exits(2);
    repository.run(&["--version"]).exits(0).says("trueup ");
    repository.run(&["--help"]).exits(0).says("Exit codes");
    repository.run(&["completions", "bash"]).exits(0).says("_trueup");
    repository.run(&["-C", "nowhere", "check"]).exits(2).tells("help:");
}
