//! The validation of an Authorization Response of a registered client, whatever its type and mode: the way that it came, its
//! signature (JARM), its `state` and `iss` (RFC 9207), and its ID token (OpenID Connect Core §3.2.2.11 and §3.3.2.12).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::mem;

use super::authorization_response::{ResponseParameters, invalid};
use super::authorization_transaction::AuthorizationTransaction;
use super::callback::Callback;
use super::flows::{Call, Flow};
use super::id_token::{IdTokenExpectations, ValidatedIdToken};
use super::jarm;
use super::members;
use super::metadata::{ID_TOKEN_ALGORITHMS, ISS_SUPPORTED};
use super::registered_client::RegisteredClient;
use super::response_type::ResponseType;
use super::secret::{AccessToken, AuthorizationCode};
use super::server::Server;
use super::signed_jwt::Verification;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step, done};
use crate::text::json::Object;

/// What a response may bring, and what issues it.
const ISSUED: [(&str, &str); 3] = [("code", "code"), ("id_token", "id_token"), ("access_token", "token")];

/// Parameters that no successful response shares with an error, and none has twice.
const UNIQUE: [&str; 6] = ["code", "id_token", "access_token", "token_type", "expires_in", "scope"];

/// The step machine that validates a response.
pub(super) struct ResponseValidation {
    callback: Callback,
    transaction: Option<String>,
    client: Arc<RegisteredClient>,
    is_implicit: bool,
    phase: Phase,
}

enum Phase {
    Start,
    /// The JWT of the response is being verified.
    Opening(Box<Verification>, Box<AuthorizationTransaction>),
    /// The ID token is being verified.
    Identifying(Box<Verification>, Box<ValidatedResponse>),
    Ended,
}

/// A response that belongs to its transaction.
pub(super) struct ValidatedResponse {
    pub(super) parameters: ResponseParameters,
    pub(super) transaction: AuthorizationTransaction,
    pub(super) id_token: Option<ValidatedIdToken>,
}

impl ResponseValidation {
    /// The validation of `{ url | form, transaction? }`, a response of the implicit grant or of another.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`].
    pub(super) fn new(call: Call<'_>, is_implicit: bool) -> Result<Self, Error> {
        let known = [&["transaction"][..], &Callback::MEMBERS].concat();
        let (callback, transaction) = members::parse_options(call.parameters, &known, |members| {
            (Callback::read(members), members.optional_object("transaction"))
        })?;
        Ok(Self { callback, transaction, client: call.client, is_implicit, phase: Phase::Start })
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// [`Code::StateMissing`], [`Code::StateUnknown`], [`Code::StateUsed`], [`Code::StateExpired`], [`Code::StateMismatch`];
    /// [`Code::AuthorizationResponseInvalid`] about the parameter; [`Code::IssuerMismatch`], also where the server announces an
    /// `iss` and there is none; [`Code::AuthorizationResponseError`] with what the server said; [`Code::OptionInvalid`] about
    /// `transaction` when it is of a request of another function; and all that a JWT can fail of.
    pub(super) fn step(
        &mut self,
        server: &mut Server,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<ValidatedResponse>, Error> {
        match mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Start => self.begin(server, now),
            Phase::Opening(mut verification, transaction) => {
                let jwt = match verification.step(&mut server.keys, now, answer)?.or_pending() {
                    Ok(jwt) => jwt,
                    Err(pending) => {
                        self.phase = Phase::Opening(verification, transaction);
                        return Ok(pending);
                    }
                };
                let parameters = jarm::parameters(&jwt, server.metadata.issuer(), &self.client, now)?;
                self.check(server, now, parameters, *transaction)
            }
            Phase::Identifying(mut verification, mut response) => {
                let jwt = match verification.step(&mut server.keys, now, answer)?.or_pending() {
                    Ok(jwt) => jwt,
                    Err(pending) => {
                        self.phase = Phase::Identifying(verification, response);
                        return Ok(pending);
                    }
                };
                let secret = |name| Ok::<_, Error>(response.parameters.get(name)?.map(String::from));
                let (access_token, code) = (secret("access_token")?, secret("code")?);
                let mut expectations = IdTokenExpectations::of_client(server.metadata.issuer(), &self.client);
                response.transaction.demand(&mut expectations);
                expectations.requires_at_hash = true;
                expectations.code = code.map(AuthorizationCode::new);
                let id_token = expectations.validate(jwt, access_token.map(AccessToken::new).as_ref(), now)?;
                response.id_token = Some(id_token);
                Ok(Step::Done(*response))
            }
            Phase::Ended => Err(Error::new(Code::OptionInvalid)),
        }
    }

    fn begin(&mut self, server: &mut Server, now: u64) -> Result<Step<ValidatedResponse>, Error> {
        self.callback.require_response()?;
        let record = self.transaction.as_deref().ok_or(Code::StateUnknown)?;
        let transaction = AuthorizationTransaction::from_json(record)?;
        if transaction.response_type.is_implicit() != self.is_implicit {
            return Err(Error::new(Code::OptionInvalid).about("transaction", Reason::Mismatch));
        }
        let parameters = self.callback.parameters(transaction.response_mode.way)?;
        if !transaction.response_mode.is_signed {
            return self.check(server, now, parameters, transaction);
        }
        let verification = jarm::verification(&parameters, &self.client, &server.metadata)?;
        self.phase = Phase::Opening(Box::new(verification), Box::new(transaction));
        self.step(server, now, None)
    }

    fn check(
        &mut self,
        server: &mut Server,
        now: u64,
        parameters: ResponseParameters,
        transaction: AuthorizationTransaction,
    ) -> Result<Step<ValidatedResponse>, Error> {
        let issuer = server.metadata.issuer();
        let state = parameters.get("state")?.ok_or(Code::StateMissing)?;
        transaction.common.validate(state, issuer, &self.client.client_id, now)?;
        // FAPI 2.0 §5.3.3.2, 6: whatever the server announces.
        let requires_iss = self.client.profile.is_some() || server.metadata.says(ISS_SUPPORTED)?;
        validate(&parameters, transaction.response_type, issuer, requires_iss)?;
        let secrets = transaction.secrets();
        for (name, issued) in ISSUED {
            if transaction.response_type.issues(issued) {
                parameters.granted(name, &secrets)?;
            }
        }
        let id_token = parameters.get("id_token")?;
        let Some(id_token) = id_token else {
            return Ok(Step::Done(ValidatedResponse { parameters, transaction, id_token: None }));
        };
        let algorithms = self.client.algorithms(&server.metadata, ID_TOKEN_ALGORITHMS)?;
        let verification = Verification::new(id_token, &algorithms, &server.metadata)?;
        let response = ValidatedResponse { parameters, transaction, id_token: None };
        self.phase = Phase::Identifying(Box::new(verification), Box::new(response));
        self.step(server, now, None)
    }
}

/// Validates what must be so before anything in the response counts, its error included.
fn validate(
    parameters: &ResponseParameters,
    response_type: ResponseType,
    issuer: &str,
    requires_iss: bool,
) -> Result<(), Error> {
    for name in UNIQUE {
        parameters.get(name)?;
    }
    let has_error = parameters.get("error")?.is_some();
    let mut unexpected = ["response", "refresh_token"].to_vec();
    for (name, issued) in ISSUED {
        if !response_type.issues(issued) {
            unexpected.push(name);
        } else if has_error && parameters.has(name) {
            return Err(invalid("error", Reason::Mismatch));
        }
    }
    // RFC 9207 §2.4: the error of another server is none of this one. An ID token names its issuer itself.
    if !parameters.validate(issuer, &unexpected)? && requires_iss && !parameters.has("id_token") {
        return Err(Error::new(Code::IssuerMismatch).about("iss", Reason::Missing));
    }
    Ok(())
}

/// The flow of `{ url | form }`, which ends with the `state` that is in it, if there is one; nothing of it is verified.
pub(super) fn unverified_state(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let callback = members::parse_options(call.parameters, &Callback::MEMBERS, Callback::read)?;
    Ok(Box::new(State(callback)))
}

struct State(Callback);

impl Flow for State {
    fn step(&mut self, _: &mut Server, _: u64, _: Option<Answer>) -> Result<Step<String>, Error> {
        let state = self.0.unverified_state();
        Ok(Step::Done(Object::new().optional_string("state", state.as_deref()).finish()))
    }
}

/// A flow that ends with what `to_json` makes of the validated response.
pub(super) struct Validating<F>(pub(super) ResponseValidation, pub(super) F);

impl<F: FnMut(ValidatedResponse, u64) -> Result<String, Error>> Flow for Validating<F> {
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        let response = done!(self.0.step(server, now, answer)?);
        (self.1)(response, now).map(Step::Done)
    }
}
