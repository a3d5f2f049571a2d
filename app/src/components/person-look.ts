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

/** Hues nearer to each other than this look alike in a small circle. */
const APART = 40;
/** How far a hue is moved when one like it is taken: a turn of so many degrees meets all nine. */
const STEP = 80;

/**
 * Of those with the same initials each has a colour of their own, as far as nine go. In the order of
 * user names, so that it does not matter who was met first.
 *
 * @param names display names by user name
 */
export function looksOf(names: ReadonlyMap<string, string>): ReadonlyMap<string, PersonLook> {
  const taken = new Map<string, number[]>();
  const looks = new Map<string, PersonLook>();
  for (const [username, name] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const initials = initialsOf(name);
    const hues = taken.get(initials) ?? [];
    let hue = hueOf(username);
    for (let turn = 0; turn < 360 / APART && hues.some((other) => alike(hue, other)); turn += 1) {
      hue = (hue + STEP) % 360;
    }
    taken.set(initials, [...hues, hue]);
    looks.set(username, { initials, hue });
  }
  return looks;
}

function alike(one: number, other: number): boolean {
  const apart = Math.abs(one - other);
  return Math.min(apart, 360 - apart) < APART;
}

const known = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, PersonLook>>();

/** @param name a user name, or what else somebody is called */
export function lookOf(name: string, names: ReadonlyMap<string, string>): PersonLook {
  let looks = known.get(names);
  if (looks === undefined) {
    looks = looksOf(names);
    known.set(names, looks);
  }
  return looks.get(name) ?? { initials: initialsOf(name), hue: hueOf(name) };
}
