//! A server that follows a script, and the sessions that the tests begin with.

use tollgate::error::Error;
use tollgate::http::{Answer, FetchFailure, Request, Response, Step};
use tollgate::oauth::{
    AuthorizationParameters, AuthorizationRequest, Authorize, Client, Grant, Granted, Options, Tokens,
};

use super::signer::{self, Signer};

pub(crate) const NOW: u64 = 1_700_000_000;

pub(crate) const METADATA: &str = "GET https://as.example/.well-known/openid-configuration";
pub(crate) const TOKEN: &str = "POST https://as.example/token";
pub(crate) const JWKS: &str = "GET https://as.example/jwks";
pub(crate) const USERINFO: &str = "GET https://as.example/userinfo";

/// What one exchange of a script is: the method and URL that must be asked for, and what is answered.
pub(crate) type Exchange = (&'static str, Answer);

/// How a flow ended, and what it asked for on the way.
pub(crate) struct Outcome<T> {
    pub(crate) result: Result<T, Error>,
    pub(crate) requests: Vec<Request>,
    /// The seconds that it waited.
    pub(crate) waits: Vec<u64>,
}

impl<T> Outcome<T> {
    /// The same with what `of` makes of the result.
    pub(crate) fn map<U>(self, of: impl FnOnce(T) -> U) -> Outcome<U> {
        Outcome { result: self.result.map(of), requests: self.requests, waits: self.waits }
    }
}

/// Runs a flow against `script`, which must be followed to its end. Signatures are really verified, and really made.
pub(crate) fn run<T>(
    script: impl IntoIterator<Item = Exchange>,
    mut step: impl FnMut(Option<Answer>) -> Result<Step<T>, Error>,
) -> Outcome<T> {
    let mut script = script.into_iter();
    let (mut requests, mut waits) = (Vec::new(), Vec::new());
    let mut answer = None;
    let result = loop {
        match step(answer.take()) {
            Ok(Step::Fetch(request)) => {
                let asked = format!("{} {}", request.method, request.url);
                let (expected, scripted) = script.next().unwrap_or_else(|| panic!("unexpected {asked}"));
                assert_eq!(asked, expected);
                requests.push(request);
                answer = Some(scripted);
            }
            Ok(Step::Sign(request)) => answer = Some(Answer::Signed(signer::sign(&request))),
            Ok(Step::Wait(seconds)) => {
                waits.push(seconds);
                answer = Some(Answer::Waited);
            }
            Ok(Step::VerifySignature(check)) => answer = Some(Answer::Signature(signer::verify(&check))),
            Ok(Step::Done(value)) => break Ok(value),
            Err(error) => break Err(error),
        }
    };
    let left: Vec<_> = script.map(|(expected, _)| expected).collect();
    assert!(left.is_empty(), "{left:?} were not asked for; {:?}", result.err());
    Outcome { result, requests, waits }
}

pub(crate) fn status(status: u16, body: &str) -> Answer {
    Answer::Response(Response::new(status, body))
}

pub(crate) fn json(body: impl AsRef<str>) -> Answer {
    status(200, body.as_ref())
}

/// The keys of the server, when they are asked for.
pub(crate) fn keys() -> Exchange {
    (JWKS, signer::jwks([Signer::ES256.jwk()]))
}

/// Every way in which a server does not answer, with the code that it must become.
pub(crate) fn outages() -> [(Answer, &'static str); 7] {
    [
        (Answer::Failed(FetchFailure::Network), "ERR_FETCH_FAILED"),
        (Answer::Failed(FetchFailure::Timeout), "ERR_FETCH_TIMEOUT"),
        (Answer::Failed(FetchFailure::TooLarge), "ERR_FETCH_TOO_LARGE"),
        (status(500, "<h1>oops</h1>"), "ERR_FETCH_STATUS"),
        (status(503, r#"{"error":"invalid_grant"}"#), "ERR_FETCH_STATUS"),
        (status(302, ""), "ERR_FETCH_STATUS"),
        (status(0, ""), "ERR_FETCH_STATUS"),
    ]
}

/// The metadata, with `members` beside the usual ones.
pub(crate) fn metadata(members: &str) -> Answer {
    json(format!(
        r#"{{"issuer":"https://as.example","authorization_endpoint":"https://as.example/authorize",
            "token_endpoint":"https://as.example/token","jwks_uri":"https://as.example/jwks",
            "userinfo_endpoint":"https://as.example/userinfo","end_session_endpoint":"https://as.example/logout"{members}}}"#
    ))
}

pub(crate) fn client() -> Client {
    client_with("")
}

pub(crate) fn client_with(members: &str) -> Client {
    let required = r#""issuer":"https://as.example","client_id":"app","redirect_uri":"https://app.example/cb""#;
    Client::new(Options::from_json(&format!("{{{required}{members}}}")).unwrap())
}

/// Begins a login; `options` are those of one sign-in.
pub(crate) fn authorize(client: &mut Client, options: &str) -> AuthorizationRequest {
    let mut flow = authorization(client, options);
    run([(METADATA, metadata(""))], |answer| flow.step(client, NOW, answer)).result.unwrap()
}

pub(crate) fn authorization(client: &Client, options: &str) -> Authorize {
    let entropy = [[1; 32], [2; 32], [3; 32]];
    Authorize::new(client, AuthorizationParameters::from_json(options).unwrap(), &entropy)
}

/// The callback of a login that succeeded.
pub(crate) fn callback(request: &AuthorizationRequest) -> String {
    format!("https://app.example/cb?code=the-code&state={}", request.transaction.state)
}

/// Finishes a login against `script`.
pub(crate) fn finish(
    client: &mut Client,
    request: &AuthorizationRequest,
    script: impl IntoIterator<Item = Exchange>,
) -> Outcome<Granted> {
    let transaction = request.transaction.to_json();
    let mut grant = Grant::authorization_code(client, &callback(request), Some(&transaction), NOW).unwrap();
    run(script, |answer| grant.step(client, NOW, answer))
}

/// A token response of a login, with `members` beside the usual ones.
pub(crate) fn token_response(id_token: &str, members: &str) -> Answer {
    json(format!(
        r#"{{"access_token":"at-1","token_type":"Bearer","expires_in":600,"refresh_token":"rt-1","id_token":"{id_token}"{members}}}"#
    ))
}

/// A client with a session, and its tokens. The login had `nonce` and `auth_time`.
pub(crate) fn session() -> (Client, Tokens) {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let id_token = Signer::ES256.id_token(&[("auth_time", "1699999990")]);
    let script = [(TOKEN, token_response(&id_token, "")), keys()];
    let granted = finish(&mut client, &request, script).result.unwrap();
    (client, granted.tokens)
}
