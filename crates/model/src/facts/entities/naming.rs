//! What a heading, a paragraph or a label says of the blocks below it: a name, a table, new or not.

use super::EntityKind;
use super::lex::{Token, TokenKind};
use trueup_text::Span;

/// How sure it is that a name means something that is persisted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Standing {
    /// Nothing is said.
    #[default]
    Open,
    /// "entity", "table", a table's name.
    Entity,
    /// "type", "payload", "JSON shape", "not persisted".
    Type,
    /// Rules, indexes and other things that are no entity.
    Other,
}

/// What a heading or a paragraph says.
#[derive(Clone, Debug, Default)]
pub(super) struct Naming {
    /// Names that look like those of an entity or a table; mostly one.
    pub names: Vec<String>,
    /// Several words that may be a name ("Order Line").
    pub title: String,
    /// A field that stands behind the name (`orders.status`).
    pub field: Option<(String, Span)>,
    /// The table.
    pub table: Option<String>,
    /// New, extended or existing, where it says so.
    pub kind: Option<EntityKind>,
    /// How sure it is.
    pub standing: Standing,
    /// Whether how sure it is comes from a heading above.
    pub lent: bool,
    /// Whether it announces a list of entities ("New entities").
    pub listing: bool,
}

/// More names than this share no list of fields.
pub(super) const MOST_NAMES: usize = 16;

/// Words around a name that are no part of it.
const NOISE: &[&str] = &[
    "new",
    "existing",
    "modified",
    "extended",
    "updated",
    "changed",
    "additive",
    "entity",
    "entities",
    "table",
    "tables",
    "model",
    "models",
    "record",
    "row",
    "rows",
    "db",
    "database",
    "domain",
    "changes",
    "change",
    "extension",
    "extensions",
    "modification",
    "modifications",
    "addition",
    "additions",
    "delta",
    "update",
    "updates",
    "fields",
    "field",
    "columns",
    "column",
    "the",
    "a",
    "an",
    "definition",
    "definitions",
    "persisted",
    "orm",
    "mikroorm",
    "one",
    "two",
    "aggregate",
    "singular",
    "core",
    "and",
    "unchanged",
    "named",
    "modify",
    "extend",
    "add",
    "create",
    "collection",
];

/// Titles and labels of one word that name a part of an entity, not an entity.
const PARTS: &[&str] = &[
    "index",
    "indexes",
    "indices",
    "validation",
    "validations",
    "migration",
    "migrations",
    "note",
    "notes",
    "rule",
    "rules",
    "relation",
    "relations",
    "relationship",
    "relationships",
    "constraint",
    "constraints",
    "encryption",
    "type",
    "types",
    "enum",
    "enums",
    "event",
    "events",
    "permission",
    "permissions",
    "acl",
    "overview",
    "summary",
    "invariant",
    "invariants",
    "lifecycle",
    "seeding",
    "seed",
    "seeds",
    "example",
    "examples",
    "storage",
    "caching",
    "cache",
    "search",
    "retention",
    "security",
    "diagram",
    "erd",
    "query",
    "queries",
    "performance",
    "reference",
    "references",
    "rollback",
    "backfill",
    "access",
    "api",
    "unique",
    "uniqueness",
    "purpose",
    "status",
    "statuses",
    "integrity",
    "behavior",
    "behaviour",
    "semantics",
    "policy",
    "policies",
    "usage",
    "requirement",
    "requirements",
    "values",
    "labels",
    "label",
    "remain",
    "responsibilities",
    "considerations",
    "strategy",
    "strategies",
    "formula",
    "transitions",
    "commands",
    "endpoints",
    "features",
    "feature",
    "why",
    "rationale",
    "tests",
    "decisions",
    "defaults",
    "guidance",
    "locales",
    "logic",
    "triggers",
    "trigger",
    "ddl",
    "normalization",
    "compatibility",
    "checks",
    "check",
    "goals",
    "compliance",
    "idempotency",
    "keys",
    "cardinality",
    "privacy",
    "audit",
    "scope",
    "isolation",
    "atomicity",
    "indexing",
    "boundary",
    "boundaries",
    "ownership",
    "limits",
    "limit",
    "algorithm",
    "mapping",
    "mappings",
    "conventions",
    "convention",
];

/// Words of things that are not persisted.
const SHAPES: &[&str] = &[
    "type",
    "types",
    "interface",
    "interfaces",
    "shape",
    "shapes",
    "payload",
    "payloads",
    "response",
    "responses",
    "request",
    "dto",
    "dtos",
    "json",
    "jsonb",
    "contract",
    "contracts",
    "structure",
    "envelope",
    "props",
    "zod",
    "enum",
    "enums",
    "schema",
    "schemas",
    "manifest",
    "artifact",
    "runtime",
    "computed",
    "derived",
    "descriptor",
    "wire",
    "serialized",
    "in_memory",
    "ephemeral",
    "frontend",
    "view",
];

/// Whether a text is one name as classes have it.
pub(super) fn is_pascal(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && (text.bytes().any(|b| b.is_ascii_lowercase()) || text.len() <= 5)
}

/// Whether a text is a name as tables have it.
pub(super) fn is_snake(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// How many parts a name of the class kind has ("OrderLine" has two).
pub(super) fn humps(text: &str) -> usize {
    let bytes = text.as_bytes();
    (0..bytes.len())
        .filter(|i| bytes[*i].is_ascii_uppercase() && (*i == 0 || !bytes[*i - 1].is_ascii_uppercase()))
        .count()
}

/// The entity's name in a piece of code: without schema and module.
pub(super) fn entity_name(code: &str) -> Option<&str> {
    let bare = code.trim().trim_matches(['"', '\'']);
    let last = bare.rsplit_once(':').map_or(bare, |(_, name)| name);
    let last = last.strip_prefix("public.").unwrap_or(last);
    (is_pascal(last) || is_snake(last)).then_some(last)
}

fn is_noise(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Word && token.is_one_of(NOISE)
}

/// Numbering, emoji and other marks in front are no part of a title.
fn strip_front<'a, 't>(mut tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    loop {
        let Some(first) = tokens.first() else { return tokens };
        let digits = first.kind == TokenKind::Word && first.text.starts_with(|c: char| c.is_ascii_digit());
        let letter = first.kind == TokenKind::Word && first.text.len() == 1;
        let closed = tokens.get(1).is_some_and(|t| (t.is(".") || t.is(")")) && !t.spaced);
        let skip = match first.kind {
            TokenKind::Mark => !matches!(first.text, "(" | "[" | "@"),
            _ => digits && first.text.len() <= 3 || letter && closed,
        };
        if !skip {
            return tokens;
        }
        tokens = &tokens[1..];
    }
}

/// A title parted into what it names and what it says of it.
struct Parted<'a, 't> {
    main: Vec<&'a Token<'t>>,
    rest: Vec<&'a Token<'t>>,
}

fn part<'a, 't>(tokens: &'a [Token<'t>]) -> Parted<'a, 't> {
    let mut parted = Parted { main: Vec::new(), rest: Vec::new() };
    let mut depth = 0usize;
    let mut behind = false;
    for token in tokens {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && !behind && token.is_dash() {
            behind = !parted.main.is_empty();
        } else if depth == 0 && !behind && token.is(":") {
            // `Modified entity: X` names X, `X: notes` names X, too.
            if parted.main.iter().all(|t| t.kind == TokenKind::Word && (is_noise(t) || t.is_one_of(SHAPES))) {
                parted.rest.append(&mut parted.main);
            } else {
                behind = true;
            }
        } else if depth > 0 || behind {
            parted.rest.push(token);
        } else {
            parted.main.push(token);
        }
    }
    parted
}

/// Reads a heading or a paragraph that names something.
pub(super) fn of_title(tokens: &[Token<'_>]) -> Naming {
    let tokens = strip_front(tokens);
    let parted = part(tokens);
    let mut naming = Naming { kind: kind_of(tokens), ..Naming::default() };
    naming.standing = standing_of(&parted);
    naming.listing = parted.main.iter().any(|t| t.is_one_of(&["entities", "tables", "models", "families"]))
        || parted.main.iter().any(|t| t.is_word("existing"))
            && parted.main.iter().any(|t| is_noise(t) && t.is_word("entity"));
    let codes: Vec<&Token<'_>> = parted.main.iter().copied().filter(|t| t.is_code()).collect();
    let words: Vec<&Token<'_>> =
        parted.main.iter().copied().filter(|t| t.kind == TokenKind::Word && !is_noise(t)).collect();
    if !codes.is_empty() {
        naming.names = codes.iter().filter_map(|t| entity_name(t.text)).map(str::to_owned).collect();
        if !words.is_empty() || naming.names.len() != codes.len() {
            naming.names.truncate(1);
        }
    } else if named_by_words(&words, &parted.main) {
        naming.names = words.iter().map(|t| t.text.to_owned()).collect();
    } else if !naming.listing {
        naming.title = title_of(&parted.main);
    }
    // `Change to `orders.status``
    if naming.kind == Some(EntityKind::Extended)
        && naming.standing != Standing::Type
        && let [code] = codes.as_slice()
        && let Some((owner, field)) = code.text.split_once('.')
        && let Some(owner) = entity_name(owner).filter(|_| is_snake(field) || is_pascal(owner))
        && !field.contains('.')
    {
        naming.names.push(owner.to_owned());
        naming.field = Some((field.to_owned(), code.span));
    }
    naming.names.truncate(MOST_NAMES);
    let ticked = parted.rest.iter().filter(|t| t.is_code()).filter_map(|t| entity_name(t.text));
    for name in ticked {
        if naming.names.is_empty() && codes.is_empty() && naming.standing != Standing::Type && !naming.listing
        {
            naming.names.push(name.to_owned());
        } else if naming.table.is_none() && is_snake(name) && name.contains('_') {
            naming.table = Some(name.to_owned());
        }
    }
    if naming.table.is_none() {
        naming.table = word_after_table(&parted.rest);
    }
    if naming.table.is_some() && naming.standing == Standing::Open {
        naming.standing = Standing::Entity;
    }
    if naming.names.is_empty() && naming.standing == Standing::Open && is_part_title(&parted.main) {
        naming.standing = Standing::Other;
    }
    naming
}

/// `(singular, table: orders)` without ticks.
fn word_after_table(rest: &[&Token<'_>]) -> Option<String> {
    let at = rest.iter().position(|t| t.is_word("table"))?;
    let next = rest[at + 1..].iter().find(|t| !t.is(":"))?;
    entity_name(next.text).filter(|n| is_snake(n) && n.contains('_')).map(str::to_owned)
}

/// `OrderLine`, `Order / Quote`, `order_lines`, `Deal changes`.
fn named_by_words(words: &[&Token<'_>], main: &[&Token<'_>]) -> bool {
    if let [word] = words {
        if word.is_one_of(PARTS) {
            return false;
        }
        let sure =
            is_pascal(word.text) && humps(word.text) > 1 || is_snake(word.text) && word.text.contains('_');
        return sure || is_pascal(word.text) && surely_around(word, main);
    }
    let all = |test: fn(&str) -> bool| words.iter().all(|t| test(t.text));
    let parted = main.iter().any(|t| t.is("/") || t.is(",") || t.is("&") || t.is("+") || t.is_word("and"));
    words.len() > 1 && words.len() <= 4 && parted && all(|t| is_pascal(t) && humps(t) > 1)
}

/// Whether the words around a plain word make it a name: `Order changes`, not `Core entities`, `Data model`.
fn surely_around(word: &Token<'_>, main: &[&Token<'_>]) -> bool {
    let before = ["new", "existing", "modified", "extended", "updated", "changed"];
    let after = [
        "entity",
        "table",
        "changes",
        "change",
        "extension",
        "extensions",
        "addition",
        "additions",
        "modification",
        "modifications",
        "update",
        "updates",
        "fields",
        "columns",
        "delta",
        "unchanged",
        "extended",
        "aggregate",
    ];
    let at = main.iter().position(|t| t.span == word.span).unwrap_or(0);
    main[..at].iter().all(|t| t.kind != TokenKind::Word || t.is_one_of(&before))
        && main[at + 1..].iter().all(|t| t.kind != TokenKind::Word || t.is_one_of(&after))
}

fn title_of(main: &[&Token<'_>]) -> String {
    let from = main.iter().position(|t| !is_noise(t)).unwrap_or(main.len());
    let to = main.iter().rposition(|t| !is_noise(t)).map_or(from, |at| at + 1);
    main[from..to].iter().map(|t| t.text).collect::<Vec<_>>().join(" ")
}

fn is_part_title(main: &[&Token<'_>]) -> bool {
    main.iter().any(|t| t.kind == TokenKind::Word && t.is_one_of(PARTS))
}

fn standing_of(parted: &Parted<'_, '_>) -> Standing {
    let both = || parted.main.iter().chain(&parted.rest);
    let has = |words: &[&str]| both().any(|t| t.kind == TokenKind::Word && t.is_one_of(words));
    let no = both().any(|t| t.is_one_of(&["not", "only"]));
    if no && has(&["db", "database", "entity", "persisted", "type", "client", "memory", "runtime"]) {
        return Standing::Type;
    }
    if parted.rest.iter().any(|t| t.is_code() && (t.text.ends_with(".ts") && !t.text.contains("entities"))) {
        return Standing::Type;
    }
    let memory = has(&["memory"]);
    let named = both().any(|t| t.is_one_of(&["entity", "entities", "table", "tables", "singular"]));
    let changed = has(&["change", "changes", "additive", "extended", "existing"]);
    let shaped = parted.main.iter().any(|t| t.kind == TokenKind::Word && t.is_one_of(SHAPES))
        || parted.rest.iter().any(|t| t.kind == TokenKind::Word && t.is_one_of(SHAPES) && !changed);
    // Behind a colon the words in front have gone to the rest: `JSON model: X`.
    let prefixed = parted.rest.iter().any(|t| t.is_one_of(&["json", "shape", "payload", "interface", "dto"]));
    match (named, shaped || prefixed || memory) {
        (true, _) => Standing::Entity,
        (false, true) => Standing::Type,
        (false, false) => Standing::Open,
    }
}

/// Whether the words say that something is new, extended or as it was.
pub(super) fn kind_of(tokens: &[Token<'_>]) -> Option<EntityKind> {
    let at = |words: &[&str]| tokens.iter().position(|t| t.kind == TokenKind::Word && t.is_one_of(words));
    let changes = ["change", "changes", "modification", "modifications", "delta", "deltas"];
    let none = tokens.iter().enumerate().position(|(i, t)| {
        t.is_word("no")
            && tokens[i + 1..].iter().take(4).any(|n| n.is_one_of(&changes) || n.is_word("migration"))
    });
    let parts =
        ["column", "columns", "field", "fields", "property", "properties", "index", "value", "values"];
    let new_part = tokens.iter().enumerate().any(|(i, t)| {
        t.is_one_of(&["new", "additive", "additional", "additions", "added", "custom"])
            && tokens[i + 1..].iter().take(4).any(|n| n.is_one_of(&parts))
    });
    let extended = [
        "extended",
        "extends",
        "extend",
        "extension",
        "extensions",
        "modified",
        "modify",
        "additive",
        "addition",
        "additions",
        "updated",
        "update",
        "updates",
        "changed",
        "alter",
        "altered",
        "add",
        "adds",
        "enhanced",
        "enhancement",
        "enhancements",
        "evolution",
        "migrated",
        "fix",
    ];
    let changed = at(&extended);
    let unchanged = at(&["unchanged", "untouched"]).or(none);
    if unchanged.is_some_and(|u| changed.is_none_or(|c| u < c) || tokens[u].is_word("unchanged")) {
        return Some(EntityKind::Existing);
    }
    if new_part || changed.is_some() || at(&changes).is_some() {
        return Some(EntityKind::Extended);
    }
    if at(&["existing", "reused", "reuse", "reuses", "legacy", "deprecated"]).is_some() {
        return Some(EntityKind::Existing);
    }
    at(&["new"]).map(|_| EntityKind::New)
}

/// A paragraph that stands like a heading over the blocks below it.
pub(super) fn of_paragraph(tokens: &[Token<'_>]) -> Option<Naming> {
    let first = tokens.iter().position(|t| !is_noise(t) && !t.is(":"))?;
    let head = &tokens[first];
    let led = first > 0 && tokens[..first].iter().any(|t| t.is_one_of(&["entity", "table", "model"]));
    let named = match head.kind {
        TokenKind::Code => entity_name(head.text).is_some(),
        TokenKind::Word => {
            head.bold
                && is_pascal(head.text)
                && !head.is_one_of(PARTS)
                && !tokens.get(first + 1).is_some_and(|t| t.bold && t.kind == TokenKind::Word && !is_noise(t))
                && (humps(head.text) > 1 || led || tokens.len() <= first + 1)
        }
        TokenKind::Mark => false,
    };
    if !named {
        return None;
    }
    // What follows the name must be the end, a colon, a dash, a qualifier or another name.
    let mut at = first + 1;
    while let Some(token) = tokens.get(at) {
        if token.is("(") {
            let close = tokens[at..].iter().position(|t| t.is(")")).map(|len| at + len)?;
            at = close + 1;
        } else if [",", "/"].iter().any(|m| token.is(m))
            || token.is_word("and")
            || token.is_code()
            || is_noise(token)
        {
            at += 1;
        } else {
            let dressed = head.bold || led || token.is("→");
            let ends = at + 1 == tokens.len();
            return (token.is(":") && (ends || dressed)
                || token.is_dash() && dressed
                || token.is(".") && ends)
                .then(|| of_title(&tokens[..at.max(first + 1)]))
                .map(|naming| with_tail(naming, &tokens[at..]));
        }
    }
    Some(of_title(tokens))
}

/// What stands behind the dash of a paragraph may still say that something is extended or already there.
fn with_tail(mut naming: Naming, tail: &[Token<'_>]) -> Naming {
    let head = &tail[..tail.len().min(8)];
    if naming.kind.is_none() {
        naming.kind = kind_of(head);
        let already = head.iter().any(|t| t.is_one_of(&["already", "exists"]));
        naming.kind = if already { Some(EntityKind::Existing) } else { naming.kind };
    }
    if naming.table.is_none() && head.iter().any(|t| t.is("→") || t.is_word("table")) {
        naming.table = head
            .iter()
            .filter(|t| t.is_code())
            .filter_map(|t| entity_name(t.text))
            .find(|n| is_snake(n))
            .map(str::to_owned);
    }
    naming
}

/// What a label says of the list or table below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Label {
    /// There is none, or it says nothing of this.
    #[default]
    Open,
    /// Fields follow.
    Fields,
    /// Entities follow.
    Listing(Option<EntityKind>),
    /// Entities follow to which the fields of this place belong.
    AppliesTo,
    /// Columns follow that all entities have.
    Shared,
    /// Rules, indexes and the like follow.
    Other,
}

/// Reads a label.
pub(super) fn label_of(tokens: &[Token<'_>]) -> Label {
    let words = || tokens.iter().filter(|t| t.kind == TokenKind::Word);
    let has = |list: &[&str]| words().any(|t| t.is_one_of(list));
    let fields = ["fields", "field", "columns", "column", "properties", "attributes", "members"];
    let starts = |list: &[&str]| words().next().is_some_and(|t| t.is_one_of(list));
    if starts(&["applies", "affects", "affected"]) {
        return Label::AppliesTo;
    }
    if has(&["shared", "common", "standard", "global", "base"]) && has(&["columns", "fields"]) {
        return Label::Shared;
    }
    if has(PARTS) || has(&["required", "must", "should", "rejects", "store", "stores"]) && !has(&fields) {
        return Label::Other;
    }
    if has(&["nested", "summary", "existing"]) && has(&fields) && has(&["used", "nested", "summary"]) {
        return Label::Other;
    }
    if has(&fields) || words().count() == 1 && starts(&["add", "adds", "added", "extend"]) {
        return Label::Fields;
    }
    if has(&["entities", "tables", "models"]) {
        return if has(&["generated", "runtime", "response", "client", "json", "files"]) {
            Label::Other
        } else {
            Label::Listing(kind_of(tokens))
        };
    }
    Label::Open
}
