/** Whole board sessions on a fake server, for tests in faked time. */

import { BoardCache } from "../state/board-cache";
import {
  type BoardChecklist,
  BoardSession,
  type ChecklistItem,
  type Exclusively,
  isListEvent,
  type KnownChecklists,
  layChecklists,
  type Mode,
  type TaskId,
  withListEvent,
} from "../sync";
import { MemoryStore } from "../utilities/storage";
import { FakeRelay, FakeServer, FakeService } from "./fake-server";

export interface Client {
  readonly session: BoardSession;
  readonly service: FakeService;
  readonly relay: FakeRelay;
  readonly store: MemoryStore;
  /** Tasks that got their ids from the server, as this client learned: from, to. */
  readonly names: readonly (readonly [TaskId, TaskId])[];
}

/** How long a tab takes to be notified of what another wrote, in milliseconds. */
const TOLD_AFTER = 4;

/** One device's storage as one of its tabs has it: notified of what the others write. */
class TabStore extends MemoryStore {
  constructor(
    override readonly entries: Map<string, string>,
    private readonly all: Set<TabStore>,
  ) {
    super();
    all.add(this);
  }

  override set(key: string, value: string): Promise<void> {
    this.tell(key);
    return super.set(key, value);
  }

  override remove(key: string): Promise<void> {
    this.tell(key);
    return super.remove(key);
  }

  private tell(key: string): void {
    const others = [...this.all].filter((tab) => tab !== this);
    setTimeout(() => others.forEach((tab) => tab.announce(key)), TOLD_AFTER);
  }
}

let ids = 0;
let clients: Client[] = [];

/** Different each time. */
export function nextNumber(): number {
  ids += 1;
  return ids;
}

/** Call it after each test. */
export function stopClients(): void {
  clients.forEach(({ session }) => session.stop());
  clients = [];
}

/** Somebody who has the board open. */
export function client(
  server: FakeServer,
  user: string,
  store = new MemoryStore(),
  exclusively: Exclusively = (work) => work(),
  maySend: () => boolean = () => true,
  mode: Mode = "teams",
): Client {
  const names: [TaskId, TaskId][] = [];
  const service = new FakeService(server, user, { mode, id: 7 });
  const relay = new FakeRelay(server);
  const cache = new BoardCache(store);
  const owner = `${user}/teams/7`;
  const session = new BoardSession({
    service,
    relay,
    storage: store,
    makeRoom: () => cache.evictOldest(),
    copies: cache.copiesOf(owner),
    owner,
    username: mode === "teams" ? user : null,
    exclusively,
    maySend,
    makeSure: () => Promise.resolve(),
    named: (from, to) => names.push([from, to]),
    now: Date.now,
    newId: () => `id-${nextNumber()}`,
  });
  void session.start();
  const made = { session, service, relay, store, names };
  clients.push(made);
  return made;
}

/** One person's tabs on one device. @returns what opens another; only one of them sends at a time */
export function device(server: FakeServer, user: string, mode: Mode = "teams"): () => Client {
  const entries = new Map<string, string>();
  const all = new Set<TabStore>();
  let sending: Promise<void> = Promise.resolve();
  const exclusively: Exclusively = (work) => (sending = sending.then(work));
  return () => client(server, user, new TabStore(entries, all), exclusively, () => true, mode);
}

export const pass = (milliseconds = 2_000) => jest.advanceTimersByTimeAsync(milliseconds);

/** A server with tasks 1, 2, 3 in `todo`. */
export function threeTasks(): FakeServer {
  const server = new FakeServer();
  ["One", "Two", "Three"].forEach((title) => server.add({ title, status: "todo" }, "ada"));
  return server;
}

export function offline({ service, relay }: Client): void {
  service.weather = () => "request-lost";
  relay.cut();
}

export async function online({ session, service }: Client): Promise<void> {
  service.weather = () => "fine";
  session.reconnect();
  await pass();
}

/** Opens a task's checklists as the app does. @returns what reads them as they are shown */
export function openLists(
  { session }: Client,
  server: FakeServer,
  task: TaskId,
): () => readonly BoardChecklist[] {
  const read = (): KnownChecklists => ({ seq: server.head.seq, items: server.listsOf(task) });
  let known = read();
  session.onRenewed(() => {
    known = read();
  });
  session.onEvent((event) => {
    if (isListEvent(event, task)) known = withListEvent(known, event);
  });
  return () => layChecklists(known.items, session.pendingLists(), task, 7);
}

/** Each checklist's title and then its items, those that are done in brackets. */
export function linesOf(
  lists: readonly {
    readonly title: string;
    readonly items: readonly Pick<ChecklistItem, "text" | "done">[];
  }[],
): readonly (readonly string[])[] {
  return lists.map(({ title, items }) => [
    title,
    ...items.map(({ text, done }) => (done ? `[${text}]` : text)),
  ]);
}
