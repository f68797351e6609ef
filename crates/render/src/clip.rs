use crate::plain::{char_width, width};

/// Stands for what was cut off a line.
pub(crate) const ELLIPSIS: &str = "…";

/// Room for one ellipsis at each end.
const ELLIPSES: usize = 2;

/// The part of a line that is shown, split at the place that is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Clip<'t> {
    pub(crate) before: &'t str,
    pub(crate) marked: &'t str,
    pub(crate) after: &'t str,
    pub(crate) cut_left: bool,
    pub(crate) cut_right: bool,
}

/// Cuts a line to at most `columns` around the bytes `start..end`, which must lie between characters.
///
/// The start of the marked text is always shown. The work depends on `columns`, not on the line.
pub(crate) fn clip(line: &str, start: usize, end: usize, columns: usize) -> Clip<'_> {
    let (before, rest) = line.split_at_checked(start).unwrap_or((line, ""));
    let (marked, after) = rest.split_at_checked(end.saturating_sub(start)).unwrap_or((rest, ""));
    let whole = Clip { before, marked, after, cut_left: false, cut_right: false };
    // No character has more than four bytes, so a longer line cannot fit and need not be measured.
    if line.len() <= columns.saturating_mul(4) && width(line) <= columns {
        return whole;
    }

    let room = columns.saturating_sub(ELLIPSES).max(1);
    let lead = fitting_end(before, room / 4);
    let (shown, marked_width) = fitting_start(marked, room - lead.1);
    if shown.len() < marked.len() {
        return Clip {
            before: lead.0,
            marked: shown,
            after: "",
            cut_left: lead.0.len() < before.len(),
            cut_right: true,
        };
    }

    // Both sides get half of what is left, and what the other side does not need.
    let room = room - marked_width;
    let left = fitting_end(before, room);
    let right = fitting_start(after, room);
    let left = fitting_end(left.0, (room / 2).max(room - right.1));
    let right = fitting_start(right.0, room - left.1);
    Clip {
        before: left.0,
        marked,
        after: right.0,
        cut_left: left.0.len() < before.len(),
        cut_right: right.0.len() < after.len(),
    }
}

/// The longest start of a text that fits into some columns, and its width.
fn fitting_start(text: &str, columns: usize) -> (&str, usize) {
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        let with = taken + char_width(c);
        if with > columns {
            return (&text[..at], taken);
        }
        taken = with;
    }
    (text, taken)
}

/// The longest end of a text that fits into some columns, and its width.
fn fitting_end(text: &str, columns: usize) -> (&str, usize) {
    let mut taken = 0;
    for (at, c) in text.char_indices().rev() {
        let with = taken + char_width(c);
        if with > columns {
            return (&text[at + c.len_utf8()..], taken);
        }
        taken = with;
    }
    (text, taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clips around the text between the brackets and writes what is left, brackets included.
    fn clipped(line: &str, columns: usize) -> String {
        let start = line.find('[').unwrap();
        let end = line.find(']').unwrap() - 1;
        let line = line.replacen(['['], "", 1).replacen([']'], "", 1);
        let clip = clip(&line, start, end, columns);
        let cut = |cut: bool| if cut { ELLIPSIS } else { "" };
        let shown = format!(
            "{}{}[{}]{}{}",
            cut(clip.cut_left),
            clip.before,
            clip.marked,
            clip.after,
            cut(clip.cut_right)
        );
        assert!(width(&shown) <= columns + 2, "{shown}");
        shown
    }

    #[test]
    fn a_short_line_is_whole() {
        assert_eq!(clipped("one [two] three", 20), "one [two] three");
        assert_eq!(clipped("[]", 20), "[]");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        assert_eq!(clipped("0123456789 before [marked] after 0123456789", 24), "… before [marked] after 0…");
    }

    #[test]
    fn room_that_one_side_does_not_need_goes_to_the_other() {
        assert_eq!(clipped("a [marked] after 0123456789 0123456789", 24), "a [marked] after 0123456…");
        assert_eq!(clipped("0123456789 0123456789 [end]", 16), "…0123456789 [end]");
    }

    #[test]
    fn a_long_mark_keeps_its_start() {
        assert_eq!(clipped("0123456789[abcdefghijklmnopqrstuvwxyz]0123", 18), "…6789[abcdefghijkl]…");
    }

    #[test]
    fn wide_characters_and_tabs_count_as_wide() {
        assert_eq!(clipped("漢字漢字漢字漢字[漢]漢字漢字", 12), "…漢字[漢]漢字…");
        assert_eq!(clipped("\t\t\t[a]\t\t\t", 14), "…\t[a]\t…");
    }

    #[test]
    fn places_that_do_not_fit_do_not_panic() {
        clip("short", 90, 95, 3);
        clip("żółć żółć żółć", 1, 2, 3);
        clip("żółć żółć żółć", 2, 900, 0);
    }
}
