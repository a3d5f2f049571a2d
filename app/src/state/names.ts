/** What people are called: learned from the members of boards and the own account, on this device. */

import { useCallback } from "react";
import { create } from "zustand";
import { useSession } from "./session";

/** By user name. */
type Names = ReadonlyMap<string, string>;

interface Known {
  /** Display names. */
  readonly names: Names;
  /** The same, made distinct where two people have the same name: `Ada (ada2)`. */
  readonly shown: Names;
}

export interface Person {
  readonly username: string;
  /** Missing in what this device kept of an earlier version. */
  readonly display_name?: string;
}

const NOBODY: Known = { names: new Map(), shown: new Map() };

export const useKnownNames = create<Known>()(() => NOBODY);

/** Takes up what people are called now. */
export function learnNames(people: readonly Person[]): void {
  const { names } = useKnownNames.getState();
  const all = new Map(names);
  for (const { username, display_name } of people) {
    all.set(username, display_name ?? names.get(username) ?? username);
  }
  if (
    all.size !== names.size ||
    [...all].some(([username, name]) => names.get(username) !== name)
  ) {
    useKnownNames.setState({ names: all, shown: toldApart(all) });
  }
}

/** A display name that somebody else has too, or has as their user name, must not pass for theirs. */
function toldApart(names: Names): Names {
  const count = new Map<string, number>();
  for (const [username, name] of names) {
    for (const taken of new Set([username.toLowerCase(), name.toLowerCase()])) {
      count.set(taken, (count.get(taken) ?? 0) + 1);
    }
  }
  const entries = [...names].map(([username, name]): [string, string] => {
    const own = name.toLowerCase() === username.toLowerCase();
    return [username, own || count.get(name.toLowerCase()) === 1 ? name : `${name} (${username})`];
  });
  return new Map(entries);
}

// What one user has seen of others is not the next one's.
useSession.subscribe(({ user }, before) => {
  if (user?.id !== before.user?.id) {
    useKnownNames.setState(NOBODY);
  }
  if (user !== null && user !== before.user) {
    learnNames([user]);
  }
});

/** Says what somebody is called; who is not known by their user name. */
export function useNameOf(): (username: string) => string {
  const shown = useKnownNames((known) => known.shown);
  return useCallback((username: string) => shown.get(username) ?? username, [shown]);
}
