//! A line of a ledger as bytes: an in-toto Statement v1.

use crate::{Digest, NewEntry, Person, Statement, Subject, TestOutcome};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";
const VERIFIED: &str = "https://in-toto.io/attestation/svr/v0.2";
const APPROVAL: &str = "urn:trueup:approval:v1";
const REJECTION: &str = "urn:trueup:rejection:v1";
const REVIEW: &str = "urn:trueup:review:v1";
const TRANSITION: &str = "urn:trueup:transition:v1";
const WAIVER: &str = "urn:trueup:waiver:v1";
/// What stands before the name of whatever verified something, which in-toto wants to be a URI.
const VERIFIER: &str = "urn:trueup:verifier:";

/// What stands between a body and its signature.
const SIGNATURE_FIELD: &str = ",\"signature\":\"";

/// The whole statement but the signature.
#[derive(Serialize, Deserialize)]
struct Wire {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<WireSubject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Value,
    ledger: Binding,
}

#[derive(Serialize, Deserialize)]
struct WireSubject {
    name: String,
    digest: BTreeMap<String, String>,
}

/// What binds the line to the ledger: a field of ours, which other readers of in-toto pass over.
#[derive(Serialize, Deserialize)]
struct Binding {
    seen: Vec<String>,
    time: String,
    by: WirePerson,
    signed: bool,
}

#[derive(Serialize, Deserialize)]
struct WirePerson {
    name: String,
    email: String,
}

#[derive(Deserialize)]
struct WireRejection {
    why: String,
}

#[derive(Deserialize)]
struct WireReview {
    note: String,
}

#[derive(Deserialize)]
struct WireTransition {
    action: String,
    from: String,
    to: String,
}

#[derive(Serialize, Deserialize)]
struct WireTest {
    name: String,
    proves: String,
    outcome: String,
}

#[derive(Deserialize)]
struct WireConfiguration {
    name: String,
}

#[derive(Deserialize)]
struct WireTestResult {
    configuration: Vec<WireConfiguration>,
    tests: Vec<WireTest>,
}

#[derive(Deserialize)]
struct WireVerifier {
    id: String,
}

#[derive(Deserialize)]
struct WireVerified {
    verifier: WireVerifier,
    holds: bool,
    detail: String,
}

#[derive(Deserialize)]
struct WireWaiver {
    of: String,
    owner: String,
    reason: String,
    expires: String,
}

/// What a body says.
pub(crate) struct Body {
    pub(crate) seen: Vec<Digest>,
    pub(crate) time: String,
    pub(crate) by: Person,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) statement: Statement,
    /// Whether it says that it was signed.
    pub(crate) signed: bool,
}

/// The body of a new line.
pub(crate) fn encode(entry: &NewEntry, seen: &[Digest], signed: bool) -> Result<String, serde_json::Error> {
    let (predicate_type, predicate) = predicate(&entry.statement, &entry.time);
    serde_json::to_string(&Wire {
        kind: STATEMENT.to_owned(),
        subject: entry.subjects.iter().map(wire_subject).collect(),
        predicate_type: predicate_type.to_owned(),
        predicate,
        ledger: Binding {
            seen: seen.iter().map(|d| d.0.clone()).collect(),
            time: entry.time.clone(),
            by: WirePerson { name: entry.by.name.clone(), email: entry.by.email.clone() },
            signed,
        },
    })
}

/// A body with its signature, as it stands in the ledger.
pub(crate) fn with_signature(body: &str, signature: &str) -> String {
    let open = body.strip_suffix('}').unwrap_or(body);
    format!("{open}{SIGNATURE_FIELD}{signature}\"}}")
}

/// A line's body and its signature, if it has one.
pub(crate) fn split(line: &[u8]) -> (Vec<u8>, Option<String>) {
    let parts = || {
        let text = std::str::from_utf8(line).ok()?;
        let (open, signature) = text.strip_suffix("\"}")?.rsplit_once(SIGNATURE_FIELD)?;
        let base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        signature.bytes().all(base64).then(|| (format!("{open}}}").into_bytes(), Some(signature.to_owned())))
    };
    parts().unwrap_or_else(|| (line.to_vec(), None))
}

/// Reads a body; the error says why it is no statement, to be read after "the line is no statement: ".
pub(crate) fn decode(body: &[u8]) -> Result<Body, String> {
    if body.is_empty() {
        return Err("it is empty".to_owned());
    }
    let wire: Wire = serde_json::from_slice(body).map_err(|e| e.to_string())?;
    if wire.kind != STATEMENT {
        return Err(format!("its type is `{}` and not `{STATEMENT}`", wire.kind));
    }
    let time = wire.ledger.time;
    if time.parse::<jiff::Timestamp>().is_err() {
        return Err(format!("its time is `{time}`, which is not of the form 2026-01-31T12:00:00Z"));
    }
    let seen = wire.ledger.seen.into_iter().map(digest).collect::<Result<_, _>>()?;
    Ok(Body {
        seen,
        time,
        by: Person { name: wire.ledger.by.name, email: wire.ledger.by.email },
        subjects: wire.subject.into_iter().map(subject).collect::<Result<_, _>>()?,
        statement: statement(&wire.predicate_type, wire.predicate)?,
        signed: wire.ledger.signed,
    })
}

fn digest(text: String) -> Result<Digest, String> {
    match is_digest(&text) {
        true => Ok(Digest(text)),
        false => Err(format!("`{text}` is no digest of 64 hexadecimal digits")),
    }
}

/// Whether a text is a digest as this crate writes it.
pub(crate) fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn wire_subject(subject: &Subject) -> WireSubject {
    let is_commit = subject.name.starts_with("git:");
    let algorithm = if is_commit { "gitCommit" } else { "sha256" };
    let digest = BTreeMap::from([(algorithm.to_owned(), subject.digest.clone())]);
    WireSubject { name: subject.name.clone(), digest }
}

fn subject(wire: WireSubject) -> Result<Subject, String> {
    let found = wire.digest.get("gitCommit").or_else(|| wire.digest.get("sha256"));
    match found {
        Some(digest) => Ok(Subject { name: wire.name, digest: digest.clone() }),
        None => Err(format!("its subject `{}` has no digest by SHA-256 or git", wire.name)),
    }
}

fn predicate(statement: &Statement, time: &str) -> (&'static str, Value) {
    match statement {
        Statement::Approval => (APPROVAL, json!({})),
        Statement::Rejection { why } => (REJECTION, json!({ "why": why })),
        Statement::Review { note } => (REVIEW, json!({ "note": note })),
        Statement::Transition { action, from, to } => {
            (TRANSITION, json!({ "action": action, "from": from, "to": to }))
        }
        Statement::TestResult { tests, source } => (TEST_RESULT, test_result(tests, source)),
        Statement::Verified { verifier, holds, detail } => {
            let properties: Vec<&str> = if *holds { vec![verifier] } else { Vec::new() };
            let value = json!({
                "verifier": { "id": format!("{VERIFIER}{verifier}") },
                "timeCreated": time,
                "properties": properties,
                "holds": holds,
                "detail": detail,
            });
            (VERIFIED, value)
        }
        Statement::Waiver { of, owner, reason, expires } => {
            (WAIVER, json!({ "of": of, "owner": owner, "reason": reason, "expires": expires }))
        }
    }
}

fn test_result(tests: &[(String, String, TestOutcome)], source: &str) -> Value {
    let named = |wanted: TestOutcome| -> Vec<&str> {
        tests.iter().filter(|(_, _, outcome)| *outcome == wanted).map(|(name, ..)| name.as_str()).collect()
    };
    let failed = named(TestOutcome::Failed);
    let all: Vec<WireTest> = tests
        .iter()
        .map(|(name, proves, outcome)| WireTest {
            name: name.clone(),
            proves: proves.clone(),
            outcome: outcome.name().to_owned(),
        })
        .collect();
    json!({
        "result": if failed.is_empty() { "PASSED" } else { "FAILED" },
        "configuration": [{ "name": source }],
        "passedTests": named(TestOutcome::Passed),
        "failedTests": failed,
        "skippedTests": named(TestOutcome::Skipped),
        "tests": all,
    })
}

fn statement(predicate_type: &str, predicate: Value) -> Result<Statement, String> {
    Ok(match predicate_type {
        APPROVAL => Statement::Approval,
        REJECTION => Statement::Rejection { why: parts::<WireRejection>(predicate)?.why },
        REVIEW => Statement::Review { note: parts::<WireReview>(predicate)?.note },
        TRANSITION => {
            let WireTransition { action, from, to } = parts(predicate)?;
            Statement::Transition { action, from, to }
        }
        TEST_RESULT => {
            let WireTestResult { configuration, tests } = parts(predicate)?;
            let tests = tests.into_iter().map(test).collect::<Result<_, _>>()?;
            let source = configuration.into_iter().next().map(|c| c.name).unwrap_or_default();
            Statement::TestResult { tests, source }
        }
        VERIFIED => {
            let WireVerified { verifier, holds, detail } = parts(predicate)?;
            let id = verifier.id;
            let verifier = id.strip_prefix(VERIFIER).unwrap_or(&id).to_owned();
            Statement::Verified { verifier, holds, detail }
        }
        WAIVER => {
            let WireWaiver { of, owner, reason, expires } = parts(predicate)?;
            Statement::Waiver { of, owner, reason, expires }
        }
        other => return Err(format!("`{other}` is no kind of statement that this version knows")),
    })
}

fn parts<T: DeserializeOwned>(predicate: Value) -> Result<T, String> {
    serde_json::from_value(predicate).map_err(|e| format!("in its predicate: {e}"))
}

fn test(wire: WireTest) -> Result<(String, String, TestOutcome), String> {
    match TestOutcome::from_name(&wire.outcome) {
        Some(outcome) => Ok((wire.name, wire.proves, outcome)),
        None => Err(format!("`{}` is no outcome of a test", wire.outcome)),
    }
}
