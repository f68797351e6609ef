//! Commands against the endpoints that need them.

use crate::words::{resource_of, same_thing, words_of_name};
use trueup_model::{Endpoint, Facts, NamedId};
use trueup_text::Span;

/// A resource that commands create or update, whose deleting endpoint has no command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CrudGap {
    /// The endpoint that deletes.
    pub endpoint: String,
    /// Where it is declared.
    pub endpoint_span: Span,
    /// The command that creates or updates the same thing.
    pub command: String,
    /// Where it stands.
    pub command_span: Span,
    /// The name that the missing command would have.
    pub expected: String,
}

/// What a command does to what.
struct Act {
    /// The first word of its action (`create`, `update`, `delete`), in lower case.
    verb: String,
    /// The words of what it acts on.
    thing: Vec<String>,
}

const VERBS_OF_DELETE: [&str; 13] = [
    "delete",
    "remove",
    "archive",
    "destroy",
    "revoke",
    "purge",
    "cancel",
    "deactivate",
    "unlink",
    "detach",
    "unassign",
    "trash",
    "discard",
];
const VERBS_OF_WRITE: [&str; 5] = ["create", "update", "upsert", "save", "edit"];
const VERBS: [&str; 6] = ["create", "update", "upsert", "save", "edit", "set"];

/// Deleting endpoints of things that have a creating or updating command and no deleting one.
pub fn crud_gaps(facts: &Facts) -> Vec<CrudGap> {
    let acts: Vec<(Act, &NamedId)> =
        facts.vocabulary.commands.iter().filter_map(|c| Some((act_of(&c.id)?, c))).collect();
    let mut out: Vec<CrudGap> = Vec::new();
    for endpoint in facts.api.endpoints.iter().filter(|e| e.method == "DELETE") {
        let Some(thing) = deleted_thing(endpoint) else { continue };
        let about = |act: &Act| same_thing(&act.thing, &thing);
        let deletes = acts.iter().any(|(act, c)| {
            VERBS_OF_DELETE.contains(&act.verb.as_str()) && about(act) || deletes_in_words(c, &thing)
        });
        let writer = acts.iter().find(|(act, _)| VERBS_OF_WRITE.contains(&act.verb.as_str()) && about(act));
        if let Some((_, command)) = writer.filter(|_| !deletes) {
            out.push(CrudGap {
                endpoint: format!("DELETE {}", endpoint.path),
                endpoint_span: endpoint.span,
                command: command.id.clone(),
                command_span: command.span,
                expected: expected_name(&command.id),
            });
        }
    }
    out
}

/// `a.order.create` acts on orders by creating; `createOrder` likewise.
fn act_of(id: &str) -> Option<Act> {
    let parts: Vec<&str> = id.split(['.', ':', '/']).filter(|p| !p.is_empty()).collect();
    if parts.len() >= 2 {
        let verb = words_of_name(parts[parts.len() - 1]).into_iter().next()?;
        return Some(Act { verb, thing: words_of_name(parts[parts.len() - 2]) });
    }
    let mut words = words_of_name(id.trim_end_matches("Command")).into_iter();
    let verb = words.next()?;
    let thing: Vec<String> = words.collect();
    (!thing.is_empty()).then_some(Act { verb, thing })
}

/// What is deleted: the last fixed part of the path, unless it only names an action or a part of something.
fn deleted_thing(endpoint: &Endpoint) -> Option<Vec<String>> {
    let resource = resource_of(endpoint);
    // A part of something else may well be deleted by the command that updates the whole.
    if resource.action && !resource.member {
        return None;
    }
    resource.parts.into_iter().next_back()
}

/// A command whose text says that it deletes the thing, or that covers all writes (`orders.order.crud`).
fn deletes_in_words(command: &NamedId, thing: &[String]) -> bool {
    let text = command.text.to_lowercase();
    let id = words_of_name(&command.id);
    let about = thing.iter().all(|word| id.contains(word));
    about && (["delet", "remov", "archiv"].iter().any(|w| text.contains(w)) || id.iter().any(|w| w == "crud"))
}

/// The creating command's name with `delete` in place of its verb.
fn expected_name(id: &str) -> String {
    if let Some((before, _)) = id.rsplit_once('.') {
        return format!("{before}.delete");
    }
    let verb = VERBS.iter().find(|verb| id.to_lowercase().starts_with(*verb));
    verb.map_or_else(|| id.to_owned(), |verb| format!("delete{}", &id[verb.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_model::{Api, Declaration, Vocabulary};

    #[track_caller]
    fn check(commands: &[&str], endpoints: &[&str], expected: &[&str]) {
        let command = |id: &&str| NamedId {
            id: (*id).to_owned(),
            declaration: Declaration::New,
            text: String::new(),
            payload: None,
            span: Span::default(),
        };
        let endpoint = |text: &&str| {
            let (method, path) = text.split_once(' ').unwrap();
            Endpoint {
                method: method.to_owned(),
                path: path.to_owned(),
                summary: String::new(),
                request: None,
                response: None,
                span: Span::default(),
            }
        };
        let facts = Facts {
            vocabulary: Vocabulary {
                commands: commands.iter().map(command).collect(),
                ..Vocabulary::default()
            },
            api: Api { endpoints: endpoints.iter().map(endpoint).collect(), ..Api::default() },
            ..Facts::default()
        };
        let found: Vec<String> = crud_gaps(&facts).into_iter().map(|gap| gap.expected).collect();
        assert_eq!(found, expected, "{commands:?} {endpoints:?}");
    }

    #[test]
    fn a_deleting_endpoint_wants_a_deleting_command() {
        check(&["shop.order.create"], &["DELETE /api/shop/orders/:id"], &["shop.order.delete"]);
        check(&["createDockDoor", "updateDockDoor"], &["DELETE /api/dock-doors/{id}"], &["deleteDockDoor"]);
        check(&["shop.order.create", "shop.order.delete"], &["DELETE /api/shop/orders/:id"], &[]);
        check(&["shop.orders.create", "shop.orders.archive"], &["DELETE /api/shop/orders"], &[]);
        check(&["shop.order.create"], &["DELETE /api/shop/carts/:id"], &[]);
        check(&["shop.order.create"], &["GET /api/shop/orders/:id"], &[]);
        check(&["shop.order.create"], &["DELETE /api/shop/orders/:id/lines"], &[]);
    }
}
