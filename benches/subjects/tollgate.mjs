// @ts-check
// tollgate, as its reference says to use it.

import { createVerifier } from 'tollgate/verify';

/** @typedef {import('./index.mjs').Question} Question */

/** @param {Question} question @param {object} [more] */
function open({ alg, issuer, audience, jwk, jwks, issuers }, more) {
  const policy = { audience, algorithms: [/** @type {any} */ (alg)], ...more };
  if (issuers) return createVerifier({ ...policy, issuer: issuers.map(({ issuer, jwk }) => ({ issuer, key: jwk })) });
  return createVerifier({ ...policy, issuer, ...(jwks ? { jwks: { keys: jwks } } : { key: jwk }) });
}

/** @param {string} name @param {'verify' | 'verifySync'} method @param {object} [more] @returns {import('./index.mjs').Subject} */
const subject = (name, method, more) => ({
  name,
  async setup(question) {
    const verifier = await open(question, more);
    return { verify: (token) => verifier[method](token), free: () => verifier.free() };
  },
});

export const subjects = [
  subject('tollgate verify', 'verify'),
  subject('tollgate verifySync', 'verifySync'),
  subject('tollgate cached', 'verifySync', { cache: { maxEntries: 1000 } }),
  subject('tollgate portable', 'verifySync', { backend: 'portable' }),
  subject('tollgate webcrypto', 'verify', { backend: 'webcrypto' }),
];
