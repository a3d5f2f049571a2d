/**
 * Three-way merge of a board's columns, identified by their keys: what one side renamed, limited,
 * added, removed or put elsewhere stays so, unless the other side did the same otherwise. Pure.
 */

import { isRecord } from "../../utilities/problem";
import type { Column } from "../types";

export interface MergedColumns {
  /** Ours and theirs together; where they clash, ours. */
  readonly mine: readonly Column[];
  /** The same; where they clash, theirs. */
  readonly theirs: readonly Column[];
  /** Both changed the same of the same column, or both the order, each differently. */
  readonly isClash: boolean;
}

/** The three lists, by key. */
interface Sides {
  readonly base: ReadonlyMap<string, Column>;
  readonly mine: ReadonlyMap<string, Column>;
  readonly theirs: ReadonlyMap<string, Column>;
}

/** One column as each side would have it; `null`: it is not there. */
interface Both {
  readonly mine: Column | null;
  readonly theirs: Column | null;
}

export function mergeColumns(
  base: readonly Column[],
  mine: readonly Column[],
  theirs: readonly Column[],
): MergedColumns {
  const sides = { base: byKey(base), mine: byKey(mine), theirs: byKey(theirs) };
  const keys = new Set([...sides.theirs.keys(), ...sides.mine.keys(), ...sides.base.keys()]);
  const merged = new Map([...keys].map((key) => [key, mergeOne(key, sides)] as const));
  const orders = mergeOrders(sides);
  const isClash = [...merged.values()].some((both) => !isSame(both.mine, both.theirs));
  return {
    mine: laidOut(merged, "mine", orders.mine),
    theirs: laidOut(merged, "theirs", orders.theirs),
    isClash: isClash || orders.mine !== orders.theirs,
  };
}

/** The value as columns, if it is that. */
export function asColumns(value: unknown): readonly Column[] | null {
  return Array.isArray(value) && value.every(isColumn) ? value : null;
}

function isColumn(value: unknown): value is Column {
  return isRecord(value) && typeof value["key"] === "string" && typeof value["name"] === "string";
}

function byKey(columns: readonly Column[]): Map<string, Column> {
  return new Map(columns.map((column) => [column.key, column]));
}

function mergeOne(key: string, { base, mine, theirs }: Sides): Both {
  const [before, ours, others] = [base.get(key), mine.get(key), theirs.get(key)];
  if (ours !== undefined && others !== undefined) {
    return mergeAttributes(before, ours, others);
  }
  const left = ours ?? others;
  if (left === undefined) {
    return { mine: null, theirs: null };
  }
  if (before === undefined) {
    return { mine: left, theirs: left };
  }
  // One side removed it. If the other left it unchanged it is removed; otherwise the user decides.
  return isSame(left, before)
    ? { mine: null, theirs: null }
    : { mine: ours ?? null, theirs: others ?? null };
}

function mergeAttributes(before: Column | undefined, mine: Column, theirs: Column): Both {
  const name = mergeValue(before?.name, mine.name, theirs.name);
  const limit = mergeValue(before?.wip_limit, mine.wip_limit, theirs.wip_limit);
  const { key } = mine;
  return {
    mine: { key, name: name.mine, wip_limit: limit.mine },
    theirs: { key, name: name.theirs, wip_limit: limit.theirs },
  };
}

function mergeValue<T>(before: T | undefined, mine: T, theirs: T): { mine: T; theirs: T } {
  if (mine === before) {
    return { mine: theirs, theirs };
  }
  return theirs === before ? { mine, theirs: mine } : { mine, theirs };
}

type Order = readonly [first: readonly string[], second: readonly string[]];

/** Whose order the columns follow: columns only the other has come after the one that they followed. */
function mergeOrders({ base, mine, theirs }: Sides): { mine: Order; theirs: Order } {
  const common = (side: ReadonlyMap<string, Column>) =>
    [...side.keys()].filter((key) => base.has(key) && mine.has(key) && theirs.has(key)).join("\n");
  const [before, ours, others] = [common(base), common(mine), common(theirs)];
  const oursFirst: Order = [[...mine.keys()], [...theirs.keys()]];
  const theirsFirst: Order = [[...theirs.keys()], [...mine.keys()]];
  if (ours === others || ours === before) {
    return { mine: theirsFirst, theirs: theirsFirst };
  }
  return others === before
    ? { mine: oursFirst, theirs: oursFirst }
    : { mine: oursFirst, theirs: theirsFirst };
}

function laidOut(
  merged: ReadonlyMap<string, Both>,
  side: keyof Both,
  [first, second]: Order,
): readonly Column[] {
  const there = (key: string) => (merged.get(key)?.[side] ?? null) !== null;
  const keys = first.filter(there);
  second.filter(there).forEach((key, index, all) => {
    if (!keys.includes(key)) {
      const previous = all[index - 1];
      keys.splice(previous === undefined ? 0 : keys.indexOf(previous) + 1, 0, key);
    }
  });
  return keys.flatMap((key) => merged.get(key)?.[side] ?? []);
}

function isSame(a: Column | null, b: Column | null): boolean {
  return a === b || (a?.name === b?.name && a?.wip_limit === b?.wip_limit);
}
