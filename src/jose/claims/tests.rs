use super::*;
use crate::error::Reason::{self, Malformed, Mismatch, Missing};
use crate::text::base64url;
use std::format;

pub(super) const NOW: u64 = 1_700_000_000;

/// Validates `claims` under a header with these members besides `alg`.
pub(super) fn window(expectations: &Expectations, header: &str, claims: &str, now: u64) -> Result<Window, Error> {
    let header = format!("{{\"alg\":\"ES256\"{header}}}");
    let header = ProtectedHeader::parse(header.as_bytes()).unwrap();
    expectations.validate(&header, &Document::parse_object(claims.as_bytes()).unwrap(), now)
}

pub(super) fn validate(expectations: &Expectations, header: &str, claims: &str) -> Result<(), Error> {
    window(expectations, header, claims, NOW).map(|_| ())
}

pub(super) fn claim(claim: &'static str, reason: Reason) -> Result<(), Error> {
    Err(Error::claim(claim, reason))
}

fn some(values: &[&str]) -> Option<Vec<String>> {
    Some(values.iter().map(|value| String::from(*value)).collect())
}

#[test]
fn a_requirement_makes_its_claim_mandatory_and_well_formed() {
    let issuer = Expectations { issuer: some(&["https://a.b/c"]), ..Default::default() };
    let audience = Expectations { audience: some(&["api", "other"]), ..Default::default() };
    let subject = Expectations { subject: Some("s".into()), ..Default::default() };
    let nonce = Expectations { nonce: Some("n".into()), ..Default::default() };
    let acr = Expectations { acr_values: some(&["1", "2"]), ..Default::default() };
    let scope = Expectations { required_scopes: ["read".into(), "write:x".into()].into(), ..Default::default() };
    for (expectations, name, good, bad) in [
        (
            &issuer,
            "iss",
            &[r#""https://a.b/c""#, r#""https:\/\/a.b\/c""#][..],
            &[
                (r#""https""#, Mismatch),
                (r#""https://a.b/c/""#, Mismatch),
                (r#""https://a.b/C""#, Mismatch),
                (r#"["https://a.b/c"]"#, Malformed),
                ("{}", Malformed),
                ("null", Malformed),
            ][..],
        ),
        (
            &audience,
            "aud",
            &[r#""api""#, r#"["x","other"]"#, r#"["api","x"]"#],
            &[
                (r#""ap""#, Mismatch),
                ("[]", Mismatch),
                (r#"["x"]"#, Mismatch),
                ("7", Malformed),
                (r#"["api",7]"#, Malformed),
                (r#"[["api"]]"#, Malformed),
                (r#"{"api":1}"#, Malformed),
            ],
        ),
        (&subject, "sub", &[r#""s""#], &[(r#""S""#, Mismatch), (r#""""#, Mismatch), ("1", Malformed)]),
        (&nonce, "nonce", &[r#""n""#], &[(r#""N""#, Mismatch), (r#""""#, Mismatch), (r#"["n"]"#, Malformed)]),
        (&acr, "acr", &[r#""1""#, r#""2""#], &[(r#""3""#, Mismatch), (r#""1 2""#, Mismatch), ("1", Malformed)]),
        (
            &scope,
            "scope",
            &[r#""read write:x""#, r#""a write:x b read""#, r#"["write:x","read"]"#, r#"" read  write:x ""#],
            &[
                (r#""read""#, Mismatch),
                (r#""write:x""#, Mismatch),
                (r#""""#, Mismatch),
                (r#""read,write:x""#, Mismatch),
                (r#""read\twrite:x""#, Mismatch),
                (r#""READ write:x""#, Mismatch),
                (r#""readwrite:x""#, Mismatch),
                ("[]", Mismatch),
                (r#"["read write:x"]"#, Mismatch),
                (r#"["read"]"#, Mismatch),
                (r#"["read","write:x",1]"#, Malformed),
                (r#"{"read":1,"write:x":1}"#, Malformed),
                ("1", Malformed),
            ],
        ),
    ] {
        assert_eq!(validate(&Expectations::default(), "", &format!("{{\"{name}\":{}}}", bad[0].0)), Ok(()));
        assert_eq!(validate(expectations, "", "{}"), claim(name, Missing));
        for value in good {
            assert_eq!(validate(expectations, "", &format!("{{\"{name}\":{value}}}")), Ok(()), "{name} {value}");
        }
        for (value, reason) in bad {
            let result = validate(expectations, "", &format!("{{\"{name}\":{value}}}"));
            assert_eq!(result, claim(name, *reason), "{name} {value}");
        }
    }
}

#[test]
fn a_scope_value_is_one_of_rfc_6749() {
    for good in ["a", "!", "#", "[", "]", "~", "https://api.example/read:all"] {
        assert!(is_scope_token(good), "{good}");
    }
    for bad in ["", " ", "a b", "a\"", "a\\", "\u{7f}", "\t", "é"] {
        assert!(!is_scope_token(bad), "{bad:?}");
    }
}

#[test]
fn required_claims_are_members_of_the_claims_set_itself() {
    let expectations = Expectations { required_claims: ["jti".into(), "toString".into()].into(), ..Default::default() };
    assert_eq!(validate(&expectations, "", r#"{"jti":null}"#), claim("toString", Missing));
    assert_eq!(validate(&expectations, "", r#"{"toString":null}"#), claim("jti", Missing));
    assert_eq!(validate(&expectations, "", r#"{"jti":"x","toString":1}"#), Ok(()));
}

#[test]
fn typ_is_a_media_type() {
    let expectations = Expectations { typ: Some("at+jwt".into()), ..Default::default() };
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert_eq!(validate(&expectations, &format!(",\"typ\":\"{typ}\""), "{}"), Ok(()), "{typ}");
    }
    for typ in ["JWT", "", "x/at+jwt", "application/x/at+jwt", "application/", "applicatiom/at+jwt", "at+jwt "] {
        let result = validate(&expectations, &format!(",\"typ\":\"{typ}\""), "{}");
        assert_eq!(result, claim("typ", Mismatch), "{typ}");
    }
    assert_eq!(validate(&expectations, "", "{}"), claim("typ", Missing));
    for (expected, typ) in [("x/y", "application/x/y"), ("at+jwt", "application-at+jwt"), ("application/x/y", "x/y")] {
        let expectations = Expectations { typ: Some(expected.into()), ..Default::default() };
        let result = validate(&expectations, &format!(",\"typ\":\"{typ}\""), "{}");
        assert_eq!(result, claim("typ", Mismatch), "{expected} {typ}");
    }
}

#[test]
fn a_hash_binds_what_was_issued_with_the_token() {
    let half = |text: &str| base64url::encode(&crate::crypto::hash::sha256(text.as_bytes())[..16]);
    let at = Expectations { access_token: Some(String::from("at-1").into()), ..Default::default() };
    let code = Expectations { code: Some(String::from("c-1").into()), ..Default::default() };
    for (expectations, name, text) in [(&at, "at_hash", "at-1"), (&code, "c_hash", "c-1")] {
        let with = |value: &str| validate(expectations, "", &format!("{{\"{name}\":{value}}}"));
        assert_eq!(with(&format!("\"{}\"", half(text))), Ok(()), "{name}");
        assert_eq!(with(&format!("\"{}\"", half("other"))), claim(name, Mismatch));
        assert_eq!(
            with(&format!("\"{}\"", base64url::encode(crate::crypto::hash::sha256(text.as_bytes())))),
            claim(name, Mismatch)
        );
        assert_eq!(with("\"\""), claim(name, Mismatch));
        assert_eq!(with("null"), claim(name, Malformed));
        assert_eq!(validate(expectations, "", "{}"), claim(name, Missing));
    }
    // OpenID Connect Core appendix A.3 and A.4: RS256.
    let header = ProtectedHeader::parse(br#"{"alg":"RS256"}"#).unwrap();
    let claims = br#"{"at_hash":"77QmUPtjPfzWtF2AnpK9RQ","c_hash":"LDktKdoQak3Pk0cnXxCltA"}"#;
    let claims = Document::parse_object(claims).unwrap();
    let expectations = Expectations {
        access_token: Some(String::from("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y").into()),
        code: Some(String::from("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk").into()),
        ..Default::default()
    };
    assert_eq!(expectations.validate(&header, &claims, NOW), Ok(Window::ALWAYS));
}

/// Neither access token nor code is in what a log would get.
#[test]
fn what_was_issued_with_the_token_does_not_show() {
    let hashed = |text: &str| format!("{:?}", Hashed::from(String::from(text)));
    assert_eq!(hashed("at-1"), "Hashed(..)");
    let all = Expectations { access_token: Some(String::from("at-1").into()), ..Default::default() };
    assert!(format!("{all:?}").contains("access_token: Some(Hashed(..))"));
}

#[test]
fn what_fails_first_is_always_the_same() {
    let expectations = Expectations {
        issuer: some(&["i"]),
        audience: some(&["a"]),
        subject: Some("s".into()),
        typ: Some("t".into()),
        required_claims: ["one".into(), "two".into()].into(),
        required_scopes: ["x".into()].into(),
        require_exp: true,
        max_token_age: Some(60),
        max_age: Some(60),
        nonce: Some("n".into()),
        acr_values: some(&["1"]),
        access_token: Some(String::from("at").into()),
        code: Some(String::from("c").into()),
        ..Default::default()
    };
    let missing =
        [("iss", "1"), ("sub", "1"), ("aud", "1"), ("iat", "\"\""), ("exp", "\"\""), ("two", "0"), ("one", "0")];
    let mut claims = String::new();
    let mut header = "";
    let mut seen = Vec::new();
    let mut fail = |header: &str, claims: &str| {
        let error = validate(&expectations, header, &format!("{{{}}}", claims.trim_start_matches(','))).unwrap_err();
        seen.push(format!("{} {}", error.claim.as_deref().unwrap(), error.reason.unwrap().as_str()));
    };
    fail(header, &claims);
    header = r#","typ":"t""#;
    for (name, value) in missing {
        fail(header, &claims);
        claims += &format!(",\"{name}\":{value}");
    }
    let past = NOW - 61;
    for (from, to) in [
        ("", ""),
        ("\"iss\":1", "\"iss\":\"i\""),
        ("\"sub\":1", "\"sub\":\"s\""),
        ("\"aud\":1", "\"aud\":\"a\""),
        ("\"iat\":\"\"", &format!("\"iat\":{past},\"nbf\":9e9")),
        ("\"nbf\":9e9", "\"nbf\":1"),
        ("\"exp\":\"\"", "\"exp\":9e9"),
        (&format!("\"iat\":{past}"), &format!("\"iat\":{NOW}")),
        ("\"iat\"", "\"scope\":\"x\",\"iat\""),
        ("\"iat\"", "\"nonce\":\"n\",\"iat\""),
        ("\"iat\"", "\"acr\":\"1\",\"iat\""),
        ("\"iat\"", &format!("\"auth_time\":{NOW},\"iat\"")),
    ] {
        claims = claims.replace(from, to);
        fail(header, &claims);
    }
    assert_eq!(
        seen,
        [
            "typ missing",
            "iss missing",
            "sub missing",
            "aud missing",
            "iat missing",
            "exp missing",
            "two missing",
            "one missing",
            "iss malformed",
            "sub malformed",
            "aud malformed",
            "iat malformed",
            "nbf mismatch",
            "exp malformed",
            "iat mismatch",
            "scope missing",
            "nonce missing",
            "acr missing",
            "auth_time missing",
            "at_hash missing",
        ]
    );
}

fn outcomes(expectations: &Expectations, header: &str, claims: &str) -> Vec<String> {
    let header = ProtectedHeader::parse(header.as_bytes()).unwrap();
    let claims = Document::parse_object(claims.as_bytes()).unwrap();
    let token = Token { header: &header, claims: &claims, now: 4 };
    let shown = |outcome| match outcome {
        Ok(Outcome::NotAskedFor) => "not asked for".into(),
        Ok(Outcome::Passed) => "passed".into(),
        Ok(Outcome::PassedWithin(Window { from, until })) => format!("passed {from}..{until}"),
        Err::<_, Error>(error) => format!("{} {}", error.claim.as_deref().unwrap(), error.reason.unwrap().as_str()),
    };
    expectations.checks().map(|check| format!("{check:?}: {}", shown(check.run(expectations, &token)))).collect()
}

#[test]
fn each_check_can_be_run_by_itself() {
    let everything = Expectations {
        profile: &LOGOUT_JWT,
        issuer: some(&["i"]),
        audience: some(&["a"]),
        subject: Some("s".into()),
        required_scopes: ["x".into()].into(),
        max_token_age: Some(9),
        max_age: Some(9),
        nonce: Some("n".into()),
        acr_values: some(&["1"]),
        access_token: Some(String::from("at").into()),
        code: Some(String::from("c").into()),
        ..Default::default()
    };
    let hash = base64url::encode(&crate::crypto::hash::sha256(b"at")[..16]);
    let claims = format!(
        r#"{{"iss":"i","aud":"a","sub":"s","scope":"x","iat":1,"auth_time":2,"exp":5,"nbf":2,"nonce":"n","acr":"1","jti":"j",
            "at_hash":"{hash}","events":{{"http://schemas.openid.net/event/backchannel-logout":{{}}}}}}"#
    );
    let (min, max) = (i64::MIN, i64::MAX);
    let nbf = format!("nbf: passed 2..{max}");
    let exp = format!("exp: passed {min}..5");
    assert_eq!(
        outcomes(&everything, r#"{"alg":"ES256","typ":"logout+jwt"}"#, &claims),
        [
            "typ: passed",
            "requiredClaims: passed",
            "iss: passed",
            "sub: passed",
            "aud: passed",
            "iat: passed",
            &nbf,
            &exp,
            "maxTokenAge: passed 1..11",
            "scope: passed",
            "nonce: passed",
            "acr: passed",
            "auth_time: passed 2..12",
            "at_hash: passed",
            "c_hash: c_hash missing",
            "types of claims: passed",
            "events: passed",
            "sid: passed",
            "nonce absent: nonce mismatch",
        ]
    );
    assert_eq!(
        outcomes(&everything, r#"{"alg":"ES256"}"#, "{}"),
        [
            "typ: passed",
            "requiredClaims: iss missing",
            "iss: iss missing",
            "sub: sub missing",
            "aud: aud missing",
            "iat: not asked for",
            "nbf: not asked for",
            "exp: not asked for",
            "maxTokenAge: iat missing",
            "scope: scope missing",
            "nonce: nonce missing",
            "acr: acr missing",
            "auth_time: auth_time missing",
            "at_hash: at_hash missing",
            "c_hash: c_hash missing",
            "types of claims: aud missing",
            "events: events missing",
            "sid: sid missing",
            "nonce absent: passed",
        ]
    );
    let nothing = Expectations { profile: &ID_TOKEN, audience: some(&["a"]), ..Default::default() };
    let mut not_asked_for = outcomes(&nothing, r#"{"alg":"ES256","typ":"JWT"}"#, r#"{"sub":"s","aud":"b","azp":"b"}"#);
    not_asked_for.retain(|outcome| !outcome.ends_with("not asked for"));
    assert_eq!(
        not_asked_for,
        [
            "typ: passed",
            "requiredClaims: iss missing",
            "aud: aud mismatch",
            "types of claims: passed",
            "sub length: passed",
            "azp: azp mismatch",
            "events: passed",
        ]
    );
    let single = outcomes(&nothing, r#"{"alg":"ES256"}"#, r#"{"sub":"s","aud":"a"}"#);
    assert!(single.contains(&"azp: passed".into()), "{single:?}");
    let any = outcomes(&Expectations::default(), r#"{"alg":"ES256","typ":"x"}"#, "{}");
    assert!(any.iter().all(|outcome| outcome.ends_with(": not asked for")), "{any:?}");
}
