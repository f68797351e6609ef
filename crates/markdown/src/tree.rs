use crate::section::{Section, SectionId};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;
use trueup_text::Span;

/// A node's place in [`Document`]'s arena.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The whole file; always the first node.
    Root,
    /// A paragraph. The text of a tight list item is wrapped in one, too.
    Paragraph,
    /// A heading with its level, 1 to 6.
    Heading(u8),
    /// A block quote or a GitHub alert.
    Quote,
    /// A list.
    List {
        /// Whether it is numbered.
        ordered: bool,
    },
    /// A list item; `Some` where it carries a check box.
    Item(Option<bool>),
    /// A code block.
    Code {
        /// Fenced, not indented.
        fenced: bool,
    },
    /// A block of raw HTML, comments included.
    Html,
    /// A table; its first row is the header.
    Table,
    /// A row of a table.
    Row {
        /// The header row.
        header: bool,
    },
    /// A cell of a row.
    Cell,
    /// `---` between blocks.
    Rule,
    /// A footnote's definition.
    Footnote,
    /// Literal text.
    Text,
    /// Inline code.
    InlineCode,
    /// Emphasis (`*x*`).
    Emphasis,
    /// Strong emphasis (`**x**`).
    Strong,
    /// Struck-through text.
    Strike,
    /// A link; its number leads to [`Document::link`].
    Link(u32),
    /// An image; its number leads to [`Document::link`].
    Image(u32),
    /// Raw inline HTML, comments included.
    InlineHtml,
    /// A line break inside a paragraph.
    Break,
    /// A reference to a footnote.
    FootnoteReference,
}

impl Kind {
    /// Whether nodes of this kind stand inside a line of text.
    pub fn is_inline(self) -> bool {
        matches!(
            self,
            Kind::Text
                | Kind::InlineCode
                | Kind::Emphasis
                | Kind::Strong
                | Kind::Strike
                | Kind::Link(_)
                | Kind::Image(_)
                | Kind::InlineHtml
                | Kind::Break
                | Kind::FootnoteReference
        )
    }

    /// Whether nodes of this kind hold a line of text directly.
    pub fn is_leaf_block(self) -> bool {
        matches!(self, Kind::Paragraph | Kind::Heading(_) | Kind::Cell)
    }
}

/// One node of the tree.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The bytes it came from.
    pub span: Span,
    /// Its parent; the root is its own.
    pub parent: NodeId,
    /// One past the last node of its subtree.
    pub end: u32,
}

/// How a link was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkForm {
    /// `[text](target)`
    Inline,
    /// `[text][label]`, `[label][]` or `[label]`
    Reference,
    /// `<https://…>`
    Autolink,
}

/// Where a link or an image leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The node.
    pub node: NodeId,
    /// The target with escapes and entities resolved.
    pub target: String,
    /// Where the target stands in the file, if it could be found there.
    pub target_span: Option<Span>,
    /// How it was written.
    pub form: LinkForm,
    /// An image, not a link.
    pub image: bool,
}

/// A parsed file: its text and the tree over it.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) text: Arc<str>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) links: Vec<Link>,
    /// Text nodes whose meaning differs from their bytes (entities, escapes).
    pub(crate) decoded: FxHashMap<u32, Box<str>>,
    pub(crate) sections: Vec<Section>,
    pub(crate) front_matter: Option<Span>,
}

impl Document {
    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of the file, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The whole file's node.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> Node {
        self.nodes[id.0 as usize]
    }

    /// What a node is.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// The bytes of a node.
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The source text of a node.
    pub fn source(&self, id: NodeId) -> &str {
        self.span(id).text(&self.text)
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never: the root is always there.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The parent of a node; none for the root.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        (id.0 != 0).then(|| self.node(id).parent)
    }

    /// The nodes directly below one.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.node(id).end;
        let mut next = id.0 + 1;
        std::iter::from_fn(move || {
            let current = (next < end).then_some(NodeId(next))?;
            next = self.node(current).end;
            Some(current)
        })
    }

    /// All nodes below one, in document order.
    pub fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        (id.0 + 1..self.node(id).end).map(NodeId)
    }

    /// All nodes above one, nearest first, the root included.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), move |node| self.parent(*node))
    }

    /// The bytes of a node's children, without its own marks: a heading without `##`, a cell without bars.
    pub fn content_span(&self, id: NodeId) -> Span {
        let mut children = self.children(id);
        match children.next() {
            None => Span::at(self.span(id).start as usize),
            Some(first) => {
                let last = children.last().unwrap_or(first);
                self.span(first).cover(self.span(last))
            }
        }
    }

    /// What a node says, without markup. Line breaks become spaces, HTML stays as written, comments go.
    pub fn plain(&self, id: NodeId) -> Cow<'_, str> {
        let node = self.node(id);
        if node.end == id.0 + 1 {
            return self.own_text(id);
        }
        if node.end == id.0 + 2 {
            return self.own_text(NodeId(id.0 + 1));
        }
        let mut out = String::with_capacity(node.span.len());
        for child in self.descendants(id) {
            out.push_str(&self.own_text(child));
        }
        Cow::Owned(out)
    }

    /// The text of a text, code, break or HTML node itself; empty for any other.
    pub fn own_text(&self, id: NodeId) -> Cow<'_, str> {
        match self.kind(id) {
            Kind::Text => match self.decoded.get(&id.0) {
                Some(text) => Cow::Borrowed(text),
                None => Cow::Borrowed(self.source(id)),
            },
            Kind::InlineCode => {
                let source = self.source(id);
                let inner = source.trim_matches('`');
                let inner = match inner.strip_prefix(' ').and_then(|i| i.strip_suffix(' ')) {
                    Some(padded) if !padded.trim().is_empty() => padded,
                    _ => inner,
                };
                // Asked in this order: looking up costs as much as the nesting is deep.
                if inner.contains("\\|") && self.parent(id).is_some_and(|p| self.in_table(p)) {
                    return Cow::Owned(inner.replace("\\|", "|"));
                }
                Cow::Borrowed(inner)
            }
            Kind::Break => Cow::Borrowed(" "),
            Kind::InlineHtml => {
                let source = self.source(id);
                Cow::Borrowed(if source.starts_with("<!--") { "" } else { source })
            }
            Kind::Html => Cow::Borrowed(self.source(id)),
            _ => Cow::Borrowed(""),
        }
    }

    fn in_table(&self, id: NodeId) -> bool {
        self.kind(id) == Kind::Cell || self.ancestors(id).any(|a| self.kind(a) == Kind::Cell)
    }

    /// Whether a text node's meaning differs from its bytes.
    pub fn is_decoded(&self, id: NodeId) -> bool {
        self.decoded.contains_key(&id.0)
    }

    /// The text inside a code block, fences left out. Lines keep the indent of the block they stand in.
    pub fn code_text(&self, id: NodeId) -> Cow<'_, str> {
        let mut out = String::new();
        for child in self.children(id) {
            out.push_str(&self.own_text(child));
        }
        Cow::Owned(out)
    }

    /// The bytes between the fences of a code block.
    pub fn code_span(&self, id: NodeId) -> Span {
        self.content_span(id)
    }

    /// The word after an opening fence (`rust` in ```` ```rust ````), or `""`.
    pub fn code_language(&self, id: NodeId) -> &str {
        let first = self.source(id).lines().next().unwrap_or("").trim_start();
        let info = first.trim_start_matches(['`', '~']);
        if info.len() == first.len() {
            return "";
        }
        info.split_whitespace().next().unwrap_or("").trim_end_matches(',')
    }

    /// A link's target.
    pub fn link(&self, number: u32) -> &Link {
        &self.links[number as usize]
    }

    /// All links and images in document order.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The sections: every heading that stands at the top level of the file.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// A section.
    pub fn section(&self, id: SectionId) -> &Section {
        &self.sections[id.0 as usize]
    }

    /// The bytes of the YAML front matter between its `---` lines.
    pub fn front_matter(&self) -> Option<Span> {
        self.front_matter
    }

    /// The top-level blocks, headings included.
    pub fn blocks(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.children(self.root())
    }

    /// The innermost block at a byte offset.
    pub fn block_at(&self, offset: u32) -> NodeId {
        let mut current = self.root();
        loop {
            let inner = self
                .children(current)
                .find(|child| !self.kind(*child).is_inline() && self.span(*child).contains_offset(offset));
            match inner {
                Some(child) => current = child,
                None => return current,
            }
        }
    }
}
