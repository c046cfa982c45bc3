//! Members of one name, which parsers read differently (RFC 8259 §4) and I-JSON forbids (RFC 7493 §2.3).

use alloc::borrow::Cow;
use alloc::collections::BinaryHeap;

use super::{Document, Kind, Malformed, Node};

/// Refuses an object of so many members, of which the node of the first name is at `first`, when two names are the same.
pub(super) fn refuse(document: &Document<'_>, first: usize, members: usize) -> Result<(), Malformed> {
    // For the few members of a claims set this beats any order of them, and would be quadratic for many.
    const FEW: usize = 32;
    if members > FEW {
        return refuse_among_many(document, first, members);
    }
    let mut seen = 0_u64;
    for (index, (kind, name)) in spelled_names(document, first).take(members).enumerate() {
        if kind == Kind::Escaped {
            return refuse_among_many(document, first, members);
        }
        let mark = mark(name);
        if seen & mark != 0 && spelled_names(document, first).take(index).any(|(_, earlier)| earlier == name) {
            return Err(Malformed);
        }
        seen |= mark;
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn refuse_among_many(document: &Document<'_>, first: usize, members: usize) -> Result<(), Malformed> {
    let mut in_order: BinaryHeap<_> = names(document, first).take(members).collect();
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
fn names<'d>(document: &'d Document<'_>, first: usize) -> impl Iterator<Item = Cow<'d, str>> {
    let mut at = first;
    core::iter::from_fn(move || document.string(*next_name(document, &mut at)?))
}

/// The same names as they are spelled.
fn spelled_names<'d>(document: &'d Document<'_>, first: usize) -> impl Iterator<Item = (Kind, &'d [u8])> {
    let mut at = first;
    core::iter::from_fn(move || {
        let name = next_name(document, &mut at)?;
        Some((name.kind, document.text.as_bytes().get(name.range())?))
    })
}

/// The node of the name at `at`, which is moved to the next one.
#[inline(always)]
fn next_name<'d>(document: &'d Document<'_>, at: &mut usize) -> Option<&'d Node> {
    let [name, value, ..] = document.nodes.get(*at..)? else { return None };
    *at = usize::try_from(value.next).ok()?;
    Some(name)
}

/// One bit, which is the same for the same name.
fn mark(name: &[u8]) -> u64 {
    let letter = |byte: Option<&u8>| byte.map_or(0, |byte| u32::from(*byte));
    let ends = letter(name.first()).wrapping_mul(7).wrapping_add(letter(name.last()));
    1_u64.wrapping_shl(ends.wrapping_add(u32::try_from(name.len()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use std::string::String;

    fn has_duplicates(text: &str) -> bool {
        Document::parse(text.as_bytes()).is_err()
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
            assert!(has_duplicates(bad), "{bad}");
        }
        assert!(!has_duplicates(r#"{"a":{"a":1},"b":{"a":1},"A":0}"#));
    }

    #[test]
    fn duplicates_are_found_among_thousands_of_members() {
        let mut text = String::from("{");
        for index in 0..5000 {
            text += &std::format!("\"m{index}\":{index},");
        }
        assert!(!has_duplicates(&(text.clone() + "\"last\":0}")));
        assert!(has_duplicates(&(text + "\"m0\":0}")));
    }
}
