//! Ruby's keywords, and how long its names and marks are.

/// A keyword that the parser looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Word {
    Alias,
    Begin,
    Case,
    Class,
    Def,
    Do,
    Else,
    End,
    Ensure,
    False,
    For,
    If,
    In,
    Logic,
    Jump,
    Module,
    Prefix,
    Rescue,
    Oneself,
    Super,
    Then,
    True,
    Unless,
    Value,
    When,
    While,
    Yield,
}

impl Word {
    /// The keyword that a text is.
    pub(super) fn of(text: &[u8]) -> Option<Word> {
        Some(match text {
            b"alias" | b"undef" => Word::Alias,
            b"begin" => Word::Begin,
            b"case" => Word::Case,
            b"class" => Word::Class,
            b"def" => Word::Def,
            b"do" => Word::Do,
            b"else" => Word::Else,
            b"elsif" | b"when" => Word::When,
            b"end" => Word::End,
            b"ensure" => Word::Ensure,
            b"false" => Word::False,
            b"for" => Word::For,
            b"if" => Word::If,
            b"in" => Word::In,
            b"and" | b"or" => Word::Logic,
            b"return" | b"break" | b"next" | b"redo" | b"retry" => Word::Jump,
            b"module" => Word::Module,
            b"not" | b"defined?" => Word::Prefix,
            b"rescue" => Word::Rescue,
            b"self" => Word::Oneself,
            b"super" => Word::Super,
            b"then" => Word::Then,
            b"true" => Word::True,
            b"unless" => Word::Unless,
            b"nil" | b"__FILE__" | b"__LINE__" | b"__ENCODING__" => Word::Value,
            b"while" | b"until" => Word::While,
            b"yield" => Word::Yield,
            _ => return None,
        })
    }
}

/// Whether a byte is a space, a line's end or the end of the text.
pub(super) fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0
}

/// Whether a byte begins a name; all that is not ASCII counts as a letter.
pub(super) fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// The length of the name here.
pub(super) fn name_length(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| begins_name(**byte) || byte.is_ascii_digit()).count()
}

/// The length of a symbol behind its colon.
pub(super) fn symbol_length(rest: &[u8]) -> Option<usize> {
    let signs = rest.iter().take(2).take_while(|byte| matches!(byte, b'@' | b'$')).count();
    let name = name_length(rest.get(signs..).unwrap_or(&[]));
    if name == 0 {
        return operator_length(rest);
    }
    let length = signs + name;
    let next = |at: usize| rest.get(at).copied().unwrap_or(0);
    let ends = match next(length) {
        b'?' | b'!' => next(length + 1) != b'=' || next(length + 2) == b'>',
        b'=' => !matches!(next(length + 1), b'=' | b'~' | b'>'),
        _ => false,
    };
    Some(length + usize::from(ends))
}

/// The length of an operator that can be the name of a method.
pub(super) fn operator_length(rest: &[u8]) -> Option<usize> {
    let byte = |at: usize| rest.get(at).copied().unwrap_or(0);
    Some(match (byte(0), byte(1), byte(2)) {
        (b'[', b']', b'=') | (b'<', b'=', b'>') | (b'=', b'=', b'=') => 3,
        (b'[', b']', _) | (b'*', b'*', _) | (b'<', b'<', _) | (b'>', b'>', _) => 2,
        (b'=', b'=' | b'~', _) | (b'!', b'=' | b'~', _) | (b'<' | b'>', b'=', _) => 2,
        (b'+' | b'-' | b'~' | b'!', b'@', _) => 2,
        (b'+' | b'-' | b'*' | b'/' | b'%' | b'!' | b'~' | b'<' | b'>' | b'^' | b'&' | b'|' | b'`', _, _) => 1,
        _ => return None,
    })
}

/// The length of the mark here.
pub(super) fn mark_length(rest: &[u8]) -> usize {
    let byte = |at: usize| rest.get(at).copied().unwrap_or(0);
    let first = byte(0);
    let doubles = matches!(first, b'*' | b'<' | b'>' | b'&' | b'|' | b'.' | b'=') && byte(1) == first;
    if doubles {
        let longer = if first == b'.' { b'.' } else { b'=' };
        return 2 + usize::from(byte(2) == longer);
    }
    match (first, byte(1)) {
        (b'<', b'=') => 2 + usize::from(byte(2) == b'>'),
        (b'+' | b'-' | b'*' | b'/' | b'%' | b'|' | b'&' | b'^' | b'>' | b'!', b'=') => 2,
        (b'=', b'~' | b'>') | (b'!', b'~') | (b'-', b'>') => 2,
        _ => 1,
    }
}

/// The length of what stands behind the `?` of a character; none where it is no character.
pub(super) fn character_length(rest: &[u8]) -> Option<usize> {
    let first = rest.first().copied().filter(|byte| !is_space(*byte))?;
    let length = match first {
        b'\\' => 1 + character(rest.get(1..).unwrap_or(&[])),
        _ => character(rest),
    };
    let more = rest.get(length).is_some_and(|byte| begins_name(*byte) || byte.is_ascii_digit());
    (length <= rest.len() && !(more && begins_name(first))).then_some(length)
}

/// The length of one character.
fn character(rest: &[u8]) -> usize {
    1 + rest.iter().skip(1).take_while(|byte| **byte & 0xc0 == 0x80).count()
}
