//! Tokens of the algorithms that WebCrypto does not sign everywhere, for the JavaScript suite. They are made here, from
//! fixed seeds and without randomness, so that the committed file can be compared with what makes it.
//!
//! After a change of what is made: `TOLLGATE_BLESS=1 cargo test --test rare_tokens`.

#![cfg(all(feature = "verify", feature = "kernels"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::{env, fs};

use ecdsa::signature::Signer as _;
use ml_dsa::{B32, ExpandedSigningKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams};
use tollgate::jose::algorithm::Algorithm;
use tollgate::jose::jwk::Jwk;
use tollgate::jose::key::Key;
use tollgate::text::base64url::encode;

/// `claims()` of `tests/js/suite/tokens.mjs`.
const CLAIMS: &str = r#"{"iss":"https://issuer.example","aud":"https://api.example","sub":"subject-4f1c","iat":1699999990,"exp":1700000300}"#;

/// A public key, and a token that it verifies.
struct Signed {
    alg: &'static str,
    jwk: String,
    token: String,
}

fn signed(alg: &'static str, jwk: String, sign: impl Fn(&[u8]) -> Vec<u8>) -> Signed {
    let header = format!(r#"{{"alg":"{alg}","kid":"a","typ":"JWT"}}"#);
    let input = format!("{}.{}", encode(header), encode(CLAIMS));
    let token = format!("{input}.{}", encode(sign(input.as_bytes())));
    Signed { alg, jwk, token }
}

fn es256k(seed: u8) -> Signed {
    let key = k256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = (encode(point.x().unwrap()), encode(point.y().unwrap()));
    let jwk = format!(r#"{{"kty":"EC","crv":"secp256k1","x":"{x}","y":"{y}"}}"#);
    signed("ES256K", jwk, |message| {
        let signature: k256::ecdsa::Signature = key.sign(message);
        signature.to_bytes().to_vec()
    })
}

fn ml_dsa<P: MlDsaParams>(alg: &'static str, seed: u8) -> Signed {
    let key = ExpandedSigningKey::<P>::from_seed(&B32::from([seed; 32]));
    let public = encode(key.verifying_key().encode());
    let jwk = format!(r#"{{"kty":"AKP","alg":"{alg}","pub":"{public}"}}"#);
    signed(alg, jwk, |message| key.sign_deterministic(message, &[]).unwrap().encode().to_vec())
}

#[test]
fn the_tokens_of_the_suite_are_those_that_these_keys_sign() {
    let all = [1, 2].map(|seed| {
        [
            es256k(seed),
            ml_dsa::<MlDsa44>("ML-DSA-44", seed),
            ml_dsa::<MlDsa65>("ML-DSA-65", seed),
            ml_dsa::<MlDsa87>("ML-DSA-87", seed),
        ]
    });
    let rows: Vec<String> = all
        .into_iter()
        .flatten()
        .map(|Signed { alg, jwk, token }| {
            let (input, signature) = token.rsplit_once('.').unwrap();
            let algorithm = Algorithm::named(alg).unwrap();
            let key = Key::import(&Jwk::parse(jwk.as_bytes()).unwrap().material).unwrap();
            let signature = tollgate::text::base64url::decode(signature).unwrap();
            assert!(key.verify(algorithm, input.as_bytes(), &signature), "{alg}");
            format!("  {{\n    \"alg\": \"{alg}\",\n    \"jwk\": {jwk},\n    \"token\": \"{token}\"\n  }}")
        })
        .collect();
    let made = format!(
        "// Written by `TOLLGATE_BLESS=1 cargo test --test rare_tokens`: two keys of each algorithm, and a token of each.\n\nexport default [\n{}\n];\n",
        rows.join(",\n")
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/js/suite/rare-tokens.mjs");
    if env::var_os("TOLLGATE_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == made, "{} is not what is made here", path.display());
}

/// The example key of draft-ietf-cose-dilithium §8.1.1 is that of a seed of zeros.
#[test]
fn the_thumbprint_of_the_example_key_of_ml_dsa_44() {
    let jwk = Jwk::parse(ml_dsa::<MlDsa44>("ML-DSA-44", 0).jwk.as_bytes()).unwrap();
    assert_eq!(jwk.material.thumbprint().unwrap(), "T4xl70S7MT6Zeq6r9V9fPJGVn76wfnXJ21-gyo0Gu6o");
}

/// RFC 7515 A.4.
#[test]
fn the_example_signature_of_es512_verifies() {
    let jwk = r#"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}"#;
    let signature = "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
    let signature = tollgate::text::base64url::decode(signature).unwrap();
    let key = Key::import(&Jwk::parse(jwk.as_bytes()).unwrap().material).unwrap();
    let algorithm = Algorithm::named("ES512").unwrap();
    assert!(key.verify(algorithm, b"eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA", &signature));
    assert!(!key.verify(algorithm, b"eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZB", &signature));
}
