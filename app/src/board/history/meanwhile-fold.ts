/** What others did while somebody was away, card by card: folded as it is read, however much there is. */

import { roomMakers } from "../activity/room-makers";
import { boardService } from "../../state/board-service";
import type { Absence } from "../../state/last-visit";
import { type BoardAddress, type BoardEvent, type TaskId, taskOf } from "../../sync";

/** How many events are read at a time. */
const PAGE = 1_000;
/** How many of a card's changes are shown; of earlier ones only the number. */
const SHOWN_EVENTS = 5;

/** What happened to one card. */
export interface CardChanges {
  /** `null`: to the board itself. */
  readonly task: TaskId | null;
  /** Its last title, as far as its events show it. */
  readonly title: string | null;
  readonly count: number;
  /** The newest of them, newest first. */
  readonly events: readonly BoardEvent[];
}

export interface Meanwhile {
  readonly count: number;
  /** Those that changed last come first. */
  readonly cards: readonly CardChanges[];
  /** How many changes before these the server no longer has, by any user. */
  readonly earlier: number;
  /** The newest event that was read. */
  readonly seq: number;
  /** All of it was read. */
  readonly whole: boolean;
  /** Read, and not counted yet: the next one says whether anybody asked for it. */
  readonly held: readonly BoardEvent[];
}

export function nothingYet({ seq }: Absence): Meanwhile {
  return { count: 0, cards: [], earlier: 0, seq, whole: false, held: [] };
}

/**
 * Reads one more page. What only made room for another card is no news, nor what one did oneself.
 *
 * @param me the own name; null without accounts
 * @throws what the service throws; nothing is lost then
 */
export async function readOn(
  address: BoardAddress,
  before: Meanwhile,
  { head }: Absence,
  me: string | null,
): Promise<Meanwhile> {
  const { events, next } = await boardService(address).after(before.seq, PAGE);
  const seq = Math.min(events.at(-1)?.seq ?? head, head);
  const whole = next === null || seq >= head;
  const hole = Math.min(events[0]?.seq ?? head + 1, head + 1) - before.seq - 1;
  return withEvents({ ...before, seq, whole, earlier: before.earlier + hole }, events, head, me);
}

function withEvents(
  { held, ...found }: Meanwhile,
  read: readonly BoardEvent[],
  head: number,
  me: string | null,
): Meanwhile {
  const events = [...held, ...read];
  const unasked = roomMakers(events);
  const last = found.whole ? [] : events.slice(-1);
  const news = events.filter(
    (event) =>
      event.seq <= head &&
      !last.includes(event) &&
      !unasked.has(event.seq) &&
      (me === null || event.actor.username !== me),
  );
  const cards = new Map([...found.cards].reverse().map((card) => [card.task, card]));
  for (const event of news) {
    const task = taskOf(event);
    const card = cards.get(task) ?? { task, title: null, count: 0, events: [] };
    // The last to change something goes last, to be shown first.
    cards.delete(task);
    cards.set(task, {
      task,
      title: event.entity === "task" ? event.task.title : card.title,
      count: card.count + 1,
      events: [event, ...card.events].slice(0, SHOWN_EVENTS),
    });
  }
  const count = found.count + news.length;
  return { ...found, count, cards: [...cards.values()].reverse(), held: last };
}
