//! The graph as a picture: SVG that a browser shows as it is, without scripts, in light and dark.

use super::layout::{Point, Size, layout};
use super::wrap::{cut, text_width, wrap};
use super::{
    class, colours, dark_colours, key, kind_name, kinds, link, one_line, present, sentence, short_name,
    summary, verb,
};
use crate::markup::escaped;
use std::fmt::Write as _;
use trueup_engine::{GraphEdge, GraphNode, NodeKind, SpecGraph};

/// How to draw.
#[derive(Clone, Copy, Debug, Default)]
pub struct GraphSvgOptions<'a> {
    /// Keys of the nodes that were asked for; they are set off.
    pub focus: &'a [String],
    /// The folder from the root that links are relative to.
    pub folder: &'a str,
}

/// The width of a page that a screen shows whole; a larger part of the graph makes a wider page.
const PAGE: f64 = 1500.0;
const MARGIN: f64 = 24.0;
const BOX_WIDTH: f64 = 218.0;
/// Room inside a box; on the left stands the colour of the state.
const PAD: (f64, f64) = (14.0, 9.0);
const TITLE_LINES: usize = 3;
/// Sizes of the heading, of names and titles, and of small print.
const HEADING: f64 = 18.0;
const FONT: f64 = 12.5;
const SMALL: f64 = 11.0;
const LINE: f64 = 16.0;

/// Colours of lines by class for light and for dark pages, and how they are broken.
const LINES: [(&str, &str, &str, &str); 6] = [
    ("depends-on", "#3d4752", "#b4bec9", "stroke-width:1.6"),
    ("extends", "#0a7ea4", "#4cc2e6", "stroke-width:1.6;stroke-dasharray:9 4"),
    ("supersedes", "#b0464d", "#e5898f", "stroke-width:2.4"),
    ("affects", "#b35900", "#f0a35e", "stroke-width:1.6;stroke-dasharray:2 4;stroke-linecap:round"),
    ("related", "#9aa4b0", "#6e7681", "stroke-width:1.1"),
    ("cycle", "#d1006b", "#ff6fb5", "stroke-width:2.6"),
];

/// The graph as an SVG document.
pub fn graph_svg(graph: &SpecGraph, options: &GraphSvgOptions<'_>) -> String {
    let cards: Vec<Card> = graph.nodes.iter().map(Card::new).collect();
    let sizes: Vec<Size> = cards.iter().map(|card| (BOX_WIDTH, card.height)).collect();
    let edges: Vec<(usize, usize)> = graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let drawn = layout(&sizes, &edges, PAGE - 2.0 * MARGIN);
    let width = drawn.size.0.max(PAGE * 0.5) + 2.0 * MARGIN;
    let (head, top) = head(graph, width);
    let height = top + drawn.size.1 + MARGIN;
    let mut out = String::with_capacity(graph.nodes.len() * 700 + graph.edges.len() * 400 + 6000);
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" \
         aria-labelledby=\"heading\">\n<title id=\"heading\">Specs and how they are related</title>",
        number(width),
        number(height)
    );
    style(&mut out, graph);
    let _ = writeln!(out, "<rect class=\"page\" width=\"100%\" height=\"100%\"/>");
    out.push_str(&head);
    let _ = writeln!(out, "<g transform=\"translate({} {})\">", number(MARGIN), number(top));
    for at in drawing_order(graph) {
        line(&mut out, graph, &graph.edges[at], &drawn.lines[at]);
    }
    for ((node, card), corner) in graph.nodes.iter().zip(&cards).zip(&drawn.boxes) {
        card.draw(&mut out, node, *corner, options);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Strong lines are drawn over weak ones, cycles over all.
fn drawing_order(graph: &SpecGraph) -> Vec<usize> {
    let mut order: Vec<usize> = (0..graph.edges.len()).collect();
    let rank = |edge: &GraphEdge| (edge.in_cycle, std::cmp::Reverse(edge.relation));
    order.sort_by_key(|at| rank(&graph.edges[*at]));
    order
}

/// What stands in a box.
struct Card {
    name: String,
    title: Vec<String>,
    height: f64,
}

impl Card {
    fn new(node: &GraphNode) -> Card {
        let room = BOX_WIDTH - 2.0 * PAD.0;
        let name = one_line(short_name(node));
        let state = text_width(kind_name(node.kind), SMALL) + 8.0;
        // A long name with nothing else to say is wrapped like a title.
        let (name, title) = match node.title.is_empty() && text_width(&name, FONT) + state > room {
            true => (String::new(), name),
            false => (name, one_line(&node.title)),
        };
        let title = wrap(&title, FONT, room, TITLE_LINES);
        let height = 2.0 * PAD.1 + LINE * (1 + title.len()) as f64;
        Card { name: cut(&name, FONT * 1.06, room - state), title, height }
    }

    fn draw(&self, out: &mut String, node: &GraphNode, corner: Point, options: &GraphSvgOptions<'_>) {
        let focus = if options.focus.contains(&node.key) { " focus" } else { "" };
        let place = format!("translate({} {})", number(corner.x), number(corner.y));
        let _ = write!(out, "<g class=\"node {}{focus}\" transform=\"{place}\">", class(node.kind));
        let href = node.path.as_ref().map(|path| escaped(&link(options.folder, path)));
        if let Some(href) = &href {
            let _ = write!(out, "<a href=\"{href}\">");
        }
        let _ = write!(out, "<title>{}</title>", escaped(&tooltip(node)));
        let (width, height) = (number(BOX_WIDTH), number(self.height));
        let _ = write!(out, "<rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>");
        if node.kind != NodeKind::NotFound {
            let _ = write!(
                out,
                "<path class=\"bar\" d=\"M6 0H5V{height}H6A6 6 0 0 1 0 {0}V6A6 6 0 0 1 6 0z\"/>",
                number(self.height - 6.0)
            );
        }
        let mut y = PAD.1 + LINE * 0.75;
        let (left, right) = (number(PAD.0), number(BOX_WIDTH - PAD.0 * 0.75));
        let _ =
            write!(out, "<text class=\"id\" x=\"{left}\" y=\"{}\">{}</text>", number(y), escaped(&self.name));
        let _ = write!(
            out,
            "<text class=\"state\" x=\"{right}\" y=\"{}\">{}</text>",
            number(y),
            kind_name(node.kind)
        );
        for text in &self.title {
            y += LINE;
            let _ = write!(out, "<text x=\"{left}\" y=\"{}\">{}</text>", number(y), escaped(text));
        }
        out.push_str(if href.is_some() { "</a></g>\n" } else { "</g>\n" });
    }
}

fn tooltip(node: &GraphNode) -> String {
    let mut out = one_line(&node.name);
    if !node.title.is_empty() {
        let _ = write!(out, "\n{}", one_line(&node.title));
    }
    let _ = write!(out, "\n{}", kind_name(node.kind));
    if let Some(path) = &node.path {
        let _ = write!(out, "\n{}", one_line(path));
    }
    out
}

fn line(out: &mut String, graph: &SpecGraph, edge: &GraphEdge, points: &[Point]) {
    let cycle = if edge.in_cycle { " cycle" } else { "" };
    let class = key(edge.relation);
    let head = if edge.in_cycle { "cycle" } else { class };
    let ambiguous = if edge.ambiguous { " ambiguous" } else { "" };
    let path = curve(points);
    let _ = writeln!(
        out,
        "<g class=\"edge {class}{cycle}{ambiguous}\"><title>{}</title><path class=\"near\" d=\"{path}\"/>\
         <path d=\"{path}\" marker-end=\"url(#arrow-{head})\"/></g>",
        escaped(&one_line(&sentence(graph, edge)))
    );
}

/// A curve through the points of an edge: horizontal wherever it meets one.
fn curve(points: &[Point]) -> String {
    let mut out = String::new();
    let Some(first) = points.first() else { return out };
    let _ = write!(out, "M{} {}", number(first.x), number(first.y));
    for (at, pair) in points.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        if at % 2 == 1 || (from.y - to.y).abs() < 0.05 {
            let _ = write!(out, "L{} {}", number(to.x), number(to.y));
        } else {
            let bow = (to.x - from.x) * 0.55;
            let [a, b] = [from.x + bow, to.x - bow].map(number);
            let _ = write!(out, "C{a} {} {b} {2} {} {2}", number(from.y), number(to.x), number(to.y));
        }
    }
    out
}

/// Heading and legend, and how much room they take.
fn head(graph: &SpecGraph, width: f64) -> (String, f64) {
    let mut out = String::new();
    let mut y = MARGIN + HEADING * 0.8;
    let left = number(MARGIN);
    let _ = writeln!(
        out,
        "<text class=\"heading\" x=\"{left}\" y=\"{}\">Specs and how they are related</text>",
        number(y)
    );
    y += 22.0;
    let _ = writeln!(
        out,
        "<text class=\"small\" x=\"{left}\" y=\"{}\">{}</text>",
        number(y),
        summary(graph).join(" · ")
    );
    let (kinds, relations) = present(graph);
    let mut row = LegendRow { x: MARGIN, y: y + 24.0, width };
    for kind in kinds {
        let at = row.room_for(18.0, kind_name(kind));
        let class = class(kind);
        let _ = writeln!(
            out,
            "<g class=\"node {class}\"><rect class=\"box\" x=\"{}\" y=\"{}\" width=\"14\" height=\"14\" rx=\"3\"/></g>{}",
            number(at.x),
            number(at.y - 11.0),
            small(at.x + 20.0, at.y, kind_name(kind))
        );
    }
    row.next();
    let lines = relations.iter().map(|relation| (key(*relation), verb(*relation)));
    let cycle = graph.edges.iter().any(|edge| edge.in_cycle).then_some(("cycle", "part of a cycle"));
    for (class, words) in lines.chain(cycle) {
        let at = row.room_for(44.0, words);
        let (x, y) = (number(at.x), number(at.y - 4.0));
        let _ = writeln!(
            out,
            "<g class=\"edge {class}\"><path d=\"M{x} {y}h36\" marker-end=\"url(#arrow-{class})\"/></g>{}",
            small(at.x + 44.0, at.y, words)
        );
    }
    if graph.edges.iter().any(|edge| edge.ambiguous) {
        let words = "pale: the ID belongs to several specs";
        let at = row.room_for(0.0, words);
        let _ = writeln!(out, "{}", small(at.x, at.y, words));
    }
    (out, row.y + 28.0)
}

fn small(x: f64, y: f64, text: &str) -> String {
    format!("<text class=\"small\" x=\"{}\" y=\"{}\">{}</text>", number(x), number(y), escaped(text))
}

/// Entries of a legend one after the other, in rows.
struct LegendRow {
    x: f64,
    y: f64,
    width: f64,
}

impl LegendRow {
    fn room_for(&mut self, sign: f64, text: &str) -> Point {
        let needed = sign + text_width(text, SMALL) + 24.0;
        if self.x > MARGIN && self.x + needed > self.width - MARGIN {
            self.next();
        }
        let at = Point { x: self.x, y: self.y };
        self.x += needed;
        at
    }

    fn next(&mut self) {
        self.x = MARGIN;
        self.y += 22.0;
    }
}

/// The style sheet, and the arrow heads of the lines that are drawn.
fn style(out: &mut String, graph: &SpecGraph) {
    out.push_str("<style>\n");
    let [light, dark] = [0, 1].map(|theme| {
        let mut css = String::from(
            ["--page:#fff;--ink:#1f2328;--soft:#59636e;", "--page:#0d1117;--ink:#e6edf3;--soft:#9198a1;"]
                [theme],
        );
        for kind in kinds() {
            let (area, line) = if theme == 0 { colours(kind) } else { dark_colours(kind) };
            let _ = write!(css, "--{0}-line:{line};--{0}-area:{area};", class(kind));
        }
        for (name, light, dark, _) in LINES {
            let _ = write!(css, "--{name}:{};", if theme == 0 { light } else { dark });
        }
        css
    });
    let _ = writeln!(
        out,
        ":root{{color-scheme:light dark;{light}}}\n@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    );
    let _ = writeln!(
        out,
        "text{{font:{FONT}px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;fill:var(--ink)}}\n\
         .page{{fill:var(--page)}}\n.heading{{font-size:{HEADING}px;font-weight:600}}\n\
         .small,.state{{font-size:{SMALL}px;fill:var(--soft)}}\n.state{{text-anchor:end}}\n.id{{font-weight:600}}\n\
         .box{{stroke-width:1.2}}\na:hover .box,.focus .box{{stroke-width:2.6}}\na:hover .id{{text-decoration:underline}}\n\
         .missing .box{{stroke-dasharray:6 4}}\n\
         .edge path{{fill:none}}\n.edge .near{{stroke:transparent!important;stroke-width:12!important}}\n\
         .edge:hover path{{stroke-width:3.4}}\n.ambiguous{{opacity:.5}}"
    );
    for name in kinds().map(class) {
        let _ = writeln!(
            out,
            ".{name} .box{{stroke:var(--{name}-line);fill:var(--{name}-area)}}.{name} .bar{{fill:var(--{name}-line)}}"
        );
    }
    for (name, _, _, form) in LINES {
        let _ = writeln!(
            out,
            ".edge.{name} path{{stroke:var(--{name});{form}}}#arrow-{name} path{{fill:var(--{name})}}"
        );
    }
    out.push_str("</style>\n<defs>\n");
    for (name, ..) in LINES {
        if graph.edges.iter().any(|edge| key(edge.relation) == name || edge.in_cycle && name == "cycle") {
            let _ = writeln!(
                out,
                "<marker id=\"arrow-{name}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
                 markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0.8L10 5L0 9.2z\"/></marker>"
            );
        }
    }
    out.push_str("</defs>\n");
}

/// A length with at most one decimal.
fn number(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if tenths % 10.0 == 0.0 { format!("{}", tenths / 10.0) } else { format!("{:.1}", tenths / 10.0) }
}
