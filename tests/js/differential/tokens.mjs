// @ts-check
// Tokens, good and bad. Whatever only the strict side minds is a `tag`, which the list of differences knows.

/** The second at which every token is verified. */
export const NOW = 1_700_000_000;

const ISSUER = 'https://as.example';
const AUDIENCE = 'https://api.example';
const ODD = [null, true, '', 'x', 0, -1, 1.5, [], {}, [ISSUER], [AUDIENCE], ['x', 1], [AUDIENCE, 1], '1700000000', 2 ** 53, -(2 ** 63)];

/** Values of `clockTolerance` or `maxTokenAge` of which the caller is told. */
const BAD_SECONDS = ['soon', -1, Number.NaN, Number.POSITIVE_INFINITY, null, true, '-5 s', '5 s ago'];

/** @typedef {{ text: string, tags: string[] }} Tagged */

/** @param {unknown} bytes */
const encode = (bytes) => Buffer.from(/** @type {any} */ (bytes)).toString('base64url');

/** Options of `jwtVerify` and claims that often, not always, meet them. @param {import('./random.mjs').Random} random */
export function policy(random) {
  /** @type {Record<string, any>} */
  const options = { currentDate: new Date(NOW * 1000) };
  /** @type {Record<string, any>} */
  const claims = {};
  const tags = [];
  const time = () => NOW + random.pick([0, 0, 1, -1, 5, -5, 60, -60, 3600, -3600, 0.5, -0.5]);
  const some = (/** @type {string} */ claim, /** @type {() => unknown} */ value) => {
    if (random.chance(0.85)) claims[claim] = random.chance(0.05) ? random.pick(ODD) : value();
  };
  some('iss', () => random.pick([ISSUER, ISSUER, ISSUER, ISSUER, `${ISSUER}/`, 'x']));
  some('sub', () => random.pick(['alice', 'alice', 'alice', 'alice', 'bob']));
  some('aud', () => random.pick([AUDIENCE, [AUDIENCE], ['x', AUDIENCE], ['x'], 'x', []]));
  some('exp', () => (random.chance(0.75) ? NOW + 300 : time()));
  some('nbf', () => (random.chance(0.75) ? NOW - 300 : time()));
  some('iat', () => (random.chance(0.75) ? NOW - 30 : time()));
  some('jti', () => 'j');
  if (random.chance(0.3)) claims[random.pick(['nested', 'toString', 'constructor', 'é', 'a b'])] = random.pick([{ a: [1, { b: null }] }, 'ü\u0000\u2028', [[[[]]]], 12345678901234567890, 1e-7, -0]);
  if (random.chance(0.3)) options.issuer = random.pick([ISSUER, ISSUER, [ISSUER, 'y'], ['y']]);
  if (random.chance(0.3)) options.subject = 'alice';
  if (random.chance(0.3)) options.audience = random.pick([AUDIENCE, AUDIENCE, [AUDIENCE, 'y'], ['y']]);
  if (random.chance(0.25)) options.clockTolerance = random.pick([0, 1, 1, 5, 5, 60, 60, '5 seconds', '1 minute', '2h', 'soon', -1, 0.5, 1.5, 59.5, Number.NaN, null, true]);
  if (random.chance(0.2)) options.maxTokenAge = random.pick([0, 29, 30, 31, 3600, '30s', '1 hour', '-5 s', '5 s ago', -1, 29.5, 30.5, Number.POSITIVE_INFINITY]);
  if (random.chance(0.2)) options.requiredClaims = random.pick([['jti'], ['jti', 'sub'], ['absent'], ['toString'], ['exp', 'iat', 'nbf'], []]);
  if (random.chance(0.1)) options.typ = random.pick(['JWT', 'at+jwt', 'application/at+jwt', 'x/y']);
  const times = [claims['exp'], claims['nbf'], claims['iat']].filter((time) => typeof time === 'number');
  if (times.some((time) => !Number.isInteger(time))) tags.push('fractional-claim');
  if (times.some((time) => Number.isInteger(time) && !Number.isSafeInteger(time))) tags.push('number-range');
  if (JSON.stringify(claims).includes('\\u0000')) tags.push('nul');
  if ([options.clockTolerance, options.maxTokenAge].some((seconds) => typeof seconds === 'number' && seconds >= 0 && !Number.isInteger(seconds)))
    tags.push('fractional-option');
  if (BAD_SECONDS.includes(options.clockTolerance) || BAD_SECONDS.includes(options.maxTokenAge)) tags.push('invalid-option');
  if (Array.isArray(claims['aud']) && claims['aud'].some((value) => typeof value !== 'string') && options.audience !== undefined) tags.push('mixed-audience');
  return { options, claims, tags };
}

/** A protected header for `alg`. @param {import('./random.mjs').Random} random @param {string} alg */
export function header(random, alg) {
  /** @type {Record<string, any>} */
  const header = { alg };
  const tags = [];
  if (random.chance(0.3)) header['typ'] = random.pick(['JWT', 'jwt', 'at+jwt', 'application/at+jwt', 'APPLICATION/AT+JWT', 'x/y', 'application/x/y']);
  if (random.chance(0.3)) header['kid'] = random.pick(['a', 'b', '', '__proto__', '../x']);
  if (random.chance(0.05)) {
    header[random.pick(['kid', 'typ'])] = random.pick([1, null, [], {}, true]);
    tags.push('header-parameter-type');
  }
  if (random.chance(0.05)) header['crit'] = random.pick([[], ['exp'], ['b64'], 'b64', [''], [1], ['alg'], ['b64', 'b64'], ['toString'], {}, null]);
  if (random.chance(0.05)) header['b64'] = random.pick([true, false, 1, null]);
  if (random.chance(0.05)) header['exp'] = 1;
  if (random.chance(0.05)) header['jwk'] = { kty: 'oct', k: 'AA' };
  if (random.chance(0.05)) {
    header['alg'] = random.pick(['none', 'None', '', 'HS256', 'RS256', 'ES256', 'EdDSA', 'Ed25519', 'es256', 'RSA-OAEP', 1, null, undefined, ['HS256'], '__proto__', 'toString']);
    tags.push('other-key');
  }
  if ('crit' in header || 'b64' in header) tags.push('extension');
  return { header, tags };
}

/** JSON as `JSON.stringify` writes it, or with a defect that only a strict parser sees. @param {import('./random.mjs').Random} random @param {Record<string, unknown>} value @returns {{ bytes: Buffer, tags: string[] }} */
export function json(random, value) {
  const text = JSON.stringify(value);
  if (!random.chance(0.08)) return { bytes: Buffer.from(text), tags: [] };
  const name = Object.keys(value)[0];
  const inner = text.slice(1, -1);
  const with_ = (/** @type {string} */ member) => Buffer.from(`{${inner}${inner && ','}${member}}`);
  switch (random.weighted({ duplicate: 3, escaped: 2, nested: 2, bom: 2, utf8: 2, surrogate: 2, large: 1, deep: 1, space: 2, array: 1, scalar: 1, trailing: 2, comment: 1, single: 1, control: 1, number: 1 })) {
    case 'duplicate':
      return name === undefined ? { bytes: Buffer.from(text), tags: [] } : { bytes: with_(`${JSON.stringify(name)}:${JSON.stringify(value[name]) ?? 'null'}`), tags: ['duplicate-member'] };
    case 'escaped':
      return name === undefined
        ? { bytes: Buffer.from(text), tags: [] }
        : { bytes: with_(`"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${JSON.stringify(name.slice(1)).slice(1)}:1`), tags: ['duplicate-member'] };
    case 'nested':
      return { bytes: with_('"zz":{"a":1,"a":2}'), tags: ['duplicate-member'] };
    case 'bom':
      return { bytes: Buffer.from(`\ufeff${text}`), tags: ['byte-order-mark'] };
    case 'utf8':
      return { bytes: Buffer.concat([Buffer.from(`{${inner}${inner && ','}"zz":"`), Buffer.from(random.pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]])), Buffer.from('"}')]), tags: [] };
    case 'surrogate':
      return { bytes: with_(`"zz":"${random.pick(['\\ud800', '\\udc00', '\\ud800x', '\\ud83d\\ude00'])}"`), tags: ['lone-surrogate'] };
    case 'large':
      return { bytes: with_(`"zz":${random.pick(['1e400', '-1e400', '9'.repeat(400), '1e-400', '123456789012345678901234567890'])}`), tags: ['number-range'] };
    case 'deep':
      return { bytes: with_(`"zz":${'['.repeat(200)}${']'.repeat(200)}`), tags: ['depth'] };
    case 'space':
      return { bytes: Buffer.from(` \n\t\r${text.replaceAll(',', ' ,\n')} `), tags: [] };
    case 'array':
      return { bytes: Buffer.from(`[${text}]`), tags: [] };
    case 'scalar':
      return { bytes: Buffer.from(random.pick(['null', '1', '"x"', 'true', ''])), tags: [] };
    case 'trailing':
      return { bytes: Buffer.from(`${text}${random.pick([',', '{}', '\0', 'x'])}`), tags: [] };
    case 'comment':
      return { bytes: Buffer.from(`/**/${text}`), tags: [] };
    case 'single':
      return { bytes: Buffer.from(text.replaceAll('"', "'")), tags: [] };
    case 'control':
      return { bytes: with_('"zz":"\n"'), tags: [] };
    default:
      return { bytes: with_(`"zz":${random.pick(['01', '+1', '.5', '1.', '0x1', 'NaN', 'Infinity', '1e', '-'])}`), tags: [] };
  }
}

/** The three parts of a token, with a valid signature. @param {import('./random.mjs').Random} random @param {import('./keys.mjs').Signer} signer @param {Record<string, unknown>} header @param {Record<string, unknown>} claims */
export function sign(random, signer, header, claims) {
  const [protectedHeader, payload] = [json(random, header), json(random, claims)];
  const input = `${encode(protectedHeader.bytes)}.${encode(payload.bytes)}`;
  return { parts: [...input.split('.'), encode(signer.sign(input))], tags: [...protectedHeader.tags, ...payload.tags] };
}

/** A token whose text was tampered with. @param {import('./random.mjs').Random} random @param {string[]} parts @returns {Tagged} */
export function mutate(random, parts) {
  const at = random.below(3);
  const changed = (/** @type {string} */ part) => parts.map((old, index) => (index === at ? part : old)).join('.');
  const part = parts[at];
  const place = random.below(part.length + 1);
  const insert = (/** @type {string} */ text) => changed(part.slice(0, place) + text + part.slice(place));
  switch (random.weighted({ character: 4, drop: 2, insert: 2, trailing: 3, padding: 2, space: 2, alphabet: 2, dots: 2, empty: 2, swap: 1, truncate: 2, unicode: 1, edge: 1, long: 1 })) {
    case 'character': {
      if (part.length === 0) return { text: parts.join('.'), tags: [] };
      const last = place >= part.length - 1;
      const index = Math.min(place, part.length - 1);
      return { text: changed(part.slice(0, index) + random.pick([...'AbZ09-_']) + part.slice(index + 1)), tags: last ? ['base64url-trailing-bits'] : [] };
    }
    case 'drop':
      return { text: changed(part.slice(0, place) + part.slice(place + 1)), tags: ['base64url-trailing-bits'] };
    case 'insert':
      return { text: insert(random.pick([...'AbZ09-_'])), tags: ['base64url-trailing-bits'] };
    case 'trailing': {
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const unused = [0, 0, 4, 2][part.length % 4];
      if (!unused) return { text: parts.join('.'), tags: [] };
      const last = alphabet.indexOf(part.at(-1) ?? '') | (1 + random.below((1 << unused) - 1));
      return { text: changed(part.slice(0, -1) + alphabet[last]), tags: ['base64url-trailing-bits'] };
    }
    case 'padding':
      return { text: changed(part + random.pick(['=', '==', '==='])), tags: ['base64url-padding'] };
    case 'space':
      return { text: insert(random.pick([' ', '\n', '\t', '\r', '\f', '\v', '\u00a0'])), tags: ['base64url-white-space'] };
    case 'alphabet':
      return { text: insert(random.pick(['+', '/', '*', '%', '\\', '"', '\0', ',', '~'])), tags: [] };
    case 'dots':
      return { text: random.pick([`${parts.join('.')}.`, `.${parts.join('.')}`, parts.slice(0, 2).join('.'), parts[0], [...parts, parts[2]].join('.'), '...', '..', '.', '', `${parts[0]}..${parts[2]}`]), tags: [] };
    case 'empty':
      return { text: changed(''), tags: [] };
    case 'swap':
      return { text: [parts[1], parts[0], parts[2]].join('.'), tags: [] };
    case 'truncate':
      return { text: parts.join('.').slice(0, random.below(parts.join('.').length)), tags: ['base64url-trailing-bits'] };
    case 'unicode':
      return { text: insert(random.pick(['é', '\u{1f600}', '\ud800', '\ufeff', '．', '\u2028'])), tags: [] };
    case 'edge':
      return { text: random.pick([' ', '\n', 'Bearer ', '\ufeff']) + parts.join('.'), tags: ['base64url-white-space'] };
    default:
      return { text: changed(part + 'A'.repeat(70_000)), tags: ['token-length'] };
  }
}
