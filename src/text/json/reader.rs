//! The parser.

use alloc::vec::Vec;
use core::ops::Range;

use super::{Document, Kind, MAX_DEPTH, Malformed, Node, duplicates, escapes};
use crate::text::words;

pub(super) fn read(text: &[u8]) -> Result<Document<'_>, Malformed> {
    let text = core::str::from_utf8(text).map_err(|_| Malformed)?;
    u32::try_from(text.len()).map_err(|_| Malformed)?;
    // Room for the nodes of a common claims set: to grow costs more than to have too much for a moment.
    let nodes = Vec::with_capacity((text.len() / 12).saturating_add(8));
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, document: Document { text, nodes } };
    reader.skip_white_space();
    reader.value(0)?;
    reader.skip_white_space();
    if reader.peek().is_some() {
        return Err(Malformed);
    }
    Ok(reader.document)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    document: Document<'a>,
}

// Most of this is inlined where tokens are verified; without them there is little to read, and a download to wait for.
impl Reader<'_> {
    #[cfg_attr(feature = "verify", inline(always))]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[cfg_attr(feature = "verify", inline(always))]
    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    #[cfg_attr(feature = "verify", inline(always))]
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.advance();
        }
        found
    }

    #[cfg_attr(feature = "verify", inline(always))]
    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        self.take(byte).then_some(()).ok_or(Malformed)
    }

    /// Takes `byte` and the white space before it; there is hardly ever any.
    #[cfg_attr(feature = "verify", inline(always))]
    fn take_next(&mut self, byte: u8) -> bool {
        self.take(byte) || {
            self.skip_white_space();
            self.take(byte)
        }
    }

    #[cfg_attr(feature = "verify", inline(always))]
    fn expect_next(&mut self, byte: u8) -> Result<(), Malformed> {
        self.take_next(byte).then_some(()).ok_or(Malformed)
    }

    #[cfg_attr(feature = "verify", inline(always))]
    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.advance();
        }
    }

    fn value(&mut self, depth: u32) -> Result<(), Malformed> {
        match self.peek().ok_or(Malformed)? {
            b'"' => self.string(),
            b'{' => self.object(depth.saturating_add(1)),
            b'[' => self.array(depth.saturating_add(1)),
            b't' => self.literal(b"true", Kind::True),
            b'f' => self.literal(b"false", Kind::False),
            b'n' => self.literal(b"null", Kind::Null),
            _ => self.number(),
        }
    }

    /// Adds a node that holds nothing else.
    #[cfg_attr(feature = "verify", inline(always))]
    fn leaf(&mut self, kind: Kind, start: usize, end: usize) -> Result<(), Malformed> {
        let next = self.document.nodes.len().saturating_add(1);
        self.push(kind, start..end, next)
    }

    #[cfg_attr(feature = "verify", inline(always))]
    fn push(&mut self, kind: Kind, range: Range<usize>, next: usize) -> Result<(), Malformed> {
        let small = |number: usize| u32::try_from(number).map_err(|_| Malformed);
        self.document.nodes.push(Node { kind, start: small(range.start)?, end: small(range.end)?, next: small(next)? });
        Ok(())
    }

    fn open(&mut self, kind: Kind, start: usize) -> Result<usize, Malformed> {
        let index = self.document.nodes.len();
        let start = u32::try_from(start).map_err(|_| Malformed)?;
        self.document.nodes.push(Node { kind, start, end: start, next: 0 });
        Ok(index)
    }

    fn close(&mut self, index: usize, end: usize) -> Result<(), Malformed> {
        let next = u32::try_from(self.document.nodes.len()).map_err(|_| Malformed)?;
        let node = self.document.nodes.get_mut(index).ok_or(Malformed)?;
        node.end = u32::try_from(end).map_err(|_| Malformed)?;
        node.next = next;
        Ok(())
    }

    fn literal(&mut self, word: &[u8], kind: Kind) -> Result<(), Malformed> {
        let start = self.at;
        let end = start.saturating_add(word.len());
        if self.bytes.get(start..end) != Some(word) {
            return Err(Malformed);
        }
        self.at = end;
        self.leaf(kind, start, end)
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.advance();
        }
        (self.at > start).then_some(()).ok_or(Malformed)
    }

    fn number(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        self.leaf(Kind::Number, start, self.at)
    }

    #[cfg_attr(feature = "verify", inline(always))]
    fn string(&mut self) -> Result<(), Malformed> {
        self.expect_next(b'"')?;
        let start = self.at;
        self.skip_plain();
        if self.take(b'"') {
            return self.leaf(Kind::Plain, start, self.at.saturating_sub(1));
        }
        self.escaped(start)
    }

    /// A string from its first escape on.
    #[cold]
    #[inline(never)]
    fn escaped(&mut self, start: usize) -> Result<(), Malformed> {
        while !self.take(b'"') {
            self.expect(b'\\')?;
            let escape = self.bytes.get(self.at..).and_then(escapes::length).ok_or(Malformed)?;
            self.at = self.at.saturating_add(escape);
            self.skip_plain();
        }
        let end = self.at.saturating_sub(1);
        // Lone surrogates and NUL are seen only when the escapes are resolved.
        self.document.text.get(start..end).and_then(escapes::unescape).ok_or(Malformed)?;
        self.leaf(Kind::Escaped, start, end)
    }

    /// Moves to the first byte of a string that is not itself: a quote, a backslash, a control character, or the end.
    #[cfg_attr(feature = "verify", inline(always))]
    fn skip_plain(&mut self) {
        let special = |word| words::equal(word, b'"') | words::equal(word, b'\\') | words::below(word, b' ');
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = self.at.saturating_add(words::position(rest, special).unwrap_or(rest.len()));
    }

    fn array(&mut self, depth: u32) -> Result<(), Malformed> {
        let index = self.enter(Kind::Array, depth)?;
        if !self.take(b']') {
            loop {
                self.skip_white_space();
                self.value(depth)?;
                if !self.take_next(b',') {
                    break;
                }
            }
            self.expect_next(b']')?;
        }
        self.close(index, self.at)
    }

    fn object(&mut self, depth: u32) -> Result<(), Malformed> {
        let index = self.enter(Kind::Object, depth)?;
        let first = self.document.nodes.len();
        let mut members = 0_usize;
        if !self.take(b'}') {
            loop {
                self.string()?;
                self.expect_next(b':')?;
                self.skip_white_space();
                self.value(depth)?;
                members = members.saturating_add(1);
                if !self.take_next(b',') {
                    break;
                }
            }
            self.expect_next(b'}')?;
        }
        self.close(index, self.at)?;
        duplicates::refuse(&self.document, first, members)
    }

    fn enter(&mut self, kind: Kind, depth: u32) -> Result<usize, Malformed> {
        if depth > MAX_DEPTH {
            return Err(Malformed);
        }
        let index = self.open(kind, self.at)?;
        self.advance();
        self.skip_white_space();
        Ok(index)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, MAX_DEPTH};
    use std::string::String;

    fn accepts(text: &str) -> bool {
        Document::parse(text.as_bytes()).is_ok()
    }

    /// Eight bytes are looked at together: none may be mistaken for its neighbour.
    #[test]
    fn what_a_string_may_hold_does_not_depend_on_where_it_stands() {
        for byte in 0..=255_u8 {
            for (before, after) in ["", "!", "#[]", "\u{7f}abcdef", "\\n", "\u{e9}\u{1f600}"]
                .into_iter()
                .zip(["]", "", "#"].into_iter().cycle())
            {
                for at in 0..18 {
                    let text = [b"\"", "a".repeat(at).as_bytes(), before.as_bytes(), &[byte], after.as_bytes(), b"\""]
                        .concat();
                    let expected = serde_json::from_slice::<String>(&text).is_ok();
                    assert_eq!(Document::parse(&text).is_ok(), expected, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn the_grammar_is_rfc_8259() {
        for good in [
            "{}",
            " [ ] ",
            "0",
            "-0",
            "1.5e-3",
            "\"\"",
            "true",
            "null",
            r#"{"a":[1,{"b":"\u00e9\\\/"}]}"#,
            r#""\ud83d\ude00""#,
        ] {
            assert!(accepts(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "{",
            "}",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "0x1",
            "NaN",
            "Infinity",
            "tru",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\t\"",
            "\"\u{0}\"",
            "1 2",
            "{} {}",
            "/**/{}",
            "\u{feff}{}",
            "[1 2]",
            "{\"a\" 1}",
            "{1:2}",
            "nulll",
        ] {
            assert!(!accepts(bad), "{bad:?}");
        }
    }

    #[test]
    fn text_is_utf_8() {
        assert!(Document::parse(b"\"\xff\"").is_err());
        assert!(Document::parse(b"\"\xed\xa0\x80\"").is_err(), "surrogate in UTF-8");
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(accepts(&nested(MAX_DEPTH as usize)));
        assert!(!accepts(&nested(MAX_DEPTH as usize + 1)));
        assert!(!accepts(&"[".repeat(1_000_000)));
        assert!(!accepts(&r#"{"a":"#.repeat(100_000)));
    }

    #[test]
    fn values_are_read_as_they_are() {
        let document =
            Document::parse(br#"{"s":"a\n\u00e9","n":12,"b":true,"z":null,"a":["x",{"y":1}],"__proto__":{}}"#).unwrap();
        assert_eq!(document.get("s").unwrap().as_str().unwrap(), "a\n\u{e9}");
        assert_eq!(document.get("n").unwrap().as_u64(), Some(12));
        assert_eq!(document.get("b").unwrap().as_bool(), Some(true));
        assert!(document.get("z").unwrap().is_null());
        let array = document.get("a").unwrap();
        assert_eq!(array.elements().count(), 2);
        assert_eq!(array.elements().nth(1).unwrap().get("y").unwrap().raw(), "1");
        assert!(document.get("toString").is_none());
        assert_eq!(document.root().members().count(), 6);
    }
}
