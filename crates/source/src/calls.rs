//! What a call says by its name: flags that are asked for, events that are sent. For Rust and Go.

use crate::tokens::{Part, Tokens};
use crate::{FileFacts, Options, SourceFile};
use rustc_hash::FxHashMap;
use std::ops::Range;
use trueup_codebase::Use;

/// Functions of flag libraries whose first text is the flag's name.
const FLAG_FUNCTIONS: [&str; 38] = [
    "BoolVariation",
    "BoolVariationCtx",
    "BoolVariationDetail",
    "BooleanValue",
    "BooleanValueDetails",
    "FlagEnabled",
    "Float64Variation",
    "FloatValueDetails",
    "FloatVariation",
    "GetVariant",
    "HasFeature",
    "IntValueDetails",
    "IntVariation",
    "IsEnabled",
    "IsFeatureEnabled",
    "IsFlagEnabled",
    "JSONVariation",
    "ObjectValueDetails",
    "StringValueDetails",
    "StringVariation",
    "bool_variation",
    "bool_variation_detail",
    "feature_enabled",
    "flag_enabled",
    "float_variation",
    "get_bool_details",
    "get_bool_value",
    "get_boolean_value",
    "get_float_value",
    "get_int_value",
    "get_string_value",
    "get_struct_value",
    "get_variant",
    "int_variation",
    "is_enabled",
    "is_feature_enabled",
    "is_flag_enabled",
    "str_variation",
];
/// Functions that send an event whose name is a text among their arguments.
const SEND_FUNCTIONS: [&str; 36] = [
    "Broadcast",
    "Dispatch",
    "Emit",
    "EmitEvent",
    "Fire",
    "Notify",
    "PostEvent",
    "Produce",
    "Publish",
    "PublishAsync",
    "PublishCtx",
    "PublishEvent",
    "PublishMsg",
    "PublishWithContext",
    "Raise",
    "Record",
    "Send",
    "SendEvent",
    "SendMessage",
    "Trigger",
    "broadcast",
    "dispatch",
    "emit",
    "emit_event",
    "fire",
    "notify",
    "produce",
    "publish",
    "publish_event",
    "publish_to",
    "raise",
    "record_event",
    "send",
    "send_event",
    "send_message",
    "trigger",
];

/// Whether a file may call any of them.
pub(crate) fn may_hold(file: &SourceFile<'_>, options: &Options) -> bool {
    const SIGNS: [&str; 22] = [
        "ariation",
        "nabled",
        "get_bool",
        "get_string_value",
        "BooleanValue",
        "ValueDetails",
        "ariant",
        "HasFeature",
        "ublish",
        "mit(",
        "mitEvent",
        "mit_event",
        "ispatch",
        "roduce",
        "end(",
        "endEvent",
        "end_event",
        "endMessage",
        "rigger",
        "roadcast",
        "aise",
        "otify",
    ];
    file.has_any(&SIGNS) || options.flag_functions.iter().any(|name| file.has_any(&[name.as_str()]))
}

/// Looks at the call of a function whose name stands at a token, right before its brackets at `open`.
/// `constants` are texts that have a name in the file.
pub(crate) fn read(
    file: &SourceFile<'_>,
    tokens: &Tokens<'_>,
    constants: &FxHashMap<String, String>,
    (at, open): (usize, usize),
    options: &Options,
    out: &mut FileFacts,
) {
    let Some(name) = tokens.word(at) else { return };
    let asks = FLAG_FUNCTIONS.binary_search(&name).is_ok() || is_configured(tokens, at, options);
    let sends = SEND_FUNCTIONS.binary_search(&name).is_ok();
    if !asks && !sends {
        return;
    }
    let texts = || {
        let arguments = tokens.arguments(tokens.inside(open)).into_iter();
        arguments.filter_map(|part| named(tokens, constants, &part))
    };
    if asks && let Some((flag, range)) = texts().next().filter(|(text, _)| is_name(text)) {
        out.flags.push(file.name_use(flag, Use::Read, range));
    } else if sends && let Some((event, range)) = texts().find(|(text, _)| is_event(text)) {
        out.events.push(file.name_use(event, Use::Sent, range));
    }
}

/// `is_on`, `Flags.IsOn`, `flags::is_on` as configured, by its last part or by all that is written.
fn is_configured(tokens: &Tokens<'_>, at: usize, options: &Options) -> bool {
    options.flag_functions.iter().any(|function| {
        let mut parts = function.rsplit(['.', ':']).filter(|part| !part.is_empty());
        parts.next() == tokens.word(at)
            && parts.enumerate().all(|(n, part)| {
                at.checked_sub(2 * (n + 1)).and_then(|before| tokens.word(before)) == Some(part)
            })
    })
}

/// The text of an argument that is a literal or a constant, and its place.
fn named(
    tokens: &Tokens<'_>,
    constants: &FxHashMap<String, String>,
    part: &Part,
) -> Option<(String, Range<usize>)> {
    let start = part.start + usize::from(tokens.is(part.start, "&"));
    if let Some(text) = tokens.literal(start) {
        // `"orders.created".to_string()`, `"a".into()`; a text that is put together is no name.
        let rest = start + 1;
        let alone = rest == part.end || tokens.is(rest, ".") && tokens.is(rest + 2, "(");
        return alone.then(|| (text, tokens.literal_range(start)));
    }
    let mut last = start;
    // `events::CREATED`, `events.Created`; a call behind it (`.to_string()`) makes no other text of it.
    while tokens.word(last).is_some() {
        let more = tokens.is(last + 1, "::") || tokens.is(last + 1, ".") && !tokens.is(last + 3, "(");
        if !more || tokens.word(last + 2).is_none() {
            break;
        }
        last += 2;
    }
    let alone = last + 1 == part.end || tokens.is(last + 1, ".");
    let value = constants.get(tokens.word(last)?).filter(|_| alone)?;
    Some((value.clone(), tokens.bytes(&(start..last + 1))))
}

/// Whether a text can be a flag's name.
fn is_name(text: &str) -> bool {
    (2..=100).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'/'))
}

/// Whether a text can be an event's name: words with dots between, and no file or host.
fn is_event(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    is_name(text)
        && parts.len() > 1
        && !text.contains(['/', ':'])
        && parts.iter().all(|part| !part.is_empty())
        && parts.last().is_some_and(|last| !FILE_ENDINGS.contains(last))
}

/// What a text with a dot ends with where it is no event.
const FILE_ENDINGS: [&str; 18] = [
    "json", "txt", "html", "htm", "md", "yaml", "yml", "toml", "csv", "sql", "go", "rs", "com", "org", "net",
    "io", "log", "xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(FLAG_FUNCTIONS.is_sorted() && SEND_FUNCTIONS.is_sorted());
    }

    #[test]
    fn events_have_dots() {
        for (text, expected) in [
            ("orders.order.created", true),
            ("orders.created", true),
            ("index.html", false),
            ("orders", false),
            ("a..b", false),
            ("a b.c", false),
            ("http://a.b", false),
        ] {
            assert_eq!(is_event(text), expected, "{text}");
        }
    }
}
