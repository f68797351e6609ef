//! `trueup rules`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use std::collections::BTreeMap;
use trueup_engine::Config;
use trueup_finding::{Applies, Levels, Rule};
use trueup_model::State;

/// List all rules with their levels
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// How to write the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
    /// As Markdown, for the documentation: without a repository's own levels
    #[arg(long, hide = true)]
    markdown: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
}

/// Runs the command.
pub(crate) fn run(args: &Rules, context: &Context) -> Result<Exit, Failure> {
    let mut groups: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in context.registry.rules() {
        groups.entry(rule.group).or_default().push(rule);
    }
    let text = match args.format {
        _ if args.markdown => markdown(&groups),
        Format::Json => json(&groups, &context.config()?.unwrap_or_default()),
        Format::Human => human(&groups, &context.config()?.unwrap_or_default(), context),
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}

fn human(groups: &BTreeMap<&str, Vec<&Rule>>, config: &Config, context: &Context) -> String {
    let terminal = &context.terminal;
    let rules = || groups.values().flatten();
    let name = rules().map(|rule| rule.name.len()).max().unwrap_or_default();
    let mut configured = 0;
    let rows: BTreeMap<&str, String> = rules()
        .map(|rule| {
            let levels = config.levels(rule.name, rule.levels);
            let mark = if levels == rule.levels { " " } else { "*" };
            configured += usize::from(levels != rule.levels);
            (rule.name, format!("{}{mark}", in_words(levels)))
        })
        .collect();
    let width = rows.values().map(|levels| levels.chars().count()).max().unwrap_or_default();
    let mut out = String::new();
    for (group, rules) in groups {
        out.push_str(&format!("{}\n", terminal.bold(group)));
        for rule in rules {
            let levels = rows.get(rule.name).map_or("", String::as_str);
            out.push_str(&format!("  {:name$}  {levels:width$}  {}\n", rule.name, rule.summary));
        }
        out.push('\n');
    }
    out.push_str(
        "Levels where there are several: Draft, In review, Accepted, Implemented, Parked, Superseded.\n",
    );
    if configured > 0 {
        out.push_str("* changed by trueup.toml\n");
    }
    out.push_str("`trueup explain RULE` says more about one.\n");
    out
}

/// One level where it is the same in all states, else one for each.
fn in_words(levels: Levels) -> String {
    let [first, rest @ ..] = levels.by_state;
    if rest.iter().all(|level| *level == first) {
        return first.name().to_owned();
    }
    levels.by_state.map(|level| format!("{:7}", level.name())).join(" ").trim_end().to_owned()
}

fn by_state(levels: Levels) -> serde_json::Value {
    State::ALL
        .iter()
        .map(|state| (state.key().to_owned(), levels.of(*state).name().into()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn json(groups: &BTreeMap<&str, Vec<&Rule>>, config: &Config) -> String {
    let rules: Vec<serde_json::Value> = groups
        .values()
        .flatten()
        .map(|rule| {
            serde_json::json!({
                "name": rule.name,
                "group": rule.group,
                "summary": rule.summary,
                "applies_to": match rule.applies {
                    Applies::Specs => "specs",
                    Applies::AllFiles => "specs and companions",
                    Applies::Engine => "the check itself",
                },
                "default_levels": by_state(rule.levels),
                "levels": by_state(config.levels(rule.name, rule.levels)),
            })
        })
        .collect();
    let mut text =
        serde_json::to_string_pretty(&serde_json::json!({ "schema_version": "1.0", "rules": rules }))
            .unwrap_or_default();
    text.push('\n');
    text
}

fn markdown(groups: &BTreeMap<&str, Vec<&Rule>>) -> String {
    let mut out = String::new();
    for (group, rules) in groups {
        out.push_str(&format!(
            "## {group}\n\n| Rule | What it finds | {} |\n",
            State::ALL.map(State::name).join(" | ")
        ));
        out.push_str("|---|---|---|---|---|---|---|---|\n");
        for rule in rules {
            let levels = rule.levels.by_state.map(|level| level.name()).join(" | ");
            out.push_str(&format!("| `{}` | {} | {levels} |\n", rule.name, rule.summary.replace('|', "\\|")));
        }
        out.push('\n');
    }
    out
}
