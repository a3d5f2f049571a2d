/** The board's filter, and word of an own card that it hides: else it would be gone without a word. */

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { CardFocus } from "../card/card-focus";
import { isEmpty, matcher, NO_FILTER, queryOf, type Filter } from "./filters";
import { useNow } from "../../components/use-now";
import type { BoardTask, OpenBoard, TaskId } from "../../sync";
import { useTexts } from "../../utilities/texts";
import { showChange } from "../activity/change-toast";

export interface BoardFilter {
  readonly filter: Filter;
  readonly setFilter: (filter: Filter) => void;
  /** Which tasks it lets through; null: all. */
  readonly passes: ((task: BoardTask) => boolean) | null;
  /**
   * Says that the filter hides a card, where it does, with a way to see it. Stays the same function.
   *
   * @returns whether it hides it
   */
  readonly announceHidden: (id: TaskId, how: "added" | "changed") => boolean;
}

/** How long after the last key stroke the address says what is searched for, in milliseconds. */
const TELL_AFTER = 300;

/** @param given how its address says that the board is filtered @param report called with the filter when it changes */
export function useBoardFilter(
  board: OpenBoard,
  focus: CardFocus,
  given: Filter = NO_FILTER,
  report?: (filter: Filter) => void,
): BoardFilter {
  const texts = useTexts().board;
  const now = useNow();
  const [filter, setFilter] = useState(given);
  useReporting(filter, given, report);
  const passes = useMemo(() => (isEmpty(filter) ? null : matcher(filter, now)), [filter, now]);
  const latest = useRef(passes);
  useEffect(() => {
    latest.current = passes;
  }, [passes]);
  const announceHidden = useCallback(
    (id: TaskId, how: "added" | "changed") => {
      const task = board.task(id);
      if (!task || latest.current?.(task) !== false) {
        return false;
      }
      const words = how === "added" ? texts.addedHidden : texts.nowHidden;
      const run = () => {
        setFilter(NO_FILTER);
        focus.focus(board.taskIdOf(id));
      };
      showChange(words(task.title), { label: texts.clearFilters, run, key: null });
      return true;
    },
    [board, focus, texts],
  );
  return { filter, setFilter, passes, announceHidden };
}

/**
 * Keeps the address at what is shown. A filter makes no entry of the browser's history, so none of them
 * brings back one that was cleared: where Back or Forward leads to an older address of the board, that is set
 * right.
 */
function useReporting(filter: Filter, given: Filter, report?: (filter: Filter) => void): void {
  const reported = useRef(filter);
  useEffect(() => {
    if (filter === reported.current) return;
    const say = () => {
      reported.current = filter;
      report?.(filter);
    };
    const typing = filter.text !== "" && filter.text !== reported.current.text;
    if (!typing) return say();
    const timer = setTimeout(say, TELL_AFTER);
    return () => clearTimeout(timer);
  }, [filter, report]);
  useEffect(() => {
    if (JSON.stringify(queryOf(given)) !== JSON.stringify(queryOf(reported.current))) {
      report?.(reported.current);
    }
  }, [given, report]);
}
