/**
 * After the web build: writes a compressed copy beside each file that is worth it, for the server to
 * send as it is, and holds the whole to its limit.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const FOLDER = new URL("../dist/web/", import.meta.url).pathname;

/** What a first visit may have to load, in bytes as they are sent. */
const LIMIT = 360 * 1024;

/** Files below this size travel in one packet anyway. */
const SMALLEST = 1024;

const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(js|css|html|svg|json)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

let total = 0;
for (const file of files) {
  const content = readFileSync(file);
  const compressed = gzipSync(content, { level: 9 });
  if (content.length >= SMALLEST) {
    writeFileSync(`${file}.gz`, compressed);
  }
  total += Math.min(content.length, compressed.length);
}
const kibibytes = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`the web build: ${kibibytes(total)} compressed, of at most ${kibibytes(LIMIT)}`);
if (total > LIMIT) {
  console.error("it is too large: look at what was added");
  process.exitCode = 1;
}
