/** "Move to…": column and place by name, for keyboards and screen readers. */

import { useState } from "react";
import type { OpenBoard, Place, TaskId } from "../../sync";
import { useBoardColumns, useTask } from "../../state/hooks";
import { useTexts } from "../../utilities/texts";
import { Banner } from "../../components/banner";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Select } from "../../components/select";

/** In a long column only some places are offered by name; the rest is reached by dragging. */
const PLACES = 100;
const LAST = "last";

export function MoveDialog({
  board,
  id: given,
  onMove,
  onClose,
}: {
  readonly board: OpenBoard;
  readonly id: TaskId;
  readonly onMove: (place: Place) => void;
  readonly onClose: () => void;
}) {
  const { board: texts, task: ofTask } = useTexts();
  const columns = useBoardColumns(board);
  const id = board.taskIdOf(given);
  const task = useTask(board, id);
  const [title] = useState(task?.title ?? "");
  const [chosen, setStatus] = useState(task?.status ?? "");
  const isGone = !columns.some(({ key }) => key === chosen);
  const status = isGone ? (task?.status ?? "") : chosen;
  const [place, setPlace] = useState<TaskId | null>(null);
  const others = board.column(status).filter((other) => other !== id);
  const places = others.slice(0, PLACES).map((other, index) => ({
    value: String(other),
    label: index === 0 ? texts.first : texts.beforeTask(board.task(other)?.title ?? ""),
  }));
  const wanted = place === null ? null : board.taskIdOf(place);
  const before = wanted !== null && others.includes(wanted) ? wanted : null;
  if (task === undefined) {
    return (
      <Dialog title={texts.moveTitle(title)} onClose={onClose}>
        <Banner tone="warning">{ofTask.gone}</Banner>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={texts.moveTitle(task.title)}
      onClose={onClose}
      actions={
        <Button kind="primary" label={texts.move} onPress={() => onMove({ status, before })} />
      }
    >
      <Select
        label={texts.column}
        value={status}
        error={isGone ? texts.columnGone : null}
        options={columns.map((column) => ({
          value: column.key,
          label: fullName(column, board.column(column.key).length, texts.full),
        }))}
        onChange={(key) => {
          setStatus(key);
          setPlace(null);
        }}
      />
      {board.address.mode === "teams" && (
        <Select
          label={texts.place}
          value={before === null ? LAST : String(before)}
          options={[...places, { value: LAST, label: texts.last }]}
          onChange={(key) => setPlace(key === LAST ? null : Number(key))}
        />
      )}
    </Dialog>
  );
}

function fullName(
  column: { readonly name: string; readonly wip_limit: number | null },
  count: number,
  full: string,
): string {
  const isFull = column.wip_limit !== null && count >= column.wip_limit;
  return isFull ? `${column.name} (${full})` : column.name;
}
