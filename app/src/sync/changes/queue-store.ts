/**
 * Keeps a board's queue on the device: one entry a command or trouble, so that a write costs that one,
 * and so that several tabs can add to the same queue. The keys sort as the commands were made.
 */

import { isRecord } from "../../utilities/problem";
import { StorageFull, type Store } from "../../utilities/store";
import type { Command } from "./commands";
import type { KeptTrouble, Queue } from "./queue";
import type { Reason, Trouble } from "../types";

export class QueueStore {
  /** Entries that the device had no room for, as text; they are tried again with every write. */
  private readonly unwritten = new Map<string, string>();

  /**
   * @param owner whose queue of which board: another user's is another queue
   * @param makeRoom gives up something that can be had again; answers whether there was anything
   */
  constructor(
    private readonly store: Store,
    private readonly owner: string,
    private readonly makeRoom: () => Promise<boolean>,
  ) {}

  /** Whether everything would survive the page. */
  get isWhole(): boolean {
    return this.unwritten.size === 0;
  }

  /** What is stored, by any of this device's tabs, and what did not fit. */
  async load(): Promise<Queue> {
    const commands = await this.entries<Command>("command", isCommand);
    const troubles = await this.entries<KeptTrouble>("trouble", isKeptTrouble);
    return { commands, troubles: troubles.map(withReason) };
  }

  /** Writes what differs (by identity), and what did not fit before: see `isWhole`. */
  async save(before: Queue, after: Queue): Promise<void> {
    const changes = [
      ...differences(before.commands, after.commands, (command) => this.commandKey(command)),
      ...differences(before.troubles, after.troubles, (held) => this.troubleKey(held)),
    ];
    const old = [...this.unwritten].filter(([key]) =>
      changes.every((change) => change.key !== key),
    );
    await Promise.all([
      ...changes.map(({ key, value }) =>
        value === null ? this.remove(key) : this.write(key, JSON.stringify(value)),
      ),
      ...old.map(([key, text]) => this.write(key, text)),
    ]);
  }

  private remove(key: string): Promise<void> {
    this.unwritten.delete(key);
    return this.store.remove(key);
  }

  private async write(key: string, text: string): Promise<void> {
    this.unwritten.set(key, text);
    do {
      try {
        await this.store.set(key, text);
        // It may have been replaced or removed meanwhile.
        if (this.unwritten.get(key) === text) {
          this.unwritten.delete(key);
        }
        return;
      } catch (error) {
        if (!(error instanceof StorageFull)) {
          throw error;
        }
      }
    } while (this.unwritten.get(key) === text && (await this.makeRoom()));
  }

  /** Says when another tab changed the queue. */
  watch(listener: () => void): () => void {
    const prefix = `queue/${this.owner}/`;
    return this.store.watch((key) => key.startsWith(prefix) && listener());
  }

  private commandKey({ at, id }: Command): string {
    return `queue/${this.owner}/command/${String(at).padStart(15, "0")}-${id}`;
  }

  private troubleKey({ trouble }: KeptTrouble): string {
    return `queue/${this.owner}/trouble/${String(trouble.at).padStart(15, "0")}-${trouble.id}`;
  }

  private async entries<T>(kind: string, is: (value: unknown) => value is T): Promise<T[]> {
    const prefix = `queue/${this.owner}/${kind}/`;
    const unwritten = [...this.unwritten.keys()].filter((key) => key.startsWith(prefix));
    const keys = [...new Set([...(await this.store.keys(prefix)), ...unwritten])].sort();
    const texts = await Promise.all(
      keys.map((key) => this.unwritten.get(key) ?? this.store.get(key)),
    );
    return texts.flatMap((text) => {
      const value = text === null ? null : parsed(text);
      return is(value) ? [value] : [];
    });
  }
}

/** The owners of all queues on this device that have something to send. */
export async function waitingQueues(store: Store): Promise<readonly string[]> {
  const owners = (await store.keys("queue/")).flatMap((key) => {
    const end = key.indexOf("/command/");
    return end < 0 ? [] : [key.slice("queue/".length, end)];
  });
  return [...new Set(owners)];
}

/** How many changes wait, or are in trouble, on this device. @param owners how their owners begin */
export async function unsentOnDevice(store: Store, owners: string): Promise<number> {
  return (await store.keys(`queue/${owners}`)).length;
}

/** Lets go what waits, or is in trouble, on this device. @param owners how their owners begin */
export async function forgetUnsent(store: Store, owners: string): Promise<void> {
  await Promise.all((await store.keys(`queue/${owners}`)).map((key) => store.remove(key)));
}

function differences<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (entry: T) => string,
): { key: string; value: T | null }[] {
  const old = new Map(before.map((entry) => [keyOf(entry), entry]));
  const changes: { key: string; value: T | null }[] = [];
  for (const entry of after) {
    const key = keyOf(entry);
    if (old.get(key) !== entry) {
      changes.push({ key, value: entry });
    }
    old.delete(key);
  }
  return [...changes, ...[...old.keys()].map((key) => ({ key, value: null }))];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isCommand(value: unknown): value is Command {
  return isRecord(value) && typeof value["kind"] === "string" && typeof value["id"] === "string";
}

function isKeptTrouble(value: unknown): value is KeptTrouble {
  return isRecord(value) && isRecord(value["trouble"]) && isCommand(value["command"]);
}

/** Earlier versions of the app kept a sentence in the language of then instead of a reason. */
function withReason(held: KeptTrouble): KeptTrouble {
  const { trouble } = held;
  const { kind }: { readonly kind: Trouble["kind"] & { readonly message?: unknown } } = trouble;
  if (kind.kind !== "refused" || isRecord(kind.reason)) {
    return held;
  }
  const { message, ...rest } = kind;
  const reason: Reason = { code: "worded", words: String(message ?? "") };
  return { ...held, trouble: { ...trouble, kind: { ...rest, reason } } };
}
