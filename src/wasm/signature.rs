//! One signature at the boundary, and the way from the module of the common algorithms to that of the rare ones.

use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error_json;
use crate::error::{Code, Error, Reason};
use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::Jwk;
use crate::jose::key::Key;

#[cfg(feature = "verify")]
pub(super) use external::Rare;

/// Whether `signature` is one of `message` with the key of `jwk`. An error is thrown as JSON.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn verify_signature(jwk: &str, alg: &str, message: &[u8], signature: &[u8]) -> Result<bool, String> {
    let check = || {
        let algorithm = Algorithm::named(alg).ok_or(Code::AlgNotAllowed)?;
        let jwk = Jwk::parse(jwk.as_bytes())?;
        let key = Key::import(&jwk.material)?;
        if !jwk.fits(algorithm) || !key.suits(algorithm) {
            return Err(Error::new(Code::JwkInvalid).about("alg", Reason::Mismatch));
        }
        Ok(key.verify(algorithm, message, signature))
    };
    check().map_err(|error| error_json(&error))
}

#[cfg(feature = "verify")]
mod external {
    use core::fmt;
    use wasm_bindgen::prelude::wasm_bindgen;

    use crate::jose::algorithm::Algorithm;
    use crate::jose::key::External;

    #[wasm_bindgen]
    extern "C" {
        /// The module of the rare algorithms, as JavaScript holds it; `pkg/src/verify/rare.ts` makes it.
        pub type Rare;

        /// 1 when the signature verifies, 0 when it does not, -1 when the key cannot be used.
        #[wasm_bindgen(method)]
        fn verify(this: &Rare, jwk: &str, alg: &str, message: &[u8], signature: &[u8]) -> i32;
    }

    impl fmt::Debug for Rare {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Rare")
        }
    }

    impl External for Rare {
        fn verify(&self, jwk: &str, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> Option<bool> {
            match self.verify(jwk, algorithm.name, message, signature) {
                1 => Some(true),
                0 => Some(false),
                _ => None,
            }
        }
    }
}
