//! What the tests of the endpoints beside the token endpoint share: clients, and answers with headers.

use tollgate::http::{Answer, Headers, Response};

use super::registered::{PUBLIC, outcome, server};
use super::server::{Exchange, Outcome};
use super::signer::DPOP;

pub(crate) const INTROSPECTION: &str = "POST https://as.example/introspect";
pub(crate) const REVOCATION: &str = "POST https://as.example/revoke";

/// Runs the flow `name` of a public client with `parameters` in JSON, at a server that has every endpoint.
pub(crate) fn run(name: &str, parameters: &str, script: impl IntoIterator<Item = Exchange>) -> Outcome<String> {
    outcome(&mut server(""), name, PUBLIC, parameters, script)
}

/// A client whose tokens are bound to the key [`DPOP`].
pub(crate) fn bound() -> String {
    format!(r#"{{"client_id":"app","dpop":{{"alg":"ES256","jwk":{}}}}}"#, DPOP.jwk())
}

/// A client of FAPI 2.0, which takes no signature of PKCS #1 v1.5.
pub(crate) fn fapi() -> String {
    let key = r#""token_endpoint_auth_method":"private_key_jwt","signing_alg":"ES256","profile":"fapi2""#;
    format!(r#"{{"client_id":"app",{key},"dpop":{{"alg":"ES256","jwk":{}}}}}"#, DPOP.jwk())
}

/// A response of `content_type`.
pub(crate) fn typed(content_type: &str, body: impl AsRef<str>) -> Answer {
    answer(200, body, |headers| headers.content_type = Some(content_type.into()))
}

/// A response with the headers that `change` makes of none.
pub(crate) fn answer(status: u16, body: impl AsRef<str>, change: impl FnOnce(&mut Headers)) -> Answer {
    let mut response = Response::new(status, body.as_ref());
    change(&mut response.headers);
    Answer::Response(response)
}

/// The value of the header `name` of a request.
pub(crate) fn header<'a>(request: &'a tollgate::http::Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}
