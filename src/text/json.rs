//! Strict JSON (RFC 8259, and I-JSON's rules of RFC 7493 where parsers differ).
//!
//! Refused beyond the grammar: duplicate members at every depth, also when spelled with escapes; invalid UTF-8; a byte
//! order mark; lone surrogates; NUL; nesting deeper than [`MAX_DEPTH`]. Numbers stay digits, so nothing here can
//! disagree with `JSON.parse` about a value that was accepted.

mod duplicates;
mod escapes;
mod number;
mod reader;
mod writer;

pub use number::NumericDate;
pub use writer::Object;

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

use super::Malformed;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: u32 = 32;

/// A parsed text: one node for each value and member name, in order.
#[derive(Debug)]
pub struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    kind: Kind,
    /// The value in the text, without the quotes of a string.
    start: u32,
    end: u32,
    /// The index of the node after this value and all that it holds.
    next: u32,
}

impl Node {
    /// Where the value is in the text.
    fn range(&self) -> Range<usize> {
        usize::try_from(self.start).unwrap_or(usize::MAX)..usize::try_from(self.end).unwrap_or(usize::MAX)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Null,
    True,
    False,
    Number,
    /// A string without escapes.
    Plain,
    /// A string with escapes.
    Escaped,
    Array,
    Object,
}

impl<'a> Document<'a> {
    /// Parses `text`, which holds one value and white space around it.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse(text: &'a [u8]) -> Result<Self, Malformed> {
        reader::read(text)
    }

    /// Parses `text`, which holds one object.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse_object(text: &'a [u8]) -> Result<Self, Malformed> {
        Self::parse(text).and_then(|document| document.root().is_object().then_some(document).ok_or(Malformed))
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value { document: self, index: 0 }
    }

    /// The member `name` of the outermost object.
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        self.root().get(name)
    }

    fn node(&self, index: u32) -> Option<Node> {
        self.nodes.get(usize::try_from(index).ok()?).copied()
    }

    fn string(&self, node: Node) -> Option<Cow<'_, str>> {
        let raw = self.raw(node);
        match node.kind {
            Kind::Plain => Some(Cow::Borrowed(raw)),
            Kind::Escaped => escapes::unescape(raw).map(Cow::Owned),
            _ => None,
        }
    }

    /// Whether the string of `node` is `text`.
    fn is_string(&self, node: &Node, text: &str) -> bool {
        match node.kind {
            // Most names differ in their length, which is at hand, or in their first letter: to compare them takes a call.
            Kind::Plain => {
                let (string, text) = (self.text.as_bytes().get(node.range()).unwrap_or_default(), text.as_bytes());
                string.len() == text.len() && string.first() == text.first() && string == text
            }
            _ => self.string(*node).as_deref() == Some(text),
        }
    }

    fn raw(&self, node: Node) -> &str {
        self.text.get(node.range()).unwrap_or_default()
    }
}

/// A value in a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'d> Value<'d> {
    /// The member `name`, where this is an object that has it.
    pub fn get(self, name: &str) -> Option<Self> {
        let object = self.node().filter(|node| node.kind == Kind::Object)?;
        let mut at = self.index.saturating_add(1);
        while at < object.next {
            let [member, value, ..] = self.document.nodes.get(usize::try_from(at).ok()?..)? else { return None };
            if self.document.is_string(member, name) {
                return Some(Self { index: member.next, ..self });
            }
            at = value.next;
        }
        None
    }

    /// The members, where this is an object.
    pub fn members(self) -> impl Iterator<Item = (Cow<'d, str>, Self)> {
        let mut names = self.children(Kind::Object);
        core::iter::from_fn(move || {
            let name = names.next()?;
            let value = names.next()?;
            Some((name.as_str()?, value))
        })
    }

    /// The elements, where this is an array.
    pub fn elements(self) -> impl Iterator<Item = Self> {
        self.children(Kind::Array)
    }

    /// The string, with its escapes resolved.
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        self.document.string(self.node()?)
    }

    /// The boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.node()?.kind {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// The number of seconds, where this is a number in the range of a NumericDate (RFC 7519 §2).
    pub fn as_numeric_date(self) -> Option<NumericDate> {
        let node = self.node()?;
        (node.kind == Kind::Number).then(|| NumericDate::parse(self.document.raw(node))).flatten()
    }

    /// The number, where it is whole, not negative, and exact in JavaScript too.
    pub fn as_u64(self) -> Option<u64> {
        self.as_numeric_date().filter(|date| date.floor == date.ceil).and_then(|date| u64::try_from(date.floor).ok())
    }

    /// Whether this is an object.
    pub fn is_object(self) -> bool {
        self.is(Kind::Object)
    }

    /// Whether this is an array.
    pub fn is_array(self) -> bool {
        self.is(Kind::Array)
    }

    /// Whether this is `null`.
    pub fn is_null(self) -> bool {
        self.is(Kind::Null)
    }

    /// The value as it stands in the text; a string is without its quotes.
    pub fn raw(self) -> &'d str {
        self.node().map(|node| self.document.raw(node)).unwrap_or_default()
    }

    fn is(self, kind: Kind) -> bool {
        self.node().is_some_and(|node| node.kind == kind)
    }

    fn node(self) -> Option<Node> {
        self.document.node(self.index)
    }

    fn children(self, kind: Kind) -> impl Iterator<Item = Self> {
        let (mut at, end) = match self.node() {
            Some(node) if node.kind == kind => (self.index.saturating_add(1), node.next),
            _ => (0, 0),
        };
        core::iter::from_fn(move || {
            let index = (at < end).then_some(at)?;
            at = self.document.node(index)?.next;
            Some(Self { document: self.document, index })
        })
    }
}
