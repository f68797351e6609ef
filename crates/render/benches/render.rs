//! What a full run costs: 3,000 findings in 300 specs of 39 kB, 11.7 MB in all.

use divan::{Bencher, black_box};
use trueup_engine::CheckReport;
use trueup_finding::{Finding, Fix, Level, Registry};
use trueup_render::{HumanOptions, human, json, sarif, short};
use trueup_text::{Edit, Span};

fn main() {
    divan::main();
}

const FILES: usize = 300;
const FINDINGS_IN_A_FILE: usize = 10;

fn report() -> CheckReport {
    let row = "| 12 | See [the guide](../../docs/gone.md) for what the tenant sees when a plan ends | open | more text |\n";
    let long_row = format!("{}|\n", "| a cell of a long row ".repeat(100));
    let block = row.repeat(25) + &long_row;
    let text = block.repeat(8);
    let mut report = CheckReport::default();
    for file in 0..FILES {
        let path: std::sync::Arc<str> = format!("docs/specs/area-{}/spec-{file}.md", file % 12).into();
        report.texts.insert(path.clone(), text.as_str().into());
        for finding in 0..FINDINGS_IN_A_FILE {
            let near = finding * text.len() / FINDINGS_IN_A_FILE;
            let start = near + text[near..].find("../../docs").unwrap_or_default();
            let span = Span::new(start, start + "../../docs/gone.md".len());
            report.findings.push(Finding {
                rule: "broken-link",
                level: Level::Error,
                path: path.clone(),
                span,
                message: "the link leads to nothing: `../../docs/gone.md`".to_owned(),
                hint: Some("point it to a file that exists, or take it away".to_owned()),
                related: Vec::new(),
                fixes: vec![Fix::safe(
                    "point the link to `../docs/guide.md`",
                    vec![Edit::replace(span, "../docs/guide.md")],
                )],
                fingerprint: format!("{:016x}", file * FINDINGS_IN_A_FILE + finding),
            });
        }
    }
    report
}

#[divan::bench(args = [false, true])]
fn as_human(bencher: Bencher<'_, '_>, color: bool) {
    let report = report();
    let options = HumanOptions { color, ..HumanOptions::default() };
    bencher.bench_local(|| human(black_box(&report), None, &options));
}

#[divan::bench]
fn as_short(bencher: Bencher<'_, '_>) {
    let report = report();
    bencher.bench_local(|| short(black_box(&report)));
}

#[divan::bench]
fn as_json(bencher: Bencher<'_, '_>) {
    let report = report();
    bencher.bench_local(|| json(black_box(&report)));
}

#[divan::bench]
fn as_sarif(bencher: Bencher<'_, '_>) {
    let report = report();
    bencher.bench_local(|| sarif(black_box(&report), &Registry::default(), "1.0.0"));
}
