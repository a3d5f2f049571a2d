/** Three-way merge of one change of ours with what the server has by now. Pure. */

import { type Values, same } from "./commands";

export interface ConflictField {
  readonly field: string;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Rebased {
  /** What is still to be sent: theirs is as it was when we changed it. */
  readonly send: Values;
  /** Both changed it, each differently: the user decides. What is in neither is done. */
  readonly conflicts: readonly ConflictField[];
}

/** @param theirs the server's value of a field, now */
export function rebase(base: Values, mine: Values, theirs: (field: string) => unknown): Rebased {
  const send: Record<string, unknown> = {};
  const conflicts: ConflictField[] = [];
  for (const [field, value] of Object.entries(mine)) {
    const now = theirs(field);
    const before = base[field] ?? null;
    if (same(now, value)) {
      continue;
    }
    if (same(now, before)) {
      send[field] = value;
    } else {
      conflicts.push({ field, base: before, mine: value, theirs: now });
    }
  }
  return { send, conflicts };
}
