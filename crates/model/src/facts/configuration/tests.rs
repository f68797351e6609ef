use crate::facts::support::testing::facts_of;

fn check(body: &str, expected: &[&str]) {
    let text = format!("# T\n\n## Configuration\n\n{body}\n\n## Risks\n\n- `OTHER_ONE=1`\n");
    let found: Vec<String> = facts_of(&text, "architecture")
        .configuration
        .into_iter()
        .map(|s| {
            let env = if s.env { "env " } else { "" };
            format!("{env}{}={} {}", s.name, s.default.unwrap_or_else(|| "-".to_owned()), s.text)
                .trim_end()
                .to_owned()
        })
        .collect();
    assert_eq!(found, expected, "{body}");
}

#[test]
fn tables() {
    check(
        "| Variable | Default | Description |\n|---|---|---|\n| `APP_A` | `10` (ten) | What |\n| APP_B | — | |\n\
         | `APP_C` / `APP_D` | unset | Both |\n| `KMS_*` | | all |",
        &["env APP_A=10 What", "env APP_B=-", "env APP_C=- Both", "env APP_D=- Both", "env KMS_*=- all"],
    );
    check(
        "| Setting | Purpose |\n|---|---|\n| `APP_WATCH=1` | x |\n| max depth | y |",
        &["env APP_WATCH=1 x", "max depth=- y"],
    );
    check("| Endpoint | TTL |\n|---|---|\n| `GET /x` | 3 |", &[]);
}

#[test]
fn bullets() {
    check(
        "- `APP_A` — what, default `x`\n- `APP_B=false` (soon)\n- `APP_C=<secret>`\n- `APP_D=a|b`",
        &["env APP_A=x what, default x", "env APP_B=false (soon)", "env APP_C=-", "env APP_D=-"],
    );
    check(
        "- Feature flag: `shop.new` (default `false`)\n- Key: `shop.days`",
        &["shop.new=false (default false)", "shop.days=-"],
    );
    check(
        "- Seeds:\n  - `APP_SEED=a` (optional)\n- APP_PLAIN=3",
        &["env APP_SEED=a (optional)", "env APP_PLAIN=3"],
    );
    check("### ACL features\n- `shop.view`\n\n### Files\n- `config/a.json`", &[]);
    check("No new variables. It uses what is there:\n- `DATABASE_URL` - the store", &[]);
}

#[test]
fn code_and_sentences() {
    check(
        "```bash\n# one\nAPP_A=\nexport APP_B=5   # five\nAPP_C          # e.g. x\nnpm run x\n```",
        &["env APP_A=-", "env APP_B=5 five", "env APP_C=- e.g. x"],
    );
    check(
        "Gated by an env var such as `APP_DEBUG=1`. The existing `APP_OLD` variable stays.",
        &["env APP_DEBUG=1"],
    );
    check("None. No env vars.", &[]);
    let text = "# T\n\n## Architecture\n\n### Environment Variables (dev)\n\n- `APP_A` — x\n";
    assert_eq!(facts_of(text, "architecture").configuration.len(), 1);
}
