//! Public keys in DER and PEM: what OpenSSL wrote, and the same put together and taken apart element by element.

#![cfg(feature = "verify")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "keys/certificates.rs"]
mod certificates;
#[path = "keys/der.rs"]
mod der;
#[path = "keys/fixtures.rs"]
mod fixtures;
#[path = "keys/matrix.rs"]
mod matrix;
#[path = "keys/openssl.rs"]
mod openssl;
#[path = "keys/spki.rs"]
mod spki;

use tollgate::error::{Code, Error};
use tollgate::jose::jwk::Material;
use tollgate::jose::pem;

/// The key of some DER, or why there is none.
fn read(der: &[u8]) -> Result<Material, Code> {
    pem::parse_der(der).map(|jwk| jwk.material).map_err(|error| error.code)
}

/// Asserts that no beginning of `der` is a key, nor `der` with anything after it.
fn assert_is_whole(der: &[u8]) {
    for end in 0..der.len() {
        assert_eq!(read(der.get(..end).unwrap()), Err(Code::JwkInvalid), "the first {end} bytes of {der:?}");
    }
    for rest in [&[0][..], &[0x30, 0], der] {
        assert_eq!(read(&[der, rest].concat()), Err(Code::JwkInvalid), "{der:?} and {rest:?}");
    }
}

/// Asserts that a key is refused only where the build computes with none.
fn assert_no_kernel(error: &Error) {
    let expected = if cfg!(feature = "kernels") { None } else { Some(Code::NotSupported) };
    assert_eq!(Some(error.code), expected);
}
