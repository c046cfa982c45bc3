// @ts-check
// workerd: its clocks stand still while a worker computes, so batches are timed from outside, less an empty request.

import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleWorker, startWorker } from '../../tests/js/workerd/serve.mjs';
import { interleave } from '../measure.mjs';
import { minimum } from '../statistics.mjs';

/** Milliseconds of a batch: a request takes about a tenth of a millisecond more or less. */
const BATCH = 10;
const EMPTY_REQUESTS = 60;

const WORKER = `
import { prepare } from '../guest.mjs';
import { EVERYWHERE } from '../subjects/index.mjs';

let ready;
export default {
  async fetch(request) {
    if (request.method === 'POST') {
      ready = await prepare(await request.json(), EVERYWHERE);
      return Response.json({ names: ready.runners.map(({ name }) => name), absent: ready.absent });
    }
    const [lane, count] = new URL(request.url).searchParams.values();
    if (count !== '0') await ready.runners[lane].run(Number(count));
    return new Response();
  },
};
`;

/** @param {string} library */
const first = (library) => `
import { subjects } from '../subjects/${library}.mjs';
import job from './job.json';

export default {
  async fetch() {
    const { verify } = await subjects[0].setup(job.question);
    await verify(job.tokens[0]);
    return new Response();
  },
};
`;

/** @param {import('./app.mjs').App} app @param {string} name @param {Record<string, string>} files */
async function bundled(app, name, files) {
  const folder = join(app.folder, name);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  await bundleWorker(folder);
  return folder;
}

/** @param {Agent} agent @param {string} url @param {string} [body] @returns {Promise<string>} */
async function ask(agent, url, body) {
  const message = request(url, { agent, method: body === undefined ? 'GET' : 'POST' }).end(body);
  const [response] = await once(message, 'response');
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  if (response.statusCode !== 200) throw new Error(`workerd answered ${response.statusCode}`);
  return text;
}

/** @param {import('./app.mjs').App} app @returns {Promise<import('./index.mjs').Runtime>} */
export async function openWorkerd(app) {
  const file = createRequire(import.meta.url).resolve('workerd/package.json');
  const { version } = JSON.parse(await readFile(file, 'utf8'));
  const folder = await bundled(app, 'workerd', { 'worker.mjs': WORKER });

  /** @param {import('../guest.mjs').Job} job @param {string} origin @param {Agent} agent */
  async function perform(job, origin, agent) {
    const { names, absent } = JSON.parse(await ask(agent, origin, JSON.stringify(job)));
    const timed = async (/** @type {number} */ lane, /** @type {number} */ count) => {
      const start = performance.now();
      await ask(agent, `${origin}/?lane=${lane}&count=${count}`);
      return performance.now() - start;
    };
    const requests = [];
    for (let at = 0; at < EMPTY_REQUESTS; at++) requests.push(await timed(0, 0));
    const empty = minimum(requests);
    const lanes = names.map((/** @type {string} */ name, /** @type {number} */ lane) => ({
      name,
      time: async (/** @type {number} */ count) => Math.max(0, (await timed(lane, count)) - empty),
    }));
    return {
      id: job.id,
      lanes: await interleave(lanes, { budget: job.budget * 1.5, patience: job.patience, batch: BATCH }),
      absent,
    };
  }

  return {
    name: 'workerd',
    label: 'workerd',
    version,
    async perform(jobs) {
      const { origin, close } = await startWorker(folder);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      try {
        const results = [];
        for (const job of jobs) results.push(await perform(job, origin, agent));
        return results;
      } finally {
        agent.destroy();
        close();
      }
    },
    async first(job) {
      const agent = new Agent();
      return async (library) => {
        const files = { 'worker.mjs': first(library), 'job.json': JSON.stringify(job) };
        const folder = await bundled(app, `workerd-first-${library}`, files);
        const start = performance.now();
        const { origin, close } = await startWorker(folder);
        try {
          await ask(agent, origin);
          return performance.now() - start;
        } finally {
          close();
        }
      };
    },
    async close() {},
  };
}
