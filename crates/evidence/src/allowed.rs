//! OpenSSH's file of allowed signers: whose signature with which key counts, and when.

use crate::NAMESPACE;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ssh_key::PublicKey;
use ssh_key::public::KeyData;

/// A person (or several, by pattern) with a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AllowedSigner {
    /// Its line in the file, from 1.
    pub line: u32,
    /// Patterns of e-mail addresses; one that begins with `!` takes back.
    pub principals: Vec<String>,
    /// Patterns of namespaces; any where this is empty.
    pub namespaces: Vec<String>,
    /// The first moment at which signatures count.
    pub valid_after: Option<Timestamp>,
    /// The last moment at which they do.
    pub valid_before: Option<Timestamp>,
    /// The key.
    pub key: KeyData,
}

/// A line of the file that allows nobody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignerProblem {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub what: String,
}

/// A file of allowed signers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AllowedSigners {
    /// Where it stands, for messages.
    pub path: String,
    /// Who is allowed.
    pub signers: Vec<AllowedSigner>,
    /// The lines that could not be used. They allow nobody.
    pub problems: Vec<SignerProblem>,
}

impl AllowedSigners {
    /// Reads the text of such a file (`man ssh-keygen`, "ALLOWED SIGNERS").
    pub fn parse(path: &str, text: &str) -> AllowedSigners {
        let mut out = AllowedSigners { path: path.to_owned(), ..AllowedSigners::default() };
        for (line, number) in text.lines().zip(1..) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match signer(line, number) {
                Ok(signer) => out.signers.push(signer),
                Err(what) => out.problems.push(SignerProblem { line: number, what }),
            }
        }
        out
    }

    /// Whether a person may sign with a key at a time; the error says why not.
    pub fn allows(&self, email: &str, key: &KeyData, time: Timestamp) -> Result<&AllowedSigner, String> {
        let with_key: Vec<&AllowedSigner> = self.signers.iter().filter(|s| s.key == *key).collect();
        if with_key.is_empty() {
            return Err(format!("its key stands in no line of {}", self.path));
        }
        let theirs: Vec<&AllowedSigner> =
            with_key.into_iter().filter(|s| matches_list(&s.principals, email)).collect();
        if theirs.is_empty() {
            return Err(format!("its key does not belong to {} by {}", told(email), self.path));
        }
        let ours: Vec<&AllowedSigner> = theirs
            .into_iter()
            .filter(|s| s.namespaces.is_empty() || matches_list(&s.namespaces, NAMESPACE))
            .collect();
        if ours.is_empty() {
            return Err(format!("its key is not allowed for the namespace `{NAMESPACE}` by {}", self.path));
        }
        let valid = |s: &&AllowedSigner| {
            s.valid_after.is_none_or(|t| t <= time) && s.valid_before.is_none_or(|t| time <= t)
        };
        ours.into_iter()
            .find(valid)
            .ok_or_else(|| format!("its key was not valid at {time} by {}", self.path))
    }
}

fn told(email: &str) -> String {
    if email.is_empty() { "a person without an e-mail address".to_owned() } else { format!("`{email}`") }
}

fn signer(line: &str, number: u32) -> Result<AllowedSigner, String> {
    let (principals, rest) =
        word(line).ok_or("it has no key; write `person@example.org ssh-ed25519 AAAA…`")?;
    let mut out = AllowedSigner {
        line: number,
        principals: patterns(&principals),
        namespaces: Vec::new(),
        valid_after: None,
        valid_before: None,
        key: KeyData::Ed25519(ssh_key::public::Ed25519PublicKey([0; 32])),
    };
    let key = match PublicKey::from_openssh(rest) {
        Ok(key) => key,
        Err(_) => {
            let (options, rest) = word(rest).ok_or("it has no key")?;
            apply_options(&mut out, &options)?;
            PublicKey::from_openssh(rest).map_err(|e| format!("its key cannot be read ({e})"))?
        }
    };
    out.key = key.key_data().clone();
    Ok(out)
}

/// The first word, in which white space may stand between double quotes, and what follows it. The
/// quotes around values stay.
fn word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let mut quoted = false;
    let end = text.find(|c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    })?;
    let (first, rest) = text.split_at_checked(end)?;
    Some((first.to_owned(), rest.trim()))
}

fn patterns(list: &str) -> Vec<String> {
    let bare = list.strip_prefix('"').and_then(|l| l.strip_suffix('"')).unwrap_or(list);
    bare.split(',').map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

fn apply_options(signer: &mut AllowedSigner, options: &str) -> Result<(), String> {
    for option in split_outside_quotes(options) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "namespaces" => signer.namespaces = patterns(value),
            "valid-after" => signer.valid_after = Some(moment(value)?),
            "valid-before" => signer.valid_before = Some(moment(value)?),
            "cert-authority" => {
                return Err("it is a certificate authority, and trueup does not check certificates; \
                            list each person with their own key"
                    .to_owned());
            }
            _ => return Err(format!("`{name}` is no option that is known here, and no kind of key")),
        }
    }
    Ok(())
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let mut quoted = false;
    let parts = text.split(move |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    parts.filter(|p| !p.is_empty()).collect()
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, in local time or, with `Z` behind it, in UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    let wrong = || format!("`{text}` is no time of the form YYYYMMDD or YYYYMMDDHHMM[SS][Z]");
    let (digits, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, TimeZone::UTC),
        None => (text, TimeZone::try_system().unwrap_or(TimeZone::UTC)),
    };
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let part = |from: usize, to: usize| -> Result<i8, String> {
        digits.get(from..to).map_or(Ok(0), |d| d.parse().map_err(|_| wrong()))
    };
    let year: i16 = digits.get(..4).and_then(|d| d.parse().ok()).ok_or_else(wrong)?;
    DateTime::new(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?, 0)
        .ok()
        .and_then(|time| zone.to_zoned(time).ok())
        .map(|zoned| zoned.timestamp())
        .ok_or_else(wrong)
}

/// Whether a list of patterns takes a text: one matches, and none that begins with `!`.
fn matches_list(patterns: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    let is_taken_back = |p: &String| p.strip_prefix('!').is_some_and(|p| wildcard(&p.to_lowercase(), &text));
    !patterns.iter().any(is_taken_back)
        && patterns.iter().any(|p| !p.starts_with('!') && wildcard(&p.to_lowercase(), &text))
}

/// Whether a pattern with `*` (anything) and `?` (one character) takes a whole text.
fn wildcard(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = text.get(t) {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(x) if *x == '?' || x == c => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                p = at + 1;
                t = taken + 1;
            }
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}
