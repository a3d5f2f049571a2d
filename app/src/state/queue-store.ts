/**
 * Keeps a board's queue on the device: one entry a command or trouble, so that a write costs that one,
 * and so that several tabs can add to the same queue. The keys sort as the commands were made.
 */

import { isRecord } from "../utilities/problem";
import type { Store } from "../utilities/storage";
import type { Command } from "./commands";
import type { HeldTrouble, Queue } from "./queue";

export class QueueStore {
  /** @param owner whose queue of which board: another user's is another queue */
  constructor(
    private readonly store: Store,
    private readonly owner: string,
  ) {}

  /** What is kept, whoever of this device's tabs wrote it. */
  async load(): Promise<Queue> {
    const commands = await this.entries<Command>("command", isCommand);
    const troubles = await this.entries<HeldTrouble>("trouble", isHeldTrouble);
    return { commands, troubles };
  }

  /** Writes what differs, told by identity. @throws StorageFull */
  async save(before: Queue, after: Queue): Promise<void> {
    const changes = [
      ...differences(before.commands, after.commands, (command) => this.commandKey(command)),
      ...differences(before.troubles, after.troubles, (held) => this.troubleKey(held)),
    ];
    await Promise.all(
      changes.map(({ key, value }) =>
        value === null ? this.store.remove(key) : this.store.set(key, JSON.stringify(value)),
      ),
    );
  }

  /** Tells when another tab changed the queue. */
  watch(listener: () => void): () => void {
    const prefix = `queue/${this.owner}/`;
    return this.store.watch((key) => key.startsWith(prefix) && listener());
  }

  private commandKey({ at, id }: Command): string {
    return `queue/${this.owner}/command/${String(at).padStart(15, "0")}-${id}`;
  }

  private troubleKey({ trouble }: HeldTrouble): string {
    return `queue/${this.owner}/trouble/${String(trouble.at).padStart(15, "0")}-${trouble.id}`;
  }

  private async entries<T>(kind: string, is: (value: unknown) => value is T): Promise<T[]> {
    const keys = await this.store.keys(`queue/${this.owner}/${kind}/`);
    const texts = await Promise.all(keys.map((key) => this.store.get(key)));
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

function isHeldTrouble(value: unknown): value is HeldTrouble {
  return isRecord(value) && isRecord(value["trouble"]) && isCommand(value["command"]);
}
