//! Values of a type.

use crate::checks::{Hints, hints};
use trueup_catalog::{Catalog, Column, Type, TypeKind, quote_literal};

/// What a column may get: NULL, its default (by being left out) or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    LeftOut,
    Null,
    Sql(String),
}

/// Types inside of types that are followed.
const DEEPEST: u32 = 6;

/// Values for a column, the likeliest first. `number` is one that no other value had; `conditions` are those that name
/// the column. Where it is to be `filled`, what may stay empty gets a value first.
pub(crate) fn choices(
    catalog: &Catalog,
    column: &Column,
    conditions: &[&str],
    number: u64,
    tag: &str,
    filled: bool,
) -> Vec<Choice> {
    let mut out = Vec::new();
    // Nought times something is nought.
    let constant = column.default.as_ref().is_some_and(|default| !default.contains('('));
    let left_out_first = column.default.is_some() && !(filled && constant && column.category == "N");
    if left_out_first {
        out.push(Choice::LeftOut);
    }
    let hints = hints(conditions);
    let hinted = !hints.texts.is_empty() || !hints.patterned.is_empty();
    let maker = Values { catalog, number, tag, name: &column.name };
    let values = maker.of(&column.type_name, &hints, 0).into_iter().map(Choice::Sql);
    // A time or a sign that need not be there often means that the row is gone (`deleted_at`); a text never does.
    let empty_first = !filled && !column.not_null && (column.category != "S" || hinted);
    if empty_first {
        out.push(Choice::Null);
    }
    out.extend(values);
    if column.default.is_some() && !left_out_first {
        out.push(Choice::LeftOut);
    }
    if !column.not_null && !empty_first {
        out.push(Choice::Null);
    }
    out.dedup();
    out
}

struct Values<'c> {
    catalog: &'c Catalog,
    number: u64,
    tag: &'c str,
    name: &'c str,
}

impl Values<'_> {
    fn of(&self, type_name: &str, hints: &Hints, depth: u32) -> Vec<String> {
        if depth > DEEPEST {
            return Vec::new();
        }
        if let Some(element) = type_name.strip_suffix("[]") {
            return self.array(element, type_name, hints, depth);
        }
        if let Some(own) = self.own_type(type_name) {
            return self.of_own(own, type_name, hints, depth);
        }
        let (base, measures) = measured(type_name);
        self.of_builtin(&base, &measures, type_name, hints)
    }

    fn own_type(&self, type_name: &str) -> Option<&Type> {
        self.catalog.types.iter().find(|own| {
            type_name == own.name
                || type_name == trueup_catalog::quote_ident(&own.name)
                || type_name == trueup_catalog::qualified(&own.schema, &own.name)
        })
    }

    fn of_own(&self, own: &Type, type_name: &str, hints_of_column: &Hints, depth: u32) -> Vec<String> {
        match &own.kind {
            TypeKind::Enum(labels) => {
                let named = |label: &&String| hints_of_column.texts.contains(label);
                let first = labels.iter().filter(named);
                let rest = labels.iter().filter(|label| !named(label));
                first.chain(rest).map(|label| quote_literal(label)).collect()
            }
            TypeKind::Domain { base, checks, .. } => {
                let checks: Vec<&str> = checks.iter().map(String::as_str).collect();
                let mut all = hints(&checks);
                all.texts.extend(hints_of_column.texts.iter().cloned());
                all.numbers.extend(hints_of_column.numbers.iter().cloned());
                all.lengths.extend(hints_of_column.lengths.iter().copied());
                all.patterned.extend(hints_of_column.patterned.iter().cloned());
                self.of(base, &all, depth + 1)
            }
            TypeKind::Composite(fields) => {
                let value = |(_, field): &(String, String)| {
                    self.of(field, &Hints::default(), depth + 1)
                        .into_iter()
                        .next()
                        .unwrap_or_else(|| "NULL".to_owned())
                };
                let fields: Vec<String> = fields.iter().map(value).collect();
                vec![format!("ROW({})::{type_name}", fields.join(", "))]
            }
            TypeKind::Range(bound) => {
                let low = self.of(bound, hints_of_column, depth + 1).into_iter().next();
                low.map(|low| format!("{type_name}({low}, {low}, '[]')")).into_iter().collect()
            }
            TypeKind::Base => vec![quote_literal("")],
        }
    }

    fn array(&self, element: &str, type_name: &str, hints: &Hints, depth: u32) -> Vec<String> {
        let one = self.of(element, hints, depth + 1).into_iter().next();
        let filled = |times: usize| {
            let one = one.clone()?;
            Some(format!("ARRAY[{}]::{type_name}", vec![one; times.clamp(1, 50)].join(", ")))
        };
        let lengths =
            hints.lengths.iter().flat_map(|length| [*length, length + 1]).filter(|length| *length > 0);
        let mut out = vec!["'{}'".to_owned()];
        out.extend(filled(1));
        out.extend(lengths.filter_map(filled));
        out
    }

    fn of_builtin(&self, base: &str, measures: &[u32], type_name: &str, hints: &Hints) -> Vec<String> {
        let n = self.number;
        let quoted = |text: String| vec![format!("'{text}'")];
        let date = |days: u64| format!("date '2026-01-01' + {days}");
        match base {
            "smallint" => self.numbers(hints, n % 32_000),
            "integer" | "bigint" | "oid" => self.numbers(hints, n),
            "real" | "double precision" | "money" => self.numbers(hints, n),
            "numeric" => self.numbers(hints, n % digits(measures)),
            "boolean" => vec!["false".to_owned(), "true".to_owned()],
            "uuid" => quoted(format!("{n:08x}-0000-4000-8000-{n:012x}")),
            "text" | "character varying" | "citext" | "name" => self.texts(hints, measures.first().copied()),
            "character" => self.fixed(hints, measures.first().copied().unwrap_or(1)),
            "\"char\"" => quoted("a".to_owned()),
            "date" => with_texts(hints, vec![date(n % 3650)], type_name),
            "timestamp without time zone" | "timestamp with time zone" => {
                with_texts(hints, vec![format!("({})::{type_name}", date(n % 3650))], type_name)
            }
            "time without time zone" | "time with time zone" => {
                quoted(format!("{:02}:{:02}:{:02}", n / 3600 % 24, n / 60 % 60, n % 60))
            }
            "interval" => quoted(format!("{n} minutes")),
            "bytea" => {
                let sized =
                    hints.lengths.iter().map(|length| format!("decode(repeat('61', {length}), 'hex')"));
                std::iter::once(format!("decode('{n:016x}', 'hex')")).chain(sized).collect()
            }
            "json" | "jsonb" => {
                ["'{}'", "'[]'", "'\"a\"'", "'0'", "'{\"a\": 1}'", "'[1]'"].map(str::to_owned).to_vec()
            }
            "xml" => quoted("<a/>".to_owned()),
            "inet" | "cidr" => quoted(format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255)),
            "macaddr" => quoted(format!(
                "02:00:{:02x}:{:02x}:{:02x}:{:02x}",
                n >> 24 & 255,
                n >> 16 & 255,
                n >> 8 & 255,
                n & 255
            )),
            "macaddr8" => quoted(format!(
                "02:00:00:00:{:02x}:{:02x}:{:02x}:{:02x}",
                n >> 24 & 255,
                n >> 16 & 255,
                n >> 8 & 255,
                n & 255
            )),
            "bit" | "bit varying" => {
                let length = measures.first().copied().unwrap_or(if base == "bit" { 1 } else { 8 });
                vec![format!("B'{}'", "01".repeat(length as usize).get(..length as usize).unwrap_or("0"))]
            }
            "point" => quoted(format!("({n},0)")),
            "box" | "lseg" | "path" => quoted(format!("((0,0),({n},1))")),
            "polygon" => quoted(format!("((0,0),({n},1),(1,0))")),
            "circle" => quoted(format!("<(0,0),{n}>")),
            "line" => quoted(format!("{{1,{n},0}}")),
            "tsvector" | "tsquery" | "ltree" => quoted(format!("{}{n}", self.tag)),
            "int4range" | "int8range" | "numrange" => quoted(format!("[{n},{})", n + 1)),
            "daterange" => vec![format!("daterange({0}, {0} + 1)", date(n))],
            "tsrange" | "tstzrange" => vec![format!("{base}({0}, {0} + 1)", date(n))],
            "int4multirange" | "int8multirange" | "nummultirange" => quoted(format!("{{[{n},{})}}", n + 1)),
            "datemultirange" | "tsmultirange" | "tstzmultirange" | "hstore" => {
                quoted(if base == "hstore" { String::new() } else { "{}".to_owned() })
            }
            "vector" | "halfvec" => {
                let length = measures.first().copied().unwrap_or(3) as usize;
                quoted(format!("[{}]", vec!["1"; length].join(",")))
            }
            "geometry" | "geography" => quoted("POINT(0 0)".to_owned()),
            "regclass" => quoted("pg_class".to_owned()),
            "pg_lsn" => quoted(format!("0/{n:X}")),
            // A type of an extension: many take one of these.
            _ => {
                let mut values =
                    vec![format!("'{}{n}'", self.tag), format!("'{n}'"), "''".to_owned(), "'{}'".to_owned()];
                values.splice(0..0, hints.texts.iter().map(|text| quote_literal(text)));
                values
            }
        }
    }

    fn numbers(&self, hints: &Hints, own: u64) -> Vec<String> {
        let mut out = vec![own.to_string()];
        // The server writes `degrees >= '-40'::integer`.
        let texts = hints.texts.iter().filter(|text| text.parse::<f64>().is_ok());
        for number in hints.numbers.iter().chain(texts) {
            out.extend([number.clone(), format!("{number} + 1"), format!("{number} - 1")]);
        }
        for pair in hints.numbers.windows(2) {
            if let [low, high] = pair {
                out.push(format!("(({low}) + ({high})) / 2"));
            }
        }
        out.extend(["1".to_owned(), "0".to_owned()]);
        out
    }

    /// A text that tells whose it is, in the form that the column's name asks for.
    fn own_text(&self) -> String {
        let (tag, n, name) = (self.tag, self.number, self.name.to_lowercase());
        match () {
            () if name.contains("email") || name.ends_with("mail") => format!("{tag}{n}@example.com"),
            () if name.contains("url") || name.contains("uri") || name.contains("website") => {
                format!("https://example.com/{tag}{n}")
            }
            () if name.contains("phone") => format!("+1555{n:07}"),
            () => format!("{tag}{n}"),
        }
    }

    fn texts(&self, hints: &Hints, longest: Option<u32>) -> Vec<String> {
        let own = self.own_text();
        let mut out: Vec<String> = hints.texts.iter().filter(|text| !text.is_empty()).cloned().collect();
        out.extend(hints.patterned.iter().cloned());
        out.push(own.clone());
        out.extend(
            hints
                .lengths
                .iter()
                .flat_map(|length| [*length, length + 1, length.saturating_sub(1)])
                .map(|length| sized(&own, length)),
        );
        out.extend([own.to_uppercase(), format!("{own}@example.com"), self.number.to_string()]);
        let cut = |text: String| match longest {
            Some(longest) if text.chars().count() > longest as usize => sized_end(&text, longest as usize),
            _ => text,
        };
        out.into_iter().map(cut).map(|text| quote_literal(&text)).collect()
    }

    fn fixed(&self, hints: &Hints, length: u32) -> Vec<String> {
        let listed =
            hints.texts.iter().chain(&hints.patterned).filter(|text| text.chars().count() <= length as usize);
        let own = sized_end(&self.number.to_string(), length as usize);
        let letters: String = own
            .chars()
            .map(|digit| digit.to_digit(10).map_or('A', |digit| char::from(b'A' + digit as u8)))
            .collect();
        let mut out: Vec<String> = listed.cloned().collect();
        out.extend([letters.clone(), letters.to_lowercase(), own]);
        out.into_iter().map(|text| quote_literal(&text)).collect()
    }
}

fn with_texts(hints: &Hints, mut own: Vec<String>, type_name: &str) -> Vec<String> {
    for text in hints.texts.iter().filter(|text| text.starts_with(|c: char| c.is_ascii_digit())) {
        let literal = quote_literal(text);
        own.push(format!("{literal}::{type_name}"));
        own.push(format!("({literal}::{type_name} + interval '1 day')::{type_name}"));
        own.push(format!("({literal}::{type_name} - interval '1 day')::{type_name}"));
    }
    own.push(format!("now()::{type_name}"));
    own.push(format!("(now() + interval '30 days')::{type_name}"));
    own
}

/// The text with a length: its end, or filled up in front.
fn sized(text: &str, length: usize) -> String {
    let length = length.min(2_000);
    let have = text.chars().count();
    match have < length {
        true => format!("{}{text}", "x".repeat(length - have)),
        false => sized_end(text, length),
    }
}

/// The last characters of a text: they differ most.
fn sized_end(text: &str, length: usize) -> String {
    let have = text.chars().count();
    text.chars().skip(have.saturating_sub(length)).collect()
}

/// `numeric(10,2)` is `numeric` with 10 and 2; `timestamp(3) with time zone` is read, too.
fn measured(type_name: &str) -> (String, Vec<u32>) {
    let Some((base, rest)) = type_name.split_once('(') else { return (bare(type_name), Vec::new()) };
    let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
    let measures = inner.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    (bare(&format!("{base}{after}")), measures)
}

/// Without the schema, which a type of an extension may have.
fn bare(type_name: &str) -> String {
    type_name.rsplit('.').next().unwrap_or(type_name).to_owned()
}

/// One more than the largest whole number of a numeric type.
fn digits(measures: &[u32]) -> u64 {
    let whole = match measures {
        [] => 12,
        [precision, rest @ ..] => precision.saturating_sub(rest.first().copied().unwrap_or(0)),
    };
    10u64.pow(whole.min(12)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_form_of_their_type() {
        let catalog = Catalog::default();
        let check = |type_name: &str, conditions: &[&str], expected: &str| {
            let values = Values { catalog: &catalog, number: 1007, tag: "a", name: "code" };
            let first = values.of(type_name, &hints(conditions), 0).into_iter().next();
            assert_eq!(first.as_deref(), Some(expected), "{type_name} {conditions:?}");
        };
        check("integer", &[], "1007");
        check("numeric(4,2)", &[], "7");
        check("numeric(2,2)", &[], "0");
        check("text", &[], "'a1007'");
        check("character varying(3)", &[], "'007'");
        check("character(2)", &[], "'AH'");
        check("text", &["CHECK ((code = ANY (ARRAY['x'::text, 'y'::text])))"], "'x'");
        check("text", &["CHECK ((code ~ '^[A-Z]{3}$'::text))"], "'AAA'");
        check("timestamp(3) with time zone", &[], "(date '2026-01-01' + 1007)::timestamp(3) with time zone");
        check("integer[]", &[], "'{}'");
        check("bit(3)", &[], "B'010'");
    }
}
