//! What the tests of the endpoints beside the token endpoint share: any flow by its name, and answers with headers.

use tollgate::error::Error;
use tollgate::http::{Answer, Headers, Response};
use tollgate::oauth::{Call, Entropy, RegisteredClient, Server, start};

use super::server::{self, Exchange, NOW, Outcome};
use super::signer::{self, DPOP, Signer};

pub(crate) const INTROSPECTION: &str = "POST https://as.example/introspect";
pub(crate) const REVOCATION: &str = "POST https://as.example/revoke";

/// A public client.
pub(crate) const PUBLIC: &str = r#"{"client_id":"app"}"#;

/// A server that has every endpoint, with `members` beside them.
pub(crate) fn metadata(members: &str) -> String {
    format!(
        r#"{{"issuer":"https://as.example","jwks_uri":"https://as.example/jwks","userinfo_endpoint":"https://as.example/userinfo",
            "introspection_endpoint":"https://as.example/introspect","revocation_endpoint":"https://as.example/revoke",
            "end_session_endpoint":"https://as.example/logout"{members}}}"#
    )
}

/// Runs the flow `name` of `client` with `parameters`, both in JSON, at the server of `metadata`.
pub(crate) fn run_at(
    metadata: &str,
    client: &str,
    (name, parameters): (&str, &str),
    script: impl IntoIterator<Item = Exchange>,
) -> Outcome<String> {
    let mut server = Server::from_json(metadata).unwrap();
    let client = RegisteredClient::from_json(client).unwrap().into();
    match start(name, Call { server: &server, client, parameters, entropy: Entropy::new([7; 32]) }) {
        Ok(mut flow) => server::run(script, |answer| flow.step(&mut server, NOW, answer)),
        Err(error) => Outcome { result: Err(error), requests: Vec::new() },
    }
}

/// The same, of a public client at a server that has every endpoint.
pub(crate) fn run(name: &str, parameters: &str, script: impl IntoIterator<Item = Exchange>) -> Outcome<String> {
    run_at(&metadata(""), PUBLIC, (name, parameters), script)
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

/// The code of the failure, and what it is about.
pub(crate) fn failure<T: std::fmt::Debug>(result: Result<T, Error>) -> (&'static str, Option<String>) {
    let error = result.unwrap_err();
    (error.code.as_str(), error.claim.clone().map(String::from))
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

/// The keys of the server.
pub(crate) fn keys() -> Exchange {
    (server::JWKS, signer::jwks([Signer::ES256.jwk()]))
}

/// The value of the header `name` of a request.
pub(crate) fn header<'a>(request: &'a tollgate::http::Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}
