//! Reading the members of a JSON object, each with the type that it must have. `null` counts as absent: it is how
//! some servers spell that.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Error, Reason};
use crate::text::json::{Document, Value};

/// The members of an object, whose failures have one code.
#[derive(Clone, Copy)]
pub(super) struct Members<'d> {
    object: Value<'d>,
    code: Code,
}

impl<'d> Members<'d> {
    pub(super) fn of(document: &'d Document<'d>, code: Code) -> Self {
        Self { object: document.root(), code }
    }

    pub(super) fn get(self, name: &str) -> Option<Value<'d>> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn optional<T>(
        self,
        name: &'static str,
        read: impl FnOnce(Value<'d>) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        self.get(name).map(|value| read(value).ok_or_else(|| self.failure(name, Reason::Malformed))).transpose()
    }

    pub(super) fn optional_string(self, name: &'static str) -> Result<Option<String>, Error> {
        self.optional(name, string)
    }

    /// A string that is present and not empty.
    pub(super) fn string(self, name: &'static str) -> Result<String, Error> {
        let text = self.optional_string(name)?.ok_or_else(|| self.failure(name, Reason::Missing))?;
        if text.is_empty() { Err(self.failure(name, Reason::Malformed)) } else { Ok(text) }
    }

    /// One string, or an array of strings.
    pub(super) fn optional_strings(self, name: &'static str) -> Result<Option<Vec<String>>, Error> {
        self.optional(name, |value| match string(value) {
            Some(one) => Some([one].into()),
            None if value.is_array() => value.elements().map(string).collect(),
            None => None,
        })
    }

    pub(super) fn failure(self, name: &'static str, reason: Reason) -> Error {
        Error::new(self.code).about(name, reason)
    }
}

fn string(value: Value<'_>) -> Option<String> {
    value.as_str().map(|text| text.into_owned())
}
