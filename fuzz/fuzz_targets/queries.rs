//! Any text as a log of statements.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| trueup_testkit::properties::queries_hold(&String::from_utf8_lossy(data)));
