//! Refreshing: rotation, what may not change (OpenID Connect Core §12.2), and that a failure takes nothing away.

use tollgate::error::Error;
use tollgate::oauth::{Client, Grant, Options, RefreshParameters, Tokens};
use tollgate::text::{base64url, form};

use super::server::{
    Exchange, METADATA, NOW, Outcome, TOKEN, client, json, keys, metadata, outages, run, session, status,
    token_response,
};
use super::signer::Signer;

const LATER: u64 = NOW + 200;

fn refresh(client: &mut Client, tokens: &Tokens, script: impl IntoIterator<Item = Exchange>) -> Outcome<Tokens> {
    refresh_for(client, tokens, "{}", script)
}

fn refresh_for(
    client: &mut Client,
    tokens: &Tokens,
    options: &str,
    script: impl IntoIterator<Item = Exchange>,
) -> Outcome<Tokens> {
    let parameters = RefreshParameters::from_json(options).unwrap();
    let mut grant = Grant::refresh_token(client, tokens.clone(), parameters).unwrap();
    let outcome = run(script, |answer| grant.step(client, LATER, answer));
    outcome.map(|granted| granted.tokens)
}

/// The outcome of a refresh whose ID token is that of the login with these changes.
fn refresh_with(changes: &[(&str, &str)]) -> Result<Tokens, Error> {
    let (mut client, tokens) = session();
    let id_token = Signer::ES256.id_token(changes);
    refresh(&mut client, &tokens, [(TOKEN, token_response(&id_token, ""))]).result
}

fn without_id_token(members: &str) -> [Exchange; 1] {
    [(TOKEN, json(format!(r#"{{"access_token":"at-2","token_type":"bearer"{members}}}"#)))]
}

#[test]
fn a_rotated_refresh_token_replaces_the_old_one() {
    let (mut client, tokens) = session();
    let members = r#","expires_in":60,"refresh_token":"rt-2","scope":"openid less""#;
    let outcome = refresh(&mut client, &tokens, without_id_token(members));
    let refreshed = outcome.result.unwrap();
    assert_eq!(refreshed.access_token.as_str(), "at-2");
    assert_eq!(refreshed.refresh_token.as_ref().unwrap().as_str(), "rt-2");
    assert_eq!((refreshed.expires_at, refreshed.scope.as_str()), (Some(LATER + 60), "openid less"));
    assert_eq!((&refreshed.claims, &refreshed.id_token), (&tokens.claims, &tokens.id_token));
    assert_eq!(
        (&refreshed.state, &refreshed.nonce, refreshed.auth_time),
        (&tokens.state, &tokens.nonce, tokens.auth_time)
    );
    let sent = form::parse(outcome.requests[0].body.as_ref().unwrap()).unwrap();
    let expected = [("grant_type", "refresh_token"), ("refresh_token", "rt-1"), ("client_id", "app")];
    assert_eq!(sent, expected.map(|(name, value)| (name.into(), value.into())));
}

#[test]
fn a_response_without_a_refresh_token_keeps_the_old_one() {
    for members in ["", r#","refresh_token":null"#, r#","refresh_token":"""#] {
        let (mut client, tokens) = session();
        let refreshed = refresh(&mut client, &tokens, without_id_token(members)).result.unwrap();
        assert_eq!(refreshed.refresh_token, tokens.refresh_token, "{members}");
        assert_eq!((refreshed.expires_at, &refreshed.scope), (None, &tokens.scope));
    }
}

#[test]
fn an_access_token_for_another_resource_or_none_can_be_asked_for() {
    let resources = |request: &tollgate::http::Request| -> Vec<String> {
        let sent = form::parse(request.body.as_ref().unwrap()).unwrap();
        sent.into_iter().filter(|(name, _)| name == "resource").map(|(_, value)| value).collect()
    };
    let (mut client, tokens) = session();
    client.options.resource = vec!["https://api.example".into()];
    for (options, expected) in [
        ("{}", &["https://api.example"][..]),
        (r#"{"resource":[]}"#, &[]),
        (r#"{"resource":"https://b.example"}"#, &["https://b.example"]),
    ] {
        let outcome = refresh_for(&mut client, &tokens, options, without_id_token(""));
        assert_eq!(resources(&outcome.requests[0]), expected, "{options}");
    }
    assert_eq!(RefreshParameters::from_json(r#"{"resource":1}"#).unwrap_err().code.as_str(), "ERR_OPTION_INVALID");
}

#[test]
fn an_id_token_about_the_same_login_passes() {
    let nonce = format!("\"{}\"", base64url::encode([2; 32]));
    for changes in [
        &[("nonce", "")][..],
        &[("nonce", &nonce)],
        &[("auth_time", "1699999990")],
        &[("auth_time", "")],
        &[("aud", r#"["app"]"#), ("iat", "1700000200")],
    ] {
        let tokens = refresh_with(changes).unwrap();
        assert!(tokens.claims.unwrap().contains("alice"), "{changes:?}");
        assert_eq!(
            (tokens.nonce.is_some(), tokens.auth_time),
            (true, Some(1_699_999_990)),
            "of the login, {changes:?}"
        );
    }
}

#[test]
fn an_id_token_about_another_login_is_refused() {
    for (claim, value) in [
        ("iss", r#""https://evil.example""#),
        ("sub", r#""mallory""#),
        ("aud", r#""other""#),
        ("aud", "[]"),
        ("azp", r#""app""#),
        ("auth_time", "1699999991"),
        ("nonce", r#""another""#),
    ] {
        let error = refresh_with(&[(claim, value)]).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.claim.as_deref()),
            ("ERR_JWT_CLAIM_VALIDATION_FAILED", Some(claim)),
            "{value}"
        );
    }
    assert_eq!(refresh_with(&[("exp", "1700000100")]).unwrap_err().code.as_str(), "ERR_JWT_EXPIRED");
}

#[test]
fn whoever_was_in_the_audience_still_is() {
    let (mut client, mut tokens) = session();
    let claims = |aud: &str| super::signer::claims(&[("aud", aud), ("azp", r#""app""#)]);
    tokens.claims = Some(claims(r#"["app","api"]"#));
    for (aud, valid) in [(r#"["api","app"]"#, true), (r#"["app","api","more"]"#, true), (r#""app""#, false)] {
        let id_token = Signer::ES256.token(&claims(aud));
        let result = refresh(&mut client, &tokens, [(TOKEN, token_response(&id_token, ""))]).result;
        assert_eq!(
            result.map(|_| ()).map_err(|error| error.claim.clone()),
            if valid { Ok(()) } else { Err(Some("aud".into())) },
            "{aud}"
        );
    }
}

#[test]
fn the_login_is_remembered_over_refreshes_that_leave_it_out() {
    let (mut client, tokens) = session();
    let silent = Signer::ES256.id_token(&[("nonce", ""), ("auth_time", "")]);
    let refreshed = refresh(&mut client, &tokens, [(TOKEN, token_response(&silent, ""))]).result.unwrap();
    let restored = Tokens::from_json(&refreshed.to_json()).unwrap();
    for (changes, valid) in [
        (&[("auth_time", "1699999990")][..], true),
        (&[("auth_time", "1699999991")], false),
        (&[("nonce", r#""another""#)], false),
    ] {
        let id_token = Signer::ES256.id_token(changes);
        let result = refresh(&mut client, &restored, [(TOKEN, token_response(&id_token, ""))]).result;
        assert_eq!(result.is_ok(), valid, "{changes:?}");
    }
}

#[test]
fn a_nonce_that_the_login_did_not_have_is_refused() {
    let (mut client, mut tokens) = session();
    tokens.nonce = None;
    let id_token = Signer::ES256.id_token(&[]);
    let error = refresh(&mut client, &tokens, [(TOKEN, token_response(&id_token, ""))]).result.unwrap_err();
    assert_eq!((error.claim.as_deref(), error.reason), (Some("nonce"), Some(tollgate::error::Reason::Mismatch)));
}

#[test]
fn a_forged_id_token_is_refused() {
    let (mut client, tokens) = session();
    let forged = Signer { seed: 9, ..Signer::ES256 }.id_token(&[]);
    let script = [(TOKEN, token_response(&forged, "")), keys()];
    let error = refresh(&mut client, &tokens, script).result.unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
}

#[test]
fn only_invalid_grant_says_that_the_session_is_over() {
    let (mut client, tokens) = session();
    let mut failing = |answer| refresh(&mut client, &tokens, [(TOKEN, answer)]).result.unwrap_err().code.as_str();
    assert_eq!(failing(status(400, r#"{"error":"invalid_grant"}"#)), "ERR_OAUTH_INVALID_GRANT");
    assert_eq!(failing(status(401, r#"{"error":"invalid_client"}"#)), "ERR_OAUTH_TOKEN_RESPONSE_ERROR");
    assert_eq!(failing(status(429, r#"{"error":"slow_down"}"#)), "ERR_OAUTH_TOKEN_RESPONSE_ERROR");
    for (answer, code) in outages() {
        assert_eq!(failing(answer), code);
    }
    assert!(refresh(&mut client, &tokens, without_id_token("")).result.is_ok(), "the session was kept");
}

#[test]
fn a_refresh_after_a_reload_finds_the_metadata_again() {
    let (_, tokens) = session();
    let script = [(METADATA, metadata(""))].into_iter().chain(without_id_token(""));
    assert!(refresh(&mut client(), &tokens, script).result.is_ok());
    for (answer, code) in outages() {
        assert_eq!(refresh(&mut client(), &tokens, [(METADATA, answer)]).result.unwrap_err().code.as_str(), code);
    }
}

#[test]
fn without_a_refresh_token_there_is_nothing_to_refresh_with() {
    let (client, mut tokens) = session();
    tokens.refresh_token = None;
    let error = Grant::refresh_token(&client, tokens, RefreshParameters::default()).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_OAUTH_REFRESH_TOKEN_MISSING");
}

#[test]
fn tokens_never_go_to_another_issuer_or_client() {
    let (_, tokens) = session();
    for (issuer, client_id) in [("https://other.example", "app"), ("https://as.example", "other")] {
        let options =
            format!(r#"{{"issuer":"{issuer}","client_id":"{client_id}","redirect_uri":"https://app.example/cb"}}"#);
        let client = Client::new(Options::from_json(&options).unwrap());
        let error = Grant::refresh_token(&client, tokens.clone(), RefreshParameters::default()).unwrap_err();
        assert_eq!((error.code.as_str(), error.claim.as_deref()), ("ERR_OPTION_INVALID", Some("tokens")));
    }
}

#[test]
fn a_record_that_is_not_ours_is_refused() {
    for record in
        ["", "null", "[]", "{}", r#"{"access_token":"x"}"#, r#"{"issuer":"i","client_id":"c","access_token":1}"#]
    {
        let error = Tokens::from_json(record).unwrap_err();
        assert_eq!((error.code.as_str(), error.claim.as_deref()), ("ERR_OPTION_INVALID", Some("tokens")), "{record}");
    }
}
