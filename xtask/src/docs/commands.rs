//! `docs/commands.md`, from the command line itself.

use super::{cell, origin};
use clap::{Arg, Command};

pub(super) fn generate() -> String {
    let mut command = trueup_cli::command().term_width(100);
    command.build();
    let name = command.get_name().to_owned();
    let mut out = origin("the command line");
    out.push_str(&format!("# The command `{name}`\n\n"));
    if let Some(about) = command.get_long_about().or(command.get_about()) {
        out.push_str(&format!("{}\n\n", sentence(&about.to_string())));
    }
    out.push_str("| Command | What it does |\n|---|---|\n");
    for sub in shown(&command) {
        let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
        out.push_str(&format!("| [`{name} {0}`](#{name}-{0}) | {1} |\n", sub.get_name(), cell(&about)));
    }
    if let Some(after) = command.get_after_long_help().or(command.get_after_help()) {
        out.push_str(&format!("\n{}\n", after.to_string().trim()));
    }
    out.push_str("\n## Options of every command\n\n");
    let global: Vec<&Arg> = command.get_arguments().filter(|a| !a.is_hide_set()).collect();
    global.iter().for_each(|arg| argument(arg, &mut out));
    let mut subs: Vec<Command> = shown(&command).cloned().collect();
    for sub in &mut subs {
        section(sub, &name, 2, &mut out);
    }
    out
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
}

fn section(command: &mut Command, above: &str, level: usize, out: &mut String) {
    let name = format!("{above} {}", command.get_name());
    out.push_str(&format!("\n{} `{name}`\n\n", "#".repeat(level)));
    if let Some(about) = command.get_long_about().or(command.get_about()) {
        out.push_str(&format!("{}\n\n", sentence(&about.to_string())));
    }
    let usage = command.render_usage().to_string();
    let usage = usage.trim().trim_start_matches("Usage:").trim();
    let lines: Vec<&str> = usage.lines().map(str::trim).collect();
    out.push_str(&format!("```console\n{}\n```\n", lines.join("\n")));
    let own = |arg: &&Arg| {
        !arg.is_hide_set() && !arg.is_global_set() && !matches!(arg.get_id().as_str(), "help" | "version")
    };
    let arguments: Vec<&Arg> = command.get_arguments().filter(own).collect();
    let (positional, options): (Vec<&Arg>, Vec<&Arg>) =
        arguments.into_iter().partition(|arg| arg.is_positional());
    for list in [positional, options] {
        if !list.is_empty() {
            out.push('\n');
        }
        list.iter().for_each(|arg| argument(arg, out));
    }
    if let Some(after) = command.get_after_long_help().or(command.get_after_help()) {
        out.push_str(&format!("\n```text\n{}\n```\n", after.to_string().trim()));
    }
    let mut subs: Vec<Command> = shown(command).cloned().collect();
    for sub in &mut subs {
        section(sub, &name, level + 1, out);
    }
}

fn argument(arg: &Arg, out: &mut String) {
    let values: Vec<String> =
        arg.get_value_names().unwrap_or_default().iter().map(|v| format!("<{v}>")).collect();
    let takes_value = arg.get_action().takes_values();
    let value = if takes_value { values.join(" ") } else { String::new() };
    let mut forms: Vec<String> = Vec::new();
    forms.extend(arg.get_short().map(|short| format!("-{short}")));
    forms.extend(arg.get_long().map(|long| format!("--{long}")));
    if let (Some(last), true) = (forms.last_mut(), takes_value) {
        last.push_str(&format!(" {value}"));
    }
    if forms.is_empty() {
        forms.push(value);
    }
    let forms: Vec<String> = forms.into_iter().map(|form| format!("`{form}`")).collect();
    out.push_str(&format!("- {}", forms.join(", ")));
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    if !help.is_empty() {
        out.push_str(&format!(": {}", sentence(&help)));
    }
    let choices: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|v| !v.is_hide_set())
        .map(|v| format!("`{}`", v.get_name()))
        .collect();
    if takes_value && !choices.is_empty() && !choices.iter().all(|c| help.contains(c.trim_matches('`'))) {
        out.push_str(&format!(" One of {}.", choices.join(", ")));
    }
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|v| format!("`{}`", v.to_string_lossy())).collect();
    if takes_value && !defaults.is_empty() {
        out.push_str(&format!(" Default: {}.", defaults.join(", ")));
    }
    if arg.is_required_set() {
        out.push_str(" Required.");
    }
    out.push('\n');
}

/// One line that ends in a full stop; paragraphs of their own stay.
fn sentence(text: &str) -> String {
    let paragraphs: Vec<String> =
        text.trim().split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let text = paragraphs.join("\n\n");
    // What is in angle brackets would be HTML.
    let text = text.replace('<', "\\<");
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text } else { format!("{text}.") }
}
