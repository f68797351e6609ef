//! Keys of translations.

mod json;
mod key;

use super::entities::lex::{Token, TokenKind, lex};
use super::reader::Reader;
use super::support::{Grid, items_below};
use key::{expand, is_key, key_in, resolve};
use rustc_hash::FxHashMap;
use trueup_markdown::{Kind, NodeId, SectionId};
use trueup_text::Span;

/// A key of a translation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct I18nKey {
    /// The key as written; may hold a wildcard (`a.b.*`). Braces are spelt out.
    pub key: String,
    /// Its text, where one is given.
    pub text: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// Reads the keys of translations.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<I18nKey> {
    let mut keys =
        Keys { reader, list: Vec::new(), known: FxHashMap::default(), spoken: Vec::new(), old: false };
    let mut sections = reader.sections("i18n");
    sections.extend(loose_sections(reader));
    sections.sort_unstable();
    for section in sections {
        for (part, block) in reader.blocks_below(section) {
            keys.block(part, section, block);
        }
    }
    keys.finish()
}

/// Sections whose title says "keys" without being the template's section.
fn loose_sections(reader: &Reader<'_>) -> Vec<SectionId> {
    let keys = ["i18n keys", "translation keys", "locale keys", "localization keys", "i18n requirements"];
    reader.titled_outside("i18n", |id| {
        let section = reader.document.section(id);
        let core = &section.normal.core;
        let titled = || {
            keys.iter().any(|k| core.contains(k)) || core.ends_with(" and i18n") && !core.contains("phase")
        };
        // One of the two is in each of them.
        section.level > 1 && (core.contains("i18n") || core.contains(" keys")) && titled()
    })
}

struct Keys<'r, 'a> {
    reader: &'r Reader<'a>,
    list: Vec<I18nKey>,
    known: FxHashMap<String, usize>,
    /// Keys of running text, which only count where no list spells them out.
    spoken: Vec<I18nKey>,
    /// Whether a label above says that the keys are there already.
    old: bool,
}

impl Keys<'_, '_> {
    fn block(&mut self, part: SectionId, section: SectionId, block: NodeId) {
        let document = self.reader.document;
        let old_title = part != section && is_old(&document.section(part).normal.core);
        match document.kind(block) {
            Kind::Paragraph => self.paragraph(block, old_title),
            Kind::List { .. } if !(self.old || old_title) => {
                for (_, first) in items_below(document, block) {
                    self.bullet(first);
                }
                for node in document.descendants(block) {
                    if matches!(document.kind(node), Kind::Code { .. }) {
                        self.code(node);
                    }
                }
            }
            Kind::Table if !(self.old || old_title) => self.table(block),
            Kind::Code { .. } if !old_title => self.code(block),
            _ => {}
        }
        if document.kind(block) != Kind::Paragraph {
            self.old = false;
        }
    }

    fn tokens(&self, node: NodeId) -> Vec<Token<'_>> {
        let document = self.reader.document;
        let span = document.content_span(node);
        lex(span.text(document.text()), span.start as usize)
    }

    fn add(&mut self, key: String, text: Option<String>, span: Span) {
        match self.known.get(&key) {
            Some(_) => {}
            None => {
                self.known.insert(key.clone(), self.list.len());
                self.list.push(I18nKey { key, text, span });
            }
        }
    }

    /// A sentence names keys where it speaks of keys; those that are there already are left out.
    fn paragraph(&mut self, block: NodeId, old_title: bool) {
        let plain = self.reader.document.plain(block).to_lowercase();
        let words = ["key", "namespace", "string", "label", "translation", "under", "prefix", "message"];
        self.old = plain.trim_end().ends_with(':') && is_old(&plain);
        if old_title || !words.iter().any(|w| plain.contains(w)) {
            return;
        }
        let mut found = Vec::new();
        let tokens = self.tokens(block);
        let text = self.reader.text();
        for sentence in tokens.chunk_by(|before, after| !(before.is(".") && after.spaced)) {
            let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else { continue };
            let old = is_old(&words_of(text, first.span.cover(last.span), sentence));
            // `New keys under `a.*`, and reuse `b.*``: what stands before the turn is new.
            let turns: &[&str] =
                if old { &["existing", "reuse", "reuses", "already"] } else { &["reuse", "reuses"] };
            let turn = sentence.iter().position(|t| t.is_one_of(turns));
            let begins = first.is_one_of(&["new", "add", "adds"]);
            let whole = if old { 0 } else { sentence.len() };
            let end = turn.filter(|_| begins).unwrap_or(whole);
            let sentence = &sentence[..end];
            let mut above = None;
            for token in sentence.iter().filter(|t| t.is_code()) {
                for key in keys_of(token.text, &mut above, false) {
                    found.push(I18nKey { key, text: None, span: token.span });
                }
            }
        }
        self.spoken.extend(found);
    }

    fn bullet(&mut self, first: NodeId) {
        let document = self.reader.document;
        let tokens = self.tokens(first);
        let Some(at) = tokens.iter().position(Token::is_code) else {
            self.bare_bullet(first);
            return;
        };
        let lead = &tokens[..at];
        let speaks = lead.iter().any(|t| {
            t.is_one_of(&[
                "key",
                "keys",
                "namespace",
                "namespaces",
                "label",
                "labels",
                "string",
                "strings",
                "under",
            ])
        });
        let labelled = lead.last().is_some_and(|t| t.is(":") || t.is("(")) || lead.iter().any(|t| t.is(":"));
        let boxed = lead.iter().all(|t| t.kind == TokenKind::Mark || t.is_word("x"));
        let whole = tokens.last().map_or(tokens[at].span, |last| tokens[0].span.cover(last.span));
        let lower = words_of(document.text(), whole, &tokens);
        let there = ["already exist", "(existing", "(reused", "(unchanged"].iter().any(|w| lower.contains(w));
        if !(boxed || labelled || speaks) || there || !boxed && is_old(&lower) {
            return;
        }
        let mut above: Option<String> = None;
        let mut found: Vec<(String, usize)> = Vec::new();
        for (place, token) in tokens.iter().enumerate().filter(|(_, t)| t.is_code()) {
            found.extend(keys_of(token.text, &mut above, true).into_iter().map(|k| (k, place)));
        }
        let single = found.len() == 1;
        let mut out = Vec::new();
        for (key, place) in found {
            let text = if single { text_behind(document.text(), &tokens[place + 1..]) } else { None };
            out.push((key, text, tokens[place].span));
        }
        for (key, text, span) in out {
            self.add(key, text, span);
        }
    }

    /// `- orders.title: Orders` without ticks.
    fn bare_bullet(&mut self, first: NodeId) {
        let document = self.reader.document;
        let span = document.content_span(first);
        let source = span.text(document.text());
        let end = source.find([' ', ':', '=', '\n']).unwrap_or(source.len());
        let word = source[..end].trim_matches(['*', '_', '"', '\'']);
        if is_key(word) && word.matches('.').count() > 0 {
            let text = source[end..].trim_start_matches([':', '=', ' ', '—', '-']).trim();
            let text = text.trim_matches(['"', '“', '”']).to_owned();
            let at = Span::new(span.start as usize, span.start as usize + end);
            self.add(word.to_owned(), Some(text).filter(|t| !t.is_empty()), at);
        }
    }

    fn table(&mut self, block: NodeId) {
        let document = self.reader.document;
        let grid = Grid::of(document, block);
        let keys = grid.columns.iter().position(|c| {
            c == "key"
                || c == "keys"
                || c.ends_with(" key")
                || c.starts_with("key ")
                || c.contains("translation key")
                || c.contains("namespace")
        });
        let Some(keys) = keys else { return };
        let text = grid.columns.iter().enumerate().position(|(at, c)| {
            at != keys
                && ["en", "english", "default", "text", "value", "copy", "message", "translation", "source"]
                    .iter()
                    .any(|w| c.split(' ').any(|p| p == *w))
        });
        let mut above = None;
        for row in &grid.rows {
            let Some(cell) = row.cells.get(keys) else { continue };
            let span = document.content_span(*cell);
            let said = text
                .and_then(|t| row.cells.get(t))
                .map(|c| document.plain(*c).trim().trim_matches(['"', '“', '”']).to_owned());
            let said = said.filter(|t| !t.is_empty());
            let codes: Vec<(String, Span)> = {
                let tokens = self.tokens(*cell);
                tokens.iter().filter(|t| t.is_code()).map(|t| (t.text.to_owned(), t.span)).collect()
            };
            let plain = document.plain(*cell).trim().to_owned();
            let codes = if codes.is_empty() { vec![(plain, span)] } else { codes };
            for (code, span) in codes {
                let mut found = keys_of(&code, &mut above, false);
                // Below a header that says "key" a single word is one, too.
                if found.is_empty() && !code.contains([' ', '/']) && code.chars().any(char::is_alphabetic) {
                    found.push(code);
                }
                for key in found {
                    self.add(key, said.clone(), span);
                }
            }
        }
    }

    fn code(&mut self, block: NodeId) {
        let document = self.reader.document;
        let span = document.code_span(block);
        let source = span.text(document.text());
        let base = span.start as usize;
        let language = document.code_language(block).to_lowercase();
        if source.trim_start().starts_with(['{', '"']) || language.starts_with("json") {
            for (path, text, at) in json::entries(source) {
                if path.contains('.') {
                    self.add(path, Some(text), Span::new(base + at.start, base + at.end));
                }
            }
            return;
        }
        if !matches!(
            language.as_str(),
            "" | "text" | "txt" | "properties" | "plaintext" | "plain" | "ini" | "yaml" | "yml"
        ) {
            return;
        }
        let mut at = base;
        for line in source.split_inclusive('\n') {
            self.line(line, at);
            at += line.len();
        }
    }

    /// `orders.title = "Orders"`, `orders.title  // label`
    fn line(&mut self, line: &str, at: usize) {
        let text = line.trim_start_matches([' ', '\t', '-', '*', '"', '\'']);
        let lead = line.len() - text.len();
        let end = text
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | '"' | '\'' | '→'))
            .unwrap_or(text.len());
        let word = &text[..end];
        if !is_key(word) || !word.contains('.') {
            return;
        }
        let behind =
            text[end..].trim_start_matches(['\'', ' ', ':', '=', '-', '>', '→', '/', '\t', '#']).trim();
        // `"Save" / "Zapisz"`: the first of several languages.
        let quoted = behind.strip_prefix('"').and_then(|b| b.split_once('"')).map(|(text, _)| text);
        let said = quoted.unwrap_or_else(|| behind.trim_end_matches([',', '"', '\''])).to_owned();
        let span = Span::new(at + lead, at + lead + end);
        for key in expand(word) {
            self.add(key, Some(said.clone()).filter(|t| !t.is_empty()), span);
        }
    }

    /// Keys of running text count where no list has them, or a wildcard's keys, already.
    fn finish(mut self) -> Vec<I18nKey> {
        let spoken = std::mem::take(&mut self.spoken);
        let mut prefixes: FxHashMap<String, ()> = FxHashMap::default();
        for key in &self.list {
            let mut end = 0;
            for part in key.key.split('.').take(8) {
                end += part.len() + 1;
                prefixes.insert(key.key[..(end - 1).min(key.key.len())].to_owned(), ());
            }
        }
        for key in spoken {
            let stem = key.key.strip_suffix(".*").unwrap_or(&key.key);
            if !prefixes.contains_key(stem) {
                self.add(key.key, key.text, key.span);
            }
        }
        let mut list = self.list;
        list.sort_by_key(|k| k.span.start);
        list
    }
}

/// The keys that a piece of code names; relative ones hang below the one before.
fn keys_of(code: &str, above: &mut Option<String>, nested: bool) -> Vec<String> {
    let code = key_in(code);
    if let Some(relative) =
        code.strip_prefix("….").or_else(|| code.strip_prefix("...")).or_else(|| code.strip_prefix('.'))
    {
        let full = above.as_deref().and_then(|above| resolve(above, relative));
        return full.map(|f| expand(&f)).unwrap_or_default();
    }
    if !is_key(code) || !code.contains('.') {
        return Vec::new();
    }
    // `orders.*` — `panel.title`: what follows a wildcard hangs below it.
    if let Some(stem) = above.as_deref().and_then(|a| a.strip_suffix(".*"))
        && nested
        && !code.contains('*')
        && code.split('.').next() != stem.split('.').next()
    {
        return expand(&format!("{stem}.{code}"));
    }
    *above = Some(code.to_owned());
    expand(code)
}

/// The quoted text behind a key.
fn text_behind(text: &str, tokens: &[Token<'_>]) -> Option<String> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    let behind = first.span.cover(last.span).text(text);
    let open = behind.find(['"', '“'])?;
    let inner = behind[open..].trim_start_matches(['"', '“']);
    let close = inner.find(['"', '”'])?;
    Some(inner[..close].to_owned()).filter(|t| !t.is_empty())
}

/// What a part of a text says in small letters, without its code: `errors.already_asked` says nothing of a key
/// that exists already.
fn words_of(text: &str, whole: Span, tokens: &[Token<'_>]) -> String {
    let mut out = String::new();
    let mut at = whole.start;
    for token in tokens.iter().filter(|token| token.is_code()) {
        out.push_str(text.get(at as usize..token.span.start as usize).unwrap_or(""));
        at = token.span.end;
    }
    out.push_str(text.get(at as usize..whole.end as usize).unwrap_or(""));
    out.to_lowercase()
}

/// Whether a sentence says that the keys are there already.
fn is_old(lower: &str) -> bool {
    let old = ["existing", "already", "reuse", "continues to use", "unchanged", "convention"]
        .iter()
        .any(|w| lower.contains(w));
    let new = ["add ", "new key", "new i18n", "must be added", "are **new**", "new translation", "added"]
        .iter()
        .any(|w| lower.contains(w));
    old && (!new || lower.contains("no new")) || lower.contains("no new keys are")
}

#[cfg(test)]
mod tests;
