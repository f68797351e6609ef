//! The file names of ledgers.

use crate::Digest;

/// A longer name is cut: file systems take 255 bytes, and endings follow.
const MOST_BYTES: usize = 120;
/// Names that Windows keeps for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name of a spec's ledger without its ending. A spec's ID or file stem that is safe as a file name
/// stays as it is; in any other, unsafe characters become `-` and a short digest of the whole follows,
/// so that two specs never share a ledger.
pub fn file_stem(spec: &str) -> String {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let plain: String = spec.chars().map(|c| if safe(c) { c } else { '-' }).collect();
    let trimmed = plain.trim_matches('.');
    if trimmed == spec && !spec.is_empty() && spec.len() <= MOST_BYTES && !is_device(spec) {
        return plain;
    }
    let mut end = trimmed.len().min(MOST_BYTES);
    while !trimmed.is_char_boundary(end) {
        end -= 1;
    }
    let front = trimmed.get(..end).unwrap_or_default();
    let digest = Digest::of(spec.as_bytes());
    format!("{front}{}{}", if front.is_empty() { "" } else { "-" }, digest.short())
}

fn is_device(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |word: &str| {
        first
            .strip_prefix(word)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    DEVICES.contains(&first.as_str()) || numbered("com") || numbered("lpt")
}
