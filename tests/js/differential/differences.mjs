// @ts-check
// Where Tollgate differs from jose on purpose: the tables of docs/jose.md, as something that runs. A difference that is not
// here fails the test, and so does a row that no call needs.

/**
 * @typedef {{ value: unknown, error?: undefined, code?: undefined }} Accepted
 * @typedef {{ value?: undefined, error: string, code?: string, claim?: string, reason?: string, message: string }} Refused
 * @typedef {Accepted | Refused} Side
 * @typedef {(call: import('./cases.mjs').Call, jose: Side, ours: Side) => boolean} Difference
 */

/** Ours says that the text is malformed, by the error that the function has for it. @type {Difference} */
const malformed = (call, _, ours) => {
  switch (call.name) {
    case 'decodeProtectedHeader':
    case 'base64url.decode':
      return ours.error === 'TypeError';
    case 'generalVerify':
      // It says of no signature why it is refused, and may find a good one after it.
      return ours.error === undefined || ours.code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
    default:
      return ours.code === 'ERR_JWS_INVALID' || ours.code === 'ERR_JWT_INVALID';
  }
};

/** A defect that only the strict side minds. @param {string} tag @param {Difference} holds @returns {Difference} */
const defect = (tag, holds) => (call, jose, ours) => call.tags.includes(tag) && holds(call, jose, ours);

/** @param {Side} side */
const isTypeError = (side, /** @type {RegExp} */ message) => side.error === 'TypeError' && message.test(side.message);

/** @param {Side} side */
const isDomException = (side, /** @type {RegExp} */ message) => side.error === 'DOMException' && message.test(side.message);

/** jose has no error of its own: the runtime throws, or takes the key and verifies nothing with it. @param {Side} jose */
const leavesItToTheRuntime = (jose) => jose.error !== undefined && (jose.code === undefined || jose.code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');

/** @type {Record<string, Difference>} */
export const DIFFERENCES = {
  'duplicate members': defect('duplicate-member', malformed),
  'a byte order mark': defect('byte-order-mark', malformed),
  'lone surrogates': defect('lone-surrogate', malformed),
  NUL: defect('nul', malformed),
  'deep nesting': defect('depth', malformed),
  'bits after the last byte of base64url': defect('base64url-trailing-bits', malformed),
  'padded base64url': defect('base64url-padding', malformed),
  'white space in base64url': defect('base64url-white-space', malformed),
  'a kid or typ that is no text': defect('header-parameter-type', malformed),
  'crit and b64 that contradict each other': defect('extension', malformed),
  'numbers that JavaScript does not hold': defect(
    'number-range',
    (_, __, ours) => ours.code === 'ERR_JWT_CLAIM_VALIDATION_FAILED' && ours.reason === 'invalid',
  ),
  'a mixed audience': defect(
    'mixed-audience',
    (_, __, ours) => ours.code === 'ERR_JWT_CLAIM_VALIDATION_FAILED' && ours.claim === 'aud' && ours.reason === 'check_failed',
  ),
  'fractions of a second in claims': defect(
    'fractional-claim',
    (_, __, ours) => ours.error !== undefined && ['exp', 'nbf', 'iat'].includes(String(ours.claim)),
  ),
  'fractions of a second in options': defect(
    'fractional-option',
    (_, __, ours) => ours.error !== undefined && ['exp', 'nbf', 'iat'].includes(String(ours.claim)),
  ),
  'options that cannot be used are found first': defect(
    'invalid-option',
    (_, jose, ours) => jose.code !== undefined && ours.error === 'TypeError' && /^Invalid /.test(ours.message),
  ),
  'a short secret': (_, jose, ours) =>
    (jose.error === undefined || leavesItToTheRuntime(jose)) && isTypeError(ours, /^HS\d+ requires key length to be \d+ bits or larger$/),
  'a JWK whose k is not base64url': (call, _, ours) =>
    call.tags.some((tag) => tag.endsWith('jwk-member')) && isTypeError(ours, /^The input to be decoded is not correctly encoded\.$/),
  'a malformed JWK, or one of another curve': (call, _, ours) =>
    call.tags.some((tag) => /jwk-|other-key|pem/.test(tag)) && (ours.code === 'ERR_JWK_INVALID' || isTypeError(ours, /modulusLength|its algorithm/)),
  'operations beside verify in key_ops': (call, jose, ours) =>
    call.tags.some((tag) => tag.endsWith('jwk-key-ops')) &&
    isDomException(jose, /key usage/) &&
    (ours.error === undefined || /^ERR_JW[ST]_/.test(ours.code ?? '')),
  'a malformed PEM, or one of another key': (call, jose, ours) =>
    call.tags.some((tag) => /other-key|pem/.test(tag)) &&
    leavesItToTheRuntime(jose) &&
    (ours.code === 'ERR_JOSE_NOT_SUPPORTED' || isTypeError(ours, /must be SPKI formatted string/)),
};
