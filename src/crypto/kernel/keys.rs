//! The keys of a kernel, and which of them have a table.

use alloc::vec::Vec;
use core::fmt;

use super::{KeyKind, PublicKey};

/// How often a key must have verified before its table may take the place of another's. Otherwise keys that are used in turn
/// and have not all room would cause a table with each signature.
const USES_TO_REPLACE: u32 = 16;

/// Public keys by number. Those that are used most recently have tables, as far as memory is granted to them.
///
/// Only a signature that verifies counts as a use: whoever cannot sign causes no table. Whoever chose the keys may have tables
/// built ahead of it.
pub struct Keys<K> {
    slots: Vec<Option<Slot<K>>>,
    max_table_bytes: usize,
    table_bytes: usize,
    clock: u64,
}

struct Slot<K> {
    key: K,
    /// Signatures that verified since the key came, or lost its table.
    uses: u32,
    last_use: u64,
}

impl<K> fmt::Debug for Keys<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("table_bytes", &self.table_bytes).finish_non_exhaustive()
    }
}

impl<K: PublicKey> Keys<K> {
    /// No keys yet. Their tables take at most `max_table_bytes`.
    pub const fn new(max_table_bytes: usize) -> Self {
        Self { slots: Vec::new(), max_table_bytes, table_bytes: 0, clock: 0 }
    }

    /// Takes in a key, as [`super::Kernel::import`].
    pub fn import(&mut self, kind: KeyKind, bytes: &[u8]) -> Option<u32> {
        let slot = Slot { key: K::import(kind, bytes)?, uses: 0, last_use: 0 };
        let free = self.slots.iter().position(Option::is_none).unwrap_or(self.slots.len());
        let number = u32::try_from(free).ok()?;
        match self.slots.get_mut(free) {
            Some(place) => *place = Some(slot),
            None => self.slots.push(Some(slot)),
        }
        Some(number)
    }

    /// Verifies, as [`super::Kernel::verify`].
    pub fn verify(&mut self, key: u32, input: &[u8], signature: &[u8]) -> bool {
        let Some(index) = self.index(key) else { return false };
        self.consider_table(index);
        let Some(Some(slot)) = self.slots.get_mut(index) else { return false };
        let verifies = slot.key.verify(input, signature);
        if verifies {
            self.clock = self.clock.wrapping_add(1);
            slot.uses = slot.uses.saturating_add(1);
            slot.last_use = self.clock;
        }
        verifies
    }

    /// Computes, as [`super::Kernel::power`].
    pub fn power(&self, key: u32, signature: &[u8], power: &mut [u8]) -> bool {
        let slot = self.index(key).and_then(|index| self.slots.get(index)?.as_ref());
        slot.is_some_and(|slot| slot.key.power(signature, power))
    }

    /// Builds the table of a key ahead, as [`super::Kernel::build_table`].
    pub fn build_table(&mut self, key: u32) -> bool {
        let Some(index) = self.index(key) else { return false };
        self.add_table(index);
        matches!(self.slots.get(index), Some(Some(slot)) if slot.key.has_table())
    }

    /// Forgets a key and its table.
    pub fn release(&mut self, key: u32) {
        let Some(index) = self.index(key) else { return };
        self.drop_table(index);
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = None;
        }
    }

    /// How much memory the tables take, in bytes.
    pub const fn table_bytes(&self) -> usize {
        self.table_bytes
    }

    fn index(&self, key: u32) -> Option<usize> {
        usize::try_from(key).ok().filter(|index| *index < self.slots.len())
    }

    /// Computes the table of a key that has verified before, if there is room or it is used enough to replace others.
    fn consider_table(&mut self, index: usize) {
        let Some(Some(Slot { key, uses, .. })) = self.slots.get(index) else { return };
        let (bytes, uses) = (key.table_bytes(), *uses);
        if uses == 0 || bytes == 0 || bytes > self.max_table_bytes || key.has_table() {
            return;
        }
        while bytes > self.room() {
            match self.least_recently_used() {
                Some(other) if uses >= USES_TO_REPLACE => self.drop_table(other),
                _ => return,
            }
        }
        self.add_table(index);
    }

    /// How much memory there is for further tables, in bytes.
    const fn room(&self) -> usize {
        self.max_table_bytes.saturating_sub(self.table_bytes)
    }

    /// Computes the table of a key that has none, if there is room.
    fn add_table(&mut self, index: usize) {
        let room = self.room();
        let Some(Some(Slot { key, .. })) = self.slots.get_mut(index) else { return };
        let bytes = key.table_bytes();
        if bytes == 0 || bytes > room || key.has_table() {
            return;
        }
        key.build_table();
        if key.has_table() {
            self.table_bytes = self.table_bytes.saturating_add(bytes);
        }
    }

    /// Of the keys with a table.
    fn least_recently_used(&self) -> Option<usize> {
        let slots = self.slots.iter().enumerate().filter_map(|(index, slot)| Some((index, slot.as_ref()?)));
        slots.filter(|(_, slot)| slot.key.has_table()).min_by_key(|(_, slot)| slot.last_use).map(|(index, _)| index)
    }

    fn drop_table(&mut self, index: usize) {
        let Some(Some(slot)) = self.slots.get_mut(index) else { return };
        if slot.key.has_table() {
            slot.key.drop_table();
            slot.uses = 0;
            self.table_bytes = self.table_bytes.saturating_sub(slot.key.table_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its signatures are its input; a table takes as many bytes as it is told.
    #[derive(Debug)]
    struct Double {
        table_bytes: usize,
        has_table: bool,
    }

    impl PublicKey for Double {
        fn computes(kind: KeyKind) -> bool {
            kind == KeyKind::P256
        }

        fn import(kind: KeyKind, bytes: &[u8]) -> Option<Self> {
            let [table_bytes] = bytes else { return None };
            Self::computes(kind).then_some(Self { table_bytes: usize::from(*table_bytes), has_table: false })
        }

        fn verify(&self, input: &[u8], signature: &[u8]) -> bool {
            input == signature
        }

        fn table_bytes(&self) -> usize {
            self.table_bytes
        }

        fn has_table(&self) -> bool {
            self.has_table
        }

        fn build_table(&mut self) {
            assert!(!self.has_table, "built twice");
            self.has_table = true;
        }

        fn drop_table(&mut self) {
            self.has_table = false;
        }
    }

    fn keys(max_table_bytes: usize, tables: &[u8]) -> Keys<Double> {
        let mut keys = Keys::new(max_table_bytes);
        for (index, table) in tables.iter().enumerate() {
            assert_eq!(keys.import(KeyKind::P256, &[*table]), u32::try_from(index).ok());
        }
        keys
    }

    fn with_tables(keys: &Keys<Double>) -> Vec<usize> {
        let has_table = |slot: &Option<Slot<Double>>| slot.as_ref().is_some_and(|slot| slot.key.has_table);
        (0..keys.slots.len()).filter(|index| has_table(&keys.slots[*index])).collect()
    }

    fn verify(keys: &mut Keys<Double>, key: u32, times: u32) {
        for _ in 0..times {
            assert!(keys.verify(key, b"x", b"x"));
        }
    }

    #[test]
    fn a_key_gets_its_table_with_its_second_use() {
        let mut keys = keys(100, &[40]);
        verify(&mut keys, 0, 1);
        assert_eq!((with_tables(&keys), keys.table_bytes()), (std::vec![], 0));
        verify(&mut keys, 0, 1);
        assert_eq!((with_tables(&keys), keys.table_bytes()), (std::vec![0], 40));
        verify(&mut keys, 0, 100);
        assert_eq!(keys.table_bytes(), 40);
    }

    #[test]
    fn signatures_that_do_not_verify_cause_no_table() {
        let mut keys = keys(100, &[40, 70]);
        verify(&mut keys, 0, 2);
        for _ in 0..1000 {
            assert!(!keys.verify(1, b"x", b"y"));
        }
        assert_eq!(with_tables(&keys), [0]);
    }

    #[test]
    fn tables_take_no_more_memory_than_is_granted() {
        let mut small = keys(100, &[40, 40, 40, 101, 0]);
        for key in 0..5 {
            verify(&mut small, key, 2);
        }
        assert_eq!((with_tables(&small), small.table_bytes()), (std::vec![0, 1], 80));
        let mut none = keys(0, &[1]);
        verify(&mut none, 0, 100);
        assert_eq!(none.table_bytes(), 0);
    }

    #[test]
    fn a_key_that_is_used_much_replaces_the_one_that_was_not_used_for_the_longest() {
        let mut keys = keys(100, &[40, 40, 40]);
        verify(&mut keys, 0, 2);
        verify(&mut keys, 1, 2);
        verify(&mut keys, 0, 1);
        verify(&mut keys, 2, USES_TO_REPLACE);
        assert_eq!(with_tables(&keys), [0, 1]);
        verify(&mut keys, 2, 1);
        assert_eq!((with_tables(&keys), keys.table_bytes()), (std::vec![0, 2], 80));
        verify(&mut keys, 1, USES_TO_REPLACE);
        assert_eq!(with_tables(&keys), [0, 2], "what lost its table begins anew");
    }

    #[test]
    fn tables_that_are_built_ahead_take_the_room_there_is_and_the_place_of_no_other() {
        let mut keys = keys(100, &[40, 40, 40, 20, 0, 101]);
        verify(&mut keys, 1, 2);
        let built: Vec<bool> = (0..7).map(|key| keys.build_table(key)).collect();
        assert_eq!(built, [true, true, false, true, false, false, false]);
        assert_eq!((with_tables(&keys), keys.table_bytes()), (std::vec![0, 1, 3], 100));
        assert_eq!((keys.build_table(0), keys.table_bytes()), (true, 100), "it is not built twice");
    }

    #[test]
    fn a_table_that_was_built_ahead_and_not_used_is_the_first_to_be_replaced() {
        let mut keys = keys(80, &[40, 40, 40]);
        assert!(keys.build_table(0) && keys.build_table(1));
        verify(&mut keys, 0, 1);
        verify(&mut keys, 2, USES_TO_REPLACE + 1);
        assert_eq!((with_tables(&keys), keys.table_bytes()), (std::vec![0, 2], 80));
        keys.release(0);
        assert_eq!((keys.build_table(0), keys.build_table(1)), (false, true), "what was released gave its room back");
    }

    #[test]
    fn a_released_key_verifies_nothing_and_gives_its_memory_and_number_back() {
        let mut keys = keys(100, &[40, 40]);
        verify(&mut keys, 0, 2);
        keys.release(0);
        keys.release(0);
        keys.release(7);
        assert_eq!((keys.verify(0, b"x", b"x"), keys.verify(7, b"x", b"x"), keys.table_bytes()), (false, false, 0));
        assert_eq!(keys.import(KeyKind::P384, &[1]), None);
        assert_eq!(keys.import(KeyKind::P256, &[1]), Some(0));
        assert_eq!(keys.import(KeyKind::P256, &[1]), Some(2));
    }
}
