//! Who agreed to a spec as it stands.

use crate::gate::{GateCx, Reason, ReasonKind};
use trueup_engine::Workspace;
use trueup_evidence::{Entry, Person, Statement, digest_in, material_digest};
use trueup_model::Spec;
use trueup_repo::{Author, Git};

/// The people who wrote a spec: whoever first committed its file, and whom its header names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Authors {
    /// Those that are known.
    pub people: Vec<Person>,
    /// Why nobody can tell who first committed it, and what to do about that.
    pub unknown: Option<(String, String)>,
}

impl Authors {
    /// Whether somebody is among them.
    pub fn has(&self, person: &Person) -> bool {
        self.people.iter().any(|author| same_person(author, person))
    }
}

/// The people who wrote a spec.
pub fn authors(workspace: &Workspace, path: &str, spec: &Spec) -> Authors {
    let mut people = Vec::new();
    let mut unknown = None;
    match Git::open(&workspace.root).map(|git| git.author_of(path)) {
        Some(Ok(Author::Known(author))) => people.push(Person { name: author.name, email: author.email }),
        Some(Ok(Author::Cut)) => {
            unknown = Some((
                format!(
                    "nobody can tell who wrote {path}: this clone is shallow and does not hold the commit that began it"
                ),
                "`git fetch --unshallow` brings the whole history (in a pipeline: `fetch-depth: 0`)"
                    .to_owned(),
            ));
        }
        Some(Err(error)) => {
            unknown = Some((
                format!("nobody can tell who wrote {path}: {error}"),
                "mend that and run the command again".to_owned(),
            ));
        }
        Some(Ok(Author::Nobody)) | None => {}
    }
    people.extend(named(spec));
    Authors { people, unknown }
}

/// Whom the header names.
fn named(spec: &Spec) -> Vec<Person> {
    let mut out = Vec::new();
    let owners = spec.header.iter().filter(|f| {
        matches!(f.normal.as_str(), "owner" | "owners" | "author" | "authors" | "maintainer" | "lead")
    });
    for field in owners {
        let value = field.field.value.split(['•', '·']).next().unwrap_or("");
        let separated = value.replace(" and ", ",").replace(" & ", ",");
        for part in separated.split([',', ';', '/']).map(str::trim).filter(|part| !part.is_empty()) {
            let (name, email) = match part.split_once('<') {
                Some((name, rest)) => (name.trim(), rest.trim_end_matches('>').trim()),
                None if part.contains('@') && part.contains('.') => ("", part),
                None => (part.trim_start_matches('@'), ""),
            };
            out.push(Person { name: name.to_owned(), email: email.to_owned() });
        }
    }
    out
}

/// Whether two entries name the same person: by the address where both have one, else by the name.
pub fn same_person(a: &Person, b: &Person) -> bool {
    let equal = |x: &str, y: &str| !x.is_empty() && x.to_lowercase() == y.to_lowercase();
    equal(&a.email, &b.email) || equal(&a.name, &b.name)
}

/// Whether somebody is on a list of addresses and names.
pub fn is_listed(person: &Person, list: &[String]) -> bool {
    list.iter().any(|entry| {
        let entry = entry.trim().to_lowercase();
        let full = person.to_string().to_lowercase();
        !entry.is_empty()
            && (entry == person.email.to_lowercase() || entry == person.name.to_lowercase() || entry == full)
    })
}

/// What was said of a spec by one person.
#[derive(Clone, Debug)]
struct Voice<'e> {
    entry: &'e Entry,
    /// Whether it speaks of the spec as it stands.
    current: bool,
}

/// The last word of each person, by whoever spoke first.
fn voices<'e>(entries: &'e [Entry], name: &str, digest: &str) -> Vec<Voice<'e>> {
    let mut out: Vec<Voice<'e>> = Vec::new();
    for entry in entries {
        if !matches!(entry.statement, Statement::Approval | Statement::Rejection { .. }) {
            continue;
        }
        let voice = Voice { entry, current: digest_in(entry, name) == Some(digest) };
        match out.iter_mut().find(|v| same_person(&v.entry.by, &entry.by)) {
            // Merged branches: the later one counts.
            Some(earlier) if earlier.entry.time <= entry.time => *earlier = voice,
            Some(_) => {}
            None => out.push(voice),
        }
    }
    out
}

/// Adds what is missing of approvals.
pub fn approval_reasons(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    let digest = material_digest(&cx.spec.facts).0;
    let authors = authors(cx.workspace, &cx.file.path, cx.spec);
    let config = &cx.workspace.config.lifecycle.approvals;
    let voices = voices(&cx.ledger.entries, cx.name, &digest);
    let mut counted: Vec<&Person> = Vec::new();
    let mut uncounted: Vec<String> = Vec::new();
    for voice in &voices {
        let by = &voice.entry.by;
        let day = voice.entry.time.get(..10).unwrap_or("");
        if let Statement::Rejection { why } = &voice.entry.statement {
            if voice.current {
                let what = format!("{} rejected it on {day}: {why}", by.name);
                let hint =
                    "mend that, then ask for another look: a changed spec, or their approval, settles it";
                out.push(Reason::new(ReasonKind::Approvals, &cx.file.path, what).hint(hint));
            }
            continue;
        }
        if !voice.current {
            uncounted.push(format!("{}'s of {day} was for another text: facts changed since", by.name));
        } else if authors.has(by) {
            uncounted.push(format!("{}'s does not count: they wrote it", by.name));
        } else if cx.workspace.config.evidence.require_signatures && !voice.entry.signed {
            uncounted.push(format!("{}'s does not count: it is not signed", by.name));
        } else {
            counted.push(by);
        }
    }
    let config_asks =
        config.count.unwrap_or(1) > 0 || config.areas.iter().any(|area| is_of_area(cx.spec, &area.area));
    if let Some((what, help)) = authors.unknown.filter(|_| config_asks && !counted.is_empty()) {
        // Any of them may be the author's own.
        out.push(Reason::new(ReasonKind::Approvals, &cx.file.path, what).hint(help));
        return;
    }
    let allowed = |person: &Person| config.allowed.is_empty() || is_listed(person, &config.allowed);
    for person in counted.iter().filter(|p| !allowed(p)) {
        uncounted
            .push(format!("{}'s does not count: `[lifecycle.approvals]` does not name them", person.name));
    }
    let needed = config.count.unwrap_or(1);
    let have = counted.iter().filter(|p| allowed(p)).count();
    if have < needed {
        out.push(missing(cx, have, needed, &config.allowed, None, &uncounted));
    }
    for area in config.areas.iter().filter(|area| is_of_area(cx.spec, &area.area)) {
        let needed = area.count.unwrap_or(1);
        let have = counted.iter().filter(|p| is_listed(p, &area.allowed)).count();
        if have < needed {
            out.push(missing(cx, have, needed, &area.allowed, Some(&area.area), &uncounted));
        }
    }
}

/// Whether a spec is of an area: its field `Area` may name several.
fn is_of_area(spec: &Spec, area: &str) -> bool {
    let Some(field) = spec.facts.meta.field(&["area", "areas"]) else { return false };
    field.value.text.split([',', '•', '/', ';']).any(|part| part.trim().eq_ignore_ascii_case(area.trim()))
}

fn missing(
    cx: &GateCx<'_>,
    have: usize,
    needed: usize,
    allowed: &[String],
    area: Option<&str>,
    uncounted: &[String],
) -> Reason {
    let number = match (have, needed) {
        (0, 1) => "nobody has approved it".to_owned(),
        (0, needed) => format!("{needed} approvals are needed, and there is none"),
        (have, needed) => format!(
            "{needed} approvals are needed, and there {} {have}",
            if have == 1 { "is" } else { "are" }
        ),
    };
    let of_area = area.map(|area| format!(" for the area `{area}`")).unwrap_or_default();
    let why = if uncounted.is_empty() { String::new() } else { format!(" ({})", uncounted.join("; ")) };
    let who = match allowed {
        [] => "somebody who did not write it".to_owned(),
        list => format!("one of {}", list.join(", ")),
    };
    Reason::new(ReasonKind::Approvals, &cx.file.path, format!("{number}{of_area}{why}"))
        .hint(format!("{who} runs `trueup approve {}`", cx.name))
}
