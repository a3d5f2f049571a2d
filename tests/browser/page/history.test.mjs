/** A board's past for its users: the timeline, changes since the last visit, restoring, and undo. */

import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";
import { nodeOf } from "../harness/tree.mjs";

/** The names of a new board's columns. */
const NAMES = {
  todo: "To do",
  in_progress: "In progress",
  finished: "Finished",
};
const PHONE = { viewport: { width: 390, height: 844 } };
const DAY = 24 * 60 * 60 * 1_000;

const stage = useStage({ full: true, accounts: ["ada", "grace"] });
const { ada, grace } = stage.people;

/** Ada's board, which grace may edit as well. */
async function sharedBoard(name) {
  const board = await ada.api.addBoard(name);
  await ada.api.addMember(board.id, "grace", "editor");
  return board;
}

/** The cards of a board's columns, by the columns' names. */
function columnsOf({ tasks }) {
  const shown = Object.keys(NAMES).map((key) => [
    NAMES[key],
    tasks.filter(({ status }) => status === key).map(({ title }) => title),
  ]);
  return Object.fromEntries(shown);
}

/** Waits until a window shows exactly these columns. */
async function shows(app, columns) {
  for (const [name, titles] of Object.entries(columns)) {
    await app.board.shows(name, titles);
  }
}

async function hasNoFaults(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    [],
  );
}

describe("the timeline of a board", () => {
  /** The board's states at three moments, as read then. */
  const was = new Map();
  let board;

  before(async () => {
    board = await sharedBoard("Looking back");
    const note = async () => {
      const now = await ada.api.board(board.id);
      was.set(now.seq, columnsOf(now));
    };
    for (const title of ["One", "Two", "Three"]) {
      await ada.api.addTask(board.id, { title });
      await note();
    }
    const one = (await ada.api.board(board.id)).tasks[0].id;
    await grace.api.patchTask(board.id, one, { status: "in_progress" });
    await note();
    await grace.api.patchTask(board.id, one, { title: "Uno" });
    await note();
    await ada.api.deleteTask(board.id, one + 1);
    await note();
  });

  test("API-AT: at three moments the slider shows the board as it was read then, and what happens meanwhile moves nothing", async () => {
    const app = await openApp(stage, { account: ada });
    await app.go(`/boards/${board.id}`);
    await app.board.isLive();
    await app.page.getByRole("button", { name: "Board menu" }).click();
    await app.page.getByRole("menuitem", { name: "Timeline" }).click();
    const slider = app.page.getByRole("slider", { name: "Moment" });
    await slider.waitFor();
    const last = Number(await slider.getAttribute("max"));
    for (const seq of [last, last - 2, last - 4]) {
      await slider.fill(String(seq));
      await shows(app, was.get(seq));
    }
    await grace.api.addTask(board.id, { title: "Meanwhile" });
    await app.page
      .getByText("1 change since you opened the timeline")
      .waitFor();
    await shows(app, was.get(last - 4));
    assert.equal(await slider.inputValue(), String(last - 4));
    await app.page.getByRole("link", { name: "Back to now" }).click();
    await eventually("the board is as it is now", async () =>
      (await app.board.titles("To do")).includes("Meanwhile"),
    );
    assert.deepEqual(app.faults(), []);
    await app.close();
  });

  for (const [kind, options] of [
    ["a desk", {}],
    ["a phone", PHONE],
  ]) {
    test(`on ${kind} one steps and plays with the keyboard, a screen reader hears the moment, and axe finds nothing`, async () => {
      const app = await openApp(stage, { account: ada, options });
      const { page } = app;
      await app.go(`/boards/${board.id}/timeline?at=2`);
      const slider = page.getByRole("slider", { name: "Moment" });
      await eventually(
        "the URL's moment is shown",
        async () => (await slider.inputValue()) === "2",
      );
      await shows(app, was.get(2));
      await slider.focus();
      await page.keyboard.press("ArrowRight");
      // Chromium's tree has ranges' texts in the wrong encoding, so the attribute is checked.
      await eventually("the slider has its moment", async () =>
        /: ada added “Two” to To do \(3 of \d+\)$/u.test(
          await slider.getAttribute("aria-valuetext"),
        ),
      );
      assert.equal((await nodeOf(page, "slider", "Moment"))?.value, 3);
      await hasNoFaults(page);
      await page.getByRole("button", { name: "Play" }).click();
      await eventually(
        "it keeps playing",
        async () => Number(await slider.inputValue()) >= 5,
        20_000,
      );
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth > window.innerWidth,
      );
      assert.equal(overflow, false);
      assert.deepEqual(app.faults(), []);
      await app.close();
    });
  }

  test("a card opens as it was, and cannot be changed there", async () => {
    const app = await openApp(stage, { account: ada });
    await app.go(`/boards/${board.id}/timeline?at=4`);
    await app.board.card("One").click();
    const dialog = app.page.getByRole("dialog");
    await dialog.getByRole("heading", { name: "One, as it was" }).waitFor();
    assert.equal(await dialog.getByRole("textbox").count(), 0);
    assert.equal(
      await app.page.getByRole("button", { name: /^Add task/u }).count(),
      0,
    );
    await app.close();
  });

  test("a card that was deleted since is brought back from there", async () => {
    const app = await openApp(stage, { account: ada });
    await app.go(`/boards/${board.id}/timeline?at=4`);
    await app.board.card("Two").click();
    await app.page.getByRole("button", { name: "Bring it back" }).click();
    await app.page.getByText(/^Undone: ada deleted “Two”/u).waitFor();
    await app.page.getByRole("link", { name: "Back to now" }).click();
    await eventually("it is on the board again", async () =>
      (await app.board.titles("To do")).includes("Two"),
    );
    assert.deepEqual(app.faults(), []);
    await app.close();
  });

  test("going to a day: a future one is now", async () => {
    const app = await openApp(stage, { account: ada });
    await app.go(`/boards/${board.id}/timeline?at=1`);
    const slider = app.page.getByRole("slider", { name: "Moment" });
    await slider.waitFor();
    await app.page.getByRole("button", { name: "Go to a day" }).click();
    const dialog = app.page.getByRole("dialog");
    await dialog.getByLabel("Day").fill("2999-01-01");
    await dialog.getByRole("button", { name: "Go", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    const last = await slider.getAttribute("max");
    await eventually(
      "it shows the present",
      async () => (await slider.inputValue()) === last,
    );
    await app.close();
  });

  test("a board without accounts has a timeline as well", async () => {
    const quick = await stage.api.addBoard("Quick");
    const { id } = await stage.api.addTask(quick.id, { title: "One" });
    await stage.api.patchTask(quick.id, id, { status: "finished" });
    const app = await openApp(stage);
    await app.go(`/quick-win/boards/${quick.id}/timeline`);
    await app.board.shows("Finished", ["One"]);
    await app.page.getByRole("button", { name: "One change back" }).click();
    await app.board.shows("To do", ["One"]);
    await app.page.getByRole("button", { name: "One change back" }).click();
    await app.board.shows("To do", []);
    assert.deepEqual(app.faults(), []);
    await app.close();
  });
});

test("after a day's absence a board shows card by card what others changed, until it is dismissed", async () => {
  const board = await sharedBoard("Away");
  const { id } = await ada.api.addTask(board.id, { title: "Pack" });
  const app = await openApp(stage, { account: ada });
  const { page } = app;
  await app.go(`/boards/${board.id}`);
  await app.board.isLive();
  await eventually("the visit is kept", () =>
    page.evaluate(() =>
      Object.keys(localStorage).some((key) => key.includes("/visit/")),
    ),
  );
  // At another address of the same server, without the app.
  await app.go("/config.json");
  await grace.api.patchTask(board.id, id, { title: "Pack now" });
  await grace.api.addTask(board.id, { title: "Sleep" });
  await ada.api.patchTask(board.id, id, { labels: ["own"] });
  await page.evaluate((day) => {
    const key = Object.keys(localStorage).find((each) =>
      each.includes("/visit/"),
    );
    const visit = JSON.parse(localStorage.getItem(key));
    localStorage.setItem(key, JSON.stringify({ ...visit, at: visit.at - day }));
  }, DAY);
  await app.go(`/boards/${board.id}`);
  await page.getByText(/^2 changes since .*, on 2 cards$/u).waitFor();
  await page.getByRole("button", { name: "Show", exact: true }).click();
  const panel = page.getByRole("complementary", { name: "What changed" });
  await panel.getByText("grace renamed “Pack” to “Pack now”").waitFor();
  await panel.getByRole("link", { name: "Sleep" }).waitFor();
  await hasNoFaults(page);
  await page.reload();
  await page.getByText(/^2 changes since/u).waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.reload();
  await app.board.isLive();
  assert.equal(await page.getByText(/^2 changes since/u).count(), 0);
  await app.close();
});

test("a field is restored from the history of its task, word by word, also without a network", async () => {
  const board = await sharedBoard("Restore");
  const { id } = await ada.api.addTask(board.id, {
    title: "Pack",
    description: "two shirts and a hat",
  });
  await grace.api.patchTask(board.id, id, {
    description: "three shirts and a hat",
  });
  const app = await openApp(stage, { account: ada });
  const { page, context } = app;
  await app.go(`/boards/${board.id}/tasks/${id}`);
  const task = page.getByRole("dialog");
  await task.getByRole("button", { name: "Show history" }).click();
  await task
    .getByRole("button", { name: "Changes: grace rewrote the description" })
    .click();
  assert.equal(await task.getByRole("deletion").innerText(), "two");
  assert.equal(await task.getByRole("insertion").innerText(), "three");
  await hasNoFaults(page);
  await context.setOffline(true);
  await task
    .getByRole("button", { name: "Restore Description: two shirts and a hat" })
    .click();
  await task.getByText("two shirts and a hat").first().waitFor();
  await context.setOffline(false);
  const description = async () => {
    const { tasks } = await grace.api.board(board.id);
    return tasks[0].description;
  };
  await eventually(
    "the server has the restored value",
    async () => (await description()) === "two shirts and a hat",
    30_000,
  );
  await app.close();
});

test("API-UNDO: Ctrl+Z undoes one's own changes after a reload and from a second device", async () => {
  const board = await sharedBoard("Undo");
  const first = await openApp(stage, { account: ada });
  await first.go(`/boards/${board.id}`);
  await first.board.isLive();
  await first.board.add("To do", "One", "Two", "Three");
  await first.board.shows("To do", ["One", "Two", "Three"]);
  await first.board.moveByMenu("One", "Finished");
  await first.board.shows("Finished", ["One"]);
  await eventually("the server has it", async () => {
    const { tasks } = await grace.api.board(board.id);
    return tasks.some(({ status }) => status === "finished");
  });
  // Others' changes are not hers, however many there are.
  for (let count = 0; count < 60; count += 1) {
    await grace.api.addTask(board.id, {
      title: `Of grace ${count}`,
      status: "in_progress",
    });
  }
  const takesBack = async (app, { column, titles }) => {
    await app.page.locator("body").press("Control+z");
    await app.board.shows(column, titles);
  };
  await first.page.reload();
  await first.board.isLive();
  await takesBack(first, { column: "Finished", titles: [] });
  await first.page.getByText(/^Undone: ada moved “One”/u).waitFor();
  const second = await openApp(stage, { account: ada });
  await second.go(`/boards/${board.id}`);
  await second.board.isLive();
  await takesBack(second, { column: "To do", titles: ["One", "Two"] });
  await takesBack(second, { column: "To do", titles: ["One"] });
  await first.board.shows("To do", ["One"]);
  await second.page.locator("body").press("Control+Shift+z");
  await second.board.shows("To do", ["One", "Two"]);
  assert.deepEqual(second.faults(), []);
  await Promise.all([first.close(), second.close()]);
});

test("API-UNDO: Ctrl+Z undoes several moves of one card, and Redo repeats them", async () => {
  const board = await sharedBoard("Steps");
  const app = await openApp(stage, { account: ada });
  await app.go(`/boards/${board.id}`);
  await app.board.isLive();
  await app.board.add("To do", "One");
  await app.board.shows("To do", ["One"]);
  for (const column of ["In progress", "Finished", "In progress"]) {
    await app.board.moveByMenu("One", column);
    await app.board.shows(column, ["One"]);
  }
  await eventually("the server has all of it", async () => {
    const { tasks } = await grace.api.board(board.id);
    return tasks[0]?.version === 4;
  });
  const steps = [
    ["Control+z", "Finished"],
    ["Control+z", "In progress"],
    ["Control+z", "To do"],
    ["Control+Shift+z", "In progress"],
    ["Control+Shift+z", "Finished"],
    ["Control+z", "In progress"],
  ];
  for (const [keys, column] of steps) {
    await app.page.locator("body").press(keys);
    await app.board.shows(column, ["One"]);
  }
  assert.deepEqual(app.faults(), []);
  await app.close();
});
