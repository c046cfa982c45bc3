//! The parser.

use alloc::borrow::Cow;
use alloc::collections::BinaryHeap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Document, Kind, MAX_DEPTH, Malformed, Node};

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

/// Resolves the escapes of a string whose grammar [`read`] has accepted, or `None` for a lone surrogate or a NUL.
pub(super) fn unescape(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.bytes().position(|byte| byte == b'\\') {
        let (plain, escape) = rest.split_at_checked(at)?;
        out.push_str(plain);
        let (letter, after) = escape.get(1..)?.split_at_checked(1)?;
        rest = after;
        out.push(match letter.bytes().next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => scalar_value(&mut rest)?,
            other => char::from(other),
        });
    }
    out.push_str(rest);
    Some(out)
}

/// The character that one or two code units spell. The `\u` of the first is read already.
fn scalar_value(rest: &mut &str) -> Option<char> {
    let mut scalar = code_unit(rest)?;
    if scalar & 0xfc00 == 0xd800 {
        *rest = rest.strip_prefix("\\u")?;
        let low = code_unit(rest).filter(|low| low & 0xfc00 == 0xdc00)?;
        scalar = 0x1_0000_u32.wrapping_add((scalar & 0x3ff) << 10 | low & 0x3ff);
    }
    char::from_u32(scalar).filter(|char| *char != '\0')
}

fn code_unit(rest: &mut &str) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    u32::from_str_radix(digits, 16).ok()
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    document: Document<'a>,
}

impl Reader<'_> {
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    #[inline(always)]
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        self.take(byte).then_some(()).ok_or(Malformed)
    }

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
    fn leaf(&mut self, kind: Kind, start: usize, end: usize) -> Result<(), Malformed> {
        let index = self.open(kind, start)?;
        self.close(index, end)
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

    fn string(&mut self) -> Result<(), Malformed> {
        self.expect(b'"')?;
        let start = self.at;
        let mut kind = Kind::Plain;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).ok_or(Malformed)?;
            self.at = self.at.saturating_add(plain);
            if self.take(b'"') {
                break;
            }
            self.expect(b'\\')?;
            kind = Kind::Escaped;
            self.escape()?;
        }
        let end = self.at.saturating_sub(1);
        self.leaf(kind, start, end)?;
        // Lone surrogates and NUL are seen only when the escapes are resolved.
        if kind == Kind::Escaped && self.document.text.get(start..end).and_then(unescape).is_none() {
            return Err(Malformed);
        }
        Ok(())
    }

    #[cold]
    fn escape(&mut self) -> Result<(), Malformed> {
        let letter = self.peek().ok_or(Malformed)?;
        self.advance();
        match letter {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => {
                let end = self.at.saturating_add(4);
                let digits = self.bytes.get(self.at..end).ok_or(Malformed)?;
                self.at = end;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(()).ok_or(Malformed)
            }
            _ => Err(Malformed),
        }
    }

    fn array(&mut self, depth: u32) -> Result<(), Malformed> {
        let index = self.enter(Kind::Array, depth)?;
        if !self.take(b']') {
            loop {
                self.skip_white_space();
                self.value(depth)?;
                self.skip_white_space();
                if !self.take(b',') {
                    break;
                }
            }
            self.expect(b']')?;
        }
        self.close(index, self.at)
    }

    fn object(&mut self, depth: u32) -> Result<(), Malformed> {
        let index = self.enter(Kind::Object, depth)?;
        let first = self.document.nodes.len();
        let mut members = 0_usize;
        if !self.take(b'}') {
            loop {
                self.skip_white_space();
                self.string()?;
                self.skip_white_space();
                self.expect(b':')?;
                self.skip_white_space();
                self.value(depth)?;
                self.skip_white_space();
                members = members.saturating_add(1);
                if !self.take(b',') {
                    break;
                }
            }
            self.expect(b'}')?;
        }
        self.close(index, self.at)?;
        self.refuse_duplicates(first, members)
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

    fn refuse_duplicates(&self, first: usize, members: usize) -> Result<(), Malformed> {
        // For the few members of a claims set this beats any order of them, and would be quadratic for many.
        const FEW: usize = 32;
        if members > FEW {
            return self.refuse_duplicates_of_many(first, members);
        }
        let mut seen = 0_u64;
        let mut names = self.names(first);
        for index in 0..members {
            let name = names.next().ok_or(Malformed)?;
            let mark = mark(&name);
            if seen & mark != 0 && self.names(first).take(index).any(|earlier| earlier == name) {
                return Err(Malformed);
            }
            seen |= mark;
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn refuse_duplicates_of_many(&self, first: usize, members: usize) -> Result<(), Malformed> {
        let mut in_order: BinaryHeap<_> = self.names(first).take(members).collect();
        let mut last = None;
        while let Some(name) = in_order.pop() {
            if last.as_ref() == Some(&name) {
                return Err(Malformed);
            }
            last = Some(name);
        }
        Ok(())
    }

    /// The names of an object, of which the node of the first is at `first`.
    fn names(&self, first: usize) -> impl Iterator<Item = Cow<'_, str>> {
        let node = |index: u32| self.document.node(index);
        let mut at = u32::try_from(first).ok();
        core::iter::from_fn(move || {
            let name = node(at?)?;
            at = node(name.next).map(|value| value.next);
            self.document.string(name)
        })
    }
}

/// One bit, which is the same for the same name.
fn mark(name: &str) -> u64 {
    let letter = |byte: Option<&u8>| byte.map_or(0, |byte| u32::from(*byte));
    let bytes = name.as_bytes();
    let ends = letter(bytes.first()).wrapping_mul(7).wrapping_add(letter(bytes.last()));
    1_u64.wrapping_shl(ends.wrapping_add(u32::try_from(bytes.len()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::super::{Document, MAX_DEPTH};
    use std::string::String;

    fn accepts(text: &str) -> bool {
        Document::parse(text.as_bytes()).is_ok()
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
    fn duplicate_members_are_refused_at_every_depth_and_in_every_spelling() {
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":[{"a":1,"b":2,"a":3}]}"#,
            r#"{"\/":1,"/":2}"#,
            r#"{"\ud83d\ude00":1,"😀":2}"#,
        ] {
            assert!(!accepts(bad), "{bad}");
        }
        assert!(accepts(r#"{"a":{"a":1},"b":{"a":1},"A":0}"#));
    }

    #[test]
    fn duplicates_are_found_among_thousands_of_members() {
        let mut text = String::from("{");
        for index in 0..5000 {
            text += &std::format!("\"m{index}\":{index},");
        }
        assert!(accepts(&(text.clone() + "\"last\":0}")));
        assert!(!accepts(&(text + "\"m0\":0}")));
    }

    #[test]
    fn what_parsers_read_differently_is_refused() {
        assert!(Document::parse(b"\"\xff\"").is_err(), "invalid UTF-8");
        assert!(Document::parse(b"\"\xed\xa0\x80\"").is_err(), "surrogate in UTF-8");
        for bad in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\u0041""#, r#""\ud800x""#, r#""\u0000""#, r#"{"\u0000":1}"#]
        {
            assert!(!accepts(bad), "{bad}");
        }
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
