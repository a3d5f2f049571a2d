/**
 * Keeps what the server answered to changes of one board on the device, for the tabs that did not send
 * them: they show it until its event comes, and follow tasks that got their ids.
 */

import { isRecord } from "../../utilities/problem";
import { StorageFull, type Store } from "../../utilities/store";
import type { AnsweredTask } from "../overlay";
import type { ListPart } from "./commands";
import type { BoardHead, TaskId } from "../types";

interface Answered {
  /** Of the board that answered: a restarted host gives ids of quick-win boards out again. */
  readonly epoch: string | null;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** A task, checklist or item that began in the queue. */
export interface NamedTask extends Answered {
  /** The command that added it. */
  readonly command: string;
  /** Below 0. */
  readonly from: TaskId;
  readonly to: TaskId;
  /** It is no task, but this. */
  readonly of?: ListPart;
}

export interface TaskAnswer extends Answered, AnsweredTask {
  readonly id: TaskId;
}

export interface HeadAnswer extends Answered {
  readonly head: BoardHead;
}

export interface Answers {
  readonly names: readonly NamedTask[];
  readonly tasks: readonly TaskAnswer[];
  readonly heads: readonly HeadAnswer[];
}

export const NO_ANSWERS: Answers = { names: [], tasks: [], heads: [] };

const NAMES = "named/";
/** How long a tab may sleep and still find its task, in milliseconds. */
const NAMES_FOR = 30 * 24 * 3_600_000;

export class AnswerStore {
  private left = false;

  /**
   * @param owner which user's, of which board
   * @param makeRoom gives up something that can be had again; answers whether there was anything
   */
  constructor(
    private readonly store: Store,
    private readonly owner: string,
    private readonly makeRoom: () => Promise<boolean>,
  ) {}

  async load(): Promise<Answers> {
    return {
      names: await this.entries(this.nameKey(""), isNamedTask),
      tasks: await this.entries(this.taskKey(""), isTaskAnswer),
      heads: await this.entries(this.headKey(), isHeadAnswer),
    };
  }

  keepName(name: NamedTask): Promise<void> {
    return this.keep(this.nameKey(name.from), name);
  }

  /** The newest answer about a task is the one that counts. */
  async keepTask(answer: TaskAnswer): Promise<void> {
    if (!this.left) await this.keep(this.taskKey(answer.id), answer);
  }

  async keepHead(answer: HeadAnswer): Promise<void> {
    if (!this.left) await this.keep(this.headKey(), answer);
  }

  /** The user has logged out: later responses belong to nobody here. */
  leave(): void {
    this.left = true;
  }

  /** Says when another tab was answered. */
  watch(listener: () => void): () => void {
    const prefix = `answer/${this.owner}/`;
    return this.store.watch((key) => key.startsWith(prefix) && listener());
  }

  /** The event has come. */
  forgetTask(id: TaskId): Promise<void> {
    return this.store.remove(this.taskKey(id));
  }

  forget(): Promise<void> {
    return forgetAnswers(this.store, `${this.owner}/`);
  }

  /** Without any room the other tabs wait for the event; an older answer would mislead them. */
  private async keep(key: string, value: Answered): Promise<void> {
    const text = JSON.stringify(value);
    do {
      try {
        return await this.store.set(key, text);
      } catch (error) {
        if (!(error instanceof StorageFull)) {
          throw error;
        }
      }
    } while (await this.makeRoom());
    await this.store.remove(key);
  }

  private nameKey(from: TaskId | ""): string {
    return `${NAMES}${this.owner}/${from}`;
  }

  private taskKey(id: TaskId | ""): string {
    return `answer/${this.owner}/task/${id}`;
  }

  private headKey(): string {
    return `answer/${this.owner}/head`;
  }

  private async entries<T>(prefix: string, is: (value: unknown) => value is T): Promise<T[]> {
    const keys = await this.store.keys(prefix);
    const texts = await Promise.all(keys.map((key) => this.store.get(key)));
    return texts.map(parsed).filter(is);
  }
}

/** Forgets what was answered, but not which ids tasks got. @param owners how their owners begin */
export async function forgetAnswers(store: Store, owners: string): Promise<void> {
  const keys = await store.keys(`answer/${owners}`);
  await Promise.all(keys.map((key) => store.remove(key)));
}

/**
 * Forgets which ids tasks got long ago, of boards that are opened and of those that never are again. A
 * name stays as long as something waits under the old one: a change, a trouble or what was typed.
 *
 * @param now in milliseconds since 1970
 */
export async function sweepNames(store: Store, now: number): Promise<void> {
  const outdated: { readonly key: string; readonly from: string }[] = [];
  for (const key of await store.keys(NAMES)) {
    const name = parsed(await store.get(key));
    if (!isNamedTask(name)) {
      await store.remove(key);
    } else if (Math.abs(now - name.at) > NAMES_FOR) {
      // A clock may be put back: what seems to come from far ahead is old.
      outdated.push({ key, from: String(name.from) });
    }
  }
  if (outdated.length === 0) {
    return;
  }
  const queued = await Promise.all((await store.keys("queue/")).map((key) => store.get(key)));
  const waiting = [...(await store.keys("draft/")), ...queued].join("\n");
  const needless = outdated.filter(({ from }) => !waiting.includes(from));
  await Promise.all(needless.map(({ key }) => store.remove(key)));
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function isAnswered(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && typeof value["at"] === "number";
}

function isNamedTask(value: unknown): value is NamedTask {
  return isAnswered(value) && typeof value["from"] === "number" && typeof value["to"] === "number";
}

function isTaskAnswer(value: unknown): value is TaskAnswer {
  return (
    isAnswered(value) &&
    typeof value["id"] === "number" &&
    (value["task"] === null || isRecord(value["task"]))
  );
}

function isHeadAnswer(value: unknown): value is HeadAnswer {
  return isAnswered(value) && isRecord(value["head"]);
}
