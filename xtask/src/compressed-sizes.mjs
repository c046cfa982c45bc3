// @ts-check
// node compressed-sizes.mjs FILE...: prints [bytes, bytes gzip -9, bytes brotli -11] of each file, as JSON.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const sizes = process.argv.slice(2).map((file) => {
  const bytes = readFileSync(file);
  return [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)].map(({ length }) => length);
});
console.log(JSON.stringify(sizes));
