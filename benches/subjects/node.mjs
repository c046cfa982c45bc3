// @ts-check
// Every library, for runtimes with the modules of Node.js.

import { EVERYWHERE } from './index.mjs';

/** @type {import('./index.mjs').Libraries} */
export const LIBRARIES = {
  ...EVERYWHERE,
  'fast-jwt': () => import('./fast-jwt.mjs'),
  jsonwebtoken: () => import('./jsonwebtoken.mjs'),
};
