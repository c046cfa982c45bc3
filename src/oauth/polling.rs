//! Polling the token endpoint until the user has decided (RFC 8628 §3.4 and §3.5, CIBA §10.1 and §11).

use alloc::string::String;
use core::fmt;

use super::flows::Flow;
use super::members::Members;
use super::server::Server;
use super::token_request::{TokenRequest, TokenSet};
use crate::error::{Code, Error};
use crate::http::{Answer, Step};
use crate::text::json::Object;

/// The seconds between two requests when the server does not say (RFC 8628 §3.2, CIBA §7.3).
const DEFAULT_INTERVAL: u64 = 5;

/// The seconds that `slow_down` adds to the interval (RFC 8628 §3.5, CIBA §11).
const SLOW_DOWN: u64 = 5;

/// How long the user may take, and how often the server may be asked meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Schedule {
    /// When it is too late, in seconds since the epoch by the clock of this client.
    expires_at: u64,
    /// The seconds between two requests, at least one.
    interval: u64,
}

impl Schedule {
    /// Reads `expires_in` and `interval` of a response that arrived at `now`.
    pub(super) fn of_response(members: &mut Members<'_>, now: u64) -> Self {
        let expires_in = members.optional_lifetime("expires_in");
        let expires_in = members.required("expires_in", expires_in);
        Self { expires_at: now.saturating_add(expires_in), interval: interval(members) }
    }

    /// Reads `expires_at` and `interval` of a record.
    pub(super) fn of_record(members: &mut Members<'_>) -> Self {
        let expires_at = members.optional_number("expires_at");
        Self { expires_at: members.required("expires_at", expires_at), interval: interval(members) }
    }

    /// Adds `expires_at` and `interval` to `record`.
    pub(super) fn write(&self, record: Object) -> Object {
        record.number("expires_at", self.expires_at).number("interval", self.interval)
    }
}

/// The seconds between two requests; a server that says 0 is not asked all the time either.
fn interval(members: &mut Members<'_>) -> u64 {
    members.optional_lifetime("interval").unwrap_or(DEFAULT_INTERVAL).max(1)
}

/// The step machine of a grant that is polled for.
pub(super) struct Polling {
    request: TokenRequest,
    schedule: Schedule,
    /// How many requests in a row came to nothing.
    outages: u32,
    /// What the last of them came to.
    outage: Option<Error>,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The first wait is to come.
    Start,
    /// The next request is due.
    Due,
    Requesting,
}

impl fmt::Debug for Polling {
    /// Shows no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Polling").field("schedule", &self.schedule).finish_non_exhaustive()
    }
}

impl Polling {
    /// Sends `request` until it is decided.
    pub(super) const fn new(request: TokenRequest, schedule: Schedule) -> Self {
        Self { request, schedule, outages: 0, outage: None, phase: Phase::Start }
    }

    /// The same, without a wait before the first request: the server has said that the user has decided.
    pub(super) const fn at_once(mut self) -> Self {
        self.phase = Phase::Due;
        self
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// [`Code::GrantExpired`] when the user took too long, be it by this clock or that of the server; those of
    /// [`TokenRequest::step`], but for outages: while nothing is decided the next attempt follows.
    pub(super) fn step(
        &mut self,
        server: &mut Server,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<TokenSet>, Error> {
        match (self.phase, answer) {
            (Phase::Start, _) => self.wait(now),
            (Phase::Due, None | Some(Answer::Waited)) if now < self.schedule.expires_at => {
                self.request.restart();
                self.phase = Phase::Requesting;
                self.ask(server, now, None)
            }
            (Phase::Due, None | Some(Answer::Waited)) => Err(self.expired()),
            (Phase::Requesting, answer) => self.ask(server, now, answer),
            (Phase::Due, _) => Err(Error::new(Code::OptionInvalid)),
        }
    }

    fn ask(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<TokenSet>, Error> {
        // What fails after the tokens were issued cannot be made good by asking for them again.
        let undecided = self.request.is_undecided();
        match self.request.step(server, now, answer) {
            Err(error) if undecided => self.retry(error, now),
            result => result,
        }
    }

    /// Waits, unless `error` says that nothing else is to come.
    fn retry(&mut self, error: Error, now: u64) -> Result<Step<TokenSet>, Error> {
        let said = error.response.as_ref().and_then(|response| response.error.as_deref());
        let status = error.response.as_ref().and_then(|response| response.status);
        match (error.code, said) {
            (Code::TokenResponseError, Some("authorization_pending")) => self.answered(),
            (Code::TokenResponseError, Some("slow_down")) => {
                self.schedule.interval = self.schedule.interval.saturating_add(SLOW_DOWN);
                self.answered();
            }
            (Code::TokenResponseError, Some("expired_token")) => return Err(error.under(Code::GrantExpired)),
            (Code::FetchFailed | Code::FetchTimeout, _) => self.failed(error),
            (Code::FetchStatus, _) if matches!(status, Some(429 | 500..)) => self.failed(error),
            _ => return Err(error),
        }
        self.wait(now)
    }

    fn answered(&mut self) {
        (self.outages, self.outage) = (0, None);
    }

    fn failed(&mut self, error: Error) {
        self.outages = self.outages.saturating_add(1);
        self.outage = Some(error);
    }

    /// Waits for the interval, twice as long after each outage in a row (RFC 8628 §3.5), but not beyond a last attempt.
    fn wait(&mut self, now: u64) -> Result<Step<TokenSet>, Error> {
        let Schedule { expires_at, interval } = self.schedule;
        let left = expires_at.saturating_sub(now);
        let backoff = interval.saturating_mul(1_u64.checked_shl(self.outages).unwrap_or(u64::MAX));
        let seconds = backoff.min(left.saturating_sub(1)).max(interval);
        if seconds >= left {
            return Err(self.expired());
        }
        self.phase = Phase::Due;
        Ok(Step::Wait(seconds))
    }

    /// That it is too late, with what the server said of its outage if there is one.
    fn expired(&mut self) -> Error {
        let outage = self.outage.take();
        outage.map_or_else(|| Error::new(Code::GrantExpired), |error| error.under(Code::GrantExpired))
    }
}

impl Flow for Polling {
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        Ok(Self::step(self, server, now, answer)?.map(|tokens| tokens.to_json()))
    }
}
