/** Guards that a file to import is recognised before anything is sent. */

import { IMPORT_LIMIT, parseImport, readImportFile, sizeOf } from "./import-file";

const bytes = (text: string) => new TextEncoder().encode(text);
const wide = (text: string) =>
  new Uint8Array([...text].flatMap((letter) => [letter.charCodeAt(0), 0]));

it.each([
  ["an empty file", new Uint8Array(), "empty"],
  ["white space", bytes(" \n"), "empty"],
  ["a web page", bytes("<!doctype html><title>Log in</title>"), "html"],
  ["gzip", new Uint8Array([0x1f, 0x8b, 8, 0]), "gzip"],
  ["a ZIP archive", new Uint8Array([0x50, 0x4b, 3, 4]), "zip"],
  ["UTF-16", wide('{"name":"A"}'), "utf16"],
  ["UTF-16 with its mark", new Uint8Array([0xff, 0xfe, ...wide("{}")]), "utf16"],
  ["Latin-1", new Uint8Array([...bytes('{"name":"'), 0xe4, 0x22, 0x7d]), "notUtf8"],
  ["a table", bytes("Name,List\nA,B\n"), "table"],
  ["a table with quotes", bytes('"Name";"List"\n"A";"B"\n'), "table"],
  ["half a file", bytes('{"name":"A","tasks":[{"title'), "cutOff"],
  ["words", bytes("no json at all"), "notJson"],
  ["a single card", bytes('{"id":"a","name":"Card","idList":"l","actions":[]}'), "card"],
  ["a list of boards", bytes('[{"name":"A"}]'), "list"],
  ["an answer with boards", bytes('{"boards":[],"next_cursor":null}'), "list"],
])("%s is named", (_, file, other) => {
  expect(readImportFile(file)).toEqual({ kind: "other", other });
});

it.each([
  ["null", ["name", "columns"]],
  ['{"name":"package","version":"1"}', ["columns"]],
  ['{"tasks":[]}', ["name"]],
])("JSON that is no board is told with what it lacks: %s", (text, missing) => {
  expect(parseImport(text)).toEqual({ kind: "not-board", missing });
});

it.each(['{"name":"A","tasks":[]}', '{"name":"A","lists":[]}', '\ufeff{"name":"A","cards":[]}'])(
  "a board is taken, also with a mark in front: %s",
  (text) => {
    const document = JSON.parse(text.replace("\ufeff", "")) as unknown;
    expect(readImportFile(bytes(text))).toEqual({ kind: "board", document });
  },
);

it("a board too large by its events alone is sent without them, and the server still reports them", () => {
  const task = { title: "A", description: "d".repeat(10_000) };
  const events = Array.from({ length: 900 }, (_, seq) => ({ seq, task }));
  const text = JSON.stringify({ name: "A", tasks: [task], events });
  expect(sizeOf({ events })).toBeGreaterThan(IMPORT_LIMIT);
  const file = parseImport(text);
  expect(file).toEqual({ kind: "board", document: { name: "A", tasks: [task], events: [{}] } });
});

it("a board that is too large without its events is reported with its size", () => {
  const tasks = Array.from({ length: 900 }, () => ({ title: "A", description: "ü".repeat(5_000) }));
  const file = parseImport(JSON.stringify({ name: "A", tasks, events: [{}] }));
  expect(file).toEqual({ kind: "too-large", bytes: sizeOf({ name: "A", tasks, events: [{}] }) });
});
