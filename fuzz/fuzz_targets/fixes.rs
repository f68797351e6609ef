//! All rules and all fixes on any text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| trueup_testkit::properties::fixes_hold(text));
