//! The client at the boundary: options, records and results are JSON; every flow is the same class.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error_json;
use super::flow::{Flow, Machine};
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step};
use crate::oauth::{
    self, AuthorizationParameters, Authorize, EndSession, EndSessionParameters, Grant, Options, RefreshParameters,
    Tokens, UserInfo,
};
use crate::text::json::Object;

/// A client, shared by its flows.
#[wasm_bindgen]
pub struct Client {
    core: Result<Shared, Error>,
}

type Shared = Rc<RefCell<oauth::Client>>;

/// The step function of a flow of a client, whose result is JSON.
type ClientMachine = Box<dyn FnMut(&mut oauth::Client, u64, Option<Answer>) -> Result<Step<String>, Error>>;

#[wasm_bindgen]
impl Client {
    /// A client of `options`, in JSON. When they are not valid, `error` says so and every flow fails.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Self {
        Self { core: Options::from_json(options).map(|options| Rc::new(RefCell::new(oauth::Client::new(options)))) }
    }

    /// What is wrong with the options, as JSON.
    pub fn error(&self) -> Option<String> {
        self.core.as_ref().err().map(error_json)
    }

    /// Makes an Authorization Request of `options`, in JSON, and 96 random bytes.
    pub fn authorize(&self, options: &str, entropy: &[u8]) -> Flow {
        self.flow(&|client| {
            let invalid = || Error::new(Code::OptionInvalid).about("entropy", Reason::Malformed);
            let (entropy, []) = entropy.as_chunks::<32>() else { return Err(invalid()) };
            let entropy = entropy.try_into().map_err(|_| invalid())?;
            let mut flow = Authorize::new(client, AuthorizationParameters::from_json(options)?, entropy);
            Ok(Box::new(move |client, now, answer| {
                Ok(flow.step(client, now, answer)?.map(|request| request.to_json()))
            }))
        })
    }

    /// Finishes a login with the callback's URL and the record that was kept under its `state`.
    pub fn callback(&self, url: String, transaction: Option<String>) -> Flow {
        self.flow(&|_| {
            let (url, transaction) = (url.clone(), transaction.clone());
            let mut grant = None;
            Ok(Box::new(move |client, now, answer| {
                if grant.is_none() {
                    grant = Some(Grant::authorization_code(client, &url, transaction.as_deref(), now)?);
                }
                let grant = grant.as_mut().ok_or(Code::OptionInvalid)?;
                Ok(grant.step(client, now, answer)?.map(|granted| granted.to_json()))
            }))
        })
    }

    /// Refreshes `tokens`, in JSON; `options`, in JSON, may name another resource.
    pub fn refresh(&self, tokens: &str, options: Option<String>) -> Flow {
        self.flow(&|client| {
            let parameters = options.as_deref().map(RefreshParameters::from_json).transpose()?.unwrap_or_default();
            let mut grant = Grant::refresh_token(client, Tokens::from_json(tokens)?, parameters)?;
            Ok(Box::new(move |client, now, answer| {
                Ok(grant.step(client, now, answer)?.map(|granted| granted.tokens.to_json()))
            }))
        })
    }

    /// Asks for claims about the user with the access token of `tokens`, in JSON.
    #[wasm_bindgen(js_name = userInfo)]
    pub fn user_info(&self, tokens: &str) -> Flow {
        self.flow(&|client| {
            let mut flow = UserInfo::new(client, Tokens::from_json(tokens)?)?;
            Ok(Box::new(move |client, _, answer| flow.step(client, answer)))
        })
    }

    /// Makes a Logout Request for `tokens` and of `options`, in JSON.
    #[wasm_bindgen(js_name = endSession)]
    pub fn end_session(&self, tokens: Option<String>, options: &str) -> Flow {
        self.flow(&|client| {
            let tokens = tokens.as_deref().map(Tokens::from_json).transpose()?;
            let mut flow = EndSession::new(client, tokens, EndSessionParameters::from_json(options)?)?;
            Ok(Box::new(move |client, _, answer| {
                Ok(flow.step(client, answer)?.map(|url| Object::new().optional_string("url", url.as_deref()).finish()))
            }))
        })
    }

    fn flow(&self, machine: &dyn Fn(&oauth::Client) -> Result<ClientMachine, Error>) -> Flow {
        let machine = self.core.clone().and_then(|core| {
            let mut machine = machine(&core.borrow())?;
            let step = move |now, answer| machine(&mut core.borrow_mut(), now, answer);
            Ok(Box::new(step) as Machine)
        });
        Flow::new(machine)
    }
}
