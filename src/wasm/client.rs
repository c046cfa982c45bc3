//! The client at the boundary: options, records and results are JSON; every flow is the same class.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{Next, error_json, failure, platform_request, response, seconds};
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Request, SignatureCheck, Step};
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

/// The step function of a flow whose result is JSON.
type Machine = Box<dyn FnMut(&mut oauth::Client, u64, Option<Answer>) -> Result<Step<String>, Error>>;

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
                Ok(map(flow.step(client, now, answer)?, |request| request.to_json()))
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
                Ok(map(grant.step(client, now, answer)?, |granted| granted.to_json()))
            }))
        })
    }

    /// Refreshes `tokens`, in JSON; `options`, in JSON, may name another resource.
    pub fn refresh(&self, tokens: &str, options: Option<String>) -> Flow {
        self.flow(&|client| {
            let parameters = options.as_deref().map(RefreshParameters::from_json).transpose()?.unwrap_or_default();
            let mut grant = Grant::refresh_token(client, Tokens::from_json(tokens)?, parameters)?;
            Ok(Box::new(move |client, now, answer| {
                Ok(map(grant.step(client, now, answer)?, |granted| granted.tokens.to_json()))
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
                Ok(map(flow.step(client, answer)?, |url| Object::new().optional_string("url", url.as_deref()).finish()))
            }))
        })
    }

    fn flow(&self, machine: &dyn Fn(&oauth::Client) -> Result<Machine, Error>) -> Flow {
        let core = self.core.clone().and_then(|core| {
            let machine = machine(&core.borrow())?;
            Ok((core, machine))
        });
        Flow { core, output: Output::default() }
    }
}

/// A flow of a client.
#[wasm_bindgen]
pub struct Flow {
    core: Result<(Shared, Machine), Error>,
    output: Output,
}

#[derive(Default)]
struct Output {
    request: Option<Request>,
    check: Option<SignatureCheck>,
    result: String,
    error: String,
}

#[wasm_bindgen]
impl Flow {
    /// Begins.
    pub fn start(&mut self, now: f64) -> Next {
        self.step(now, None)
    }

    /// Goes on with a response.
    pub fn respond(&mut self, now: f64, status: u16, headers: &str, body: Vec<u8>) -> Next {
        self.step(now, Some(response(status, headers, body)))
    }

    /// Goes on without a response.
    pub fn fail(&mut self, now: f64, kind: u32) -> Next {
        self.step(now, Some(failure(kind)))
    }

    /// Goes on with whether the signature is valid.
    pub fn verified(&mut self, now: f64, ok: bool) -> Next {
        self.step(now, Some(Answer::Signature(ok)))
    }

    /// The request to send.
    pub fn request(&self) -> Option<web_sys::Request> {
        self.output.request.as_ref().and_then(platform_request)
    }

    /// The failure as JSON.
    pub fn error(&self) -> String {
        self.output.error.clone()
    }

    /// The result as JSON.
    pub fn result(&self) -> String {
        self.output.result.clone()
    }

    /// The registered `alg` of the signature to verify.
    pub fn alg(&self) -> String {
        self.check(|check| check.alg.to_string())
    }

    /// The public key to verify with, a JWK.
    pub fn jwk(&self) -> String {
        self.check(|check| check.jwk.clone())
    }

    /// What was signed.
    #[wasm_bindgen(js_name = signingInput)]
    pub fn signing_input(&self) -> Vec<u8> {
        self.check(|check| check.signing_input.clone())
    }

    /// The signature to verify.
    pub fn signature(&self) -> Vec<u8> {
        self.check(|check| check.signature.clone())
    }

    fn check<T: Default>(&self, part: impl FnOnce(&SignatureCheck) -> T) -> T {
        self.output.check.as_ref().map(part).unwrap_or_default()
    }

    fn step(&mut self, now: f64, answer: Option<Answer>) -> Next {
        match self.advance(seconds(now), answer) {
            Ok(Step::Fetch(request)) => {
                self.output.request = Some(request);
                Next::Fetch
            }
            Ok(Step::VerifySignature(check)) => {
                self.output.check = Some(check);
                Next::VerifySignature
            }
            Ok(Step::Done(result)) => {
                self.output.result = result;
                Next::Done
            }
            Err(error) => {
                self.output.error = error_json(&error);
                Next::Failed
            }
        }
    }

    fn advance(&mut self, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        let (client, machine) = self.core.as_mut().map_err(|error| error.clone())?;
        machine(&mut client.borrow_mut(), now, answer)
    }
}

fn map<T>(step: Step<T>, to_json: impl FnOnce(T) -> String) -> Step<String> {
    match step {
        Step::Done(result) => Step::Done(to_json(result)),
        Step::Fetch(request) => Step::Fetch(request),
        Step::VerifySignature(check) => Step::VerifySignature(check),
    }
}
