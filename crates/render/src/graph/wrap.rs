//! Text in a box whose font is not known: widths are estimated, rather too wide than too narrow.

/// The width of a character in a sans-serif font, in parts of the font's size.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' => 0.32,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '`' | '"' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 0.95,
        'A'..='Z' | '&' => 0.74,
        _ if c.is_ascii() => 0.6,
        _ if crate::plain::char_width(c) == 0 => 0.0,
        _ if crate::plain::char_width(c) == 1 => 0.68,
        _ => 1.15,
    }
}

pub(super) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// A text in at most `lines` lines of some width; what does not fit is cut off with a mark.
pub(super) fn wrap(text: &str, size: f64, width: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace().flat_map(|word| pieces(word, size, width)) {
        let joined = out.last_mut().is_some_and(|line| word.joined(line, size, width));
        if !joined {
            out.push(word.text.to_owned());
        }
    }
    if out.len() > lines {
        out.truncate(lines);
        if let Some(last) = out.last_mut() {
            *last = cut(&format!("{last} …"), size, width);
        }
    }
    out
}

/// A text cut to a width, with a mark where something was cut off.
pub(super) fn cut(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let room = width - text_width("…", size);
    let mut used = 0.0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += advance(*c) * size;
            used <= room
        })
        .collect();
    format!("{}…", kept.trim_end_matches(|c: char| c == '…' || c.is_whitespace()))
}

/// A word or a part of one.
struct Piece<'t> {
    text: &'t str,
    /// Whether a space stands before it.
    starts_word: bool,
}

impl Piece<'_> {
    /// Appends the piece where it fits into the line.
    fn joined(&self, line: &mut String, size: f64, width: f64) -> bool {
        let gap = if self.starts_word { " " } else { "" };
        let fits = text_width(line, size) + text_width(gap, size) + text_width(self.text, size) <= width;
        if fits {
            line.push_str(gap);
            line.push_str(self.text);
        }
        fits
    }
}

/// A word that is too long for a line, broken after its hyphens and slashes, else anywhere.
fn pieces(word: &str, size: f64, width: f64) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut start = 0;
    if text_width(word, size) > width {
        let (mut used, mut last_break) = (0.0, 0);
        for (at, c) in word.char_indices() {
            used += advance(c) * size;
            if used > width && at > start {
                let end = if last_break > start { last_break } else { at };
                out.push(Piece { text: &word[start..end], starts_word: start == 0 });
                used = text_width(&word[end..at + c.len_utf8()], size);
                start = end;
            }
            if matches!(c, '-' | '/' | '_' | '.') {
                last_break = at + c.len_utf8();
            }
        }
    }
    out.push(Piece { text: &word[start..], starts_word: start == 0 });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(wrap("Returns of whole orders", 10.0, 80.0, 3), ["Returns of", "whole orders"]);
        assert_eq!(wrap("", 10.0, 80.0, 3), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_fit_is_marked() {
        let lines = wrap("one two three four five six seven eight nine", 10.0, 60.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert!(lines.iter().all(|line| text_width(line, 10.0) <= 60.0), "{lines:?}");
    }

    #[test]
    fn long_words_are_broken_at_hyphens() {
        let lines = wrap("2026-01-01-returns-of-whole-orders", 10.0, 100.0, 9);
        assert!(lines.len() > 1 && lines[0].ends_with('-'), "{lines:?}");
        assert_eq!(lines.concat(), "2026-01-01-returns-of-whole-orders");
        assert_eq!(wrap(&"漢".repeat(40), 10.0, 60.0, 99).concat().chars().count(), 40);
    }
}
