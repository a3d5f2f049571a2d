/** Takes changes back and does them again, and names what was. */

import { useCallback, useMemo } from "react";
import { toast } from "../../components";
import { useWordContext } from "../../components/board/activity-panel";
import { eventWords } from "../../components/board/event-words";
import { undoesOf, undoTest, wayBack, type Undoable } from "../../components/board/undo-change";
import type { OpenBoard } from "../../state/board-session.interface";
import type { BoardEvent } from "../../state/types";
import { RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { dismissChange, pressShown, showChange, showUndoable } from "./change-toast";

/** The buttons' words, and what tells of a failure. */
function useWayBackTexts() {
  const { board, kit } = useTexts();
  return useMemo(() => {
    const failed = (error: unknown) => {
      const why = error instanceof RequestError ? error.detail : board.undoFailed;
      toast(why, { tone: "danger" });
    };
    const { redo, takenBack, doneAgain } = board;
    return { texts: { undo: kit.undo, redo, takenBack, doneAgain }, failed };
  }, [board, kit]);
}

/** @returns what tells of a change with a way back; the same function for good */
export function useTellUndoable(): (change: Undoable) => void {
  const { texts, failed } = useWayBackTexts();
  return useCallback((change: Undoable) => showUndoable(change, texts, failed), [texts, failed]);
}

/** @returns takes back one event; `words`: what it did, where the board's activity may not know it */
export function useUndoEvent(board: OpenBoard): (seq: number, words?: string) => void {
  const { texts, failed } = useWayBackTexts();
  const context = useWordContext(board);
  return useCallback(
    (seq: number, words?: string) => {
      const wordsOf = (which: number) => {
        const found = (wanted?: number) => board.activity().find((each) => each.seq === wanted);
        const event = found(which);
        // What is done again is what the undo had taken back.
        const told = event && isUndo(event) ? (found(undoesOf(event)) ?? event) : event;
        return told ? eventWords(told, context) : `#${which}`;
      };
      const isUndo = (event: BoardEvent) => undoTest(board.activity())(event);
      const step = (which: number, key: "undo" | "redo", what: string) => {
        const back = () => {
          const newest = [...board.activity()].reverse().find((each) => undoesOf(each) === which);
          if (newest) step(newest.seq, key === "undo" ? "redo" : "undo", what);
        };
        dismissChange();
        board.undo(which).then(() => {
          if (key === "undo") showChange(texts.takenBack(what), texts.redo, back, "redo");
          else showChange(texts.doneAgain(what), texts.undo, back, "undo");
        }, failed);
      };
      const event = board.activity().find((each) => each.seq === seq);
      step(seq, event && isUndo(event) ? "redo" : "undo", words ?? wordsOf(seq));
    },
    [board, context, texts, failed],
  );
}

/** Takes the newest own event back, and does the newest again that was taken back. */
export function useUndo(board: OpenBoard, me: string | null) {
  const { nothingToUndo, nothingToRedo } = useTexts().board;
  const undoEvent = useUndoEvent(board);
  const last = useCallback(
    (key: "undo" | "redo") => {
      // Without accounts nothing is anybody's own: what was done last is what its toast says.
      const seq = board.address.mode === "teams" ? wayBack(board.activity(), me)[key] : null;
      if (seq !== null) undoEvent(seq);
      else if (!pressShown(key)) toast(key === "undo" ? nothingToUndo : nothingToRedo);
    },
    [board, me, undoEvent, nothingToUndo, nothingToRedo],
  );
  return { undoEvent, last };
}
