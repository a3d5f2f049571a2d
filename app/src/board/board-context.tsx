/** What every part of an open board shares: the board, the drag, the focus, and what may be done. */

import { createContext, useContext } from "react";
import type { BoardTask, Column, OpenBoard, Place, TaskId } from "../sync";
import type { CardFocus } from "./card/card-focus";
import type { CardSpace } from "./card/card-metrics";
import type { ColumnChanges } from "./columns/column-changes";
import type { ColumnDrag } from "./drag/column-drag";
import type { DragController } from "./drag/drag-controller";
import type { Undoable } from "./activity/undo-change";

/** What people can do with a card from anywhere on the board. */
export interface CardCommands {
  open(id: TaskId): void;
  /** Opens the task with its title ready to be changed. */
  edit(id: TaskId): void;
  /** Asks where to. */
  moveTo(id: TaskId): void;
  /** Moves a task, or says why not. @param begunIn see `OpenBoard.moveTask` @returns whether it was moved */
  move(id: TaskId, place: Place, begunIn?: string): boolean;
  delete(id: TaskId): void;
  /** Adds a task to the end of a column; says why where that cannot be. @returns whether it did */
  add(title: string, column: Column): boolean;
}

export interface BoardParts {
  readonly board: OpenBoard;
  readonly drag: DragController;
  readonly focus: CardFocus;
  readonly commands: CardCommands;
  /** Whether this user may change tasks. */
  readonly mayEdit: boolean;
  /** Whether this user may delete the board. */
  readonly mayOwn: boolean;
  /** Whether this user may change columns. */
  readonly mayArrange: boolean;
  readonly columnDrag: ColumnDrag;
  readonly columnChanges: ColumnChanges;
  /** Reports a change, with a way back. */
  readonly offerUndo: (change: Undoable) => void;
  /** The own name; null in quick-win mode. */
  readonly me: string | null;
  readonly space: CardSpace;
  /** A card's height with the gap below it. */
  readonly heightOf: (task: BoardTask) => number;
  /** Which tasks the filter lets through; null where there is none. */
  readonly passes: ((task: BoardTask) => boolean) | null;
  /** The board is shown as it once was. */
  readonly past?: boolean;
}

const Context = createContext<BoardParts | null>(null);

export const BoardProvider = Context.Provider;

/** @throws Error outside an open board */
export function useBoardParts(): BoardParts {
  const parts = useContext(Context);
  if (!parts) {
    throw new Error("only inside an open board");
  }
  return parts;
}
