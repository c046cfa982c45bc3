// @ts-check
// jsonwebtoken: with a `KeyObject`, so that it parses no key for each token.

// @ts-expect-error: it has no types
import jsonwebtoken from 'jsonwebtoken';
import { keyObject, only } from './node-keys.mjs';

/** @type {import('./index.mjs').Subject[]} */
export const subjects = [
  {
    name: 'jsonwebtoken',
    async setup(question) {
      const { alg, issuer, audience } = only('one key', question);
      const key = keyObject(question);
      const options = { algorithms: [/** @type {any} */ (alg)], issuer, audience };
      return { verify: (token) => jsonwebtoken.verify(token, key, options) };
    },
  },
];
