/** Whole board sessions on a fake server, for tests in faked time. */

import { BoardCache } from "../state/board-cache";
import { BoardSession } from "../state/board-session";
import { QueueStore } from "../state/queue-store";
import type { Exclusively } from "../state/sender";
import type { Mode } from "../state/types";
import { MemoryStore } from "../utilities/storage";
import { FakeRelay, FakeServer, FakeService } from "./fake-server";

export interface Client {
  readonly session: BoardSession;
  readonly service: FakeService;
  readonly relay: FakeRelay;
  readonly store: MemoryStore;
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
  const service = new FakeService(server, user, { mode, id: 7 });
  const relay = new FakeRelay(server);
  const cache = new BoardCache(store);
  const session = new BoardSession({
    service,
    relay,
    queueStore: new QueueStore(store, `${user}/teams/7`, () => cache.giveUpOldest()),
    cache,
    owner: `${user}/teams/7`,
    username: mode === "teams" ? user : null,
    exclusively,
    maySend,
    makeSure: () => Promise.resolve(),
    named: () => undefined,
    now: Date.now,
    newId: () => `id-${nextNumber()}`,
  });
  void session.start();
  const made = { session, service, relay, store };
  clients.push(made);
  return made;
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
