//! Flows of a registered client, by name, against a script, with a clock that goes on while they wait.

use std::fmt::Debug;
use std::sync::Arc;

use tollgate::error::Error;
use tollgate::http::Step;
use tollgate::oauth::{Call, Entropy, Flow, RegisteredClient, Server, start};
use tollgate::text::form;

use super::server::{Exchange, NOW, Outcome, run};

/// A public client.
pub(crate) const PUBLIC: &str = r#"{"client_id":"app"}"#;

/// The server of the other tests, with `members` beside the usual ones of its metadata.
pub(crate) fn server(members: &str) -> Server {
    let endpoints: Vec<_> = [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "token"),
        ("jwks_uri", "jwks"),
        ("userinfo_endpoint", "userinfo"),
        ("end_session_endpoint", "logout"),
        ("introspection_endpoint", "introspect"),
        ("revocation_endpoint", "revoke"),
        ("registration_endpoint", "register"),
        ("device_authorization_endpoint", "device"),
        ("backchannel_authentication_endpoint", "ciba"),
    ]
    .iter()
    .map(|(name, path)| format!(r#","{name}":"https://as.example/{path}""#))
    .collect();
    Server::from_json(&format!(r#"{{"issuer":"https://as.example"{}{members}}}"#, endpoints.concat())).unwrap()
}

/// A server that has no endpoint.
pub(crate) fn bare() -> Server {
    Server::from_json(r#"{"issuer":"https://as.example"}"#).unwrap()
}

/// The flow `name` of `client` with `parameters`, both in JSON.
pub(crate) fn flow(server: &Server, name: &str, client: &str, parameters: &str) -> Result<Box<dyn Flow>, Error> {
    let client = Arc::new(RegisteredClient::from_json(client)?);
    start(name, Call { server, client, parameters, entropy: Entropy::new([9; 32]) })
}

/// How the flow ends at `server` against `script`.
pub(crate) fn outcome(
    server: &mut Server,
    name: &str,
    client: &str,
    parameters: &str,
    script: impl IntoIterator<Item = Exchange>,
) -> Outcome<String> {
    match flow(server, name, client, parameters) {
        Ok(mut flow) => {
            let mut now = NOW;
            run(script, |answer| {
                let step = flow.step(server, now, answer)?;
                if let Step::Wait(seconds) = step {
                    now = now.saturating_add(seconds);
                }
                Ok(step)
            })
        }
        Err(error) => {
            assert_eq!(script.into_iter().count(), 0, "{error:?} before anything was asked for");
            Outcome { result: Err(error), requests: Vec::new(), waits: Vec::new() }
        }
    }
}

/// The code of the failure, and what it is about.
pub(crate) fn failure<T: Debug>(result: Result<T, Error>) -> (&'static str, Option<String>) {
    let error = result.unwrap_err();
    (error.code.as_str(), error.claim.clone().map(String::from))
}

impl<T: Debug> Outcome<T> {
    /// The form of each request.
    pub(crate) fn forms(&self) -> Vec<Vec<(String, String)>> {
        self.requests.iter().filter_map(|request| form::parse(request.body.as_ref()?).ok()).collect()
    }

    /// The code of the failure, and what it is about.
    pub(crate) fn failure(&self) -> (&'static str, Option<&str>) {
        let error = self.result.as_ref().unwrap_err();
        (error.code.as_str(), error.claim.as_deref())
    }
}
