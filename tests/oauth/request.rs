//! The Authorization Request of a registered client: what it says, signed or not, pushed or not.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tollgate::text::{base64url, form};

use super::calls::{Caller, WITH_KEY, refusal};
use super::registered::PUBLIC;
use super::server::{NOW, status};
use super::signer;

const PARAMETERS: &str = r#""redirect_uri":"https://app.example/cb","scope":"openid""#;
const PAR: &str = r#","pushed_authorization_request_endpoint":"https://as.example/par""#;
const PAR_REQUEST: &str = "POST https://as.example/par";

fn with(members: &str) -> String {
    format!("{{{PARAMETERS}{members}}}")
}

/// The parameters of a URL or a body, none of which stands there twice.
fn parameters(text: &str) -> BTreeMap<String, String> {
    let text = text.split_once('?').map_or(text, |(_, query)| query);
    let pairs = form::parse(text).unwrap();
    let count = pairs.len();
    let parameters: BTreeMap<_, _> = pairs.into_iter().collect();
    assert_eq!(parameters.len(), count, "{text}");
    parameters
}

fn query(made: &Value) -> BTreeMap<String, String> {
    parameters(made["url"].as_str().unwrap())
}

/// The header and the claims of a JWT, whose signature is that of the client.
fn opened(jwt: &str) -> (Value, Value) {
    let (input, signature) = jwt.rsplit_once('.').unwrap();
    let request =
        tollgate::http::SigningRequest { key: tollgate::http::SigningKey::Client, signing_input: input.into() };
    assert_eq!(base64url::encode(signer::sign(&request)), signature);
    let (header, payload) = input.split_once('.').unwrap();
    let json = |part: &str| serde_json::from_slice(&base64url::decode(part).unwrap()).unwrap();
    (json(header), json(payload))
}

#[test]
fn what_is_asked_for_is_in_the_url_and_in_the_transaction() {
    let made = Caller::new("", PUBLIC).made(
        "authorizationUrl",
        &with(
            r#","response_type":"code id_token","response_mode":"form_post","prompt":"login","login_hint":"a","acr_values":"g s",
            "max_age":60,"display":"page","ui_locales":"de en","id_token_hint":"h","claims":{"id_token":{"auth_time":{"essential":true}}},
            "authorization_details":[{"type":"t"}],"resource":["https://a.example","https://b.example"],"parameters":{"tenant":"1"}"#,
        ),
    );
    let pairs = form::parse(made["url"].as_str().unwrap().split_once('?').unwrap().1).unwrap();
    let get = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    for (name, value) in [
        ("response_type", "code id_token"),
        ("response_mode", "form_post"),
        ("client_id", "app"),
        ("prompt", "login"),
        ("login_hint", "a"),
        ("acr_values", "g s"),
        ("max_age", "60"),
        ("display", "page"),
        ("ui_locales", "de en"),
        ("id_token_hint", "h"),
        ("claims", r#"{"id_token":{"auth_time":{"essential":true}}}"#),
        ("authorization_details", r#"[{"type":"t"}]"#),
        ("tenant", "1"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(get(name), Some(value), "{name}");
    }
    assert_eq!(pairs.iter().filter(|(name, _)| name == "resource").count(), 2);
    let transaction = &made["transaction"];
    assert_eq!((get("state"), get("nonce")), (transaction["state"].as_str(), transaction["nonce"].as_str()));
    assert_eq!(transaction["response_type"], "code id_token");
    assert_eq!(transaction["response_mode"], "form_post");
    assert_eq!((&transaction["max_age"], &transaction["essential_auth_time"]), (&json!(60), &json!(true)));
}

#[test]
fn the_transaction_says_the_way_of_the_response() {
    for (members, response_type, response_mode) in [
        ("", "code", "query"),
        (r#","response_mode":"jwt""#, "code", "query.jwt"),
        (r#","response_mode":"form_post.jwt""#, "code", "form_post.jwt"),
        (r#","response_type":"code id_token""#, "code id_token", "fragment"),
        (r#","response_type":"code id_token","response_mode":"jwt""#, "code id_token", "fragment.jwt"),
    ] {
        let made = Caller::new("", PUBLIC).made("authorizationUrl", &with(members));
        assert_eq!(made["transaction"]["response_type"], response_type, "{members}");
        assert_eq!(made["transaction"]["response_mode"], response_mode, "{members}");
        let sent = query(&made).get("response_mode").cloned();
        assert_eq!(sent.is_some(), members.contains("response_mode"), "only what was asked for is sent");
    }
}

#[test]
fn what_the_library_sets_or_reads_cannot_be_set_besides() {
    let names = [
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "dpop_jkt",
        "request",
        "request_uri",
        "client_id",
        "client_secret",
        "client_assertion",
        "response_type",
        "response_mode",
        "redirect_uri",
        "scope",
        "resource",
        "max_age",
        "claims",
        "authorization_details",
        "id_token_hint",
        "acr_values",
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
    ];
    for name in names {
        let parameters = with(&format!(r#","parameters":{{"{name}":"1"}}"#));
        let error = Caller::new("", PUBLIC).call("authorizationUrl", &parameters, []).result.unwrap_err();
        assert_eq!(refusal(&error), ("ERR_OPTION_INVALID", format!("{name} mismatch")));
    }
    for name in ["state", "nonce", "code_verifier", "returnTo"] {
        let error = Caller::new("", PUBLIC)
            .call("authorizationUrl", &with(&format!(r#","{name}":"mine""#)), [])
            .result
            .unwrap_err();
        assert_eq!(refusal(&error), ("ERR_OPTION_INVALID", format!("{name} mismatch")), "ours are unguessable");
    }
}

#[test]
fn a_request_that_cannot_be_answered_well_is_not_made() {
    let dpop = r#"{"client_id":"app","dpop":{"alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}}"#;
    for (name, client, members, about) in [
        ("authorizationUrl", PUBLIC, r#","response_type":"token""#, "response_type mismatch"),
        ("authorizationUrl", PUBLIC, r#","response_type":"id_token""#, "response_type mismatch"),
        ("authorizationUrl", PUBLIC, r#","response_type":"id_token token""#, "response_type mismatch"),
        ("authorizationUrl", PUBLIC, r#","response_type":"code token""#, "response_type mismatch"),
        ("authorizationUrl", PUBLIC, r#","response_type":"none""#, "response_type mismatch"),
        ("authorizationUrl", PUBLIC, r#","response_mode":"web_message""#, "response_mode mismatch"),
        (
            "authorizationUrl",
            PUBLIC,
            r#","response_type":"code id_token","response_mode":"query""#,
            "response_mode mismatch",
        ),
        (
            "authorizationUrl",
            PUBLIC,
            r#","response_type":"code id_token","response_mode":"query.jwt""#,
            "response_mode mismatch",
        ),
        ("authorizationUrl", PUBLIC, r#","response_type":"code id_token","scope":"api""#, "scope mismatch"),
        ("authorizationUrl", PUBLIC, r#","requestObject":true"#, "privateKey missing"),
        ("authorizationUrl", PUBLIC, r#","redirect_uri":"https://app.example/cb#x""#, "redirect_uri mismatch"),
        ("requestObject", PUBLIC, "", "privateKey missing"),
        ("requestObject", WITH_KEY, r#","response_type":"token""#, "response_type mismatch"),
        ("implicitAuthorizationUrl", PUBLIC, "", "response_type mismatch"),
        ("implicitAuthorizationUrl", PUBLIC, r#","response_type":"code""#, "response_type mismatch"),
        ("implicitAuthorizationUrl", PUBLIC, r#","response_type":"code id_token""#, "response_type mismatch"),
        (
            "implicitAuthorizationUrl",
            PUBLIC,
            r#","response_type":"token","response_mode":"query""#,
            "response_mode mismatch",
        ),
        ("implicitAuthorizationUrl", PUBLIC, r#","response_type":"id_token","scope":"api""#, "scope mismatch"),
        ("implicitAuthorizationUrl", dpop, r#","response_type":"token""#, "dpop mismatch"),
    ] {
        let usual = [("redirect_uri", "https://app.example/cb"), ("scope", "openid")];
        let missing = usual.iter().filter(|(name, _)| !members.contains(name));
        let missing: Vec<_> = missing.map(|(name, value)| format!(r#""{name}":"{value}""#)).collect();
        let parameters = format!("{{{}{members}}}", missing.join(",")).replace("{,", "{");
        let error = Caller::new("", client).call(name, &parameters, []).result.unwrap_err();
        assert_eq!(refusal(&error), ("ERR_OPTION_INVALID", about.into()), "{name} {members}");
    }
    let no_s256 = r#","code_challenge_methods_supported":["plain"]"#;
    let error = Caller::new(no_s256, PUBLIC).call("authorizationUrl", &with(""), []).result.unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_PKCE_NOT_SUPPORTED");
}

#[test]
fn a_request_object_has_every_parameter_in_its_type() {
    let made = Caller::new("", WITH_KEY).made(
        "authorizationUrl",
        &with(
            r#","requestObject":true,"max_age":60,"claims":{"userinfo":{"name":null}},"authorization_details":[{"type":"t"}],
            "resource":["https://a.example","https://b.example"],"ui_locales":"de","parameters":{"tenant":"\"1\""}"#,
        ),
    );
    let url = query(&made);
    assert_eq!(url.keys().collect::<Vec<_>>(), ["client_id", "request"], "nothing is said twice");
    assert_eq!(url["client_id"], "app");
    let (header, claims) = opened(&url["request"]);
    assert_eq!(header, json!({ "alg": "ES256", "typ": "oauth-authz-req+jwt", "kid": "client" }));
    let jti = claims["jti"].as_str().unwrap();
    assert_eq!(jti.len(), 43);
    assert_eq!(
        claims,
        json!({
            "iss": "app", "aud": "https://as.example", "jti": jti, "iat": NOW, "nbf": NOW - 30, "exp": NOW + 300,
            "response_type": "code", "client_id": "app", "redirect_uri": "https://app.example/cb", "scope": "openid",
            "state": made["transaction"]["state"], "nonce": made["transaction"]["nonce"],
            "code_challenge": claims["code_challenge"], "code_challenge_method": "S256",
            "resource": ["https://a.example", "https://b.example"], "max_age": 60, "ui_locales": "de",
            "claims": { "userinfo": { "name": null } }, "authorization_details": [{ "type": "t" }], "tenant": "\"1\"",
        })
    );
    let one = Caller::new("", WITH_KEY).made("requestObject", &with(r#","resource":"https://a.example""#));
    let (_, claims) = opened(one["request"].as_str().unwrap());
    assert_eq!(claims["resource"], "https://a.example", "one resource is a string");
    assert_eq!(claims["state"], one["transaction"]["state"]);
}

#[test]
fn a_server_that_requires_signed_requests_gets_them_whatever_is_said() {
    for members in ["", r#","requestObject":false"#] {
        let required = r#","require_signed_request_object":true"#;
        let made = Caller::new(required, WITH_KEY).made("authorizationUrl", &with(members));
        assert!(query(&made).contains_key("request"), "{members}");
        let error = Caller::new(required, PUBLIC).call("authorizationUrl", &with(members), []).result.unwrap_err();
        assert_eq!(refusal(&error), ("ERR_OPTION_INVALID", "privateKey missing".into()));
    }
}

#[test]
fn a_secret_signs_too() {
    let secret = r#"{"client_id":"app","client_secret":"s","signing_alg":"HS256"}"#;
    let made = Caller::new("", secret).made("requestObject", &with(""));
    let header = made["request"].as_str().unwrap().split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&base64url::decode(header).unwrap()).unwrap();
    assert_eq!(header, json!({ "alg": "HS256", "typ": "oauth-authz-req+jwt" }));
}

#[test]
fn a_request_object_is_pushed() {
    let mut caller = Caller::new(PAR, WITH_KEY);
    let answer = status(201, r#"{"request_uri":"urn:r:1","expires_in":60}"#);
    let outcome = caller.call("authorizationUrl", &with(r#","requestObject":true"#), [(PAR_REQUEST, answer)]);
    let body = parameters(outcome.requests[0].body.as_deref().unwrap());
    assert_eq!(body.keys().collect::<Vec<_>>(), ["client_assertion", "client_assertion_type", "client_id", "request"]);
    let (_, claims) = opened(&body["request"]);
    let (_, assertion) = opened(&body["client_assertion"]);
    assert_ne!(claims["jti"], assertion["jti"]);
    let made: Value = serde_json::from_str(&outcome.result.unwrap()).unwrap();
    assert_eq!(made["url"], "https://as.example/authorize?client_id=app&request_uri=urn%3Ar%3A1");
    assert_eq!(made["transaction"]["state"], claims["state"]);
}

#[test]
fn a_push_that_is_refused_shows_nothing_of_the_request() {
    let mut caller = Caller::new(PAR, WITH_KEY);
    let made = caller.made("requestObject", &with(r#","par":false"#));
    let (request, transaction) = (made["request"].as_str().unwrap(), &made["transaction"]);
    let (state, nonce) = (transaction["state"].as_str().unwrap(), transaction["nonce"].as_str().unwrap());
    for (sign, description) in
        [(true, request), (true, request.split_at(40).0), (true, state), (true, nonce), (false, state), (false, nonce)]
    {
        let answer = status(400, &format!(r#"{{"error":"invalid_request","error_description":"bad {description}"}}"#));
        let options = with(&format!(r#","requestObject":{sign}"#));
        let error = caller.call("authorizationUrl", &options, [(PAR_REQUEST, answer)]).result.unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_OAUTH_ENDPOINT_ERROR");
        assert_eq!(error.response.as_ref().unwrap().error.as_deref(), Some("invalid_request"));
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains(description), "{sign}: {shown}");
    }
}
