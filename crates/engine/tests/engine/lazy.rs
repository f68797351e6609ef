//! What is read when the first rule asks for it is read once, whoever asks first, and nobody waits for
//! himself.

use trueup_testkit::Repository;

/// Many specs that all ask for the guides and for the code.
fn repository() -> Repository {
    let mut files: Vec<(String, String)> = vec![
        (
            "trueup.toml".into(),
            "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"builtin:architecture\"\n".into(),
        ),
        ("AGENTS.md".into(), "# Rules\n\n- Names MUST be in kebab case.\n".into()),
    ];
    for n in 1..=60 {
        files.push((format!("packages/p{n}/AGENTS.md"), format!("# Rules\n\n- Never use p{n} twice.\n")));
        files.push((format!("packages/p{n}/main.py"), format!("import os\nA = os.environ[\"P{n}\"]\n")));
        files.push((
            format!("specs/SPEC-{n:03}-a.md"),
            format!(
                "# SPEC-{n:03}: A\n\n**Status:** Implemented\n\n## File Manifest\n\n| File | Action |\n|---|---|\n\
                 | `packages/p{n}/main.py` | Create |\n| `packages/p{n}/gone.py` | Create |\n\n\
                 ## Final Compliance Report\n\n| Rule Source | Rule | Status |\n|---|---|---|\n\
                 | packages/q{n}/AGENTS.md | Names in kebab case | Compliant |\n"
            ),
        ));
    }
    Repository::new(&files)
}

#[test]
fn nobody_waits_for_himself() {
    let repository = repository();
    for _ in 0..5 {
        let report = repository.check(&trueup_rules::all());
        let missing = report.findings.iter().filter(|f| f.rule == "guide-not-found").count();
        assert_eq!(missing, 60);
    }
}
