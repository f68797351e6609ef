//! A JSON Schema as OpenAPI 3.1 and AsyncAPI 3.0 both understand it.

use super::Origin;
use super::plain_line;
use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// A JSON Schema; what is empty is not written.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema {
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// A type that the text names; becomes a reference where the specs say what it is.
    #[serde(skip)]
    pub named: Option<String>,
    /// Whether a property of this type may be left out.
    #[serde(skip)]
    pub optional: bool,
    #[serde(rename = "type", skip_serializing_if = "Types::is_empty")]
    pub types: Types,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    pub properties: Vec<(String, Schema)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_properties: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Value>,
    #[serde(rename = "x-spec", skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<Origin>,
}

/// The types of a schema: none, one as a word, or several.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Types(pub Vec<&'static str>);

impl Types {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Types {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

/// Pairs as a map in their order. The names must differ.
pub(super) fn as_map<S: Serializer, V: Serialize>(
    pairs: &[(String, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

impl Schema {
    /// A schema of one type.
    pub fn of(kind: &'static str) -> Schema {
        Schema { types: Types(vec![kind]), ..Schema::default() }
    }

    /// A schema of one type in a format.
    pub fn formatted(kind: &'static str, format: &'static str) -> Schema {
        Schema { format: Some(format), ..Schema::of(kind) }
    }

    /// A type by its name only.
    pub fn named(name: &str) -> Schema {
        Schema { named: Some(plain_line(name)), ..Schema::default() }
    }

    /// The type of what is not there.
    pub fn undefined() -> Schema {
        Schema { optional: true, ..Schema::default() }
    }

    /// A list.
    pub fn list(items: Schema) -> Schema {
        Schema { items: Some(Box::new(items)), ..Schema::of("array") }
    }

    /// One of some words.
    pub fn choice(words: impl IntoIterator<Item = String>) -> Schema {
        let mut seen = FxHashSet::default();
        let words = words.into_iter().filter(|word| seen.insert(word.clone())).map(Value::String);
        Schema { choices: words.collect(), ..Schema::of("string") }
    }

    /// Whether it says nothing at all.
    pub fn is_open(&self) -> bool {
        *self == Schema::default()
    }

    /// Whether it says nothing that a program could use.
    pub fn is_only_words(&self) -> bool {
        self.description.is_some() && Schema { description: None, ..self.clone() }.is_open()
    }

    pub fn is(&self, kind: &str) -> bool {
        self.types.0.as_slice() == [kind]
    }

    /// The same, but `null` is allowed.
    pub fn or_null(mut self) -> Schema {
        if self.is_open() || self.types.0.contains(&"null") {
            return self;
        }
        if self.reference.is_none() && self.named.is_none() && !self.types.is_empty() {
            self.types.0.push("null");
            if !self.choices.is_empty() {
                self.choices.push(Value::Null);
            }
            return self;
        }
        if !self.any_of.is_empty() {
            if !self.any_of.iter().any(|member| member.types.0.contains(&"null")) {
                self.any_of.push(Schema::of("null"));
            }
            return self;
        }
        Schema { any_of: vec![self, Schema::of("null")], ..Schema::default() }
    }

    /// One of several schemas, in the shortest form.
    pub fn any(members: Vec<Schema>) -> Schema {
        let (mut null, mut optional) = (false, false);
        let mut words: Vec<String> = Vec::new();
        let mut rest: Vec<Schema> = Vec::new();
        for mut member in members {
            let undefined = member == Schema::undefined();
            optional |= std::mem::take(&mut member.optional);
            if undefined {
                continue;
            } else if member.is("null") {
                null = true;
            } else if let Some(word) = member.only_word() {
                words.push(word);
            } else if rest.len() < MOST_MEMBERS && !rest.contains(&member) {
                rest.push(member);
            }
        }
        if !words.is_empty() {
            rest.push(Schema::choice(words));
        }
        let schema = match rest.len() {
            0 if null => Schema::of("null"),
            0 => Schema::default(),
            1 => rest.pop().unwrap_or_default(),
            // Whatever one of them leaves open, all of them do.
            _ if rest.iter().any(Schema::is_open) => Schema::default(),
            _ => Schema { any_of: rest, ..Schema::default() },
        };
        let schema = if null { schema.or_null() } else { schema };
        Schema { optional, ..schema }
    }

    /// The word that stands for a literal type; one literal may as well be an example.
    fn only_word(&self) -> Option<String> {
        match (self.examples.as_slice(), self.is("string") && self.format.is_none()) {
            ([Value::String(word)], true) => Some(word.clone()),
            _ => None,
        }
    }

    /// Calls a function with every schema in it, itself first. The depth is that of the parser, which is limited.
    pub fn visit(&mut self, function: &mut dyn FnMut(&mut Schema)) {
        function(self);
        for (_, property) in &mut self.properties {
            property.visit(function);
        }
        for inner in [&mut self.items, &mut self.additional_properties].into_iter().flatten() {
            inner.visit(function);
        }
        for member in self.any_of.iter_mut().chain(&mut self.all_of) {
            member.visit(function);
        }
    }

    /// Adds the properties that are not there yet.
    pub fn absorb(&mut self, other: Schema) {
        let known: FxHashSet<String> = self.properties.iter().map(|(name, _)| name.clone()).collect();
        self.properties.extend(other.properties.into_iter().filter(|(name, _)| !known.contains(name)));
    }
}

/// More kinds of one value than this say nothing that a reader could use.
const MOST_MEMBERS: usize = 32;
