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

    /// Adds a member whose value is JSON already.
    #[must_use]
    pub fn raw(mut self, name: &str, json: &str) -> Self {
        self.name(name);
        self.text.push_str(json);
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
        const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        self.text.push('"');
        for char in value.chars() {
            match char {
                '"' | '\\' => self.text.extend(['\\', char]),
                '\0'..='\u{1f}' => {
                    let code = u32::from(char);
                    let digit = |shift: u32| {
                        usize::try_from(code.wrapping_shr(shift) & 15)
                            .ok()
                            .and_then(|digit| HEX.get(digit).copied())
                            .unwrap_or('0')
                    };
                    self.text.push_str("\\u00");
                    self.text.extend([digit(4), digit(0)]);
                }
                char => self.text.push(char),
            }
        }
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let odd = "\"\\\n\u{1f}é😀";
        let text = Object::new()
            .string(odd, odd)
            .number("n", 0)
            .number("m", u64::MAX)
            .raw("r", "[1]")
            .optional_string("o", None)
            .finish();
        let document = Document::parse(text.as_bytes()).unwrap();
        assert_eq!(document.get(odd).unwrap().as_str().unwrap(), odd);
        assert_eq!(document.get("n").unwrap().raw(), "0");
        assert_eq!(document.get("m").unwrap().raw(), "18446744073709551615");
        assert_eq!(document.get("r").unwrap().elements().count(), 1);
        assert!(document.get("o").is_none());
    }
}
