//! Keys that are fetched: discovery, the JWK Set, how long it is good for, and how often it may be asked for.

use alloc::string::String;

use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Request, Step};
use crate::jose::discovery::{self, Discovery};
use crate::jose::jwks::JwkSet;
use crate::text::url;

/// Seconds for which fetched keys are good. A key that the issuer removes is refused after them.
pub const MAX_AGE: u64 = 600;

/// Seconds between an attempt to fetch and the next one that a token can cause. It is measured from the attempt, not
/// from success: an issuer that fails is not hammered.
pub const COOLDOWN: u64 = 30;

/// The same while there are no keys that are good: users wait for them.
const COOLDOWN_WITHOUT_KEYS: u64 = 5;

/// Where the keys are, and the state of what was fetched.
#[derive(Clone, Debug)]
pub struct RemoteKeys {
    issuer: Option<String>,
    jwks_uri: Option<String>,
    phase: Phase,
    fetched_at: Option<u64>,
    attempted_at: Option<u64>,
}

#[derive(Clone, Debug)]
enum Phase {
    Idle,
    Discovering(Discovery),
    Fetching,
}

impl RemoteKeys {
    /// The keys at `jwks_uri`.
    pub fn at(jwks_uri: impl Into<String>) -> Self {
        Self::new(None, Some(jwks_uri.into()))
    }

    /// The keys that the metadata of `issuer` points to.
    pub fn of(issuer: impl Into<String>) -> Self {
        Self::new(Some(issuer.into()), None)
    }

    const fn new(issuer: Option<String>, jwks_uri: Option<String>) -> Self {
        Self { issuer, jwks_uri, phase: Phase::Idle, fetched_at: None, attempted_at: None }
    }

    /// Whether keys were fetched and are still good at `now`. A clock that goes back does not make them last longer.
    pub fn is_fresh(&self, now: u64) -> bool {
        self.fetched_at.is_some_and(|at| now >= at && now.saturating_sub(at) < MAX_AGE)
    }

    /// Whether a token may cause a fetch at `now`.
    pub fn may_fetch(&self, now: u64) -> bool {
        let cooldown = if self.is_fresh(now) { COOLDOWN } else { COOLDOWN_WITHOUT_KEYS };
        self.attempted_at.is_none_or(|at| now < at || now.saturating_sub(at) >= cooldown)
    }

    /// Fetches the keys: call with `None` to begin. What was fetched before stays good when this fails.
    ///
    /// # Errors
    /// [`Code::FetchInsecure`], [`Code::FetchFailed`], [`Code::FetchTimeout`], [`Code::FetchTooLarge`],
    /// [`Code::FetchStatus`], [`Code::MetadataInvalid`], [`Code::MetadataIssuerMismatch`], [`Code::JwksInvalid`],
    /// [`Code::OptionInvalid`].
    pub fn step(&mut self, now: u64, answer: Option<Answer>) -> Result<Step<JwkSet>, Error> {
        let result = self.advance(now, answer);
        if !matches!(result, Ok(Step::Fetch(_))) {
            self.phase = Phase::Idle;
        }
        result
    }

    fn advance(&mut self, now: u64, answer: Option<Answer>) -> Result<Step<JwkSet>, Error> {
        let Some(answer) = answer else {
            self.attempted_at = Some(now);
            return match (&self.jwks_uri, &self.issuer) {
                (Some(_), _) => self.fetch(),
                (None, Some(issuer)) => {
                    let mut discovery = Discovery::new(issuer.clone());
                    let step = discovery.step(None);
                    self.phase = Phase::Discovering(discovery);
                    self.discovered(step)
                }
                (None, None) => Err(Error::new(Code::OptionInvalid)),
            };
        };
        match &mut self.phase {
            Phase::Discovering(discovery) => {
                let step = discovery.step(Some(answer));
                self.discovered(step)
            }
            Phase::Fetching => self.fetched(now, answer),
            Phase::Idle => Err(Error::new(Code::FetchFailed)),
        }
    }

    fn discovered(&mut self, step: Result<Step<crate::http::Response>, Error>) -> Result<Step<JwkSet>, Error> {
        match step? {
            Step::Fetch(request) => Ok(Step::Fetch(request)),
            Step::VerifySignature(check) => Ok(Step::VerifySignature(check)),
            Step::Done(response) => {
                let metadata = discovery::parse(&response.body, self.issuer.as_deref().unwrap_or_default())?;
                let missing = || Error::new(Code::MetadataInvalid).about("jwks_uri", Reason::Missing);
                self.jwks_uri = Some(discovery::endpoint(&metadata, "jwks_uri")?.ok_or_else(missing)?);
                self.fetch()
            }
        }
    }

    fn fetch(&mut self) -> Result<Step<JwkSet>, Error> {
        let jwks_uri = self.jwks_uri.as_deref().unwrap_or_default();
        url::require_secure(jwks_uri)?;
        self.phase = Phase::Fetching;
        Ok(Step::Fetch(Request::get_json(jwks_uri)))
    }

    fn fetched(&mut self, now: u64, answer: Answer) -> Result<Step<JwkSet>, Error> {
        let set = discovery::ok(answer).and_then(|response| JwkSet::parse(&response.body));
        match &set {
            Ok(_) => self.fetched_at = Some(now),
            // The issuer may have moved its keys: the next attempt asks it again.
            Err(_) if self.issuer.is_some() => self.jwks_uri = None,
            Err(_) => {}
        }
        set.map(Step::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{FetchFailure, Response};

    const NOW: u64 = 1_700_000_000;

    fn answer(status: u16, body: &str) -> Option<Answer> {
        Some(Answer::Response(Response { status, headers: [].into(), body: body.as_bytes().into() }))
    }

    fn url(step: Result<Step<JwkSet>, Error>) -> String {
        match step {
            Ok(Step::Fetch(request)) => request.url,
            other => std::panic!("{other:?}"),
        }
    }

    #[test]
    fn keys_are_found_by_discovery_and_again_after_they_moved() {
        let mut keys = RemoteKeys::of("https://a.example");
        let metadata = |path: &str| {
            answer(200, &std::format!(r#"{{"issuer":"https://a.example","jwks_uri":"https://a.example/{path}"}}"#))
        };
        assert!(url(keys.step(NOW, None)).ends_with("openid-configuration"));
        assert_eq!(url(keys.step(NOW, metadata("old"))), "https://a.example/old");
        assert!(matches!(keys.step(NOW, answer(200, r#"{"keys":[]}"#)), Ok(Step::Done(_))));
        assert_eq!(url(keys.step(NOW + 30, None)), "https://a.example/old", "discovered once");
        assert_eq!(keys.step(NOW + 30, answer(404, "")).unwrap_err().code, Code::FetchStatus);
        assert!(keys.is_fresh(NOW + 31), "a failure takes nothing away");
        assert!(url(keys.step(NOW + 60, None)).ends_with("openid-configuration"));
    }

    #[test]
    fn keys_are_good_for_their_maximum_age() {
        let mut keys = RemoteKeys::at("https://a.example/jwks");
        assert!(!keys.is_fresh(NOW) && keys.may_fetch(NOW));
        url(keys.step(NOW, None));
        keys.step(NOW, answer(200, r#"{"keys":[]}"#)).unwrap();
        assert!(keys.is_fresh(NOW + MAX_AGE - 1));
        assert!(!keys.is_fresh(NOW + MAX_AGE) && !keys.is_fresh(NOW - 1));
    }

    #[test]
    fn attempts_are_spaced_whether_they_succeed_or_not() {
        let mut keys = RemoteKeys::at("https://a.example/jwks");
        url(keys.step(NOW, None));
        assert!(!keys.may_fetch(NOW), "one is under way");
        assert_eq!(keys.step(NOW, Some(Answer::Failed(FetchFailure::Network))).unwrap_err().code, Code::FetchFailed);
        assert!(!keys.may_fetch(NOW + 4) && keys.may_fetch(NOW + 5));
        url(keys.step(NOW + 5, None));
        keys.step(NOW + 5, answer(200, r#"{"keys":[]}"#)).unwrap();
        assert!(!keys.may_fetch(NOW + 34) && keys.may_fetch(NOW + 35));
    }

    #[test]
    fn each_way_to_fail_has_its_code() {
        for (response, code) in [
            (answer(200, "{}"), Code::JwksInvalid),
            (answer(200, "<html>"), Code::JwksInvalid),
            (answer(302, ""), Code::FetchStatus),
            (answer(0, ""), Code::FetchStatus),
            (Some(Answer::Failed(FetchFailure::Timeout)), Code::FetchTimeout),
            (Some(Answer::Failed(FetchFailure::TooLarge)), Code::FetchTooLarge),
        ] {
            let mut keys = RemoteKeys::at("https://a.example/jwks");
            url(keys.step(NOW, None));
            assert_eq!(keys.step(NOW, response).unwrap_err().code, code);
        }
        assert_eq!(RemoteKeys::at("http://a.example/jwks").step(NOW, None).unwrap_err().code, Code::FetchInsecure);
        let mut keys = RemoteKeys::of("https://a.example");
        url(keys.step(NOW, None));
        let error = keys.step(NOW, answer(200, r#"{"issuer":"https://a.example"}"#)).unwrap_err();
        assert_eq!((error.code, error.claim.as_deref()), (Code::MetadataInvalid, Some("jwks_uri")));
    }
}
