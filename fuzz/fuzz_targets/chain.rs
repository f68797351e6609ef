//! Any text as a folder of migrations of any layout. The first byte says which.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((pick, text)) = data.split_first() else { return };
    trueup_testkit::properties::chain_holds(*pick, &String::from_utf8_lossy(text));
});
