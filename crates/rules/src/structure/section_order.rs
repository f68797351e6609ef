use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_template::{Match, Schema, SpecIndex};

declare_rule! {
    SECTION_ORDER = "section-order" in "structure", page "section_order.md",
    "a section stands in another place than in the template",
    Specs, Levels::INFO, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        let top: Vec<&Match> = spec
            .alignment
            .matches
            .iter()
            .filter(|m| {
                schema.sections[m.spec].parent.is_none()
                    && !schema.sections[m.spec].repeats
                    && !schema.sections[m.spec].temporary
            })
            .filter(|m| cx.document.section(m.section).level <= schema.sections[m.spec].level)
            .collect();
        out.looked_at(top.len());
        let order: Vec<SpecIndex> = top.iter().map(|m| m.spec).collect();
        let moved = out_of_order(&order);
        for at in &moved {
            let section = cx.document.section(top[*at].section);
            let title = &schema.sections[order[*at]].title;
            let place = right_place(schema, &order, &moved, *at);
            let report = Report::new(section.title_span, format!("the template has `{title}` {place}"))
                .hint("move the section; nothing else depends on it")
                .subject(title.clone());
            out.push(report);
        }
    }
}

/// Where a section belongs, by a neighbour that stands on the wrong side of it.
fn right_place(schema: &Schema, order: &[SpecIndex], moved: &[usize], at: usize) -> String {
    let kept = (0..order.len()).filter(|i| !moved.contains(i));
    let too_late = kept.clone().filter(|i| *i > at && order[*i] < order[at]).max_by_key(|i| order[*i]);
    let too_early = kept.filter(|i| *i < at && order[*i] > order[at]).min_by_key(|i| order[*i]);
    match (too_late, too_early) {
        (Some(before), _) => format!("after `{}`", schema.sections[order[before]].title),
        (None, Some(after)) => format!("before `{}`", schema.sections[order[after]].title),
        (None, None) => "in another place".to_owned(),
    }
}

/// The fewest places that have to move for the rest to be in order: all outside a longest rising run.
fn out_of_order(order: &[SpecIndex]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(order.len());
    for (i, index) in order.iter().enumerate() {
        let before = (0..i).filter(|j| order[*j] < *index).max_by_key(|j| best[*j].0);
        best.push((before.map_or(1, |j| best[j].0 + 1), before));
    }
    let mut kept = vec![false; order.len()];
    let mut at = (0..order.len()).max_by_key(|i| (best[*i].0, std::cmp::Reverse(*i)));
    while let Some(i) = at {
        kept[i] = true;
        at = best[i].1;
    }
    (0..order.len()).filter(|i| !kept[*i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_sections_move() {
        assert_eq!(out_of_order(&[0, 1, 2]), Vec::<usize>::new());
        assert_eq!(out_of_order(&[0, 3, 1, 2]), [1]);
        assert_eq!(out_of_order(&[4, 0, 1, 2]), [0]);
        assert_eq!(out_of_order(&[]), Vec::<usize>::new());
    }
}
