//! The grants that need nothing but a request of the token endpoint.

use alloc::boxed::Box;
use alloc::string::String;

use super::flows::{Call, Flow};
use super::login_claims::LoginClaims;
use super::members;
use super::secret::{IdToken, RefreshToken};
use super::token_request::{TokenParameters, TokenRequest};
use super::{ciba, device, token_exchange};
use crate::error::{Code, Error, Reason};

/// The `grant_type` of an assertion (RFC 7523 §2.1).
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The grant types that have a flow of their own, and the one of the authorization endpoint (RFC 7591 §2).
const KNOWN_GRANT_TYPES: [&str; 9] = [
    "authorization_code",
    "implicit",
    "password",
    "client_credentials",
    "refresh_token",
    device::GRANT_TYPE,
    ciba::GRANT_TYPE,
    token_exchange::GRANT_TYPE,
    JWT_BEARER,
];

/// The refresh token (RFC 6749 §6): `{ refresh_token, id_token?, claims?, login?, granted_scope? }` with those of
/// [`TokenParameters`]; all of its own are of the tokens before.
///
/// # Errors
/// [`Code::RefreshTokenMissing`].
pub(super) fn refresh_token(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    const OWN: [&str; 5] = ["refresh_token", "id_token", "claims", "login", "granted_scope"];
    let known = [&OWN[..], &TokenParameters::MEMBERS].concat();
    let (before, claims, login, granted, parameters) = members::parse_options(call.parameters, &known, |members| {
        (
            (members.optional_string("refresh_token"), members.optional_string("id_token").map(IdToken::new)),
            members.optional_object("claims"),
            members.optional_object("login"),
            members.optional_string("granted_scope"),
            TokenParameters::read(members),
        )
    })?;
    let (refresh_token, id_token) = before;
    let login =
        login.map(|login| members::parse(login.as_bytes(), Code::OptionInvalid, LoginClaims::read)).transpose()?;
    let refresh_token = refresh_token.filter(|token| !token.is_empty()).ok_or(Code::RefreshTokenMissing)?;
    let credential = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    let request = TokenRequest::new(call, &credential, &parameters)?;
    Ok(Box::new(request.following(claims, login).keeping(granted, RefreshToken::new(refresh_token), id_token)))
}

/// The credentials of the client itself (RFC 6749 §4.4).
pub(super) fn client_credentials(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let parameters = members::parse_options(call.parameters, &TokenParameters::MEMBERS, TokenParameters::read)?;
    Ok(Box::new(TokenRequest::new(call, &[("grant_type", "client_credentials")], &parameters)?))
}

/// The password of the user (RFC 6749 §4.3), which RFC 9700 §2.4 forbids where anything else can be had: `{ username,
/// password }` with those of [`TokenParameters`].
pub(super) fn password(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["username", "password"][..], &TokenParameters::MEMBERS].concat();
    let (username, password, parameters): (String, String, _) =
        members::parse_options(call.parameters, &known, |members| {
            (members.string("username"), members.string("password"), TokenParameters::read(members))
        })?;
    let credential = [("grant_type", "password"), ("username", username.as_str()), ("password", password.as_str())];
    Ok(Box::new(TokenRequest::new(call, &credential, &parameters)?))
}

/// The assertion of another authority, or of the client itself (RFC 7523 §2.1): `{ assertion }` with those of
/// [`TokenParameters`].
pub(super) fn jwt_bearer(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["assertion"][..], &TokenParameters::MEMBERS].concat();
    let (assertion, parameters): (String, _) = members::parse_options(call.parameters, &known, |members| {
        (members.string("assertion"), TokenParameters::read(members))
    })?;
    let credential = [("grant_type", JWT_BEARER), ("assertion", assertion.as_str())];
    Ok(Box::new(TokenRequest::new(call, &credential, &parameters)?))
}

/// A grant of an extension (RFC 6749 §4.5): `{ grant_type }` with those of [`TokenParameters`], whose `parameters` are what the
/// grant is made of. A grant that has a flow of its own, with its checks, is refused.
pub(super) fn extension(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["grant_type"][..], &TokenParameters::MEMBERS].concat();
    let (grant_type, parameters): (String, _) = members::parse_options(call.parameters, &known, |members| {
        let grant_type = members.string("grant_type");
        if !grant_type.bytes().all(|byte| byte.is_ascii_graphic()) {
            members.refuse("grant_type", Reason::Malformed);
        }
        let is_known = KNOWN_GRANT_TYPES.iter().any(|known| known.eq_ignore_ascii_case(&grant_type));
        members.require("grant_type", !is_known);
        (grant_type, TokenParameters::read(members))
    })?;
    let request = TokenRequest::new(call, &[("grant_type", grant_type.as_str())], &parameters)?;
    Ok(Box::new(request.hiding(&parameters)))
}
