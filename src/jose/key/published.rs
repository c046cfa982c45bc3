//! Public keys that are no secrets.

use crate::error::{Code, Error};
use crate::jose::pem;
use crate::text::json::Document;
use crate::text::pem::BEGIN;

/// Refuses a secret whose bytes are a public key in another form: whoever can read a published key could sign tokens with
/// it (the confusion of RS256 with HS256).
///
/// # Errors
/// [`Code::JwkInvalid`].
pub fn require_unpublished(bytes: &[u8]) -> Result<(), Error> {
    let published = Document::parse_object(trim(bytes))
        .is_ok_and(|object| object.get("kty").is_some() || object.get("keys").is_some())
        || bytes.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes())
        || pem::is_public_key_der(bytes);
    if published { Err(Error::new(Code::JwkInvalid)) } else { Ok(()) }
}

fn trim(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_keys_are_no_secrets() {
        for bytes in [
            &b"-----BEGIN PUBLIC KEY-----\nMFkw"[..],
            b"\n -----BEGIN CERTIFICATE-----",
            b"\xef\xbb\xbf# key\n-----BEGIN RSA PUBLIC KEY-----",
            br#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
            b"\xef\xbb\xbf {\"keys\":[]}\n",
        ] {
            assert_eq!(require_unpublished(bytes).unwrap_err(), Code::JwkInvalid.into(), "{bytes:?}");
        }
        assert!(require_unpublished(b"a secret of at least thirty-two bytes").is_ok());
    }
}
