use crate::CodePlace;
use rustc_hash::FxHashMap;

/// Text literals of the code that look like names, with the places of each.
#[derive(Clone, Debug, Default)]
pub struct Words {
    places: FxHashMap<Box<str>, Vec<CodePlace>>,
}

/// A name that stands in more places than this is kept with these only.
const MOST_PLACES: usize = 8;

impl Words {
    /// Adds a literal.
    pub fn add(&mut self, word: &str, place: CodePlace) {
        match self.places.get_mut(word) {
            Some(places) if places.len() < MOST_PLACES => places.push(place),
            Some(_) => {}
            None => {
                self.places.insert(word.into(), vec![place]);
            }
        }
    }

    /// Where a literal stands; empty where it does not. The first few places in the order of the paths.
    pub fn get(&self, word: &str) -> &[CodePlace] {
        self.places.get(word).map_or(&[], Vec::as_slice)
    }

    /// All literals, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(AsRef::as_ref)
    }

    /// Number of different literals.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
