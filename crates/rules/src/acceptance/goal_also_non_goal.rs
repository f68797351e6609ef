use crate::support::shorten;
use crate::wording::ordered_words;
use rustc_hash::FxHashMap;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Item, Spec, Text};

declare_rule! {
    GOAL_ALSO_NON_GOAL = "goal-also-non-goal" in "acceptance", page "goal_also_non_goal.md",
    "a goal stands among the non-goals, too",
    Specs, Levels::WARNING, check
}

/// Nobody reads more goals; more would be compared with each other for long.
const MOST: usize = 200;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let goals: Vec<&Item> = spec.facts.goals.goals.iter().take(MOST).collect();
        let read: Vec<Vec<String>> = goals.iter().map(|goal| about(&goal.text)).collect();
        let mut by_end: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, words) in read.iter().enumerate() {
            if let Some(last) = words.last() {
                by_end.entry(last.as_str()).or_default().push(at);
            }
        }
        out.looked_at(goals.len());
        for (text, place) in excluded(spec) {
            let words = about(&text.text);
            let near = words.last().and_then(|last| by_end.get(last.as_str())).into_iter().flatten();
            let same = near.copied().find(|at| is_same(&read[*at], &words) && means_it(cx, goals[*at]));
            let Some(goal) = same.map(|at| goals[at]) else { continue };
            let message = format!("“{}” is a goal, too ({})", shorten(&text.text, 60), goal.id.text);
            let report = Report::new(text.span, message)
                .hint(format!("decide which: take it out of the goals, or out of {place}"))
                .related(cx.path, goal.span, "the goal");
            out.push(report);
        }
    }
}

/// What the spec does not do, with the name of the place.
fn excluded(spec: &Spec) -> impl Iterator<Item = (&Text, &'static str)> {
    let goals = &spec.facts.goals;
    let non_goals = goals.non_goals.iter().take(MOST).map(|text| (text, "the non-goals"));
    non_goals.chain(goals.out_of_scope.iter().take(MOST).map(|text| (text, "what is out of scope")))
}

/// What a sentence is about, in its order: two that differ in one word mostly mean two things, and two
/// with the same words in another order do, too.
fn about(text: &str) -> Vec<String> {
    const WHEN: &[&str] = &["version", "release", "releas", "phas", "phase", "mvp", "iteration", "v1"];
    let mut words = ordered_words(text);
    while words.len() > 2 && words.last().is_some_and(|word| WHEN.contains(&word.as_str())) {
        words.pop();
    }
    words
}

/// The same words; the goal may say in front who does it.
fn is_same(goal: &[String], other: &[String]) -> bool {
    const REFUSES: &[&str] = &[
        "prevent", "avoid", "stop", "remov", "forbid", "refus", "disallow", "block", "reduc", "no", "never",
        "deny", "keep", "replac", "deprecat", "drop", "eliminat", "delet",
    ];
    let Some(actor) = goal.strip_suffix(other) else { return false };
    let enough = other.len() >= if actor.is_empty() { 2 } else { 3 };
    enough && actor.len() <= 2 && !actor.iter().any(|word| REFUSES.contains(&word.as_str()))
}

/// Whether a goal is wanted: no word in it, and none in the line above its list, says the contrary.
fn means_it(cx: &FileCx<'_>, goal: &Item) -> bool {
    let denies = |text: &str| {
        let lower = format!(" {} ", text.to_lowercase());
        [" no ", " not ", " without ", " never ", "n't ", " out of scope"]
            .iter()
            .any(|word| lower.contains(word))
    };
    let before = cx.text().get(..goal.span.start as usize).unwrap_or("");
    // A list is no longer than this, and its lines begin with a mark or with white space.
    let above = before.lines().rev().skip(1).take(MOST).map(str::trim_end);
    let lead = above.filter(|line| !line.trim().is_empty()).find(|line| {
        let marked = line.trim_start().starts_with(['-', '*', '+']) && !line.trim_start().starts_with("**");
        !marked && !line.starts_with(' ') && !line.starts_with(|c: char| c.is_ascii_digit())
    });
    !denies(&goal.text) && !lead.is_some_and(denies)
}
