// @ts-check
// What README.md has for edge functions, in workerd, before an issuer that is served to its `fetch`.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
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

const [edge] = await textsOf('README.md', 'Check a token at the edge: ts');
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

const [kept] = await textsOf('README.md', 'Keys that stay fresh: ts');
/** What is in the Cache API: whole HTTP responses. @type {Map<string, Buffer>} */
const cached = new Map();
const cache = createServer(async (request, response) => {
  const name = `${request.headers.host}${request.url}`;
  if (request.method === 'PUT') {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    cached.set(name, Buffer.concat(chunks));
    return response.writeHead(204).end();
  }
  response.writeHead(504, { 'cf-cache-status': 'MISS' }).end();
});
await new Promise((resolve) => cache.listen(0, '127.0.0.1', () => resolve(undefined)));
after(() => {
  cache.closeAllConnections();
  cache.close();
});
const { port } = /** @type {import('node:net').AddressInfo} */ (cache.address());
const fresh = await serveWorker(
  {
    'kept.ts': kept,
    'worker.mjs': `
import { verifier } from './kept.ts';
const documents = ${JSON.stringify(documents)};
let fetched = 0;
export default {
  async fetch(request) {
    globalThis.fetch = async (input) => {
      const { url } = new Request(input);
      fetched += 1;
      return url in documents ? Response.json(documents[url]) : new Response(null, { status: 404 });
    };
    const { claims } = await verifier.verify(await request.text());
    return Response.json({ sub: claims.sub, fetched });
  },
};
`,
  },
  [],
  {
    worker: 'cacheApiOutbound = "cache",',
    services: [`(name = "cache", external = (address = "127.0.0.1:${port}", http = ()))`],
  },
);
after(fresh.close);

const exp = Math.floor(Date.now() / 1000) + 60;
const iat = exp - 60;
const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'someone', client_id: 'app', iat, exp, jti: 'one' };
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
      await token({ client_id: undefined }),
      await token({ jti: undefined }),
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

describe('the fetched keys of README.md', () => {
  test('are fetched once, shared through the Cache API beside the request, and verify', async () => {
    for (let times = 0; times < 2; times += 1) {
      const response = await fetch(fresh.origin, { method: 'POST', body: await token({}) });
      assert.deepEqual(await response.json(), { sub: 'someone', fetched: 2 }, 'the metadata and the keys');
    }
    for (let waited = 0; cached.size === 0 && waited < 5000; waited += 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const [stored] = [...cached.values()];
    const [, body] = `${stored}`.split('\r\n\r\n');
    const { issuer, jwks } = JSON.parse(body);
    assert.equal(issuer, ISSUER);
    assert.equal(jwks.keys[0].kid, 'a');
  });
});
