/** Puts parts of a board on a stage for component tests. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react-native";
import type { ReactElement, ReactNode } from "react";
import { SafeAreaProvider } from "react-native-safe-area-context";
import { BoardProvider, type BoardParts } from "./board-context";
import { CardFocus } from "./card/card-focus";
import { CARD, cardMeasure } from "./card/card-metrics";
import { ColumnChanges } from "./columns/column-changes";
import { ColumnDrag } from "./drag/column-drag";
import { DragController, type DragEvents } from "./drag/drag-controller";
import type { FakeBoard } from "../testing/fake-board";
import { catalogues } from "../utilities/texts";

const METRICS = {
  frame: { x: 0, y: 0, width: 800, height: 600 },
  insets: { top: 0, left: 0, right: 0, bottom: 0 },
};

const nothing = () => undefined;
const events: DragEvents = {
  mayLift: () => true,
  isFull: () => false,
  ownPlace: () => null,
  lifted: nothing,
  moved: nothing,
  dropped: nothing,
  cancelled: nothing,
};

/** The parts of a board, with what a test wants otherwise. */
export function boardParts(board: FakeBoard, given: Partial<BoardParts> = {}): BoardParts {
  const space = { width: 280, fontScale: 1 };
  const measure = cardMeasure(space);
  return {
    board,
    drag: new DragController(events, CARD.gap),
    focus: new CardFocus(),
    commands: {
      open: nothing,
      edit: nothing,
      moveTo: nothing,
      move: () => true,
      delete: (id) => board.deleteTask(id),
      add: (title, column) => {
        board.addTask({ title, status: column.key });
        return true;
      },
    },
    mayEdit: true,
    mayOwn: true,
    mayArrange: true,
    columnDrag: new ColumnDrag({
      mayLift: () => true,
      lifted: nothing,
      moved: nothing,
      dropped: nothing,
      cancelled: nothing,
    }),
    columnChanges: new ColumnChanges(board, catalogues.en.board),
    offerUndo: nothing,
    me: "ada",
    space,
    heightOf: (task) => measure(task) + CARD.gap,
    passes: null,
    ...given,
  };
}

/** Renders what lives anywhere in the app. */
export function renderOnStage(children: ReactNode) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <SafeAreaProvider initialMetrics={METRICS}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </SafeAreaProvider>,
  );
}

/** Renders what lives inside an open board. */
export function renderOnBoard(parts: BoardParts, children: ReactElement) {
  return renderOnStage(<BoardProvider value={parts}>{children}</BoardProvider>);
}
