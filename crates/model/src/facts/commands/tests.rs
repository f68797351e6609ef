use crate::facts::support::testing::facts_of;
use crate::facts::{Declaration, NamedId};

/// `c` commands, `e` events, `x` events of others; `+` modified, `=` existing, `?` mentioned.
fn lines(markdown: &str) -> Vec<String> {
    let found = facts_of(markdown, "").vocabulary;
    let show = |sign: &str, list: &[NamedId]| -> Vec<String> {
        list.iter()
            .map(|n| {
                assert!(markdown.get(n.span.range()).is_some(), "{n:?}");
                let sure = match n.declaration {
                    Declaration::New => "",
                    Declaration::Modified => "+",
                    Declaration::Existing => "=",
                    Declaration::Mentioned => "?",
                };
                let payload = n.payload.as_ref().map_or(String::new(), |p| format!(" {}", p.text));
                format!("{sign}{sure} {}{payload}", n.id)
            })
            .collect()
    };
    [show("c", &found.commands), show("e", &found.events), show("x", &found.consumed)].concat()
}

fn check(body: &str, expected: &[&str]) {
    let markdown = format!(
        "# T\n\n## Architecture\n\n### Commands & Events\n\n{body}\n\n## Risks\n\n- Command: `a.b.named`\n"
    );
    assert_eq!(lines(&markdown), expected, "{body}");
}

#[test]
fn bullets_with_labels() {
    for (body, expected) in [
        ("- **Command**: `a.b.create`\n- **Event**: `a.b.created`", &["c a.b.create", "e a.b.created"][..]),
        (
            "- **Command Modified**: `a.b.create`\n- **Command New**: `a.b.send`",
            &["c+ a.b.create", "c a.b.send"],
        ),
        ("- **Event**: Leverages existing `a.b.created`", &["e= a.b.created"]),
        (
            "- **Command**: `a.b.create` (existing, unchanged)\n- **Event**: `a.b.made` (existing, gains x)",
            &["c= a.b.create", "e+ a.b.made"],
        ),
        ("- **Notification New**: `a.b.invited`", &[]),
        (
            "- Commands: existing `a.b.create|update` — extended field maps",
            &["c+ a.b.create", "c+ a.b.update"],
        ),
        (
            "- **New commands:** `a.b.create` / `.update` / `.delete`.",
            &["c a.b.create", "c a.b.update", "c a.b.delete"],
        ),
        (
            "- **Commands**: `a.b.create` / `update`; `c.d.{add,drop}`",
            &["c a.b.create", "c a.b.update", "c c.d.add", "c c.d.drop"],
        ),
        ("- **Consumed events:** `f.s.sent` `{ id }`", &["x f.s.sent { id }"]),
        (
            "- **Reused (verified):** `p.q.create` → `{ id }`; `p.r.create`",
            &["c= p.q.create", "c= p.r.create"],
        ),
        (
            "- **Events:** **no new event IDs.** `a.b.created|updated` unchanged.",
            &["e= a.b.created", "e= a.b.updated"],
        ),
        (
            "- Reused commands:\n  - `a.b.create`\n- New commands (v1):\n  - `a.c.create`",
            &["c= a.b.create", "c a.c.create"],
        ),
        (
            "- **Commands** (`sync`)\n  - `a.m.push`\n- **Events consumed**\n  - `o.t.created`",
            &["c a.m.push", "x o.t.created"],
        ),
        ("- **Event**: `a.b.flagged` — payload `{ id, kind }`. Not shown.", &["e a.b.flagged { id, kind }"]),
        (
            "- `a.b.stuck` event (optional, additive)\n- `a.b.fix` — emits `a.b.fixed`",
            &["c a.b.fix", "e a.b.stuck", "e? a.b.fixed"],
        ),
    ] {
        check(body, expected);
    }
}

#[test]
fn paragraphs_as_labels() {
    for (body, expected) in [
        (
            "Commands introduced in phase 1:\n\nConfiguration:\n- `createDoor`\n- `openDoor` — sets it\n\nEvents emitted:\n- `w.d.opened`",
            &["c createDoor", "c openDoor", "e w.d.opened"][..],
        ),
        (
            "**Commands** (write, undoable):\n- `a.p.add`\n\n**Events** (appended to existing `events.ts`):\n- `a.p.added`",
            &["c a.p.add", "e a.p.added"],
        ),
        (
            "Events consumed by us (subscribers):\n\n| Event | Source Module |\n|-|-|\n| `s.o.paid` | Sales |",
            &["x s.o.paid"],
        ),
        (
            "Reused:\n- `a.update_deal` — move\n- Existing `a.d.updated`, `a.d.made` events\n\nNew:\n- `a.bulk_move`",
            &["c= a.update_deal", "c a.bulk_move", "e= a.d.updated", "e= a.d.made"],
        ),
        (
            "The existing `a.t.create` command is extended (not replaced):\n- Makes a `x.y`",
            &["c+ a.t.create"],
        ),
        ("Undo expectations:\n- `a.b.create` is undone by deleting.", &[]),
        ("**Mutation Guards** (in `guards.ts`):\n\n| Guard ID | On |\n|-|-|\n| `a.b.limit` | x |", &[]),
        ("No new events. We rely on those of the parent (`a.b.created`).", &[]),
        ("Required rights: `a.orders.view`.\n\nSee `events.ts` and `a.b.*`.", &[]),
    ] {
        check(body, expected);
    }
}

#[test]
fn tables() {
    for (body, expected) in [
        (
            "| Command | Event emitted |\n|-|-|\n| `a.b.create` | `a.b.created` (batch) |",
            &["c a.b.create", "e a.b.created"][..],
        ),
        ("| Command ID | Input |\n|-|-|\n| `read-sheet` | `{ x }` |", &["c read-sheet { x }"]),
        ("| Event ID | Payload |\n|-|-|\n| a.b.created | `{ id }` |", &["e a.b.created { id }"]),
        ("| Command ID | Purpose |\n|-|-|\n| `a.m.ingest` *(existing — modified)* | x |", &["c+ a.m.ingest"]),
        (
            "No new ones. All reuse existing commands:\n\n| Action | Command |\n|-|-|\n| Start | `a.t.start` |",
            &["c= a.t.start"],
        ),
        ("| Subscriber | Event |\n|-|-|\n| `notify` | `m.m.sent` |", &["x m.m.sent"]),
        (
            "| Existing surface | Decision |\n|-|-|\n| `a.b.create`, `.update` | Keep |",
            &["c= a.b.create", "c= a.b.update"],
        ),
    ] {
        check(body, expected);
    }
}

#[test]
fn code() {
    for (body, expected) in [
        (
            "```ts\nconst events = [\n  { id: 'a.b.created', label: 'Made' },\n  // { id: 'a.b.no' }\n] as const\n```",
            &["e a.b.created"][..],
        ),
        ("```ts\nexport const E = {\n  MADE: 'a.made',\n  KIND: 'other',\n}\n```", &["e a.made"]),
        ("```\na.b.created\na.b.updated\n```", &["e a.b.created", "e a.b.updated"]),
    ] {
        check(body, expected);
    }
    let constants =
        "# T\n\n## Events\n\n```ts\nexport const E = {\n  MADE: 'a.made',\n  type: 'a.other',\n}\n```\n";
    assert_eq!(lines(constants), ["e a.made"]);
}

#[test]
fn other_sections_declare_only_outright() {
    for (text, expected) in [
        (
            "## Proposed Solution\n\n```ts\ncreateModuleEvents('a', [\n  { id: 'a.b.created' },\n])\n```\n",
            &["e a.b.created"][..],
        ),
        (
            "## Proposed Solution\n\n```ts\nconst x = {\n  commands: [\n    {\n      id: 'read-it',\n    },\n  ],\n}\n```\n",
            &["c read-it"],
        ),
        ("## Architecture\n\n**Events (`events.ts`):**\n- `a.d.added`\n", &["e a.d.added"]),
        (
            "## Architecture\n\n### POS Commands (Phase 1)\n\n| Command ID | Why |\n|-|-|\n| `p.c.add` | x |\n",
            &["c p.c.add"],
        ),
        ("## Proposed Solution\n\nAdd typed events:\n\n- `a.b.started`\n- `a.b`\n", &["e a.b.started"]),
        ("## Architecture\n\n- **Commands:** run the thing (e.g. `a.b.create`); use `withFlush`.\n", &[]),
        ("## Architecture\n\nThe job emits `a.b.created` and reads `a.c.view`.\n", &[]),
        ("## Access Control\n\n- `a.orders.view`\n- `a.orders.manage`\n", &[]),
        ("## Implementation Plan\n\n- **Event**: `a.b.created`\n", &[]),
    ] {
        assert_eq!(lines(&format!("# T\n\n{text}")), expected, "{text}");
    }
}

#[test]
fn own_events_are_no_events_of_others() {
    check(
        "- **Event**: `a.b.created`\n\n| Subscriber | Event |\n|-|-|\n| n | `a.b.created` |\n| m | `o.o.sent` |",
        &["e a.b.created", "x o.o.sent"],
    );
}
