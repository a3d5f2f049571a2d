/** How a person's avatar looks: the same everywhere, and another one than those of the same initials. */

import { hueOf } from "../theme";

export interface PersonLook {
  readonly initials: string;
  /** Of the colour, 0–359. */
  readonly hue: number;
}

/** The first letters of the first and the last word: `Ada Lovelace` → `AL`; of one word its first two. */
export function initialsOf(name: string): string {
  const words = name
    .split(/[\s._-]+/u)
    .filter((word) => word !== "")
    .map((word) => [...word]);
  const [first = [], ...rest] = words;
  const last = rest.at(-1);
  const letters = last === undefined ? first.slice(0, 2) : [first[0], last[0]];
  return letters.join("").toUpperCase() || "?";
}

/** How many colours there are: more would look alike in a small circle. */
const COLOURS = 9;
const DEGREES = 360 / COLOURS;
/** How far to step on from a colour that is taken: far, and all are met. */
const STEP = 2;

const colourOf = (name: string) => Math.floor(hueOf(name) / DEGREES);

/**
 * Of those with the same initials each has a colour of their own, as far as they go. In the order of
 * user names, so that it does not matter who was met first.
 *
 * @param names display names by user name
 */
export function looksOf(names: ReadonlyMap<string, string>): ReadonlyMap<string, PersonLook> {
  const taken = new Map<string, Set<number>>();
  const looks = new Map<string, PersonLook>();
  for (const [username, name] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const initials = initialsOf(name);
    const others = taken.get(initials) ?? new Set();
    let colour = colourOf(username);
    while (others.has(colour) && others.size < COLOURS) {
      colour = (colour + STEP) % COLOURS;
    }
    taken.set(initials, others.add(colour));
    looks.set(username, { initials, hue: colour * DEGREES });
  }
  return looks;
}

const known = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, PersonLook>>();

/** @param name a user name, or what else somebody is called */
export function lookOf(name: string, names: ReadonlyMap<string, string>): PersonLook {
  let looks = known.get(names);
  if (looks === undefined) {
    looks = looksOf(names);
    known.set(names, looks);
  }
  return looks.get(name) ?? { initials: initialsOf(name), hue: colourOf(name) * DEGREES };
}
