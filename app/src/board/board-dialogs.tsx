/** The dialogs of a board, of which one at most is open. */

import { useEffect } from "react";
import { ConfirmDialog, toast } from "../components";
import { useBoardParts } from "./board-context";
import { ColumnsEditor } from "./columns/columns-editor";
import { MoveDialog } from "./card/move-dialog";
import { OnlyHere } from "./trouble/only-here";
import { startAt } from "../navigation/open";
import { paths } from "../navigation/routes";
import { useDeleteBoard } from "../state/board-list";
import { useHeadField } from "../state/hooks";
import type { TaskId } from "../sync";
import { useTexts } from "../utilities/texts";
import { errorText } from "../utilities/texts/errors";
import { useExport, useUnsent } from "./use-export";

export type DialogState =
  | { readonly show: "move"; readonly id: TaskId }
  | { readonly show: "columns" }
  | { readonly show: "export" }
  | { readonly show: "delete" };

export function BoardDialogs({
  state,
  onClose,
}: {
  readonly state: DialogState | null;
  readonly onClose: () => void;
}) {
  const { board, focus, commands, mayEdit, mayOwn } = useBoardParts();
  const name = useHeadField(board, "name");
  const allowed = { move: mayEdit, columns: mayOwn, delete: mayOwn, export: true };
  const isForbidden = state !== null && !allowed[state.show];
  // Who may not do it any more is not asked on: what they typed is shown on the board.
  useEffect(() => {
    if (isForbidden) onClose();
  }, [isForbidden, onClose]);
  if (state === null || isForbidden || name === undefined) {
    return null;
  }
  switch (state.show) {
    case "move":
      return (
        <MoveDialog
          board={board}
          id={state.id}
          onClose={onClose}
          onMove={(place) => {
            onClose();
            commands.move(state.id, place);
            focus.focus(board.taskIdOf(state.id));
          }}
        />
      );
    case "columns":
      return <ColumnsEditor board={board} onClose={onClose} />;
    case "export":
      return <ExportDialog onClose={onClose} />;
    default:
      return <DeleteDialog name={name} onClose={onClose} />;
  }
}

/** Changes would be missing from the file: leaving this open waits until they are sent. */
function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const { board } = useBoardParts();
  const texts = useTexts().board;
  const { waiting, undecided } = useUnsent(board);
  const save = useExport(board);
  const missing = [
    ...(waiting > 0 ? [texts.exportWaiting(waiting)] : []),
    ...(undecided > 0 ? [texts.exportUndecided(undecided)] : []),
  ];
  const complete = missing.length === 0;
  return (
    <ConfirmDialog
      title={texts.exportBoard}
      message={complete ? texts.exportSent : missing.join(" ")}
      confirm={complete ? texts.exportNow : texts.exportWithout}
      onClose={onClose}
      onConfirm={() => {
        onClose();
        save();
      }}
    />
  );
}

function DeleteDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { board } = useBoardParts();
  const all = useTexts();
  const texts = all.board;
  const { mode, id } = board.address;
  const remove = useDeleteBoard(mode);
  const confirm = () =>
    // The board may be reported as gone, and this dialog with it, before the answer is here.
    remove.mutateAsync(id).then(
      () => startAt(paths.boards(mode)),
      (error: unknown) => toast(errorText(error, all), { tone: "danger" }),
    );
  return (
    <ConfirmDialog
      danger
      busy={remove.isPending}
      title={texts.deleteTitle}
      message={mode === "teams" ? texts.deleteTeams(name) : texts.deleteQuick(name)}
      confirm={texts.deleteConfirm}
      onClose={onClose}
      onConfirm={confirm}
    >
      <OnlyHere address={board.address} />
    </ConfirmDialog>
  );
}
