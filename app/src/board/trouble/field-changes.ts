/** What an event did, field by field. */

import { freeValue, same } from "../../sync";
import { isRecord } from "../../utilities/problem";
import { inFieldOrder } from "./field-order";

/** What one event did to one field. A free field is named `fields/NAME`. */
export interface FieldChange {
  readonly field: string;
  readonly old: unknown;
  readonly now: unknown;
}

/**
 * Each field that an event changed, free fields one by one, in the order of an open task; a place within a
 * column says nothing to people.
 */
export function fieldChanges(
  changes: Readonly<Record<string, readonly unknown[]>>,
): readonly FieldChange[] {
  const each = Object.entries(changes).flatMap(([field, [old, now]]): FieldChange[] => {
    if (field === "position") {
      return [];
    }
    return field === "fields"
      ? freeFields(old, now)
      : [{ field: field.replace(/^fields\./u, "fields/"), old: old ?? null, now: now ?? null }];
  });
  return inFieldOrder(each, ({ field }) => field);
}

function freeFields(old: unknown, now: unknown): FieldChange[] {
  const [before = {}, after = {}] = [old, now].map((value) => (isRecord(value) ? value : {}));
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .map((name) => ({
      field: `fields/${name}`,
      old: freeValue(before, name),
      now: freeValue(after, name),
    }))
    .filter((change) => !same(change.old, change.now));
}
