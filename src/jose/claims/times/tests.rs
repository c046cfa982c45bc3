use super::*;
use crate::error::Reason::{Malformed, Mismatch, Missing};
use crate::jose::claims::tests::{NOW, claim, validate, window};
use std::format;
use std::string::String;

fn expired(claim: &'static str) -> Result<(), Error> {
    Err(Error::new(Code::JwtExpired).about(claim, Mismatch))
}

#[test]
fn times_are_compared_to_the_second() {
    let plain = Expectations::default();
    let tolerant = Expectations { clock_tolerance: 10, ..Default::default() };
    let early = claim("nbf", Mismatch);
    for (expectations, claims, expected) in [
        (&plain, format!("{{\"exp\":{}}}", NOW + 1), Ok(())),
        (&plain, format!("{{\"exp\":{}.5}}", NOW + 1), Ok(())),
        (&plain, format!("{{\"exp\":{NOW}}}"), expired("exp")),
        (&plain, format!("{{\"exp\":{NOW}.9}}"), expired("exp")),
        (&plain, format!("{{\"exp\":{}}}", NOW - 1), expired("exp")),
        (&plain, "{\"exp\":-1}".into(), expired("exp")),
        (&plain, "{\"exp\":0}".into(), expired("exp")),
        (&plain, "{\"exp\":9007199254740991}".into(), Ok(())),
        (&tolerant, format!("{{\"exp\":{}}}", NOW - 9), Ok(())),
        (&tolerant, format!("{{\"exp\":{}}}", NOW - 10), expired("exp")),
        (&plain, format!("{{\"nbf\":{NOW}}}"), Ok(())),
        (&plain, format!("{{\"nbf\":{}}}", NOW - 1), Ok(())),
        (&plain, format!("{{\"nbf\":{NOW}.1}}"), early.clone()),
        (&plain, format!("{{\"nbf\":{}}}", NOW + 1), early.clone()),
        (&tolerant, format!("{{\"nbf\":{}}}", NOW + 10), Ok(())),
        (&tolerant, format!("{{\"nbf\":{}.1}}", NOW + 10), early.clone()),
        (&tolerant, format!("{{\"nbf\":{}}}", NOW + 11), early),
        (&plain, format!("{{\"iat\":{}}}", NOW + 1000), Ok(())),
    ] {
        assert_eq!(validate(expectations, "", &claims), expected, "{claims}");
    }
}

#[test]
fn numeric_dates_have_one_meaning_or_none() {
    let plain = Expectations::default();
    let zeros = format!("0.{}1e400", "0".repeat(400));
    let huge = "1".repeat(10_000);
    let long = format!("{}.{}", NOW + 1, "0".repeat(10_000));
    for (value, exp, nbf) in [
        ("-1", expired("exp"), Ok(())),
        ("-0", expired("exp"), Ok(())),
        ("0", expired("exp"), Ok(())),
        ("-0.0e-0", expired("exp"), Ok(())),
        ("1.5", expired("exp"), Ok(())),
        ("1E2", expired("exp"), Ok(())),
        ("1e-400", expired("exp"), Ok(())),
        (&zeros, expired("exp"), Ok(())),
        ("1.8e9", Ok(()), claim("nbf", Mismatch)),
        ("18E+8", Ok(()), claim("nbf", Mismatch)),
        ("9007199254740991", Ok(()), claim("nbf", Mismatch)),
        ("-9007199254740991", expired("exp"), Ok(())),
        (&long, Ok(()), claim("nbf", Mismatch)),
    ] {
        assert_eq!(validate(&plain, "", &format!("{{\"exp\":{value}}}")), exp, "{value}");
        assert_eq!(validate(&plain, "", &format!("{{\"nbf\":{value}}}")), nbf, "{value}");
    }
    let aged = Expectations { max_token_age: Some(60), max_age: Some(60), ..Default::default() };
    for name in ["exp", "nbf", "iat"] {
        for value in [
            "\"1700000001\"",
            "null",
            "[]",
            "[1700000001]",
            "{}",
            "true",
            "1e400",
            "-1e400",
            "9007199254740992",
            "-9007199254740992",
            "9007199254740991.5",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "18446744073709551616",
            "-1e99",
            "1e99999999999999999999",
            &huge,
        ] {
            for expectations in [&plain, &aged] {
                let (iat, other) =
                    if name == "iat" { (value, String::new()) } else { ("1700000000", format!(",\"{name}\":{value}")) };
                let claims = format!("{{\"auth_time\":{NOW},\"iat\":{iat}{other}}}");
                assert_eq!(validate(expectations, "", &claims), claim(name, Malformed), "{name} {value}");
            }
            let claims = format!("{{\"iat\":{NOW},\"auth_time\":{value}}}");
            assert_eq!(validate(&aged, "", &claims), claim("auth_time", Malformed), "auth_time {value}");
        }
    }
}

#[test]
fn exp_can_be_required() {
    let expectations = Expectations { require_exp: true, ..Default::default() };
    assert_eq!(validate(&expectations, "", "{}"), claim("exp", Missing));
    assert_eq!(validate(&Expectations::default(), "", "{}"), Ok(()));
}

#[test]
fn a_maximum_age_needs_an_honest_time() {
    let token_age = Expectations { max_token_age: Some(60), clock_tolerance: 5, ..Default::default() };
    let max_age = Expectations { max_age: Some(60), clock_tolerance: 5, ..Default::default() };
    for (expectations, name, too_old) in
        [(&token_age, "iat", expired("iat")), (&max_age, "auth_time", claim("auth_time", Mismatch))]
    {
        let with = |time: &str| validate(expectations, "", &format!("{{\"{name}\":{time}}}"));
        let at = |time: u64| with(&format!("{time}"));
        assert_eq!(validate(expectations, "", "{}"), claim(name, Missing));
        assert_eq!(at(NOW), Ok(()));
        assert_eq!(at(NOW - 65), Ok(()));
        assert_eq!(at(NOW - 66), too_old);
        assert_eq!(with(&format!("{}.9", NOW - 66)), too_old);
        assert_eq!(at(NOW + 5), Ok(()));
        assert_eq!(with(&format!("{}.1", NOW + 5)), claim(name, Mismatch));
        assert_eq!(at(NOW + 6), claim(name, Mismatch));
        assert_eq!(with("-1"), too_old);
        assert_eq!(with("-9007199254740991"), too_old);
    }
    let now_only = Expectations { max_token_age: Some(0), ..Default::default() };
    for (iat, expected) in [(NOW - 1, expired("iat")), (NOW, Ok(())), (NOW + 1, claim("iat", Mismatch))] {
        assert_eq!(validate(&now_only, "", &format!("{{\"iat\":{iat}}}")), expected, "{iat}");
    }
}

/// The window is what the checks compare with, so that it cannot say other than they do.
#[test]
fn a_token_passes_within_its_window_and_neither_before_nor_after() {
    let cases = [
        (Expectations::default(), r#"{"exp":1000}"#, None, Some(1000)),
        (Expectations::default(), r#"{"exp":1000.5,"nbf":900.5}"#, Some(901), Some(1000)),
        (
            Expectations { clock_tolerance: 10, ..Default::default() },
            r#"{"exp":1000,"nbf":900}"#,
            Some(890),
            Some(1010),
        ),
        (Expectations { max_token_age: Some(60), ..Default::default() }, r#"{"iat":900}"#, Some(900), Some(961)),
        (
            Expectations { max_token_age: Some(60), clock_tolerance: 10, ..Default::default() },
            r#"{"iat":900.5,"exp":2000}"#,
            Some(891),
            Some(971),
        ),
        (
            Expectations { max_age: Some(60), ..Default::default() },
            r#"{"auth_time":900,"exp":950}"#,
            Some(900),
            Some(950),
        ),
        (
            Expectations { max_age: Some(20), ..Default::default() },
            r#"{"auth_time":900,"exp":950}"#,
            Some(900),
            Some(921),
        ),
        (Expectations::default(), r#"{"iat":900}"#, None, None),
    ];
    for (expectations, claims, from, until) in cases {
        let at = |now: i64| window(&expectations, "", claims, u64::try_from(now).unwrap());
        let found = at(910).unwrap();
        assert_eq!(found, Window { from: from.unwrap_or(i64::MIN), until: until.unwrap_or(i64::MAX) }, "{claims}");
        for (edge, before, after) in
            from.map(|from| (from, false, true)).into_iter().chain(until.map(|until| (until, true, false)))
        {
            assert_eq!((at(edge - 1).is_ok(), at(edge).is_ok()), (before, after), "{claims} at {edge}");
        }
    }
}

#[test]
fn the_largest_tolerances_and_ages_do_not_wrap() {
    let largest = Expectations {
        clock_tolerance: u64::MAX,
        max_token_age: Some(u64::MAX),
        max_age: Some(u64::MAX),
        ..Default::default()
    };
    for claims in [
        r#"{"exp":-9007199254740991,"nbf":9007199254740991,"iat":9007199254740991,"auth_time":9007199254740991}"#,
        r#"{"exp":9007199254740991,"nbf":-9007199254740991,"iat":-9007199254740991,"auth_time":-9007199254740991}"#,
    ] {
        assert_eq!(window(&largest, "", claims, 0).map(|_| ()), Ok(()), "{claims}");
    }
}

#[test]
fn what_is_no_time_is_after_the_end_of_every_token() {
    for now in [u64::MAX, 9_223_372_036_854_775_807, 9_223_372_036_854_775_806] {
        let result = window(&Expectations::default(), "", "{\"exp\":9007199254740991}", now);
        assert_eq!(result.map(|_| ()), expired("exp"));
    }
}
