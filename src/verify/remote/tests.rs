use super::*;
use crate::http::{FetchFailure, Headers};
use std::format;

const NOW: u64 = 1_700_000_000;
const URI: &str = "https://a.example/jwks";
const EMPTY: &str = r#"{"keys":[]}"#;

fn answer(status: u16, body: &str) -> Option<Answer> {
    Some(Answer::Response(Response::new(status, body)))
}

/// An answer with an entity tag and a `Cache-Control`.
fn tagged(status: u16, body: &str, etag: &str, cache_control: &str) -> Option<Answer> {
    let text = |text: &str| (!text.is_empty()).then(|| text.into());
    let headers = Headers { etag: text(etag), cache_control: text(cache_control), ..Headers::default() };
    Some(Answer::Response(Response { status, headers, body: body.into() }))
}

fn request(step: Result<Step<Option<JwkSet>>, Error>) -> Request {
    match step {
        Ok(Step::Fetch(request)) => request,
        other => panic!("{other:?}"),
    }
}

fn url(step: Result<Step<Option<JwkSet>>, Error>) -> String {
    request(step).url
}

fn set(step: Result<Step<Option<JwkSet>>, Error>) -> Option<JwkSet> {
    match step {
        Ok(Step::Done(set)) => set,
        other => panic!("{other:?}"),
    }
}

/// One attempt with one request, and how it ends.
fn load(keys: &mut RemoteKeys, now: u64, answer: Option<Answer>) -> Result<Option<JwkSet>, Code> {
    let mut load = Load::default();
    url(load.step(keys, now, None));
    match load.step(keys, now, answer) {
        Ok(step) => Ok(set(Ok(step))),
        Err(error) => Err(error.code),
    }
}

fn condition(keys: &mut RemoteKeys, now: u64) -> Option<String> {
    let Request { headers, .. } = request(Load::default().step(keys, now, None));
    headers.into_iter().find(|(name, _)| *name == "if-none-match").map(|(_, value)| value)
}

fn remote() -> RemoteKeys {
    RemoteKeys::at(URI, Limits::default())
}

/// Keys that were fetched at `NOW`.
fn fetched() -> RemoteKeys {
    let mut keys = remote();
    load(&mut keys, NOW, answer(200, EMPTY)).unwrap();
    keys
}

#[test]
fn keys_are_found_by_discovery_and_again_after_they_moved() {
    let mut keys = RemoteKeys::of("https://a.example", Limits::default());
    let metadata =
        |path: &str| answer(200, &format!(r#"{{"issuer":"https://a.example","jwks_uri":"https://a.example/{path}"}}"#));
    let mut load = Load::default();
    assert!(url(load.step(&mut keys, NOW, None)).ends_with("openid-configuration"));
    assert_eq!(url(load.step(&mut keys, NOW, metadata("old"))), "https://a.example/old");
    set(load.step(&mut keys, NOW, tagged(200, EMPTY, "\"a\"", "")));
    let mut load = Load::default();
    let second = request(load.step(&mut keys, NOW + 30, None));
    assert_eq!((second.url.as_str(), second.headers.len()), ("https://a.example/old", 2), "discovered once");
    assert_eq!(load.step(&mut keys, NOW + 30, answer(404, "")).unwrap_err().code, Code::FetchStatus);
    assert!(keys.are_good(NOW + 31), "a failure takes nothing away");
    assert!(url(Load::default().step(&mut keys, NOW + 60, None)).ends_with("openid-configuration"));
}

#[test]
fn an_entity_tag_is_not_sent_to_another_url() {
    let mut keys = RemoteKeys::of("https://a.example", Limits::default());
    let metadata =
        |path: &str| answer(200, &format!(r#"{{"issuer":"https://a.example","jwks_uri":"https://a.example/{path}"}}"#));
    for (now, path, headers) in [(NOW, "old", 1), (NOW + 86_400, "old", 2), (NOW + 2 * 86_400, "new", 1)] {
        let mut load = Load::default();
        assert!(url(load.step(&mut keys, now, None)).ends_with("openid-configuration"), "asked again after a day");
        assert_eq!(request(load.step(&mut keys, now, metadata(path))).headers.len(), headers, "{path}");
        set(load.step(&mut keys, now, tagged(200, EMPTY, "\"a\"", "")));
        assert_eq!(request(Load::default().step(&mut keys, now + 86_399, None)).headers.len(), 2, "not before");
    }
}

#[test]
fn keys_are_fresh_then_stale_then_too_old() {
    let mut keys = remote();
    assert!(!keys.are_good(NOW) && keys.may_fetch(NOW));
    assert_eq!(keys.due(NOW), Due::Now);
    assert!(!keys.were_fetched());
    load(&mut keys, NOW, tagged(200, EMPTY, "", "max-age=100")).unwrap();
    assert!(keys.were_fetched());
    for (seconds, due, good) in [
        (0, Due::No, true),
        (99, Due::No, true),
        (100, Due::Soon, true),
        (599, Due::Soon, true),
        (600, Due::Now, false),
    ] {
        assert_eq!((keys.due(NOW + seconds), keys.are_good(NOW + seconds)), (due, good), "after {seconds} s");
    }
    assert!(!keys.are_good(NOW - 1), "a clock that goes back");
    let keys = fetched();
    assert_eq!((keys.due(NOW + 299), keys.due(NOW + 300)), (Due::No, Due::Soon), "without a word of the server");
}

#[test]
fn attempts_are_spaced_whether_they_succeed_or_not() {
    let mut keys = remote();
    let mut load = Load::default();
    url(load.step(&mut keys, NOW, None));
    assert!(!keys.may_fetch(NOW) && keys.due(NOW) == Due::No, "one is under way");
    assert!(keys.may_fetch(NOW - 1), "a clock that went back must not stop fetching");
    let failure = load.step(&mut keys, NOW, Some(Answer::Failed(FetchFailure::Network))).unwrap_err();
    assert_eq!(failure.code, Code::FetchFailed);
    assert!(!keys.may_fetch(NOW + 4) && keys.may_fetch(NOW + 5));
    url(load.step(&mut keys, NOW + 5, None));
    load.step(&mut keys, NOW + 5, answer(200, EMPTY)).unwrap();
    assert!(!keys.may_fetch(NOW + 34) && keys.may_fetch(NOW + 35));
    // A background refresh that fails is tried again after the cooldown, not at once.
    url(load.step(&mut keys, NOW + 400, None));
    load.step(&mut keys, NOW + 400, answer(500, "")).unwrap_err();
    assert_eq!((keys.due(NOW + 429), keys.due(NOW + 430)), (Due::No, Due::Soon));
}

#[test]
fn keys_that_are_too_old_stand_in_for_a_server_that_is_out_of_order() {
    let status = |status| answer(status, "");
    for (failure, stands_in) in [
        (Some(Answer::Failed(FetchFailure::Network)), true),
        (Some(Answer::Failed(FetchFailure::Timeout)), true),
        (Some(Answer::Failed(FetchFailure::TooLarge)), true),
        (status(500), true),
        (status(503), true),
        (status(429), true),
        (answer(200, "<html>"), true),
        (status(400), false),
        (status(401), false),
        (status(404), false),
        (status(410), false),
        (status(302), false),
        (status(304), false),
        (status(0), false),
        (status(204), false),
    ] {
        let mut keys = fetched();
        assert!(!keys.are_good(NOW + 600), "before it was asked");
        load(&mut keys, NOW + 600, failure.clone()).unwrap_err();
        for seconds in [600, 4199] {
            assert_eq!(keys.are_good(NOW + seconds), stands_in, "{failure:?} after {seconds} s");
        }
        assert!(!keys.are_good(NOW + 4200), "{failure:?}: not for ever");
        assert_eq!(keys.due(NOW + 630), Due::Now, "the server is asked first");
        load(&mut keys, NOW + 640, answer(200, EMPTY)).unwrap();
        assert!(keys.are_good(NOW + 1239) && !keys.are_good(NOW + 1240), "it works again");
    }
    let mut keys = RemoteKeys::at(URI, Limits { max_age: 60, stale_if_error: 0 });
    load(&mut keys, NOW, answer(200, EMPTY)).unwrap();
    load(&mut keys, NOW + 60, status(500)).unwrap_err();
    assert!(keys.are_good(NOW + 59) && !keys.are_good(NOW + 60), "turned off");
}

#[test]
fn a_set_that_has_not_changed_is_not_sent_again() {
    let mut keys = remote();
    assert_eq!(condition(&mut keys, NOW), None);
    assert!(load(&mut keys, NOW, tagged(200, EMPTY, "W/\"a\"", "max-age=100")).unwrap().is_some());
    assert_eq!(condition(&mut keys, NOW + 500).as_deref(), Some("W/\"a\""));
    assert!(load(&mut keys, NOW + 550, tagged(304, "", "", "")).unwrap().is_none());
    assert!(keys.are_good(NOW + 1149) && !keys.are_good(NOW + 1150), "it counts from the 304");
    assert_eq!((keys.due(NOW + 649), keys.due(NOW + 650)), (Due::No, Due::Soon), "fresh for as long as before");
    assert!(load(&mut keys, NOW + 700, tagged(304, "", "\"b\"", "max-age=200")).unwrap().is_none());
    assert_eq!((keys.due(NOW + 899), keys.due(NOW + 900)), (Due::No, Due::Soon), "as the 304 says");
    assert_eq!(condition(&mut keys, NOW + 900).as_deref(), Some("\"b\""));
    load(&mut keys, NOW + 900, answer(500, "")).unwrap_err();
    assert_eq!(condition(&mut keys, NOW + 930), None, "after a failure the whole set is asked for");
    load(&mut keys, NOW + 960, tagged(200, EMPTY, "\"c\"", "max-age=100")).unwrap();
    load(&mut keys, NOW + 1000, answer(200, EMPTY)).unwrap();
    assert_eq!(
        (keys.due(NOW + 1299), keys.due(NOW + 1300)),
        (Due::No, Due::Soon),
        "a new set keeps nothing of the old"
    );
    assert_eq!(condition(&mut keys, NOW + 1300), None);
}

#[test]
fn a_304_that_was_not_asked_for_is_an_error() {
    assert_eq!(load(&mut remote(), NOW, answer(304, "")).unwrap_err(), Code::FetchStatus);
    assert_eq!(load(&mut fetched(), NOW + 60, tagged(304, "", "\"a\"", "")).unwrap_err(), Code::FetchStatus);
    // The set that was asked about is no longer the one at hand.
    let mut keys = remote();
    load(&mut keys, NOW, tagged(200, EMPTY, "\"a\"", "")).unwrap();
    let mut late = Load::default();
    url(late.step(&mut keys, NOW + 60, None));
    load(&mut keys, NOW + 90, tagged(200, EMPTY, "\"b\"", "")).unwrap();
    assert_eq!(late.step(&mut keys, NOW + 91, answer(304, "")).unwrap_err().code, Code::FetchStatus);
}

#[test]
fn entity_tags_that_cannot_be_sent_back_are_not_kept() {
    let longest = format!("\"{}\"", "x".repeat(254));
    for (text, kept) in [
        ("\"\"", true),
        ("\"a-b/c=\"", true),
        ("W/\"a\"", true),
        (&*longest, true),
        (&*longest.replacen('x', "xx", 1), false),
        ("a", false),
        ("\"", false),
        ("\"a", false),
        ("w/\"a\"", false),
        ("\"a\"b\"", false),
        ("\"a b\"", false),
        ("\"a\r\nx: y\"", false),
        ("\"é\"", false),
    ] {
        let mut keys = remote();
        load(&mut keys, NOW, tagged(200, EMPTY, text, "")).unwrap();
        assert_eq!(condition(&mut keys, NOW + 60).is_some(), kept, "{text}");
    }
}

#[test]
fn a_kid_that_was_looked_for_in_vain_causes_no_other_fetch() {
    let mut keys = fetched();
    assert!(!keys.may_look_for("x", NOW + 29), "within the cooldown");
    assert!(keys.may_look_for("x", NOW + 30));
    load(&mut keys, NOW + 30, answer(503, "")).unwrap_err();
    assert!(keys.may_look_for("x", NOW + 60), "the set was not seen");
    load(&mut keys, NOW + 60, answer(200, EMPTY)).unwrap();
    assert!(!keys.may_look_for("x", NOW + 359) && keys.may_look_for("y", NOW + 359), "another may");
    assert!(keys.may_look_for("x", NOW + 360));
    load(&mut keys, NOW + 360, answer(200, EMPTY)).unwrap();
    assert!(!keys.may_look_for("x", NOW + 400));
    keys.keys_changed();
    assert!(keys.may_look_for("x", NOW + 400), "the keys have become others");
}

#[test]
fn each_way_to_fail_has_its_code() {
    for (response, code) in [
        (answer(200, "{}"), Code::JwksInvalid),
        (answer(200, "<html>"), Code::JwksInvalid),
        (answer(302, ""), Code::FetchStatus),
        (answer(0, ""), Code::FetchStatus),
        (Some(Answer::Failed(FetchFailure::Timeout)), Code::FetchTimeout),
        (Some(Answer::Failed(FetchFailure::TooLarge)), Code::FetchTooLarge),
    ] {
        assert_eq!(load(&mut remote(), NOW, response).unwrap_err(), code);
    }
    let mut keys = RemoteKeys::at("http://a.example/jwks", Limits::default());
    assert_eq!(Load::default().step(&mut keys, NOW, None).unwrap_err().code, Code::FetchInsecure);
    let mut keys = RemoteKeys::of("https://a.example", Limits::default());
    for (metadata, code, claim) in [
        (r#"{"issuer":"https://a.example"}"#, Code::MetadataInvalid, "jwks_uri"),
        (r#"{"issuer":"https://a.example","jwks_uri":"file:///x"}"#, Code::FetchInsecure, "jwks_uri"),
        (r#"{"issuer":"https://a.example","jwks_uri":"http://a.example/x"}"#, Code::FetchInsecure, "jwks_uri"),
    ] {
        let mut load = Load::default();
        url(load.step(&mut keys, NOW, None));
        let error = load.step(&mut keys, NOW, answer(200, metadata)).unwrap_err();
        assert_eq!((error.code, error.claim.as_deref()), (code, Some(claim)));
    }
}

mod shared_cache {
    use super::*;

    const KEY: &str = r#"{"keys":[{"kid":"a","e":"AQAB","kty":"RSA","n":"AQAB"}]}"#;

    fn json(change: &[(&str, Option<&str>)]) -> String {
        let mut members = [
            ("jwks", KEY),
            ("fetchedAt", "1700000000"),
            ("freshFor", "100"),
            ("jwksUri", "\"https://a.example/jwks\""),
            ("issuer", ""),
            ("etag", "\"\\\"a\\\"\""),
        ];
        for (name, value) in change {
            members.iter_mut().find(|(member, _)| member == name).unwrap().1 = value.unwrap_or_default();
        }
        let members = members.iter().filter(|(_, value)| !value.is_empty());
        let text = members.map(|(name, value)| format!("\"{name}\":{value}")).collect::<std::vec::Vec<_>>().join(",");
        format!("{{{text}}}")
    }

    #[test]
    fn keys_go_into_a_shared_cache_and_come_out_as_they_were() {
        let mut keys = remote();
        assert_eq!(keys.to_stored(&JwkSet::default()), None);
        let set = load(&mut keys, NOW, tagged(200, KEY, "\"a\"", "max-age=100")).unwrap().unwrap();
        assert_eq!(keys.to_stored(&set).unwrap(), json(&[]));
        let mut other = remote();
        assert_eq!(other.restore(json(&[]).as_bytes(), NOW + 10).unwrap().to_json(), KEY);
        assert_eq!((other.due(NOW + 99), other.due(NOW + 100)), (Due::No, Due::Soon));
        assert!(other.are_good(NOW + 599) && !other.are_good(NOW + 600));
        assert!(!other.may_fetch(NOW + 29) && other.may_fetch(NOW + 30), "it counts as an attempt");
        assert_eq!(condition(&mut other, NOW + 100).as_deref(), Some("\"a\""));
        assert!(keys.restore(json(&[]).as_bytes(), NOW + 10).is_none(), "no newer than those at hand");
        let mut other = remote();
        assert!(other.restore(json(&[]).as_bytes(), NOW + 4199).is_some(), "it may stand in for a failing server");
        assert_eq!((other.are_good(NOW + 4199), other.due(NOW + 4199)), (false, Due::Now));
        load(&mut other, NOW + 4199, answer(500, "")).unwrap_err();
        assert!(other.are_good(NOW + 4199) && !other.are_good(NOW + 4200));
    }

    #[test]
    fn what_is_of_no_use_in_a_shared_cache_is_as_if_it_were_not_there() {
        let of = || RemoteKeys::of("https://a.example", Limits::default());
        let issuer = ("issuer", Some("\"https://a.example\""));
        assert!(of().restore(json(&[issuer]).as_bytes(), NOW).is_some());
        for change in [
            &[("issuer", None)][..],
            &[("issuer", Some("\"https://b.example\""))],
            &[("issuer", Some("\"https://a.example/\""))],
            &[("issuer", Some("[\"https://a.example\"]"))],
            &[issuer, ("jwksUri", Some("\"http://a.example/jwks\""))],
            &[issuer, ("jwksUri", None)],
        ] {
            assert!(of().restore(json(change).as_bytes(), NOW).is_none(), "{change:?}");
        }
        for change in [
            issuer,
            ("jwksUri", Some("\"https://a.example/other\"")),
            ("jwksUri", Some("1")),
            ("fetchedAt", Some("1700000001")),
            ("fetchedAt", Some("\"1700000000\"")),
            ("fetchedAt", Some("1700000000.5")),
            ("fetchedAt", Some("-1")),
            ("fetchedAt", Some("1e400")),
            ("fetchedAt", None),
            ("fetchedAt", Some("1699995800")),
            ("freshFor", None),
            ("freshFor", Some("-1")),
            ("jwks", None),
            ("jwks", Some("[]")),
            ("jwks", Some("{}")),
            ("jwks", Some("{\"keys\":[1]}")),
            ("jwks", Some("{\"keys\":[],\"keys\":[]}")),
        ] {
            assert!(remote().restore(json(&[change]).as_bytes(), NOW).is_none(), "{change:?}");
        }
        for garbage in ["", "null", "[]", "\"text\"", "<html>", "{", json(&[]).trim_start_matches('{')] {
            assert!(remote().restore(garbage.as_bytes(), NOW).is_none(), "{garbage}");
        }
    }

    #[test]
    fn a_shared_cache_neither_stretches_limits_nor_brings_secrets() {
        let mut keys = remote();
        keys.restore(json(&[("freshFor", Some("99999999")), ("etag", Some("\"a b\""))]).as_bytes(), NOW).unwrap();
        assert_eq!((keys.due(NOW + 599), keys.due(NOW + 600), keys.are_good(NOW + 600)), (Due::No, Due::Now, false));
        assert_eq!(condition(&mut keys, NOW + 600), None);
        let secret = r#"{"keys":[{"kty":"oct","k":"AQAB"},{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}]}"#;
        assert_eq!(remote().restore(json(&[("jwks", Some(secret))]).as_bytes(), NOW).unwrap().keys.len(), 0);
        // Where the keys are is asked of the issuer itself.
        let mut keys = RemoteKeys::of("https://a.example", Limits::default());
        keys.restore(json(&[("issuer", Some("\"https://a.example\""))]).as_bytes(), NOW).unwrap();
        assert!(url(Load::default().step(&mut keys, NOW + 300, None)).ends_with("openid-configuration"));
    }
}
