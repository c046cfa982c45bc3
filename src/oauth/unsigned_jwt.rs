//! A JWT that the caller is asked to sign (RFC 7515 §5.1, RFC 7519 §7.1).

use alloc::string::String;

use crate::http::{SigningKey, SigningRequest};
use crate::text::base64url;
use crate::text::json::Object;

/// The JWS Signing Input of a JWT that has no signature yet.
pub(super) struct UnsignedJwt {
    signing_input: String,
    key: SigningKey,
}

impl UnsignedJwt {
    /// A JWT that `key` is to sign.
    pub(super) fn new(key: SigningKey, header: Object, claims: Object) -> Self {
        let mut signing_input = base64url::encode(header.finish());
        signing_input.push('.');
        signing_input.push_str(&base64url::encode(claims.finish()));
        Self { signing_input, key }
    }

    /// What to sign.
    pub(super) fn request(&self) -> SigningRequest {
        SigningRequest { key: self.key, signing_input: self.signing_input.clone() }
    }

    /// The JWT with its signature, in compact serialization.
    pub(super) fn sign(&self, signature: &[u8]) -> String {
        [self.signing_input.as_str(), ".", &base64url::encode(signature)].concat()
    }
}
