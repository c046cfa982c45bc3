// @ts-check
// Engines that lack an instruction, or compile in another way: each level of RSA is used where it works and nowhere
// else, and every kernel gives the same verdicts.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { base64url, claims, newSigner, utf8 } from '../suite/tokens.mjs';
import { HAS_RELAXED, RELAXED_FLAGS, inEngine } from './engine.mjs';
import { WAYS, expected, sets } from './vectors.mjs';

/** @typedef {import('./engine.mjs').Report} Report */

// V8 offers SIMD where the processor has SSE 4.1, and fuses relaxed multiplication and addition where it has FMA3.
const NO_SIMD = '--no-enable-sse4-1';
const NO_FMA = '--no-enable-fma3';

/** How wasm is compiled. */
const COMPILERS = [
  { compiled: 'in the usual way', flags: [] },
  { compiled: 'by the baseline compiler alone', flags: ['--liftoff-only'] },
  { compiled: 'by the optimizing compiler alone', flags: ['--no-liftoff'] },
];

/**
 * What the engine has, and the levels that are asked: the last one works.
 * @type {{ has: string, flags: string[], asked: Report['asked'], skip?: string | false }[]}
 */
const INSTRUCTIONS = [
  { has: 'no SIMD', flags: [NO_SIMD], asked: [['rsa', true]] },
  {
    has: 'SIMD that is not relaxed',
    flags: [],
    asked: [['rsa_simd', true]],
    skip: HAS_RELAXED && 'relaxed SIMD cannot be switched off here',
  },
  {
    has: 'relaxed SIMD that is not fused',
    flags: [...RELAXED_FLAGS, NO_FMA],
    asked: [
      ['rsa_relaxed', false],
      ['rsa_simd', true],
    ],
  },
  { has: 'relaxed SIMD that is fused', flags: RELAXED_FLAGS, asked: [['rsa_relaxed', true]] },
];

/** Of the algorithms whose kernels are ours, with every shape of their tables. */
const SLICE = [
  { set: 'ecdsa_secp256r1_sha256_p1363', alg: 'ES256' },
  { set: 'ecdsa_secp256r1_sha256_p1363', alg: 'ES256', way: 'with tables' },
  { set: 'ecdsa_secp384r1_sha384_p1363', alg: 'ES384', way: 'with tables' },
  { set: 'ed25519', alg: 'EdDSA' },
  { set: 'ed25519', alg: 'EdDSA', way: 'with tables' },
  { set: 'rsa_signature_2048_sha256', alg: 'RS256' },
  { set: 'rsa_pss_2048_sha256_mgf1_32', alg: 'PS256' },
];

/** A token of RS256 with a key of 4096 bits. */
async function ofLongKey() {
  const numbers = { modulusLength: 4096, publicExponent: Uint8Array.of(1, 0, 1) };
  const parameters = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', ...numbers };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
  const { kty, n, e } = await crypto.subtle.exportKey('jwk', publicKey);
  const input = `${base64url(JSON.stringify({ alg: 'RS256' }))}.${base64url(JSON.stringify(claims()))}`;
  const signature = await crypto.subtle.sign(parameters.name, privateKey, utf8(input));
  return { jwk: { kty, n, e }, good: `${input}.${base64url(new Uint8Array(signature))}` };
}

/** @param {string} alg */
async function ofSigner(alg) {
  const { jwk, token } = await newSigner(alg);
  return { jwk, good: await token(claims()) };
}

/** Tokens that are like `good` but for a letter of the signature, or of the claims. @param {string} good */
function tampered(good) {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const changed = (/** @type {string} */ text, /** @type {number} */ at) =>
    text.slice(0, at) + (text[at] === 'A' ? 'E' : 'A') + text.slice(at + 1);
  const places = [0, 1, signature.length >> 1, signature.length - 2];
  const ofSignature = places.map((at) => [payload, changed(signature, at)]);
  const otherClaims = base64url(JSON.stringify(claims({ sub: 'subject-4f1d' })));
  return [...ofSignature, [otherClaims, signature]].map((parts) => [header, ...parts].join('.'));
}

/** @type {import('./engine.mjs').Tokens[]} */
let tokens;

before(async () => {
  const made = [...['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'].map(ofSigner), ofLongKey()];
  tokens = (await Promise.all(made)).map(({ jwk, good }) => ({ jwk, good, bad: tampered(good) }));
});

const expectations = SLICE.map(({ set: name, alg, way: wayName }) => {
  const set = sets.find((set) => set.name === name && set.alg === alg);
  assert.ok(set, name);
  return expected(set, WAYS.find((way) => way.name === wayName && way.computes(alg)));
});

for (const { has, flags, asked, skip } of INSTRUCTIONS) {
  describe(`an engine with ${has}`, { skip: skip || (process.arch !== 'x64' && 'its flags are of x64') }, () => {
    for (const { compiled, flags: compiler } of COMPILERS) {
      test(`compiled ${compiled}`, async () => {
        // The baseline compiler itself needs SSE 4.1: there SIMD is only denied.
        const isDenied = flags.includes(NO_SIMD) && compiler.includes('--liftoff-only');
        const job = { hasSimd: !isDenied, tokens, vectors: SLICE };
        const report = await inEngine([...(isDenied ? [] : flags), ...compiler], job);
        assert.deepEqual(report.asked, asked, 'the levels that were asked');
        assert.deepEqual(report.computed, [asked.at(-1)?.[0]], 'the level that computed');
        assert.deepEqual(report.tables.sort(), ['ed25519', 'p256', 'p384']);
        assert.deepEqual(report.found, expectations);
      });
    }
  });
}
