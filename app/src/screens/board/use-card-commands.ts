/** Moves, deletes and adds tasks, with a way back in a toast. */

import { useMemo } from "react";
import { toast } from "../../components";
import type { CardCommands } from "../../components/board/board-context";
import { remember, undoDelete, undoMove } from "../../components/board/undo-change";
import type { OpenBoard } from "../../state/board-session.interface";
import type { Column, TaskId } from "../../state/types";
import { RequestError } from "../../utilities/request";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { showUndoable } from "./change-toast";

export interface Openers {
  readonly open: (id: TaskId) => void;
  readonly edit: (id: TaskId) => void;
  readonly moveTo: (id: TaskId) => void;
  /** Told of a task that was just added. */
  readonly added: (id: TaskId) => void;
}

/** @param openers stable, else every card is drawn anew */
export function useCardCommands(board: OpenBoard, openers: Openers): CardCommands {
  const texts = useTexts();
  return useMemo(() => {
    const tell = (text: string, undo: () => Promise<void>) =>
      showUndoable(text, texts.kit.undo, () => tellFailure(undo(), texts.board));
    const { added, ...rest } = openers;
    return { ...rest, ...changes(board, texts.board, tell, added) };
  }, [board, openers, texts]);
}

/** Waits for an undo, and says why where it failed. */
export function tellFailure(undo: Promise<void>, texts: Catalogue["board"]): void {
  undo.catch((error: unknown) => {
    const why = error instanceof RequestError ? error.detail : texts.undoFailed;
    toast(why, { tone: "danger" });
  });
}

function changes(
  board: OpenBoard,
  texts: Catalogue["board"],
  tell: (text: string, undo: () => Promise<void>) => void,
  added: (id: TaskId) => void,
): Pick<CardCommands, "move" | "delete" | "add"> {
  const column = (key: string) => board.head()?.columns.find((each) => each.key === key);
  /** A full column is told at once; what this device does not know, the server decides. */
  const refuses = (into: Column | undefined, id: TaskId | null) => {
    const limit = into?.wip_limit ?? null;
    const ids = into ? board.column(into.key) : [];
    if (!into || limit === null || ids.length < limit || (id !== null && ids.includes(id))) {
      return false;
    }
    toast(texts.columnFull(into.name, limit), { tone: "warning" });
    return true;
  };
  return {
    move: (id, place) => {
      const task = board.task(id);
      const into = column(place.status);
      if (!task || refuses(into, id)) {
        return false;
      }
      const before = remember(board, task);
      board.moveTask(id, place);
      tell(texts.moved(task.title, into?.name ?? place.status), () => undoMove(board, before));
      return true;
    },
    delete: (id) => {
      const task = board.task(id);
      if (task) {
        const before = remember(board, task);
        board.deleteTask(id);
        tell(texts.deleted(task.title), () => undoDelete(board, before));
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
