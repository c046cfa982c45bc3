//! Flows whose results are read as JSON, and Token Responses.

use serde_json::Value;
use tollgate::http::Answer;

use super::registered;
use super::server::{Exchange, json};
use super::signer::Signer;

/// How a flow ended, with its result parsed.
pub(crate) type Outcome = super::server::Outcome<Value>;

/// Runs the flow `name` of `client` with `parameters`, both in JSON, at a server that has every endpoint.
pub(crate) fn run(name: &str, client: &str, parameters: &str, script: impl IntoIterator<Item = Exchange>) -> Outcome {
    registered::outcome(&mut registered::server(""), name, client, parameters, script)
        .map(|json| serde_json::from_str(&json).unwrap())
}

/// A Token Response with `members` beside the least.
pub(crate) fn tokens(members: &str) -> Answer {
    json(format!(r#"{{"access_token":"at-1","token_type":"Bearer"{members}}}"#))
}

/// A Token Response with an ID token that no nonce was sent for, with these changes.
pub(crate) fn id_token(changes: &[(&str, &str)]) -> Answer {
    let id_token = Signer::ES256.id_token(&[&[("nonce", "")], changes].concat());
    tokens(&format!(r#","id_token":"{id_token}""#))
}
