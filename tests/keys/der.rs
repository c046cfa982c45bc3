//! DER to be read.

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// An element with its length in the shortest form.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits: Vec<u8> = length.into_iter().skip_while(|digit| *digit == 0).collect();
    let length = match digits.as_slice() {
        [] => vec![0],
        [only @ ..0x80] => vec![*only],
        _ => [&[0x80 | u8::try_from(digits.len()).unwrap()], &*digits].concat(),
    };
    [&[tag], &*length, content].concat()
}

/// A SEQUENCE of elements.
pub(crate) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, &elements.concat())
}

/// A BIT STRING of whole bytes.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], bytes].concat())
}

/// An INTEGER that is not negative, of big-endian bytes without leading zeros.
pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if bytes.first().is_none_or(|first| *first >= 0x80) { &[0] } else { &[] };
    element(INTEGER, &[sign, bytes].concat())
}

pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    element(OBJECT_IDENTIFIER, content)
}
