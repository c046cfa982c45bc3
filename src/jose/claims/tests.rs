use super::*;
use std::format;

const NOW: u64 = 1_700_000_000;

fn validate(expectations: &Expectations, header: &str, claims: &str) -> Result<(), Error> {
    let header = format!("{{\"alg\":\"ES256\"{header}}}");
    let header = ProtectedHeader::parse(header.as_bytes()).unwrap();
    expectations.validate(&header, &Document::parse_object(claims.as_bytes()).unwrap(), NOW)
}

fn claim(claim: &'static str, reason: Reason) -> Result<(), Error> {
    Err(Error::claim(claim, reason))
}

#[test]
fn a_requirement_makes_its_claim_mandatory_and_well_formed() {
    use Reason::{Malformed, Mismatch, Missing};
    let issuer = Expectations { issuer: Some(["https://a.b/c".into()].into()), ..Default::default() };
    let audience = Expectations { audience: Some(["api".into(), "other".into()].into()), ..Default::default() };
    let subject = Expectations { subject: Some("s".into()), ..Default::default() };
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
            &[r#""api""#, r#"["x","other"]"#],
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
        (&subject, "sub", &[r#""s""#], &[(r#""S""#, Mismatch), ("1", Malformed)]),
    ] {
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
fn required_claims_are_members_of_the_claims_set_itself() {
    let expectations = Expectations { required_claims: ["jti".into(), "toString".into()].into(), ..Default::default() };
    assert_eq!(validate(&expectations, "", r#"{"jti":null}"#), claim("toString", Reason::Missing));
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
        assert_eq!(result, claim("typ", Reason::Mismatch), "{typ}");
    }
    assert_eq!(validate(&expectations, "", "{}"), claim("typ", Reason::Missing));
}

#[test]
fn times_are_compared_to_the_second() {
    let plain = Expectations::default();
    let tolerant = Expectations { clock_tolerance: 10, ..Default::default() };
    let expired = Err(expired("exp"));
    let early = claim("nbf", Reason::Mismatch);
    for (expectations, claims, expected) in [
        (&plain, format!("{{\"exp\":{}}}", NOW + 1), Ok(())),
        (&plain, format!("{{\"exp\":{NOW}}}"), expired.clone()),
        (&plain, format!("{{\"exp\":{NOW}.9}}"), expired.clone()),
        (&plain, "{\"exp\":-1}".into(), expired.clone()),
        (&plain, "{\"exp\":0}".into(), expired.clone()),
        (&plain, "{\"exp\":9007199254740991}".into(), Ok(())),
        (&tolerant, format!("{{\"exp\":{}}}", NOW - 9), Ok(())),
        (&tolerant, format!("{{\"exp\":{}}}", NOW - 10), expired),
        (&plain, format!("{{\"nbf\":{NOW}}}"), Ok(())),
        (&plain, format!("{{\"nbf\":{NOW}.1}}"), early.clone()),
        (&plain, format!("{{\"nbf\":{}}}", NOW + 1), early.clone()),
        (&tolerant, format!("{{\"nbf\":{}}}", NOW + 10), Ok(())),
        (&tolerant, format!("{{\"nbf\":{}}}", NOW + 11), early),
        (&plain, format!("{{\"iat\":{}}}", NOW + 1000), Ok(())),
    ] {
        assert_eq!(validate(expectations, "", &claims), expected, "{claims}");
    }
}

#[test]
fn times_that_are_not_numeric_dates_are_malformed() {
    for name in ["exp", "nbf", "iat"] {
        for value in
            ["\"1700000001\"", "null", "[]", "true", "1e400", "9007199254740992", "9223372036854775808", "-1e99"]
        {
            let result = validate(&Expectations::default(), "", &format!("{{\"{name}\":{value}}}"));
            assert_eq!(result, claim(name, Reason::Malformed), "{name} {value}");
        }
    }
}

#[test]
fn exp_can_be_required() {
    let expectations = Expectations { require_exp: true, ..Default::default() };
    assert_eq!(validate(&expectations, "", "{}"), claim("exp", Reason::Missing));
}

#[test]
fn a_maximum_age_needs_an_honest_iat() {
    let expectations = Expectations { max_token_age: Some(60), clock_tolerance: 5, ..Default::default() };
    let with_iat = |iat: u64| validate(&expectations, "", &format!("{{\"iat\":{iat}}}"));
    assert_eq!(validate(&expectations, "", "{}"), claim("iat", Reason::Missing));
    assert_eq!(with_iat(NOW), Ok(()));
    assert_eq!(with_iat(NOW - 65), Ok(()));
    assert_eq!(with_iat(NOW - 66), Err(expired("iat")));
    assert_eq!(with_iat(NOW + 5), Ok(()));
    assert_eq!(with_iat(NOW + 6), claim("iat", Reason::Mismatch));
    assert_eq!(validate(&expectations, "", "{\"iat\":-9007199254740991}"), Err(expired("iat")));
}
