//! The Wycheproof vectors on the native core. `tests/js/node/wycheproof.test.mjs` runs the same on the shipped wasm.

#![allow(clippy::expect_used, reason = "a panic is the report")]

#[path = "wycheproof/vectors.rs"]
mod vectors;

use tollgate::error::Code;
use tollgate::jose::algorithm::Algorithm;
use tollgate::jose::jwk::Jwk;
use tollgate::jose::key::Key;
use tollgate::jose::pem;
use vectors::{Group, Set};

#[test]
fn every_verdict_is_as_expected_and_no_vector_is_missing() {
    for set in vectors::sets() {
        let cases = || set.groups.iter().flat_map(|group| &group.cases);
        assert_eq!(cases().count(), set.cases, "cases of {}", set.name);
        assert_eq!(cases().filter(|case| case.valid).count(), set.valid, "valid cases of {}", set.name);
        for group in &set.groups {
            verify(&set, group);
        }
    }
}

/// Some files of RSASSA-PSS have the identifier of such keys, which no JWK can say.
#[test]
fn the_der_of_a_key_is_the_key_of_its_jwk() {
    let mut equal = 0;
    for set in vectors::sets() {
        for group in set.groups.iter().filter(|group| !group.der.is_empty()) {
            match pem::parse_der(&group.der) {
                Ok(key) => {
                    let jwk = Jwk::parse(group.jwk.as_bytes()).expect(set.name);
                    assert!(key.material == jwk.material, "{} {}", set.name, group.jwk);
                    equal += 1;
                }
                Err(error) if group.weak_key => assert_eq!(error.code, Code::JwkInvalid, "{}", set.name),
                Err(error) => {
                    assert_eq!(error.code, Code::NotSupported, "{}", set.name);
                    assert!(set.alg.starts_with("PS"), "{} {}", set.name, group.jwk);
                }
            }
        }
    }
    assert!(equal > 400, "only {equal} keys were compared");
}

fn verify(set: &Set, group: &Group) {
    let algorithm = Algorithm::named(set.alg).expect(set.alg);
    let jwk = Jwk::parse(group.jwk.as_bytes()).ok();
    assert!(jwk.as_ref().is_none_or(|jwk| jwk.fits(algorithm)), "{} {}", set.name, group.jwk);
    let key = jwk.and_then(|jwk| Key::import(&jwk.material).ok()).filter(|key| key.suits(algorithm));
    assert_eq!(key.is_none(), group.weak_key, "{} refuses {}", set.name, group.jwk);
    let Some(key) = key else { return };
    for case in &group.cases {
        let valid = key.verify(algorithm, &case.message, &case.signature);
        assert_eq!(valid, case.valid, "{} case {}: {}", set.name, case.id, case.comment);
    }
}
