use crate::support::shorten;
use crate::wording::content_words;
use rustc_hash::{FxHashMap, FxHashSet};
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
        let goals = &spec.facts.goals;
        let goals_read: Vec<Read<'_>> = goals.goals.iter().take(MOST).map(Read::of_item).collect();
        let by_word = index(&goals_read);
        out.looked_at(goals_read.len());
        for (text, where_it_stands) in excluded(spec) {
            let read = Read::of(text.text.as_str());
            let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
            for at in read.words.iter().filter_map(|word| by_word.get(word.as_str())).flatten() {
                *shared.entry(*at).or_default() += 1;
            }
            let same = shared.into_iter().filter(|(at, n)| is_same(&goals_read[*at], &read, *n));
            let Some((at, _)) = same.max_by_key(|(at, n)| (*n, usize::MAX - *at)) else { continue };
            let goal = &goals.goals[at];
            let message = format!("“{}” is a goal, too ({})", shorten(&text.text, 60), goal.id.text);
            let report = Report::new(text.span, message)
                .hint(format!("decide which: take it out of the goals, or out of {where_it_stands}"))
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

/// A sentence by what it is about.
struct Read<'t> {
    text: &'t str,
    words: FxHashSet<String>,
    negated: bool,
}

impl<'t> Read<'t> {
    fn of_item(item: &'t Item) -> Read<'t> {
        Read::of(&item.text)
    }

    fn of(text: &'t str) -> Read<'t> {
        let lower = format!(" {} ", text.to_lowercase());
        let words = [
            " no ",
            " not ",
            " without ",
            " never ",
            "n't ",
            " avoid",
            " keep ",
            " unchanged",
            " instead of ",
        ];
        Read { text, words: content_words(text), negated: words.iter().any(|word| lower.contains(word)) }
    }
}

fn index<'r>(goals: &'r [Read<'_>]) -> FxHashMap<&'r str, Vec<usize>> {
    let mut out: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, goal) in goals.iter().enumerate() {
        for word in &goal.words {
            out.entry(word.as_str()).or_default().push(at);
        }
    }
    out
}

/// Whether two sentences want the same: nearly all of their words, and none of them says no.
fn is_same(goal: &Read<'_>, other: &Read<'_>, shared: usize) -> bool {
    let all = goal.words.len() + other.words.len() - shared;
    let equal = fold(goal.text) == fold(other.text);
    if equal {
        return true;
    }
    if goal.negated || other.negated || shared < 2 {
        return false;
    }
    let whole = shared == goal.words.len().min(other.words.len());
    shared * 10 >= all * 8 || shared >= 3 && (whole && shared * 10 >= all * 6)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
