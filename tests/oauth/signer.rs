//! Keys of the scripted server.

use p256::ecdsa::signature::Signer as _;
use tollgate::http::{Answer, SignatureCheck, SigningKey, SigningRequest};
use tollgate::jose::algorithm::Algorithm;
use tollgate::jose::jwk::Jwk;
use tollgate::jose::key::Key;
use tollgate::text::base64url;

use super::server;

/// A key that signs ID tokens.
#[derive(Clone, Copy)]
pub(crate) struct Signer {
    pub(crate) alg: &'static str,
    pub(crate) kid: Option<&'static str>,
    pub(crate) seed: u8,
}

impl Signer {
    pub(crate) const ES256: Self = Self { alg: "ES256", kid: Some("es"), seed: 1 };
    pub(crate) const EDDSA: Self = Self { alg: "EdDSA", kid: Some("ed"), seed: 2 };

    /// The public key.
    pub(crate) fn jwk(self) -> String {
        let kid = self.kid.map_or(String::new(), |kid| format!(r#","kid":"{kid}""#));
        match self.alg {
            "ES256" => {
                let point = self.p256().verifying_key().to_sec1_point(false);
                let coordinate = |bytes: Option<_>| base64url::encode(bytes.unwrap());
                let (x, y) = (coordinate(point.x()), coordinate(point.y()));
                format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"{kid}}}"#)
            }
            _ => {
                let x = base64url::encode(self.ed25519().verifying_key().as_bytes());
                format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"{kid}}}"#)
            }
        }
    }

    /// An ID token with the usual claims, but for `changes`: names with raw JSON, or with nothing to leave them out.
    pub(crate) fn id_token(self, changes: &[(&str, &str)]) -> String {
        self.token(&claims(changes))
    }

    /// A token of the claims `payload`.
    pub(crate) fn token(self, payload: &str) -> String {
        let kid = self.kid.map_or(String::new(), |kid| format!(r#","kid":"{kid}""#));
        self.sign(&format!(r#"{{"alg":"{}"{kid}}}"#, self.alg), payload)
    }

    /// A token of exactly this header.
    pub(crate) fn sign(self, header: &str, payload: &str) -> String {
        let input = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
        let signature = match self.alg {
            "ES256" => {
                let signature: p256::ecdsa::Signature = self.p256().sign(input.as_bytes());
                base64url::encode(signature.to_bytes())
            }
            _ => base64url::encode(self.ed25519().sign(input.as_bytes()).to_bytes()),
        };
        format!("{input}.{signature}")
    }

    fn p256(self) -> p256::ecdsa::SigningKey {
        p256::ecdsa::SigningKey::from_slice(&[self.seed; 32]).unwrap()
    }

    fn ed25519(self) -> ed25519_dalek::SigningKey {
        ed25519_dalek::SigningKey::from_bytes(&[self.seed; 32])
    }
}

/// The claims of an ID token for the login and the access token of the other tests.
pub(crate) fn claims(changes: &[(&str, &str)]) -> String {
    let (iat, exp) = (server::NOW.to_string(), (server::NOW + 300).to_string());
    let nonce = format!("\"{}\"", base64url::encode([2; 32]));
    let mut claims = vec![
        ("iss", r#""https://as.example""#),
        ("sub", r#""alice""#),
        ("aud", r#""app""#),
        ("exp", &exp),
        ("iat", &iat),
        ("nonce", &nonce),
    ];
    for (name, value) in changes {
        claims.retain(|(known, _)| known != name);
        claims.push((name, value));
    }
    let members: Vec<_> = claims
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!(r#""{name}":{value}"#))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// A JWK Set of `keys`.
pub(crate) fn jwks(keys: impl IntoIterator<Item = String>) -> Answer {
    let keys: Vec<_> = keys.into_iter().collect();
    server::json(format!(r#"{{"keys":[{}]}}"#, keys.join(",")))
}

/// The keys of the client: with the one it authenticates itself, to the other its tokens are bound.
pub(crate) const CLIENT: Signer = Signer { alg: "ES256", kid: Some("client"), seed: 3 };
pub(crate) const DPOP: Signer = Signer { alg: "ES256", kid: None, seed: 4 };

/// The signature that a flow asks for.
pub(crate) fn sign(request: &SigningRequest) -> Vec<u8> {
    let signer = match request.key {
        SigningKey::Client => CLIENT,
        SigningKey::Dpop => DPOP,
    };
    let signature: p256::ecdsa::Signature = signer.p256().sign(request.signing_input.as_bytes());
    signature.to_bytes().to_vec()
}

pub(crate) fn verify(check: &SignatureCheck) -> bool {
    let algorithm = Algorithm::named(check.alg).unwrap();
    let key = Key::import(&Jwk::parse(check.jwk.as_bytes()).unwrap().material).unwrap();
    key.verify(algorithm, &check.signing_input, &check.signature)
}
