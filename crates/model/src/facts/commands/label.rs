//! What a label or a title says of the IDs below it.

use super::Declaration;

/// What the IDs of a place are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// Commands.
    Command,
    /// Events that are emitted.
    Event,
    /// Events that are listened to.
    Consumed,
    /// Commands and events: the ID tells.
    Either,
    /// Something else.
    Off,
}

/// What holds below a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Topic {
    /// What the IDs are.
    pub sort: Sort,
    /// How surely the spec brings them, where the label says so.
    pub declaration: Option<Declaration>,
    /// A sentence names them in passing: an ID below must look like one and stand in front.
    pub passing: bool,
}

impl Topic {
    pub(super) const OFF: Topic = Topic { sort: Sort::Off, declaration: None, passing: false };

    /// A topic of its own.
    pub(super) fn of(sort: Sort, declaration: Option<Declaration>) -> Topic {
        Topic { sort, declaration, passing: false }
    }

    /// What holds below a label inside this topic. `bare` is the label without its note.
    pub(super) fn below(self, bare: &str, label: &str) -> Topic {
        let noted = bare != label;
        let declaration = declaration_of(bare).or_else(|| if noted { declaration_of(label) } else { None });
        match sort_of(bare).or_else(|| if noted { sort_of(label) } else { None }) {
            Some(sort) => Topic { sort, declaration, passing: self.passing },
            None => Topic { declaration: declaration.or(self.declaration), ..self },
        }
    }
}

/// Whether a label says nothing but that commands or events follow.
pub(super) fn is_plain_label(label: &str) -> bool {
    const WORDS: &[&str] = &[
        "command",
        "commands",
        "event",
        "events",
        "new",
        "existing",
        "modified",
        "updated",
        "extended",
        "consumed",
        "emitted",
        "emits",
        "published",
        "reused",
        "domain",
        "module",
        "ts",
        "added",
        "to",
        "typed",
        "declared",
        "in",
        "id",
        "ids",
        "persistent",
        "ephemeral",
        "and",
        "additive",
        "optional",
        "lifecycle",
        "crud",
        "undoable",
        "stub",
        "verified",
        "the",
    ];
    label.split(' ').all(|w| WORDS.contains(&w))
}

/// What the words of a label speak of.
#[derive(Default)]
struct Spoken {
    /// Something that is neither, whatever else stands beside it.
    strong: bool,
    /// Something that is neither, where nothing else is named.
    weak: bool,
    /// Listening.
    consumed: bool,
    /// The place of the first word for commands.
    command: Option<usize>,
    /// The place of the first word for events.
    event: Option<usize>,
}

impl Spoken {
    fn word(&mut self, at: usize, word: &str) {
        match word {
            "command" | "commands" => self.command = self.command.or(Some(at)),
            "event" | "events" => self.event = self.event.or(Some(at)),
            "consumed" | "consumes" | "consume" | "subscribers" | "subscriber" | "subscriptions"
            | "listens" | "listened" | "subscribes" | "subscribed" => self.consumed = true,
            "notification" | "notifications" | "guard" | "guards" | "enricher" | "enrichers" | "flag"
            | "flags" | "toggle" | "toggles" | "acl" | "permission" | "permissions" | "interceptor"
            | "interceptors" | "cli" | "dom" | "validation" => self.strong = true,
            "undo" | "undoability" | "rollback" | "cache" | "worker" | "workers" | "queue" | "queues"
            | "search" | "i18n" | "di" | "service" | "services" | "features" | "feature" | "rules"
            | "setup" | "monitoring" | "tests" | "compatibility" | "enqueue" | "metrics" => self.weak = true,
            _ => {}
        }
    }
}

/// What a label names; none where it says nothing of the kind.
pub(super) fn sort_of(label: &str) -> Option<Sort> {
    let words = || label.split(' ').filter(|w| !w.is_empty());
    let mut spoken = Spoken::default();
    words().enumerate().for_each(|(at, word)| spoken.word(at, word));
    if spoken.strong
        || label.starts_with("no real")
        || label.starts_with("not a ")
        || label.contains(" not a ")
    {
        return Some(Sort::Off);
    }
    if spoken.consumed {
        // `Events, subscribers and workers` holds the events, too.
        let also =
            words().next() == Some("events") && words().nth(1).is_some_and(|w| w.starts_with("subscriber"));
        if !also {
            return Some(Sort::Consumed);
        }
    }
    match (spoken.command, spoken.event) {
        (Some(c), Some(e)) if c.abs_diff(e) <= 2 => Some(Sort::Either),
        (Some(c), Some(e)) => Some(if c < e { Sort::Command } else { Sort::Event }),
        (Some(_), None) => Some(Sort::Command),
        (None, Some(_)) => Some(Sort::Event),
        (None, None) => spoken.weak.then_some(Sort::Off),
    }
}

/// The same of a free text, where `updated` and `new` mean what happens to the data.
pub(super) fn declaration_said(text: &str) -> Option<Declaration> {
    let sure: Vec<&str> = text
        .split(' ')
        .filter(|w| {
            !matches!(
                *w,
                "updated"
                    | "changed"
                    | "new"
                    | "added"
                    | "adds"
                    | "add"
                    | "modify"
                    | "introduced"
                    | "exists"
                    | "already"
            )
        })
        .collect();
    declaration_of(&sure.join(" "))
}

/// Whether a text says that something is new, changed or there before.
pub(super) fn declaration_of(text: &str) -> Option<Declaration> {
    let mut modified = false;
    let mut existing = false;
    let mut new = false;
    let mut before = "";
    for word in text.split(' ') {
        let last = std::mem::replace(&mut before, word);
        match word {
            // `appended to existing events.ts`: the file is there, not the event.
            "existing" if matches!(last, "to" | "in" | "with" | "follow" | "follows") => {}
            "unchanged" => return Some(Declaration::Existing),
            "modified" | "modify" | "modifies" | "extended" | "extends" | "extend" | "changed" | "gains"
            | "gain" | "updated" | "widened" | "reworked" | "augmented" => modified = true,
            "existing" | "exists" | "reused" | "reuse" | "reuses" | "leverages" | "already" => {
                existing = true
            }
            "new" | "introduced" | "added" | "adds" | "add" => new = true,
            _ => {}
        }
    }
    if modified {
        return Some(Declaration::Modified);
    }
    if existing {
        return Some(Declaration::Existing);
    }
    new.then_some(Declaration::New)
}
