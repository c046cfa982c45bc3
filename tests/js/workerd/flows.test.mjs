// @ts-check
// Every flow of `tollgate/oauth` in workerd, to the end at `oidc-provider` and at better-auth: the tests of Node, whose calls run in a
// worker. What Node alone runs is the scripted server's, whose `fetch` and clock are functions of the test; `suite/` has that for both.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import './flows-in-workerd.mjs';
import '../oauth/authorization.test.mjs';
import '../oauth/ciba.test.mjs';
import '../oauth/code-better-auth.test.mjs';
import '../oauth/code.test.mjs';
import '../oauth/device.test.mjs';
import '../oauth/exchange.test.mjs';
import '../oauth/introspection.test.mjs';
import '../oauth/logout.test.mjs';
import '../oauth/registration.test.mjs';
import '../oauth/resource.test.mjs';
import '../oauth/userinfo.test.mjs';
import { NAMES } from '../oauth/tollgate.mjs';
import { called } from './remote-oauth.mjs';

/** What no server here has: its own types of grants, passwords, metadata of a resource. Proofs are in the requests of bound tokens. */
const ELSEWHERE = ['AuthorizationResponse', 'dpopProof', 'extensionGrant', 'passwordGrant', 'protectedResourceMetadata'];

test('every function has come to its end in workerd', () => {
  assert.deepEqual(NAMES.filter((name) => !called.has(name)).sort(), ELSEWHERE);
});
