//! Keys that are fetched: discovery, the JWK Set, how long it is good for, and how often it may be asked for.
//!
//! Measured from when the server last vouched for the keys, they are *fresh* for as long as it says; then *stale*: they are
//! used while a refresh runs beside; and *too old* after the maximum age: a fetch comes first, and they are used only if it
//! fails in a way that says nothing about them (RFC 5861 §3 and §4).

mod freshness;
mod stored;
mod unknown;

pub use freshness::Limits;

use alloc::string::String;

use crate::discovery::{self, Discovery};
use crate::error::{Code, Error, Failure, Reason};
use crate::http::{Answer, Request, Response, Step, done};
use crate::jose::jwks::JwkSet;
use crate::text::url;
use unknown::UnknownKids;

/// Seconds between an attempt to fetch and the next one that a token can cause. It is measured from the attempt, not
/// from success: an issuer that fails is not hammered.
pub const COOLDOWN: u64 = 30;

/// The same while there are no keys that are good: users wait for them.
const COOLDOWN_WITHOUT_KEYS: u64 = 5;

/// Seconds after which an issuer is asked again where its keys are: a host that it left may belong to others by then.
const METADATA_MAX_AGE: u64 = 86_400;

/// The longest entity tag that is kept, in bytes.
const MAX_ETAG: usize = 256;

/// Whether the keys should be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// They are fresh, or the last attempt was just now.
    No,
    /// They are good for now: beside the work at hand.
    Soon,
    /// There are none that are good: before any token is verified.
    Now,
}

/// Where the keys are, and when they were fetched.
#[derive(Clone, Debug)]
pub struct RemoteKeys {
    issuer: Option<String>,
    jwks_uri: Option<String>,
    discovered_at: u64,
    limits: Limits,
    validated: Option<Validated>,
    attempted_at: Option<u64>,
    /// Whether the last attempt failed in a way that says nothing about the keys.
    is_failing: bool,
    unknown: UnknownKids,
}

/// That the server vouched for the keys.
#[derive(Clone, Debug)]
struct Validated {
    at: u64,
    fresh_for: u64,
    /// The entity tag of the set at `jwks_uri` (RFC 9110 §8.8.3).
    etag: Option<String>,
    jwks_uri: String,
}

impl RemoteKeys {
    /// The keys at `jwks_uri`.
    pub fn at(jwks_uri: impl Into<String>, limits: Limits) -> Self {
        Self::new(None, Some(jwks_uri.into()), limits)
    }

    /// The keys that the metadata of `issuer` points to.
    pub fn of(issuer: impl Into<String>, limits: Limits) -> Self {
        Self::new(Some(issuer.into()), None, limits)
    }

    fn new(issuer: Option<String>, jwks_uri: Option<String>, limits: Limits) -> Self {
        Self {
            issuer,
            jwks_uri,
            discovered_at: 0,
            limits,
            validated: None,
            attempted_at: None,
            is_failing: false,
            unknown: UnknownKids::default(),
        }
    }

    /// Whether keys were ever fetched.
    pub const fn were_fetched(&self) -> bool {
        self.validated.is_some()
    }

    /// For how long the keys may be used.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether the keys may be used at `now`.
    pub fn are_good(&self, now: u64) -> bool {
        let limit = if self.is_failing { self.limits.keep() } else { self.limits.max_age };
        self.age(now).is_some_and(|age| age < limit)
    }

    /// Whether the keys should be fetched at `now`, whatever the token.
    pub fn due(&self, now: u64) -> Due {
        match (self.age(now), &self.validated) {
            (Some(age), Some(validated)) if age < validated.fresh_for => Due::No,
            _ if !self.may_fetch(now) => Due::No,
            (Some(age), _) if age < self.limits.max_age => Due::Soon,
            _ => Due::Now,
        }
    }

    /// Whether a token may cause a fetch at `now`.
    pub fn may_fetch(&self, now: u64) -> bool {
        let cooldown = if self.are_good(now) { COOLDOWN } else { COOLDOWN_WITHOUT_KEYS };
        self.attempted_at.is_none_or(|at| now < at || now.saturating_sub(at) >= cooldown)
    }

    /// Whether a token may cause a fetch at `now` whose `kid` no key has. One that was looked for in vain does so rarely.
    pub fn may_look_for(&mut self, kid: &str, now: u64) -> bool {
        let may = self.may_fetch(now) && !self.unknown.is_absent(kid, self.age(now));
        if may {
            self.unknown.look_for(kid);
        }
        may
    }

    /// To be called when the keys have become others.
    pub fn keys_changed(&mut self) {
        self.unknown.clear();
    }

    /// Seconds since the server vouched for the keys. A clock that went back does not make them last longer.
    fn age(&self, now: u64) -> Option<u64> {
        now.checked_sub(self.validated.as_ref()?.at)
    }

    fn validate(&mut self, validated: Validated) {
        self.validated = Some(validated);
        self.unknown.count_set();
    }

    /// The entity tag of the set at hand, where it came from the URL that is asked next.
    fn etag(&self) -> Option<&str> {
        let validated = self.validated.as_ref()?;
        validated.etag.as_deref().filter(|_| self.jwks_uri.as_ref() == Some(&validated.jwks_uri))
    }

    /// The new set; none when the server says that the one at hand, of `condition`, is the current one (RFC 9110 §15.4.5).
    fn accept(&mut self, now: u64, condition: Option<&str>, answer: Answer) -> Result<Option<JwkSet>, Error> {
        let was_asked = condition.is_some() && condition == self.etag();
        let (set, response) = match answer {
            Answer::Response(response) if response.status == 304 && was_asked => (None, response),
            answer => {
                let response = discovery::ok(answer)?;
                (Some(JwkSet::parse(&response.body)?), response)
            }
        };
        let Response { headers, .. } = response;
        let old = self.validated.take().filter(|_| set.is_none());
        // RFC 9111 §4.3.4: what a 304 does not say stays as it was.
        let says_nothing = headers.cache_control.is_none();
        self.validate(Validated {
            at: now,
            fresh_for: match &old {
                Some(old) if says_nothing => old.fresh_for,
                _ => self.limits.fresh_for(&headers),
            },
            etag: headers.etag.as_deref().and_then(etag).or_else(|| old.and_then(|old| old.etag)),
            jwks_uri: self.jwks_uri.clone().unwrap_or_default(),
        });
        self.is_failing = false;
        Ok(set)
    }

    fn fail(&mut self, failure: &Failure) {
        self.is_failing = says_nothing_of_keys(failure);
        if let Some(validated) = &mut self.validated {
            // It may be the condition that fails: a browser asks other origins whether it may send one.
            validated.etag = None;
        }
        if self.issuer.is_some() {
            // The issuer may have moved its keys: the next attempt asks it again.
            self.jwks_uri = None;
        }
    }
}

/// Whether the server is out of order. A redirect or a 4xx is an answer: the keys are not there any more.
fn says_nothing_of_keys(failure: &Failure) -> bool {
    match failure.code {
        Code::FetchStatus => {
            let status = failure.response.as_ref().and_then(|response| response.status).unwrap_or_default();
            status == 429 || status >= 500
        }
        Code::FetchFailed | Code::FetchTimeout | Code::FetchTooLarge | Code::JwksInvalid | Code::MetadataInvalid => {
            true
        }
        _ => false,
    }
}

/// The entity tag, if it is one that can be sent back as it is.
fn etag(text: &str) -> Option<String> {
    let tag = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = text.len() <= MAX_ETAG && tag.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    is_plain.then(|| text.into())
}

/// The step machine that fetches the keys once. What was fetched before stays good when it fails.
#[derive(Clone, Debug, Default)]
pub struct Load {
    discovery: Option<Discovery>,
    /// The entity tag that the request for the set was sent with.
    condition: Option<String>,
}

impl Load {
    /// The next step at `now`; call with `None` to begin. [`Step::Done`] holds the keys, unless those at hand are the
    /// current ones.
    ///
    /// # Errors
    /// [`Code::FetchInsecure`], [`Code::FetchFailed`], [`Code::FetchTimeout`], [`Code::FetchTooLarge`],
    /// [`Code::FetchStatus`], [`Code::MetadataInvalid`], [`Code::MetadataIssuerMismatch`], [`Code::JwksInvalid`],
    /// [`Code::OptionInvalid`].
    pub fn step(
        &mut self,
        keys: &mut RemoteKeys,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<Option<JwkSet>>, Error> {
        self.next(keys, now, answer).inspect_err(|error| keys.fail(error))
    }

    fn next(&mut self, keys: &mut RemoteKeys, now: u64, answer: Option<Answer>) -> Result<Step<Option<JwkSet>>, Error> {
        match answer {
            None => {
                keys.attempted_at = Some(now);
                let knows_uri = keys.jwks_uri.is_some() && now.saturating_sub(keys.discovered_at) < METADATA_MAX_AGE;
                self.discovery = keys.issuer.as_deref().filter(|_| !knows_uri).map(Discovery::new);
                self.discover(keys, now, None)
            }
            Some(answer) if self.discovery.is_some() => self.discover(keys, now, Some(answer)),
            Some(answer) => keys.accept(now, self.condition.as_deref(), answer).map(Step::Done),
        }
    }

    fn discover(
        &mut self,
        keys: &mut RemoteKeys,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<Option<JwkSet>>, Error> {
        if let Some(discovery) = &mut self.discovery {
            let response = done!(discovery.step(answer)?);
            let metadata = discovery::parse(&response.body, keys.issuer.as_deref().unwrap_or_default())?;
            let missing = || Error::new(Code::MetadataInvalid).about("jwks_uri", Reason::Missing);
            keys.jwks_uri = Some(discovery::endpoint(&metadata, "jwks_uri")?.ok_or_else(missing)?);
            keys.discovered_at = now;
            self.discovery = None;
        }
        self.request(keys).map(Step::Fetch)
    }

    fn request(&mut self, keys: &RemoteKeys) -> Result<Request, Error> {
        let jwks_uri = keys.jwks_uri.as_deref().unwrap_or_default();
        url::require_secure(jwks_uri)?;
        let mut request = Request::get_json(jwks_uri);
        self.condition = keys.etag().map(Into::into);
        request.headers.extend(self.condition.clone().map(|etag| ("if-none-match", etag)));
        Ok(request)
    }
}

#[cfg(test)]
mod tests;
