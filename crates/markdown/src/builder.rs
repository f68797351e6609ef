use crate::front_matter::split_front_matter;
use crate::section::find_sections;
use crate::tree::{Document, Kind, Link, LinkForm, Node, NodeId};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use trueup_text::Span;

/// GitHub's dialect. Heading attributes are left out: `{…}` in a heading is text there.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
}

impl Document {
    /// Parses a file. Never fails; a byte-order mark and front matter are left out of the tree.
    pub fn parse(text: impl Into<Arc<str>>) -> Document {
        let text: Arc<str> = text.into();
        let (front_matter, body_start) = split_front_matter(&text);
        // The parser reads some tabs as text where CommonMark says white space. Spaces take the same bytes.
        let spaced = tabs_as_spaces(&text);
        let source: &str = spaced.as_deref().unwrap_or(&text);
        let body = &source[body_start..];
        let mut builder = Builder::new(source, body_start);
        let mut events = Parser::new_ext(body, options()).into_offset_iter();
        for (event, range) in events.by_ref() {
            builder.event(event, Span::from(range).shifted(body_start));
        }
        let definitions: FxHashMap<String, Span> = events
            .reference_definitions()
            .iter()
            .map(|(label, def)| (label.to_lowercase(), Span::from(def.span.clone()).shifted(body_start)))
            .collect();
        let Builder { nodes, mut links, labels, decoded, .. } = builder.finish();
        for (number, label) in labels {
            let definition = definitions.get(&label.to_lowercase());
            links[number as usize].target_span = definition.and_then(|span| definition_target(&text, *span));
        }
        let mut document = Document { text, nodes, links, decoded, sections: Vec::new(), front_matter };
        document.sections = find_sections(&document);
        document
    }
}

/// Trailing tabs, and tabs between the bars of a table row, as spaces; none where there are none.
fn tabs_as_spaces(text: &str) -> Option<String> {
    memchr::memchr(b'\t', text.as_bytes())?;
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let indent = bare.len() - bare.trim_start_matches([' ', '\t']).len();
        let start =
            if bare.contains('|') { indent } else { bare.trim_end_matches(['\t', ' ']).len().max(indent) };
        if bare[start..].contains('\t') {
            changed = true;
            out.push_str(&line[..start]);
            out.push_str(&line[start..].replace('\t', " "));
        } else {
            out.push_str(line);
        }
    }
    changed.then_some(out)
}

struct Builder<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    open: Vec<NodeId>,
    /// Where the last child of each open node ends.
    ends: Vec<u32>,
    links: Vec<Link>,
    labels: Vec<(u32, String)>,
    decoded: FxHashMap<u32, Box<str>>,
    /// Whether the innermost open node is a paragraph made for a tight list item.
    implicit: bool,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, body_start: usize) -> Builder<'t> {
        let root = Node { kind: Kind::Root, span: Span::new(0, text.len()), parent: NodeId(0), end: 1 };
        let capacity = (text.len() - body_start) / 16 + 4;
        let mut nodes = Vec::with_capacity(capacity.min(1 << 20));
        nodes.push(root);
        Builder {
            text,
            nodes,
            open: vec![NodeId(0)],
            ends: vec![0],
            links: Vec::new(),
            labels: Vec::new(),
            decoded: FxHashMap::default(),
            implicit: false,
        }
    }

    fn finish(mut self) -> Self {
        while !self.open.is_empty() {
            self.close();
        }
        self.part_siblings();
        self
    }

    /// The parser lets some blocks reach into the block behind them: a block ends where the next one begins, and holds what
    /// stands in it.
    fn part_siblings(&mut self) {
        // By parent; the root is nobody's child, so 0 says that there is none yet.
        let mut last_child: Vec<u32> = vec![0; self.nodes.len()];
        for at in 1..self.nodes.len() {
            let Node { parent, mut span, .. } = self.nodes[at];
            // What it stands in may begin later by now, or end earlier.
            let around = self.nodes[parent.0 as usize].span;
            span.start = span.start.clamp(around.start, around.end);
            span.end = span.end.clamp(span.start, around.end);
            self.nodes[at].span = span;
            let before = std::mem::replace(&mut last_child[parent.0 as usize], at as u32) as usize;
            let Node { span: earlier, end, .. } = self.nodes[before];
            if before == 0 || earlier.end <= span.start {
                continue;
            }
            let content = self.nodes[before + 1..end as usize].iter().map(|n| n.span.end).max();
            if content.is_none_or(|content| content <= span.start) {
                self.nodes[before].span.end = span.start.max(earlier.start);
            } else {
                self.nodes[at].span.start = earlier.end.min(span.end);
            }
        }
    }

    fn top(&self) -> NodeId {
        self.open.last().copied().unwrap_or(NodeId(0))
    }

    fn add(&mut self, kind: Kind, span: Span) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, span, parent: self.top(), end: id.0 + 1 });
        if let Some(end) = self.ends.last_mut() {
            *end = span.end.max(*end);
        }
        id
    }

    fn open(&mut self, kind: Kind, span: Span) -> NodeId {
        let id = self.add(kind, span);
        self.open.push(id);
        self.ends.push(span.start);
        id
    }

    fn close(&mut self) {
        self.ends.pop();
        if let Some(id) = self.open.pop() {
            self.nodes[id.0 as usize].end = self.nodes.len() as u32;
        }
    }

    /// Ends the paragraph of a tight list item: its span is that of its content.
    fn close_implicit(&mut self) {
        if !self.implicit {
            return;
        }
        self.implicit = false;
        let id = self.top();
        // The last node may stand inside a link or emphasis that ends behind it.
        let content = self.nodes[id.0 as usize + 1..].iter().map(|n| n.span).reduce(Span::cover);
        if let Some(content) = content {
            let node = &mut self.nodes[id.0 as usize];
            node.span = node.span.cover(content);
        }
        self.close();
    }

    fn event(&mut self, event: Event<'t>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => {
                let inline = matches!(
                    tag,
                    pulldown_cmark::TagEnd::Emphasis
                        | pulldown_cmark::TagEnd::Strong
                        | pulldown_cmark::TagEnd::Strikethrough
                        | pulldown_cmark::TagEnd::Link
                        | pulldown_cmark::TagEnd::Image
                );
                if !inline {
                    self.close_implicit();
                }
                if self.open.len() > 1 {
                    self.find_target();
                    self.close();
                }
            }
            Event::Text(text) => self.text_node(text, span),
            Event::Code(_) => self.inline(Kind::InlineCode, span),
            Event::InlineHtml(_) => self.inline(Kind::InlineHtml, span),
            Event::Html(_) => {
                // The block node already covers its lines.
                let top = self.top();
                if self.nodes[top.0 as usize].kind != Kind::Html {
                    self.add(Kind::Html, span);
                }
            }
            Event::SoftBreak | Event::HardBreak => self.inline(Kind::Break, span),
            Event::FootnoteReference(_) => self.inline(Kind::FootnoteReference, span),
            Event::Rule => {
                self.close_implicit();
                self.add(Kind::Rule, span);
            }
            Event::TaskListMarker(done) => {
                let item =
                    self.open.iter().rev().find(|id| matches!(self.nodes[id.0 as usize].kind, Kind::Item(_)));
                if let Some(item) = item.copied() {
                    self.nodes[item.0 as usize].kind = Kind::Item(Some(done));
                }
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => self.inline(Kind::Text, span),
        }
    }

    fn start(&mut self, tag: Tag<'t>, span: Span) {
        let kind = match tag {
            Tag::Emphasis => return self.open_inline(Kind::Emphasis, span),
            Tag::Strong => return self.open_inline(Kind::Strong, span),
            Tag::Strikethrough => return self.open_inline(Kind::Strike, span),
            Tag::Link { link_type, dest_url, id, .. } => {
                return self.open_link(link_type, &dest_url, &id, span, false);
            }
            Tag::Image { link_type, dest_url, id, .. } => {
                return self.open_link(link_type, &dest_url, &id, span, true);
            }
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => Kind::Heading(level as u8),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(code) => Kind::Code { fenced: matches!(code, CodeBlockKind::Fenced(_)) },
            Tag::HtmlBlock => Kind::Html,
            Tag::List(number) => Kind::List { ordered: number.is_some() },
            Tag::Item => Kind::Item(None),
            Tag::FootnoteDefinition(_) => Kind::Footnote,
            Tag::Table(_) => Kind::Table,
            Tag::TableHead => Kind::Row { header: true },
            Tag::TableRow => Kind::Row { header: false },
            Tag::TableCell => Kind::Cell,
            // Not enabled above; a paragraph keeps their text if they ever come.
            Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => Kind::Paragraph,
        };
        self.close_implicit();
        self.open(kind, span);
    }

    /// Inline content directly in a list item gets a paragraph of its own.
    fn ensure_leaf(&mut self, span: Span) {
        let parent = self.nodes[self.top().0 as usize].kind;
        if matches!(parent, Kind::Item(_) | Kind::Footnote | Kind::Quote | Kind::Root) {
            self.open(Kind::Paragraph, span);
            self.implicit = true;
        }
    }

    fn inline(&mut self, kind: Kind, span: Span) {
        self.ensure_leaf(span);
        self.add(kind, span);
    }

    fn open_inline(&mut self, kind: Kind, span: Span) {
        self.ensure_leaf(span);
        let implicit = self.implicit;
        self.open(kind, span);
        // Closing an inline node must not end the paragraph around it.
        self.implicit = implicit;
    }

    fn open_link(&mut self, form: LinkType, target: &str, label: &str, span: Span, image: bool) {
        let number = self.links.len() as u32;
        let kind = if image { Kind::Image(number) } else { Kind::Link(number) };
        self.open_inline(kind, span);
        let (form, target_span) = match form {
            LinkType::Inline => (LinkForm::Inline, None),
            LinkType::Autolink | LinkType::Email => {
                (LinkForm::Autolink, Some(Span::new(span.start as usize + 1, span.end as usize - 1)))
            }
            _ => {
                self.labels.push((number, label.to_owned()));
                (LinkForm::Reference, None)
            }
        };
        self.links.push(Link { node: self.top(), target: target.to_owned(), target_span, form, image });
    }

    /// A link that ends here: its target stands behind its last child.
    fn find_target(&mut self) {
        let node = self.nodes[self.top().0 as usize];
        let (Kind::Link(number) | Kind::Image(number)) = node.kind else { return };
        let behind = Span { start: self.ends.last().copied().unwrap_or(node.span.start), end: node.span.end };
        let link = &mut self.links[number as usize];
        if link.form == LinkForm::Inline {
            link.target_span = inline_target(self.text, behind);
        }
    }

    fn text_node(&mut self, text: CowStr<'t>, span: Span) {
        let inside_code = matches!(self.nodes[self.top().0 as usize].kind, Kind::Code { .. });
        if !inside_code {
            self.ensure_leaf(span);
        }
        let source = span.text(self.text);
        // Nearly all text is the source's own: then its bytes need not be compared.
        let literal = source.len() == text.len() && (source.as_ptr() == text.as_ptr() || source == &*text);
        let top = self.top();
        let last = self.nodes.len() - 1;
        let previous = self.nodes[last];
        let joins = literal
            && previous.kind == Kind::Text
            && previous.parent == top
            && previous.span.end == span.start
            && last as u32 != top.0
            && !self.decoded.contains_key(&(last as u32));
        if joins {
            self.nodes[last].span.end = span.end;
            if let Some(end) = self.ends.last_mut() {
                *end = span.end;
            }
            return;
        }
        let id = self.add(Kind::Text, span);
        if !literal {
            self.decoded.insert(id.0, text.into_string().into_boxed_str());
        }
    }
}

/// Where the target of `[text](target "title")` stands. `behind` is the part of the link behind its text.
fn inline_target(text: &str, behind: Span) -> Option<Span> {
    let source = behind.text(text);
    let start = source.find("](")? + 2;
    let inner = source[start..].strip_suffix(')')?;
    let lead = inner.len() - inner.trim_start_matches(is_space).len();
    let rest = &inner[lead..];
    let at = behind.start as usize + start + lead;
    if let Some(angled) = rest.strip_prefix('<') {
        let end = angled.find('>')?;
        return Some(Span::new(at + 1, at + 1 + end));
    }
    let end = rest.find(is_space).unwrap_or(rest.len());
    Some(Span::new(at, at + end))
}

/// White space around a target: that of CommonMark, which a no-break space is not.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// Where the target stands in `[label]: target "title"`.
fn definition_target(text: &str, definition: Span) -> Option<Span> {
    let source = definition.text(text);
    let colon = source.find("]:")? + 2;
    let rest = &source[colon..];
    let lead = rest.len() - rest.trim_start_matches(is_space).len();
    let at = definition.start as usize + colon + lead;
    let target = &rest[lead..];
    if let Some(angled) = target.strip_prefix('<') {
        return Some(Span::new(at + 1, at + 1 + angled.find('>')?));
    }
    let end = target.find(is_space).unwrap_or(target.len());
    Some(Span::new(at, at + end))
}
