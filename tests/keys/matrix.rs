//! Every key with every algorithm and every signature.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tollgate::crypto::hash::Hash;
use tollgate::crypto::kernel::{Kernel, KeyKind};
use tollgate::error::Code;
use tollgate::jose::algorithm::{ALGORITHMS, Algorithm};
use tollgate::jose::jwk::{Jwk, Material};
use tollgate::jose::key::Key;
use tollgate::text::base64url;

use crate::assert_no_kernel;
use crate::fixtures::{Signed, signed};

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
        let key = Key::import(&Jwk::parse(owner.jwk.as_bytes()).unwrap().material);
        let Ok(key) = key.inspect_err(assert_no_kernel) else { continue };
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
    assert_eq!(verified, if cfg!(feature = "kernels") { all.len().saturating_add(1) } else { 0 });
}

/// A kernel that answers what it is told to, and remembers what it was asked.
#[derive(Debug, Default)]
struct Double {
    /// The kind of keys with which it computes, and no other.
    kind: Cell<Option<KeyKind>>,
    accepts: Cell<bool>,
    verifies: Cell<bool>,
    /// The keys that it was asked to take in.
    imported: RefCell<Vec<Vec<u8>>>,
    /// Inputs and signatures that it was asked about.
    asked: RefCell<Vec<(Vec<u8>, Vec<u8>)>>,
    /// How many more tables it has room for, and how many it was asked to build.
    room: Cell<usize>,
    tables: Cell<usize>,
    released: Cell<usize>,
}

impl Kernel for Double {
    fn computes(&self, kind: KeyKind) -> bool {
        self.kind.get() == Some(kind)
    }

    fn import(&self, kind: KeyKind, key: &[u8]) -> Option<u32> {
        assert!(self.computes(kind));
        self.imported.borrow_mut().push(key.into());
        self.accepts.get().then_some(7)
    }

    fn verify(&self, key: u32, input: &[u8], signature: &[u8]) -> bool {
        assert_eq!(key, 7);
        self.asked.borrow_mut().push((input.into(), signature.into()));
        self.verifies.get()
    }

    fn power(&self, key: u32, signature: &[u8], power: &mut [u8]) -> bool {
        assert_eq!(key, 7);
        self.asked.borrow_mut().push((power.into(), signature.into()));
        self.verifies.get()
    }

    fn build_table(&self, key: u32) -> bool {
        assert_eq!(key, 7);
        self.tables.set(self.tables.get().saturating_add(1));
        let room = self.room.get();
        self.room.set(room.saturating_sub(1));
        room > 0
    }

    fn release(&self, key: u32) {
        assert_eq!(key, 7);
        self.released.set(self.released.get().saturating_add(1));
    }
}

fn double(kind: Option<KeyKind>, accepts: bool) -> (Rc<Double>, Rc<dyn Kernel>) {
    let double = Rc::new(Double { kind: Cell::new(kind), accepts: Cell::new(accepts), ..Double::default() });
    (Rc::clone(&double), double)
}

fn material(signed: &Signed) -> Material {
    Jwk::parse(signed.jwk.as_bytes()).unwrap().material
}

fn kind(signed: &Signed) -> Option<KeyKind> {
    Algorithm::named(signed.alg).unwrap().key_kind()
}

#[test]
fn a_key_is_not_supported_until_a_kernel_computes_with_it_and_is_one_only_if_that_says_so() {
    for signed in signed() {
        let (_, none) = double(None, true);
        assert_eq!(Key::import_into(&none, &material(&signed)).unwrap_err().code, Code::NotSupported, "{}", signed.alg);
        let (refusing, kernel) = double(kind(&signed), false);
        assert_eq!(Key::import_into(&kernel, &material(&signed)).unwrap_err().code, Code::JwkInvalid, "{}", signed.alg);
        assert_eq!((refusing.imported.borrow().len(), refusing.released.get()), (1, 0));
    }
}

#[test]
fn a_kernel_takes_in_the_bytes_of_a_key_and_forgets_it_with_the_key() {
    for signed in signed() {
        let (accepting, kernel) = double(kind(&signed), true);
        let material = material(&signed);
        let expected = match &material {
            Material::Rsa { n, e } => [&[0; 8][e.len()..], e, n].concat(),
            Material::Ec { x, y, .. } => [x.as_slice(), y].concat(),
            Material::Okp { x, .. } => x.clone(),
            Material::Akp { public, .. } => public.clone(),
            Material::Oct { .. } => panic!("{} has a secret", signed.alg),
        };
        let key = Key::import_into(&kernel, &material).unwrap();
        assert_eq!(*accepting.imported.borrow(), [expected], "{}", signed.alg);
        assert_eq!(accepting.released.get(), 0);
        drop(key);
        assert_eq!(accepting.released.get(), 1);
    }
}

#[test]
fn a_kernel_is_asked_about_what_the_scheme_signs() {
    for signed in signed() {
        let (asked, kernel) = double(kind(&signed), true);
        let material = material(&signed);
        let key = Key::import_into(&kernel, &material).unwrap();
        let (message, signature) = parts(&signed.token);
        let (row, message) = (Algorithm::named(signed.alg).unwrap(), message.as_bytes());
        assert!(!key.verify(row, message, &signature), "{}", signed.alg);
        asked.verifies.set(true);
        // What the kernel says is the power of a signature of RSA has an encoding still.
        assert_eq!(key.verify(row, message, &signature), !matches!(material, Material::Rsa { .. }), "{}", signed.alg);
        let input = match &material {
            Material::Rsa { n, .. } => vec![0; n.len()],
            Material::Ec { .. } => row.hash.digest(message),
            Material::Okp { x, .. } => Hash::Sha512.digest(&[&signature[..32], x, message].concat()),
            _ => message.to_vec(),
        };
        assert_eq!(asked.asked.borrow().last(), Some(&(input, signature)), "{}", signed.alg);
        for other in ALGORITHMS.iter().filter(|other| other.key_kind() != row.key_kind()) {
            assert!(!key.verify(other, message, &[]), "{} with {}", signed.alg, other.name);
        }
    }
}

mod verifiers {
    use super::*;
    use tollgate::jose::jwks::JwkSet;
    use tollgate::verify::{Options, Scratch, Verifier};

    /// When the tokens are good.
    const NOW: u64 = 1_700_000_000;

    fn options() -> Options {
        Options::parse(br#"{"issuer":"https://issuer.example","audience":"https://api.example"}"#).unwrap()
    }

    fn verify(verifier: &Verifier, token: &str) -> Result<usize, Code> {
        let verified = verifier.verify(token.as_bytes(), None, NOW, &mut Scratch::default());
        verified.map(|verified| verified.key).map_err(|error| error.code)
    }

    /// The fixtures with keys of whose signatures a kernel has the last word.
    fn on_curves() -> Vec<Signed> {
        signed().into_iter().filter(|signed| kind(signed) != Some(KeyKind::Rsa)).collect()
    }

    #[test]
    fn one_key_waits_for_its_kernel_and_then_relies_on_it() {
        for signed in on_curves() {
            let (loaded, kernel) = double(None, true);
            let verifier = Verifier::with_key_over(kernel, options(), Jwk::from(material(&signed))).unwrap();
            let kind = kind(&signed).unwrap();
            assert!(verifier.lacks(kind), "{}", signed.alg);
            assert_eq!(verify(&verifier, &signed.token), Err(Code::NotSupported));

            loaded.kind.set(Some(kind));
            assert!(!verifier.lacks(kind) && verifier.check_key().is_ok(), "{}", signed.alg);
            assert_eq!(verify(&verifier, &signed.token), Err(Code::SignatureVerificationFailed), "{}", signed.alg);
            loaded.verifies.set(true);
            assert_eq!(verify(&verifier, &signed.token), Ok(0), "{}", signed.alg);

            let (late, refusing) = double(None, false);
            let verifier = Verifier::with_key_over(refusing, options(), Jwk::from(material(&signed))).unwrap();
            late.kind.set(Some(kind));
            assert_eq!(verifier.check_key().unwrap_err().code, Code::JwkInvalid, "{}", signed.alg);
            let (_, refusing) = double(Some(kind), false);
            let refused = Verifier::with_key_over(refusing, options(), Jwk::from(material(&signed)));
            assert_eq!(refused.unwrap_err().code, Code::JwkInvalid, "{}", signed.alg);
        }
    }

    #[test]
    fn a_key_of_a_set_that_cannot_be_used_is_passed_over() {
        let all = on_curves();
        let [es256k, es384] = ["ES256K", "ES384"].map(|alg| all.iter().find(|signed| signed.alg == alg).unwrap());
        let jwks = [es384, es256k].map(|signed| signed.jwk.replacen('{', r#"{"kid":"a","#, 1)).join(",");
        let (double, kernel) = double(None, false);
        let mut verifier = Verifier::new_over(kernel, options()).unwrap();
        verifier.set_keys(JwkSet::parse(format!(r#"{{"keys":[{jwks}]}}"#).as_bytes()).unwrap());
        assert!(verifier.lacks(KeyKind::Secp256k1) && verifier.lacks(KeyKind::P384) && !verifier.lacks(KeyKind::P256));
        assert!(verifier.check_key().is_ok(), "there is not one key alone");
        assert_eq!(verify(&verifier, &es256k.token), Err(Code::NotSupported));

        double.kind.set(Some(KeyKind::Secp256k1));
        assert_eq!(verify(&verifier, &es256k.token), Err(Code::JwksNoMatchingKey));
        // It is not asked about the same key again.
        let imported = double.imported.borrow().len();
        assert_eq!(verify(&verifier, &es256k.token), Err(Code::JwksNoMatchingKey));
        assert_eq!(double.imported.borrow().len(), imported);
        // The other key has not been looked at yet.
        double.kind.set(Some(KeyKind::P384));
        double.accepts.set(true);
        double.verifies.set(true);
        assert_eq!(verify(&verifier, &es384.token), Ok(0));
    }

    #[test]
    fn tables_are_built_of_the_keys_that_may_be_used_until_there_is_no_room() {
        let all = signed();
        let es256 = &all.iter().find(|signed| signed.alg == "ES256").unwrap().jwk;
        let member = |extra: &str| es256.replacen('{', &format!("{{{extra},"), 1);
        let keys =
            [member(r#""kid":"a""#), member(r#""alg":"ES384""#), member(r#""use":"enc""#), member(r#""kid":"b""#)];
        let others = all.iter().filter(|signed| signed.alg != "ES256").map(|signed| signed.jwk.clone());
        let jwks: Vec<_> = others.chain(keys).chain([member(r#""kid":"c""#)]).collect();
        let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, jwks.join(",")).as_bytes()).unwrap();
        let asked = |kind, algorithms: &str, accepts, room| {
            let options = format!(r#"{{"audience":null,"algorithms":[{algorithms}]}}"#);
            let (double, kernel) = double(kind, accepts);
            double.room.set(room);
            let mut verifier = Verifier::new_over(kernel, Options::parse(options.as_bytes()).unwrap()).unwrap();
            verifier.set_keys(set.clone());
            verifier.build_tables();
            (double.imported.borrow().len(), double.tables.get())
        };
        let p256 = Some(KeyKind::P256);
        assert_eq!(asked(p256, r#""ES256","RS256""#, true, 3), (3, 3));
        assert_eq!(
            asked(p256, r#""ES256""#, true, 1),
            (2, 2),
            "the second finds no room, the third is not asked about"
        );
        assert_eq!(asked(p256, r#""RS256","EdDSA""#, true, 3), (0, 0), "of no algorithm that is allowed");
        assert_eq!(asked(p256, r#""ES256""#, false, 3), (3, 0), "those that cannot be used are passed over");
        assert_eq!(asked(None, r#""ES256""#, true, 3), (0, 0), "the kernel is not there");
    }

    #[test]
    fn keys_whose_kernel_was_not_there_for_tables_verify_once_it_is() {
        for signed in on_curves() {
            let (double, kernel) = double(None, true);
            let mut verifier = Verifier::new_over(kernel, options()).unwrap();
            let jwk = signed.jwk.replacen('{', r#"{"kid":"a","#, 1);
            verifier.set_keys(JwkSet::parse(format!(r#"{{"keys":[{jwk}]}}"#).as_bytes()).unwrap());
            verifier.build_tables();
            double.kind.set(kind(&signed));
            double.verifies.set(true);
            assert_eq!(verify(&verifier, &signed.token), Ok(0), "{}", signed.alg);
        }
    }

    #[test]
    fn kernels_are_lacking_only_for_keys_and_algorithms_at_hand() {
        let all = signed();
        let jwks: Vec<_> = all.iter().map(|signed| signed.jwk.as_str()).collect();
        let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, jwks.join(",")).as_bytes()).unwrap();
        let lacking = |algorithms: &str| {
            let options = format!(r#"{{"audience":null,"requireExp":false,"algorithms":[{algorithms}]}}"#);
            let (_, kernel) = double(Some(KeyKind::Ed25519), true);
            let mut verifier = Verifier::new_over(kernel, Options::parse(options.as_bytes()).unwrap()).unwrap();
            assert!(KeyKind::ALL.into_iter().all(|kind| !verifier.lacks(kind)), "without keys");
            verifier.set_keys(set.clone());
            KeyKind::ALL.into_iter().filter(|kind| verifier.lacks(*kind)).collect::<Vec<_>>()
        };
        assert_eq!(lacking(r#""ES256","RS256","EdDSA""#), [KeyKind::Rsa, KeyKind::P256]);
        assert_eq!(lacking(r#""EdDSA","ES256K""#), [KeyKind::Secp256k1]);
        assert_eq!(lacking(r#""EdDSA""#), []);
    }
}
