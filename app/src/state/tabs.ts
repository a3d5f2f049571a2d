/**
 * The tabs of one browser: which of them this is, and which are gone. What a tab keeps under its name
 * belongs to it until it is gone; then to the tab that takes it over.
 */

import { Platform } from "react-native";
import { uniqueId } from "../utilities/unique-id";

export interface Tabs {
  /** This tab's name, the same after a reload and in no other tab. Called once. */
  claim(): Promise<string>;
  /** Runs `work` where no tab has this name, and sees to it that none takes it meanwhile. */
  ifGone(tab: string, work: () => Promise<void>): Promise<void>;
}

/** Where there is one tab, or where tabs cannot know of each other: a page that is not secure. */
export const ONE_TAB: Tabs = {
  claim: () => Promise.resolve("only"),
  ifGone: (_, work) => work(),
};

const KEY = "taskboard/tab";
/** How long the page that was here before may take to let go of its name, and how often is asked; in milliseconds. */
const LETTING_GO = 2_000;
const ASK_EVERY = 50;

/** A tab holds a lock of its name for as long as its page lives, frozen or not. */
export class BrowserTabs implements Tabs {
  constructor(
    private readonly locks: LockManager,
    private readonly kept: Storage,
  ) {}

  async claim(): Promise<string> {
    const before = this.kept.getItem(KEY);
    // A tab that was duplicated has the other one's name: that one lives, so this is another.
    if (before !== null && (await this.hold(before))) {
      return before;
    }
    const fresh = uniqueId();
    await this.hold(fresh);
    try {
      this.kept.setItem(KEY, fresh);
    } catch {
      // Then a reload is another tab, which takes over what this one leaves.
    }
    return fresh;
  }

  async ifGone(tab: string, work: () => Promise<void>): Promise<void> {
    await this.locks.request(lockOf(tab), { ifAvailable: true }, (lock) =>
      lock === null ? undefined : work(),
    );
  }

  /** @returns whether this tab has the name now, and keeps it until its page goes */
  private async hold(tab: string): Promise<boolean> {
    for (let waited = 0; waited <= LETTING_GO; waited += ASK_EVERY) {
      if (await this.take(tab)) {
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
    return false;
  }

  /** Takes the name if it is free. However long the browser takes to say so, that is no refusal. */
  private take(tab: string): Promise<boolean> {
    return new Promise((resolve) => {
      const taken = (lock: Lock | null) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<never>(() => undefined);
      };
      this.locks.request(lockOf(tab), { ifAvailable: true }, taken).catch(() => resolve(false));
    });
  }
}

function lockOf(tab: string): string {
  return `taskboard-tab/${tab}`;
}

function deviceTabs(): Tabs {
  try {
    const locks = Platform.OS === "web" ? globalThis.navigator?.locks : undefined;
    return locks === undefined ? ONE_TAB : new BrowserTabs(locks, sessionStorage);
  } catch {
    // A browser that forbids storage throws at the mere name.
    return ONE_TAB;
  }
}

export const tabs: Tabs = deviceTabs();
