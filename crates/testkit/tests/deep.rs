//! Deep nesting needs no stack. In a program of its own: a stack that overflows ends the program.

use std::thread;
use trueup_testkit::properties::{facts_hold, fixes_hold, markdown_holds, template_holds};

const DEPTH: usize = 10_000;

/// As much as the threads of a language server or of a pool have in a small setting.
const STACK: usize = 1 << 20;

fn on_a_small_stack(work: fn(&str)) {
    let texts = [
        format!("# T\n\n{} x\n", ">".repeat(DEPTH)),
        format!("# T\n\n{}x\n", "- ".repeat(DEPTH)),
        format!("# T\n\n{}x\n", "1. ".repeat(DEPTH)),
        format!("# T\n\n{}x\n", "> - ".repeat(DEPTH)),
        format!("# T\n\n{}x{}\n", "*a **b ".repeat(DEPTH), "b** a*".repeat(DEPTH)),
        format!("# T\n\n{}x{}\n", "[".repeat(DEPTH), "](b)".repeat(DEPTH)),
        format!("# T\n\n{}x{}\n", "![".repeat(DEPTH), "](b)".repeat(DEPTH)),
        format!("# T\n\n{}x{}\n", "<div>".repeat(DEPTH), "</div>".repeat(DEPTH)),
        format!("---\na: {}x{}\n---\n# T\n", "[".repeat(DEPTH), "]".repeat(DEPTH)),
        format!(
            "---\n{}\n---\n# T\n",
            (0..300).map(|i| format!("{}a:\n", " ".repeat(i))).collect::<String>()
        ),
    ];
    for text in texts {
        let run = thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || work(&text))
            .expect("a thread can be started");
        run.join().expect("the text holds");
    }
}

#[test]
fn trees_of_any_depth() {
    on_a_small_stack(markdown_holds);
}

#[test]
fn templates_of_any_depth() {
    on_a_small_stack(|text| template_holds(text, text));
}

#[test]
fn rules_on_any_depth() {
    on_a_small_stack(fixes_hold);
}

#[test]
fn facts_of_any_depth() {
    on_a_small_stack(facts_hold);
}
