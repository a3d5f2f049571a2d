import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

/** Pictures of every screen, for people to look at. */
const PICTURES = resolve(import.meta.dirname, "../../../target/screenshots");

/** The rules of WCAG 2.2 at level AA, and axe's best practices. */
const RULES = [
  "wcag2a",
  "wcag2aa",
  "wcag21a",
  "wcag21aa",
  "wcag22aa",
  "best-practice",
];

const stage = useStage({
  full: true,
  accounts: ["ada", "grace"],
  admins: ["root"],
  ready: async () => {
    mkdirSync(PICTURES, { recursive: true });
    board = await launch(ada.api, grace);
    await ada.api.patchTask(board.id, 4, { status: "review" });
    await ada.api.patchTask(board.id, 4, { status: "done" });
    open = await stage.api.addBoard("Plan of the day");
    for (const title of ["Water the plants", "Call the printer", "Read"]) {
      await stage.api.addTask(open.id, { title });
    }
  },
});
const { ada, grace, root } = stage.people;
/** Read by every test, and changed by none. */
let board;
let open;

/** A board with an example of everything. */
async function launch(api, grace) {
  const made = await api.addBoard("Launch", {
    description: "Everything until the first release.",
    columns: [
      { key: "todo", name: "To do" },
      { key: "doing", name: "Doing", wip_limit: 2 },
      { key: "review", name: "In review" },
      { key: "done", name: "Done" },
    ],
  });
  await api.addMember(made.id, "grace", "editor");
  const tasks = [
    {
      title: "Write the release notes",
      labels: ["docs", "urgent"],
      due_at: "2026-01-20T12:00:00Z",
    },
    { title: "Record a short film of two windows", labels: ["docs"] },
    { title: "Ask three teams to try it for a week", assigned_to: "grace" },
    {
      title: "Draw the diagram of the relay",
      status: "doing",
      assigned_to: "ada",
      labels: ["design"],
      description:
        "By **Friday**:\n\n1. the rings\n2. the feeds\n\nSee [the contract](https://example.org).",
      fields: { estimate: 3 },
    },
    {
      title: "Measure a board of 5,000 cards",
      status: "doing",
      assigned_to: "grace",
    },
    { title: "Translate the texts", status: "review", labels: ["docs"] },
    { title: "Choose a licence", status: "done" },
  ];
  for (const task of tasks) {
    await api.addTask(made.id, task);
  }
  await grace.api.addComment(made.id, 4, "Shall the sweeper be in it, too?");
  await api.addComment(made.id, 4, "Yes, beside the feeds.");
  return made;
}

/** Every screen: its user, its address, and the steps before it is checked. */
const SCREENS = [
  { name: "welcome", path: () => "/" },
  { name: "login", path: () => "/login" },
  { name: "register", path: () => "/register" },
  { name: "not-found", path: () => "/nowhere" },
  { name: "quick-win-boards", path: () => "/quick-win" },
  {
    name: "quick-win-board",
    path: () => `/quick-win/boards/${open.id}`,
    live: true,
  },
  { name: "boards", own: true, path: () => "/boards" },
  { name: "board", own: true, path: () => `/boards/${board.id}`, live: true },
  {
    name: "board-activity",
    own: true,
    path: () => `/boards/${board.id}`,
    live: true,
    act: (page) => page.getByRole("button", { name: "Activity" }).click(),
  },
  {
    name: "board-move",
    own: true,
    path: () => `/boards/${board.id}`,
    live: true,
    act: async (page) => {
      await page
        .getByRole("button", { name: "Actions for Choose a licence" })
        .click();
      await page.getByRole("menuitem", { name: /^Move to/u }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "task",
    own: true,
    path: () => `/boards/${board.id}/tasks/4`,
    act: (page) => page.getByText("Yes, beside the feeds.").waitFor(),
  },
  { name: "members", own: true, path: () => `/boards/${board.id}/members` },
  {
    name: "insights",
    own: true,
    path: () => `/boards/${board.id}/insights`,
    act: async (page) => {
      await page
        .getByRole("button", { name: "Show as table: Cumulative flow" })
        .click();
      await page.getByRole("table", { name: "Cumulative flow" }).waitFor();
    },
  },
  {
    name: "admin-activity",
    admin: true,
    path: () => "/admin",
    act: (page) => page.getByRole("listitem").first().waitFor(),
  },
  {
    name: "admin-entry",
    admin: true,
    path: () => "/admin",
    act: async (page) => {
      await page
        .getByRole("button", { name: /^Details: ada moved/u })
        .first()
        .click();
      await page.getByRole("table", { name: "What changed" }).waitFor();
    },
  },
  {
    name: "admin-dashboard",
    admin: true,
    path: () => "/admin/dashboard",
    act: (page) =>
      page.getByRole("slider", { name: /^Events a minute/u }).waitFor(),
  },
  {
    name: "admin-users",
    admin: true,
    path: () => "/admin/users",
    act: (page) => page.getByRole("button", { name: "Disable ada" }).waitFor(),
  },
  { name: "profile", own: true, path: () => "/profile" },
  {
    name: "shortcuts",
    own: true,
    path: () => `/boards/${board.id}`,
    live: true,
    act: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "palette",
    own: true,
    path: () => `/boards/${board.id}`,
    live: true,
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("option").first().waitFor();
    },
  },
  { name: "board-gone", own: true, path: () => "/boards/4040" },
];

/** The colours of the stacked elements in the middle of the window's lower edge. */
const backgroundOf = (page) =>
  page.evaluate(() =>
    document
      .elementsFromPoint(innerWidth / 2, innerHeight - 2)
      .map((each) => getComputedStyle(each).backgroundColor)
      .filter((colour) => colour !== "rgba(0, 0, 0, 0)")
      .join(", "),
  );

/** The windows for every screen: a wide one, and a narrow one that becomes narrower. */
const WINDOWS = [
  {
    kind: "desk",
    light: { width: 1280, height: 800 },
    dark: { width: 1280, height: 800 },
  },
  {
    kind: "phone",
    light: { width: 390, height: 844 },
    dark: { width: 320, height: 640 },
  },
];

/** The rules that depend on colours; all others were already checked when the colours change. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** Fails if axe finds something. */
async function axeFindsNothing(axe) {
  const { violations } = await axe.analyze();
  const reported = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)),
  }));
  assert.deepEqual(reported, []);
}

/** Fails if the page is wider than the window. */
async function nothingSticksOut(page) {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - innerWidth,
  );
  assert.ok(wide <= 0, `the page is ${wide} pixels wider than the window`);
}

for (const { kind, light, dark } of WINDOWS) {
  describe(kind, { concurrency: 2 }, () => {
    for (const screen of SCREENS) {
      test(`WCAG 2.2 AA: axe finds nothing on ${screen.name}, and nothing sticks out, light and dark (${kind})`, async () => {
        const window = await openApp(stage, {
          account: screen.admin ? root : screen.own ? ada : null,
          options: {
            viewport: light,
            colorScheme: "light",
            reducedMotion: "reduce",
          },
        });
        const { page } = window;
        const picture = (look) =>
          page.screenshot({
            path: join(PICTURES, `${screen.name}-${look}-${kind}.png`),
          });
        await window.go(screen.path());
        await page.getByRole("heading").first().waitFor();
        if (screen.live) {
          await window.board.isLive();
        }
        await screen.act?.(page);
        await page.waitForLoadState("networkidle");
        await picture("light");
        await axeFindsNothing(new AxeBuilder({ page }).withTags(RULES));
        await nothingSticksOut(page);
        const shown = await backgroundOf(page);
        await page.emulateMedia({ colorScheme: "dark" });
        await eventually("the page is dark", async () => {
          return (await backgroundOf(page)) !== shown;
        });
        await page.setViewportSize(dark);
        await picture("dark");
        await axeFindsNothing(new AxeBuilder({ page }).withRules(OF_COLOURS));
        await nothingSticksOut(page);
        await window.close();
      });
    }
  });
}
