//! Keys that are fetched: discovery, the JWK Set, how long it is good for, and how often it may be asked for.

use alloc::string::String;

use crate::discovery::{self, Discovery};
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Request, Step, done};
use crate::jose::jwks::{JwkSet, is_fresh};
use crate::text::url;

/// Seconds between an attempt to fetch and the next one that a token can cause. It is measured from the attempt, not
/// from success: an issuer that fails is not hammered.
pub const COOLDOWN: u64 = 30;

/// The same while there are no keys that are good: users wait for them.
const COOLDOWN_WITHOUT_KEYS: u64 = 5;

/// Where the keys are, and when they were fetched.
#[derive(Clone, Debug)]
pub struct RemoteKeys {
    issuer: Option<String>,
    jwks_uri: Option<String>,
    fetched_at: Option<u64>,
    attempted_at: Option<u64>,
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
        Self { issuer, jwks_uri, fetched_at: None, attempted_at: None }
    }

    /// Whether keys were ever fetched.
    pub const fn were_fetched(&self) -> bool {
        self.fetched_at.is_some()
    }

    /// Whether keys were fetched and are still good at `now`.
    pub fn is_fresh(&self, now: u64) -> bool {
        self.fetched_at.is_some_and(|at| is_fresh(at, now))
    }

    /// Whether a token may cause a fetch at `now`.
    pub fn may_fetch(&self, now: u64) -> bool {
        let cooldown = if self.is_fresh(now) { COOLDOWN } else { COOLDOWN_WITHOUT_KEYS };
        self.attempted_at.is_none_or(|at| now < at || now.saturating_sub(at) >= cooldown)
    }

    fn request(&self) -> Result<Request, Error> {
        let jwks_uri = self.jwks_uri.as_deref().unwrap_or_default();
        url::require_secure(jwks_uri)?;
        Ok(Request::get_json(jwks_uri))
    }

    fn accept(&mut self, now: u64, answer: Answer) -> Result<JwkSet, Error> {
        let set = discovery::ok(answer).and_then(|response| JwkSet::parse(&response.body));
        match &set {
            Ok(_) => self.fetched_at = Some(now),
            // The issuer may have moved its keys: the next attempt asks it again.
            Err(_) if self.issuer.is_some() => self.jwks_uri = None,
            Err(_) => {}
        }
        set
    }
}

/// The step machine that fetches the keys once. What was fetched before stays good when it fails.
#[derive(Clone, Debug, Default)]
pub struct Load {
    discovery: Option<Discovery>,
}

impl Load {
    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// [`Code::FetchInsecure`], [`Code::FetchFailed`], [`Code::FetchTimeout`], [`Code::FetchTooLarge`],
    /// [`Code::FetchStatus`], [`Code::MetadataInvalid`], [`Code::MetadataIssuerMismatch`], [`Code::JwksInvalid`],
    /// [`Code::OptionInvalid`].
    pub fn step(&mut self, keys: &mut RemoteKeys, now: u64, answer: Option<Answer>) -> Result<Step<JwkSet>, Error> {
        match answer {
            None => {
                keys.attempted_at = Some(now);
                self.discovery = keys.issuer.as_deref().filter(|_| keys.jwks_uri.is_none()).map(Discovery::new);
                self.discover(keys, None)
            }
            Some(answer) if self.discovery.is_some() => self.discover(keys, Some(answer)),
            Some(answer) => keys.accept(now, answer).map(Step::Done),
        }
    }

    fn discover(&mut self, keys: &mut RemoteKeys, answer: Option<Answer>) -> Result<Step<JwkSet>, Error> {
        if let Some(discovery) = &mut self.discovery {
            let response = done!(discovery.step(answer)?);
            let metadata = discovery::parse(&response.body, keys.issuer.as_deref().unwrap_or_default())?;
            let missing = || Error::new(Code::MetadataInvalid).about("jwks_uri", Reason::Missing);
            keys.jwks_uri = Some(discovery::endpoint(&metadata, "jwks_uri")?.ok_or_else(missing)?);
            self.discovery = None;
        }
        keys.request().map(Step::Fetch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{FetchFailure, Response};
    use crate::jose::jwks::MAX_AGE;

    const NOW: u64 = 1_700_000_000;

    fn answer(status: u16, body: &str) -> Option<Answer> {
        Some(Answer::Response(Response { status, body: body.as_bytes().into() }))
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
        let mut load = Load::default();
        let metadata = |path: &str| {
            answer(200, &std::format!(r#"{{"issuer":"https://a.example","jwks_uri":"https://a.example/{path}"}}"#))
        };
        assert!(url(load.step(&mut keys, NOW, None)).ends_with("openid-configuration"));
        assert_eq!(url(load.step(&mut keys, NOW, metadata("old"))), "https://a.example/old");
        assert!(matches!(load.step(&mut keys, NOW, answer(200, r#"{"keys":[]}"#)), Ok(Step::Done(_))));
        let mut load = Load::default();
        assert_eq!(url(load.step(&mut keys, NOW + 30, None)), "https://a.example/old", "discovered once");
        assert_eq!(load.step(&mut keys, NOW + 30, answer(404, "")).unwrap_err().code, Code::FetchStatus);
        assert!(keys.is_fresh(NOW + 31), "a failure takes nothing away");
        assert!(url(Load::default().step(&mut keys, NOW + 60, None)).ends_with("openid-configuration"));
    }

    #[test]
    fn keys_are_good_for_their_maximum_age() {
        let mut keys = RemoteKeys::at("https://a.example/jwks");
        let mut load = Load::default();
        assert!(!keys.is_fresh(NOW) && keys.may_fetch(NOW));
        url(load.step(&mut keys, NOW, None));
        load.step(&mut keys, NOW, answer(200, r#"{"keys":[]}"#)).unwrap();
        assert!(keys.is_fresh(NOW + MAX_AGE - 1));
        assert!(!keys.is_fresh(NOW + MAX_AGE) && !keys.is_fresh(NOW - 1));
    }

    #[test]
    fn attempts_are_spaced_whether_they_succeed_or_not() {
        let mut keys = RemoteKeys::at("https://a.example/jwks");
        let mut load = Load::default();
        url(load.step(&mut keys, NOW, None));
        assert!(!keys.may_fetch(NOW), "one is under way");
        assert_eq!(
            load.step(&mut keys, NOW, Some(Answer::Failed(FetchFailure::Network))).unwrap_err().code,
            Code::FetchFailed
        );
        assert!(!keys.may_fetch(NOW + 4) && keys.may_fetch(NOW + 5));
        url(load.step(&mut keys, NOW + 5, None));
        load.step(&mut keys, NOW + 5, answer(200, r#"{"keys":[]}"#)).unwrap();
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
            let mut load = Load::default();
            url(load.step(&mut keys, NOW, None));
            assert_eq!(load.step(&mut keys, NOW, response).unwrap_err().code, code);
        }
        assert_eq!(
            Load::default().step(&mut RemoteKeys::at("http://a.example/jwks"), NOW, None).unwrap_err().code,
            Code::FetchInsecure
        );
        let mut keys = RemoteKeys::of("https://a.example");
        let mut load = Load::default();
        url(load.step(&mut keys, NOW, None));
        let error = load.step(&mut keys, NOW, answer(200, r#"{"issuer":"https://a.example"}"#)).unwrap_err();
        assert_eq!((error.code, error.claim.as_deref()), (Code::MetadataInvalid, Some("jwks_uri")));
    }
}
