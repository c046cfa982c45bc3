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
use crate::http::{Step, done};
use crate::oauth::{self, Call, Entropy, RegisteredClient};

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
        let seed =
            entropy.try_into().map_err(|_| Error::new(Code::OptionInvalid).about("entropy", Reason::Malformed))?;
        let client = Arc::new(RegisteredClient::from_json(client)?);
        let entropy = Entropy::new(seed);
        let mut flow = oauth::start(name, Call { server: &core.borrow(), client, parameters, entropy })?;
        Ok(Box::new(move |now, answer| flow.step(&mut core.borrow_mut(), now, answer)))
    }
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
