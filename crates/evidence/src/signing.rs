//! SSH signatures over the lines of a ledger.

use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What signatures are for, so that one that was made for something else cannot be used here.
pub const NAMESPACE: &str = "trueup";

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
/// The length of a line of the armour, as OpenSSH has it.
const WIDTH: usize = 70;

/// Why a line was not signed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignError {
    /// The key cannot be read.
    #[error("the key {} cannot be read: {why}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Git says nothing that can be used.
    #[error(
        "git names no SSH key to sign with: {0}; name one with `--sign FILE`, or run \
             `git config gpg.format ssh` and `git config user.signingkey FILE`"
    )]
    Git(String),
    /// The key does not sign.
    #[error("the key {} does not sign: {why}", path.display())]
    Sign {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

/// Something that signs.
#[derive(Clone, Debug)]
pub struct Signer(Way);

#[derive(Clone, Debug)]
enum Way {
    /// A key that lies open in a file.
    Open { path: PathBuf, key: Box<PrivateKey> },
    /// `ssh-keygen` signs: it asks for a passphrase, or has the agent or a token sign.
    Program { program: String, path: PathBuf },
    /// The same with a public key that git holds as text; the private one is in the agent.
    Agent { program: String, public: String },
}

impl Signer {
    /// A signer with the key in a file: a private key, or a public one whose private one is in the SSH
    /// agent or beside it.
    pub fn from_file(path: &Path) -> Result<Signer, SignError> {
        Signer::from_file_with(path, "ssh-keygen")
    }

    /// A signer with the key that git signs commits with (`user.signingkey`, with `gpg.format` set to
    /// `ssh`), as git has it in the folder.
    pub fn from_git(folder: &Path) -> Result<Signer, SignError> {
        let format = git_setting(folder, &["gpg.format"])?;
        if format.as_deref() != Some("ssh") {
            let told = format.unwrap_or_else(|| "openpgp".to_owned());
            return Err(SignError::Git(format!("`gpg.format` is `{told}`")));
        }
        let program = git_setting(folder, &["gpg.ssh.program"])?.unwrap_or_else(|| "ssh-keygen".to_owned());
        let key = git_setting(folder, &["--type=path", "user.signingkey"])?;
        let key = key.ok_or_else(|| SignError::Git("`user.signingkey` is not set".to_owned()))?;
        if let Some(public) = key.strip_prefix("key::").or(key.starts_with("ssh-").then_some(key.as_str())) {
            return Ok(Signer(Way::Agent { program, public: public.to_owned() }));
        }
        Signer::from_file_with(Path::new(&key), &program)
    }

    fn from_file_with(path: &Path, program: &str) -> Result<Signer, SignError> {
        let wrong = |why: String| SignError::Key { path: path.to_path_buf(), why };
        let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
        let by_program = Way::Program { program: program.to_owned(), path: path.to_path_buf() };
        match PrivateKey::from_openssh(&text) {
            Ok(key) if !key.is_encrypted() && signs_here(&key) => {
                Ok(Signer(Way::Open { path: path.to_path_buf(), key: Box::new(key) }))
            }
            Ok(_) => Ok(Signer(by_program)),
            // Older forms of private keys, and public keys whose private one is in an agent.
            Err(_) if text.contains("PRIVATE KEY-----") || PublicKey::from_openssh(&text).is_ok() => {
                Ok(Signer(by_program))
            }
            Err(error) => Err(wrong(format!("it is no SSH key ({error})"))),
        }
    }

    /// The signature of a message as base64 without its armour.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<String, SignError> {
        let (path, armoured) = match &self.0 {
            Way::Open { path, key } => {
                let signed = key.sign(NAMESPACE, HashAlg::Sha512, message);
                let armoured = signed.and_then(|s| s.to_pem(LineEnding::LF));
                (path.clone(), armoured.map_err(|e| e.to_string()))
            }
            Way::Program { program, path } => (path.clone(), run(program, path, false, message)),
            Way::Agent { program, public } => {
                (PathBuf::from(public), with_public(public, |path| run(program, path, true, message)))
            }
        };
        let base64 = armoured.and_then(|text| unarmoured(&text));
        base64.map_err(|why| SignError::Sign { path, why })
    }
}

/// Whether a key of this kind can sign without OpenSSH: the library does not sign with RSA keys that have
/// their primes in any other order than its own, nor with keys on a token.
fn signs_here(key: &PrivateKey) -> bool {
    matches!(key.algorithm(), ssh_key::Algorithm::Ed25519 | ssh_key::Algorithm::Ecdsa { .. })
}

/// A signature that holds, with the key that made it.
pub(crate) fn verified(base64: &str, message: &[u8]) -> Result<PublicKey, String> {
    let signature = SshSig::from_pem(armoured(base64)).map_err(|e| format!("it cannot be read ({e})"))?;
    // Several texts can stand for the same bytes; only one of them is ours.
    let again = signature.to_pem(LineEnding::LF).map_err(|e| e.to_string()).and_then(|t| unarmoured(&t));
    if again.as_deref() != Ok(base64) {
        return Err("it is not written as `ssh-keygen` writes it".to_owned());
    }
    if signature.namespace() != NAMESPACE {
        return Err(format!("it was made for `{}` and not for `{NAMESPACE}`", signature.namespace()));
    }
    let key = PublicKey::from(signature.public_key().clone());
    match key.verify(NAMESPACE, message, &signature) {
        Ok(()) => Ok(key),
        Err(ssh_key::Error::AlgorithmUnsupported { algorithm }) => {
            Err(format!("keys of the kind {algorithm} cannot be checked here"))
        }
        Err(_) => Err("it does not belong to this line: the line or the signature was changed".to_owned()),
    }
}

fn armoured(base64: &str) -> String {
    let mut out = format!("{BEGIN}\n");
    for piece in base64.as_bytes().chunks(WIDTH) {
        out.push_str(&String::from_utf8_lossy(piece));
        out.push('\n');
    }
    out.push_str(END);
    out.push('\n');
    out
}

fn unarmoured(text: &str) -> Result<String, String> {
    let inner = text.trim().strip_prefix(BEGIN).and_then(|t| t.strip_suffix(END));
    match inner {
        Some(inner) => Ok(inner.split_whitespace().collect()),
        None => Err("the program gave no signature".to_owned()),
    }
}

/// Has `ssh-keygen` sign; it reads the message from its input, and asks at the terminal.
fn run(program: &str, key: &Path, agent: bool, message: &[u8]) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(["-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key);
    if agent {
        command.arg("-U");
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("the program `{program}` cannot be started ({e})"))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that refuses the key does not read; what it says is worth more than a broken pipe.
        let _ = input.write_all(message);
    }
    let output = child.wait_with_output().map_err(|e| e.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().replace(['\r', '\n'], " ")),
    }
}

fn with_public(public: &str, sign: impl FnOnce(&Path) -> Result<String, String>) -> Result<String, String> {
    let mut file = tempfile::NamedTempFile::new().map_err(|e| e.to_string())?;
    file.write_all(format!("{public}\n").as_bytes()).map_err(|e| e.to_string())?;
    sign(file.path())
}

fn git_setting(folder: &Path, arguments: &[&str]) -> Result<Option<String>, SignError> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["config", "--get"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| SignError::Git(format!("the program `git` cannot be started ({e})")))?;
    let value = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(Some(value).filter(|v| output.status.success() && !v.is_empty()))
}
