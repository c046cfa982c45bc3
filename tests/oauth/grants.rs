//! The grants that are one request: refresh tokens, the client's own credentials, passwords, JWT assertions, extensions.

use tollgate::http::Answer;

use super::flow::{Outcome, id_token, run, tokens};
use super::registered::PUBLIC;
use super::server::{TOKEN, json, keys, status};

/// The form of the one request of a flow that came to tokens.
fn sent(outcome: &Outcome) -> String {
    assert!(outcome.result.is_ok(), "{:?}", outcome.result);
    outcome.requests.first().and_then(|request| request.body.clone()).unwrap()
}

fn refresh(members: &str, answer: Answer) -> Outcome {
    run("refreshTokenGrant", PUBLIC, &format!(r#"{{"refresh_token":"rt-1"{members}}}"#), [(TOKEN, answer)])
}

#[test]
fn a_refresh_can_ask_for_less() {
    let members = r#","granted_scope":"openid a b","scope":"a","resource":"https://r.example","authorization_details":[{"type":"t"}]"#;
    let outcome = refresh(members, tokens(""));
    assert_eq!(
        sent(&outcome),
        "grant_type=refresh_token&refresh_token=rt-1&scope=a&resource=https%3A%2F%2Fr.example\
         &authorization_details=%5B%7B%22type%22%3A%22t%22%7D%5D&client_id=app"
    );
    let result = outcome.result.unwrap();
    assert_eq!((&result["scope"], &result["refresh_token"]), (&"a".into(), &"rt-1".into()));
}

#[test]
fn what_a_refresh_leaves_out_stays() {
    let before = r#","granted_scope":"openid a","id_token":"of.before.x","claims":{"sub":"alice"}"#;
    let result = refresh(before, tokens("")).result.unwrap();
    assert_eq!((&result["scope"], &result["claims"]["sub"]), (&"openid a".into(), &"alice".into()));
    assert_eq!((&result["refresh_token"], &result["id_token"]), (&"rt-1".into(), &"of.before.x".into()));
    let rotated = refresh(before, tokens(r#","refresh_token":"rt-2","scope":"a""#)).result.unwrap();
    assert_eq!((&rotated["scope"], &rotated["refresh_token"]), (&"a".into(), &"rt-2".into()));
}

#[test]
fn a_refresh_token_alone_is_enough_and_the_nonce_may_then_be_any() {
    for changes in [&[][..], &[("nonce", r#""of the login""#)]] {
        let parameters = r#"{"refresh_token":"rt-1"}"#;
        let outcome = run("refreshTokenGrant", PUBLIC, parameters, [(TOKEN, id_token(changes)), keys()]);
        assert_eq!(outcome.result.unwrap()["claims"]["sub"], "alice", "{changes:?}");
    }
    for parameters in ["{}", r#"{"refresh_token":""}"#, r#"{"claims":{"sub":"alice"}}"#] {
        let outcome = run("refreshTokenGrant", PUBLIC, parameters, []);
        assert_eq!(outcome.failure().0, "ERR_OAUTH_REFRESH_TOKEN_MISSING", "{parameters}");
    }
    assert_eq!(run("refreshTokenGrant", PUBLIC, r#"{"refresh_token":1}"#, []).failure().0, "ERR_OPTION_INVALID");
}

#[test]
fn after_a_refresh_it_is_the_same_login() {
    let claims = r#"{"iss":"https://as.example","sub":"alice","aud":"app","nonce":"n","auth_time":1699999990}"#;
    let parameters = format!(r#"{{"refresh_token":"rt-1","claims":{claims}}}"#);
    let run =
        |changes: &[(&str, &str)]| run("refreshTokenGrant", PUBLIC, &parameters, [(TOKEN, id_token(changes)), keys()]);
    for changes in [&[][..], &[("nonce", r#""n""#), ("auth_time", "1699999990")]] {
        assert!(run(changes).result.is_ok(), "{changes:?}");
    }
    for (claim, value) in
        [("sub", r#""mallory""#), ("nonce", r#""other""#), ("auth_time", "1699999991"), ("azp", r#""app""#)]
    {
        assert_eq!(run(&[(claim, value)]).failure(), ("ERR_JWT_CLAIM_VALIDATION_FAILED", Some(claim)));
    }
}

#[test]
fn each_grant_says_what_it_is_made_of() {
    for (name, parameters, expected) in [
        ("clientCredentialsGrant", r#"{"scope":"a b"}"#, "grant_type=client_credentials&scope=a+b&client_id=app"),
        (
            "passwordGrant",
            r#"{"username":"ada","password":"p&=","scope":"a"}"#,
            "grant_type=password&username=ada&password=p%26%3D&scope=a&client_id=app",
        ),
        (
            "jwtBearerGrant",
            r#"{"assertion":"e30.e30.x","scope":"a","parameters":{"requested_token_use":"on_behalf_of"}}"#,
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=e30.e30.x&scope=a\
             &requested_token_use=on_behalf_of&client_id=app",
        ),
        (
            "extensionGrant",
            r#"{"grant_type":"urn:example:otp","scope":"a","parameters":{"otp":"123456"}}"#,
            "grant_type=urn%3Aexample%3Aotp&scope=a&otp=123456&client_id=app",
        ),
    ] {
        assert_eq!(sent(&run(name, PUBLIC, parameters, [(TOKEN, tokens(""))])), expected);
        let outcome = run(name, PUBLIC, parameters, [(TOKEN, id_token(&[])), keys()]);
        assert_eq!(outcome.result.unwrap()["claims"]["sub"], "alice", "an ID token that came is validated");
        let outcome = run(name, PUBLIC, parameters, [(TOKEN, id_token(&[("aud", r#""other""#)])), keys()]);
        assert_eq!(outcome.failure(), ("ERR_JWT_CLAIM_VALIDATION_FAILED", Some("aud")));
    }
}

#[test]
fn a_grant_without_what_it_is_made_of_is_not_sent() {
    for (name, parameters, claim) in [
        ("passwordGrant", r#"{"password":"p"}"#, "username"),
        ("passwordGrant", r#"{"username":"u","password":""}"#, "password"),
        ("jwtBearerGrant", "{}", "assertion"),
        ("jwtBearerGrant", r#"{"assertion":""}"#, "assertion"),
        ("jwtBearerGrant", r#"{"assertion":"a","parameters":{"assertion":"b"}}"#, "assertion"),
        ("clientCredentialsGrant", r#"{"username":"u"}"#, "username"),
        ("clientCredentialsGrant", r#"{"authorization_details":{"type":"t"}}"#, "authorization_details"),
        ("clientCredentialsGrant", r#"{"parameters":{"more":1}}"#, "parameters"),
        ("clientCredentialsGrant", r#"{"scope":null}"#, "scope"),
        ("clientCredentialsGrant", r#"{"parameters":{"resource":"https://r.example"}}"#, "resource"),
        ("extensionGrant", "{}", "grant_type"),
        ("extensionGrant", r#"{"grant_type":"urn:x","parameters":{"grant_type":"y"}}"#, "grant_type"),
        ("extensionGrant", r#"{"grant_type":"urn:x","parameters":{"client_assertion":"y"}}"#, "client_assertion"),
    ] {
        let outcome = run(name, PUBLIC, parameters, []);
        assert_eq!(outcome.failure(), ("ERR_OPTION_INVALID", Some(claim)), "{name} {parameters}");
    }
}

#[test]
fn a_grant_that_has_a_flow_of_its_own_is_no_extension() {
    for grant_type in [
        "authorization_code",
        "implicit",
        "password",
        "client_credentials",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "URN:openid:params:grant-type:ciba",
        "with space",
        "",
    ] {
        let outcome = run("extensionGrant", PUBLIC, &format!(r#"{{"grant_type":"{grant_type}"}}"#), []);
        assert_eq!(outcome.failure(), ("ERR_OPTION_INVALID", Some("grant_type")), "{grant_type}");
    }
    for grant_type in
        ["urn:ietf:params:oauth:grant-type:saml2-bearer", "http://auth0.com/oauth/grant-type/mfa-otp", "mfa"]
    {
        let parameters = format!(r#"{{"grant_type":"{grant_type}"}}"#);
        assert!(run("extensionGrant", PUBLIC, &parameters, [(TOKEN, tokens(""))]).result.is_ok(), "{grant_type}");
    }
}

#[test]
fn nothing_that_a_grant_is_made_of_is_quoted() {
    for (name, parameters) in [
        ("refreshTokenGrant", r#"{"refresh_token":"s3cr3t"}"#),
        ("passwordGrant", r#"{"username":"u","password":"s3cr3t"}"#),
        ("jwtBearerGrant", r#"{"assertion":"s3cr3t"}"#),
        ("extensionGrant", r#"{"grant_type":"urn:x","parameters":{"otp":"s3cr3t"}}"#),
    ] {
        let echo = status(400, r#"{"error":"invalid_grant","error_description":"s3cr3t is wrong"}"#);
        let error = run(name, PUBLIC, parameters, [(TOKEN, echo)]).result.unwrap_err();
        assert_eq!(error.response.as_ref().unwrap().error.as_deref(), Some("invalid_grant"));
        assert!(!format!("{error:?} {error}").contains("s3cr3t"), "{name}");
    }
    let plain = json(r#"{"error":"invalid_scope","error_description":"no such scope"}"#);
    let error =
        run("extensionGrant", PUBLIC, r#"{"grant_type":"urn:x","parameters":{"otp":"s3cr3t"}}"#, [(TOKEN, plain)]);
    let description = error.result.unwrap_err().response.as_ref().unwrap().error_description.clone();
    assert_eq!(description.as_deref(), Some("no such scope"));
}

#[test]
fn what_the_login_said_outlives_id_tokens_that_leave_it_out() {
    let claims = r#"{"iss":"https://as.example","sub":"alice","aud":"app"}"#;
    let refreshed = |login: &str, changes: &[(&str, &str)]| {
        let parameters = format!(r#"{{"refresh_token":"rt-1","claims":{claims},"login":{login}}}"#);
        run("refreshTokenGrant", PUBLIC, &parameters, [(TOKEN, id_token(changes)), keys()])
    };
    let login = r#"{"nonce":"n","auth_time":1699999990}"#;
    for changes in [&[][..], &[("nonce", r#""n""#)], &[("auth_time", "1699999990")]] {
        let result = refreshed(login, changes).result.unwrap();
        assert_eq!(result["login"], serde_json::from_str::<serde_json::Value>(login).unwrap(), "{changes:?}");
    }
    for (login, changes, claim) in [
        (login, ("nonce", r#""other""#), "nonce"),
        (login, ("auth_time", "1699999991"), "auth_time"),
        // None was sent, so none comes back.
        ("{}", ("nonce", r#""added""#), "nonce"),
    ] {
        let failure = refreshed(login, &[changes]);
        assert_eq!(failure.failure(), ("ERR_JWT_CLAIM_VALIDATION_FAILED", Some(claim)), "{changes:?}");
    }
    assert_eq!(
        run("refreshTokenGrant", PUBLIC, r#"{"refresh_token":"r","login":{"nonce":1}}"#, []).failure().0,
        "ERR_OPTION_INVALID"
    );
    // Of a refresh by the token alone nothing is known of the login.
    let outcome = run("refreshTokenGrant", PUBLIC, r#"{"refresh_token":"rt-1"}"#, [(TOKEN, id_token(&[])), keys()]);
    assert_eq!(outcome.result.unwrap().get("login"), None);
}
