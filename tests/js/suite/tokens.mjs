// @ts-check
// Keys and tokens, made with WebCrypto: what signs is never what is tested.

export const NOW = 1_700_000_000;
export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'https://api.example';

/** Options that fit the claims of `claims()`. */
export const EXPECTED = { issuer: ISSUER, audience: AUDIENCE, now: () => NOW };

/** Claims that are good at `NOW`. @param {Record<string, unknown>} [changes] `undefined` leaves a claim out */
export const claims = (changes) => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'subject-4f1c',
  iat: NOW - 10,
  exp: NOW + 300,
  ...changes,
});

const RSA = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };

/** @param {256 | 384 | 512} bits */
const mac = (bits) => ({ key: { name: 'HMAC', hash: `SHA-${bits}`, length: bits }, sign: 'HMAC' });

/** @param {256 | 384 | 512} bits */
const pkcs1 = (bits) => ({
  key: { name: 'RSASSA-PKCS1-v1_5', ...RSA, hash: `SHA-${bits}` },
  sign: 'RSASSA-PKCS1-v1_5',
});

/** @param {256 | 384 | 512} bits */
const pss = (bits) => ({
  key: { name: 'RSA-PSS', ...RSA, hash: `SHA-${bits}` },
  sign: { name: 'RSA-PSS', saltLength: bits / 8 },
});

/** @type {Record<string, { key: any, sign: any }>} */
const WEBCRYPTO = {
  HS256: mac(256),
  HS384: mac(384),
  HS512: mac(512),
  RS256: pkcs1(256),
  RS384: pkcs1(384),
  RS512: pkcs1(512),
  PS256: pss(256),
  PS384: pss(384),
  PS512: pss(512),
  ES256: { key: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
  ES384: { key: { name: 'ECDSA', namedCurve: 'P-384' }, sign: { name: 'ECDSA', hash: 'SHA-384' } },
  ES512: { key: { name: 'ECDSA', namedCurve: 'P-521' }, sign: { name: 'ECDSA', hash: 'SHA-512' } },
  EdDSA: { key: { name: 'Ed25519' }, sign: 'Ed25519' },
  Ed25519: { key: { name: 'Ed25519' }, sign: 'Ed25519' },
};

/** Those that WebCrypto signs everywhere. */
export const ALGORITHMS = Object.keys(WEBCRYPTO);
export const ASYMMETRIC = ALGORITHMS.filter((alg) => !alg.startsWith('HS'));

/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {Uint8Array} bytes */
const binary = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** @param {Uint8Array | string} data */
export function base64url(data) {
  const bytes = typeof data === 'string' ? utf8(data) : data;
  return btoa(binary(bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {string} text */
export const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

/** @param {Uint8Array} der @param {string} [label] */
export const pemOf = (der, label = 'PUBLIC KEY') =>
  `-----BEGIN ${label}-----\n${btoa(binary(der)).replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

/** The bytes of a PEM. @param {string} pem */
export const derOf = (pem) => bytesOf(pem.replace(/-----.*-----|\s/g, ''));

/** The uncompressed point of an EC JWK. @param {{ x: string, y: string }} jwk */
export const pointOf = ({ x, y }) => Uint8Array.of(4, ...bytesOf(x), ...bytesOf(y));

/**
 * A key and what it signs.
 * @typedef {object} Signer
 * @property {string} alg
 * @property {any} jwk the public JWK; of HS256, the secret one
 * @property {Uint8Array} raw SPKI; of HS256, the secret
 * @property {string} pem
 * @property {(input: Uint8Array, parameters?: object) => Promise<Uint8Array>} signature
 * @property {(claims: object, header?: object) => Promise<string>} token
 * @property {(header: string | Uint8Array, payload: string | Uint8Array) => Promise<string>} tokenOf signs texts as they are
 * @property {(input: string) => Promise<string>} sign signs a signing input as it is
 */

/** @param {string} alg @param {Uint8Array} [secret] @returns {Promise<Signer>} */
export async function newSigner(alg, secret) {
  const { key, sign } = WEBCRYPTO[alg];
  const { subtle } = crypto;
  const made = /** @type {any} */ (
    secret
      ? await subtle.importKey('raw', /** @type {any} */ (secret), { name: 'HMAC', hash: key.hash }, true, ['sign'])
      : await subtle.generateKey(key, true, ['sign', 'verify'])
  );
  const [signing, shown] = made.privateKey ? [made.privateKey, made.publicKey] : [made, made];
  const { key_ops: _, ext: __, alg: ___, ...jwk } = await subtle.exportKey('jwk', shown);
  const raw = new Uint8Array(await subtle.exportKey(made.publicKey ? 'spki' : 'raw', shown));
  /** @type {Signer['signature']} */
  const signature = async (input, parameters) =>
    new Uint8Array(
      await subtle.sign(parameters ? { ...sign, ...parameters } : sign, signing, /** @type {any} */ (input)),
    );
  /** @type {Signer['sign']} */
  const signText = async (input) => `${input}.${base64url(await signature(utf8(input)))}`;
  /** @type {Signer['tokenOf']} */
  const tokenOf = (header, payload) => signText(`${base64url(header)}.${base64url(payload)}`);
  return {
    alg,
    jwk,
    raw,
    signature,
    tokenOf,
    pem: made.publicKey ? pemOf(raw) : '',
    sign: signText,
    token: (payload, header) => tokenOf(JSON.stringify({ alg, ...header }), JSON.stringify(payload)),
  };
}

/** @type {Map<string, Signer>} */
const made = new Map();

/** The one key of `alg` that is used where any will do. @param {string} alg */
export async function signer(alg) {
  const known = made.get(alg) ?? (await newSigner(alg));
  made.set(alg, known);
  return known;
}

/** A token that is signed with MAC key `secret`. @param {Uint8Array} secret @param {object} header @param {object} payload */
export async function macToken(secret, header, payload) {
  const { tokenOf } = await newSigner('HS256', secret);
  return tokenOf(JSON.stringify({ alg: 'HS256', ...header }), JSON.stringify(payload));
}
