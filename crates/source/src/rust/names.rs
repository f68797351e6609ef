//! Tests, environment variables, flags and events.

use super::items::{self, Function};
use super::routes::is_test_file;
use super::schema;
use crate::languages::LanguageReader;
use crate::sql::embedded;
use crate::tokens::{Part, Tokens};
use crate::{FileFacts, Options, SourceFile, calls};
use trueup_codebase::{TestCase, Use};

/// Reads files of Rust, routes aside.
pub(crate) struct RustReader;

impl LanguageReader for RustReader {
    fn may_hold(&self, file: &SourceFile<'_>, options: &Options) -> bool {
        const SIGNS: [&str; 10] = [
            "test]",
            "test(",
            "test_case(",
            "env::var",
            "env!",
            "env(",
            "env = ",
            "table!",
            "table_name",
            "dotenv",
        ];
        file.has_any(&SIGNS)
            || file.has_any(&["rstest", ", env)", "quickcheck"])
            || embedded::may_hold(file)
            || calls::may_hold(file, options)
    }

    fn read(&self, file: &SourceFile<'_>, options: &Options, out: &mut FileFacts) {
        let (tokens, items) = file.rust();
        out.tests.extend(items.functions.iter().filter_map(|function| test(file, &tokens, function)));
        schema::read(file, &tokens, out);
        if !is_test_file(&file.path) {
            let of_tests = |at: usize| items.functions.iter().any(|f| f.for_tests && f.body.contains(&at));
            embedded::read(file, &tokens, |at| !of_tests(at), &mut out.table_steps);
        }
        for at in tokens.all() {
            variables(file, &tokens, &items.constants, at, out);
            // `client.get_bool_value::<T>("x")` is not written by anybody.
            if tokens.is(at + 1, "(") && !at.checked_sub(1).is_some_and(|before| tokens.is(before, "fn")) {
                calls::read(file, &tokens, &items.constants, (at, at + 1), options, out);
            }
        }
    }
}

fn test(file: &SourceFile<'_>, tokens: &Tokens<'_>, function: &Function) -> Option<TestCase> {
    if !function.attributes.iter().any(|attribute| items::is_test(tokens, attribute)) {
        return None;
    }
    let ignored = |part: &Part| {
        tokens.is(part.start, "ignore")
            || tokens.is(part.start, "cfg_attr") && part.clone().any(|at| tokens.is(at, "ignore"))
    };
    Some(TestCase {
        name: tokens.word(function.at)?.to_owned(),
        suites: function.modules.clone(),
        skipped: function.attributes.iter().any(ignored),
        place: file.place(tokens.bytes(&(function.at..function.at + 1))),
    })
}

/// `std::env::var("X")`, `env!("X")`, `#[arg(env = "X")]`, `#[arg(env)] limit: u8`.
fn variables(
    file: &SourceFile<'_>,
    tokens: &Tokens<'_>,
    constants: &rustc_hash::FxHashMap<String, String>,
    at: usize,
    out: &mut FileFacts,
) {
    let Some(word) = tokens.word(at) else { return };
    let mut push = |name: String, range| {
        // Set by cargo itself.
        if is_variable(&name) && !name.starts_with("CARGO_") && name != "OUT_DIR" {
            out.env_vars.push(file.name_use(name, Use::Read, range));
        }
    };
    let of_module = || {
        let module = at.checked_sub(2).and_then(|before| tokens.word(before));
        tokens.is(at.saturating_sub(1), "::") && matches!(module, Some("env" | "dotenvy" | "dotenv"))
    };
    let open = match word {
        "var" | "var_os" if of_module() => at + 1,
        "env" | "option_env" if tokens.is(at + 1, "!") => at + 2,
        "env" if tokens.is(at + 1, "=") => {
            if let Some(name) = tokens.literal(at + 2) {
                push(name, tokens.literal_range(at + 2));
            }
            return;
        }
        "env" => {
            if let Some((name, range)) = argument_variable(tokens, at) {
                push(name, range);
            }
            return;
        }
        _ => return,
    };
    let Some(first) = tokens.arguments(tokens.inside(open)).into_iter().next() else { return };
    if let Some(name) = tokens.literal(first.start) {
        push(name, tokens.literal_range(first.start));
    } else if let Some(name) = tokens.word(first.start).and_then(|word| constants.get(word))
        && first.len() == 1
    {
        push(name.clone(), tokens.bytes(&first));
    }
}

/// clap's `#[arg(long, env)]`: the variable has the name of the field in capitals.
fn argument_variable(tokens: &Tokens<'_>, at: usize) -> Option<(String, std::ops::Range<usize>)> {
    let alone = tokens.is(at + 1, ",") || tokens.is(at + 1, ")");
    // `(… , env)` `]`, then the field.
    let close = tokens.find(at..at + 40, &[")"]).filter(|close| alone && tokens.is(close + 1, "]"))?;
    let mut next = close + 2;
    while tokens.is(next, "#") && tokens.is(next + 1, "[") {
        next = tokens.after(next + 1);
    }
    if tokens.is(next, "pub") {
        next += 1;
        if tokens.is(next, "(") {
            next = tokens.after(next);
        }
    }
    let field = tokens.word(next).filter(|_| tokens.is(next + 1, ":"))?;
    Some((field.to_uppercase(), tokens.bytes(&(next..next + 1))))
}

/// Whether a text can be the name of an environment variable.
fn is_variable(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
