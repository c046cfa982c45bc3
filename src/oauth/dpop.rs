//! Demonstrating Proof of Possession (RFC 9449): the proof that comes with a request, and the nonces that servers ask for.

use alloc::collections::VecDeque;
use alloc::string::String;
use core::fmt;

use super::challenge::Challenge;
use super::entropy::Entropy;
use super::members::{self, Members};
use super::unsigned_jwt::UnsignedJwt;
use crate::crypto::hash::sha256;
use crate::error::{Code, Reason};
use crate::http::{Response, SigningKey};
use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::Jwk;
use crate::text::json::{Document, Object};
use crate::text::{base64url, cut, url};

/// How many origins nonces are kept of.
const MAX_ORIGINS: usize = 32;

/// The public part of the key that tokens are bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DpopKey {
    pub(super) alg: &'static str,
    /// The JWK with nothing but its required members, as JSON.
    jwk: String,
    /// Its thumbprint (RFC 7638), which is the `dpop_jkt` of an Authorization Request (RFC 9449 §10).
    pub(super) thumbprint: String,
}

impl DpopKey {
    /// Reads the member `dpop`: `{ alg, jwk }`, if it is there. The `alg` is asymmetric and the key one of it.
    pub(super) fn read(members: &mut Members<'_>) -> Option<Self> {
        let json = members.optional_object("dpop")?;
        let key = Self::parse(&json);
        if key.is_none() {
            members.refuse("dpop", Reason::Malformed);
        }
        key
    }

    fn parse(json: &str) -> Option<Self> {
        let (alg, jwk) = members::parse(json.as_bytes(), Code::OptionInvalid, |members| {
            (members.string("alg"), members.optional_object("jwk").unwrap_or_default())
        })
        .ok()?;
        let algorithm = Algorithm::named(&alg)?;
        let jwk = Jwk::parse(jwk.as_bytes()).ok()?;
        let thumbprint = jwk.material.thumbprint().filter(|_| jwk.fits(algorithm))?;
        Some(Self { alg: algorithm.name, jwk: jwk.material.to_json(), thumbprint })
    }

    /// The proof for a request of `method` and `url` at `now` (§4.2), with the token that is shown with it, and the nonce that
    /// was asked for.
    pub(super) fn proof(
        &self,
        (method, url): (&str, &str),
        entropy: &mut Entropy,
        nonce: Option<&str>,
        access_token: Option<&str>,
        now: u64,
    ) -> UnsignedJwt {
        let header = Object::new().string("typ", "dpop+jwt").string("alg", self.alg).raw("jwk", &self.jwk);
        let ath = access_token.map(|token| base64url::encode(sha256(token.as_bytes())));
        let claims = Object::new()
            .string("jti", &entropy.text())
            .string("htm", method)
            .string("htu", cut(url, b"?#").0)
            .number("iat", now)
            .optional_string("nonce", nonce)
            .optional_string("ath", ath.as_deref());
        UnsignedJwt::new(SigningKey::Dpop, header, claims)
    }
}

/// The newest nonce of each of so many origins (§8.2).
#[derive(Default)]
pub struct Nonces {
    newest: VecDeque<(String, String)>,
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonces(..)")
    }
}

impl Nonces {
    /// The nonce to use with `url`.
    pub fn get(&self, url: &str) -> Option<&str> {
        let origin = url::origin(url)?;
        self.newest.iter().find(|(of, _)| *of == origin).map(|(_, nonce)| nonce.as_str())
    }

    /// Keeps the nonce in the response of `url`, if it has one. Returns whether a proof with that was asked for: the request
    /// may be sent once more.
    pub fn learn(&mut self, url: &str, response: &Response) -> bool {
        self.keep(url, response).is_some() && asks_for_nonce(response)
    }

    /// Keeps the nonce, if there is one of NQCHAR (§8.1, RFC 6749 appendix A.12).
    fn keep(&mut self, url: &str, response: &Response) -> Option<()> {
        let is_nonce = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        let nonce = response.headers.dpop_nonce.as_ref().filter(|nonce| nonce.bytes().all(is_nonce))?;
        let origin = url::origin(url)?;
        self.newest.retain(|(of, _)| *of != origin);
        self.newest.push_front((origin, nonce.clone()));
        self.newest.truncate(MAX_ORIGINS);
        Some(())
    }
}

/// Whether the response asks for a proof with a nonce: an authorization server in its Error Response (§8), a resource
/// server in its challenge (§9).
fn asks_for_nonce(response: &Response) -> bool {
    const ERROR: &str = "use_dpop_nonce";
    if !matches!(response.status, 400 | 401) {
        return false;
    }
    let body = Document::parse_object(&response.body).ok();
    let error = body.as_ref().and_then(|body| body.get("error")?.as_str());
    let challenges = Challenge::parse(response.headers.www_authenticate.as_deref().unwrap_or_default());
    let is_asked = |challenge: &Challenge| challenge.scheme == "dpop" && challenge.parameter("error") == Some(ERROR);
    error.as_deref() == Some(ERROR) || challenges.is_ok_and(|challenges| challenges.iter().any(is_asked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;
    use std::format;

    fn response(nonce: &str) -> Response {
        let headers = Headers { dpop_nonce: Some(nonce.into()), ..Headers::default() };
        Response { headers, ..Response::new(400, r#"{"error":"use_dpop_nonce"}"#) }
    }

    #[test]
    fn nonces_are_kept_by_origin_and_not_without_end() {
        let mut nonces = Nonces::default();
        for index in 0..100 {
            nonces.keep(&format!("https://{index}.example/token"), &response(&format!("n{index}")));
        }
        nonces.keep("https://99.example/other", &response("newer"));
        nonces.keep("https://99.example/other", &response("not a nonce"));
        assert_eq!(nonces.get("https://99.example/token?x"), Some("newer"));
        assert_eq!(nonces.get("https://98.example"), Some("n98"));
        assert_eq!((nonces.get("https://0.example"), nonces.newest.len()), (None, MAX_ORIGINS));
    }

    #[test]
    fn both_kinds_of_servers_ask_for_a_nonce() {
        let asks_for_nonce = |response: &Response| Nonces::default().learn("https://as.example/token", response);
        assert!(asks_for_nonce(&response("n")));
        let challenge = Headers {
            dpop_nonce: Some("n".into()),
            www_authenticate: Some("DPoP error=\"use_dpop_nonce\"".into()),
            ..Headers::default()
        };
        assert!(asks_for_nonce(&Response { headers: challenge, ..Response::new(401, "") }));
        for status in [200, 403, 500] {
            assert!(!asks_for_nonce(&Response { status, ..response("n") }));
        }
        assert!(!asks_for_nonce(&Response { headers: Headers::default(), ..response("n") }));
        assert!(!asks_for_nonce(&Response { body: "{}".into(), ..response("n") }));
        assert!(!asks_for_nonce(&response("not a nonce")), "there is nothing to put into a proof");
    }

    #[test]
    fn a_key_is_public_and_of_its_algorithm() {
        const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let key = |alg: &str, jwk: &str| DpopKey::parse(&format!(r#"{{"alg":"{alg}","jwk":{jwk}}}"#));
        let jwk = format!(r#"{{"x":"{X}","kty":"OKP","crv":"Ed25519","kid":"k"}}"#);
        let found = key("Ed25519", &jwk).unwrap();
        assert_eq!(found.jwk, format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{X}"}}"#));
        assert_eq!(found.thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(key("ES256", &jwk), None);
        assert_eq!(key("none", &jwk), None);
        assert_eq!(key("HS256", r#"{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM"}"#), None);
    }
}
