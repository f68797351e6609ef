//! Finding specs and templates without a configuration.

use trueup_engine::{FileRole, Workspace};
use trueup_rules::all;
use trueup_testkit::Repository;

const TEMPLATE: &str = "# SPEC-XXX: [Title]\n\n## Summary\n[What it is]\n\n## Design\n[How]\n\n## Trade-offs\n[What it costs]\n\n## Roll-out\n[When]\n";

fn spec(number: u32) -> String {
    format!("# SPEC-{number:03}: T\n\n## Summary\nx\n\n## Design\ny\n\n## Trade-offs\nz\n\n## Roll-out\nw\n")
}

fn open(files: &[(&str, &str)]) -> (Repository, Workspace) {
    let repository = Repository::new(files);
    let workspace = repository.open();
    (repository, workspace)
}

#[test]
fn a_template_and_its_specs_are_found() {
    let (one, two, three) = (spec(1), spec(2), spec(3));
    let notes = "# Notes\n\n## Monday\nRain.\n";
    let (_repository, workspace) = open(&[
        ("tools/.hidden/rfc-template.md", TEMPLATE),
        ("docs/rfcs/SPEC-001-a.md", one.as_str()),
        ("docs/rfcs/SPEC-002-b.md", two.as_str()),
        ("docs/rfcs/old/SPEC-003-c.md", three.as_str()),
        ("docs/rfcs/SPEC-004-d.md", one.as_str()),
        ("docs/rfcs/README.md", "# Index\n"),
        ("docs/rfcs/analysis/n1.md", notes),
        ("docs/rfcs/analysis/n2.md", notes),
        ("docs/rfcs/analysis/n3.md", notes),
        ("docs/other/guide.md", notes),
    ]);
    let set = &workspace.sets[0].config;
    assert_eq!(set.template, "tools/.hidden/rfc-template.md");
    assert_eq!(set.folders, ["docs/rfcs"]);
    for (path, role) in [
        ("docs/rfcs/SPEC-001-a.md", FileRole::Spec(0)),
        ("docs/rfcs/old/SPEC-003-c.md", FileRole::Spec(0)),
        ("docs/rfcs/README.md", FileRole::Companion(0)),
        ("docs/rfcs/analysis/n1.md", FileRole::Companion(0)),
        ("docs/other/guide.md", FileRole::Other),
    ] {
        assert_eq!(workspace.role(path), role, "{path}");
    }
}

#[test]
fn specs_in_folders_of_their_own_are_found() {
    let template = "# KEP-NNNN: [Title]\n\n## Summary\n<!-- Say it. -->\n\n## Motivation\n[why]\n\n## Proposal\n[what]\n";
    let kep = "# KEP-0001: T\n\n## Summary\nx\n\n## Motivation\ny\n\n## Proposal\nz\n";
    let (_repository, workspace) = open(&[
        ("keps/NNNN-template/README.md", template),
        ("keps/NNNN-template/kep.yaml", "status: provisional|implemented\nowner: my-team\n"),
        ("keps/sig-a/1-one/README.md", kep),
        ("keps/sig-a/1-one/kep.yaml", "status: provisonal\nowner: TBD\n"),
        ("keps/sig-a/2-two/README.md", kep),
        ("keps/sig-a/2-two/kep.yaml", "status: implemented\nowner: a\n"),
        ("keps/sig-b/3-three/README.md", kep),
        ("keps/sig-b/3-three/kep.yaml", "status: implemented\nowner: b\n"),
        ("keps/sig-b/README.md", "# SIG B\n"),
    ]);
    let set = &workspace.sets[0].config;
    assert_eq!((set.document.as_deref(), set.sidecar.as_deref()), (Some("README.md"), Some("kep.yaml")));
    assert_eq!(workspace.role("keps/sig-a/1-one/README.md"), FileRole::Spec(0));
    assert_eq!(workspace.role("keps/sig-b/README.md"), FileRole::Companion(0));
    let report = workspace.check(&all(), &Default::default());
    let in_sidecar: Vec<(&str, &str)> = report
        .findings
        .iter()
        .filter(|f| f.path.ends_with("1-one/kep.yaml"))
        .map(|f| (f.rule, &*f.path))
        .collect();
    assert!(in_sidecar.iter().any(|(rule, _)| *rule == "unknown-status"), "{in_sidecar:?}");
    assert!(in_sidecar.iter().any(|(rule, _)| *rule == "placeholder-left"), "{in_sidecar:?}");
}

#[test]
fn what_discovery_finds_can_be_written_down() {
    let (one, two, three) = (spec(1), spec(2), spec(3));
    let files = [
        ("spec-template.md", TEMPLATE),
        ("specs/SPEC-001-a.md", one.as_str()),
        ("specs/SPEC-002-b.md", two.as_str()),
        ("specs/SPEC-003-c.md", three.as_str()),
    ];
    let (_repository, found) = open(&files);
    let sets = found.sets.iter().map(|s| s.config.clone()).collect();
    let config = trueup_engine::Config { specs: sets, ..Default::default() };
    let names: Vec<&str> = Vec::new();
    let text = toml::to_string(&config).expect("a configuration can be written");
    assert_eq!(trueup_engine::Config::parse(&text, &names).expect("and read"), config);
}
