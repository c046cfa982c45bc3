//! What a client calls one after the other at one server.

use tollgate::error::Error;
use tollgate::http::{Answer, Step};
use tollgate::oauth::Server;

use super::registered::{PUBLIC, flow, outcome, server};
use super::server::{Exchange, NOW, Outcome};

/// A client that has a key to sign with.
pub(crate) const WITH_KEY: &str =
    r#"{"client_id":"app","token_endpoint_auth_method":"private_key_jwt","signing_alg":"ES256","kid":"client"}"#;

/// A client and its server.
pub(crate) struct Caller {
    server: Server,
    client: &'static str,
}

impl Caller {
    /// `client` in JSON, and the server with `metadata` beside the usual members.
    pub(crate) fn new(metadata: &str, client: &'static str) -> Self {
        Self { server: server(metadata), client }
    }

    /// How the flow `name` with `parameters` ends against `script`.
    pub(crate) fn call(
        &mut self,
        name: &str,
        parameters: &str,
        script: impl IntoIterator<Item = Exchange>,
    ) -> Outcome<String> {
        outcome(&mut self.server, name, self.client, parameters, script)
    }

    /// What it makes without asking for anything, parsed.
    pub(crate) fn made(&mut self, name: &str, parameters: &str) -> serde_json::Value {
        serde_json::from_str(&self.call(name, parameters, []).result.unwrap()).unwrap()
    }
}

/// The code of an error, what it is about, and why.
pub(crate) fn refusal(error: &Error) -> (&'static str, String) {
    let about = error.claim.as_deref().unwrap_or_default();
    (error.code.as_str(), format!("{about} {}", error.reason.map_or("", |reason| reason.as_str())))
}

#[test]
fn a_flow_that_has_ended_goes_no_further() {
    let mut server = server("");
    let mut flow = flow(&server, "authorizationUrl", PUBLIC, r#"{"redirect_uri":"https://app.example/cb"}"#).unwrap();
    assert!(matches!(flow.step(&mut server, NOW, None), Ok(Step::Done(_))));
    let error = flow.step(&mut server, NOW, Some(Answer::Waited)).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_OPTION_INVALID");
}
