//! Signatures together with OpenSSH, where its program is there.

use crate::{SPEC, entry, git};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use trueup_evidence::{AllowedSigners, Checks, Ledger, NAMESPACE, Signer, append, verify};

fn keygen(arguments: &[&str], input: &[u8]) -> Option<bool> {
    let mut child = Command::new("ssh-keygen")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(input).ok()?;
    Some(child.wait().ok()?.success())
}

fn make_key(folder: &Path, name: &str, kind: &[&str]) -> Option<String> {
    let path = folder.join(name).display().to_string();
    let arguments: Vec<&str> = [&["-q", "-N", "", "-C", "", "-f", path.as_str(), "-t"], kind].concat();
    keygen(&arguments, b"").filter(|made| *made)?;
    Some(path)
}

fn allowed(folder: &Path, key: &str) -> (String, AllowedSigners) {
    let public = std::fs::read_to_string(format!("{key}.pub")).unwrap();
    let text = format!("ada@example.org namespaces=\"{NAMESPACE}\" {public}");
    let path = folder.join("allowed_signers");
    std::fs::write(&path, &text).unwrap();
    (path.display().to_string(), AllowedSigners::parse("allowed_signers", &text))
}

/// The body and the armoured signature of a line, made as the documentation says.
fn by_hand(line: &[u8]) -> (String, String) {
    let line = String::from_utf8(line.to_vec()).unwrap();
    let (open, rest) = line.split_once(",\"signature\":\"").unwrap();
    let base64 = rest.strip_suffix("\"}").unwrap();
    let signature = format!("-----BEGIN SSH SIGNATURE-----\n{base64}\n-----END SSH SIGNATURE-----\n");
    (format!("{open}}}"), signature)
}

#[test]
fn openssh_checks_what_trueup_signs() {
    for kind in [&["ed25519"][..], &["ecdsa", "-b", "256"], &["rsa", "-b", "2048"]] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let Some(key) = make_key(root, "key", kind) else { return };
        let (path, signers) = allowed(root, &key);
        append(root, SPEC, &entry("signed"), Some(&Signer::from_file(Path::new(&key)).unwrap())).unwrap();
        let ledger = Ledger::read(root, SPEC).unwrap();
        let checks = Checks { signers: Some(&signers), require_signatures: true, ..Checks::default() };
        assert_eq!(verify(&ledger, &checks), [], "{kind:?}");
        let (body, signature) = by_hand(&ledger.lines[0].bytes);
        let signature_path = root.join("signature");
        std::fs::write(&signature_path, signature).unwrap();
        let signature_path = signature_path.display().to_string();
        let check = |body: &[u8]| {
            let arguments = [
                "-Y",
                "verify",
                "-n",
                NAMESPACE,
                "-f",
                &path,
                "-I",
                "ada@example.org",
                "-s",
                &signature_path,
            ];
            keygen(&arguments, body)
        };
        assert_eq!(check(body.as_bytes()), Some(true), "{kind:?}");
        assert_eq!(check(format!("{body} ").as_bytes()), Some(false), "{kind:?}");
    }
}

#[test]
fn openssh_signs_where_the_key_is_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    // A public key alone has OpenSSH look for the private one beside it or in the agent; older keys are
    // in a form that only OpenSSH reads.
    let Some(key) = make_key(root, "key", &["ed25519"]) else { return };
    let Some(old) = make_key(root, "old", &["rsa", "-b", "2048", "-m", "PEM"]) else { return };
    for (number, file) in [format!("{key}.pub"), old.clone()].iter().enumerate() {
        let signer = Signer::from_file(Path::new(file)).unwrap();
        append(root, SPEC, &entry(&format!("{number}")), Some(&signer)).unwrap();
    }
    let ledger = Ledger::read(root, SPEC).unwrap();
    assert_eq!(verify(&ledger, &Checks::default()), []);
    let (_, signers) = allowed(root, &key);
    let told = verify(&ledger, &Checks { signers: Some(&signers), ..Checks::default() });
    assert_eq!(told.iter().map(|p| p.line).collect::<Vec<_>>(), [2], "{told:?}");
}

#[test]
fn git_names_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let Some(key) = make_key(root, "key", &["ed25519"]) else { return };
    git(root, &["init", "-q"]);
    git(root, &["config", "gpg.format", "openpgp"]);
    let told = Signer::from_git(root).unwrap_err().to_string();
    assert!(told.contains("`gpg.format` is `openpgp`") && told.contains("--sign FILE"), "{told}");
    git(root, &["config", "gpg.format", "ssh"]);
    git(root, &["config", "user.signingkey", &key]);
    append(root, SPEC, &entry("signed"), Some(&Signer::from_git(root).unwrap())).unwrap();
    assert_eq!(verify(&Ledger::read(root, SPEC).unwrap(), &Checks::default()), []);
}

#[test]
fn a_signature_that_fails_records_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let Some(key) = make_key(root, "key", &["ed25519"]) else { return };
    std::fs::remove_file(&key).unwrap();
    let signer = Signer::from_file(Path::new(&format!("{key}.pub"))).unwrap();
    let told = append(root, SPEC, &entry("a"), Some(&signer)).unwrap_err().to_string();
    assert!(told.contains("nothing was recorded"), "{told}");
    assert!(Ledger::read(root, SPEC).unwrap().is_empty());
    for text in ["", "hello", "-----BEGIN RSA PRIVATE KEY-----"] {
        std::fs::write(&key, text).unwrap();
        assert!(Signer::from_file(Path::new(&key)).is_ok() == text.contains("PRIVATE"), "{text}");
    }
}
