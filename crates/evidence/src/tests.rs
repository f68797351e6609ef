use crate::append::append_to;
use crate::ledger::read_from;
use crate::storage::Storage;
use crate::{
    AllowedSigners, Checks, Ledger, NewEntry, Person, ProblemKind, Signer, Statement, Subject, TestOutcome,
    file_stem, item_digest, verify, waivers,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use trueup_model::Date;

const SPEC: &str = "SPEC-012";
const LEDGER: &str = ".trueup/evidence/SPEC-012.jsonl";
const SUM: &str = ".trueup/evidence/SPEC-012.sum";
const TORN: &str = ".trueup/evidence/SPEC-012.torn";

/// What happens at the change of a file that fails.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Fault {
    /// The process dies: nothing more is done.
    Killed,
    /// The disk is full: nothing more can be added, but files can be cut.
    Full,
}

/// A disk in memory that fails at a change, when some bytes of it have been written.
#[derive(Clone, Default)]
struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
    fault: Option<(Fault, usize, usize)>,
    changes: usize,
    broken: Option<Fault>,
}

impl Memory {
    fn text(&self, path: &str) -> Vec<u8> {
        self.files.get(Path::new(path)).cloned().unwrap_or_default()
    }

    fn ledger(&self) -> Ledger {
        let sums = self.files.get(Path::new(SUM));
        Ledger::parse(SPEC, &self.text(LEDGER), sums.map(Vec::as_slice))
    }

    /// Counts a change; how much of it is still made where it fails.
    fn change(&mut self, adds: bool) -> Result<(), usize> {
        match self.broken {
            Some(Fault::Killed) => return Err(0),
            Some(Fault::Full) if adds => return Err(0),
            _ => {}
        }
        self.changes += 1;
        match self.fault {
            Some((fault, at, bytes)) if at + 1 == self.changes && (adds || fault == Fault::Killed) => {
                self.broken = Some(fault);
                Err(bytes)
            }
            _ => Ok(()),
        }
    }
}

impl Storage for Memory {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match self.broken {
            Some(Fault::Killed) => Err(io::Error::other("killed")),
            _ => Ok(self.files.get(path).cloned()),
        }
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let changed = self.change(true);
        let taken = match changed {
            Ok(()) => bytes,
            Err(some) => &bytes[..some.min(bytes.len())],
        };
        if !taken.is_empty() {
            self.files.entry(path.to_path_buf()).or_default().extend_from_slice(taken);
        }
        changed.map_err(|_| io::Error::other("no space left on device"))
    }

    fn truncate(&mut self, path: &Path, length: u64) -> io::Result<()> {
        self.change(false).map_err(|_| io::Error::other("killed"))?;
        if let Some(bytes) = self.files.get_mut(path) {
            bytes.truncate(length as usize);
        }
        Ok(())
    }
}

fn entry(number: u32, statement: Statement) -> NewEntry {
    NewEntry {
        by: Person { name: "Ada \"A\" \n Zoë".to_owned(), email: "ada@example.org".to_owned() },
        time: format!("2026-03-01T10:{:02}:{:02}Z", number / 60 % 60, number % 60),
        subjects: vec![
            Subject { name: format!("{SPEC}#AC-{number}"), digest: item_digest("", "x").0 },
            Subject { name: "git:commit".to_owned(), digest: "1f".repeat(20) },
        ],
        statement,
    }
}

fn put(
    memory: &mut Memory,
    new: &NewEntry,
    signer: Option<&Signer>,
) -> Result<crate::Appended, crate::LedgerError> {
    append_to(memory, Path::new(""), SPEC, new, signer)
}

fn statements() -> impl Strategy<Value = Statement> {
    let text = || any::<String>();
    let outcome =
        prop_oneof![Just(TestOutcome::Passed), Just(TestOutcome::Failed), Just(TestOutcome::Skipped)];
    prop_oneof![
        Just(Statement::Approval),
        text().prop_map(|why| Statement::Rejection { why }),
        text().prop_map(|note| Statement::Review { note }),
        (text(), text(), text()).prop_map(|(action, from, to)| Statement::Transition { action, from, to }),
        (prop::collection::vec((text(), text(), outcome), 0..4), text())
            .prop_map(|(tests, source)| Statement::TestResult { tests, source }),
        (text(), any::<bool>(), text()).prop_map(|(verifier, holds, detail)| Statement::Verified {
            verifier,
            holds,
            detail
        }),
        (text(), text(), text(), text()).prop_map(|(of, owner, reason, expires)| Statement::Waiver {
            of,
            owner,
            reason,
            expires
        }),
    ]
}

/// A key that is always the same.
fn key() -> (Signer, AllowedSigners) {
    let pair = ssh_key::private::Ed25519Keypair::from_seed(&[7; 32]);
    let key = ssh_key::PrivateKey::from(pair);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, key.to_openssh(ssh_key::LineEnding::LF).unwrap().as_bytes()).unwrap();
    let line = format!("ada@example.org namespaces=\"trueup\" {}\n", key.public_key().to_openssh().unwrap());
    (Signer::from_file(&path).unwrap(), AllowedSigners::parse("allowed_signers", &line))
}

/// A ledger of some lines, the odd ones signed.
fn filled(statements: &[Statement]) -> (Memory, AllowedSigners) {
    let (signer, allowed) = key();
    let mut memory = Memory::default();
    for (number, statement) in (0..).zip(statements) {
        let signer = (number % 2 == 1).then_some(&signer);
        put(&mut memory, &entry(number, statement.clone()), signer).unwrap();
    }
    (memory, allowed)
}

fn some(count: u32) -> Vec<Statement> {
    (0..count).map(|n| Statement::Review { note: format!("looked at {n}") }).collect()
}

fn kinds(memory: &Memory) -> Vec<ProblemKind> {
    verify(&memory.ledger(), &Checks::default()).into_iter().map(|p| p.kind).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_appended_is_read_again_and_verifies(all in prop::collection::vec(statements(), 0..8)) {
        let (memory, allowed) = filled(&all);
        let ledger = memory.ledger();
        let read: Vec<_> = ledger.entries.iter().map(|e| e.statement.clone()).collect();
        prop_assert_eq!(&read, &all);
        let committed = memory.text(LEDGER);
        let anchors: Vec<String> = ledger.entries.iter().map(|e| e.digest.short().to_owned()).collect();
        let checks = Checks { anchors: &anchors, committed: Some(&committed), signers: Some(&allowed), ..Checks::default() };
        prop_assert_eq!(verify(&ledger, &checks), vec![]);
        prop_assert_eq!(ledger.heads().len(), usize::from(!all.is_empty()));
    }

    #[test]
    fn any_changed_byte_is_named(
        all in prop::collection::vec(statements(), 1..5),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        in_sum in any::<bool>(),
    ) {
        let (mut memory, _) = filled(&all);
        let path = PathBuf::from(if in_sum { SUM } else { LEDGER });
        let bytes = memory.files.get_mut(&path).unwrap();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        prop_assert!(!kinds(&memory).is_empty(), "byte {} of {}", at, path.display());
    }

    #[test]
    fn any_cut_is_named(count in 1u32..5, at in any::<prop::sample::Index>(), in_sum in any::<bool>()) {
        let (mut memory, _) = filled(&some(count));
        let bytes = memory.files.get_mut(Path::new(if in_sum { SUM } else { LEDGER })).unwrap();
        bytes.truncate(at.index(bytes.len()));
        prop_assert!(!kinds(&memory).is_empty());
    }

    #[test]
    fn a_line_removed_swapped_or_doubled_is_named(
        count in 2u32..7,
        first in any::<prop::sample::Index>(),
        second in any::<prop::sample::Index>(),
        what in 0..3,
    ) {
        let (mut memory, _) = filled(&some(count));
        let bytes = memory.text(LEDGER);
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
        let (a, b) = (first.index(lines.len()), second.index(lines.len()));
        match what {
            0 => { lines.remove(a); }
            1 => { prop_assume!(a != b); lines.swap(a, b); }
            _ => lines.insert(b, lines[a]),
        }
        let changed = lines.concat();
        memory.files.insert(PathBuf::from(LEDGER), changed);
        prop_assert!(!kinds(&memory).is_empty());
    }

    #[test]
    fn any_bytes_can_be_read(ledger in prop::collection::vec(any::<u8>(), 0..400), sums in prop::option::of("[0-9a-f\n]{0,200}")) {
        let ledger = Ledger::parse(SPEC, &ledger, sums.as_ref().map(String::as_bytes));
        let _ = verify(&ledger, &Checks { anchors: &["ab".to_owned()], committed: Some(b"x\ny"), ..Checks::default() });
        let _ = waivers(&ledger.entries, Date { year: 2026, month: 12, day: 31 });
    }

    #[test]
    fn lines_with_holes_can_be_read(all in prop::collection::vec(statements(), 1..4), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let (memory, _) = filled(&all);
        let mut bytes = memory.text(LEDGER);
        for cut in cuts {
            bytes.remove(cut.index(bytes.len()));
        }
        let _ = verify(&Ledger::parse(SPEC, &bytes, None), &Checks::default());
    }

    #[test]
    fn any_file_of_signers_can_be_read(text in "[ -~\n\"=,]{0,200}") {
        let _ = AllowedSigners::parse("x", &text);
    }

    #[test]
    fn any_spec_has_a_safe_file(name in any::<String>()) {
        let stem = file_stem(&name);
        prop_assert!(!stem.is_empty() && stem.len() <= 140 && !stem.starts_with('.'));
        prop_assert!(!stem.contains(['/', '\\', ':', '\0', ' ']));
    }
}

/// Everything that can be there after a fault: each kept line once, the new one whole or not at all.
fn whole(memory: &Memory, before: &Ledger, new: &NewEntry, fault: &str) -> bool {
    let after = memory.ledger();
    assert!(after.entries.starts_with(&before.entries), "{fault}: a line was lost");
    let added = &after.entries[before.entries.len()..];
    assert!(added.len() <= 1, "{fault}: something was invented");
    assert!(added.iter().all(|e| e.statement == new.statement), "{fault}: something was invented");
    added.len() == 1
}

#[test]
fn a_kill_at_any_byte_of_any_write_loses_and_invents_nothing() {
    let (start, _) = filled(&some(2));
    let new = entry(9, Statement::Approval);
    let mut seen_whole = 0;
    for base in [Memory::default(), start] {
        for (at, bytes) in (0..4).flat_map(|at| (0..700).map(move |bytes| (at, bytes))) {
            let fault = format!("killed at change {at} after {bytes} bytes");
            let mut memory = Memory { fault: Some((Fault::Killed, at, bytes)), ..base.clone() };
            memory.changes = 0;
            if put(&mut memory, &new, None).is_ok() {
                continue;
            }
            memory.broken = None;
            memory.fault = None;
            seen_whole += usize::from(whole(&memory, &base.ledger(), &new, &fault));
            let told = kinds(&memory);
            assert!(
                told.iter()
                    .all(|k| matches!(k, ProblemKind::Torn | ProblemKind::NoDigest | ProblemKind::Gone)),
                "{fault}: {told:?}"
            );
            let again = put(&mut memory, &entry(10, Statement::Approval), None).unwrap();
            assert_eq!(again.mended.is_empty(), told.is_empty(), "{fault}: {:?} for {told:?}", again.mended);
            assert_eq!(kinds(&memory), [], "{fault}");
        }
    }
    assert!(seen_whole > 0, "the line is there when its digest is not");
}

#[test]
fn a_kill_while_a_torn_line_is_mended_loses_nothing() {
    let (mut start, _) = filled(&some(2));
    start.files.get_mut(Path::new(LEDGER)).unwrap().extend_from_slice(b"{\"_type\":\"https");
    for (at, bytes) in (0..5).flat_map(|at| [0, 1, 5, 15, 16, 100].map(|bytes| (at, bytes))) {
        let mut memory = Memory { fault: Some((Fault::Killed, at, bytes)), changes: 0, ..start.clone() };
        let _ = put(&mut memory, &entry(9, Statement::Approval), None);
        memory.broken = None;
        memory.fault = None;
        put(&mut memory, &entry(10, Statement::Approval), None).unwrap();
        assert_eq!(kinds(&memory), [], "change {at}, {bytes} bytes");
        let kept = memory.text(TORN);
        assert!(String::from_utf8_lossy(&kept).contains("{\"_type\":\"https"), "change {at}, {bytes} bytes");
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let (start, _) = filled(&some(2));
    for (at, bytes) in (0..2).flat_map(|at| [0, 1, 40, 64, 65, 300].map(|bytes| (at, bytes))) {
        let mut memory = Memory { fault: Some((Fault::Full, at, bytes)), changes: 0, ..start.clone() };
        let told = put(&mut memory, &entry(9, Statement::Approval), None).unwrap_err().to_string();
        assert!(told.contains("nothing was recorded") && told.contains("no space left"), "{told}");
        assert_eq!(memory.files, start.files, "change {at}, {bytes} bytes");
    }
}

#[test]
fn problems_name_their_line() {
    let (start, _) = filled(&some(4));
    let check = |change: &dyn Fn(&mut Vec<String>), wanted: &[(u32, ProblemKind)]| {
        let text = String::from_utf8(start.text(LEDGER)).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        change(&mut lines);
        let ledger =
            Ledger::parse(SPEC, format!("{}\n", lines.join("\n")).as_bytes(), Some(&start.text(SUM)));
        let told: Vec<_> = verify(&ledger, &Checks::default()).iter().map(|p| (p.line, p.kind)).collect();
        assert_eq!(told, wanted);
    };
    check(
        &|lines| lines[1] = lines[1].replace("looked at 1", "looked at 7"),
        &[(2, ProblemKind::Changed), (2, ProblemKind::Signature), (3, ProblemKind::Gone)],
    );
    check(&|lines| _ = lines.pop(), &[(4, ProblemKind::Gone)]);
    check(&|lines| _ = lines.remove(0), &[(1, ProblemKind::Gone), (1, ProblemKind::Gone)]);
    check(&|lines| lines.push(String::new()), &[(5, ProblemKind::NoDigest), (5, ProblemKind::NotAStatement)]);
}

#[test]
fn a_cut_of_both_files_is_seen_by_the_history_and_by_the_last_commit() {
    let (start, _) = filled(&some(3));
    let mut cut = start.clone();
    for path in [LEDGER, SUM] {
        let bytes = cut.files.get_mut(Path::new(path)).unwrap();
        let end = bytes[..bytes.len() - 1].iter().rposition(|b| *b == b'\n').unwrap();
        bytes.truncate(end + 1);
    }
    let ledger = cut.ledger();
    assert_eq!(verify(&ledger, &Checks::default()), []);
    let last = start.ledger().entries[2].digest.short().to_owned();
    let by_history = verify(&ledger, &Checks { anchors: &[last], ..Checks::default() });
    assert_eq!(by_history.iter().map(|p| (p.line, p.kind)).collect::<Vec<_>>(), [(3, ProblemKind::Gone)]);
    let by_commit = verify(&ledger, &Checks { committed: Some(&start.text(LEDGER)), ..Checks::default() });
    assert_eq!(by_commit.iter().map(|p| (p.line, p.kind)).collect::<Vec<_>>(), [(3, ProblemKind::Gone)]);
}

#[test]
fn a_signature_counts_only_for_who_may_sign() {
    let (memory, allowed) = filled(&some(2));
    let told = |signers: &AllowedSigners| {
        let checks = Checks { signers: Some(signers), ..Checks::default() };
        verify(&memory.ledger(), &checks).into_iter().map(|p| p.what).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(told(&allowed), "");
    let key = ssh_key::PrivateKey::from(ssh_key::private::Ed25519Keypair::from_seed(&[7; 32]));
    let key = key.public_key().to_openssh().unwrap();
    let other = ssh_key::PrivateKey::from(ssh_key::private::Ed25519Keypair::from_seed(&[8; 32]));
    let other = other.public_key().to_openssh().unwrap();
    for (line, wanted) in [
        (format!("*@example.org {key}"), ""),
        (format!("\"bob@example.org,*@example.org\" {key} a comment"), ""),
        (format!("ada@example.org valid-after=\"20260301Z\",valid-before=\"20260302Z\" {key}"), ""),
        (format!("ada@example.org namespaces=\"git,true*\" {key}"), ""),
        (format!("bob@example.org {key}"), "does not belong to `ada@example.org`"),
        (format!("*@example.org,!ada@example.org {key}"), "does not belong to"),
        (format!("ada@example.org {other}"), "stands in no line"),
        (format!("ada@example.org namespaces=\"git\" {key}"), "not allowed for the namespace `trueup`"),
        (format!("ada@example.org valid-after=\"20260302Z\" {key}"), "was not valid at 2026-03-01T10:00:01Z"),
        (format!("ada@example.org valid-before=\"202603011000Z\" {key}"), "was not valid at"),
        (format!("*@example.org cert-authority {key}"), "it is a certificate authority"),
        (format!("ada@example.org valid-after=\"soon\" {key}"), "`soon` is no time"),
        ("ada@example.org".to_owned(), "it has no key"),
        ("ada@example.org ssh-ed25519 AAAA".to_owned(), "allows nobody"),
        (String::new(), "stands in no line"),
    ] {
        let found = told(&AllowedSigners::parse("allowed_signers", &line));
        assert!(if wanted.is_empty() { found.is_empty() } else { found.contains(wanted) }, "{line}: {found}");
    }
}

#[test]
fn a_signature_cannot_be_taken_away_added_or_moved() {
    let (memory, _) = filled(&some(4));
    let text = String::from_utf8(memory.text(LEDGER)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let split = |line: &str| line.split_once(",\"signature\"").map(|(a, b)| (a.to_owned(), b.to_owned()));
    let (second, signature) = split(lines[1]).unwrap();
    let (fourth, other) = split(lines[3]).unwrap();
    let without = format!("{second}}}");
    let added = format!("{},\"signature\"{signature}", lines[0].strip_suffix('}').unwrap());
    let moved = format!("{fourth},\"signature\"{signature}");
    assert_ne!(signature, other);
    for (old, new, wanted) in [
        (lines[1], without, "the line was signed, and the signature is gone"),
        (lines[0], added, "the line was not signed, and a signature was added"),
        (lines[3], moved, "it does not belong to this line"),
    ] {
        let ledger = Ledger::parse(SPEC, text.replace(old, &new).as_bytes(), Some(&memory.text(SUM)));
        let told = verify(&ledger, &Checks::default());
        assert!(told.len() == 1 && told[0].what.contains(wanted), "{told:?}");
    }
    let strict = Checks { require_signatures: true, ..Checks::default() };
    let told = verify(&memory.ledger(), &strict);
    assert!(told.iter().any(|p| p.line == 1 && p.what.contains("not signed")), "{told:?}");
}

#[test]
fn a_signed_line_that_is_dated_back_is_named() {
    let (signer, allowed) = key();
    let mut memory = Memory::default();
    put(&mut memory, &entry(1, Statement::Approval), None).unwrap();
    let early = NewEntry { time: "2026-02-01T10:00:00Z".to_owned(), ..entry(2, Statement::Approval) };
    put(&mut memory, &early, Some(&signer)).unwrap();
    let told = verify(&memory.ledger(), &Checks { signers: Some(&allowed), ..Checks::default() });
    assert!(told.len() == 1 && told[0].what.contains("before a line that it saw"), "{told:?}");
}

#[test]
fn a_line_that_lost_its_newline_stays() {
    let (mut memory, _) = filled(&some(2));
    for path in [LEDGER, SUM] {
        memory.files.get_mut(Path::new(path)).unwrap().pop();
    }
    let done = put(&mut memory, &entry(5, Statement::Approval), None).unwrap();
    assert_eq!(done.mended.len(), 2, "{:?}", done.mended);
    assert_eq!(memory.ledger().entries.len(), 3);
    assert_eq!(kinds(&memory), []);
}

#[test]
fn only_good_waivers_count() {
    let today = Date { year: 2026, month: 3, day: 1 };
    let waiver = |of: &str, owner: &str, reason: &str, expires: &str| Statement::Waiver {
        of: of.to_owned(),
        owner: owner.to_owned(),
        reason: reason.to_owned(),
        expires: expires.to_owned(),
    };
    let (mut memory, _) = filled(&[
        waiver("AC-1", "ada", "later", "2026-03-01"),
        waiver("AC-2", "ada", "later", "2026-02-28"),
        waiver("AC-3", " ", "later", "2026-09-01"),
        waiver("AC-4", "ada", "", "2026-09-01"),
        waiver("AC-5", "ada", "later", "soon"),
        waiver("AC-6", "ada", "later", "2026-09-01"),
        waiver("AC-6", "ada", "later", "never"),
        waiver("", "ada", "later", "2026-09-01"),
    ]);
    let future = NewEntry {
        time: "2026-03-03T00:00:00Z".to_owned(),
        ..entry(9, waiver("AC-9", "ada", "x", "2026-09-01"))
    };
    put(&mut memory, &future, None).unwrap();
    let (good, bad) = waivers(&memory.ledger().entries, today);
    assert_eq!(good.iter().map(|w| w.of.as_str()).collect::<Vec<_>>(), ["AC-1"]);
    let told: Vec<_> = bad.iter().map(|b| (b.line, b.why.as_str())).collect();
    assert_eq!(
        told,
        [
            (2, "it expired on 2026-02-28"),
            (3, "it has no owner"),
            (4, "it has no reason"),
            (5, "`soon` is no day of the form 2026-01-31"),
            (7, "`never` is no day of the form 2026-01-31"),
            (8, "it has no subject"),
            (9, "it is dated 2026-03-03, which is in the future"),
        ]
    );
}

#[test]
fn file_names_are_kept_where_they_are_safe() {
    for (spec, wanted) in
        [("SPEC-012", "SPEC-012"), ("2026-01-31-orders", "2026-01-31-orders"), ("zażółć", "zażółć")]
    {
        assert_eq!(file_stem(spec), wanted);
    }
    for odd in ["", ".", "..", "../x", "a/b", "con", "COM1.x", "a b", ".hidden", &"x".repeat(300)] {
        assert_ne!(file_stem(odd), odd);
    }
    assert_ne!(file_stem("a/b"), file_stem("a b"));
}

#[test]
fn only_other_words_change_the_digest_of_an_item() {
    let same = |a: &str, b: &str| assert_eq!(item_digest("AC-3", a), item_digest("AC-3", b), "{a} / {b}");
    let other = |a: &str, b: &str| assert_ne!(item_digest("AC-3", a), item_digest("AC-3", b), "{a} / {b}");
    same("- [ ] AC-3: an order is paid once", "- [x] **AC-3** — an order\n  is   paid once");
    same("AC-3: an order is paid once", "an order is paid once");
    same("`AC-3` an order", "[AC-3] an order");
    other("AC-3: an order is paid once", "AC-3: an order is paid twice");
    other("AC-3: an order", "AC-30: an order");
}

#[test]
fn a_ledger_that_is_not_there_is_empty() {
    let ledger = read_from(&mut Memory::default(), Path::new(""), SPEC).unwrap();
    assert!(ledger.is_empty() && verify(&ledger, &Checks::default()).is_empty());
}
