import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "../../../functions/web/files");
const files = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const read = (file) => readFileSync(file, "utf8");
const html = read(join(ROOT, "index.html"));

test("The page has no external resource", () => {
  for (const file of files) {
    const text = read(file).replaceAll("http://www.w3.org/2000/svg", "");
    assert.doesNotMatch(text, /(?:https?:)?\/\/[a-z0-9-]+\.[a-z]/iu, file);
  }
});

test("Content-Security-Policy: no inline script, no inline style, no handler attribute, no eval", () => {
  assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/u);
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=/u);
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    assert.doesNotMatch(
      read(file),
      /innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function|document\.write/u,
      file,
    );
  }
});

test("Every module, style and picture that is named exists, and every file is named", () => {
  const named = new Set([join(ROOT, "index.html")]);
  const name = (from, to) => {
    const file = resolve(dirname(from), to);
    assert.ok(existsSync(file), `${from} names ${to}`);
    named.add(file);
  };
  for (const [, to] of html.matchAll(/\s(?:src|href)="([^"#]+)"/gu)) {
    name(join(ROOT, "index.html"), to);
  }
  for (const file of files.filter((one) => one.endsWith(".js"))) {
    for (const [, to] of read(file).matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/gu)) {
      name(file, to);
    }
  }
  const types = join(ROOT, "model", "types.js");
  assert.deepEqual(
    files.filter((file) => !named.has(file) && file !== types),
    [],
  );
});

test("What is pure stays pure: a model knows no document, no network and no clock", () => {
  for (const file of files.filter((one) => one.includes("/model/"))) {
    const code = read(file).replaceAll(/\/\*[\s\S]*?\*\//gu, "");
    assert.doesNotMatch(
      code,
      /\b(?:document|window|fetch(?=\()|WebSocket|setTimeout|Date\.now|Math\.random)\b/u,
      file,
    );
    assert.doesNotMatch(code, /from "\.\.\//u, `${file} imports from outside`);
  }
});

test("style: files stay readable, up to about 400 lines", () => {
  for (const file of files.filter((one) => /\.(?:js|html)$/u.test(one))) {
    assert.ok(read(file).split("\n").length <= 400, file);
  }
});
