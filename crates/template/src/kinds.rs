use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Kinds and their titles, from `data/section-kinds.txt`.
static KINDS: LazyLock<Kinds> = LazyLock::new(Kinds::read);

#[derive(Debug)]
struct Kinds {
    of_title: FxHashMap<&'static str, &'static str>,
    titles: FxHashMap<&'static str, Vec<&'static str>>,
}

impl Kinds {
    fn read() -> Kinds {
        let mut kinds = Kinds { of_title: FxHashMap::default(), titles: FxHashMap::default() };
        for line in include_str!("../data/section-kinds.txt").lines() {
            let Some((kind, titles)) = line.split_once(": ").filter(|_| !line.starts_with('#')) else {
                continue;
            };
            let titles: Vec<&str> = titles.split(" | ").map(str::trim).collect();
            for title in &titles {
                kinds.of_title.entry(title).or_insert(kind);
            }
            kinds.titles.insert(kind, titles);
        }
        kinds
    }
}

/// What a section with this title (in its comparable form) usually holds.
pub fn kind_of_title(normal: &str) -> Option<&'static str> {
    KINDS.of_title.get(normal).copied()
}

/// The titles under which teams write a kind of section.
pub fn kind_titles(kind: &str) -> &'static [&'static str] {
    KINDS.titles.get(kind).map_or(&[], Vec::as_slice)
}
