//! Any flow by its name, against a script, with a clock that goes on while it waits.

use serde_json::Value;
use tollgate::error::Error;
use tollgate::http::{Answer, Request, Step};
use tollgate::text::form;

use super::registered;
use super::server::{self, Exchange, NOW, json};
use super::signer::{self, Signer};

/// How a flow ended, and what it did on the way.
pub(crate) struct Outcome {
    pub(crate) result: Result<Value, Error>,
    pub(crate) requests: Vec<Request>,
    /// The seconds that it waited.
    pub(crate) waits: Vec<u64>,
}

impl Outcome {
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

/// Runs the flow `name` of `client` with `parameters`, both in JSON, at a server that has every endpoint.
pub(crate) fn run(name: &str, client: &str, parameters: &str, script: impl IntoIterator<Item = Exchange>) -> Outcome {
    let mut server = registered::server("");
    let mut flow = match registered::flow(&server, name, client, parameters) {
        Ok(flow) => flow,
        Err(error) => {
            assert_eq!(script.into_iter().count(), 0, "{error:?} before anything was asked for");
            return Outcome { result: Err(error), requests: Vec::new(), waits: Vec::new() };
        }
    };
    let (mut now, mut waits) = (NOW, Vec::new());
    let outcome = server::run(script, |answer| {
        let step = flow.step(&mut server, now, answer)?;
        if let Step::Wait(seconds) = step {
            waits.push(seconds);
            now = now.saturating_add(seconds);
        }
        Ok(step)
    });
    let result = outcome.result.map(|json| serde_json::from_str(&json).unwrap());
    Outcome { result, requests: outcome.requests, waits }
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

/// The keys of the server.
pub(crate) fn keys() -> Exchange {
    (server::JWKS, signer::jwks([Signer::ES256.jwk()]))
}
