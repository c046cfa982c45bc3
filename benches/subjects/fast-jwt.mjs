// @ts-check
// fast-jwt: synchronous, since its key is given; with its cache too, whose key it hashes unless told otherwise.

import { createVerifier } from 'fast-jwt';
import { only, pemOrSecret } from './node-keys.mjs';

/** @param {string} name @param {object} [more] @returns {import('./index.mjs').Subject} */
const subject = (name, more) => ({
  name,
  async setup(question) {
    const { alg, issuer, audience } = only('one key', question);
    const options = {
      key: pemOrSecret(question),
      algorithms: [alg],
      allowedIss: issuer,
      allowedAud: audience,
      ...more,
    };
    return { verify: /** @type {any} */ (createVerifier(/** @type {any} */ (options))) };
  },
});

export const subjects = [
  subject('fast-jwt'),
  subject('fast-jwt cached', { cache: true }),
  subject('fast-jwt cached, not hashed', { cache: true, cacheKeyBuilder: (/** @type {string} */ token) => token }),
];
