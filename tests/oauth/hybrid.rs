//! The hybrid flow (OpenID Connect Core §3.3), and what is demanded of ID tokens from both endpoints.

use serde_json::{Value, json};
use tollgate::error::Error;

use super::calls::refusal;
use super::logins::{CLAIM, INVALID, Login, half_hash};
use super::server::{TOKEN, keys, status};
use super::signer::{self, Signer};

fn hybrid() -> Login {
    Login::new("", r#","response_type":"code id_token""#)
}

/// A response of the hybrid flow whose ID token has these changes.
fn hybrid_with(login: &mut Login, changes: &[(&str, &str)]) -> Result<Value, Error> {
    let c_hash = half_hash("c");
    let id_token = login.id_token(&[&[("c_hash", c_hash.as_str())], changes].concat());
    login.url(&format!("#code=c&state=STATE&id_token={id_token}"), [keys()])
}

#[test]
fn the_id_token_of_the_hybrid_flow_is_bound_to_code_and_request() {
    let validated = hybrid_with(&mut hybrid(), &[]).unwrap();
    assert_eq!((&validated["code"], &validated["claims"]["sub"]), (&json!("c"), &json!("alice")));
    let other = half_hash("other");
    for (changes, about) in [
        (&[("c_hash", "")][..], "c_hash missing"),
        (&[("c_hash", &other)], "c_hash mismatch"),
        (&[("c_hash", "1")], "c_hash malformed"),
        (&[("nonce", "")], "nonce missing"),
        (&[("nonce", r#""other""#)], "nonce mismatch"),
        (&[("aud", r#""other""#)], "aud mismatch"),
        (&[("aud", r#"["app","other"]"#)], "azp missing"),
        (&[("iss", r#""https://evil.example""#)], "iss mismatch"),
    ] {
        let error = hybrid_with(&mut hybrid(), changes).unwrap_err();
        assert_eq!(refusal(&error), (CLAIM, about.into()), "{changes:?}");
    }
    let error = hybrid_with(&mut hybrid(), &[("exp", "1699999970")]).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_JWT_EXPIRED");
}

#[test]
fn a_hybrid_response_has_both_and_nothing_else() {
    let id_token = |login: &Login| login.id_token(&[("c_hash", &half_hash("c"))]);
    for (rest, about) in [
        ("#code=c&state=STATE", "id_token missing"),
        ("#id_token=ID&state=STATE", "code missing"),
        ("#code=c&id_token=ID&id_token=ID&state=STATE", "id_token malformed"),
        ("#code=c&id_token=ID&state=STATE&access_token=a", "access_token mismatch"),
        ("#error=e&id_token=ID&state=STATE", "error mismatch"),
        ("#error=e&code=c&state=STATE", "error mismatch"),
        ("?code=c&id_token=ID&state=STATE", "response_mode mismatch"),
    ] {
        let mut login = hybrid();
        let rest = rest.replace("ID", &id_token(&login));
        assert_eq!(login.refused(&rest), (INVALID, about.into()), "{rest}");
    }
    let mut login = hybrid();
    let forged = Signer { seed: 7, ..Signer::ES256 }.token(&signer::claims(&[("c_hash", &half_hash("c"))]));
    let error = login.url(&format!("#code=c&state=STATE&id_token={forged}"), [keys()]).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
}

#[test]
fn an_id_token_names_its_issuer_where_an_error_does_not() {
    let announced = r#","authorization_response_iss_parameter_supported":true"#;
    let hybrid = || Login::new(announced, r#","response_type":"code id_token""#);
    assert!(hybrid_with(&mut hybrid(), &[]).is_ok());
    let error = hybrid_with(&mut hybrid(), &[("iss", r#""https://evil.example""#)]).unwrap_err();
    assert_eq!(refusal(&error), (CLAIM, "iss mismatch".into()));
    let missing = ("ERR_OAUTH_ISSUER_MISMATCH", "iss missing".into());
    assert_eq!(hybrid().refused("#error=access_denied&state=STATE"), missing);
    assert_eq!(hybrid().refused("#code=c&state=STATE"), missing);
}

#[test]
fn a_hybrid_response_may_be_signed_as_a_whole() {
    let mut login = Login::new("", r#","response_type":"code id_token","response_mode":"form_post.jwt""#);
    let id_token = login.id_token(&[("c_hash", &half_hash("c"))]);
    let response = format!("response={}", login.jwt(json!({ "id_token": id_token })));
    assert_eq!(login.respond("form", &response, [keys()]).unwrap()["claims"]["sub"], "alice");
}

/// Exchanges the code of `login`, whose second ID token has these changes.
fn exchanged(login: &mut Login, validated: &Value, changes: &[(&str, &str)]) -> Result<Value, Error> {
    let id_token = login.id_token(changes);
    let answer = format!(r#"{{"access_token":"at","token_type":"Bearer","id_token":"{id_token}"}}"#);
    let parameters = json!({ "response": validated }).to_string();
    let outcome = login.caller.call("authorizationCodeGrant", &parameters, [(TOKEN, status(200, &answer))]);
    outcome.result.map(|json| serde_json::from_str(&json).unwrap())
}

#[test]
fn the_second_id_token_is_about_the_same_user_and_login() {
    let mut login = hybrid();
    let validated = hybrid_with(&mut login, &[("auth_time", "1699999990"), ("azp", r#""app""#)]).unwrap();
    for changes in [&[][..], &[("auth_time", "1699999990")], &[("aud", r#"["app","api"]"#), ("azp", r#""app""#)]] {
        assert_eq!(exchanged(&mut login, &validated, changes).unwrap()["claims"]["sub"], "alice", "{changes:?}");
    }
    for (changes, about) in [
        (&[("sub", r#""mallory""#)][..], "sub mismatch"),
        (&[("iss", r#""https://evil.example""#)], "iss mismatch"),
        (&[("auth_time", "1699999991")], "auth_time mismatch"),
        (&[("nonce", "")], "nonce missing"),
    ] {
        let error = exchanged(&mut login, &validated, changes).unwrap_err();
        assert_eq!(refusal(&error), (CLAIM, about.into()), "{changes:?}");
    }
    let mut stripped = validated.clone();
    stripped.as_object_mut().unwrap().remove("claims");
    let parameters = json!({ "response": stripped }).to_string();
    let error = login.caller.call("authorizationCodeGrant", &parameters, []).result.unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_OPTION_INVALID", "without the first there is nothing to compare with");
}

#[test]
fn what_was_essential_is_demanded_of_every_id_token() {
    let acr = r#","claims":{"id_token":{"acr":{"essential":true,"values":["gold","silver"]}}}"#;
    let sub = r#","claims":{"id_token":{"sub":{"value":"alice"}}}"#;
    let auth_time = r#","claims":{"id_token":{"auth_time":{"essential":true}}}"#;
    let recent = ("auth_time", "1699999990");
    for (asked, changes, refused) in [
        (acr, &[][..], Some("acr missing")),
        (acr, &[("acr", r#""bronze""#)], Some("acr mismatch")),
        (acr, &[("acr", r#""silver""#)], None),
        (r#","acr_values":"gold""#, &[("acr", r#""bronze""#)], None),
        (sub, &[], None),
        (sub, &[("sub", r#""bob""#)], Some("sub mismatch")),
        (auth_time, &[], Some("auth_time missing")),
        (auth_time, &[("auth_time", "1")], None),
        (r#","max_age":60"#, &[], Some("auth_time missing")),
        (r#","max_age":60"#, &[("auth_time", "1699999000")], Some("auth_time mismatch")),
        (r#","max_age":60"#, &[recent], None),
        (r#","max_age":0"#, &[("auth_time", "1699999969")], Some("auth_time mismatch")),
    ] {
        let mut login = Login::new("", &format!(r#","response_type":"code id_token"{asked}"#));
        let result = hybrid_with(&mut login, changes);
        let about = result.err().map(|error| refusal(&error).1);
        assert_eq!(about.as_deref(), refused, "the first, {asked} {changes:?}");

        let mut login = Login::new("", asked);
        let validated = login.url("?code=c&state=STATE", []).unwrap();
        let id_token = login.id_token(changes);
        let answer = format!(r#"{{"access_token":"at","token_type":"Bearer","id_token":"{id_token}"}}"#);
        let parameters = json!({ "response": validated }).to_string();
        let script = [(TOKEN, status(200, &answer))].into_iter().chain([keys()]);
        let error = login.caller.call("authorizationCodeGrant", &parameters, script).result.err();
        let about = error.map(|error| refusal(&error).1);
        assert_eq!(about.as_deref(), refused, "of the token endpoint, {asked} {changes:?}");
    }
}
