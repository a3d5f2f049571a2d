/** Guards what search finds: as docs/contract/search.json defines it, which the database's tests read as well. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { aTask } from "../../testing/boards";
import { folded } from "../../utilities/search";
import { matcher, NO_FILTER } from "./filters";

interface Table {
  readonly folding: readonly (readonly [string, string])[];
  readonly examples: readonly {
    readonly task: { readonly title: string; description?: string; labels?: string[] };
    readonly found_by: readonly string[];
    readonly not_found_by: readonly string[];
  }[];
  readonly letters: { readonly ranges: readonly string[]; readonly digests: readonly number[] };
  readonly cases: {
    readonly seeds: readonly number[];
    readonly texts: readonly number[];
    readonly found: readonly number[];
  };
}

const file = join(__dirname, "../../../../docs/contract/search.json");
const table = JSON.parse(readFileSync(file, "utf8")) as Table;
const ranges = table.letters.ranges.map((range) => {
  const [first = 0, last = 0] = range.split("-").map((end) => Number.parseInt(end, 16));
  return { first, last };
});

/** FNV-1a of 32 bits over the texts in UTF-8, each with a line feed behind it. */
function digest(texts: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(texts.map((text) => `${text}\n`).join(""), "utf8")) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

/** Dice: mulberry32. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

/** A text of any letters. */
function anyText(roll: (sides: number) => number): string {
  const one = () => {
    if (roll(4) === 0) return " ";
    const { first, last } = ranges[roll(2) === 0 ? 0 : roll(ranges.length)] ?? ranges[0]!;
    return String.fromCodePoint(first + roll(last - first + 1));
  };
  return Array.from({ length: 1 + roll(30) }, one).join("");
}

/** A text of few letters, so that one is often found in another. */
function alikeText(roll: (sides: number) => number): string {
  const letters = [...'aaAäÄbßSsσΣς  --"“”„%_\\İıＡ#12'];
  const one = () => letters[roll(letters.length)] ?? "";
  return Array.from({ length: 1 + roll(6) }, one).join("");
}

const finds = (text: string) => matcher({ ...NO_FILTER, text }, 0);

it("API-SEARCH: a text is searched without regard to case, accents and the form it is written in", () => {
  for (const [text, expected] of table.folding) {
    expect([text, folded(text)]).toEqual([text, expected]);
    expect(folded(expected)).toBe(expected);
  }
});

it("API-SEARCH: a query finds the tasks of the contract's examples, and no other", () => {
  const wrong = table.examples.flatMap(({ task, found_by, not_found_by }) => {
    const shown = aTask({ id: 1, ...task });
    return [
      ...found_by
        .filter((query) => !finds(query)(shown))
        .map((query) => [task.title, query, "not found"]),
      ...not_found_by
        .filter((query) => finds(query)(shown))
        .map((query) => [task.title, query, "found"]),
    ];
  });
  expect(wrong).toEqual([]);
});

it("API-SEARCH: every letter is folded as the database folds it", () => {
  const digests = ranges.map(({ first, last }) =>
    digest(
      Array.from({ length: last - first + 1 }, (_, nth) =>
        folded(String.fromCodePoint(first + nth)),
      ),
    ),
  );
  expect(digests).toEqual(table.letters.digests);
});

it("API-SEARCH: whatever is written and asked for, the database finds the same", () => {
  const texts: number[] = [];
  const found: number[] = [];
  for (const seed of table.cases.seeds) {
    const roll = dice(seed);
    texts.push(digest(Array.from({ length: 200 }, () => folded(anyText(roll)))));
    const tasks = Array.from({ length: 40 }, (_, nth) =>
      aTask({ id: nth + 1, title: alikeText(roll) }),
    );
    const answers = Array.from({ length: 60 }, () => {
      const passes = finds(alikeText(roll));
      return tasks
        .filter(passes)
        .map(({ id }) => id)
        .join(",");
    });
    found.push(digest(answers));
  }
  expect({ texts, found }).toEqual({ texts: table.cases.texts, found: table.cases.found });
});
