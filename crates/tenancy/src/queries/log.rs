//! Statements in what a server or a tool wrote.
//!
//! Understood are the log of PostgreSQL as text, CSV or JSON ("Error Reporting and Logging" in its documentation; with
//! `log_statement`, `log_min_duration_statement` or `auto_explain`), CSV with a column `query` and perhaps `calls` as
//! one gets it from `pg_stat_statements`, and SQL.

use trueup_sql::Script;

/// A statement of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its text.
    pub sql: String,
    /// The line where it begins, from 1.
    pub line: u32,
    /// How often it was run.
    pub count: u64,
}

impl Logged {
    /// Its statements one by one: a client may send several in one text.
    pub(crate) fn parts(&self) -> Vec<Logged> {
        let mut out = Vec::new();
        let mut rest = self.sql.as_str();
        // Most texts are one statement.
        while rest.trim_end().trim_end_matches(';').contains(';') {
            let script = Script::read(rest);
            if script.unclosed.is_some() || !script.commands.is_empty() {
                break;
            }
            let data = script.statements.iter().position(|statement| statement.data.is_some());
            let here = data.map_or(script.statements.len(), |at| at + 1);
            let here = script.statements.get(..here).unwrap_or(&[]);
            out.extend(here.iter().map(|one| Logged { sql: one.text(rest).to_owned(), ..self.clone() }));
            // No data stands in what a client sends to be run: what follows COPY is the next statement.
            let end = here.last().filter(|_| data.is_some()).map_or(rest.len(), |one| one.span.range().end);
            rest = rest.get(end..).unwrap_or("").trim_start_matches(|c: char| c == ';' || c.is_whitespace());
        }
        if out.is_empty() || !rest.trim().is_empty() {
            out.push(Logged { sql: rest.to_owned(), ..self.clone() });
        }
        out
    }
}

/// The statements of a log, and how many of its lines belong to none.
pub fn read_log(text: &str) -> (Vec<Logged>, u64) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    if first.trim_start().starts_with('{') && first.contains("\"message\"") {
        return json_log(text);
    }
    if first.split(',').any(|name| name.trim().trim_matches('"') == "query") {
        return statistics(text);
    }
    // The message is the fourteenth column, and may be cut by the end of the line.
    if first.matches(',').count() > 12
        && first.starts_with(|c: char| c.is_ascii_digit())
        && severity(first).is_none()
    {
        return csv_log(text);
    }
    if text.lines().any(|line| severity(line).is_some()) {
        return text_log(text);
    }
    let script = Script::read(text);
    let one = |statement: &trueup_sql::Statement| Logged {
        sql: statement.span.text(text).to_owned(),
        line: statement.line,
        count: 1,
    };
    (script.statements.iter().map(one).collect(), script.commands.len() as u64)
}

/// Words by which the server says what sort of line it is, with two blanks behind the colon.
const SEVERITIES: [&str; 16] = [
    "LOG:",
    "DETAIL:",
    "STATEMENT:",
    "ERROR:",
    "WARNING:",
    "NOTICE:",
    "INFO:",
    "FATAL:",
    "PANIC:",
    "HINT:",
    "CONTEXT:",
    "DEBUG1:",
    "DEBUG2:",
    "DEBUG3:",
    "DEBUG4:",
    "DEBUG5:",
];

/// What stands behind the word in a line.
fn severity(line: &str) -> Option<(&'static str, &str)> {
    let found = SEVERITIES.iter().filter_map(|word| {
        let at = line.find(&format!("{word}  "))?;
        Some((at, *word, line.get(at + word.len() + 2..)?))
    });
    found.min_by_key(|(at, _, _)| *at).map(|(_, word, rest)| (word, rest))
}

fn text_log(text: &str) -> (Vec<Logged>, u64) {
    let (mut out, mut others) = (Vec::new(), 0);
    let mut open: Option<(String, u32)> = None;
    for (at, line) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        // The server puts a tab in front of what belongs to the line before.
        if let (Some(more), Some((message, _))) = (line.strip_prefix('\t'), &mut open) {
            message.push('\n');
            message.push_str(more);
            continue;
        }
        others += u64::from(!close(&mut open, &mut out));
        match severity(line) {
            Some(("LOG:", rest)) => open = Some((rest.to_owned(), number)),
            _ => others += 1,
        }
    }
    others += u64::from(!close(&mut open, &mut out));
    (out, others)
}

/// Ends a message; `false` where it was no statement.
fn close(open: &mut Option<(String, u32)>, out: &mut Vec<Logged>) -> bool {
    let Some((message, line)) = open.take() else { return true };
    let Some(sql) = statement_of(&message) else { return false };
    out.push(Logged { sql, line, count: 1 });
    true
}

/// The statement in a message of the server. What is only parsed or bound is run later, and told again.
fn statement_of(message: &str) -> Option<String> {
    if let Some((_, plan)) = message.split_once("Query Text:") {
        // The plan follows in lines of its own; its first names the costs, or a node.
        let end = plan
            .lines()
            .position(|line| line.contains("(cost=") || line.trim_start().starts_with("Query Parameters:"));
        let lines: Vec<&str> = plan.lines().take(end.unwrap_or(usize::MAX)).collect();
        return Some(lines.join("\n").trim().to_owned());
    }
    if let Some((_, plan)) = message.split_once("\"Query Text\":") {
        return json_text(plan.trim_start()).map(|(text, _)| text);
    }
    let rest = match message.strip_prefix("duration:") {
        Some(rest) => rest.split_once(" ms").map(|(_, rest)| rest.trim_start())?,
        None => message,
    };
    if let Some(sql) = rest.strip_prefix("statement:") {
        return Some(sql.trim().to_owned());
    }
    let (_, sql) = rest.strip_prefix("execute ")?.split_once(": ")?;
    Some(sql.trim().to_owned())
}

fn json_log(text: &str) -> (Vec<Logged>, u64) {
    let (mut out, mut others) = (Vec::new(), 0);
    for (at, line) in text.lines().enumerate() {
        let message = line.find("\"message\"").and_then(|at| line.get(at + 9..));
        let message = message.and_then(|rest| json_text(rest.trim_start().strip_prefix(':')?.trim_start()));
        match message.and_then(|(message, _)| statement_of(&message)) {
            Some(sql) => out.push(Logged { sql, line: u32::try_from(at + 1).unwrap_or(u32::MAX), count: 1 }),
            None => others += 1,
        }
    }
    (out, others)
}

/// A string of JSON, and what follows it.
fn json_text(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut characters = text.strip_prefix('"')?.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((out, text.get(at + 2..)?)),
            '\\' => match characters.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'u' => {
                    let code: String = characters.by_ref().take(4).map(|(_, c)| c).collect();
                    out.push(
                        u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'),
                    );
                }
                other => out.push(other),
            },
            c => out.push(c),
        }
    }
    None
}

/// Rows of CSV with the lines where they begin.
fn csv(text: &str) -> Vec<(u32, Vec<String>)> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut line, mut start) = (false, 1u32, 1u32);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        line += u32::from(c == '\n');
        match (c, quoted) {
            ('"', true) if characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut field)),
            ('\r', false) => {}
            ('\n', false) => {
                row.push(std::mem::take(&mut field));
                rows.push((start, std::mem::take(&mut row)));
                start = line;
            }
            (c, _) => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push((start, row));
    }
    rows
}

/// The message is the fourteenth column ("Using CSV-Format Log Output").
fn csv_log(text: &str) -> (Vec<Logged>, u64) {
    let (mut out, mut others) = (Vec::new(), 0);
    for (line, row) in csv(text) {
        let is_log = row.get(11).is_some_and(|severity| severity == "LOG");
        match row.get(13).filter(|_| is_log).and_then(|message| statement_of(message)) {
            Some(sql) => out.push(Logged { sql, line, count: 1 }),
            None => others += 1,
        }
    }
    (out, others)
}

fn statistics(text: &str) -> (Vec<Logged>, u64) {
    let mut rows = csv(text).into_iter();
    let Some((_, names)) = rows.next() else { return (Vec::new(), 0) };
    let column = |name: &str| names.iter().position(|other| other.trim() == name);
    let (query, calls) = (column("query"), column("calls"));
    let (mut out, mut others) = (Vec::new(), 1);
    for (line, row) in rows {
        let count = calls.and_then(|at| row.get(at)).and_then(|count| count.trim().parse().ok()).unwrap_or(1);
        match query.and_then(|at| row.get(at)).filter(|sql| !sql.trim().is_empty()) {
            Some(sql) => out.push(Logged { sql: sql.trim().to_owned(), line, count }),
            None => others += 1,
        }
    }
    (out, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_found_in_each_form() {
        let check = |text: &str, expected: &[(&str, u32, u64)], others: u64| {
            let (found, other) = read_log(text);
            let found: Vec<(&str, u32, u64)> =
                found.iter().map(|one| (one.sql.as_str(), one.line, one.count)).collect();
            assert_eq!((found.as_slice(), other), (expected, others), "{text}");
        };
        check(
            "2026-11-22 10:00:00 UTC [7] app@shop LOG:  statement: SELECT 1\n\tFROM t\n2026 LOG:  execute s1: SELECT $1\n2026 DETAIL:  parameters: $1 = 'a'\n",
            &[("SELECT 1\nFROM t", 1, 1), ("SELECT $1", 3, 1)],
            1,
        );
        check(
            "x LOG:  duration: 0.2 ms  bind s: SELECT 1\nx LOG:  duration: 0.2 ms  statement: SELECT 2\n",
            &[("SELECT 2", 2, 1)],
            1,
        );
        check(
            "x LOG:  duration: 0.2 ms  plan:\n\tQuery Text: SELECT *\n\tFROM t\n\tSeq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n",
            &[("SELECT *\nFROM t", 1, 1)],
            0,
        );
        check("x ERROR:  no\nx STATEMENT:  SELECT 1\n", &[], 2);
        check(
            "{\"error_severity\":\"LOG\",\"message\":\"statement: SELECT \\\"a\\\"\\nFROM t\"}\n{\"message\":\"ready\"}\n",
            &[("SELECT \"a\"\nFROM t", 1, 1)],
            1,
        );
        check(
            "query,calls\n\"SELECT $1\n, 2\",30\nSELECT 3,1\n",
            &[("SELECT $1\n, 2", 2, 30), ("SELECT 3", 4, 1)],
            1,
        );
        let csv = "2026-11-22 10:00:00.000 UTC,\"app\",\"shop\",7,\"[local]\",1,2,\"SELECT\",2026,3/4,0,LOG,00000,\"statement: SELECT 1, \"\"x\"\"\nFROM t\",,,,,,,,,\"psql\",\"client backend\",,0\n";
        check(csv, &[("SELECT 1, \"x\"\nFROM t", 1, 1)], 0);
        check("SELECT 1;\n-- two\nSELECT 2;\n", &[("SELECT 1", 1, 1), ("SELECT 2", 3, 1)], 0);
    }
}
