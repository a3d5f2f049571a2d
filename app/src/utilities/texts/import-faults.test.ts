/** Guards that errors of a rejected file name its cards, without a pointer. */

import { faultText } from "./import-faults";
import { importsCatalogues } from "./imports";
import { catalogues } from "./index";

const document = {
  name: "Trip",
  cards: [{ name: "Boots" }],
  columns: [{ key: "todo", name: "To do" }],
  tasks: [{ title: "" }, { title: "Pack", labels: ["a", "a"] }, { title: "x".repeat(300) }],
};

it.each([
  [
    "/tasks/1/labels/1",
    "Task 2 (“Pack”), Label list 2: Why.",
    "Aufgabe 2 („Pack“), Etiketten 2: Why.",
  ],
  ["/tasks/0/title", "Task 1, Title: Why.", "Aufgabe 1, Titel: Why."],
  [
    "/tasks/2/title",
    `Task 3 (“${"x".repeat(60)}…”), Title: Why.`,
    `Aufgabe 3 („${"x".repeat(60)}…“), Titel: Why.`,
  ],
  ["/columns/0/name", "Column 1 (“To do”), Name: Why.", "Spalte 1 („To do“), Name: Why."],
  ["/tasks/7", "Task 8: Why.", "Aufgabe 8: Why."],
  ["/cards/0/idList", "Task 1 (“Boots”), List: Why.", "Aufgabe 1 („Boots“), Liste: Why."],
  ["/columns", "Columns: Why.", "Spalten: Why."],
  ["/columns/0/key", "Column 1 (“To do”), Key: Why.", "Spalte 1 („To do“), Schlüssel: Why."],
  ["/description", "Description: Why.", "Beschreibung: Why."],
  ["/elsewhere/deep", "elsewhere deep: Why.", "elsewhere deep: Why."],
])("%s", (pointer, english, german) => {
  const told = (["en", "de"] as const).map((language) =>
    faultText(
      { pointer, detail: "Why." },
      document,
      importsCatalogues[language],
      catalogues[language].board.fields,
    ),
  );
  expect(told).toEqual([english, german]);
});
