//! A step machine at the boundary: every exchange of more than one message is this class.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{error_json, failure, platform_request, seconds};
use crate::error::Error;
#[cfg(feature = "client")]
use crate::http::SignatureCheck;
use crate::http::{Answer, Headers, Request, Response, Step};
#[cfg(feature = "oauth")]
use crate::http::{SigningKey, SigningRequest};

/// The step function of a machine, at a time in seconds since the epoch; its result is JSON.
pub(super) type Machine = Box<dyn FnMut(u64, Option<Answer>) -> Result<Step<String>, Error>>;

/// What a step machine wants next; mirrored in `pkg/src/internal/exchange.ts`.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It has ended; `result` holds what it made.
    Done = 0,
    /// Send `request`, then call `respond` or `fail`.
    Fetch = 1,
    /// Verify the signature, then call `verified`.
    VerifySignature = 2,
    /// It has failed; `error` says how.
    Failed = 3,
    /// Make the signature of `toSign`, then call `signed`.
    Sign = 4,
    /// Wait for `seconds`, then call `waited`.
    Wait = 5,
}

/// A step machine, and what its last step left.
#[wasm_bindgen]
pub struct Flow {
    machine: Result<Machine, Error>,
    request: Option<Request>,
    #[cfg(feature = "client")]
    check: Option<SignatureCheck>,
    #[cfg(feature = "oauth")]
    signing: Option<SigningRequest>,
    #[cfg(feature = "oauth")]
    seconds: u64,
    result: String,
    error: String,
}

impl Flow {
    /// The flow of `machine`; one that could not be made fails at its start.
    pub(super) fn new(machine: Result<Machine, Error>) -> Self {
        Self {
            machine,
            request: None,
            #[cfg(feature = "client")]
            check: None,
            #[cfg(feature = "oauth")]
            signing: None,
            #[cfg(feature = "oauth")]
            seconds: 0,
            result: String::new(),
            error: String::new(),
        }
    }

    fn step(&mut self, now: f64, answer: Option<Answer>) -> Next {
        let step = match &mut self.machine {
            Ok(machine) => machine(seconds(now), answer),
            Err(error) => Err(error.clone()),
        };
        match step {
            Ok(Step::Fetch(request)) => {
                self.request = Some(request);
                Next::Fetch
            }
            #[cfg(feature = "client")]
            Ok(Step::VerifySignature(check)) => {
                self.check = Some(check);
                Next::VerifySignature
            }
            // No machine of the verifier's own asks for a signature.
            #[cfg(not(feature = "client"))]
            Ok(Step::VerifySignature(_)) => Next::VerifySignature,
            #[cfg(feature = "oauth")]
            Ok(Step::Sign(request)) => {
                self.signing = Some(request);
                Next::Sign
            }
            #[cfg(feature = "oauth")]
            Ok(Step::Wait(seconds)) => {
                self.seconds = seconds;
                Next::Wait
            }
            Ok(Step::Done(result)) => {
                self.result = result;
                Next::Done
            }
            Err(error) => {
                self.error = error_json(&error);
                Next::Failed
            }
        }
    }
}

#[wasm_bindgen]
impl Flow {
    /// Begins.
    pub fn start(&mut self, now: f64) -> Next {
        self.step(now, None)
    }

    /// Goes on with a response; its `headers` are the lines of [`Headers::from_lines`].
    pub fn respond(&mut self, now: f64, status: u16, headers: &str, body: Vec<u8>) -> Next {
        let headers = Headers::from_lines(headers);
        self.step(now, Some(Answer::Response(Response { status, headers, body })))
    }

    /// Goes on without a response.
    pub fn fail(&mut self, now: f64, kind: u32) -> Next {
        self.step(now, Some(failure(kind)))
    }

    /// The request to send.
    pub fn request(&self) -> Option<web_sys::Request> {
        self.request.as_ref().and_then(platform_request)
    }

    /// The failure as JSON.
    pub fn error(&self) -> String {
        self.error.clone()
    }

    /// The result as JSON.
    pub fn result(&self) -> String {
        self.result.clone()
    }
}

#[cfg(feature = "client")]
#[wasm_bindgen]
impl Flow {
    /// Goes on with whether the signature is valid.
    pub fn verified(&mut self, now: f64, ok: bool) -> Next {
        self.step(now, Some(Answer::Signature(ok)))
    }

    /// The registered `alg` of the signature to verify.
    pub fn alg(&self) -> String {
        self.part(|check| check.alg.into())
    }

    /// The public key to verify with, a JWK.
    pub fn jwk(&self) -> String {
        self.part(|check| check.jwk.clone())
    }

    /// What was signed.
    #[wasm_bindgen(js_name = signingInput)]
    pub fn signing_input(&self) -> Vec<u8> {
        self.part(|check| check.signing_input.clone())
    }

    /// The signature to verify.
    pub fn signature(&self) -> Vec<u8> {
        self.part(|check| check.signature.clone())
    }

    fn part<T: Default>(&self, part: impl FnOnce(&SignatureCheck) -> T) -> T {
        self.check.as_ref().map(part).unwrap_or_default()
    }
}

#[cfg(feature = "oauth")]
#[wasm_bindgen]
impl Flow {
    /// What to sign: a JWS Signing Input.
    #[wasm_bindgen(js_name = toSign)]
    pub fn to_sign(&self) -> String {
        self.signing.as_ref().map(|request| request.signing_input.clone()).unwrap_or_default()
    }

    /// Whether to sign with the key that tokens are bound to; otherwise it is the client's.
    #[wasm_bindgen(js_name = signsDpop)]
    pub fn signs_dpop(&self) -> bool {
        self.signing.as_ref().is_some_and(|request| request.key == SigningKey::Dpop)
    }

    /// Goes on with the signature.
    pub fn signed(&mut self, now: f64, signature: Vec<u8>) -> Next {
        self.step(now, Some(Answer::Signed(signature)))
    }

    /// How many seconds to wait.
    #[expect(clippy::cast_precision_loss, reason = "nobody waits for longer than that is exact")]
    pub fn seconds(&self) -> f64 {
        self.seconds as f64
    }

    /// Goes on after the wait.
    pub fn waited(&mut self, now: f64) -> Next {
        self.step(now, Some(Answer::Waited))
    }
}
