//! Events, environment variables and flags ↔ the names that the code uses.

use crate::names::{fold, folds_to, is_name, is_test_path, spellings};
use crate::{Difference, Drifted, Row, Subject, unread};
use trueup_codebase::{CodeKind, CodePlace, NameUse, Use, closest};
use trueup_model::Declaration;
use trueup_text::Span;

/// Holds the events that a spec brings against those that the code sends or declares.
pub(crate) fn events(subject: &Subject<'_>) -> Vec<Drifted> {
    let code = subject.code.codebase();
    let own = subject.spec.facts.vocabulary.events.iter().filter(|e| e.declaration != Declaration::Mentioned);
    let names: Vec<(&str, Span)> = own.map(|e| (e.id.as_str(), e.span)).collect();
    let judging = Judging {
        subject,
        kind: CodeKind::Events,
        uses: &code.events,
        promised: &names,
        aliases: false,
        sure: |how| how != Use::Read,
        used: "the code sends or declares it",
        unused: "the code listens to it and never sends it",
    };
    names.iter().map(|(name, span)| judging.one(name, *span)).collect()
}

/// Holds the environment variables of a spec against those that the code reads.
pub(crate) fn env_vars(subject: &Subject<'_>) -> Vec<Drifted> {
    let code = subject.code.codebase();
    let own = subject.spec.facts.configuration.iter().filter(|s| s.env);
    let names: Vec<(&str, Span)> = own.map(|s| (s.name.as_str(), s.span)).collect();
    let judging = Judging {
        subject,
        kind: CodeKind::EnvVars,
        uses: &code.env_vars,
        promised: &names,
        aliases: false,
        sure: |how| how == Use::Read,
        used: "the code reads it",
        unused: "files list it, and no code reads it",
    };
    names.iter().map(|(name, span)| judging.one(name, *span)).collect()
}

/// Holds the flags of a spec against those that the code asks for, in any spelling.
pub(crate) fn flags(subject: &Subject<'_>) -> Vec<Drifted> {
    let code = subject.code.codebase();
    let own = subject.spec.facts.flags.iter().filter_map(|f| f.name.as_ref());
    let names: Vec<(&str, Span)> = own.map(|name| (name.text.as_str(), name.span)).collect();
    let judging = Judging {
        subject,
        kind: CodeKind::Flags,
        uses: &code.flags,
        promised: &names,
        aliases: true,
        sure: |how| how == Use::Read,
        used: "the code asks for it",
        unused: "files list it, and no code asks for it",
    };
    names.iter().map(|(name, span)| judging.one(name, *span)).collect()
}

struct Judging<'a> {
    subject: &'a Subject<'a>,
    kind: CodeKind,
    /// What the code uses.
    uses: &'a [NameUse],
    /// What the spec promises: nobody else's misspelling.
    promised: &'a [(&'a str, Span)],
    /// Whether other spellings are as good.
    aliases: bool,
    /// Which uses prove it.
    sure: fn(Use) -> bool,
    used: &'static str,
    unused: &'static str,
}

impl Judging<'_> {
    fn one(&self, name: &str, span: Span) -> Drifted {
        let name = name.trim().trim_matches('`');
        let row = Row::new(self.kind, name, span);
        if !is_name(name) {
            return row.not_checkable(Difference::Vague, "it is no name that could be looked for");
        }
        let wanted = match self.aliases {
            true => spellings(name),
            false => vec![name.to_owned()],
        };
        let meant = |u: &&NameUse| wanted.contains(&u.name) && !is_test_path(&u.place.path);
        if let Some(found) = self.uses.iter().find(|u| (self.sure)(u.how) && meant(u)) {
            return row.proven(&found.name, Some(&found.place), self.used);
        }
        // A name that a call passes on in a way that nobody foresaw is still a text of the code. Where the
        // code's own reading of the name is known, a mere text proves nothing more.
        let known = self.uses.iter().find(meant);
        // A list of names is no such reading.
        let listed = known.map(|known| (known.how == Use::Declared, &known.place.path));
        if let Some((word, place)) = self.word(&wanted)
            && listed.is_none_or(|(only, path)| only && is_program(&place.path) && place.path != *path)
        {
            return row.proven(&word, Some(&place), "it stands in the code");
        }
        if let Some(why) = unread(self.subject, self.kind) {
            return row.not_checkable(Difference::Unread, why);
        }
        if let Some(known) = known {
            let mut row = row.missing_as(Difference::OnlyListed, self.unused);
            row.place = Some(known.place.clone());
            return row;
        }
        self.spelt_otherwise(row, name)
    }

    fn word(&self, wanted: &[String]) -> Option<(String, CodePlace)> {
        let words = &self.subject.code.codebase().words;
        wanted.iter().find_map(|name| {
            let place = words.get(name).first()?;
            Some((name.clone(), place.clone()))
        })
    }

    fn spelt_otherwise(&self, row: Row, name: &str) -> Drifted {
        let folded = fold(name);
        let free =
            |u: &&NameUse| !is_test_path(&u.place.path) && !self.promised.iter().any(|(p, _)| *p == u.name);
        if let Some(other) = self.uses.iter().filter(free).find(|u| folds_to(&u.name, &folded)) {
            let reason = format!("the code spells it `{}`", other.name);
            return row.contradicted(Difference::Spelling, &other.name, Some(&other.place), reason);
        }
        let others: Vec<String> = spellings(name).into_iter().filter(|s| s != name && s.len() > 3).collect();
        if let Some((word, place)) = self.word(&others) {
            let reason = format!("the code spells it `{word}`");
            return row.contradicted(Difference::Spelling, &word, Some(&place), reason);
        }
        let near = closest(name, self.uses.iter().filter(free).map(|u| u.name.as_str())).map(|c| c.name);
        let place = near.and_then(|near| self.uses.iter().find(|u| u.name == near)).map(|u| &u.place);
        row.missing(near.map(|near| (near, place)), "it does not stand in the code")
    }
}

/// Whether a file is a program, by its name: no configuration, no data.
fn is_program(path: &str) -> bool {
    const ENDINGS: [&str; 20] = [
        "cjs", "clj", "cs", "dart", "ex", "exs", "go", "java", "js", "jsx", "kt", "mjs", "php", "py", "rb",
        "rs", "scala", "swift", "ts", "tsx",
    ];
    path.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}
