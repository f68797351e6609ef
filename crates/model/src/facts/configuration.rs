//! Environment variables and settings.

use super::entities::lex::{Token, TokenKind, lex};
use super::reader::Reader;
use super::support::{Grid, items_below};
use rustc_hash::FxHashSet;
use trueup_markdown::{Kind, NodeId, SectionId};
use trueup_template::strip_inline;
use trueup_text::Span;

/// A setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Its name (`OM_CACHE_TTL`).
    pub name: String,
    /// Whether it is an environment variable.
    pub env: bool,
    /// Its default, where one is given.
    pub default: Option<String>,
    /// What is said of it.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Headings below a section on settings whose bullets are something else.
const OTHER: &[&str] = &[
    "acl",
    "permission",
    "permissions",
    "feature",
    "features",
    "role",
    "roles",
    "dependencies",
    "scripts",
    "cache",
    "extensions",
    "ports",
    "versions",
    "files",
    "discovery",
    "precedence",
    "rationale",
];

/// Reads environment variables and settings.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<Setting> {
    let mut settings = Settings { reader, old: false, list: Vec::new(), known: FxHashSet::default() };
    let mut sections = reader.sections("configuration");
    sections.extend(loose_sections(reader));
    sections.sort_unstable();
    for section in sections {
        for part in reader.territory(section) {
            let core = &reader.document.section(part).normal.core;
            let other = part != section && core.split(' ').any(|w| OTHER.contains(&w));
            for block in reader.blocks(part) {
                settings.block(block, other);
            }
        }
    }
    settings.list
}

/// Sections on environment variables inside others.
fn loose_sections(reader: &Reader<'_>) -> Vec<SectionId> {
    let titles = ["environment variable", "env var", "env configuration", "configuration surface"];
    reader.titled_outside("configuration", |id| {
        let core = &reader.document.section(id).normal.core;
        // One of the two is in each of them.
        (core.contains("env") || core.contains("surface")) && titles.iter().any(|title| core.contains(title))
    })
}

struct Settings<'r, 'a> {
    reader: &'r Reader<'a>,
    /// Whether a label above says that what follows is there already.
    old: bool,
    list: Vec<Setting>,
    known: FxHashSet<String>,
}

impl Settings<'_, '_> {
    fn block(&mut self, block: NodeId, other: bool) {
        let document = self.reader.document;
        match document.kind(block) {
            Kind::Table => self.table(block),
            Kind::List { .. } if !self.old => {
                for (_, first) in items_below(document, block) {
                    self.bullet(first, other);
                }
            }
            Kind::Code { .. } => self.code(block),
            Kind::Paragraph => self.sentence(block),
            _ => {}
        }
        let lower = document.plain(block).to_lowercase();
        self.old =
            document.kind(block) == Kind::Paragraph && lower.trim_end().ends_with(':') && is_old(&lower);
    }

    fn add(&mut self, name: &str, default: Option<String>, text: String, span: Span) {
        if self.known.insert(name.to_owned()) {
            let env = is_env(name);
            self.list.push(Setting { name: name.to_owned(), env, default, text, span });
        }
    }

    fn table(&mut self, block: NodeId) {
        let document = self.reader.document;
        let grid = Grid::of(document, block);
        let names = [
            "variable",
            "env var",
            "environment variable",
            "env",
            "setting",
            "name",
            "key",
            "option",
            "flag",
            "var",
            "env variable",
            "parameter",
            "config",
            "config key",
            "file env",
            "environment variables",
            "setting key",
        ];
        let Some(column) = grid.columns.iter().take(2).position(|c| names.contains(&c.as_str())) else {
            return;
        };
        let default = grid.column(&["default", "default value", "value", "defaults"]);
        let text = grid.column(&[
            "description",
            "purpose",
            "meaning",
            "notes",
            "effect",
            "why",
            "what",
            "use",
            "details",
        ]);
        for row in &grid.rows {
            let Some(cell) = row.cells.get(column) else { continue };
            let default = default.and_then(|c| row.cells.get(c)).and_then(|c| self.default_cell(*c));
            let text = text.and_then(|c| row.cells.get(c)).map(|c| document.plain(*c).trim().to_owned());
            let span = document.content_span(*cell);
            let codes: Vec<(String, Span)> = lex(span.text(document.text()), span.start as usize)
                .iter()
                .filter(|t| t.is_code())
                .map(|t| (t.text.to_owned(), t.span))
                .collect();
            let codes =
                if codes.is_empty() { vec![(document.plain(*cell).trim().to_owned(), span)] } else { codes };
            for (code, span) in codes {
                let (name, value) = split_value(&code);
                let name = name.trim_matches('`');
                if !name.is_empty() && !name.contains('/') {
                    let default = default.clone().or_else(|| value.and_then(stated));
                    self.add(name, default, text.clone().unwrap_or_default(), span);
                }
            }
        }
    }

    /// A default: the code in front of the cell, else all of it.
    fn default_cell(&self, cell: NodeId) -> Option<String> {
        let document = self.reader.document;
        let span = document.content_span(cell);
        let tokens = lex(span.text(document.text()), span.start as usize);
        match tokens.first().filter(|t| t.is_code()) {
            Some(code) => stated(code.text),
            None => stated(&document.plain(cell)),
        }
    }

    /// `` - `NAME` — text ``, `` - `NAME=value` (note) ``, `` - Feature flag: `a.b` ``
    fn bullet(&mut self, first: NodeId, other: bool) {
        let document = self.reader.document;
        let span = document.content_span(first);
        let tokens = lex(span.text(document.text()), span.start as usize);
        let Some(at) = tokens.iter().position(Token::is_code) else {
            self.bare(span);
            return;
        };
        let lead = &tokens[..at];
        let named = lead.iter().all(|t| t.kind == TokenKind::Mark && !t.is(":"))
            || lead.len() <= 4
                && lead.last().is_some_and(|t| t.is(":"))
                && lead.iter().any(|t| t.is_one_of(&["key", "flag", "setting", "variable", "env"]));
        if !named {
            self.mentioned(&tokens);
            return;
        }
        // Several names may share a bullet: `A` / `B` — text.
        let mut names = Vec::new();
        let mut next = at;
        while let Some(token) = tokens.get(next) {
            if token.is_code() {
                names.push(*token);
            } else if !(token.is(",") || token.is("/") || token.is_word("and") || token.is_word("or")) {
                break;
            }
            next += 1;
        }
        let behind = match (tokens.get(next), tokens.last()) {
            (Some(first), Some(last)) => first.span.cover(last.span).text(document.text()),
            _ => "",
        };
        let text = strip_inline(behind).trim_start_matches(['—', '–', '-', ':', ' ']).to_owned();
        if text.starts_with("unrelated") {
            return;
        }
        for token in names {
            let (name, value) = split_value(token.text);
            let fits =
                is_env(name) || !other && is_setting(name) && !document.plain(first).contains("(existing)");
            if fits {
                let default = value.and_then(stated).or_else(|| default_in(&tokens[next..]));
                self.add(name, default, text.clone(), token.span);
            }
        }
    }

    /// `- NAME=value` without ticks.
    fn bare(&mut self, span: Span) {
        let source = span.text(self.reader.text());
        let word = source.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or("");
        let (name, value) = split_value(word);
        if is_env(name) && name.contains('_') {
            let text = source[word.len()..].trim_start_matches([':', ' ', '—', '-']).to_owned();
            let start = span.start as usize;
            self.add(name, value.and_then(stated), text, Span::new(start, start + name.len()));
        }
    }

    /// Variables in running text, but for those that are there already.
    fn mentioned(&mut self, tokens: &[Token<'_>]) {
        let text = self.reader.text();
        for sentence in tokens.chunk_by(|before, after| !((before.is(".") || before.is("?")) && after.spaced))
        {
            let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else { continue };
            let lower = first.span.cover(last.span).text(text).to_lowercase();
            if is_old(&lower) || !["env", "variable", "flag"].iter().any(|w| lower.contains(w)) {
                continue;
            }
            for token in sentence.iter().filter(|t| t.is_code()) {
                let (name, value) = split_value(token.text);
                if is_env(name) && name.contains('_') {
                    self.add(name, value.and_then(stated), String::new(), token.span);
                }
            }
        }
    }

    fn sentence(&mut self, block: NodeId) {
        let document = self.reader.document;
        let span = document.content_span(block);
        let tokens = lex(span.text(document.text()), span.start as usize);
        self.mentioned(&tokens);
    }

    /// `NAME=value  # comment`
    fn code(&mut self, block: NodeId) {
        let document = self.reader.document;
        let language = document.code_language(block).to_lowercase();
        let known = [
            "",
            "bash",
            "sh",
            "shell",
            "env",
            "dotenv",
            "ini",
            "properties",
            "text",
            "txt",
            "toml",
            "console",
        ];
        if !known.contains(&language.as_str()) {
            return;
        }
        let span = document.code_span(block);
        let mut at = span.start as usize;
        for line in span.text(document.text()).split_inclusive('\n') {
            self.line(line, at);
            at += line.len();
        }
    }

    fn line(&mut self, line: &str, at: usize) {
        let text = line.trim_start_matches([' ', '\t', '#', '-']);
        let commented = line.trim_start().starts_with('#');
        let lead = line.len() - text.len();
        let text = text.strip_prefix("export ").unwrap_or(text);
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let assigned = rest.starts_with('=');
        let alone = rest.trim().is_empty() || rest.trim_start().starts_with('#');
        if !is_env(name) || !(assigned || alone && name.contains('_')) || commented && !assigned {
            return;
        }
        let (value, comment) = rest.split_once('#').unwrap_or((rest, ""));
        // Behind several blanks stands a remark.
        let value = value.trim().strip_prefix('=').map(|v| v.split("  ").next().unwrap_or(v));
        let default = value.and_then(stated);
        self.add(name, default, comment.trim().to_owned(), Span::new(at + lead, at + lead + end));
    }
}

/// Whether a sentence speaks of what is there already, or of what is not done.
fn is_old(lower: &str) -> bool {
    let words =
        ["existing", "no new", "no additional", "unchanged", "unrelated", "reuse", "already", "why not"];
    words.iter().any(|w| lower.contains(w)) || lower.starts_with("no ")
}

/// `NAME=value` in its parts.
fn split_value(code: &str) -> (&str, Option<&str>) {
    match code.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value)),
        None => (code.trim(), None),
    }
}

/// A default, unless it says that there is none, leaves a choice or is a placeholder.
fn stated(said: &str) -> Option<String> {
    let said = said.trim().trim_matches(['`', '"', '\'']);
    let none =
        ["", "—", "-", "–", "unset", "none", "n/a", "(unset)", "(none)", "not set", "required", "(required)"];
    let empty = none.iter().any(|n| said.eq_ignore_ascii_case(n));
    let open =
        said.contains('|') || said.starts_with('<') || said.starts_with('(') && said.contains("required");
    (!empty && !open).then(|| said.to_owned())
}

/// `default `14``, `defaults to false`
fn default_in(tokens: &[Token<'_>]) -> Option<String> {
    let at = tokens.iter().position(|t| t.is_one_of(&["default", "defaults"]))?;
    let next = tokens[at + 1..].iter().find(|t| !(t.is(":") || t.is_one_of(&["to", "is", "of", "value"])))?;
    let on = ["on", "off", "true", "false"];
    let value = next.is_code() || next.is_one_of(&on) || next.text.starts_with(|c: char| c.is_ascii_digit());
    value.then(|| next.text.to_owned()).and_then(|v| stated(&v))
}

/// Whether a name is one of an environment variable.
fn is_env(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'*' | b'<' | b'>'))
}

/// Whether code names a setting: parts with points or underscores between them, no path.
fn is_setting(name: &str) -> bool {
    let parted = name.contains(['.', '_']) && !name.ends_with(['.', '_']);
    let file = [".json", ".ts", ".tsx", ".js", ".md", ".cjs", ".yml", ".yaml", ".sh"];
    parted
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && !file.iter().any(|f| name.ends_with(f))
}

#[cfg(test)]
mod tests;
