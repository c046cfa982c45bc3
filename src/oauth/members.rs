//! Reading the members of a JSON object, each with the type that it must have.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Error, Reason};
use crate::text::json::{Document, Value};

/// More seconds than these, which are 35,000 years, are as if they were these: JavaScript holds their sum with any time exactly.
const MAX_LIFETIME: u64 = 1 << 40;

/// The members of an object. The first of them that is not as it must be is remembered, so that reading a record is a
/// plain list of its members. `null` counts as absent: it is how some servers spell that.
pub(super) struct Members<'d> {
    object: Value<'d>,
    code: Code,
    failure: Option<Error>,
}

/// What `reading` makes of the object in `json`.
///
/// # Errors
/// `code`, about the first member that `reading` refuses.
pub(super) fn parse<T>(json: &[u8], code: Code, mut reading: impl FnMut(&mut Members<'_>) -> T) -> Result<T, Error> {
    let mut value = None;
    parse_with(json, code, &mut |members| value = Some(reading(members)))?;
    value.ok_or_else(|| code.into())
}

/// The part of [`parse`] that is the same for every record, and so is there once.
#[inline(never)]
fn parse_with(json: &[u8], code: Code, reading: &mut dyn FnMut(&mut Members<'_>)) -> Result<(), Error> {
    let document = Document::parse_object(json).map_err(|_| code)?;
    read(&document, code, reading)
}

/// What `reading` makes of the options in `json`. A member that is not `known`, or `null`, is refused: it would have no
/// effect.
///
/// # Errors
/// [`Code::OptionInvalid`], about the first member that is not known or that `reading` refuses.
pub(super) fn parse_options<T>(
    json: &str,
    known: &[&str],
    mut reading: impl FnMut(&mut Members<'_>) -> T,
) -> Result<T, Error> {
    parse(json.as_bytes(), Code::OptionInvalid, |members| {
        members.refuse_all_but(known);
        reading(members)
    })
}

/// What `reading` makes of the object that is `document`; errors as [`parse`].
pub(super) fn read<'d, T>(
    document: &'d Document<'d>,
    code: Code,
    reading: impl FnOnce(&mut Members<'d>) -> T,
) -> Result<T, Error> {
    let mut members = Members { object: document.root(), code, failure: None };
    let value = reading(&mut members);
    members.failure.map_or(Ok(value), Err)
}

// None of this is inlined: it is called a hundred times, and each call is to cost a few bytes.
impl<'d> Members<'d> {
    #[inline(never)]
    pub(super) fn get(&self, name: &str) -> Option<Value<'d>> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// The object as it stands in the text.
    #[cfg(feature = "oauth")]
    pub(super) fn raw(&self) -> &'d str {
        self.object.raw()
    }

    /// Refuses the member `name`, unless another was refused before.
    #[inline(never)]
    pub(super) fn refuse(&mut self, name: &'static str, reason: Reason) {
        self.refuse_with(Error::new(self.code).about(name, reason));
    }

    #[inline(never)]
    pub(super) fn refuse_with(&mut self, error: Error) {
        self.failure.get_or_insert(error);
    }

    /// Refuses each member that is not `known`, or `null`: what is that here was NaN or a mistake there.
    #[inline(never)]
    fn refuse_all_but(&mut self, known: &[&str]) {
        for (name, value) in self.object.members() {
            if value.is_null() || !known.contains(&name.as_ref()) {
                self.refuse_with(Error::new(Code::OptionInvalid).about(name.into_owned(), Reason::Mismatch));
            }
        }
    }

    /// Refuses the member `name` as a mismatch unless `holds`.
    #[inline(never)]
    pub(super) fn require(&mut self, name: &'static str, holds: bool) {
        if !holds {
            self.refuse(name, Reason::Mismatch);
        }
    }

    /// The `value` of the member `name`, which is refused as missing where there is none.
    #[inline(never)]
    pub(super) fn required<T: Default>(&mut self, name: &'static str, value: Option<T>) -> T {
        if value.is_none() {
            self.refuse(name, Reason::Missing);
        }
        value.unwrap_or_default()
    }

    fn optional<T>(&mut self, name: &'static str, read: impl FnOnce(Value<'d>) -> Option<T>) -> Option<T> {
        let value = read(self.get(name)?);
        if value.is_none() {
            self.refuse(name, Reason::Malformed);
        }
        value
    }

    #[inline(never)]
    pub(super) fn optional_string(&mut self, name: &'static str) -> Option<String> {
        self.optional(name, string)
    }

    /// A string that must be there and not be empty.
    #[inline(never)]
    pub(super) fn string(&mut self, name: &'static str) -> String {
        let text = self.optional_string(name);
        match &text {
            None => self.refuse(name, Reason::Missing),
            Some(text) if text.is_empty() => self.refuse(name, Reason::Malformed),
            Some(_) => {}
        }
        text.unwrap_or_default()
    }

    /// One string, or an array of strings.
    #[inline(never)]
    pub(super) fn optional_strings(&mut self, name: &'static str) -> Option<Vec<String>> {
        self.optional(name, |value| {
            let mut strings = Vec::new();
            if !value.is_array() {
                strings.push(string(value)?);
            }
            for element in value.elements() {
                strings.push(string(element)?);
            }
            Some(strings)
        })
    }

    #[inline(never)]
    pub(super) fn optional_bool(&mut self, name: &'static str) -> Option<bool> {
        self.optional(name, Value::as_bool)
    }

    /// A whole number that is not negative.
    #[inline(never)]
    pub(super) fn optional_number(&mut self, name: &'static str) -> Option<u64> {
        self.optional(name, Value::as_u64)
    }

    /// The whole second of a NumericDate that is not negative.
    #[inline(never)]
    pub(super) fn optional_second(&mut self, name: &'static str) -> Option<u64> {
        self.optional(name, second)
    }

    /// A number of seconds, which some servers write as a string of digits.
    #[inline(never)]
    pub(super) fn optional_lifetime(&mut self, name: &'static str) -> Option<u64> {
        let seconds = self.optional(name, |value| match value.as_str() {
            Some(digits) => lifetime(&digits),
            None => second(value),
        });
        seconds.map(|seconds| seconds.min(MAX_LIFETIME))
    }

    /// The JSON of an array.
    #[cfg(feature = "oauth")]
    #[inline(never)]
    pub(super) fn optional_array(&mut self, name: &'static str) -> Option<String> {
        self.optional(name, |value| value.is_array().then(|| value.raw().into()))
    }

    /// The members of an object of strings.
    #[cfg(feature = "oauth")]
    #[inline(never)]
    pub(super) fn optional_string_members(&mut self, name: &'static str) -> Vec<(String, String)> {
        let members = self.optional(name, |object| {
            object.is_object().then_some(())?;
            object.members().map(|(name, value)| Some((name.into_owned(), string(value)?))).collect()
        });
        members.unwrap_or_default()
    }

    /// The JSON of an object that must be there.
    #[cfg(feature = "oauth")]
    #[inline(never)]
    pub(super) fn object(&mut self, name: &'static str) -> String {
        let object = self.optional_object(name);
        self.required(name, object)
    }

    /// The JSON of an object.
    #[inline(never)]
    pub(super) fn optional_object(&mut self, name: &'static str) -> Option<String> {
        self.optional(name, |value| value.is_object().then(|| value.raw().into()))
    }
}

/// A number of seconds that is written in digits alone, and exact in JavaScript.
pub(super) fn lifetime(digits: &str) -> Option<u64> {
    let seconds: u64 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    (seconds < 1 << 53).then(|| seconds.min(MAX_LIFETIME))
}

#[inline(never)]
fn string(value: Value<'_>) -> Option<String> {
    value.as_str().map(|text| text.into_owned())
}

fn second(value: Value<'_>) -> Option<u64> {
    u64::try_from(value.as_numeric_date()?.floor).ok()
}
