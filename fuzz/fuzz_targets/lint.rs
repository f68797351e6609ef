//! Any text held to squawk's rules.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| trueup_testkit::properties::lint_holds(&String::from_utf8_lossy(data)));
