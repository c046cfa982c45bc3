// @ts-check
// The runtimes, by name.

import { openChromium } from './chromium.mjs';
import { PROCESSES, openProcess } from './process.mjs';
import { openWorkerd } from './workerd.mjs';

/** @typedef {import('../guest.mjs').Job} Job */
/** @typedef {import('../guest.mjs').Result} Result */

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} label
 * @property {string} version
 * @property {(jobs: Job[]) => Promise<Result[]>} perform does them in one fresh process or page
 * @property {(job: Job) => Promise<(library: string) => Promise<number>>} first gives what measures, each time in a fresh process or page, the milliseconds to the first verified token
 * @property {(script: string, input: unknown) => Promise<any>} [script] runs one of our scripts where memory can be measured
 * @property {() => Promise<void>} close
 */

/** Opens a runtime; throws where it is not there. @param {string} name @param {import('./app.mjs').App} app @returns {Promise<Runtime>} */
export function openRuntime(name, app) {
  if (name === 'workerd') return openWorkerd(app);
  if (name === 'chromium') return openChromium(app);
  if (PROCESSES.includes(name)) return openProcess(name, app);
  throw new Error(`there is no runtime ${name}`);
}
