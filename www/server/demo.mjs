// @ts-check
// The demo: a page, an authorization server and a protected API, each on an origin of its own.

import { access } from 'node:fs/promises';
import { startAuthorizationServer } from './authorization-server.mjs';
import { fetchListener, listen } from './http.mjs';
import { createPage } from './page.mjs';

const PACKAGE = new URL('../../pkg/dist/client.js', import.meta.url);

/**
 * Starts everything on `port` and the two after it, or on free ports where those are taken.
 * @param {number} port 0 takes free ones
 */
export async function startDemo(port) {
  await access(PACKAGE).catch(() => {
    throw new Error('The package is not built; run `cargo xtask build` first.');
  });
  const { createApi } = await import('./api.mjs'); // which imports the package
  /** @type {{ close(): Promise<void> }[]} */
  const servers = [];
  const close = async () => { await Promise.all(servers.map((server) => server.close())); };
  try {
    const page = await listen(port);
    servers.push(page);
    const api = await listen(port && port + 1);
    servers.push(api);
    const redirect_uri = `${page.origin}/`;
    const resource = `${api.origin}/hello`;
    const authorizationServer = await startAuthorizationServer({
      port: port && port + 2,
      redirect_uris: [redirect_uri],
      post_logout_redirect_uris: [redirect_uri],
      resources: { [resource]: 'api:read' },
    });
    servers.push(authorizationServer);
    const { issuer, client_id } = authorizationServer;
    page.server.on('request', fetchListener(createPage({ issuer, client_id, redirect_uri, scope: 'openid profile email api:read', resource })));
    api.server.on('request', fetchListener(createApi({ issuer, audience: resource, allowedOrigin: page.origin })));
    return { url: redirect_uri, resource, authorizationServer, close };
  } catch (error) {
    await close();
    throw error;
  }
}
