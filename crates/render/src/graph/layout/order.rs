//! The order of the items of each column, so that few edges cross.

use super::layers::Layered;

/// How often all columns are ordered by their neighbours, there and back.
const SWEEPS: usize = 24;

/// Columns are tried pair by pair only in graphs of at most this many joints.
const FEW_JOINTS: usize = 4_000;

/// Orders every column. What was best stays.
pub(super) fn reduce_crossings(layered: &mut Layered) {
    let neighbours = layered.neighbours();
    start_connected(layered, &neighbours);
    let joints: usize = layered.chains.iter().map(|chain| chain.len() - 1).sum();
    let mut best = layered.columns.clone();
    let mut fewest = crossings(layered, &neighbours[1]);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        by_barycentre(layered, &neighbours[sweep % 2], sweep % 2 == 0);
        if joints <= FEW_JOINTS {
            swap_neighbours(layered, &neighbours);
        }
        let now = crossings(layered, &neighbours[1]);
        if now < fewest {
            fewest = now;
            best.clone_from(&layered.columns);
        }
    }
    layered.columns = best;
}

/// Items that a walk meets one after the other start close together.
fn start_connected(layered: &mut Layered, [before, after]: &[Vec<Vec<usize>>; 2]) {
    let mut met = vec![usize::MAX; layered.column_of.len()];
    let mut time = 0;
    for start in layered.columns.iter().flatten() {
        let mut open = vec![*start];
        while let Some(item) = open.pop() {
            if met[item] != usize::MAX {
                continue;
            }
            met[item] = time;
            time += 1;
            open.extend(
                before[item].iter().chain(&after[item]).rev().filter(|other| met[**other] == usize::MAX),
            );
        }
    }
    layered.columns.iter_mut().for_each(|column| column.sort_by_key(|item| met[*item]));
}

/// The place of every item in its column.
fn places(layered: &Layered) -> Vec<usize> {
    let mut places = vec![0; layered.column_of.len()];
    for column in &layered.columns {
        column.iter().enumerate().for_each(|(place, item)| places[*item] = place);
    }
    places
}

/// Orders each column by the mean place of what its items are joined to on one side.
fn by_barycentre(layered: &mut Layered, side: &[Vec<usize>], from_left: bool) {
    let mut places = places(layered);
    let last = layered.columns.len();
    for step in 1..last {
        let at = if from_left { step } else { last - 1 - step };
        let column = &mut layered.columns[at];
        let mean = |item: &usize| match side[*item].as_slice() {
            [] => places[*item] as f64,
            joined => joined.iter().map(|other| places[*other] as f64).sum::<f64>() / joined.len() as f64,
        };
        let mut keyed: Vec<(f64, usize)> = column.iter().map(|item| (mean(item), *item)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        *column = keyed.into_iter().map(|(_, item)| item).collect();
        column.iter().enumerate().for_each(|(place, item)| places[*item] = place);
    }
}

/// Swaps two items one above the other where that saves crossings.
fn swap_neighbours(layered: &mut Layered, sides: &[Vec<Vec<usize>>; 2]) {
    let mut places = places(layered);
    for at in 0..layered.columns.len() {
        for place in 1..layered.columns[at].len() {
            let (upper, lower) = (layered.columns[at][place - 1], layered.columns[at][place]);
            let count = |a: usize, b: usize| -> usize {
                sides.iter().map(|side| crossed(&side[a], &side[b], &places)).sum()
            };
            if count(lower, upper) < count(upper, lower) {
                layered.columns[at].swap(place - 1, place);
                places.swap(upper, lower);
            }
        }
    }
}

/// Crossings of the edges of two items, one above the other.
fn crossed(upper: &[usize], lower: &[usize], places: &[usize]) -> usize {
    upper.iter().map(|a| lower.iter().filter(|b| places[**b] < places[*a]).count()).sum()
}

/// All crossings: for each pair of columns the inversions of the ends on the right.
fn crossings(layered: &Layered, after: &[Vec<usize>]) -> usize {
    let places = places(layered);
    let mut all = 0;
    for (at, column) in layered.columns.iter().enumerate() {
        let Some(right) = layered.columns.get(at + 1) else { continue };
        // A Fenwick tree: how many ends seen so far lie at a place or above.
        let mut tree = vec![0usize; right.len() + 1];
        let mut seen = 0;
        for item in column {
            for other in &after[*item] {
                let mut index = places[*other] + 1;
                let mut above = 0;
                while index > 0 {
                    above += tree[index];
                    index &= index - 1;
                }
                all += seen - above;
            }
            for other in &after[*item] {
                let mut index = places[*other] + 1;
                while index < tree.len() {
                    tree[index] += 1;
                    index += index & index.wrapping_neg();
                }
                seen += 1;
            }
        }
    }
    all
}
