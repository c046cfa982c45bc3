//! Writing JSON.

use alloc::string::String;

use crate::text::decimal;

/// An object that is written member by member.
#[derive(Debug)]
pub struct Object {
    text: String,
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self { text: String::from("{") }
    }

    /// Adds a string member.
    #[must_use]
    pub fn string(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        self.quote(value);
        self
    }

    /// Adds a string member if there is a value.
    #[must_use]
    pub fn optional_string(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.string(name, value),
            None => self,
        }
    }

    /// Adds a whole number.
    #[must_use]
    pub fn number(mut self, name: &str, value: u64) -> Self {
        self.name(name);
        self.text.push_str(&decimal(value));
        self
    }

    /// Adds a whole number if there is a value.
    #[must_use]
    pub fn optional_number(self, name: &str, value: Option<u64>) -> Self {
        match value {
            Some(value) => self.number(name, value),
            None => self,
        }
    }

    /// Adds a member whose value is JSON already.
    #[must_use]
    pub fn raw(mut self, name: &str, json: &str) -> Self {
        self.name(name);
        self.text.push_str(json);
        self
    }

    /// Adds a member whose value is JSON already, if there is a value.
    #[must_use]
    pub fn optional_raw(self, name: &str, json: Option<&str>) -> Self {
        match json {
            Some(json) => self.raw(name, json),
            None => self,
        }
    }

    /// Adds an array of strings.
    #[must_use]
    pub fn strings(mut self, name: &str, values: &[String]) -> Self {
        self.name(name);
        self.text.push('[');
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.quote(value);
        }
        self.text.push(']');
        self
    }

    /// The text of the object.
    pub fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }

    fn name(&mut self, name: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        self.quote(name);
        self.text.push(':');
    }

    fn quote(&mut self, value: &str) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        self.text.push('"');
        let mut rest = value;
        while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
            && let Some((plain, special)) = rest.split_at_checked(at)
            && let Some((special, after)) = special.split_at_checked(1)
        {
            rest = after;
            self.text.push_str(plain);
            self.text.push('\\');
            match special.bytes().next() {
                Some(control @ 0..=0x1f) => {
                    self.text.push_str("u00");
                    for digit in [control >> 4, control & 15] {
                        self.text.extend(HEX.get(usize::from(digit)).copied().map(char::from));
                    }
                }
                _ => self.text.push_str(special),
            }
        }
        self.text.push_str(rest);
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;
    use std::vec::Vec;

    #[test]
    fn what_is_written_reads_back() {
        let odd = "\"\\\n\u{1f}é😀";
        let text = Object::new()
            .string(odd, odd)
            .number("n", 0)
            .number("m", u64::MAX)
            .raw("r", "[1]")
            .strings("s", &[odd.into(), String::new()])
            .strings("e", &[])
            .optional_string("o", None)
            .optional_number("o", None)
            .optional_raw("o", None)
            .optional_number("p", Some(1))
            .optional_raw("q", Some("{}"))
            .finish();
        let document = Document::parse(text.as_bytes()).unwrap();
        assert_eq!(document.get(odd).unwrap().as_str().unwrap(), odd);
        assert_eq!(document.get("n").unwrap().raw(), "0");
        assert_eq!(document.get("m").unwrap().raw(), "18446744073709551615");
        assert_eq!(document.get("r").unwrap().elements().count(), 1);
        let strings: Vec<_> = document.get("s").unwrap().elements().map(|value| value.as_str().unwrap()).collect();
        assert_eq!(strings, [odd, ""]);
        assert_eq!(document.get("e").unwrap().raw(), "[]");
        assert_eq!(document.get("p").unwrap().raw(), "1");
        assert_eq!(document.get("q").unwrap().raw(), "{}");
        assert!(document.get("o").is_none());
    }
}
