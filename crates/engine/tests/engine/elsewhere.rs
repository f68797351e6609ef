//! What other branches have taken.

use trueup_finding::Level;
use trueup_model::Others;
use trueup_testkit::Repository;

fn spec(id: &str, title: &str) -> String {
    format!("# {id}: {title}\n\n## Overview\nIt.\n\n## Risks\nNone.\n")
}

/// On `mine`, beside `main` and a branch that took SPEC-002 for something else.
fn repository(on_main: &[(&str, String)]) -> Repository {
    let mut files = vec![("specs/SPEC-001-a.md", spec("SPEC-001", "A"))];
    files.extend(on_main.iter().cloned());
    let repository = Repository::standard(&files).with_git("main");
    repository.git(&["switch", "--quiet", "-c", "theirs"]);
    repository.write("specs/SPEC-002-theirs.md", &spec("SPEC-002", "Theirs"));
    repository.commit("Theirs");
    repository.git(&["switch", "--quiet", "-c", "mine", "main"]);
    repository
}

fn found(repository: &Repository) -> Vec<(Level, String)> {
    let report = repository.check(&trueup_rules::all());
    let taken = report.findings.into_iter().filter(|f| f.rule == "id-taken-elsewhere");
    taken.map(|f| (f.level, f.message)).collect()
}

#[test]
fn an_id_that_both_took_is_an_error_that_names_the_branch() {
    let repository = repository(&[]);
    repository.write("specs/SPEC-002-mine.md", &spec("SPEC-002", "Mine"));
    let told = "SPEC-002 is also the ID of `specs/SPEC-002-theirs.md` on the branch theirs".to_owned();
    assert_eq!(found(&repository), [(Level::Error, told.clone())], "not committed yet");
    repository.commit("Mine");
    assert_eq!(found(&repository), [(Level::Error, told.clone())]);
    repository.git(&["switch", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "mine"]);
    assert_eq!(found(&repository), [(Level::Warning, told)], "on main theirs has to give way");
}

#[test]
fn an_id_that_was_here_first_is_an_info() {
    let repository = repository(&[("specs/SPEC-002-first.md", spec("SPEC-002", "First"))]);
    let levels: Vec<Level> = found(&repository).into_iter().map(|(level, _)| level).collect();
    assert_eq!(levels, [Level::Info]);
}

#[test]
fn what_is_the_same_spec_is_none() {
    let check = |what: &str, change: &dyn Fn(&Repository)| {
        let repository = repository(&[]);
        repository.write("specs/SPEC-002-mine.md", &spec("SPEC-002", "Mine"));
        repository.commit("Mine");
        change(&repository);
        assert_eq!(found(&repository), [], "{what}");
    };
    check("theirs was given up", &|r| {
        r.git(&["switch", "--quiet", "theirs"]);
        r.git(&["rm", "--quiet", "specs/SPEC-002-theirs.md"]);
        r.commit("Gone");
        r.git(&["switch", "--quiet", "mine"]);
    });
    check("theirs was changed a year and a half ago", &|r| {
        r.git(&["switch", "--quiet", "theirs"]);
        r.git_on(&["commit", "--quiet", "--amend", "--no-edit"], "2024-12-01T12:00:00Z");
        r.git(&["switch", "--quiet", "mine"]);
    });
    check("theirs is merged", &|r| {
        r.git(&["merge", "--quiet", "--no-edit", "theirs"]);
        r.git(&["branch", "--delete", "theirs"]);
        r.git(&["rm", "--quiet", "specs/SPEC-002-theirs.md"]);
    });
    check("theirs was taken over by hand and renamed", &|r| {
        r.git(&["rm", "--quiet", "specs/SPEC-002-mine.md"]);
        r.write("specs/SPEC-002-theirs.md", &spec("SPEC-002", "Theirs"));
        r.commit("Taken over");
        r.git(&["mv", "specs/SPEC-002-theirs.md", "specs/SPEC-002-ours.md"]);
        r.commit("Renamed");
    });
    check("their branch has another name of ours", &|r| {
        r.git(&["branch", "--delete", "--force", "theirs"]);
        r.git(&["switch", "--quiet", "-c", "later"]);
        r.git(&["mv", "specs/SPEC-002-mine.md", "specs/SPEC-002-renamed.md"]);
        r.commit("Renamed");
        r.git(&["switch", "--quiet", "mine"]);
    });
    check("it is a copy of this branch at a remote", &|r| {
        r.git(&["branch", "--delete", "--force", "theirs"]);
        r.git(&["switch", "--quiet", "--detach"]);
        r.git(&["mv", "specs/SPEC-002-mine.md", "specs/SPEC-002-before.md"]);
        r.git(&["commit", "--quiet", "--amend", "--message", "Before"]);
        r.git(&["update-ref", "refs/remotes/origin/mine", "HEAD"]);
        r.git(&["switch", "--quiet", "mine"]);
    });
}

#[test]
fn numbers_of_other_branches_are_known() {
    let repository = repository(&[]);
    let ids: Vec<String> = repository.open().ids_elsewhere().into_iter().map(|(id, _)| id.text).collect();
    assert_eq!(ids, ["SPEC-002"]);
}

#[test]
fn flags_endpoints_and_migrations_collide_too() {
    let template = "# [Title]\n\n## API contracts\n[Endpoints]\n\n## Data & migrations\n- `V001__name.sql`\n\n## Feature flags\n- **Flag name:** [name]\n";
    let text = |method: &str| {
        format!(
            "# T\n\n## API contracts\n- `{method} /api/refunds` — x\n\n## Data & migrations\n- `V007__refunds.sql`\n\n## Feature flags\n- **Flag name:** `refunds.v2`\n"
        )
    };
    let repository =
        Repository::standard(&[("template.md", template), ("specs/old.md", &text("GET"))]).with_git("main");
    repository.git(&["switch", "--quiet", "-c", "theirs"]);
    repository.write("specs/theirs.md", &text("POST"));
    repository.write("db/migrations/V007__theirs.sql", "select 1;");
    repository.write("specs/old.md", &(text("GET") + "\nMore.\n"));
    repository.commit("Theirs");
    repository.git(&["switch", "--quiet", "-c", "mine", "main"]);
    repository.write("specs/mine.md", &text("POST"));
    assert_eq!(
        names(&repository, "specs/mine.md"),
        [
            "Migration V007__refunds.sql theirs db/migrations/V007__theirs.sql",
            "Migration V007__refunds.sql theirs specs/theirs.md",
            "Flag refunds.v2 theirs specs/theirs.md",
            "Endpoint POST /api/refunds theirs specs/theirs.md",
        ],
        "what another spec says here already is not taken there"
    );
    assert_eq!(names(&repository, "specs/none.md"), Vec::<String>::new());
    assert_eq!(
        names(&repository, "specs/old.md"),
        Vec::<String>::new(),
        "it was here before the branch began"
    );
    // A branch that builds what the spec says is none that takes it away.
    repository.commit("Mine");
    repository.git(&["switch", "--quiet", "-c", "build"]);
    repository.write("db/migrations/V007__refunds.sql", "select 1;");
    repository.commit("Built");
    repository.git(&["switch", "--quiet", "mine"]);
    assert!(names(&repository, "specs/mine.md").iter().all(|name| !name.contains(" build ")));
    // Each service counts for itself.
    let folder = text("POST").replace("V007", "services/pay/db/V007");
    repository.write("specs/mine.md", &folder);
    assert_eq!(
        names(&repository, "specs/mine.md")[0],
        "Migration services/pay/db/V007__refunds.sql theirs specs/theirs.md"
    );
}

fn names(repository: &Repository, path: &str) -> Vec<String> {
    let workspace = repository.open();
    let told = workspace.names_elsewhere(path).into_iter();
    told.map(|n| format!("{:?} {} {} {}", n.kind, n.name, n.branch, n.path)).collect()
}

#[test]
fn one_branch_alone_has_nothing_to_collide_with() {
    let repository = Repository::standard(&[("specs/SPEC-001-a.md", spec("SPEC-001", "A"))]).with_git("main");
    assert_eq!(found(&repository), []);
    let bare = Repository::standard(&[("specs/SPEC-001-a.md", spec("SPEC-001", "A"))]);
    assert_eq!(found(&bare), []);
    assert!(bare.open().ids_elsewhere().is_empty());
}
