//! DER (X.690 §10): tag, definite length in its shortest form, content.

use super::Malformed;

/// The tag of a BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// The tag of an INTEGER.
pub const INTEGER: u8 = 0x02;
/// The tag of a BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// The tag of an OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// The tag of a NULL.
pub const NULL: u8 = 0x05;
/// The tag of an OBJECT IDENTIFIER.
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// The tag of a SEQUENCE.
pub const SEQUENCE: u8 = 0x30;

/// What is left of the content of an element.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads `bytes` from their beginning.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The content of the next element, which must have `tag`.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn element(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        let (found, rest) = self.bytes.split_first().ok_or(Malformed)?;
        let (length, rest) = read_length(rest)?;
        if *found != tag {
            return Err(Malformed);
        }
        let (content, rest) = rest.split_at_checked(length).ok_or(Malformed)?;
        self.bytes = rest;
        Ok(content)
    }

    /// The content of the next element, if it has `tag`.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Malformed> {
        if self.bytes.first() == Some(&tag) { self.element(tag).map(Some) } else { Ok(None) }
    }

    /// Passes over the next elements, which must have these tags.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn skip<const N: usize>(&mut self, tags: [u8; N]) -> Result<(), Malformed> {
        tags.into_iter().try_for_each(|tag| self.element(tag).map(|_| ()))
    }

    /// A reader of the next element, which must be a SEQUENCE.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn sequence(&mut self) -> Result<Self, Malformed> {
        self.element(SEQUENCE).map(Self::new)
    }

    /// The next element, which must be an INTEGER that is not negative: big-endian, without leading zeros.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn unsigned_integer(&mut self) -> Result<&'a [u8], Malformed> {
        match self.element(INTEGER)? {
            [0, rest @ ..] if rest.first().is_none_or(|byte| *byte >= 0x80) => Ok(rest),
            content if content.first().is_some_and(|byte| (1..0x80).contains(byte)) => Ok(content),
            _ => Err(Malformed),
        }
    }

    /// The next element, which must be a BIT STRING of whole bytes.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn bit_string(&mut self) -> Result<&'a [u8], Malformed> {
        self.element(BIT_STRING)?.strip_prefix(&[0]).ok_or(Malformed)
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Refuses anything that is left.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn finish(self) -> Result<(), Malformed> {
        self.bytes.is_empty().then_some(()).ok_or(Malformed)
    }
}

/// X.690 §8.1.3 and §10.1: a length has one spelling.
fn read_length(bytes: &[u8]) -> Result<(usize, &[u8]), Malformed> {
    let (first, rest) = bytes.split_first().ok_or(Malformed)?;
    if *first < 0x80 {
        return Ok((usize::from(*first), rest));
    }
    let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f)).ok_or(Malformed)?;
    let shortest = match digits {
        [only] => *only >= 0x80,
        [first, _, ..] => *first != 0 && digits.len() <= 3,
        [] => false,
    };
    if !shortest {
        return Err(Malformed);
    }
    let length = digits.iter().fold(0_usize, |length, digit| length.wrapping_shl(8) | usize::from(*digit));
    Ok((length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn a_length_has_one_spelling() {
        let content = vec![7; 300];
        let element = |length: &[u8], content: &[u8]| [&[SEQUENCE], length, content].concat();
        let read = |bytes: &[u8]| Reader::new(bytes).element(SEQUENCE).map(<[u8]>::len);
        for (bytes, len) in [
            (element(&[0], &[]), 0),
            (element(&[0x7f], &content[..0x7f]), 0x7f),
            (element(&[0x81, 0x80], &content[..0x80]), 0x80),
            (element(&[0x82, 1, 0], &content[..256]), 256),
        ] {
            assert_eq!(read(&bytes), Ok(len));
        }
        for bytes in [
            vec![],
            vec![SEQUENCE],
            vec![SEQUENCE, 1],
            element(&[0x80], &[]),
            element(&[0x81, 1], &[7]),
            element(&[0x81, 0x7f], &content[..0x7f]),
            element(&[0x82, 0, 0x80], &content[..0x80]),
            element(&[0x84, 0, 0, 0, 1], &[7]),
            element(&[0x84, 0xff, 0xff, 0xff, 0xff], &[7]),
            element(&[0xff], &content),
            vec![0x31, 0],
        ] {
            assert_eq!(read(&bytes), Err(Malformed), "{bytes:?}");
        }
    }

    #[test]
    fn an_unsigned_integer_is_minimal() {
        let read = |content: &[u8]| {
            let bytes = [&[INTEGER, u8::try_from(content.len()).unwrap()], content].concat();
            Reader::new(&bytes).unsigned_integer().map(<[u8]>::to_vec)
        };
        assert_eq!(read(&[1, 0, 1]), Ok(vec![1, 0, 1]));
        assert_eq!(read(&[0, 0x80]), Ok(vec![0x80]));
        assert_eq!(read(&[0]), Ok(vec![]));
        for content in [&[][..], &[0x80], &[0xff, 1], &[0, 1], &[0, 0, 0x80]] {
            assert_eq!(read(content), Err(Malformed), "{content:?}");
        }
    }

    #[test]
    fn a_bit_string_has_whole_bytes() {
        assert_eq!(Reader::new(&[BIT_STRING, 2, 0, 9]).bit_string(), Ok(&[9][..]));
        assert_eq!(Reader::new(&[BIT_STRING, 2, 1, 8]).bit_string(), Err(Malformed));
        assert_eq!(Reader::new(&[BIT_STRING, 0]).bit_string(), Err(Malformed));
    }
}
