/** What the parts of an open board share, made once for all of them. */

import { useIsFocused } from "@react-navigation/native";
import { useEffect, useMemo, useRef } from "react";
import { PixelRatio, Platform } from "react-native";
import type { BoardParts } from "./board-context";
import type { CardFocus } from "./card/card-focus";
import { CARD, cardMeasure } from "./card/card-metrics";
import { COLUMN_PADDING } from "./columns/column";
import { useColumnChanges } from "./columns/column-changes";
import { ColumnDrag } from "./drag/column-drag";
import { useColumnKeys } from "./columns/use-column-keys";
import { DragController } from "./drag/drag-controller";
import { wantEdit } from "./card/edit-intent";
import { useOwnTask } from "./card/editing";
import { open } from "../navigation/open";
import { paths } from "../navigation/routes";
import { scrollBarWidth } from "./columns/scroll-bar";
import type { OpenBoard, Role, TaskId } from "../sync";
import { useHeadField } from "../state/hooks";
import { focusHeading } from "../utilities/focus";
import { useTexts } from "../utilities/texts";
import type { DialogState } from "./board-dialogs";
import { columnDragEvents } from "./drag/column-drag-events";
import { dragEvents } from "./drag/drag-events";
import type { BoardFilter } from "./filter/use-board-filter";
import { useCardCommands, type Openers } from "./card/use-card-commands";
import { useOfferUndo } from "./activity/use-undo";

/** Everything that the parts of the board share. */
export function useAllParts(
  board: OpenBoard,
  me: string | null,
  columnWidth: number,
  focus: CardFocus,
  { passes, announceHidden }: BoardFilter,
  setDialog: (state: DialogState) => void,
): BoardParts {
  const texts = useTexts().board;
  const openers = useOpeners(board, focus, announceHidden, setDialog);
  const commands = useCardCommands(board, openers);
  const role = useHeadField(board, "role") ?? null;
  const mayEdit = role !== "viewer";
  const drag = useMemo(
    () =>
      new DragController(
        dragEvents({ board, focus, texts, mayEdit, move: commands.move }),
        CARD.gap,
      ),
    [board, focus, texts, mayEdit, commands],
  );
  const arranging = useArranging(board, role);
  const fontScale = Platform.OS === "web" ? 1 : PixelRatio.getFontScale();
  const cardWidth = columnWidth - 2 * COLUMN_PADDING - 2 - scrollBarWidth();
  return useMemo(() => {
    const space = { width: cardWidth, fontScale };
    const height = cardMeasure(space);
    return {
      board,
      me,
      drag,
      focus,
      commands,
      passes,
      space,
      heightOf: (task) => height(task) + CARD.gap,
      mayEdit,
      mayOwn: role === "owner" || role === null,
      ...arranging,
    };
  }, [board, me, drag, focus, commands, passes, cardWidth, fontScale, mayEdit, role, arranging]);
}

/** What the owners of a team's board do with its columns. */
function useArranging(board: OpenBoard, role: Role | null) {
  const texts = useTexts().board;
  const offerUndo = useOfferUndo(board);
  const columnChanges = useColumnChanges(board);
  const mayArrange = board.address.mode === "teams" && role === "owner";
  const arranging = useMemo(() => {
    const context = { board, changes: columnChanges, texts, mayArrange, offerUndo };
    const columnDrag = new ColumnDrag(columnDragEvents(context));
    return { mayArrange, columnDrag, columnChanges, offerUndo };
  }, [board, columnChanges, texts, offerUndo, mayArrange]);
  useColumnKeys(arranging.columnDrag);
  return arranging;
}

/** What leads from a card to its task or dialog, and back to the card. */
function useOpeners(
  board: OpenBoard,
  focus: CardFocus,
  announceHidden: BoardFilter["announceHidden"],
  setDialog: (state: DialogState) => void,
): Openers {
  const opened = useRef<TaskId | null>(null);
  const openers = useMemo(() => {
    const show = (id: TaskId) => {
      opened.current = id;
      open(paths.task(board.address, board.taskIdOf(id)));
    };
    const edit = (id: TaskId) => {
      wantEdit(id);
      show(id);
    };
    const moveTo = (id: TaskId) => setDialog({ show: "move", id });
    const added = (id: TaskId) => {
      if (!announceHidden(id, "added")) focus.reveal(id);
    };
    return { open: show, edit, moveTo, added };
  }, [board, focus, setDialog, announceHidden]);
  // Whoever comes back from a task is on its card again, unless its changes took it from the filter.
  const inView = useIsFocused();
  // The browser's Forward shows a task, too.
  useEffect(() => {
    if (inView) return undefined;
    const note = ({ id }: { readonly id: TaskId | null }) => {
      if (id !== null && board.task(id) !== undefined) opened.current = id;
    };
    note(useOwnTask.getState());
    return useOwnTask.subscribe(note);
  }, [inView, board]);
  useEffect(() => {
    if (inView && opened.current !== null) {
      const id = board.taskIdOf(opened.current);
      opened.current = null;
      if (announceHidden(id, "changed") || board.task(id) === undefined) {
        focusHeading();
      } else {
        focus.focus(id);
      }
    }
  }, [inView, board, focus, announceHidden]);
  return openers;
}
