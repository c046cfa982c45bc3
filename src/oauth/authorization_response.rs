//! The Authorization Response (RFC 6749 §4.1.2, RFC 9207).

use alloc::string::String;
use alloc::vec::Vec;

use super::error_response::described_error;
use super::secret::AuthorizationCode;
use super::transaction::Transaction;
use crate::error::{Code, Error, Reason};
use crate::text::{cut, form};

/// The parameters of every response, each of which stands in it at most once.
const PARAMETERS: [&str; 6] = ["state", "code", "iss", "error", "error_description", "error_uri"];

/// Parameters of responses that were not asked for. Where one of them arrives, somebody else has put it there.
const UNEXPECTED: [&str; 3] = ["id_token", "access_token", "response"];

/// A successful Authorization Response that belongs to its transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// The authorization code.
    pub code: AuthorizationCode,
    pub(super) has_iss: bool,
}

impl AuthorizationResponse {
    /// Validates the response in the query of the callback's `url`, at `now`. What it says counts only once its `state`
    /// is that of `transaction`, which is a record as [`Transaction::from_json`] takes it, or `None` when none is kept
    /// under that `state`; both must be of `client_id` at `issuer`. Returns the transaction too.
    ///
    /// # Errors
    /// [`Code::StateMissing`], [`Code::StateUnknown`], [`Code::StateUsed`], [`Code::StateExpired`],
    /// [`Code::StateMismatch`], [`Code::AuthorizationResponseInvalid`] about the parameter, [`Code::IssuerMismatch`],
    /// and [`Code::AuthorizationResponseError`] with what the server said.
    pub fn validate(
        url: &str,
        transaction: Option<&str>,
        issuer: &str,
        client_id: &str,
        now: u64,
    ) -> Result<(Self, Transaction), Error> {
        let (url, _) = cut(url, b"#");
        let parameters = ResponseParameters::parse(cut(url, b"?").1.unwrap_or_default())?;
        let state = parameters.get("state")?.ok_or(Code::StateMissing)?;
        let transaction = Transaction::from_json(transaction.ok_or(Code::StateUnknown)?)?;
        transaction.validate(state, issuer, client_id, now)?;
        let has_iss = parameters.validate(&transaction.issuer, &UNEXPECTED)?;
        let code = AuthorizationCode::new(parameters.granted("code", "")?.into());
        Ok((Self { code, has_iss }, transaction))
    }
}

/// The parameters of an Authorization Response, of which nothing is checked.
pub(super) struct ResponseParameters {
    pairs: Vec<(String, String)>,
}

impl ResponseParameters {
    /// The parameters in a query, a fragment or a form.
    ///
    /// # Errors
    /// [`Code::AuthorizationResponseInvalid`].
    pub(super) fn parse(form: &str) -> Result<Self, Error> {
        let pairs = form::parse(form).map_err(|_| Code::AuthorizationResponseInvalid)?;
        Ok(Self { pairs })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// The value of a parameter. One without a value counts as omitted (RFC 6749 §3.1).
    ///
    /// # Errors
    /// [`Code::AuthorizationResponseInvalid`] about the parameter when it stands there twice.
    pub(super) fn get(&self, name: &'static str) -> Result<Option<&str>, Error> {
        let mut values = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next();
        if values.next().is_some() {
            return Err(invalid(name, Reason::Malformed));
        }
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// Validates what every response of `issuer` must be: no parameter stands there twice, none is there that is
    /// `unexpected`, and an `iss` is that of the issuer. Returns whether there is one.
    ///
    /// # Errors
    /// [`Code::AuthorizationResponseInvalid`] about the parameter, [`Code::IssuerMismatch`].
    pub(super) fn validate(&self, issuer: &str, unexpected: &[&'static str]) -> Result<bool, Error> {
        for name in PARAMETERS {
            self.get(name)?;
        }
        if let Some(name) = unexpected.iter().find(|name| self.has(name)) {
            return Err(invalid(name, Reason::Mismatch));
        }
        let iss = self.get("iss")?;
        if iss.is_some_and(|iss| iss != issuer) {
            return Err(Error::new(Code::IssuerMismatch).about("iss", Reason::Mismatch));
        }
        Ok(iss.is_some())
    }

    /// The parameter `name`, which is there unless the server refused the request. Nothing is quoted that repeats a secret of
    /// `sent`, a form.
    ///
    /// # Errors
    /// [`Code::AuthorizationResponseError`] with what the server said; [`Code::AuthorizationResponseInvalid`].
    pub(super) fn granted(&self, name: &'static str, sent: &str) -> Result<&str, Error> {
        match (self.get(name)?, self.get("error")?) {
            (Some(value), None) => Ok(value),
            (None, Some(error)) => Err(described_error(
                Code::AuthorizationResponseError,
                None,
                Some(error),
                self.get("error_description")?,
                sent,
            )),
            (None, None) => Err(invalid(name, Reason::Missing)),
            (Some(_), Some(_)) => Err(invalid("error", Reason::Mismatch)),
        }
    }
}

#[cfg(feature = "oauth")]
impl FromIterator<(String, String)> for ResponseParameters {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self { pairs: pairs.into_iter().collect() }
    }
}

pub(super) fn invalid(parameter: &'static str, reason: Reason) -> Error {
    Error::new(Code::AuthorizationResponseInvalid).about(parameter, reason)
}
