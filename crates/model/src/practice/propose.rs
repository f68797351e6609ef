//! What a team could change in its template, so that it asks for what its specs hold. Numbers propose; people decide.

use super::*;
use trueup_template::{Presence, Schema, SectionSpec};

/// A required section that fewer percent fill hardly needs to be asked of everybody.
const HARDLY: usize = 25;
/// An optional section that fewer percent fill, with at least [`ENOUGH`] specs, may go.
const NOBODY: usize = 5;
/// Fewer specs than this prove nothing about what nobody does.
const ENOUGH: usize = 20;
/// An optional section that at least so many percent fill is asked of everybody in practice.
const ALWAYS: usize = 90;
/// From so many percent on, what specs add belongs to the template.
const MANY: usize = 20;
/// More than half.
const MOST: usize = 50;
/// Columns in so many percent of the tables belong to them.
const COLUMN: usize = 30;
/// A value outside the choices belongs to them from so many percent of the values on.
const VALUE: usize = 2;
/// Proposals about the order: the first ones settle the others.
const MOVES: usize = 3;

/// What the numbers propose, most telling first within each kind.
pub(super) fn proposals(schema: &Schema, practice: &Practice) -> Vec<Proposal> {
    let mut all = Proposing { schema, practice, out: Vec::new() };
    all.sections();
    all.added_sections();
    all.fields();
    all.added_fields();
    all.columns();
    all.items();
    all.order();
    all.styles();
    let mut out = all.out;
    out.sort_by_key(|proposal| proposal.kind);
    out
}

struct Proposing<'a> {
    schema: &'a Schema,
    practice: &'a Practice,
    out: Vec<Proposal>,
}

impl Proposing<'_> {
    fn push(&mut self, kind: ProposalKind, share: Share, action: String, reason: String) {
        self.out.push(Proposal { kind, action, reason, share });
    }

    fn title(&self, index: SpecIndex) -> String {
        format!("`{}`", self.schema.section_path(index))
    }

    fn place(&self, place: FieldPlace) -> String {
        match place {
            FieldPlace::Header => "the header".to_owned(),
            FieldPlace::FrontMatter => "the front matter".to_owned(),
            FieldPlace::Sidecar => self
                .schema
                .sidecar
                .as_ref()
                .map_or_else(|| "the sidecar".to_owned(), |(name, _)| name.clone()),
            FieldPlace::Section(index) => self.title(index),
        }
    }

    /// What the number of a section's specs is a part of, in words.
    fn of_section(&self, section: &SectionSpec, of: usize) -> String {
        let Some(parent) = section.parent else { return specs(of) };
        let above = self.practice.sections.iter().find(|s| s.spec == parent);
        let elsewhere = above.is_none_or(|s| s.filled().count != of);
        let title = &self.schema.sections[parent].title;
        let or = if elsewhere { " or have it elsewhere" } else { "" };
        format!("{} that fill `{title}`{or}", specs(of))
    }

    fn sections(&mut self) {
        for section in &self.practice.sections {
            let wanted = &self.schema.sections[section.spec];
            if wanted.repeats || wanted.temporary || section.there.of < self.practice.min_specs {
                continue;
            }
            let filled = section.filled();
            let reason = format!(
                "{} of {} fill it ({} %)",
                filled.count,
                self.of_section(wanted, filled.of),
                filled.percent()
            );
            let title = self.title(section.spec);
            // What stands below an optional section that nobody has is settled by that one.
            let required = wanted.presence == Presence::Required;
            match () {
                () if required && filled.below(HARDLY) => {
                    self.push(ProposalKind::MakeOptional, filled, format!("make {title} optional"), reason);
                }
                () if !required && section.there.below(NOBODY) && section.there.of >= ENOUGH => {
                    self.push(ProposalKind::DropSection, filled, format!("take {title} out"), reason);
                }
                () if !required && filled.at_least(ALWAYS) && filled.of >= ENOUGH / 2 => {
                    self.push(ProposalKind::MakeRequired, filled, format!("make {title} required"), reason);
                }
                () => {}
            }
            self.rename(section, &title);
        }
    }

    /// Another title that more specs use than the template's own.
    fn rename(&mut self, section: &SectionPractice, title: &str) {
        let Some(other) = section.other_titles.iter().find(|t| !t.name.ends_with('…')) else { return };
        if other.share.count <= section.same_title || other.share.count < self.practice.min_specs {
            return;
        }
        let reason = format!(
            "{} of the {} that have it call it so ({} %), {} use the template's title",
            other.share.count,
            specs(other.share.of),
            other.share.percent(),
            section.same_title
        );
        self.push(ProposalKind::RenameSection, other.share, format!("call {title} `{}`", other.name), reason);
    }

    fn added_sections(&mut self) {
        for added in self.practice.added_sections.iter().filter(|a| a.share.at_least(MANY)) {
            // What a repeated block holds differs from block to block.
            if added.inside.is_some_and(|i| self.schema.sections[i].repeats) {
                continue;
            }
            let (place, of) = match added.inside {
                Some(index) => (
                    format!(" to {}", self.title(index)),
                    format!("{} that have that section", specs(added.share.of)),
                ),
                None => (String::new(), specs(added.share.of)),
            };
            let how = if added.share.at_least(ALWAYS) { "a required" } else { "an optional" };
            let others: Vec<String> =
                added.titles.iter().skip(1).take(2).map(|t| format!("`{}`", t.name)).collect();
            let also =
                if others.is_empty() { String::new() } else { format!(", also as {}", others.join(" and ")) };
            let held = added.kind.and_then(|kind| {
                let same = |s: &&SectionPractice| self.schema.sections[s.spec].kind.as_deref() == Some(kind);
                self.practice.sections.iter().find(same)
            });
            let held = held
                .map_or_else(String::new, |s| format!("; the template has {} for that", self.title(s.spec)));
            let reason =
                format!("{} of {of} have it ({} %){also}{held}", added.share.count, added.share.percent());
            let action = format!("add {how} section `{}`{place}", added.title);
            self.push(ProposalKind::AddSection, added.share, action, reason);
        }
    }

    fn fields(&mut self) {
        for field in &self.practice.fields {
            let unit = unit_of(field.unit);
            if field.filled.of < self.practice.min_specs {
                continue;
            }
            // One of several lines, or one that depends on another, is often left out and meant to be.
            let required = self.asked(field);
            let telling = field.there.below(HARDLY / 2) || field.filled.of >= ENOUGH;
            if required && telling && field.filled.below(HARDLY / 2) {
                let reason = format!(
                    "{} of {} fill it ({} %)",
                    field.filled.count,
                    unit(field.filled.of),
                    field.filled.percent()
                );
                let action =
                    format!("take `{}` out of {}, or make it optional", field.key, self.place(field.place));
                self.push(ProposalKind::DropField, field.filled, action, reason);
            }
            let name = format!("`{}`", field.key);
            self.values(&name, &field.values);
        }
    }

    fn asked(&self, field: &FieldPractice) -> bool {
        let fields = super::observe::fields_of(self.schema, field.place);
        fields.iter().any(|f| f.key == field.key && f.presence == Presence::Required)
    }

    fn values(&mut self, name: &str, values: &Values) {
        if values.choices.is_empty() || values.total < self.practice.min_specs {
            return;
        }
        for outside in values.outside.iter().filter(|o| o.share.at_least(VALUE)) {
            if outside.share.count < self.practice.min_specs {
                continue;
            }
            let reason = format!(
                "{} of {} are that ({} %), and it is none of {}",
                outside.share.count,
                counted(outside.share.of, "value", "values"),
                outside.share.percent(),
                values.choices.join(", ")
            );
            let action = format!("add `{}` to the choices of {name}", outside.name);
            self.push(ProposalKind::AddValue, outside.share, action, reason);
        }
        // Where everybody says the same, the others are still a choice.
        if values.total < ENOUGH * 5 || values.used.len() < 2 {
            return;
        }
        for choice in &values.choices {
            if !values.used.iter().any(|u| &u.name == choice) {
                let share = Share::new(0, values.total);
                let reason = format!("0 of {} are that", counted(values.total, "value", "values"));
                let action = format!("take `{choice}` out of the choices of {name}");
                self.push(ProposalKind::DropValue, share, action, reason);
            }
        }
    }

    fn added_fields(&mut self) {
        for added in self.practice.added_fields.iter().filter(|a| a.share.at_least(MANY)) {
            let unit = unit_of(added.unit);
            let values = match added.values.as_slice() {
                [] => String::new(),
                some => {
                    let names: Vec<&str> = some.iter().take(5).map(|v| v.name.as_str()).collect();
                    format!("; most often {}", names.join(", "))
                }
            };
            let reason = format!(
                "{} of {} have it ({} %){values}",
                added.share.count,
                unit(added.share.of),
                added.share.percent()
            );
            let action = format!("add the field `{}` to {}", added.key, self.place(added.place));
            self.push(ProposalKind::AddField, added.share, action, reason);
        }
    }

    fn columns(&mut self) {
        for table in &self.practice.tables {
            let title = self.title(table.spec);
            let of = |share: Share| counted(share.of, "such table", "such tables");
            if table.tables < self.practice.min_specs {
                continue;
            }
            for column in &table.columns {
                if column.there.below(COLUMN) {
                    let reason = format!(
                        "{} of {} have it ({} %)",
                        column.there.count,
                        of(column.there),
                        column.there.percent()
                    );
                    let action = format!("take the column `{}` out of the table of {title}", column.name);
                    self.push(ProposalKind::Columns, column.there, action, reason);
                }
                let other = column.other_names.first().filter(|o| o.share.at_least(MOST));
                if let Some(other) = other {
                    let reason = format!(
                        "{} of {} that have it call it so ({} %)",
                        other.share.count,
                        counted(other.share.of, "table", "tables"),
                        other.share.percent()
                    );
                    let action = format!("call the column `{}` of {title} `{}`", column.name, other.name);
                    self.push(ProposalKind::Columns, other.share, action, reason);
                }
                self.values(&format!("the column `{}` of {title}", column.name), &column.values);
            }
            for added in table.added.iter().filter(|a| a.share.at_least(COLUMN)) {
                let reason = format!(
                    "{} of {} have it ({} %)",
                    added.share.count,
                    of(added.share),
                    added.share.percent()
                );
                let action = format!("add a column `{}` to the table of {title}", added.name);
                self.push(ProposalKind::Columns, added.share, action, reason);
            }
            for row in table.rows.iter().filter(|r| r.share.below(MOST)) {
                let reason =
                    format!("{} of {} keep it ({} %)", row.share.count, of(row.share), row.share.percent());
                let action = format!("take the row \"{}\" out of the table of {title}", row.name);
                self.push(ProposalKind::Items, row.share, action, reason);
            }
        }
    }

    fn items(&mut self) {
        let min = self.practice.min_specs;
        for item in self.practice.checklist.iter().filter(|i| i.kept.of >= min && i.kept.below(MOST)) {
            let reason = format!(
                "{} of {} that fill {} keep it ({} %)",
                item.kept.count,
                specs(item.kept.of),
                self.title(item.spec),
                item.kept.percent()
            );
            let action = format!("take out or reword the item \"{}\"", item.text);
            self.push(ProposalKind::Items, item.kept, action, reason);
        }
    }

    fn order(&mut self) {
        let most = self.practice.order.swaps.iter().filter(|s| !s.swapped.below(MOST));
        for swap in most.take(MOVES) {
            let reason = format!(
                "{} of the {} that have both do ({} %)",
                swap.swapped.count,
                specs(swap.swapped.of),
                swap.swapped.percent()
            );
            let action = format!("put {} before {}", self.title(swap.second), self.title(swap.first));
            self.push(ProposalKind::Reorder, swap.swapped, action, reason);
        }
    }

    fn styles(&mut self) {
        for style in self.practice.styles.iter().filter(|s| s.what != Style::FileName) {
            let (Some(template), Some(most)) = (&style.template, style.used.first()) else { continue };
            if &most.name == template || !most.share.at_least(MOST) || most.share.of < self.practice.min_specs
            {
                continue;
            }
            let what = match style.what {
                Style::Numbering => "number the sections",
                Style::Title | Style::FileName => "write the title",
            };
            let action = match (style.what, most.name.starts_with("no ")) {
                (Style::Numbering, true) => "leave the numbers of the sections out".to_owned(),
                (_, true) => "leave the first-level heading out".to_owned(),
                _ => format!("{what} like `{}`", most.name),
            };
            let reason = format!(
                "{} of {} do ({} %); the template has `{template}`",
                most.share.count,
                specs(most.share.of),
                most.share.percent()
            );
            self.push(ProposalKind::Style, most.share, action, reason);
        }
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn specs(number: usize) -> String {
    counted(number, "spec", "specs")
}

fn unit_of(unit: Unit) -> fn(usize) -> String {
    match unit {
        Unit::Specs => specs,
        Unit::Blocks => |number| counted(number, "block", "blocks"),
    }
}
