/**
 * What people have written and not yet saved: kept on the device by board, task and field, so that it
 * survives blur, reload, reconnect and whatever comes in meanwhile. Each tab keeps its own.
 */

import { useCallback, useSyncExternalStore } from "react";
import { isRecord } from "../utilities/problem";
import { type Store, deviceStorage } from "../utilities/storage";
import { uniqueId } from "../utilities/unique-id";
import { useSession } from "./session";
import { type Tabs, tabs } from "./tabs";
import type { BoardAddress, TaskId } from "../sync";

/** Which draft: `field` is "title", "description", "comment", "new/todo", … */
export interface DraftKey {
  readonly address: BoardAddress;
  readonly task: TaskId | null;
  readonly field: string;
}

export interface Draft {
  readonly value: string;
  /** What the field was when the draft was begun. */
  readonly base: string;
}

/** How long after the last key stroke a draft is written, in milliseconds. */
const WRITE_AFTER = 250;
/** A page that was closed a moment ago may still look alive: it is looked for again; in milliseconds. */
const LOOK_AGAIN = 1_500;
/** A page that is gone may be reloading: for so long what it wrote is left to it; in milliseconds. */
const RELOADING = 8_000;
const PREFIX = "draft/";
/** When the page of a tab with drafts went, in milliseconds since 1970; one that crashed left no word. */
const LEFT = "draft-left/";

/** The user, the mode, the board and the task, see `draftName`. */
const PREFIX_OF_TASK = /^(?:[^/]*\/){4}/u;

/** What to subscribe to for the changes of all drafts: no draft has this name. */
const ANY_DRAFT = "";

/**
 * The drafts of this tab, read once; changed in memory at once, on the device a little later. Those of
 * other tabs are left alone until their tab is gone: then they are taken over.
 */
export class Drafts {
  private readonly drafts = new Map<string, Draft>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Those that the device had no room for: they live as long as the page does. */
  private readonly unkept = new Set<string>();

  /** Tasks that got their ids: what is still found of them under the old ones belongs to these. */
  private readonly renamed = new Map<string, string>();

  /** Nobody's, until this tab has its name: what is left under it is taken over by the next. */
  private tab = uniqueId();
  /** Another number after each change of any draft. */
  revision = 0;

  constructor(
    private readonly store: Store,
    private readonly tabs: Tabs,
  ) {}

  /** Something that is typed would not survive the page: the device has no room for it. */
  get isAtRisk(): boolean {
    return this.unkept.size > 0;
  }

  /** Reads what the device kept of this tab, and of tabs that are gone. A draft begun meanwhile wins. */
  async load(): Promise<void> {
    const before = this.tab;
    this.tab = await this.tabs.claim();
    for (const [name] of this.drafts) {
      this.writeNow(name);
      await this.store.remove(`${PREFIX}${before}/${name}`);
    }
    const mine = `${PREFIX}${this.tab}/`;
    for (const key of await this.store.keys(mine)) {
      const draft = parseDraft(await this.store.get(key));
      const name = this.nameNow(key.slice(mine.length));
      if (draft !== null && !this.drafts.has(name)) {
        this.drafts.set(name, draft);
        this.notify(name);
        if (key !== this.keyOf(name)) {
          await this.move(key, name, draft).catch(() => undefined);
        }
      }
    }
    await this.store.remove(LEFT + this.tab);
    await this.adopt();
    setTimeout(() => void this.adopt(), LOOK_AGAIN);
  }

  /** Takes over what tabs that are gone have left. One field has one draft: a second one waits. */
  private async adopt(): Promise<void> {
    const others = (await this.store.keys(PREFIX)).map(tabOf).filter((tab) => tab !== this.tab);
    let wait = 0;
    for (const tab of new Set(others)) {
      const age = Date.now() - Number(await this.store.get(LEFT + tab));
      // A clock may be put back: what seems to come from the future is old.
      if (age >= 0 && age < RELOADING) {
        wait = Math.max(wait, RELOADING - age);
      } else {
        // Without room for it here it stays where it is.
        await this.tabs.ifGone(tab, () => this.takeOver(tab)).catch(() => undefined);
      }
    }
    if (wait > 0) {
      setTimeout(() => void this.adopt(), wait);
    }
  }

  private async takeOver(tab: string): Promise<void> {
    const theirs = `${PREFIX}${tab}/`;
    for (const key of await this.store.keys(theirs)) {
      const draft = parseDraft(await this.store.get(key));
      const name = this.nameNow(key.slice(theirs.length));
      if (draft !== null && !this.drafts.has(name)) {
        await this.move(key, name, draft);
        this.drafts.set(name, draft);
        this.notify(name);
      }
    }
    if ((await this.store.keys(theirs)).length === 0) {
      await this.store.remove(LEFT + tab);
    }
  }

  /** @throws StorageFull; then it stays where it is */
  private async move(key: string, name: string, draft: Draft): Promise<void> {
    await this.store.set(this.keyOf(name), JSON.stringify(draft));
    await this.store.remove(key);
  }

  get(name: string): Draft | undefined {
    return this.drafts.get(name);
  }

  /** All whose name begins with `prefix`, by the rest of their names. */
  under(prefix: string): readonly (readonly [string, Draft])[] {
    return [...this.drafts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, draft]) => [name.slice(prefix.length), draft]);
  }

  /** How many there are on this device whose name begins with `prefix`, those of other tabs included. */
  async count(prefix: string): Promise<number> {
    const kept = await this.keysUnder(prefix);
    const mine = this.under(prefix).map(([rest]) => this.keyOf(prefix + rest));
    return new Set([...kept, ...mine]).size;
  }

  /**
   * Lets go all whose name begins with `prefix`, those of tabs that are gone included. A tab that is
   * open shows what it has and says that it is kept, so it is.
   */
  async forget(prefix: string): Promise<void> {
    this.under(prefix).forEach(([rest]) => this.clear(prefix + rest));
    const keys = await this.keysUnder(prefix);
    for (const tab of new Set(keys.map(tabOf))) {
      const remove = async () => {
        const theirs = keys.filter((key) => tabOf(key) === tab);
        await Promise.all(theirs.map((key) => this.store.remove(key)));
      };
      await (tab === this.tab ? remove() : this.tabs.ifGone(tab, remove));
    }
  }

  private async keysUnder(prefix: string): Promise<readonly string[]> {
    const keys = await this.store.keys(PREFIX);
    return keys.filter((key) => key.startsWith(`${PREFIX}${tabOf(key)}/${prefix}`));
  }

  /** A draft that equals what it began with is none. */
  set(name: string, value: string, current: string): void {
    const base = this.drafts.get(name)?.base ?? current;
    if (value === base) {
      this.clear(name);
      return;
    }
    this.drafts.set(name, { value, base });
    this.write(name);
    this.notify(name);
  }

  /** The user has seen the other's value and continues: from now on it is the base. */
  rebase(name: string, base: string): void {
    const draft = this.drafts.get(name);
    if (draft !== undefined) {
      this.drafts.set(name, { ...draft, base });
      this.write(name);
      this.notify(name);
    }
  }

  clear(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
    this.unkept.delete(name);
    if (this.drafts.delete(name)) {
      void this.store.remove(this.keyOf(name));
      this.notify(name);
    }
  }

  /** What was sent is saved: what was typed since then stays. */
  saved(name: string, sent: string): void {
    if (this.drafts.get(name)?.value === sent) {
      this.clear(name);
    }
  }

  /** The task got its id from the server: its drafts go along. `prefix` and `to` end in "/". */
  rename(prefix: string, to: string): void {
    this.renamed.set(prefix, to);
    for (const [name, draft] of [...this.drafts]) {
      if (name.startsWith(prefix)) {
        const renamed = to + name.slice(prefix.length);
        this.clear(name);
        this.drafts.set(renamed, draft);
        this.write(renamed);
        this.notify(renamed);
      }
    }
  }

  /** @param name whose changes are reported; `ANY_DRAFT` for all */
  subscribe(name: string, listener: () => void): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        this.listeners.delete(name);
      }
    };
  }

  /** Writes what waits for its timer, now: the page is closing, perhaps to come back at once. */
  flush(): void {
    if (this.drafts.size > 0) {
      this.store.set(LEFT + this.tab, String(Date.now())).catch(() => undefined);
    }
    for (const [name, timer] of [...this.timers]) {
      clearTimeout(timer);
      this.writeNow(name);
    }
  }

  private write(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.set(
      name,
      setTimeout(() => this.writeNow(name), WRITE_AFTER),
    );
  }

  private writeNow(name: string): void {
    this.timers.delete(name);
    const draft = this.drafts.get(name);
    if (draft !== undefined) {
      this.store.set(this.keyOf(name), JSON.stringify(draft)).then(
        () => this.notifyKept(name, true),
        () => this.notifyKept(name, false),
      );
    }
  }

  /** If one fits now, those that did not fit before may fit, too. */
  private notifyKept(name: string, isKept: boolean): void {
    if (isKept === !this.unkept.has(name) || !this.drafts.has(name)) {
      return;
    }
    if (isKept) {
      this.unkept.delete(name);
      this.unkept.forEach((other) => this.writeNow(other));
    } else {
      this.unkept.add(name);
    }
    this.notify(name);
  }

  /** The name under which a draft is found since its task has its id. */
  private nameNow(name: string): string {
    const prefix = PREFIX_OF_TASK.exec(name)?.[0] ?? "";
    return (this.renamed.get(prefix) ?? prefix) + name.slice(prefix.length);
  }

  private keyOf(name: string): string {
    return `${PREFIX}${this.tab}/${name}`;
  }

  private notify(name: string): void {
    this.revision += 1;
    for (const topic of [name, ANY_DRAFT]) {
      this.listeners.get(topic)?.forEach((listener) => listener());
    }
  }
}

export const drafts = new Drafts(deviceStorage, tabs);

function tabOf(key: string): string {
  return key.slice(PREFIX.length).split("/")[0] ?? "";
}

/** The name under which a draft is kept; another user's drafts are others. */
export function draftName({ address, task, field }: DraftKey, user: number | null): string {
  return `${boardPrefix(address, user)}${task ?? "board"}/${field}`;
}

function boardPrefix({ mode, id }: BoardAddress, user: number | null): string {
  const owner = mode === "teams" ? (user ?? "nobody") : "anybody";
  return `${owner}/${mode}/${id}/`;
}

export interface DraftField {
  /** The draft where there is one, else `current`. */
  readonly value: string;
  set(value: string): void;
  /** The field when the draft was begun; `current` if there is no draft. */
  readonly base: string;
  readonly dirty: boolean;
  /** Somebody changed the field since the draft was begun, to something else than the draft. */
  readonly theirsChanged: boolean;
  /** Goes on from what is there now: `theirsChanged` is settled. */
  rebase(): void;
  clear(): void;
  /** What was sent is saved: clears it, but what was typed since then. */
  saved(sent: string): void;
}

/** A field that people write into. @param current what the board says it is, now */
export function useDraft(key: DraftKey, current: string): DraftField {
  const user = useSession((session) => session.user?.id ?? null);
  const name = draftName(key, user);
  const draft = useSyncExternalStore(
    useCallback((listener: () => void) => drafts.subscribe(name, listener), [name]),
    () => drafts.get(name),
    () => drafts.get(name),
  );
  const set = useCallback((value: string) => drafts.set(name, value, current), [name, current]);
  const rebase = useCallback(() => drafts.rebase(name, current), [name, current]);
  const clear = useCallback(() => drafts.clear(name), [name]);
  const saved = useCallback((sent: string) => drafts.saved(name, sent), [name]);
  const value = draft?.value ?? current;
  const base = draft?.base ?? current;
  return {
    value,
    set,
    base,
    dirty: draft !== undefined,
    theirsChanged: draft !== undefined && current !== base && current !== value,
    rebase,
    clear,
    saved,
  };
}

/**
 * What is written to a task (null: to the board itself) and not saved, with what discards it.
 *
 * @param wanted which fields (as in {@link DraftKey}); all where it is left out
 * @returns pairs of the field (as in {@link DraftKey}) and what is written
 */
export function useTaskDrafts(
  address: BoardAddress,
  task: TaskId | null,
  wanted: (field: string) => boolean = () => true,
): readonly [readonly (readonly [string, string])[], () => void] {
  const user = useSession((session) => session.user?.id ?? null);
  const prefix = draftName({ address, task, field: "" }, user);
  useAnyDraft(() => drafts.revision);
  const written = drafts
    .under(prefix)
    .filter(([field]) => wanted(field))
    .map(([field, { value }]): readonly [string, string] => [field, value]);
  const discard = () => written.forEach(([field]) => drafts.clear(prefix + field));
  return [written, discard];
}

/** Whether the device has no room for something that is typed. */
export function useDraftsAtRisk(): boolean {
  return useAnyDraft(() => drafts.isAtRisk);
}

/** Whether anything is written to a task and not saved. */
export function useHasDraft(address: BoardAddress, task: TaskId): boolean {
  const user = useSession((session) => session.user?.id ?? null);
  const prefix = draftName({ address, task, field: "" }, user);
  return useAnyDraft(() => drafts.under(prefix).length > 0);
}

/** The tasks of a board to which something is written and not saved, on it or not. */
export function useDraftedTasks(address: BoardAddress): readonly TaskId[] {
  const user = useSession((session) => session.user?.id ?? null);
  useAnyDraft(() => drafts.revision);
  const ids = drafts
    .under(boardPrefix(address, user))
    .map(([name]) => Number.parseInt(name, 10))
    .filter((id) => !Number.isNaN(id));
  return [...new Set(ids)];
}

/** Follows all drafts. @param read returns another value only if the drafts differ */
function useAnyDraft<T>(read: () => T): T {
  const listen = useCallback((listener: () => void) => drafts.subscribe(ANY_DRAFT, listener), []);
  return useSyncExternalStore(listen, read, read);
}

function parseDraft(text: string | null): Draft | null {
  try {
    const value: unknown = text === null ? null : JSON.parse(text);
    return isRecord(value) &&
      typeof value["value"] === "string" &&
      typeof value["base"] === "string"
      ? { value: value["value"], base: value["base"] }
      : null;
  } catch {
    return null;
  }
}
