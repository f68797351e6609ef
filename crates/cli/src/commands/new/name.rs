//! How the files of a set are named, and the name of the next one.

use std::collections::BTreeMap;
use trueup_model::{Date, SpecId, find_dates};
use trueup_template::{Pattern, PatternPart};

/// Characters that a slug is cut to, at the end of a word.
const SLUG_LENGTH: usize = 60;

/// A part of a file's name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Part {
    /// Exactly this.
    Literal(String),
    /// A number of at least so many digits.
    Number(usize),
    /// `YYYY-MM-DD`
    Date,
    /// The title's words in lower case, joined by this.
    Slug(char),
    /// The title's words with capitals, joined by `_`.
    Words,
}

/// The form of a file's name without its ending, or of a folder's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct NameForm(pub(super) Vec<Part>);

impl NameForm {
    /// `SPEC-007-2026-01-31-order-returns`
    pub(super) fn numbered_and_dated(prefix: &str) -> NameForm {
        let dash = || Part::Literal("-".to_owned());
        NameForm(vec![
            Part::Literal(prefix.to_owned()),
            Part::Number(3),
            dash(),
            Part::Date,
            dash(),
            Part::Slug('-'),
        ])
    }

    /// `2026-01-31-order-returns`
    pub(super) fn dated() -> NameForm {
        NameForm(vec![Part::Date, Part::Literal("-".to_owned()), Part::Slug('-')])
    }

    /// The form that a template or the configuration gives; none where it asks for what a title cannot give.
    pub(super) fn of_pattern(pattern: &Pattern) -> Option<NameForm> {
        let digits = pattern.shown.chars().filter(|c| matches!(c, 'N' | 'X' | '0' | '#')).count();
        let parts = pattern.parts.iter().map(|part| match part {
            PatternPart::Literal(text) => Some(Part::Literal(text.clone())),
            PatternPart::Date => Some(Part::Date),
            PatternPart::Number => Some(Part::Number(digits.clamp(1, 5))),
            PatternPart::Slug | PatternPart::Text => Some(Part::Slug('-')),
            PatternPart::Word => Some(Part::Words),
            PatternPart::Version => None,
        });
        let mut parts = parts.collect::<Option<Vec<Part>>>()?;
        // `SPEC-NNN` names the ID; a file's name goes on with what it is about.
        if !parts.iter().any(|part| matches!(part, Part::Slug(_) | Part::Words)) {
            parts.extend([Part::Literal("-".to_owned()), Part::Slug('-')]);
        }
        Some(NameForm(parts))
    }

    /// The form that most names have; of equals the one of later names.
    pub(super) fn of_names<'n>(names: impl Iterator<Item = &'n str>) -> Option<NameForm> {
        let mut forms: BTreeMap<NameForm, (usize, Vec<&str>)> = BTreeMap::new();
        for (at, name) in names.enumerate() {
            let entry = forms.entry(NameForm::of_name(name)).or_default();
            entry.0 = at;
            entry.1.push(name);
        }
        let most = forms.into_iter().max_by_key(|(_, (last, names))| (names.len(), *last));
        most.map(|(form, (_, names))| form.with_digits_of(&names))
    }

    /// The form of one name. Numbers get their digits from all names together.
    fn of_name(stem: &str) -> NameForm {
        let mut parts = Vec::new();
        let mut rest = stem;
        if let Some(id) = numbered_id(stem) {
            let prefix = number_start(&id);
            if prefix > 0 {
                parts.push(Part::Literal(id.text[..prefix].to_owned()));
            }
            parts.push(Part::Number(0));
            rest = &stem[id.text.len()..];
        } else if starts_with_two_digits(stem) {
            parts.push(Part::Number(0));
            rest = &stem[2..];
        }
        let mut last = '-';
        while !rest.is_empty() {
            if let Some(separator) =
                rest.chars().next().filter(|c| matches!(c, '-' | '_' | '.' | ' ') && !parts.is_empty())
            {
                parts.push(Part::Literal(separator.to_string()));
                last = separator;
                rest = &rest[separator.len_utf8()..];
            }
            match find_dates(rest).first().filter(|date| date.start == 0) {
                Some(date) => {
                    parts.push(Part::Date);
                    rest = &rest[date.end..];
                }
                None => {
                    parts.push(words_form(rest, last));
                    break;
                }
            }
        }
        NameForm(parts)
    }

    /// As many digits as the names have that begin with a zero; as they come where none does.
    fn with_digits_of(mut self, names: &[&str]) -> NameForm {
        let padded =
            names.iter().filter_map(|name| number_text(name)).filter(|number| number.starts_with('0'));
        let digits = padded.map(str::len).max().unwrap_or(1);
        for part in &mut self.0 {
            if let Part::Number(width) = part {
                *width = digits;
            }
        }
        self
    }

    /// Whether names of this form carry a number.
    pub(super) fn is_numbered(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Number(_)))
    }

    /// What stands before the number: `SPEC-`.
    pub(super) fn prefix(&self) -> &str {
        match self.0.as_slice() {
            [Part::Literal(prefix), Part::Number(_), ..] => prefix,
            _ => "",
        }
    }

    /// A number with as many digits as the form wants.
    pub(super) fn padded(&self, number: u32) -> String {
        let width = self.0.iter().find_map(|part| match part {
            Part::Number(width) => Some(*width),
            _ => None,
        });
        format!("{number:0width$}", width = width.unwrap_or(1))
    }

    /// The name of a file: `number` stands for the numbered ID as it is written, such as `007`.
    pub(super) fn fill(&self, number: &str, today: Date, title: &str) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Literal(text) => text.clone(),
            Part::Number(_) => number.to_owned(),
            Part::Date => today.to_string(),
            Part::Slug(joiner) => slug(title, *joiner),
            Part::Words => capitals(title),
        });
        parts.collect()
    }

    /// The parts after the number.
    pub(super) fn after_number(&self) -> NameForm {
        let at = self.0.iter().position(|part| matches!(part, Part::Number(_)));
        NameForm(at.map_or(Vec::new(), |at| self.0[at + 1..].to_vec()))
    }
}

/// `04_Intake`
fn starts_with_two_digits(stem: &str) -> bool {
    let bytes = stem.as_bytes();
    bytes.len() > 3 && bytes[..2].iter().all(u8::is_ascii_digit) && bytes[2] == b'_'
}

fn words_form(words: &str, separator: char) -> Part {
    let snake = words.contains('_') && !words.contains('-') || separator == '_' && !words.contains('-');
    match () {
        () if snake && words.starts_with(char::is_uppercase) => Part::Words,
        () if snake => Part::Slug('_'),
        () => Part::Slug('-'),
    }
}

/// The numbered ID of a name. In `SPEC-2026-01-31-returns` the year is no number.
pub(super) fn numbered_id(name: &str) -> Option<SpecId> {
    let id = SpecId::of_file_name(name).filter(|id| id.numbered)?;
    let dated = find_dates(&name[number_start(&id)..]).first().is_some_and(|date| date.start == 0);
    (!dated).then_some(id)
}

/// Where the number of an ID begins in its text.
fn number_start(id: &SpecId) -> usize {
    if id.prefix.is_empty() { 0 } else { id.prefix.len() + "-".len() }
}

/// The digits of a name's number.
pub(super) fn number_text(name: &str) -> Option<&str> {
    if let Some(id) = numbered_id(name) {
        // `045c1`: the number is 045.
        let start = number_start(&id);
        let digits = name.get(start..)?.bytes().take_while(u8::is_ascii_digit).count();
        return name.get(start..start + digits);
    }
    starts_with_two_digits(name).then(|| &name[..2])
}

/// The title's words in lower case. Letters of the Latin script lose their marks, since such names
/// are typed into shells; other scripts stay.
pub(super) fn slug(title: &str, joiner: char) -> String {
    let mut out = String::new();
    for word in words(title) {
        let lower = word.to_lowercase();
        if !out.is_empty() {
            if out.chars().count() + 1 + lower.chars().count() > SLUG_LENGTH {
                break;
            }
            out.push(joiner);
        }
        out.push_str(&lower);
    }
    match out.char_indices().nth(SLUG_LENGTH) {
        Some((at, _)) => out[..at].to_owned(),
        None => out,
    }
}

fn capitals(title: &str) -> String {
    let words = words(title).map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    });
    words.collect::<Vec<_>>().join("_")
}

fn words(title: &str) -> impl Iterator<Item = String> {
    let plain: String = title.chars().filter(|c| !matches!(c, '\'' | '’')).map(unmarked).collect();
    let words: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// A Latin letter without its marks.
fn unmarked(c: char) -> String {
    let plain = match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ď' | 'đ' | 'ð' => "d",
        'Ď' | 'Đ' | 'Ð' => "D",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'Ì'..='Ï' | 'Ī' | 'Į' | 'İ' => "I",
        'ł' | 'ľ' | 'ļ' => "l",
        'Ł' | 'Ľ' | 'Ļ' => "L",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'Ñ' | 'Ń' | 'Ň' | 'Ņ' => "N",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' => "O",
        'ŕ' | 'ř' => "r",
        'Ŕ' | 'Ř' => "R",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ť' | 'ţ' | 'ț' => "t",
        'Ť' | 'Ţ' | 'Ț' => "T",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "Ae",
        'œ' => "oe",
        'Œ' => "Oe",
        'þ' => "th",
        c => return c.to_string(),
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(names: &[&str], number: u32) -> String {
        let form = NameForm::of_names(names.iter().copied()).expect("names");
        let today = Date { year: 2026, month: 8, day: 7 };
        form.fill(&form.padded(number), today, "Order returns")
    }

    #[test]
    fn new_names_are_like_the_others() {
        assert_eq!(next(&["2026-01-02-a-b", "2026-02-03-c", "notes"], 0), "2026-08-07-order-returns");
        assert_eq!(
            next(&["SPEC-001-2026-01-02-a-b", "SPEC-053a-2026-01-02-c"], 54),
            "SPEC-054-2026-08-07-order-returns"
        );
        assert_eq!(next(&["0007-use-postgres", "0008-x"], 9), "0009-order-returns");
        assert_eq!(next(&["eip-20", "eip-1559"], 1560), "eip-1560");
        assert_eq!(next(&["1029-quotas", "277-debug", "5000-x"], 5001), "5001-order-returns");
        assert_eq!(next(&["04_Intake_MVP_Specs", "05_Ui"], 6), "06_Order_Returns");
        assert_eq!(next(&["0001_first_things", "0002_more"], 3), "0003_order_returns");
        assert_eq!(next(&["returns", "quick-search"], 0), "order-returns");
        assert_eq!(next(&["SPEC-ENT-001-a", "SPEC-ENT-002-b"], 3), "SPEC-ENT-003-order-returns");
    }

    #[test]
    fn the_forms_of_templates_are_filled() {
        let today = Date { year: 2026, month: 8, day: 7 };
        let filled = |form: &str| {
            let form = NameForm::of_pattern(&Pattern::of(form).expect("a form")).expect("a name");
            form.fill(&form.padded(7), today, "Order returns")
        };
        assert_eq!(filled("YYYY-MM-DD-short-slug"), "2026-08-07-order-returns");
        assert_eq!(filled("SPEC-NNN-YYYY-MM-DD-slug"), "SPEC-007-2026-08-07-order-returns");
        assert_eq!(filled("SPEC-XXX"), "SPEC-007-order-returns");
    }

    #[test]
    fn slugs_are_typed_easily() {
        assert_eq!(
            slug("Zażółć gęślą: jaźń & Søren's naïve  straße", '-'),
            "zazolc-gesla-jazn-sorens-naive-strasse"
        );
        assert_eq!(slug("  ", '-'), "");
        assert_eq!(slug("注文の返品", '-'), "注文の返品");
        assert!(slug(&"word ".repeat(40), '-').len() <= SLUG_LENGTH);
        assert_eq!(number_text("SPEC-045c1-x"), Some("045"));
        assert_eq!(number_text("SPEC-ENT-012"), Some("012"));
        assert_eq!(number_text("2026-01-01-x"), None);
    }
}
