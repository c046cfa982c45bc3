//! Introspection and revocation: what is asked, and what each answer becomes.

use tollgate::error::Error;
use tollgate::http::Answer;
use tollgate::text::base64url;

use super::endpoints::{INTROSPECTION, REVOCATION, answer, fapi, header, run, typed};
use super::registered::{PUBLIC, bare, failure, outcome, server};
use super::server::{NOW, keys, outages, status};
use super::signer::Signer;

const JSON: &str = "application/json";
const SIGNED: &str = "application/token-introspection+jwt";
const INVALID: &str = "ERR_OAUTH_ENDPOINT_RESPONSE_INVALID";
const REFUSED: &str = "ERR_JWT_CLAIM_VALIDATION_FAILED";

fn ask(members: &str, answer: Answer) -> Result<String, Error> {
    run("introspect", &format!(r#"{{"token":"t-1"{members}}}"#), [(INTROSPECTION, answer)]).result
}

#[test]
fn the_request_is_a_form_of_an_authenticated_client() {
    let client = r#"{"client_id":"rs","client_secret":"s","token_endpoint_auth_method":"client_secret_post"}"#;
    let parameters =
        r#"{"token":"t-1","token_type_hint":"access_token","parameters":{"resource":"https://rs.example"}}"#;
    for (name, endpoint, result) in
        [("introspect", INTROSPECTION, r#"{"active":false}"#), ("revoke", REVOCATION, "null")]
    {
        let outcome =
            outcome(&mut server(""), name, client, parameters, [(endpoint, typed(JSON, r#"{"active":false}"#))]);
        assert_eq!(outcome.result.unwrap(), result);
        let [request] = &outcome.requests[..] else { panic!("one request") };
        let form =
            "token=t-1&token_type_hint=access_token&resource=https%3A%2F%2Frs.example&client_secret=s&client_id=rs";
        assert_eq!(request.body.as_deref(), Some(form));
        assert_eq!(header(request, "accept"), Some(JSON));
        assert_eq!(header(request, "content-type"), Some("application/x-www-form-urlencoded"));
    }
    for (parameters, claim) in [
        ("{}", "token"),
        (r#"{"token":""}"#, "token"),
        (r#"{"token":"t","parameters":{"token":"u"}}"#, "token"),
        (r#"{"token":"t","parameters":{"client_id":"u"}}"#, "client_id"),
        (r#"{"token":"t","parameters":{"token_type_hint":"u"}}"#, "token_type_hint"),
        (r#"{"token":"t","hint":"u"}"#, "hint"),
    ] {
        for name in ["introspect", "revoke"] {
            let expected = ("ERR_OPTION_INVALID", Some(claim.into()));
            assert_eq!(failure(run(name, parameters, []).result), expected, "{name} {parameters}");
        }
    }
    for (name, endpoint) in [("introspect", "introspection_endpoint"), ("revoke", "revocation_endpoint")] {
        let missing = outcome(&mut bare(), name, PUBLIC, r#"{"token":"t"}"#, []).result;
        assert_eq!(failure(missing), ("ERR_OAUTH_METADATA_INVALID", Some(endpoint.into())));
    }
}

#[test]
fn an_active_token_is_described_with_members_of_their_types() {
    let all = format!(
        r#"{{"active":true,"scope":"a b","client_id":"c","username":"u","token_type":"Bearer","exp":{},"iat":1.5,"nbf":1,
            "sub":"s","aud":["a","b"],"iss":"https://as.example","jti":"j","more":{{}}}}"#,
        NOW + 1
    );
    assert_eq!(ask("", typed("application/json;charset=utf-8", &all)).unwrap(), all);
    assert_eq!(ask("", typed(JSON, r#"{"active":true}"#)).unwrap(), r#"{"active":true}"#);
    for (members, claim) in [
        (r#""scope":["a"]"#, "scope"),
        (r#""client_id":1"#, "client_id"),
        (r#""username":{}"#, "username"),
        (r#""token_type":true"#, "token_type"),
        (r#""sub":1"#, "sub"),
        (r#""iss":1"#, "iss"),
        (r#""jti":1"#, "jti"),
        (r#""exp":"9999999999""#, "exp"),
        (r#""exp":-1"#, "exp"),
        (r#""iat":"1""#, "iat"),
        (r#""nbf":[]"#, "nbf"),
        (r#""aud":1"#, "aud"),
        (r#""aud":["a",1]"#, "aud"),
    ] {
        let body = format!(r#"{{"active":true,{members}}}"#);
        assert_eq!(failure(ask("", typed(JSON, &body))), (INVALID, Some(claim.into())), "{members}");
    }
}

#[test]
fn whether_a_token_is_active_is_a_boolean_and_no_more_is_said_of_one_that_is_not() {
    for active in ["", r#""active":"true""#, r#""active":1"#, r#""active":null"#, r#""active":{}"#, r#""Active":true"#]
    {
        let body = format!("{{{active}}}");
        assert_eq!(failure(ask("", typed(JSON, &body))), (INVALID, Some("active".into())), "{active}");
    }
    for body in [r#"{"active":false}"#, r#"{"active":false,"sub":"s","exp":"x","iss":1}"#] {
        for members in ["", r#","audience":"a","requiredScopes":["b"]"#] {
            assert_eq!(ask(members, typed(JSON, body)).unwrap(), r#"{"active":false}"#);
        }
    }
    for body in ["", "[]", "true", r#"{"active":true,"active":false}"#, "<html>"] {
        assert_eq!(failure(ask("", typed(JSON, body))).0, INVALID, "{body}");
    }
    for content_type in ["", "text/html", "application/jwt"] {
        let expected = (INVALID, Some("content-type".into()));
        assert_eq!(failure(ask("", typed(content_type, r#"{"active":true}"#))), expected, "{content_type}");
    }
}

#[test]
fn an_expectation_that_is_set_is_mandatory() {
    let active = |members: &str| typed(JSON, format!(r#"{{"active":true{members}}}"#));
    for (expected, members) in [
        (r#","audience":"rs""#, r#","aud":"rs""#),
        (r#","audience":["x","rs"]"#, r#","aud":["y","rs"]"#),
        (r#","requiredScopes":["b","a"]"#, r#","scope":"a b c""#),
        ("", r#","exp":1699999971"#),
        ("", r#","nbf":1700000030"#),
    ] {
        assert!(ask(expected, active(members)).is_ok(), "{expected} {members}");
    }
    for (expected, members, code, claim) in [
        (r#","audience":"rs""#, "", REFUSED, "aud"),
        (r#","audience":"rs""#, r#","aud":"other""#, REFUSED, "aud"),
        (r#","audience":[]"#, r#","aud":"other""#, REFUSED, "aud"),
        (r#","requiredScopes":["a"]"#, "", REFUSED, "scope"),
        (r#","requiredScopes":["a"]"#, r#","scope":"ab b""#, REFUSED, "scope"),
        (r#","requiredScopes":["a","b"]"#, r#","scope":"a""#, REFUSED, "scope"),
        ("", r#","iss":"https://other.example""#, REFUSED, "iss"),
        ("", r#","iss":"https://as.example/""#, REFUSED, "iss"),
        ("", r#","exp":1699999970"#, "ERR_JWT_EXPIRED", "exp"),
        ("", r#","nbf":1700000031"#, REFUSED, "nbf"),
    ] {
        assert_eq!(failure(ask(expected, active(members))), (code, Some(claim.into())), "{expected} {members}");
    }
}

/// A signed response with these changes of its claims, and this `typ`.
fn signed(signer: Signer, changes: &[(&str, &str)], typ: &str) -> String {
    let mut claims = vec![
        ("iss", r#""https://as.example""#),
        ("aud", r#""app""#),
        ("iat", "1700000000"),
        ("token_introspection", r#"{"active":true}"#),
    ];
    for (name, value) in changes {
        claims.retain(|(known, _)| known != name);
        claims.push((name, value));
    }
    claims.retain(|(_, value)| !value.is_empty());
    let members: Vec<_> = claims.iter().map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
    signer.sign(&format!(r#"{{"alg":"ES256","kid":"es"{typ}}}"#), &format!("{{{}}}", members.join(",")))
}

const TYP: &str = r#","typ":"token-introspection+jwt""#;

#[test]
fn a_signed_answer_is_by_this_server_for_this_client() {
    let ask = |token: &str| {
        run("introspect", r#"{"token":"t-1","signed":true}"#, [(INTROSPECTION, typed(SIGNED, token)), keys()]).result
    };
    assert_eq!(ask(&signed(Signer::ES256, &[], TYP)).unwrap(), r#"{"active":true}"#);
    let inactive = [("token_introspection", r#"{"active":false,"sub":"s"}"#)];
    assert_eq!(ask(&signed(Signer::ES256, &inactive, TYP)).unwrap(), r#"{"active":false}"#);
    for (name, value, code) in [
        ("iss", "", REFUSED),
        ("iss", r#""https://other.example""#, REFUSED),
        ("aud", "", REFUSED),
        ("aud", r#""other""#, REFUSED),
        ("iat", "", REFUSED),
        ("iat", r#""now""#, REFUSED),
        ("exp", "1", "ERR_JWT_EXPIRED"),
        ("token_introspection", "", REFUSED),
        ("token_introspection", r#""x""#, INVALID),
    ] {
        let token = signed(Signer::ES256, &[(name, value)], TYP);
        assert_eq!(failure(ask(&token)), (code, Some(name.into())), "{name} {value}");
    }
    for (inner, code, claim) in [
        (r#"{"active":"true"}"#, INVALID, "active"),
        (r#"{"active":true,"iss":"https://other.example"}"#, REFUSED, "iss"),
        (r#"{"active":true,"exp":1}"#, "ERR_JWT_EXPIRED", "exp"),
    ] {
        let token = signed(Signer::ES256, &[("token_introspection", inner)], TYP);
        assert_eq!(failure(ask(&token)), (code, Some(claim.into())), "{inner}");
    }
    for typ in ["", r#","typ":"JWT""#, r#","typ":"at+jwt""#] {
        assert_eq!(failure(ask(&signed(Signer::ES256, &[], typ))), (REFUSED, Some("typ".into())), "{typ}");
    }
    let forged = signed(Signer { seed: 9, ..Signer::ES256 }, &[], TYP);
    assert_eq!(failure(ask(&forged)).0, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
}

#[test]
fn an_answer_that_must_be_signed_is() {
    let parameters = r#"{"token":"t-1","signed":true}"#;
    let plain = run("introspect", parameters, [(INTROSPECTION, typed(JSON, r#"{"active":true}"#))]);
    assert_eq!(header(&plain.requests[0], "accept"), Some(SIGNED));
    assert_eq!(failure(plain.result), (INVALID, Some("content-type".into())));
    let unsigned = format!("{}.{}.", base64url::encode(r#"{"alg":"none"}"#), base64url::encode("{}"));
    for (token, code) in
        [(unsigned.as_str(), "ERR_JOSE_ALG_NOT_ALLOWED"), ("{}", "ERR_JWS_INVALID"), ("", "ERR_JWS_INVALID")]
    {
        assert_eq!(failure(run("introspect", parameters, [(INTROSPECTION, typed(SIGNED, token))]).result).0, code);
    }
    let mut narrow = server(r#","introspection_signing_alg_values_supported":["RS256"]"#);
    let script = [(INTROSPECTION, typed(SIGNED, signed(Signer::ES256, &[], TYP)))];
    let result = outcome(&mut narrow, "introspect", PUBLIC, parameters, script).result;
    assert_eq!(failure(result).0, "ERR_JOSE_ALG_NOT_ALLOWED");
    let rs256 = format!("{}.{}.AAAA", base64url::encode(r#"{"alg":"RS256"}"#), base64url::encode("{}"));
    let result =
        outcome(&mut server(""), "introspect", &fapi(), parameters, [(INTROSPECTION, typed(SIGNED, rs256))]).result;
    assert_eq!(failure(result).0, "ERR_JOSE_ALG_NOT_ALLOWED");
    // One that was not asked for is verified all the same.
    let script = [(INTROSPECTION, typed(SIGNED, signed(Signer { seed: 9, ..Signer::ES256 }, &[], TYP))), keys()];
    assert_eq!(
        failure(run("introspect", r#"{"token":"t-1"}"#, script).result).0,
        "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
    );
}

#[test]
fn a_failure_says_when_to_try_again_and_quotes_no_token() {
    for (name, endpoint) in [("introspect", INTROSPECTION), ("revoke", REVOCATION)] {
        let ask = |answer| run(name, r#"{"token":"the-secret-token"}"#, [(endpoint, answer)]).result.unwrap_err();
        let error = ask(status(400, r#"{"error":"unsupported_token_type","error_description":"the-secret-token"}"#));
        let response = error.response.clone().unwrap();
        assert_eq!((error.code.as_str(), response.status), ("ERR_OAUTH_ENDPOINT_ERROR", Some(400)));
        assert_eq!((response.error.as_deref(), response.error_description), (Some("unsupported_token_type"), None));
        for (answer, code) in outages() {
            assert_eq!(ask(answer).code.as_str(), code);
        }
        for (written, seconds) in
            [("120", Some(120)), ("", None), ("-1", None), ("1.5", None), ("Fri, 31 Dec 1999 23:59:59 GMT", None)]
        {
            let error = ask(answer(503, "", |headers| headers.retry_after = Some(written.into())));
            assert_eq!((error.code.as_str(), error.retry_after), ("ERR_FETCH_STATUS", seconds), "{written}");
        }
    }
}

#[test]
fn whatever_a_revocation_is_answered_with_200_is_success() {
    for body in ["", "<html>", "{}", "null"] {
        let outcome = run("revoke", r#"{"token":"t-1"}"#, [(REVOCATION, status(200, body))]);
        assert_eq!(outcome.result.unwrap(), "null", "{body}");
    }
    assert_eq!(
        failure(run("revoke", r#"{"token":"t-1"}"#, [(REVOCATION, status(204, ""))]).result).0,
        "ERR_FETCH_STATUS"
    );
}
