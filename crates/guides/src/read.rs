use crate::words::all_key_words;
use rustc_hash::FxHashMap;
use trueup_markdown::{Document, Kind, NodeId, normalise_title};
use trueup_text::Span;

/// How binding a rule is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Strength {
    /// It has to be done: MUST, ALWAYS, REQUIRED.
    Must,
    /// It may not be done: MUST NOT, NEVER, DO NOT.
    Never,
}

/// A rule of a guide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HouseRule {
    /// Its words without markup.
    pub text: String,
    /// How binding it is.
    pub strength: Strength,
    /// The title of the section that it stands in.
    pub section: String,
    /// Where.
    pub span: Span,
}

/// A file of house rules.
#[derive(Clone, Debug)]
pub struct Guide {
    /// Path from the root.
    pub path: String,
    /// Its rules, in its order.
    pub rules: Vec<HouseRule>,
    /// Every statement in it, rules or not, with its place: a spec may cite any of them.
    pub statements: Vec<(String, Span)>,
    /// The words of the statements with the places of the statements that hold them.
    pub(crate) by_word: FxHashMap<String, Vec<u32>>,
}

/// Reads the rules of a guide: sentences, list items and table rows with MUST, NEVER, ALWAYS and the like
/// in capitals or in bold, or in front; and all items below a heading such as "Never".
pub fn read_guide(path: &str, document: &Document) -> Guide {
    let mut guide = Guide {
        path: path.to_owned(),
        rules: Vec::new(),
        statements: Vec::new(),
        by_word: FxHashMap::default(),
    };
    let mut section = String::new();
    let mut by_heading = None;
    for block in document.blocks() {
        match document.kind(block) {
            Kind::Heading(_) => {
                section = document.plain(block).trim().to_owned();
                by_heading = of_heading(&section);
            }
            Kind::Paragraph => {
                for (text, span) in sentences(document, block) {
                    add(&mut guide, text, span, &section, None);
                }
            }
            Kind::List { .. } => {
                for node in document.descendants(block) {
                    if matches!(document.kind(node), Kind::Item(_)) {
                        let (text, span) = own_words(document, node);
                        add(&mut guide, text, span, &section, by_heading);
                    }
                }
            }
            Kind::Table => {
                for row in document.table_rows(block).into_iter().skip(1) {
                    let cells: Vec<&str> = row.cells.iter().map(|c| c.text(document.text())).collect();
                    let text = cells.join(" | ").replace("**", "").replace('`', "");
                    let strong = by_heading;
                    add(&mut guide, text, row.line, &section, strong);
                }
            }
            _ => {}
        }
    }
    guide
}

fn add(guide: &mut Guide, text: String, span: Span, section: &str, by_heading: Option<Strength>) {
    if text.split_whitespace().count() < 2 {
        return;
    }
    if let Some(strength) = strength_of(&text).or(by_heading) {
        guide.rules.push(HouseRule { text: text.clone(), strength, section: section.to_owned(), span });
    }
    let at = guide.statements.len() as u32;
    for word in all_key_words(&text.to_lowercase()) {
        match guide.by_word.get_mut(word) {
            // A word counts once in a statement.
            Some(statements) if statements.last() == Some(&at) => {}
            Some(statements) => statements.push(at),
            None => {
                guide.by_word.insert(word.to_owned(), vec![at]);
            }
        }
    }
    guide.statements.push((text, span));
}

/// What a heading makes of the items below it: "Never", "MUST rules", "Always", "Hard rules".
fn of_heading(title: &str) -> Option<Strength> {
    let core = normalise_title(title).core;
    let words: Vec<&str> = core.split(' ').collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    // A long title speaks about something; a short one says what its items are.
    if words.len() > 4 {
        return None;
    }
    if has(&["never", "forbidden", "prohibited"])
        || core.starts_with("must not")
        || core.starts_with("do not")
        || core == "dont"
    {
        return Some(Strength::Never);
    }
    (has(&["always", "must", "mandatory", "required"]) && !has(&["optional"])
        || core == "rules"
        || core == "hard rules")
        .then_some(Strength::Must)
}

/// How binding a sentence is: words in capitals anywhere, or in any case in front.
fn strength_of(text: &str) -> Option<Strength> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    let mut words = parts.filter(|word| !word.is_empty()).peekable();
    let mut front = true;
    while let Some(word) = words.next() {
        let mut not = || words.peek().is_some_and(|next| next.eq_ignore_ascii_case("not"));
        match word {
            "MUST" | "SHALL" if not() => return Some(Strength::Never),
            "NEVER" | "FORBIDDEN" | "PROHIBITED" => return Some(Strength::Never),
            "DO" | "Do" if not() && (front || word == "DO") => return Some(Strength::Never),
            "DON'T" | "DON’T" => return Some(Strength::Never),
            "MUST" | "SHALL" | "ALWAYS" | "REQUIRED" => return Some(Strength::Must),
            "Never" | "Don't" | "Don’t" if front => return Some(Strength::Never),
            "Always" if front => return Some(Strength::Must),
            "must" if front => return Some(Strength::Must),
            _ => {}
        }
        front = false;
    }
    None
}

/// The words of an item without those of the lists below it.
fn own_words(document: &Document, item: NodeId) -> (String, Span) {
    let parts: Vec<NodeId> = document
        .children(item)
        .filter(|n| {
            !matches!(document.kind(*n), Kind::List { .. } | Kind::Code { .. } | Kind::Table | Kind::Quote)
        })
        .collect();
    let text: Vec<String> =
        parts.iter().map(|n| document.plain(*n).split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let first = parts.first().map_or(document.span(item), |n| document.span(*n));
    let last = parts.last().map_or(first, |n| document.span(*n));
    (text.join(" ").trim().to_owned(), first.cover(last).trimmed(document.text()))
}

/// The sentences of a paragraph. Places are those of the whole paragraph, which is rarely long.
fn sentences(document: &Document, paragraph: NodeId) -> Vec<(String, Span)> {
    let span = document.span(paragraph).trimmed(document.text());
    let plain = document.plain(paragraph);
    let joined = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = Vec::new();
    let mut rest = joined.as_str();
    while let Some(at) = rest.find(". ") {
        let (sentence, after) = rest.split_at(at + 1);
        // "e.g. this" and "v. 2" end no sentence.
        let ends = after.trim_start().starts_with(|c: char| c.is_uppercase() || c == '`');
        if ends {
            out.push((sentence.trim().to_owned(), span));
            rest = after.trim_start();
        } else {
            let next = after.get(1..).and_then(|t| t.find(". ")).map(|n| at + 2 + n);
            match next {
                Some(next) if rest.get(next..next + 2) == Some(". ") => {
                    let (sentence, after) = rest.split_at(next + 1);
                    out.push((sentence.trim().to_owned(), span));
                    rest = after.trim_start();
                }
                _ => break,
            }
        }
    }
    if !rest.is_empty() {
        out.push((rest.to_owned(), span));
    }
    out
}
