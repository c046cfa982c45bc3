// @ts-check
// The jobs: what each runtime is asked to do.

import { COUNTS, FULL, LENGTHS, SIZE, SIZES } from './cases.mjs';
import { AUDIENCE, ISSUER, refused, signer, tampered, token, tokens } from './fixtures.mjs';

/** @typedef {import('./guest.mjs').Job} Job */
/** @typedef {import('./cases.mjs').Algorithm} Algorithm */
/** @typedef {import('./cases.mjs').Plan} Plan */
/** @typedef {import('./fixtures.mjs').Signer} Signer */

const LIBRARIES = ['tollgate', 'jose', 'fast-jwt', 'aws-jwt-verify', 'jsonwebtoken', 'subtle.verify'];
const MAIN_LIBRARIES = ['tollgate', 'jose', 'fast-jwt'];
/** What is measured in every cell; in the main one everything is. */
const SUBJECTS = ['tollgate verify', 'tollgate verifySync', 'jose', 'fast-jwt'];

/** The libraries whose first verification is measured; those of Node.js only there. */
export const FIRST = { everywhere: ['tollgate', 'jose'], node: ['fast-jwt', 'aws-jwt-verify', 'jsonwebtoken'] };

/** Verifications by a fresh verifier: the cost of the last is the difference from one less. */
export const USES = [0, 1, 2, 3, 4];

const ES256 = { name: 'ES256', alg: 'ES256' };
const HS256 = { name: 'HS256', alg: 'HS256' };

/** @param {Signer} by @param {object} [more] */
const question = (by, more = { jwk: by.jwk }) => ({ alg: by.alg, issuer: ISSUER, audience: AUDIENCE, ...more });

/** A cell: a job, and what its result is filed under. @typedef {{ size: string, mode: import('./cases.mjs').Mode, length: number, job: Job }} Cell */

/** @param {Algorithm} algorithm @param {Plan} plan */
export function cells(algorithm, { budget, patience, sizes, modes }) {
  const by = signer(algorithm);
  const texts = Object.fromEntries(sizes.map((size) => [size, tokens(by, SIZES[size])]));
  return sizes.flatMap((size) =>
    modes.map((mode) => {
      const main = size === SIZE && mode === 'sequential';
      /** @type {Job} */
      const job = {
        id: `${algorithm.name}-${size}-${mode}`.replace(' ', ''),
        kind: 'verify',
        question: question(by),
        tokens: texts[size],
        bad: tampered(texts[size][0]),
        mode,
        libraries: main ? LIBRARIES : MAIN_LIBRARIES,
        ...(!main && { names: SUBJECTS }),
        budget: main ? budget.main : budget.other,
        patience,
      };
      return { size, mode, length: texts[size][0].length, job };
    }),
  );
}

/** @param {Algorithm} algorithm @param {Plan} plan @returns {Job} */
export function freshJob(algorithm, { budget, patience }) {
  const by = signer(algorithm);
  return {
    id: `${algorithm.name}-fresh`,
    kind: 'fresh',
    question: question(by),
    tokens: tokens(by, SIZES[SIZE], Math.max(...USES)),
    mode: 'sequential',
    libraries: MAIN_LIBRARIES,
    names: ['tollgate verifySync', 'jose', 'fast-jwt'],
    uses: USES,
    budget: budget.other,
    patience,
  };
}

/** @param {Algorithm} algorithm @param {Plan} plan */
export const memoryKeys = (algorithm, { keys }) =>
  Array.from({ length: keys }, () => {
    const by = signer(algorithm);
    return { question: question(by), tokens: tokens(by, SIZES[SIZE], 2) };
  });

/** A point of a scale plot. @typedef {{ plot: 'length' | 'keys' | 'issuers' | 'refused', series: string, x: number, job: Job }} Point */

/** @param {string} id @param {Partial<Job> & Pick<Job, 'question' | 'tokens'>} more @returns {Job} */
const scaleJob = (id, more) => ({
  id,
  kind: 'verify',
  mode: 'sequential',
  libraries: ['tollgate', 'jose'],
  names: ['tollgate verifySync', 'jose'],
  budget: 40,
  patience: FULL.patience,
  ...more,
});

/** @returns {Point[]} */
function lengths() {
  return [HS256, ES256].flatMap((algorithm) => {
    const by = signer(algorithm);
    return LENGTHS.map((length) => {
      const texts = tokens(by, length, 4);
      const job = scaleJob(`length-${algorithm.name}-${length}`, { question: question(by), tokens: texts });
      return { plot: /** @type {const} */ ('length'), series: algorithm.name, x: texts[0].length, job };
    });
  });
}

/** @returns {Point[]} */
function refusals() {
  const by = signer(HS256);
  return LENGTHS.flatMap((length) =>
    Object.entries(refused(by, length)).map(([series, bad]) => {
      const more = {
        question: question(by),
        tokens: [bad],
        mode: /** @type {const} */ ('refused'),
        libraries: ['tollgate'],
      };
      return { plot: 'refused', series, x: length, job: scaleJob(`refused-${series}-${length}`, more) };
    }),
  );
}

/** Sets of keys, and issuers with a key each: with tokens of one of them, and with tokens of all by turns. @returns {Point[]} */
function counts() {
  const every = Array.from({ length: Math.max(...COUNTS) }, (_, at) => {
    const [by, issuer] = [signer(ES256, `key-${at + 1}`), `${ISSUER}/${at + 1}`];
    return { by, issuer, ofSet: token(by, SIZES[SIZE]), ofIssuer: token(by, SIZES[SIZE], issuer) };
  });
  return COUNTS.flatMap((count) => {
    const some = every.slice(0, count);
    const middle = [some[count >> 1]];
    const jwks = some.map(({ by }) => by.jwk);
    const issuers = some.map(({ by, issuer }) => ({ issuer, jwk: by.jwk }));
    return [
      ...[
        { series: 'one in use', used: middle },
        { series: 'all in use', used: some },
      ].flatMap(({ series, used }) => [
        {
          plot: /** @type {const} */ ('keys'),
          series,
          x: count,
          job: scaleJob(`keys-${series}-${count}`, {
            question: question(every[0].by, { jwks }),
            tokens: used.map(({ ofSet }) => ofSet),
            step: used.length,
          }),
        },
        {
          plot: /** @type {const} */ ('issuers'),
          series,
          x: count,
          job: scaleJob(`issuers-${series}-${count}`, {
            question: question(every[0].by, { issuers }),
            tokens: used.map(({ ofIssuer }) => ofIssuer),
            step: used.length,
          }),
        },
      ]),
    ];
  });
}

/** @returns {Point[]} */
export const points = () => [...lengths(), ...counts(), ...refusals()];

/** The long runs: of good tokens, and of tokens that are refused. @param {Plan} plan @returns {Record<string, import('./million.mjs').Input>} */
export function longRuns({ million, longest }) {
  const by = signer(ES256);
  const secret = signer(HS256);
  const good = tokens(by, SIZES[SIZE]);
  const bad = Object.values(refused(secret, SIZES['300 B']));
  const common = { total: million, longest };
  return {
    verified: { question: question(by), tokens: good, refused: false, ...common },
    refused: { question: question(secret), tokens: bad, refused: true, ...common },
  };
}
