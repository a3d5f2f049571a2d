/** Guards the columns editor's reckoning. */

import { array, assert as check, property, string } from "fast-check";
import { columnsOf, moved, problemsOf, rowsOf, type Row } from "./columns-draft";

const columns = [
  { key: "todo", name: "To do", wip_limit: null },
  { key: "doing", name: "Doing", wip_limit: 3 },
];
const fresh = (name: string): Row => ({ key: null, id: `new ${name}`, name, limit: "" });

it("unchanged columns come back as they were", () => {
  expect(columnsOf(rowsOf(columns))).toEqual(columns);
});

it("a column's name is without what only hides in it, as the server would refuse it", () => {
  const [column] = columnsOf([fresh(" zero\u200bwidth ")]);
  expect(column?.name).toBe("zerowidth");
});

it("a renamed column keeps its key, else its tasks would lose it", () => {
  const rows = rowsOf(columns).map((row) => ({ ...row, name: `${row.name}!` }));
  expect(columnsOf(rows).map(({ key }) => key)).toEqual(["todo", "doing"]);
});

it("api: a column's key is 1 to 50 of a-z, 0-9, _ and -, and like no other", () => {
  check(
    property(array(string({ minLength: 1, maxLength: 120 }), { maxLength: 12 }), (names) => {
      const made = columnsOf([...rowsOf(columns), ...names.map(fresh)]);
      const keys = made.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      keys.forEach((key) => expect(key).toMatch(/^[a-z0-9_-]{1,50}$/));
    }),
  );
});

it("a row moves by one place, and stays at the ends", () => {
  const rows = rowsOf(columns);
  expect(moved(rows, 0, 1).map(({ key }) => key)).toEqual(["doing", "todo"]);
  expect(moved(rows, 0, -1).map(({ key }) => key)).toEqual(["todo", "doing"]);
  expect(moved(rows, 1, 1).map(({ key }) => key)).toEqual(["todo", "doing"]);
});

it.each([
  ["0", true],
  ["1", false],
  ["", false],
  ["1.5", true],
  ["-1", true],
  ["a", true],
  ["1000000", true],
  ["999999", false],
])("api: a limit is a whole number from 1 to 999,999 or none: “%s”", (limit, wrong) => {
  const row = { key: "a", id: "a", name: "A", limit };
  expect(problemsOf(row)).toEqual(wrong ? ["limit-wrong"] : []);
});

it("a name is 1 to 100 characters, counted as people do", () => {
  expect(problemsOf(fresh("  "))).toEqual(["name-missing"]);
  expect(problemsOf(fresh("\u200b"))).toEqual(["name-missing"]);
  expect(problemsOf(fresh("ü".repeat(100)))).toEqual([]);
  expect(problemsOf(fresh("ü".repeat(101)))).toEqual(["name-too-long"]);
});
