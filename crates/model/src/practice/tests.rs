use super::*;
use crate::{Settings, read_specs};
use trueup_markdown::Document;
use trueup_template::{Schema, infer};

const TEMPLATE: &str = "# SPEC-XXX: [Title]\n\n**Status:** Draft\n**Risk:** Low / High\n**Sponsor:** [Name]\n\n\
    ## 1. Problem\n[What hurts]\n\n## 2. Solution\n[How]\n\n## 3. Files\n| File | Action | Why |\n|---|---|---|\n\
    | [path] | Create / Modify | [Reason] |\n| ... | ... | ... |\n\n## 4. Checks\n- [ ] Tests are written\n- [ ] Docs are updated\n\n\
    ## 5. Legacy\n[Old things]\n";

fn measured(texts: &[&str], min_specs: usize) -> (Schema, Practice) {
    let schema = infer("t.md", TEMPLATE, None);
    let settings = Settings::default();
    let mut seen = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let path = format!("specs/SPEC-00{at}-a.md");
        let document = Document::parse(*text);
        for spec in read_specs(&path, &document, &schema, &settings, None, None) {
            seen.push(observe(&path, &document, &spec, &schema, None));
        }
    }
    let practice = measure(&schema, &seen, min_specs);
    (schema, practice)
}

fn usages(usages: &[Usage]) -> Vec<String> {
    usages.iter().map(|u| format!("{} {}/{}", u.name, u.share.count, u.share.of)).collect()
}

fn section<'p>(schema: &Schema, practice: &'p Practice, title: &str) -> &'p SectionPractice {
    practice.sections.iter().find(|s| schema.sections[s.spec].title == title).unwrap()
}

#[test]
fn percents_never_say_all_or_none_of_some() {
    let percent = |count, of| Share::new(count, of).percent();
    assert_eq!(
        [percent(0, 9), percent(1, 1000), percent(1, 2), percent(999, 1000), percent(9, 9)],
        [0, 1, 50, 99, 100]
    );
    assert!(Share::new(1, 4).at_least(25) && !Share::new(1, 4).below(25) && !Share::default().at_least(0));
}

#[test]
fn sections_are_there_renamed_empty_and_left_out() {
    let (schema, practice) = measured(
        &[
            "# SPEC-000: A\n## Problem\nx\n## Solution\ny\n## Legacy\n",
            "# SPEC-001: B\n## Motivation\nx\n## Solution\nN/A\n",
            "# SPEC-002: C\n## Motivation\nx\n## Solution\n[How]\n",
            "# D\n## Something else\n",
        ],
        2,
    );
    assert_eq!((practice.specs, practice.unlike.as_slice()), (3, &["SPEC-003-a".to_owned()][..]));
    let problem = section(&schema, &practice, "Problem");
    assert_eq!((problem.there, problem.same_title), (Share::new(3, 3), 1));
    assert_eq!(usages(&problem.other_titles), ["Motivation 2/3"]);
    let solution = section(&schema, &practice, "Solution");
    assert_eq!((solution.filled(), solution.not_applicable, solution.untouched), (Share::new(1, 3), 1, 1));
    let legacy = section(&schema, &practice, "Legacy");
    assert_eq!((legacy.there, legacy.empty, legacy.filled()), (Share::new(1, 3), 1, Share::new(0, 3)));
    let actions: Vec<&str> = practice.proposals.iter().map(|p| p.action.as_str()).collect();
    assert!(
        actions.contains(&"make `Legacy` optional") && actions.contains(&"call `Problem` `Motivation`"),
        "{actions:?}"
    );
}

#[test]
fn what_specs_add_is_grouped_by_kind_and_by_title() {
    let (_, practice) = measured(
        &[
            "# A\n## Problem\nx\n### Evidence\ny\n## Non-Goals\nz\n## Odd\nq\n",
            "# B\n## Problem\nx\n### Evidence\ny\n## Out of scope\nz\n",
            "# C\n## Problem\nx\n## Non-goals\nz\n",
        ],
        2,
    );
    let found: Vec<String> = practice
        .added_sections
        .iter()
        .map(|a| format!("{} {:?} {:?} {}/{}", a.title, a.kind, a.inside, a.share.count, a.share.of))
        .collect();
    assert_eq!(found, ["Non-Goals Some(\"out-of-scope\") None 3/3", "Evidence None Some(0) 2/3"]);
    assert_eq!(usages(&practice.added_sections[0].titles), ["Non-Goals 2/3", "Out of scope 1/3"]);
    let stems = "# A\n## Problem\nx\n## Phase 1: a\n## Phase 2: b\n";
    let (_, practice) = measured(&[stems, stems], 2);
    assert_eq!(usages(&practice.added_sections[0].titles), ["Phase N … 2/2"]);
}

#[test]
fn fields_and_values_that_have_outgrown_their_choices() {
    let spec = |risk: &str| {
        format!("# A\n**Status:** Draft\n**Risk:** {risk}\n**Reviewer:** Ann\n\n## Problem\nx\n")
    };
    let texts: Vec<String> =
        ["Low", "low (for now)", "Huge", "Huge!", "Low / High", "TBD"].map(spec).to_vec();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (_, practice) = measured(&texts, 2);
    let field = |key: &str| practice.fields.iter().find(|f| f.key == key).unwrap();
    let risk = field("Risk");
    assert_eq!((risk.there, risk.filled), (Share::new(6, 6), Share::new(4, 6)));
    assert_eq!(usages(&risk.values.used), ["Low 2/4"]);
    assert_eq!(
        (usages(&risk.values.outside), risk.values.outgrown()),
        (vec!["Huge 2/4".to_owned()], Share::new(2, 4))
    );
    assert_eq!(field("Sponsor").filled, Share::new(0, 6));
    assert_eq!((practice.added_fields.len(), practice.added_fields[0].key.as_str()), (1, "Reviewer"));
    let actions: Vec<&str> = practice.proposals.iter().map(|p| p.action.as_str()).collect();
    for wanted in [
        "add `Huge` to the choices of `Risk`",
        "take `Sponsor` out of the header, or make it optional",
        "add the field `Reviewer` to the header",
    ] {
        assert!(actions.contains(&wanted), "{wanted} is not in {actions:?}");
    }
}

#[test]
fn tables_check_lists_and_order() {
    let text = "# A\n## Solution\ny\n## Problem\nx\n## Files\n| File | Actions | Owner |\n|---|---|---|\n| a | Create | me |\n| b | Drop | me |\n\n\
        ## Checks\n- [x] Tests are written\n";
    let (schema, practice) = measured(&[text, text], 2);
    let table = &practice.tables[0];
    let columns: Vec<usize> = table.columns.iter().map(|c| c.there.count).collect();
    assert_eq!((table.there, table.tables, columns), (Share::new(2, 2), 2, vec![2, 2, 0]));
    assert_eq!(usages(&table.columns[1].other_names), ["Actions 2/2"]);
    assert_eq!(usages(&table.added), ["Owner 2/2"]);
    assert_eq!(
        (table.columns[1].values.total, usages(&table.columns[1].values.outside)),
        (4, vec!["Drop 2/4".to_owned()])
    );
    let kept: Vec<usize> = practice.checklist.iter().map(|i| i.kept.count).collect();
    assert_eq!(kept, [2, 0]);
    let swap = practice.order.swaps[0];
    assert_eq!((schema.sections[swap.first].title.as_str(), swap.swapped), ("Problem", Share::new(2, 2)));
    assert_eq!(practice.order.followed, Share::new(0, 2));
    assert_eq!(practice.styles[0].template.as_deref(), Some("1."));
    assert!(practice.proposals.iter().any(|p| p.action == "leave the numbers of the sections out"));
}

#[test]
fn nothing_to_measure_proposes_nothing() {
    let (_, practice) = measured(&[], 1);
    assert_eq!((practice.specs, practice.proposals.as_slice()), (0, &[][..]));
}
