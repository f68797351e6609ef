use crate::CodePlace;
use rustc_hash::FxHashMap;

/// Text literals of the code that look like names, with the places of each.
#[derive(Clone, Debug, Default)]
pub struct Words {
    places: FxHashMap<Box<str>, Vec<CodePlace>>,
    /// Places in tests and files of translations, which say nothing of what the code does.
    beside: FxHashMap<Box<str>, Vec<CodePlace>>,
}

/// A name that stands in more places than this is kept with these only.
const MOST_PLACES: usize = 8;

impl Words {
    /// Adds a literal.
    pub fn add(&mut self, word: &str, place: CodePlace) {
        add(&mut self.places, word, place);
    }

    /// Adds a literal of a test or a file of translations.
    pub fn add_beside(&mut self, word: &str, place: CodePlace) {
        add(&mut self.beside, word, place);
    }

    /// Where a literal stands in the code; empty where it does not. The first few places in the order of the
    /// paths.
    pub fn get(&self, word: &str) -> &[CodePlace] {
        self.places.get(word).map_or(&[], Vec::as_slice)
    }

    /// Where a literal stands in tests and files of translations.
    pub fn get_beside(&self, word: &str) -> &[CodePlace] {
        self.beside.get(word).map_or(&[], Vec::as_slice)
    }

    /// All literals of the code, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(AsRef::as_ref)
    }

    /// Number of different literals of the code.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

fn add(places: &mut FxHashMap<Box<str>, Vec<CodePlace>>, word: &str, place: CodePlace) {
    match places.get_mut(word) {
        Some(places) if places.len() < MOST_PLACES => places.push(place),
        Some(_) => {}
        None => {
            places.insert(word.into(), vec![place]);
        }
    }
}
