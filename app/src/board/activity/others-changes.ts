/** Says politely what others do on the board, for who does not see it: now and then, not each change. */

import { useEffect, useRef } from "react";
import type { BoardEvent, OpenBoard } from "../../sync";
import { elapsed } from "../../utilities/elapsed";
import { announce } from "../../components/announcer";
import { useWordContext } from "./activity-panel";
import type { BoardParts } from "../board-context";
import { eventWords } from "./event-words";

/** How long changes are gathered before they are announced together, in milliseconds. */
const GATHER = 1_000;
/** The least time between two sentences, in milliseconds: others may be quick. */
const BETWEEN = 5_000;

interface Announcing {
  /** The own name; null without accounts. */
  readonly me: string | null;
  readonly one: (event: BoardEvent) => string;
  readonly several: (count: number) => string;
  /** Something of the person's own is being said: theirs waits. */
  readonly busy: () => boolean;
  readonly say: (words: string) => void;
}

/** Follows a board until what it returns is called; then what waits is not said any more. */
export function announceOthersChanges(
  board: Pick<OpenBoard, "onEvent">,
  { me, one, several, busy, say }: Announcing,
): () => void {
  let count = 0;
  let last: BoardEvent | null = null;
  let spoken = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    timer = setTimeout(speak, Math.max(GATHER, spoken + BETWEEN - elapsed()));
  };
  const speak = () => {
    timer = undefined;
    if (busy()) {
      wait();
    } else if (last !== null) {
      say(count === 1 ? one(last) : several(count));
      spoken = elapsed();
      count = 0;
      last = null;
    }
  };
  const end = board.onEvent((event, own) => {
    if (own || (me !== null && event.actor.username === me)) {
      return;
    }
    count += 1;
    last = event;
    if (timer === undefined) {
      wait();
    }
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** @param silent while the activity panel is open, which lists them all, or the board is not in view */
export function useOthersChanges({ board, me, drag }: BoardParts, silent: boolean): void {
  const context = useWordContext(board);
  const latest = useRef(context);
  useEffect(() => {
    latest.current = context;
  }, [context]);
  useEffect(
    () =>
      silent
        ? undefined
        : announceOthersChanges(board, {
            me,
            one: (event) => eventWords(event, latest.current),
            several: (count) => latest.current.texts.othersChanged(count),
            busy: () => drag.held()?.by === "keyboard",
            say: announce,
          }),
    [board, me, drag, silent],
  );
}
