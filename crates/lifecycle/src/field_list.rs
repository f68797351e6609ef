//! A header's field that names several specs: one more is added, or one is taken out.

use trueup_markdown::Document;
use trueup_model::{HeaderField, HeaderPlace, Sidecar};
use trueup_template::{FieldForm, YamlField, yaml_fields};
use trueup_text::{Edit, Span, apply_edits};

/// A field with the text that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The document or the YAML file beside it.
    pub source: &'a str,
    /// The field.
    pub field: &'a HeaderField,
    /// Whether another field stands on the same line.
    pub shares_line: bool,
    /// Whether the template has the field, so that it stays there when nothing is in it.
    pub asked: bool,
}

/// How the value of a YAML key is written; with the places of the items.
enum Yaml {
    Scalar,
    Flow {
        open: usize,
        items: Vec<Span>,
    },
    Block(Vec<Span>),
    /// Anything that cannot be changed safely.
    Other,
}

impl Field<'_> {
    /// Every value by itself, as it is written.
    pub fn values(&self) -> Vec<&str> {
        if self.field.place == HeaderPlace::Header {
            return parts(self.value());
        }
        match self.yaml() {
            Yaml::Scalar => parts(bare(self.value())),
            Yaml::Flow { items, .. } | Yaml::Block(items) => {
                items.into_iter().map(|span| span.text(self.source)).collect()
            }
            Yaml::Other => Vec::new(),
        }
    }

    /// Adds a value; none where the field is written in a way that cannot be changed safely.
    pub fn with(&self, link: &str, name: &str) -> Option<Edit> {
        let span = self.field.field.value_span;
        let said = self.field.field.value.trim();
        let value = if self.field.place == HeaderPlace::Header { link } else { name };
        let blank = if span.is_empty() { " " } else { "" };
        let set = Edit::replace(span, format!("{blank}{value}"));
        let filled = trueup_model::reading::is_filled(said);
        if self.field.place == HeaderPlace::Header {
            return Some(match filled {
                true => Edit::replace(Span::at(span.end as usize), format!(", {value}")),
                false => set,
            });
        }
        let edit = match self.yaml() {
            Yaml::Scalar if span.is_empty() => {
                let key_end = self.field.field.key_span.end as usize;
                let colon = self.source.get(key_end..).and_then(|rest| rest.find(':'))?;
                Edit::replace(Span::at(key_end + colon + 1), format!(" {value}"))
            }
            Yaml::Scalar if !filled => set,
            Yaml::Scalar => Edit::replace(Span::at(self.inner_end()), format!(", {value}")),
            Yaml::Flow { open, items } => match items.last() {
                Some(last) => Edit::replace(Span::at(last.end as usize), format!(", {value}")),
                None => Edit::replace(Span::at(open + 1), value),
            },
            Yaml::Block(items) => self.one_more_line(&items, value)?,
            Yaml::Other => return None,
        };
        self.is_sound(&edit).then_some(edit)
    }

    /// Takes the values out that `is_meant` names; no edits where there are none such, or where the field is written
    /// in a way that cannot be changed safely.
    pub fn without(&self, is_meant: &dyn Fn(&str) -> bool) -> Vec<Edit> {
        let edits = self.taken_out(is_meant);
        let yaml = self.field.place != HeaderPlace::Header;
        let after = || apply_edits(self.source, &edits).ok();
        let sound = !yaml || after().is_some_and(|text| yaml_of(&text, self.field.place).is_some());
        if sound { edits } else { Vec::new() }
    }

    fn taken_out(&self, is_meant: &dyn Fn(&str) -> bool) -> Vec<Edit> {
        let values = self.values();
        let kept: Vec<&str> = values.iter().copied().filter(|value| !is_meant(value)).collect();
        if kept.len() == values.len() {
            return Vec::new();
        }
        let span = self.field.field.value_span;
        let yaml = self.field.place != HeaderPlace::Header;
        match if yaml { self.yaml() } else { Yaml::Scalar } {
            _ if kept.is_empty() && !self.asked && self.has_own_lines() => vec![self.removed()],
            Yaml::Scalar if kept.is_empty() => {
                vec![Edit::replace(span, if yaml { "~" } else { "None" })]
            }
            Yaml::Scalar => {
                let value = self.value();
                let lead = value.len() - value.trim_start_matches(['"', '\'']).len();
                let inner = Span::new(span.start as usize + if yaml { lead } else { 0 }, self.inner_end());
                vec![Edit::replace(inner, kept.join(", "))]
            }
            Yaml::Flow { open, items } => {
                let last = items.last().map_or(open, |item| item.end as usize);
                let close = self.source.get(last..).and_then(|rest| rest.find(']')).map(|at| last + at);
                close
                    .map(|close| Edit::replace(Span::new(open + 1, close), kept.join(", ")))
                    .into_iter()
                    .collect()
            }
            Yaml::Block(items) if kept.is_empty() => {
                let colon = self.field.field.key_span.end as usize;
                let end = items.last().map_or(colon, |item| item.end as usize);
                vec![Edit::replace(Span::new(colon, end), ": []")]
            }
            Yaml::Block(items) => {
                let meant = items.into_iter().filter(|item| is_meant(item.text(self.source)));
                meant.map(|item| Edit::replace(self.lines(item), "")).collect()
            }
            Yaml::Other => Vec::new(),
        }
    }

    fn value(&self) -> &str {
        self.field.field.value_span.text(self.source)
    }

    /// The end of a value inside of its quotation marks.
    fn inner_end(&self) -> usize {
        let (span, value) = (self.field.field.value_span, self.value());
        let quoted = self.field.place != HeaderPlace::Header && bare(value).len() < value.len();
        span.end as usize - usize::from(quoted)
    }

    fn fields(&self) -> Option<Vec<YamlField>> {
        yaml_of(self.source, self.field.place)
    }

    fn yaml(&self) -> Yaml {
        self.read_yaml().unwrap_or(Yaml::Other)
    }

    fn read_yaml(&self) -> Option<Yaml> {
        let fields = self.fields()?;
        let at = fields.iter().position(|f| !f.item && f.key_span == self.field.field.key_span)?;
        let own = fields.get(at)?;
        if !own.nested {
            let value = self.value();
            let plain = !value.contains('\n') && !value.starts_with(['|', '>', '&', '*', '!', '{']);
            return Some(if plain { Yaml::Scalar } else { Yaml::Other });
        }
        let below = format!("{}.", own.path);
        if fields.iter().any(|f| f.path.starts_with(&below)) {
            return Some(Yaml::Other);
        }
        let items: Vec<Span> = fields
            .get(at + 1..)?
            .iter()
            .take_while(|f| f.item && f.path == own.path)
            .map(|f| quoted_span(self.source, f.value_span))
            .collect();
        let key_end = own.key_span.end as usize;
        let first = items.first().map_or(self.source.len(), |item| item.start as usize);
        let between = self.source.get(key_end..first)?;
        let line = between.lines().next().unwrap_or("");
        if let Some(open) = line.find('[') {
            return Some(Yaml::Flow { open: key_end + open, items });
        }
        let of_block = |item: &Span| {
            let start = self.source.get(..item.start as usize)?.rfind('\n')? + 1;
            Some(self.source.get(start..item.start as usize)?.trim() == "-")
        };
        let block = !items.is_empty() && items.iter().all(|item| of_block(item) == Some(true));
        Some(if block { Yaml::Block(items) } else { Yaml::Other })
    }

    fn one_more_line(&self, items: &[Span], value: &str) -> Option<Edit> {
        let last = items.last()?;
        let start = self.source.get(..last.start as usize)?.rfind('\n')? + 1;
        let lead = self.source.get(start..last.start as usize)?;
        let rest = self.source.get(last.end as usize..)?;
        let line = rest.lines().next().unwrap_or("").len();
        let newline = crate::header::newline_of(self.source);
        Some(Edit::replace(Span::at(last.end as usize + line), format!("{newline}{lead}{value}")))
    }

    /// Whether the YAML still holds the same keys after an edit.
    fn is_sound(&self, edit: &Edit) -> bool {
        let keys = |source: &str| -> Option<Vec<String>> {
            let fields = yaml_of(source, self.field.place)?;
            Some(fields.into_iter().filter(|f| !f.item).map(|f| f.path).collect())
        };
        let after = apply_edits(self.source, std::slice::from_ref(edit)).ok();
        after.is_some_and(|after| keys(&after).is_some_and(|new| Some(new) == keys(self.source)))
    }

    fn has_own_lines(&self) -> bool {
        let form = self.field.field.form;
        !self.shares_line
            && !matches!(form, FieldForm::Heading)
            && !matches!(self.yaml_or_header(), Yaml::Other)
    }

    fn yaml_or_header(&self) -> Yaml {
        if self.field.place == HeaderPlace::Header { Yaml::Scalar } else { self.yaml() }
    }

    /// The field with its lines taken out; where it was a paragraph of its own, with the blank line behind it.
    fn removed(&self) -> Edit {
        let key = self.field.field.key_span;
        let close = |from: u32| {
            let rest = self.source.get(from as usize..).and_then(|rest| rest.find(']'));
            rest.map_or(from, |at| from + at as u32)
        };
        let last = |items: &[Span]| items.last().map_or(key.end, |item| item.end);
        let end = match self.yaml_or_header() {
            Yaml::Block(items) => last(&items),
            Yaml::Flow { items, .. } => close(last(&items)),
            _ => self.field.field.value_span.end.max(key.end),
        };
        let lines = self.lines(Span::new(key.start as usize, end as usize));
        let (before, after) =
            (self.source.get(..lines.start as usize), self.source.get(lines.end as usize..));
        let alone = before.is_some_and(|text| text.ends_with("\n\n") || text.ends_with("\r\n\r\n"));
        let blank =
            after.and_then(|text| text.split_inclusive('\n').next()).filter(|line| line.trim().is_empty());
        let more = blank.filter(|_| alone).map_or(0, str::len);
        Edit::replace(Span::new(lines.start as usize, lines.end as usize + more), "")
    }

    /// The whole lines of a place.
    fn lines(&self, span: Span) -> Span {
        let text = self.source;
        let start = text.get(..span.start as usize).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
        let rest = text.get(span.end as usize..).and_then(|t| t.find('\n'));
        Span::new(start, rest.map_or(text.len(), |n| span.end as usize + n + 1))
    }
}

/// The fields of the front matter of a document, or of a YAML file.
fn yaml_of(source: &str, place: HeaderPlace) -> Option<Vec<YamlField>> {
    match place {
        HeaderPlace::Sidecar => yaml_fields(source, 0).ok(),
        _ => {
            let span = Document::parse(source).front_matter()?;
            yaml_fields(span.text(source), span.start as usize).ok()
        }
    }
}

/// The text that a field stands in, and its path.
pub fn source_of<'a>(
    field: &HeaderField,
    document: (&'a str, &'a str),
    sidecar: Option<&'a Sidecar>,
) -> Option<(&'a str, &'a str)> {
    match field.place {
        HeaderPlace::Sidecar => sidecar.map(|s| (s.path.as_str(), s.text.as_ref())),
        _ => Some(document),
    }
}

/// With the quotation marks around it, where it has any.
fn quoted_span(source: &str, span: Span) -> Span {
    let mark = |c: Option<char>| c.filter(|c| matches!(c, '"' | '\''));
    let before = mark(source.get(..span.start as usize).and_then(|t| t.chars().next_back()));
    let after = mark(source.get(span.end as usize..).and_then(|t| t.chars().next()));
    match before.is_some() && before == after {
        true => Span::new(span.start as usize - 1, span.end as usize + 1),
        false => span,
    }
}

/// Without quotation marks.
fn bare(value: &str) -> &str {
    let inner = |mark: char| value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

/// The parts between commas, those in brackets left alone.
fn parts(value: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut from) = (0_i32, 0);
    for (at, c) in value.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth <= 0 => {
                out.push(value.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            _ => {}
        }
    }
    out.push(value.get(from..).unwrap_or(""));
    out.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests;
