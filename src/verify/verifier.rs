//! One token, one verdict (RFC 7519 §7.2): form, algorithm, key, signature, claims, in this order.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::OnceCell;

use super::options::Options;
use crate::error::{Code, Error};
use crate::jose::algorithm::{ALGORITHMS, Algorithm, AlgorithmSet};
use crate::jose::claims::{Expectations, Window};
use crate::jose::jwk::{Jwk, Material};
use crate::jose::jwks::JwkSet;
use crate::jose::jws::{CompactJws, ProtectedHeader};
use crate::jose::key::{self, Kernel, Key, KeyKind};
use crate::text::base64url;
use crate::text::json::Document;

/// The decoded parts of the token at hand. It is kept between calls so that its memory is.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The protected header, in JSON.
    pub header: Vec<u8>,
    /// The claims, in JSON.
    pub claims: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

/// What verified a token whose parts are in the [`Scratch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The algorithm.
    pub algorithm: &'static Algorithm,
    /// The index of the key in the set.
    pub key: usize,
    /// When the token passes, as far as its times say. It says nothing of how long the key is good.
    pub window: Window,
}

/// A token that nothing has verified yet.
struct Opened<'a> {
    jws: CompactJws<'a>,
    header: ProtectedHeader<'a>,
    algorithm: &'static Algorithm,
    signature: &'a [u8],
    claims: &'a [u8],
}

/// Who verifies the signature of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureBy {
    /// The kernel of the verifier.
    Kernel,
    /// Somebody else has, with each of [`Verifier::candidates`], and found it to be of the key at this index, or of none.
    Other(Option<usize>),
}

/// Keys and a policy.
#[derive(Debug)]
pub struct Verifier {
    expectations: Expectations,
    pub(super) algorithms: AlgorithmSet,
    set: JwkSet,
    keys: Vec<OnceCell<Option<Key>>>,
    /// Computes with the public keys.
    kernel: Rc<dyn Kernel>,
    /// Where there is one key, a token need not name it: many keys come without a `kid`.
    selects_by_kid: bool,
}

impl Verifier {
    /// A verifier of `options` that has no keys yet, and computes with those that come as this build can.
    ///
    /// # Errors
    /// As [`Verifier::new_over`].
    pub fn new(options: Options) -> Result<Self, Error> {
        Self::new_over(key::local_kernel(), options)
    }

    /// A verifier of `options` that has no keys yet. With those that come, `kernel` computes.
    ///
    /// A public source of keys never allows HMAC, whatever the options say.
    ///
    /// # Errors
    /// [`Code::AlgNotAllowed`] when the options allow nothing but HMAC.
    pub fn new_over(kernel: Rc<dyn Kernel>, options: Options) -> Result<Self, Error> {
        let asymmetric = AlgorithmSet::asymmetric();
        let algorithms = options.algorithms.map_or(asymmetric, |allowed| allowed.and(asymmetric));
        if algorithms.is_empty() {
            return Err(Error::new(Code::AlgNotAllowed));
        }
        Ok(Self {
            expectations: options.expectations,
            algorithms,
            set: JwkSet::default(),
            keys: Vec::new(),
            kernel,
            selects_by_kid: true,
        })
    }

    /// A verifier of `options` with one key, with which it computes as this build can.
    ///
    /// # Errors
    /// As [`Verifier::with_key_over`].
    pub fn with_key(options: Options, jwk: Jwk) -> Result<Self, Error> {
        Self::with_key_over(key::local_kernel(), options, jwk)
    }

    /// A verifier of `options` with one key, with which `kernel` computes, and nothing but the algorithms that fit it. A
    /// key with which the kernel does not compute yet is not checked before [`Verifier::check_key`].
    ///
    /// # Errors
    /// [`Code::JwkInvalid`] when the key cannot verify or is too weak for every algorithm; [`Code::AlgNotAllowed`] when the
    /// options allow none that fits it.
    pub fn with_key_over(kernel: Rc<dyn Kernel>, options: Options, jwk: Jwk) -> Result<Self, Error> {
        if let Material::Oct { k } = &jwk.material {
            key::require_unpublished(k)?;
        }
        let key = match Key::import_into(&kernel, &jwk.material) {
            Err(error) if error.code == Code::NotSupported => None,
            imported => Some(imported?),
        };
        let fitting = AlgorithmSet::of(|row| jwk.fits(row) && key.as_ref().is_none_or(|key| key.suits(row)));
        if fitting.is_empty() {
            return Err(Error::new(Code::JwkInvalid));
        }
        let algorithms = options.algorithms.map_or(fitting, |allowed| allowed.and(fitting));
        if algorithms.is_empty() {
            return Err(Error::new(Code::AlgNotAllowed));
        }
        Ok(Self {
            expectations: options.expectations,
            algorithms,
            set: JwkSet { keys: [jwk].into() },
            keys: [key.map_or_else(OnceCell::new, |key| OnceCell::from(Some(key)))].into(),
            kernel,
            selects_by_kid: false,
        })
    }

    /// Replaces the keys.
    pub fn set_keys(&mut self, set: JwkSet) {
        self.keys = set.keys.iter().map(|_| OnceCell::new()).collect();
        self.set = set;
    }

    /// Whether a key at hand is of this kind, may be used, and cannot be, because the kernel does not compute with it yet.
    pub fn lacks(&self, kind: KeyKind) -> bool {
        let allowed = self.algorithms.and(AlgorithmSet::of(|row| row.key_kind() == Some(kind)));
        let is_of_kind =
            |material: &Material| ALGORITHMS.iter().any(|row| row.key_kind() == Some(kind) && material.is_of(row));
        !allowed.is_empty() && !self.kernel.computes(kind) && self.set.keys.iter().any(|jwk| is_of_kind(&jwk.material))
    }

    /// Checks the one key of the verifier, once the kernel computes with it.
    ///
    /// # Errors
    /// [`Code::JwkInvalid`] when it cannot be used.
    pub fn check_key(&self) -> Result<(), Error> {
        if self.selects_by_kid || self.key(0).is_some() { Ok(()) } else { Err(Error::new(Code::JwkInvalid)) }
    }

    /// Builds the tables of the keys that may be used, in the order of the set and as far as there is room, ahead of the
    /// first tokens. Keys whose kernel is not there yet are left for later.
    pub fn build_tables(&self) {
        for kind in KeyKind::ALL.into_iter().filter(|kind| self.kernel.computes(*kind)) {
            let may_be_used = |jwk: &Jwk| {
                let fitting = AlgorithmSet::of(|row| row.key_kind() == Some(kind) && jwk.fits(row));
                !self.algorithms.and(fitting).is_empty()
            };
            let keys = self.set.keys.iter().enumerate().filter(|(_, jwk)| may_be_used(jwk));
            for key in keys.filter_map(|(index, _)| self.key(index)) {
                // Tables of a kind are of one size, or there are none: further keys get none either.
                if !key.build_table() {
                    break;
                }
            }
        }
    }

    /// The key at `index` of the set, if it can be used. It is imported once.
    fn key(&self, index: usize) -> Option<&Key> {
        let (jwk, key) = (self.set.keys.get(index)?, self.keys.get(index)?);
        key.get_or_init(|| Key::import_into(&self.kernel, &jwk.material).ok()).as_ref()
    }

    /// The keys.
    pub const fn key_set(&self) -> &JwkSet {
        &self.set
    }

    /// The requirements on the claims.
    pub const fn expectations(&self) -> &Expectations {
        &self.expectations
    }

    /// Verifies `token` at `now`, in seconds since the epoch, and leaves its decoded parts in `scratch`. It must meet the
    /// verifier's own expectations and those of the `call`.
    ///
    /// # Errors
    /// [`Code::JwsInvalid`], [`Code::NotSupported`], [`Code::AlgNotAllowed`], [`Code::JwksNoMatchingKey`],
    /// [`Code::SignatureVerificationFailed`], [`Code::JwtInvalid`], [`Code::JwtExpired`],
    /// [`Code::ClaimValidationFailed`].
    pub fn verify(
        &self,
        token: &[u8],
        call: Option<&Expectations>,
        now: u64,
        scratch: &mut Scratch,
    ) -> Result<Verified, Error> {
        self.verify_signed(SignatureBy::Kernel, token, call, now, scratch)
    }

    /// The same, where the signature may have been verified before.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_signed(
        &self,
        by: SignatureBy,
        token: &[u8],
        call: Option<&Expectations>,
        now: u64,
        scratch: &mut Scratch,
    ) -> Result<Verified, Error> {
        self.judge(by, self.open(token, scratch)?, call, now)
    }

    /// The same of a token that [`decode_claims`] has left in `scratch`, by the kernel of the verifier: nothing is decoded
    /// again.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_decoded(
        &self,
        token: &[u8],
        call: Option<&Expectations>,
        now: u64,
        scratch: &Scratch,
    ) -> Result<Verified, Error> {
        let Scratch { header, claims, signature } = scratch;
        let (header, algorithm) = self.header(header)?;
        let opened = Opened { jws: CompactJws::parse(token)?, header, algorithm, signature, claims };
        self.judge(SignatureBy::Kernel, opened, call, now)
    }

    fn judge(
        &self,
        by: SignatureBy,
        Opened { jws, header, algorithm, signature, claims }: Opened<'_>,
        call: Option<&Expectations>,
        now: u64,
    ) -> Result<Verified, Error> {
        let key = match by {
            SignatureBy::Kernel => self.key_that_verifies(algorithm, &header, &jws, signature)?,
            SignatureBy::Other(key) => self.candidate(algorithm, &header, key)?,
        };
        let claims = Document::parse_object(claims).map_err(|_| Code::JwtInvalid)?;
        let mut window = Window::ALWAYS;
        for expectations in [Some(&self.expectations), call].into_iter().flatten() {
            window = window.and(expectations.validate(&header, &claims, now)?);
        }
        Ok(Verified { algorithm, key, window })
    }

    /// What can be known of `token` before its signature is verified.
    fn open<'a>(&self, token: &'a [u8], scratch: &'a mut Scratch) -> Result<Opened<'a>, Error> {
        let jws = CompactJws::parse(token)?;
        decode(jws.header, &mut scratch.header)?;
        let (header, algorithm) = self.header(&scratch.header)?;
        decode(jws.signature, &mut scratch.signature)?;
        decode(jws.payload, &mut scratch.claims)?;
        Ok(Opened { jws, header, algorithm, signature: &scratch.signature, claims: &scratch.claims })
    }

    /// A protected header, in JSON, and the algorithm that it names.
    fn header<'a>(&self, json: &'a [u8]) -> Result<(ProtectedHeader<'a>, &'static Algorithm), Error> {
        let header = ProtectedHeader::parse_understanding(json, &self.expectations.crit)?;
        let algorithm = self.algorithms.select(&header.alg())?;
        Ok((header, algorithm))
    }

    /// The indices of the keys that may verify `token`, for those who verify its signature themselves. Its header is in
    /// `scratch` then.
    ///
    /// # Errors
    /// [`Code::JwsInvalid`], [`Code::NotSupported`], [`Code::AlgNotAllowed`], [`Code::JwksNoMatchingKey`].
    pub fn candidates(&self, token: &[u8], scratch: &mut Scratch) -> Result<Vec<usize>, Error> {
        let Opened { header, algorithm, .. } = self.open(token, scratch)?;
        let candidates = self.matching(algorithm, &header);
        if candidates.is_empty() { Err(Error::new(Code::JwksNoMatchingKey)) } else { Ok(candidates) }
    }

    /// `key`, if it is one of the candidates, and public: nobody else verifies with a secret.
    fn candidate(
        &self,
        algorithm: &'static Algorithm,
        header: &ProtectedHeader<'_>,
        key: Option<usize>,
    ) -> Result<usize, Error> {
        let is_candidate =
            |key: &usize| algorithm.key_kind().is_some() && self.matching(algorithm, header).contains(key);
        key.filter(is_candidate).ok_or_else(|| Error::new(Code::SignatureVerificationFailed))
    }

    fn matching(&self, algorithm: &'static Algorithm, header: &ProtectedHeader<'_>) -> Vec<usize> {
        let kid = header.kid().filter(|_| self.selects_by_kid);
        let fitting = self.set.candidates(algorithm, kid.as_deref());
        fitting.filter(|(_, jwk)| key::is_in_range(&jwk.material)).map(|(index, _)| index).collect()
    }

    /// An algorithm with which the one key of the verifier may be used; nothing where keys are selected by their `kid`.
    pub fn algorithm_of_one_key(&self) -> Option<&'static Algorithm> {
        let jwk = self.set.keys.first().filter(|_| !self.selects_by_kid)?;
        ALGORITHMS.iter().find(|row| self.algorithms.select(row.name).is_ok() && jwk.fits(row))
    }

    pub(super) fn key_that_verifies(
        &self,
        algorithm: &'static Algorithm,
        header: &ProtectedHeader<'_>,
        jws: &CompactJws<'_>,
        signature: &[u8],
    ) -> Result<usize, Error> {
        let mut failure = Code::JwksNoMatchingKey;
        let kid = header.kid().filter(|_| self.selects_by_kid);
        for (index, _) in self.set.candidates(algorithm, kid.as_deref()) {
            if !algorithm.key_kind().is_none_or(|kind| self.kernel.computes(kind)) {
                return Err(Error::new(Code::NotSupported));
            }
            let Some(key) = self.key(index) else { continue };
            if key.verify(algorithm, jws.signing_input, signature) {
                return Ok(index);
            }
            failure = Code::SignatureVerificationFailed;
        }
        Err(Error::new(failure))
    }
}

pub(super) fn decode(part: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    base64url::decode_to(part, out).map_err(|_| Error::new(Code::JwsInvalid))
}

/// Decodes the header of `token` into `scratch`. Nothing is verified but the form of the JWS.
///
/// # Errors
/// [`Code::JwsInvalid`].
pub fn decode_header(token: &[u8], scratch: &mut Scratch) -> Result<(), Error> {
    decode_parts(token, scratch)?;
    Document::parse_object(&scratch.header).map(|_| ()).map_err(|_| Error::new(Code::JwsInvalid))
}

/// Decodes the claims of `token` into `scratch`. Nothing is verified but the form of the JWS and of the claims.
///
/// # Errors
/// [`Code::JwsInvalid`], [`Code::JwtInvalid`].
pub fn decode_claims(token: &[u8], scratch: &mut Scratch) -> Result<(), Error> {
    decode_parts(token, scratch)?;
    Document::parse_object(&scratch.claims).map(|_| ()).map_err(|_| Error::new(Code::JwtInvalid))
}

fn decode_parts(token: &[u8], scratch: &mut Scratch) -> Result<(), Error> {
    let jws = CompactJws::parse(token)?;
    decode(jws.header, &mut scratch.header)?;
    decode(jws.payload, &mut scratch.claims)?;
    decode(jws.signature, &mut scratch.signature)
}
