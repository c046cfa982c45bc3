//! The readers of text, against oracles of another make, over texts from a generator with a fixed seed.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use serde_json::Value as Oracle;
use tollgate::text::json::{Document, MAX_DEPTH, Object, Value};
use tollgate::text::{base64url, der, form, pem};

/// xorshift64* (Vigna 2016).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap() % end
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn bytes(&mut self, longest: usize) -> Vec<u8> {
        (0..self.below(longest + 1)).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    fn text(&mut self, longest: usize) -> String {
        const CHARS: [char; 16] =
            ['a', 'B', '0', ' ', '+', '%', '&', '=', '"', '\\', '/', '\n', '\u{1}', 'é', '日', '😀'];
        (0..self.below(longest + 1)).map(|_| CHARS[self.below(CHARS.len())]).collect()
    }

    /// `text` with one or two bytes lost, doubled or replaced.
    fn damaged(&mut self, text: &str, by: &[u8]) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(2) {
            let at = self.below(bytes.len() + 1);
            match self.below(3) {
                0 => drop(bytes.splice(at..(at + 1).min(bytes.len()), [])),
                1 => bytes.insert(at, by[self.below(by.len())]),
                _ => drop(bytes.splice(at..(at + 1).min(bytes.len()), [by[self.below(by.len())]])),
            }
        }
        bytes
    }
}

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648 §5, bit by bit: six of them from each letter.
fn encoded(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    let letter = |at: usize| char::from(ALPHABET[(0..6).fold(0, |letter, offset| letter * 2 + bit(at + offset))]);
    (0..bytes.len() * 8).step_by(6).map(letter).collect()
}

/// What a lenient decoder takes: all letters of the alphabet, whole bytes of their bits.
fn lenient(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<usize> =
        text.iter().map(|byte| ALPHABET.iter().position(|letter| letter == byte)).collect::<Option<_>>()?;
    let bit = |at: usize| digits[at / 6] >> (5 - at % 6) & 1;
    let byte = |at: usize| (0..8).fold(0, |byte, offset| byte * 2 + bit(at * 8 + offset));
    Some((0..digits.len() * 6 / 8).map(|at| u8::try_from(byte(at)).unwrap()).collect())
}

#[test]
fn base64url_is_accepted_exactly_where_it_is_the_spelling_of_its_bytes() {
    let mut random = Random(1);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let bytes = random.bytes(40);
        let text = base64url::encode(&bytes);
        assert_eq!(text, encoded(&bytes));
        assert_eq!(base64url::decode(&text).unwrap(), bytes);
        let damaged = random.damaged(&text, b"ABab01-_-_=+/ \n\xff");
        let expected = lenient(&damaged).filter(|bytes| encoded(bytes).as_bytes() == damaged);
        assert_eq!(base64url::decode(&damaged).ok(), expected, "{:?}", String::from_utf8_lossy(&damaged));
        *if expected.is_some() { &mut accepted } else { &mut refused } += 1;
    }
    assert!(accepted > 1000 && refused > 1000, "{accepted} accepted, {refused} refused");
}

/// A text of the grammar of RFC 8259, in one of its spellings.
fn json(random: &mut Random, depth: usize) -> String {
    let space = |random: &mut Random| random.one(&["", "", "", " ", "\n\t", "\r"]);
    match random.below(if depth == 0 { 5 } else { 8 }) {
        0 => random.one(&["null", "true", "false"]).into(),
        1 => number(random),
        2..=4 => string(random),
        5 => {
            let elements: Vec<_> = (0..random.below(4)).map(|_| json(random, depth - 1)).collect();
            format!("[{}{}]", space(random), elements.join(","))
        }
        _ => {
            let mut members = Vec::new();
            for _ in 0..random.below(4) {
                members.push(format!(
                    "{}{}{}:{}",
                    space(random),
                    string(random),
                    space(random),
                    json(random, depth - 1)
                ));
            }
            format!("{{{}{}}}{}", members.join(","), space(random), space(random))
        }
    }
}

fn string(random: &mut Random) -> String {
    const PARTS: [&str; 18] = [
        "a",
        "b",
        "exp",
        "é",
        "😀",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0061",
        "\\u00e9",
        "\\uD83D\\uDE00",
        "\\u0000",
        "\\ud800",
        "\\udc00",
        "\u{7f}",
        " ",
        "\\b\\f\\r\\t",
    ];
    let length = random.below(3);
    format!("\"{}\"", (0..length).map(|_| random.one(&PARTS)).collect::<String>())
}

fn number(random: &mut Random) -> String {
    let digits = |random: &mut Random, longest: usize| -> String {
        (0..=random.below(longest)).map(|_| random.one(&["0", "1", "5", "9"])).collect()
    };
    let whole = digits(random, 7);
    let whole = whole.trim_start_matches('0');
    let mut text = format!("{}{}", random.one(&["", "", "-"]), if whole.is_empty() { "0" } else { whole });
    if random.below(2) == 0 {
        text += &format!(".{}", digits(random, 6));
    }
    if random.below(3) == 0 {
        text += &format!("{}{}{}", random.one(&["e", "E"]), random.one(&["", "+", "-"]), random.below(12));
    }
    text
}

fn same(ours: Value<'_>, theirs: &Oracle) -> bool {
    match theirs {
        Oracle::Null => ours.is_null(),
        Oracle::Bool(theirs) => ours.as_bool() == Some(*theirs),
        Oracle::String(theirs) => ours.as_str().is_some_and(|ours| *ours == **theirs),
        Oracle::Number(theirs) => {
            // serde_json rounds in a hurry, unless it is told otherwise.
            let (ours, theirs): (f64, f64) = (ours.raw().parse().unwrap(), theirs.as_f64().unwrap());
            (ours - theirs).abs() <= theirs.abs() * 1e-12
        }
        Oracle::Array(theirs) => {
            ours.is_array()
                && ours.elements().count() == theirs.len()
                && ours.elements().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        Oracle::Object(theirs) => {
            let known = |(name, theirs): (&String, _)| ours.get(name).is_some_and(|ours| same(ours, theirs));
            ours.is_object() && ours.members().count() == theirs.len() && theirs.iter().all(known)
        }
    }
}

/// What is refused although the grammar allows it: NUL, a member twice, and depth.
fn is_beyond_the_grammar(text: &str, theirs: &Oracle) -> bool {
    fn members(value: &Oracle) -> usize {
        match value {
            Oracle::Array(elements) => elements.iter().map(members).sum(),
            Oracle::Object(object) => object.values().map(members).sum::<usize>() + object.len(),
            _ => 0,
        }
    }
    fn depth(value: &Oracle) -> u32 {
        match value {
            Oracle::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
            Oracle::Object(object) => 1 + object.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }
    fn has_nul(value: &Oracle) -> bool {
        match value {
            Oracle::String(text) => text.contains('\0'),
            Oracle::Array(elements) => elements.iter().any(has_nul),
            Oracle::Object(object) => object.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
            _ => false,
        }
    }
    // Colons outside of strings: one for each member, also for those that come twice.
    let mut colons = 0;
    let mut within = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'"' => within = !within,
            b':' if !within => colons += 1,
            _ => {}
        }
    }
    has_nul(theirs) || colons > members(theirs) || depth(theirs) > MAX_DEPTH
}

#[test]
fn json_is_read_as_serde_json_reads_it_or_refused_for_a_reason() {
    let mut random = Random(2);
    let (mut read, mut refused, mut stricter) = (0, 0, 0);
    for round in 0..40_000 {
        let text = json(&mut random, 4);
        let text = if round % 2 == 0 {
            text.into_bytes()
        } else {
            random.damaged(&text, b"{}[]\",:\\u09ae-+. \0\x1f\xff\xc0nt/")
        };
        let shown = String::from_utf8_lossy(&text);
        match (Document::parse(&text), serde_json::from_slice::<Oracle>(&text)) {
            (Ok(ours), Ok(theirs)) => {
                assert!(same(ours.root(), &theirs), "{shown}");
                read += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            (Err(_), Ok(theirs)) => {
                assert!(is_beyond_the_grammar(&shown, &theirs), "refused for no reason: {shown}");
                stricter += 1;
            }
            // Numbers stay digits here: there is none that is too large.
            (Ok(_), Err(error)) => assert!(error.to_string().starts_with("number out of range"), "{error}: {shown}"),
        }
    }
    assert!(read > 8000 && refused > 8000 && stricter > 300, "{read} read, {refused} refused, {stricter} stricter");
}

#[test]
fn numeric_dates_fall_where_floating_point_says() {
    let mut random = Random(3);
    let mut fractions = 0;
    for _ in 0..40_000 {
        let text = number(&mut random);
        let document = Document::parse(text.as_bytes()).unwrap();
        let exact: f64 = text.parse().unwrap();
        let within = exact.abs() <= 9_007_199_254_740_991.0;
        let expected = within.then_some((exact.floor(), exact.ceil()));
        #[expect(clippy::cast_precision_loss, reason = "a NumericDate is exact in a double")]
        let found = document.root().as_numeric_date().map(|date| (date.floor as f64, date.ceil as f64));
        assert_eq!(found, expected, "{text}");
        fractions += usize::from(exact.fract() != 0.0);
    }
    assert!(fractions > 5000, "{fractions}");
}

#[test]
fn objects_that_are_written_are_what_serde_json_reads() {
    let mut random = Random(4);
    for _ in 0..2000 {
        let (name, value, number) = (random.text(8), random.text(20), random.next());
        let text = Object::default().string(&name, &value).number("number", number).raw("raw", "[null]").finish();
        let read: Oracle = serde_json::from_str(&text).unwrap();
        assert_eq!(read, serde_json::json!({ name: value, "number": number, "raw": [null] }), "{text}");
    }
}

#[test]
fn der_elements_have_one_spelling() {
    fn length(of: usize) -> Vec<u8> {
        let digits: Vec<u8> = of.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
        if of < 0x80 {
            vec![u8::try_from(of).unwrap()]
        } else {
            [&[0x80 | u8::try_from(digits.len()).unwrap()], &digits[..]].concat()
        }
    }
    let mut random = Random(5);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..40_000 {
        let longest = [4, 300][random.below(2)];
        let content = random.bytes(longest);
        let mut bytes = [&[der::SEQUENCE], &length(content.len())[..], &content, &random.bytes(2)].concat();
        let at = random.below(4).min(bytes.len() - 1);
        bytes[at] = [bytes[at], 0x30, 0x80, 0x81, 0x82, 0x7f, 0, 1][random.below(8)];
        match der::Reader::new(&bytes).element(der::SEQUENCE) {
            Ok(content) => {
                let spelling = [&[der::SEQUENCE], &length(content.len())[..], content].concat();
                assert!(bytes.starts_with(&spelling), "{bytes:?}");
                read += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read > 5000 && refused > 5000, "{read} read, {refused} refused");
}

#[test]
fn forms_read_back_as_they_were_written() {
    let mut random = Random(6);
    for _ in 0..5000 {
        let pairs: Vec<_> = (0..random.below(4)).map(|_| (random.text(6), random.text(12))).collect();
        let text = form::encode(pairs.iter().map(|(name, value)| (&**name, &**value)));
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
        assert_eq!(form::parse(&text).unwrap(), pairs, "{text}");
    }
}

#[test]
fn pem_bodies_are_accepted_exactly_where_they_are_the_spelling_of_their_bytes() {
    let mut random = Random(7);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..10_000 {
        let bytes = random.bytes(40);
        // Standard base64 is base64url in other letters, and padded.
        let body = |bytes: &[u8]| {
            let text = encoded(bytes).replace('-', "+").replace('_', "/");
            let padding = "=".repeat((4 - text.len() % 4) % 4);
            text + &padding
        };
        let damaged = random.damaged(&body(&bytes), b"ABab01+/==-_!");
        let damaged = String::from_utf8(damaged).unwrap();
        match pem::decode(&format!("-----BEGIN X-----\n{damaged}\n-----END X-----")) {
            Ok((label, bytes)) => {
                assert_eq!((label, damaged), ("X", body(&bytes)));
                accepted += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(accepted > 500 && refused > 500, "{accepted} accepted, {refused} refused");
}
