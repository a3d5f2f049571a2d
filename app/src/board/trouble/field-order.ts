/** The order in which fields are listed: as an open task shows them, and then all others. */

const FIRST = [
  ...["id", "title", "name", "username", "display_name", "body", "text", "done"],
  ...["status", "assigned_to", "start_at", "due_at", "labels", "description"],
  ...["role", "disabled", "columns", "archived"],
];
/** Free fields, and those that this app does not know, are before these. */
const LAST = [
  ...["comment_count", "item_count", "done_count", "task_id", "board_id", "created_by", "author"],
  ...["created_at", "updated_at", "version", "seq"],
];

/** @param field names the field of each; those of one place stay in the order they came in */
export function inFieldOrder<T>(all: readonly T[], field: (each: T) => string): readonly T[] {
  return [...all].sort((a, b) => placeOf(field(a)) - placeOf(field(b)));
}

function placeOf(field: string): number {
  const [first, last] = [FIRST.indexOf(field), LAST.indexOf(field)];
  if (first >= 0) return first;
  return FIRST.length + 1 + last;
}
