//! Checksums as the tools make them, each after the tool's own source.

use std::hash::Hasher;

use sha2::{Digest, Sha256, Sha384};
use siphasher::sip::SipHasher13;

use crate::chain::{ChainFile, Layout};

/// The checksums that a tool may have written for a file, in the form of its table; the first is the one that it
/// writes today. Empty where the tool keeps none.
pub fn checksums(layout: Layout, file: &ChainFile) -> Vec<String> {
    let text = file.text.as_str();
    match layout {
        Layout::Flyway => vec![flyway(text).to_string()],
        Layout::Sqlx => vec![hex(&Sha384::digest(text))],
        Layout::Refinery => refinery(file),
        Layout::Prisma => prisma(text),
        Layout::Governance => std::iter::once(flyway(text).to_string()).chain(refinery(file)).collect(),
        Layout::Numbered => vec![hex(&Sha384::digest(text))],
        Layout::Diesel | Layout::Rails => Vec::new(),
    }
}

/// Whether a file is what a checksum was made of; nothing where the tool keeps none.
pub fn checksum_matches(layout: Layout, file: &ChainFile, was: &str) -> Option<bool> {
    let known = checksums(layout, file);
    (!known.is_empty()).then(|| known.iter().any(|is| is.eq_ignore_ascii_case(was.trim())))
}

/// Flyway: CRC-32 over the bytes of the lines without their ends and without a mark of the byte order
/// (`ChecksumCalculator`), as a signed number.
fn flyway(text: &str) -> i32 {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut crc = Crc::new();
    text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| crc.add(byte));
    crc.value().cast_signed()
}

/// refinery: SipHash 1-3 with a key of zeros over the name, the version and the text (`Migration::unapplied`), each as
/// Rust's standard library hashes it. The version has four bytes, or eight with the feature `int8-versions`.
fn refinery(file: &ChainFile) -> Vec<String> {
    let Ok(version) = file.version.parse::<i64>() else { return Vec::new() };
    let short = i32::try_from(version).ok().map(|version| version.to_le_bytes().to_vec());
    let long = version.to_le_bytes().to_vec();
    short.into_iter().chain([long]).map(|version| siphash(file, &version).to_string()).collect()
}

fn siphash(file: &ChainFile, version: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    for (bytes, end) in [(file.slug.as_bytes(), true), (version, false), (file.text.as_bytes(), true)] {
        hasher.write(bytes);
        if end {
            // A string is ended with a byte that no string holds.
            hasher.write(&[0xff]);
        }
    }
    hasher.finish()
}

/// Prisma: SHA-256 in hexadecimal digits, with the line ends of either kind of system; old versions left out zeros
/// (`script_matches_checksum`).
fn prisma(text: &str) -> Vec<String> {
    let unix = text.replace("\r\n", "\n");
    let texts = [text.to_owned(), unix.clone(), unix.replace('\n', "\r\n"), text.replace('\n', "\r\n")];
    let digests: Vec<Vec<u8>> = texts.iter().map(|text| Sha256::digest(text).to_vec()).collect();
    let short = |bytes: &Vec<u8>| bytes.iter().map(|byte| format!("{byte:x}")).collect::<String>();
    digests.iter().map(|digest| hex(digest)).chain(digests.iter().map(short)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// CRC-32 as in ISO 3309, and as in Java's `java.util.zip.CRC32`.
struct Crc {
    table: [u32; 256],
    state: u32,
}

impl Crc {
    fn new() -> Crc {
        let entry = |index: u32| {
            (0..8).fold(index, |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
        };
        let mut table = [0; 256];
        table.iter_mut().zip(0u32..).for_each(|(slot, index)| *slot = entry(index));
        Crc { table, state: u32::MAX }
    }

    fn add(&mut self, byte: u8) {
        let index = (self.state ^ u32::from(byte)) & 0xff;
        let entry = self.table.get(index as usize).copied().unwrap_or(0);
        self.state = (self.state >> 8) ^ entry;
    }

    fn value(&self) -> u32 {
        !self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::{Chain, Source};
    use std::hash::{DefaultHasher, Hash};

    fn file(layout: Layout, path: &str, text: &str) -> ChainFile {
        Chain::read(layout, &[Source { path, bytes: text.as_bytes() }]).files.remove(0)
    }

    #[test]
    fn flyway_sums_lines() {
        // The check value of CRC-32.
        assert_eq!(flyway("123456789").cast_unsigned(), 0xcbf4_3926);
        assert_eq!(flyway("\u{feff}1234\r\n56\n789\r"), flyway("123456789"));
        assert_eq!(flyway(""), 0);
    }

    #[test]
    fn refinery_hashes_as_the_standard_library_did() {
        let one = file(Layout::Refinery, "V12__add_cars.sql", "CREATE TABLE cars (id int);\n");
        // refinery used this hasher before it pinned the algorithm that it then had.
        let mut hasher = DefaultHasher::new();
        "add_cars".hash(&mut hasher);
        12i32.hash(&mut hasher);
        one.text.hash(&mut hasher);
        assert_eq!(checksums(Layout::Refinery, &one).first(), Some(&hasher.finish().to_string()));
    }

    #[test]
    fn digests_of_sqlx_and_prisma() {
        // From FIPS 180-4's examples for "abc".
        let sqlx = file(Layout::Sqlx, "1_a.sql", "abc");
        assert!(
            checksums(Layout::Sqlx, &sqlx)[0].starts_with("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163")
        );
        let prisma = file(Layout::Prisma, "1_a/migration.sql", "abc");
        let whole = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(checksum_matches(Layout::Prisma, &prisma, whole), Some(true));
        let old = "ba7816bf8f1cfea414140de5dae2223b0361a396177a9cb410ff61f2015ad";
        assert_eq!(checksum_matches(Layout::Prisma, &prisma, old), Some(true));
        assert_eq!(checksum_matches(Layout::Prisma, &prisma, "ba78"), Some(false));
        let lines = file(Layout::Prisma, "1_a/migration.sql", "a\nb\n");
        let windows = file(Layout::Prisma, "1_a/migration.sql", "a\r\nb\r\n");
        let was = checksums(Layout::Prisma, &lines).remove(0);
        assert_eq!(checksum_matches(Layout::Prisma, &windows, &was), Some(true));
    }
}
