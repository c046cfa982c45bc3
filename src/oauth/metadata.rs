//! The authorization server's metadata (RFC 8414 §2, OpenID Connect Discovery §3): each member is read where it is used.

use alloc::string::String;
use alloc::vec::Vec;

use super::members::{self, Members};
use super::pkce::CODE_CHALLENGE_METHOD;
use crate::discovery;
use crate::error::{Code, Error, Reason};
use crate::jose::algorithm::{Algorithm, AlgorithmSet, KeyType};
use crate::text::url;

/// Metadata that names its issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerMetadata {
    issuer: String,
    json: Vec<u8>,
}

impl ServerMetadata {
    /// Parses the metadata of `issuer`.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`], [`Code::MetadataIssuerMismatch`].
    pub fn parse(json: &[u8], issuer: &str) -> Result<Self, Error> {
        discovery::parse(json, issuer)?;
        Ok(Self { issuer: issuer.into(), json: json.into() })
    }

    /// Parses metadata that the application has from elsewhere.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`], [`Code::FetchInsecure`] about `issuer`.
    #[cfg(feature = "oauth")]
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let issuer = members::parse(json.as_bytes(), Code::MetadataInvalid, |members| members.string("issuer"))?;
        url::require_secure(&issuer).map_err(|error| error.about("issuer", Reason::Malformed))?;
        Ok(Self { issuer, json: json.into() })
    }

    /// The URL of the endpoint `name` for clients that connect with a certificate, if the server has one (RFC 8705 §5).
    ///
    /// # Errors
    /// As [`Self::endpoint`].
    #[cfg(feature = "oauth")]
    pub(super) fn mtls_alias(&self, name: &'static str) -> Result<Option<String>, Error> {
        let Some(aliases) = self.read(|members| members.optional_object("mtls_endpoint_aliases"))? else {
            return Ok(None);
        };
        members::parse(aliases.as_bytes(), Code::MetadataInvalid, |members| endpoint(members, name))
    }

    /// The Issuer Identifier.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What was parsed.
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// The URL of the endpoint `name`: https, or http on a loopback address.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`] when the server has none, [`Code::FetchInsecure`].
    pub fn endpoint(&self, name: &'static str) -> Result<String, Error> {
        self.read(|members| required_endpoint(members, name))
    }

    /// The URL of the endpoint `name`, if the server has one.
    ///
    /// # Errors
    /// As [`Self::endpoint`].
    pub fn optional_endpoint(&self, name: &'static str) -> Result<Option<String>, Error> {
        self.read(|members| endpoint(members, name))
    }

    /// The asymmetric algorithms in the list `name`; all of them when the server publishes no such list.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`].
    pub(super) fn algorithms(&self, name: &'static str) -> Result<AlgorithmSet, Error> {
        self.algorithms_that(name, |_| true)
    }

    /// Those of the same algorithms that are `allowed`.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`].
    pub(super) fn algorithms_that(
        &self,
        name: &'static str,
        allowed: impl Fn(&Algorithm) -> bool,
    ) -> Result<AlgorithmSet, Error> {
        let names = self.read(|members| members.optional_strings(name))?;
        Ok(AlgorithmSet::of(|row| {
            row.key_type != KeyType::Oct && announces(names.as_deref(), row.name) && allowed(row)
        }))
    }

    /// Whether the member `name` is `true`.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`].
    pub(super) fn says(&self, name: &'static str) -> Result<bool, Error> {
        self.read(|members| members.optional_bool(name) == Some(true))
    }

    /// Requires PKCE with S256, unless the server does not announce its methods.
    ///
    /// # Errors
    /// [`Code::PkceNotSupported`], [`Code::MetadataInvalid`].
    #[cfg(feature = "oauth")]
    pub(super) fn require_pkce(&self) -> Result<(), Error> {
        self.read(require_pkce)
    }

    /// Requires what a login and its session need, so that no login begins that cannot end.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`], [`Code::FetchInsecure`], [`Code::PkceNotSupported`].
    pub(super) fn require_login(&self) -> Result<(), Error> {
        self.read(|members| {
            require_pkce(members);
            for name in ["authorization_endpoint", "token_endpoint"] {
                required_endpoint(members, name);
            }
            for name in ["jwks_uri", "userinfo_endpoint", "end_session_endpoint"] {
                endpoint(members, name);
            }
            members.optional_strings(ID_TOKEN_ALGORITHMS);
            members.optional_bool(ISS_SUPPORTED);
        })
    }

    /// What `reading` makes of the members.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`] about the first member that `reading` refuses.
    pub(super) fn read<T>(&self, reading: impl FnMut(&mut Members<'_>) -> T) -> Result<T, Error> {
        members::parse(&self.json, Code::MetadataInvalid, reading)
    }
}

/// Whether every Authorization Response has an `iss` (RFC 9207 §3).
pub(super) const ISS_SUPPORTED: &str = "authorization_response_iss_parameter_supported";

/// The algorithms that may sign ID tokens.
pub(super) const ID_TOKEN_ALGORITHMS: &str = "id_token_signing_alg_values_supported";

fn require_pkce(members: &mut Members<'_>) {
    let methods = members.optional_strings("code_challenge_methods_supported");
    if !announces(methods.as_deref(), CODE_CHALLENGE_METHOD) {
        members.refuse_with(Error::new(Code::PkceNotSupported));
    }
}

/// Whether a list of supported values has `value`; a server that publishes no list says nothing against it.
fn announces(supported: Option<&[String]>, value: &str) -> bool {
    supported.is_none_or(|supported| supported.iter().any(|supported| supported == value))
}

fn endpoint(members: &mut Members<'_>, name: &'static str) -> Option<String> {
    let endpoint = members.optional_string(name)?;
    if let Err(error) = url::require_secure(&endpoint) {
        members.refuse_with(error.about(name, Reason::Malformed));
    }
    Some(endpoint)
}

fn required_endpoint(members: &mut Members<'_>, name: &'static str) -> String {
    let endpoint = endpoint(members, name);
    members.required(name, endpoint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    const ISSUER: &str = "https://as.example";

    fn parse(members: &str) -> Result<ServerMetadata, Error> {
        let endpoints = format!(r#""authorization_endpoint":"{ISSUER}/authorize","token_endpoint":"{ISSUER}/token""#);
        parse_whole(&format!(r#"{{"issuer":"{ISSUER}",{endpoints}{members}}}"#))
    }

    fn parse_whole(json: &str) -> Result<ServerMetadata, Error> {
        let metadata = ServerMetadata::parse(json.as_bytes(), ISSUER)?;
        metadata.require_login().map(|()| metadata)
    }

    #[test]
    fn pkce_is_never_weaker_than_s256() {
        assert!(parse("").is_ok(), "servers that do not announce their methods are asked for S256");
        assert!(parse(r#","code_challenge_methods_supported":["plain","S256"]"#).is_ok());
        for methods in ["[]", r#"["plain"]"#, r#"["s256"]"#, r#""plain""#] {
            let error = parse(&format!(r#","code_challenge_methods_supported":{methods}"#)).unwrap_err();
            assert_eq!(error.code, Code::PkceNotSupported, "{methods}");
        }
    }

    #[test]
    fn id_tokens_are_signed_by_an_announced_asymmetric_algorithm() {
        let may_sign = |members: &str, alg: &str| {
            parse(members).unwrap().algorithms(ID_TOKEN_ALGORITHMS).unwrap().select(alg).is_ok()
        };
        assert!(may_sign("", "RS256") && may_sign("", "EdDSA") && !may_sign("", "HS256"));
        let announced = r#","id_token_signing_alg_values_supported":["HS256","none","ES256"]"#;
        assert!(may_sign(announced, "ES256"));
        for alg in ["RS256", "HS256", "none"] {
            assert!(!may_sign(announced, alg), "{alg}");
        }
    }

    #[test]
    fn members_have_their_types_and_endpoints_are_secure() {
        for (members, code, claim) in [
            (r#","jwks_uri":1"#, Code::MetadataInvalid, Some("jwks_uri")),
            (r#","jwks_uri":"http://as.example/jwks""#, Code::FetchInsecure, Some("jwks_uri")),
            (r#","userinfo_endpoint":"//as.example""#, Code::FetchInsecure, Some("userinfo_endpoint")),
            (r#","end_session_endpoint":"javascript:alert(1)""#, Code::FetchInsecure, Some("end_session_endpoint")),
            (
                r#","authorization_response_iss_parameter_supported":"true""#,
                Code::MetadataInvalid,
                Some("authorization_response_iss_parameter_supported"),
            ),
            (
                r#","code_challenge_methods_supported":[1]"#,
                Code::MetadataInvalid,
                Some("code_challenge_methods_supported"),
            ),
            (r#","token_endpoint":"https://evil.example""#, Code::MetadataInvalid, None),
        ] {
            let error = parse(members).unwrap_err();
            assert_eq!((error.code, error.claim.as_deref()), (code, claim), "{members}");
        }
        let error = parse_whole(r#"{"issuer":"https://as.example"}"#).unwrap_err();
        assert_eq!((error.code, error.claim.as_deref()), (Code::MetadataInvalid, Some("authorization_endpoint")));
    }
}
