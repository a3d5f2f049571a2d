/** Takes changes back and does them again, and names what was. */

import { useCallback, useMemo } from "react";
import { toast, type Shortcut } from "../../components";
import { useWordContext } from "./activity-panel";
import { eventWords } from "./event-words";
import { CannotUndo, type Undoable } from "./undo-change";
import { WIP_LIMIT } from "../trouble/refusal-words";
import { changeBehind, undoTest, undoneTogether } from "./undo-events";
import { type BoardEvent, FURTHEST, type OpenBoard } from "../../sync";
import { RequestError } from "../../utilities/request";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { dismissChange, pressShown, showChange, showUndoable, type Way } from "./change-toast";
import { UndoSteps, type UndoOutcome } from "./undo-steps";

/** The server has decided, and would not decide otherwise; a column that is full may have room later. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof CannotUndo ||
    (error instanceof RequestError &&
      error.type !== WIP_LIMIT &&
      [403, 404, 409, 422].includes(error.status))
  );
}

/** Where the server says that a column is full: the sentence with its name. */
function columnFull(error: unknown, board: OpenBoard, texts: Catalogue["board"]): string | null {
  const problem = error instanceof RequestError && error.type === WIP_LIMIT ? error.problem : {};
  const column = board.head()?.columns.find(({ key }) => key === problem["column"]);
  const limit = problem["wip_limit"];
  return column === undefined || typeof limit !== "number"
    ? null
    : texts.columnFull(column.name, Math.max(board.column(column.key).length, limit), limit);
}

/** The buttons' words, and what reports a failure and offers it again where that may help. */
function useWayBackTexts(target: OpenBoard) {
  const all = useTexts();
  return useMemo(() => {
    const { board, kit } = all;
    const failed = (error: unknown, again: Way) => {
      if (error instanceof CannotUndo) {
        const { why } = error;
        if (why === "waits") showChange(board.undoWaits, again, { tone: "warning" });
        else toast(board.cannotUndo[why], { tone: "warning" });
        return;
      }
      const why = columnFull(error, target, board) ?? errorText(error, all);
      const words = error instanceof RequestError ? why : `${board.undoFailed} ${why}`;
      if (isFinal(error)) toast(words, { tone: "danger" });
      else showChange(words, again, { tone: "danger" });
    };
    const { redo, undone, redone } = board;
    return { texts: { undo: kit.undo, redo, undone, redone }, failed };
  }, [all, target]);
}

/** @returns what reports a change with a way back; the same function for good */
export function useOfferUndo(board: OpenBoard): (change: Undoable) => void {
  const { texts, failed } = useWayBackTexts(board);
  return useCallback((change: Undoable) => showUndoable(change, texts, failed), [texts, failed]);
}

/**
 * @returns undoes one event, and reports that, or why not; `words`: what it did, where the board's
 *   activity may not know it
 */
export function useUndoEvent(
  board: OpenBoard,
): (seq: number, words?: string) => Promise<UndoOutcome> {
  const { texts, failed } = useWayBackTexts(board);
  const context = useWordContext(board);
  return useCallback(
    (seq: number, words?: string) => {
      const wordsOf = (which: number) => {
        const behind = changeBehind(board.activity(), which);
        return behind ? eventWords(behind, context) : `#${which}`;
      };
      const isUndo = (event: BoardEvent) => undoTest(board.activity())(event);
      const way = (which: readonly number[], key: "undo" | "redo", what: string): Way => ({
        label: texts[key],
        key,
        run: () => void step(which, key, what),
      });
      const step = async (which: readonly number[], key: "undo" | "redo", what: string) => {
        dismissChange();
        let left = which;
        const made: number[] = [];
        try {
          for (const each of which) {
            const event = await board.undo(each);
            left = left.slice(1);
            if (event !== null) made.unshift(event);
          }
        } catch (error: unknown) {
          failed(error, way(left, key, what));
          return isFinal(error) ? ("refused" as const) : ("unanswered" as const);
        }
        const done = key === "undo" ? texts.undone(what) : texts.redone(what);
        if (made.length < which.length) toast(done);
        else showChange(done, way(made, key === "undo" ? "redo" : "undo", what));
        return "done" as const;
      };
      const activity = board.activity();
      const event = activity.find((each) => each.seq === seq);
      const which = undoneTogether(activity, seq);
      return step(which, event && isUndo(event) ? "redo" : "undo", words ?? wordsOf(seq));
    },
    [board, context, texts, failed],
  );
}

/**
 * Undoes the newest own event, and redoes the newest that was undone; on whatever device it
 * was made. What the server refused is reported, and skipped the next time.
 */
function useLastChange(board: OpenBoard, me: string | null): (key: "undo" | "redo") => void {
  const texts = useTexts().board;
  const undoEvent = useUndoEvent(board);
  const steps = useMemo(() => new UndoSteps(board, me), [board, me]);
  return useCallback(
    (key: "undo" | "redo") => {
      const pressed = () => {
        if (!pressShown(key)) toast(texts[whyNot(board, key)]);
      };
      // Without accounts nothing is anybody's own: what was done last is what its toast says. And what
      // waits on this device is newer than all that the server knows, as what was done without the relay
      // is newer than all that came by it.
      const isKnown = board.waiting() === 0 && board.connection().state === "live";
      if (board.address.mode === "quick-win" || !isKnown) pressed();
      else void steps.take(key, undoEvent, pressed);
    },
    [board, steps, undoEvent, texts],
  );
}

/** Why there is nothing to undo or to do again, as far as this device can know. */
export function whyNot(board: OpenBoard, key: "undo" | "redo") {
  const nothing = key === "undo" ? "nothingToUndo" : "nothingToRedo";
  // Without accounts only the toast has a way back: no answer of the server brings another.
  if (board.address.mode === "quick-win") return nothing;
  if (board.waiting() > 0) return "undoWaits";
  const activity = board.activity();
  const isBehind = (activity.at(-1)?.seq ?? 0) < board.newestOwn();
  if (isBehind || board.connection().state !== "live") return "undoUnknown";
  const oldest = activity[0]?.seq ?? 1;
  if (key === "redo" || oldest <= 1) return nothing;
  // What is older was looked for, as far as there was an answer.
  return activity.length < FURTHEST ? "undoUnknown" : "undoTooFar";
}

/** The keys that undo and do again. */
export function useUndoShortcuts(board: OpenBoard, me: string | null): readonly Shortcut[] {
  const texts = useTexts().board.keys;
  const last = useLastChange(board, me);
  return [
    { keys: "Control+z", label: texts.undo, run: () => last("undo") },
    { keys: "Control+Shift+z", label: texts.redo, run: () => last("redo") },
  ];
}
