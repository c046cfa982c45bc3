//! Responses that the server signs (JARM).

use serde_json::json;

use super::calls::refusal;
use super::logins::{CLAIM, INVALID, Login};
use super::server::{NOW, keys};
use super::signer::Signer;

fn signed(mode: &str) -> Login {
    Login::new("", &format!(r#","response_mode":"{mode}""#))
}

#[test]
fn a_signed_response_comes_every_way() {
    for (mode, member, before) in [
        ("jwt", "url", "https://app.example/cb?response="),
        ("query.jwt", "url", "https://app.example/cb?response="),
        ("fragment.jwt", "url", "https://app.example/cb#response="),
        ("form_post.jwt", "form", "response="),
    ] {
        let mut login = signed(mode);
        let response = before.to_owned() + &login.jwt(json!({}));
        assert_eq!(login.respond(member, &response, [keys()]).unwrap()["code"], "c", "{mode}");
        let other = if member == "form" { "https://app.example/cb?response=x" } else { "response=x" };
        let other = signed(mode).respond(if member == "form" { "url" } else { "form" }, other, []);
        assert_eq!(refusal(&other.unwrap_err()), (INVALID, "response_mode mismatch".into()), "{mode}");
    }
}

#[test]
fn a_response_that_is_not_signed_is_none_where_a_signed_one_was_asked_for() {
    for (rest, about) in [
        ("?code=c&state=STATE", "response missing"),
        ("?code=c&state=STATE&iss=https://as.example", "response missing"),
        ("?error=access_denied&state=STATE", "response missing"),
        ("?code=c&state=STATE&response=", "response missing"),
        ("?response=x&response=y", "response malformed"),
        ("?response=x&code=c", "code mismatch"),
        ("?response=x&state=STATE", "state mismatch"),
        ("?response=x&iss=https://as.example", "iss mismatch"),
        ("?response=x&error=e", "error mismatch"),
    ] {
        assert_eq!(signed("jwt").refused(rest), (INVALID, about.into()), "{rest}");
    }
}

#[test]
fn the_claims_of_a_signed_response_are_validated() {
    for (changes, code, about) in [
        (json!({ "iss": "https://evil.example" }), CLAIM, "iss mismatch"),
        (json!({ "iss": null }), CLAIM, "iss missing"),
        (json!({ "aud": "other" }), CLAIM, "aud mismatch"),
        (json!({ "aud": null }), CLAIM, "aud missing"),
        (json!({ "exp": null }), CLAIM, "exp missing"),
        (json!({ "exp": NOW - 30 }), "ERR_JWT_EXPIRED", "exp mismatch"),
        (json!({ "nbf": NOW + 31 }), CLAIM, "nbf mismatch"),
        (json!({ "code": 1 }), CLAIM, "code malformed"),
        (json!({ "state": null }), "ERR_OAUTH_STATE_MISSING", " "),
        (json!({ "state": "foreign" }), "ERR_OAUTH_STATE_MISMATCH", " "),
        (json!({ "code": null }), INVALID, "code missing"),
        (json!({ "error": "e" }), INVALID, "error mismatch"),
        (json!({ "id_token": "x" }), INVALID, "id_token mismatch"),
        (json!({ "response": "x" }), INVALID, "response mismatch"),
        (json!({ "code": null, "error": "access_denied" }), "ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR", " "),
    ] {
        let mut login = signed("jwt");
        let rest = format!("?response={}", login.jwt(changes.clone()));
        assert_eq!(refusal(&login.url(&rest, [keys()]).unwrap_err()), (code, about.into()), "{changes}");
    }
    let mut login = signed("jwt");
    let rest = format!("?response={}", login.jwt(json!({ "aud": ["app"], "exp": NOW - 29, "expires_in": 3600 })));
    assert!(login.url(&rest, [keys()]).is_ok());
}

#[test]
fn a_response_is_signed_by_a_key_and_an_algorithm_of_the_server() {
    let claims = |login: &Login| {
        login.filled(r#"{"iss":"https://as.example","aud":"app","exp":1700000060,"code":"c","state":"STATE"}"#)
    };
    let forged = Signer { seed: 7, ..Signer::ES256 };
    for (metadata, signer, header, code, fetched) in [
        ("", forged, r#"{"alg":"ES256","kid":"es"}"#, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", true),
        ("", Signer::ES256, r#"{"alg":"ES256","kid":"other"}"#, "ERR_JWKS_NO_MATCHING_KEY", true),
        ("", Signer::ES256, r#"{"alg":"none"}"#, "ERR_JOSE_ALG_NOT_ALLOWED", false),
        ("", Signer::ES256, r#"{"alg":"HS256","kid":"es"}"#, "ERR_JOSE_ALG_NOT_ALLOWED", false),
        (
            r#","authorization_signing_alg_values_supported":["EdDSA"]"#,
            Signer::ES256,
            r#"{"alg":"ES256","kid":"es"}"#,
            "ERR_JOSE_ALG_NOT_ALLOWED",
            false,
        ),
        ("", Signer::ES256, r#"{"alg":"ES256","kid":"es","crit":["x"],"x":1}"#, "ERR_JOSE_NOT_SUPPORTED", false),
        ("", Signer::ES256, r#"{"alg":"ES256","kid":"es","typ":"at+jwt"}"#, CLAIM, true),
    ] {
        let mut login = Login::new(metadata, r#","response_mode":"jwt""#);
        let rest = format!("?response={}", signer.sign(header, &claims(&login)));
        let script = [keys()].into_iter().filter(|_| fetched);
        assert_eq!(login.url(&rest, script).unwrap_err().code.as_str(), code, "{header}");
    }
    for response in ["x", "a.b", "a.b.c.d.e", "..", "%00"] {
        assert_eq!(signed("jwt").refused(&format!("?response={response}")).0, "ERR_JWS_INVALID", "{response}");
    }
}
