/**
 * After the web build: writes a compressed copy beside each file that is worth it, for the server to
 * send as it is, and holds what a first visit loads to its limit.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const FOLDER = new URL("../dist/web/", import.meta.url).pathname;

/** What a first visit may have to load, in bytes as they are sent. */
const LIMIT = 358 * 1024;

/** Files below this size travel in one packet anyway. */
const SMALLEST = 1024;

const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(js|css|html|svg|json)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

/** Scripts that the page does not name are parts that are loaded only where they are needed. */
const page = readFileSync(join(FOLDER, "index.html"), "utf8");
const isPart = (file) =>
  file.endsWith(".js") && file.includes("/_expo/") && !page.includes(basename(file));

const kibibytes = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
let total = 0;
for (const file of files) {
  const content = readFileSync(file);
  const compressed = gzipSync(content, { level: 9 });
  if (content.length >= SMALLEST) {
    writeFileSync(`${file}.gz`, compressed);
  }
  const sent = Math.min(content.length, compressed.length);
  if (isPart(file)) {
    console.log(`loaded when needed: ${basename(file)}, ${kibibytes(sent)} compressed`);
  } else {
    total += sent;
  }
}
console.log(`a first visit: ${kibibytes(total)} compressed, of at most ${kibibytes(LIMIT)}`);
if (total > LIMIT) {
  console.error("it is too large: look at what was added");
  process.exitCode = 1;
}
