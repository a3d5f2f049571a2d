/** Drafts survive everything but being saved or thrown away. */

import { act, renderHook } from "@testing-library/react-native";
import { MemoryStore, StorageFull } from "../utilities/storage";
import { Drafts, draftName, drafts, useDraft } from "./drafts";
import { BrowserTabs, ONE_TAB } from "./tabs";

const key = { address: { mode: "teams", id: 7 }, task: 3, field: "title" } as const;

/** The keys under which drafts are kept. */
const kept = ({ entries }: MemoryStore) =>
  [...entries.keys()].filter((name) => name.startsWith("draft/")).sort();

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe("drafts", () => {
  test("a draft survives a reload", async () => {
    const store = new MemoryStore();
    const first = new Drafts(store, ONE_TAB);
    first.set("a", "Written", "Was");
    first.set("a", "Written on", "Was");
    await jest.advanceTimersByTimeAsync(300);
    const second = new Drafts(store, ONE_TAB);
    await second.load();
    expect(second.get("a")).toEqual({ value: "Written on", base: "Was" });
  });

  test("a page that is closed writes what its timer has not", () => {
    const store = new MemoryStore();
    const first = new Drafts(store, ONE_TAB);
    first.set("a", "Written", "Was");
    first.flush();
    expect(kept(store)).toHaveLength(1);
  });

  test("what is as it was before is no draft, and leaves nothing behind", async () => {
    const store = new MemoryStore();
    const some = new Drafts(store, ONE_TAB);
    some.set("a", "Written", "Was");
    some.flush();
    some.set("a", "Was", "Theirs");
    await jest.advanceTimersByTimeAsync(300);
    expect([some.get("a"), kept(store)]).toEqual([undefined, []]);
  });

  test("a draft begun while the device is read wins", async () => {
    const store = new MemoryStore();
    await store.set("draft/only/a", JSON.stringify({ value: "Old", base: "" }));
    await store.set("draft/only/b", "nonsense");
    const some = new Drafts(store, ONE_TAB);
    const loading = some.load();
    some.set("a", "New", "Was");
    await loading;
    expect([some.get("a")?.value, some.get("b")]).toEqual(["New", undefined]);
  });

  test("what the device has no room for is at risk until there is some, or it is saved", async () => {
    class FullStore extends MemoryStore {
      isFull = true;
      override set(name: string, value: string): Promise<void> {
        return this.isFull ? Promise.reject(new StorageFull("full")) : super.set(name, value);
      }
    }
    const store = new FullStore();
    const some = new Drafts(store, ONE_TAB);
    const told = jest.fn();
    some.subscribe("", told);
    some.set("a", "Written", "Was");
    some.set("b", "Written, too", "Was");
    await jest.advanceTimersByTimeAsync(300);
    expect([some.isAtRisk, told.mock.calls.length]).toEqual([true, 4]);
    store.isFull = false;
    some.set("b", "Written on", "Was");
    await jest.advanceTimersByTimeAsync(300);
    expect([some.isAtRisk, kept(store).length]).toEqual([false, 2]);
    store.isFull = true;
    some.set("a", "Written on, too", "Was");
    await jest.advanceTimersByTimeAsync(300);
    some.clear("a");
    expect(some.isAtRisk).toBe(false);
  });

  test("drafts go along when the server names their task", async () => {
    const store = new MemoryStore();
    const some = new Drafts(store, ONE_TAB);
    await some.load();
    some.set("1/teams/7/-1/title", "Written", "");
    some.set("1/teams/7/-12/title", "Other", "");
    some.rename("1/teams/7/-1/", "1/teams/7/9/");
    some.flush();
    expect(kept(store)).toEqual(["draft/only/1/teams/7/-12/title", "draft/only/1/teams/7/9/title"]);
  });

  test("another user's drafts are others; quick-win drafts are anybody's", () => {
    expect(draftName(key, 1)).not.toBe(draftName(key, 2));
    const quick = { ...key, address: { mode: "quick-win", id: 7 } } as const;
    expect(draftName(quick, 1)).toBe(draftName(quick, null));
  });
});

/** What `navigator.locks` does, with what is needed to end a page that holds some. */
class FakeLocks {
  private readonly held = new Set<string>();

  /** The browser as one page has it. */
  page(): { readonly locks: LockManager; readonly close: () => void } {
    const mine = new Set<string>();
    const request = async (
      name: string,
      { ifAvailable }: LockOptions,
      work: (lock: object | null) => unknown,
    ) => {
      if (this.held.has(name)) {
        if (ifAvailable === true) return work(null);
        throw new Error("the time to wait is over");
      }
      this.held.add(name);
      mine.add(name);
      try {
        return await work({});
      } finally {
        this.held.delete(name);
      }
    };
    // A stand-in has the part of a LockManager that is used.
    const locks = { request } as unknown as LockManager;
    return { locks, close: () => mine.forEach((name) => this.held.delete(name)) };
  }
}

describe("drafts of several tabs", () => {
  const store = new MemoryStore();
  const browser = new FakeLocks();

  /** What a page needs of `sessionStorage`: a tab keeps it over reloads. */
  function sessionOf(kept: Map<string, string>): Storage {
    const get = (key: string) => kept.get(key) ?? null;
    const set = (key: string, value: string) => void kept.set(key, value);
    return { getItem: get, setItem: set } as unknown as Storage;
  }

  /** @param patience how long its start may take, in milliseconds */
  async function open(kept = new Map<string, string>(), patience = 0) {
    const { locks, close } = browser.page();
    const some = new Drafts(store, new BrowserTabs(locks, sessionOf(kept)));
    const loading = some.load();
    await jest.advanceTimersByTimeAsync(patience);
    await loading;
    const away = () => {
      some.flush();
      close();
    };
    const reload = () => {
      away();
      return open(kept);
    };
    return { drafts: some, kept, away, crash: close, reload };
  }

  afterEach(() => store.entries.clear());

  test("what two tabs write into the same field stays each tab's own over reloads", async () => {
    const one = await open();
    const other = await open();
    one.drafts.set("a", "One", "Was");
    other.drafts.set("a", "Other", "Was");
    one.drafts.flush();
    other.drafts.flush();
    expect((await one.reload()).drafts.get("a")?.value).toBe("One");
    expect((await other.reload()).drafts.get("a")?.value).toBe("Other");
  });

  test("a tab that saves or throws away what it wrote takes nothing from another tab", async () => {
    const one = await open();
    const other = await open();
    one.drafts.set("a", "One", "Was");
    other.drafts.set("a", "Other", "Was");
    other.drafts.flush();
    one.drafts.clear("a");
    expect((await other.reload()).drafts.get("a")).toEqual({ value: "Other", base: "Was" });
    expect((await one.reload()).drafts.get("a")).toBeUndefined();
  });

  test("what a tab that is gone wrote is taken over once, and then thrown away for good", async () => {
    const one = await open();
    one.drafts.set("a", "One", "Was");
    one.away();
    await jest.advanceTimersByTimeAsync(8_000);
    const next = await open();
    expect(next.drafts.get("a")?.value).toBe("One");
    expect((await open()).drafts.get("a")).toBeUndefined();
    next.drafts.clear("a");
    next.away();
    expect((await open()).drafts.get("a")).toBeUndefined();
  });

  test("removing a board removes the drafts of closed tabs, and leaves an open tab its own", async () => {
    const [one, other, gone] = [await open(), await open(), await open()];
    for (const { drafts } of [one, other, gone]) drafts.set("7/a", "Words", "Was");
    gone.away();
    other.drafts.flush();
    await one.drafts.forget("7/");
    expect((await one.reload()).drafts.get("7/a")).toBeUndefined();
    expect((await other.reload()).drafts.get("7/a")?.value).toBe("Words");
    other.drafts.clear("7/a");
    other.away();
    await jest.advanceTimersByTimeAsync(8_000);
    expect((await open()).drafts.get("7/a")).toBeUndefined();
  });

  test("a tab that has just closed is looked for again; no other draft replaces the tab's own", async () => {
    const one = await open();
    one.drafts.set("a", "One", "Was");
    one.drafts.set("b", "One b", "Was");
    const other = await open();
    other.drafts.set("a", "Other", "Was");
    one.away();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(other.drafts.get("a")?.value).toBe("Other");
    expect(other.drafts.get("b")?.value).toBe("One b");
    other.drafts.clear("a");
    other.away();
    await jest.advanceTimersByTimeAsync(8_000);
    expect((await open()).drafts.get("a")?.value).toBe("One");
  });

  test("a tab that reloads finds its draft, though another opens and looks for leftover drafts at the same time", async () => {
    const one = await open();
    one.drafts.set("a", "One", "Was");
    const before = await open();
    one.away();
    const after = await open();
    await jest.advanceTimersByTimeAsync(5_000);
    const again = await open(one.kept);
    await jest.advanceTimersByTimeAsync(60_000);
    expect([before, again, after].map(({ drafts }) => drafts.get("a")?.value)).toEqual([
      undefined,
      "One",
      undefined,
    ]);
    // Later it may go as any other.
    again.away();
    await jest.advanceTimersByTimeAsync(8_000);
    expect((await open()).drafts.get("a")?.value).toBe("One");
  });

  test("what a page wrote that crashed is taken over at once", async () => {
    const one = await open();
    one.drafts.set("a", "One", "Was");
    await jest.advanceTimersByTimeAsync(300);
    one.crash();
    expect((await open()).drafts.get("a")?.value).toBe("One");
  });

  test("drafts under the old id of a task, of this tab or a closed one, move to its new id", async () => {
    const field = "1/teams/7/-5/field/a/b";
    const [one, other] = [await open(), await open()];
    one.drafts.set(field, "One", "");
    other.drafts.set("1/teams/7/-5/comment", "Other", "");
    one.away();
    other.away();
    const { locks } = browser.page();
    const again = new Drafts(store, new BrowserTabs(locks, sessionOf(one.kept)));
    again.rename("1/teams/7/-5/", "1/teams/7/9/");
    await again.load();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(again.under("1/teams/7/")).toEqual([
      ["9/field/a/b", { value: "One", base: "" }],
      ["9/comment", { value: "Other", base: "" }],
    ]);
    again.clear("1/teams/7/9/field/a/b");
    again.clear("1/teams/7/9/comment");
    expect([...store.entries.keys()].filter((key) => key.includes("/teams/7/"))).toEqual([]);
  });

  test("a tab that was duplicated is another tab, though it has the name of the first", async () => {
    const one = await open();
    one.drafts.set("a", "One", "Was");
    one.drafts.flush();
    const copy = await open(new Map(one.kept), 2_500);
    expect(copy.drafts.get("a")).toBeUndefined();
    copy.drafts.set("a", "Copy", "Was");
    expect((await copy.reload()).drafts.get("a")?.value).toBe("Copy");
    expect((await one.reload()).drafts.get("a")?.value).toBe("One");
  });
});

describe("useDraft", () => {
  const useTitleDraft = ({ now }: { now: string }) => useDraft(key, now);
  const open = (now: string) => renderHook(useTitleDraft, { initialProps: { now } });

  afterEach(() => act(() => drafts.clear(draftName(key, null))));

  test("follows the board until something is written, then stays, and says that theirs changed", () => {
    const { result, rerender } = open("One");
    rerender({ now: "Uno" });
    expect(result.current).toMatchObject({ value: "Uno", dirty: false, theirsChanged: false });
    act(() => result.current.set("Mine"));
    expect(result.current).toMatchObject({ value: "Mine", base: "Uno", dirty: true });
    rerender({ now: "Theirs" });
    expect(result.current).toMatchObject({ value: "Mine", base: "Uno", theirsChanged: true });
    act(() => result.current.rebase());
    expect(result.current).toMatchObject({ value: "Mine", base: "Theirs", theirsChanged: false });
    act(() => result.current.clear());
    expect(result.current).toMatchObject({ value: "Theirs", dirty: false });
  });

  test("what is typed while the text before is on its way stays when that is saved", () => {
    const { result } = open("One");
    act(() => result.current.set("Sent"));
    act(() => result.current.set("Sent, and more"));
    act(() => result.current.saved("Sent"));
    expect(result.current.value).toBe("Sent, and more");
    act(() => result.current.saved("Sent, and more"));
    expect(result.current).toMatchObject({ value: "One", dirty: false });
  });

  test("outlives its field: blur, or another screen", () => {
    const first = open("One");
    act(() => first.result.current.set("Mine"));
    first.unmount();
    expect(open("One").result.current.value).toBe("Mine");
  });
});
