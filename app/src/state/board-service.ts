/** What an open board asks of the server, answered by the API of either mode. */

import type {
  BoardPatch,
  EventPage,
  NewTask,
  QuickWinTaskPatch,
  TaskPatch,
} from "../generated/api";
import {
  type Answer,
  RequestError,
  boards,
  checklists,
  comments,
  quickWin,
  tasks,
} from "../utilities/request";
import { firstColumns } from "./first-columns";
import {
  type Acknowledged,
  type BoardAddress,
  type BoardEvent,
  type BoardHead,
  type BoardService,
  type BoardTask,
  type Comment,
  type EventsAfter,
  type ListPart,
  type Snapshot,
  type TaskId,
  type TickLine,
  type Values,
  toHead,
  toSnapshot,
  toTask,
} from "../sync";

export function boardService(address: BoardAddress): BoardService {
  return address.mode === "teams" ? new TeamsService(address) : new QuickWinService(address);
}

function acknowledged<W, T>(answer: Answer<W>, convert: (value: W) => T): Acknowledged<T> {
  return { value: convert(answer.value), seq: answer.seq };
}

/** How paths name them. */
const PATHS = { checklist: "checklists", checklist_item: "items" } as const;

const same = <T>(value: T): T => value;
const nothing = (): undefined => undefined;

class TeamsService implements BoardService {
  constructor(readonly address: BoardAddress) {}

  private get id(): number {
    return this.address.id;
  }

  async read(signal?: AbortSignal): Promise<Snapshot> {
    return toSnapshot(await boards.read(this.id, {}, signal));
  }

  async recent(seq: number, count: number): Promise<readonly BoardEvent[]> {
    const events: BoardEvent[] = [];
    // Large events fill a page before their number does.
    for (let after: number | null = Math.max(0, seq - count); after !== null && after < seq;) {
      const page: EventPage = await boards.events(this.id, { after, limit: count });
      events.push(...page.items.filter((event) => event.seq <= seq));
      after = page.next_after;
    }
    return events;
  }

  async after(seq: number, count: number): Promise<EventsAfter> {
    const { items, next_after: next } = await boards.events(this.id, { after: seq, limit: count });
    return { events: items, next };
  }

  async readHead(): Promise<BoardHead> {
    return toHead(await boards.read(this.id));
  }

  async readTask(id: TaskId): Promise<BoardTask> {
    return toTask(await tasks.read(this.id, id), this.id);
  }

  async readComment(task: TaskId, comment: number): Promise<Comment | null> {
    let cursor: string | undefined;
    do {
      const page = await comments.list(this.id, task, { limit: 200, cursor });
      const found = page.items.find(({ id }) => id === comment);
      if (found !== undefined) {
        return found;
      }
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return null;
  }

  async addTask(body: NewTask, key: string): Promise<Acknowledged<BoardTask>> {
    return acknowledged(await tasks.add(this.id, body, { key }), (task) => toTask(task, this.id));
  }

  async changeTask(
    id: TaskId,
    patch: TaskPatch,
    version: number,
  ): Promise<Acknowledged<BoardTask>> {
    const answer = await tasks.change(this.id, id, patch, version);
    return acknowledged(answer, (task) => toTask(task, this.id));
  }

  async deleteTask(id: TaskId, version: number | undefined): Promise<Acknowledged<undefined>> {
    return acknowledged(await tasks.delete(this.id, id, version), nothing);
  }

  async addComment(task: TaskId, body: string, key: string): Promise<Acknowledged<Comment>> {
    return acknowledged(await comments.add(this.id, task, body, { key }), same);
  }

  async changeComment(
    task: TaskId,
    comment: number,
    body: string,
    version: number,
  ): Promise<Acknowledged<Comment>> {
    return acknowledged(await comments.change(this.id, task, comment, body, version), same);
  }

  async deleteComment(task: TaskId, comment: number): Promise<Acknowledged<undefined>> {
    return acknowledged(await comments.delete(this.id, task, comment), nothing);
  }

  addPart(task: TaskId, list: number | null, body: Values, key: string) {
    return checklists.add(this.id, task, list, body, { key });
  }

  changePart(task: TaskId, of: ListPart, part: number, patch: Values, version: number | undefined) {
    return checklists.change(this.id, task, PATHS[of], part, patch, version);
  }

  deletePart(task: TaskId, of: ListPart, part: number) {
    return checklists.delete(this.id, task, PATHS[of], part);
  }

  async readPart(task: TaskId, of: ListPart, part: number) {
    const { items: lists } = await checklists.list(this.id, task);
    const all = of === "checklist" ? lists : lists.flatMap(({ items }) => items);
    return all.find(({ id }) => id === part) ?? null;
  }

  async convertItem(task: TaskId, item: number, key: string): Promise<Acknowledged<BoardTask>> {
    const answer = await checklists.convert(this.id, task, item, { key });
    return acknowledged(answer, (made) => toTask(made, this.id));
  }

  async tick(
    task: TaskId,
    line: Pick<TickLine, "line" | "nth" | "done">,
    key: string,
  ): Promise<Acknowledged<BoardTask>> {
    const answer = await tasks.tick(this.id, task, line, { key });
    return acknowledged(answer, (ticked) => toTask(ticked, this.id));
  }

  async changeBoard(patch: BoardPatch, version: number): Promise<Acknowledged<BoardHead>> {
    return acknowledged(await boards.change(this.id, patch, version), toHead);
  }

  async undo(seq: number, key: string): Promise<Acknowledged<BoardEvent | null>> {
    return acknowledged(await boards.undo(this.id, seq, { key }), (event) => event ?? null);
  }
}

/** What quick-win boards lack is refused here as the server would refuse it. */
class QuickWinService implements BoardService {
  constructor(readonly address: BoardAddress) {}

  private get id(): number {
    return this.address.id;
  }

  async read(signal?: AbortSignal): Promise<Snapshot> {
    return toSnapshot(await quickWin.read(this.id, { events: 0 }, signal), firstColumns());
  }

  async recent(seq: number, count: number): Promise<readonly BoardEvent[]> {
    const after = Math.max(0, seq - count);
    const page = await quickWin.events(this.id, { after, limit: count });
    return page.items.filter((event) => event.seq <= seq);
  }

  async after(seq: number, count: number): Promise<EventsAfter> {
    try {
      const page = await quickWin.events(this.id, { after: seq, limit: count });
      return { events: page.items, next: page.next_after };
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 410) throw error;
      // Those are not kept any more: what is left of them comes with the board.
      const { events } = await quickWin.read(this.id, { events: count });
      return { events, next: null };
    }
  }

  async readHead(): Promise<BoardHead> {
    return toHead(await quickWin.read(this.id, { events: 0 }), firstColumns());
  }

  async readTask(id: TaskId): Promise<BoardTask> {
    return toTask(await quickWin.readTask(this.id, id), this.id);
  }

  readComment(): Promise<Comment | null> {
    return Promise.resolve(null);
  }

  async addTask(body: NewTask, key: string): Promise<Acknowledged<BoardTask>> {
    const { title, description, assigned_to, status } = body;
    const task = { title, description, assigned_to, status: statusOf(status) };
    return acknowledged(await quickWin.addTask(this.id, task, { key }), (added) =>
      toTask(added, this.id),
    );
  }

  async changeTask(
    id: TaskId,
    patch: TaskPatch,
    version: number,
  ): Promise<Acknowledged<BoardTask>> {
    const { title, description, assigned_to, status } = patch;
    const changes: QuickWinTaskPatch = {
      title,
      description,
      assigned_to,
      status: statusOf(status) ?? undefined,
    };
    const answer = await quickWin.changeTask(this.id, id, changes, version);
    return acknowledged(answer, (task) => toTask(task, this.id));
  }

  async deleteTask(id: TaskId, version: number | undefined): Promise<Acknowledged<undefined>> {
    return acknowledged(await quickWin.deleteTask(this.id, id, version), nothing);
  }

  addComment(): Promise<never> {
    return lacking();
  }

  changeComment(): Promise<never> {
    return lacking();
  }

  deleteComment(): Promise<never> {
    return lacking();
  }

  addPart = lacking;
  changePart = lacking;
  deletePart = lacking;
  readPart = lacking;
  convertItem = lacking;
  tick = lacking;

  async changeBoard(patch: BoardPatch, version: number): Promise<Acknowledged<BoardHead>> {
    return patch.name === undefined
      ? lacking()
      : acknowledged(await quickWin.rename(this.id, patch.name, version), (board) =>
          toHead(board, firstColumns()),
        );
  }

  undo(): Promise<never> {
    return lacking();
  }
}

function statusOf(
  status: string | null | undefined,
): "todo" | "in_progress" | "finished" | null | undefined {
  switch (status) {
    case "todo":
    case "in_progress":
    case "finished":
      return status;
    default:
      return undefined;
  }
}

function lacking(): Promise<never> {
  return Promise.reject(
    new RequestError(404, {
      type: "/problems/not-found",
      detail: "Quick-win boards do not have this.",
    }),
  );
}
