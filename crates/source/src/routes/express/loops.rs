//! Routers that a loop takes in: `routes.forEach(({ path, router }) => app.use(path, router))`.

use crate::javascript::Script;
use std::ops::Range;

/// How far in front of a call its loop may begin, in tokens.
const FARTHEST: usize = 400;

/// What a loop calls an element of its list.
enum Variable<'a> {
    Whole(&'a str),
    /// Names of entries: the key, and the variable.
    Keys(Vec<(&'a str, &'a str)>),
    /// Variables of the places of a pair.
    Places(Vec<&'a str>),
}

/// The arguments of a call for each round of the loop around it, where the list stands in the file and
/// one of them comes from it.
pub(super) fn rounds(script: &Script<'_>, args: &[Range<usize>]) -> Option<Vec<Vec<Range<usize>>>> {
    let start = args.first()?.start;
    for at in (start.saturating_sub(FARTHEST)..start).rev() {
        let Some((variable, list)) = of_statement(script, at, start).or_else(|| of_call(script, at, start))
        else {
            continue;
        };
        if !args.iter().any(|arg| is_from(script, &variable, arg)) {
            continue;
        }
        let open = array(script, list)?;
        let round = |element: Range<usize>| {
            let one =
                |arg: &Range<usize>| value(script, &variable, arg, &element).unwrap_or_else(|| arg.clone());
            args.iter().map(one).collect()
        };
        return Some(script.items(open).into_iter().map(round).collect());
    }
    None
}

/// `for (const x of list) …` around a place: its variable, and where the list begins.
fn of_statement<'a>(script: &Script<'a>, at: usize, place: usize) -> Option<(Variable<'a>, usize)> {
    if script.name(at) != "for" || !script.is(at + 1, b'(') {
        return None;
    }
    let (open, close) = (at + 1, script.close(at + 1));
    let body = script.after(open);
    let end = if script.is(body, b'{') { script.close(body) } else { script.expression_end(body) };
    if close > place || end < place || !matches!(script.name(open + 1), "const" | "let" | "var") {
        return None;
    }
    let after = script.after(open + 2);
    (script.name(after) == "of").then(|| Some((variable(script, open + 2)?, after + 1)))?
}

/// `list.forEach((x) => …)` around a place.
fn of_call<'a>(script: &Script<'a>, at: usize, place: usize) -> Option<(Variable<'a>, usize)> {
    let is_loop = matches!(script.name(at), "forEach" | "map") && script.is_before(at, b'.');
    if !is_loop || !script.is(at + 1, b'(') || script.close(at + 1) < place {
        return None;
    }
    let mut first = at + 2;
    while matches!(script.name(first), "async" | "function") {
        first += 1;
    }
    first += usize::from(script.is(first, b'('));
    let last = script.before(at.checked_sub(1)?)?;
    let list = if script.is(last, b']') { script.opening(last)? } else { last };
    Some((variable(script, first)?, list))
}

fn variable<'a>(script: &Script<'a>, at: usize) -> Option<Variable<'a>> {
    if script.is(at, b'{') {
        let entries = script.entries(at).into_iter().map(|entry| (entry.key, script.name(entry.value.start)));
        return Some(Variable::Keys(entries.collect()));
    }
    if script.is(at, b'[') {
        return Some(Variable::Places(script.items(at).iter().map(|item| script.name(item.start)).collect()));
    }
    Some(script.name(at)).filter(|name| !name.is_empty()).map(Variable::Whole)
}

fn is_from(script: &Script<'_>, variable: &Variable<'_>, arg: &Range<usize>) -> bool {
    let name = script.name(arg.start);
    !name.is_empty()
        && match variable {
            Variable::Whole(own) => *own == name,
            Variable::Keys(keys) => keys.iter().any(|(_, own)| *own == name),
            Variable::Places(places) => places.contains(&name),
        }
}

/// What an argument stands for where the variable is one element of the list.
fn value(
    script: &Script<'_>,
    variable: &Variable<'_>,
    arg: &Range<usize>,
    element: &Range<usize>,
) -> Option<Range<usize>> {
    let name = script.name(arg.start);
    if name.is_empty() {
        return None;
    }
    match variable {
        Variable::Whole(own) if *own != name => None,
        Variable::Whole(_) if arg.len() == 1 => Some(element.clone()),
        Variable::Whole(_) if arg.len() == 3 && script.is(arg.start + 1, b'.') => {
            script.value_of(element.start, script.name(arg.start + 2))
        }
        Variable::Keys(keys) if arg.len() == 1 => {
            let (key, _) = keys.iter().find(|(_, own)| *own == name)?;
            script.value_of(element.start, key)
        }
        Variable::Places(places) if arg.len() == 1 && script.is(element.start, b'[') => {
            let at = places.iter().position(|own| *own == name)?;
            script.items(element.start).get(at).cloned()
        }
        _ => None,
    }
}

/// The `[` of a list: where it stands itself, or where the variable that holds it is made.
fn array(script: &Script<'_>, list: usize) -> Option<usize> {
    if script.is(list, b'[') {
        return Some(list);
    }
    let name = Some(script.name(list)).filter(|name| !name.is_empty())?;
    (1..script.len()).find_map(|at| {
        let made = script.name(at) == name && matches!(script.name(at - 1), "const" | "let" | "var");
        // A type may stand between.
        let sign = (at + 1..at + 24).find(|sign| script.is(*sign, b'=')).filter(|_| made)?;
        script.is(sign + 1, b'[').then_some(sign + 1)
    })
}
