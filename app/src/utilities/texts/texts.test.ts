/** Guards the catalogue: the languages say the same things, each in its own words. */

import { accessCatalogues } from "./access";
import { adminCatalogues } from "./admin";
import { chartsCatalogues } from "./charts";
import { emailCatalogues } from "./email";
import { formatsFor } from "./formats";
import { historyCatalogues } from "./history";
import { importsCatalogues } from "./imports";
import { catalogues, languageOf, type Language } from "./index";
import { insightsCatalogues } from "./insights";
import { passkeyCatalogues } from "./passkeys";
import { pluralIn } from "./plural";

/** Texts that are the same in both languages on purpose: names and loanwords. */
const SAME = new Set([
  "kit.appName",
  "account.server",
  "access.codes.code",
  "shortcuts.keys.Escape",
  "shortcuts.keys.ArrowUp",
  "shortcuts.keys.ArrowDown",
  "shortcuts.keys.ArrowLeft",
  "shortcuts.keys.ArrowRight",
  "access.tokens.name",
  "access.tokens.boards",
  "imports.members.name",
  "engine.refusal",
  "engine.fault",
  "admin.activity.live",
  "admin.activity.nothing",
  "admin.dashboard.p50",
  "admin.dashboard.p99",
]);

function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) =>
    leaves(each, path === "" ? key : `${path}.${key}`),
  );
}

/** A function's text with a mark for each argument: what it takes up is in it. */
function spoken(value: unknown): string {
  if (typeof value !== "function") return String(value);
  const numbers = Array.from({ length: value.length }, (_, index) => 7001 + index);
  return String(value(...numbers));
}

/** With the texts that come with parts of the app. */
const all = (language: Language) => ({
  ...catalogues[language],
  access: accessCatalogues[language],
  admin: adminCatalogues[language],
  charts: chartsCatalogues[language],
  email: emailCatalogues[language],
  history: historyCatalogues[language],
  imports: importsCatalogues[language],
  insights: insightsCatalogues[language],
  passkeys: passkeyCatalogues[language],
});
const english = leaves(all("en"));
const german = new Map(leaves(all("de")));

it("every language has the same keys", () => {
  expect([...german.keys()].sort()).toEqual(english.map(([key]) => key).sort());
});

it.each(english)("%s takes up the same arguments in German", (key, value) => {
  const other = german.get(key);
  expect(typeof other).toBe(typeof value);
  const marks = (text: string) => [...new Set(text.match(/700\d/g) ?? [])].sort();
  expect(marks(spoken(other))).toEqual(marks(spoken(value)));
});

it("no text is left in English by accident", () => {
  const same = english
    .filter(([key, value]) => spoken(german.get(key)) === spoken(value) && !SAME.has(key))
    .map(([key]) => key);
  expect(same).toEqual([]);
});

it("no text is empty", () => {
  const empty = [...english, ...german].filter(([, value]) => spoken(value).trim() === "");
  expect(empty).toEqual([]);
});

it("one of a thing is in the singular", () => {
  /** Limits that are many whatever happens. */
  const many = /\.(tooLong|nameTooLong|tooManyColumns|tooManyLabels|newestOnly|readingMeanwhile)$/;
  const nouns =
    /\b1 (tasks|changes|boards|comments|days|things|columns|Aufgaben|Änderungen|Kommentare|Tagen?|Angaben|Spalten)\b/;
  const wrong = [...english, ...german].filter(
    ([key, value]) =>
      typeof value === "function" && !many.test(key) && nouns.test(String(value(1, 1, 1, 1))),
  );
  expect(wrong).toEqual([]);
  const { wipRefused, columnInUse } = catalogues.en.board;
  expect(wipRefused("Pack", "Doing", 1)).toBe("“Pack” did not fit: “Doing” takes at most 1 task.");
  expect(columnInUse("Doing", 1)).toBe("“Doing” still has 1 task. Move it first.");
});

it.each(["en", "de"] as const)(
  "WCAG 2.5.3: what a button is called holds what it shows (%s)",
  (language) => {
    const { access, admin, board, charts, history, kit, task } = all(language);
    const { users } = admin;
    const pairs = [
      [board.addTask, board.addTaskTo("X")],
      [kit.undo, board.undoEvent("X")],
      [task.undo, task.undoOf("X")],
      [history.restore, history.restoreField("X", "Y")],
      [charts.showTable, charts.showTableOf("X")],
      [charts.hideTable, charts.hideTableOf("X")],
      [access.sessions.end, access.sessions.endOne("X")],
      [access.links.revoke, access.links.revokeOne("X")],
      [users.resetLink, users.resetLinkOne("X")],
      [users.enable, users.enableOne("X")],
      [users.disable, users.disableOne("X")],
    ] as const;
    const wrong = pairs.filter(([seen, said]) => !said.toLowerCase().includes(seen.toLowerCase()));
    expect(wrong).toEqual([]);
  },
);

it("the language is what the user chose, else the device's, else English", () => {
  expect(languageOf("de", "en-GB")).toBe("de");
  expect(languageOf("system", "de-AT")).toBe("de");
  expect(languageOf("system", "fr-FR")).toBe("en");
});

it("plural forms follow the language's rules", () => {
  const plural = pluralIn("en");
  expect([0, 1, 2].map((n) => plural(n, { one: "one", other: "other" }))).toEqual([
    "other",
    "one",
    "other",
  ]);
});

it("dates and numbers are written as the locale writes them", () => {
  expect(formatsFor("de").number(1234.5)).toBe("1.234,5");
  expect(formatsFor("en").number(1234.5)).toBe("1,234.5");
  const now = Date.parse("2026-11-24T12:00:00.000Z");
  expect(formatsFor("en").relative("2026-11-24T11:57:00.000Z", now)).toBe("3 minutes ago");
  expect(formatsFor("de").relative("2026-11-23T11:00:00.000Z", now)).toBe("gestern");
  expect(formatsFor("en").relative(now, now)).toBe("now");
});
