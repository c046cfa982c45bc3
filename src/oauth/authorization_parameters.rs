//! What an application says of an Authorization Request (RFC 6749 §4.1.1 and §4.2.1, OpenID Connect Core §3.1.2.1), and the
//! parameters that become of it.

use alloc::string::String;
use alloc::vec::Vec;

use super::authorization_request::{AuthorizationParameters, RequestParameters, asks_for_id_token};
use super::authorization_transaction::AuthorizationTransaction;
use super::entropy::Entropy;
use super::flows::Call;
use super::members::{self, Members};
use super::registered_client::RegisteredClient;
use super::requested_claims::RequestedClaims;
use super::response_type::{ResponseMode, ResponseType};
use super::secret::CodeVerifier;
use super::security_profile;
use super::token_request::append_extension;
use crate::error::{Code, Error, Reason};
use crate::text::{form, url};

/// An Authorization Request but for what nobody can guess.
pub(super) struct RequestOptions {
    common: RequestParameters,
    response_type: ResponseType,
    response_mode: ResponseMode,
    /// The mode as it was asked for.
    response_mode_name: Option<String>,
    claims: RequestedClaims,
    /// The parameters that are sent as they are.
    others: Vec<(String, String)>,
    /// Whether to push the request: if the server can, unless told.
    pub(super) push: Option<bool>,
    /// Whether to sign the request, also where the server does not require it.
    pub(super) sign: bool,
}

/// The parameters that are strings and mean nothing here.
const TEXTS: [&str; 3] = ["display", "ui_locales", "id_token_hint"];

/// Every other member.
const MEMBERS: [&str; 14] = [
    "redirect_uri",
    "scope",
    "resource",
    "response_type",
    "response_mode",
    "prompt",
    "login_hint",
    "acr_values",
    "max_age",
    "claims",
    "authorization_details",
    "parameters",
    "par",
    "requestObject",
];

/// The parameters and claims that nobody but the library sets: `state` and `nonce` are unguessable because they are its own.
const RESERVED: [&str; 16] = [
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
    "request",
    "request_uri",
    "client_id",
    "client_secret",
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
];

impl RequestOptions {
    /// Parses the parameters of `call`: `{ redirect_uri, response_type?, response_mode?, scope?, resource?, prompt?,
    /// login_hint?, acr_values?, max_age?, display?, ui_locales?, id_token_hint?, claims?, authorization_details?,
    /// parameters?, par?, requestObject? }`. The default of `response_type` is `code`; it must be there, and be another, in a
    /// request of the implicit grant.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option; [`Code::PkceNotSupported`], [`Code::MetadataInvalid`].
    pub(super) fn parse(call: &Call<'_>, is_implicit: bool) -> Result<Self, Error> {
        let known = [&MEMBERS[..], &TEXTS].concat();
        let options = members::parse_options(call.parameters, &known, |members| {
            let options = Self::read(members);
            members.require("response_type", options.response_type.is_implicit() == is_implicit);
            // RFC 6749 §3.1.2: "The endpoint URI MUST NOT include a fragment component."
            members.require("redirect_uri", !options.common.redirect_uri.contains('#'));
            if options.response_type.issues("id_token") {
                members.require("scope", asks_for_id_token(&options.common.scope));
            }
            options
        })?;
        if call.client.profile.is_some() {
            // FAPI 2.0 §5.3.2.2, 1 and 8: a code and nothing else, over TLS.
            security_profile::require("response_type", options.response_type == ResponseType::Code)?;
            let redirect_uri = &options.common.redirect_uri;
            security_profile::require("redirect_uri", url::require_secure(redirect_uri).is_ok())?;
        }
        if !is_implicit {
            call.server.metadata.require_pkce()?;
        } else if options.response_type.issues("token") && call.client.dpop.is_some() {
            // A token that the authorization endpoint issues is bound to nothing.
            return Err(Error::new(Code::OptionInvalid).about("dpop", Reason::Mismatch));
        }
        Ok(options)
    }

    fn read(members: &mut Members<'_>) -> Self {
        let response_type = members.optional_string("response_type");
        let response_type = ResponseType::named(response_type.as_deref().unwrap_or("code"));
        members.require("response_type", response_type.is_some());
        let response_type = response_type.unwrap_or(ResponseType::Code);
        let response_mode_name = members.optional_string("response_mode");
        let response_mode = ResponseMode::of(response_mode_name.as_deref(), response_type);
        members.require("response_mode", response_mode.is_some());
        let requested = members.optional_object("claims");
        let claims = requested.as_deref().and_then(RequestedClaims::of).unwrap_or_default();
        let mut others = members.optional_string_members("parameters");
        for (name, _) in &others {
            // What the library does not read, it would not check.
            if [&MEMBERS[..], &TEXTS, &RESERVED].iter().any(|names| names.contains(&name.as_str())) {
                members.refuse_with(Error::new(Code::OptionInvalid).about(name.clone(), Reason::Mismatch));
            }
        }
        for name in TEXTS {
            others.extend(members.optional_string(name).map(|value| (name.into(), value)));
        }
        let details = members.optional_array("authorization_details");
        for (name, json) in [("claims", requested), ("authorization_details", details)] {
            others.extend(json.map(|json| (name.into(), json)));
        }
        Self {
            common: RequestParameters {
                redirect_uri: members.string("redirect_uri"),
                scope: members.optional_string("scope").unwrap_or_default(),
                resource: members.optional_strings("resource").unwrap_or_default(),
                login: AuthorizationParameters {
                    return_to: None,
                    prompt: members.optional_string("prompt"),
                    login_hint: members.optional_string("login_hint"),
                    acr_values: members.optional_string("acr_values"),
                    max_age: members.optional_number("max_age"),
                },
            },
            response_type,
            response_mode: response_mode.unwrap_or_default(),
            response_mode_name,
            claims,
            others,
            push: members.optional_bool("par"),
            sign: members.optional_bool("requestObject") == Some(true),
        }
    }

    /// The transaction of the request of `client` at `issuer`, made at `now`.
    pub(super) fn transaction(
        &self,
        issuer: &str,
        client: &RegisteredClient,
        entropy: &mut Entropy,
        now: u64,
    ) -> AuthorizationTransaction {
        let (state, nonce) = (entropy.text(), entropy.text());
        let code_verifier = CodeVerifier::new(entropy.text());
        AuthorizationTransaction {
            common: self.common.transaction(issuer, &client.client_id, state, nonce, code_verifier, now),
            response_type: self.response_type,
            response_mode: self.response_mode,
            claims: self.claims.clone(),
        }
    }

    /// The parameters of the request of `transaction`, as a form.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about a parameter of an extension that the library sets.
    pub(super) fn form(
        &self,
        transaction: &AuthorizationTransaction,
        client: &RegisteredClient,
    ) -> Result<String, Error> {
        let mut form = String::new();
        self.common.append(&mut form, self.response_type.as_str(), &transaction.common);
        if let Some(key) = client.dpop.as_ref().filter(|_| self.response_type.issues("code")) {
            form::append(&mut form, "dpop_jkt", &key.thumbprint);
        }
        if let Some(name) = &self.response_mode_name {
            form::append(&mut form, "response_mode", name);
        }
        append_extension(&mut form, &self.others, &[])?;
        Ok(form)
    }
}
