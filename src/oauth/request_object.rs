//! The Request Object: an Authorization Request as a JWT that the client signs (RFC 9101 §4).

use alloc::string::String;
use alloc::vec::Vec;

use super::registered_client::RegisteredClient;
use super::unsigned_jwt::UnsignedJwt;
use crate::error::{Code, Error, Reason};
use crate::http::SigningKey;
use crate::text::form;
use crate::text::json::Object;

/// The `typ` (RFC 9101 §10.8): a JWT that was signed for anything else is no request.
const TYP: &str = "oauth-authz-req+jwt";

/// Seconds for which a request object can be used.
const LIFETIME: u64 = 300;

/// The parameters whose values are JSON, and not strings (RFC 9101 §4, OpenID Connect Core §6.1, RFC 9396 §5).
const JSON_VALUES: [&str; 3] = ["authorization_details", "claims", "max_age"];

/// The request object of the request with the form `request`, made at `now` by `client` for the server `issuer`.
///
/// # Errors
/// [`Code::OptionInvalid`] about `privateKey` when the client has nothing to sign with.
pub(super) fn request_object(
    request: &str,
    client: &RegisteredClient,
    issuer: &str,
    jti: &str,
    now: u64,
) -> Result<UnsignedJwt, Error> {
    let missing = || Error::new(Code::OptionInvalid).about("privateKey", Reason::Missing);
    let header = client.signing_key.as_ref().ok_or_else(missing)?.header(TYP);
    let mut claims = Object::new()
        .string("iss", &client.client_id)
        .string("aud", issuer)
        .string("jti", jti)
        .number("iat", now)
        // The clock of the server may be behind.
        .number("nbf", now.saturating_sub(client.clock_tolerance))
        .number("exp", now.saturating_add(LIFETIME));
    let mut resources = Vec::new();
    for (name, value) in form::parse(request).map_err(|_| Code::OptionInvalid)? {
        claims = match name.as_str() {
            "resource" => {
                resources.push(value);
                claims
            }
            name if JSON_VALUES.contains(&name) => claims.raw(name, &value),
            name => claims.string(name, &value),
        };
    }
    claims = match resources.as_slice() {
        [] => claims,
        [resource] => claims.string("resource", resource),
        resources => claims.strings("resource", resources),
    };
    Ok(UnsignedJwt::new(SigningKey::Client, header, claims))
}

/// The request by value: what a server is asked for besides is in `request` (RFC 9101 §5).
pub(super) fn by_value(client_id: &str, request: &str) -> String {
    form::encode([("client_id", client_id), ("request", request)])
}
