// @ts-check
// Keys as OpenSSL writes them: X.509 certificates, which are envelopes of a key and no more, and PKCS#1.

import { CERTIFIED, ENCIPHERMENT, PKCS1, PSS } from './openssl-keys.mjs';
import { EXPECTED, claims, derOf, pemOf, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const INVALID = { code: 'ERR_JWK_INVALID' };
const UNSUPPORTED = { code: 'ERR_JOSE_NOT_SUPPORTED' };

/** @type {Array<[string, (certificate: string) => unknown]>} */
const FORMS = [
  ['PEM', (certificate) => certificate],
  ['DER', (certificate) => ({ der: derOf(certificate) })],
];

/** @type {Case[]} */
const verified = Object.entries(CERTIFIED).flatMap(([alg, { jwk, token, certificate }]) =>
  FORMS.map(([form, make]) => ({
    name: `${alg} verifies with the key of a certificate in ${form}, whatever its validity`,
    async run(t) {
      const verifier = await t.createVerifier({ ...EXPECTED, key: make(certificate) });
      t.deepEqual(verifier.verifySync(token).claims, claims(), 'claims');
      t.deepEqual(verifier.jwks(), { keys: [jwk] }, 'jwks()');
      const [header, payload, signature] = token.split('.');
      const forged = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
      await t.fails(() => verifier.verify(forged), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    },
  })),
);

/** @type {Case[]} */
const others = [
  {
    name: 'RS256 verifies with a key in PKCS#1, as PEM and as DER',
    async run(t) {
      for (const key of [PKCS1, { der: derOf(PKCS1) }]) {
        const verifier = await t.createVerifier({ ...EXPECTED, key });
        t.deepEqual(verifier.verifySync(CERTIFIED.RS256.token).claims, claims(), 'claims');
      }
    },
  },
  {
    name: 'a certificate whose critical key usage leaves digitalSignature out is refused',
    async run(t) {
      for (const key of [ENCIPHERMENT.critical, { der: derOf(ENCIPHERMENT.critical) }]) {
        await t.fails(() => t.createVerifier({ ...EXPECTED, key }), INVALID);
      }
      const verifier = await t.createVerifier({ ...EXPECTED, key: ENCIPHERMENT.hint });
      t.ok(verifier.verifySync(CERTIFIED.RS256.token), 'a usage that is not critical is a hint');
    },
  },
  {
    name: 'a critical key usage is critical in DER only: there is one spelling of true, and nothing after the bits',
    async run(t) {
      const good = derOf(CERTIFIED.RS256.certificate);
      t.ok(await t.createVerifier({ ...EXPECTED, key: { der: good } }), 'as it is');
      const der = derOf(ENCIPHERMENT.critical);
      // keyUsage, BOOLEAN, OCTET STRING, BIT STRING of 5 unused bits
      const usage = [6, 3, 85, 29, 15, 1, 1, 255, 4, 4, 3, 2, 5];
      const at = der.findIndex((_, start) => usage.every((byte, offset) => der[start + offset] === byte));
      t.ok(at > 0, 'the extension is there');
      const changed = (/** @type {Record<number, number>} */ bytes) => {
        const copy = der.slice();
        for (const [offset, byte] of Object.entries(bytes)) copy[at + Number(offset)] = byte;
        return t.createVerifier({ ...EXPECTED, key: { der: copy } });
      };
      t.ok(await changed({ 7: 0 }), 'false');
      t.ok(await changed({ 13: 0xa0 }), 'digitalSignature');
      for (const bytes of [{ 7: 1 }, { 7: 0x7f }, { 12: 8, 13: 0xa0 }, { 11: 1, 12: 0, 13: 0xa0 }]) {
        await t.fails(() => changed(bytes), INVALID);
      }
    },
  },
  {
    name: 'a certificate of an RSASSA-PSS key is not supported',
    async run(t) {
      for (const key of [PSS, { der: derOf(PSS) }]) {
        await t.fails(() => t.createVerifier({ ...EXPECTED, key }), UNSUPPORTED);
      }
    },
  },
  {
    name: 'a chain of certificates is refused',
    async run(t) {
      const key = CERTIFIED.RS256.certificate + CERTIFIED.ES256.certificate;
      await t.fails(() => t.createVerifier({ ...EXPECTED, key }), INVALID);
    },
  },
  {
    name: 'the label of a PEM and what is in it must agree',
    async run(t) {
      const { raw } = await signer('RS256');
      const contents = { 'PUBLIC KEY': raw, 'RSA PUBLIC KEY': derOf(PKCS1), CERTIFICATE: derOf(CERTIFIED.RS256.certificate) };
      for (const [is, der] of Object.entries(contents)) {
        for (const says of Object.keys(contents).filter((label) => label !== is)) {
          await t.fails(() => t.createVerifier({ ...EXPECTED, key: pemOf(der, says) }), INVALID);
        }
        for (const says of ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']) {
          await t.fails(() => t.createVerifier({ ...EXPECTED, key: pemOf(der, says) }), INVALID);
        }
        for (const says of ['CERTIFICATE REQUEST', 'X509 CRL', 'PKCS7', 'EC PUBLIC KEY']) {
          await t.fails(() => t.createVerifier({ ...EXPECTED, key: pemOf(der, says) }), UNSUPPORTED);
        }
      }
    },
  },
  {
    name: 'no beginning of a certificate is a key, and no change of its structure makes it fail otherwise than typed',
    async run(t) {
      for (const { certificate } of [CERTIFIED.ES256, CERTIFIED.ES384]) {
        const der = derOf(certificate);
        for (let length = 0; length < der.length; length++) {
          await t.fails(() => t.createVerifier({ ...EXPECTED, key: { der: der.slice(0, length) } }), INVALID);
        }
        for (let at = 0; at < der.length; at++) {
          const changed = der.slice();
          changed[at] ^= 1 << (at % 8);
          const error = await t.createVerifier({ ...EXPECTED, key: { der: changed } }).then(
            () => undefined,
            (/** @type {any} */ error) => error,
          );
          t.ok(error === undefined || error instanceof t.TollgateError, `byte ${at}: ${error?.stack}`);
        }
      }
    },
  },
];

export default [...verified, ...others];
