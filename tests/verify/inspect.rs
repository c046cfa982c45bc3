//! The list of checks: it says of every token what `verify` says, and more.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tollgate::error::{Code, Error, Reason};
use tollgate::jose::claims::Expectations;
use tollgate::jose::jwk::{Jwk, Material};
use tollgate::text::base64url;
use tollgate::verify::inspect::{Inspection, Outcome};
use tollgate::verify::{Scratch, Verifier};

use super::{EC_PUBLIC, NOW, es256, options, sign_es256, with_jwk, with_set};

/// Asserts that the list and the verdict are the same, and returns the list.
pub(crate) fn agree(verifier: &Verifier, token: &[u8], call: Option<&Expectations>, now: u64) -> Inspection {
    let shown = || String::from_utf8_lossy(token);
    let inspection = verifier.inspect(token, call, now);
    match verifier.verify(token, call, now, &mut Scratch::default()) {
        Ok(verified) => {
            assert!(inspection.verified(), "{}: {inspection:?}", shown());
            let by = inspection.verified_by.map(|by| (by.algorithm, by.key));
            assert_eq!(by, Some((verified.algorithm, verified.key)));
        }
        Err(error) => {
            assert!(!inspection.verified(), "{}", shown());
            assert_eq!(inspection.first_failure(), Some(&error), "{}", shown());
        }
    }
    inspection
}

/// The checks as one line: `form+ header+ alg! key? sub-`.
fn line(inspection: &Inspection) -> String {
    let mark = |outcome: &Outcome| match outcome {
        Outcome::Passed => '+',
        Outcome::Failed(_) => '!',
        Outcome::NotReached => '?',
        Outcome::NotAsked => '-',
    };
    let checks: Vec<_> =
        inspection.checks.iter().map(|check| format!("{}{}", check.name, mark(&check.outcome))).collect();
    checks.join(" ")
}

fn failure<'i>(inspection: &'i Inspection, name: &str) -> Option<&'i Error> {
    inspection.checks.iter().find_map(|check| match &check.outcome {
        Outcome::Failed(error) if check.name == name => Some(error),
        _ => None,
    })
}

fn ec(options: &str) -> Verifier {
    with_jwk(options, &format!("{{{EC_PUBLIC}}}"))
}

/// The token with another part at `at`.
fn with_part(token: &str, at: usize, part: &str) -> String {
    let mut parts: Vec<_> = token.split('.').collect();
    *parts.get_mut(at).unwrap() = part;
    parts.join(".")
}

const PASSED: &str = "form+ header+ crit+ alg+ encoding+ key+ signature+ claims+";
const UNASKED: &str = "maxTokenAge- scope- nonce- acr- auth_time- at_hash- c_hash-";

/// A key of HMAC, with which many tokens are quick to make.
const SECRET: [u8; 32] = [7; 32];

fn sign_hs256(header: &str, claims: &[u8]) -> String {
    let input = format!("{}.{}", base64url::encode(header), base64url::encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(&SECRET).unwrap();
    mac.update(input.as_bytes());
    format!("{input}.{}", base64url::encode(mac.finalize().into_bytes()))
}

fn hs256(options_json: &str) -> Verifier {
    Verifier::with_key(options(options_json), Jwk::from(Material::Oct { k: SECRET.into() })).unwrap()
}

#[test]
fn a_good_token_passes_every_check_that_is_asked_for() {
    let verifier = ec(r#"{"issuer":"i","audience":"a"}"#);
    let inspection = agree(&verifier, es256().as_bytes(), None, NOW);
    let expected = format!("{PASSED} typ- requiredClaims+ iss+ sub- aud+ iat- nbf- exp+ {UNASKED}");
    assert_eq!(line(&inspection), expected);
    assert_eq!(inspection.header.as_deref(), Some(r#"{"alg":"ES256","kid":"k"}"#));
    assert!(inspection.claims.unwrap().contains(r#""sub":"s""#));
}

#[test]
fn every_check_names_its_rule() {
    for profile in ["jwt", "at+jwt", "id_token", "logout+jwt"] {
        let verifier = ec(&format!(r#"{{"issuer":"i","audience":"a","profile":"{profile}"}}"#));
        let inspection = agree(&verifier, es256().as_bytes(), None, NOW);
        let names = inspection.checks.iter().skip(8).map(|check| check.name);
        assert!(names.eq(verifier.expectations().checks().map(|check| check.name)), "{profile}");
        for check in &inspection.checks {
            assert!(check.rule.contains(" §"), "{profile}: {}", check.name);
        }
    }
}

#[test]
fn a_failure_keeps_nobody_from_looking_at_what_does_not_need_it() {
    let verifier = ec(r#"{"issuer":"i","audience":"a","typ":"JWT"}"#);
    let unread = format!("typ? requiredClaims? iss? sub- aud? iat? nbf? exp? {UNASKED}");
    let read = format!("requiredClaims+ iss+ sub- aud+ iat- nbf- exp+ {UNASKED}");
    let claims = format!(r#"{{"iss":"i","aud":"a","exp":{}}}"#, NOW + 60);
    let good = sign_es256(r#"{"alg":"ES256","typ":"JWT"}"#, &claims);
    let cases = [
        (good.clone(), format!("{PASSED} typ+ {read}")),
        ("a.b".into(), format!("form! header? crit? alg? encoding? key? signature? claims? {unread}")),
        (
            with_part(&good, 0, "e30="),
            format!("form+ header! crit? alg? encoding+ key? signature? claims+ typ? {read}"),
        ),
        (
            with_part(&good, 0, &base64url::encode("[]")),
            format!("form+ header! crit? alg? encoding+ key? signature? claims+ typ? {read}"),
        ),
        (
            sign_es256(r#"{"alg":"ES256","typ":"JWT","kid":1}"#, &claims),
            format!("form+ header! crit+ alg+ encoding+ key? signature? claims+ typ? {read}"),
        ),
        (
            sign_es256(r#"{"typ":"JWT"}"#, &claims),
            format!("form+ header! crit+ alg? encoding+ key? signature? claims+ typ? {read}"),
        ),
        (
            sign_es256(r#"{"alg":"ES256","typ":"JWT","crit":["x"],"x":1}"#, &claims),
            format!("form+ header+ crit! alg+ encoding+ key+ signature+ claims+ typ+ {read}"),
        ),
        (
            sign_es256(r#"{"alg":"none","typ":"JWT"}"#, &claims),
            format!("form+ header+ crit+ alg! encoding+ key? signature? claims+ typ+ {read}"),
        ),
        (
            with_part(&good, 2, "AA=="),
            format!("form+ header+ crit+ alg+ encoding! key+ signature? claims+ typ+ {read}"),
        ),
        (with_part(&good, 1, "e30="), format!("form+ header+ crit+ alg+ encoding! key+ signature! claims? {unread}")),
        (
            with_part(&good, 2, &base64url::encode([1; 64])),
            format!("form+ header+ crit+ alg+ encoding+ key+ signature! claims+ typ+ {read}"),
        ),
        (
            sign_es256(r#"{"alg":"ES256","typ":"JWT"}"#, "[]"),
            format!("form+ header+ crit+ alg+ encoding+ key+ signature+ claims! {unread}"),
        ),
        (
            with_part(
                &sign_es256(
                    r#"{"alg":"ES256"}"#,
                    &format!(r#"{{"iss":"x","aud":7,"iat":"","nbf":{},"exp":1}}"#, NOW + 1),
                ),
                2,
                "",
            ),
            format!(
                "form+ header+ crit+ alg+ encoding+ key+ signature! claims+ typ! requiredClaims+ iss! sub- aud! iat! nbf! exp! {UNASKED}"
            ),
        ),
    ];
    for (token, expected) in cases {
        assert_eq!(line(&agree(&verifier, token.as_bytes(), None, NOW)), expected, "{token}");
    }
}

#[test]
fn each_failure_has_its_code_claim_and_reason() {
    let verifier = ec(r#"{"issuer":"i","audience":"a"}"#);
    let token = with_part(&sign_es256(r#"{"alg":"ES256"}"#, r#"{"iss":"x","exp":1}"#), 2, "");
    let inspection = agree(&verifier, token.as_bytes(), None, NOW);
    assert_eq!(failure(&inspection, "signature"), Some(&Error::new(Code::SignatureVerificationFailed)));
    assert_eq!(failure(&inspection, "requiredClaims"), Some(&Error::claim("aud", Reason::Missing)));
    assert_eq!(failure(&inspection, "iss"), Some(&Error::claim("iss", Reason::Mismatch)));
    assert_eq!(failure(&inspection, "aud"), Some(&Error::claim("aud", Reason::Missing)));
    assert_eq!(failure(&inspection, "exp"), Some(&Error::new(Code::JwtExpired).about("exp", Reason::Mismatch)));
    assert_eq!(inspection.verified_by, None);
}

#[test]
fn a_key_that_is_not_there_is_told_from_a_signature_that_is_wrong() {
    let set = |kid: &str| with_set(r#"{"audience":"a"}"#, &format!(r#"{{"keys":[{{{EC_PUBLIC},"kid":"{kid}"}}]}}"#));
    let inspection = agree(&set("other"), es256().as_bytes(), None, NOW);
    assert_eq!(failure(&inspection, "key"), Some(&Error::new(Code::JwksNoMatchingKey)));
    assert!(line(&inspection).contains("key! signature? claims+"));
    let forged = with_part(&es256(), 2, &base64url::encode([1; 64]));
    assert!(line(&agree(&set("k"), forged.as_bytes(), None, NOW)).contains("key+ signature! claims+"));
}

#[test]
fn without_loaded_keys_only_the_signature_is_not_reached() {
    let verifier = with_set(r#"{"issuer":"i","audience":"a"}"#, r#"{"keys":[]}"#);
    let inspection = verifier.inspect_unloaded(es256().as_bytes(), None, NOW);
    assert_eq!(inspection.first_failure(), Some(&Error::new(Code::JwksNotLoaded)));
    let expected = "form+ header+ crit+ alg+ encoding+ key! signature? claims+ typ- requiredClaims+ iss+";
    assert!(line(&inspection).starts_with(expected), "{}", line(&inspection));
    assert!(!inspection.verified());
}

#[test]
fn expectations_of_a_call_come_last_and_only_those_that_ask() {
    let verifier = ec(r#"{"issuer":"i","audience":"a"}"#);
    let call = verifier.expectations().for_call(br#"{"subject":"other"}"#).unwrap();
    let inspection = agree(&verifier, es256().as_bytes(), Some(&call), NOW);
    assert!(line(&inspection).ends_with(&format!("exp+ {UNASKED} requiredClaims+ sub! exp+")), "{}", line(&inspection));
}

#[test]
fn an_outcome_has_a_name() {
    let outcomes =
        [Outcome::Passed, Outcome::Failed(Error::new(Code::JwtInvalid)), Outcome::NotReached, Outcome::NotAsked];
    assert_eq!(outcomes.map(|outcome| outcome.as_str()), ["passed", "failed", "not_reached", "not_asked"]);
}

/// A generator of numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.checked_rem(u64::try_from(end).unwrap()).unwrap()).unwrap()
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        from.get(self.below(from.len())).unwrap()
    }
}

#[test]
fn ten_thousand_mutated_tokens_get_the_same_verdict_twice() {
    const HEADERS: [&str; 12] = [
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"k"}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","typ":1}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":""}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"HS256","crit":["x"],"x":1}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256""#,
    ];
    const CLAIMS: [&str; 10] = [
        r#"{"iss":"i","aud":"a","sub":"s","exp":1700000060,"iat":1700000000,"scope":"r w","nonce":"n","jti":"j","client_id":"c"}"#,
        r#"{"iss":"i","aud":["b","a"],"sub":"s","exp":1700000060}"#,
        r#"{"iss":"x","aud":"a","sub":"s","exp":1700000060}"#,
        r#"{"iss":"i","aud":7,"sub":"s","exp":1700000060,"events":{}}"#,
        r#"{"iss":"i","aud":"a","sub":"s","exp":1,"nbf":1800000000}"#,
        r#"{"iss":"i","aud":"a","exp":"1","iat":{}}"#,
        r#"{"iss":"i","aud":"a","sub":"t","exp":1700000060,"azp":"z","auth_time":1}"#,
        r#"{"iss":"i","iss":"i"}"#,
        "[]",
        "",
    ];
    const OPTIONS: [&str; 6] = [
        r#"{"audience":null,"requireExp":false}"#,
        r#"{"audience":"a","issuer":"i"}"#,
        r#"{"audience":"a","issuer":"i","typ":"JWT","subject":"s"}"#,
        r#"{"audience":"a","issuer":"i","maxTokenAge":60,"requiredScopes":["r"],"requiredClaims":["jti"],"nonce":"n"}"#,
        r#"{"audience":"a","issuer":"i","profile":"id_token","maxAge":60}"#,
        r#"{"audience":"a","issuer":"i","profile":"logout+jwt"}"#,
    ];
    let verifiers = OPTIONS.map(hs256);
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut verified = 0;
    for _ in 0..10_000 {
        let mut claims = numbers.pick(&CLAIMS).as_bytes().to_vec();
        if numbers.below(4) == 0 && !claims.is_empty() {
            let at = numbers.below(claims.len());
            *claims.get_mut(at).unwrap() = *numbers.pick(br#"{}[]":,1sx"#);
        }
        let header = if numbers.below(2) == 0 { HEADERS[0] } else { numbers.pick(&HEADERS) };
        let mut token = sign_hs256(header, &claims).into_bytes();
        for _ in 0..numbers.below(8).saturating_sub(5) {
            let at = numbers.below(token.len());
            let bytes = *numbers.pick(&[b"".as_slice(), b"A", b"=", b".", b"\xff", b"_x"]);
            token.splice(at..=at, bytes.iter().copied());
        }
        verified += usize::from(agree(numbers.pick(&verifiers), &token, None, NOW).verified());
    }
    assert!((200..8_000).contains(&verified), "{verified} of them are good");
}
