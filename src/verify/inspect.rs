//! Every check of one token with its outcome, for tools and for people. What decides is [`Verifier::verify`]: it calls the
//! same functions in the same order, and ends at the first failure.

use alloc::string::String;
use alloc::vec::Vec;

use super::verifier::{Scratch, Verifier, decode};
use crate::error::{Code, Error};
use crate::jose::algorithm::Algorithm;
use crate::jose::claims::{self, Expectations, Token};
use crate::jose::jws::{CompactJws, ProtectedHeader};
use crate::text::json::Document;

/// Where it stands that the claims checks, which [`Expectations::checks`] names, must be made.
const RULES: [(&str, &str); 21] = [
    ("typ", "RFC 8725 §3.11"),
    ("requiredClaims", "RFC 7519 §4"),
    ("iss", "RFC 7519 §4.1.1"),
    ("sub", "RFC 7519 §4.1.2"),
    ("aud", "RFC 7519 §4.1.3"),
    ("exp", "RFC 7519 §4.1.4"),
    ("nbf", "RFC 7519 §4.1.5"),
    ("iat", "RFC 7519 §4.1.6"),
    ("maxTokenAge", "RFC 7519 §4.1.6"),
    ("scope", "RFC 8693 §4.2"),
    ("nonce", "OpenID Connect Core §3.1.3.7"),
    ("acr", "OpenID Connect Core §3.1.3.7"),
    ("auth_time", "OpenID Connect Core §3.1.3.7"),
    ("at_hash", "OpenID Connect Core §3.1.3.8"),
    ("c_hash", "OpenID Connect Core §3.3.2.11"),
    ("azp", "OpenID Connect Core §3.1.3.7"),
    ("sub length", "OpenID Connect Core §2"),
    ("types of claims", "RFC 7519 §4"),
    ("events", "OpenID Connect Back-Channel Logout §2.4"),
    ("sid", "OpenID Connect Back-Channel Logout §2.4"),
    ("nonce absent", "OpenID Connect Back-Channel Logout §2.4"),
];

/// The claims checks that look at the protected header too.
const OF_HEADER: [&str; 3] = ["typ", "at_hash", "c_hash"];

/// The claims checks that are made only where an option asks for them, whatever the token has.
const OF_OPTIONS: [&str; 12] = [
    "typ",
    "requiredClaims",
    "iss",
    "sub",
    "aud",
    "maxTokenAge",
    "scope",
    "nonce",
    "acr",
    "auth_time",
    "at_hash",
    "c_hash",
];

/// What stands in for a header or for claims that cannot be read.
const NOTHING: &[u8] = b"{}";

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What it asks for holds.
    Passed,
    /// It does not hold, and the token is refused.
    Failed(Error),
    /// What it needs is not there, because an earlier check has failed.
    NotReached,
    /// No option asks for it, and the token has nothing that it would look at.
    NotAsked,
}

impl Outcome {
    /// The outcome as JavaScript sees it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::NotReached => "not_reached",
            Self::NotAsked => "not_asked",
        }
    }
}

/// One check of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is checked: `form`, `header`, `crit`, `alg`, `encoding`, `key`, `signature`, `claims`, or the claim or header
    /// parameter.
    pub name: &'static str,
    /// Where it stands that it must be checked, such as `RFC 7519 §4.1.3`.
    pub rule: &'static str,
    /// How it ended.
    pub outcome: Outcome,
}

/// What is known of a token.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// Every check, in the order in which [`Verifier::verify`] makes them.
    pub checks: Vec<Check>,
    /// The protected header in JSON, if it is a strict JSON object. It is not to be trusted unless the token is verified.
    pub header: Option<String>,
    /// The claims in JSON, if they are a strict JSON object. They are not to be trusted unless the token is verified.
    pub claims: Option<String>,
    /// What verified the signature.
    pub verified_by: Option<VerifiedBy>,
}

/// A key, and how it was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedBy {
    /// The algorithm.
    pub algorithm: &'static Algorithm,
    /// The index of the key in the set.
    pub key: usize,
}

impl Inspection {
    /// Whether [`Verifier::verify`] accepts the token: every check has passed, or was not asked for.
    pub fn verified(&self) -> bool {
        self.checks.iter().all(|check| matches!(check.outcome, Outcome::Passed | Outcome::NotAsked))
    }

    /// The failure that [`Verifier::verify`] returns.
    pub fn first_failure(&self) -> Option<&Error> {
        self.checks.iter().find_map(|check| match &check.outcome {
            Outcome::Failed(error) => Some(error),
            _ => None,
        })
    }

    /// Adds a check, and returns what it has found. Without a result it was not reached.
    fn check<T>(&mut self, name: &'static str, rule: &'static str, result: Option<Result<T, Error>>) -> Option<T> {
        let (outcome, found) = match result {
            Some(Ok(found)) => (Outcome::Passed, Some(found)),
            Some(Err(error)) => (Outcome::Failed(error), None),
            None => (Outcome::NotReached, None),
        };
        self.checks.push(Check { name, rule, outcome });
        found
    }

    /// Adds the checks of `expectations`; of those of a call, the ones for which it asks.
    fn check_claims(
        &mut self,
        expectations: &Expectations,
        of_call: bool,
        header: Option<&ProtectedHeader<'_>>,
        claims: Option<&Document<'_>>,
        now: u64,
    ) {
        let (no_header, no_claims) = (ProtectedHeader::read(NOTHING).ok(), Document::parse_object(NOTHING).ok());
        for check in expectations.checks() {
            let run = |(header, claims)| check.run(expectations, &Token { header, claims, now });
            let header = header.or_else(|| no_header.as_ref().filter(|_| !OF_HEADER.contains(&check.name)));
            let is_asked = || {
                let without = no_header.as_ref().zip(no_claims.as_ref()).map(run);
                !OF_OPTIONS.contains(&check.name) || without != Some(Ok(claims::Outcome::NotAskedFor))
            };
            let outcome = match header.zip(claims).map(run) {
                None if is_asked() => Outcome::NotReached,
                None | Some(Ok(claims::Outcome::NotAskedFor)) => Outcome::NotAsked,
                Some(Ok(claims::Outcome::Passed | claims::Outcome::PassedWithin(_))) => Outcome::Passed,
                Some(Err(error)) => Outcome::Failed(error),
            };
            if !of_call || outcome != Outcome::NotAsked {
                let rule = RULES.iter().find_map(|(name, rule)| (*name == check.name).then_some(*rule));
                self.checks.push(Check { name: check.name, rule: rule.unwrap_or_default(), outcome });
            }
        }
    }
}

impl Verifier {
    /// Makes every check of [`Verifier::verify`], and goes on after a failure wherever the next one can still be made.
    pub fn inspect(&self, token: &[u8], call: Option<&Expectations>, now: u64) -> Inspection {
        self.inspect_with(Ok(()), token, call, now)
    }

    /// The same without keys, because they could not be loaded: `key` has failed with [`Code::JwksNotLoaded`].
    pub fn inspect_unloaded(&self, token: &[u8], call: Option<&Expectations>, now: u64) -> Inspection {
        self.inspect_with(Err(Error::new(Code::JwksNotLoaded)), token, call, now)
    }

    fn inspect_with(&self, keys: Result<(), Error>, token: &[u8], call: Option<&Expectations>, now: u64) -> Inspection {
        let mut found = Inspection::default();
        let Scratch { header, claims, signature } = &mut Scratch::default();

        let jws = found.check("form", "RFC 7515 §7.1", Some(CompactJws::parse(token)));

        let decoded = jws.map(|jws| decode(jws.header, header));
        let read = decoded.map(|decoded| decoded.and_then(|()| ProtectedHeader::read(header)));
        let parameters = read.as_ref().map(|read| match read {
            Ok(header) => header.require_parameters().map(|()| header),
            Err(error) => Err(error.clone()),
        });
        let well_formed = found.check("header", "RFC 7515 §4", parameters);
        // A parameter of a wrong type keeps nobody from looking at the others.
        let readable = read.as_ref().and_then(|read| read.as_ref().ok());
        let understood = &self.expectations().crit;
        found.check("crit", "RFC 7515 §4.1.11", readable.map(|header| header.require_extensions(understood)));
        let with_alg = well_formed.or_else(|| readable.filter(|header| !header.alg().is_empty()));
        let selected = with_alg.map(|header| self.algorithms.select(&header.alg()));
        let algorithm = found.check("alg", "RFC 8725 §3.1", selected);

        let signature_decoded = jws.map(|jws| decode(jws.signature, signature));
        let payload_decoded = jws.map(|jws| decode(jws.payload, claims));
        let has_signature = matches!(signature_decoded, Some(Ok(())));
        let has_payload = matches!(payload_decoded, Some(Ok(())));
        let encoding = signature_decoded.zip(payload_decoded).map(|(signature, payload)| signature.and(payload));
        found.check("encoding", "RFC 7515 §2", encoding);

        let verified = match (keys, jws, well_formed, algorithm) {
            (Err(error), ..) => Some(Err(error)),
            (Ok(()), Some(jws), Some(header), Some(algorithm)) => {
                let key = self.key_that_verifies(algorithm, header, &jws, signature);
                Some(key.map(|key| VerifiedBy { algorithm, key }))
            }
            _ => None,
        };
        // That a signature is wrong says that there is a key for it.
        let (key, verified) = match verified {
            Some(Err(error)) if error.code != Code::SignatureVerificationFailed => (Some(Err(error)), None),
            tried => (tried.as_ref().map(|_| Ok(())), tried.filter(|_| has_signature)),
        };
        found.check("key", "RFC 7517 §4", key);
        found.verified_by = found.check("signature", "RFC 7515 §5.2", verified);

        let parsed = has_payload.then(|| Document::parse_object(claims).map_err(|_| Error::new(Code::JwtInvalid)));
        let document = found.check("claims", "RFC 7519 §7.2", parsed);
        for (expectations, of_call) in [(Some(self.expectations()), false), (call, true)] {
            let Some(expectations) = expectations else { continue };
            found.check_claims(expectations, of_call, well_formed, document.as_ref(), now);
        }

        found.claims = document.and_then(|_| text(claims));
        found.header = readable.and_then(|_| text(header));
        found
    }
}

/// What was read as JSON is UTF-8.
fn text(json: &[u8]) -> Option<String> {
    String::from_utf8(json.into()).ok()
}
