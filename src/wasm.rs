//! The JavaScript boundary: the only place that names `wasm_bindgen`, `js_sys` and `web_sys`.
//!
//! A step machine crosses it as a [`flow::Flow`]. JavaScript does the I/O between its steps, so nothing is borrowed
//! meanwhile. An error crosses as a small JSON object with the index of its code: the messages
//! live in the JavaScript table that is generated from [`crate::error`].

#[cfg(all(feature = "client", not(feature = "oauth")))]
mod client;
#[cfg(any(feature = "client", all(feature = "verify", not(feature = "jose"))))]
mod flow;
#[cfg(all(feature = "inspect", target_arch = "wasm32"))]
mod inspect;
#[cfg(feature = "jose")]
mod jose;
#[cfg(all(feature = "kernel", not(feature = "verify")))]
mod kernel;
#[cfg(feature = "oauth")]
mod oauth;
#[cfg(target_arch = "wasm32")]
mod runtime;
#[cfg(feature = "verify")]
mod signature;
#[cfg(feature = "verify")]
mod stack;
#[cfg(all(feature = "verify", not(feature = "jose")))]
mod verify;

#[cfg(any(feature = "client", feature = "verify"))]
use alloc::string::String;

#[cfg(any(feature = "client", feature = "verify"))]
use crate::error::Error;
#[cfg(any(feature = "client", all(feature = "verify", not(feature = "jose"))))]
use crate::http::{Answer, FetchFailure, Request};
#[cfg(any(feature = "client", feature = "verify"))]
use crate::text::json::Object;

/// The request as the platform's own type. Redirects are not followed: an endpoint that moves is not the endpoint.
#[cfg(any(feature = "client", all(feature = "verify", not(feature = "jose"))))]
fn platform_request(request: &Request) -> Option<web_sys::Request> {
    let headers = web_sys::Headers::new().ok()?;
    for (name, value) in &request.headers {
        headers.set(name, value).ok()?;
    }
    let init = web_sys::RequestInit::new();
    init.set_method(request.method);
    init.set_headers(&headers);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    if let Some(body) = &request.body {
        init.set_body(&body.into());
    }
    web_sys::Request::new_with_str_and_init(&request.url, &init).ok()
}

/// The failure that JavaScript calls `kind`: 0 network, 1 time-out, 2 too large.
#[cfg(any(feature = "client", all(feature = "verify", not(feature = "jose"))))]
const fn failure(kind: u32) -> Answer {
    Answer::Failed(match kind {
        1 => FetchFailure::Timeout,
        2 => FetchFailure::TooLarge,
        _ => FetchFailure::Network,
    })
}

/// The error as JSON: `{"code":index,"claim"?,"reason"?:index,"status"?,"error"?,"error_description"?,"retryAfter"?}`.
#[cfg(any(feature = "client", feature = "verify"))]
fn error_json(error: &Error) -> String {
    let mut json = Object::new().number("code", error.code as u64).optional_string("claim", error.claim.as_deref());
    if let Some(reason) = error.reason {
        json = json.number("reason", reason as u64);
    }
    if let Some(response) = &error.response {
        if let Some(status) = response.status {
            json = json.number("status", status.into());
        }
        json = json
            .optional_string("error", response.error.as_deref())
            .optional_string("error_description", response.error_description.as_deref());
    }
    #[cfg(feature = "oauth")]
    if let Some(seconds) = error.retry_after {
        json = json.number("retryAfter", seconds);
    }
    json.finish()
}

/// JavaScript's seconds since the epoch, without their fraction. What is no time is the end of time, at which every
/// token has expired.
#[cfg(any(feature = "client", feature = "verify"))]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in the range where the cast is exact")]
fn seconds(now: f64) -> u64 {
    if (0.0..9_007_199_254_740_992.0).contains(&now) { now as u64 } else { u64::MAX }
}
