use crate::{Files, Listed, judge, read_index, write};
use trueup_markdown::Document;
use trueup_model::{PathIndex, SpecId, State, StatusWords, base_name};

/// Specs of the tests: path, state.
fn specs(list: &[(&str, State)]) -> Vec<Listed> {
    list.iter()
        .map(|(path, state)| {
            let stem = base_name(path).trim_end_matches(".md");
            let id = SpecId::of_file_name(base_name(path));
            Listed {
                path: format!("specs/{path}"),
                name: id.as_ref().map_or(stem.to_owned(), |id| id.text.clone()),
                id,
                title: stem.rsplit('-').next().unwrap_or(stem).to_owned(),
                state: *state,
                folder: None,
                status: state.name().to_owned(),
                created: None,
                in_reach: true,
            }
        })
        .collect()
}

/// What is wrong with an index at `specs/README.md`, and the text that `write` makes of it. A second time it
/// changes nothing.
fn check(text: &str, list: &[(&str, State)], problems: &[&str], after: &str) {
    check_of(text, &specs(list), problems, after, None);
}

/// The same; `left` is how much is left to a person, where that is asked.
fn check_of(text: &str, specs: &[Listed], problems: &[&str], after: &str, left: Option<usize>) {
    let paths = PathIndex::new(specs.iter().map(|s| s.path.as_str()));
    let words = StatusWords::default();
    let document = Document::parse(text);
    let is_spec = |path: &str| specs.iter().any(|s| s.path == path);
    let among_specs = |path: &str| path.starts_with("specs/");
    let files = Files { is_spec: &is_spec, among_specs: &among_specs, paths: &paths };
    let read = |document: &Document| read_index("specs/README.md", document, &words, &|_| None, files);
    let index = read(&document).expect(text);
    let found = judge("specs/README.md", &document, &index, specs, &paths, &words);
    let messages: Vec<&str> = found.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(messages, problems);
    let written = |text: &str| {
        let written = write("specs/README.md", text, &read, specs, &paths, &words, &|_| true);
        let written = written.expect("edits fit").expect("an index stays one");
        (written.document.text().to_owned(), written.left)
    };
    let (first, open) = written(text);
    assert_eq!(first, after);
    let told: Vec<String> = open.into_iter().map(|p| p.message).collect();
    assert!(left.is_none_or(|left| left == told.len()), "{told:?}");
    assert_eq!(written(&first).0, first, "a second time changes nothing");
}

const TABLE: &str = "# Specs\n\n## Pending\n\n| Spec | Title | Notes |\n|---|---|---|\n| [SPEC-001](SPEC-001-a.md) | A | by hand |\n| [SPEC-003](SPEC-003-c.md) | C | kept |\n\n## Implemented\n\n| Spec | Title | Notes |\n|---|---|---|\n| [SPEC-002](SPEC-002-b.md) | B |  |";

#[test]
fn rows_are_added_moved_and_mended() {
    use State::{Draft, Implemented};
    check(
        TABLE,
        &[
            ("SPEC-001-a.md", Draft),
            ("done/SPEC-002-b.md", Implemented),
            ("SPEC-003-c.md", Implemented),
            ("SPEC-004-d.md", Draft),
        ],
        &[
            "SPEC-003 is Implemented, but stands under “Pending”; it belongs under “Implemented”",
            "the index leads to `SPEC-002-b.md`, which is not there; the spec lies in `done/SPEC-002-b.md`",
            "SPEC-004 (`SPEC-004-d.md`) is not listed under “Pending”",
        ],
        "# Specs\n\n## Pending\n\n| Spec | Title | Notes |\n|---|---|---|\n| [SPEC-001](SPEC-001-a.md) | A | by hand |\n| [SPEC-004](SPEC-004-d.md) | d |  |\n\n## Implemented\n\n| Spec | Title | Notes |\n|---|---|---|\n| [SPEC-002](done/SPEC-002-b.md) | B |  |\n| [SPEC-003](SPEC-003-c.md) | C | kept |",
    );
}

#[test]
fn lists_are_indexes_and_a_second_time_changes_nothing() {
    let text = "- [a](SPEC-001-a.md): words\n- [c](SPEC-003-c.md)\n- [d](SPEC-004-d.md)\n";
    let list = [
        ("SPEC-001-a.md", State::Draft),
        ("SPEC-002-b.md", State::Draft),
        ("SPEC-003-c.md", State::Draft),
        ("SPEC-004-d.md", State::Draft),
    ];
    let after =
        "- [a](SPEC-001-a.md): words\n- [b](SPEC-002-b.md)\n- [c](SPEC-003-c.md)\n- [d](SPEC-004-d.md)\n";
    check(text, &list, &["SPEC-002 (`SPEC-002-b.md`) is not listed"], after);
    check(after, &list, &[], after);
}

#[test]
fn the_mark_of_the_byte_order_stays_in_front() {
    let names = ["SPEC-001-a.md", "SPEC-002-b.md", "SPEC-003-c.md", "SPEC-004-d.md"];
    let list = names.map(|name| (name, State::Draft));
    let problems = ["SPEC-001 (`SPEC-001-a.md`) is not listed"];
    for indent in ["", "  "] {
        let [first, second, third, fourth] =
            names.map(|name| format!("{indent}- [{}]({name})\n", name.get(9..10).unwrap_or("")));
        let text = format!("\u{feff}{second}{third}{fourth}");
        check(&text, &list, &problems, &format!("\u{feff}{first}{second}{third}{fourth}"));
    }
}

#[test]
fn a_status_column_follows_the_specs() {
    let text = "| ID | Status |\n|-|-|\n| [SPEC-001](SPEC-001-a.md) | Draft |\n| [SPEC-002](SPEC-002-b.md) | ✅ Done |\n| [SPEC-003](SPEC-003-c.md) | Accepted |\n";
    check(
        text,
        &[
            ("SPEC-001-a.md", State::Accepted),
            ("SPEC-002-b.md", State::Implemented),
            ("SPEC-003-c.md", State::Accepted),
        ],
        &["the index says “Draft” of SPEC-001, which is “Accepted”"],
        &text.replace("| Draft |", "| Accepted |"),
    );
}

#[test]
fn what_is_mended_is_judged_again() {
    use State::{Accepted, Draft, Implemented};
    let table = |rows: &[&str]| format!("| ID | Status |\n|-|-|\n{}", rows.concat());
    let row = |n: u8, status: &str| format!("| [SPEC-00{n}](SPEC-00{n}-x.md) | {status} |\n");
    let of = |pending: &[&str], done: &[&str]| {
        format!("## Pending\n\n{}\n## Implemented\n\n{}", table(pending), table(done))
    };
    let list = [
        ("SPEC-001-x.md", Draft),
        ("SPEC-002-x.md", Implemented),
        ("SPEC-003-x.md", Accepted),
        ("done/SPEC-004-x.md", Implemented),
        ("SPEC-005-x.md", Implemented),
    ];
    let moved = "| [SPEC-004](done/SPEC-004-x.md) | Implemented |\n";
    check(
        // 2 stands in a wrong part with a wrong status, 4 leads nowhere besides.
        &of(&[&row(1, "Draft"), &row(2, "Draft"), &row(3, "Draft"), &row(4, "Draft")], &[&row(5, "Done")]),
        &list,
        &[
            "SPEC-002 is Implemented, but stands under “Pending”; it belongs under “Implemented”",
            "the index says “Draft” of SPEC-002, which is “Implemented”",
            "the index says “Draft” of SPEC-003, which is “Accepted”",
            "the index leads to `SPEC-004-x.md`, which is not there; the spec lies in `done/SPEC-004-x.md`",
        ],
        &of(&[&row(1, "Draft"), &row(3, "Accepted")], &[&row(5, "Done"), &row(2, "Implemented"), moved]),
    );
}

#[test]
fn new_rows_are_rows_again_when_they_are_read() {
    let mut list = specs(&[
        ("SPEC-001-a.md", State::Draft),
        ("SPEC-002-b.md", State::Draft),
        ("SPEC-003-c.md", State::Draft),
        ("SPEC-004 (d|e) café.md", State::Draft),
    ]);
    list[3].title = "Pay | split [x]".to_owned();
    check_of(
        "| Title | Status |\n|-|-|\n| [a](SPEC-001-a.md) | Draft |\n| [b](SPEC-002-b.md) | Draft |\n| [c](SPEC-003-c.md) | Draft |\n",
        &list,
        &["SPEC-004 (`SPEC-004 (d|e) café.md`) is not listed"],
        "| Title | Status |\n|-|-|\n| [a](SPEC-001-a.md) | Draft |\n| [b](SPEC-002-b.md) | Draft |\n| [c](SPEC-003-c.md) | Draft |\n| [Pay \\| split x](SPEC-004%20(d%7Ce)%20café.md) | Draft |\n",
        Some(0),
    );
    // A link in the manner of other tools, bold items, and lines that end as on Windows.
    list[3].path = "specs/SPEC-004-é.md".to_owned();
    list[3].title = "d".to_owned();
    check_of(
        "* **[a](SPEC-001-a.md)**: words\r\n* **[b](SPEC-002-b.md)**\r\n* **[d](SPEC-004-%C3%A9.md)**",
        &list,
        &["SPEC-003 (`SPEC-003-c.md`) is not listed"],
        "* **[a](SPEC-001-a.md)**: words\r\n* **[b](SPEC-002-b.md)**\r\n* [c](SPEC-003-c.md)\r\n* **[d](SPEC-004-%C3%A9.md)**",
        Some(0),
    );
    check_of(
        "* [a](SPEC-001-a.md): words\r\n* [b](SPEC-002-b.md)\r\n* [c](SPEC-003-c.md)",
        &list,
        &["SPEC-004 (`SPEC-004-é.md`) is not listed"],
        "* [a](SPEC-001-a.md): words\r\n* [b](SPEC-002-b.md)\r\n* [c](SPEC-003-c.md)\r\n* [d](SPEC-004-é.md)",
        Some(0),
    );
}

#[test]
fn a_spec_that_no_part_is_for_is_left_for_a_person() {
    let text =
        "## Draft\n\n- [a](SPEC-001-a.md)\n- [b](SPEC-002-b.md)\n\n## Implemented\n\n- [c](SPEC-003-c.md)\n";
    let list = specs(&[
        ("SPEC-001-a.md", State::Draft),
        ("SPEC-002-b.md", State::Draft),
        ("SPEC-003-c.md", State::Implemented),
        ("SPEC-004-d.md", State::Parked),
    ]);
    let told = "SPEC-004 (`SPEC-004-d.md`) is not listed, and no part of the index is for what is Parked";
    check_of(text, &list, &[told], text, Some(1));
}

#[test]
fn a_broken_row_of_a_spec_that_is_listed_is_to_go() {
    let text = "- [a](SPEC-001-a.md)\n- [b](old/SPEC-002-b.md)\n- [b](SPEC-002-b.md)\n";
    let list = specs(&[("SPEC-001-a.md", State::Draft), ("SPEC-002-b.md", State::Draft)]);
    let told = "the index leads to `old/SPEC-002-b.md`, which is not there; SPEC-002 is listed already, so that this row can be removed";
    check_of(text, &list, &[told], text, Some(1));
}

#[test]
fn what_only_mentions_specs_is_no_index() {
    let paths = PathIndex::new(["specs/SPEC-001-a.md", "specs/n.md"]);
    let is_spec = |path: &str| path == "specs/SPEC-001-a.md";
    let among_specs = |path: &str| path.starts_with("specs/");
    let files = Files { is_spec: &is_spec, among_specs: &among_specs, paths: &paths };
    for text in [
        "| Note | Spec |\n|-|-|\n| [n](n.md) | [S](SPEC-001-a.md) |\n| [n](n.md) | [S](SPEC-001-a.md) |\n| [n](n.md) | [S](SPEC-001-a.md) |\n",
        "- As [S](SPEC-001-a.md) says, too\n- Also see [S](SPEC-001-a.md)\n- Read [S](SPEC-001-a.md) first\n",
        // Nothing says that these files were specs.
        "- [a](gone.md)\n- [b](lost.md)\n- [c](away.md)\n",
        "",
    ] {
        let document = Document::parse(text);
        let index = read_index("specs/README.md", &document, &StatusWords::default(), &|_| None, files);
        assert!(index.is_none(), "{text}");
    }
}

#[test]
fn a_part_of_few_rows_is_read_when_one_of_them_breaks() {
    let list = [("orders.md", State::Draft), ("stock.md", State::Draft), ("gifts.md", State::Implemented)];
    let text = |pending: &str, built: &str| {
        format!(
            "# Specs\n\n## Pending\n\n- [Orders]({pending})\n- [Stock](stock.md)\n\n## Implemented\n\n- [Gifts]({built})\n\n## See also\n\n- [How we work](../gone.md)\n\n## More\n\n- [All of them](more/README.md)\n"
        )
    };
    let as_is = text("orders.md", "gifts.md");
    check(&as_is, &list, &[], &as_is);
    let broken = text("order-list.md", "gifts.md");
    check(
        &broken,
        &list,
        &[
            "the index leads to `order-list.md`, which is not there; no spec of that name is anywhere",
            "orders (`orders.md`) is not listed under “Pending”",
        ],
        &broken.replace("(stock.md)\n", "(stock.md)\n- [orders](orders.md)\n"),
    );
    let alone = text("orders.md", "presents.md");
    check(
        &alone,
        &list,
        &[
            "the index leads to `presents.md`, which is not there; no spec of that name is anywhere",
            "gifts (`gifts.md`) is not listed under “Implemented”",
        ],
        &alone.replace("presents.md)\n", "presents.md)\n- [gifts](gifts.md)\n"),
    );
}

#[test]
fn an_item_is_moved_behind_the_marks_of_its_new_list() {
    let list = [("orders.md", State::Draft), ("gifts.md", State::Implemented)];
    check(
        "## Pending\n\n  - [Orders](orders.md)\n  - [Gifts](gifts.md)\n    more\n\n## Done\n\n* [Gone](SPEC-009-gone.md)\n",
        &list,
        &[
            "gifts is Implemented, but stands under “Pending”; it belongs under “Done”",
            "the index leads to `SPEC-009-gone.md`, which is not there; no spec of that name is anywhere",
        ],
        "## Pending\n\n  - [Orders](orders.md)\n\n## Done\n\n* [Gone](SPEC-009-gone.md)\n* [Gifts](gifts.md)\n  more\n",
    );
}

#[test]
fn a_spec_that_is_listed_twice_is_not_moved() {
    let text = "## Pending\n\n- [Gifts](gifts.md)\n\n## Draft\n\n- [Gifts](gifts.md)\n- [Orders](orders.md)\n\n## Archived\n\n- [Gone](SPEC-009-gone.md)\n";
    check(
        text,
        &[("orders.md", State::Draft), ("gifts.md", State::Superseded)],
        &[
            "gifts is Superseded, but stands under “Pending”; it belongs under “Archived”",
            "gifts is listed a second time",
            "the index leads to `SPEC-009-gone.md`, which is not there; no spec of that name is anywhere",
        ],
        text,
    );
}
