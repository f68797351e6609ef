//! Environment variables, feature flags and events.

use super::parse::{Field, Kind, Node};
use super::syntax::{Definition, Outline, last, named, positional};
use crate::{FileFacts, Options, SourceFile};
use trueup_codebase::{NameUse, Use};

/// Reads the names that a file uses.
pub(super) fn read(file: &SourceFile<'_>, outline: &Outline<'_>, options: &Options, out: &mut FileFacts) {
    let reader = Reader { file, outline };
    reader.env(out);
    reader.settings(out);
    for call in &outline.calls {
        if is_flag_call(call.function, options) {
            reader.flag(call.node, last(call.function), &mut out.flags);
        }
        if is_event_call(call.function) {
            reader.event(call.node, &mut out.events);
        }
    }
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    outline: &'r Outline<'t>,
}

impl<'t> Reader<'_, 't> {
    fn use_of(&self, name: impl Into<String>, how: Use, node: Node) -> NameUse {
        self.file.name_use(name, how, node.byte_range())
    }

    fn imports(&self, module: &str) -> bool {
        self.outline.imports.iter().any(|import| {
            import.module.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether a name stands for the environment. An `environ` that is not imported is what a server hands
    /// to an application of WSGI: the headers of a request.
    fn is_environment(&self, name: &str) -> bool {
        let of_os = |local: &str| {
            self.outline
                .imports
                .iter()
                .any(|import| import.local == local && import.module == "os" && import.name == "environ")
        };
        name == "os.environ" || !name.contains('.') && of_os(name)
    }

    fn add(&self, node: Option<Node>, out: &mut FileFacts) {
        let name = node.and_then(|node| Some((node, self.outline.literal(node)?)));
        if let Some((node, name)) = name.filter(|(_, name)| is_variable(name)) {
            out.env_vars.push(self.use_of(name, Use::Read, node));
        }
    }

    fn env(&self, out: &mut FileFacts) {
        let (decouple, environ) =
            (self.imports("decouple"), self.imports("environ") || self.imports("environs"));
        let starlette = self.imports("starlette.config");
        // Objects that are called with the name of a variable.
        let mut readers: Vec<&str> = if decouple { vec!["config"] } else { Vec::new() };
        for assignment in &self.outline.assignments {
            let Some(call) = assignment.value.filter(|value| value.kind() == Kind::Call) else { continue };
            let class =
                self.outline.child(call, Field::Function).and_then(|f| self.outline.dotted(f)).map(last);
            let is_reader = match class {
                Some("Env" | "FileAwareEnv") => environ,
                Some("Config") => starlette || decouple,
                Some("AutoConfig") => decouple,
                _ => false,
            };
            if is_reader {
                readers.push(assignment.target);
                self.declared(call, out);
            }
        }
        for (of, key) in &self.outline.lookups {
            if self.is_environment(of) {
                self.add(Some(*key), out);
            }
        }
        let has_options = self.file.has_any(&["envvar"]);
        for call in &self.outline.calls {
            let (object, method) = call.function.rsplit_once('.').unwrap_or(("", call.function));
            let is_read = match method {
                "getenv" => matches!(object, "os" | ""),
                "get" | "setdefault" | "pop" | "__getitem__" => self.is_environment(object),
                _ => false,
            };
            let is_read = is_read
                || readers.contains(&call.function)
                || !object.is_empty() && readers.contains(&object);
            if !is_read && !has_options {
                continue;
            }
            let arguments = self.outline.arguments(call.node);
            if is_read {
                self.add(positional(&arguments, 0).or_else(|| named(&arguments, "key")), out);
            }
            if let Some(name) = named(&arguments, "envvar") {
                let names = if name.kind() == Kind::List {
                    self.outline.children(name).collect()
                } else {
                    vec![name]
                };
                names.into_iter().for_each(|name| self.add(Some(name), out));
            }
        }
    }

    /// `environ.Env(DEBUG=(bool, False))`.
    fn declared(&self, call: Node, out: &mut FileFacts) {
        for argument in self.outline.arguments(call) {
            if let Some(name) =
                argument.name.filter(|name| is_variable(name) && name.contains(char::is_uppercase))
            {
                out.env_vars.push(self.use_of(name, Use::Declared, argument.value));
            }
        }
    }

    /// The fields of pydantic's settings.
    fn settings(&self, out: &mut FileFacts) {
        for class in self.outline.descendants(|base| base == "BaseSettings") {
            let lineage = self.lineage(class);
            let Some(prefix) = self.prefix(&lineage) else { continue };
            for attribute in lineage.into_iter().flat_map(|at| self.outline.attributes(at)) {
                let Some(annotation) = attribute.annotation else { continue };
                if attribute.target.starts_with('_')
                    || attribute.target == "model_config"
                    || self.outline.text_of(annotation).contains("ClassVar")
                {
                    continue;
                }
                let given = attribute.value.map_or_else(Vec::new, |value| self.given_names(value));
                let names = match given.is_empty() {
                    true => vec![format!("{prefix}{}", attribute.target).to_uppercase()],
                    false => given,
                };
                let name_node = self.outline.child(attribute.node, Field::Left).unwrap_or(attribute.node);
                let variables = names.into_iter().filter(|name| is_variable(name));
                // Who makes the settings reads them all.
                out.env_vars.extend(variables.map(|name| self.use_of(name, Use::Read, name_node)));
            }
        }
    }

    /// A class and those above it in the same file: settings are often put together from several.
    fn lineage(&self, class: usize) -> Vec<usize> {
        let mut out = vec![class];
        let mut next = 0;
        while let Some(definition) = out.get(next).and_then(|at| self.outline.definitions.get(*at)) {
            for base in self.outline.bases(definition) {
                let is_it = |d: &Definition<'t>| d.is_class && d.parent.is_none() && d.name == base;
                let above = self.outline.definitions.iter().position(is_it);
                out.extend(above.filter(|at| !out.contains(at)));
            }
            next += 1;
        }
        out
    }

    /// What stands in front of the names of the fields; none where it is not known.
    fn prefix(&self, lineage: &[usize]) -> Option<String> {
        let found = lineage.iter().map(|class| self.own_prefix(*class));
        let mut said = found.filter(|prefix| prefix.as_deref() != Some(""));
        said.next().unwrap_or(Some(String::new()))
    }

    fn own_prefix(&self, class: usize) -> Option<String> {
        let inner = self
            .outline
            .definitions
            .iter()
            .position(|d| d.is_class && d.name == "Config" && d.parent == Some(class));
        let own = self.outline.attributes(class);
        let old = inner.map_or_else(Vec::new, |inner| self.outline.attributes(inner));
        if let Some(prefix) = old.iter().find(|a| a.target == "env_prefix") {
            return self.outline.literal(prefix.value?);
        }
        let config = own.iter().find(|a| a.target == "model_config").and_then(|a| a.value);
        let Some(config) = config else { return Some(String::new()) };
        let given = match config.kind() {
            Kind::Call => named(&self.outline.arguments(config), "env_prefix"),
            _ => self.outline.children(config).find_map(|pair| {
                let key = self.outline.child(pair, Field::Key).and_then(|key| self.outline.literal(key));
                (key.as_deref() == Some("env_prefix"))
                    .then(|| self.outline.child(pair, Field::Value))
                    .flatten()
            }),
        };
        given.map_or(Some(String::new()), |given| self.outline.literal(given))
    }

    /// `Field(validation_alias="X")`, with several names in `AliasChoices`.
    fn given_names(&self, value: Node) -> Vec<String> {
        if value.kind() != Kind::Call {
            return Vec::new();
        }
        let arguments = self.outline.arguments(value);
        let given = ["validation_alias", "env", "alias"].iter().find_map(|name| named(&arguments, name));
        let nodes = match given {
            Some(node) if node.kind() == Kind::Call => {
                self.outline.arguments(node).into_iter().map(|argument| argument.value).collect()
            }
            Some(node) if node.kind() == Kind::List => self.outline.children(node).collect(),
            Some(node) => vec![node],
            None => Vec::new(),
        };
        nodes.into_iter().filter_map(|node| self.outline.literal(node)).collect()
    }

    /// The flag is the first text among the arguments; waffle has the request before it.
    fn flag(&self, call: Node, function: &str, out: &mut Vec<NameUse>) {
        let arguments = self.outline.arguments(call);
        let at = usize::from(function == "flag_is_active");
        let keyword = ["flag_key", "flag_name", "feature_name", "key", "name", "flag"];
        let node =
            positional(&arguments, at).or_else(|| keyword.iter().find_map(|name| named(&arguments, name)));
        let name = node.and_then(|node| Some((node, self.outline.literal(node)?)));
        if let Some((node, name)) = name.filter(|(_, name)| is_name(name)) {
            out.push(self.use_of(name, Use::Read, node));
        }
    }

    /// The event is the first text with dots among the arguments.
    fn event(&self, call: Node, out: &mut Vec<NameUse>) {
        let keywords =
            ["topic", "event", "event_name", "event_type", "routing_key", "subject", "channel", "name"];
        let may_be = |name: Option<&str>| name.is_none_or(|name| keywords.contains(&name));
        let arguments = self.outline.arguments(call);
        let found = arguments.iter().filter(|argument| may_be(argument.name)).find_map(|argument| {
            let name = self.outline.literal(argument.value)?;
            is_dotted(&name).then_some((argument.value, name))
        });
        if let Some((node, name)) = found {
            out.push(self.use_of(name, Use::Sent, node));
        }
    }
}

/// Whether a text can be the name of an environment variable.
fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 128
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a text can be the name of a flag.
fn is_name(name: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
    !name.is_empty() && name.len() <= 128 && name.chars().all(inside)
}

/// Whether a text is a name of parts with dots between them, as events have.
pub(crate) fn is_dotted(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    let is_file = name.rsplit_once('.').is_some_and(|(_, ending)| {
        matches!(
            ending,
            "py" | "rb" | "js" | "ts" | "json" | "yml" | "yaml" | "txt" | "html" | "csv" | "com" | "org"
        )
    });
    name.len() <= 128 && name.contains('.') && !is_file && name.split('.').all(part)
}

fn is_flag_call(function: &str, options: &Options) -> bool {
    let name = last(function);
    let known = matches!(
        name,
        "is_enabled"
            | "variation"
            | "variation_detail"
            | "bool_variation"
            | "flag_is_active"
            | "switch_is_active"
            | "sample_is_active"
            | "waffle_flag"
            | "waffle_switch"
            | "flag_enabled"
            | "flag_disabled"
            | "flag_state"
            | "flag_check"
            | "flag_required"
            | "is_feature_enabled"
            | "feature_enabled"
            | "feature_is_enabled"
            | "get_boolean_value"
            | "get_string_value"
            | "get_integer_value"
            | "get_float_value"
            | "get_object_value"
            | "get_boolean_details"
            | "get_string_details"
            | "get_integer_details"
            | "get_float_details"
            | "get_object_details"
            | "get_boolean_value_async"
            | "get_string_value_async"
    );
    known || !name.is_empty() && options.flag_functions.iter().any(|own| own == name || own == function)
}

fn is_event_call(function: &str) -> bool {
    let name = last(function);
    let verb = name.strip_prefix("a").filter(|rest| is_sending(rest)).unwrap_or(name);
    is_sending(verb) || matches!(name, "basic_publish" | "send_and_wait" | "produce" | "put_events")
}

fn is_sending(name: &str) -> bool {
    let verb = name.split('_').next().unwrap_or(name);
    let rest = name.get(verb.len()..).unwrap_or("");
    matches!(verb, "emit" | "publish" | "dispatch" | "send")
        && matches!(rest, "" | "_event" | "_async" | "_message" | "_nowait" | "_domain_event")
}
