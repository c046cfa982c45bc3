// @ts-check
// The code blocks of the documents: that each is run and that all hold under strict types. And the run of those of README.md
// that need nothing but Node.js.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run, workspace } from '../install.mjs';
import { RUN_BY, blocks, documents, textOf, textsOf } from '../readme.mjs';
import { newSigner } from '../suite/tokens.mjs';
import { exportsOf, printedBy, serve } from './blocks.mjs';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const { folder, remove } = await workspace('readme');
after(remove);

/** What platforms have beside the types of the web. */
const AMBIENT = `declare module 'cloudflare:workers' { export function waitUntil(promise: Promise<unknown>): void }`;

describe('the documents', () => {
  test('have no code block that no test runs, and every test has its block', async () => {
    for (const document of await documents()) {
      const names = (await blocks(document)).map(({ name }) => name);
      const runBy = /** @type {Record<string, Record<string, string>>} */ (RUN_BY)[document] ?? {};
      assert.deepEqual([...new Set(names)].sort(), Object.keys(runBy).sort(), document);
      for (const file of Object.values(runBy)) assert.ok(existsSync(join(PROJECT, 'tests/js', file)), file);
    }
  });

  test('link to files that are there, and to headings that they have', async () => {
    for (const document of await documents()) {
      for (const [, link] of (await textOf(document)).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
        const [path, heading] = link.split('#');
        const target = path ? join(PROJECT, dirname(document), path) : join(PROJECT, document);
        assert.ok(existsSync(target), `${document}: ${link}`);
        if (heading === undefined) continue;
        const headings = [...(await readFile(target, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, text]) => anchor(text));
        assert.ok(headings.includes(heading), `${document}: ${link}`);
      }
    }
  });

  for (const [module, moduleResolution] of [
    ['esnext', 'bundler'],
    ['nodenext', 'nodenext'],
  ]) {
    test(`have TypeScript that holds under strict with moduleResolution ${moduleResolution}`, async () => {
      const sources = (await Promise.all((await documents()).map(blocks))).flat().filter(({ kind }) => kind === 'ts');
      assert.ok(sources.length > 8, `${sources.length}`);
      const files = ['ambient.d.ts'];
      await writeFile(join(folder, 'ambient.d.ts'), AMBIENT);
      for (const [index, { text }] of sources.entries()) {
        await writeFile(join(folder, `block-${index}.ts`), text);
        files.push(`block-${index}.ts`);
      }
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noEmit: true,
        skipLibCheck: false,
      };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
      await run(process.execPath, [tsc, '-p', folder]).catch(({ stdout }) => assert.fail(stdout));
    });
  }
});

/** The fragment of a heading, as GitHub and npm make it. @param {string} heading */
const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

describe('README.md', () => {
  test('has a verifier of several issuers, whose keys and policies do not cross', async () => {
    const [ours, theirs] = [await newSigner('RS256'), await newSigner('ES256')];
    serve({
      'https://as.example.com/.well-known/openid-configuration': {
        issuer: 'https://as.example.com',
        jwks_uri: 'https://as.example.com/jwks',
      },
      'https://as.example.com/jwks': { keys: [ours.jwk] },
      'https://partner.example/keys': { keys: [theirs.jwk] },
    });
    const [text] = await textsOf('README.md', 'Several issuers: ts');
    const { verifier } = await exportsOf(folder, 'issuers', text);
    const iat = Math.floor(Date.now() / 1000);
    const common = { aud: 'https://api.example.com', sub: 'someone', iat, exp: iat + 60, client_id: 'app', jti: 'one' };
    const [us, them] = [{ ...common, iss: 'https://as.example.com' }, { ...common, iss: 'https://partner.example' }];
    const access = { typ: 'at+jwt' };
    assert.equal((await verifier.verify(await ours.token(us, access))).claims.sub, 'someone');
    assert.equal((await verifier.verify(await theirs.token(them))).claims.sub, 'someone');
    for (const [bad, code] of [
      [await ours.token(us), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
      [await ours.token(them, access), 'ERR_JOSE_ALG_NOT_ALLOWED'],
      [await theirs.token(us, access), 'ERR_JWKS_NO_MATCHING_KEY'],
      [await ours.token({ ...us, iss: 'https://other.example' }, access), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ])
      await assert.rejects(verifier.verify(bad), { code });
  });

  test('shows every check of a token', async () => {
    const [text] = await textsOf('README.md', 'See why a token is refused: ts');
    const lines = (await printedBy(folder, 'inspect', text)).trim().split('\n');
    for (const line of [
      'form passed RFC 7515 §7.1 ',
      'signature failed RFC 7515 §5.2 ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      'iss passed RFC 7519 §4.1.1 ',
      'aud failed RFC 7519 §4.1.3 ERR_JWT_CLAIM_VALIDATION_FAILED',
      'exp failed RFC 7519 §4.1.4 ERR_JWT_EXPIRED',
    ])
      assert.ok(lines.includes(line), `${line}\n\n${lines.join('\n')}`);
  });

  test('has a program of jose that does the same with jose', async () => {
    const [text] = await textsOf('README.md', 'Coming from jose: ts');
    const printed = 'read ERR_JWS_SIGNATURE_VERIFICATION_FAILED\n';
    assert.equal(await printedBy(folder, 'coming', text), printed);
    const before = text.replace("'tollgate/jose'", JSON.stringify(import.meta.resolve('jose')));
    assert.notEqual(before, text);
    assert.equal(await printedBy(folder, 'before', before), printed);

    const key = await newSigner('ES256');
    const asked = serve({ 'https://as.example.com/jwks': { keys: [key.jwk] } });
    const { check } = await exportsOf(folder, 'check', text);
    const claims = { iss: 'https://as.example.com', aud: 'https://api.example.com', sub: 'someone' };
    assert.equal((await check(await key.token(claims))).payload.sub, 'someone');
    await assert.rejects(check(await key.token({ ...claims, aud: 'other' })), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' });
    assert.deepEqual(asked, ['https://as.example.com/jwks']);
  });

  test('shows an error with its code and advice', async () => {
    for (const text of await textsOf('README.md', 'Errors: ts'))
      assert.match(await printedBy(folder, 'errors', text), /^ERR_JWS_INVALID .+; .+\n$/);
  });

  test('names commands that there are', { timeout: 600_000 }, async () => {
    for (const text of await textsOf('README.md', 'Try it, test it: sh')) {
      for (const line of text.trim().split('\n')) {
        const [program, ...args] = line.split(' ');
        const { stdout } = await run(program, [...args, '--help'], { cwd: PROJECT });
        assert.ok(stdout.includes(`Usage: ${line}`), stdout);
      }
    }
  });
});
