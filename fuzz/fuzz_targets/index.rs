//! Any text as a README that lists specs.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| trueup_testkit::properties::index_holds(text));
