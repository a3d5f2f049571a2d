/** Columns that two people change at the same time. */

import * as fc from "fast-check";
import { mergeColumns } from "./merge-columns";
import type { Column } from "../types";

const column = (key: string, name = key, wip_limit: number | null = null): Column => ({
  key,
  name,
  wip_limit,
});
const BASE = [column("todo"), column("doing"), column("done")];
const keys = (columns: readonly Column[]) => columns.map(({ key }) => key);

const someColumns = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom("a", "b", "c", "d", "e"),
    name: fc.constantFrom("A", "B"),
    wip_limit: fc.constantFrom(null, 1, 2),
  }),
  { selector: ({ key }) => key },
);

describe("columns of which only one side changed something", () => {
  test("are as that side has them", () => {
    fc.assert(
      fc.property(someColumns, someColumns, (base, changed) => {
        const alone = { mine: changed, theirs: changed, isClash: false };
        expect(mergeColumns(base, changed, base)).toEqual(alone);
        expect(mergeColumns(base, base, changed)).toEqual(alone);
        expect(mergeColumns(base, changed, changed)).toEqual(alone);
      }),
    );
  });
});

describe("columns that both sides changed", () => {
  test("keep every name and limit that one side alone changed, every column that one added, none twice", () => {
    fc.assert(
      fc.property(someColumns, someColumns, someColumns, (base, mine, theirs) => {
        const merged = mergeColumns(base, mine, theirs);
        for (const side of [merged.mine, merged.theirs]) {
          expect(new Set(keys(side)).size).toBe(side.length);
          const of = (columns: readonly Column[], key: string) =>
            columns.find((other) => other.key === key);
          for (const key of keys(side)) {
            const [before, ours, others] = [of(base, key), of(mine, key), of(theirs, key)];
            for (const attribute of ["name", "wip_limit"] as const) {
              const [was, our, other] = [before, ours, others].map((one) => one?.[attribute]);
              const wanted = our === was ? [other] : other === was ? [our] : [our, other];
              if (ours !== undefined && others !== undefined) {
                expect(wanted).toContain(of(side, key)?.[attribute]);
              }
            }
          }
          const added = [...mine, ...theirs].filter(({ key }) => of(base, key) === undefined);
          expect(keys(side)).toEqual(expect.arrayContaining(keys(added)));
        }
      }),
    );
  });

  test("without a clash there is one result, and merging it again changes nothing", () => {
    fc.assert(
      fc.property(someColumns, someColumns, someColumns, (base, mine, theirs) => {
        const { mine: ours, theirs: others, isClash } = mergeColumns(base, mine, theirs);
        fc.pre(!isClash);
        expect(others).toEqual(ours);
        // Sent, and the answer lost: what the server has then is what was wanted.
        expect(mergeColumns(base, mine, ours)).toEqual({
          mine: ours,
          theirs: ours,
          isClash: false,
        });
      }),
    );
  });

  test("one renames, the other adds, limits and reorders: all of it is there", () => {
    const mine = [column("todo", "Ideas"), column("doing"), column("done")];
    const theirs = [column("done"), column("todo", "todo", 3), column("review"), column("doing")];
    const merged = [column("done"), column("todo", "Ideas", 3), column("review"), column("doing")];
    expect(mergeColumns(BASE, mine, theirs)).toEqual({
      mine: merged,
      theirs: merged,
      isClash: false,
    });
  });

  test.each<[string, readonly Column[], readonly Column[]]>([
    ["the same name", [column("todo", "Mine")], [column("todo", "Theirs")]],
    ["the same limit", [column("todo", "todo", 1)], [column("todo", "todo", 2)]],
    ["a column that the other took away", [column("todo", "Mine")], []],
  ])("clash where both changed %s", (_, mine, theirs) => {
    expect(mergeColumns([column("todo")], mine, theirs)).toEqual({ mine, theirs, isClash: true });
    expect(mergeColumns([column("todo")], theirs, mine).isClash).toBe(true);
  });

  test("clash where both put them in another order", () => {
    const [todo = column(""), doing = column(""), done = column("")] = BASE;
    const merged = mergeColumns(BASE, [doing, todo, done], [todo, done, doing]);
    expect(merged).toMatchObject({ isClash: true });
    expect([keys(merged.mine), keys(merged.theirs)]).toEqual([
      ["doing", "todo", "done"],
      ["todo", "done", "doing"],
    ]);
  });
});
