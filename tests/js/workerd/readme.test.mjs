// @ts-check
// The edge function of README.md, in workerd, before an issuer that is served to its `fetch`.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { textsOf } from '../readme.mjs';
import { newSigner } from '../suite/tokens.mjs';
import { serveWorker } from './serve.mjs';

const ISSUER = 'https://as.example.com';
const AUDIENCE = 'https://api.example.com';
const key = await newSigner('RS256');
const documents = {
  [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` },
  [`${ISSUER}/jwks`]: { keys: [{ ...key.jwk, kid: 'a', alg: 'RS256' }] },
};

const [edge] = await textsOf('Check a token at the edge: ts');
const { origin, close } = await serveWorker({
  'edge.ts': edge,
  'worker.mjs': `
import edge from './edge.ts';
const documents = ${JSON.stringify(documents)};
export default {
  fetch(request) {
    globalThis.fetch = async (input) => {
      const { url } = new Request(input);
      return url in documents ? Response.json(documents[url]) : new Response(null, { status: 404 });
    };
    return edge.fetch(request);
  },
};
`,
});
after(close);

const exp = Math.floor(Date.now() / 1000) + 60;
const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'someone', exp };
/** @param {object} changes @param {object} [header] */
const token = (changes, header) => key.token({ ...claims, ...changes }, { kid: 'a', typ: 'at+jwt', ...header });
/** @param {string} [authorization] */
const ask = (authorization) => fetch(origin, { headers: authorization === undefined ? {} : { authorization } });

describe('the edge function of README.md', () => {
  test('greets the subject of a good token', async () => {
    for (const scheme of ['Bearer', 'bearer']) {
      const response = await ask(`${scheme} ${await token({})}`);
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { hello: 'someone' });
    }
  });

  test('asks for a token where there is none', async () => {
    for (const authorization of [undefined, 'Basic dTpw']) {
      const response = await ask(authorization);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
    }
  });

  test('refuses every other token', async () => {
    const foreign = await (await newSigner('RS256')).token(claims, { kid: 'a', typ: 'at+jwt' });
    const good = await token({});
    for (const bad of [
      foreign,
      await token({ exp: exp - 120 }),
      await token({ aud: 'other' }),
      await token({ iss: 'other' }),
      await token({}, { typ: 'JWT' }),
      good.slice(0, -3),
      'text',
      '',
    ]) {
      const response = await ask(`Bearer ${bad}`);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer error="invalid_token"');
    }
    assert.equal((await ask(`Bearer ${good}`)).status, 200, 'the next good token');
  });
});
