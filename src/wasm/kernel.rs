//! A kernel as a wasm module of its own: `pkg/src/kernel` calls it for the modules that use it.

use alloc::vec;
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(not(feature = "portable"))]
use crate::crypto::kernel::OwnKey as ModuleKey;
#[cfg(feature = "portable")]
use crate::crypto::kernel::PortableKey as ModuleKey;
use crate::crypto::kernel::{KeyKind, Keys};

/// Public keys, and the arithmetic of the kinds that this module has.
#[wasm_bindgen]
pub struct Kernel {
    keys: Keys<ModuleKey>,
}

#[wasm_bindgen]
impl Kernel {
    /// No keys yet. Their tables take at most so many bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(max_table_bytes: usize) -> Self {
        Self { keys: Keys::new(max_table_bytes) }
    }

    /// Whether the arithmetic of this module gives the answers that are known; if not, it is not to be used.
    pub fn self_test() -> bool {
        #[cfg(feature = "kernel-rsa")]
        return crate::crypto::rsa::RsaModulus::self_test();
        #[cfg(not(feature = "kernel-rsa"))]
        true
    }

    /// Takes in a key, and returns its number; nothing when it cannot be used.
    pub fn import(&mut self, kind: usize, key: &[u8]) -> Option<u32> {
        self.keys.import(*KeyKind::ALL.get(kind)?, key)
    }

    /// Whether `signature` is one over `input`.
    pub fn verify(&mut self, key: u32, input: &[u8], signature: &[u8]) -> bool {
        self.keys.verify(key, input, signature)
    }

    /// The power of a signature of an RSA key, of as many bytes; nothing when it has none.
    pub fn power(&self, key: u32, signature: &[u8]) -> Option<Vec<u8>> {
        let mut power = vec![0; signature.len()];
        self.keys.power(key, signature, &mut power).then_some(power)
    }

    /// Builds the table of a key ahead of its use, if there is room, and says whether it has one then.
    pub fn build_table(&mut self, key: u32) -> bool {
        self.keys.build_table(key)
    }

    /// Forgets a key.
    pub fn release(&mut self, key: u32) {
        self.keys.release(key);
    }

    /// How much memory the tables take, in bytes.
    #[wasm_bindgen(getter)]
    pub fn table_bytes(&self) -> usize {
        self.keys.table_bytes()
    }
}
