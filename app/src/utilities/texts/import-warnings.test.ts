/** Guards that a reader is told what an import left out, in sentences that name the card. */

import { warningText, type ImportWarning } from "./import-warnings";
import { importsCatalogues } from "./imports";

const POINTER = "/cards/0/stickers";

const warning = (code: string, given: ImportWarning["arguments"]): ImportWarning => ({
  pointer: POINTER,
  code,
  arguments: given,
  detail: "was left out",
});

const task = "Order timber";

/** Every kind that the server sends, and one that this app does not know yet. */
const KINDS: readonly (readonly [string, ImportWarning["arguments"]])[] = [
  ["history", {}],
  ["history-cut", { limit: 1000 }],
  ["archived-list", { list: "Ideas", tasks: 3 }],
  ["archived-task", { task, comments: 1 }],
  ["comment-without-task", { task, name: "Emmy" }],
  ["comment-without-task", { name: "Emmy" }],
  ["comment-without-task", { task }],
  ["comment-without-task", {}],
  ["checklist-without-task", { name: "Wood" }],
  ["comments-missing", { task, count: 2 }],
  ["not-a-member", { name: "emmy", task }],
  ["not-a-member", { name: "emmy" }],
  ["other-authors", { count: 2 }],
  ["cut", { field: "desc", limit: 10_000, task }],
  ["cut", { field: "desc", limit: 10_000 }],
  ["description-continued", { task, comments: 2 }],
  ["comment-continued", { task, comments: 1 }],
  ["checklist-without-room", { task, name: "Wood", count: 3 }],
  ["attachment-without-room", { task, name: "plan.pdf" }],
  ["unnamed", { field: "lists", name: "List", list: "List" }],
  ["unnamed", { field: "cards", name: "Card", task: "Card" }],
  ["unnamed", { field: "checklists", name: "Checklist", task }],
  ["unnamed", { field: "customFields", name: "Field" }],
  ["control-characters", { field: "name", list: "Ideas" }],
  ["template", { task }],
  ["attached-file", { task, name: "plan.pdf" }],
  ["unused-label", { label: "Wood" }],
  ["unused-field", { name: "Points" }],
  ["too-many-labels", { task, limit: 50, count: 60 }],
  ["fields-too-large", { task, limit: 16_384 }],
  ["not-carried", { field: "stickers", task }],
  ["not-carried", { field: "novelty", task }],
  ["not-carried", { field: "memberCreator", task }],
  ["not-carried", { field: "prefs" }],
  ["more", { limit: 20_000 }],
  ["a-kind-of-tomorrow", { task }],
  ["a-kind-of-tomorrow", {}],
];

describe.each(["en", "de"] as const)("in %s", (language) => {
  it.each(KINDS)(
    "API-IMPORT: a warning is a sentence that names what it is about: %s",
    (code, given) => {
      const text = warningText(warning(code, given), importsCatalogues[language]);
      expect(text).toMatch(/^[\p{Lu}\p{N}„“e].*\.$/u);
      expect(text).not.toContain(POINTER);
      expect(text).not.toMatch(/undefined|null|NaN/u);
      for (const name of [given.task, given.list, given.label, given.name]) {
        expect(text).toContain(name ?? "");
      }
    },
  );
});

it("API-IMPORT: each kind has its own words", () => {
  const told = KINDS.map(([code, given]) =>
    warningText(warning(code, given), importsCatalogues.en),
  );
  expect(new Set(told).size).toBe(KINDS.length);
});

it("API-IMPORT: if a text was cut, the warning says where the rest is", () => {
  const words = warningText(warning("cut", { field: "desc", limit: 10_000 }), importsCatalogues.en);
  expect(words).toMatch(/the board.* 10000 characters: the rest is only in the file\.$/u);
});
