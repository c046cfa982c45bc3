// @ts-check
// One token has one spelling, and its JSON one meaning. Every text here is signed as it stands, so that only the
// parser can refuse it.

import { ALGORITHMS, EXPECTED, NOW, base64url, claims, signer, utf8 } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const JWS_INVALID = { code: 'ERR_JWS_INVALID' };
const JWT_INVALID = { code: 'ERR_JWT_INVALID' };

const HEADER = '{"alg":"HS256"}';
const PAYLOAD = JSON.stringify(claims());
const phrase = (/** @type {string} */ what) => (what.startsWith('with') ? what : `that is ${what}`);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same bytes with other unused bits in the last character. @param {string} text of a length that is no multiple of 4 */
function respelled(text) {
  const last = ALPHABET.indexOf(text.slice(-1));
  return `${text.slice(0, -1)}${ALPHABET[last + 1]}`;
}

/** `text` with spaces at its end, so that its base64url has unused bits. @param {string} text */
const unaligned = (text) => (utf8(text).length % 3 === 0 ? `${text} ` : text);

/** Changes to a good token as a string. @type {Array<[string, (token: string) => string]>} */
const TEXTS = [
  ['empty', () => ''],
  ['one segment', (token) => token.replaceAll('.', '')],
  ['two segments', (token) => token.slice(0, token.lastIndexOf('.'))],
  ['four segments', (token) => `${token}.AAAA`],
  ['followed by a dot', (token) => `${token}.`],
  ['preceded by a dot', (token) => `.${token}`],
  ['only dots', () => '..'],
  ['three dots', () => '...'],
  ['preceded by a space', (token) => ` ${token}`],
  ['followed by a space', (token) => `${token} `],
  ['followed by a line feed', (token) => `${token}\n`],
  ['followed by NUL', (token) => `${token}\0`],
  ['preceded by a byte order mark', (token) => `\ufeff${token}`],
  ['preceded by its scheme', (token) => `Bearer ${token}`],
  ['split by a line feed', (token) => token.replace('.', '\n.')],
  ['padded', (token) => `${token}=`],
  ['with a letter that is not ASCII', (token) => token.replace(/.$/, 'é')],
  ['with a fullwidth letter', (token) => token.replace(/.$/, 'Ａ')],
  ['with a lone surrogate', (token) => `${token}\ud800`],
  ['in quotation marks', (token) => JSON.stringify(token)],
  ['10 MB of dots', () => '.'.repeat(10_000_000)],
  ['a million segments', (token) => `${token}${'.AA'.repeat(1_000_000)}`],
  ['10 MB of letters', () => 'A'.repeat(10_000_000)],
  ['10 MB of letters that are not ASCII', () => 'é'.repeat(10_000_000)],
];

/** @type {Case[]} */
const texts = TEXTS.map(([what, change]) => ({
  name: `a token ${phrase(what)} is refused`,
  async run(t) {
    const subject = await t.subject();
    await subject.refuses(change(subject.good), JWS_INVALID);
  },
}));

/** Spellings of a segment other than its own. @type {Array<[string, (segment: string) => string]>} */
const SPELLINGS = [
  ['other trailing bits', respelled],
  ['padding', (segment) => `${segment}${'='.repeat(4 - (segment.length % 4))}`],
  ['a space', (segment) => `${segment.slice(0, 5)} ${segment.slice(5)}`],
  ['a line feed at its end', (segment) => `${segment}\n`],
  ['a letter of the standard alphabet', (segment) => `${segment.slice(0, 4)}+/+/${segment.slice(8)}`],
  ['a letter too many', (segment) => `${segment}${'A'.repeat((5 - (segment.length % 4)) % 4)}`],
];

/** @type {Case[]} */
const spellings = SPELLINGS.flatMap(([what, respell]) => [
  {
    name: `a header with ${what} is refused, though it is signed`,
    async run(t) {
      const subject = await t.subject();
      await subject.refuses(
        await subject.sign(`${respell(base64url(unaligned(HEADER)))}.${base64url(PAYLOAD)}`),
        JWS_INVALID,
      );
    },
  },
  {
    name: `a payload with ${what} is refused, though it is signed`,
    async run(t) {
      const subject = await t.subject();
      await subject.refuses(
        await subject.sign(`${base64url(HEADER)}.${respell(base64url(unaligned(PAYLOAD)))}`),
        JWS_INVALID,
      );
    },
  },
  {
    name: `a signature with ${what} is refused`,
    async run(t) {
      for (const alg of ALGORITHMS) {
        const subject = await t.subject(alg);
        const at = subject.good.lastIndexOf('.') + 1;
        const signature = subject.good.slice(at);
        // The 48 bytes of HS384 fill their letters: there are no trailing bits to change.
        if (respell === respelled && signature.length % 4 === 0) continue;
        await subject.refuses(subject.good.slice(0, at) + respell(signature), JWS_INVALID);
      }
    },
  },
]);

const bytes = (/** @type {string} */ text, /** @type {number[]} */ ...inserted) => {
  const [before, after] = text.split('¦').map(utf8);
  return Uint8Array.from([...before, ...inserted, ...after]);
};

const thousand = Array.from({ length: 1000 }, (_, at) => `"m${at}":${at}`).join();

/** JSON texts that are no object, or that parsers read differently; the first argument is the object's members. @type {Array<[string, (members: string) => string | Uint8Array]>} */
const JSON_TEXTS = [
  ['empty', () => ''],
  ['not JSON', () => 'alg=HS256'],
  ['an array', (members) => `[{${members}}]`],
  ['null', () => 'null'],
  ['a string', () => '"text"'],
  ['a number', () => '1'],
  ['two objects', (members) => `{${members}}{${members}}`],
  ['cut off', (members) => `{${members}`],
  ['followed by NUL', (members) => `{${members}}\0`],
  ['preceded by a byte order mark', (members) => `\ufeff{${members}}`],
  ['in UTF-16', (members) => Uint8Array.from([...`{${members}}`].flatMap((char) => [char.charCodeAt(0), 0]))],
  ['with a member twice', (members) => `{${members},"x":1,"x":1}`],
  ['with a member twice, once escaped', (members) => `{${members},"x":1,"\\u0078":2}`],
  ['with a member twice within another', (members) => `{${members},"a":[{"b":{"x":1,"x":2}}]}`],
  ['with a member twice among a thousand', (members) => `{${members},${thousand},"m500":0}`],
  ['with a member twice among a thousand, once escaped', (members) => `{${members},${thousand},"\\u006d500":0}`],
  ['with __proto__ twice', (members) => `{${members},"__proto__":1,"__proto__":2}`],
  ['with invalid UTF-8', (members) => bytes(`{${members},"x":"¦"}`, 0xff)],
  ['with overlong UTF-8', (members) => bytes(`{${members},"x":"¦"}`, 0xc0, 0xaf)],
  ['with a surrogate in UTF-8', (members) => bytes(`{${members},"x":"¦"}`, 0xed, 0xa0, 0x80)],
  ['with a lone surrogate', (members) => `{${members},"x":"\\ud800"}`],
  ['with swapped surrogates', (members) => `{${members},"x":"\\udc00\\ud800"}`],
  ['with an escaped NUL', (members) => `{${members},"x":"\\u0000"}`],
  ['with a control character in a string', (members) => `{${members},"x":"\u0001"}`],
  ['with an unknown escape', (members) => `{${members},"x":"\\x41"}`],
  ['with a trailing comma', (members) => `{${members},}`],
  ['with a comment', (members) => `{${members}/* */}`],
  ['with single quotes', (members) => `{${members},'x':1}`],
  ['with a bare name', (members) => `{${members},x:1}`],
  ['with NaN', (members) => `{${members},"x":NaN}`],
  ['with Infinity', (members) => `{${members},"x":-Infinity}`],
  ['with a leading zero', (members) => `{${members},"x":01}`],
  ['with a leading plus', (members) => `{${members},"x":+1}`],
  ['with a number that ends in a dot', (members) => `{${members},"x":1.}`],
  ['with a hexadecimal number', (members) => `{${members},"x":0x10}`],
  ['with a no-break space between members', (members) => `{${members},\u00a0"x":1}`],
  ['nested 33 deep', (members) => `{${members},"x":${'['.repeat(33)}${']'.repeat(33)}}`],
  ['nested 20 000 deep', (members) => `{${members},"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ['20 000 brackets', () => '['.repeat(20_000)],
  ['20 000 braces', () => '{"a":'.repeat(8_000)],
];

/** @type {Case[]} */
const json = JSON_TEXTS.flatMap(([what, make]) => [
  {
    name: `a header ${phrase(what)} is refused`,
    async run(t) {
      const subject = await t.subject();
      await subject.refuses(await subject.tokenOf(make(HEADER.slice(1, -1)), PAYLOAD), JWS_INVALID);
    },
  },
  {
    name: `a payload ${phrase(what)} is refused, though it is signed`,
    async run(t) {
      const subject = await t.subject();
      await subject.refuses(await subject.tokenOf(HEADER, make(PAYLOAD.slice(1, -1))), JWT_INVALID);
    },
  },
]);

/** @type {Case[]} */
const headers = [
  ...[
    '{}',
    '{"alg":1}',
    '{"alg":null}',
    '{"alg":["HS256"]}',
    '{"alg":"HS256","kid":1}',
    '{"alg":"HS256","typ":{}}',
    '{"alg":"none","alg":"HS256"}',
    '{"alg":"HS256","al\\u0067":"none"}',
  ].map((header) => ({
    name: `the header ${header} is refused`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      const subject = await t.subject();
      const token = await subject.tokenOf(header, PAYLOAD);
      const { claim, reason } = await t.failure(() => subject.verifier.verify(token));
      await subject.refuses(token, { ...JWS_INVALID, claim, reason });
    },
  })),
  {
    name: 'a kid of 1 MB is refused',
    async run(t) {
      const subject = await t.subject();
      await subject.refuses(await subject.token(claims(), { kid: 'k'.repeat(1_000_000) }), JWS_INVALID);
    },
  },
];

/** @type {Case[]} */
const accepted = [
  {
    name: 'JSON with white space, escapes, other scripts and depth is read as JSON.parse reads it',
    async run(t) {
      const { alg, tokenOf, accepts } = await t.subject();
      const text = ` {\n\t"iss":"https:\\/\\/issuer.example","aud":["https://api.example"],"exp":${NOW + 1}, "né":"日本\\u00e9\\ud83d\\ude00",
        "deep":${'['.repeat(30)}${']'.repeat(30)},"numbers":[0,-0,1e3,1.5E-3,12345678901234567890],"":null,"t":true} `;
      const { claims: found, protectedHeader } = await accepts(await tokenOf(`\t{ "alg" : "\\u0048S256" }\r\n`, text));
      t.deepEqual(found, JSON.parse(text), 'claims');
      t.equal(protectedHeader.alg, alg, 'alg');
    },
  },
  {
    name: 'a payload of a thousand members is read',
    async run(t) {
      const { tokenOf, accepts } = await t.subject();
      const { claims: found } = await accepts(await tokenOf(HEADER, `{${PAYLOAD.slice(1, -1)},${thousand}}`));
      t.equal(found.m999, 999, 'the last member');
    },
  },
  {
    name: 'a kid with escapes names the key that it spells',
    async run(t) {
      const key = await signer('ES256');
      const verifier = await t.createVerifier({ ...EXPECTED, jwks: { keys: [{ ...key.jwk, kid: 'a/é' }] } });
      const verified = await verifier.verify(await key.tokenOf('{"alg":"ES256","kid":"\\u0061\\/\\u00e9"}', PAYLOAD));
      t.equal(verified.key.kid, 'a/é', 'kid');
    },
  },
  {
    name: 'a claim called __proto__ is data, and changes no prototype',
    async run(t) {
      const { tokenOf, accepts } = await t.subject();
      const text = `{${PAYLOAD.slice(1, -1)},"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}`;
      const { claims: found } = await accepts(await tokenOf(HEADER, text));
      t.ok(Object.hasOwn(found, '__proto__') && Object.hasOwn(found, 'constructor'), 'both are own members');
      t.equal(Object.getPrototypeOf(found), Object.prototype, 'prototype');
      t.equal(found.admin, undefined, 'admin');
      t.equal(/** @type {any} */ ({}).admin, undefined, 'admin of another object');
    },
  },
];

/** @type {Case[]} */
const types = [undefined, null, 0, true, {}, [], Symbol.iterator, 10n, utf8('a.b.c'), Object('a.b.c')].map((value) => ({
  name: `a token that is ${Object.prototype.toString.call(value)} ${typeof value} is a TypeError`,
  async run(t) {
    const { verifier, good } = await t.subject();
    for (const call of [() => verifier.verify(value), () => verifier.verifySync(value)]) {
      const error = await t.failure(call);
      t.ok(error instanceof TypeError, `a TypeError, not ${error?.stack}`);
    }
    t.ok(await verifier.verify(good), 'the next good token');
  },
}));

export default [...texts, ...spellings, ...json, ...headers, ...accepted, ...types];
