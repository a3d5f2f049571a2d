/** Where an item or a checklist goes that is moved by one place, or into another checklist. */

import type { BoardChecklist, BoardItem, PartPlace } from "../../sync";

/**
 * One place up or down: over the end of its checklist into the next one.
 *
 * @param shown the items that can be seen: of what is hidden nobody knows that it is passed
 * @returns null: it is the first or the last of all
 */
export function nextPlace(
  lists: readonly BoardChecklist[],
  item: BoardItem,
  by: -1 | 1,
  shown: (item: BoardItem) => boolean = () => true,
): PartPlace | null {
  const at = lists.findIndex(({ id }) => id === item.checklist_id);
  const list = lists[at];
  if (list === undefined) {
    return null;
  }
  const items = list.items.filter((other) => other === item || shown(other));
  const now = items.indexOf(item);
  const passed = items[now + by];
  if (passed !== undefined) {
    const before = by < 0 ? passed : list.items[list.items.indexOf(passed) + 1];
    return { list: list.id, before: before?.id ?? null };
  }
  const next = lists[at + by];
  if (next === undefined) {
    return null;
  }
  return { list: next.id, before: by < 0 ? null : (next.items[0]?.id ?? null) };
}

/** Where it is now, to go back to. */
export function placeOfItem(lists: readonly BoardChecklist[], item: BoardItem): PartPlace {
  const items = lists.find(({ id }) => id === item.checklist_id)?.items ?? [];
  const at = items.findIndex(({ id }) => id === item.id);
  return { list: item.checklist_id, before: items[at + 1]?.id ?? null };
}

/** An item to be added. */
export interface NewItemText {
  readonly text: string;
  readonly done: boolean;
}

/** What was pasted, line by line, without the marks of a Markdown list. */
export function itemsIn(text: string): readonly NewItemText[] {
  return text.split(/\r\n|[\r\n\u2028\u2029]/u).flatMap((line) => {
    const [, box, rest = ""] =
      /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?:\[([ xX])\]\s+)?(.*)$/u.exec(line) ?? [];
    const words = rest.trim();
    return words === "" ? [] : [{ text: words, done: box === "x" || box === "X" }];
  });
}
