//! Text formats, each read strictly: what two parsers could read differently is refused.

pub mod base64url;
pub mod form;
pub mod json;
pub mod url;

/// The text is not of its format. Callers say which failure that is to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;
