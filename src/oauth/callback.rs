//! What arrived at the `redirect_uri`: a URL, or a form that the browser posted.

use alloc::string::String;

use super::authorization_response::{ResponseParameters, invalid};
use super::jarm;
use super::members::Members;
use super::response_type::Way;
use crate::error::{Code, Error, Reason};
use crate::text::cut;

/// An Authorization Response as it arrived.
pub(super) enum Callback {
    /// The URL of the callback, whose query and fragment may hold the parameters.
    Url(String),
    /// The body of a `POST`.
    Form(String),
}

impl Callback {
    /// The members that it has.
    pub(super) const MEMBERS: [&str; 2] = ["url", "form"];

    /// Reads `url` or `form`, of which one is there.
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        match members.optional_string("form") {
            None => Self::Url(members.string("url")),
            Some(form) => {
                members.require("url", members.get("url").is_none());
                Self::Form(form)
            }
        }
    }

    /// The parameters that came this way.
    ///
    /// # Errors
    /// [`Code::StateMissing`] when none came at all; [`Code::AuthorizationResponseInvalid`] when they are malformed, and about
    /// `response_mode` when they came another way.
    pub(super) fn parameters(&self, way: Way) -> Result<ResponseParameters, Error> {
        let parameters = self.part(way).map(ResponseParameters::parse).transpose()?;
        parameters
            .filter(is_response)
            .ok_or_else(|| self.require_response().err().unwrap_or_else(|| invalid("response_mode", Reason::Mismatch)))
    }

    /// Requires that this is a response at all.
    ///
    /// # Errors
    /// [`Code::StateMissing`]; [`Code::AuthorizationResponseInvalid`] when there may be one in what cannot be read.
    pub(super) fn require_response(&self) -> Result<(), Error> {
        let mut failure = Error::new(Code::StateMissing);
        for parameters in self.parts() {
            match parameters {
                Ok(parameters) if is_response(&parameters) => return Ok(()),
                Ok(_) => {}
                Err(malformed) => failure = malformed,
            }
        }
        Err(failure)
    }

    /// The `state`, by which a transaction can be looked up and nothing else done: who sent it is not known.
    pub(super) fn unverified_state(&self) -> Option<String> {
        self.parts().flatten().find_map(|parameters| match parameters.get("state") {
            Ok(Some(state)) => Some(state.into()),
            _ => jarm::unverified_state(parameters.get("response").ok()??),
        })
    }

    /// The parameters of each part.
    fn parts(&self) -> impl Iterator<Item = Result<ResponseParameters, Error>> {
        let parts = [Way::Query, Way::Fragment, Way::FormPost].into_iter().filter_map(|way| self.part(way));
        parts.map(ResponseParameters::parse)
    }

    fn part(&self, way: Way) -> Option<&str> {
        match (self, way) {
            (Self::Url(url), Way::Query) => cut(cut(url, b"#").0, b"?").1,
            (Self::Url(url), Way::Fragment) => cut(url, b"#").1,
            (Self::Form(form), Way::FormPost) => Some(form),
            _ => None,
        }
    }
}

/// Whether these are the parameters of a response, and not some of the application.
fn is_response(parameters: &ResponseParameters) -> bool {
    parameters.has("state") || parameters.has("response")
}
