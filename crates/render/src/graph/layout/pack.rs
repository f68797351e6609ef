//! Blocks of different sizes in rows.

use super::{Point, Size};

/// Room between blocks.
const GAP: f64 = 40.0;

struct Row {
    top: f64,
    height: f64,
    stacks: Vec<Stack>,
}

/// Blocks of a row, one above the other.
struct Stack {
    left: f64,
    width: f64,
    used: f64,
}

/// The upper left corners of blocks in rows of at most `width`, the tallest first, and the size of all.
pub(super) fn in_rows(blocks: &[Size], width: f64) -> (Vec<Point>, Size) {
    let width = blocks.iter().map(|block| block.0).fold(width, f64::max);
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by(|a, b| blocks[*b].1.total_cmp(&blocks[*a].1).then(a.cmp(b)));
    let mut corners = vec![Point::default(); blocks.len()];
    let mut rows: Vec<Row> = Vec::new();
    for block in order {
        let size = blocks[block];
        let found = rows.iter_mut().find_map(|row| fit(row, size, width));
        corners[block] = found.unwrap_or_else(|| {
            let top = rows.last().map_or(0.0, |row| row.top + row.height + GAP);
            let stacks = vec![Stack { left: 0.0, width: size.0, used: size.1 }];
            rows.push(Row { top, height: size.1, stacks });
            Point { x: 0.0, y: top }
        });
    }
    let right = |stack: &Stack| stack.left + stack.width;
    let wide = rows.iter().flat_map(|row| row.stacks.iter().map(right)).fold(0.0, f64::max);
    (corners, (wide, rows.last().map_or(0.0, |row| row.top + row.height)))
}

/// A place in a row: below another block, else at its end.
fn fit(row: &mut Row, size: Size, width: f64) -> Option<Point> {
    let (top, height) = (row.top, row.height);
    let below = |stack: &&mut Stack| stack.width >= size.0 && stack.used + GAP + size.1 <= height;
    if let Some(stack) = row.stacks.iter_mut().find(below) {
        let place = Point { x: stack.left, y: top + stack.used + GAP };
        stack.used += GAP + size.1;
        return Some(place);
    }
    let left = row.stacks.last().map_or(0.0, |stack| stack.left + stack.width + GAP);
    (left + size.0 <= width).then(|| {
        row.stacks.push(Stack { left, width: size.0, used: size.1 });
        Point { x: left, y: top }
    })
}
