/**
 * The boards that are open, one instance an address, and the sockets they share. A board stays open
 * for a while after the last screen left it, and as long as it has something to send.
 */

import { Platform } from "react-native";
import {
  type BoardAddress,
  BoardSession,
  type Exclusively,
  forgetAnswers,
  forgetUnsent,
  type Mode,
  RelayConnection,
  socketAddress,
  type TaskId,
  unsentOnDevice,
  waitingQueues,
} from "../sync";
import { isWithoutNetwork, onHide, onNetworkLost, onWake } from "../utilities/wake";
import { settings } from "../utilities/request";
import { deviceStorage } from "../utilities/storage";
import { uniqueId } from "../utilities/unique-id";
import { boardCache as cache } from "./board-cache";
import { boardService } from "./board-service";
import { draftName, drafts } from "./drafts";
import { learnConfiguration, makeSure, refreshUser, useSession } from "./session";

interface Entry {
  readonly session: BoardSession;
  users: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** How long a board that nobody looks at is followed on, in milliseconds. */
const LINGER = 30_000;

/** A relay that refuses a login which counts is given time to learn of it, in milliseconds. */
const REFUSED = 3_000;

const entries = new Map<string, Entry>();
const relays = new Map<Mode, RelayConnection>();

/** The board at an address, opened if it is not yet. Hold it while it is used: `holdBoard`. */
export function openBoard(address: BoardAddress): BoardSession {
  return entryOf(address).session;
}

/** Keeps a board open. @returns what ends it */
export function holdBoard(address: BoardAddress): () => void {
  const entry = entryOf(address);
  entry.users += 1;
  clearTimeout(entry.timer);
  entry.session.opened();
  return () => {
    entry.users -= 1;
    if (entry.users === 0) {
      linger(ownerOf(address), entry);
    }
  };
}

/** Opens every board of this user that has something to send, until it is sent. */
export async function sendWaiting(): Promise<void> {
  for (const owner of await waitingQueues(deviceStorage)) {
    const address = addressOf(owner);
    if (address !== null && ownerOf(address) === owner) {
      holdBoard(address)();
    }
  }
}

/** How much this device alone has of a board: changes that were not sent, and drafts. */
export async function countOnlyHere(address: BoardAddress): Promise<number> {
  const owner = `${ownerOf(address)}/`;
  return (await unsentOnDevice(deviceStorage, owner)) + (await drafts.count(owner));
}

/** The user gave the board up: nothing of it stays on this device, sent or not. */
export async function forgetBoard(address: BoardAddress): Promise<void> {
  const owner = ownerOf(address);
  entries.get(owner)?.session.abandon();
  await Promise.all([
    forgetUnsent(deviceStorage, `${owner}/`),
    drafts.forget(`${owner}/`),
    cache.forget(owner),
    forgetAnswers(deviceStorage, `${owner}/`),
  ]);
}

/** The user is gone for good: nothing of theirs stays on this device. */
export async function forgetUser(id: number): Promise<void> {
  const owner = `${id}/teams/`;
  const theirs = [...entries].filter(([key]) => key.startsWith(owner));
  theirs.forEach(([, { session }]) => session.abandon());
  await Promise.all([
    forgetUnsent(deviceStorage, owner),
    drafts.forget(owner),
    cache.forgetAll(owner),
    forgetAnswers(deviceStorage, owner),
  ]);
}

/** The shared connection of a mode. */
export function relayOf(mode: Mode): RelayConnection {
  let relay = relays.get(mode);
  if (relay === undefined) {
    relay = new RelayConnection({
      address: async () => {
        const { relay_url } = await learnConfiguration();
        return socketAddress(relay_url, serverAddress(), mode);
      },
      token: () => (mode === "teams" ? settings.token : null),
      unauthorized: () => void refused(),
      device: { onWake, onNetworkLost, isWithoutNetwork },
    });
    relays.set(mode, relay);
  }
  return relay;
}

/**
 * The relay does not take our login. It may have ended; it may as well have been renewed in another
 * tab since the socket was opened, which the server knows.
 */
async function refused(): Promise<void> {
  await refreshUser();
  setTimeout(() => {
    if (useSession.getState().status === "known") {
      relayOf("teams").wake();
    }
  }, REFUSED);
}

function serverAddress(): string {
  return Platform.OS === "web" ? window.location.origin : settings.server;
}

function entryOf(address: BoardAddress): Entry {
  const owner = ownerOf(address);
  const known = entries.get(owner);
  if (known !== undefined) {
    return known;
  }
  const session = new BoardSession({
    service: boardService(address),
    relay: relayOf(address.mode),
    storage: deviceStorage,
    makeRoom: () => cache.evictOldest(),
    copies: cache.copiesOf(owner),
    owner,
    username: address.mode === "teams" ? (useSession.getState().user?.username ?? "") : null,
    exclusively: lockNamed(`taskboard-queue/${owner}`),
    maySend: () => address.mode === "quick-win" || mayTeamsSend(owner, address),
    makeSure: address.mode === "quick-win" ? () => Promise.resolve() : makeSure,
    named: (from, to) => drafts.rename(draftsOf(address, from), draftsOf(address, to)),
    now: Date.now,
    newId: uniqueId,
  });
  const entry: Entry = { session, users: 0, timer: undefined };
  entries.set(owner, entry);
  linger(owner, entry);
  startWhenKnown(session);
  return entry;
}

/** Whose board it is must be known first: copies and queues are kept by user. */
function startWhenKnown(session: BoardSession): void {
  const known = () =>
    session.address.mode === "quick-win" || useSession.getState().status !== "unknown";
  if (known()) {
    void session.start();
    return;
  }
  const end = useSession.subscribe(() => {
    if (known()) {
      end();
      void session.start();
    }
  });
}

function draftsOf(address: BoardAddress, task: TaskId): string {
  return draftName({ address, task, field: "" }, useSession.getState().user?.id ?? null);
}

function mayTeamsSend(owner: string, address: BoardAddress): boolean {
  return useSession.getState().status === "known" && ownerOf(address) === owner;
}

function linger(owner: string, entry: Entry): void {
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => {
    if (entry.session.waiting() > 0 && entry.session.status().status !== "gone") {
      linger(owner, entry);
    } else {
      close(owner, entry);
    }
  }, LINGER);
}

function close(owner: string, entry: Entry, keepCopy = true): void {
  clearTimeout(entry.timer);
  entry.session.stop(keepCopy);
  if (entries.get(owner) === entry) {
    entries.delete(owner);
  }
}

/** The user, the mode and the board in one word: what belongs to one user is never another's. */
function ownerOf({ mode, id }: BoardAddress): string {
  const user = mode === "teams" ? String(useSession.getState().user?.id ?? "nobody") : "anybody";
  return `${user}/${mode}/${id}`;
}

function addressOf(owner: string): BoardAddress | null {
  const [, mode, id] = owner.split("/");
  return mode === "teams" || mode === "quick-win" ? { mode, id: Number(id) } : null;
}

/** One tab at a time where the browser can see to it; elsewhere there is one anyway. */
function lockNamed(name: string): Exclusively {
  const locks = Platform.OS === "web" ? globalThis.navigator?.locks : undefined;
  return locks === undefined ? (work) => work() : (work) => locks.request(name, work);
}

/** The network or the person came back. */
onWake(() => entries.forEach(({ session }) => session.reconnect()));
onHide(() => entries.forEach(({ session }) => session.keepCopyNow()));

/** Sessions follow the login: a user who left takes their boards along, one who came back sends. */
useSession.subscribe((now, before) => {
  const isAnother = now.user?.id !== before.user?.id;
  if (isAnother) {
    for (const [owner, entry] of [...entries]) {
      if (owner.split("/")[1] === "teams") {
        close(owner, entry, now.user !== null);
      }
    }
    if (now.user === null && before.user !== null) {
      // Whoever logs out leaves no boards behind; changes not yet sent wait for their return.
      void cache.forgetAll(`${before.user.id}/teams/`);
      void forgetAnswers(deviceStorage, `${before.user.id}/teams/`);
    }
  }
  if (now.status === "known" && (before.status !== "known" || isAnother)) {
    relayOf("teams").wake();
    entries.forEach(({ session }) => session.reconnect());
    void sendWaiting();
  }
});
