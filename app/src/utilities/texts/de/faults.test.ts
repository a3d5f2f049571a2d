/** Guards that German readers are told in German why a value is not accepted. */

import { catalogues } from "../index";

it.each([
  ["must have 3 to 32 characters, has 2", "muss 3 bis 32 Zeichen haben, hat 2"],
  ["must have at most 200 characters, has 201", "darf höchstens 200 Zeichen haben, hat 201"],
  ["must have at most 1000 characters", "darf höchstens 1000 Zeichen haben"],
  [
    "must not contain invisible characters such as U+202E",
    "darf keine unsichtbaren Zeichen enthalten, etwa U+202E",
  ],
  [
    "must not contain control characters other than tabs and line breaks",
    "darf keine Steuerzeichen enthalten",
  ],
  ["must have at most 20 labels, has 21", "dürfen höchstens 20 Etiketten sein, sind 21"],
  ["is not a column of this board", "ist keine Spalte dieses Boards"],
  ["is not a list of this board", "ist keine Liste dieses Boards"],
  ["must have 1 to 50 open lists, has 51", "müssen 1 bis 50 offene Listen sein, sind 51"],
  ["must have at most 10000 cards, has 10001", "dürfen höchstens 10000 sein, sind 10001"],
  [
    "must contain at most 20000 comments, contains 20001",
    "dürfen höchstens 20000 Kommentare haben, haben 20001",
  ],
  ["must be a string", "muss ein Text sein"],
  ["must be an object", "muss ein Objekt sein"],
  ["is no member of this board", "ist kein Mitglied dieses Boards"],
  ["is not another task in the column “To do”", "ist keine andere Aufgabe in dieser Spalte"],
  ["must not be after due_at", "darf nicht nach der Fälligkeit liegen"],
  ["must not be before start_at", "darf nicht vor dem Beginn liegen"],
  [
    "must be an RFC 3339 timestamp, such as 2026-01-02T03:04:05Z",
    "muss ein Zeitpunkt sein, den es gibt",
  ],
])("%s", (english, german) => {
  expect(catalogues.de.engine.fault(english)).toBe(german);
  expect(catalogues.en.engine.fault(english)).toBeNull();
});

it("what is not known stays in the server's words", () => {
  expect(catalogues.de.engine.fault("is odd")).toBeNull();
});
