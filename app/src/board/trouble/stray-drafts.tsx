/** What was being written where it can be written no more: nothing else on the board leads to it. */

import { isOfSettled, LeftDrafts } from "./left-drafts";
import type { Column, OpenBoard, Role } from "../../sync";
import { useDraftedTasks } from "../../state/drafts";
import {
  useBoardColumns,
  useBoardStatus,
  useHeadField,
  useReading,
  useTroubles,
} from "../../state/hooks";

/** Who writes into a field of the board itself (as in `DraftKey`), and on which column it is. */
interface Place {
  readonly by: "editors" | "owners";
  readonly column?: string;
}

function placeOf(field: string): Place | null {
  const [kind, column] = field.split("/");
  switch (kind) {
    case "name":
    case "description":
      return { by: "editors" };
    case "new":
      return { by: "editors", column };
    case "column":
    case "limit":
      return { by: "owners", column };
    case "columns":
    case "column-new":
    case "invite":
    case "invite-role":
      return { by: "owners" };
    default:
      // A conflict's, say, which is in the dialog of the conflict as long as that is one.
      return null;
  }
}

/** @param role null without accounts, where everybody may everything */
function isOutOfReach(field: string, role: Role | null, columns: readonly Column[]): boolean {
  const place = placeOf(field);
  if (place === null) {
    return false;
  }
  const may = role === null || role === "owner" || (role === "editor" && place.by === "editors");
  const { column } = place;
  return !may || (column !== undefined && !columns.some(({ key }) => key === column));
}

/**
 * Drafts of tasks and columns that are gone, and those of the board itself that this user may not save
 * any more, or whose conflict is settled. Of a board that is gone: all of them.
 */
export function StrayDrafts({ board }: { readonly board: OpenBoard }) {
  const columns = useBoardColumns(board);
  const role = useHeadField(board, "role") ?? null;
  const gone = useBoardStatus(board).status === "gone";
  const tasks = useDraftedTasks(board.address);
  const stray = useReading(board, () => tasks.filter((id) => gone || !board.task(id)).join());
  const troubles = useTroubles(board);
  const isStray = (field: string) =>
    gone || isOutOfReach(field, role, columns) || isOfSettled(field, troubles);
  return (
    <>
      {stray !== "" &&
        stray
          .split(",")
          .map((id) => <LeftDrafts key={id} address={board.address} task={Number(id)} />)}
      <LeftDrafts address={board.address} task={null} of={isStray} />
    </>
  );
}
