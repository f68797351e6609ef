//! From the facts of all specs to the graph.

use super::{GraphEdge, GraphNode, NodeKind, Place, SpecGraph};
use crate::read::ReadFile;
use crate::workspace::{FileRole, Workspace};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use trueup_model::{Relation, Spec, SpecId, State, StateSource, Target, base_name, find_dates, ids_in};
use trueup_text::LineIndex;

/// A spec with what it names.
struct Read {
    node: GraphNode,
    /// Keys of its IDs: its file's, or its title's where the file has none or holds several specs.
    ids: Vec<String>,
    named: Vec<(Relation, Target, Place)>,
}

impl Workspace {
    /// The graph of all specs by some relations. [`Relation::SupersededBy`] counts as
    /// [`Relation::Supersedes`]; a mere mention ([`Relation::Related`]) of what is related otherwise, too, is
    /// left out.
    pub fn graph(&self, relations: &[Relation]) -> SpecGraph {
        let mut specs: Vec<Read> = self.map_specs(read_file).into_iter().flatten().collect();
        specs.sort_by(|a, b| a.node.key.cmp(&b.node.key));
        let named: Vec<Vec<(Relation, Target, Place)>> =
            specs.iter_mut().map(|spec| std::mem::take(&mut spec.named)).collect();
        let mut builder = Builder::new(self, specs);
        for (from, named) in named.into_iter().enumerate() {
            builder.clear = builder.linked(from, &named);
            for (relation, target, place) in named {
                if relations.contains(&forward(relation)) {
                    builder.add(from, relation, &target, place);
                }
            }
        }
        builder.finish()
    }
}

/// The relation that an edge is drawn for.
fn forward(relation: Relation) -> Relation {
    if relation == Relation::SupersededBy { Relation::Supersedes } else { relation }
}

fn read_file(file: &ReadFile) -> Vec<Read> {
    let lines = LineIndex::new(file.document.text());
    file.specs.iter().enumerate().map(|(index, spec)| read_spec(file, spec, index, &lines)).collect()
}

fn read_spec(file: &ReadFile, spec: &Spec, index: usize, lines: &LineIndex) -> Read {
    let stem = base_name(&file.path).trim_end_matches(".md");
    let section = spec.title.map(|id| file.document.section(id));
    let name = spec.name().unwrap_or(stem);
    // Some templates put the title into the front matter.
    let in_header = || spec.field("title").map_or("", |field| &field.field.value);
    let title = section.map_or_else(in_header, |section| &section.title);
    let at = |start: u32| Place { path: file.path.to_string(), line: Some(lines.line(start)) };
    let facts = &spec.facts;
    let mut named: Vec<(Relation, Target, Place)> = facts
        .relations()
        .into_iter()
        .map(|(relation, target, span)| (relation, target, at(span.start)))
        .collect();
    let beside = file.sidecar.as_ref().map(|sidecar| sidecar.path.as_str()).unwrap_or(&file.path);
    for reference in &facts.references {
        let place = match reference.in_sidecar {
            true => Place { path: beside.to_owned(), line: None },
            false => at(reference.span.start),
        };
        if reference.in_sidecar || reference.relation == Relation::Related {
            named.push((reference.relation, reference.target.clone(), place));
        }
    }
    let node = GraphNode {
        // A file may hold several specs.
        key: if index == 0 { file.path.to_string() } else { format!("{}#{}", file.path, index + 1) },
        name: name.to_owned(),
        title: title_without_id(title, name, stem),
        path: Some(file.path.to_string()),
        line: Some(lines.line(section.map_or(spec.region.start, |section| section.title_span.start))),
        kind: NodeKind::Spec(known_state(spec)),
    };
    let of_file = spec.file_id.as_ref().filter(|_| file.specs.len() == 1);
    let of_title = spec.title_ids.iter().map(|(_, id)| id).filter(|_| of_file.is_none());
    let ids = of_file.into_iter().chain(of_title).map(|id| id.key.clone()).collect();
    Read { node, ids, named }
}

/// The state, where something says it.
fn known_state(spec: &Spec) -> Option<State> {
    let said = spec.state.source != StateSource::Assumed && !spec.state.unknown;
    said.then_some(spec.state.state)
}

/// `SPEC-012: Returns` and `SPEC-012 — Returns` without what the name says anyhow; a title that says no more is
/// taken from the file's name.
fn title_without_id(title: &str, name: &str, stem: &str) -> String {
    let start = ids_in(title).into_iter().next().filter(|(range, _)| range.start == 0);
    let end = start.map_or(0, |(range, _)| range.end);
    let rest = title[end..].strip_prefix(name).unwrap_or(&title[end..]);
    let bare =
        rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '.'));
    if !bare.is_empty() {
        return bare.to_owned();
    }
    let words = stem.strip_prefix(name).unwrap_or_default().trim_start_matches(['-', '_', ' ']);
    let date = find_dates(words).first().filter(|date| date.start == 0).map_or(0, |date| date.end);
    words[date..].trim_start_matches(['-', '_', ' ']).replace(['-', '_'], " ")
}

struct Builder<'w> {
    workspace: &'w Workspace,
    nodes: Vec<GraphNode>,
    /// Specs by their path and by the keys of their IDs.
    by_path: FxHashMap<String, usize>,
    /// The prefix of every spec's ID; empty where it has none.
    prefixes: Vec<String>,
    by_id: FxHashMap<String, Vec<usize>>,
    /// Specs by the name of their file, or of the folder of their README.
    by_name: FxHashMap<String, Vec<usize>>,
    /// What is not there, by key: not in the order of its first mention.
    others: BTreeMap<String, GraphNode>,
    edges: BTreeMap<(End, End, Relation), GraphEdge>,
    /// The specs that the one at hand names by their path. They tell which of several an ID means.
    clear: FxHashSet<usize>,
}

/// An end of an edge before all nodes are known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Spec(usize),
    Other(String),
}

impl<'w> Builder<'w> {
    fn new(workspace: &'w Workspace, specs: Vec<Read>) -> Builder<'w> {
        let mut by_path = FxHashMap::default();
        let mut prefixes = Vec::with_capacity(specs.len());
        let mut by_id: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut nodes = Vec::with_capacity(specs.len());
        for (index, mut spec) in specs.into_iter().enumerate() {
            spec.ids.dedup();
            let prefix =
                spec.ids.first().and_then(|key| key.rsplit_once('#')).map_or("", |(prefix, _)| prefix);
            prefixes.push(prefix.to_owned());
            spec.ids.into_iter().for_each(|id| by_id.entry(id).or_default().push(index));
            let path = spec.node.path.clone().unwrap_or_default();
            by_name.entry(spec_file(&path).to_owned()).or_default().push(index);
            by_path.entry(path).or_insert(index);
            nodes.push(spec.node);
        }
        Builder {
            workspace,
            nodes,
            prefixes,
            by_path,
            by_id,
            by_name,
            others: BTreeMap::new(),
            edges: BTreeMap::new(),
            clear: FxHashSet::default(),
        }
    }

    /// The specs that a spec names by path.
    fn linked(&self, from: usize, named: &[(Relation, Target, Place)]) -> FxHashSet<usize> {
        let of = |target: &Target| match target {
            Target::File(path) => self.of_file(from, target, path),
            _ => Vec::new(),
        };
        named.iter().flat_map(|(_, target, _)| of(target)).collect()
    }

    fn add(&mut self, from: usize, relation: Relation, target: &Target, place: Place) {
        let ends = self.ends(from, target);
        let ambiguous = ends.len() > 1;
        for end in ends {
            let (mut from, mut to) = (End::Spec(from), end);
            if from == to {
                continue;
            }
            if relation == Relation::SupersededBy {
                std::mem::swap(&mut from, &mut to);
            }
            let relation = forward(relation);
            let new = GraphEdge { from: 0, to: 0, relation, ambiguous, in_cycle: false, stated: Vec::new() };
            let edge = self.edges.entry((from, to, relation)).or_insert(new);
            // One clear word is enough.
            edge.ambiguous &= ambiguous;
            edge.stated.push(place.clone());
        }
    }

    /// What a target leads to: several specs where an ID is taken twice, nothing where no spec is meant.
    fn ends(&mut self, from: usize, target: &Target) -> Vec<End> {
        let specs = match target {
            // By title, too: an ID need not stand in the file's name, and a file may hold several specs.
            Target::Spec(id) => self.of_id(from, id),
            Target::File(path) => self.of_file(from, target, path),
            Target::Issue(_) | Target::Url(_) => return Vec::new(),
        };
        if !specs.is_empty() {
            let linked: Vec<usize> = specs.iter().copied().filter(|spec| self.clear.contains(spec)).collect();
            let specs = if linked.is_empty() { specs } else { linked };
            // Who names its own ID does not mean another spec that has it, too.
            let own = specs.contains(&from);
            return if own { Vec::new() } else { specs.into_iter().map(End::Spec).collect() };
        }
        let missing = match target {
            Target::Spec(id) => missing(&id.text, &id.text),
            // Guides and other documents are no part of the graph, be they there or not.
            Target::File(path) if named_like_spec(path).is_some() && !self.is_document(from, target) => {
                missing(path, spec_file(path))
            }
            _ => return Vec::new(),
        };
        let key = missing.key.clone();
        self.others.entry(key.clone()).or_insert(missing);
        vec![End::Other(key)]
    }

    /// The specs of an ID. Where all specs carry bare numbers or all one prefix, people leave it out or add it:
    /// `1559` in `eip-7708.md` is `EIP-1559`, and `KEP-24` is the number 24 below `keps/`.
    fn of_id(&self, from: usize, id: &SpecId) -> Vec<usize> {
        if let Some(specs) = self.by_id.get(&id.key) {
            return specs.clone();
        }
        let Some(number) = id.key.rsplit_once('#').map(|(_, number)| number) else { return Vec::new() };
        if id.prefix.is_empty() {
            let key = format!("{}#{number}", self.prefixes[from]);
            return self.by_id.get(&key).cloned().unwrap_or_default();
        }
        let bare = self.by_id.get(&format!("#{number}")).cloned().unwrap_or_default();
        bare.into_iter().filter(|spec| self.lies_below(*spec, &id.prefix)).collect()
    }

    /// Whether a spec lies in a folder that is named like the prefix of an ID, or like several of them.
    fn lies_below(&self, spec: usize, prefix: &str) -> bool {
        let prefix = prefix.to_lowercase();
        let path = self.nodes[spec].path.as_deref().unwrap_or_default().to_lowercase();
        path.split('/').any(|part| part.strip_suffix('s').unwrap_or(part) == prefix || part == prefix)
    }

    /// The specs of a file, or of the one file that has its name or its ID elsewhere: specs are moved when they
    /// are built, and links to them stay behind.
    fn of_file(&self, from: usize, target: &Target, path: &str) -> Vec<usize> {
        let source = self.nodes[from].path.as_deref().unwrap_or_default();
        let there = self.workspace.corpus.resolve(source, target);
        let there: Vec<usize> =
            there.iter().filter_map(|head| self.by_path.get(head.path.as_ref()).copied()).collect();
        if !there.is_empty() || self.is_document(from, target) {
            return there;
        }
        let named = self.by_name.get(spec_file(path)).map(Vec::as_slice).unwrap_or_default();
        if let [only] = named {
            return vec![*only];
        }
        let by_id = named_like_spec(path).and_then(|id| self.by_id.get(&id.key));
        by_id.filter(|specs| specs.len() == 1).cloned().unwrap_or_default()
    }

    /// Whether a target is there and no spec. A stub that says where a spec went does not count.
    fn is_document(&self, from: usize, target: &Target) -> bool {
        let source = self.nodes[from].path.as_deref().unwrap_or_default();
        let found = self.workspace.corpus.resolve(source, target);
        found.iter().any(|head| !matches!(self.workspace.role(&head.path), FileRole::Spec(_)))
    }

    fn finish(self) -> SpecGraph {
        let mut nodes = self.nodes;
        let mut at: FxHashMap<String, usize> = FxHashMap::default();
        for (key, node) in self.others {
            at.insert(key, nodes.len());
            nodes.push(node);
        }
        let index = |end: &End| match end {
            End::Spec(index) => *index,
            End::Other(key) => at[key],
        };
        let mut edges: Vec<GraphEdge> = Vec::with_capacity(self.edges.len());
        for ((from, to, _), mut edge) in self.edges {
            edge.stated.sort();
            edge.stated.dedup();
            edges.push(GraphEdge { from: index(&from), to: index(&to), ..edge });
        }
        edges.sort_by_key(|edge| (edge.from, edge.to, edge.relation));
        drop_mentions(&mut edges);
        let mut graph = SpecGraph { nodes, edges, unconnected: 0 };
        graph.mark_cycles();
        graph
    }
}

/// Drops mere mentions between nodes that are related otherwise, in either direction.
fn drop_mentions(edges: &mut Vec<GraphEdge>) {
    let pair = |edge: &GraphEdge| (edge.from.min(edge.to), edge.from.max(edge.to));
    let related: FxHashSet<(usize, usize)> =
        edges.iter().filter(|e| e.relation != Relation::Related).map(pair).collect();
    edges.retain(|e| e.relation != Relation::Related || !related.contains(&pair(e)));
}

/// The part of a path that names a spec: its file, or the folder of a README.
fn spec_file(path: &str) -> &str {
    let bare = path.split(['#', '?']).next().unwrap_or(path);
    let name = base_name(bare);
    let is_readme = name.eq_ignore_ascii_case("readme.md");
    if is_readme { base_name(trueup_model::folder_of(bare)) } else { name }
}

fn named_like_spec(path: &str) -> Option<SpecId> {
    SpecId::of_file_name(spec_file(path))
}

fn missing(key: &str, name: &str) -> GraphNode {
    GraphNode {
        key: key.to_owned(),
        name: name.to_owned(),
        title: String::new(),
        path: None,
        line: None,
        kind: NodeKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::{spec_file, title_without_id};

    #[test]
    fn titles_lose_what_the_name_says() {
        let of = |title| title_without_id(title, "SPEC-012", "SPEC-012-2026-01-01-order-returns");
        assert_eq!(of("SPEC-012: Returns"), "Returns");
        assert_eq!(of("SPEC-012 — Returns"), "Returns");
        assert_eq!(of("SPEC-012"), "order returns");
        assert_eq!(of(""), "order returns");
        assert_eq!(of("Returns for SPEC-3"), "Returns for SPEC-3");
        assert_eq!(title_without_id("", "2026-01-01-returns", "2026-01-01-returns"), "");
    }

    #[test]
    fn a_readme_is_named_by_its_folder() {
        assert_eq!(spec_file("../12-returns/README.md#a"), "12-returns");
        assert_eq!(spec_file("./SPEC-1-a.md?x"), "SPEC-1-a.md");
    }
}
