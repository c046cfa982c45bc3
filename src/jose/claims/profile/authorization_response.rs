//! The kind of JWT that only a client gets, and so is no value of the option `profile`.

use super::{Profile, TYPES, Typ};

/// An Authorization Response (JARM §2.1). It has no type of its own, but tokens of another kind do.
pub static AUTHORIZATION_RESPONSE: Profile = Profile {
    name: "authorization_response",
    symmetric: false,
    typ: Some(Typ { media_type: "JWT", is_required: false }),
    required: &["iss", "aud", "exp"],
    strings: &["iss", "state", "code", "error"],
    checks: &[TYPES],
};
