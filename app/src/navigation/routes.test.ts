/** Which path is which screen, and that no link leads out of the app after a login. */

import { assert as check, property, string, webUrl } from "fast-check";
import { addressOf, parentOf, paths, safeNext, stateOf } from "./routes";

const names = (path: string) => stateOf(path)?.routes.map(({ name }) => name);

it.each([
  ["/", ["Home"]],
  ["/login", ["Login"]],
  ["/register", ["Register"]],
  ["/invite", ["Invite"]],
  ["/reset", ["Reset"]],
  ["/verify-email", ["VerifyEmail"]],
  ["/boards", ["Boards"]],
  ["/boards/7", ["Boards", "Board"]],
  ["/boards/7/tasks/3", ["Boards", "Board", "Task"]],
  ["/boards/7/members", ["Boards", "Board", "Members"]],
  ["/boards/7/timeline?at=12&task=3", ["Boards", "Board", "Timeline"]],
  ["/quick-win/boards/7/timeline", ["QuickWin", "QuickWinBoard", "QuickWinTimeline"]],
  ["/boards/7/insights", ["Boards", "Board", "Insights"]],
  ["/profile", ["Home", "Profile"]],
  ["/admin", ["Home", "AdminActivity"]],
  ["/admin/dashboard", ["Home", "AdminDashboard"]],
  ["/admin/users", ["Home", "AdminUsers"]],
  ["/quick-win", ["QuickWin"]],
  ["/quick-win/boards/7", ["QuickWin", "QuickWinBoard"]],
  ["/quick-win/boards/7/tasks/3", ["QuickWin", "QuickWinBoard", "QuickWinTask"]],
  ["/nowhere", ["NotFound"]],
])("deep link %s shows its screen on those it lies on", (path, screens) => {
  expect(names(path)).toEqual(screens);
});

it.each(["/boards/x", "/boards/0", "/boards/7/tasks/x", "/boards/7/other"])(
  "%s is no address of ours",
  (path) => {
    expect(names(path)?.at(-1)).toBe("NotFound");
  },
);

it("ids come as numbers", () => {
  expect(stateOf("/boards/7/tasks/3")?.routes.at(-1)?.params).toEqual({ id: 7, task: 3 });
});

it("a task that is only in this device's queue has an address, too", () => {
  expect(stateOf("/boards/7/tasks/-3")?.routes.at(-1)?.params).toEqual({ id: 7, task: -3 });
});

it("a moment, and a task as it was then, have an address", () => {
  const address = { mode: "teams", id: 12 } as const;
  const paramsOf = (path: string) => stateOf(path)?.routes.at(-1)?.params;
  expect(paramsOf(paths.timeline(address))).toEqual({ id: 12 });
  expect(paramsOf(paths.timeline(address, 0))).toEqual({ id: 12, at: 0 });
  expect(paramsOf(paths.timeline(address, 40, 3))).toEqual({ id: 12, at: 40, task: 3 });
  const time = "2026-11-30T07:30:00Z";
  expect(paramsOf(`/boards/12/timeline?at=${time}`)).toEqual({ id: 12, at: time });
});

it("a task's address says how its board is filtered, and the board knows it", () => {
  for (const board of ["/boards/7", "/quick-win/boards/7"]) {
    const path = `${board}/tasks/3?q=a%20b&label=docs&label=urgent`;
    const routes = stateOf(path)?.routes ?? [];
    const filter = { q: "a b", label: ["docs", "urgent"] };
    expect(routes.slice(-2).map(({ params }) => params)).toEqual([
      { id: 7, ...filter },
      { id: 7, task: 3 },
    ]);
    expect(addressOf(routes)).toBe(path);
    expect(addressOf(routes.slice(0, -1))).toBe(path.replace("/tasks/3", ""));
    expect(parentOf(path)).toBe(path.replace("/tasks/3", ""));
  }
});

it("what is no task's address says nothing of a filter", () => {
  const filtered = { name: "Board", params: { id: 7, q: "a" } };
  expect(addressOf([filtered, { name: "Members", params: { id: 7 } }])).toBe("/boards/7/members");
  expect(addressOf([filtered, { name: "Task", params: { id: 8, task: 3 } }])).toBe(
    "/boards/8/tasks/3",
  );
  expect(parentOf("/boards/7/timeline?at=12&task=3")).toBe("/boards/7");
});

it("every path made for a board leads to it", () => {
  for (const mode of ["teams", "quick-win"] as const) {
    const address = { mode, id: 12 };
    expect(stateOf(paths.task(address, 5))?.routes.at(-1)?.params).toEqual({ id: 12, task: 5 });
    expect(parentOf(paths.task(address, 5))).toBe(paths.board(address));
    expect(parentOf(paths.board(address))).toBe(paths.boards(mode));
  }
});

it("`next` survives the way through the login's address", () => {
  const next = "/boards/7/tasks/3?x=1&y=ü";
  expect(stateOf(paths.login(next))?.routes.at(-1)?.params).toEqual({ next });
  expect(safeNext(next)).toBe(next);
});

it("`/login?next=` leads only to a path of ours", () => {
  for (const evil of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:x",
  ]) {
    expect(safeNext(evil)).toBe("/");
  }
  expect(safeNext(undefined)).toBe("/");
  expect(safeNext("/login?next=/login")).toBe("/");
  const home = "https://boards.example";
  const staysHome = (next: string) => expect(new URL(safeNext(next), home).origin).toBe(home);
  check(property(string(), (text) => staysHome(`/${text}`)));
  check(property(webUrl(), staysHome));
});
