//! The encodings that RSA signs: EMSA-PKCS1-v1_5 and EMSA-PSS (RFC 8017 §9).

use alloc::vec::Vec;

use super::hash::{Hash, Hasher, MAX_OUTPUT_BYTES};

/// Whether `encoded`, as long as the modulus, is the EMSA-PKCS1-v1_5 encoding of `message` with `hash`.
pub fn is_pkcs1(hash: Hash, message: &[u8], encoded: &[u8]) -> bool {
    encoded == pkcs1_encoding(hash, message, encoded.len())
}

/// Whether `encoded`, as long as a modulus of `modulus_bits`, is an EMSA-PSS encoding of `message` with `hash`, MGF1 with
/// `hash`, and a salt as long as the output of `hash`.
pub fn is_pss(hash: Hash, message: &[u8], encoded: &[u8], modulus_bits: usize) -> bool {
    is_pss_encoding(hash, message, encoded, modulus_bits.wrapping_sub(1)).is_some()
}

/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2). There is one encoding of a message, so that it is made and compared, and never parsed.
fn pkcs1_encoding(hash: Hash, message: &[u8], length: usize) -> Vec<u8> {
    let digest = hash.digest(message);
    let prefix = digest_info_prefix(hash);
    let mut encoded = Vec::from([0, 1]);
    let end = prefix.len().wrapping_add(digest.len()).wrapping_add(1);
    encoded.resize(length.saturating_sub(end), 0xff);
    encoded.push(0);
    encoded.extend(prefix);
    encoded.extend(digest);
    encoded
}

/// The DER of a DigestInfo as far as the digest (RFC 8017 §9.2, note 1).
fn digest_info_prefix(hash: Hash) -> [u8; 19] {
    // The length of the DigestInfo, the last arc of the hash's object identifier, and the length of the digest.
    let (length, arc, digest_length) = match hash {
        Hash::Sha256 => (49, 1, 32),
        Hash::Sha384 => (65, 2, 48),
        Hash::Sha512 => (81, 3, 64),
    };
    [
        0x30,
        length,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        arc,
        0x05,
        0x00,
        0x04,
        digest_length,
    ]
}

/// EMSA-PSS-VERIFY (RFC 8017 §9.1.2), its steps by their numbers. `encoded` has the bytes of the modulus, of which the first
/// is none of the encoding's if that has 8 bits less.
fn is_pss_encoding(hash: Hash, message: &[u8], encoded: &[u8], bits: usize) -> Option<()> {
    let (outside, encoded) = encoded.split_at_checked(encoded.len().checked_sub(bits.div_ceil(8))?)?;
    let hash_length = hash.output_bytes();
    // 3 and 4.
    let (encoded, [0xbc]) = encoded.split_last_chunk()? else { return None };
    let (masked_db, h) = encoded.split_at_checked(encoded.len().checked_sub(hash_length)?)?;
    // 6 to 9. The bits of the first byte that are beyond the encoding's are zero, and not masked.
    let unused =
        u32::try_from(masked_db.len().checked_add(hash_length)?.checked_add(1)?.checked_mul(8)?.checked_sub(bits)?);
    let used = 0xff_u8.checked_shr(unused.ok()?)?;
    let mut db = masked_db.to_vec();
    mask(hash, h, &mut db);
    let is_outside_zero = outside.iter().all(|byte| *byte == 0) && masked_db.first()? & !used == 0;
    *db.first_mut()? &= used;
    // 10 and 11.
    let (padding, salt) = db.split_at_checked(db.len().checked_sub(hash_length)?)?;
    let (zeros, [0x01]) = padding.split_last_chunk()? else { return None };
    // 12 to 14.
    let mut hasher = Hasher::new(hash);
    [&[0; 8], hash.digest(message).as_slice(), salt].into_iter().for_each(|part| hasher.update(part));
    let is_consistent =
        is_outside_zero && zeros.iter().all(|byte| *byte == 0) && hasher.finish(&mut [0; MAX_OUTPUT_BYTES]) == h;
    is_consistent.then_some(())
}

/// Adds, modulo 2, what MGF1 (RFC 8017 §B.2.1) makes of `seed` to as many bytes as there are.
fn mask(hash: Hash, seed: &[u8], bytes: &mut [u8]) {
    let mut seeded = Hasher::new(hash);
    seeded.update(seed);
    for (counter, bytes) in (0_u32..).zip(bytes.chunks_mut(hash.output_bytes())) {
        let mut hasher = seeded.clone();
        hasher.update(&counter.to_be_bytes());
        for (byte, mask) in bytes.iter_mut().zip(hasher.finish(&mut [0; MAX_OUTPUT_BYTES])) {
            *byte ^= mask;
        }
    }
}

#[cfg(test)]
mod tests;
