//! The logout token, by which a server says that a user has logged out (OpenID Connect Back-Channel Logout 1.0).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;

use super::flows::{Call, Flow};
use super::members;
use super::metadata::ID_TOKEN_ALGORITHMS;
use super::registered_client::RegisteredClient;
use super::server::Server;
use super::signed_jwt::Verification;
use crate::error::Error;
use crate::http::{Answer, Step, done};
use crate::jose::claims::{Expectations, LOGOUT_JWT};
use crate::text::json::Object;

/// Seconds for which keys that were fetched are not fetched again: no token is so urgent, and whoever finds where they are sent
/// can forge many.
const COOLDOWN: u64 = 30;

/// The step machine that validates a logout token (§2.6), whose result is `{ claims, until }`: until the second `until` it would
/// be accepted again, so whether its `jti` was seen before remains to be asked.
struct LogoutToken {
    client: Arc<RegisteredClient>,
    verification: Verification,
    typ: Option<String>,
    max_token_age: Option<u64>,
}

/// Validates `{ logout_token, typ?, maxTokenAge? }`.
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    const MEMBERS: [&str; 3] = ["logout_token", "typ", "maxTokenAge"];
    let (token, typ, max_token_age) = members::parse_options(call.parameters, &MEMBERS, |members| {
        (members.string("logout_token"), members.optional_string("typ"), members.optional_number("maxTokenAge"))
    })?;
    // §2.4: it "MUST be signed" as an ID token is.
    let algorithms = call.client.algorithms(&call.server.metadata, ID_TOKEN_ALGORITHMS)?;
    let verification = Verification::new(&token, &algorithms, &call.server.metadata)?.with_cooldown(COOLDOWN);
    Ok(Box::new(LogoutToken { client: call.client, verification, typ, max_token_age }))
}

impl Flow for LogoutToken {
    /// # Errors
    /// Those of a JWT, among them [`crate::error::Code::ClaimValidationFailed`] about the claim.
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        let token = done!(self.verification.step(&mut server.keys, now, answer)?);
        let expectations = Expectations {
            profile: &LOGOUT_JWT,
            issuer: Some([server.metadata.issuer().into()].into()),
            audience: Some([self.client.client_id.clone()].into()),
            typ: self.typ.clone(),
            max_token_age: self.max_token_age,
            clock_tolerance: self.client.clock_tolerance,
            ..Expectations::default()
        };
        let until = token.window(&expectations, &token.claims()?, now)?.until;
        let json =
            Object::new().number("until", u64::try_from(until).unwrap_or(u64::MAX)).raw("claims", &token.into_json()?);
        Ok(Step::Done(json.finish()))
    }
}
