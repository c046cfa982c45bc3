// @ts-check
// What is in the tarball, and that it can be imported, required and type-checked as its package.json says.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { install, run, workspace } from '../install.mjs';
import { documents } from '../readme.mjs';
import { RAISED_BY } from '../suite/errors.mjs';

const PROJECT = new URL('../../../', import.meta.url);
const root = join(await install(), 'node_modules/tollgate');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const files = (await readdir(root, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
  .sort();

const { folder, remove } = await workspace('package');
after(remove);

/** Every condition of an entry, and the file that it names. @param {any} target @returns {[string, string][]} */
const targets = (target) => (typeof target === 'string' ? [['default', target]] : Object.entries(target));

const entries = Object.keys(manifest.exports).filter((entry) => !/\.\w+$/.test(entry));
const specifier = (/** @type {string} */ entry) => `tollgate${entry.slice(1)}`;

/** Runs a program in a fresh process, in the folder of the package. @param {...string} args */
const node = async (...args) => (await run(process.execPath, args, { cwd: folder })).stdout.trim();

describe('the tarball', () => {
  test('holds every file that `exports` names', () => {
    for (const [entry, target] of Object.entries(manifest.exports)) {
      for (const [condition, file] of targets(target))
        assert.ok(existsSync(join(root, file)), `${entry} ${condition}: ${file}`);
    }
    assert.deepEqual(entries, ['.', './verify', './client', './oauth', './jose', './jose/errors', './inspect', './errors']);
  });

  test('holds every document, licences and dist, and no stray file', async () => {
    const expected = ['CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', ...(await documents()), 'package.json'];
    assert.deepEqual(
      files.filter((file) => !file.startsWith('dist/')),
      expected.sort(),
    );
    assert.deepEqual(
      files.filter((file) => file.startsWith('dist/') && !/\.(js|d\.ts|d\.wasm\.ts|wasm)$/.test(file)),
      [],
    );
    for (const document of expected) assert.ok(existsSync(join(root, document)));
  });

  test('holds what its documents link to, but the picture of the demo', async () => {
    for (const document of files.filter((file) => file.endsWith('.md'))) {
      const text = await readFile(join(root, document), 'utf8');
      for (const [, link] of text.matchAll(/(?<!!\[[^\]]*)\]\((?!https?:|#)([^)#]+)[^)]*\)/g))
        assert.ok(files.includes(join(dirname(document), link)), `${document}: ${link}`);
    }
  });

  test('holds no path of the machine that built it, and no source map of a file that is not there', async () => {
    for (const file of files) {
      const text = (await readFile(join(root, file))).toString('latin1');
      for (const path of [PROJECT.pathname.replace(/\/$/, ''), '/.cargo/registry', '/home/', '/root/']) {
        assert.ok(!text.includes(path), `${file} holds ${path}`);
      }
      assert.ok(!/sourceMappingURL=(?!data:)/.test(text), file);
    }
  });

  test('has the version of Cargo.toml, no dependency and no install script', async () => {
    const cargo = await readFile(new URL('Cargo.toml', PROJECT), 'utf8');
    assert.equal(manifest.version, /^version = "(.+)"$/m.exec(cargo)?.[1]);
    for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts', 'bin'])
      assert.equal(manifest[field], undefined, field);
    assert.equal(manifest.sideEffects, false);
  });

  test('names in `types` a declaration for every entry', () => {
    for (const entry of entries) assert.match(manifest.exports[entry].types, /\.d\.ts$/);
  });

  test('asks in .js files for files with their extension, so that no bundler is needed', async () => {
    for (const file of files.filter((name) => name.endsWith('.js'))) {
      const text = await readFile(join(root, file), 'utf8');
      for (const [, from] of text.matchAll(/(?:^|;|\})\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]/gm)) {
        assert.match(from, /^\.\.?\/.+\.(js|wasm)$/, `${file} imports ${from}`);
      }
    }
  });

  test('has the glue of an entry loaded with that entry alone', async () => {
    /** The files that loading `file` loads. @param {string} file @param {Set<string>} [loaded] */
    const load = async (file, loaded = new Set()) => {
      if (loaded.has(file)) return loaded;
      loaded.add(file);
      const text = await readFile(join(root, file), 'utf8');
      for (const [, from = ''] of text.matchAll(/^(?:import|export)\b[^'";]*['"](\.[^'"]+\.js)['"]/gm)) await load(join(dirname(file), from), loaded);
      return loaded;
    };
    for (const name of ['verify', 'client', 'oauth', 'jose', 'inspect', 'errors']) {
      const glue = [...(await load(`dist/${name}.js`))].filter((file) => /\/tollgate_\w+\.js$/.test(file));
      assert.deepEqual(glue, name === 'errors' ? [] : [`dist/generated/${name}/tollgate_${name}.js`]);
    }
  });
});

/** Counts what is done with WebAssembly and with the network while the entry is loaded. @param {string} load */
const SPY = (load) => `
  let used = [];
  for (const name of ['Module', 'Instance', 'Memory', 'Table']) {
    WebAssembly[name] = new Proxy(WebAssembly[name], { construct(target, args) { used.push(name); return Reflect.construct(target, args); } });
  }
  for (const name of ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming']) WebAssembly[name] = () => { used.push(name); };
  globalThis.fetch = () => { used.push('fetch'); };
  const before = Object.getOwnPropertyNames(globalThis).length;
  ${load}
  if (Object.getOwnPropertyNames(globalThis).length !== before) used.push('a new global');
  console.log(JSON.stringify([used, Object.keys(loaded).sort()]));
`;

describe('loading', () => {
  /** @type {Record<string, string[]>} */
  const names = {
    '.': ['TollgateError', 'createClient', 'createVerifier', 'decodeJwt', 'decodeProtectedHeader'],
    './verify': ['createVerifier', 'decodeJwt', 'decodeProtectedHeader', 'init'],
    './client': ['createClient'],
    './oauth': ['authorizationCodeGrant', 'clientCredentialsGrant', 'discover', 'introspect'],
    './jose': ['SignJWT', 'createRemoteJWKSet', 'errors', 'jwtVerify'],
    './jose/errors': ['JOSEError'],
    './inspect': ['inspect'],
    './errors': ['TollgateError'],
  };
  for (const entry of entries) {
    for (const [how, flags, load] of /** @type {[string, string[], string][]} */ ([
      ['import', ['--input-type=module'], `const loaded = await import('${specifier(entry)}');`],
      ['require', ['--input-type=commonjs'], `const loaded = require('${specifier(entry)}');`],
    ])) {
      test(`${how} of ${specifier(entry)} gives its names and has no side effect`, async () => {
        const [used, found] = JSON.parse(await node('--no-warnings', ...flags, '-e', SPY(load)));
        assert.deepEqual(used, [], 'nothing is instantiated, fetched or made global');
        for (const name of names[entry]) assert.ok(found.includes(name), `${name} is exported by ${entry}: ${found}`);
      });
    }
  }

  test('require gives the same module as import', async () => {
    const code = `import { createRequire } from 'node:module'; import { TollgateError } from 'tollgate/errors';
      console.log(createRequire(process.cwd() + '/x.js')('tollgate/errors').TollgateError === TollgateError);`;
    assert.equal(await node('--no-warnings', '--input-type=module', '-e', code), 'true');
  });

  test('the .wasm files can be found by those who serve them', () => {
    const require = createRequire(join(folder, 'app.cjs'));
    const kernels = ['p256', 'p384', 'ed25519', 'rsa', 'rare', 'portable'];
    for (const name of ['verify', ...kernels, 'client', 'jose', 'inspect'].map((build) => `tollgate/${build}.wasm`))
      assert.ok(existsSync(require.resolve(name)), name);
  });

  test('init takes a module, its bytes or its URL, and verifies with it', async () => {
    const code = (
      /** @type {string} */ source,
    ) => `import { readFileSync } from 'node:fs'; import { createRequire } from 'node:module';
      import { init, decodeProtectedHeader } from 'tollgate/verify';
      const bytes = readFileSync(createRequire(process.cwd() + '/x.js').resolve('tollgate/verify.wasm'));
      await init(${source});
      console.log(decodeProtectedHeader('eyJhbGciOiJIUzI1NiJ9.e30.AA').alg);`;
    for (const source of [
      '',
      'new WebAssembly.Module(bytes)',
      'bytes',
      `new Response(bytes, { headers: { 'content-type': 'application/wasm' } })`,
    ]) {
      assert.equal(await node('--no-warnings', '--input-type=module', '-e', code(source)), 'HS256', `init(${source})`);
    }
  });

  test('a failed init is not remembered', async () => {
    const code = `import { init, decodeProtectedHeader } from 'tollgate/verify';
      await init(new Uint8Array([1, 2, 3])).then(() => console.log('no error'), () => {});
      console.log(decodeProtectedHeader('eyJhbGciOiJIUzI1NiJ9.e30.AA').alg);`;
    assert.equal(await node('--no-warnings', '--input-type=module', '-e', code), 'HS256');
  });
});

const USE = `
import { createVerifier, decodeJwt, decodeProtectedHeader, init, type Jwk, type JwkSet, type Verified, type Verifier, type VerifierOptions } from 'tollgate/verify';
import { createClient, type Client, type ClientOptions, type Session } from 'tollgate/client';
import { TollgateError, type ErrorCode } from 'tollgate/errors';
import { inspect, type Check, type Inspection, type InspectOptions } from 'tollgate/inspect';
import * as all from 'tollgate';

// A key as WebCrypto and Node.js export it, and as a JSON document has it.
declare const exported: JsonWebKey;
declare const exportedByNode: { kty?: string; n?: string; e?: string; [member: string]: unknown };
const set: JwkSet = { keys: [exported, exportedByNode, { kty: 'OKP', crv: 'Ed25519', x: '', kid: undefined, x5c: [''] }] };
for (const key of [exported, exportedByNode, new Uint8Array(32), '', { der: new Uint8Array() }, { sec1: new Uint8Array(), crv: 'P-256' }])
  void ({ audience: null, key } satisfies VerifierOptions);
void ({ audience: null, jwks: set } satisfies VerifierOptions);
const firstKey: Jwk | undefined = (undefined as unknown as Verifier).jwks()?.keys[0];

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equals<A, B>): void => {};

const options: VerifierOptions = { issuer: 'https://issuer.example', audience: ['a'], algorithms: ['ES256'], jwksUri: 'https://issuer.example/jwks', now: () => 0 };
const verifier: Verifier = await createVerifier(options);
const verified = await verifier.verify('a.b.c', { subject: 's' });
same<typeof verified, Verified>(true);
const { claims } = verifier.verifySync<{ admin: boolean }>('a.b.c');
same<typeof claims.admin, boolean>(true);
same<typeof verified.claims.aud, string | string[] | undefined>(true);
const inspection: Inspection = await inspect('a.b.c', { audience: null, key: new Uint8Array(32) } satisfies InspectOptions);
same<typeof inspection.checks, Check[]>(true);
same<Check['outcome'], 'passed' | 'failed' | 'not_reached' | 'not_asked'>(true);
same<typeof inspection.key, Verified['key'] | undefined>(true);
const why: TollgateError | undefined = inspection.checks[0]?.error;
const code: ErrorCode = new TollgateError('ERR_JWT_EXPIRED').code;
const client: Client = await createClient({ issuer: '', client_id: '', redirect_uri: '' } satisfies ClientOptions);
const session: Session | null = await client.start();
const alg: string = decodeProtectedHeader('').alg;
same<typeof all.createVerifier, typeof createVerifier>(true);
await init();

// @ts-expect-error: what is not checked must be said
await createVerifier({ key: new Uint8Array(32) });
// @ts-expect-error: there is nothing to preload
await inspect('a.b.c', { audience: null, preload: true });
// @ts-expect-error: none is no algorithm
await createVerifier({ audience: null, algorithms: ['none'], key: new Uint8Array(32) });
// @ts-expect-error: a code that there is not
const wrong: ErrorCode = 'ERR_NONE';
// @ts-expect-error: what is no key
await createVerifier({ audience: null, key: new ArrayBuffer(32) });
// @ts-expect-error: a private key, of which the verifier would say so too
await createVerifier({ audience: null, key: { kty: 'OKP', crv: 'Ed25519', x: '', d: '' } });
// @ts-expect-error: a token is a string
await verifier.verify(new Uint8Array());

export { alg, code, decodeJwt, firstKey, session, why, wrong };
`;

/** What a server has, of which the compiler knows the types of Node.js and none of the web. */
const USE_ON_NODE = `
import { createPublicKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { createVerifier, type Verifier, type VerifierOptions } from 'tollgate/verify';
import { exportJWK, importJWK, jwtVerify } from 'tollgate/jose';
import { JWTExpired } from 'tollgate/jose/errors';
import { TollgateError } from 'tollgate/errors';
import { inspect } from 'tollgate/inspect';

const { publicKey } = generateKeyPairSync('ed25519');
const keys: VerifierOptions['key'][] = [
  publicKey,
  publicKey.export({ format: 'jwk' }),
  publicKey.export({ format: 'pem', type: 'spki' }),
  { der: publicKey.export({ format: 'der', type: 'spki' }) },
  await exportJWK(createPublicKey('')),
  await importJWK(publicKey.export({ format: 'jwk' }), 'EdDSA'),
  (await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify'])).publicKey,
  randomBytes(32),
];
export const verifiers: Promise<Verifier>[] = keys.map((key) => createVerifier({ audience: null, key }));
export { JWTExpired, TollgateError, inspect, jwtVerify };
`;

describe('types', () => {
  const require = createRequire(import.meta.url);
  const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');
  const web = { lib: ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'], types: [] };
  const server = { lib: ['es2023'], types: [dirname(require.resolve('@types/node/package.json'))] };
  for (const [name, use, platform] of /** @type {[string, string, object][]} */ ([
    ['the web', USE, web],
    ['Node.js alone', USE_ON_NODE, server],
  ])) {
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      test(`hold under strict with those of ${name} and moduleResolution ${moduleResolution}`, async () => {
        await writeFile(join(folder, 'use.ts'), use);
        await writeFile(
          join(folder, 'tsconfig.json'),
          JSON.stringify({
            compilerOptions: {
              module,
              moduleResolution,
              target: 'es2022',
              ...platform,
              strict: true,
              exactOptionalPropertyTypes: true,
              noUncheckedIndexedAccess: true,
              skipLibCheck: false,
              noEmit: true,
            },
            files: ['use.ts'],
          }),
        );
        await run(process.execPath, [tsc, '-p', folder]).catch(({ stdout }) => assert.fail(stdout));
      });
    }
  }
});

describe('error codes', async () => {
  const { VERIFY_MESSAGES, CLIENT_MESSAGES, OAUTH_MESSAGES } = await import(join(root, 'dist/generated/errors.js'));

  test('each code of verification is raised by a case of the suite', () => {
    const ofVerification = Object.keys(VERIFY_MESSAGES);
    for (const code of ofVerification) assert.match(code, /^ERR_(JW|JOSE|FETCH|OPTION|OAUTH_METADATA)/);
    assert.deepEqual(Object.keys(RAISED_BY).sort(), ofVerification.sort());
  });

  test('each entry has the messages of what it raises', async () => {
    const messages = { ...VERIFY_MESSAGES, ...CLIENT_MESSAGES, ...OAUTH_MESSAGES };
    const client = { ...VERIFY_MESSAGES, ...CLIENT_MESSAGES };
    const entries = { verify: VERIFY_MESSAGES, jose: VERIFY_MESSAGES, inspect: VERIFY_MESSAGES, client, oauth: messages };
    for (const [entry, its] of Object.entries(entries)) {
      const said = JSON.parse(
        await node('--no-warnings', '--input-type=module', '-e', `import 'tollgate/${entry}'; import { TollgateError } from 'tollgate/errors';
          console.log(JSON.stringify(${JSON.stringify(Object.keys(messages))}.map((code) => new TollgateError(code).message)));`),
      );
      assert.deepEqual(said, Object.keys(messages).map((code) => its[code] ?? code), entry);
    }
  });

  test('ErrorCode is the table of src/error.rs', async () => {
    const rust = await readFile(new URL('src/error.rs', PROJECT), 'utf8');
    const inRust = [...rust.matchAll(/^ {4}\w+ = "(ERR_\w+)", "(.+)";$/gm)].map(([, code, message]) => [code, message.replaceAll('\\"', '"')]);
    assert.deepEqual([VERIFY_MESSAGES, CLIENT_MESSAGES, OAUTH_MESSAGES].flatMap(Object.entries), inRust);
  });
});
