/** Moves, deletes and adds tasks, with a way back in a toast. */

import { useMemo } from "react";
import { toast } from "../../components";
import type { CardCommands } from "../board-context";
import { deleteUndoably, moveUndoably, type Undoable } from "../activity/undo-change";
import type { Column, OpenBoard, TaskId } from "../../sync";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { useOfferUndo } from "../activity/use-undo";

export interface Openers {
  readonly open: (id: TaskId) => void;
  readonly edit: (id: TaskId) => void;
  readonly moveTo: (id: TaskId) => void;
  /** Called with a task that was just added. */
  readonly added: (id: TaskId) => void;
}

/** @param openers stable, else every card is rendered again */
export function useCardCommands(board: OpenBoard, openers: Openers): CardCommands {
  const texts = useTexts().board;
  const offerUndo = useOfferUndo(board);
  return useMemo(() => {
    const { added, ...rest } = openers;
    return { ...rest, ...changes(board, texts, offerUndo, added) };
  }, [board, openers, texts, offerUndo]);
}

function changes(
  board: OpenBoard,
  texts: Catalogue["board"],
  offerUndo: (change: Undoable) => void,
  added: (id: TaskId) => void,
): Pick<CardCommands, "move" | "delete" | "add"> {
  const column = (key: string) => board.head()?.columns.find((each) => each.key === key);
  /** A full column is reported at once; what this device does not know, the server decides. */
  const refuses = (into: Column | undefined, id: TaskId | null) => {
    const limit = into?.wip_limit ?? null;
    const ids = into ? board.column(into.key) : [];
    if (
      !into ||
      limit === null ||
      ids.length < limit ||
      (id !== null && ids.includes(board.taskIdOf(id)))
    ) {
      return false;
    }
    toast(texts.columnFull(into.name, ids.length, limit), { tone: "warning" });
    return true;
  };
  return {
    move: (id, place, begunIn) => {
      const task = board.task(id);
      const into = column(place.status);
      if (!task || refuses(into, id)) {
        return false;
      }
      const ways = moveUndoably(board, task, place, begunIn);
      offerUndo({ words: texts.moved(task.title, into?.name ?? place.status), ...ways });
      return true;
    },
    delete: (id) => {
      const task = board.task(id);
      if (task) {
        offerUndo({ words: texts.deleted(task.title), ...deleteUndoably(board, task) });
      }
    },
    add: (title, into) => {
      if (refuses(into, null)) {
        return false;
      }
      added(board.addTask({ title, status: into.key }));
      return true;
    },
  };
}
