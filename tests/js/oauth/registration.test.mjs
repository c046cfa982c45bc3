// @ts-check
// Dynamic registration and its management at `oidc-provider`.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { atProvider } from './at-provider.mjs';
import { REDIRECT_URI } from './clients.mjs';
import { oauth } from './tollgate.mjs';

const { provider, server } = await atProvider();

suite('dynamic registration at oidc-provider', () => {
  test('a client is registered, read, changed and removed', async () => {
    const metadata = { client_name: 'First', redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'client_secret_basic' };
    const { initialAccessToken: initial_access_token } = provider;
    const registered = await oauth.registerClient(server, metadata, { initial_access_token });
    assert.equal(registered.client_name, 'First');
    assert.ok(registered.client_secret && Object.isFrozen(registered));

    const read = await oauth.readClient(server, registered);
    assert.equal(read.client_id, registered.client_id);
    const access = { ...registered, ...read };
    const { client_id, client_secret } = access;
    const updated = await oauth.updateClient(server, access, { ...metadata, client_id, client_secret, client_name: 'Second' });
    assert.equal(updated.client_name, 'Second');
    await oauth.deleteClient(server, { ...access, ...updated });
    await assert.rejects(oauth.readClient(server, { ...access, ...updated }), { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'invalid_token' });
  });

  test('a client that nobody allowed to is not registered', async () => {
    const metadata = { redirect_uris: [REDIRECT_URI] };
    await assert.rejects(oauth.registerClient(server, metadata), { code: 'ERR_OAUTH_ENDPOINT_ERROR' });
    const options = { initial_access_token: provider.initialAccessToken };
    await assert.rejects(oauth.registerClient(server, { redirect_uris: ['no url'] }, options), {
      code: 'ERR_OAUTH_ENDPOINT_ERROR',
      error: 'invalid_redirect_uri',
    });
  });
});
