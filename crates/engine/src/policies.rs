//! Rows of the compliance matrix that a team has bound to what decides them.

use crate::check::file_cx;
use crate::config::PolicyConfig;
use crate::read::ReadFile;
use crate::workspace::Workspace;
use std::sync::Arc;
use trueup_claims::{BoundRow, Judged, row_binds};
use trueup_finding::{FileCx, Registry, Sink};
use trueup_model::{Spec, Verdict};

/// Decides policies that are not built in: Rego files and commands. Runs outside of this crate.
pub trait Policies: std::fmt::Debug + Send + Sync {
    /// What a policy (by its place in `[[policy]]`) says of a spec of a file.
    fn decide(&self, workspace: &Workspace, file: &ReadFile, spec: usize, policy: usize) -> Judged;

    /// The same policies for the repository as it was at a commit: nothing that is known of the work tree
    /// may decide there.
    fn for_commit(&self) -> Arc<dyn Policies>;
}

impl Workspace {
    /// Asks every policy that is bound to a row of the file's specs, each once.
    pub fn bind(&self, registry: &Registry, file: &mut ReadFile) {
        if self.config.policy.is_empty() {
            return;
        }
        file.bound = (0..file.specs.len()).map(|spec| self.bound_rows(registry, file, spec)).collect();
    }

    fn bound_rows(&self, registry: &Registry, file: &ReadFile, at: usize) -> Vec<BoundRow> {
        let spec = &file.specs[at];
        let Some(report) = &spec.facts.compliance else { return Vec::new() };
        let mut out = Vec::new();
        for (index, policy) in self.config.policy.iter().enumerate() {
            let binds = |row| row_binds(row, policy.guide.as_deref(), &policy.rule);
            let rows: Vec<usize> =
                report.rows.iter().enumerate().filter(|(_, row)| binds(row)).map(|(row, _)| row).collect();
            if rows.is_empty() {
                continue;
            }
            let judged = self.decide(registry, file, at, index, policy);
            let bound = |row| BoundRow { row, policy: policy.name.clone(), judged: judged.clone() };
            out.extend(rows.into_iter().map(bound));
        }
        out
    }

    fn decide(
        &self,
        registry: &Registry,
        file: &ReadFile,
        spec: usize,
        index: usize,
        policy: &PolicyConfig,
    ) -> Judged {
        match (&policy.check, &self.policies) {
            (Some(name), _) => match registry.get(name) {
                Some(rule) => {
                    let plain = self.plain_settings();
                    let cx = file_cx(self, file, &plain);
                    let mut sink = Sink::new();
                    (rule.check)(&cx, &mut sink);
                    by_rule(name, &cx, &file.specs[spec], sink)
                }
                None => Judged::new(Verdict::NotCheckable, format!("there is no rule `{name}`")),
            },
            (None, Some(policies)) => policies.decide(self, file, spec, index),
            (None, None) => Judged::new(Verdict::NotCheckable, "policies are not run here"),
        }
    }
}

/// What a built-in rule makes of a row: contradicted by what it finds in the spec.
fn by_rule(name: &str, cx: &FileCx<'_>, spec: &Spec, sink: Sink) -> Judged {
    let places = sink.places();
    let in_spec = |span: trueup_text::Span| spec.region.contains_offset(span.start);
    let found: Vec<_> = sink.into_reports().into_iter().filter(|r| r.in_sidecar || in_spec(r.span)).collect();
    let Some(first) = found.first() else {
        return match places {
            0 => Judged::new(Verdict::Vacuous, format!("`{name}` had nothing to look at")),
            _ => Judged::new(Verdict::Proven, format!("`{name}` finds nothing")),
        };
    };
    let more = match found.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let mut judged = Judged::new(Verdict::Contradicted, format!("{}{more}", first.message));
    for report in found.iter().filter(|r| !r.in_sidecar).take(10) {
        let words = report.span.text(cx.text()).split_whitespace().collect::<Vec<_>>().join(" ");
        judged = judged.at(report.span, words);
    }
    judged
}
