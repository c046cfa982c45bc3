// @ts-check
// node www/server/main.mjs [--port N] [--check]

import { parseArgs } from 'node:util';
import { startDemo } from './demo.mjs';

const USAGE = `Usage: node www/server/main.mjs [--port N] [--check]
  --port N  the port of the page (default 4400; 0 for a free one); the two after it are for the API and the authorization server
  --check   drive a whole login in a headless Chromium, then exit`;

const { port, check, help } = options();
if (help) {
  console.log(USAGE);
} else if (check) {
  const { checkDemo } = await import('./check.mjs');
  process.exit(await checkDemo() ? 0 : 1);
} else {
  try {
    serve(await startDemo(port));
  } catch (error) {
    console.error(`The demo cannot start. ${/** @type {Error} */ (error).message}`);
    process.exitCode = 1;
  }
}

/** @param {Awaited<ReturnType<typeof startDemo>>} demo */
function serve({ url, resource, authorizationServer, close }) {
  console.log(`
  Tollgate demo           ${url}
  protected API           ${resource}
  authorization server    ${authorizationServer.issuer}

  Open the first one and choose "Log in"; any name will do, there is no password.
  Ctrl-C ends it.
`);
  process.once('SIGINT', close);
  process.once('SIGTERM', close);
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4400' },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_533) throw new TypeError(`--port ${values.port} is not a port`);
    return { ...values, port };
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
