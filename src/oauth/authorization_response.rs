//! The Authorization Response of the code flow (RFC 6749 §4.1.2, RFC 9207).

use alloc::string::String;
use alloc::vec::Vec;

use super::error_response::described_error;
use super::secret::AuthorizationCode;
use super::transaction::Transaction;
use crate::error::{Code, Error, Reason};
use crate::text::form;

/// The parameters of a response of the code flow, each of which stands in it at most once.
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
        let query = Query::parse(url)?;
        let state = query.get("state")?.ok_or(Code::StateMissing)?;
        let transaction = Transaction::from_json(transaction.ok_or(Code::StateUnknown)?)?;
        transaction.validate(state, issuer, client_id, now)?;
        for name in PARAMETERS {
            query.get(name)?;
        }
        if let Some(name) = UNEXPECTED.into_iter().find(|name| query.has(name)) {
            return Err(invalid(name, Reason::Mismatch));
        }
        let iss = query.get("iss")?;
        if iss.is_some_and(|iss| iss != transaction.issuer) {
            return Err(Error::new(Code::IssuerMismatch).about("iss", Reason::Mismatch));
        }
        match (query.get("code")?, query.get("error")?) {
            (Some(code), None) => {
                Ok((Self { code: AuthorizationCode::new(code.into()), has_iss: iss.is_some() }, transaction))
            }
            (None, Some(error)) => Err(described_error(
                Code::AuthorizationResponseError,
                None,
                Some(error),
                query.get("error_description")?,
                "",
            )),
            (None, None) => Err(invalid("code", Reason::Missing)),
            (Some(_), Some(_)) => Err(invalid("error", Reason::Mismatch)),
        }
    }
}

struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    fn parse(url: &str) -> Result<Self, Error> {
        let url = url.split('#').next().unwrap_or_default();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let pairs = form::parse(query).map_err(|_| Code::AuthorizationResponseInvalid)?;
        Ok(Self { pairs })
    }

    fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// The value of a parameter. One without a value counts as omitted (RFC 6749 §3.1).
    fn get(&self, name: &'static str) -> Result<Option<&str>, Error> {
        let mut values = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next();
        if values.next().is_some() {
            return Err(invalid(name, Reason::Malformed));
        }
        Ok(value.filter(|value| !value.is_empty()))
    }
}

fn invalid(parameter: &'static str, reason: Reason) -> Error {
    Error::new(Code::AuthorizationResponseInvalid).about(parameter, reason)
}
