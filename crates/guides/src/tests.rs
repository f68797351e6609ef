use crate::*;
use trueup_markdown::Document;
use trueup_model::PathIndex;

fn rules(text: &str) -> Vec<String> {
    let guide = read_guide("AGENTS.md", &Document::parse(text));
    guide.rules.iter().map(|rule| format!("{:?} {}", rule.strength, rule.text)).collect()
}

#[test]
fn rules_stand_in_sentences_lists_and_tables() {
    let text = "# Guide\n\nEvery query MUST filter by `tenant_id`. This is why, e.g. leaks. You MUST NOT log tokens.\n\n\
        ## Never\n\n- Write raw SQL in a handler\n- Log a token\n  - nested words here\n\n\
        ## Style\n\n- Always name events `module.entity.action`\n- Do not import across modules\n- Prefer small files\n\n\
        ```text\nNEVER in code\n```\n> NEVER in a quotation\n\n| Rule | Why |\n|-|-|\n| Handlers MUST be thin | tests |\n";
    assert_eq!(
        rules(text),
        [
            "Must Every query MUST filter by tenant_id.",
            "Never You MUST NOT log tokens.",
            "Never Write raw SQL in a handler",
            "Never Log a token",
            "Never nested words here",
            "Must Always name events module.entity.action",
            "Never Do not import across modules",
            "Must Handlers MUST be thin | tests",
        ]
    );
}

#[test]
fn guides_are_cited_in_many_ways() {
    let all = [
        "AGENTS.md",
        "packages/core/AGENTS.md",
        "packages/ui/AGENTS.md",
        "packages/ui/src/AGENTS.md",
        "docs/CONTRIBUTING.md",
    ];
    let paths = PathIndex::new(all);
    for (source, found) in [
        ("root AGENTS.md", "Found AGENTS.md"),
        ("`AGENTS.md` (root)", "Found AGENTS.md"),
        ("AGENTS.md", "Found AGENTS.md"),
        ("AGENTS.md of the repository", "Found AGENTS.md"),
        ("AGENTS.md (core, reporting)", "Found packages/core/AGENTS.md"),
        ("core AGENTS.md on root-cause notes", "Found packages/core/AGENTS.md"),
        ("`packages/core/AGENTS.md` → Commands/Undo", "Found packages/core/AGENTS.md"),
        ("core/AGENTS.md", "Found packages/core/AGENTS.md"),
        ("core AGENTS.md rules", "Found packages/core/AGENTS.md"),
        ("core", "Found packages/core/AGENTS.md"),
        ("[guide](../packages/ui/AGENTS.md)", "Found packages/ui/AGENTS.md"),
        ("packages/queue/AGENTS.md", "Missing packages/queue/AGENTS.md"),
        ("CONTRIBUTING.md", "Found docs/CONTRIBUTING.md"),
        ("packages/x/AGENTS.md.template", "NoGuide"),
        ("docs/README.md", "NoGuide"),
        ("Security review", "NoGuide"),
        ("kb", "Found docs/CONTRIBUTING.md"),
        ("", "NoGuide"),
    ] {
        let aliases = [("kb".to_owned(), "docs/CONTRIBUTING.md".to_owned())];
        let told = match resolve(source, "specs/SPEC-001.md", &all, &paths, &[], &aliases) {
            Cited::Found(path) => format!("Found {path}"),
            Cited::Missing(path) => format!("Missing {path}"),
            Cited::Several(all) => format!("Several {}", all.join(", ")),
            Cited::NoGuide => "NoGuide".to_owned(),
        };
        assert_eq!(told, found, "{source}");
    }
}

#[test]
fn the_nearest_guide_applies() {
    let all = ["AGENTS.md", "packages/core/AGENTS.md", "packages/core/src/sales/AGENTS.md"];
    assert_eq!(
        applying(
            [
                "packages/core/src/sales/api.ts",
                "packages/core/src/{a,b}.ts",
                "the command line",
                "apps/web/page.tsx",
                "packages/core/"
            ],
            &all
        ),
        ["packages/core/src/sales/AGENTS.md", "packages/core/AGENTS.md", "AGENTS.md"]
    );
    assert_eq!(guide_above("x/y.rs", &all[1..]), None);
}

#[test]
fn a_rule_is_found_by_its_words() {
    let text = "- Never create direct ORM relationships between modules; use foreign keys\n- Filter by organization_id\n";
    let guide = read_guide("AGENTS.md", &Document::parse(text));
    let found =
        Sought::new("No direct ORM relationships between modules").find(&guide).expect("stands there");
    assert!(found.likeness > 0.9 && found.span.text(text).starts_with("Never create"));
    assert_eq!(Sought::new("Handlers stay thin and are tested").find(&guide), None);
}

#[test]
fn any_text_is_read() {
    for text in [
        "",
        ". . . ",
        "a. b. C. ",
        "# Never\n",
        "- \n",
        "MUST",
        "ż. Ź. é",
        "| a |\n|-|\n",
        "e.g. x. Y. v. 2. Z",
    ] {
        read_guide("A.md", &Document::parse(text));
        citation(text);
        likeness(text, text);
    }
}
