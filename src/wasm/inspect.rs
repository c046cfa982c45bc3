//! Every check of a token at the boundary, for tools. Here a result is a rich object and bytes do not matter, so it
//! crosses by serde.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::verify::{CoreVerifier, Shared};
use super::{error_json, seconds};
use crate::jose::jwk::Jwk;
use crate::verify::Verifier;
use crate::verify::inspect::{Check, Inspection, Outcome, VerifiedBy};

/// An inspection as JavaScript gets it; mirrored in `pkg/src/inspect/inspect.ts`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    protected_header: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<KeyView<'a>>,
    checks: Vec<CheckView>,
}

/// What JavaScript itself parsed, so that members and numbers are as it has them.
#[derive(Serialize)]
struct Json(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

#[derive(Serialize)]
struct KeyView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbprint: Option<String>,
}

#[derive(Serialize)]
struct CheckView {
    name: &'static str,
    rule: &'static str,
    outcome: &'static str,
    /// The error as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl<'a> View<'a> {
    fn of(inspection: &Inspection, verifier: &'a Verifier) -> Self {
        Self {
            verified: inspection.verified(),
            protected_header: parsed(inspection.header.as_deref()),
            claims: parsed(inspection.claims.as_deref()),
            key: inspection.verified_by.and_then(|verified| KeyView::of(verified, verifier)),
            checks: inspection.checks.iter().map(CheckView::of).collect(),
        }
    }
}

impl<'a> KeyView<'a> {
    fn of(VerifiedBy { algorithm, key }: VerifiedBy, verifier: &'a Verifier) -> Option<Self> {
        let jwk: &Jwk = verifier.key_set().keys.get(key)?;
        Some(Self { kid: jwk.kid.as_deref(), alg: algorithm.name, thumbprint: jwk.material.thumbprint() })
    }
}

impl CheckView {
    fn of(Check { name, rule, outcome }: &Check) -> Self {
        let error = match outcome {
            Outcome::Failed(error) => Some(error_json(error)),
            _ => None,
        };
        Self { name, rule, outcome: outcome.as_str(), error }
    }
}

fn parsed(json: Option<&str>) -> Option<Json> {
    js_sys::JSON::parse(json?).ok().map(Json)
}

#[wasm_bindgen]
impl CoreVerifier {
    /// Makes every check of `token` at `now`, in seconds since the epoch, with the expectations of one call, in JSON,
    /// besides the verifier's own. Keys that are not loaded are a check that failed; wrong expectations are thrown as JSON.
    pub fn inspect(&self, token: &str, expectations: Option<String>, now: f64) -> Result<JsValue, JsValue> {
        let now = seconds(now);
        let Shared { verifier, remote, .. } = &*self.shared.borrow();
        let call = expectations.map(|json| verifier.expectations().for_call(json.as_bytes())).transpose();
        let call = call.map_err(|error| JsValue::from_str(&error_json(&error)))?;
        let token = token.as_bytes();
        let inspection = if remote.as_ref().is_none_or(|remote| remote.are_good(now)) {
            verifier.inspect(token, call.as_ref(), now)
        } else {
            verifier.inspect_unloaded(token, call.as_ref(), now)
        };
        Ok(serde_wasm_bindgen::to_value(&View::of(&inspection, verifier))?)
    }
}
