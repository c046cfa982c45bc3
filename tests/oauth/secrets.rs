//! Nothing that can be logged holds a secret.

use tollgate::oauth::{EndSession, EndSessionParameters, Grant, RefreshParameters, Tokens, UserInfo};

use super::registered::{PUBLIC, outcome, server};
use super::server::{
    NOW, TOKEN, authorize, callback, client, finish, json, outages, run, session, status, token_response,
};
use super::signer::Signer;

/// What may never show: the code, the verifier, the state, the nonce, and the tokens.
const SECRETS: [&str; 7] = [
    "the-code",
    "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM",
    "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
    "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
    "at-1",
    "rt-1",
    "eyJ",
];

fn assert_quiet(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} shows in {text}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let mut login_client = client();
    let request = authorize(&mut login_client, "{}");
    assert_quiet(&format!("{request:?}"));
    let transaction = request.transaction.to_json();
    let mut grant = Grant::authorization_code(&login_client, &callback(&request), Some(&transaction), NOW).unwrap();
    assert_quiet(&format!("{grant:?} {:?}", request.transaction.code_verifier));
    let step = grant.step(&mut login_client, NOW, None).unwrap();
    assert_quiet(&format!("{step:?}"));
    let answer = token_response(&Signer::ES256.id_token(&[]), "");
    assert_quiet(&format!("{answer:?} {grant:?}"));

    let (client, tokens) = session();
    assert_quiet(&format!(
        "{client:?} {tokens:?} {:?} {:?} {:?}",
        tokens.access_token, tokens.refresh_token, tokens.id_token
    ));
    let refresh = Grant::refresh_token(&client, tokens.clone(), RefreshParameters::default()).unwrap();
    let user_info = UserInfo::new(&client, tokens.clone()).unwrap();
    let logout = EndSession::new(&client, Some(tokens), EndSessionParameters::default()).unwrap();
    assert_quiet(&format!("{refresh:?} {user_info:?} {logout:?}"));
}

#[test]
fn a_server_that_repeats_what_it_was_sent_is_not_quoted() {
    let echo = r#"{"error":"invalid_grant","error_description":"code the-code, verifier AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"}"#;
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let error = finish(&mut client, &request, [(TOKEN, status(400, echo))]).result.unwrap_err();
    assert_quiet(&format!("{error:?} {error}"));
    assert_eq!(error.code.as_str(), "ERR_OAUTH_INVALID_GRANT");

    let (mut client, tokens) = session();
    let mut grant = Grant::refresh_token(&client, tokens, RefreshParameters::default()).unwrap();
    let echo = status(400, r#"{"error":"rt-1","error_description":"token rt-1 is unknown"}"#);
    let error = run([(TOKEN, echo)], |answer| grant.step(&mut client, NOW, answer)).result.unwrap_err();
    assert_quiet(&format!("{error:?} {error}"));
}

#[test]
fn an_error_shows_no_secret() {
    let id_token = Signer::ES256.id_token(&[("sub", "")]);
    let answers = outages().map(|(answer, _)| answer).into_iter().chain([
        json("at-1"),
        json(r#"{"access_token":"at-1 rt-1","token_type":"Bearer"}"#),
        json(r#"{"access_token":"at-1","token_type":"the-code"}"#),
        json(format!(r#"{{"access_token":"at-1","token_type":"Bearer","id_token":"{id_token}.x"}}"#)),
        json(format!(r#"{{"access_token":"at-1","token_type":"Bearer","id_token":"x{id_token}"}}"#)),
    ]);
    for answer in answers {
        let mut client = client();
        let request = authorize(&mut client, "{}");
        let error = finish(&mut client, &request, [(TOKEN, answer)]).result.unwrap_err();
        assert_quiet(&format!("{error:?} {error}"));
    }
}

#[test]
fn a_secret_is_recognised_through_control_characters_and_where_it_is_cut() {
    let refresh_token = "a".repeat(400) + "b";
    let parts = "a".repeat(9) + "\\u0001" + &"a".repeat(391) + "b";
    for description in [parts, "x".repeat(250) + &refresh_token] {
        let (mut client, tokens) = session();
        let json = tokens.to_json().replace("rt-1", &refresh_token);
        let tokens = Tokens::from_json(&json).unwrap();
        let mut grant = Grant::refresh_token(&client, tokens, RefreshParameters::default()).unwrap();
        let echo = status(400, &format!(r#"{{"error":"invalid_request","error_description":"{description}"}}"#));
        let error = run([(TOKEN, echo)], |answer| grant.step(&mut client, NOW, answer)).result.unwrap_err();
        assert_eq!(error.response.as_ref().unwrap().error_description, None);
    }
}

#[test]
fn a_server_that_repeats_how_a_client_proves_itself_is_not_quoted() {
    let basic = r#"{"client_id":"app","client_secret":"s3 cret/s3cret"}"#;
    let post =
        r#"{"client_id":"app","client_secret":"s3 cret/s3cret","token_endpoint_auth_method":"client_secret_post"}"#;
    let signed = r#"{"client_id":"app","token_endpoint_auth_method":"private_key_jwt","signing_alg":"ES256"}"#;
    for (client, repeated) in [
        (basic, "s3 cret/s3cret"),
        (basic, "s3+cret%2Fs3cret"),
        (basic, "Basic YXBwOnMzK2NyZXQlMkZzM2NyZXQ="),
        (post, "grant_type=client_credentials&client_secret=s3+cret%2Fs3cret&client_id=app"),
        (signed, "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.e30.AA"),
    ] {
        let description = format!(r#"{{"error":"invalid_request","error_description":"not {repeated}"}}"#);
        let script = [(TOKEN, status(400, &description))];
        let error = outcome(&mut server(""), "clientCredentialsGrant", client, "{}", script).result.unwrap_err();
        let response = error.response.clone().unwrap();
        assert_eq!(
            (response.error.as_deref(), response.error_description),
            (Some("invalid_request"), None),
            "{repeated}"
        );
    }
}

#[test]
fn a_server_that_repeats_a_registration_is_not_quoted() {
    let access =
        r#""registration_client_uri":"https://as.example/register/1","registration_access_token":"rat-0123456789""#;
    let parameters =
        format!(r#"{{{access},"metadata":{{"client_secret":"s3cret-0123","software_statement":"eyJ.e30.AA"}}}}"#);
    for repeated in ["rat-0123456789", "s3cret-0123", "eyJ.e30.AA"] {
        let description = format!(r#"{{"error":"invalid_client_metadata","error_description":"not {repeated}"}}"#);
        let script = [("PUT https://as.example/register/1", status(400, &description))];
        let error = outcome(&mut server(""), "updateClient", PUBLIC, &parameters, script).result.unwrap_err();
        assert_eq!(error.response.as_ref().unwrap().error_description, None, "{repeated}");
    }
}
