/** Three-way merge of one change of ours with what the server has by now. Pure. */

import { type Values, same } from "./commands";
import { ticksOver } from "../../utilities/task-list";
import { asColumns, mergeColumns } from "./merge-columns";

export interface ConflictField {
  readonly field: string;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Rebased {
  /** What is still to be sent: theirs is as it was when we changed it. */
  readonly send: Values;
  /**
   * Both changed it, each differently: the user decides. What is in neither is done. A field in both is
   * sent first: what of it does not clash.
   */
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
    const columns = rebasedColumns(before, value, now);
    if (columns !== null) {
      if (!same(columns.theirs, now)) {
        send[field] = columns.theirs;
      }
      if (columns.isClash) {
        conflicts.push({ field, base: before, mine: columns.mine, theirs: columns.theirs });
      }
    } else if (same(now, before)) {
      send[field] = value;
    } else {
      const both =
        field === "description"
          ? rebasedTicks(before, value, now)
          : rebasedLabels(field, before, value, now);
      if (both === null) {
        conflicts.push({ field, base: before, mine: value, theirs: now });
      } else if (!same(both, now)) {
        send[field] = both;
      }
    }
  }
  return { send, conflicts };
}

/** Boxes of a task list are ticked one by one; `null`: more than that was changed. */
function rebasedTicks(base: unknown, mine: unknown, theirs: unknown): string | null {
  const texts = typeof base === "string" && typeof mine === "string" && typeof theirs === "string";
  return texts && mine !== base ? ticksOver(base, mine, theirs) : null;
}

/** Labels are put on and taken off one by one, so that they never clash; `null`: these are none. */
function rebasedLabels(
  field: string,
  base: unknown,
  mine: unknown,
  theirs: unknown,
): readonly unknown[] | null {
  const isOne = field === "labels" && Array.isArray(base) && Array.isArray(mine);
  if (!isOne || !Array.isArray(theirs)) {
    return null;
  }
  const kept = theirs.filter((label) => mine.includes(label) || !base.includes(label));
  const added = mine.filter((label) => !base.includes(label) && !kept.includes(label));
  return [...kept, ...added];
}

/** Columns are merged one by one; `null`: these are none. */
function rebasedColumns(base: unknown, mine: unknown, theirs: unknown) {
  const sides = [asColumns(base), asColumns(mine), asColumns(theirs)] as const;
  const [before, ours, others] = sides;
  return before === null || ours === null || others === null
    ? null
    : mergeColumns(before, ours, others);
}

/** A change of ours as it looks over what the server has by now: where both clash, as we wrote it. */
export function laidOver(base: Values, mine: Values, theirs: Values): Values {
  const entries = Object.entries(mine).map(([field, value]) => {
    const [before, now] = [base[field] ?? null, theirs[field] ?? null];
    const columns = rebasedColumns(before, value, now);
    const over = columns === null ? rebasedLabels(field, before, value, now) : columns.mine;
    return [field, over ?? value] as const;
  });
  return Object.fromEntries(entries);
}
