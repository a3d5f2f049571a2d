/** Who made of a field what it is now. */

import {
  asColumns,
  type BoardEvent,
  type OpenBoard,
  same,
  type TaskId,
  taskOf,
  type Values,
} from "../../sync";
import { useActivity } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import { useSession } from "../../state/session";
import { useTaskHistory } from "../../state/task-queries";
import { fieldChanges } from "./field-changes";

/** A field of which somebody made something else than we did. */
interface Clash {
  readonly field: string;
  readonly mine: unknown;
  readonly theirs: unknown;
}

/**
 * Asks the server for the task's history only if the board's activity does not say: what happened
 * while this device was offline may have come without its events.
 *
 * @param task null: the board itself
 * @returns what finds the name of the last writer of their value; null if it is unknown, or if that
 *   was the user, on another device or with another part of the same change
 */
export function useWhoChanged(
  board: OpenBoard,
  task: TaskId | null,
  clashes: readonly Clash[],
): (clash: Clash) => string | null {
  const nameOf = useNameOf();
  const me = useSession((session) => session.user?.username ?? null);
  const activity = useActivity(board);
  const newest = activity.filter((event) => taskOf(event) === task).reverse();
  const known = clashes.every((clash) => writerOf(newest, clash) !== undefined);
  const { events } = useTaskHistory(board, known || task === null ? 0 : task);
  return (clash) => {
    const username = writerOf(newest, clash) ?? writerOf(events, clash);
    return username === undefined || username === "" || username === me ? null : nameOf(username);
  };
}

function writerOf(newest: readonly BoardEvent[], clash: Clash): string | undefined {
  return newest.find((event) => hasMade(event, clash))?.actor.username;
}

/** Whether an event made of the field, or of a part of it that clashes, what it is now. */
function hasMade(event: BoardEvent, { field, mine, theirs }: Clash): boolean {
  if (event.entity === "comment") {
    return field === "body" && event.action === "Update" && event.comment.body === theirs;
  }
  const change = fieldChanges(event.changes ?? {}).find((each) => each.field === field);
  if (change === undefined) {
    return false;
  }
  const [old, now] = [partsOf(change.old), partsOf(change.now)];
  const wanted = partsOf(theirs);
  return clashing(partsOf(mine), wanted).some(
    (part) => !same(old[part], now[part]) && same(now[part], wanted[part]),
  );
}

/** Their order, or the whole of what has no parts. */
const WHOLE = "";

/** Columns are merged part by part; whatever else is a value is one part. */
function partsOf(value: unknown): Values {
  const columns = asColumns(value);
  if (columns === null) {
    return { [WHOLE]: value };
  }
  const parts = columns.flatMap((column) =>
    Object.entries(column).map(([name, part]): [string, unknown] => [
      `${column.key}/${name}`,
      part,
    ]),
  );
  return { ...Object.fromEntries(parts), [WHOLE]: columns.map(({ key }) => key) };
}

/** What differs; the order counts where nothing else does, since columns that come and go change it. */
function clashing(mine: Values, theirs: Values): string[] {
  const differ = Object.keys({ ...mine, ...theirs }).filter(
    (part) => !same(mine[part], theirs[part]),
  );
  return differ.length > 1 ? differ.filter((part) => part !== WHOLE) : differ;
}
