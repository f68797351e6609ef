//! Endpoints: what the API section declares.

mod code;
mod scan;
#[cfg(test)]
mod tests;

use super::reader::Reader;
use super::support::{Grid, Text, declared_otherwise};
use rustc_hash::FxHashMap;
use scan::{Hit, comparable, hits, leading_methods, methods_in};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{infer_words, strip_inline};
use trueup_text::Span;

/// What a spec says of its API.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// Endpoints in document order, one for each method.
    pub endpoints: Vec<Endpoint>,
    /// What else an API section declares that holds no endpoint: commands of a command line, functions,
    /// headers, as written.
    pub contracts: Vec<Text>,
    /// The sentence that says that there are none.
    pub none: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

/// An endpoint that a spec declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// The method in capitals; `CRUD` is spelt out before.
    pub method: String,
    /// The path as written, query included.
    pub path: String,
    /// What it does, where that is said beside it.
    pub summary: String,
    /// The request as written (`{ name: string }`, a JSON block).
    pub request: Option<Text>,
    /// The response as written.
    pub response: Option<Text>,
    /// Where it is declared.
    pub span: Span,
}

/// Reads the API section.
pub(crate) fn read(reader: &Reader<'_>) -> Api {
    let mut api = ApiReader::new(reader);
    let mut sections = reader.sections("api");
    if sections.is_empty() {
        sections = loose_sections(reader);
    }
    for section in sections {
        api.out.sections.push(reader.document.section(section).title_span);
        let before = api.out.endpoints.len();
        api.section(section);
        if api.out.endpoints.len() == before {
            let contracts = declared_otherwise(reader, section, api.out.none.as_ref());
            api.out.contracts.extend(contracts);
        }
    }
    api.out
}

/// Sections that hold endpoints by a looser title, outside plans, tests and the like.
fn loose_sections(reader: &Reader<'_>) -> Vec<SectionId> {
    let document = reader.document;
    let mut out: Vec<SectionId> = Vec::new();
    for section in reader.all_sections() {
        let this = document.section(section);
        let inside = out.last().is_some_and(|last| document.section(*last).span.contains(this.span));
        let title = &this.normal.core;
        let after_api = title.strip_prefix("api ").map(|rest| rest.split(' ').next().unwrap_or(""));
        let named = matches!(
            after_api,
            Some(
                "requirements"
                    | "definitions"
                    | "endpoint"
                    | "endpoints"
                    | "routes"
                    | "route"
                    | "contract"
                    | "contracts"
                    | "surface"
                    | "delta"
                    | "additions"
            )
        ) || [
            "api routes",
            "api endpoints",
            "endpoints",
            "http routes",
            "routes and contracts",
            "rest api",
            "new routes",
        ]
        .iter()
        .any(|end| title.ends_with(end));
        if named && !inside && !under_other_kind(reader, section) {
            out.push(section);
        }
    }
    out
}

/// Whether a section or one above it holds something that only names endpoints.
fn under_other_kind(reader: &Reader<'_>, section: SectionId) -> bool {
    let document = reader.document;
    let mut at = Some(section);
    while let Some(id) = at {
        let other = matches!(
            reader.kind_of(id),
            Some(
                "plan"
                    | "tests"
                    | "risks"
                    | "compliance"
                    | "changelog"
                    | "migration"
                    | "problem"
                    | "manifest"
                    | "references"
            )
        );
        if other {
            return true;
        }
        at = document.section(id).parent;
    }
    false
}

/// What a label in front of a text announces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Response,
}

/// What a heading above says of the endpoints below it.
struct Scope {
    level: u8,
    /// A path without a method; the methods stand below.
    path: Option<(String, Span)>,
    /// The heading declares endpoints itself: code below shows them in use.
    declares: bool,
}

struct ApiReader<'r, 'a> {
    reader: &'r Reader<'a>,
    document: &'a Document,
    out: Api,
    known: FxHashMap<(String, String), usize>,
    scopes: Vec<Scope>,
    /// The path of the last heading that had one without a method.
    last_path: Option<String>,
    base: Option<String>,
    /// The endpoints that requests and responses belong to.
    current: Vec<usize>,
    pending: Option<Side>,
    /// Methods of a sentence that ends with a colon, for the paths in the list below it.
    announced: Vec<&'static str>,
}

impl<'r, 'a> ApiReader<'r, 'a> {
    fn new(reader: &'r Reader<'a>) -> ApiReader<'r, 'a> {
        ApiReader {
            reader,
            document: reader.document,
            out: Api::default(),
            known: FxHashMap::default(),
            scopes: Vec::new(),
            last_path: None,
            base: None,
            current: Vec::new(),
            pending: None,
            announced: Vec::new(),
        }
    }

    fn section(&mut self, section: SectionId) {
        self.scopes.clear();
        self.last_path = None;
        self.base = None;
        let mut first = true;
        for part in self.reader.territory(section) {
            self.heading(part);
            for block in self.reader.blocks(part) {
                let says_none = first && self.note_none(block);
                first = false;
                self.block(block, says_none);
            }
        }
    }

    /// Notes the sentence that there is no API. Endpoints named in it are not changed.
    fn note_none(&mut self, block: NodeId) -> bool {
        if !matches!(self.document.kind(block), Kind::Paragraph | Kind::List { .. } | Kind::Quote) {
            return false;
        }
        let text = Text::of(self.document, block);
        if !says_no_api(&text.text) {
            return false;
        }
        self.out.none.get_or_insert(text);
        true
    }

    fn heading(&mut self, section: SectionId) {
        let this = self.document.section(section);
        let (level, title_span, numbered) = (this.level, this.title_span, !this.normal.numbering.is_empty());
        while self.scopes.last().is_some_and(|s| s.level >= level) {
            self.scopes.pop();
        }
        self.current.clear();
        self.pending = None;
        self.announced.clear();
        let source = title_span.text(self.document.text());
        let found = hits(source, true);
        let start = title_span.start as usize;
        let mut declares = false;
        for hit in found.iter().filter(|h| !h.methods.is_empty()) {
            let summary = behind(source, hit.range.end);
            let declared = self.declare(hit, start, &summary);
            self.current.extend(declared);
            declares = true;
        }
        let mut path = None;
        if !declares {
            path = found.into_iter().next().map(|hit| (hit.path, Span::from(hit.range).shifted(start)));
            let methods = methods_in(source);
            if let Some((path, _)) = &path {
                self.last_path = Some(path.clone());
            } else if !methods.is_empty()
                && let Some(path) = self.last_path.clone()
            {
                // `### GET` below `### /api/x`, on whatever level.
                self.current =
                    self.declare(&Hit { methods, path, range: 0..source.len(), declared: true }, start, "");
                declares = true;
            } else if numbered {
                self.last_path = None;
            }
        } else {
            self.last_path = None;
        }
        declares |= self.scopes.last().is_some_and(|s| s.declares);
        self.scopes.push(Scope { level, path, declares });
    }

    /// The path without a method in the nearest heading above that has one.
    fn scope_path(&self) -> Option<(String, Span)> {
        self.scopes.iter().rev().find_map(|s| s.path.clone())
    }

    fn block(&mut self, block: NodeId, says_none: bool) {
        match self.document.kind(block) {
            Kind::Paragraph => self.leaf(block, false, says_none),
            Kind::Code { .. } => self.code(block),
            Kind::Table => self.table(block),
            Kind::List { .. } | Kind::Quote => {
                self.take_list(block);
                self.below(block, says_none);
                self.announced.clear();
            }
            _ => {}
        }
    }

    /// Everything inside a list or a quote, in document order and without recursion.
    fn below(&mut self, block: NodeId, says_none: bool) {
        let mut skip = 0;
        for node in self.document.descendants(block) {
            if node.0 < skip {
                continue;
            }
            match self.document.kind(node) {
                Kind::Paragraph => self.leaf(node, true, says_none),
                Kind::Code { .. } => {
                    self.code(node);
                    skip = self.document.node(node).end;
                }
                Kind::Table => {
                    self.table(node);
                    skip = self.document.node(node).end;
                }
                Kind::List { .. } => self.take_list(node),
                _ => {}
            }
        }
    }

    /// `Response:` with a list below it: the list is the response.
    fn take_list(&mut self, list: NodeId) {
        if let Some(side) = self.pending.take() {
            let span = self.document.span(list);
            let text = span.text(self.document.text()).trim().to_owned();
            self.attach(side, Text { text, span });
        }
    }

    fn leaf(&mut self, node: NodeId, in_list: bool, says_none: bool) {
        self.pending = None;
        let span = self.document.content_span(node);
        let source = span.text(self.document.text());
        let start = span.start as usize;
        let found = hits(source, false);
        if let Some(base) =
            found.iter().find(|h| h.methods.is_empty()).filter(|h| names_base(&source[..h.range.start]))
        {
            self.base = Some(base.path.trim_end_matches(['*', '/', '.']).to_owned());
        }
        let mut declared = Vec::new();
        for (number, hit) in found.iter().enumerate() {
            let mut hit = hit.clone();
            if in_list && number == 0 && hit.methods.is_empty() && hit.declared {
                hit.methods = self.announced.clone();
            }
            if hit.declared && !hit.methods.is_empty() && !(says_none && stays(source, &hit)) {
                let next = found.get(number + 1).map_or(source.len(), |h| h.range.start);
                let summary = behind(&source[..next.max(hit.range.end)], hit.range.end);
                declared.extend(self.declare(&hit, start, &summary));
            }
        }
        if declared.is_empty() && found.is_empty() {
            declared.extend(self.method_of_scope(source, start));
        }
        if !declared.is_empty() {
            self.current = declared;
        }
        if !in_list {
            self.announced.clear();
            if found.is_empty() && source.trim_end().ends_with(':') {
                self.announced = methods_in(source);
                self.announced.dedup();
            }
        }
        self.labels(source, start);
    }

    /// Below a heading with a path alone: `GET — list`, `**POST** and **PUT** schemas`.
    fn method_of_scope(&mut self, source: &str, start: usize) -> Vec<usize> {
        let methods = leading_methods(source);
        if methods.is_empty() || self.scopes.last().is_none_or(|s| s.path.is_none()) {
            return Vec::new();
        }
        let Some((path, _)) = self.scope_path() else { return Vec::new() };
        let line = source.lines().next().unwrap_or("").len();
        self.declare(&Hit { methods, path, range: 0..line, declared: true }, start, "")
    }

    /// The `Request:` and `Response:` of a paragraph's lines.
    fn labels(&mut self, source: &str, start: usize) {
        let mut at = start;
        for line in source.split_inclusive('\n') {
            if let Some((side, offset)) = label(line) {
                let value = &line[offset..];
                let lead = value.len() - value.trim_start().len();
                let text = strip_inline(value);
                if text.is_empty() {
                    self.pending = Some(side);
                } else {
                    let from = at + offset + lead;
                    let span = Span::new(from, from + value.trim().len());
                    self.attach(side, Text { text, span });
                }
            }
            at += line.len();
        }
    }

    fn attach(&mut self, side: Side, text: Text) {
        for index in &self.current {
            let Some(endpoint) = self.out.endpoints.get_mut(*index) else { continue };
            let slot = match side {
                Side::Request => &mut endpoint.request,
                Side::Response => &mut endpoint.response,
            };
            slot.get_or_insert_with(|| text.clone());
        }
    }

    fn code(&mut self, node: NodeId) {
        let code = self.document.code_text(node);
        let span = self.document.code_span(node);
        let pending = self.pending.take();
        if let Some(side) = pending {
            self.attach(side, Text { text: code.trim_end().to_owned(), span });
            return;
        }
        if self.scopes.last().is_some_and(|s| s.declares) {
            return;
        }
        let lines = code::requests(&code);
        if lines.is_empty() {
            return self.route_code(&code);
        }
        let exact = code.len() == span.len();
        self.current.clear();
        for line in &lines {
            // Lines of a block inside a list lack its indent: then only the block's place is sure.
            let mut hit = line.hit.clone();
            if !exact {
                hit.range = 0..span.len();
            }
            let declared = self.declare(&hit, span.start as usize, &line.rest);
            if line.rest.starts_with('{') {
                let at = Span::from(hit.range.clone()).shifted(span.start as usize);
                self.current = declared.clone();
                self.attach(Side::Request, Text { text: line.rest.clone(), span: at });
            }
            self.current = if lines.len() == 1 { declared } else { Vec::new() };
        }
        if let [line] = lines.as_slice()
            && exact
        {
            let from = line.hit.range.end;
            let body = code[from..].split_once('\n').map_or("", |(_, body)| body).trim();
            if body.starts_with(['{', '[']) {
                let at = span.start as usize + code.len() - code[from..].len();
                let text = Text { text: body.to_owned(), span: Span::new(at, span.end as usize) };
                self.attach(Side::Request, text);
            }
        }
    }

    /// The exports of a route file below a heading with the path.
    fn route_code(&mut self, code: &str) {
        let Some((path, span)) = self.scopes.last().and_then(|s| s.path.clone()) else { return };
        let methods = code::exported(code);
        if !methods.is_empty() {
            let hit = Hit { methods, path, range: 0..span.len(), declared: true };
            self.declare(&hit, span.start as usize, "");
        }
    }

    fn table(&mut self, table: NodeId) {
        self.pending = None;
        self.current.clear();
        let grid = Grid::of(self.document, table);
        if grid.columns.iter().any(|c| c.starts_with("expected") || c == "test" || c == "test case") {
            return;
        }
        let methods = grid.column(&["method", "methods", "verb", "http", "http method", "http verb"]);
        let paths = grid.column(&[
            "path",
            "endpoint",
            "route",
            "url",
            "uri",
            "api",
            "resource",
            "paths",
            "endpoints",
            "routes",
        ]);
        let said = grid.column(&[
            "description",
            "purpose",
            "summary",
            "notes",
            "change",
            "changes",
            "behavior",
            "behaviour",
            "action",
            "what",
            "use",
            "contract",
        ]);
        let request = grid.column(&["request", "body", "payload", "input", "query", "params", "parameters"]);
        let response = grid.column(&["response", "returns", "output", "result"]);
        for row in &grid.rows {
            let cell = |column: Option<usize>| column.and_then(|c| row.cells.get(c)).copied();
            let found = self.row_hits(&row.cells, cell(methods), cell(paths));
            let summary = cell(said).map(|c| self.document.plain(c).trim().to_owned()).unwrap_or_default();
            let mut declared = Vec::new();
            for (hit, start) in found {
                declared.extend(self.declare(&hit, start, &summary));
            }
            self.current = declared;
            for (side, column) in [(Side::Request, request), (Side::Response, response)] {
                if let Some(text) =
                    cell(column).map(|c| Text::of(self.document, c)).filter(|t| !is_blank(&t.text))
                {
                    self.attach(side, text);
                }
            }
        }
        self.current.clear();
    }

    /// The endpoints of a row, with the places where their cells begin.
    fn row_hits(
        &self,
        cells: &[NodeId],
        methods: Option<NodeId>,
        paths: Option<NodeId>,
    ) -> Vec<(Hit, usize)> {
        let of = |cell: NodeId| {
            let span = self.document.content_span(cell);
            (span.text(self.document.text()), span.start as usize)
        };
        if let Some(cell) = methods {
            let named = methods_in(of(cell).0);
            if named.is_empty() {
                return Vec::new();
            }
            let elsewhere = cells.iter().copied().filter(|c| *c != cell);
            let mut columns = paths.into_iter().chain(elsewhere);
            let found = columns.find_map(|c| {
                let (source, start) = of(c);
                let list = hits(source, true);
                (!list.is_empty()).then_some((list, start))
            });
            return match found {
                Some((list, start)) => pair(&named, list).into_iter().map(|h| (h, start)).collect(),
                None => self
                    .scopes
                    .last()
                    .and_then(|s| s.path.clone())
                    .map(|(path, _)| {
                        let (source, start) = of(cell);
                        (Hit { methods: named, path, range: 0..source.len(), declared: true }, start)
                    })
                    .into_iter()
                    .collect(),
            };
        }
        let candidates: Vec<NodeId> = match paths {
            Some(cell) => vec![cell],
            None => cells.iter().copied().take(3).collect(),
        };
        for cell in candidates {
            let (source, start) = of(cell);
            let list: Vec<Hit> = hits(source, paths.is_some())
                .into_iter()
                .filter(|h| h.declared && !h.methods.is_empty())
                .collect();
            if !list.is_empty() {
                return list.into_iter().map(|h| (h, start)).collect();
            }
        }
        Vec::new()
    }

    /// Adds an endpoint for each method, or finds the ones that are known; their places in the list.
    fn declare(&mut self, hit: &Hit, start: usize, summary: &str) -> Vec<usize> {
        let mut out = Vec::new();
        let path = self.with_base(&hit.path);
        for method in &hit.methods {
            let key = ((*method).to_owned(), comparable(&path));
            let index = *self.known.entry(key).or_insert(self.out.endpoints.len());
            if index == self.out.endpoints.len() {
                self.out.endpoints.push(Endpoint {
                    method: (*method).to_owned(),
                    path: path.clone(),
                    summary: summary.to_owned(),
                    request: None,
                    response: None,
                    span: Span::from(hit.range.clone()).shifted(start),
                });
            } else if let Some(known) = self.out.endpoints.get_mut(index).filter(|e| e.summary.is_empty()) {
                summary.clone_into(&mut known.summary);
            }
            if !out.contains(&index) {
                out.push(index);
            }
        }
        out
    }

    /// Puts the base path in front of a path that does not begin like it.
    fn with_base(&self, path: &str) -> String {
        let first = |p: &str| p.trim_start_matches('/').split('/').next().unwrap_or("").to_owned();
        match &self.base {
            Some(base) if path.starts_with('/') && first(base) != first(path) => format!("{base}{path}"),
            _ => path.to_owned(),
        }
    }
}

/// As many methods as paths belong together in order; else each method has each path.
fn pair(named: &[&'static str], list: Vec<Hit>) -> Vec<Hit> {
    let in_order = list.len() == named.len() && list.len() > 1;
    let mut out: Vec<Hit> = Vec::new();
    for (number, mut hit) in list.into_iter().enumerate() {
        if hit.methods.is_empty() || !in_order {
            hit.methods = if in_order { vec![named[number]] } else { named.to_vec() };
        }
        hit.methods.dedup();
        out.push(hit);
    }
    out
}

fn is_blank(text: &str) -> bool {
    matches!(text.trim(), "" | "—" | "-" | "–" | "n/a" | "N/A" | "none" | "None")
}

/// What follows a path on its line, without the signs between.
fn behind(source: &str, from: usize) -> String {
    let rest = source.get(from..).unwrap_or("");
    let bare = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '{' | '(' | '"' | '<'));
    let said = strip_inline(bare.trim_end_matches(['(', ' ', ',', ';', '—', '–', '→', '-', '`', '*', '\n']));
    said.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// `Base path:`, `All routes live under …`: the path behind it is the front of the others.
fn names_base(lead: &str) -> bool {
    let tail: String = lead.chars().rev().take(60).collect::<Vec<char>>().into_iter().rev().collect();
    let words = infer_words(&tail);
    let words = words.trim_end();
    [
        "base path",
        "base url",
        "base route",
        "base",
        "prefix",
        "path prefix",
        "live under",
        "mounted under",
        "mounted at",
        "served under",
    ]
    .iter()
    .any(|end| words.ends_with(end))
}

/// A label of a request or a response in front of a line, and where the value begins.
fn label(line: &str) -> Option<(Side, usize)> {
    let head = line.split_once(':').map_or("", |(head, _)| head);
    let lead = line.trim_start_matches([' ', '-', '*', '_', '`', '>']);
    if head.is_empty() || head.len() > 80 {
        let verb = lead.get(..8)?.to_lowercase();
        return verb.starts_with("returns ").then_some((Side::Response, line.len() - lead.len() + 8));
    }
    let words = infer_words(&strip_inline(head));
    if head.contains('/') || words.split(' ').count() > 6 || words.contains("error") {
        return None;
    }
    let side = words.split(' ').find_map(|word| match word {
        "request" | "requests" | "body" | "payload" | "input" | "query" | "params" | "parameters" => {
            Some(Side::Request)
        }
        "response" | "responses" | "returns" | "return" | "output" | "result" => Some(Side::Response),
        _ => None,
    })?;
    let after = &line[head.len() + 1..];
    let marks = after.len() - after.trim_start_matches(['*', '_']).len();
    Some((side, head.len() + 1 + marks))
}

/// Whether the sentence that names an endpoint only says that it stays as it is. The text says that there
/// are no changes, so whatever its first sentence names stays, too.
fn stays(source: &str, hit: &Hit) -> bool {
    let before = &source[..hit.range.start];
    let sentence = source[hit.range.end..].split(". ").next().unwrap_or("").to_lowercase();
    let words = ["same", "unchanged", "remain", "stay", "continue", "as is", "existing", "no change"];
    !before.contains(". ") && !before.contains(".** ") || words.iter().any(|w| sentence.contains(w))
}

/// Whether a text says that the API stays as it is.
fn says_no_api(text: &str) -> bool {
    let said = text.trim().to_lowercase();
    if super::support::says_none(&said) {
        return true;
    }
    let named = ["api", "endpoint", "route", "http", "contract", "change"];
    let first = said.split(['.', ';', '\n']).next().unwrap_or("");
    (first.starts_with("no ")
        || first.contains(" no new ")
        || first.contains(" no api")
        || first.contains("does not change"))
        && named.iter().any(|n| first.contains(n))
}
