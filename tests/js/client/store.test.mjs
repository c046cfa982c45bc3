// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { arrive, clientOf, failsWith, listen, showsNoSecret, signedIn, typesOf } from './login.mjs';
import { FakeStorage, openPage, setGlobal } from './page.mjs';
import { authorizationServer, LIFETIME } from './server.mjs';

/** The key of the one record that `storage` has. @param {FakeStorage} storage */
function onlyKey(storage) {
  assert.equal(storage.length, 1);
  return /** @type {string} */ (storage.key(0));
}

/** A store of an app, and what is in it. */
function appStore() {
  /** @type {Map<string, string>} */
  const records = new Map();
  const store = {
    get: async (/** @type {string} */ key) => records.get(key) ?? null,
    set: async (/** @type {string} */ key, /** @type {string} */ record) => void records.set(key, record),
    remove: async (/** @type {string} */ key) => void records.delete(key),
  };
  return { store, records };
}

describe('a reload', () => {
  for (const [store, survives] of /** @type {[any, boolean][]} */ ([['memory', false], [undefined, false], ['session', true], ['local', true]])) {
    test(`${survives ? 'keeps' : 'forgets'} the session with the store ${store ?? 'by default'}`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const { session } = await signedIn(server, page, { store });
      const reloaded = await clientOf(server, { store });
      assert.equal(reloaded.session, null);
      assert.deepEqual(await reloaded.start(), survives ? session : null);
      assert.deepEqual(reloaded.session, survives ? session : null);
      assert.equal(server.tokenCalls, 1);
    });
  }

  test('keeps the session with a store of the app, which alone has the tokens', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const { store, records } = appStore();
    const { session } = await signedIn(server, page, { store });
    assert.equal(records.size, 1);
    showsNoSecret(server, page.stored);
    assert.deepEqual(await (await clientOf(server, { store })).start(), session);
  });

  test('forgets a session that has expired and cannot be refreshed', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    server.tokenResponse = ({ refresh_token: _, ...answer }) => answer;
    await signedIn(server, page, { store: 'local' });
    server.now += LIFETIME;
    assert.equal(await (await clientOf(server, { store: 'local' })).start(), null);
    assert.equal(page.localStorage.length, 0);
  });

  test('keeps a session that has expired and can be refreshed', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    await signedIn(server, page, { store: 'local' });
    server.now += 1_000_000;
    const client = await clientOf(server, { store: 'local' });
    assert.equal((await client.start()).claims.sub, server.sub);
    await client.accessToken();
    assert.equal(server.tokenCalls, 2);
  });

  test('never shows one client the session of another', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    await signedIn(server, page, { store: 'local' });
    for (const options of [{ client_id: 'other' }, { issuer: 'https://other.example' }]) {
      assert.equal(await (await clientOf(server, { store: 'local', ...options })).start(), null);
    }
  });
});

describe('a record that cannot be read', () => {
  for (const record of ['', '{', 'null', '[]', '"text"', '7', '{}', '{"access_token":7,"scope":"","state":""}', '{"access_token":"a","scope":"","state":"","claims":7}']) {
    test(`${JSON.stringify(record)} is dropped, and the user can sign in`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      await signedIn(server, page, { store: 'local' });
      page.localStorage.setItem(onlyKey(page.localStorage), record);
      const client = await clientOf(server, { store: 'local' });
      const events = listen(client);
      assert.equal(await client.start(), null);
      assert.equal(page.localStorage.length, 0);
      assert.deepEqual(typesOf(events), ['error']);
      assert.deepEqual([events[0][1].code, events[0][1].reason], ['ERR_OAUTH_STORE_FAILED', 'malformed']);
      await arrive(server, page, client);
      assert.equal((await client.start()).claims.sub, server.sub);
    });
  }

  test('by the core keeps from a refresh, without a trap', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    await signedIn(server, page, { store: 'local' });
    const key = onlyKey(page.localStorage);
    const { client_id: _, ...rest } = JSON.parse(/** @type {string} */ (page.localStorage.getItem(key)));
    page.localStorage.setItem(key, JSON.stringify(rest));
    const client = await clientOf(server, { store: 'local' });
    await client.start();
    server.now += LIFETIME;
    await failsWith(server, 'ERR_OPTION_INVALID', () => client.accessToken());
  });

  test('where a transaction was is taken for none', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    await arrive(server, page, client);
    page.sessionStorage.setItem(onlyKey(page.sessionStorage), '{');
    await failsWith(server, 'ERR_OAUTH_STATE_UNKNOWN', () => client.start());
    assert.equal(server.tokenCalls, 0);
  });
});

describe('a store that fails', () => {
  test('is a typed error, and the login can go on once it works', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const { store } = appStore();
    const { get } = store;
    const failure = new Error('the database is gone');
    const client = await clientOf(server, { store });
    await arrive(server, page, client);
    const url = page.url;
    store.get = async () => Promise.reject(failure);
    const error = await failsWith(server, 'ERR_OAUTH_STORE_FAILED', () => client.start());
    assert.equal(error.cause, failure);
    assert.equal(server.tokenCalls, 0);
    store.get = get;
    page.url = url;
    assert.equal((await (await clientOf(server, { store })).start()).claims.sub, server.sub);
  });

  test('by a full storage does not send the user away', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    page.sessionStorage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const client = await clientOf(server);
    await failsWith(server, 'ERR_OAUTH_STORE_FAILED', () => client.signIn());
    assert.deepEqual(page.left, []);
  });

  test('during a refresh does not lose the new tokens', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const { store } = appStore();
    const client = await signedIn(server, page, { store });
    const { set } = store;
    store.set = async () => Promise.reject(new Error('full'));
    server.now += LIFETIME;
    await failsWith(server, 'ERR_OAUTH_STORE_FAILED', () => client.accessToken());
    store.set = set;
    assert.ok(await client.accessToken());
    assert.equal(server.tokenCalls, 2);
  });

  test('because the page may not use storage is replaced by memory', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    for (const name of ['sessionStorage', 'localStorage']) {
      setGlobal(name, undefined);
      Object.defineProperty(globalThis, name, { configurable: true, get: () => { throw new DOMException('no', 'SecurityError'); } });
    }
    const client = await signedIn(server, page, { store: 'local' });
    assert.equal(client.session.claims.sub, server.sub);
  });

  test('because there is no sessionStorage is replaced by the store of the app', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    setGlobal('sessionStorage', undefined);
    const { store, records } = appStore();
    const url = await arrive(server, page, await clientOf(server, { store }));
    assert.equal(records.size, 1);
    assert.equal((await (await clientOf(server, { store })).handleRedirect(url)).claims.sub, server.sub);
  });
});

describe('another tab', () => {
  /** Two tabs with one local storage, signed in. */
  async function twoTabs() {
    const [server, page] = [await authorizationServer(), openPage()];
    const [here, there] = [await signedIn(server, page, { store: 'local' }), await clientOf(server, { store: 'local' })];
    await there.start();
    const told = () => page.storageEvent(onlyKeyBefore);
    const onlyKeyBefore = onlyKey(page.localStorage);
    return { server, page, here, there, told };
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

  test('that refreshes gives its session to this one', async () => {
    const { server, here, there, told } = await twoTabs();
    server.now += LIFETIME;
    const token = await there.accessToken();
    const events = listen(here);
    told();
    await settled();
    assert.deepEqual(typesOf(events), ['sessionchange']);
    assert.deepEqual(here.session, there.session);
    assert.equal(await here.accessToken(), token);
    assert.equal(server.tokenCalls, 2);
  });

  test('that signs out ends the session of this one', async () => {
    const { here, there, told } = await twoTabs();
    await there.signOut();
    const events = listen(here);
    told();
    await settled();
    assert.equal(here.session, null);
    assert.deepEqual(typesOf(events), ['sessionchange', 'signedout']);
  });

  test('that clears the storage ends the session of this one', async () => {
    const { page, here } = await twoTabs();
    page.localStorage.clear();
    page.storageEvent(null);
    await settled();
    assert.equal(here.session, null);
  });

  test('that changes something else is of no interest', async () => {
    const { page, here } = await twoTabs();
    page.localStorage.clear();
    page.storageEvent('of the app');
    await settled();
    assert.notEqual(here.session, null);
  });

  test('is not followed after close()', async () => {
    const { page, here, told } = await twoTabs();
    const { session } = here;
    here.close();
    here.close();
    page.localStorage.clear();
    told();
    await settled();
    assert.equal(here.session, session);
    await assert.rejects(here.signIn(), TypeError);
  });
});
