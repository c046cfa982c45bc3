//! The verifier at the boundary. On the hot path a token is written into a buffer that stays, and the decoded parts are
//! read from where they lie: nothing is copied into JavaScript but what is parsed there.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

use super::flow::Flow;
use super::signature::Kernels;
use super::{error_json, seconds};
use crate::crypto::kernel::{Kernel, KeyKind};
use crate::error::{Code, Error, Reason};
use crate::http::Step;
use crate::jose::algorithm::KeyType;
use crate::jose::claims::Window;
use crate::jose::jwk::{Jwk, Material};
use crate::jose::jwks::JwkSet;
use crate::jose::jws::{MAX_BYTES, ProtectedHeader};
use crate::jose::key;
use crate::jose::pem;
use crate::text::json::Object;
use crate::text::url::require_secure;
use crate::verify::verifier::{self, Scratch, Verified};
use crate::verify::{self, Due, Limits, Load, Options, RemoteKeys, SignatureBy};

/// Where tokens come in and their parts go out. One is enough for a module.
#[wasm_bindgen]
pub struct TokenBuffer {
    input: Box<[u8]>,
    /// Input pointer and length; then, of each result: header pointer and length, claims pointer and length, index of the
    /// key, generation of the keys, the first second in which the token passes, and the first in which it does not any more.
    output: Box<[u32; 10]>,
    scratch: Scratch,
    error: Option<Error>,
}

#[wasm_bindgen]
impl TokenBuffer {
    /// An empty buffer.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        let input = vec![0; MAX_BYTES].into_boxed_slice();
        let output = Box::new([address(&input), length(&input), 0, 0, 0, 0, 0, 0, 0, 0]);
        Self { input, output, scratch: Scratch::default(), error: None }
    }

    /// Where the ten numbers are that say where a token is to be written, and what came of the last one.
    #[wasm_bindgen(getter)]
    pub fn output(&self) -> *const u32 {
        self.output.as_ptr()
    }

    /// Decodes the header of the token of `len` bytes.
    pub fn decode_header(&mut self, len: usize) -> bool {
        let result = verifier::decode_header(self.input.get(..len).unwrap_or_default(), &mut self.scratch);
        self.finish(result.map(|()| None))
    }

    /// Decodes the claims of the token of `len` bytes.
    pub fn decode_claims(&mut self, len: usize) -> bool {
        let result = verifier::decode_claims(self.input.get(..len).unwrap_or_default(), &mut self.scratch);
        self.finish(result.map(|()| None))
    }

    /// The last failure as JSON.
    pub fn error(&self) -> String {
        self.error.as_ref().map(error_json).unwrap_or_default()
    }

    /// `verified` is by which generation of the keys; nothing where a token was decoded only.
    fn finish(&mut self, result: Result<Option<(Verified, u32)>, Error>) -> bool {
        match result {
            Ok(verified) => {
                let (header, claims) = (&self.scratch.header, &self.scratch.claims);
                let (key, generation, window) = verified.map_or((0, 0, Window::ALWAYS), |(verified, generation)| {
                    (verified.key, generation, verified.window)
                });
                let [input, capacity, ..] = *self.output;
                *self.output = [
                    input,
                    capacity,
                    address(header),
                    length(header),
                    address(claims),
                    length(claims),
                    u32::try_from(key).unwrap_or_default(),
                    generation,
                    second(window.from),
                    second(window.until),
                ];
                true
            }
            Err(error) => {
                self.error = Some(error);
                false
            }
        }
    }
}

/// A time that JavaScript can hold on to, until 2106.
fn second(time: i64) -> u32 {
    u32::try_from(time.max(0)).unwrap_or(u32::MAX)
}

fn address(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.as_ptr().addr()).unwrap_or_default()
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or_default()
}

/// What the bytes that a verifier is made with are; mirrored in `pkg/src/verify/source.ts`.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A public or symmetric JWK, in JSON.
    Jwk = 0,
    /// A JWK Set, in JSON.
    Jwks = 1,
    /// A PEM text.
    Pem = 2,
    /// A shared secret.
    Secret = 3,
    /// The URL of a JWK Set.
    JwksUri = 4,
    /// An Issuer Identifier, for discovery.
    Issuer = 5,
    /// A public key or a certificate in DER.
    Der = 6,
}

/// A verifier. It shares its keys with the loads that it began, which may outlive it.
#[wasm_bindgen]
pub struct CoreVerifier {
    pub(super) shared: Rc<RefCell<Shared>>,
}

/// While it is borrowed nothing calls into JavaScript but for the arithmetic of keys, and that calls nothing here: no borrow
/// meets another.
pub(super) struct Shared {
    pub(super) verifier: verify::Verifier,
    pub(super) remote: Option<RemoteKeys>,
    /// Counts the changes of the keys, to which an index belongs.
    generation: u32,
}

impl Shared {
    /// Whether the keys at hand may verify at `now`.
    fn has_keys(&self, now: u64) -> bool {
        self.remote.as_ref().is_none_or(|remote| remote.are_good(now))
    }

    /// Takes the keys over, if there are any and they are not those at hand.
    fn replace(&mut self, set: Option<JwkSet>) {
        let Some(set) = set.filter(|set| set.to_json() != self.verifier.key_set().to_json()) else { return };
        self.verifier.set_keys(set);
        self.generation = self.generation.wrapping_add(1);
        if let Some(remote) = &mut self.remote {
            remote.keys_changed();
        }
    }
}

/// Whether the keys should be fetched; mirrored in `pkg/src/verify/loader.ts`.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysDue {
    /// No.
    No = 0,
    /// Beside the work at hand.
    Soon = 1,
    /// Before any token is verified.
    Now = 2,
}

#[wasm_bindgen]
impl CoreVerifier {
    /// A verifier of `options`, in JSON, with the keys of `source`, with which `kernels` compute, or where there are none
    /// this module; fetched ones are good within `limits`, in JSON. An error is thrown as JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(
        options: &str,
        kind: KeySource,
        source: &[u8],
        limits: &str,
        kernels: Option<Kernels>,
    ) -> Result<Self, String> {
        let kernel = kernels.map_or_else(key::local_kernel, Kernels::into_kernel);
        Self::create(options, kind, source, limits, kernel).map_err(|error| error_json(&error))
    }

    fn create(
        options: &str,
        kind: KeySource,
        source: &[u8],
        limits: &str,
        kernel: Rc<dyn Kernel>,
    ) -> Result<Self, Error> {
        let options = Options::parse(options.as_bytes())?;
        let limits = Limits::parse(limits.as_bytes())?;
        let text = || core::str::from_utf8(source).map_err(|_| Error::new(Code::OptionInvalid));
        let mut remote = None;
        let key = match kind {
            KeySource::Jwk => Some(Jwk::parse(source)?),
            KeySource::Pem => Some(pem::parse(text()?)?),
            KeySource::Der => Some(pem::parse_der(source)?),
            KeySource::Secret => Some(Material::Oct { k: source.into() }.into()),
            KeySource::Jwks | KeySource::JwksUri | KeySource::Issuer => None,
        };
        let mut verifier = match key {
            Some(key) => verify::Verifier::with_key_over(kernel, options, key)?,
            None => verify::Verifier::new_over(kernel, options)?,
        };
        match kind {
            KeySource::Jwks => verifier.set_keys(JwkSet::parse(source)?),
            KeySource::JwksUri | KeySource::Issuer => {
                let location = text()?;
                let option = if kind == KeySource::Issuer { "issuer" } else { "jwksUri" };
                require_secure(location).map_err(|error| error.about(option, Reason::Malformed))?;
                let keys = if kind == KeySource::Issuer { RemoteKeys::of } else { RemoteKeys::at };
                remote = Some(keys(location, limits));
            }
            _ => {}
        }
        Ok(Self { shared: Rc::new(RefCell::new(Shared { verifier, remote, generation: 0 })) })
    }

    /// Verifies the token of `len` bytes in `buffer` at `now`, in seconds since the epoch; with the `expectations` of one
    /// call, in JSON, besides the verifier's own.
    pub fn verify(&self, buffer: &mut TokenBuffer, len: usize, now: f64, expectations: Option<String>) -> bool {
        let result = self.verify_bytes(Some(SignatureBy::Kernel), buffer, len, expectations.as_deref(), now);
        buffer.finish(result)
    }

    /// The same after [`TokenBuffer::decode_claims`] of the same token, which is not decoded again.
    pub fn verify_decoded(&self, buffer: &mut TokenBuffer, len: usize, now: f64, expectations: Option<String>) -> bool {
        let result = self.verify_bytes(None, buffer, len, expectations.as_deref(), now);
        buffer.finish(result)
    }

    /// The same, of a token whose signature was verified elsewhere with each of [`CoreVerifier::candidates`]: it is of the
    /// key at this index, or of none.
    pub fn verify_signed_by(
        &self,
        key: Option<u32>,
        buffer: &mut TokenBuffer,
        len: usize,
        now: f64,
        expectations: Option<String>,
    ) -> bool {
        let by = SignatureBy::Other(key.and_then(|key| usize::try_from(key).ok()));
        let result = self.verify_bytes(Some(by), buffer, len, expectations.as_deref(), now);
        buffer.finish(result)
    }

    /// The indices of the keys that may verify the token of `len` bytes in `buffer`, which has its header then; nothing when
    /// it is refused.
    pub fn candidates(&self, buffer: &mut TokenBuffer, len: usize, now: f64) -> Option<Vec<u32>> {
        let mut find = || {
            let shared = self.shared.borrow();
            if !shared.has_keys(seconds(now)) {
                return Err(Error::new(Code::JwksNotLoaded));
            }
            let token = buffer.input.get(..len).unwrap_or_default();
            shared.verifier.candidates(token, &mut buffer.scratch)
        };
        let candidates = find().map(|keys| keys.into_iter().filter_map(|key| u32::try_from(key).ok()).collect());
        let found = candidates.as_ref().ok().cloned();
        buffer.finish(candidates.map(|_: Vec<u32>| None)).then_some(found).flatten()
    }

    /// Counts the changes of the keys, to which an index belongs.
    #[wasm_bindgen(getter)]
    pub fn generation(&self) -> u32 {
        self.shared.borrow().generation
    }

    /// The members that make a key (RFC 7638 §3.2), in JSON.
    pub fn jwk(&self, index: usize) -> Option<String> {
        self.shared.borrow().verifier.key_set().keys.get(index).map(|jwk| jwk.material.to_json())
    }

    /// An `alg` with which the one key may be used; nothing where there are more, or none yet.
    pub fn alg_of_one_key(&self) -> Option<String> {
        self.shared.borrow().verifier.algorithm_of_one_key().map(|algorithm| algorithm.name.into())
    }

    /// `by` is nothing where the token was decoded before.
    fn verify_bytes(
        &self,
        by: Option<SignatureBy>,
        buffer: &mut TokenBuffer,
        len: usize,
        call: Option<&str>,
        now: f64,
    ) -> Result<Option<(Verified, u32)>, Error> {
        let now = seconds(now);
        let shared = self.shared.borrow();
        if !shared.has_keys(now) {
            return Err(Error::new(Code::JwksNotLoaded));
        }
        let call = call.map(|json| shared.verifier.expectations().for_call(json.as_bytes())).transpose()?;
        let token = buffer.input.get(..len).unwrap_or_default();
        let verified = match by {
            Some(by) => shared.verifier.verify_signed(by, token, call.as_ref(), now, &mut buffer.scratch)?,
            None => shared.verifier.verify_decoded(token, call.as_ref(), now, &buffer.scratch)?,
        };
        Ok(Some((verified, shared.generation)))
    }

    /// Whether the keys of `generation` are still those that verify, now.
    pub fn is_current(&self, generation: u32, now: f64) -> bool {
        let shared = self.shared.borrow();
        shared.generation == generation && shared.has_keys(seconds(now))
    }

    /// Whether the keys should be fetched now.
    pub fn due(&self, now: f64) -> KeysDue {
        match self.shared.borrow().remote.as_ref().map(|remote| remote.due(seconds(now))) {
            Some(Due::Now) => KeysDue::Now,
            Some(Due::Soon) => KeysDue::Soon,
            Some(Due::No) | None => KeysDue::No,
        }
    }

    /// Whether a token that found no key may cause the keys to be fetched now.
    pub fn may_fetch(&self, now: f64) -> bool {
        self.shared.borrow().remote.as_ref().is_some_and(|remote| remote.may_fetch(seconds(now)))
    }

    /// Whether the last token of `buffer`, which found no key, may.
    pub fn may_fetch_for(&self, buffer: &TokenBuffer, now: f64) -> bool {
        let mut shared = self.shared.borrow_mut();
        let understood = &shared.verifier.expectations().crit;
        let header = ProtectedHeader::parse_understanding(&buffer.scratch.header, understood);
        let kid = header.as_ref().ok().and_then(ProtectedHeader::kid).unwrap_or_default();
        shared.remote.as_mut().is_some_and(|remote| remote.may_look_for(&kid, seconds(now)))
    }

    /// Takes over the keys that a shared cache holds, in JSON, if they are of use, and says whether they are.
    pub fn restore(&self, stored: &[u8], now: f64) -> bool {
        let mut shared = self.shared.borrow_mut();
        let set = shared.remote.as_mut().and_then(|remote| remote.restore(stored, seconds(now)));
        let is_of_use = set.is_some();
        shared.replace(set);
        is_of_use
    }

    /// The keys for a shared cache, in JSON, and for how many seconds it may keep them: `{"value":{},"maxAge":0}`.
    pub fn stored(&self) -> Option<String> {
        let shared = self.shared.borrow();
        let remote = shared.remote.as_ref()?;
        let value = remote.to_stored(shared.verifier.key_set())?;
        Some(Object::new().raw("value", &value).number("maxAge", remote.limits().keep()).finish())
    }

    /// The flow that fetches the keys once.
    pub fn load(&self) -> Flow {
        let shared = Rc::clone(&self.shared);
        let mut load = Load::default();
        Flow::new(Ok(Box::new(move |now, answer| {
            let mut shared = shared.borrow_mut();
            let Some(remote) = &mut shared.remote else { return Ok(Step::Done(String::new())) };
            let step = load.step(remote, now, answer)?;
            Ok(step.map(|set| {
                shared.replace(set);
                String::new()
            }))
        })))
    }

    /// The kinds of the keys at hand with which the kernels do not compute yet: a bit for each, by its number.
    pub fn lacking(&self) -> u32 {
        let shared = self.shared.borrow();
        let bits = KeyKind::ALL.into_iter().filter(|kind| shared.verifier.lacks(*kind));
        bits.fold(0, |bits, kind| bits | 1_u32.wrapping_shl(kind as u32))
    }

    /// Builds the tables of the keys at hand ahead of the first tokens, in the order of the set and as far as there is room.
    pub fn build_tables(&self) {
        self.shared.borrow().verifier.build_tables();
    }

    /// Whether the key can be used, where there is but one; once the kernels compute with it.
    pub fn check_key(&self) -> bool {
        self.shared.borrow().verifier.check_key().is_ok()
    }

    /// The keys as JSON; nothing when the key is a secret, or none were fetched yet.
    pub fn jwks(&self) -> Option<String> {
        let shared = self.shared.borrow();
        let set = shared.verifier.key_set();
        let is_public = set.keys.iter().all(|jwk| jwk.material.key_type() != KeyType::Oct);
        let is_there = shared.remote.as_ref().is_none_or(RemoteKeys::were_fetched);
        (is_public && is_there).then(|| set.to_json())
    }

    /// The `kid` of a key, and its SHA-256 JWK Thumbprint (RFC 7638), in JSON: `{"kid"?,"thumbprint"?}`. A secret has no
    /// thumbprint.
    pub fn key_name(&self, index: usize) -> String {
        let shared = self.shared.borrow();
        let jwk = shared.verifier.key_set().keys.get(index);
        Object::new()
            .optional_string("kid", jwk.and_then(|jwk| jwk.kid.as_deref()))
            .optional_string("thumbprint", jwk.and_then(|jwk| jwk.material.thumbprint()).as_deref())
            .finish()
    }
}
