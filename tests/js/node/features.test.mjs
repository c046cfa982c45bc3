// @ts-check
// The index of tests/features.mjs names tests that there are.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cases } from '../../compare/cases.mjs';
import { FEATURES } from '../../features.mjs';
import { groups as oauthGroups } from '../oauth/suite/index.mjs';
import { groups } from '../suite/index.mjs';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** The names of all tests of a place, as a line of the index names it. @type {Map<string, string[]>} */
const places = new Map();
const add = (/** @type {string} */ place, /** @type {string} */ name) =>
  places.set(place, [...(places.get(place) ?? []), name]);

for (const [group, list] of Object.entries(groups)) for (const { name } of list) add(`suite/${group}`, name);
for (const [group, list] of Object.entries(oauthGroups)) for (const { name } of list) add(`oauth/suite/${group}`, name);
for (const { group, name } of cases()) add(`compare/${group}`, name);
for (const folder of ['src', 'tests']) {
  for (const file of await readdir(join(PROJECT, folder), { recursive: true })) {
    const text = async () => readFile(join(PROJECT, folder, file), 'utf8');
    if (file.endsWith('.rs')) {
      for (const [, name] of (await text()).matchAll(/#\[test\]\s+(?:#\[[^\]]*\]\s*)*fn (\w+)\(/g)) add('native', name);
    } else if (file.endsWith('.test.mjs')) {
      // As they are written, without what the run fills in.
      const written = (await text()).matchAll(/\btest\(\s*(['`])(.+?)\1,/g);
      for (const [, , name] of written) add(file.replace(/^js./, ''), name.replaceAll(/\$\{.*?\}/g, ''));
    }
  }
}

/** Whether `name`, in which `*` stands for any text, is `text`. @param {string} name @param {string} text */
function matches(name, text) {
  const parts = name.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(text);
}

/** @param {string} named */
function exists(named) {
  const [place, ...name] = named.split(': ');
  return (places.get(place) ?? []).some((text) => matches(name.join(': '), text));
}

describe('the index of what others got wrong', () => {
  for (const [section, lines] of Object.entries(FEATURES)) {
    test(`${section}: each line has tests that there are, or says why not`, () => {
      for (const { line, tests = [], notApplicable, ...others } of lines) {
        // Nothing waits for a part of the library that is not built yet.
        assert.deepEqual(others, {}, `${line}: nothing but tests, or why there are none`);
        assert.ok(tests.length > 0 !== Boolean(notApplicable), `${line} says how it is carried`);
        assert.deepEqual(
          tests.filter((name) => !exists(name)),
          [],
          `${line}: no such test`,
        );
      }
    });
  }

  test('has every line of the survey', () => {
    const counts = Object.fromEntries(
      Object.entries(FEATURES).map(([section, lines]) => [section.slice(0, 3), lines.length]),
    );
    assert.deepEqual(counts, { 1.4: 18, 1.5: 17, 3.1: 23, 3.2: 18, 3.3: 9, 3.4: 21 });
  });

  test('knows a name that is not there', () => {
    assert.ok(!exists('suite/claims: no such case') && !exists('native: no_such_test') && !exists('nowhere: *'));
    assert.ok(exists('suite/claims: iss is *') && exists('node/features.test.mjs: knows a name that is not there'));
  });
});
