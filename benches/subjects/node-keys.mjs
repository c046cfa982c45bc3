// @ts-check
// Keys in the forms of libraries that are for Node.js alone.

import { Buffer } from 'node:buffer';
import { createPublicKey, createSecretKey } from 'node:crypto';

/** @typedef {import('./index.mjs').Question} Question */

/** @param {'one key'} what a library has @param {Question} question */
export function only(what, question) {
  if (!question.jwk) throw new Error(`it takes ${what}`);
  return question;
}

/** @param {Question} question */
const secret = ({ jwk }) => Buffer.from(jwk.k, 'base64url');

/** @param {Question} question */
export const keyObject = (question) =>
  question.jwk.kty === 'oct'
    ? createSecretKey(secret(question))
    : createPublicKey({ key: question.jwk, format: 'jwk' });

/** PEM text, or the bytes of a secret. @param {Question} question */
export const pemOrSecret = (question) =>
  question.jwk.kty === 'oct' ? secret(question) : String(keyObject(question).export({ format: 'pem', type: 'spki' }));
