//! Proof Key for Code Exchange (RFC 7636). The only method is `S256`.

use alloc::string::String;

use super::secret::CodeVerifier;
use crate::crypto::hash::sha256;
use crate::text::base64url;

/// The name of the method (RFC 7636 §4.3).
pub(super) const CODE_CHALLENGE_METHOD: &str = "S256";

impl CodeVerifier {
    /// A verifier of 43 characters (RFC 7636 §4.1).
    pub(super) fn from_entropy(entropy: &[u8; 32]) -> Self {
        Self::new(base64url::encode(entropy))
    }
}

/// The code challenge of `code_verifier` by `S256` (RFC 7636 §4.2).
pub fn challenge(code_verifier: &CodeVerifier) -> String {
    base64url::encode(sha256(code_verifier.as_str().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_7636_appendix_b_example() {
        let code_verifier = CodeVerifier::from_entropy(&[
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ]);
        assert_eq!(code_verifier.as_str(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&code_verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
