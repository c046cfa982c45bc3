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
                let text =
                    [b"\"", "a".repeat(at).as_bytes(), before.as_bytes(), &[byte], after.as_bytes(), b"\""].concat();
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
    for bad in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\u0041""#, r#""\ud800x""#, r#""\u0000""#, r#"{"\u0000":1}"#] {
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
