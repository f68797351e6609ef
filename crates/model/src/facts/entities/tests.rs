use crate::facts::EntityKind;
use crate::facts::support::testing::facts_of;

/// Entities, types and shared columns as compact lines.
fn lines(body: &str) -> Vec<String> {
    let text = format!("# T\n\n## Data Models\n\n{body}\n\n## API Contracts\n\n- `GET /x`\n");
    lines_of(&text)
}

fn lines_of(text: &str) -> Vec<String> {
    let facts = facts_of(text, "architecture");
    let data = facts.data;
    let names = |fields: &[super::Field]| fields.iter().map(|f| f.name.clone()).collect::<Vec<_>>().join(",");
    let mut out = Vec::new();
    for entity in &data.entities {
        let kind = match entity.kind {
            EntityKind::New => "new",
            EntityKind::Extended => "extended",
            EntityKind::Existing => "existing",
        };
        let table = entity.table.as_ref().map(|t| format!(" @{t}")).unwrap_or_default();
        out.push(format!("{kind} {}{table}: {}", entity.name, names(&entity.fields)).trim_end().to_owned());
        assert!(!entity.span.is_empty(), "{}", entity.name);
        for field in &entity.fields {
            assert!(!field.span.text(text).is_empty(), "{} in {text}", field.name);
        }
    }
    out.extend(
        data.types.iter().map(|t| format!("type {}: {}", t.name, names(&t.fields)).trim_end().to_owned()),
    );
    if !data.shared.is_empty() {
        out.push(format!("shared {}", names(&data.shared)));
    }
    if let Some(none) = &data.none {
        out.push(format!("none {}", none.text));
    }
    out
}

fn check(body: &str, expected: &[&str]) {
    assert_eq!(lines(body), expected, "{body}");
}

#[test]
fn names_tables_and_kinds_of_headings() {
    for (heading, expected) in [
        ("Order", "new Order: total"),
        ("`orders`", "new orders: total"),
        ("4.1 Order Entity", "new Order: total"),
        ("Entity: Order (NEW)", "new Order: total"),
        ("New Entity: `Order`", "new Order: total"),
        ("Modified Entity: `Order`", "extended Order: total"),
        ("Entity Modifications: Order (ADDITIVE)", "extended Order: total"),
        ("Order (existing)", "existing Order: total"),
        ("Order (extended)", "extended Order: total"),
        ("Order changes", "extended Order: total"),
        ("OrderLine Entity Extension", "extended OrderLine: total"),
        ("Order (singular, table: `shop_orders`)", "new Order @shop_orders: total"),
        ("7.2 `Order` (`shop_orders`) — Phase 3", "new Order @shop_orders: total"),
        ("Order (singular) — table `shop_orders`", "new Order @shop_orders: total"),
        ("Metadata index — `shop_orders`", "new shop_orders: total"),
        ("`shop_orders` row (new)", "new shop_orders: total"),
        ("`shop_orders` (existing table — additive column)", "extended shop_orders: total"),
        ("`Order` Extensions (`shop_orders`)", "extended Order @shop_orders: total"),
        ("Custom fields on `Order` (shop module)", "extended Order: total"),
        ("`Order` (existing, unchanged)", "existing Order: total"),
    ] {
        check(&format!("### {heading}\n\n- `total`: numeric"), &[expected]);
    }
}

#[test]
fn several_entities_in_a_heading() {
    check(
        "### Order / OrderLine (extensions)\n\n| Column | Type |\n|---|---|\n| `Order.exempt` | boolean |\n\
         | `Order.listed_at` | timestamptz |\n| `OrderLine.exempt` | boolean |",
        &["extended Order: exempt,listed_at", "extended OrderLine: exempt"],
    );
    check(
        "### Line extensions (all tables)\n\nApplies to:\n- `order_lines`\n- `quote_lines`\n\n\
         | Column | Type |\n|---|---|\n| `unit` | text |",
        &["extended order_lines: unit", "extended quote_lines: unit"],
    );
}

#[test]
fn fields_in_bullets() {
    for (bullet, expected) in [
        ("- `a`: uuid, PK", "a"),
        ("- `a`, `b`: uuid, required", "a,b"),
        ("- `a` / `b` — text", "a,b"),
        ("- `a` uuid PK, `b`, `c`", "a,b,c"),
        ("- `a` boolean default false, `b` int default 0", "a,b"),
        ("- `a` text — `x` | `y`", "a"),
        ("- `a`: `x | y`", "a"),
        ("- `a` (uuid)", "a"),
        ("- `a text not null default 'x'`", "a"),
        ("- `a?: string`", "a"),
        ("- `a`", "a"),
        ("- `a`: links to `b` and `c`", "a"),
        ("- a_id: uuid", "a_id"),
        ("- a_id, b_id, c_id", "a_id,b_id,c_id"),
        ("- created (timestamp)", "created"),
        ("- **a_id**: uuid", "a_id"),
        ("- (optional) `a varchar null` — which one", "a"),
        ("- New nullable column `a` (text)", "a"),
        ("- Lifecycle: `a_at`, `b_at`, optional `c_at`", "a_at,b_at,c_at"),
        ("- ~~`a`: uuid~~\n- `b`: uuid", "b"),
        ("- `id`: uuid\n- **`@Unique(['a','b'])`** — the boundary.", "id"),
        ("- `id`: uuid\n- Unique `(a, b)`.", "id"),
        ("- `id`: uuid\n  - `open` — not done yet\n- `state`: text", "id,state"),
    ] {
        let lines = lines(&format!("### Order\n\n{bullet}"));
        let fields = lines.first().and_then(|l| l.split_once(": ")).map_or("", |(_, f)| f);
        assert_eq!(fields, expected, "{bullet}");
    }
}

#[test]
fn labels_part_fields_from_the_rest() {
    check(
        "### Order\nTable: `shop_orders`\n\nPurpose:\n- `a` is the way\n\nFields:\n- `id`: uuid\n- `total`\n\n\
         Constraints:\n- `b` unique\n\nIndexes:\n- `total`\n- `c`\n\n**Rules:**\n- `d` must be set",
        &["new Order @shop_orders: id,total"],
    );
    check(
        "### Deal changes\nAdd:\n- `stage_id` (FK -> Stage)\n\nIntegrity:\n- `x` must fit",
        &["extended Deal: stage_id"],
    );
    check(
        "### Order\n\n#### Fields\n\n- `id`: uuid\n\n#### Indexes\n\n- `x`: unique\n\n#### Validation\n\n- `y`: max 3",
        &["new Order: id"],
    );
    check("### Validation Rules\n\n- `order_schema`: text\n\n### ACL Features\n\n- `shop.view`: text", &[]);
}

#[test]
fn fields_in_tables() {
    check(
        "### Order\n\n| Column | Type | Notes |\n|---|---|---|\n| `id` | uuid | |\n| **Money** | | |\n\
         | `net`, `gross` | numeric | |\n| tenant_id | uuid | |\n| _(all columns of Base)_ | | |",
        &["new Order: id,net,gross,tenant_id"],
    );
    check("### Order\n\n| Rule | Meaning |\n|---|---|\n| `a` | b |\n\n### Sub\n\ntext", &[]);
    check(
        "### Modified Entity: `Order`\n\n| Change | Detail |\n|---|---|\n| **Add column** | `project_id` (uuid) |\n\
         | **Drop index** | `UNIQUE(a)` |",
        &["extended Order: project_id"],
    );
    check(
        "New columns on `orders`:\n\n| Column | Type |\n|---|---|\n| `total` | numeric |",
        &["extended orders: total"],
    );
    check(
        "#### Migration: `Migration<x>_orders`\n\nAdds columns to the existing `orders` table. All nullable:\n\n\
         | Column | Type |\n|---|---|\n| `total` | numeric |",
        &["extended orders: total"],
    );
    check(
        "### New Entities\n\n| Entity | Table | Purpose |\n|---|---|---|\n| `Order` | `shop_orders` | x |\n\n\
         ### Modified Entities\n\n| Entity | Changes |\n|---|---|\n| `Quote` | Add `total`, `net` |",
        &["new Order @shop_orders:", "extended Quote: total,net"],
    );
    check(
        "| Table | Column | Type |\n|---|---|---|\n| `orders` | `a` | text |\n| | `b` | text |\n| `quotes` | `c` | text |",
        &["extended orders: a,b", "extended quotes: c"],
    );
}

#[test]
fn classes_and_types_in_code() {
    check(
        "### Order\n\n```ts\n@Entity({ tableName: 'shop_orders' })\n@Index({ name: 'i', properties: ['a'] })\n\
         export class Order extends Base {\n  [OptionalProps]?: 'a' | 'b'\n\n  @PrimaryKey({ type: 'uuid' })\n  id: string = make()\n\n\
         \x20 // the name\n  @Property({ name: 'full_name', type: 'text' })\n  fullName!: string\n\n\
         \x20 @ManyToOne(() => User, { fieldName: 'owner_id' }) owner!: User\n\n\
         \x20 @OneToMany(() => Line, l => l.order)\n  lines = new Collection<Line>(this)\n\n\
         \x20 @Unique({ properties: ['a'] })\n  _unique!: never\n\n  total() { return 1 }\n}\n\n\
         export type State = 'a' | 'b'\ninterface Info { x: string; y?: { z: number } }\n```",
        &["new Order @shop_orders: id,full_name,owner_id", "type State:", "type Info: x,y"],
    );
    check(
        "### `Order` (modified)\n\n```ts\n@Property({ name: 'a_id', type: 'uuid', nullable: true })\naId?: string | null\n```",
        &["extended Order: a_id"],
    );
    check(
        "### New types\n\n```ts\nexport interface Handler {\n  readonly id: string\n  run(x: number): void\n  'quoted'?: string[]\n}\n```",
        &["type Handler: id,quoted"],
    );
    check(
        "### Entity: Order (NEW)\n\n```ts\ninterface Order {\n  id: string\n  total: number\n}\n```",
        &["new Order: id,total"],
    );
    check(
        "### Settings shape\n\n```ts\ntype Settings = Readonly<{\n  a: string\n  b: number\n}>\n```",
        &["type Settings: a,b"],
    );
    check(
        "### OrderConfig (stored as JSON)\n\n```ts\n{\n  enabled: boolean  // yes\n  days: number\n}\n```",
        &["type OrderConfig: enabled,days"],
    );
}

#[test]
fn statements_of_sql() {
    check(
        "### Core\n\n```sql\n-- a table\nCREATE TABLE IF NOT EXISTS public.orders (\n  id uuid PRIMARY KEY, -- the id\n\
         \x20 \"total\" numeric(18, 4) NOT NULL DEFAULT 0,\n  state text CHECK (state IN ('a', 'b')),\n\
         \x20 CONSTRAINT c UNIQUE (id, total),\n  PRIMARY KEY (id)\n);\nCREATE INDEX i ON orders (id);\n\
         CREATE TABLE lines (id uuid, order_id uuid);\nCREATE TABLE lines_2025 PARTITION OF lines FOR VALUES FROM (1);\n```",
        &["new orders: id,total,state", "new lines: id,order_id"],
    );
    check(
        "### `orders` (extended)\n\n```sql\nALTER TABLE orders\n  ADD COLUMN user_id UUID NULL, -- whose\n\
         \x20 ADD COLUMN IF NOT EXISTS is_main BOOLEAN DEFAULT FALSE,\n  ADD CONSTRAINT x CHECK (a > 1);\n```",
        &["extended orders: user_id,is_main"],
    );
    check(
        "### Order\n\n**Table:** `orders`\n\n- `id`: uuid\n\n### SQL Migration\n\n```sql\nCREATE TABLE orders (id uuid, b text);\n```",
        &["new Order @orders: id"],
    );
    check(
        "### Order (modified)\n\n**Migration**: `ALTER TABLE orders ADD COLUMN note text NULL;`",
        &["extended Order @orders: note"],
    );
}

#[test]
fn plain_blocks() {
    check(
        "#### ActionLog Entity Extension\n\n```\naction_logs\n├── ... (existing)\n├── parent_kind  TEXT  NULL\n└── parent_id TEXT\n```",
        &["extended ActionLog @action_logs: parent_kind,parent_id"],
    );
    check(
        "Phase 2 adds one:\n\n```\nTable: overrides\n- id    uuid primary key\n- model text null -- which\n```",
        &["new overrides: id,model"],
    );
}

#[test]
fn flat_bullets_and_paragraphs() {
    check("### Change to `orders.state`\n\nIt holds one of five words.", &["extended orders: state"]);
    check(
        "- `orders.sort_mode text not null default 'a'`\n- `quotes.modes`: jsonb",
        &["extended orders: sort_mode", "extended quotes: modes"],
    );
    check(
        "- Add `total` to `orders`\n- Adds `a_events` and `b_events` tables.",
        &["extended orders: total", "new a_events:", "new b_events:"],
    );
    check(
        "- `orders`\n  - `state`: add `open`\n  - `opened_at`: timestamp",
        &["extended orders: state,opened_at"],
    );
    check(
        "- **Order**: id, total, created_at\n- **OrderLine**: id, order_id",
        &["new Order: id,total,created_at", "new OrderLine: id,order_id"],
    );
    check(
        "`orders`\n\n| Column | Type |\n|---|---|\n| `id` | uuid |\n\n`lines`\n\n| Column | Type |\n|---|---|\n| `x` | uuid |",
        &["new orders: id", "new lines: x"],
    );
    check(
        "**`Order`** — the aggregate.\n\n- `id`: uuid\n\n**`Quote`** and **`Line`** — add `branch_id uuid null` (additive).",
        &["new Order: id", "extended Quote: branch_id", "extended Line: branch_id"],
    );
    check(
        "### New entities — `shop` module\n\n- `Order` — what was bought\n- `OrderLine`",
        &["new Order:", "new OrderLine:"],
    );
    check(
        "### Existing Entities Touched\n- `Order` — read only\n- `User.name` already exists",
        &["existing Order:", "existing User: name"],
    );
}

#[test]
fn columns_of_all_entities() {
    check(
        "All entities include the global columns: `id (uuid)`, `created_at`, `tenant_id`.\n\n### Order\n- `total`: int",
        &["new Order: total", "shared id,created_at,tenant_id"],
    );
    check(
        "> **Conventions:** Every table has `tenant_id` and `organization_id`.\n\n### Order\n- `total`: int",
        &["new Order: total", "shared tenant_id,organization_id"],
    );
    check(
        "All queries on entities MUST filter by `tenant_id`.\n\n### Order\n- `total`: int",
        &["new Order: total"],
    );
}

#[test]
fn no_entities() {
    check("No data model changes. The store stays.", &["none No data model changes."]);
    check("N/A — docs only.", &["none N/A — docs only."]);
    check(
        "No changes to existing entities. We use `User` and `Role`.",
        &["none No changes to existing entities."],
    );
    check(
        "This spec introduces no database entities.\n\n### `Options`\n\n- `id`: string\n- `kind`: string",
        &["none This spec introduces no database entities."],
    );
    check(
        "No new entities.\n\n### Order (additive columns)\n\n- `total`: numeric",
        &["extended Order: total"],
    );
    check(
        "### No New Entities\n\nAll is in memory.\n\n### State shape\n\n```ts\ntype S = { a: string }\n```",
        &["type S: a", "none No New Entities"],
    );
    check("### Graph\n\n```json\n{ \"id\": 1 }\n```", &[]);
    check("", &[]);
}

#[test]
fn other_titles_and_places() {
    assert_eq!(lines_of("# T\n\n## 7) Database Schema\n\n### Order\n\n- `id`: uuid\n"), ["new Order: id"]);
    assert_eq!(
        lines_of(
            "# T\n\n## 4. OrderState Entity\n\n```ts\n@Entity()\nclass OrderState {\n  @Property()\n  orderId!: string\n}\n```\n"
        ),
        ["new OrderState: orderId"]
    );
    assert!(lines_of("# T\n\n## Risks\n\n### Order entity\n\n- `id`: uuid\n").is_empty());
}

#[test]
fn odd_text_does_no_harm() {
    for body in [
        "### `\n\n- `",
        "### Order\n\n| Column |\n|---|\n|",
        "```ts\n@Entity({ tableName: 'x\nclass A { @Property( id",
        "```sql\nCREATE TABLE x (((\nALTER TABLE\n```",
        "```sql\nALTER TABLE x ADD COLUMN\n```",
        "```\n├── ü ÄÖ\n```",
        "### Ä (ö — ü)\n\n- `ä`: uuid, ß",
    ] {
        let _ = lines(body);
    }
}
