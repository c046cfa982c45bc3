//! The protocol functions at the boundary: a server, and every flow of its clients by name.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use core::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error_json;
use super::flow::{Flow, Machine};
use crate::discovery::{self, Discovery};
use crate::error::{Code, Error, Reason};
use crate::http::{Headers, Response, Step, done};
use crate::oauth::{self, Call, Challenge, DpopProof, Entropy, RegisteredClient, ResourceMetadata};

/// An authorization server, shared by the flows of its clients.
#[wasm_bindgen]
pub struct Server {
    core: Result<Rc<RefCell<oauth::Server>>, Error>,
}

#[wasm_bindgen]
impl Server {
    /// The server of `metadata`, in JSON. When that is not valid, `error` says so and every flow fails.
    #[wasm_bindgen(constructor)]
    pub fn new(metadata: &str) -> Self {
        Self { core: oauth::Server::from_json(metadata).map(|server| Rc::new(RefCell::new(server))) }
    }

    /// What is wrong with the metadata, as JSON.
    pub fn error(&self) -> Option<String> {
        self.core.as_ref().err().map(error_json)
    }

    /// The flow `name` of `client` with `parameters`, both in JSON, and 32 random bytes.
    pub fn flow(&self, name: &str, client: &str, parameters: &str, entropy: &[u8]) -> Flow {
        Flow::new(self.machine(name, client, parameters, entropy))
    }

    fn machine(&self, name: &str, client: &str, parameters: &str, entropy: &[u8]) -> Result<Machine, Error> {
        let core = self.core.clone()?;
        let client = Arc::new(RegisteredClient::from_json(client)?);
        let entropy = entropy_of(entropy)?;
        let mut flow = oauth::start(name, Call { server: &core.borrow(), client, parameters, entropy })?;
        Ok(Box::new(move |now, answer| flow.step(&mut core.borrow_mut(), now, answer)))
    }
}

fn entropy_of(bytes: &[u8]) -> Result<Entropy, Error> {
    let malformed = |_| Error::new(Code::OptionInvalid).about("entropy", Reason::Malformed);
    bytes.try_into().map(Entropy::new).map_err(malformed)
}

/// Finds the metadata of `issuer`; the result is the document as the server sent it.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn discover(issuer: String) -> Flow {
    let mut machine = Discovery::new(issuer.as_str());
    Flow::new(Ok(Box::new(move |_, answer| {
        let response = done!(machine.step(answer)?);
        discovery::parse(&response.body, &issuer)?;
        Ok(Step::Done(String::from_utf8(response.body).map_err(|_| Code::MetadataInvalid)?))
    })))
}

/// Finds the metadata of `resource`, at `url` if that is given; the result is the document as the resource sent it.
#[wasm_bindgen(js_name = resourceMetadata)]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn resource_metadata(resource: String, url: Option<String>) -> Flow {
    let machine = ResourceMetadata::new(resource, url);
    Flow::new(Ok(Box::new(move |_, answer| machine.step(answer))))
}

/// The DPoP proof of `client` with `parameters`, both in JSON, and 32 random bytes.
#[wasm_bindgen(js_name = dpopProof)]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn dpop_proof(client: &str, parameters: &str, entropy: &[u8]) -> Flow {
    let machine = || {
        let client = RegisteredClient::from_json(client)?;
        let mut proof = DpopProof::new(client, parameters, entropy_of(entropy)?)?;
        Ok(Box::new(move |now, answer| proof.step(now, answer)) as Machine)
    };
    Flow::new(machine())
}

/// The challenges in a value of `WWW-Authenticate`, as JSON.
///
/// # Errors
/// The failure as JSON.
#[wasm_bindgen(js_name = parseChallenges)]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn parse_challenges(header: &str) -> Result<String, String> {
    Challenge::parse(header).map(|challenges| Challenge::to_json(&challenges)).map_err(|error| error_json(&error))
}

/// The nonces of resource servers.
#[wasm_bindgen]
#[derive(Default)]
pub struct Nonces {
    core: oauth::Nonces,
}

#[wasm_bindgen]
impl Nonces {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The nonce to use with `url`.
    pub fn get(&self, url: &str) -> Option<String> {
        self.core.get(url).map(String::from)
    }

    /// Keeps the nonce in a response of `url`; its `headers` are the lines of [`Headers::from_lines`]. Returns whether a proof
    /// with that was asked for.
    pub fn learn(&mut self, url: &str, status: u16, headers: &str) -> bool {
        let headers = Headers::from_lines(headers);
        self.core.learn(url, &Response { headers, ..Response::new(status, "") })
    }
}
