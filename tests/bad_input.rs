//! Input of any size is an answer in time linear in it, and the next good token verifies.
//!
//! Nothing is timed. The sizes say it: what is quadratic in a million of anything does not end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::iter::repeat_n;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tollgate::error::Code;
use tollgate::jose::jwk::{Jwk, Material};
use tollgate::jose::jwks::JwkSet;
use tollgate::jose::jws::{CompactJws, MAX_BYTES, ProtectedHeader};
use tollgate::jose::pem;
use tollgate::text::json::Document;
use tollgate::text::{base64url, form};
use tollgate::verify::verifier::{decode_claims, decode_header};
use tollgate::verify::{Options, Scratch, Verifier};

const NOW: u64 = 1_700_000_000;
const SECRET: [u8; 32] = [7; 32];
const MILLION: usize = 1_000_000;
const HEADER: &str = r#"{"alg":"HS256"}"#;
const CLAIMS: &str = r#"{"iss":"i","aud":"a","exp":1700000060"#;

fn sign(header: &str, payload: &str) -> String {
    let input = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
    let tag = Hmac::<Sha256>::new_from_slice(&SECRET).unwrap().chain_update(&input).finalize();
    format!("{input}.{}", base64url::encode(tag.into_bytes()))
}

fn good() -> String {
    sign(HEADER, &format!("{CLAIMS}}}"))
}

/// A verifier, and what it says about a token and then about a good one.
struct Subject {
    verifier: Verifier,
    scratch: Scratch,
}

impl Subject {
    fn new() -> Self {
        let options = Options::parse(br#"{"issuer":"i","audience":"a"}"#).unwrap();
        let verifier = Verifier::with_key(options, Jwk::from(Material::Oct { k: SECRET.into() })).unwrap();
        Self { verifier, scratch: Scratch::default() }
    }

    fn verify(&mut self, token: &[u8]) -> Result<(), Code> {
        let result = self.verifier.verify(token, None, NOW, &mut self.scratch);
        assert!(self.verifier.verify(good().as_bytes(), None, NOW, &mut self.scratch).is_ok(), "the next good token");
        result.map(drop).map_err(|error| error.code)
    }
}

#[test]
fn tokens_far_over_the_limit_are_refused_and_the_next_good_one_verifies() {
    let good = good();
    let mut subject = Subject::new();
    for (what, token) in [
        ("10 MB of dots", ".".repeat(10 * MILLION)),
        ("a million segments", good.clone() + &".AA".repeat(MILLION)),
        ("10 MB of letters", "A".repeat(10 * MILLION)),
        ("a header of 10 MB", format!("{}.e30.AA", "A".repeat(10 * MILLION))),
        ("a signature of 10 MB", format!("{good}{}", "A".repeat(10 * MILLION))),
        ("a kid of 1 MB", sign(&format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(MILLION)), "{}")),
        ("a header nested a million deep", sign(&"[".repeat(MILLION), "{}")),
        ("a payload nested a million deep", sign(HEADER, &"{\"a\":".repeat(MILLION))),
    ] {
        assert_eq!(subject.verify(token.as_bytes()), Err(Code::JwsInvalid), "{what}");
        assert!(decode_header(token.as_bytes(), &mut subject.scratch).is_err(), "{what}");
        assert!(decode_claims(token.as_bytes(), &mut subject.scratch).is_err(), "{what}");
    }
}

#[test]
fn tokens_at_the_limit_cost_what_their_length_says() {
    let mut subject = Subject::new();
    // What is left of the limit for the text in the middle, in bytes before base64url.
    let room = 48_000;
    let members = |count: usize| (0..count).map(|name| format!("\"m{name}\":1,")).collect::<String>();
    let header = |members: &str| sign(&format!(r#"{{"alg":"HS256",{members}"z":1}}"#), &format!("{CLAIMS}}}"));
    let payload = |members: &str| sign(HEADER, &format!(r#"{{"iss":"i",{members}"z":1}}"#));
    let crit = format!("\"crit\":[{}],{}", ["\"z\""; 6000].join(","), members(2000));
    let digits = "9".repeat(room);
    for (what, token, codes) in [
        // Which of the two codes is the business of those who know `crit`.
        ("a crit as long as the header", header(&crit), &[Code::JwsInvalid, Code::NotSupported][..]),
        ("a header nested to its end", sign(&"[".repeat(room), "{}"), &[Code::JwsInvalid]),
        ("a payload nested to its end", sign(HEADER, &"[".repeat(room)), &[Code::JwtInvalid]),
        ("members, one of them twice", payload(&format!("{}\"m0\":1,", members(4000))), &[Code::JwtInvalid]),
        ("escapes without an end", sign(HEADER, &format!("{{\"a\":\"{}", "\\u0041".repeat(7900))), &[Code::JwtInvalid]),
        ("an exp of digits", payload(&format!("\"aud\":\"a\",\"exp\":{digits},")), &[Code::ClaimValidationFailed]),
        (
            "an exponent of digits",
            payload(&format!("\"aud\":\"a\",\"exp\":1e{digits},")),
            &[Code::ClaimValidationFailed],
        ),
        (
            "an aud of others",
            payload(&format!("\"aud\":[{}\"b\"],", "\"b\",".repeat(11_000))),
            &[Code::ClaimValidationFailed],
        ),
        (
            "an aud of arrays",
            payload(&format!("\"aud\":[{}[]],", "[],".repeat(15_000))),
            &[Code::ClaimValidationFailed],
        ),
    ] {
        assert!(token.len() <= MAX_BYTES, "{what}: {}", token.len());
        let code = subject.verify(token.as_bytes()).unwrap_err();
        assert!(codes.contains(&code), "{what}: {code:?}");
    }
    assert_eq!(subject.verify(header(&members(4000)).as_bytes()), Ok(()));
    let longest = format!("{CLAIMS},\"x\":\"{}\"}}", "x".repeat(room));
    assert_eq!(subject.verify(sign(HEADER, &longest).as_bytes()), Ok(()));
}

#[test]
fn the_parts_of_a_token_are_found_at_any_length() {
    let parse = |token: String| CompactJws::parse(token.as_bytes()).map(|jws| jws.header.len());
    assert_eq!(parse(format!("{}..", "A".repeat(MAX_BYTES - 2))), Ok(MAX_BYTES - 2));
    assert!(parse(format!("{}..", "A".repeat(MAX_BYTES - 1))).is_err());
    assert!(ProtectedHeader::parse(&b"[".repeat(MILLION)).is_err());
}

#[test]
fn json_of_a_million_of_anything_is_read_or_refused() {
    let names: String = (0..MILLION).map(|name| format!("\"{name}\":0,")).collect();
    let members = |last: &str| format!("{{{names}\"{last}\":0}}");
    // Names that differ in their last letters only, so that each comparison is long.
    let alike: String = (0..2000).map(|name| format!("\"{}{name}\":0,", "n".repeat(2000))).collect();
    let few: String = (0..31).map(|name| format!("\"{}{name}\":0,", "n".repeat(100_000))).collect();
    for (what, text, accepted) in [
        ("members with distinct names", members("last"), true),
        ("members, one of them twice", members("0"), false),
        ("members, one of them twice by an escape", members("\\u0030"), false),
        ("long names", format!("{{{alike}\"last\":0}}"), true),
        ("few long names", format!("{{{few}\"last\":0}}"), true),
        ("objects", format!("[{}{{}}]", "{\"a\":{\"b\":1}},".repeat(MILLION)), true),
        ("elements", format!("[{}0]", "0,".repeat(MILLION)), true),
        ("arrays within arrays", "[".repeat(MILLION), false),
        ("objects within objects", "{\"a\":".repeat(MILLION), false),
        ("arrays, each within the last", format!("{}{}", "[".repeat(MILLION), "]".repeat(MILLION)), false),
        ("digits", "9".repeat(MILLION), true),
        ("digits after a point", format!("0.{}", "0".repeat(MILLION)), true),
        ("digits of an exponent", format!("1e{}", "9".repeat(MILLION)), true),
        ("digits and then a letter", format!("{}x", "9".repeat(MILLION)), false),
        ("escapes", format!("\"{}\"", "\\u0041".repeat(MILLION)), true),
        ("pairs of surrogates", format!("\"{}\"", "\\ud83d\\ude00".repeat(MILLION)), true),
        ("escapes and then a lone surrogate", format!("\"{}\\ud800\"", "\\n".repeat(MILLION)), false),
        ("backslashes without an end", format!("\"{}", "\\\\".repeat(MILLION)), false),
        ("quotation marks", "\"".repeat(MILLION), false),
        ("white space", " ".repeat(MILLION), false),
        ("white space around a value", format!("{}0{}", " ".repeat(MILLION), "\n".repeat(MILLION)), true),
        ("white space within an array", format!("[0{},0]", "\t".repeat(MILLION)), true),
        ("commas", format!("[{}", ",".repeat(MILLION)), false),
        ("minus signs", "-".repeat(MILLION), false),
    ] {
        assert_eq!(Document::parse(text.as_bytes()).is_ok(), accepted, "a million of: {what}");
    }
}

#[test]
fn values_of_a_million_letters_are_read_in_one_pass() {
    let number = |text: &str| {
        let text = format!("{{\"n\":{text}}}");
        let document = Document::parse_object(text.as_bytes()).unwrap();
        document.get("n").unwrap().as_numeric_date().map(|date| (date.floor, date.ceil))
    };
    let digits = |digit: &str| digit.repeat(MILLION);
    assert_eq!(number(&digits("9")), None);
    assert_eq!(number(&format!("1e{}", digits("9"))), None);
    assert_eq!(number(&format!("1e-{}", digits("9"))), Some((0, 1)));
    assert_eq!(number(&format!("0e{}", digits("9"))), Some((0, 0)));
    assert_eq!(number(&format!("0.{}1", digits("0"))), Some((0, 1)));
    assert_eq!(number(&format!("0.{}1e1000002", digits("0"))), Some((10, 10)));
    assert_eq!(number(&format!("1{}e-1000000", digits("0"))), Some((1, 1)));
    let escaped = format!("{{\"{}\":1,\"b\":2}}", "\\u0061".repeat(MILLION));
    let document = Document::parse_object(escaped.as_bytes()).unwrap();
    assert_eq!(document.get("b").unwrap().as_u64(), Some(2));
    assert_eq!(document.get(&digits("a")).unwrap().as_u64(), Some(1));
}

#[test]
fn base64url_of_10_mb_is_refused_for_its_last_letter() {
    let mut text = vec![b'A'; 10 * MILLION];
    assert_eq!(base64url::decode(&text).unwrap().len(), 7_500_000);
    text.extend(b"A=");
    assert!(base64url::decode(&text).is_err());
    assert!(base64url::decode(vec![b'='; 10 * MILLION]).is_err());
}

#[test]
fn forms_of_a_million_pairs_are_read_or_refused() {
    assert_eq!(form::parse(&"a=b&".repeat(MILLION)).unwrap().len(), MILLION);
    assert!(form::parse(&"&".repeat(MILLION)).unwrap().is_empty());
    assert_eq!(form::decode(&"%41".repeat(MILLION)).unwrap().len(), MILLION);
    assert!(form::decode(&"%".repeat(MILLION)).is_err());
    assert!(form::parse(&format!("{}%", "=".repeat(MILLION))).is_err());
}

#[test]
fn key_sets_of_any_size_are_read_or_refused() {
    let set = |keys: &str| JwkSet::parse(format!("{{\"keys\":[{keys}]}}").as_bytes()).map(|set| set.keys.len());
    assert_eq!(set(&format!("{}{{}}", "{},".repeat(MILLION))).unwrap_err().code, Code::JwksInvalid);
    let long = "x".repeat(MILLION);
    let ops = format!("{}\"verify\"", "\"sign\",".repeat(100_000));
    for (what, key, usable) in [
        ("a kid of 1 MB", format!(r#"{{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"{long}"}}"#), 1),
        ("a kty of 1 MB", format!(r#"{{"kty":"{long}"}}"#), 0),
        ("a modulus of 1 MB that is no base64url", format!(r#"{{"kty":"RSA","n":"{long}=","e":"AQAB"}}"#), 0),
        ("key_ops without end", format!(r#"{{"kty":"RSA","n":"AQAB","e":"AQAB","key_ops":[{ops}]}}"#), 1),
        (
            "other members without end",
            format!(
                r#"{{"kty":"RSA","n":"AQAB","e":"AQAB",{}"z":1}}"#,
                (0..100_000).map(|name| format!("\"m{name}\":0,")).collect::<String>()
            ),
            1,
        ),
    ] {
        assert_eq!(set(&key), Ok(usable), "{what}");
    }
}

#[test]
fn keys_far_over_the_limit_are_refused_before_any_arithmetic() {
    let make = |jwk: String| {
        let options = Options::parse(br#"{"audience":null}"#).unwrap();
        Verifier::with_key(options, Jwk::parse(jwk.as_bytes())?).map(drop)
    };
    for jwk in [
        format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, "_".repeat(MILLION)),
        format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, "_".repeat(2048 / 6 + 2), "_".repeat(MILLION)),
        format!(r#"{{"kty":"EC","crv":"P-256","x":"{0}","y":"{0}"}}"#, "_".repeat(MILLION)),
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, "_".repeat(MILLION)),
    ] {
        assert_eq!(make(jwk).unwrap_err().code, Code::JwkInvalid);
    }
}

#[test]
fn pems_of_any_length_are_refused() {
    let block = |body: &str| format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
    let nested: Vec<u8> = repeat_n([0x30, 0x80], MILLION).flatten().collect();
    for (what, text) in [
        ("lines", block(&"AAAA\n".repeat(MILLION))),
        ("empty lines", block(&"\n".repeat(MILLION))),
        ("dashes", "-".repeat(MILLION)),
        ("first lines", "-----BEGIN PUBLIC KEY-----\n".repeat(100_000)),
        ("blocks", block("AAAA").repeat(10_000)),
        ("elements without a length", block(&String::from_utf8_lossy(&nested))),
    ] {
        assert!(pem::parse(&text).is_err(), "{what}");
    }
}
