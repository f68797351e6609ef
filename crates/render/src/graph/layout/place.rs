//! Places of boxes and bends, and the points of the edges.

use super::layers::Layered;
use super::{BOX_GAP, COLUMN_GAP, LINE_GAP, Layout, Point, Size};

/// How often all columns follow their neighbours, there and back.
const SWEEPS: usize = 16;

/// Room at a box's corners that no line ends in.
const CORNER: f64 = 10.0;

/// Places a graph whose columns are ordered.
pub(super) fn place(layered: &Layered, sizes: &[Size]) -> Layout {
    let height = |item: usize| sizes.get(item).map_or(0.0, |size| size.1);
    let middles = middles(layered, &height);
    let (lefts, widths, width) = columns(layered, sizes);
    let boxes: Vec<Point> = (0..layered.nodes)
        .map(|node| {
            let column = layered.column_of[node];
            let x = lefts[column] + (widths[column] - sizes[node].0) / 2.0;
            Point { x, y: middles[node] - sizes[node].1 / 2.0 }
        })
        .collect();
    let [starts, ends] = ports(layered, &middles, &height);
    let mut lines = Vec::with_capacity(layered.chains.len());
    for (edge, chain) in layered.chains.iter().enumerate() {
        let (first, last) = (chain[0], chain[chain.len() - 1]);
        let mut line = vec![Point { x: boxes[first].x + sizes[first].0, y: starts[edge] }];
        for bend in &chain[1..chain.len() - 1] {
            let column = layered.column_of[*bend];
            let y = middles[*bend];
            line.extend([Point { x: lefts[column], y }, Point { x: lefts[column] + widths[column], y }]);
        }
        line.push(Point { x: boxes[last].x, y: ends[edge] });
        if layered.turned[edge] {
            line.reverse();
        }
        lines.push(line);
    }
    let bottom = |item: usize| middles[item] + height(item) / 2.0;
    let tall = (0..layered.column_of.len()).map(bottom).fold(0.0, f64::max);
    Layout { boxes, lines, size: (width, tall) }
}

/// The left side and width of each column, and the width of all.
fn columns(layered: &Layered, sizes: &[Size]) -> (Vec<f64>, Vec<f64>, f64) {
    let mut turning = vec![0usize; layered.columns.len()];
    for pair in layered.chains.iter().flat_map(|chain| chain.windows(2)) {
        turning[layered.column_of[pair[0]]] += 1;
    }
    let widest = |column: &Vec<usize>| {
        column.iter().filter_map(|item| sizes.get(*item)).map(|size| size.0).fold(0.0, f64::max)
    };
    let widths: Vec<f64> = layered.columns.iter().map(widest).collect();
    let mut lefts = Vec::with_capacity(widths.len());
    let mut x = 0.0;
    for (column, width) in widths.iter().enumerate() {
        lefts.push(x);
        let gap = (COLUMN_GAP.0 + 2.0 * turning[column] as f64).min(COLUMN_GAP.1);
        x += width + if column + 1 < widths.len() { gap } else { 0.0 };
    }
    (lefts, widths, x)
}

/// The vertical middle of every item; the topmost box or line touches zero.
fn middles(layered: &Layered, height: &impl Fn(usize) -> f64) -> Vec<f64> {
    let [before, after] = layered.neighbours();
    let mut middles = vec![0.0; layered.column_of.len()];
    for column in &layered.columns {
        let mut y = 0.0;
        for (place, item) in column.iter().enumerate() {
            y += place.checked_sub(1).map_or(0.0, |above| apart(layered, column[above], *item, height));
            middles[*item] = y;
        }
    }
    let last = layered.columns.len();
    for sweep in 0..SWEEPS {
        // First each side alone pulls, then both: that keeps long edges straight.
        let both = sweep + 4 >= SWEEPS;
        for step in 0..last {
            let from_left = sweep % 2 == 0;
            let at = if from_left { step } else { last - 1 - step };
            let wanted: Vec<(f64, f64)> = layered.columns[at]
                .iter()
                .map(|item| {
                    let left: &[usize] = if both || from_left { &before[*item] } else { &[] };
                    let right: &[usize] = if both || !from_left { &after[*item] } else { &[] };
                    pull(layered, *item, left.iter().chain(right), &middles)
                })
                .collect();
            settle(layered, &layered.columns[at], &wanted, height, &mut middles);
        }
    }
    let top = |item: usize| middles[item] - height(item) / 2.0;
    let highest = (0..middles.len()).map(top).fold(f64::MAX, f64::min);
    middles.iter_mut().for_each(|middle| *middle -= highest);
    middles
}

/// Room between the middles of two items, one above the other.
fn apart(layered: &Layered, upper: usize, lower: usize, height: &impl Fn(usize) -> f64) -> f64 {
    let boxes = !layered.is_bend(upper) && !layered.is_bend(lower);
    (height(upper) + height(lower)) / 2.0 + if boxes { BOX_GAP } else { LINE_GAP }
}

/// Where an item wants to be, and how much.
fn pull<'a>(
    layered: &Layered,
    item: usize,
    joined: impl Iterator<Item = &'a usize>,
    middles: &[f64],
) -> (f64, f64) {
    let (mut sum, mut weight) = (0.0, 0.0);
    for other in joined {
        // A bend in the middle of an edge is seen more than one at its end.
        let own = match (layered.is_bend(item), layered.is_bend(*other)) {
            (true, true) => 8.0,
            (false, false) => 1.0,
            _ => 2.0,
        };
        sum += own * middles[*other];
        weight += own;
    }
    if weight == 0.0 { (middles[item], 0.1) } else { (sum / weight, weight) }
}

/// Moves the items of a column as close to where they want to be as their order and distances allow: least
/// squares, by pooling neighbours that would overlap.
fn settle(
    layered: &Layered,
    column: &[usize],
    wanted: &[(f64, f64)],
    height: &impl Fn(usize) -> f64,
    middles: &mut [f64],
) {
    // With the distances taken off, the places only have to rise.
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(column.len());
    // Each pool: weighted sum, weight, number of items.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (place, item) in column.iter().enumerate() {
        offset += place.checked_sub(1).map_or(0.0, |above| apart(layered, column[above], *item, height));
        offsets.push(offset);
        let (target, weight) = wanted[place];
        let mut pool = ((target - offset) * weight, weight, 1);
        while let Some(last) = pools.pop_if(|last| last.0 / last.1 >= pool.0 / pool.1) {
            pool = (pool.0 + last.0, pool.1 + last.1, pool.2 + last.2);
        }
        pools.push(pool);
    }
    let places = pools.iter().flat_map(|(sum, weight, number)| std::iter::repeat_n(sum / weight, *number));
    for ((item, place), offset) in column.iter().zip(places).zip(offsets) {
        middles[*item] = place + offset;
    }
}

/// How high every edge leaves its left box and reaches its right one: spread over the side, in the order of
/// where the edges go.
fn ports(layered: &Layered, middles: &[f64], height: &impl Fn(usize) -> f64) -> [Vec<f64>; 2] {
    [true, false].map(|leaving| {
        let mut sides: Vec<Vec<(f64, usize)>> = vec![Vec::new(); layered.nodes];
        for (edge, chain) in layered.chains.iter().enumerate() {
            let last = chain.len() - 1;
            let (node, other) = if leaving { (chain[0], chain[1]) } else { (chain[last], chain[last - 1]) };
            sides[node].push((middles[other], edge));
        }
        let mut out = vec![0.0; layered.chains.len()];
        for (node, mut side) in sides.into_iter().enumerate() {
            side.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let room = (height(node) - 2.0 * CORNER).max(0.0);
            let gap = (room / side.len().max(1) as f64).min(12.0);
            let first = middles[node] - gap * (side.len().saturating_sub(1)) as f64 / 2.0;
            for (place, (_, edge)) in side.into_iter().enumerate() {
                out[edge] = first + gap * place as f64;
            }
        }
        out
    })
}
