//! SubjectPublicKeyInfo and RSAPublicKey.

use tollgate::error::Code;
use tollgate::jose::algorithm::{Curve, ParameterSet};
use tollgate::jose::jwk::Material;
use tollgate::jose::pem;

use crate::der::{NULL, OCTET_STRING, SEQUENCE, bits, element, integer, oid, sequence};
use crate::{assert_is_whole, read};

pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// The identifiers of the curves whose coordinates are `n` bytes (SEC 2 appendix A.2.1), by their last number.
const CERTICOM: [(u8, Curve); 3] = [(34, Curve::P384), (35, Curve::P521), (10, Curve::Secp256k1)];

/// FIPS 204's, by the last number of 2.16.840.1.101.3.4.3.
const ML_DSA: [(u8, ParameterSet); 3] =
    [(17, ParameterSet::MlDsa44), (18, ParameterSet::MlDsa65), (19, ParameterSet::MlDsa87)];

fn info(algorithm: &[&[u8]], key: &[u8]) -> Vec<u8> {
    sequence(&[&sequence(algorithm), &bits(key)])
}

fn null() -> Vec<u8> {
    element(NULL, &[])
}

/// Big-endian, of as many bytes as an RSA key of 2048 bits has.
fn modulus() -> Vec<u8> {
    vec![0xc5; 256]
}

fn rsa_public_key() -> Vec<u8> {
    sequence(&[&integer(&modulus()), &integer(&[1, 0, 1])])
}

/// Coordinates that differ: a reader that mixed them up would be noticed. No curve equation is looked at here.
fn coordinates(bytes: usize) -> (Vec<u8>, Vec<u8>) {
    (vec![1; bytes], vec![2; bytes])
}

fn point(x: &[u8], y: &[u8]) -> Vec<u8> {
    [&[4], x, y].concat()
}

/// A good key of each algorithm: what names it, the key, and what it is.
fn good() -> Vec<(Vec<Vec<u8>>, Vec<u8>, Material)> {
    let rsa = Material::Rsa { n: modulus(), e: vec![1, 0, 1] };
    let ed25519 = Material::Okp { curve: Curve::Ed25519, x: vec![7; 32] };
    let mut good = vec![(vec![oid(RSA), null()], rsa_public_key(), rsa), (vec![oid(ED25519)], vec![7; 32], ed25519)];
    let certicom = CERTICOM.map(|(number, curve)| (vec![0x2b, 0x81, 0x04, 0x00, number], curve));
    for (name, curve) in [(P256.to_vec(), Curve::P256)].into_iter().chain(certicom) {
        let (x, y) = coordinates(curve.coordinate_bytes());
        good.push((vec![oid(EC), oid(&name)], point(&x, &y), Material::Ec { curve, x, y }));
    }
    for (number, set) in ML_DSA {
        let public = vec![9; set.public_key_bytes()];
        let name = oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, number]);
        good.push((vec![name], public.clone(), Material::Akp { set, public }));
    }
    good
}

/// The same as slices.
fn slices(elements: &[Vec<u8>]) -> Vec<&[u8]> {
    elements.iter().map(Vec::as_slice).collect()
}

#[test]
fn a_key_of_every_algorithm_is_read() {
    for (algorithm, key, material) in good() {
        assert_eq!(read(&info(&slices(&algorithm), &key)), Ok(material));
    }
    let rsa = Material::Rsa { n: modulus(), e: vec![1, 0, 1] };
    assert_eq!(read(&rsa_public_key()), Ok(rsa), "PKCS#1");
}

#[test]
fn a_key_is_whole_and_nothing_follows_it() {
    for (algorithm, key, _) in good() {
        assert_is_whole(&info(&slices(&algorithm), &key));
    }
    assert_is_whole(&rsa_public_key());
}

#[test]
fn a_key_of_another_length_is_refused() {
    for (algorithm, key, material) in good() {
        let (short, long) = (key.split_last().unwrap().1.to_vec(), [&*key, &[0]].concat());
        for changed in [vec![], short, long] {
            assert_eq!(read(&info(&slices(&algorithm), &changed)), Err(Code::JwkInvalid), "{material:?}");
        }
    }
}

#[test]
fn parameters_are_those_of_the_algorithm_and_no_others() {
    for (algorithm, key, material) in good() {
        let refused = |algorithm: &[&[u8]]| {
            assert_eq!(read(&info(algorithm, &key)), Err(Code::JwkInvalid), "{material:?} {algorithm:?}");
        };
        let algorithm = slices(&algorithm);
        refused(&[&*algorithm, &[&null()]].concat());
        refused(&[&*algorithm, &[&oid(P256)]].concat());
        if let [name, _] = algorithm.as_slice() {
            refused(&[name]);
            // Whatever it means: it is not the identifier of a curve, and not empty.
            refused(&[name, &element(NULL, &[0])]);
            refused(&[name, &sequence(&[])]);
        }
        refused(&[]);
        // What names the algorithm must come first, and be an identifier.
        refused(&[&null(), algorithm.first().unwrap()]);
    }
}

#[test]
fn a_point_is_uncompressed() {
    for (algorithm, key, material) in good() {
        let Material::Ec { curve, x, .. } = &material else { continue };
        let algorithm = slices(&algorithm);
        let others = [
            [&[2], &**x].concat(),
            [&[3], &**x].concat(),
            [&[6], key.get(1..).unwrap()].concat(),
            key.get(1..).unwrap().to_vec(),
            vec![0],
        ];
        for other in others {
            assert_eq!(read(&info(&algorithm, &other)), Err(Code::JwkInvalid), "{curve:?} {other:?}");
        }
    }
}

#[test]
fn a_key_is_a_bit_string_of_whole_bytes() {
    for (algorithm, key, material) in good() {
        let algorithm = sequence(&slices(&algorithm));
        for other in [
            element(OCTET_STRING, &key),
            element(3, &[&[1], &*key].concat()),
            element(3, &key),
            element(3, &[]),
            vec![],
        ] {
            assert_eq!(read(&sequence(&[&algorithm, &other])), Err(Code::JwkInvalid), "{material:?}");
        }
        let more = sequence(&[&algorithm, &bits(&key), &null()]);
        assert_eq!(read(&more), Err(Code::JwkInvalid), "{material:?} and more");
        let set = element(SEQUENCE + 1, &[algorithm, bits(&key)].concat());
        assert_eq!(read(&set), Err(Code::JwkInvalid), "{material:?} in a SET");
    }
}

#[test]
fn other_algorithms_and_curves_are_not_supported() {
    let others: [(&str, &[u8]); 6] = [
        ("id-X25519", &[0x2b, 0x65, 0x6e]),
        ("id-Ed448", &[0x2b, 0x65, 0x71]),
        ("id-RSASSA-PSS", &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a]),
        ("id-dsa", &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01]),
        ("id-slh-dsa-sha2-128s", &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 20]),
        ("what 17 begins", &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 17, 1]),
    ];
    for (name, identifier) in others {
        assert_eq!(read(&info(&[&oid(identifier)], &[1; 32])), Err(Code::NotSupported), "{name}");
    }
    let curves: [(&str, &[u8]); 5] = [
        ("secp192r1", &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01]),
        ("secp224r1", &[0x2b, 0x81, 0x04, 0x00, 33]),
        ("brainpoolP256r1", &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07]),
        ("what secp384r1 begins", &[0x2b, 0x81, 0x04, 0x00, 34, 0]),
        ("the arc of the curves", &[0x2b, 0x81, 0x04, 0x00]),
    ];
    for (name, curve) in curves {
        assert_eq!(read(&info(&[&oid(EC), &oid(curve)], &[4; 65])), Err(Code::NotSupported), "{name}");
    }
}

#[test]
fn the_numbers_of_an_rsa_key_are_two_and_not_negative() {
    let (n, e) = (integer(&modulus()), integer(&[3]));
    for key in [
        sequence(&[]),
        sequence(&[&n]),
        sequence(&[&n, &e, &e]),
        sequence(&[&element(2, &modulus()), &e]),
        sequence(&[&n, &element(2, &[0, 3])]),
        sequence(&[&n, &element(OCTET_STRING, &[3])]),
        [&*n, &*e].concat(),
    ] {
        assert_eq!(read(&key), Err(Code::JwkInvalid), "{key:?}");
        assert_eq!(read(&info(&[&oid(RSA), &null()], &key)), Err(Code::JwkInvalid), "{key:?}");
    }
}

#[test]
fn a_length_that_is_not_the_shortest_is_refused() {
    let (_, key, _) = good().remove(1);
    let short = info(&[&oid(ED25519)], &key);
    let content = short.get(2..).unwrap();
    let length = u8::try_from(content.len()).unwrap();
    for length in [&[0x81, length][..], &[0x82, 0, length], &[0x83, 0, 0, length], &[0x80]] {
        assert_eq!(read(&[&[SEQUENCE], length, content].concat()), Err(Code::JwkInvalid), "{length:?}");
    }
}

/// RFC 7468 §13 has one label for keys of every algorithm; `RSA PUBLIC KEY` is PKCS#1 alone.
#[test]
fn a_label_says_what_is_in_a_block() {
    use base64::Engine as _;
    let block = |label: &str, der: &[u8]| {
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
    };
    let pkcs1 = rsa_public_key();
    let spki = info(&[&oid(RSA), &null()], &pkcs1);
    let parse = |label: &str, der: &[u8]| pem::parse(&block(label, der)).map(drop).map_err(|error| error.code);
    assert_eq!(parse("PUBLIC KEY", &spki), Ok(()));
    assert_eq!(parse("RSA PUBLIC KEY", &pkcs1), Ok(()));
    for (label, der) in [
        ("PUBLIC KEY", &pkcs1),
        ("RSA PUBLIC KEY", &spki),
        ("CERTIFICATE", &spki),
        ("RSA PRIVATE KEY", &pkcs1),
        ("ENCRYPTED PRIVATE KEY", &spki),
    ] {
        assert_eq!(parse(label, der), Err(Code::JwkInvalid), "{label}");
    }
    for label in ["CERTIFICATE REQUEST", "EC PUBLIC KEY", "public key", ""] {
        assert_eq!(parse(label, &spki), Err(Code::NotSupported), "{label}");
    }
}
