//! What is asked of a token, when it is introspected or revoked.

use alloc::string::String;
use alloc::vec::Vec;

use super::endpoint_request::EndpointRequest;
use super::flows::Call;
use super::members::Members;
use super::token_request::append_extension;
use crate::error::Error;
use crate::text::form;

/// A token to ask about or to revoke (RFC 7009 §2.1, RFC 7662 §2.1).
pub(super) struct TokenInQuestion {
    token: String,
    token_type_hint: Option<String>,
    /// Parameters of extensions.
    extension: Vec<(String, String)>,
}

impl TokenInQuestion {
    /// The members that it has.
    pub(super) const MEMBERS: [&str; 3] = ["token", "token_type_hint", "parameters"];

    /// Reads `token`, `token_type_hint` and `parameters`, an object of strings.
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        Self {
            token: members.string("token"),
            token_type_hint: members.optional_string("token_type_hint"),
            extension: members.optional_string_members("parameters"),
        }
    }

    /// The request of the endpoint `name` about it, which accepts an answer of `media_type`.
    ///
    /// # Errors
    /// [`crate::error::Code::MetadataInvalid`], [`crate::error::Code::FetchInsecure`], and
    /// [`crate::error::Code::OptionInvalid`] about a parameter of an extension.
    pub(super) fn request(
        self,
        call: Call<'_>,
        name: &'static str,
        media_type: &str,
    ) -> Result<EndpointRequest, Error> {
        let mut body = form::encode([("token", self.token.as_str())]);
        if let Some(hint) = &self.token_type_hint {
            form::append(&mut body, "token_type_hint", hint);
        }
        append_extension(&mut body, &self.extension, &Self::MEMBERS)?;
        EndpointRequest::new(call, name, &body, media_type)
    }
}
