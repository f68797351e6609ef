//! `trueup explain`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use trueup_finding::{Applies, Levels, Rule};
use trueup_model::State;

/// Say what a rule finds, why it matters and how to mend it
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The rule's name, as it stands in brackets behind a finding's level
    #[arg(value_name = "RULE")]
    rule: String,
}

/// Runs the command.
pub(crate) fn run(args: &Explain, context: &Context) -> Result<Exit, Failure> {
    let name = args.rule.trim_matches(['[', ']', '`']);
    let Some(rule) = context.registry.get(name) else {
        return Err(super::check::unknown_rule(name, context));
    };
    let mut out = page(rule.page, &context.terminal);
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
    out.push_str(&levels(rule, context));
    context.terminal.print(&out)?;
    Ok(Exit::Clean)
}

/// A rule's levels by state: as built in, and as configured where that differs.
fn levels(rule: &Rule, context: &Context) -> String {
    let mut out = format!("{}\n", context.terminal.bold("Levels"));
    // The page is worth reading also where the configuration is not.
    let configured = match context.config() {
        Ok(config) => config.map(|config| config.levels(rule.name, rule.levels)),
        Err(failure) => {
            context.terminal.failure(&failure);
            None
        }
    };
    let changed = configured.filter(|levels| *levels != rule.levels);
    for state in State::ALL {
        let level = rule.levels.of(state);
        let here = changed.map(|levels: Levels| levels.of(state)).filter(|here| *here != level);
        let here = here.map_or(String::new(), |here| format!("  ({here} by trueup.toml)"));
        out.push_str(&format!("    {:11}  {level}{here}\n", state.name()));
    }
    out.push_str(match rule.applies {
        Applies::Specs => "Looks at specs.\n",
        Applies::AllFiles => "Looks at specs and at the documents beside them.\n",
        Applies::Engine => "Reported by the check itself.\n",
    });
    out
}

/// Markdown as plain text: headings bold, examples indented, the rest as written.
fn page(markdown: &str, terminal: &Terminal) -> String {
    let mut out = String::new();
    let mut fence: Option<&str> = None;
    // Printed with the first line below it.
    let mut pending: Option<String> = None;
    for line in markdown.lines() {
        let bare = line.trim_start();
        let ticks = bare.len() - bare.trim_start_matches('`').len();
        let shown = match fence {
            Some(open) if bare.starts_with(open) && bare.trim_matches('`').is_empty() => {
                fence = None;
                match pending.take() {
                    Some(caption) => terminal.dim(&format!("  {caption} (empty)")),
                    None => continue,
                }
            }
            Some(_) => {
                if let Some(caption) = pending.take() {
                    let gap = if out.is_empty() || out.ends_with("\n\n") { "" } else { "\n" };
                    out.extend([gap, &terminal.dim(&format!("  {caption}:")), "\n"]);
                }
                example_line(line, terminal)
            }
            None if ticks >= 3 => {
                fence = Some(&bare[..ticks]);
                pending = caption(&bare[ticks..]);
                continue;
            }
            None if bare.starts_with('#') => {
                terminal.bold(&inline(bare.trim_start_matches(['#', ' ']), None))
            }
            None => inline(line, Some(terminal)),
        };
        out.extend([&shown, "\n"]);
    }
    out
}

/// What stands over an example: its file, and whether it shows the file before or after the fix.
fn caption(info: &str) -> Option<String> {
    let mut parts = Vec::new();
    for word in info.split_whitespace().skip(1) {
        match word.split_once('=') {
            Some(("path", path)) => parts.push(path.to_owned()),
            _ if word == "fixed" => parts.push("mended".to_owned()),
            _ => parts.push(word.to_owned()),
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A line of an example. The mark of a line with a finding is for the tests; people read an arrow.
fn example_line(line: &str, terminal: &Terminal) -> String {
    match line.trim_end().strip_suffix("«here»") {
        Some(text) => format!("    {} {}", text.trim_end(), terminal.bold("← found here")),
        None => format!("    {line}").trim_end().to_owned(),
    }
}

/// A line without the marks of strong emphasis; with a terminal what they marked is bold.
fn inline(line: &str, terminal: Option<&Terminal>) -> String {
    let mut out = String::new();
    for (i, code_or_text) in line.split('`').enumerate() {
        if i > 0 {
            out.push('`');
        }
        if i % 2 == 1 {
            out.push_str(code_or_text);
            continue;
        }
        for (j, part) in code_or_text.split("**").enumerate() {
            match terminal {
                Some(terminal) if j % 2 == 1 => out.push_str(&terminal.bold(part)),
                _ => out.push_str(part),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::When;

    #[test]
    fn pages_are_plain_text() {
        let markdown = "# a-rule\n\nFinds **this** and `**that**`.\n\n````markdown path=a.md fixed\n# x «here»\n```\ncode\n```\n````\n```md path=b.md\n```\n\nEnd.\n";
        let plain = page(markdown, &Terminal::new(When::Never, false));
        let wanted = "a-rule\n\nFinds this and `**that**`.\n\n  a.md, mended:\n    # x ← found here\n    ```\n    code\n    ```\n  b.md (empty)\n\nEnd.\n";
        assert_eq!(plain, wanted);
    }
}
