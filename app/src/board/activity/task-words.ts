/** The words of what happened to one task. */

import { useMemo } from "react";
import type { OpenBoard } from "../../sync";
import { useWordContext } from "./activity-panel";
import type { WordContext } from "./event-words";

/** The words of events, where the task is plain from the place and is not named again and again. */
export function useTaskWords(board: OpenBoard): WordContext {
  const context = useWordContext(board);
  return useMemo(() => {
    const { texts } = context;
    return { ...context, texts: { ...texts, events: { ...texts.events, ...texts.eventsHere } } };
  }, [context]);
}
