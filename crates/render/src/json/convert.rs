//! From the structs of the engine to those of the JSON format.

use super::model::{
    Edit, Finding, Fix, Fixable, Known, Level, Place, Related, Rule, Safety, Set, Span, Summary,
};
use crate::places::{FileText, Places, Region};
use crate::summary;
use trueup_engine::CheckReport;

impl<'a> Summary<'a> {
    /// The denominators of a report and its counts by level.
    pub(crate) fn new(report: &'a CheckReport) -> Summary<'a> {
        let summary = &report.summary;
        let fixable = summary::Fixable::of(&report.findings);
        Summary {
            files_seen: summary.files_seen,
            specs: summary.specs,
            spec_documents: summary.spec_documents,
            companions: summary.companions,
            tombstones: summary.tombstones,
            not_readable: summary.not_readable,
            suppressed: summary.suppressed,
            baselined: summary.baselined,
            known: summary.known.as_ref().map(known),
            errors: report.count(trueup_finding::Level::Error),
            warnings: report.count(trueup_finding::Level::Warning),
            infos: report.count(trueup_finding::Level::Info),
            fixable: Fixable { safe: fixable.safe, risky: fixable.risky },
            sets: summary.sets.iter().map(set).collect(),
            assumed: &summary.assumed,
            rules: summary.rules.iter().map(rule).collect(),
        }
    }
}

fn known(known: &trueup_engine::KnownBefore) -> Known<'_> {
    Known { revision: &known.revision, commit: &known.commit, findings: known.findings }
}

fn set(set: &trueup_engine::SetSummary) -> Set<'_> {
    Set {
        folders: &set.folders,
        template: set.template.as_deref(),
        specs: set.specs,
        discovered: set.discovered,
    }
}

fn rule(count: &trueup_engine::RuleCount) -> Rule<'_> {
    Rule {
        rule: count.rule,
        places: count.places,
        errors: count.errors,
        warnings: count.warnings,
        infos: count.infos,
    }
}

pub(super) fn finding<'a>(finding: &'a trueup_finding::Finding, places: &mut Places<'_>) -> Finding<'a> {
    let related = finding.related.iter().map(|other| Related {
        path: &other.path,
        span: places.region(&other.path, other.span).map(span),
        message: &other.message,
    });
    let related = related.collect();
    let file = places.file(&finding.path);
    Finding {
        rule: finding.rule,
        level: level(finding.level),
        path: &finding.path,
        span: file.map(|file| span(file.region(finding.span))),
        message: &finding.message,
        hint: finding.hint.as_deref(),
        fingerprint: &finding.fingerprint,
        related,
        fixes: file.map(|file| fixes(&finding.fixes, file)).unwrap_or_default(),
    }
}

fn fixes<'a>(fixes: &'a [trueup_finding::Fix], file: &FileText<'_>) -> Vec<Fix<'a>> {
    let fix = |fix: &'a trueup_finding::Fix| Fix {
        title: &fix.title,
        safety: match fix.safety {
            trueup_finding::Safety::Safe => Safety::Safe,
            trueup_finding::Safety::Unsafe => Safety::Unsafe,
        },
        edits: fix
            .edits
            .iter()
            .map(|edit| Edit { span: span(file.region(edit.span)), insert: &edit.insert })
            .collect(),
    };
    fixes.iter().map(fix).collect()
}

fn level(level: trueup_finding::Level) -> Level {
    match level {
        trueup_finding::Level::Error => Level::Error,
        trueup_finding::Level::Warning => Level::Warning,
        // A report holds no finding at level off.
        trueup_finding::Level::Info | trueup_finding::Level::Off => Level::Info,
    }
}

fn span(region: Region) -> Span {
    let place = |place: trueup_text::LineCol| Place { line: place.line, column: place.column };
    Span { start: place(region.start), end: place(region.end) }
}
