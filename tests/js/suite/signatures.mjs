// @ts-check
// Signatures that look right and are not, and the one choice that is documented.

import { EXPECTED, base64url, bytesOf, claims, signer, utf8 } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const REFUSED = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
/** The orders of the curves. */
export const ORDERS = {
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  ES384: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  ES512:
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  ES256K: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
};
const ORDER_ED25519 = 2n ** 252n + 27742317777372353535851937790883648493n;

/** @param {Uint8Array} bytes big-endian */
export const integer = (bytes) => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
/** @param {bigint} value */
const bytes32 = (value) => bytesOfSize(value, 32);
/** @param {bigint} value @param {number} size */
export const bytesOfSize = (value, size) =>
  Uint8Array.from({ length: size }, (_, at) => Number((value >> BigInt(8 * (size - 1 - at))) & 255n));
/** @param {...Uint8Array} parts */
export const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** DER of two integers (RFC 3279 §2.2.3). @param {Uint8Array} raw */
function der(raw) {
  const middle = raw.length / 2;
  const part = (/** @type {Uint8Array} */ half) => {
    const digits = half.slice(half.findIndex((byte) => byte !== 0));
    const positive = digits[0] & 0x80 ? join(Uint8Array.of(0), digits) : digits;
    return join(Uint8Array.of(2, positive.length), positive);
  };
  const body = join(part(raw.slice(0, middle)), part(raw.slice(middle)));
  const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
  return join(Uint8Array.of(0x30, ...length), body);
}

/** @param {string} token */
export function take(token) {
  const end = token.lastIndexOf('.');
  return { input: token.slice(0, end), signature: bytesOf(token.slice(end + 1)) };
}

/**
 * Replacements of a good signature of two integers.
 * @param {bigint} order @param {number} size
 * @returns {Array<[string, (signature: Uint8Array) => Uint8Array]>}
 */
export function ecdsa(order, size) {
  const number = (/** @type {bigint} */ value) => bytesOfSize(value, size);
  const zero = new Uint8Array(size);
  const [r, s] = [
    (/** @type {Uint8Array} */ signature) => signature.slice(0, size),
    (/** @type {Uint8Array} */ signature) => signature.slice(size),
  ];
  return [
    ['r = s = 0', () => new Uint8Array(2 * size)],
    ['r = 0', (good) => join(zero, s(good))],
    ['s = 0', (good) => join(r(good), zero)],
    ['r = n', (good) => join(number(order), s(good))],
    ['s = n', (good) => join(r(good), number(order))],
    ['r = s = n', () => join(number(order), number(order))],
    ['r and s of all ones', () => new Uint8Array(2 * size).fill(0xff)],
    ['r = s = 1', () => join(number(1n), number(1n))],
    ['DER', der],
    [`${2 * size - 1} bytes`, (good) => good.slice(1)],
    [`${2 * size + 1} bytes`, (good) => join(good, Uint8Array.of(0))],
    [`r and s of ${size + 1} bytes`, (good) => join(Uint8Array.of(0), r(good), Uint8Array.of(0), s(good))],
    ['zeros of the size of another curve', () => new Uint8Array(size === 48 ? 132 : 96)],
    ['no bytes', () => new Uint8Array()],
    ['s, r', (good) => join(s(good), r(good))],
  ];
}

/** Replacements of a good signature. @type {Record<string, Array<[string, (signature: Uint8Array) => Uint8Array]>>} */
const FORGERIES = {
  ES256: ecdsa(ORDERS.ES256, 32),
  ES384: ecdsa(ORDERS.ES384, 48),
  ES512: ecdsa(ORDERS.ES512, 66),
  EdDSA: [
    ['S + L', (s) => join(s.slice(0, 32), bytes32(integer(s.slice(32).reverse()) + ORDER_ED25519).reverse())],
    [
      'S = L and R the neutral point',
      () => join(Uint8Array.of(1), new Uint8Array(31), bytes32(ORDER_ED25519).reverse()),
    ],
    ['S = 0 and R the neutral point', () => join(Uint8Array.of(1), new Uint8Array(63))],
    ['all zeros', () => new Uint8Array(64)],
    ['R that is no point', (s) => join(Uint8Array.of(2), new Uint8Array(31), s.slice(32))],
    ['63 bytes', (s) => s.slice(0, 63)],
    ['65 bytes', (s) => join(s, Uint8Array.of(0))],
    ['no bytes', () => new Uint8Array()],
  ],
  RS256: [
    ['zero', () => new Uint8Array(256)],
    ['one', () => join(new Uint8Array(255), Uint8Array.of(1))],
    ['all ones, above the modulus', () => new Uint8Array(256).fill(0xff)],
    ['a leading zero byte', (s) => join(Uint8Array.of(0), s)],
    ['a trailing zero byte', (s) => join(s, Uint8Array.of(0))],
    ['255 bytes', (s) => s.slice(1)],
    ['no bytes', () => new Uint8Array()],
    ['20 kB', () => new Uint8Array(20_000).fill(0x5a)],
  ],
  HS256: [
    ['the first half of the tag', (s) => s.slice(0, 16)],
    ['one byte of the tag', (s) => s.slice(0, 1)],
    ['31 bytes', (s) => s.slice(0, 31)],
    ['33 bytes', (s) => join(s, Uint8Array.of(0))],
    ['no bytes', () => new Uint8Array()],
    ['all zeros', () => new Uint8Array(32)],
  ],
};
FORGERIES.PS256 = FORGERIES.RS256;
FORGERIES.Ed25519 = FORGERIES.EdDSA;

/** @type {Case[]} */
const forgeries = Object.entries(FORGERIES).flatMap(([alg, changes]) =>
  changes.map(([what, change]) => ({
    name: `a signature of ${alg} is refused when it is ${what}`,
    async run(t) {
      const subject = await t.subject(alg);
      const { input, signature } = take(subject.good);
      await subject.refuses(`${input}.${base64url(change(signature))}`, REFUSED);
    },
  })),
);

/** @type {Case[]} */
const schemes = [
  {
    name: 'PS256 with a salt of other than 32 bytes is refused',
    async run(t) {
      const subject = await t.subject('PS256');
      const input = take(subject.good).input;
      for (const saltLength of [0, 1, 20, 31, 33, 64]) {
        const signature = await subject.signature(utf8(input), { saltLength });
        await subject.refuses(`${input}.${base64url(signature)}`, REFUSED);
      }
    },
  },
  {
    // RFC 7518 does not ask for low s, and issuers sign with high s too.
    name: 'ES256, ES384 and ES512 accept both s and n - s, as every other verifier does',
    async run(t) {
      for (const alg of /** @type {const} */ (['ES256', 'ES384', 'ES512'])) {
        const subject = await t.subject(alg);
        const { input, signature } = take(subject.good);
        const size = signature.length / 2;
        const other = bytesOfSize(ORDERS[alg] - integer(signature.slice(size)), size);
        await subject.accepts(`${input}.${base64url(signature)}`);
        await subject.accepts(`${input}.${base64url(join(signature.slice(0, size), other))}`);
      }
    },
  },
  {
    name: 'an Ed25519 key of small order verifies nothing',
    async run(t) {
      const neutral = join(Uint8Array.of(1), new Uint8Array(31));
      const forged = base64url(join(neutral, new Uint8Array(32)));
      const { good } = await t.subject('EdDSA');
      const smallOrder = [
        neutral,
        new Uint8Array(32),
        join(Uint8Array.of(0xec), new Uint8Array(30).fill(0xff), Uint8Array.of(0x7f)),
      ];
      for (const point of smallOrder) {
        const error = await t.failure(async () => {
          const key = { kty: 'OKP', crv: 'Ed25519', x: base64url(point) };
          const verifier = await t.createVerifier({ audience: null, requireExp: false, key });
          return verifier.verify(`${take(good).input}.${forged}`);
        });
        t.ok(['ERR_JWK_INVALID', REFUSED.code].includes(error.code), `refused, not ${error}`);
      }
    },
  },
  {
    // Whoever has the key can make one (S = k·a), and verifiers that disagree on it disagree on the token.
    name: 'an Ed25519 signature whose R is of small order is refused, though its equation holds',
    async run(t) {
      const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']));
      const { d, x } = /** @type {{ d: string, x: string }} */ (await crypto.subtle.exportKey('jwk', pair.privateKey));
      const sha512 = async (/** @type {Uint8Array} */ bytes) =>
        new Uint8Array(await crypto.subtle.digest('SHA-512', /** @type {any} */ (bytes)));
      const little = (/** @type {Uint8Array} */ bytes) => integer(bytes.slice().reverse());

      const scalar = (await sha512(bytesOf(d))).slice(0, 32);
      scalar[0] &= 248;
      scalar[31] = (scalar[31] & 127) | 64;
      const input = `${base64url('{"alg":"EdDSA"}')}.${base64url(JSON.stringify(claims()))}`;
      const neutral = join(Uint8Array.of(1), new Uint8Array(31));
      const k = little(await sha512(join(neutral, bytesOf(x), utf8(input))));
      const forged = join(neutral, bytes32((k * little(scalar)) % ORDER_ED25519).reverse());

      const verifier = await t.createVerifier({ ...EXPECTED, key: { kty: 'OKP', crv: 'Ed25519', x } });
      await t.fails(() => verifier.verify(`${input}.${base64url(forged)}`), REFUSED);
    },
  },
  {
    name: 'a signature over other bytes than header, dot and payload is refused',
    async run(t) {
      for (const alg of ['ES256', 'HS256']) {
        const subject = await t.subject(alg);
        const { input } = take(subject.good);
        const [header, payload] = input.split('.');
        for (const signed of [
          header,
          payload,
          `${header}${payload}`,
          `${payload}.${header}`,
          JSON.stringify(claims()),
          '',
        ]) {
          const signature = await (await signer(alg)).signature(utf8(signed));
          await subject.refuses(`${input}.${base64url(signature)}`, REFUSED);
        }
      }
    },
  },
];

export default [...forgeries, ...schemes];
