//! Rows of a compliance matrix bound to a rule, a Rego policy and a command.

use crate::repository::Repository;

const CONFIG: &str = r#"
[[specs]]
folders = ["specs"]
template = "builtin:architecture"

[[policy]]
name = "tenant columns"
guide = "AGENTS.md"
rule = "organization_id entity"
rego = "policies/tenancy.rego"

[[policy]]
name = "no ORM relations"
rule = "relations ORM"
command = ["sh", "-c", "grep -q '\"name\":\"Order\"' && echo 'src/orders.ts:2: Order has a relation' && exit 1; exit 0"]

[[policy]]
name = "links lead somewhere"
rule = "links work"
check = "broken-link"

[[policy]]
name = "routes are declared"
rule = "endpoint is routed"
rego = "policies/routes.rego"
"#;

const TENANCY: &str = r#"package house.tenancy

columns(entity) := {field.name | some field in entity.fields}

deny contains {"msg": msg, "line": entity.line} if {
	some entity in input.spec.entities
	not "organization_id" in columns(entity)
	msg := sprintf("%s has no organization_id", [entity.name])
}
"#;

const TENANCY_TEST: &str = r#"package house.tenancy_test

import data.house.tenancy

spec(fields) := {"spec": {"entities": [{"name": "Order", "line": 3, "fields": fields}]}}

test_missing if count(tenancy.deny) == 1 with input as spec([{"name": "id"}])

test_there if count(tenancy.deny) == 0 with input as spec([{"name": "organization_id"}])
"#;

const ROUTES: &str = r#"package house.routes

deny contains "no endpoint can be read" if not data.repository.readable.endpoints.readable
"#;

const SPEC: &str = "# SPEC-001: Orders\n\n## Overview\nOrders, see [the plan](missing.md).\n\n## Data Models\n\n### Order\n\n- `id`: uuid\n- `total`: number\n\n\
## Final Compliance Report\n\n### Compliance Matrix\n\n| Rule Source | Rule | Status | Notes |\n|---|---|---|---|\n\
| root AGENTS.md | Each entity carries organization_id | Compliant | |\n\
| root AGENTS.md | No ORM relations between modules | Compliant | |\n\
| root AGENTS.md | All links work | Compliant | |\n\
| root AGENTS.md | Each endpoint is routed | Compliant | |\n\
| root AGENTS.md | Names in kebab case | Compliant | |\n";

fn repository() -> Repository {
    let repository = Repository::empty();
    repository.write("trueup.toml", CONFIG);
    repository.write("policies/tenancy.rego", TENANCY);
    repository.write("policies/tenancy_test.rego", TENANCY_TEST);
    repository.write("policies/routes.rego", ROUTES);
    repository.write("src/orders.ts", "// orders\nimport { Customer } from '../customers'\n");
    repository.write("specs/SPEC-001-orders.md", SPEC);
    repository
}

#[test]
fn bound_rows_are_contradicted_with_their_places() {
    let repository = repository();
    repository
        .run(&["check", "--rule", "compliance-row-contradicted", "--format", "json"])
        .says("the policy `tenant columns` says: Order has no organization_id")
        .says("the policy `no ORM relations` says: Order has a relation")
        .says("\"path\": \"src/orders.ts\"")
        .says("the policy `links lead somewhere` says:")
        .says("the policy `routes are declared` says: no endpoint can be read");
    repository
        .run(&["report", "SPEC-001"])
        .exits(0)
        .says("**contradicted**: the policy `tenant columns` says: Order has no organization_id (line 8)")
        .says("Order has a relation (src/orders.ts:2)");
}

#[test]
fn what_is_mended_is_proven() {
    let repository = repository();
    repository.write(
        "specs/SPEC-001-orders.md",
        &SPEC.replace("- `total`", "- `organization_id`: uuid\n- `total`"),
    );
    repository.run(&["report", "SPEC-001"]).says("proven: the policy `tenant columns` says: it is kept");
}

#[test]
fn policies_have_tests() {
    let repository = repository();
    repository
        .run(&["policy", "test"])
        .exits(0)
        .says("pass  house.tenancy_test.test_missing")
        .says("2 passed, 0 failed");
    repository.write("policies/tenancy_test.rego", &TENANCY_TEST.replace("== 1", "== 2"));
    repository
        .run(&["policy", "test", "policies"])
        .exits(1)
        .says("FAIL  house.tenancy_test.test_missing  (policies/tenancy_test.rego:7)")
        .says("1 passed, 1 failed");
    repository.run(&["policy", "list"]).exits(0).says("bound to 1 row in 1 spec");
    repository.run(&["policy", "input", "SPEC-001"]).exits(0).says("\"path\": \"specs/SPEC-001-orders.md\"");
}

#[test]
fn what_a_policy_asks_for_is_there_or_it_decides_nothing() {
    let check = |what: &str, policy: &str, beside: &str, words: &str| {
        let repository = repository();
        repository.write("policies/tenancy.rego", policy);
        if !beside.is_empty() {
            repository.write("policies/lib.rego", beside);
        }
        let ran = repository.run(&["report", "SPEC-001"]);
        let all = format!("{}{}", ran.out, ran.err);
        assert!(all.contains(words), "{what}: no “{words}” in\n{all}");
    };
    let denies =
        |condition: &str| format!("package house.tenancy\n\ndeny contains \"it is so\" if {condition}\n");
    let library = "package house.common\n\nnames contains e.name if some e in input.spec.entities\n";
    let imports = format!(
        "package house.tenancy\n\nimport data.house.common\n\ndeny contains \"it is so\" if {}\n",
        "count(common.names) > 0"
    );
    check("a file beside it is imported", &imports, library, "it is so");
    check("a package that is nowhere", &imports, "", "asks for `data.house.common`, which is never there");
    check("another policy of the package", &denies("false"), &denies("true"), "it is kept");
    let facts = denies("count(data[\"repository\"].readable) > 0");
    check("facts of the code by another notation", &facts, "", "it is so");
    let misspelt = denies("count(data.repository.routes) > 0 # data.repository.endpoints");
    check("facts that there are not", &misspelt, "", "asks for `data.repository.routes`");
    let whole = "package house.tenancy\n\ndeny if input.spec.title == \"never\"\n";
    check("a condition that does not hold", whole, "", "it is kept");
    check("no rule at all", "package house.tenancy\n\nallow := true\n", "", "its package has no rule `deny`");
}

#[test]
fn a_policy_that_a_change_breaks_is_new() {
    let repository = repository();
    let git = |line: &[&str]| {
        let mut command = std::process::Command::new("git");
        let done = command.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]).args(line);
        assert!(
            done.current_dir(repository.path("")).output().expect("git runs").status.success(),
            "{line:?}"
        );
    };
    let rego = "package house.tenancy\n\ndeny contains e.path if some e in data.repository.endpoints\n";
    repository.write("policies/tenancy.rego", rego);
    repository.write("policies/tenancy_test.rego", "package house.tenancy_test\n");
    let command =
        "command = [\"sh\", \"-c\", \"test ! -e src/bad.js || { echo 'src/bad.js:1: bad'; exit 1; }\"]";
    let config = CONFIG.lines().map(|line| if line.starts_with("command = ") { command } else { line });
    repository.write("trueup.toml", &config.collect::<Vec<_>>().join("\n"));
    git(&["add", "-A"]);
    git(&["commit", "-qm", "start"]);
    git(&["branch", "before"]);
    let line = ["check", "--rule", "compliance-row-contradicted", "--since", "before", "--level", "info"];
    let ran = repository.run(&line);
    assert!(!ran.out.contains("says:"), "{}", ran.out);
    repository.write("src/bad.js", "const app = require('express')();\napp.get('/bad', x);\n");
    git(&["add", "-A"]);
    git(&["commit", "-qm", "bad"]);
    repository
        .run(&line)
        .says("the policy `tenant columns` says: /bad")
        .says("the policy `no ORM relations` says: bad");
}

#[test]
fn a_policy_that_cannot_be_used_is_told_before_anything_is_checked() {
    let repository = repository();
    repository.write("policies/tenancy.rego", "package house.tenancy\n\ndeny contains x if {\n");
    let ran = repository.run(&["check"]).exits(2);
    assert!(ran.err.contains("policies/tenancy.rego is no valid Rego"), "{}", ran.err);
    repository.write("trueup.toml", &CONFIG.replace("rego = \"policies/tenancy.rego\"", ""));
    let ran = repository.run(&["check"]).exits(2);
    assert!(ran.err.contains("`tenant columns` has to name exactly one of"), "{}", ran.err);
}
