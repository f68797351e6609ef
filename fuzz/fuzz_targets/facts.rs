//! Any text as a spec of either built-in template.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| trueup_testkit::properties::facts_hold(text));
