//! Feature flags.

use super::item::{is_none, is_unfilled};
use super::reader::Reader;
use super::support::{Grid, Label, Text, is_left, labels};
use crate::date::{Date, find_dates};
use trueup_markdown::{Document, Kind, NodeId};
use trueup_template::value_spec;
use trueup_template::{ValueSpec, infer_words};
use trueup_text::Span;

/// A flag's default.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlagDefault {
    /// Off.
    Off,
    /// On.
    On,
}

/// A feature flag: the template's six keys. A value that was left as a placeholder is none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Flag {
    /// Its name.
    pub name: Option<Text>,
    /// Who owns it.
    pub owner: Option<Text>,
    /// Its default as written.
    pub default_text: Option<Text>,
    /// Its default, where it is ON or OFF.
    pub default: Option<FlagDefault>,
    /// What the kill switch does.
    pub kill_switch: Option<Text>,
    /// When it is to be removed, as written.
    pub removal: Option<Text>,
    /// The day on which it is to be removed.
    pub removal_date: Option<Date>,
    /// Who gets it first: tenants, per cent.
    pub cohort: Option<Text>,
    /// Its first line.
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Name,
    Owner,
    Default,
    KillSwitch,
    Removal,
    Cohort,
}

/// Reads the flags.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<Flag> {
    let document = reader.document;
    let mut out = Vec::new();
    for section in reader.sections("flags") {
        for part in reader.territory(section) {
            let this = document.section(part);
            let heading = Text { text: this.title.clone(), span: this.title_span };
            let mut reading = Reading { heading: (part != section).then_some(heading), ..Reading::default() };
            for block in reader.blocks(part) {
                match document.kind(block) {
                    Kind::Table => {
                        reading.close(&mut out);
                        rows(document, block, &mut out);
                    }
                    _ => reading.block(reader, block, &mut out),
                }
            }
            reading.close(&mut out);
        }
    }
    out
}

/// The flag that is being read.
#[derive(Default)]
struct Reading {
    /// The heading that stands for a flag of its own.
    heading: Option<Text>,
    flag: Flag,
    open: bool,
    /// Whether any value was filled in.
    filled: bool,
}

impl Reading {
    fn block(&mut self, reader: &Reader<'_>, block: NodeId, out: &mut Vec<Flag>) {
        let document = reader.document;
        let own = std::iter::once(block);
        let all = own.chain(document.descendants(block)).filter(|n| document.kind(*n) == Kind::Paragraph);
        for paragraph in all {
            for mut label in labels(document, paragraph) {
                label.value = label.value.filter(|value| !is_left(reader, value.span));
                if let Some(key) = key_of(&label.key) {
                    self.put(key, label, out);
                }
            }
        }
    }

    fn put(&mut self, key: Key, label: Label, out: &mut Vec<Flag>) {
        if key == Key::Name && self.open {
            self.close(out);
        }
        if !self.open {
            self.open = true;
            self.flag.span = label.span;
            if let Some(heading) = self.heading.clone().filter(|_| key != Key::Name) {
                self.flag.span = heading.span;
                self.flag.name = flag_name(heading);
            }
        }
        let value = label.value.filter(|v| is_value(&v.text));
        self.filled |= value.is_some();
        if let Some(value) = value {
            set(&mut self.flag, key, value);
        }
    }

    fn close(&mut self, out: &mut Vec<Flag>) {
        let flag = std::mem::take(&mut self.flag);
        if self.open && self.filled && !is_option(&flag) {
            out.push(flag);
        }
        self.open = false;
        self.filled = false;
    }
}

/// Whether a name is an option of a command line (`--dry-run`).
fn is_option(flag: &Flag) -> bool {
    flag.name.as_ref().is_some_and(|name| name.text.starts_with('-'))
}

/// Whether somebody filled a value in; a choice that was not made is none.
fn is_value(text: &str) -> bool {
    let chosen = !matches!(value_spec(text), ValueSpec::Enum(options) if options.len() == 2 && default_of(&options[0]).is_some() && default_of(&options[1]).is_some());
    chosen && !is_unfilled(text)
}

fn set(flag: &mut Flag, key: Key, value: Text) {
    match key {
        Key::Name if !is_none(&value.text) => flag.name = Some(value),
        Key::Name => {}
        Key::Owner => flag.owner = Some(value),
        Key::Default => {
            flag.default = default_of(&value.text);
            flag.default_text = Some(value);
        }
        Key::KillSwitch => flag.kill_switch = Some(value),
        Key::Removal => {
            flag.removal_date = find_dates(&value.text).into_iter().find_map(|d| d.date);
            flag.removal = Some(value);
        }
        Key::Cohort => flag.cohort = Some(value),
    }
}

/// The name in a heading: its code, else its last word behind a colon (`Flag: orders_notes`).
fn flag_name(heading: Text) -> Option<Text> {
    let said = heading.text.rsplit(": ").next().unwrap_or("").trim().to_owned();
    (!said.is_empty()).then_some(Text { text: said, span: heading.span })
}

fn default_of(text: &str) -> Option<FlagDefault> {
    let first = text.trim().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_lowercase();
    match first.as_str() {
        "off" | "false" | "disabled" | "no" | "0" => Some(FlagDefault::Off),
        "on" | "true" | "enabled" | "yes" | "1" => Some(FlagDefault::On),
        _ => None,
    }
}

fn key_of(label: &str) -> Option<Key> {
    match label {
        "flag name" | "flag" | "name" | "flag key" | "key" | "feature flag" | "toggle" | "flag id" => {
            Some(Key::Name)
        }
        "owner" | "flag owner" | "owned by" => Some(Key::Owner),
        "default" | "default value" | "default state" => Some(Key::Default),
        _ if label.starts_with("kill switch") || label.starts_with("killswitch") || label == "fallback" => {
            Some(Key::KillSwitch)
        }
        "removal" | "remove by" | "expiry" | "expires" | "sunset" | "removal plan" | "cleanup date" => {
            Some(Key::Removal)
        }
        _ if label.starts_with("removal date") || label.starts_with("remove ") => Some(Key::Removal),
        "cohort" | "rollout" | "cohorts" | "rollout cohort" | "first cohort" | "audience" => {
            Some(Key::Cohort)
        }
        _ if label.starts_with("cohort ") => Some(Key::Cohort),
        _ => None,
    }
}

/// A flag for each row, or one flag in a table of keys and values.
fn rows(document: &Document, table: NodeId, out: &mut Vec<Flag>) {
    let grid = Grid::of(document, table);
    let keys: Vec<Option<Key>> = grid.columns.iter().map(|c| key_of(c)).collect();
    if keys.iter().flatten().count() >= 2 {
        for row in &grid.rows {
            let mut flag = Flag { span: document.span(row.node).trimmed(document.text()), ..Flag::default() };
            let mut filled = false;
            for (cell, key) in row.cells.iter().zip(&keys) {
                let value = Text::of(document, *cell);
                if let Some(key) = key.filter(|_| is_value(&value.text)) {
                    filled = true;
                    set(&mut flag, key, value);
                }
            }
            if filled && flag.name.is_some() && !is_option(&flag) {
                out.push(flag);
            }
        }
        return;
    }
    let mut reading = Reading::default();
    for row in &grid.rows {
        let [key, value] = row.cells.as_slice() else { continue };
        if let Some(found) = key_of(&infer_words(&document.plain(*key))) {
            let value = Some(Text::of(document, *value)).filter(|v| !v.text.is_empty());
            let label = Label { key: String::new(), span: document.content_span(*key), value, bold: false };
            reading.put(found, label, out);
        }
    }
    reading.close(out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = facts_of(text, "")
            .flags
            .iter()
            .map(|f| {
                let text = |t: &Option<Text>| t.as_ref().map_or("-".to_owned(), |t| t.text.clone());
                let default = f.default.map_or("-".to_owned(), |d| format!("{d:?}"));
                let date = f.removal_date.map_or("-".to_owned(), |d| d.to_string());
                let (name, owner, kill, cohort) =
                    (text(&f.name), text(&f.owner), text(&f.kill_switch), text(&f.cohort));
                format!("{name}, {owner}, {default}, {kill}, {date}, {cohort}")
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn six_keys() {
        let one = "- **Flag name:** `a_b`\n- **Owner:** Ann\n- **Default:** OFF\n- **Kill switch behavior:** hides\n- **Removal date:** by 2026-05-01\n- **Cohort rollout:** two tenants, then 10 %\n";
        check(
            &format!("# T\n## 8) Feature flags (if any)\n{one}"),
            &["a_b, Ann, Off, hides, 2026-05-01, two tenants, then 10 %"],
        );
        let two = one.replace("a_b", "c_d").replace("OFF", "on for staff");
        check(
            &format!("# T\n## Feature Flags\n{one}{two}"),
            &[
                "a_b, Ann, Off, hides, 2026-05-01, two tenants, then 10 %",
                "c_d, Ann, On, hides, 2026-05-01, two tenants, then 10 %",
            ],
        );
        check(
            "# T\n## Feature flags\n### `x.y`\n- Owner: Bo\n- Default: off\n### Flag: `z`\n- **Owner:** Cy\n",
            &["x.y, Bo, Off, -, -, -", "z, Cy, -, -, -, -"],
        );
        check(
            "# T\n## Feature flags\n| Flag | Owner | Default | Removal date |\n|-|-|-|-|\n| `a` | Ann | OFF | 2026-01-31 |\n| `b` | Bo | ON | … |\n",
            &["a, Ann, Off, -, 2026-01-31, -", "b, Bo, On, -, -, -"],
        );
        check(
            "# T\n## Feature flags\n| Field | Value |\n|-|-|\n| Flag name | `a` |\n| Owner | Ann |\n",
            &["a, Ann, -, -, -, -"],
        );
    }

    #[test]
    fn what_the_template_left_is_no_flag() {
        check(
            "# T\n## Feature flags\n- **Flag name:** …\n- **Owner:** …\n- **Default:** OFF / ON\n- **Cohort rollout:** &lt;tenants • % of traffic&gt;\n",
            &[],
        );
        check("# T\n## Feature flags\nN/A — no server.\n", &[]);
        check("# T\n## Flags\n| Flag | Default |\n|-|-|\n| `--dry-run` | off |\n", &[]);
        check("# T\n## Feature flags\n- **Flag name:** N/A\n", &["-, -, -, -, -, -"]);
    }
}
