//! The device authorization grant (RFC 8628), and how it is polled for.

use tollgate::http::{Answer, FetchFailure, Headers, Response, Step};
use tollgate::text::base64url;

use super::flow::{Outcome, id_token, run, tokens};
use super::registered::{self, PUBLIC};
use super::server::{Exchange, JWKS, NOW, TOKEN, json, keys, outages, status};
use super::signer::{self, Signer};

const DEVICE: &str = "POST https://as.example/device";

fn authorize(parameters: &str, answer: Answer) -> Outcome {
    run("deviceAuthorization", PUBLIC, parameters, [(DEVICE, answer)])
}

/// A response with these members beside those that are required.
fn response(members: &str) -> Answer {
    json(format!(
        r#"{{"device_code":"dc","user_code":"WDJB-MJHT","verification_uri":"https://as.example/activate","expires_in":600{members}}}"#
    ))
}

/// Polls for a device code that expires in ten minutes.
fn poll(answers: impl IntoIterator<Item = Answer>) -> Outcome {
    poll_for(r#""interval":5"#, answers.into_iter().map(|answer| (TOKEN, answer)))
}

fn poll_for(members: &str, script: impl IntoIterator<Item = Exchange>) -> Outcome {
    let expires_at = NOW + 600;
    let parameters = format!(r#"{{"device":{{"device_code":"dc-secret","expires_at":{expires_at},{members}}}}}"#);
    run("deviceCodeGrant", PUBLIC, &parameters, script)
}

fn refusal(error: &str) -> Answer {
    status(400, &format!(r#"{{"error":"{error}"}}"#))
}

fn pending() -> Answer {
    refusal("authorization_pending")
}

fn unreachable() -> Answer {
    Answer::Failed(FetchFailure::Network)
}

#[test]
fn a_device_asks_for_what_it_needs() {
    let parameters = r#"{"scope":"openid api","resource":["https://a.example","https://b.example"],
        "authorization_details":[{"type":"t"}],"parameters":{"audience":"x"}}"#;
    let outcome = authorize(parameters, response(""));
    let expected = [
        ("scope", "openid api"),
        ("resource", "https://a.example"),
        ("resource", "https://b.example"),
        ("authorization_details", r#"[{"type":"t"}]"#),
        ("audience", "x"),
        ("client_id", "app"),
    ];
    assert_eq!(outcome.forms(), [expected.map(|(name, value)| (name.into(), value.into()))]);
    let record = outcome.result.unwrap();
    let expected = serde_json::json!({
        "device_code": "dc", "user_code": "WDJB-MJHT", "verification_uri": "https://as.example/activate",
        "scope": "openid api", "expires_at": NOW + 600, "interval": 5
    });
    assert_eq!(record, expected);
}

#[test]
fn a_response_is_read_however_servers_write_it() {
    for (members, name, expected) in [
        (r#","interval":7"#, "interval", "7"),
        (r#","interval":"7""#, "interval", "7"),
        (r#","interval":7.9"#, "interval", "7"),
        (r#","interval":null"#, "interval", "5"),
        (r#","interval":0"#, "interval", "1"),
        (
            r#","verification_uri_complete":"https://as.example/a?c=1""#,
            "verification_uri_complete",
            r#""https://as.example/a?c=1""#,
        ),
    ] {
        let record = authorize("{}", response(members)).result.unwrap();
        assert_eq!(record[name].to_string(), expected, "{members}");
    }
    let older = r#"{"device_code":"d","user_code":"u","verification_url":"https://as.example/v","expires_in":"60"}"#;
    let record = authorize("{}", json(older)).result.unwrap();
    assert_eq!(
        (record["verification_uri"].as_str(), record["expires_at"].as_u64()),
        (Some("https://as.example/v"), Some(NOW + 60))
    );
    let endless = older.replace(r#""60""#, "9007199254740991");
    let record = authorize("{}", json(endless)).result.unwrap();
    let outcome = run("deviceCodeGrant", PUBLIC, &format!(r#"{{"device":{record}}}"#), [(TOKEN, tokens(""))]);
    assert!(outcome.result.is_ok(), "what was made of it is taken back");
}

#[test]
fn a_malformed_response_is_refused() {
    let good = [
        ("device_code", r#""d""#),
        ("user_code", r#""u""#),
        ("verification_uri", r#""https://as.example/v""#),
        ("verification_uri_complete", r#""https://as.example/v?c""#),
        ("expires_in", "60"),
        ("interval", "5"),
    ];
    let with = |name: &str, value: &str| {
        let members: Vec<_> = good
            .iter()
            .map(|(known, usual)| (*known, if *known == name { value } else { usual }))
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!(r#""{name}":{value}"#))
            .collect();
        authorize("{}", json(format!("{{{}}}", members.join(","))))
    };
    assert!(with("", "").result.is_ok());
    for (name, value) in [
        ("device_code", ""),
        ("device_code", r#""""#),
        ("device_code", "1"),
        ("user_code", ""),
        ("user_code", r#""""#),
        ("user_code", r#""\u001b[2J""#),
        ("verification_uri", ""),
        ("verification_uri", r#""http://as.example/v""#),
        ("verification_uri", r#""javascript:alert(1)""#),
        ("verification_uri", r#""/v""#),
        ("verification_uri_complete", r#""http://as.example/v""#),
        ("verification_uri_complete", "1"),
        ("expires_in", ""),
        ("expires_in", "null"),
        ("expires_in", r#""soon""#),
        ("expires_in", "-1"),
        ("interval", "-5"),
        ("interval", "[]"),
    ] {
        let failure = ("ERR_OAUTH_ENDPOINT_RESPONSE_INVALID", Some(name));
        assert_eq!(with(name, value).failure(), failure, "{name}: {value}");
    }
    for body in ["", "[]", "<html>", "device_code=d&user_code=u"] {
        assert_eq!(authorize("{}", json(body)).failure().0, "ERR_OAUTH_ENDPOINT_RESPONSE_INVALID", "{body}");
    }
}

#[test]
fn a_server_that_refuses_or_fails_is_reported() {
    for code in [200, 400, 401] {
        let refused = authorize("{}", status(code, r#"{"error":"invalid_scope"}"#));
        assert_eq!(refused.failure().0, "ERR_OAUTH_ENDPOINT_ERROR");
        assert_eq!(refused.result.unwrap_err().response.as_ref().unwrap().error.as_deref(), Some("invalid_scope"));
    }
    for (answer, code) in outages() {
        assert_eq!(authorize("{}", answer).failure().0, code);
    }
}

#[test]
fn options_are_checked_before_anything_is_sent() {
    for (parameters, claim) in [
        (r#"{"scope":1}"#, "scope"),
        (r#"{"parameters":{"client_id":"other"}}"#, "client_id"),
        (r#"{"parameters":{"scope":"x"},"scope":"y"}"#, "scope"),
        (r#"{"parameters":{"scope":"openid"}}"#, "scope"),
        (r#"{"device_code":"d"}"#, "device_code"),
    ] {
        let outcome = run("deviceAuthorization", PUBLIC, parameters, []);
        assert_eq!(outcome.failure(), ("ERR_OPTION_INVALID", Some(claim)), "{parameters}");
    }
    for (device, claim) in [
        ("{}", "device_code"),
        (r#"{"device_code":"d"}"#, "expires_at"),
        (r#"{"device_code":"d","expires_at":"soon"}"#, "expires_at"),
        (r#"{"device_code":"d","expires_at":1,"interval":"often"}"#, "interval"),
    ] {
        let outcome = run("deviceCodeGrant", PUBLIC, &format!(r#"{{"device":{device}}}"#), []);
        assert_eq!(outcome.failure(), ("ERR_OPTION_INVALID", Some(claim)), "{device}");
    }
    for parameters in ["{}", r#"{"device":"dc"}"#] {
        let outcome = run("deviceCodeGrant", PUBLIC, parameters, []);
        assert_eq!(outcome.failure(), ("ERR_OPTION_INVALID", Some("device")), "{parameters}");
    }
    for name in ["device_code", "grant_type", "client_secret"] {
        let parameters = format!(r#"{{"device":{{"device_code":"d","expires_at":1}},"parameters":{{"{name}":"x"}}}}"#);
        let outcome = run("deviceCodeGrant", PUBLIC, &parameters, []);
        assert_eq!(outcome.failure(), ("ERR_OPTION_INVALID", Some(name)));
    }
}

#[test]
fn the_server_is_asked_at_its_interval_until_the_user_has_decided() {
    let outcome = poll([pending(), refusal("slow_down"), pending(), refusal("slow_down"), tokens("")]);
    assert_eq!(outcome.waits, [5, 5, 10, 10, 15], "each `slow_down` adds five seconds for good");
    let expected = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", "dc-secret"),
        ("client_id", "app"),
    ];
    for form in outcome.forms() {
        assert_eq!(form, expected.map(|(name, value)| (name.into(), value.into())));
    }
    assert_eq!(outcome.result.unwrap()["response"]["access_token"], "at-1");
}

#[test]
fn a_server_that_refuses_with_200_is_understood_too() {
    let outcome = poll([status(200, r#"{"error":"authorization_pending"}"#), tokens("")]);
    assert_eq!(outcome.waits, [5, 5]);
    assert!(outcome.result.is_ok());
}

#[test]
fn without_an_interval_it_is_five_seconds() {
    let outcome = poll_for(r#""scope":"api""#, [(TOKEN, tokens(""))]);
    assert_eq!(outcome.waits, [5]);
    assert_eq!(outcome.result.unwrap()["scope"], "api");
    assert_eq!(poll_for(r#""interval":0"#, [(TOKEN, tokens(""))]).waits, [1]);
}

#[test]
fn outages_double_the_wait_until_the_server_answers() {
    let timeout = Answer::Failed(FetchFailure::Timeout);
    let overloaded = status(503, r#"{"error":"authorization_pending"}"#);
    let limited = status(429, "");
    let outcome =
        poll([unreachable(), timeout, overloaded, limited, pending(), unreachable(), refusal("slow_down"), tokens("")]);
    assert_eq!(outcome.waits, [5, 10, 20, 40, 80, 5, 10, 10]);
    assert!(outcome.result.is_ok());
}

#[test]
fn there_is_a_last_attempt_and_none_after_the_end() {
    let outcome = poll((0..7).map(|_| unreachable()));
    assert_eq!(outcome.waits, [5, 10, 20, 40, 80, 160, 284], "the last attempt is a second before the end");
    assert_eq!(outcome.failure().0, "ERR_OAUTH_GRANT_EXPIRED");
}

#[test]
fn nothing_is_asked_for_that_has_expired() {
    let outcome = poll((0..119).map(|_| pending()));
    assert_eq!(outcome.waits.iter().sum::<u64>(), 595);
    assert_eq!(outcome.failure().0, "ERR_OAUTH_GRANT_EXPIRED");
    for (expires_at, interval) in [(0, 5), (NOW, 5), (NOW + 5, 5), (NOW + 600, u64::MAX >> 12)] {
        let parameters =
            format!(r#"{{"device":{{"device_code":"d","expires_at":{expires_at},"interval":{interval}}}}}"#);
        let outcome = run("deviceCodeGrant", PUBLIC, &parameters, []);
        assert_eq!((outcome.failure().0, outcome.waits.len()), ("ERR_OAUTH_GRANT_EXPIRED", 0), "{parameters}");
    }
}

#[test]
fn a_device_that_slept_past_the_end_asks_nothing() {
    let mut server = registered::server("");
    let parameters = format!(r#"{{"device":{{"device_code":"d","expires_at":{}}}}}"#, NOW + 600);
    let mut flow = registered::flow(&server, "deviceCodeGrant", PUBLIC, &parameters).unwrap();
    assert_eq!(flow.step(&mut server, NOW, None), Ok(Step::Wait(5)));
    for _ in 0..2 {
        let error = flow.step(&mut server, NOW + 600, Some(Answer::Waited)).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_OAUTH_GRANT_EXPIRED");
    }
}

#[test]
fn a_flow_that_has_ended_asks_nothing() {
    let mut server = registered::server("");
    let parameters = format!(r#"{{"device":{{"device_code":"d","expires_at":{}}}}}"#, NOW + 600);
    for last in [tokens(""), refusal("access_denied"), refusal("expired_token")] {
        let mut flow = registered::flow(&server, "deviceCodeGrant", PUBLIC, &parameters).unwrap();
        assert_eq!(flow.step(&mut server, NOW, None), Ok(Step::Wait(5)));
        assert!(matches!(flow.step(&mut server, NOW, Some(Answer::Waited)), Ok(Step::Fetch(_))));
        assert!(!matches!(flow.step(&mut server, NOW, Some(last)), Ok(Step::Fetch(_) | Step::Wait(_))));
        for answer in [None, Some(Answer::Waited), Some(tokens(""))] {
            assert_eq!(flow.step(&mut server, NOW, answer).unwrap_err().code.as_str(), "ERR_OPTION_INVALID");
        }
    }
}

#[test]
fn an_end_by_an_outage_says_so() {
    let outcome = poll((0..7).map(|_| status(502, "")));
    let error = outcome.result.unwrap_err();
    assert_eq!((error.code.as_str(), error.response.as_ref().unwrap().status), ("ERR_OAUTH_GRANT_EXPIRED", Some(502)));
}

#[test]
fn every_other_answer_is_the_last() {
    for (answer, code) in [
        (refusal("access_denied"), "ERR_OAUTH_TOKEN_RESPONSE_ERROR"),
        (refusal("expired_token"), "ERR_OAUTH_GRANT_EXPIRED"),
        (refusal("invalid_grant"), "ERR_OAUTH_INVALID_GRANT"),
        (status(401, r#"{"error":"invalid_client"}"#), "ERR_OAUTH_TOKEN_RESPONSE_ERROR"),
        (status(400, "<html>"), "ERR_FETCH_STATUS"),
        (status(404, ""), "ERR_FETCH_STATUS"),
        (status(302, ""), "ERR_FETCH_STATUS"),
        (Answer::Failed(FetchFailure::TooLarge), "ERR_FETCH_TOO_LARGE"),
        (json("{}"), "ERR_OAUTH_TOKEN_RESPONSE_INVALID"),
        (tokens(r#","id_token":"x""#), "ERR_JWS_INVALID"),
    ] {
        let outcome = poll([pending(), answer]);
        assert_eq!((outcome.failure().0, outcome.waits.len()), (code, 2));
    }
    let denied = poll([refusal("access_denied")]).result.unwrap_err();
    assert_eq!(denied.response.as_ref().unwrap().error.as_deref(), Some("access_denied"));
}

#[test]
fn with_openid_there_is_an_id_token_and_it_is_validated() {
    let asked = r#""scope":"openid""#;
    let outcome = poll_for(asked, [(TOKEN, pending()), (TOKEN, id_token(&[])), keys()]);
    assert_eq!(outcome.result.unwrap()["claims"]["sub"], "alice");
    assert_eq!(poll_for(asked, [(TOKEN, tokens(""))]).failure().0, "ERR_OIDC_ID_TOKEN_MISSING");
    for (claim, value) in
        [("aud", r#""other""#), ("iss", r#""https://evil.example""#), ("nonce", r#""n""#), ("sub", "")]
    {
        let outcome = poll_for(asked, [(TOKEN, id_token(&[(claim, value)])), keys()]);
        assert_eq!(outcome.failure(), ("ERR_JWT_CLAIM_VALIDATION_FAILED", Some(claim)));
    }
    let expired = [("exp", "1600000000")];
    for asked in [asked, r#""scope":"api""#] {
        let outcome = poll_for(asked, [(TOKEN, id_token(&expired)), keys()]);
        assert_eq!(outcome.failure().0, "ERR_JWT_EXPIRED", "whether one was asked for or not");
    }
    let forged = Signer { seed: 9, ..Signer::ES256 }.id_token(&[("nonce", "")]);
    let outcome = poll_for(asked, [(TOKEN, tokens(&format!(r#","id_token":"{forged}""#))), keys()]);
    assert_eq!(outcome.failure().0, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
}

#[test]
fn a_device_code_that_was_exchanged_is_not_sent_again() {
    for (answer, code) in outages() {
        let outcome = poll_for(r#""scope":"openid""#, [(TOKEN, id_token(&[])), (JWKS, answer)]);
        assert_eq!((outcome.failure().0, outcome.waits.len()), (code, 1));
    }
}

/// A client with both its keys.
fn keyed() -> String {
    let jwk = signer::DPOP.jwk();
    format!(
        r#"{{"client_id":"app","token_endpoint_auth_method":"private_key_jwt","signing_alg":"ES256","dpop":{{"alg":"ES256","jwk":{jwk}}}}}"#
    )
}

#[test]
fn the_client_authenticates_itself_but_proves_no_key_before_anything_is_issued() {
    let outcome = run("deviceAuthorization", &keyed(), "{}", [(DEVICE, response(""))]);
    assert!(outcome.forms()[0].iter().any(|(name, _)| name == "client_assertion"));
    assert!(outcome.requests[0].headers.iter().all(|(name, _)| *name != "dpop"));
}

#[test]
fn every_request_has_a_proof_and_an_assertion_of_its_own() {
    let parameters = format!(r#"{{"device":{{"device_code":"dc","expires_at":{}}}}}"#, NOW + 60);
    let nonce = |nonce: &str| {
        let headers = Headers { dpop_nonce: Some(nonce.into()), ..Headers::default() };
        Answer::Response(Response { headers, ..Response::new(400, r#"{"error":"use_dpop_nonce"}"#) })
    };
    let bound = json(r#"{"access_token":"at-1","token_type":"DPoP"}"#);
    let answers = [nonce("n1"), pending(), nonce("n2"), pending(), bound];
    let outcome = run("deviceCodeGrant", &keyed(), &parameters, answers.map(|answer| (TOKEN, answer)));
    assert_eq!(outcome.waits, [5, 5, 5], "a request for a nonce is answered at once");
    let value = |request: &tollgate::http::Request, header: &str| {
        request.headers.iter().find(|(name, _)| *name == header).map(|(_, value)| value.clone())
    };
    let mut proofs: Vec<_> = outcome.requests.iter().filter_map(|request| value(request, "dpop")).collect();
    let mut assertions: Vec<_> =
        outcome.forms().into_iter().flatten().filter(|(name, _)| name == "client_assertion").collect();
    assert_eq!((proofs.len(), assertions.len()), (5, 5));
    proofs.sort();
    proofs.dedup();
    assertions.sort();
    assertions.dedup();
    assert_eq!((proofs.len(), assertions.len()), (5, 5));
    assert_eq!(outcome.result.unwrap()["token_type"], "DPoP");
}

#[test]
fn a_request_is_repeated_with_the_nonce_of_its_own_answer() {
    let mut server = registered::server("");
    let flow = |()| registered::flow(&server, "clientCredentialsGrant", &keyed(), "{}").unwrap();
    let [mut ours, mut theirs] = [(), ()].map(flow);
    let signed = || Some(Answer::Signed(vec![1]));
    for (flow, nonce) in [(&mut ours, "ours"), (&mut theirs, "theirs")] {
        let headers = Headers { dpop_nonce: Some(nonce.into()), ..Headers::default() };
        let asked = Response { headers, ..Response::new(400, r#"{"error":"use_dpop_nonce"}"#) };
        // The assertion is signed, then the proof.
        for answer in [None, signed(), signed(), Some(Answer::Response(asked))] {
            flow.step(&mut server, NOW, answer).unwrap();
        }
    }
    let Step::Sign(proof) = ours.step(&mut server, NOW, signed()).unwrap() else { panic!("a proof") };
    let claims = base64url::decode(proof.signing_input.split('.').nth(1).unwrap()).unwrap();
    assert!(String::from_utf8(claims).unwrap().contains(r#""nonce":"ours""#));
}

#[test]
fn nothing_secret_is_quoted() {
    let echo = r#"{"error":"access_denied","error_description":"no tokens for dc-secret"}"#;
    let error = poll([status(400, echo)]).result.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("dc-secret"));
}
