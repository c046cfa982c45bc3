//! Every key with every algorithm and every signature.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tollgate::error::Code;
use tollgate::jose::algorithm::{ALGORITHMS, Algorithm};
use tollgate::jose::jwk::Jwk;
use tollgate::jose::key::{External, Key};
use tollgate::text::base64url;

use crate::fixtures::signed;

/// RFC 9864 §2.2: `EdDSA` with a key on Ed25519 is `Ed25519`.
fn is_the_same(alg: &str, other: &str) -> bool {
    let name = |alg| if alg == "EdDSA" { "Ed25519" } else { alg };
    name(alg) == name(other)
}

/// The message and the signature of a token.
fn parts(token: &str) -> (&str, Vec<u8>) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    (message, base64url::decode(signature).unwrap())
}

#[test]
fn a_signature_is_verified_by_its_own_key_and_algorithm_alone() {
    let all = signed();
    let mut verified = 0;
    for owner in &all {
        let Ok(key) = Key::import(&Jwk::parse(owner.jwk.as_bytes()).unwrap().material) else {
            assert!(cfg!(not(feature = "rare")) && Algorithm::named(owner.alg).unwrap().is_rare(), "{}", owner.alg);
            continue;
        };
        for signer in &all {
            let (message, signature) = parts(&signer.token);
            for row in &ALGORITHMS {
                let expected = owner.alg == signer.alg && is_the_same(row.name, owner.alg);
                let found = key.verify(row, message.as_bytes(), &signature);
                assert_eq!(found, expected, "{} of {} with {}", signer.alg, owner.alg, row.name);
                verified += usize::from(found);
            }
        }
    }
    // EdDSA by two names.
    assert_eq!(verified, if cfg!(feature = "rare") { all.len().saturating_add(1) } else { 4 });
}

/// A JWK, an algorithm, a message and a signature.
type Question = (String, &'static str, Vec<u8>, Vec<u8>);

/// Answers what it is told to, and remembers what it was asked.
#[derive(Debug, Default)]
struct Double {
    answer: Cell<Option<bool>>,
    asked: RefCell<Vec<Question>>,
}

impl External for Double {
    fn verify(&self, jwk: &str, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> Option<bool> {
        let alg = Algorithm::named(algorithm.name).unwrap().name;
        self.asked.borrow_mut().push((jwk.into(), alg, message.into(), signature.into()));
        self.answer.get()
    }
}

fn double(answer: Option<bool>) -> (Rc<Double>, Rc<dyn External>) {
    let double = Rc::new(Double { answer: Cell::new(answer), ..Double::default() });
    (Rc::clone(&double), double)
}

#[test]
fn nobody_else_computes_with_a_key_with_which_this_build_does() {
    for answer in [Some(true), Some(false), None] {
        let (double, external) = double(answer);
        let own = signed()
            .into_iter()
            .filter(|signed| cfg!(feature = "rare") || !Algorithm::named(signed.alg).unwrap().is_rare());
        for owner in own {
            let jwk = Jwk::parse(owner.jwk.as_bytes()).unwrap();
            let key = Key::import_with(Some(&external), &jwk.material).unwrap();
            let (message, signature) = parts(&owner.token);
            let row = Algorithm::named(owner.alg).unwrap();
            assert!(key.verify(row, message.as_bytes(), &signature), "{}", owner.alg);
            assert!(!key.verify(row, b"", &signature), "{}", owner.alg);
        }
        // A key that is wrong is not another's to try.
        let off_the_curve = Jwk::parse(signed()[1].jwk.replace("eSUu", "eSUv").as_bytes()).unwrap();
        let error = Key::import_with(Some(&external), &off_the_curve.material).unwrap_err();
        assert_eq!(error.code, Code::JwkInvalid);
        assert_eq!(double.asked.borrow().len(), 0);
    }
}

#[cfg(not(feature = "rare"))]
mod without_rare_arithmetic {
    use super::*;
    use crate::fixtures::Signed;
    use tollgate::jose::jwk::Material;
    use tollgate::jose::jwks::JwkSet;
    use tollgate::verify::{Options, Scratch, Verifier};

    /// When the tokens are good.
    const NOW: u64 = 1_700_000_000;

    fn rare() -> Vec<Signed> {
        signed().into_iter().filter(|signed| Algorithm::named(signed.alg).unwrap().is_rare()).collect()
    }

    fn material(signed: &Signed) -> Material {
        Jwk::parse(signed.jwk.as_bytes()).unwrap().material
    }

    fn options() -> Options {
        Options::parse(br#"{"issuer":"https://issuer.example","audience":"https://api.example"}"#).unwrap()
    }

    fn verify(verifier: &Verifier, token: &str) -> Result<usize, Code> {
        let verified = verifier.verify(token.as_bytes(), None, NOW, &mut Scratch::default());
        verified.map(|verified| verified.key).map_err(|error| error.code)
    }

    #[test]
    fn such_a_key_is_not_supported_until_somebody_computes_with_it() {
        for signed in rare() {
            assert_eq!(Key::import(&material(&signed)).unwrap_err().code, Code::NotSupported, "{}", signed.alg);
            assert_eq!(Key::import_with(None, &material(&signed)).unwrap_err().code, Code::NotSupported);
        }
    }

    #[test]
    fn a_key_is_looked_at_once_before_it_is_one() {
        for signed in rare() {
            let (refuses, external) = double(None);
            let error = Key::import_with(Some(&external), &material(&signed)).unwrap_err();
            assert_eq!(error.code, Code::JwkInvalid, "{}", signed.alg);
            assert_eq!(refuses.asked.borrow().len(), 1);
            // That the empty signature is wrong says that the key is not.
            for answer in [Some(true), Some(false)] {
                let (asked, external) = double(answer);
                assert!(Key::import_with(Some(&external), &material(&signed)).is_ok(), "{}", signed.alg);
                let expected = (material(&signed).to_json(), signed.alg, vec![], vec![]);
                assert_eq!(*asked.asked.borrow(), [expected]);
            }
        }
    }

    #[test]
    fn only_true_verifies() {
        for signed in rare() {
            let (double, external) = double(Some(false));
            let key = Key::import_with(Some(&external), &material(&signed)).unwrap();
            let (message, signature) = parts(&signed.token);
            let row = Algorithm::named(signed.alg).unwrap();
            for (answer, expected) in [(Some(true), true), (Some(false), false), (None, false)] {
                double.answer.set(answer);
                assert_eq!(key.verify(row, message.as_bytes(), &signature), expected, "{} {answer:?}", signed.alg);
            }
            let asked = double.asked.borrow();
            let expected = (material(&signed).to_json(), signed.alg, message.as_bytes().to_vec(), signature);
            assert_eq!(asked.last(), Some(&expected), "{}", signed.alg);
        }
    }

    #[test]
    fn a_verifier_of_one_key_asks_for_help_and_then_relies_on_it() {
        for signed in rare() {
            let with_key = || Verifier::with_key(options(), Jwk::from(material(&signed))).unwrap();
            let mut verifier = with_key();
            assert!(verifier.needs_external(), "{}", signed.alg);
            assert_eq!(verify(&verifier, &signed.token), Err(Code::NotSupported));

            let (helper, external) = double(Some(true));
            verifier.set_external(external).unwrap();
            assert!(!verifier.needs_external(), "{}", signed.alg);
            assert_eq!(verify(&verifier, &signed.token), Ok(0));
            for answer in [Some(false), None] {
                helper.answer.set(answer);
                assert_eq!(verify(&verifier, &signed.token), Err(Code::SignatureVerificationFailed), "{}", signed.alg);
            }

            let (_, refusing) = double(None);
            assert_eq!(with_key().set_external(refusing).unwrap_err().code, Code::JwkInvalid, "{}", signed.alg);
        }
    }

    #[test]
    fn a_key_of_a_set_that_cannot_be_used_is_passed_over() {
        let [es384, es256k, ..] = &rare()[..] else { panic!("too few keys") };
        let jwks = [es384, es256k].map(|signed| signed.jwk.replacen('{', r#"{"kid":"a","#, 1)).join(",");
        let mut verifier = Verifier::new(options()).unwrap();
        verifier.set_keys(JwkSet::parse(format!(r#"{{"keys":[{jwks}]}}"#).as_bytes()).unwrap());
        assert!(verifier.needs_external());
        assert_eq!(verify(&verifier, &es256k.token), Err(Code::NotSupported));

        let (helper, external) = double(None);
        verifier.set_external(external).unwrap();
        assert_eq!(verify(&verifier, &es256k.token), Err(Code::JwksNoMatchingKey));
        // It is not asked about the same key again.
        let asked = helper.asked.borrow().len();
        assert_eq!(verify(&verifier, &es256k.token), Err(Code::JwksNoMatchingKey));
        assert_eq!(helper.asked.borrow().len(), asked);
        // The other key has not been looked at yet.
        helper.answer.set(Some(true));
        assert_eq!(verify(&verifier, &es384.token), Ok(0));
    }

    #[test]
    fn help_is_needed_only_for_keys_and_algorithms_that_are_rare() {
        let all = signed();
        for signed in &all {
            let jwk = Jwk::parse(signed.jwk.as_bytes()).unwrap();
            let is_rare = Algorithm::named(signed.alg).unwrap().is_rare();
            assert_eq!(Verifier::with_key(options(), jwk).unwrap().needs_external(), is_rare, "{}", signed.alg);
        }
        let jwks: Vec<_> = all.iter().map(|signed| signed.jwk.as_str()).collect();
        let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, jwks.join(",")).as_bytes()).unwrap();
        let needs = |algorithms: &str| {
            let options = format!(r#"{{"audience":null,"requireExp":false,"algorithms":[{algorithms}]}}"#);
            let mut verifier = Verifier::new(Options::parse(options.as_bytes()).unwrap()).unwrap();
            assert!(!verifier.needs_external(), "without keys");
            verifier.set_keys(set.clone());
            verifier.needs_external()
        };
        assert!(!needs(r#""ES256","RS256","EdDSA""#));
        assert!(needs(r#""ES256","ES256K""#));
    }
}
