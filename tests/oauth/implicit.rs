//! The implicit grant: every check that can still be made.

use serde_json::{Value, json};
use tollgate::error::Error;
use tollgate::text::form;

use super::calls::{Caller, refusal};
use super::logins::{CLAIM, INVALID, Login, half_hash};
use super::registered::PUBLIC;
use super::server::{NOW, keys};

fn login(response_type: &str) -> Login {
    let members = format!(r#","response_type":"{response_type}""#);
    Login::by("implicitAuthorizationUrl", "implicitResponse", "", &members)
}

/// What becomes of the fragment; `ID` in it is an ID token with these changes.
fn respond(login: &mut Login, fragment: &str, changes: &[(&str, &str)]) -> Result<Value, Error> {
    let fetched = [keys()].into_iter().filter(|_| fragment.contains("ID"));
    let fragment = fragment.replace("ID", &login.id_token(changes));
    login.respond("url", &format!("https://app.example/cb#{fragment}"), fetched)
}

const TOKEN: &str = "access_token=at&token_type=bearer&state=STATE";

#[test]
fn the_request_has_no_code_challenge_and_an_unguessable_state() {
    let parameters = r#"{"redirect_uri":"https://app.example/cb","scope":"openid","response_type":"id_token token"}"#;
    let no_pkce = r#","code_challenge_methods_supported":["plain"]"#;
    let made = Caller::new(no_pkce, PUBLIC).made("implicitAuthorizationUrl", parameters);
    let pairs = form::parse(made["url"].as_str().unwrap().split_once('?').unwrap().1).unwrap();
    let names: Vec<_> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["response_type", "client_id", "redirect_uri", "scope", "state", "nonce"]);
    assert_eq!(pairs[4].1.len(), 43);
    assert_eq!(made["transaction"]["response_mode"], "fragment");
}

#[test]
fn tokens_are_those_of_the_response() {
    let granted = respond(&mut login("token"), &format!("{TOKEN}&expires_in=600&scope=api"), &[]).unwrap();
    let expected = json!({ "access_token": "at", "token_type": "Bearer", "expires_at": NOW + 600, "scope": "api" });
    assert_eq!(granted, expected);
    let forever = respond(&mut login("token"), &format!("{TOKEN}&expires_in=9007199254740991"), &[]).unwrap();
    assert_eq!(forever["expires_at"], NOW + (1 << 40), "JavaScript holds it exactly");
    let asked = json!({ "access_token": "at", "token_type": "Bearer", "scope": "openid" });
    assert_eq!(respond(&mut login("token"), TOKEN, &[]).unwrap(), asked);
    let granted = respond(&mut login("id_token"), "id_token=ID&state=STATE", &[]).unwrap();
    assert_eq!((granted["claims"]["sub"].as_str(), granted.get("access_token")), (Some("alice"), None));
    let at_hash = half_hash("at");
    let both =
        respond(&mut login("id_token token"), &format!("{TOKEN}&id_token=ID"), &[("at_hash", &at_hash)]).unwrap();
    assert!(both["id_token"].is_string() && both["access_token"] == "at" && both["claims"]["sub"] == "alice");
}

#[test]
fn an_access_token_is_a_bearer_token() {
    for (fragment, about) in [
        ("access_token=at&state=STATE", "token_type missing"),
        ("access_token=at&token_type=DPoP&state=STATE", "token_type mismatch"),
        ("access_token=at&token_type=bearer&token_type=bearer&state=STATE", "token_type malformed"),
        ("access_token=a+t&token_type=bearer&state=STATE", "access_token malformed"),
        ("access_token=%C3%A9&token_type=bearer&state=STATE", "access_token malformed"),
        ("access_token=a&access_token=b&token_type=bearer&state=STATE", "access_token malformed"),
        ("access_token=&token_type=bearer&state=STATE", "access_token missing"),
        ("token_type=bearer&state=STATE", "access_token missing"),
        ("access_token=at&token_type=bearer&state=STATE&expires_in=soon", "expires_in malformed"),
        ("access_token=at&token_type=bearer&state=STATE&expires_in=-1", "expires_in malformed"),
        ("access_token=at&token_type=bearer&state=STATE&expires_in=9007199254740992", "expires_in malformed"),
        ("access_token=at&token_type=bearer&state=STATE&expires_in=99999999999999999999", "expires_in malformed"),
    ] {
        let error = respond(&mut login("token"), fragment, &[]).unwrap_err();
        assert_eq!(refusal(&error), (INVALID, about.into()), "{fragment}");
        assert!(!format!("{error:?} {error}").contains("at&"), "{fragment}");
    }
}

#[test]
fn what_was_not_asked_for_is_refused() {
    for (response_type, fragment, about) in [
        ("token", "access_token=at&token_type=bearer&state=STATE&id_token=x", "id_token mismatch"),
        ("token", "access_token=at&token_type=bearer&state=STATE&code=c", "code mismatch"),
        ("token", "access_token=at&token_type=bearer&state=STATE&refresh_token=r", "refresh_token mismatch"),
        ("token", "access_token=at&token_type=bearer&state=STATE&error=e", "error mismatch"),
        ("id_token", "id_token=x&access_token=at&state=STATE", "access_token mismatch"),
        ("id_token", "id_token=&state=STATE", "id_token missing"),
        ("id_token token", "access_token=at&token_type=bearer&state=STATE", "id_token missing"),
        ("id_token token", "id_token=x&state=STATE", "access_token missing"),
        ("id_token token", "error=e&id_token=x&state=STATE", "error mismatch"),
    ] {
        let error = respond(&mut login(response_type), fragment, &[]).unwrap_err();
        assert_eq!(refusal(&error), (INVALID, about.into()), "{response_type}: {fragment}");
    }
    let error =
        login("token").respond("url", "https://app.example/cb?access_token=at&token_type=bearer&state=STATE", []);
    assert_eq!(refusal(&error.unwrap_err()), (INVALID, "response_mode mismatch".into()));
}

#[test]
fn the_id_token_is_bound_to_request_and_access_token() {
    let at_hash = half_hash("at");
    let other = half_hash("other");
    for (changes, about) in [
        (&[("at_hash", "")][..], "at_hash missing"),
        (&[("at_hash", &other)], "at_hash mismatch"),
        (&[("nonce", "")], "nonce missing"),
        (&[("nonce", r#""other""#)], "nonce mismatch"),
        (&[("iss", r#""https://evil.example""#)], "iss mismatch"),
        (&[("aud", r#""other""#)], "aud mismatch"),
        (&[("azp", r#""other""#)], "azp mismatch"),
        (&[("aud", r#"["app","other"]"#)], "azp missing"),
    ] {
        let changes = [&[("at_hash", at_hash.as_str())], changes].concat();
        let error = respond(&mut login("id_token token"), &format!("{TOKEN}&id_token=ID"), &changes).unwrap_err();
        assert_eq!(refusal(&error), (CLAIM, about.into()));
    }
    let expired = [("exp", "1699999970")];
    let error = respond(&mut login("id_token"), "id_token=ID&state=STATE", &expired).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_JWT_EXPIRED");
}

#[test]
fn a_response_without_its_state_is_refused() {
    for (fragment, code) in [
        ("access_token=at&token_type=bearer", "ERR_OAUTH_STATE_MISSING"),
        ("access_token=at&token_type=bearer&state=foreign", "ERR_OAUTH_STATE_MISMATCH"),
        ("error=access_denied&state=STATE", "ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR"),
        ("access_token=at&token_type=bearer&state=STATE&iss=https://evil.example", "ERR_OAUTH_ISSUER_MISMATCH"),
    ] {
        let error = respond(&mut login("token"), fragment, &[]).unwrap_err();
        assert_eq!(error.code.as_str(), code, "{fragment}");
    }
}
