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
}

impl Topic {
    pub(super) const OFF: Topic = Topic { sort: Sort::Off, declaration: None };

    /// What holds below a label inside this topic.
    pub(super) fn below(self, label: &str) -> Topic {
        let declaration = declaration_of(label);
        match sort_of(label) {
            Some(sort) => Topic { sort, declaration },
            None => Topic { sort: self.sort, declaration: declaration.or(self.declaration) },
        }
    }
}

/// What a label names; none where it says nothing of the kind.
pub(super) fn sort_of(label: &str) -> Option<Sort> {
    let words: Vec<&str> = label.split(' ').filter(|w| !w.is_empty()).collect();
    let has = |list: &[&str]| words.iter().any(|w| list.contains(w));
    let strong = [
        "notification", "notifications", "guard", "guards", "enricher", "enrichers", "flag", "flags", "toggle", "toggles", "acl",
        "permission", "permissions", "interceptor", "interceptors", "cli", "dom", "validation", "unchanged_features",
    ];
    if has(&strong) || label.starts_with("not a ") || label.contains(" not a ") {
        return Some(Sort::Off);
    }
    let place = |list: &[&str]| words.iter().position(|w| list.contains(w));
    let command = place(&["command", "commands"]);
    let event = place(&["event", "events"]);
    let consumed = ["consumed", "consumes", "consume", "subscribers", "subscriber", "subscriptions", "listens", "listened", "subscribes", "subscribed"];
    if has(&consumed) {
        return Some(Sort::Consumed);
    }
    match (command, event) {
        (Some(c), Some(e)) if c.abs_diff(e) <= 2 => return Some(Sort::Either),
        (Some(c), Some(e)) => return Some(if c < e { Sort::Command } else { Sort::Event }),
        (Some(_), None) => return Some(Sort::Command),
        (None, Some(_)) => return Some(Sort::Event),
        (None, None) => {}
    }
    let weak = [
        "undo", "undoability", "rollback", "cache", "worker", "workers", "queue", "queues", "search", "i18n", "di", "service",
        "services", "features", "feature", "rules", "setup", "monitoring", "tests", "compatibility", "enqueue", "metrics",
    ];
    has(&weak).then_some(Sort::Off)
}

/// Whether a text says that something is new, changed or there before.
pub(super) fn declaration_of(text: &str) -> Option<Declaration> {
    let mut modified = false;
    let mut existing = false;
    let mut new = false;
    for word in text.split(' ') {
        match word {
            "unchanged" => return Some(Declaration::Existing),
            "modified" | "modify" | "modifies" | "extended" | "extends" | "extend" | "changed" | "gains" | "gain" | "updated"
            | "widened" | "reworked" | "augmented" => modified = true,
            "existing" | "exists" | "reused" | "reuse" | "reuses" | "leverages" | "already" => existing = true,
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
