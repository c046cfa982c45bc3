// @ts-check
// Public keys in PEM and DER: one key has one encoding, and no other text is a key.

import { NULL, bits, element, oid, sequence } from './der.mjs';
import { ASYMMETRIC, EXPECTED, pemOf, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./tokens.mjs').Signer} Signer */

/** What is the content of the BIT STRING of an SPKI, which is its last element. @param {Signer} key */
const contentOf = ({ raw, alg }) => raw.slice({ RS256: 24, ES256: 26, EdDSA: 12 }[/** @type {'RS256'} */ (alg)]);

/** @typedef {{ rsa: Uint8Array, ec: Uint8Array, okp: Uint8Array }} Contents */
/** @type {Array<[string, string, (content: Contents) => number[]]>} */
const REFUSED = [
  [
    'an RSA key without parameters',
    'ERR_JWK_INVALID',
    ({ rsa }) => sequence(sequence(oid('rsaEncryption')), bits(rsa)),
  ],
  [
    'an RSA key whose parameters are no NULL',
    'ERR_JWK_INVALID',
    ({ rsa }) => sequence(sequence(oid('rsaEncryption'), oid('secp256r1')), bits(rsa)),
  ],
  [
    'an RSA key whose NULL has content',
    'ERR_JWK_INVALID',
    ({ rsa }) => sequence(sequence(oid('rsaEncryption'), [5, 1, 0]), bits(rsa)),
  ],
  [
    'an RSA key with two parameters',
    'ERR_JWK_INVALID',
    ({ rsa }) => sequence(sequence(oid('rsaEncryption'), NULL, NULL), bits(rsa)),
  ],
  [
    'an RSA key that is for PSS only',
    'ERR_JOSE_NOT_SUPPORTED',
    ({ rsa }) => sequence(sequence(oid('id-RSASSA-PSS')), bits(rsa)),
  ],
  [
    'an RSA modulus that is negative',
    'ERR_JWK_INVALID',
    () =>
      sequence(
        sequence(oid('rsaEncryption'), NULL),
        bits(sequence(element(2, Array(256).fill(0xa5)), [2, 3, 1, 0, 1])),
      ),
  ],
  [
    'an RSA modulus with two leading zeros',
    'ERR_JWK_INVALID',
    () =>
      sequence(
        sequence(oid('rsaEncryption'), NULL),
        bits(sequence(element(2, 0, 0, Array(256).fill(0xa5)), [2, 3, 1, 0, 1])),
      ),
  ],
  [
    'an RSA exponent with a leading zero',
    'ERR_JWK_INVALID',
    () =>
      sequence(
        sequence(oid('rsaEncryption'), NULL),
        bits(sequence(element(2, 0, Array(256).fill(0xa5)), [2, 4, 0, 1, 0, 1])),
      ),
  ],
  [
    'an RSA key with a third integer',
    'ERR_JWK_INVALID',
    () =>
      sequence(
        sequence(oid('rsaEncryption'), NULL),
        bits(sequence(element(2, 0, Array(256).fill(0xa5)), [2, 3, 1, 0, 1], [2, 1, 1])),
      ),
  ],
  [
    'an RSA key of 1024 bits',
    'ERR_JWK_INVALID',
    () =>
      sequence(
        sequence(oid('rsaEncryption'), NULL),
        bits(sequence(element(2, 0, Array(128).fill(0xa5)), [2, 3, 1, 0, 1])),
      ),
  ],
  [
    'an RSA exponent of 1',
    'ERR_JWK_INVALID',
    () =>
      sequence(sequence(oid('rsaEncryption'), NULL), bits(sequence(element(2, 0, Array(256).fill(0xa5)), [2, 1, 1]))),
  ],
  ['an RSA key outside of SubjectPublicKeyInfo (PKCS#1)', 'ERR_JWK_INVALID', ({ rsa }) => [...rsa]],
  [
    'a key of ML-DSA with parameters',
    'ERR_JWK_INVALID',
    () => sequence(sequence(oid('ML-DSA-44'), NULL), bits(Array(1312).fill(7))),
  ],
  [
    'a key of ML-DSA of the length of another parameter set',
    'ERR_JWK_INVALID',
    () => sequence(sequence(oid('ML-DSA-44')), bits(Array(1952).fill(7))),
  ],
  [
    'a key of SLH-DSA',
    'ERR_JOSE_NOT_SUPPORTED',
    () => sequence(sequence(oid('SLH-DSA-SHA2-128s')), bits(Array(32).fill(7))),
  ],
  [
    'bits that are not whole bytes',
    'ERR_JWK_INVALID',
    ({ ec }) => sequence(sequence(oid('id-ecPublicKey'), oid('secp256r1')), bits(ec, 1)),
  ],
  [
    'an OCTET STRING in place of the bits',
    'ERR_JWK_INVALID',
    ({ ec }) => sequence(sequence(oid('id-ecPublicKey'), oid('secp256r1')), element(4, ec)),
  ],
  ['an EC key without a curve', 'ERR_JWK_INVALID', ({ ec }) => sequence(sequence(oid('id-ecPublicKey')), bits(ec))],
  [
    'an EC key on secp224r1',
    'ERR_JOSE_NOT_SUPPORTED',
    ({ ec }) => sequence(sequence(oid('id-ecPublicKey'), oid('secp224r1')), bits(ec)),
  ],
  [
    'a point of P-256 that says it is on secp384r1',
    'ERR_JWK_INVALID',
    ({ ec }) => sequence(sequence(oid('id-ecPublicKey'), oid('secp384r1')), bits(ec)),
  ],
  [
    'a point of P-256 that says it is on secp256k1',
    'ERR_JWK_INVALID',
    ({ ec }) => sequence(sequence(oid('id-ecPublicKey'), oid('secp256k1')), bits(ec)),
  ],
  [
    'a compressed point',
    'ERR_JWK_INVALID',
    ({ ec }) => sequence(sequence(oid('id-ecPublicKey'), oid('secp256r1')), bits([2, ...ec.slice(1, 33)])),
  ],
  [
    'a hybrid point',
    'ERR_JWK_INVALID',
    ({ ec }) => sequence(sequence(oid('id-ecPublicKey'), oid('secp256r1')), bits([6, ...ec.slice(1)])),
  ],
  [
    'the point at infinity',
    'ERR_JWK_INVALID',
    () => sequence(sequence(oid('id-ecPublicKey'), oid('secp256r1')), bits([0])),
  ],
  [
    'a point off the curve',
    'ERR_JWK_INVALID',
    ({ ec }) => sequence(sequence(oid('id-ecPublicKey'), oid('secp256r1')), bits([...ec.slice(0, 64), ec[64] ^ 1])),
  ],
  [
    'an Ed25519 key with parameters',
    'ERR_JWK_INVALID',
    ({ okp }) => sequence(sequence(oid('id-Ed25519'), NULL), bits(okp)),
  ],
  [
    'an Ed25519 key of 33 bytes',
    'ERR_JWK_INVALID',
    ({ okp }) => sequence(sequence(oid('id-Ed25519')), bits([...okp, 0])),
  ],
  ['an X25519 key', 'ERR_JOSE_NOT_SUPPORTED', ({ okp }) => sequence(sequence(oid('id-X25519')), bits(okp))],
  ['a third element', 'ERR_JWK_INVALID', ({ okp }) => sequence(sequence(oid('id-Ed25519')), bits(okp), NULL)],
  ['bytes after its end', 'ERR_JWK_INVALID', ({ okp }) => [...sequence(sequence(oid('id-Ed25519')), bits(okp)), 0]],
  [
    'a length that is not the shortest',
    'ERR_JWK_INVALID',
    ({ okp }) => [0x30, 0x81, ...sequence(sequence(oid('id-Ed25519')), bits(okp)).slice(1)],
  ],
  [
    'an indefinite length',
    'ERR_JWK_INVALID',
    ({ okp }) => [0x30, 0x80, ...sequence(sequence(oid('id-Ed25519')), bits(okp)).slice(2), 0, 0],
  ],
  ['a length of 4 GB', 'ERR_JWK_INVALID', ({ okp }) => [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, ...okp]],
  ['no bytes', 'ERR_JWK_INVALID', () => []],
];

/** @type {Case[]} */
const refused = REFUSED.map(([what, code, make]) => ({
  name: `a PEM with ${what} is refused`,
  async run(t) {
    const [rsa, ec, okp] = (await Promise.all(['RS256', 'ES256', 'EdDSA'].map(signer))).map(contentOf);
    const error = await t.failure(() =>
      t.createVerifier({ ...EXPECTED, key: pemOf(Uint8Array.from(make({ rsa, ec, okp }))) }),
    );
    t.refusal(error, { code, claim: error.claim, reason: error.reason });
  },
}));

/** Changes to the text of a good PEM. @type {Array<[string, (pem: string) => string]>} */
const TEXTS = [
  ['twice', (pem) => pem + pem],
  ['with text before it', (pem) => `subject=issuer\n${pem}`],
  ['with text after it', (pem) => `${pem}end`],
  ['without its last line', (pem) => pem.replace(/-----END.*\n$/, '')],
  ['without its first line', (pem) => pem.replace(/^.*\n/, '')],
  ['with another label at its end', (pem) => pem.replace('END PUBLIC', 'END RSA PUBLIC')],
  ['with four dashes', (pem) => pem.replace('-----BEGIN', '----BEGIN')],
  ['with a label in lower case', (pem) => pem.replaceAll('PUBLIC KEY', 'public key')],
  ['in base64url', (pem) => pem.replace(/\n[^-]+\n/, (body) => body.replace(/[A-Za-z0-9]/, '_'))],
  ['with a letter that is not ASCII', (pem) => pem.replace(/\nM/, '\nМ')],
  ['with a header', (pem) => pem.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n')],
];

/** @type {Case[]} */
const texts = TEXTS.map(([what, change]) => ({
  name: `a PEM ${what} is refused`,
  async run(t) {
    for (const alg of ['RS256', 'EdDSA']) {
      const { pem } = await signer(alg);
      t.ok(change(pem) !== pem, 'it is changed');
      const error = await t.failure(() => t.createVerifier({ ...EXPECTED, key: change(pem) }));
      t.ok(['ERR_JWK_INVALID', 'ERR_JOSE_NOT_SUPPORTED'].includes(error.code), `a typed refusal, not ${error?.stack}`);
    }
  },
}));

/** @type {Case[]} */
const altered = ASYMMETRIC.flatMap((alg) => [
  {
    name: `no beginning of the DER of a key of ${alg} is a key`,
    async run(t) {
      const { raw } = await signer(alg);
      for (let length = 0; length < raw.length; length++) {
        const error = await t.failure(() => t.createVerifier({ ...EXPECTED, key: pemOf(raw.slice(0, length)) }));
        t.refusal(error, { code: 'ERR_JWK_INVALID' });
      }
    },
  },
  {
    name: `no other DER of as many bytes is the same key of ${alg}`,
    async run(t) {
      const { raw } = await signer(alg);
      const { good } = await t.subject(alg);
      for (let at = 0; at < raw.length; at++) {
        const changed = raw.slice();
        changed[at] ^= 1 << (at % 8);
        const error = await t.failure(async () =>
          (await t.createVerifier({ ...EXPECTED, key: pemOf(changed) })).verify(good),
        );
        t.ok(error instanceof t.TollgateError, `byte ${at}: a typed refusal, not ${error?.stack}`);
      }
    },
  },
]);

export default [...refused, ...texts, ...altered];
