//! The team's own words for states.

use rustc_hash::FxHashMap;
use trueup_engine::Workspace;
use trueup_model::{State, StatusWords, glance};
use trueup_template::{Schema, ValueSpec};

/// The word that a team writes for a state: its own of `[lifecycle.synonyms]`, else the template's, else the one
/// that most of its specs carry, else the usual one.
pub fn status_word(workspace: &Workspace, set: usize, state: State) -> String {
    let Some(of) = workspace.sets.get(set) else { return state.name().to_owned() };
    let words = &of.settings.status_words;
    let own: Vec<&String> = workspace
        .config
        .lifecycle
        .synonyms
        .iter()
        .filter(|(name, _)| name.state() == state)
        .flat_map(|(_, list)| list)
        .collect();
    if let [only] = own.as_slice() {
        return (*only).clone();
    }
    if own.is_empty()
        && let Some(word) = of_template(&of.schema, words, state)
    {
        return word;
    }
    let used = used_words(workspace, set, state);
    let most = used
        .into_iter()
        .filter(|(word, _)| own.is_empty() || own.iter().any(|o| same(o, word)))
        .max_by(|a, b| (a.1, std::cmp::Reverse(&a.0)).cmp(&(b.1, std::cmp::Reverse(&b.0))));
    match (most, own.first()) {
        (Some((word, _)), _) => word,
        (None, Some(first)) => (*first).clone(),
        (None, None) => state.name().to_owned(),
    }
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// The template's choice for a state; of several the commonest.
fn of_template(schema: &Schema, words: &StatusWords, state: State) -> Option<String> {
    let statuses = schema.all_header_fields().filter(|f| f.normal == "status" || f.normal == "state");
    let options = statuses.filter_map(|field| match &field.value {
        ValueSpec::Enum(options) => Some(options),
        _ => None,
    });
    let fitting = options.flatten().filter(|option| words.state_of(option) == Some(state));
    fitting.min_by_key(|option| words.rank(option).unwrap_or(usize::MAX)).cloned()
}

/// The bare words that specs of a set carry for a state, with how often.
fn used_words(workspace: &Workspace, set: usize, state: State) -> FxHashMap<String, usize> {
    let mut out: FxHashMap<String, usize> = FxHashMap::default();
    let Some(of) = workspace.sets.get(set) else { return out };
    for path in workspace.specs_of(set) {
        let Some(head) = workspace.corpus.head(&path) else { continue };
        let sidecar = workspace.sidecar(set, &path);
        let seen = glance(&path, &head.text, &of.schema, &of.settings, sidecar.as_ref());
        if seen.state.state != state || seen.state.unknown {
            continue;
        }
        // "Accepted (MVP)" is a word with a remark; only the word is taken over.
        let Some(text) = seen.state.text else { continue };
        let bare = text.split(['(', ',', '—', '–', ':', ';']).next().unwrap_or("").trim();
        let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
        if of.settings.status_words.rank(bare).is_some_and(|rank| rank < 100) && bare.len() < 30 {
            *out.entry(bare.to_owned()).or_default() += 1;
        }
    }
    out
}
