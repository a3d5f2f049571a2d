/** Drafts survive everything but being saved or thrown away. */

import { act, renderHook } from "@testing-library/react-native";
import { MemoryStore } from "../utilities/storage";
import { Drafts, draftName, drafts, useDraft } from "./drafts";

const key = { address: { mode: "teams", id: 7 }, task: 3, field: "title" } as const;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe("drafts", () => {
  test("a draft survives a reload", async () => {
    const store = new MemoryStore();
    const first = new Drafts(store);
    first.set("a", "Written", "Was");
    first.set("a", "Written on", "Was");
    await jest.advanceTimersByTimeAsync(300);
    const second = new Drafts(store);
    await second.load();
    expect(second.get("a")).toEqual({ value: "Written on", base: "Was" });
  });

  test("a page that goes away writes what its timer has not", () => {
    const store = new MemoryStore();
    const first = new Drafts(store);
    first.set("a", "Written", "Was");
    first.flush();
    expect(store.entries.size).toBe(1);
  });

  test("what is as it was before is no draft, and leaves nothing behind", async () => {
    const store = new MemoryStore();
    const some = new Drafts(store);
    some.set("a", "Written", "Was");
    some.flush();
    some.set("a", "Was", "Theirs");
    await jest.advanceTimersByTimeAsync(300);
    expect([some.get("a"), store.entries.size]).toEqual([undefined, 0]);
  });

  test("a draft begun while the device is read wins", async () => {
    const store = new MemoryStore();
    await store.set("draft/a", JSON.stringify({ value: "Old", base: "" }));
    await store.set("draft/b", "nonsense");
    const some = new Drafts(store);
    const loading = some.load();
    some.set("a", "New", "Was");
    await loading;
    expect([some.get("a")?.value, some.get("b")]).toEqual(["New", undefined]);
  });

  test("drafts go along when the server names their task", async () => {
    const store = new MemoryStore();
    const some = new Drafts(store);
    some.set("1/teams/7/-1/title", "Written", "");
    some.set("1/teams/7/-12/title", "Other", "");
    some.rename("1/teams/7/-1/", "1/teams/7/9/");
    some.flush();
    expect([...store.entries.keys()].sort()).toEqual([
      "draft/1/teams/7/-12/title",
      "draft/1/teams/7/9/title",
    ]);
  });

  test("another user's drafts are others; quick-win drafts are anybody's", () => {
    expect(draftName(key, 1)).not.toBe(draftName(key, 2));
    const quick = { ...key, address: { mode: "quick-win", id: 7 } } as const;
    expect(draftName(quick, 1)).toBe(draftName(quick, null));
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

  test("outlives its field: blur, or another screen", () => {
    const first = open("One");
    act(() => first.result.current.set("Mine"));
    first.unmount();
    expect(open("One").result.current.value).toBe("Mine");
  });
});
