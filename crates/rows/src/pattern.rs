//! A text that a simple regular expression matches.

/// Texts that are made of a pattern.
const TURNS: usize = 12;
/// Longest text that is made.
const LONGEST: usize = 200;

/// Texts that a pattern matches, each once: a key takes no text twice.
pub(crate) fn samples(pattern: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for turn in 0..TURNS {
        all.extend(sample(pattern, turn).filter(|text| !all.contains(text)));
    }
    all
}

/// A text that a simple pattern of PostgreSQL (`~`) matches, as far as can be told without the server.
pub fn matching(pattern: &str) -> Option<String> {
    samples(pattern).into_iter().next()
}

/// A text that a pattern of PostgreSQL matches (`~`), for the simple ones: letters, classes, groups, alternatives and
/// quantifiers. Each turn takes other characters of its classes. Whether it does match is told by the server.
fn sample(pattern: &str, turn: usize) -> Option<String> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut reader = Reader { rest: &characters, depth: 0, turn };
    let text = reader.alternatives()?;
    (reader.rest.is_empty() && text.len() <= LONGEST).then_some(text)
}

/// A text that a pattern of `LIKE` matches.
pub(crate) fn sample_like(pattern: &str) -> String {
    pattern.replace(['%', '_'], "x")
}

struct Reader<'p> {
    rest: &'p [char],
    depth: u32,
    /// Which of the characters of a class is taken.
    turn: usize,
}

impl Reader<'_> {
    fn take(&mut self) -> Option<char> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// The text of the first alternative; the others are read over.
    fn alternatives(&mut self) -> Option<String> {
        let first = self.sequence()?;
        while self.rest.first() == Some(&'|') {
            self.take();
            self.sequence()?;
        }
        Some(first)
    }

    fn sequence(&mut self) -> Option<String> {
        let mut out = String::new();
        while let Some(next) = self.rest.first() {
            match next {
                '|' => break,
                ')' if self.depth > 0 => break,
                '^' | '$' => {
                    self.take();
                }
                _ => {
                    let atom = self.atom()?;
                    let times = self.quantifier();
                    if out.len() + atom.len() * times > LONGEST {
                        return None;
                    }
                    out.push_str(&atom.repeat(times));
                }
            }
        }
        Some(out)
    }

    fn atom(&mut self) -> Option<String> {
        match self.take()? {
            '(' => self.group(),
            '[' => self.class().map(String::from),
            '\\' => self.take().map(escaped),
            '.' => Some("a".to_owned()),
            other => Some(other.to_string()),
        }
    }

    fn group(&mut self) -> Option<String> {
        if self.rest.starts_with(&['?', ':']) {
            self.rest = self.rest.get(2..)?;
        } else if self.rest.first() == Some(&'?') {
            // What stands before or behind a place is looked at, not matched.
            return None;
        }
        if self.depth > 20 {
            return None;
        }
        self.depth += 1;
        let text = self.alternatives();
        self.depth -= 1;
        (self.take()? == ')').then_some(text?)
    }

    /// A character of a class.
    fn class(&mut self) -> Option<char> {
        let not = self.rest.first() == Some(&'^');
        if not {
            self.take();
        }
        let mut members = Vec::new();
        loop {
            match self.take()? {
                ']' if !members.is_empty() => break,
                '[' if self.rest.first() == Some(&':') => members.extend(self.named()?),
                '\\' => members.extend(escaped(self.take()?).chars()),
                other => members.push(other),
            }
        }
        let listed = |c: &char| {
            members.contains(c)
                || members.windows(3).any(|w| matches!(w, [from, '-', to] if from <= c && c <= to))
        };
        match not {
            true => "a0A-_ .@x9Z!b1".chars().find(|c| !listed(c)),
            false => {
                let letters = ('a'..='z').chain('0'..='9').chain('A'..='Z');
                let fitting: Vec<char> = letters.filter(listed).collect();
                let at = self.turn.checked_rem(fitting.len()).unwrap_or(0);
                fitting.get(at).or(members.first()).copied()
            }
        }
    }

    /// `[:alpha:]`, behind its first bracket.
    fn named(&mut self) -> Option<Vec<char>> {
        let end = self.rest.iter().position(|c| *c == ']')?;
        let name: String = self.rest.get(..end)?.iter().collect();
        self.rest = self.rest.get(end + 1..)?;
        let members = match name.trim_matches(':') {
            "digit" => "0123456789",
            "upper" => "ABC",
            "space" => " ",
            "punct" => "-._",
            _ => "abc",
        };
        Some(members.chars().collect())
    }

    /// How often: the fewest times, but once where none would do.
    fn quantifier(&mut self) -> usize {
        let times = match self.rest.first() {
            Some('*' | '+' | '?') => {
                self.take();
                1
            }
            Some('{') => self.counted(),
            _ => return 1,
        };
        if self.rest.first() == Some(&'?') {
            self.take();
        }
        times
    }

    fn counted(&mut self) -> usize {
        let Some(end) = self.rest.iter().position(|c| *c == '}') else { return 1 };
        let inner: String = self.rest.get(1..end).unwrap_or(&[]).iter().collect();
        self.rest = self.rest.get(end + 1..).unwrap_or(&[]);
        let mut numbers = inner.split(',').map(|number| number.trim().parse().unwrap_or(0));
        match (numbers.next().unwrap_or(1), numbers.next()) {
            (0, None | Some(0)) => 0,
            (least, _) => least.max(1),
        }
    }
}

fn escaped(letter: char) -> String {
    match letter {
        'd' => "1".to_owned(),
        'w' => "a".to_owned(),
        's' => " ".to_owned(),
        'D' | 'S' => "a".to_owned(),
        'W' => "-".to_owned(),
        // Borders of words and of the text match no character.
        'm' | 'M' | 'y' | 'A' | 'Z' => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_patterns_are_matched() {
        let check = |pattern: &str, expected: Option<&str>| {
            assert_eq!(sample(pattern, 0).as_deref(), expected, "{pattern}")
        };
        check("^[a-z]{3}$", Some("aaa"));
        check("^[A-Z]{2}[0-9]{4,6}$", Some("AA0000"));
        check(r"^\d+-(abc|def)?$", Some("1-abc"));
        check("^[^@]+@[^@]+\\.[a-z]+$", Some("a@a.a"));
        check("^#[[:digit:]]{6}$", Some("#000000"));
        check("^(?=x)", None);
        check("^(a", None);
        check("a{999}", None);
    }

    #[test]
    fn each_turn_is_another_text_where_there_are_several() {
        assert_eq!(samples("^[A-C]{2}$"), ["AA", "BB", "CC"]);
        assert_eq!(samples("^x$"), ["x"]);
        assert_eq!(samples("^(?=x)"), Vec::<String>::new());
    }
}
