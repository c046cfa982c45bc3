//! The options of a verifier, as they cross from JavaScript: one JSON object.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Error, Reason};
use crate::jose::algorithm::{Algorithm, AlgorithmSet};
use crate::jose::claims::Expectations;
use crate::text::json::{Document, Value};

/// Every option that an [`Options`] has. Another member is refused: a misspelt requirement would not be one.
const OPTIONS: [&str; 9] = [
    "algorithms",
    "audience",
    "clockTolerance",
    "issuer",
    "maxTokenAge",
    "requireExp",
    "requiredClaims",
    "subject",
    "typ",
];

/// What a verifier requires of every token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The requirements on the claims.
    pub expectations: Expectations,
    /// The algorithms that may be used, if the option was set.
    pub algorithms: Option<AlgorithmSet>,
}

impl Options {
    /// Parses `{ issuer?, audience, algorithms?, typ?, subject?, requiredClaims?, clockTolerance?, maxTokenAge?,
    /// requireExp? }`. `audience` must be there; `null` says that it is not checked.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let options = Document::parse_object(json).map_err(|_| Code::OptionInvalid)?;
        if options.get("audience").is_none() {
            return Err(Error::new(Code::OptionInvalid).about("audience", Reason::Missing));
        }
        Ok(Self {
            expectations: Expectations { require_exp: true, ..Expectations::default() }.with(&options)?,
            algorithms: options.get("algorithms").map(algorithms).transpose()?,
        })
    }
}

impl Expectations {
    /// These expectations with those that `json`, an object of options, sets. Used for one call: whoever calls holds the
    /// token to both.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option.
    pub fn for_call(&self, json: &[u8]) -> Result<Self, Error> {
        let options = Document::parse_object(json).map_err(|_| Code::OptionInvalid)?;
        if options.get("algorithms").is_some() {
            return Err(invalid("algorithms"));
        }
        Self { clock_tolerance: self.clock_tolerance, ..Self::default() }.with(&options)
    }

    fn with(mut self, options: &Document<'_>) -> Result<Self, Error> {
        for (name, _) in options.root().members() {
            if !OPTIONS.contains(&name.as_ref()) {
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
        self.clock_tolerance = optional(options, "clockTolerance", Value::as_u64)?.unwrap_or(self.clock_tolerance);
        self.max_token_age = optional(options, "maxTokenAge", Value::as_u64)?;
        self.require_exp = optional(options, "requireExp", Value::as_bool)?.unwrap_or(self.require_exp);
        Ok(self)
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

/// A list of registered names. A name that is not implemented would never match a token: that is a mistake to tell.
fn algorithms(value: Value<'_>) -> Result<AlgorithmSet, Error> {
    let names = strings(value).filter(|_| value.is_array()).ok_or_else(|| invalid("algorithms"))?;
    if let Some(unknown) = names.iter().find(|name| Algorithm::named(name).is_none()) {
        return Err(Error::new(Code::NotSupported).about(unknown.to_owned(), Reason::Mismatch));
    }
    Ok(AlgorithmSet::of(|row| names.iter().any(|name| name == row.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_read() {
        let options = Options::parse(
            br#"{"issuer":"i","audience":["a","b"],"algorithms":["ES256"],"typ":"t","subject":"s","requiredClaims":["jti"],
                "clockTolerance":5,"maxTokenAge":60,"requireExp":false}"#,
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
    fn a_call_adds_expectations_and_keeps_the_tolerance() {
        let policy = Options::parse(br#"{"audience":"a","clockTolerance":5}"#).unwrap().expectations;
        let call = policy.for_call(br#"{"subject":"s"}"#).unwrap();
        let expected = Expectations { subject: Some("s".into()), clock_tolerance: 5, ..Default::default() };
        assert_eq!(call, expected);
        assert!(policy.for_call(br#"{"algorithms":["ES256"]}"#).is_err());
        assert!(policy.for_call(br#"{"nonce":"x"}"#).is_err());
    }
}
