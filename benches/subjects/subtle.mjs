// @ts-check
// `crypto.subtle.verify` alone, of bytes that are ready: the least that a library over WebCrypto can take. It reads no claims.

/** @type {Record<string, { key: any, verify: any }>} */
const PARAMETERS = {
  HS256: { key: { name: 'HMAC', hash: 'SHA-256' }, verify: 'HMAC' },
  RS256: { key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, verify: 'RSASSA-PKCS1-v1_5' },
  PS256: { key: { name: 'RSA-PSS', hash: 'SHA-256' }, verify: { name: 'RSA-PSS', saltLength: 32 } },
  ES256: { key: { name: 'ECDSA', namedCurve: 'P-256' }, verify: { name: 'ECDSA', hash: 'SHA-256' } },
  ES384: { key: { name: 'ECDSA', namedCurve: 'P-384' }, verify: { name: 'ECDSA', hash: 'SHA-384' } },
  EdDSA: { key: { name: 'Ed25519' }, verify: 'Ed25519' },
};

/** @param {string} text in base64url */
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

/** @type {import('./index.mjs').Subject[]} */
export const subjects = [
  {
    name: 'subtle.verify',
    async setup({ alg, jwk }) {
      if (!jwk) throw new Error('it takes one key');
      const { kty, crv, x, y, n, e, k } = jwk;
      const plain = Object.fromEntries(Object.entries({ kty, crv, x, y, n, e, k }).filter(([, value]) => value));
      const key = await crypto.subtle.importKey('jwk', plain, PARAMETERS[alg].key, false, ['verify']);
      /** @type {Map<string, { data: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer> }>} */
      const ready = new Map();
      return {
        async verify(token) {
          let parts = ready.get(token);
          if (!parts) {
            const dot = token.lastIndexOf('.');
            parts = { data: new TextEncoder().encode(token.slice(0, dot)), signature: bytes(token.slice(dot + 1)) };
            ready.set(token, parts);
          }
          const { data, signature } = parts;
          if (!(await crypto.subtle.verify(PARAMETERS[alg].verify, key, signature, data)))
            throw new Error('not verified');
        },
      };
    },
  },
];
