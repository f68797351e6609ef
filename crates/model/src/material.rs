//! What of a spec was agreed on: the facts whose change is another decision, in a form that does not change when
//! only words around them do.

use crate::facts::{Facts, Flag, FlagDefault, Item};
use std::fmt;

/// A fact whose change is another decision.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MaterialFact {
    /// What it is, in words: `acceptance bullet`, `endpoint`.
    pub kind: &'static str,
    /// What it is called among its kind.
    pub name: String,
    /// What it says; empty where its name says all.
    pub said: String,
}

impl fmt::Display for MaterialFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// Everything that was agreed on, in order and each once: goals, scope, scenarios, data, endpoints, commands and
/// events, settings, migrations, flags, smoke checks and metrics, acceptance bullets, rollout and severities. Dates,
/// owners, links, states, histories, ticks and all text around the facts are not among them.
pub fn material(facts: &Facts) -> Vec<MaterialFact> {
    let mut out = Collected(Vec::new());
    intent(facts, &mut out);
    design(facts, &mut out);
    delivery(facts, &mut out);
    let mut list = out.0;
    list.sort();
    list.dedup();
    list
}

struct Collected(Vec<MaterialFact>);

impl Collected {
    fn push(&mut self, kind: &'static str, name: impl Into<String>, said: impl Into<String>) {
        self.0.push(MaterialFact { kind, name: name.into(), said: said.into() });
    }

    /// A bullet by its written ID, or by its words: a provisional ID would change with its neighbours.
    fn item(&mut self, kind: &'static str, item: &Item) {
        let words = words_of(&item.text);
        match item.id.written {
            Some(_) => self.push(kind, item.id.text.clone(), words),
            None => self.push(kind, words, ""),
        }
    }

    /// A part of a plan: nothing is recorded where there is none.
    fn part(&mut self, kind: &'static str, name: &'static str, text: Option<&crate::facts::Text>) {
        if let Some(text) = text {
            self.push(kind, name, words_of(&text.text));
        }
    }
}

/// Words and numbers in lower case: emphasis, marks and line breaks make no difference.
pub fn words_of(text: &str) -> String {
    let lower: String = text.chars().flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

fn intent(facts: &Facts, out: &mut Collected) {
    for (key, names) in [
        ("area", &["area"][..]),
        ("target release", &["target release", "release"][..]),
        ("risk level", &["risk level", "risk"][..]),
        ("rollout strategy", &["rollout strategy"][..]),
    ] {
        if let Some(field) = facts.meta.field(names) {
            out.push("field", key, words_of(&field.value.text));
        }
    }
    facts.goals.goals.iter().for_each(|goal| out.item("goal", goal));
    facts.goals.non_goals.iter().for_each(|text| out.push("non-goal", words_of(&text.text), ""));
    facts.goals.out_of_scope.iter().for_each(|text| out.push("point out of scope", words_of(&text.text), ""));
    facts.scenarios.scenarios.iter().for_each(|item| out.item("scenario", item));
    facts.scenarios.stories.iter().for_each(|story| out.push("user story", words_of(&story.text), ""));
    facts.acceptance.iter().for_each(|item| out.item("acceptance bullet", item));
    for risk in &facts.risks.risks {
        let severity = risk.severity.map_or(String::new(), |s| format!("{s:?}").to_lowercase());
        out.push("risk", words_of(&risk.title), severity);
    }
}

fn design(facts: &Facts, out: &mut Collected) {
    for entity in &facts.data.entities {
        out.push("entity", entity.name.clone(), entity.table.clone().unwrap_or_default());
        for field in &entity.fields {
            out.push("field of data", format!("{}.{}", entity.name, field.name), squeezed(&field.type_text));
        }
    }
    for endpoint in &facts.api.endpoints {
        let text =
            |part: &Option<crate::facts::Text>| part.as_ref().map(|t| squeezed(&t.text)).unwrap_or_default();
        let said = format!("{} → {}", text(&endpoint.request), text(&endpoint.response));
        out.push("endpoint", format!("{} {}", endpoint.method, endpoint.path), said);
    }
    facts.api.contracts.iter().for_each(|text| out.push("contract", squeezed(&text.text), ""));
    facts.vocabulary.commands.iter().for_each(|named| out.push("command", named.id.clone(), ""));
    facts.vocabulary.events.iter().for_each(|named| out.push("event", named.id.clone(), ""));
    for setting in &facts.configuration {
        out.push("setting", setting.name.clone(), setting.default.clone().unwrap_or_default());
    }
}

fn delivery(facts: &Facts, out: &mut Collected) {
    let plan = &facts.migrations;
    plan.migrations.iter().for_each(|migration| out.push("migration", migration.name.clone(), ""));
    for (name, text) in [
        ("schema deltas", &plan.schema_deltas),
        ("expand", &plan.expand),
        ("migrate", &plan.migrate),
        ("contract", &plan.contract),
        ("backfill", &plan.backfill),
        ("rollback", &plan.rollback),
    ] {
        out.part("part of the migration plan", name, text.as_ref());
    }
    facts.flags.iter().for_each(|flag| flag_fact(flag, out));
    facts.observability.smoke.iter().for_each(|item| out.item("smoke check", item));
    for metric in &facts.observability.metrics {
        out.push("metric", metric.name.clone().unwrap_or_else(|| words_of(&metric.text)), "");
    }
    let rollout = &facts.rollout;
    for (name, text) in [
        ("staging", &rollout.staging),
        ("soak", &rollout.soak),
        ("production", &rollout.production),
        ("cohort", &rollout.cohort),
        ("rollback", &rollout.rollback),
    ] {
        out.part("part of the rollout", name, text.as_ref());
    }
    rollout.criteria.iter().for_each(|text| out.push("rollback criterion", words_of(&text.text), ""));
}

fn flag_fact(flag: &Flag, out: &mut Collected) {
    let name = flag.name.as_ref().map_or(String::new(), |name| name.text.clone());
    let default = match flag.default {
        Some(FlagDefault::On) => "on",
        Some(FlagDefault::Off) => "off",
        None => "",
    };
    let words =
        |part: &Option<crate::facts::Text>| part.as_ref().map(|t| words_of(&t.text)).unwrap_or_default();
    out.push("flag", name, format!("{default}; {}; {}", words(&flag.kill_switch), words(&flag.cohort)));
}

/// A text of code: marks count, white space does not.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How what was agreed on changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MaterialChange {
    /// It was not there.
    Added(String),
    /// It is no longer there.
    Removed(String),
    /// It says something else.
    Changed(String),
}

impl fmt::Display for MaterialChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MaterialChange::Added(what) => write!(f, "{what} (new)"),
            MaterialChange::Removed(what) => write!(f, "{what} (gone)"),
            MaterialChange::Changed(what) => write!(f, "{what} (changed)"),
        }
    }
}

/// What differs between two lists of facts by what they are called; `said` may be a text or its digest.
pub fn material_changes(before: &[(String, String)], after: &[(String, String)]) -> Vec<MaterialChange> {
    let of = |list: &[(String, String)], name: &str| -> Vec<String> {
        let mut said: Vec<String> = list.iter().filter(|(n, _)| n == name).map(|(_, s)| s.clone()).collect();
        said.sort();
        said
    };
    let mut out = Vec::new();
    let mut names: Vec<&String> = before.iter().chain(after).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    for name in names {
        let (old, new) = (of(before, name), of(after, name));
        match (old.is_empty(), new.is_empty()) {
            (true, false) => out.push(MaterialChange::Added(name.clone())),
            (false, true) => out.push(MaterialChange::Removed(name.clone())),
            _ if old != new => out.push(MaterialChange::Changed(name.clone())),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests;
