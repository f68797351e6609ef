//! Tests, environment variables, flags and events.

use super::items::{self, Function, Items};
use super::{ent, gorm};
use crate::languages::LanguageReader;
use crate::sql::embedded;
use crate::tokens::{Part, Sort, Tokens};
use crate::{FileFacts, Options, SourceFile, calls};
use trueup_codebase::{TestCase, Use};

/// Reads files of Go, routes aside.
pub(crate) struct GoReader;

impl LanguageReader for GoReader {
    fn may_hold(&self, file: &SourceFile<'_>, options: &Options) -> bool {
        const SIGNS: [&str; 11] = [
            "ent.Schema",
            "etenv",
            "etEnv",
            "LookupEnv",
            "BindEnv",
            "env:\"",
            "envconfig:\"",
            "EnvVar",
            "gorm",
            "bun:\"",
            "nvOr",
        ];
        file.name().ends_with("_test.go")
            || file.has_any(&SIGNS)
            || calls::may_hold(file, options)
            || embedded::may_hold(file)
    }

    fn read(&self, file: &SourceFile<'_>, options: &Options, out: &mut FileFacts) {
        let (tokens, items) = file.go();
        if file.name().ends_with("_test.go") {
            items.functions.iter().for_each(|function| tests(file, &tokens, function, out));
        }
        gorm::read(file, &tokens, items, out);
        ent::read(file, &tokens, items, out);
        if !file.name().ends_with("_test.go") {
            embedded::read(file, &tokens, |_| true, &mut out.table_steps);
        }
        for at in tokens.all() {
            variables(file, &tokens, items, at, out);
            if tokens.is(at + 1, "(") && !at.checked_sub(1).is_some_and(|before| tokens.is(before, "func")) {
                calls::read(file, &tokens, &items.constants, (at, at + 1), options, out);
            }
        }
    }
}

/// A block of tests that is being read.
struct Around {
    end: usize,
    name: String,
    skipped: bool,
}

/// `func TestX`, methods of a suite, `t.Run("…")` in them, and Ginkgo's `Describe` and `It`.
fn tests(file: &SourceFile<'_>, tokens: &Tokens<'_>, function: &Function, out: &mut FileFacts) {
    let own = tokens.word(function.at).unwrap_or("");
    let is_test = ["Test", "Fuzz"].iter().any(|front| {
        own.strip_prefix(front).is_some_and(|rest| !rest.starts_with(|c: char| c.is_lowercase()))
    }) && own != "TestMain";
    let mut suites: Vec<String> = function.receiver.iter().map(|(_, kind)| kind.clone()).collect();
    let skipped = skips(tokens, &function.body);
    if is_test {
        let place = file.place(tokens.bytes(&(function.at..function.at + 1)));
        out.tests.push(TestCase { name: own.to_owned(), suites: suites.clone(), skipped, place });
        suites.push(own.to_owned());
    }
    let mut around: Vec<Around> = Vec::new();
    for at in function.body.clone() {
        while around.last().is_some_and(|a| at >= a.end) {
            around.pop();
        }
        let word = tokens.word(at).unwrap_or("");
        let ginkgo = ginkgo(word);
        let runs = word == "Run" && at.checked_sub(1).is_some_and(|dot| tokens.is(dot, "."));
        if !tokens.is(at + 1, "(") || !(runs && is_test || ginkgo.is_some()) {
            continue;
        }
        let arguments = tokens.arguments(tokens.inside(at + 1));
        let [name, .., code] = arguments.as_slice() else { continue };
        if !tokens.is(code.start, "func") {
            continue;
        }
        let body = tokens.find(code.clone(), &["{"]).map_or(code.end..code.end, |open| tokens.inside(open));
        let outer_skipped = around.last().map_or(skipped && is_test, |a| a.skipped);
        let skipped = outer_skipped || skips(tokens, &body) || ginkgo.is_some_and(|(_, pending)| pending);
        for (title, range) in titles(tokens, &function.body, name) {
            let suites = suites.iter().cloned().chain(around.iter().map(|a| a.name.clone())).collect();
            if ginkgo.is_none_or(|(is_case, _)| is_case) {
                out.tests.push(TestCase { name: title, suites, skipped, place: file.place(range) });
            }
        }
        if let Some(title) = tokens.literal(name.start) {
            around.push(Around { end: body.end, name: title, skipped });
        }
    }
}

/// Whether a word of Ginkgo is a case (or a group of them), and whether it is switched off.
fn ginkgo(word: &str) -> Option<(bool, bool)> {
    let plain =
        word.strip_prefix(['F', 'P', 'X']).filter(|rest| rest.starts_with(|c: char| c.is_uppercase()));
    let pending = plain.is_some() && !word.starts_with('F');
    match plain.unwrap_or(word) {
        "It" | "Specify" => Some((true, pending)),
        "Describe" | "Context" | "When" => Some((false, pending)),
        _ => None,
    }
}

/// The names of a case: a text, or all texts of a field of a table (`t.Run(test.name, …)`).
fn titles(tokens: &Tokens<'_>, body: &Part, name: &Part) -> Vec<(String, std::ops::Range<usize>)> {
    if let Some(title) = tokens.literal(name.start).filter(|_| name.len() == 1) {
        return vec![(title, tokens.literal_range(name.start))];
    }
    let field = match name.len() == 3 && tokens.is(name.start + 1, ".") {
        true => tokens.word(name.start + 2),
        false => None,
    };
    let Some(field) = field else { return Vec::new() };
    let of_field = |at: &usize| {
        tokens.is(*at, field)
            && tokens.is(*at + 1, ":")
            && tokens.get(*at + 2).is_some_and(|t| t.sort == Sort::Text)
    };
    let found = (body.start..name.start).filter(of_field);
    found.filter_map(|at| Some((tokens.literal(at + 2)?, tokens.literal_range(at + 2)))).collect()
}

/// Whether a body begins with `t.Skip(…)`.
fn skips(tokens: &Tokens<'_>, body: &Part) -> bool {
    tokens.is(body.start + 1, ".")
        && matches!(tokens.word(body.start + 2), Some("Skip" | "Skipf" | "SkipNow"))
}

fn variables(file: &SourceFile<'_>, tokens: &Tokens<'_>, items: &Items, at: usize, out: &mut FileFacts) {
    if tokens.get(at).is_some_and(|t| t.sort == Sort::Text) {
        return tagged(file, tokens, at, out);
    }
    let Some(word) = tokens.word(at) else { return };
    if matches!(word, "EnvVars" | "EnvVar") && tokens.is(at + 1, ":") {
        // `EnvVars: []string{"A", "B"}` and `EnvVar: "A"`.
        let list = (at + 2..at + 6).find(|at| tokens.is(*at, "{")).map(|open| tokens.inside(open));
        let texts = list.unwrap_or(at + 2..at + 3).take(40);
        let texts = texts.filter(|at| tokens.get(*at).is_some_and(|t| t.sort == Sort::Text));
        texts.for_each(|at| push(file, tokens.literal(at), tokens.literal_range(at), out));
        return;
    }
    if !tokens.is(at + 1, "(") {
        return;
    }
    let lower = word.to_lowercase();
    let arguments = tokens.arguments(tokens.inside(at + 1));
    let texts = |part: &Part| {
        let value = tokens.literal(part.start);
        let known = value.or_else(|| items.constants.get(tokens.word(part.start)?).cloned());
        known.filter(|_| part.len() == 1).map(|value| (value, tokens.literal_range(part.start)))
    };
    match arguments.as_slice() {
        // viper's key and the variables behind it.
        [_, names @ ..] if word == "BindEnv" => names.iter().filter_map(texts).for_each(|(name, range)| {
            push(file, Some(name), range, out);
        }),
        [first, ..]
            if ["getenv", "lookupenv", "envor", "getfromenv"].iter().any(|sign| lower.contains(sign)) =>
        {
            if let Some((name, range)) = texts(first) {
                push(file, Some(name), range, out);
            }
        }
        _ => {}
    }
}

/// `` `env:"ORDER_LIMIT,required"` ``.
fn tagged(file: &SourceFile<'_>, tokens: &Tokens<'_>, at: usize, out: &mut FileFacts) {
    let text = tokens.text(at);
    if !text.starts_with('`') || !text.contains("env") {
        return;
    }
    let tag = tokens.literal(at).unwrap_or_default();
    for key in ["env", "envconfig"] {
        let value = items::tag_value(&tag, key);
        let name = value.and_then(|value| value.split(',').next().map(str::to_owned));
        push(file, name, tokens.literal_range(at), out);
    }
}

fn push(file: &SourceFile<'_>, name: Option<String>, range: std::ops::Range<usize>, out: &mut FileFacts) {
    let is_variable = |name: &String| {
        name.len() > 1
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    if let Some(name) = name.filter(is_variable) {
        out.env_vars.push(file.name_use(name, Use::Read, range));
    }
}
