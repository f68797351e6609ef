//! The tree of any text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| trueup_testkit::properties::markdown_holds(text));
