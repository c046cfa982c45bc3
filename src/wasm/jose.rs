//! What `tollgate/jose` stands on: base64url, strict JSON, header rules, keys that verify, claims. jose's names, shapes
//! and messages are TypeScript's business.

use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{error_json, seconds};
use crate::error::{Code, Error, Reason};
use crate::jose::claims::Expectations;
use crate::jose::jws::header::{Extensions, JoseHeader};
use crate::jose::pem;
use crate::text::base64url;
use crate::text::json::{Document, Value};

/// What `text` spells in base64url; nothing when that is not its one spelling.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    base64url::decode(text).ok()
}

/// `bytes` in base64url.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn encode_base64url(bytes: &[u8]) -> String {
    base64url::encode(bytes)
}

/// What a text is; mirrored in `pkg/src/jose/core.ts`.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Json {
    /// Not JSON that every parser reads alike.
    Malformed = 0,
    /// An object.
    Object = 1,
    /// Another value.
    Other = 2,
}

/// What `text` is.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn json(text: &[u8]) -> Json {
    match Document::parse(text) {
        Ok(document) if document.root().is_object() => Json::Object,
        Ok(_) => Json::Other,
        Err(_) => Json::Malformed,
    }
}

/// Checks both parts of a header, in JSON, against each other and the extensions that are `understood`, and returns
/// whether the payload is encoded. An error is thrown as JSON.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn validate_header(
    protected: Option<Vec<u8>>,
    unprotected: Option<Vec<u8>>,
    understood: &[u8],
) -> Result<bool, String> {
    let parse = || JoseHeader::parse(protected.as_deref(), unprotected.as_deref(), &Extensions::parse(understood)?);
    parse().map(|header| header.b64()).map_err(|error| error_json(&error))
}

/// Validates the claims, in JSON, of a token with a protected header, in JSON, whose extensions are `understood`, at `now`
/// in seconds since the epoch. Returns the failure as JSON.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn validate_claims(policy: &[u8], protected: &[u8], understood: &[u8], claims: &[u8], now: f64) -> Option<String> {
    let check = || {
        let header = JoseHeader::parse(Some(protected), None, &Extensions::parse(understood)?)?;
        let header = header.into_protected().ok_or(Code::JwsInvalid)?;
        let claims = Document::parse_object(claims).map_err(|_| Code::JwtInvalid)?;
        expectations(policy)?.validate(&header, &claims, seconds(now))
    };
    check().err().map(|error| error_json(&error))
}

/// Reads `{ issuer?: string[], audience?: string[], subject?, typ?, requiredClaims: string[], clockTolerance,
/// maxTokenAge? }`. Unlike the verifier's options, a list may be empty: jose's then match nothing.
fn expectations(json: &[u8]) -> Result<Expectations, Error> {
    let policy = Document::parse_object(json).map_err(|_| Code::OptionInvalid)?;
    let string = |value: Value<'_>| value.as_str().map(alloc::borrow::Cow::into_owned);
    let strings = |name: &'static str| {
        let list = |list: Value<'_>| list.is_array().then(|| list.elements().map(string).collect::<Option<Vec<_>>>());
        policy.get(name).map(|value| list(value).flatten().ok_or_else(|| invalid(name))).transpose()
    };
    let text = |name| policy.get(name).map(|value| string(value).ok_or_else(|| invalid(name))).transpose();
    let number = |name| policy.get(name).map(|value| value.as_u64().ok_or_else(|| invalid(name))).transpose();
    Ok(Expectations {
        issuer: strings("issuer")?,
        audience: strings("audience")?,
        subject: text("subject")?,
        typ: text("typ")?,
        required_claims: strings("requiredClaims")?.unwrap_or_default(),
        clock_tolerance: number("clockTolerance")?.unwrap_or_default(),
        max_token_age: number("maxTokenAge")?,
        ..Expectations::default()
    })
}

fn invalid(option: &'static str) -> Error {
    Error::new(Code::OptionInvalid).about(option, Reason::Malformed)
}

/// The public JWK, in JSON, of a PEM text. An error is thrown as JSON.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn jwk_of_pem(text: &str) -> Result<String, String> {
    pem::parse(text).map(|jwk| jwk.to_json()).map_err(|error| error_json(&error))
}
