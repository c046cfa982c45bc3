// @ts-check
// What is measured, by library. Those that need Node.js are named in `node.mjs`, which no bundle for another runtime takes in.

/**
 * What a library is asked: to verify tokens of one key, of a set of keys, or of several issuers.
 * @typedef {object} Question
 * @property {string} alg
 * @property {string} issuer
 * @property {string} audience
 * @property {any} [jwk] a public key or a secret
 * @property {any[]} [jwks]
 * @property {{ issuer: string, jwk: any }[]} [issuers]
 */

/**
 * One way to call a library. `verify` throws or rejects when the token is bad.
 * @typedef {object} Subject
 * @property {string} name the library, then what is special
 * @property {(question: Question) => Promise<{ verify: (token: string) => unknown, free?: () => void }>} setup throws where it has no such thing
 */

/** @typedef {Record<string, () => Promise<{ subjects: Subject[] }>>} Libraries */

/** @type {Libraries} */
export const EVERYWHERE = {
  tollgate: () => import('./tollgate.mjs'),
  jose: () => import('./jose.mjs'),
  'aws-jwt-verify': () => import('./aws-jwt-verify.mjs'),
  'subtle.verify': () => import('./subtle.mjs'),
};
