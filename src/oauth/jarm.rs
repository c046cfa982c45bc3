//! The Authorization Response as a JWT that the server signs (JWT Secured Authorization Response Mode for OAuth 2.0).

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use super::authorization_response::{ResponseParameters, invalid};
use super::metadata::ServerMetadata;
use super::registered_client::RegisteredClient;
use super::signed_jwt::{SignedJwt, Verification};
use crate::error::{Error, Reason};
use crate::jose::claims::{AUTHORIZATION_RESPONSE, Expectations};
use crate::jose::jws::CompactJws;
use crate::text::base64url;
use crate::text::json::Document;

/// The algorithms that may sign responses (§4).
const ALGORITHMS: &str = "authorization_signing_alg_values_supported";

/// What stands in the JWT alone: beside it anybody can have added it.
const SIGNED: [&str; 6] = ["state", "code", "error", "id_token", "access_token", "iss"];

/// The verification of the JWT in `parameters`, which is for `client`.
///
/// # Errors
/// [`Code::AuthorizationResponseInvalid`](crate::error::Code::AuthorizationResponseInvalid) when there is none: a response
/// that is not signed is none that was asked for; those of [`Verification::new`].
pub(super) fn verification(
    parameters: &ResponseParameters,
    client: &RegisteredClient,
    metadata: &ServerMetadata,
) -> Result<Verification, Error> {
    let response = parameters.get("response")?.ok_or_else(|| invalid("response", Reason::Missing))?;
    if let Some(name) = SIGNED.into_iter().find(|name| parameters.has(name)) {
        return Err(invalid(name, Reason::Mismatch));
    }
    Verification::new(response, &client.algorithms(metadata, ALGORITHMS)?, metadata)
}

/// The parameters in `jwt`, which `issuer` signed for `client` and which has not expired at `now` (§2.4).
///
/// # Errors
/// [`Code::JwtInvalid`](crate::error::Code::JwtInvalid), [`Code::JwtExpired`](crate::error::Code::JwtExpired), and
/// [`Code::ClaimValidationFailed`](crate::error::Code::ClaimValidationFailed) about the claim.
pub(super) fn parameters(
    jwt: &SignedJwt,
    issuer: &str,
    client: &RegisteredClient,
    now: u64,
) -> Result<ResponseParameters, Error> {
    let expectations = Expectations {
        profile: &AUTHORIZATION_RESPONSE,
        issuer: Some([issuer.to_owned()].into()),
        audience: Some([client.client_id.clone()].into()),
        clock_tolerance: client.clock_tolerance,
        ..Default::default()
    };
    let claims = jwt.validate(&expectations, now)?;
    let members = claims.root().members().filter(|(_, value)| !value.is_null());
    Ok(members
        .map(|(name, value)| {
            (name.into_owned(), value.as_str().map_or_else(|| value.raw().into(), |text| text.into_owned()))
        })
        .collect())
}

/// The `state` in a JWT of which nothing is verified.
pub(super) fn unverified_state(response: &str) -> Option<String> {
    let payload = base64url::decode(CompactJws::parse(response.as_bytes()).ok()?.payload).ok()?;
    Some(Document::parse_object(&payload).ok()?.get("state")?.as_str()?.into_owned())
}
