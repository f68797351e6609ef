//! Environment variables, feature flags and events.

use super::syntax::{Call, Kind, Node, Outline, last, literal, option, positional};
use crate::python::is_dotted;
use crate::{FileFacts, Options, SourceFile};
use trueup_codebase::{NameUse, Use};

/// Reads the names that a file uses.
pub(super) fn read(file: &SourceFile<'_>, outline: &Outline<'_>, options: &Options, out: &mut FileFacts) {
    let reader = Reader { file };
    for (of, key) in &outline.lookups {
        match *of {
            "ENV" => reader.add(*key, is_variable, Use::Read, &mut out.env_vars),
            "Flipper" => reader.add(*key, is_name, Use::Read, &mut out.flags),
            _ => {}
        }
    }
    for call in &outline.calls {
        if matches!(call.receiver, "ENV" | "::ENV") && is_env_method(call.method) {
            let all = call.method == "values_at";
            let names = positional(call.node).into_iter().take(if all { usize::MAX } else { 1 });
            names.for_each(|name| reader.add(name, is_variable, Use::Read, &mut out.env_vars));
        }
        if is_flag_call(call, options) {
            reader.flag(call, &mut out.flags);
        }
        if is_event_call(call) {
            reader.event(call, &mut out.events);
        }
    }
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
}

impl Reader<'_, '_> {
    fn add(&self, node: Node<'_>, is_right: fn(&str) -> bool, how: Use, out: &mut Vec<NameUse>) {
        let name = literal(node).filter(|name| is_right(name));
        out.extend(name.map(|name| self.file.name_use(name, how, node.range())));
    }

    fn flag(&self, call: &Call<'_>, out: &mut Vec<NameUse>) {
        let named = ["flag_key", "flag", "feature", "name"];
        let first = positional(call.node).first().copied();
        let node = first.or_else(|| named.iter().find_map(|name| option(call.node, name)));
        let Some(node) = node else { return };
        let how = if call.method == "add" { Use::Declared } else { Use::Read };
        self.add(node, is_name, how, out);
    }

    fn event(&self, call: &Call<'_>, out: &mut Vec<NameUse>) {
        let named = ["topic", "event", "event_name", "event_type", "routing_key", "subject", "name"];
        let options = named.iter().filter_map(|name| option(call.node, name));
        let nodes = positional(call.node).into_iter().chain(options);
        let mut found = nodes.filter(|node| node.is(Kind::Text)).filter_map(|node| {
            let name = literal(node).filter(|name| is_dotted(name))?;
            Some(self.file.name_use(name, Use::Sent, node.range()))
        });
        out.extend(found.next());
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 128
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_name(name: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
    !name.is_empty() && name.len() <= 128 && name.chars().all(inside)
}

fn is_env_method(method: &str) -> bool {
    matches!(method, "fetch" | "key?" | "has_key?" | "include?" | "member?" | "dig" | "values_at" | "delete")
}

fn is_flag_call(call: &Call<'_>, options: &Options) -> bool {
    let of = || last(call.receiver).trim_start_matches(['$', '@']).to_lowercase();
    match call.method {
        "enabled?" | "disabled?" | "is_enabled?" | "enable" | "disable" => {
            let of = of();
            of.contains("flipper") || of.contains("feature") || of.contains("flag") || of == "unleash"
        }
        "add" => of() == "flipper",
        "active?" => of().contains("rollout"),
        "variation" | "variation_detail" | "bool_variation" => !of().is_empty(),
        "fetch_boolean_value"
        | "fetch_string_value"
        | "fetch_number_value"
        | "fetch_integer_value"
        | "fetch_float_value"
        | "fetch_object_value"
        | "fetch_boolean_details" => true,
        "feature_enabled?" | "feature_flag_enabled?" | "flag_enabled?" => true,
        method => {
            let is_whole = |own: &str| {
                own.strip_suffix(method).and_then(|front| front.strip_suffix('.')) == Some(call.receiver)
            };
            options.flag_functions.iter().any(|own| own == method || is_whole(own))
        }
    }
}

fn is_event_call(call: &Call<'_>) -> bool {
    match call.method {
        "emit" | "publish" | "dispatch" | "emit_event" | "publish_event" | "dispatch_event"
        | "send_event" | "broadcast" | "broadcast_event" | "publish_async" => true,
        "instrument" => last(call.receiver) == "Notifications",
        "notify" => last(call.receiver) == "event",
        _ => false,
    }
}
