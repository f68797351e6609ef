//! `trueup check --gate`

use super::input::Targets;
use super::{Check, output};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::words::count;
use trueup_engine::Workspace;
use trueup_lifecycle::{Gate, gate_check};

/// The gates, as they are typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(super) enum GateName {
    /// Before a draft is offered for review
    Submit,
    /// Before a spec is agreed on
    Accept,
    /// Before a spec counts as built
    Implement,
}

impl GateName {
    fn gate(self) -> Gate {
        match self {
            GateName::Submit => Gate::Submit,
            GateName::Accept => Gate::Accept,
            GateName::Implement => Gate::Implement,
        }
    }
}

/// Asks a gate about every spec that could take its step, as the command of that name would.
pub(super) fn run(
    args: &Check,
    name: GateName,
    workspace: &Workspace,
    targets: &Targets,
    context: &Context,
) -> Result<Exit, Failure> {
    let gate = name.gate();
    let checked = gate_check(workspace, &context.registry, gate, &targets.paths);
    if checked.answers.is_empty() {
        let states: Vec<String> = gate.action().from().iter().map(|state| state.name().to_owned()).collect();
        return Err(Failure::new(format!(
            "no spec is asked about: `trueup {}` starts from {}",
            gate.name(),
            states.join(" or ")
        ))
        .help("`trueup status` shows where each spec stands"));
    }
    output::write(args, &checked.report, context)?;
    let refused = checked.answers.iter().filter(|answer| !answer.reasons.is_empty()).count();
    let asked = checked.answers.len();
    context.terminal.note(&match refused {
        0 => format!(
            "the gate lets {} pass",
            if asked == 1 { "it".to_owned() } else { format!("all {asked}") }
        ),
        refused => format!("the gate refuses {refused} of {}", count(asked, "spec", "specs")),
    });
    Ok(if refused > 0 { Exit::Findings } else { Exit::Clean })
}
