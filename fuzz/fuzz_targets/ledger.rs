//! Any bytes as a ledger of evidence.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| trueup_testkit::properties::ledger_holds(bytes));
