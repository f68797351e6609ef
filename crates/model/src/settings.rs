use crate::facts::ItemKind;
use crate::state::State;
use crate::status::StatusWords;
use rustc_hash::FxHashMap;
use trueup_template::{AlignOptions, Pattern};

/// What the configuration and the template ask of a set of specs, as plain data for the rules.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Folders of the set from the root.
    pub folders: Vec<String>,
    /// Other titles for the template's sections.
    pub align: AlignOptions,
    /// Words for states.
    pub status_words: StatusWords,
    /// States by folder name; the built-in names count where this has none.
    pub folder_states: FxHashMap<String, State>,
    /// Whether specs that are not accepted may not stand on the main branch.
    pub accepted_only_on_main: bool,
    /// Forms of a spec's branch (`spec/<short-slug>`).
    pub branch_form: Option<String>,
    /// Forms of a spec's file name, without its ending.
    pub file_name_forms: Vec<Pattern>,
    /// Prefixes of IDs that are kept for a folder: prefix and folder; no folder means for nobody.
    pub reserved: Vec<(String, Option<String>)>,
    /// Link targets (from their start) that are not checked.
    pub ignored_links: Vec<String>,
    /// Kinds of bullets that have to carry a written ID.
    pub item_ids: Vec<ItemKind>,
    /// Further names of files that hold house rules.
    pub guide_names: Vec<String>,
    /// Short names that rows cite guides by, with the path of the guide.
    pub guide_aliases: Vec<(String, String)>,
    /// Files that list specs, beside those that are known by their names, with the states of each part by
    /// its heading.
    pub indexes: Vec<NamedIndex>,
}

/// A file that lists specs, as the configuration names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedIndex {
    /// Path from the root.
    pub file: String,
    /// The heading of a part, with the states whose specs it lists.
    pub parts: Vec<(String, Vec<State>)>,
}
