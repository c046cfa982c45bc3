//! Kernels: the arithmetic of public keys, in this module or in another.
//!
//! What crosses is short, so that a kernel may be a wasm module of its own and needs no hash function:
//!
//! | key | imported as | a signature is verified over |
//! |---|---|---|
//! | RSA | exponent (8 bytes), modulus | nothing: the power comes back, and its encoding is checked by [`super::rsa`] |
//! | ECDSA | coordinates | the digest |
//! | Ed25519 | the 32 bytes of RFC 8032 §5.1.5 | SHA-512(R ‖ A ‖ M), RFC 8032 §5.1.7 step 2 |
//! | ML-DSA | FIPS 204 §7.2 | the message |

mod keys;
mod own;
#[cfg(feature = "portable")]
mod portable;
#[cfg(feature = "rare")]
mod rare;
mod rsa_numbers;

use core::cell::RefCell;
use core::fmt;

pub use keys::Keys;
pub use own::OwnKey;
#[cfg(feature = "portable")]
pub use portable::PortableKey;
#[cfg(feature = "kernel-rsa")]
pub(super) use rsa_numbers::MAX_MODULUS_BITS;
pub use rsa_numbers::RsaNumbers;

/// What arithmetic a public key needs. The numbers cross the boundary; `algorithms.ts` of the package is generated from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA of 2048 to 8192 bits.
    Rsa,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// ECDSA on P-521.
    P521,
    /// ECDSA on secp256k1.
    Secp256k1,
    /// Ed25519.
    Ed25519,
    /// ML-DSA-44.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

impl KeyKind {
    /// Every kind, each at the index that is its number.
    pub const ALL: [Self; 9] = [
        Self::Rsa,
        Self::P256,
        Self::P384,
        Self::P521,
        Self::Secp256k1,
        Self::Ed25519,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];
}

/// Computes with public keys, each of which it knows by a number.
pub trait Kernel {
    /// Whether it has the arithmetic of such keys.
    fn computes(&self, kind: KeyKind) -> bool;

    /// Takes in a key, in the form of the table above; `None` when it is not one, or not of this kernel.
    fn import(&self, kind: KeyKind, key: &[u8]) -> Option<u32>;

    /// Whether `signature` is one over `input`. A key that is not there verifies nothing.
    fn verify(&self, key: u32, input: &[u8], signature: &[u8]) -> bool;

    /// Writes `signature` to the power of the public exponent of an RSA key into `power`, which is as long as the modulus.
    /// `false` when the key is none of RSA, or the signature not of the length of the modulus or not below it.
    fn power(&self, key: u32, signature: &[u8], power: &mut [u8]) -> bool;

    /// Builds the table of a key ahead of its use, if there is room for it, and says whether the key has one then. No other
    /// key loses its table for it.
    fn build_table(&self, key: u32) -> bool;

    /// Forgets a key.
    fn release(&self, key: u32);
}

/// One for all kernels. A method of each would stay in the module, with everything that it can write.
impl fmt::Debug for dyn Kernel + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kernel")
    }
}

/// A public key with its arithmetic: what a kernel is made of.
pub trait PublicKey: Sized {
    /// Whether there is arithmetic for keys of this kind.
    fn computes(kind: KeyKind) -> bool;

    /// The key of `bytes`, in the form of the table above; `None` when they are none.
    fn import(kind: KeyKind, bytes: &[u8]) -> Option<Self>;

    /// Whether `signature` is one over `input`.
    fn verify(&self, input: &[u8], signature: &[u8]) -> bool;

    /// As [`Kernel::power`].
    fn power(&self, _signature: &[u8], _power: &mut [u8]) -> bool {
        false
    }

    /// How much memory a table takes with which the key verifies faster, in bytes; 0 where there is no such thing.
    fn table_bytes(&self) -> usize {
        0
    }

    /// Whether the table is there.
    fn has_table(&self) -> bool {
        false
    }

    /// Computes the table.
    fn build_table(&mut self) {}

    /// Forgets the table.
    fn drop_table(&mut self) {}
}

/// The halves of the form of a key on a curve: its coordinates.
#[cfg(any(feature = "kernel-p256", feature = "kernel-p384", feature = "rare", feature = "portable"))]
fn coordinates(form: &[u8]) -> (&[u8], &[u8]) {
    form.split_at_checked(form.len().div_ceil(2)).unwrap_or_default()
}

/// Copies what has the same length, and says whether it has.
#[cfg(any(feature = "kernel-rsa", feature = "portable"))]
fn copy(from: &[u8], to: &mut [u8]) -> bool {
    let fits = from.len() == to.len();
    if fits {
        to.copy_from_slice(from);
    }
    fits
}

/// How much memory the tables of a kernel take at most unless it is said, in bytes: those of 28 keys on P-256. The package
/// has it from here.
pub const DEFAULT_TABLE_BYTES: usize = 1 << 20;

/// The kernel of the arithmetic that is compiled into this module.
#[derive(Debug)]
pub struct Local<K> {
    keys: RefCell<Keys<K>>,
}

impl<K: PublicKey> Default for Local<K> {
    fn default() -> Self {
        Self { keys: RefCell::new(Keys::new(DEFAULT_TABLE_BYTES)) }
    }
}

impl<K: PublicKey> Kernel for Local<K> {
    fn computes(&self, kind: KeyKind) -> bool {
        K::computes(kind)
    }

    fn import(&self, kind: KeyKind, key: &[u8]) -> Option<u32> {
        self.keys.borrow_mut().import(kind, key)
    }

    fn verify(&self, key: u32, input: &[u8], signature: &[u8]) -> bool {
        self.keys.borrow_mut().verify(key, input, signature)
    }

    fn power(&self, key: u32, signature: &[u8], power: &mut [u8]) -> bool {
        self.keys.borrow().power(key, signature, power)
    }

    fn build_table(&self, key: u32) -> bool {
        self.keys.borrow_mut().build_table(key)
    }

    fn release(&self, key: u32) {
        self.keys.borrow_mut().release(key);
    }
}
