use super::*;
use ::sha2::{Digest as _, Sha256 as Oracle256, Sha384 as Oracle384, Sha512 as Oracle512};
use std::vec::Vec;

/// Bytes in which no two blocks are alike.
fn message(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

#[test]
fn digests_of_every_length_around_the_blocks_are_those_of_another_implementation() {
    for length in 0..=515 {
        let message = message(length);
        let (mut of_256, mut of_384, mut of_512) = (Sha256::new(), Sha512::new_384(), Sha512::new());
        of_256.update(&message);
        of_384.update(&message);
        of_512.update(&message);
        assert_eq!(of_256.finish()[..], Oracle256::digest(&message)[..], "{length} bytes");
        assert_eq!(of_384.finish()[..48], Oracle384::digest(&message)[..], "{length} bytes");
        assert_eq!(of_512.finish()[..], Oracle512::digest(&message)[..], "{length} bytes");
    }
}

#[test]
fn a_message_in_parts_has_the_digest_of_the_whole() {
    let message = message(400);
    for step in 1..=300 {
        let (mut of_256, mut of_512) = (Sha256::new(), Sha512::new());
        for part in message.chunks(step) {
            of_256.update(part);
            of_256.update(&[]);
            of_512.update(part);
        }
        assert_eq!(of_256.finish()[..], Oracle256::digest(&message)[..], "parts of {step} bytes");
        assert_eq!(of_512.finish()[..], Oracle512::digest(&message)[..], "parts of {step} bytes");
    }
}

/// NIST's long example: a million times the letter a.
#[test]
fn a_long_message_has_the_digest_that_nist_gives() {
    let message = [b'a'; 1000];
    let (mut of_256, mut of_512) = (Sha256::new(), Sha512::new());
    for _ in 0..1000 {
        of_256.update(&message);
        of_512.update(&message);
    }
    assert_eq!(of_256.finish()[..6], [0xcd, 0xc7, 0x6e, 0x5c, 0x99, 0x14]);
    assert_eq!(of_512.finish()[..6], [0xe7, 0x18, 0x48, 0x3d, 0x0c, 0xe7]);
}
