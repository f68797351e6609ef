//! A layered drawing of a directed graph, from left to right: boxes in columns, edges as lists of points that
//! go round the boxes. Equal graphs are drawn equally.
//!
//! Our own, because the crates at hand keep the bends of long edges to themselves, so that these would run
//! through boxes, or draw text only. The steps are the usual ones (Sugiyama): columns by the longest path,
//! fewer crossings by barycentres, places by least squares. Each is about linear in the size of the graph
//! with its bends, times a fixed number of sweeps.

mod layers;
mod order;
mod pack;
mod place;

/// Room between boxes of a column.
const BOX_GAP: f64 = 16.0;

/// Room beside a line that passes a box or another line.
const LINE_GAP: f64 = 9.0;

/// Room between columns: at least, and at most, where many lines turn.
const COLUMN_GAP: (f64, f64) = (64.0, 150.0);

/// A place in the drawing.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Width and height.
pub(super) type Size = (f64, f64);

/// Where everything stands.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Layout {
    /// The upper left corner of every box.
    pub(super) boxes: Vec<Point>,
    /// The points of every edge from its source to its target: a curve from the first to the second, a
    /// straight line to the third, a curve to the fourth, and so on.
    pub(super) lines: Vec<Vec<Point>>,
    /// Size of the whole.
    pub(super) size: Size,
}

/// Places boxes of some sizes; no edge may lead from a box to itself. Parts that are not connected stand in
/// rows of at most `width`, or of the widest part.
pub(super) fn layout(sizes: &[Size], edges: &[(usize, usize)], width: f64) -> Layout {
    let parts: Vec<(Layout, Part)> =
        components(sizes, edges).into_iter().map(|part| (connected(&part), part)).collect();
    let blocks: Vec<Size> = parts.iter().map(|(layout, _)| layout.size).collect();
    let (corners, size) = pack::in_rows(&blocks, width);
    let (boxes, lines) = (vec![Point::default(); sizes.len()], vec![Vec::new(); edges.len()]);
    let mut whole = Layout { boxes, lines, size };
    for ((layout, part), corner) in parts.into_iter().zip(corners) {
        let moved = |point: Point| Point { x: point.x + corner.x, y: point.y + corner.y };
        for (node, place) in part.nodes.iter().zip(layout.boxes) {
            whole.boxes[*node] = moved(place);
        }
        for (edge, line) in part.edge_numbers.iter().zip(layout.lines) {
            whole.lines[*edge] = line.into_iter().map(moved).collect();
        }
    }
    whole
}

/// Nodes that are connected, and their edges by the places of the ends in `nodes`.
#[derive(Default)]
struct Part {
    nodes: Vec<usize>,
    sizes: Vec<Size>,
    edges: Vec<(usize, usize)>,
    edge_numbers: Vec<usize>,
}

fn components(sizes: &[Size], edges: &[(usize, usize)]) -> Vec<Part> {
    let mut beside = vec![Vec::new(); sizes.len()];
    for (from, to) in edges {
        beside[*from].push(*to);
        beside[*to].push(*from);
    }
    let mut part_of = vec![usize::MAX; sizes.len()];
    let mut parts: Vec<Part> = Vec::new();
    for start in 0..sizes.len() {
        if part_of[start] != usize::MAX {
            continue;
        }
        part_of[start] = parts.len();
        let mut nodes = vec![start];
        let mut at = 0;
        while let Some(node) = nodes.get(at).copied() {
            at += 1;
            for other in &beside[node] {
                if part_of[*other] == usize::MAX {
                    part_of[*other] = parts.len();
                    nodes.push(*other);
                }
            }
        }
        nodes.sort_unstable();
        let sizes = nodes.iter().map(|node| sizes[*node]).collect();
        parts.push(Part { nodes, sizes, ..Part::default() });
    }
    for (number, (from, to)) in edges.iter().enumerate() {
        let part = &mut parts[part_of[*from]];
        let place = |node: usize| part.nodes.binary_search(&node).unwrap_or(0);
        part.edges.push((place(*from), place(*to)));
        part.edge_numbers.push(number);
    }
    parts
}

fn connected(part: &Part) -> Layout {
    let mut layered = layers::layered(part.sizes.len(), &part.edges);
    order::reduce_crossings(&mut layered);
    place::place(&layered, &part.sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Size = (200.0, 60.0);

    fn square(nodes: usize, edges: &[(usize, usize)]) -> Layout {
        layout(&vec![BOX; nodes], edges, 1000.0)
    }

    /// Whether a straight part of a line runs through a box.
    fn runs_through(from: Point, to: Point, corner: Point) -> bool {
        let (low, high) = (from.x.min(to.x), from.x.max(to.x));
        from.y == to.y
            && from.y > corner.y
            && from.y < corner.y + BOX.1
            && high > corner.x
            && low < corner.x + BOX.0
    }

    /// A graph without a pattern, the same in every run.
    fn scattered(nodes: usize, edges: usize) -> Vec<(usize, usize)> {
        let mut seed = 7usize;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % nodes
        };
        (0..edges).map(|_| (next(), next())).filter(|(from, to)| from != to).collect()
    }

    #[track_caller]
    fn check(nodes: usize, edges: &[(usize, usize)]) -> Layout {
        let drawn = square(nodes, edges);
        for (a, place) in drawn.boxes.iter().enumerate() {
            assert!(place.x >= 0.0 && place.y >= 0.0, "{place:?}");
            assert!(place.x + BOX.0 <= drawn.size.0 && place.y + BOX.1 <= drawn.size.1, "{place:?}");
            for other in &drawn.boxes[..a] {
                let apart = (place.x - other.x).abs() >= BOX.0 || (place.y - other.y).abs() >= BOX.1;
                assert!(apart, "{place:?} covers {other:?}");
            }
        }
        for (line, (from, to)) in drawn.lines.iter().zip(edges) {
            assert!(line.len() >= 2 && line.len().is_multiple_of(2), "{line:?}");
            for (point, node) in [(line[0], *from), (line[line.len() - 1], *to)] {
                let corner = drawn.boxes[node];
                assert!(point.x == corner.x || point.x == corner.x + BOX.0, "{point:?} is not at {corner:?}");
                assert!(point.y > corner.y && point.y < corner.y + BOX.1, "{point:?} is not at {corner:?}");
            }
            for straight in line[1..line.len() - 1].chunks(2) {
                let crossed =
                    drawn.boxes.iter().any(|corner| runs_through(straight[0], straight[1], *corner));
                assert!(!crossed, "{straight:?}");
            }
        }
        assert_eq!(drawn, square(nodes, edges));
        drawn
    }

    #[test]
    fn a_chain_is_a_row() {
        let drawn = check(3, &[(0, 1), (1, 2)]);
        assert!(drawn.boxes[0].x < drawn.boxes[1].x && drawn.boxes[1].x < drawn.boxes[2].x);
        assert!(drawn.boxes.iter().all(|place| place.y == 0.0));
    }

    #[test]
    fn a_long_edge_goes_round_what_lies_between() {
        let drawn = check(3, &[(0, 1), (1, 2), (0, 2)]);
        assert_eq!(drawn.lines[2].len(), 4);
    }

    #[test]
    fn lines_that_need_not_cross_do_not() {
        let drawn = check(4, &[(0, 3), (1, 2)]);
        assert_eq!(drawn.lines.iter().filter(|line| line[0].y == line[1].y).count(), 2);
        let drawn = check(5, &[(0, 4), (1, 3), (2, 3), (2, 4)]);
        let right = drawn.boxes[3].y < drawn.boxes[4].y;
        assert_eq!(right, drawn.boxes[1].y < drawn.boxes[0].y);
    }

    #[test]
    fn cycles_and_doubled_edges_are_drawn() {
        check(2, &[(0, 1), (1, 0), (0, 1)]);
        check(4, &[(0, 1), (1, 2), (2, 0), (2, 3)]);
    }

    #[test]
    fn nothing_and_single_boxes_are_drawn() {
        assert_eq!(square(0, &[]).size, (0.0, 0.0));
        check(7, &[]);
    }

    #[test]
    fn graphs_without_a_pattern_are_drawn() {
        for (nodes, edges) in [(10, 12), (40, 60), (60, 200), (120, 110)] {
            check(nodes, &scattered(nodes, edges));
        }
    }
}
