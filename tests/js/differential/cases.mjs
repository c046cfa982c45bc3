// @ts-check
// Calls that are made on both sides. A case is plain data: each side gets a copy of its own.

import { header, json, mutate, policy, sign } from './tokens.mjs';

/**
 * @typedef {object} Call
 * @property {string} name For people: what is called.
 * @property {unknown[]} data What it is called with, for whoever reads a failure.
 * @property {string[]} tags
 * @property {(jose: typeof import('jose')) => unknown} run
 */

const WEIGHTS = { claims: 40, mutated: 22, key: 14, set: 9, flattened: 6, general: 3, decode: 6, imported: 5, base64url: 2 };

/** One call. @param {import('./random.mjs').Random} random @param {Record<string, import('./keys.mjs').Signer[]>} signers @returns {Call} */
export function call(random, signers) {
  const kind = random.weighted(WEIGHTS);
  // Claims are checked alike whatever signed them, so most are signed by what is fast.
  const alg = kind === 'claims' && random.chance(0.8) ? 'HS256' : random.pick(Object.keys(signers));
  return KINDS[kind](random, random.pick(signers[alg]), signers);
}

/** @type {Record<keyof typeof WEIGHTS, (random: import('./random.mjs').Random, signer: import('./keys.mjs').Signer, signers: Record<string, import('./keys.mjs').Signer[]>) => Call>} */
const KINDS = {
  claims(random, signer) {
    const token = draw(random, signer);
    return jwtVerify(token.parts.join('.'), keyOf(signer), token.options, token.tags);
  },

  mutated(random, signer) {
    const token = draw(random, signer, 0.3);
    const { text, tags } = mutate(random, token.parts);
    const options = random.chance(0.3) ? token.options : {};
    return jwtVerify(text, keyOf(signer), options, [...token.tags, ...tags]);
  },

  key(random, signer, signers) {
    const { parts, tags } = good(signer);
    const other = random.chance(0.3) ? random.pick(random.pick(Object.values(signers))) : signer;
    const { jwk, tags: keyTags } = alterJwk(random, other);
    if (other !== signer) keyTags.push('other-key');
    const key = other.secret && random.chance(0.3) ? alterSecret(random, other.secret) : { key: jwk, tags: keyTags };
    return jwtVerify(parts.join('.'), key.key, algorithms(random), [...tags, ...key.tags]);
  },

  set(random, signer, signers) {
    const token = draw(random, signer, 0.2);
    /** @type {string[]} */
    const tags = [];
    const keys = Array.from({ length: random.below(5) }, () => {
      const other = random.chance(0.5) ? signer : random.pick(random.pick(Object.values(signers)));
      const altered = random.chance(0.3) ? alterJwk(random, other) : { jwk: { ...other.jwk }, tags: [] };
      if (random.chance(0.6)) altered.jwk['kid'] = random.pick(['a', 'a', 'b', '', 1, null]);
      tags.push(...altered.tags.map((tag) => `set-${tag}`));
      return random.chance(0.02) ? random.pick([null, 1, 'x', []]) : altered.jwk;
    });
    const jwks = random.chance(0.03) ? random.pick([null, {}, [], { keys: {} }, 'x']) : { keys };
    const text = token.parts.join('.');
    const { options } = token;
    return {
      name: 'jwtVerify with createLocalJWKSet',
      data: [text, jwks, options],
      tags: [...token.tags, ...tags, 'set'],
      run: (jose) => jose.jwtVerify(text, jose.createLocalJWKSet(structuredClone(jwks)), structuredClone(options)),
    };
  },

  flattened(random, signer) {
    const { jws: whole, tags } = flattenedJws(random, signer);
    const jws = random.chance(0.01) ? random.pick([null, 'x', [], 1]) : whole;
    const options = { ...algorithms(random), ...(random.chance(0.2) && { crit: random.pick([{ exp: true }, { exp: false }, { b64: true }, {}]) }) };
    const key = keyOf(signer);
    return {
      name: 'flattenedVerify',
      data: [jws, key, options],
      tags,
      run: (jose) => jose.flattenedVerify(structuredClone(jws), structuredClone(key), structuredClone(options)),
    };
  },

  general(random, signer, signers) {
    const one = flattenedJws(random, signer);
    const tags = [...one.tags];
    const signatures = Array.from({ length: random.below(4) }, () => {
      const { jws, tags: more } = flattenedJws(random, random.chance(0.5) ? signer : random.pick(random.pick(Object.values(signers))));
      tags.push(...more);
      const { payload: _, ...signature } = jws;
      return signature;
    });
    const { payload, ...first } = one.jws;
    signatures.splice(random.below(signatures.length + 1), 0, first);
    const jws = random.chance(0.05) ? random.pick([null, {}, { payload }, { payload, signatures: {} }, { signatures }]) : { payload, signatures };
    const key = keyOf(signer);
    return { name: 'generalVerify', data: [jws, key], tags, run: (jose) => jose.generalVerify(structuredClone(jws), structuredClone(key)) };
  },

  decode(random, signer) {
    const token = draw(random, signer);
    const { text, tags } = random.chance(0.5) ? mutate(random, token.parts) : { text: token.parts.join('.'), tags: [] };
    const name = random.pick(/** @type {const} */ (['decodeJwt', 'decodeProtectedHeader']));
    return { name, data: [text], tags: [...token.tags, ...tags, 'decode'], run: (jose) => jose[name](text) };
  },

  imported(random, signer, signers) {
    const other = random.chance(0.2) ? random.pick(random.pick(Object.values(signers))) : signer;
    const { jwk, tags } = alterJwk(random, other);
    const { parts } = good(signer);
    const alg = random.chance(0.8) ? signer.alg : random.pick(Object.keys(signers));
    if (other !== signer || alg !== other.alg) tags.push('other-key');
    if (other.spki !== undefined && random.chance(0.5)) {
      const spki = random.chance(0.7) ? other.spki : alterText(random, other.spki);
      const isGood = other === signer && alg === signer.alg;
      return {
        name: 'jwtVerify with importSPKI',
        data: [spki, alg, parts.join('.')],
        tags: [...(spki === other.spki ? [] : ['pem']), ...(isGood ? [] : ['other-key'])],
        run: async (jose) => jose.compactVerify(parts.join('.'), await jose.importSPKI(spki, alg)),
      };
    }
    return {
      name: 'jwtVerify with importJWK',
      data: [jwk, alg, parts.join('.')],
      tags: [...tags, 'imported'],
      run: async (jose) => jose.compactVerify(parts.join('.'), await jose.importJWK(structuredClone(jwk), alg)),
    };
  },

  base64url(random) {
    const text = Array.from({ length: random.below(9) }, () => random.pick([...'ABCabc019-_', ...(random.chance(0.1) ? '+/= \n.é' : '')])).join('');
    return { name: 'base64url.decode', data: [text], tags: ['base64url-trailing-bits', 'base64url-padding', 'base64url-white-space'], run: (jose) => jose.base64url.decode(text) };
  },
};

/** @param {string} token @param {unknown} key @param {Record<string, unknown>} options @param {string[]} tags @returns {Call} */
function jwtVerify(token, key, options, tags) {
  return {
    name: 'jwtVerify',
    data: [token, key, options],
    tags,
    run: (jose) => jose.jwtVerify(token, structuredClone(/** @type {any} */ (key)), structuredClone(options)),
  };
}

/** A token with a policy, either of which may be odd. @param {import('./random.mjs').Random} random @param {import('./keys.mjs').Signer} signer @param {number} [odds] how likely there is a policy */
function draw(random, signer, odds = 1) {
  const { options, claims, tags } = random.chance(odds) ? policy(random) : { options: {}, claims: { sub: 'alice' }, tags: [] };
  const drawn = header(random, signer.alg);
  const signed = sign(random, signer, drawn.header, claims);
  return { parts: signed.parts, options: { ...options, ...(random.chance(0.1) && algorithms(random)) }, tags: [...tags, ...drawn.tags, ...signed.tags] };
}

/** A token without a fault. @param {import('./keys.mjs').Signer} signer @returns {{ parts: string[], tags: string[] }} */
function good(signer) {
  const input = [{ alg: signer.alg }, { sub: 'alice' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return { parts: [...input.split('.'), signer.sign(input).toString('base64url')], tags: [] };
}

/** @param {import('./keys.mjs').Signer} signer */
const keyOf = (signer) => signer.secret ?? signer.jwk;

/** @param {import('./random.mjs').Random} random */
const algorithms = (random) =>
  random.chance(0.3) ? { algorithms: random.pick([['HS256'], ['RS256', 'ES256', 'EdDSA'], [], ['none'], 'HS256', [1], ['PS256', 'PS384', 'PS512', 'ES384']]) } : {};

/** @param {import('./random.mjs').Random} random @param {import('./keys.mjs').Signer} signer @returns {{ jwk: Record<string, any>, tags: string[] }} */
function alterJwk(random, signer) {
  /** @type {Record<string, any>} */
  const jwk = { ...signer.jwk };
  const tags = [];
  for (let changes = random.below(3); changes > 0; changes--) {
    const member = random.pick(Object.keys(jwk));
    switch (random.weighted({ use: 3, ops: 3, alg: 3, ext: 1, kid: 1, drop: 2, type: 2, crv: 2, kty: 2, value: 3, private: 1, padding: 1, zero: 1 })) {
      case 'use':
        jwk['use'] = random.pick(['sig', 'sig', 'enc', '', 1, null]);
        tags.push('jwk-use');
        break;
      case 'ops':
        jwk['key_ops'] = random.pick([['verify'], ['sign', 'verify'], ['sign'], [], ['verify', 'verify'], 'verify', [1], null, ['verify', 'deriveKey']]);
        tags.push('jwk-key-ops');
        break;
      case 'alg':
        jwk['alg'] = random.pick([signer.alg, signer.alg, 'ES256', 'RS256', 'EdDSA', '', 1, null]);
        tags.push('jwk-alg');
        break;
      case 'ext':
        jwk['ext'] = random.pick([true, false, 1]);
        tags.push('jwk-ext');
        break;
      case 'kid':
        jwk['kid'] = random.pick(['a', 1, null]);
        tags.push('jwk-kid');
        break;
      case 'drop':
        delete jwk[member];
        tags.push('jwk-member');
        break;
      case 'type':
        jwk[member] = random.pick([1, null, {}, [], true, '']);
        tags.push('jwk-member');
        break;
      case 'crv':
        jwk['crv'] = random.pick(['P-256', 'P-384', 'P-521', 'Ed25519', 'X25519', 'secp256k1', 'x']);
        tags.push('jwk-member');
        break;
      case 'kty':
        jwk['kty'] = random.pick(['RSA', 'EC', 'OKP', 'oct', 'AKP', 'rsa', '']);
        tags.push('jwk-member');
        break;
      case 'value':
        if (typeof jwk[member] === 'string' && jwk[member] !== '') jwk[member] = alterText(random, jwk[member]);
        tags.push('jwk-member');
        break;
      case 'private':
        jwk[random.pick(['d', 'p', 'priv'])] = random.pick(['AQAB', '', 1]);
        tags.push('jwk-private');
        break;
      case 'padding':
        if (typeof jwk[member] === 'string') jwk[member] += '=';
        tags.push('jwk-member');
        break;
      default:
        for (const name of ['n', 'e', 'x', 'y']) if (typeof jwk[name] === 'string' && random.chance(0.5)) jwk[name] = Buffer.concat([Buffer.alloc(1), Buffer.from(jwk[name], 'base64url')]).toString('base64url');
        tags.push('jwk-member');
    }
  }
  return { jwk, tags };
}

/** @param {import('./random.mjs').Random} random @param {Uint8Array} secret */
function alterSecret(random, secret) {
  const length = random.pick([0, 1, 16, 31, secret.length - 1, secret.length, secret.length]);
  return { key: secret.slice(0, length), tags: length < secret.length ? ['short-secret'] : [] };
}

/** One character more, less or other. @param {import('./random.mjs').Random} random @param {string} text */
function alterText(random, text) {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(['', 'A', '-', '\n', '!', 'é']) + text.slice(at + random.below(2));
}

/** @param {import('./random.mjs').Random} random @param {import('./keys.mjs').Signer} signer @returns {{ jws: Record<string, unknown>, tags: string[] }} */
function flattenedJws(random, signer) {
  const drawn = header(random, signer.alg);
  const tags = [...drawn.tags];
  /** @type {Record<string, unknown>} */
  const unprotected = {};
  for (const name of Object.keys(drawn.header)) {
    if (!random.chance(0.15)) continue;
    unprotected[name] = drawn.header[name];
    if (random.chance(0.7)) delete drawn.header[name];
  }
  if (random.chance(0.2)) unprotected['x'] = 1;
  const hasHeader = Object.keys(unprotected).length > 0;
  const hasProtected = Object.keys(drawn.header).length > 0 || random.chance(0.5);
  const encoded = json(random, drawn.header);
  tags.push(...(hasProtected ? encoded.tags : []));
  const protectedHeader = hasProtected ? encoded.bytes.toString('base64url') : '';
  const bytes = Buffer.from(random.pick(['', 'payload', '{"a":1}', 'é', 'a.b']));
  const detached = drawn.header['b64'] === false && random.chance(0.9);
  const payload = detached ? (random.chance(0.5) ? bytes.toString() : new Uint8Array(bytes)) : bytes.toString('base64url');
  const signature = signer.sign(Buffer.concat([Buffer.from(`${protectedHeader}.`), detached ? bytes : Buffer.from(String(payload))])).toString('base64url');
  /** @type {Record<string, unknown>} */
  const jws = { payload, signature, ...(hasProtected && { protected: protectedHeader }), ...(hasHeader && { header: unprotected }) };
  if (hasHeader) tags.push('unprotected');
  if (random.chance(0.1)) {
    jws[random.pick(['payload', 'signature', 'protected', 'header'])] = random.pick([undefined, null, 1, '', {}, 'A', '!', 'AA==']);
    tags.push('base64url-padding');
  }
  return { jws, tags: [...tags, 'json'] };
}
