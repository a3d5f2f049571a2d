/** What others did while somebody was away, card by card. */

import { useEffect, useMemo, useState } from "react";
import type { OpenBoard } from "../../state/board-session.interface";
import { useActivity } from "../../state/hooks";
import type { Absence } from "../../state/last-visit";
import type { BoardEvent, TaskId } from "../../state/types";
import { taskOf } from "../../state/wire";

/** What happened to one card, newest first. */
export interface CardChanges {
  /** `null`: to the board itself. */
  readonly task: TaskId | null;
  readonly events: readonly BoardEvent[];
}

export interface Meanwhile {
  readonly count: number;
  /** Those that changed last come first. */
  readonly cards: readonly CardChanges[];
  /** How many changes before these are not known here, whoever made them. */
  readonly earlier: number;
}

export interface MeanwhileProps {
  readonly board: OpenBoard;
  /** The own name, whose changes are no news; null without accounts. */
  readonly me: string | null;
  readonly absence: Absence;
}

/** @param activity the board's events without holes, oldest first */
export function meanwhileIn(
  activity: readonly BoardEvent[],
  { seq, head }: Absence,
  me: string | null,
): Meanwhile {
  const oldest = activity[0]?.seq ?? head + 1;
  const news = activity.filter(
    (event) => event.seq > seq && event.seq <= head && (me === null || event.actor.username !== me),
  );
  const cards = new Map<TaskId | null, BoardEvent[]>();
  for (const event of [...news].reverse()) {
    const task = taskOf(event);
    cards.set(task, [...(cards.get(task) ?? []), event]);
  }
  return {
    count: news.length,
    cards: [...cards].map(([task, events]) => ({ task, events })),
    earlier: Math.max(0, Math.min(oldest - 1, head) - seq),
  };
}

/** @returns null while it is still being read */
export function useMeanwhile({ board, me, absence }: MeanwhileProps): Meanwhile | null {
  const activity = useActivity(board);
  const [whole, setWhole] = useState(false);
  const { seq } = absence;
  useEffect(() => {
    let on = true;
    const reach = async () => {
      const isShort = () => (board.activity()[0]?.seq ?? Infinity) > seq + 1;
      while (on && isShort() && (await board.readOlder()));
      if (on) setWhole(true);
    };
    void reach();
    return () => {
      on = false;
    };
  }, [board, seq]);
  return useMemo(
    () => (whole ? meanwhileIn(activity, absence, me) : null),
    [whole, activity, absence, me],
  );
}
