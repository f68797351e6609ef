//! The properties of [`trueup_testkit::properties`] on texts made of Markdown's pieces in any order.

use proptest::prelude::*;
use proptest::sample::select;
use trueup_testkit::properties::{
    facts_hold, fixes_hold, guides_hold, index_holds, ledger_holds, markdown_holds, source_holds,
    template_holds,
};

/// Pieces of Markdown and of specs; most are broken off somewhere on purpose.
const PIECES: &[&str] = &[
    "# ",
    "## ",
    "### ",
    "###### ",
    "#",
    "Overview",
    "Risks",
    "Risks & Impact",
    "API Contracts",
    "Phase 1: Start",
    "Phase [N]",
    "7) ",
    "4.1 ",
    "§1 ",
    "SPEC-1",
    "SPEC-001: ",
    "SPEC-2",
    "SPEC-999",
    "ADR-12b",
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\r\n",
    "\r",
    "  \n",
    "\\\n",
    " ",
    "  ",
    "    ",
    "\t",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "2) ",
    "- [ ] ",
    "- [x] ",
    "  - ",
    "> ",
    "> > ",
    ">",
    "> [!NOTE]\n",
    "---\n",
    "===\n",
    "```\n",
    "```markdown\n",
    "````",
    "~~~\n",
    "`",
    "``",
    "`a|b`",
    "|",
    "| a | b |\n|---|---|\n",
    "| a | b |\n",
    "|---|---|",
    "| :-: |",
    "\\|",
    "| x |",
    "[",
    "]",
    "(",
    ")",
    "[a](b.md)",
    "[a](SPEC-2-b.md#overview)",
    "[a](../x/y.md \"t\")",
    "[a](<b c.md>)",
    "[a][b]",
    "[b]: c.md \"t\"\n",
    "[b]",
    "[^1]",
    "[^1]: note\n",
    "![i](p.png)",
    "![",
    "](",
    "](x)",
    "<https://a.example>",
    "https://a.example/x",
    "<a@b.example>",
    "www.a.example",
    "<",
    ">",
    "<b>",
    "</b>",
    "<div>\n",
    "<a id=\"x\">",
    "<a id=x",
    "id='",
    "<!-- ",
    " -->",
    "<!-- trueup-allow broken-link: because -->\n",
    "<!-- trueup-allow all-rules: x -->",
    "<!-- trueup: optional -->",
    "<!---->",
    "<!-->",
    "<?",
    "?>",
    "<![CDATA[",
    "&lt;",
    "&amp;",
    "&#0;",
    "&nbsp;",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "**Status:** ",
    "**Status:** Draft",
    "**Status**: Accepted",
    "Status: Implemented",
    "**Date:** 2026-03-02",
    "2026-02-30",
    "2027-01-01",
    "**Owner:** <name>",
    "**Goals** (must happen):",
    " • ",
    " · ",
    "TBD",
    "TODO",
    "…",
    "...",
    "XXX",
    "[What it is]",
    "[What may go wrong]",
    "<name>",
    "{placeholder}",
    "METHOD /api/path",
    "YYYY-MM-DD",
    "N/A",
    "Say what may go wrong.",
    "Moved to ",
    "status: draft\n",
    "---\nstatus: draft\n---\n",
    "- a: b\n",
    "key: [\n",
    "\u{feff}",
    "\0",
    "ż",
    "😀",
    "e\u{301}",
    "\u{2028}",
    "\u{a0}",
    "\u{200b}",
    "«here»",
    "“x”",
    "’",
    "a",
    "word",
    "very",
    "1",
    "0",
    ".",
    ":",
    ";",
    ",",
    "\"",
    "'",
    "-",
    "=",
    "$",
    "\\",
    "/",
    "%",
    "^",
    "!",
    "?",
    "@",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => select(PIECES).prop_map(str::to_owned),
        1 => (select(PIECES), 2usize..12).prop_map(|(piece, n)| piece.repeat(n)),
        1 => proptest::collection::vec(any::<char>(), 1..6).prop_map(|chars| chars.into_iter().collect()),
    ]
}

fn markdown() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_of_any_text_holds(text in markdown()) {
        markdown_holds(&text);
    }

    #[test]
    fn any_text_is_a_template(template in markdown(), document in markdown()) {
        template_holds(&template, &document);
    }

    #[test]
    fn fixes_settle_on_any_text(text in markdown()) {
        fixes_hold(&text);
    }
}

/// Sections and lines of specs: headings that hold something, and what people write below them.
const LINES: &[&str] = &[
    "## Data Models",
    "## API Contracts",
    "## Commands & Events",
    "## Risks & Impact Review",
    "## Changelog",
    "## Final Compliance Report — 2026-03-02",
    "### Compliance Matrix",
    "### Internal Consistency Check",
    "### Non-Compliant Items",
    "### Verdict",
    "## Implementation Plan",
    "### Phase 1: Start",
    "### File Manifest",
    "## i18n",
    "## Open Questions",
    "## 2) Goals and non-goals",
    "## 4) Happy-path scenarios",
    "## 6) Risks & assumptions",
    "## 7) Data & migrations",
    "## 8) Feature flags",
    "## 9) Observability",
    "## 10) Acceptance bullets",
    "## 11) Rollout plan",
    "## 12) Dependencies",
    "## 14) Version history",
    "### Order (`orders`)",
    "### Entity: `Żółw` (NEW)",
    "#### Lost order (High)",
    "### GET /api/a/:id",
    "### `POST /api/b`",
    "- `id`: uuid",
    "- `a`, `b`: text — note",
    "- `order_id` (uuid, FK)",
    "- `GET|POST /api/a/{id}?x=1`",
    "- **Command**: `shop.order.{create,update}`",
    "- **Event**: `shop.order.created|deleted`",
    "| Method | Path |\n|---|---|\n| GET | `/api/a` |",
    "| Field | Type |\n|---|---|\n| `id` | uuid |",
    "| Rule Source | Rule | Status | Notes |\n|---|---|---|---|\n| AGENTS.md | Filter by tenant_id | ✅ Compliant | |",
    "| Check | Status |\n|---|---|\n| Risks cover all write operations | Pass |",
    "| Risk | Severity | Mitigation |\n|---|---|---|\n| Lost | High | Retry |",
    "- **Scenario**: x **Severity**: High",
    "**Mitigation:** żółw — 2",
    "Severity: Low",
    "- **Rule**: x",
    "- Rule A: PASS",
    "- **Fully compliant**: Approved",
    "- 2026-03-02: Draft created",
    "### 2026-03-02",
    "| 2026-03-02 | x |",
    "```ts\n@Entity({ tableName: 'a' })\nclass A {\n  @Property({ name: 'b_c' })\n  bC!: string\n}\n```",
    "```sql\nCREATE TABLE a (id uuid, b text);\nALTER TABLE c ADD COLUMN d int;\n```",
    "```\nGET /api/a\n├── POST /api/b\n```",
    "```json\n{\"a\": [1, \"ż\"]}\n```",
    "- [ ] AC-1: Users can x",
    "- [x] y",
    "- **Flag name:** `a.b`",
    "- **Default:** OFF",
    "- **Removal date:** 2026-05-01",
    "**Staging:** soak of 30 minutes.",
    "- Depends on: SPEC-2, [a](b.md), #12",
    "1. As a user, I see it",
    "- **[User]** wants to **[Act]** so that **[Gain]**",
    "None",
    "N/A — nothing",
    "No changes.",
    "- Schema deltas: Expand → Migrate → Contract `V003__x.sql`",
    "| `src/{a,b}/x.ts:12` | Create | y |",
    "├── src/a.ts",
    "`shop.labels.*`",
    "`A_B_C` = `1`",
];

fn spec() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        6 => select(LINES).prop_map(str::to_owned),
        1 => piece(),
        // Broken off somewhere.
        1 => (select(LINES), 0usize..60).prop_map(|(line, n)| line.chars().take(n).collect()),
    ];
    let gap = prop_oneof![4 => Just("\n"), 2 => Just("\n\n"), 1 => Just("\n  "), 1 => Just(" ")];
    proptest::collection::vec((line, gap), 0..40)
        .prop_map(|lines| lines.into_iter().map(|(line, gap)| format!("{line}{gap}")).collect())
}

proptest! {
    // Each case is read four times over.
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn facts_of_any_spec_hold(text in spec()) {
        facts_hold(&text);
    }

    #[test]
    fn facts_of_any_text_hold(text in markdown()) {
        facts_hold(&text);
    }
}

/// Lines of indexes and of guides.
const LISTED: &[&str] = &[
    "## Pending",
    "## Implemented specifications",
    "## Archived",
    "| Spec | Title | Status |\n|---|---|---|",
    "| ID | Notes |\n|-|-|",
    "| [SPEC-001](SPEC-001-orders.md) | Orders | Draft |",
    "| [SPEC-003](SPEC-003-stock.md) | Stock | Implemented |",
    "| SPEC-002 | Returns | Draft |",
    "| [Gifts](presents.md) | | |",
    "| [SPEC-009](../SPEC-009-a%20b.md#x) | a \\| b |",
    "- [Orders](SPEC-001-orders.md): words",
    "- [ ] **[Returns](/specs/SPEC-002-returns.md)**",
    "* [Stock](implemented/SPEC-003-stock.md)",
    "1. [Gifts](gifts.md)",
    "- [Guide](../docs/guide.md)",
    "  - [Gifts](gifts.md)",
    "  more words",
    "You MUST filter by tenant.",
    "- **NEVER** write money as a float",
    "| Rule | Why |\n|---|---|\n| ALWAYS ask | so |",
    "See packages/orders/AGENTS.md § Money.",
    "root AGENTS.md",
    "İ AGENTS.md",
    "House",
];

fn listed() -> impl Strategy<Value = String> {
    let line = prop_oneof![8 => select(LISTED).prop_map(str::to_owned), 1 => piece()];
    let gap = prop_oneof![5 => Just("\n"), 2 => Just("\n\n"), 1 => Just("\r\n"), 1 => Just("")];
    proptest::collection::vec((line, gap), 0..24)
        .prop_map(|lines| lines.into_iter().map(|(line, gap)| format!("{line}{gap}")).collect())
}

/// Pieces of a ledger's lines.
const LEDGER: &[&str] = &[
    "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[],\"predicateType\":\"x\",\"predicate\":{}}",
    "{\"",
    "\"subject\"",
    "\"sig\":\"AAAA\"",
    "}",
    "\n",
    "\n====\n",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "(evidence 0123456789ab)",
    "ada@example.org ssh-ed25519 AAAA",
    "\u{0}",
    "ż",
];

/// Pieces of code of any language.
const CODE: &[&str] = &[
    "app.get('/orders/:id', show);",
    "app.use('/api', require('./orders'));",
    "@Controller('orders')\nclass A { @Get(':id') one() {} }",
    "export async function GET() {}",
    "@app.route('/orders')\ndef orders():\n    return os.environ['A']\n",
    "urlpatterns = [path('orders/', include('shop.orders'))]",
    "Rails.application.routes.draw do\n  resources :orders\nend",
    "create_table :orders do |t| t.string :a end",
    "r.HandleFunc(\"/orders/{id}\", h).Methods(\"GET\")",
    "Router::new().route(\"/orders\", get(list)).nest(\"/api\", b)",
    "CREATE TABLE orders (id uuid PRIMARY KEY, total int);",
    "ALTER TABLE orders RENAME COLUMN total TO sum;",
    "model Order { id String @id }",
    "{\"a\": {\"b\": \"c\"}}",
    "a:\n  b: c",
    "it('x', () => {})",
    "\n----\n",
    "(",
    ")",
    "{",
    "}",
    "'",
    "\"",
    "`",
    "/*",
    "#",
    "\n",
    "\r",
    "\t",
    "é",
    "\\",
    "${",
    ",",
];

fn pieces(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => select(of).prop_map(str::to_owned),
        1 => (select(of), 0usize..40).prop_map(|(part, n)| part.chars().take(n).collect()),
    ];
    proptest::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

#[test]
fn indexes_that_once_failed() {
    index_holds("\u{feff}  - [Gifts](gifts.md)\n");
    index_holds("\u{feff}- [Stock](implemented/SPEC-003-stock.md)");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_index_is_brought_up_to_date_once(text in listed()) {
        index_holds(&text);
    }

    #[test]
    fn any_text_is_a_guide(text in listed()) {
        guides_hold(&text);
    }

    #[test]
    fn any_bytes_are_a_ledger(text in pieces(LEDGER)) {
        ledger_holds(text.as_bytes());
    }

    #[test]
    fn any_text_is_code(pick in any::<u8>(), text in pieces(CODE)) {
        source_holds(pick, &text);
    }
}

/// What was found once, kept so that it is not lost again.
const ONCE_BROKEN: &[&str] = &[
    "",
    "\n",
    "\u{feff}",
    "---\n",
    "|\n|-",
    "- [ ]",
    // The paragraph of a tight item ended before the link's closing marks.
    "- )[a]()",
    "* 1<a@b>",
    // The list began before the comment above it ended.
    "* <!-->\n\t-",
    "- :\n\t1. a\n\n-",
    // The inner list began behind its item, which the list before it reached into.
    "\n\n*\r*\t\r*\n\t\t*\n\t*\r*\r\t\r,",
    // An item ended behind its list.
    "\n\n*\r*\r\t+\n\t*\r\t\r\t*\nnotn",
    // White space that is not ASCII belongs to a link's target.
    "[](\u{a0}x)",
    "[](\u{2028})",
    // A vertical tab and a form feed do not.
    "[](\u{b})",
    "[](\u{c}a\u{b})",
    "[a]\n\n[a]: \u{c}b",
    // The template's comment ended before it began, and its title was cut inside a character.
    "<!-->",
    "# …XXX",
];

#[test]
fn trees_that_once_broke() {
    ONCE_BROKEN.iter().for_each(|text| markdown_holds(text));
}

#[test]
fn templates_that_once_broke() {
    ONCE_BROKEN.iter().for_each(|text| template_holds(text, text));
}

#[test]
fn facts_that_once_broke() {
    ONCE_BROKEN.iter().for_each(|text| facts_hold(text));
}

#[test]
fn fixes_that_once_broke() {
    ONCE_BROKEN.iter().for_each(|text| fixes_hold(text));
}

#[test]
fn indexes_and_guides_that_once_broke() {
    ONCE_BROKEN.iter().for_each(|text| index_holds(text));
    ONCE_BROKEN.iter().for_each(|text| guides_hold(text));
}
