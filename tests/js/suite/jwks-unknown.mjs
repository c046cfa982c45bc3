// @ts-check
// Tokens that name keys which are not there: how often they cause a fetch, and how a new key is found all the same.

import { LATER, NO_KEY, URI, keysOf, remote, withHeaders } from './remote.mjs';
import { NOW, base64url, claims, newSigner } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

/** @param {Context} t @param {unknown} failing a route from when the keys were loaded on */
async function storm(t, failing) {
  const { set, tokens } = await keysOf('a');
  const { verifier, clock, calls, routes } = await remote(t, withHeaders(set, { 'cache-control': 'max-age=600' }));
  await verifier.load();
  if (failing) routes[URI] = failing;
  const [, payload, signature] = (await (await newSigner('ES256')).token(claims({ exp: NOW + LATER }))).split('.');
  for (let count = 0; count < 10_000; count++) {
    clock.now = NOW + count * 0.03;
    const header = base64url(JSON.stringify({ alg: 'ES256', kid: `kid-${count}-${Math.random()}` }));
    const error = await t.failure(() => verifier.verify(`${header}.${payload}.${signature}`));
    t.ok([NO_KEY.code, 'ERR_FETCH_STATUS'].includes(error.code), `a typed refusal, not ${error?.stack}`);
    if (count % 100 === 0) t.ok(await verifier.verify(tokens[0]), 'the known kid');
  }
  // 300 seconds have ten cooldowns.
  t.ok(calls.length <= 11, `${calls.length} fetches`);
  t.ok(calls.length >= 10, `only ${calls.length} fetches: was the storm one?`);
}

/** @type {Case[]} */
const unknown = [
  {
    name: '10 000 tokens with random kids over 300 seconds cause one fetch per cooldown',
    run: (t) => storm(t, undefined),
  },
  {
    name: '10 000 tokens with random kids over 300 seconds cause one fetch per cooldown, also while the server fails',
    run: (t) => storm(t, () => new Response('', { status: 500 })),
  },
  {
    name: 'a kid that was looked for in vain causes no other fetch for 300 seconds, and another one may',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b', 'c');
      const first = withHeaders({ keys: [set.keys[0]] }, { 'cache-control': 'max-age=600' });
      const { verifier, clock, calls, routes } = await remote(t, first);
      await verifier.load();
      for (const [later, token, fetches] of [
        [30, 1, 2],
        [30, 1, 2],
        [200, 1, 2],
        [30, 2, 3],
        [269, 2, 3],
        [31, 2, 4],
      ]) {
        clock.now += later;
        await t.fails(() => verifier.verify(tokens[token]), NO_KEY);
        t.equal(calls.length, fetches, `fetches at ${clock.now - NOW} s`);
      }
      routes[URI] = set;
      clock.now += 600;
      t.ok(await verifier.verify(tokens[2]), 'keys that are too old are fetched whatever the kid');
    },
  },
  {
    name: 'a kid that was looked for while the server failed is looked for again after the cooldown',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      const { verifier, clock, calls, routes } = await remote(t, { keys: [set.keys[0]] });
      await verifier.load();
      routes[URI] = () => new Response('', { status: 503 });
      clock.now += 30;
      await t.fails(() => verifier.verify(tokens[1]), { code: 'ERR_FETCH_STATUS', status: 503 });
      routes[URI] = set;
      clock.now += 30;
      t.equal((await verifier.verify(tokens[1])).key.kid, 'b', 'kid');
      t.equal(calls.length, 3, 'fetches');
    },
  },
];

export default unknown;
