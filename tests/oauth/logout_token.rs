//! Logging out at the server by a URL, and the logout token by which it says that a user has.

use tollgate::error::Error;

use super::endpoints::{fapi, run};
use super::registered::{self, PUBLIC, bare, failure, outcome};
use super::server::{self, NOW, keys};
use super::signer::Signer;

const REFUSED: &str = "ERR_JWT_CLAIM_VALIDATION_FAILED";

/// A logout token with these changes of its claims, and this header.
fn token(changes: &[(&str, &str)], header: &str) -> String {
    let mut claims = vec![
        ("iss", r#""https://as.example""#),
        ("aud", r#""app""#),
        ("iat", "1700000000"),
        ("exp", "1700000120"),
        ("jti", r#""j""#),
        ("sub", r#""alice""#),
        ("events", r#"{"http://schemas.openid.net/event/backchannel-logout":{}}"#),
    ];
    for (name, value) in changes {
        claims.retain(|(known, _)| known != name);
        claims.push((name, value));
    }
    claims.retain(|(_, value)| !value.is_empty());
    let members: Vec<_> = claims.iter().map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
    Signer::ES256.sign(&format!(r#"{{"alg":"ES256","kid":"es"{header}}}"#), &format!("{{{}}}", members.join(",")))
}

#[test]
fn it_says_until_when_it_would_be_accepted_again() {
    let validated = validate(&token(&[("exp", "1700000120.5")], ""), "").unwrap();
    assert!(validated.starts_with(r#"{"until":1700000150,"claims":{"#), "{validated}");
    // One that is too old before it expires is refused from then on.
    let validated = validate(&token(&[], ""), r#","maxTokenAge":60"#).unwrap();
    assert!(validated.starts_with(r#"{"until":1700000091,"#), "{validated}");
}

fn validate(token: &str, members: &str) -> Result<String, Error> {
    run("validateLogoutToken", &format!(r#"{{"logout_token":"{token}"{members}}}"#), [keys()]).result
}

#[test]
fn a_logout_token_has_what_the_specification_asks_for() {
    for changes in [&[][..], &[("sub", ""), ("sid", r#""s""#)], &[("aud", r#"["other","app"]"#)]] {
        for header in ["", r#","typ":"logout+jwt""#, r#","typ":"application/Logout+JWT""#] {
            assert!(validate(&token(changes, header), "").unwrap().contains(r#""jti":"j""#), "{changes:?} {header}");
        }
    }
    for (name, value, claim) in [
        ("iss", "", "iss"),
        ("iss", r#""https://other.example""#, "iss"),
        ("aud", "", "aud"),
        ("aud", r#""other""#, "aud"),
        ("iat", "", "iat"),
        ("exp", "", "exp"),
        ("jti", "", "jti"),
        ("jti", r#""""#, "jti"),
        ("jti", "1", "jti"),
        ("sub", "", "sid"),
        ("sub", "1", "sub"),
        ("sid", "1", "sid"),
        ("nonce", r#""n""#, "nonce"),
        ("nonce", "null", "nonce"),
        ("events", "", "events"),
        ("events", "{}", "events"),
        ("events", r#"{"http://schemas.openid.net/event/backchannel-logout":true}"#, "events"),
        ("events", r#"["http://schemas.openid.net/event/backchannel-logout"]"#, "events"),
    ] {
        let result = validate(&token(&[(name, value)], ""), "");
        assert_eq!(failure(result), (REFUSED, Some(claim.into())), "{name} {value}");
    }
    for typ in ["JWT", "at+jwt", "secevent+jwt"] {
        let result = validate(&token(&[], &format!(r#","typ":"{typ}""#)), "");
        assert_eq!(failure(result), (REFUSED, Some("typ".into())), "{typ}");
    }
    assert_eq!(
        failure(validate(&Signer::ES256.id_token(&[]), "")),
        (REFUSED, Some("jti".into())),
        "an ID token is none"
    );
}

#[test]
fn what_is_demanded_besides_is_mandatory() {
    let typ = r#","typ":"logout+jwt""#;
    assert!(validate(&token(&[], typ), typ).is_ok());
    assert_eq!(failure(validate(&token(&[], ""), typ)), (REFUSED, Some("typ".into())));
    let age = r#","maxTokenAge":60"#;
    assert!(validate(&token(&[("iat", "1699999940")], ""), age).is_ok());
    assert_eq!(failure(validate(&token(&[("iat", "1699999909")], ""), age)), ("ERR_JWT_EXPIRED", Some("iat".into())));
    assert_eq!(failure(validate(&token(&[("exp", "1699999970")], ""), "")).0, "ERR_JWT_EXPIRED");
}

#[test]
fn forged_tokens_have_the_keys_fetched_once_in_thirty_seconds() {
    let forged = token(&[], "").split('.').take(2).collect::<Vec<_>>().join(".") + "." + &"A".repeat(86);
    let unknown = Signer { kid: Some("unknown"), ..Signer::ES256 }.sign(r#"{"alg":"ES256","kid":"unknown"}"#, "{}");
    let mut server = registered::server("");
    let mut code = |token: &str, now: u64, script: &[server::Exchange]| {
        let parameters = format!(r#"{{"logout_token":"{token}"}}"#);
        let mut flow = registered::flow(&server, "validateLogoutToken", PUBLIC, &parameters).unwrap();
        failure(server::run(script.to_vec(), |answer| flow.step(&mut server, now, answer)).result).0
    };
    assert_eq!(code(&forged, NOW, &[keys()]), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    assert_eq!(code(&forged, NOW + 29, &[]), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    assert_eq!(code(&unknown, NOW + 29, &[]), "ERR_JWKS_NO_MATCHING_KEY");
    assert_eq!(code(&unknown, NOW + 30, &[keys()]), "ERR_JWKS_NO_MATCHING_KEY");
}

#[test]
fn a_logout_token_is_signed_by_a_key_and_an_algorithm_of_the_server() {
    let forged = token(&[], "").split('.').take(2).collect::<Vec<_>>().join(".") + "." + &"A".repeat(86);
    assert_eq!(failure(validate(&forged, "")).0, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    let parameters = format!(r#"{{"logout_token":"{}"}}"#, token(&[], ""));
    let mut narrow = registered::server(r#","id_token_signing_alg_values_supported":["RS256"]"#);
    let result = outcome(&mut narrow, "validateLogoutToken", PUBLIC, &parameters, []).result;
    assert_eq!(failure(result).0, "ERR_JOSE_ALG_NOT_ALLOWED");
    // `{"alg":"RS256"}`
    let rs256 = r#"{"logout_token":"eyJhbGciOiJSUzI1NiJ9.e30.AAAA"}"#;
    let result = outcome(&mut registered::server(""), "validateLogoutToken", &fapi(), rs256, []).result;
    assert_eq!(failure(result).0, "ERR_JOSE_ALG_NOT_ALLOWED");
    for (parameters, code, claim) in [
        ("{}", "ERR_OPTION_INVALID", Some("logout_token")),
        (r#"{"logout_token":"a.b"}"#, "ERR_JWS_INVALID", None),
        (r#"{"logout_token":"eyJhbGciOiJub25lIn0.e30."}"#, "ERR_JOSE_ALG_NOT_ALLOWED", None),
        (r#"{"logout_token":"a","now":1}"#, "ERR_OPTION_INVALID", Some("now")),
    ] {
        let result = run("validateLogoutToken", parameters, []).result;
        assert_eq!(failure(result), (code, claim.map(String::from)), "{parameters}");
    }
}

#[test]
fn the_url_of_a_logout_has_every_parameter_that_is_given() {
    let all = r#"{"id_token_hint":"i","post_logout_redirect_uri":"https://app.example/?a","state":"s t","logout_hint":"l","ui_locales":"de en"}"#;
    let url = "https://as.example/logout?client_id=app&id_token_hint=i&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F%3Fa&state=s+t&logout_hint=l&ui_locales=de+en";
    assert_eq!(run("endSessionUrl", all, []).result.unwrap(), format!(r#"{{"url":"{url}"}}"#));
    assert_eq!(run("endSessionUrl", "{}", []).result.unwrap(), r#"{"url":"https://as.example/logout?client_id=app"}"#);
    for (parameters, claim) in
        [(r#"{"state":1}"#, "state"), (r#"{"hint":"x"}"#, "hint"), (r#"{"state":null}"#, "state")]
    {
        assert_eq!(failure(run("endSessionUrl", parameters, []).result), ("ERR_OPTION_INVALID", Some(claim.into())));
    }
    let missing = outcome(&mut bare(), "endSessionUrl", PUBLIC, "{}", []).result;
    assert_eq!(failure(missing), ("ERR_OAUTH_METADATA_INVALID", Some("end_session_endpoint".into())));
}
