//! The grants that need nothing but a request of the token endpoint.

use alloc::boxed::Box;
use alloc::string::String;

use super::flows::{Call, Flow};
use super::members;
use super::secret::RefreshToken;
use super::token_request::{TokenParameters, TokenRequest};
use crate::error::Error;

/// The refresh token (RFC 6749 §6): `{ refresh_token, claims?, granted_scope? }` with those of [`TokenParameters`]; `claims`
/// and `granted_scope` are of the tokens before.
pub(super) fn refresh_token(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["refresh_token", "claims", "granted_scope"][..], &TokenParameters::MEMBERS].concat();
    let (refresh_token, claims, granted, parameters) = members::parse_options(call.parameters, &known, |members| {
        (
            members.string("refresh_token"),
            members.optional_object("claims"),
            members.optional_string("granted_scope"),
            TokenParameters::read(members),
        )
    })?;
    let credential = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    let request = TokenRequest::new(call, &credential, &parameters)?;
    Ok(Box::new(
        request
            .expecting(|expectations| expectations.follow(claims))
            .keeping(granted, RefreshToken::new(refresh_token)),
    ))
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
