//! A step machine at the boundary: every exchange of more than one message is this class.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{error_json, failure, platform_request, seconds};
use crate::error::Error;
#[cfg(feature = "client")]
use crate::http::SignatureCheck;
use crate::http::{Answer, Headers, Request, Response, Step};
#[cfg(feature = "oauth")]
use crate::http::{SigningKey, SigningRequest};
#[cfg(feature = "client")]
use crate::text::base64url;
#[cfg(feature = "client")]
use crate::text::json::Object;

/// The step function of a machine, at a time in seconds since the epoch; its result is JSON.
pub(super) type Machine = Box<dyn FnMut(u64, Option<Answer>) -> Result<Step<String>, Error>>;

/// What a step machine wants next; mirrored in `pkg/src/internal/exchange.ts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// It has ended; `output` is the result.
    Done = 0,
    /// Send `request`, then call `respond` or `fail`.
    Fetch = 1,
    /// Verify the signature, then call `verified`.
    VerifySignature = 2,
    /// It has failed; `output` is the error.
    Failed = 3,
    /// Make the signature, then call `signed`.
    #[cfg(feature = "oauth")]
    Sign = 4,
    /// Wait, then call `waited`.
    #[cfg(feature = "oauth")]
    Wait = 5,
}

/// A step machine, and what its last step left.
#[wasm_bindgen]
pub struct Flow {
    machine: Result<Machine, Error>,
    request: Option<Request>,
    output: String,
}

impl Flow {
    /// The flow of `machine`; one that could not be made fails at its start.
    pub(super) fn new(machine: Result<Machine, Error>) -> Self {
        Self { machine, request: None, output: String::new() }
    }

    fn step(&mut self, now: f64, answer: Option<Answer>) -> u32 {
        let step = match &mut self.machine {
            Ok(machine) => machine(seconds(now), answer),
            Err(error) => Err(error.clone()),
        };
        let (next, output) = match step {
            Ok(Step::Fetch(request)) => {
                self.request = Some(request);
                (Next::Fetch, String::new())
            }
            #[cfg(feature = "client")]
            Ok(Step::VerifySignature(check)) => (Next::VerifySignature, check_json(&check)),
            // No machine of the verifier's own asks for a signature.
            #[cfg(not(feature = "client"))]
            Ok(Step::VerifySignature(_)) => (Next::VerifySignature, String::new()),
            #[cfg(feature = "oauth")]
            Ok(Step::Sign(request)) => (Next::Sign, signing_json(&request)),
            #[cfg(feature = "oauth")]
            Ok(Step::Wait(seconds)) => (Next::Wait, Object::new().number("seconds", seconds).finish()),
            Ok(Step::Done(result)) => (Next::Done, result),
            Err(error) => (Next::Failed, error_json(&error)),
        };
        self.output = output;
        next as u32
    }
}

#[wasm_bindgen]
impl Flow {
    /// Begins. As whatever goes on, it returns a [`Next`].
    pub fn start(&mut self, now: f64) -> u32 {
        self.step(now, None)
    }

    /// Goes on with a response; its `headers` are the lines of [`Headers::from_lines`].
    pub fn respond(&mut self, now: f64, status: u16, headers: &str, body: Vec<u8>) -> u32 {
        let headers = Headers::from_lines(headers);
        self.step(now, Some(Answer::Response(Response { status, headers, body })))
    }

    /// Goes on without a response.
    pub fn fail(&mut self, now: f64, kind: u32) -> u32 {
        self.step(now, Some(failure(kind)))
    }

    /// The request to send.
    pub fn request(&self) -> Option<web_sys::Request> {
        self.request.as_ref().and_then(platform_request)
    }

    /// What else the last step left, as JSON. It is there once.
    pub fn output(&mut self) -> String {
        mem::take(&mut self.output)
    }
}

#[cfg(feature = "client")]
#[wasm_bindgen]
impl Flow {
    /// Goes on with whether the signature is valid.
    pub fn verified(&mut self, now: f64, ok: bool) -> u32 {
        self.step(now, Some(Answer::Signature(ok)))
    }
}

#[cfg(feature = "oauth")]
#[wasm_bindgen]
impl Flow {
    /// Goes on with the signature.
    pub fn signed(&mut self, now: f64, signature: Vec<u8>) -> u32 {
        self.step(now, Some(Answer::Signed(signature)))
    }

    /// Goes on after the wait.
    pub fn waited(&mut self, now: f64) -> u32 {
        self.step(now, Some(Answer::Waited))
    }
}

/// The signature to verify: that of `jws`, in Compact Serialization, with the key `jwk`, in JSON itself.
#[cfg(feature = "client")]
fn check_json(SignatureCheck { alg, jwk, signing_input, signature }: &SignatureCheck) -> String {
    let signing_input = str::from_utf8(signing_input).unwrap_or_default();
    let jws = [signing_input, ".", &base64url::encode(signature)].concat();
    Object::new().string("alg", alg).string("jwk", jwk).string("jws", &jws).finish()
}

/// What to sign, and with which of the keys: the client's, or that to which tokens are bound.
#[cfg(feature = "oauth")]
fn signing_json(SigningRequest { key, signing_input }: &SigningRequest) -> String {
    let key = match key {
        SigningKey::Client => "client",
        SigningKey::Dpop => "dpop",
    };
    Object::new().string("key", key).string("signingInput", signing_input).finish()
}
