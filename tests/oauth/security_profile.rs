//! FAPI 2.0: what it demands, and what it forbids.

use super::registered::{flow, outcome, server};
use super::server::{NOW, run, status};
use super::signer::{CLIENT, DPOP};

const PAR: &str = "POST https://as.example/par";
const PAR_MEMBER: &str = r#","pushed_authorization_request_endpoint":"https://as.example/par""#;
const REDIRECT: &str = r#"{"redirect_uri":"https://app.example/cb","scope":"openid"}"#;

fn client(members: &str) -> String {
    let key = r#""token_endpoint_auth_method":"private_key_jwt","signing_alg":"ES256""#;
    let dpop = DPOP.jwk();
    format!(r#"{{"client_id":"app","profile":"fapi2",{key},"dpop":{{"alg":"ES256","jwk":{dpop}}}{members}}}"#)
}

fn violated(client: &str, name: &str, parameters: &str, metadata: &str) -> Option<String> {
    let error = outcome(&mut server(metadata), name, client, parameters, []).result.unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_OAUTH_PROFILE_VIOLATION", "{error:?}");
    error.claim.as_deref().map(String::from)
}

#[test]
fn a_client_has_a_key_of_its_own_and_one_that_its_tokens_are_bound_to() {
    let dpop = format!(r#""dpop":{{"alg":"ES256","jwk":{}}}"#, DPOP.jwk());
    for (members, claim) in [
        (dpop.clone(), "token_endpoint_auth_method"),
        (format!(r#"{dpop},"client_secret":"s""#), "token_endpoint_auth_method"),
        (
            format!(r#"{dpop},"token_endpoint_auth_method":"private_key_jwt","signing_alg":"RS256""#),
            "token_endpoint_auth_method",
        ),
        (
            format!(
                r#"{dpop},"token_endpoint_auth_method":"client_secret_jwt","client_secret":"s","signing_alg":"HS256""#
            ),
            "token_endpoint_auth_method",
        ),
        (r#""token_endpoint_auth_method":"private_key_jwt","signing_alg":"ES256""#.into(), "dpop"),
    ] {
        let client = format!(r#"{{"client_id":"app","profile":"fapi2",{members}}}"#);
        assert_eq!(violated(&client, "authorizationUrl", REDIRECT, PAR_MEMBER).as_deref(), Some(claim), "{members}");
    }
    let certificate = r#"{"client_id":"app","profile":"fapi2","token_endpoint_auth_method":"tls_client_auth"}"#;
    assert!(flow(&server(PAR_MEMBER), "authorizationUrl", certificate, REDIRECT).is_ok());
    let unknown = r#"{"client_id":"app","profile":"fapi3"}"#;
    let error = flow(&server(""), "authorizationUrl", unknown, REDIRECT).err().unwrap();
    assert_eq!((error.code.as_str(), error.claim.as_deref()), ("ERR_OPTION_INVALID", Some("profile")));
}

#[test]
fn a_request_is_always_pushed() {
    let insecure = r#"{"redirect_uri":"http://app.example/cb"}"#;
    let direct = r#"{"redirect_uri":"https://app.example/cb","par":false}"#;
    assert_eq!(
        violated(&client(""), "authorizationUrl", REDIRECT, "").unwrap(),
        "pushed_authorization_request_endpoint"
    );
    assert_eq!(violated(&client(""), "authorizationUrl", direct, PAR_MEMBER).unwrap(), "par");
    assert_eq!(violated(&client(""), "authorizationUrl", insecure, PAR_MEMBER).unwrap(), "redirect_uri");
    let answer = status(201, r#"{"request_uri":"urn:1","expires_in":60}"#);
    let outcome = outcome(&mut server(PAR_MEMBER), "authorizationUrl", &client(""), REDIRECT, [(PAR, answer)]);
    let result = outcome.result.unwrap();
    assert!(result.contains(r#""url":"https://as.example/authorize?client_id=app&request_uri=urn%3A1""#), "{result}");
    assert!(outcome.requests[0].body.as_ref().unwrap().contains("client_assertion="));
}

#[test]
fn only_a_code_is_asked_for() {
    let hybrid = r#"{"redirect_uri":"https://app.example/cb","scope":"openid","response_type":"code id_token"}"#;
    assert_eq!(violated(&client(""), "authorizationUrl", hybrid, PAR_MEMBER).unwrap(), "response_type");
    for name in ["implicitAuthorizationUrl", "implicitResponse"] {
        assert_eq!(violated(&client(""), name, "{}", PAR_MEMBER).unwrap(), "flow");
    }
}

#[test]
fn requests_are_signed_by_its_algorithms_alone() {
    let signing = |alg: &str| {
        let method = r#""token_endpoint_auth_method":"tls_client_auth""#;
        format!(r#"{{"client_id":"app","profile":"fapi2",{method},"signing_alg":"{alg}"}}"#)
    };
    let refused = violated(&signing("RS256"), "requestObject", REDIRECT, PAR_MEMBER);
    assert_eq!(refused.as_deref(), Some("token_endpoint_auth_method"));
    assert!(outcome(&mut server(PAR_MEMBER), "requestObject", &signing("ES256"), REDIRECT, []).result.is_ok());
}

#[test]
fn a_response_names_its_issuer_even_where_none_is_announced() {
    let mut server = server(PAR_MEMBER);
    let answer = status(201, r#"{"request_uri":"urn:1","expires_in":60}"#);
    let request = outcome(&mut server, "authorizationUrl", &client(""), REDIRECT, [(PAR, answer)]).result.unwrap();
    let (_, transaction) = request.split_once(r#""transaction":"#).unwrap();
    let transaction = transaction.strip_suffix('}').unwrap();
    let state = transaction.split_once(r#""state":""#).unwrap().1.split('"').next().unwrap();
    for (iss, code) in [("", Some("ERR_OAUTH_ISSUER_MISMATCH")), ("&iss=https%3A%2F%2Fas.example", None)] {
        let url = format!("https://app.example/cb?code=c&state={state}{iss}");
        let parameters = format!(r#"{{"url":"{url}","transaction":{transaction}}}"#);
        let mut flow = flow(&server, "validateAuthorizationResponse", &client(""), &parameters).unwrap();
        let result = run([], |answer| flow.step(&mut server, NOW, answer)).result;
        assert_eq!(result.err().map(|error| error.code.as_str()), code);
    }
}

#[test]
fn a_password_is_not_asked_for() {
    let parameters = r#"{"username":"a","password":"b"}"#;
    assert_eq!(violated(&client(""), "passwordGrant", parameters, "").unwrap(), "flow");
}

#[test]
fn id_tokens_are_signed_by_its_algorithms_alone() {
    let id_token = super::signer::Signer { alg: "RS256", ..CLIENT }.sign(r#"{"alg":"RS256"}"#, "{}");
    let token = format!(r#"{{"access_token":"a","token_type":"DPoP","id_token":"{id_token}"}}"#);
    let script = [("POST https://as.example/token", status(200, &token))];
    let outcome = outcome(&mut server(""), "clientCredentialsGrant", &client(""), "{}", script);
    assert_eq!(outcome.result.unwrap_err().code.as_str(), "ERR_JOSE_ALG_NOT_ALLOWED");
}
