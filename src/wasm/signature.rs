//! One key that verifies signatures at the boundary, and the way from this module to the kernels.

use alloc::rc::Rc;
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error_json;
use crate::crypto::kernel::{Kernel, KeyKind};
use crate::error::{Code, Error, Reason};
use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::{Jwk, Material};
#[cfg(feature = "jose")]
use crate::jose::jws::header::signing_input;
use crate::jose::key::{self, Key};

/// A key that verifies with one algorithm.
#[wasm_bindgen]
pub struct ImportedKey {
    algorithm: &'static Algorithm,
    key: Key,
}

#[wasm_bindgen]
impl ImportedKey {
    /// The public key of a JWK, in JSON, with which `kernels` compute. An error is thrown as JSON: of
    /// [`Code::NotSupported`] when they do not, or the `alg` is not known.
    pub fn public(jwk: &str, alg: &str, kernels: Kernels) -> Result<Self, String> {
        let import = || Self::new(kernels.into_kernel(), &Jwk::parse(jwk.as_bytes())?, alg);
        import().map_err(|error| error_json(&error))
    }

    /// A shared secret. An error is thrown as JSON.
    pub fn secret(bytes: &[u8], alg: &str) -> Result<Self, String> {
        let import = || {
            key::require_unpublished(bytes)?;
            Self::new(key::local_kernel(), &Material::Oct { k: bytes.into() }.into(), alg)
        };
        import().map_err(|error| error_json(&error))
    }

    fn new(kernel: Rc<dyn Kernel>, jwk: &Jwk, alg: &str) -> Result<Self, Error> {
        let algorithm = Algorithm::named(alg).ok_or(Code::NotSupported)?;
        // Before a kernel is asked, which need not be there for a key of another algorithm.
        let key = jwk.fits(algorithm).then(|| Key::import_into(&kernel, &jwk.material)).transpose()?;
        let key = key.filter(|key| key.suits(algorithm));
        let mismatch = || Error::new(Code::JwkInvalid).about("alg", Reason::Mismatch);
        Ok(Self { algorithm, key: key.ok_or_else(mismatch)? })
    }

    /// Whether `signature` is one of `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify(self.algorithm, message, signature)
    }

    /// Whether `signature` is one of the payload, as it is signed, under the encoded protected header.
    #[cfg(feature = "jose")]
    pub fn verify_jws(&self, protected: &str, payload: &[u8], signature: &[u8]) -> bool {
        self.verify(&signing_input(protected, payload), signature)
    }
}

#[wasm_bindgen]
extern "C" {
    /// The kernels, as JavaScript holds them; `pkg/src/kernel/kernels.ts` makes them. They call nothing here.
    pub type Kernels;

    #[wasm_bindgen(method)]
    fn computes(this: &Kernels, kind: u32) -> bool;

    /// -1 when the key cannot be used.
    #[wasm_bindgen(method)]
    fn import(this: &Kernels, kind: u32, key: &[u8]) -> i32;

    #[wasm_bindgen(method)]
    fn verify(this: &Kernels, key: u32, input: &[u8], signature: &[u8]) -> bool;

    #[wasm_bindgen(method)]
    fn power(this: &Kernels, key: u32, signature: &[u8], power: &mut [u8]) -> bool;

    #[wasm_bindgen(method, js_name = buildTable)]
    fn build_table(this: &Kernels, key: u32) -> bool;

    #[wasm_bindgen(method)]
    fn release(this: &Kernels, key: u32);
}

impl Kernels {
    /// The kernels as the core calls them.
    pub(super) fn into_kernel(self) -> Rc<dyn Kernel> {
        Rc::new(self)
    }
}

impl Kernel for Kernels {
    fn computes(&self, kind: KeyKind) -> bool {
        self.computes(kind as u32)
    }

    fn import(&self, kind: KeyKind, key: &[u8]) -> Option<u32> {
        self.import(kind as u32, key).try_into().ok()
    }

    fn verify(&self, key: u32, input: &[u8], signature: &[u8]) -> bool {
        self.verify(key, input, signature)
    }

    fn power(&self, key: u32, signature: &[u8], power: &mut [u8]) -> bool {
        self.power(key, signature, power)
    }

    fn build_table(&self, key: u32) -> bool {
        self.build_table(key)
    }

    fn release(&self, key: u32) {
        self.release(key);
    }
}
