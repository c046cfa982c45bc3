//! The negative cache: which `kid`s caused a fetch that did not find them.

use alloc::string::String;
use alloc::vec::Vec;

/// Seconds for which a `kid` that was not found causes no other fetch.
const ABSENT_FOR: u64 = 300;

/// How many are remembered; the oldest is forgotten.
const CAPACITY: usize = 64;

/// How many bytes of a `kid` are remembered. Longer ones that begin alike count as one.
const MAX_BYTES: usize = 256;

/// The `kid`s that were looked for, each with the number of sets that had been fetched by then.
#[derive(Clone, Debug, Default)]
pub(super) struct UnknownKids {
    looked_for: Vec<(String, u32)>,
    sets: u32,
}

impl UnknownKids {
    /// Counts a set that was fetched.
    pub(super) const fn count_set(&mut self) {
        self.sets = self.sets.wrapping_add(1);
    }

    /// Forgets them: other keys may have come with theirs.
    pub(super) fn clear(&mut self) {
        self.looked_for.clear();
    }

    /// Whether `kid` was looked for before the last set was fetched, `age` seconds ago.
    pub(super) fn is_absent(&self, kid: &str, age: Option<u64>) -> bool {
        let kid = bounded(kid);
        age.is_some_and(|age| age < ABSENT_FOR)
            && self.looked_for.iter().any(|(known, sets)| known == kid && *sets != self.sets)
    }

    /// Remembers that `kid` is looked for now.
    pub(super) fn look_for(&mut self, kid: &str) {
        let kid = bounded(kid);
        let place = self.looked_for.iter().position(|(known, _)| known == kid);
        if let Some(place) = place.or((self.looked_for.len() >= CAPACITY).then_some(0)) {
            self.looked_for.remove(place);
        }
        self.looked_for.push((kid.into(), self.sets));
    }
}

fn bounded(kid: &str) -> &str {
    let end = (0..=MAX_BYTES).rev().find(|at| kid.is_char_boundary(*at)).unwrap_or_default();
    kid.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn a_kid_is_absent_once_a_set_came_without_it() {
        let mut unknown = UnknownKids::default();
        unknown.look_for("a");
        assert!(!unknown.is_absent("a", Some(0)), "the set that is looked for has not come");
        unknown.count_set();
        assert!(unknown.is_absent("a", Some(299)) && !unknown.is_absent("a", Some(300)));
        assert!(!unknown.is_absent("a", None) && !unknown.is_absent("b", Some(0)));
        unknown.clear();
        assert!(!unknown.is_absent("a", Some(0)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut unknown = UnknownKids::default();
        for count in 0..=CAPACITY {
            unknown.look_for(&format!("{count}-{}", "é".repeat(100_000)));
        }
        unknown.count_set();
        assert_eq!(unknown.looked_for.len(), CAPACITY);
        assert!(unknown.looked_for.iter().all(|(kid, _)| kid.len() <= MAX_BYTES));
        let long = |count: usize| format!("{count}-{}", "é".repeat(100_000));
        assert!(!unknown.is_absent(&long(0), Some(0)) && unknown.is_absent(&long(1), Some(0)));
    }
}
