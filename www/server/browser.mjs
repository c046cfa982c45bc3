// @ts-check
// A headless Chromium that talks to nobody but the pages it opens.

import { access } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Starts the browser of the environment variable CHROMIUM_PATH, or the system's. */
export async function launchBrowser() {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  await access(executablePath).catch(() => {
    throw new Error(`There is no Chromium at ${executablePath}; install it (apt-get install chromium) or set CHROMIUM_PATH.`);
  });
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
