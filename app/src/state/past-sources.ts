/** Where the past of a board comes from: its server's log, or what a quick-win board still has of it. */

import type { QuickWinEvent } from "../generated/api";
import { boards, quickWin, RequestError } from "../utilities/request";
import { boardService } from "./board-service";
import {
  type BoardAddress,
  type BoardTask,
  type Snapshot,
  type TaskId,
  toSnapshot,
  toTask,
  withValues,
} from "../sync";
import { firstColumns } from "./first-columns";
import { Past, type Range } from "./past";

/** How many events of a team's board are read at a time. */
const STEP = 100;
/** A moment to come is now (API-AT). */
const END_OF_TIME = "9999-12-31T23:59:59Z";
/** As many events as a quick-win board has. */
const ALL = 1_000;

/** @param last the newest event that is shown */
export async function openPast(address: BoardAddress, last: number): Promise<Past> {
  return address.mode === "teams" ? teamsPast(address, last) : quickWinPast(address.id);
}

function teamsPast(address: BoardAddress, last: number): Past {
  const { id } = address;
  const service = boardService(address);
  return new Past({
    range: { first: 0, last },
    step: STEP,
    read: async (from, to) => {
      const [document, events] = await Promise.all([
        boards.read(id, { at: from }),
        service.recent(to, to - from),
      ]);
      return { start: toSnapshot(document), events };
    },
    seqAt: (time) => seqAt(id, time),
  });
}

/** As admins see a board on which they are not members: its events are not sent to them here. */
export async function openPastAsAdmin(id: number): Promise<Past> {
  const moment = async (at: string | number) => toSnapshot(await boards.read(id, { at }));
  const now = await moment(END_OF_TIME);
  return new Past({
    range: { first: 0, last: now.head.seq },
    step: 0,
    read: async (seq) => ({ start: await moment(seq), events: [] }),
    seqAt: (time) => seqAt(id, time),
  });
}

async function seqAt(id: number, time: string): Promise<number | null> {
  try {
    return (await boards.read(id, { at: time })).seq;
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return null;
    throw error;
  }
}

/** These boards have no past of their own: it is found by taking back what their events did. */
async function quickWinPast(id: number): Promise<Past> {
  const document = await quickWin.read(id, { events: ALL });
  const { events } = document;
  const start = beforeAll(toSnapshot(document, firstColumns()), events);
  const range: Range = { first: start.head.seq, last: document.seq };
  return new Past({
    range,
    step: ALL,
    read: () => Promise.resolve({ start, events }),
    seqAt: (time) => {
      const moment = Date.parse(time);
      const newest = events.findLast(({ timestamp }) => Date.parse(timestamp) <= moment);
      return Promise.resolve(newest?.seq ?? null);
    },
  });
}

/** The board as it was before these events, which are its newest. Versions stay as they are. */
export function beforeAll(
  { head, tasks, members }: Snapshot,
  events: readonly QuickWinEvent[],
): Snapshot {
  const then = new Map<TaskId, BoardTask>(tasks.map((task) => [task.id, task]));
  let { name } = head;
  for (const event of [...events].reverse()) {
    const old = Object.fromEntries(
      Object.entries(event.changes ?? {}).map(([field, pair]) => [field, pair[0]]),
    );
    if (event.entity === "task") {
      const task = toTask(event.task, head.id);
      if (event.action === "Add") then.delete(task.id);
      else then.set(task.id, withValues(task, old));
    } else if (typeof old["name"] === "string") {
      name = old["name"];
    }
  }
  const seq = (events[0]?.seq ?? head.seq + 1) - 1;
  const updated_at = seq === 0 ? head.created_at : (events[0]?.timestamp ?? head.updated_at);
  return { head: { ...head, name, seq, updated_at }, tasks: [...then.values()], members };
}
