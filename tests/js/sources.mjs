// @ts-check
// What documents say, and what the sources say: for the tests that compare them.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const PROJECT = new URL('../../', import.meta.url);

/** @param {string} path in the project */
export const source = (path) => readFile(new URL(path, PROJECT), 'utf8');

/** The rows of every table of a page, cell by cell. @param {string} page */
export const cellsOf = (page) => [...page.matchAll(/^\| (.+) \|$/gm)].map(([, row]) => row.split(' | ').map((cell) => cell.trim()));

/** The texts between backticks. @param {string} [text] */
export const quoted = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

/** Every whole number of a text, but those of `n-bit` names. @param {string} text */
export const numbers = (text) => [...text.matchAll(/(?<![\w-])\d+(?!\w)/g)].map(([number]) => Number(number));

/** A number of the sources. @param {string} path @param {RegExp} pattern one group: digits, `a << b` or `aeb` */
export async function number(path, pattern) {
  const found = [...(await source(path)).matchAll(pattern)];
  assert.equal(found.length, 1, `${pattern} in ${path}`);
  const text = found[0][1].replaceAll('_', '');
  const [base, shift] = text.split('<<').map(Number);
  return shift === undefined ? base : base * 2 ** shift;
}

/** @param {string} path @param {string} name */
export const constant = (path, name) => number(path, new RegExp(`const ${name}(?:: \\w+)? = ([\\d_<e ]+);?$`, 'gm'));
