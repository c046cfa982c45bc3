//! What the client uses of the authorization server's metadata (RFC 8414 §2, OpenID Connect Discovery §3).

use alloc::string::String;

use super::members::{self, Members};
use super::pkce::CODE_CHALLENGE_METHOD;
use crate::discovery;
use crate::error::{Code, Error, Reason};
use crate::jose::algorithm::{AlgorithmSet, KeyType};
use crate::text::url;

/// The metadata of an authorization server. Every endpoint is https, or http on a loopback address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerMetadata {
    /// Where the user is sent to log in.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens become tokens.
    pub token_endpoint: String,
    /// Where the keys are that sign ID tokens.
    pub jwks_uri: Option<String>,
    /// Where an access token gets claims about the user.
    pub userinfo_endpoint: Option<String>,
    /// Where the user is sent to log out (OpenID Connect RP-Initiated Logout §2.1).
    pub end_session_endpoint: Option<String>,
    /// The asymmetric algorithms that may sign ID tokens.
    pub id_token_signing_alg_values_supported: AlgorithmSet,
    /// Whether every Authorization Response has an `iss` (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
}

impl ServerMetadata {
    /// Parses the metadata of `issuer`.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`], [`Code::MetadataIssuerMismatch`], [`Code::FetchInsecure`], and
    /// [`Code::PkceNotSupported`] when the methods are announced and S256 is not among them.
    pub fn parse(json: &[u8], issuer: &str) -> Result<Self, Error> {
        let document = discovery::parse(json, issuer)?;
        members::read(&document, Code::MetadataInvalid, |members| {
            let methods = members.optional_strings("code_challenge_methods_supported");
            if !announces(methods.as_deref(), CODE_CHALLENGE_METHOD) {
                members.refuse_with(Error::new(Code::PkceNotSupported));
            }
            let algs = members.optional_strings("id_token_signing_alg_values_supported");
            Self {
                authorization_endpoint: required_endpoint(members, "authorization_endpoint"),
                token_endpoint: required_endpoint(members, "token_endpoint"),
                jwks_uri: endpoint(members, "jwks_uri"),
                userinfo_endpoint: endpoint(members, "userinfo_endpoint"),
                end_session_endpoint: endpoint(members, "end_session_endpoint"),
                id_token_signing_alg_values_supported: AlgorithmSet::of(|row| {
                    row.key_type != KeyType::Oct && announces(algs.as_deref(), row.name)
                }),
                authorization_response_iss_parameter_supported: members
                    .optional_bool("authorization_response_iss_parameter_supported")
                    .unwrap_or(false),
            }
        })
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

/// The failure of a flow that needs the endpoint `name`, which the server does not have.
pub(super) fn missing(name: &'static str) -> Error {
    Error::new(Code::MetadataInvalid).about(name, Reason::Missing)
}

fn required_endpoint(members: &mut Members<'_>, name: &'static str) -> String {
    let endpoint = endpoint(members, name);
    if endpoint.is_none() {
        members.refuse(name, Reason::Missing);
    }
    endpoint.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    const ISSUER: &str = "https://as.example";

    fn parse(members: &str) -> Result<ServerMetadata, Error> {
        let endpoints = format!(r#""authorization_endpoint":"{ISSUER}/authorize","token_endpoint":"{ISSUER}/token""#);
        ServerMetadata::parse(format!(r#"{{"issuer":"{ISSUER}",{endpoints}{members}}}"#).as_bytes(), ISSUER)
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
            parse(members).unwrap().id_token_signing_alg_values_supported.select(alg).is_ok()
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
        let error = ServerMetadata::parse(br#"{"issuer":"https://as.example"}"#, ISSUER).unwrap_err();
        assert_eq!((error.code, error.claim.as_deref()), (Code::MetadataInvalid, Some("authorization_endpoint")));
    }
}
