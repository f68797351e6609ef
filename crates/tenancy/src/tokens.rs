//! Claims that name nobody by themselves: what somebody presents is looked up in a table, and the row that has it says
//! who speaks. `SELECT tenant_id FROM sessions WHERE token = current_setting('app.token')`.

use crate::calls::calls;
use crate::texts::{Side, all_texts, json_paths, mentions, settings, sides, text_of};
use trueup_catalog::{Catalog, ConstraintKind, Function, Relation, quote_literal};

/// A setting, and the path that is read from it where it holds JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub name: String,
    pub path: Vec<String>,
}

/// A comparison by which a row is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lookup {
    pub read: Read,
    pub schema: String,
    pub table: String,
    pub column: String,
    /// What the column is compared with, as SQL that reads the setting: `md5(current_setting('app.token'))`.
    pub sql: String,
}

/// A text in which rows may be looked up, with the function of which it is the body.
struct Place<'c> {
    text: &'c str,
    function: Option<&'c Function>,
}

/// All comparisons by which rows are found that say who speaks.
pub(crate) fn lookups(catalog: &Catalog) -> Vec<Lookup> {
    let bodies = catalog.functions.iter().filter(|own| !own.is_trigger);
    let bodies = bodies.map(|own| Place { text: text_of(own), function: Some(own) });
    let conditions = catalog.relations.iter().flat_map(|table| {
        table.policies.iter().flat_map(|policy| policy.using.iter().chain(&policy.check)).map(String::as_str)
    });
    let places = bodies.chain(conditions.map(|text| Place { text, function: None }));
    let wrappers: Vec<&Function> = catalog.functions.iter().filter(|own| is_wrapper(catalog, own)).collect();
    let mut out: Vec<Lookup> = Vec::new();
    let mut named: Vec<Read> = Vec::new();
    for place in places {
        let reads_table = mentions(place.text, "from");
        for Side { column, of, other } in sides(place.text) {
            let Some((read, sql)) = resolved(catalog, &wrappers, &place, &other) else { continue };
            let table = reads_table.then(|| holder(catalog, place.text, &column, of.as_deref())).flatten();
            match table {
                Some(table) if is_token(table, &column, &read) => {
                    let lookup =
                        Lookup { read, schema: table.schema.clone(), table: table.name.clone(), column, sql };
                    if !out.iter().any(|own| (&own.table, &own.column) == (&lookup.table, &lookup.column)) {
                        out.push(lookup);
                    }
                }
                // It is the key of somebody where it is compared with one.
                _ if is_known(catalog, &column) => named.push(read),
                _ => {}
            }
        }
    }
    out.retain(|lookup| !named.contains(&lookup.read));
    out
}

/// The table of a text that has a column, by the name that stands before the column where one does.
fn holder<'c>(catalog: &'c Catalog, text: &str, column: &str, of: Option<&str>) -> Option<&'c Relation> {
    let words: Vec<String> = text.split_whitespace().map(|word| word.to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(|word| word.trim_matches(['"', ',', '(', ')', ';'])).collect();
    let called = |table: &&&Relation| {
        let Some(of) = of.map(str::to_lowercase) else { return true };
        let name = table.name.to_lowercase();
        let is_table =
            |word: &str| word.rsplit('.').next().is_some_and(|last| last.trim_matches('"') == name);
        let alias = |pair: &[&str]| matches!(pair, [table, alias] if is_table(table) && *alias == of);
        let with_as =
            |three: &[&str]| matches!(three, [table, "as", alias] if is_table(table) && *alias == of);
        name == of || words.windows(2).any(alias) || words.windows(3).any(with_as)
    };
    let read = |table: &&Relation| !table.is_partition && mentions(text, &table.name);
    let tables: Vec<&Relation> =
        catalog.tables().filter(read).filter(|table| table.column(column).is_some()).collect();
    tables.iter().find(called).or(tables.first()).copied()
}

fn points(table: &Relation, column: &str) -> bool {
    let mut keys = table.constraints.iter().filter(|own| own.kind == ConstraintKind::Foreign);
    keys.any(|own| own.columns.iter().any(|name| name == column))
}

/// Whether a name says whose ID it is.
fn names_somebody(name: &str) -> bool {
    crate::model::names_tenant(name) || crate::model::names_user(name)
}

/// Whether a column of this name is, in any table, the key of somebody.
fn is_known(catalog: &Catalog, column: &str) -> bool {
    names_somebody(column)
        || catalog.tables().any(|table| table.column(column).is_some() && points(table, column))
}

/// Whether a column holds what is presented, rather than who somebody is.
fn is_token(table: &Relation, column: &str, read: &Read) -> bool {
    let last = read.path.last().unwrap_or(&read.name).to_lowercase();
    let last = last.rsplit('.').next().unwrap_or("");
    if names_somebody(column) || points(table, column) || last.contains("email") || last == "role" {
        return false;
    }
    let words = ["token", "key", "session", "sid", "secret", "hash", "jti", "nonce", "credential"];
    let presented = |name: &str| words.iter().any(|word| name.to_lowercase().contains(word));
    let alone = |own: &ConstraintKind| {
        let mut keys = table.constraints.iter().filter(|key| key.kind == *own);
        keys.any(|key| key.columns.as_slice() == [column.to_owned()])
    };
    let leads = table
        .columns
        .iter()
        .any(|own| own.name != column && (names_somebody(&own.name) || points(table, &own.name)));
    match alone(&ConstraintKind::Primary) {
        // A key may be who somebody is: `id = auth.uid()`. One that is presented leads to somebody else.
        true => leads && (presented(last) || presented(column)),
        false => leads || presented(column) || alone(&ConstraintKind::Unique),
    }
}

/// The claim that an expression reads, and the expression with what stands for it written out.
fn resolved(
    catalog: &Catalog,
    wrappers: &[&Function],
    place: &Place<'_>,
    expr: &str,
) -> Option<(Read, String)> {
    let direct = |sql: &str| read_of(wrappers, sql).map(|read| (read, sql.to_owned()));
    if let Some(found) = direct(expr) {
        return Some(found);
    }
    let function = place.function?;
    for (name, value) in variables(place.text) {
        if mentions(expr, &name) && read_of(wrappers, &value).is_some() {
            return direct(&replaced(expr, &name, &value));
        }
    }
    let names = function.argument_types.iter().enumerate().map(|(at, _)| {
        (at, function.argument_names.get(at).cloned().unwrap_or_default(), format!("${}", at + 1))
    });
    for (at, name, number) in names {
        let named = !name.is_empty() && mentions(expr, &name);
        if !named && !expr.contains(&number) {
            continue;
        }
        let all = all_texts(catalog).into_iter().flat_map(|text| calls(text, &function.name));
        let mut given = all.filter_map(|arguments| Some((*arguments.get(at)?).to_owned()));
        if let Some(value) = given.find(|value| read_of(wrappers, value).is_some()) {
            let sql = if named {
                replaced(expr, &name, &value)
            } else {
                expr.replace(&number, &format!("({value})"))
            };
            return direct(&sql);
        }
    }
    None
}

/// The setting that a text reads, by itself or through a function, and the path in it.
fn read_of(wrappers: &[&Function], text: &str) -> Option<Read> {
    let path = |text: &str| json_paths(text).into_iter().next().unwrap_or_default();
    if let Some((name, _)) = settings(text).into_iter().next() {
        return Some(Read { name, path: path(text) });
    }
    let wrapper = wrappers.iter().find(|own| !calls(text, &own.name).is_empty())?;
    let body = text_of(wrapper);
    let (name, _) = settings(body).into_iter().next()?;
    let own = path(body);
    Some(Read { name, path: if own.is_empty() { path(text) } else { own } })
}

/// Functions that read a claim and nothing else, be it through others.
fn is_wrapper(catalog: &Catalog, function: &Function) -> bool {
    let text = text_of(function);
    let reads = |own: &Function| mentions(text_of(own), "from") && !calls(text, &own.name).is_empty();
    function.argument_types.is_empty()
        && !function.is_trigger
        && !settings(text).is_empty()
        && !mentions(text, "from")
        && !catalog.functions.iter().any(reads)
}

/// Variables of a body, and what they get: `tok text := current_setting('app.token');`.
fn variables(text: &str) -> Vec<(String, String)> {
    let opening = ["declare", "begin", "then", "else", "loop"];
    let mut out = Vec::new();
    for part in text.split(';') {
        let Some((left, right)) = part.split_once(":=") else { continue };
        let mut words =
            left.split_whitespace().filter(|word| !opening.contains(&word.to_lowercase().as_str()));
        out.extend(words.next().map(|name| (name.to_owned(), right.trim().to_owned())));
    }
    out
}

/// An expression with a value in the place of a name, qualified or not.
fn replaced(expr: &str, name: &str, value: &str) -> String {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let (lower, name) = (expr.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in lower.match_indices(&name) {
        let before = expr.get(from..at).unwrap_or("");
        let after = expr.get(at + name.len()..).unwrap_or("");
        if before.ends_with(part) || after.starts_with(part) {
            continue;
        }
        // `f.token` is the argument of f.
        let start =
            if before.ends_with('.') { before.trim_end_matches('.').trim_end_matches(part) } else { before };
        out.push_str(start);
        out.push_str(&format!("({value})"));
        from = at + name.len();
    }
    out.push_str(expr.get(from..).unwrap_or(""));
    out
}

/// The expression of a lookup with a text in the place of the setting, and functions that read it written out.
pub(crate) fn inlined(catalog: &Catalog, lookup: &Lookup, held: &str) -> String {
    let mut sql = lookup.sql.clone();
    for wrapper in catalog.functions.iter().filter(|own| is_wrapper(catalog, own)) {
        let body = text_of(wrapper).trim().trim_end_matches(';').trim();
        let lower = body.to_ascii_lowercase();
        let Some(inner) = lower.strip_prefix("select ").and_then(|rest| body.get(body.len() - rest.len()..))
        else {
            continue;
        };
        for call in [wrapper.sql_name(), wrapper.name.clone()] {
            sql = sql.replace(&format!("{call}()"), &format!("({inner})"));
        }
    }
    while let Some((start, end)) = setting_call(&sql) {
        sql.replace_range(start..end, &format!("{}::text", quote_literal(held)));
    }
    sql
}

/// Where `current_setting(…)` stands.
fn setting_call(sql: &str) -> Option<(usize, usize)> {
    let word = "current_setting";
    let start = sql.to_ascii_lowercase().find(word)?;
    let (mut depth, mut quoted) = (0i32, false);
    for (at, c) in sql.char_indices().skip_while(|(at, _)| *at < start + word.len()) {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 && c == ')' {
            let before = sql.get(..start).unwrap_or("");
            let start = before.strip_suffix("pg_catalog.").map_or(start, str::len);
            return Some((start, at + 1));
        }
    }
    None
}
