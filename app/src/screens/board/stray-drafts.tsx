/** What was being written to tasks and columns that are gone: nothing else on the board leads to it. */

import type { OpenBoard } from "../../state/board-session.interface";
import { useDraftedTasks } from "../../state/drafts";
import { useBoardColumns, useReading } from "../../state/hooks";
import { LeftDrafts } from "../task/left-drafts";

/** How the drafts of new tasks are named, before the column's key. */
const NEW = "new/";

export function StrayDrafts({ board }: { readonly board: OpenBoard }) {
  const columns = useBoardColumns(board);
  const tasks = useDraftedTasks(board.address);
  const gone = useReading(board, () => tasks.filter((id) => !board.task(id)).join());
  const isStray = (field: string) =>
    field.startsWith(NEW) && !columns.some(({ key }) => field === NEW + key);
  return (
    <>
      {gone !== "" &&
        gone
          .split(",")
          .map((id) => <LeftDrafts key={id} address={board.address} task={Number(id)} />)}
      <LeftDrafts address={board.address} task={null} of={isStray} />
    </>
  );
}
