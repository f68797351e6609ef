//! Claims that only a run can prove: migrations that can be run again, phases, tenants that see nothing of each other.

use super::item::Item;
use super::migrations::MigrationPlan;
use super::reader::Reader;
use super::support::{Text, is_templates, said, sentences, statements};
use super::users::Users;

/// What a claim is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProofKind {
    /// Its migrations can be run again and change nothing.
    Idempotent,
    /// Its migrations can be run again after they were stopped half way.
    Resumable,
    /// Each migration is one phase of Expand → Migrate → Contract.
    Phases,
    /// No tenant sees or changes what is another one's.
    Isolation,
}

impl ProofKind {
    /// Every kind.
    pub const ALL: [ProofKind; 4] =
        [ProofKind::Idempotent, ProofKind::Resumable, ProofKind::Phases, ProofKind::Isolation];

    /// Its name, as the ledger and the configuration write it.
    pub fn name(self) -> &'static str {
        match self {
            ProofKind::Idempotent => "idempotent",
            ProofKind::Resumable => "resumable",
            ProofKind::Phases => "phases",
            ProofKind::Isolation => "isolation",
        }
    }

    /// What is claimed, as a sentence goes on behind "it is claimed that".
    pub fn claim(self) -> &'static str {
        match self {
            ProofKind::Idempotent => "the migrations can be run again",
            ProofKind::Resumable => "the migrations can be run again after they were stopped half way",
            ProofKind::Phases => "each migration is one phase of Expand → Migrate → Contract",
            ProofKind::Isolation => "no tenant sees or changes what is another one's",
        }
    }
}

/// A claim that a run can prove.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProofClaim {
    /// What it is about.
    pub kind: ProofKind,
    /// The author's words.
    pub text: String,
    /// Where they stand.
    pub span: trueup_text::Span,
}

/// Reads the claims, the first of each kind in the order of the document.
pub(crate) fn read(
    reader: &Reader<'_>,
    plan: &MigrationPlan,
    acceptance: &[Item],
    users: &Users,
) -> Vec<ProofClaim> {
    let mut out = Vec::new();
    let none = plan.none.is_some() && plan.migrations.is_empty();
    if !none {
        for text in said_of_migrations(reader) {
            add(&text, true, &mut out);
        }
    }
    // The template's own bullet ("Migrations shipped as … and idempotent") is a claim where it is kept.
    for item in acceptance {
        add(&Text { text: item.text.clone(), span: item.span }, false, &mut out);
    }
    for text in &users.isolation {
        add(text, false, &mut out);
    }
    out.sort_by_key(|claim| (claim.kind, claim.span.start));
    out.dedup_by_key(|claim| claim.kind);
    out
}

/// The sentences of the sections on migrations that are the author's.
fn said_of_migrations(reader: &Reader<'_>) -> Vec<Text> {
    let document = reader.document;
    let mut out = Vec::new();
    for section in reader.sections("migration") {
        for (_, block) in reader.blocks_below(section) {
            for whole in statements(document, block) {
                if is_templates(reader, whole.span) {
                    continue;
                }
                let written = whole.span.text(document.text());
                let parts = sentences(written).into_iter();
                out.extend(parts.map(|part| Text {
                    text: said(part.text(written)),
                    span: part.shifted(whole.span.start as usize),
                }));
            }
        }
    }
    out
}

fn add(text: &Text, of_migrations: bool, out: &mut Vec<ProofClaim>) {
    let lower = text.text.to_lowercase();
    let kinds = ProofKind::ALL.into_iter().filter(|kind| claims(*kind, &lower, of_migrations));
    out.extend(kinds.map(|kind| ProofClaim { kind, text: text.text.clone(), span: text.span }));
}

/// Whether a sentence in small letters claims something.
fn claims(kind: ProofKind, said: &str, of_migrations: bool) -> bool {
    // An item that does not apply keeps its words and says so behind them.
    if said.contains("n/a") || said.contains("not applicable") {
        return false;
    }
    let of_migrations = of_migrations || said.contains("migration") || said.contains(".sql");
    match kind {
        ProofKind::Idempotent => {
            of_migrations
                && any(said, &["idempotent", "idempotently", "run twice", "run again", "re-runnable"])
        }
        ProofKind::Resumable => {
            let again = any(said, &["re-run", "rerun", "run again", "resumed", "resumable", "restarted"]);
            let stopped =
                ["half", "interrupt", "crash", "kill", "abort", "any point", "any statement", "stopped"];
            of_migrations && again && stopped.iter().any(|word| said.contains(word))
        }
        ProofKind::Phases => {
            let at = |word: &str| said.find(word);
            let in_order = at("expand").zip(at("contract")).is_some_and(|(expand, contract)| {
                expand < contract && contract - expand <= "expand → migrate → ".len() + 4
            });
            of_migrations && in_order && affirmed(said, "expand")
        }
        ProofKind::Isolation => isolates(said),
    }
}

/// "Row-level security keeps tenants apart", "no tenant sees another's rows".
fn isolates(said: &str) -> bool {
    let plain = said.replace('\u{2011}', "-");
    let security = any(&plain, &["row-level security", "row level security", "rls", "isolated", "isolation"]);
    let tenants = plain.contains("tenant") || plain.contains("organization");
    let by_database =
        any(&plain, &["row-level security", "row level security", "rls", "database", "postgres"]);
    let none_sees = ["no tenant", "no organization", "tenants cannot", "tenants can not", "a tenant cannot"]
        .iter()
        .any(|words| plain.contains(words));
    let sees = ["see", "read", "change", "access", "reach", "write"].iter().any(|word| plain.contains(word));
    security && tenants && by_database || none_sees && sees
}

fn any(said: &str, words: &[&str]) -> bool {
    words.iter().any(|word| affirmed(said, word))
}

/// Whether a word stands in a sentence, as a whole and not denied.
fn affirmed(said: &str, word: &str) -> bool {
    const DENIALS: [&str; 8] = ["not", "non", "no", "never", "cannot", "without", "isn't", "aren't"];
    said.match_indices(word).any(|(at, _)| {
        let before = said.get(..at).unwrap_or("");
        let after = said.get(at + word.len()..).unwrap_or("");
        let whole = !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        let mut near =
            before.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty()).rev();
        whole && !near.by_ref().take(3).any(|word| DENIALS.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let facts = facts_of(&format!("# T\n{text}\n"), "governance");
        let found: Vec<String> =
            facts.proofs.iter().map(|claim| format!("{}: {}", claim.kind.name(), claim.text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn claims_about_migrations() {
        let check = |text: &str, expected: &[&str]| {
            check(&format!("## 7) Data & migrations (if any)\n{text}"), expected);
        };
        check(
            "- Schema deltas (DDL): `V003__x.sql` adds a column. It is idempotent.",
            &["idempotent: It is idempotent."],
        );
        check("- The job is not idempotent.", &[]);
        check("- Non-idempotent by design.", &[]);
        check("- `idempotency_key` is a column.", &[]);
        check(
            "- Expand → Migrate → Contract in three files.",
            &["phases: Expand → Migrate → Contract in three files."],
        );
        check("- We follow expand/contract.", &["phases: We follow expand/contract."]);
        check(
            "It can be re-run after a crash at any statement.",
            &["resumable: It can be re-run after a crash at any statement."],
        );
        check("N/A — nothing is stored, so all is idempotent.", &[]);
        check(
            "- Schema deltas (DDL): lay out the **Expand → Migrate → Contract** steps and the release that carries each.",
            &[],
        );
    }

    #[test]
    fn claims_elsewhere() {
        check(
            "## 10) Acceptance bullets (merge‑ready checklist)\n- [x] Migrations shipped as `migrations/sql/V***__*.sql` and idempotent  \n- [ ] The endpoint is idempotent",
            &["idempotent: Migrations shipped as migrations/sql/V***__*.sql and idempotent"],
        );
        check(
            "## 10) Acceptance bullets (merge‑ready checklist)\n- [ ] Migrations idempotent: N/A — there are none",
            &[],
        );
        check(
            "## 3) Users & tenants impacted\nRow‑level security keeps tenants apart. Admins see all tenants.",
            &["isolation: Row‑level security keeps tenants apart."],
        );
        check(
            "## 10) Acceptance bullets (merge‑ready checklist)\n- [ ] AC-1: No tenant sees another tenant's parcels",
            &["isolation: No tenant sees another tenant's parcels"],
        );
        check("## 3) Users & tenants impacted\nTenants choose a plan.", &[]);
    }
}
