//! Any text as a guide.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| trueup_testkit::properties::guides_hold(text));
