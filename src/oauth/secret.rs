//! Texts that grant access. They never show in `Debug`.

use alloc::string::String;
use core::fmt;

macro_rules! secrets {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, PartialEq, Eq)]
            pub struct $name(String);

            impl $name {
                pub(super) const fn new(text: String) -> Self {
                    Self(text)
                }

                /// The text itself.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(concat!(stringify!($name), "(..)"))
                }
            }
        )+
    };
}

secrets! {
    /// A code verifier (RFC 7636 §4.1).
    CodeVerifier;
    /// An authorization code, which only a validated Authorization Response has (RFC 6749 §4.1.2).
    AuthorizationCode;
    /// An access token (RFC 6749 §1.4).
    AccessToken;
    /// A refresh token (RFC 6749 §1.5).
    RefreshToken;
    /// An ID token, in compact serialization (OpenID Connect Core §2).
    IdToken;
}
