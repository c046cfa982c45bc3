//! The fixtures of the JavaScript suite.

pub(crate) const OPENSSL: &str = include_str!("../js/suite/openssl-keys.mjs");
const RUST: &str = include_str!("../js/suite/rare-tokens.mjs");

/// What the first keys, tokens and certificates of [`OPENSSL`] are of.
pub(crate) const CERTIFIED: [&str; 4] = ["RS256", "ES256", "ES384", "EdDSA"];
/// The same of [`RUST`].
const RARE: [&str; 4] = ["ES256K", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];

/// An `alg`, a JWK, and a token that it verifies.
pub(crate) struct Signed {
    pub(crate) alg: &'static str,
    pub(crate) jwk: String,
    pub(crate) token: String,
}

/// The parts of `text` from `start` to `end`, with both.
pub(crate) fn all(text: &str, start: &str, end: &str) -> Vec<String> {
    let inner = text.split(start).skip(1).filter_map(|rest| rest.split_once(end));
    inner.map(|(inner, _)| format!("{start}{inner}{end}")).collect()
}

/// A key and a token of each algorithm of which there are some.
pub(crate) fn signed() -> Vec<Signed> {
    let tokens = |text, quote: &str| {
        let quoted = all(text, &format!("{quote}ey"), quote);
        quoted.into_iter().map(|token| token.replace(quote, "")).collect::<Vec<_>>()
    };
    let certified = CERTIFIED.into_iter().zip(all(OPENSSL, "{\"", "}")).zip(tokens(OPENSSL, "'"));
    let rare = RARE.into_iter().zip(all(RUST, "{\"", "}")).zip(tokens(RUST, "\""));
    certified.chain(rare).map(|((alg, jwk), token)| Signed { alg, jwk, token }).collect()
}
