//! The options of a verifier, as they cross from JavaScript: one JSON object.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Error, Reason};
use crate::jose::algorithm::{Algorithm, AlgorithmSet};
use crate::jose::claims::{Expectations, Hashed, ID_TOKEN, LOGOUT_JWT, Profile, is_scope_token};
use crate::jose::jws::is_extension;
use crate::text::json::{Document, Value};

/// What a verifier and a call may both expect. Another option is refused: a misspelt requirement would not be one.
const EXPECTATIONS: [&str; 12] = [
    "acrValues",
    "audience",
    "clockTolerance",
    "issuer",
    "maxAge",
    "maxTokenAge",
    "nonce",
    "requireExp",
    "requiredClaims",
    "requiredScopes",
    "subject",
    "typ",
];
/// What is the same for every token of a verifier.
const OF_VERIFIER: [&str; 3] = ["algorithms", "crit", "profile"];
/// What was issued with one token.
const OF_CALL: [&str; 2] = ["accessToken", "code"];

/// What a verifier requires of every token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The requirements on the claims.
    pub expectations: Expectations,
    /// The algorithms that may be used, if the option was set.
    pub algorithms: Option<AlgorithmSet>,
}

impl Options {
    /// Parses `{ audience, acrValues?, algorithms?, clockTolerance?, crit?, issuer?, maxAge?, maxTokenAge?, nonce?, profile?,
    /// requireExp?, requiredClaims?, requiredScopes?, subject?, typ? }`. `audience` must be there; `null` says that it is
    /// not checked.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option; [`Code::NotSupported`] about an algorithm.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let options = Document::parse_object(json).map_err(|_| Code::OptionInvalid)?;
        if options.get("audience").is_none() {
            return Err(Error::new(Code::OptionInvalid).about("audience", Reason::Missing));
        }
        let profile = optional(&options, "profile", profile)?.unwrap_or_default();
        let mut expectations = Expectations {
            profile,
            crit: optional(&options, "crit", extensions)?.unwrap_or_default(),
            require_exp: true,
            ..Expectations::default()
        };
        expectations.read(&options, &OF_VERIFIER)?;
        require_agreement(&expectations)?;
        let algorithms = options.get("algorithms").map(algorithms).transpose()?;
        let asymmetric = AlgorithmSet::asymmetric();
        let algorithms =
            if profile.symmetric { algorithms } else { Some(algorithms.map_or(asymmetric, |set| set.and(asymmetric))) };
        Ok(Self { expectations, algorithms })
    }
}

/// Refuses what no token of the profile could meet, and an ID token without a client that it is for.
fn require_agreement(expectations: &Expectations) -> Result<(), Error> {
    let Expectations { profile, typ, nonce, audience, .. } = expectations;
    let contradicts = |option| Err(Error::new(Code::OptionInvalid).about(option, Reason::Mismatch));
    if typ.as_ref().is_some_and(|typ| !profile.allows_typ(typ)) {
        return contradicts("typ");
    }
    if nonce.is_some() && *profile == &LOGOUT_JWT {
        return contradicts("nonce");
    }
    if *profile == &ID_TOKEN && audience.as_ref().is_none_or(|audience| audience.len() != 1) {
        return contradicts("audience");
    }
    Ok(())
}

impl Expectations {
    /// These expectations with those that `json`, an object of options, sets. Used for one call: whoever calls holds the
    /// token to both.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option.
    pub fn for_call(&self, json: &[u8]) -> Result<Self, Error> {
        let options = Document::parse_object(json).map_err(|_| Code::OptionInvalid)?;
        let mut call = Self {
            clock_tolerance: self.clock_tolerance,
            access_token: optional(&options, "accessToken", string)?.map(Hashed::from),
            code: optional(&options, "code", string)?.map(Hashed::from),
            ..Self::default()
        };
        call.read(&options, &OF_CALL)?;
        Ok(call)
    }

    /// Reads what `options` sets of the [`EXPECTATIONS`]. The `others` are read elsewhere.
    fn read(&mut self, options: &Document<'_>, others: &[&str]) -> Result<(), Error> {
        for (name, _) in options.root().members() {
            if !EXPECTATIONS.iter().chain(others).any(|known| *known == name) {
                return Err(Error::new(Code::OptionInvalid).about(name.into_owned(), Reason::Mismatch));
            }
        }
        self.issuer = optional(options, "issuer", strings)?;
        self.audience = match options.get("audience") {
            Some(audience) if audience.is_null() => None,
            _ => optional(options, "audience", strings)?,
        };
        self.subject = optional(options, "subject", string)?;
        self.typ = optional(options, "typ", string)?;
        self.required_claims = optional(options, "requiredClaims", strings)?.unwrap_or_default();
        self.required_scopes = optional(options, "requiredScopes", scopes)?.unwrap_or_default();
        self.clock_tolerance = optional(options, "clockTolerance", Value::as_u64)?.unwrap_or(self.clock_tolerance);
        self.max_token_age = optional(options, "maxTokenAge", Value::as_u64)?;
        self.max_age = optional(options, "maxAge", Value::as_u64)?;
        self.nonce = optional(options, "nonce", string)?;
        self.acr_values = optional(options, "acrValues", list)?;
        self.require_exp = optional(options, "requireExp", Value::as_bool)?.unwrap_or(self.require_exp);
        Ok(())
    }
}

fn invalid(option: &'static str) -> Error {
    Error::new(Code::OptionInvalid).about(option, Reason::Malformed)
}

fn optional<'d, T>(
    options: &'d Document<'_>,
    option: &'static str,
    read: impl Fn(Value<'d>) -> Option<T>,
) -> Result<Option<T>, Error> {
    options.get(option).map(|value| read(value).ok_or_else(|| invalid(option))).transpose()
}

fn string(value: Value<'_>) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(|text| text.into_owned())
}

/// A string or a list of at least one, none of them empty.
fn strings(value: Value<'_>) -> Option<Vec<String>> {
    if !value.is_array() {
        return string(value).map(|text| [text].into());
    }
    let strings: Vec<_> = value.elements().map(string).collect::<Option<_>>()?;
    (!strings.is_empty()).then_some(strings)
}

/// A list of at least one string, none of them empty.
fn list(value: Value<'_>) -> Option<Vec<String>> {
    strings(value).filter(|_| value.is_array())
}

/// A list of scope values. What holds several would never be found.
fn scopes(value: Value<'_>) -> Option<Vec<String>> {
    list(value).filter(|scopes| scopes.iter().all(|scope| is_scope_token(scope)))
}

/// A list of names that `crit` may have.
fn extensions(value: Value<'_>) -> Option<Vec<String>> {
    list(value).filter(|names| names.iter().all(|name| is_extension(name)))
}

fn profile(value: Value<'_>) -> Option<&'static Profile> {
    Profile::named(&value.as_str()?)
}

/// A list of registered names. A name that is not implemented would never match a token: that is a mistake to tell.
fn algorithms(value: Value<'_>) -> Result<AlgorithmSet, Error> {
    let names = list(value).ok_or_else(|| invalid("algorithms"))?;
    if let Some(unknown) = names.iter().find(|name| Algorithm::named(name).is_none()) {
        return Err(Error::new(Code::NotSupported).about(unknown.to_owned(), Reason::Mismatch));
    }
    Ok(AlgorithmSet::of(|row| names.iter().any(|name| name == row.name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::claims::JWT;
    use std::format;

    #[test]
    fn every_option_is_read() {
        let options = Options::parse(
            br#"{"issuer":"i","audience":["a","b"],"algorithms":["ES256"],"typ":"t","subject":"s","requiredClaims":["jti"],
                "clockTolerance":5,"maxTokenAge":60,"requireExp":false,"requiredScopes":["read","write:x"],"maxAge":7,
                "nonce":"n","acrValues":["1","2"],"crit":["urn:x"],"profile":"jwt"}"#,
        )
        .unwrap();
        assert_eq!(
            options.expectations,
            Expectations {
                issuer: Some(["i".into()].into()),
                audience: Some(["a".into(), "b".into()].into()),
                subject: Some("s".into()),
                typ: Some("t".into()),
                required_claims: ["jti".into()].into(),
                require_exp: false,
                clock_tolerance: 5,
                max_token_age: Some(60),
                required_scopes: ["read".into(), "write:x".into()].into(),
                max_age: Some(7),
                nonce: Some("n".into()),
                acr_values: Some(["1".into(), "2".into()].into()),
                crit: ["urn:x".into()].into(),
                profile: &JWT,
                access_token: None,
                code: None,
            }
        );
        assert!(options.algorithms.unwrap().select("ES256").is_ok());
        let defaults = Options::parse(br#"{"audience":null}"#).unwrap();
        assert_eq!(defaults.expectations, Expectations { require_exp: true, ..Default::default() });
        assert_eq!(defaults.algorithms, None);
    }

    #[test]
    fn options_that_would_not_be_checked_are_refused() {
        for json in [
            "{}",
            "[]",
            r#"{"audience":""}"#,
            r#"{"audience":[]}"#,
            r#"{"audience":[""]}"#,
            r#"{"audience":["a",null]}"#,
            r#"{"audience":null,"audiences":"x"}"#,
            r#"{"audience":null,"issuer":null}"#,
            r#"{"audience":null,"issuer":""}"#,
            r#"{"audience":null,"subject":1}"#,
            r#"{"audience":null,"clockTolerance":-1}"#,
            r#"{"audience":null,"clockTolerance":1.5}"#,
            r#"{"audience":null,"clockTolerance":"5"}"#,
            r#"{"audience":null,"maxTokenAge":null}"#,
            r#"{"audience":null,"requireExp":"false"}"#,
            r#"{"audience":null,"requiredClaims":[]}"#,
            r#"{"audience":null,"algorithms":[]}"#,
            r#"{"audience":null,"algorithms":"ES256"}"#,
            r#"{"audience":null,"requiredScopes":"read"}"#,
            r#"{"audience":null,"requiredScopes":[]}"#,
            r#"{"audience":null,"requiredScopes":[""]}"#,
            r#"{"audience":null,"requiredScopes":["read write"]}"#,
            r#"{"audience":null,"requiredScopes":["read","a b"]}"#,
            r#"{"audience":null,"requiredScopes":["a\"b"]}"#,
            r#"{"audience":null,"requiredScopes":["a\\b"]}"#,
            r#"{"audience":null,"requiredScopes":["\u00e9"]}"#,
            r#"{"audience":null,"maxAge":-1}"#,
            r#"{"audience":null,"maxAge":"60"}"#,
            r#"{"audience":null,"nonce":""}"#,
            r#"{"audience":null,"nonce":["n"]}"#,
            r#"{"audience":null,"acrValues":"1"}"#,
            r#"{"audience":null,"acrValues":[]}"#,
            r#"{"audience":null,"crit":[]}"#,
            r#"{"audience":null,"crit":"x"}"#,
            r#"{"audience":null,"crit":["x","b64"]}"#,
            r#"{"audience":null,"crit":["typ"]}"#,
            r#"{"audience":null,"profile":"JWT"}"#,
            r#"{"audience":null,"profile":""}"#,
            r#"{"audience":null,"profile":["jwt"]}"#,
            r#"{"audience":null,"profile":null}"#,
            r#"{"audience":null,"accessToken":"x"}"#,
            r#"{"audience":null,"code":"x"}"#,
        ] {
            assert_eq!(Options::parse(json.as_bytes()).unwrap_err().code, Code::OptionInvalid, "{json}");
        }
        for json in
            [r#"{"audience":null,"algorithms":["none"]}"#, r#"{"audience":null,"algorithms":["ES256","XS256"]}"#]
        {
            assert_eq!(Options::parse(json.as_bytes()).unwrap_err().code, Code::NotSupported, "{json}");
        }
    }

    #[test]
    fn a_refused_option_is_named_with_the_reason() {
        for (json, code, option, reason) in [
            ("{}", Code::OptionInvalid, "audience", Reason::Missing),
            (r#"{"audience":1}"#, Code::OptionInvalid, "audience", Reason::Malformed),
            (r#"{"audience":null,"audiences":"x"}"#, Code::OptionInvalid, "audiences", Reason::Mismatch),
            (r#"{"audience":null,"profile":"id_token"}"#, Code::OptionInvalid, "audience", Reason::Mismatch),
            (r#"{"audience":null,"algorithms":["XS256"]}"#, Code::NotSupported, "XS256", Reason::Mismatch),
        ] {
            let error = Options::parse(json.as_bytes()).unwrap_err();
            let found = (error.code, error.claim.as_deref(), error.reason);
            assert_eq!(found, (code, Some(option), Some(reason)), "{json}");
        }
    }

    #[test]
    fn a_call_adds_expectations_and_keeps_the_tolerance() {
        let policy = Options::parse(br#"{"audience":"a","clockTolerance":5,"nonce":"n"}"#).unwrap().expectations;
        let call = policy.for_call(br#"{"subject":"s"}"#).unwrap();
        let expected = Expectations { subject: Some("s".into()), clock_tolerance: 5, ..Default::default() };
        assert_eq!(call, expected);
        for option in [r#""algorithms":["ES256"]"#, r#""crit":["x"]"#, r#""profile":"jwt""#, r#""accessToken":"""#] {
            assert!(policy.for_call(format!("{{{option}}}").as_bytes()).is_err(), "{option}");
        }
    }

    #[test]
    fn a_call_brings_what_was_issued_with_the_token_and_debug_does_not_show_it() {
        let call = Expectations::default().for_call(br#"{"accessToken":"at-secret","code":"c-secret"}"#).unwrap();
        let hashed = |text: &str| Some(Hashed::from(String::from(text)));
        assert_eq!((&call.access_token, &call.code), (&hashed("at-secret"), &hashed("c-secret")));
        assert!(!format!("{call:?}").contains("secret"));
    }

    #[test]
    fn options_that_no_token_of_the_profile_could_meet_are_refused() {
        for (options, about) in [
            (r#""profile":"at+jwt","audience":null,"typ":"JWT""#, Some("typ")),
            (r#""profile":"at+jwt","audience":null,"typ":"application/at+jwt""#, None),
            (r#""profile":"logout+jwt","audience":null,"typ":"logout+jwt""#, None),
            (r#""profile":"logout+jwt","audience":null,"typ":"JWT""#, Some("typ")),
            (r#""profile":"logout+jwt","audience":null,"nonce":"n""#, Some("nonce")),
            (r#""profile":"id_token","audience":"c","nonce":"n","typ":"JWT""#, None),
            (r#""profile":"id_token","audience":"c","typ":"at+jwt""#, Some("typ")),
            (r#""profile":"id_token","audience":["c"]"#, None),
            (r#""profile":"id_token","audience":["c","d"]"#, Some("audience")),
            (r#""profile":"id_token","audience":null"#, Some("audience")),
            (r#""profile":"jwt","audience":null,"typ":"x""#, None),
        ] {
            let result = Options::parse(format!("{{{options}}}").as_bytes());
            let refused = result.err().map(|error| (error.code, error.claim.clone().unwrap_or_default()));
            assert_eq!(refused, about.map(|option| (Code::OptionInvalid, option.into())), "{options}");
        }
    }

    #[test]
    fn an_access_token_is_never_signed_with_a_shared_secret() {
        let select = |options: &str, alg: &str| {
            let options = Options::parse(format!(r#"{{"audience":null,{options}}}"#).as_bytes()).unwrap();
            options.algorithms.unwrap_or_else(|| AlgorithmSet::of(|_| true)).select(alg).is_ok()
        };
        assert!(!select(r#""profile":"at+jwt""#, "HS256"));
        assert!(select(r#""profile":"at+jwt""#, "ES256"));
        assert!(!select(r#""profile":"at+jwt","algorithms":["HS256","ES256"]"#, "HS256"));
        assert!(select(r#""profile":"at+jwt","algorithms":["HS256","ES256"]"#, "ES256"));
        assert!(!select(r#""profile":"at+jwt","algorithms":["HS256","ES256"]"#, "RS256"));
        assert!(select(r#""profile":"logout+jwt""#, "HS256"));
        assert!(select(r#""profile":"jwt""#, "HS256"));
        let client = Options::parse(br#"{"audience":"c","profile":"id_token"}"#).unwrap();
        assert_eq!(client.algorithms, None, "an ID token may be signed with the secret of the client");
    }
}
