//! Any text as a template, and another held against it: the input is cut in two at its middle.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut middle = text.len() / 2;
    while !text.is_char_boundary(middle) {
        middle -= 1;
    }
    let (template, document) = text.split_at(middle);
    trueup_testkit::properties::template_holds(template, document);
});
