/** What picking up, carrying and dropping a column means for the board, and what is said of it. */

import { announce } from "../../components/announcer";
import type { ColumnChanges } from "../columns/column-changes";
import type { ColumnDragEvents } from "./column-drag";
import type { Undoable } from "../activity/undo-change";
import type { OpenBoard } from "../../sync";
import type { Catalogue } from "../../utilities/texts";

export interface ColumnDragContext {
  readonly board: Pick<OpenBoard, "head">;
  readonly changes: Pick<ColumnChanges, "move">;
  readonly texts: Catalogue["board"];
  readonly mayArrange: boolean;
  readonly offerUndo: (change: Undoable) => void;
}

export function columnDragEvents(context: ColumnDragContext): ColumnDragEvents {
  const { board, changes, texts, mayArrange, offerUndo } = context;
  const columns = () => board.head()?.columns ?? [];
  const name = (key: string) => columns().find((column) => column.key === key)?.name ?? key;
  return {
    mayLift: () => mayArrange,
    lifted: ({ key, by, from }) => {
      if (by === "keyboard") {
        announce(texts.columnPickedUp(name(key), from + 1, columns().length));
      }
    },
    moved: ({ key, by, to }) => {
      if (by === "keyboard") announce(texts.columnAt(name(key), to + 1, columns().length));
    },
    dropped: ({ key, to }) => {
      announce(texts.columnDropped(name(key), to + 1));
      const ways = changes.move(key, to);
      if (ways !== null) {
        offerUndo({ words: texts.columnMoved(name(key)), ...ways });
      }
    },
    cancelled: ({ key }) => announce(texts.cancelled(name(key))),
  };
}
