//! The parser.

use alloc::borrow::Cow;
use alloc::collections::BinaryHeap;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

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

    #[inline(always)]
    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        self.take(byte).then_some(()).ok_or(Malformed)
    }

    #[inline(always)]
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
    #[inline(always)]
    fn leaf(&mut self, kind: Kind, start: usize, end: usize) -> Result<(), Malformed> {
        let next = self.document.nodes.len().saturating_add(1);
        self.push(kind, start..end, next)
    }

    #[inline(always)]
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

    #[inline(always)]
    fn string(&mut self) -> Result<(), Malformed> {
        self.expect(b'"')?;
        let start = self.at;
        let mut kind = Kind::Plain;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at = self.at.saturating_add(plain_bytes(rest));
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
        for (index, (kind, name)) in self.spelled_names(first).take(members).enumerate() {
            if kind == Kind::Escaped {
                return self.refuse_duplicates_of_many(first, members);
            }
            let mark = mark(name);
            if seen & mark != 0 && self.spelled_names(first).take(index).any(|(_, earlier)| earlier == name) {
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
        let mut at = first;
        core::iter::from_fn(move || self.document.string(*self.next_name(&mut at)?))
    }

    /// The same names as they are spelled.
    fn spelled_names(&self, first: usize) -> impl Iterator<Item = (Kind, &[u8])> {
        let mut at = first;
        core::iter::from_fn(move || {
            let name = self.next_name(&mut at)?;
            Some((name.kind, self.bytes.get(name.range())?))
        })
    }

    /// The node of the name at `at`, which is moved to the next one.
    #[inline(always)]
    fn next_name(&self, at: &mut usize) -> Option<&Node> {
        let [name, value, ..] = self.document.nodes.get(*at..)? else { return None };
        *at = usize::try_from(value.next).ok()?;
        Some(name)
    }
}

/// How many bytes of a string stand in `text` before the first that is not itself: a quote, a backslash, a control
/// character, or the end. Eight are looked at together.
#[inline(always)]
fn plain_bytes(text: &[u8]) -> usize {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    const TOP: u64 = u64::from_le_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_le_bytes([b'"'; 8]);
    const BACKSLASHES: u64 = u64::from_le_bytes([b'\\'; 8]);
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    let (words, rest) = text.as_chunks();
    let mut plain = 0_usize;
    for word in words {
        let word = u64::from_le_bytes(*word);
        // A byte that is less than what is subtracted from it borrows its top bit, and one above may do so in its wake:
        // the first is right.
        let special =
            (word ^ QUOTES).wrapping_sub(EACH) | (word ^ BACKSLASHES).wrapping_sub(EACH) | word.wrapping_sub(SPACES);
        let special = special & !word & TOP;
        if special != 0 {
            return plain.saturating_add(usize::try_from(special.trailing_zeros() / 8).unwrap_or_default());
        }
        plain = plain.saturating_add(8);
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    plain.saturating_add(rest.iter().position(is_special).unwrap_or(rest.len()))
}

/// One bit, which is the same for the same name.
fn mark(name: &[u8]) -> u64 {
    let letter = |byte: Option<&u8>| byte.map_or(0, |byte| u32::from(*byte));
    let ends = letter(name.first()).wrapping_mul(7).wrapping_add(letter(name.last()));
    1_u64.wrapping_shl(ends.wrapping_add(u32::try_from(name.len()).unwrap_or_default()))
}

#[cfg(test)]
mod tests;
