//! The parts of a certificate (RFC 5280 §4.1), each of which may be wrong.

use tollgate::error::Code;
use tollgate::jose::algorithm::Curve;
use tollgate::jose::jwk::Material;

use crate::der::{BIT_STRING, BOOLEAN, NULL, OCTET_STRING, SEQUENCE, bits, element, integer, oid, sequence};
use crate::{assert_is_whole, read};

const VERSION: u8 = 0xa0;
const ISSUER_UNIQUE_ID: u8 = 0x81;
const SUBJECT_UNIQUE_ID: u8 = 0x82;
const EXTENSIONS: u8 = 0xa3;

/// `id-ce-keyUsage` and `id-ce-basicConstraints`.
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];

const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

fn key() -> Material {
    Material::Okp { curve: Curve::Ed25519, x: vec![7; 32] }
}

fn name() -> Vec<u8> {
    sequence(&[])
}

/// What every certificate has: serialNumber, signature, issuer, validity, subject and subjectPublicKeyInfo.
fn mandatory() -> Vec<Vec<u8>> {
    let algorithm = sequence(&[&oid(ED25519)]);
    let info = sequence(&[&algorithm, &bits(&[7; 32])]);
    vec![integer(&[1]), algorithm, name(), name(), name(), info]
}

fn version(number: u8) -> Vec<u8> {
    element(VERSION, &integer(if number == 0 { &[] } else { std::slice::from_ref(&number) }))
}

fn extension(id: &[u8], critical: Option<u8>, value: &[u8]) -> Vec<u8> {
    let critical = critical.map(|value| element(BOOLEAN, &[value])).unwrap_or_default();
    sequence(&[&oid(id), &critical, &element(OCTET_STRING, value)])
}

fn extensions(list: &[&[u8]]) -> Vec<u8> {
    element(EXTENSIONS, &sequence(list))
}

/// A key usage of some bits of its first byte, the unused ones of which come first in the BIT STRING.
fn key_usage(critical: Option<u8>, usage: &[u8]) -> Vec<u8> {
    extension(KEY_USAGE, critical, &element(BIT_STRING, usage))
}

fn certificate(body: &[Vec<u8>]) -> Vec<u8> {
    let algorithm = sequence(&[&oid(ED25519)]);
    sequence(&[&element(SEQUENCE, &body.concat()), &algorithm, &bits(&[0; 64])])
}

/// A certificate of version 3 with these extensions.
fn extended(list: &[&[u8]]) -> Vec<u8> {
    certificate(&[vec![version(2)], mandatory(), vec![extensions(list)]].concat())
}

#[test]
fn certificates_of_every_version_are_read() {
    let unique = [element(ISSUER_UNIQUE_ID, &[0, 1]), element(SUBJECT_UNIQUE_ID, &[0, 2])];
    for body in [
        mandatory(),
        [vec![version(0)], mandatory()].concat(),
        [vec![version(1)], mandatory(), unique.to_vec()].concat(),
        [vec![version(1)], mandatory(), unique[1..].to_vec()].concat(),
        [vec![version(2)], mandatory()].concat(),
        [vec![version(2)], mandatory(), unique.to_vec(), vec![extensions(&[&key_usage(Some(0xff), &[7, 0x80])])]]
            .concat(),
    ] {
        let der = certificate(&body);
        assert_eq!(read(&der), Ok(key()), "{body:?}");
        assert_is_whole(&der);
    }
}

#[test]
fn every_part_is_there_once_and_in_its_place() {
    let body = mandatory();
    for at in 0..body.len() {
        let mut without = body.clone();
        let part = without.remove(at);
        assert_eq!(read(&certificate(&without)), Err(Code::JwkInvalid), "without part {at}");

        let mut twice = body.clone();
        twice.insert(at, body[at].clone());
        assert_eq!(read(&certificate(&twice)), Err(Code::JwkInvalid), "part {at} twice");

        for tag in [NULL, BIT_STRING, EXTENSIONS, part[0] ^ 1, part[0] | 0x80] {
            let mut other = body.clone();
            other[at][0] = tag;
            assert_eq!(read(&certificate(&other)), Err(Code::JwkInvalid), "part {at} with the tag {tag:#x}");
        }
    }
}

#[test]
fn what_follows_the_key_comes_in_its_order_and_once() {
    let [issuer, subject] = [ISSUER_UNIQUE_ID, SUBJECT_UNIQUE_ID].map(|tag| element(tag, &[0, 1]));
    let extensions = extensions(&[]);
    for rest in [
        vec![subject.clone(), issuer.clone()],
        vec![extensions.clone(), subject],
        vec![issuer.clone(), issuer],
        vec![extensions.clone(), extensions],
        vec![version(2)],
        vec![element(NULL, &[])],
        vec![element(0x84, &[])],
    ] {
        assert_eq!(read(&certificate(&[mandatory(), rest.clone()].concat())), Err(Code::JwkInvalid), "{rest:?}");
    }
}

#[test]
fn a_certificate_is_signed_once() {
    let body = element(SEQUENCE, &mandatory().concat());
    let (algorithm, signature) = (sequence(&[&oid(ED25519)]), bits(&[0; 64]));
    for parts in [
        &[&*body][..],
        &[&body, &algorithm],
        &[&body, &signature],
        &[&body, &signature, &algorithm],
        &[&body, &algorithm, &signature, &signature],
        &[&body, &algorithm, &element(OCTET_STRING, &[0; 64])],
        &[&element(0x31, &mandatory().concat()), &algorithm, &signature],
    ] {
        assert_eq!(read(&sequence(parts)), Err(Code::JwkInvalid), "{parts:?}");
    }
}

/// RFC 5280 §4.2.1.3. `keyEncipherment` is the bit 0x20, `digitalSignature` 0x80.
#[test]
fn a_critical_key_usage_has_digital_signature() {
    const TRUE: Option<u8> = Some(0xff);
    for usage in [&[7, 0x80][..], &[5, 0xa0], &[0, 0xff], &[7, 0x80, 0x80]] {
        assert_eq!(read(&extended(&[&key_usage(TRUE, usage)])), Ok(key()), "{usage:?}");
    }
    let wrong: [&[u8]; 6] = [&[5, 0x20], &[0, 0x7f], &[7, 0x00, 0x80], &[0x80], &[0], &[]];
    for usage in wrong {
        assert_eq!(read(&extended(&[&key_usage(TRUE, usage)])), Err(Code::JwkInvalid), "{usage:?}");
        // One that is not critical is a hint (the same section: "SHOULD mark this extension as critical").
        assert_eq!(read(&extended(&[&key_usage(None, usage)])), Ok(key()), "{usage:?}");
    }
    let no_bits = extension(KEY_USAGE, TRUE, &element(OCTET_STRING, &[7, 0x80]));
    assert_eq!(read(&extended(&[&no_bits])), Err(Code::JwkInvalid), "a key usage that is no BIT STRING");
    assert_eq!(read(&extended(&[&extension(KEY_USAGE, TRUE, &[])])), Err(Code::JwkInvalid), "an empty key usage");
}

/// X.690 §11.1: what is neither TRUE nor FALSE does not make an extension optional.
#[test]
fn whether_an_extension_is_critical_has_two_spellings() {
    let usage = |critical: &[u8]| {
        let value = element(OCTET_STRING, &element(BIT_STRING, &[5, 0x20]));
        sequence(&[&oid(KEY_USAGE), &element(BOOLEAN, critical), &value])
    };
    assert_eq!(read(&extended(&[&usage(&[0])])), Ok(key()));
    let others: [&[u8]; 6] = [&[0xff], &[1], &[0x7f], &[], &[0, 0], &[0xff, 0xff]];
    for critical in others {
        assert_eq!(read(&extended(&[&usage(critical)])), Err(Code::JwkInvalid), "{critical:?}");
    }
}

#[test]
fn a_key_usage_is_found_among_others_and_each_one_counts() {
    const TRUE: Option<u8> = Some(0xff);
    let other = extension(BASIC_CONSTRAINTS, TRUE, &sequence(&[]));
    let (good, bad) = (key_usage(TRUE, &[7, 0x80]), key_usage(TRUE, &[5, 0x20]));
    assert_eq!(read(&extended(&[])), Ok(key()));
    assert_eq!(read(&extended(&[&other, &good, &other])), Ok(key()));
    for list in [&[&*other, &bad][..], &[&bad, &other], &[&good, &bad], &[&bad, &good]] {
        assert_eq!(read(&extended(list)), Err(Code::JwkInvalid));
    }
}

#[test]
fn extensions_are_well_formed() {
    let value = element(OCTET_STRING, &[1]);
    let id = oid(BASIC_CONSTRAINTS);
    for malformed in [
        sequence(&[]),
        sequence(&[&id]),
        sequence(&[&value]),
        sequence(&[&value, &id]),
        sequence(&[&id, &value, &value]),
        sequence(&[&id, &element(NULL, &[]), &value]),
        sequence(&[&id, &element(BOOLEAN, &[0xff]), &element(BOOLEAN, &[0xff]), &value]),
        id.clone(),
        vec![SEQUENCE],
    ] {
        assert_eq!(read(&extended(&[&malformed])), Err(Code::JwkInvalid), "{malformed:?}");
    }
    let list = sequence(&[&extension(BASIC_CONSTRAINTS, None, &[1])]);
    for content in [vec![], element(NULL, &[]), [&*list, &*list].concat(), [&*list, &[0]].concat()] {
        let body = [mandatory(), vec![element(EXTENSIONS, &content)]].concat();
        assert_eq!(read(&certificate(&body)), Err(Code::JwkInvalid), "{content:?}");
    }
}

#[test]
fn the_key_of_a_certificate_is_read_like_any_other() {
    let with = |info: Vec<u8>| {
        let mut body = mandatory();
        *body.last_mut().unwrap() = info;
        read(&certificate(&body))
    };
    let info = |identifier: &[u8], bytes: &[u8]| sequence(&[&sequence(&[&oid(identifier)]), &bits(bytes)]);
    assert_eq!(with(info(ED25519, &[8; 32])), Ok(Material::Okp { curve: Curve::Ed25519, x: vec![8; 32] }));
    assert_eq!(with(info(ED25519, &[8; 31])), Err(Code::JwkInvalid));
    assert_eq!(with(info(&[0x2b, 0x65, 0x6e], &[8; 32])), Err(Code::NotSupported), "X25519");
}
