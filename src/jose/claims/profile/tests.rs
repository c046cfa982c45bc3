use super::*;
use crate::error::Reason::{Malformed, Mismatch, Missing};
use crate::jose::claims::tests::{claim, validate};
use crate::jose::claims::{AT_JWT, ID_TOKEN, JWT, LOGOUT_JWT};
use std::format;
use std::string::String;
use std::vec::Vec;

const ACCESS_TOKEN: &[(&str, &str)] = &[
    ("iss", r#""i""#),
    ("exp", "1700000300"),
    ("aud", r#""c""#),
    ("sub", r#""s""#),
    ("client_id", r#""app""#),
    ("iat", "1700000000"),
    ("jti", r#""j""#),
];
const ID: &[(&str, &str)] =
    &[("iss", r#""i""#), ("sub", r#""s""#), ("aud", r#""c""#), ("exp", "1700000300"), ("iat", "1700000000")];
const LOGOUT: &[(&str, &str)] = &[
    ("iss", r#""i""#),
    ("aud", r#""c""#),
    ("iat", "1700000000"),
    ("exp", "1700000300"),
    ("jti", r#""j""#),
    ("events", r#"{"http://schemas.openid.net/event/backchannel-logout":{}}"#),
    ("sub", r#""s""#),
];

fn expectations(profile: &'static Profile) -> Expectations {
    Expectations { profile, audience: Some(["c".into()].into()), ..Default::default() }
}

/// These claims with `changes`; an empty value leaves a claim out.
fn with(claims: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let kept = claims.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let members: Vec<_> = kept
        .chain(changes)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn run(profile: &'static Profile, typ: &str, claims: &[(&str, &str)], changes: &[(&str, &str)]) -> Result<(), Error> {
    let typ = if typ.is_empty() { String::new() } else { format!(",\"typ\":\"{typ}\"") };
    validate(&expectations(profile), &typ, &with(claims, changes))
}

#[test]
fn a_profile_has_a_name() {
    for profile in [&JWT, &AT_JWT, &ID_TOKEN, &LOGOUT_JWT] {
        assert_eq!(Profile::named(profile.name), Some(profile));
    }
    for name in ["", "JWT", "at_jwt", "id-token"] {
        assert_eq!(Profile::named(name), None);
    }
    assert_ne!(&JWT, &AT_JWT);
    assert_eq!(<&Profile>::default(), &JWT);
}

#[test]
fn each_required_claim_is_missed_and_has_its_type() {
    for (profile, typ, claims, strings) in [
        (&AT_JWT, "at+jwt", ACCESS_TOKEN, &["iss", "sub", "client_id", "jti"][..]),
        (&ID_TOKEN, "JWT", ID, &["iss", "sub"]),
        (&LOGOUT_JWT, "logout+jwt", LOGOUT, &["iss", "jti"]),
    ] {
        assert_eq!(run(profile, typ, claims, &[]), Ok(()), "{}", profile.name);
        assert_eq!(profile.required.len(), claims.iter().filter(|(name, _)| profile.required.contains(name)).count());
        for (name, _) in claims.iter().filter(|(name, _)| profile.required.contains(name)) {
            assert_eq!(run(profile, typ, claims, &[(name, "")]), claim(name, Missing), "{} {name}", profile.name);
            for value in ["null", "{}", "true", "[7]"] {
                let refused = run(profile, typ, claims, &[(name, value)]).unwrap_err();
                let expected = if *name == "events" && value == "{}" { Mismatch } else { Malformed };
                assert_eq!(Err(refused), claim(name, expected), "{} {name} {value}", profile.name);
            }
        }
        for name in strings {
            for value in ["7", r#""""#, r#"["x"]"#, "null"] {
                assert_eq!(run(profile, typ, claims, &[(name, value)]), claim(name, Malformed), "{name} {value}");
            }
        }
        // Also where no audience is expected.
        let unchecked = Expectations { audience: None, ..expectations(profile) };
        if *profile != ID_TOKEN {
            let header = format!(",\"typ\":\"{typ}\"");
            assert_eq!(validate(&unchecked, &header, &with(claims, &[("aud", r#"["x","y"]"#)])), Ok(()));
            assert_eq!(validate(&unchecked, &header, &with(claims, &[("aud", r#"["x",1]"#)])), claim("aud", Malformed));
        }
    }
}

#[test]
fn claims_that_a_profile_knows_have_their_type_where_they_are_there() {
    for (profile, typ, claims, optional) in [
        (&AT_JWT, "at+jwt", ACCESS_TOKEN, &["acr"][..]),
        (&ID_TOKEN, "", ID, &["acr", "azp", "nonce"]),
        (&LOGOUT_JWT, "", LOGOUT, &["sid", "sub"]),
    ] {
        for name in optional {
            for value in ["7", r#""""#, r#"["x"]"#] {
                assert_eq!(run(profile, typ, claims, &[(name, value)]), claim(name, Malformed), "{name} {value}");
            }
        }
        for (value, expected) in [
            ("1700000000.5", Ok(())),
            ("null", Ok(())),
            (r#""1700000000""#, claim("auth_time", Malformed)),
            ("1e400", claim("auth_time", Malformed)),
        ] {
            assert_eq!(run(profile, typ, claims, &[("auth_time", value)]), expected, "{value}");
        }
        assert_eq!(run(profile, typ, claims, &[("acr", "null")]), Ok(()), "as good as absent");
    }
    assert_eq!(run(&JWT, "", &[], &[("aud", r#""c""#), ("iss", "7"), ("sub", "[]"), ("acr", "7")]), Ok(()));
}

#[test]
fn a_token_of_one_kind_is_none_of_another() {
    let kinds = [(&AT_JWT, ACCESS_TOKEN), (&ID_TOKEN, ID), (&LOGOUT_JWT, LOGOUT)];
    for (profile, claims) in kinds {
        for (typ, at_jwt, id_token, logout_jwt) in [
            ("at+jwt", Ok(()), Err(Mismatch), Err(Mismatch)),
            ("application/AT+jwt", Ok(()), Err(Mismatch), Err(Mismatch)),
            ("JWT", Err(Mismatch), Ok(()), Err(Mismatch)),
            ("application/jwt", Err(Mismatch), Ok(()), Err(Mismatch)),
            ("logout+jwt", Err(Mismatch), Err(Mismatch), Ok(())),
            ("dpop+jwt", Err(Mismatch), Err(Mismatch), Err(Mismatch)),
            ("secevent+jwt", Err(Mismatch), Err(Mismatch), Err(Mismatch)),
            ("", Err(Missing), Ok(()), Ok(())),
        ] as [(&str, Verdict, Verdict, Verdict); 8]
        {
            let expected = match profile.name {
                "at+jwt" => at_jwt,
                "id_token" => id_token,
                _ => logout_jwt,
            };
            let expected = expected.map_err(|reason| Error::claim("typ", reason));
            assert_eq!(run(profile, typ, claims, &[]), expected, "{} {typ}", profile.name);
        }
    }
    assert!(run(&ID_TOKEN, "", LOGOUT, &[("events", r#"{"x":{}}"#)]).is_err());
    assert_eq!(run(&ID_TOKEN, "", LOGOUT, &[]), claim("events", Mismatch), "a logout token without a type");
    assert_eq!(run(&LOGOUT_JWT, "", ID, &[("jti", r#""j""#)]), claim("events", Missing), "an ID token");
    // What the application and the profile say must both hold.
    for (typ, expected) in [("logout+jwt", Ok(())), ("JWT", claim("typ", Mismatch)), ("", claim("typ", Missing))] {
        let strict = Expectations { typ: Some("logout+jwt".into()), ..expectations(&LOGOUT_JWT) };
        let typ = if typ.is_empty() { String::new() } else { format!(",\"typ\":\"{typ}\"") };
        assert_eq!(validate(&strict, &typ, &with(LOGOUT, &[])), expected, "{typ}");
    }
    let contradiction = Expectations { typ: Some("JWT".into()), ..expectations(&LOGOUT_JWT) };
    for typ in ["JWT", "logout+jwt"] {
        let header = format!(",\"typ\":\"{typ}\"");
        assert_eq!(validate(&contradiction, &header, &with(LOGOUT, &[])), claim("typ", Mismatch), "{typ}");
    }
}

/// Why a `typ` is refused.
type Verdict = Result<(), Reason>;

#[test]
fn an_id_token_is_for_this_client_and_about_someone_with_a_short_name() {
    for (changes, expected) in [
        (&[("aud", r#"["c"]"#)][..], Ok(())),
        (&[("aud", r#"["c","c"]"#)], Ok(())),
        (&[("aud", r#"["c","d"]"#)], claim("azp", Missing)),
        (&[("aud", r#"["d","c"]"#)], claim("azp", Missing)),
        (&[("aud", r#"["c","d"]"#), ("azp", "null")], claim("azp", Missing)),
        (&[("aud", r#"["c","d"]"#), ("azp", r#""c""#)], Ok(())),
        (&[("aud", r#"["c","d"]"#), ("azp", r#""d""#)], claim("azp", Mismatch)),
        (&[("azp", r#""c""#)], Ok(())),
        (&[("azp", r#""C""#)], claim("azp", Mismatch)),
        (&[("azp", "null")], Ok(())),
        (&[("aud", r#"["d"]"#), ("azp", r#""c""#)], claim("aud", Mismatch)),
        (&[("nonce", r#""unasked""#)], Ok(())),
        (&[("at_hash", r#""unasked""#)], Ok(())),
        (&[("sub", r#""é""#)], claim("sub", Malformed)),
        (&[("sub", r#""sé""#)], claim("sub", Malformed)),
        (&[("events", "null")], claim("events", Mismatch)),
    ] {
        assert_eq!(run(&ID_TOKEN, "", ID, changes), expected, "{changes:?}");
    }
    for (length, expected) in [(254, Ok(())), (255, Ok(())), (256, claim("sub", Malformed))] {
        assert_eq!(run(&ID_TOKEN, "", ID, &[("sub", &format!("\"{}\"", "s".repeat(length)))]), expected, "{length}");
    }
    for audience in [None, Some(["c".into(), "d".into()].into())] {
        let for_whom = Expectations { audience, ..expectations(&ID_TOKEN) };
        assert_eq!(validate(&for_whom, "", &with(ID, &[])), claim("azp", Mismatch), "no one client");
    }
}

#[test]
fn a_logout_token_says_who_logged_out_and_cannot_be_taken_for_an_id_token() {
    const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
    let event = |value: &str| format!("{{\"{EVENT}\":{value},\"x\":1}}");
    let array = format!("[\"{EVENT}\"]");
    for (changes, expected) in [
        (&[("sid", r#""1""#)][..], Ok(())),
        (&[("sub", ""), ("sid", r#""1""#)], Ok(())),
        (&[("sub", "null"), ("sid", r#""1""#)], Ok(())),
        (&[("sub", "")], claim("sid", Missing)),
        (&[("sub", "null"), ("sid", "null")], claim("sid", Missing)),
        (&[("nonce", r#""n""#)], claim("nonce", Mismatch)),
        (&[("nonce", "null")], claim("nonce", Mismatch)),
        (&[("events", &event("{}"))], Ok(())),
        (&[("events", &event(r#"{"a":1}"#))], Ok(())),
        (&[("events", &event("[]"))], claim("events", Malformed)),
        (&[("events", &event("true"))], claim("events", Malformed)),
        (&[("events", &event("null"))], claim("events", Malformed)),
        (&[("events", r#"{"x":{}}"#)], claim("events", Mismatch)),
        (&[("events", &array)], claim("events", Malformed)),
        (&[("events", &format!("\"{EVENT}\""))], claim("events", Malformed)),
    ] {
        assert_eq!(run(&LOGOUT_JWT, "", LOGOUT, changes), expected, "{changes:?}");
    }
}
