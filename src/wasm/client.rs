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

    /// The flow `name` of `parameters`, which goes on from a `record`: that of the login, or the tokens of the session. Both are
    /// JSON, but for the URL of a callback. A login is made with 96 random bytes.
    pub fn flow(&self, name: &str, parameters: &str, record: Option<String>, entropy: &[u8]) -> Flow {
        Flow::new(self.machine(name, parameters, record, entropy))
    }

    fn machine(&self, name: &str, parameters: &str, record: Option<String>, entropy: &[u8]) -> Result<Machine, Error> {
        let core = self.core.clone()?;
        let client = &core.borrow();
        let mut machine = match name {
            "authorize" => authorize(client, parameters, entropy),
            "callback" => Ok(callback(parameters.into(), record)),
            "refresh" => refresh(client, parameters, record),
            "userInfo" => user_info(client, record),
            "endSession" => end_session(client, parameters, record),
            _ => Err(invalid("flow")),
        }?;
        Ok(Box::new({
            let core = Rc::clone(&core);
            move |now, answer| machine(&mut core.borrow_mut(), now, answer)
        }))
    }
}

/// Makes an Authorization Request.
fn authorize(client: &oauth::Client, parameters: &str, entropy: &[u8]) -> Result<ClientMachine, Error> {
    let (entropy, []) = entropy.as_chunks::<32>() else { return Err(invalid("entropy")) };
    let entropy = entropy.try_into().map_err(|_| invalid("entropy"))?;
    let mut flow = Authorize::new(client, AuthorizationParameters::from_json(parameters)?, entropy);
    Ok(Box::new(move |client, now, answer| Ok(flow.step(client, now, answer)?.map(|request| request.to_json()))))
}

/// Finishes a login with the callback's URL and the record that was kept under its `state`.
fn callback(url: String, transaction: Option<String>) -> ClientMachine {
    let mut grant = None;
    Box::new(move |client, now, answer| {
        if grant.is_none() {
            grant = Some(Grant::authorization_code(client, &url, transaction.as_deref(), now)?);
        }
        let grant = grant.as_mut().ok_or(Code::OptionInvalid)?;
        Ok(grant.step(client, now, answer)?.map(|granted| granted.to_json()))
    })
}

/// Refreshes the tokens; `parameters` may name another resource.
fn refresh(client: &oauth::Client, parameters: &str, tokens: Option<String>) -> Result<ClientMachine, Error> {
    let tokens = required(tokens)?;
    let mut grant = Grant::refresh_token(client, tokens, RefreshParameters::from_json(parameters)?)?;
    Ok(Box::new(move |client, now, answer| {
        Ok(grant.step(client, now, answer)?.map(|granted| granted.tokens.to_json()))
    }))
}

/// Asks for claims about the user with the access token.
fn user_info(client: &oauth::Client, tokens: Option<String>) -> Result<ClientMachine, Error> {
    let mut flow = UserInfo::new(client, required(tokens)?)?;
    Ok(Box::new(move |client, _, answer| flow.step(client, answer)))
}

/// Makes a Logout Request, of a session if there is one.
fn end_session(client: &oauth::Client, parameters: &str, tokens: Option<String>) -> Result<ClientMachine, Error> {
    let tokens = tokens.as_deref().map(Tokens::from_json).transpose()?;
    let mut flow = EndSession::new(client, tokens, EndSessionParameters::from_json(parameters)?)?;
    Ok(Box::new(move |client, _, answer| {
        Ok(flow.step(client, answer)?.map(|url| Object::new().optional_string("url", url.as_deref()).finish()))
    }))
}

fn required(tokens: Option<String>) -> Result<Tokens, Error> {
    Tokens::from_json(&tokens.unwrap_or_default())
}

fn invalid(option: &'static str) -> Error {
    Error::new(Code::OptionInvalid).about(option, Reason::Malformed)
}
