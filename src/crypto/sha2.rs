//! SHA-2 (FIPS 180-4), by code of our own: in wasm it takes less than two thirds of the time of the crate `sha2` in its compact
//! form. That crate is the oracle of its tests.

#![expect(
    clippy::indexing_slicing,
    reason = "of arrays of 8 and 16 words alone, each by an index that is masked to them; no check is left of them"
)]

/// The fractional parts of the cube roots of the first 80 primes (FIPS 180-4 §4.2.3), a row for each 16 rounds. The upper
/// halves of the first 64 are those of SHA-256 (§4.2.2).
#[rustfmt::skip]
static CUBE_ROOTS: [[u64; 16]; 5] = [
    [
        0x428a_2f98_d728_ae22, 0x7137_4491_23ef_65cd, 0xb5c0_fbcf_ec4d_3b2f, 0xe9b5_dba5_8189_dbbc,
        0x3956_c25b_f348_b538, 0x59f1_11f1_b605_d019, 0x923f_82a4_af19_4f9b, 0xab1c_5ed5_da6d_8118,
        0xd807_aa98_a303_0242, 0x1283_5b01_4570_6fbe, 0x2431_85be_4ee4_b28c, 0x550c_7dc3_d5ff_b4e2,
        0x72be_5d74_f27b_896f, 0x80de_b1fe_3b16_96b1, 0x9bdc_06a7_25c7_1235, 0xc19b_f174_cf69_2694,
    ],
    [
        0xe49b_69c1_9ef1_4ad2, 0xefbe_4786_384f_25e3, 0x0fc1_9dc6_8b8c_d5b5, 0x240c_a1cc_77ac_9c65,
        0x2de9_2c6f_592b_0275, 0x4a74_84aa_6ea6_e483, 0x5cb0_a9dc_bd41_fbd4, 0x76f9_88da_8311_53b5,
        0x983e_5152_ee66_dfab, 0xa831_c66d_2db4_3210, 0xb003_27c8_98fb_213f, 0xbf59_7fc7_beef_0ee4,
        0xc6e0_0bf3_3da8_8fc2, 0xd5a7_9147_930a_a725, 0x06ca_6351_e003_826f, 0x1429_2967_0a0e_6e70,
    ],
    [
        0x27b7_0a85_46d2_2ffc, 0x2e1b_2138_5c26_c926, 0x4d2c_6dfc_5ac4_2aed, 0x5338_0d13_9d95_b3df,
        0x650a_7354_8baf_63de, 0x766a_0abb_3c77_b2a8, 0x81c2_c92e_47ed_aee6, 0x9272_2c85_1482_353b,
        0xa2bf_e8a1_4cf1_0364, 0xa81a_664b_bc42_3001, 0xc24b_8b70_d0f8_9791, 0xc76c_51a3_0654_be30,
        0xd192_e819_d6ef_5218, 0xd699_0624_5565_a910, 0xf40e_3585_5771_202a, 0x106a_a070_32bb_d1b8,
    ],
    [
        0x19a4_c116_b8d2_d0c8, 0x1e37_6c08_5141_ab53, 0x2748_774c_df8e_eb99, 0x34b0_bcb5_e19b_48a8,
        0x391c_0cb3_c5c9_5a63, 0x4ed8_aa4a_e341_8acb, 0x5b9c_ca4f_7763_e373, 0x682e_6ff3_d6b2_b8a3,
        0x748f_82ee_5def_b2fc, 0x78a5_636f_4317_2f60, 0x84c8_7814_a1f0_ab72, 0x8cc7_0208_1a64_39ec,
        0x90be_fffa_2363_1e28, 0xa450_6ceb_de82_bde9, 0xbef9_a3f7_b2c6_7915, 0xc671_78f2_e372_532b,
    ],
    [
        0xca27_3ece_ea26_619c, 0xd186_b8c7_21c0_c207, 0xeada_7dd6_cde0_eb1e, 0xf57d_4f7f_ee6e_d178,
        0x06f0_67aa_7217_6fba, 0x0a63_7dc5_a2c8_98a6, 0x113f_9804_bef9_0dae, 0x1b71_0b35_131c_471b,
        0x28db_77f5_2304_7d84, 0x32ca_ab7b_40c7_2493, 0x3c9e_be0a_15c9_bebc, 0x431d_67c4_9c10_0d4c,
        0x4cc5_d4be_cb3e_42b6, 0x597f_299c_fc65_7e2a, 0x5fcb_6fab_3ad6_faec, 0x6c44_198c_4a47_5817,
    ],
];

/// The fractional parts of the square roots of the first eight primes (FIPS 180-4 §5.3.5). The upper halves are those of
/// SHA-256 (§5.3.3).
#[rustfmt::skip]
const SQUARE_ROOTS: [u64; 8] = [
    0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
];

/// The same of the next eight primes, for SHA-384 (FIPS 180-4 §5.3.4).
#[rustfmt::skip]
const NEXT_SQUARE_ROOTS: [u64; 8] = [
    0xcbbb_9d5d_c105_9ed8, 0x629a_292a_367c_d507, 0x9159_015a_3070_dd17, 0x152f_ecd8_f70e_5939,
    0x6733_2667_ffc0_0b31, 0x8eb4_4a87_6858_1511, 0xdb0c_2e0d_64f9_8fa7, 0x47b5_481d_befa_4fa4,
];

/// Does the same for each of 16 words by its index, and keeps the words out of memory. The index of the round is given too,
/// as a literal.
#[cfg(feature = "verify")]
macro_rules! unrolled {
    ($body:expr) => {
        unrolled!($body, 0, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    ($body:expr, $start:expr, $($index:literal)+) => {
        $($body($start | $index, $index);)+
    };
}

/// The same in a loop of two halves, for what is not worth as many bytes of wasm: 0.4 us of an EdDSA token, and 1.2 kB.
#[cfg(feature = "verify")]
macro_rules! halved {
    ($body:expr) => {
        for start in [0_usize, 8] {
            unrolled!($body, start, 0 1 2 3 4 5 6 7);
        }
    };
}

/// The same in a loop: without tokens to verify there is little to hash, and a download to wait for.
#[cfg(not(feature = "verify"))]
macro_rules! looped {
    ($body:expr) => {
        for index in 0_usize..16 {
            $body(index, index);
        }
    };
}
#[cfg(not(feature = "verify"))]
use {looped as halved, looped as unrolled};

/// A hash function over words of one size. The functions of FIPS 180-4 §4.1 are given by their rotations and shifts.
macro_rules! sha2 {
    (
        $(#[$doc:meta])+ $name:ident: $word:ident,
        rows: $rows:literal, steps: $steps:ident, constant: $constant:expr,
        big_sigma_0: [$($big0:literal)+], big_sigma_1: [$($big1:literal)+],
        small_sigma_0: [$($small0:literal)+; $shift0:literal], small_sigma_1: [$($small1:literal)+; $shift1:literal],
    ) => {
        $(#[$doc])+
        #[derive(Clone)]
        pub(super) struct $name {
            state: [$word; 8],
            /// The part of the message that fills no block yet; what stands behind it is of no meaning.
            block: [u8; Self::BLOCK_BYTES],
            /// The length of that part: never a whole block.
            filled: usize,
            /// The length of the whole message so far, in bytes.
            length: u64,
        }

        impl $name {
            /// The length of a block.
            pub(super) const BLOCK_BYTES: usize = 16 * size_of::<$word>();

            /// The length of a whole digest.
            pub(super) const OUTPUT_BYTES: usize = 8 * size_of::<$word>();

            /// The length of the number at the end of the last block.
            const LENGTH_BYTES: usize = 2 * size_of::<$word>();

            const fn starting_from(state: [$word; 8]) -> Self {
                Self { state, block: [0; Self::BLOCK_BYTES], filled: 0, length: 0 }
            }

            /// Takes more of the message.
            pub(super) fn update(&mut self, message: &[u8]) {
                self.length = self.length.wrapping_add(message.len() as u64);
                let mut rest = message;
                if self.filled > 0 {
                    let free = self.block.get_mut(self.filled..).unwrap_or_default();
                    let (head, tail) = message.split_at(free.len().min(message.len()));
                    fill(free, head);
                    self.filled = self.filled.wrapping_add(head.len());
                    if self.filled < Self::BLOCK_BYTES {
                        return;
                    }
                    Self::compress(&mut self.state, &self.block);
                    rest = tail;
                }
                let (blocks, rest) = rest.as_chunks();
                for block in blocks {
                    Self::compress(&mut self.state, block);
                }
                fill(&mut self.block, rest);
                self.filled = rest.len();
            }

            /// The digest of the message (§5.1).
            pub(super) fn finish(mut self) -> [u8; Self::OUTPUT_BYTES] {
                let padding = self.block.get_mut(self.filled..).unwrap_or_default();
                padding.fill(0);
                fill(padding, &[0x80]);
                if padding.len() <= Self::LENGTH_BYTES {
                    Self::compress(&mut self.state, &self.block);
                    self.block.fill(0);
                }
                if let Some(end) = self.block.last_chunk_mut() {
                    *end = self.length.wrapping_mul(8).to_be_bytes();
                }
                Self::compress(&mut self.state, &self.block);
                let mut digest = [0; Self::OUTPUT_BYTES];
                for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(self.state) {
                    *bytes = word.to_be_bytes();
                }
                digest
            }

            /// The hash computation of one block (§6.2.2 and §6.4.2).
            #[inline(never)]
            fn compress(state: &mut [$word; 8], block: &[u8; Self::BLOCK_BYTES]) {
                let (block, mut words) = (block.as_chunks().0, [0; 16]);
                let mut working = *state;
                let [_, b, c, ..] = working;
                let mut differing = b ^ c;
                let [first, rest @ ..] = &CUBE_ROOTS;
                $steps!(|index: usize, turn| {
                    words[index & 15] = $word::from_be_bytes(block[index & 15]);
                    let summand = words[index & 15].wrapping_add($constant(first[index & 15]));
                    Self::round(&mut working, &mut differing, turn, summand);
                });
                for constants in rest.iter().take($rows - 1) {
                    $steps!(|index: usize, turn| {
                        Self::schedule(&mut words, index);
                        let summand = words[index & 15].wrapping_add($constant(constants[index & 15]));
                        Self::round(&mut working, &mut differing, turn, summand);
                    });
                }
                for (word, working) in state.iter_mut().zip(working) {
                    *word = word.wrapping_add(working);
                }
            }

            /// Replaces the word at `index` by the one of the message schedule 16 words later.
            #[inline(always)]
            fn schedule(words: &mut [$word; 16], index: usize) {
                let word = |later: usize| words[index.wrapping_add(later) & 15];
                let (near, far) = (word(1), word(14));
                let near = $(near.rotate_right($small0) ^)+ (near >> $shift0);
                let far = $(far.rotate_right($small1) ^)+ (far >> $shift1);
                words[index & 15] = word(0).wrapping_add(near).wrapping_add(word(9)).wrapping_add(far);
            }

            /// The function that the next round waits for: each rotation by itself.
            #[inline(always)]
            const fn big_sigma_1(word: $word) -> $word {
                $(word.rotate_right($big1) ^)+ 0
            }

            /// The function that nothing waits for: what its rotations share is rotated once.
            #[inline(always)]
            const fn big_sigma_0(word: $word) -> $word {
                let [one, two, three]: [u32; 3] = [$($big0),+];
                let all = word.rotate_right(three.wrapping_sub(two)) ^ word;
                (all.rotate_right(two.wrapping_sub(one)) ^ word).rotate_right(one)
            }

            /// The round at `turn`, with the sum of its word and constant. The working variables stay where they are, and
            /// their names move: it matters modulo 8. `differing` are the bits in which b and c differ; those in which they do
            /// not are the majority's.
            #[inline(always)]
            fn round(working: &mut [$word; 8], differing: &mut $word, turn: usize, summand: $word) {
                let at = |name: usize| name.wrapping_sub(turn) & 7;
                let (a, b, d) = (working[at(0)], working[at(1)], working[at(3)]);
                let (e, f, g, h) = (working[at(4)], working[at(5)], working[at(6)], working[at(7)]);
                let choice = g ^ (e & (f ^ g));
                let majority = b ^ (*differing & (a ^ b));
                *differing = a ^ b;
                let first = h.wrapping_add(summand).wrapping_add(Self::big_sigma_1(e)).wrapping_add(choice);
                let second = Self::big_sigma_0(a).wrapping_add(majority);
                working[at(3)] = d.wrapping_add(first);
                working[at(7)] = first.wrapping_add(second);
            }
        }
    };
}

/// Copies `bytes` to the beginning of `space`, which has room for them.
fn fill(space: &mut [u8], bytes: &[u8]) {
    for (to, from) in space.iter_mut().zip(bytes) {
        *to = *from;
    }
}

sha2! {
    /// SHA-256.
    Sha256: u32,
    rows: 4, steps: unrolled, constant: upper_half,
    big_sigma_0: [2 13 22], big_sigma_1: [6 11 25],
    small_sigma_0: [7 18; 3], small_sigma_1: [17 19; 10],
}

sha2! {
    /// SHA-512, and SHA-384, which is the first 48 bytes of the same from another beginning.
    Sha512: u64,
    rows: 5, steps: halved, constant: core::convert::identity,
    big_sigma_0: [28 34 39], big_sigma_1: [14 18 41],
    small_sigma_0: [1 8; 7], small_sigma_1: [19 61; 6],
}

impl Sha256 {
    /// SHA-256 of nothing yet.
    pub(super) fn new() -> Self {
        Self::starting_from(SQUARE_ROOTS.map(upper_half))
    }
}

impl Sha512 {
    /// SHA-512 of nothing yet.
    pub(super) const fn new() -> Self {
        Self::starting_from(SQUARE_ROOTS)
    }

    /// SHA-384 of nothing yet.
    pub(super) const fn new_384() -> Self {
        Self::starting_from(NEXT_SQUARE_ROOTS)
    }
}

const fn upper_half(word: u64) -> u32 {
    (word >> 32) as u32
}

#[cfg(test)]
mod tests;
