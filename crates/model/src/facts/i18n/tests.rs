use crate::facts::support::testing::facts_of;

fn check(body: &str, expected: &[&str]) {
    let text = format!("# T\n\n## Internationalization (i18n)\n\n{body}\n\n## UI/UX\n\n- `a.b.c`\n");
    let keys: Vec<String> = facts_of(&text, "architecture")
        .i18n
        .into_iter()
        .map(|k| k.text.map_or(k.key.clone(), |t| format!("{}={t}", k.key)))
        .collect();
    assert_eq!(keys, expected, "{body}");
}

#[test]
fn bullets() {
    check(
        "- `shop.title`, `shop.empty`\n- `shop.errors.*` — all errors",
        &["shop.title", "shop.empty", "shop.errors.*"],
    );
    check(
        "- `shop.title`: \"Shop\"\n- `shop.sub` (\"The shop\")\n- [ ] `shop.box`",
        &["shop.title=Shop", "shop.sub=The shop", "shop.box"],
    );
    check("- `shop.{add,remove}.title`", &["shop.add.title", "shop.remove.title"]);
    // A key may hold the words that say of others that they are there.
    check(
        "- Errors: `shop.errors.already_asked`, `shop.errors.late`",
        &["shop.errors.already_asked", "shop.errors.late"],
    );
    check(
        "- `shop.form.title` / `.cancel` / `.empty.text`\n- `shop.empty.cta` / `.empty.title`",
        &[
            "shop.form.title",
            "shop.form.cancel",
            "shop.form.empty.text",
            "shop.empty.cta",
            "shop.empty.title",
        ],
    );
    check("- `shop.flag.title`, `….hint`", &["shop.flag.title", "shop.flag.hint"]);
    check(
        "- `shop.map.*` — `panel.title`, `panel.hint`",
        &["shop.map.*", "shop.map.panel.title", "shop.map.panel.hint"],
    );
    check(
        "- Hub: `shop.status.*`, `.actions.*`\n- New key: `shop.x`",
        &["shop.status.*", "shop.actions.*", "shop.x"],
    );
    check("- Mails for `shop.user.invited`\n- All files in `locales/en.json`", &[]);
    check("- `t('shop.errors.one')`", &["shop.errors.one"]);
    check("- shop.title: Shop\n- shop.sub = \"Sub\"", &["shop.title=Shop", "shop.sub=Sub"]);
    check(
        "Existing keys stay:\n\n- `shop.old`\n\nNew keys:\n\n- `shop.fresh`\n- `shop.there` -- already exists",
        &["shop.fresh"],
    );
}

#[test]
fn tables() {
    check(
        "| Key | Default (en) |\n|---|---|\n| `shop.title` | Shop |\n| shop.sub | \"Sub\" |\n| `title` | T |",
        &["shop.title=Shop", "shop.sub=Sub", "title=T"],
    );
    check("| Feature | Needs |\n|---|---|\n| `shop.view` | x |", &[]);
}

#[test]
fn code() {
    check(
        "```\nshop.title          // \"Shop\"\nshop.sub = \"Sub\"\nshop.two  \"Two\" / \"Dwa\"\n\nno key here\n```",
        &["shop.title=Shop", "shop.sub=Sub", "shop.two=Two"],
    );
    check(
        "```json\n{\n  // one\n  \"shop.title\": \"Shop\",\n  \"shop\": { \"errors\": { \"one\": \"One\" }, \"sub\": \"Sub\" }\n}\n```",
        &["shop.title=Shop", "shop.errors.one=One", "shop.sub=Sub"],
    );
    check(
        "```json\n{ \"shop.a\": \"A\" }\n```\n\nPolish:\n\n```json\n{ \"shop.a\": \"Ą\" }\n```",
        &["shop.a=A"],
    );
    check("```ts\nimport { a } from 'b.c'\n```", &[]);
}

#[test]
fn sentences() {
    check("All new strings under `shop.calendar.*` in `modules/shop/i18n/en.json`.", &["shop.calendar.*"]);
    check("Keys (under `shop.*`):\n\n| Key | EN |\n|---|---|\n| `shop.title` | Shop |", &["shop.title=Shop"]);
    check("No new keys. The existing `shop.errors.*` keys are used.", &[]);
    check("One more key: `shop.notice`. The label uses the existing `ui.count` key.", &["shop.notice"]);
    check("New keys under `shop.kpi.*` (and reuse the existing `shop.columns.*`).", &["shop.kpi.*"]);
    check("No user-facing strings.", &[]);
}

#[test]
fn other_titles() {
    let text = "# T\n\n## i18n Keys Plan\n\n- `shop.title`\n";
    assert_eq!(facts_of(text, "architecture").i18n.len(), 1);
    for odd in ["```json\n{ \"a\": { \"b\n```", "- `a.{b,{c`", "- `.x`", "| Key |\n|---|\n| |", "- `….ä`"]
    {
        let _ = facts_of(&format!("# T\n\n## i18n\n\n{odd}\n"), "architecture");
    }
}
