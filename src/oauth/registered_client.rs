//! A registered client (RFC 6749 §2) and how it authenticates itself (RFC 6749 §2.3, OpenID Connect Core §9).

use alloc::string::String;
use core::fmt;

use super::client::CLOCK_TOLERANCE;
use super::dpop::DpopKey;
use super::members::{self, Members};
use super::metadata::ServerMetadata;
use super::security_profile::SecurityProfile;
use super::token::TokenType;
use super::unsigned_jwt::UnsignedJwt;
use crate::error::{Code, Error, Reason};
use crate::http::{Request, SigningKey};
use crate::jose::algorithm::AlgorithmSet;
use crate::text::json::Object;
use crate::text::{base64url, form};

/// Every member of a [`RegisteredClient`].
const MEMBERS: [&str; 9] = [
    "client_id",
    "token_endpoint_auth_method",
    "client_secret",
    "signing_alg",
    "kid",
    "dpop",
    "use_mtls_endpoint_aliases",
    "clockTolerance",
    "profile",
];

/// The `client_assertion_type` of a JWT (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Seconds for which a client assertion can be used.
const ASSERTION_LIFETIME: u64 = 60;

/// Who the client is, and what it has to prove it with. Private keys stay with the caller.
pub struct RegisteredClient {
    /// The Client Identifier.
    pub client_id: String,
    /// How it authenticates itself to the token endpoint, and to the others likewise.
    pub(super) authentication: ClientAuthentication,
    /// The key that it signs with.
    pub(super) signing_key: Option<ClientKey>,
    /// The key that its tokens are bound to.
    pub(super) dpop: Option<DpopKey>,
    /// Whether it connects with a certificate, to the `mtls_endpoint_aliases` where the server has them (RFC 8705 §5).
    pub(super) uses_mtls: bool,
    /// Seconds by which two honest clocks may differ.
    pub(super) clock_tolerance: u64,
    /// The security profile that it keeps to.
    pub(super) profile: Option<SecurityProfile>,
}

/// A `token_endpoint_auth_method`.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum ClientAuthentication {
    /// `none`: a public client names itself.
    None,
    /// `client_secret_basic`: the secret is in the `Authorization` header.
    SecretBasic(String),
    /// `client_secret_post`: the secret is in the body.
    SecretPost(String),
    /// `client_secret_jwt` and `private_key_jwt`: a JWT is signed (RFC 7523 §3).
    Assertion,
    /// `tls_client_auth` and `self_signed_tls_client_auth`: the certificate of the connection is the proof (RFC 8705 §2).
    Certificate,
}

/// What a signature of the client says of its key: a private key, or the secret as the key of an HMAC.
pub(super) struct ClientKey {
    /// The registered `alg`.
    pub(super) alg: String,
    kid: Option<String>,
}

impl ClientKey {
    /// The header of a JWT of the type `typ` that the key signs.
    pub(super) fn header(&self, typ: &str) -> Object {
        Object::new().string("alg", &self.alg).string("typ", typ).optional_string("kid", self.kid.as_deref())
    }
}

impl fmt::Debug for RegisteredClient {
    /// Leaves out the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisteredClient").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl RegisteredClient {
    /// Parses `{ client_id, token_endpoint_auth_method?, client_secret?, signing_alg?, kid?, dpop?, use_mtls_endpoint_aliases?,
    /// clockTolerance?, profile? }`. `signing_alg` is the `alg` of the key with which the caller signs, `dpop` is
    /// `{ alg, jwk }`.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the member; [`Code::ProfileViolation`] about the member that the `profile` forbids.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let client = members::parse_options(json, &MEMBERS, |members| {
            let authentication = authentication(members);
            let kid = members.optional_string("kid");
            Self {
                signing_key: members.optional_string("signing_alg").map(|alg| ClientKey { alg, kid }),
                client_id: members.string("client_id"),
                uses_mtls: authentication == ClientAuthentication::Certificate
                    || members.optional_bool("use_mtls_endpoint_aliases") == Some(true),
                authentication,
                dpop: DpopKey::read(members),
                clock_tolerance: members.optional_number("clockTolerance").unwrap_or(CLOCK_TOLERANCE),
                profile: profile(members),
            }
        })?;
        if let Some(profile) = client.profile {
            profile.require_client(&client)?;
        }
        Ok(client)
    }

    /// The asymmetric algorithms in the list `name` of the server, as far as the profile has them.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`].
    pub(super) fn algorithms(&self, metadata: &ServerMetadata, name: &'static str) -> Result<AlgorithmSet, Error> {
        let profile = self.profile;
        metadata.algorithms_that(name, |row| profile.is_none_or(|profile| profile.allows(row)))
    }

    /// The key that tokens are bound to.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about `dpop` when the client has none.
    pub(super) fn dpop_key(&self) -> Result<&DpopKey, Error> {
        self.dpop.as_ref().ok_or_else(|| Error::new(Code::OptionInvalid).about("dpop", Reason::Missing))
    }

    /// The type of access tokens that it takes: one that has a key takes none that is not bound to it.
    pub(super) const fn token_type(&self) -> TokenType {
        if self.dpop.is_some() { TokenType::Dpop } else { TokenType::Bearer }
    }

    /// The assertion that `issuer` is to be shown at `now`, if that is how this client authenticates itself
    /// (RFC 7523 §3). Its audience is the issuer alone: a token endpoint of another server cannot use it.
    pub(super) fn assertion(&self, issuer: &str, jti: &str, now: u64) -> Option<UnsignedJwt> {
        if self.authentication != ClientAuthentication::Assertion {
            return None;
        }
        let header = self.signing_key.as_ref()?.header("JWT");
        let claims = Object::new()
            .string("iss", &self.client_id)
            .string("sub", &self.client_id)
            .string("aud", issuer)
            .string("jti", jti)
            .number("iat", now)
            .number("exp", now.saturating_add(ASSERTION_LIFETIME));
        Some(UnsignedJwt::new(SigningKey::Client, header, claims))
    }

    /// Adds to `request`, which has a form as its body, what proves that this client sends it.
    pub(super) fn authenticate(&self, request: &mut Request, assertion: Option<&str>) {
        let body = request.body.get_or_insert_default();
        match &self.authentication {
            ClientAuthentication::SecretBasic(secret) => {
                request.headers.push(("authorization", basic(&self.client_id, secret)));
                return;
            }
            ClientAuthentication::SecretPost(secret) => form::append(body, "client_secret", secret),
            ClientAuthentication::None | ClientAuthentication::Certificate | ClientAuthentication::Assertion => {}
        }
        // A pushed Authorization Request has it already (RFC 9126 §2.1).
        if form::parse(body).is_ok_and(|pairs| pairs.iter().all(|(name, _)| name != "client_id")) {
            form::append(body, "client_id", &self.client_id);
        }
        if let Some(assertion) = assertion {
            form::append(body, "client_assertion_type", JWT_BEARER);
            form::append(body, "client_assertion", assertion);
        }
    }
}

fn profile(members: &mut Members<'_>) -> Option<SecurityProfile> {
    let name = members.optional_string("profile")?;
    let profile = SecurityProfile::named(&name);
    members.require("profile", profile.is_some());
    profile
}

fn authentication(members: &mut Members<'_>) -> ClientAuthentication {
    let secret = members.optional_string("client_secret");
    let alg = members.optional_string("signing_alg");
    let method = members.optional_string("token_endpoint_auth_method");
    let needs = match method.as_deref() {
        Some("client_secret_basic" | "client_secret_post") => "client_secret",
        Some("client_secret_jwt" | "private_key_jwt") => "signing_alg",
        _ => "",
    };
    for (name, value) in [("client_secret", &secret), ("signing_alg", &alg)] {
        match value {
            None if name == needs => members.refuse(name, Reason::Missing),
            Some(text) if text.is_empty() => members.refuse(name, Reason::Malformed),
            _ => {}
        }
    }
    match (method.as_deref(), secret, alg) {
        (None | Some("none"), None, _) => ClientAuthentication::None,
        (None | Some("client_secret_basic"), Some(secret), _) => ClientAuthentication::SecretBasic(secret),
        (Some("client_secret_post"), Some(secret), _) => ClientAuthentication::SecretPost(secret),
        (Some("client_secret_jwt" | "private_key_jwt"), _, Some(_)) => ClientAuthentication::Assertion,
        (Some("tls_client_auth" | "self_signed_tls_client_auth"), None, _) => ClientAuthentication::Certificate,
        _ => {
            members.refuse_with(Error::new(Code::OptionInvalid).about("token_endpoint_auth_method", Reason::Mismatch));
            ClientAuthentication::None
        }
    }
}

/// The value of `Authorization` (RFC 6749 §2.3.1, RFC 7617 §2): both parts are form-encoded first.
fn basic(client_id: &str, client_secret: &str) -> String {
    let pair = [form::encode_value(client_id), form::encode_value(client_secret)].join(":");
    let mut value = String::from("Basic ");
    for char in base64url::encode(&pair).chars() {
        value.push(match char {
            '-' => '+',
            '_' => '/',
            char => char,
        });
    }
    // RFC 4648 §4: padded to a multiple of four characters.
    value.push_str(["", "==", "="].get(pair.len() % 3).copied().unwrap_or_default());
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    fn client(members: &str) -> Result<RegisteredClient, Error> {
        RegisteredClient::from_json(&format!(r#"{{"client_id":"s6BhdRkqt3"{members}}}"#))
    }

    fn authenticated(members: &str) -> Request {
        let mut request = Request::get_json("https://as.example/token");
        client(members).unwrap().authenticate(&mut request, None);
        request
    }

    #[test]
    fn rfc_6749_example_of_basic_authentication() {
        let request = authenticated(r#","client_secret":"gX1fBat3bV""#);
        assert_eq!(request.headers.last().unwrap().1, "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW");
        assert_eq!(request.body.as_deref(), Some(""), "nothing of it is in the body");
    }

    #[test]
    fn both_parts_of_basic_authentication_are_encoded_and_padded() {
        assert_eq!(basic("a b", "c:d%"), "Basic YStiOmMlM0FkJTI1");
        assert_eq!(basic("a", "b"), "Basic YTpi");
        assert_eq!(basic("a", "bc"), "Basic YTpiYw==");
        assert_eq!(basic("a", "bcd"), "Basic YTpiY2Q=");
        // The alphabet of RFC 4648 §4, not that of §5.
        assert_eq!(basic("~~~", "?"), "Basic JTdFJTdFJTdFOiUzRg==");
    }

    #[test]
    fn a_secret_is_where_the_method_says() {
        let post = authenticated(r#","client_secret":"s&=","token_endpoint_auth_method":"client_secret_post""#);
        assert_eq!(post.body.as_deref(), Some("client_secret=s%26%3D&client_id=s6BhdRkqt3"));
        let none = authenticated("");
        assert_eq!((none.headers.len(), none.body.as_deref()), (1, Some("client_id=s6BhdRkqt3")));
    }

    #[test]
    fn an_assertion_is_for_the_issuer_alone() {
        let client =
            client(r#","token_endpoint_auth_method":"private_key_jwt","signing_alg":"ES256","kid":"k""#).unwrap();
        let assertion = client.assertion("https://as.example", "j", 100).unwrap();
        let jwt = assertion.sign(b"signature");
        let parts: std::vec::Vec<_> = jwt.split('.').map(|part| base64url::decode(part).unwrap()).collect();
        assert_eq!(parts[0], br#"{"alg":"ES256","typ":"JWT","kid":"k"}"#);
        let claims =
            r#"{"iss":"s6BhdRkqt3","sub":"s6BhdRkqt3","aud":"https://as.example","jti":"j","iat":100,"exp":160}"#;
        assert_eq!((parts[1].as_slice(), parts[2].as_slice()), (claims.as_bytes(), b"signature".as_slice()));
    }

    #[test]
    fn a_method_without_its_credential_is_refused() {
        for (members, claim) in [
            (r#","token_endpoint_auth_method":"client_secret_basic""#, "client_secret"),
            (r#","token_endpoint_auth_method":"client_secret_post","client_secret":"""#, "client_secret"),
            (r#","token_endpoint_auth_method":"private_key_jwt""#, "signing_alg"),
            (r#","token_endpoint_auth_method":"none","client_secret":"s""#, "token_endpoint_auth_method"),
            (r#","token_endpoint_auth_method":"tls_client_auth","client_secret":"s""#, "token_endpoint_auth_method"),
            (r#","token_endpoint_auth_method":"plain""#, "token_endpoint_auth_method"),
            (r#","secret":"s""#, "secret"),
        ] {
            let error = client(members).unwrap_err();
            assert_eq!((error.code, error.claim.as_deref()), (Code::OptionInvalid, Some(claim)), "{members}");
        }
    }

    #[test]
    fn the_secret_does_not_show() {
        let client = client(r#","client_secret":"s3cret""#).unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
    }
}
