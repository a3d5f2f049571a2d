/** A task's checklists: with two people, by keyboard, without a network, and converting an item to a card. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada", "grace"] });
const { ada, grace } = stage.people;

/** A board of both people with one task, which has a checklist if items are given. */
async function boardWith(items = [], more = {}) {
  const board = await ada.api.addBoard("Launch");
  await ada.api.addMember(board.id, "grace", "editor");
  const task = await ada.api.addTask(board.id, { title: "Pack", ...more });
  if (items.length === 0) return { board, task };
  const list = await ada.api.addChecklist(board.id, task.id, "Bags");
  for (const text of items) {
    await ada.api.addItem(board.id, task.id, list.id, text);
  }
  return { board, task, list };
}

/** A window on the board, or on the task in it. */
async function open(person, board, task) {
  const window = await openApp(stage, { account: person });
  const path = `/boards/${board.id}`;
  await window.go(task === undefined ? path : `${path}/tasks/${task.id}`);
  const panel = window.page.getByRole("dialog", { name: "Pack" });
  if (task === undefined) await window.board.isLive();
  else await panel.getByRole("heading", { name: "Checklists" }).waitFor();
  return { ...window, panel, box: boxIn(panel) };
}

const boxIn = (panel) => (name) =>
  panel.getByRole("checkbox", { name, exact: true });

/** Waits until the server has exactly these checklists. */
async function has(board, task, lists) {
  let found;
  await eventually(`the server has ${JSON.stringify(lists)}`, async () => {
    found = await ada.api.checklists(board.id, task.id);
    return JSON.stringify(found) === JSON.stringify(lists);
  }).catch((error) => {
    throw new Error(`${error.message}, but ${JSON.stringify(found)}`);
  });
}

/** Waits until the card shows how many items are done. */
const counts = (window, words) =>
  window.board
    .column("To do")
    .getByText(words, { exact: true })
    .first()
    .waitFor();

test("API-CHECKLIST: a list is made and ticked with the keyboard, and others see each tick on the task and on its card", async () => {
  const { board, task } = await boardWith();
  const [here, there, card] = await Promise.all([
    open(ada, board, task),
    open(grace, board, task),
    open(grace, board),
  ]);
  const { panel, page } = here;
  await panel.getByRole("button", { name: "Add a checklist" }).click();
  await page.keyboard.type("Bags");
  await page.keyboard.press("Enter");
  const list = panel.getByRole("group", { name: "Checklist Bags" });
  await list.getByText("Nothing on this list yet.").waitFor();
  await list.getByRole("button", { name: "Add an item" }).click();
  for (const text of ["Tent", "Stove", "Map"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
    await here.box(text).waitFor();
  }
  await page.keyboard.press("Escape");
  await counts(card, "0/3");
  await here.box("Stove").focus();
  await page.keyboard.press("Space");
  await there.panel
    .getByRole("checkbox", { name: "Stove", checked: true })
    .waitFor();
  await counts(card, "1/3");
  await has(board, task, [["Bags", "Tent", "[Stove]", "Map"]]);
  await page.keyboard.press("Alt+ArrowUp");
  await has(board, task, [["Bags", "[Stove]", "Tent", "Map"]]);
  await there.box("Tent").click();
  await here.panel
    .getByRole("checkbox", { name: "Tent", checked: true })
    .waitFor();
  await counts(card, "2/3");
  assert.deepEqual(
    [here, there, card].flatMap((one) => one.faults()),
    [],
  );
  await Promise.all([here, there, card].map((one) => one.close()));
});

test("API-CHECKLIST: without a network items are ticked and added, and reach everybody once it is back, each once", async () => {
  const { board, task } = await boardWith(["Tent", "Stove"]);
  const [here, there] = await Promise.all([
    open(ada, board, task),
    open(grace, board, task),
  ]);
  await here.box("Stove").waitFor();
  await here.context.setOffline(true);
  await here.box("Tent").click();
  const list = here.panel.getByRole("group", { name: "Checklist Bags" });
  await list.getByRole("button", { name: "Add an item" }).click();
  await here.page.keyboard.type("Map");
  await here.page.keyboard.press("Enter");
  await here.box("Map").click();
  await there.box("Stove").click();
  await has(board, task, [["Bags", "Tent", "[Stove]"]]);
  await here.context.setOffline(false);
  await has(board, task, [["Bags", "[Tent]", "[Stove]", "[Map]"]]);
  for (const window of [here, there]) {
    for (const name of ["Tent", "Stove", "Map"]) {
      await window.panel
        .getByRole("checkbox", { name, exact: true, checked: true })
        .waitFor();
    }
  }
  await Promise.all([here.close(), there.close()]);
});

test("API-CONVERT: an item becomes a card right after its task, which an undo takes back", async () => {
  const { board, task } = await boardWith(["Tent", "Stove"]);
  await ada.api.addTask(board.id, { title: "Leave" });
  const window = await open(ada, board, task);
  const { panel, page } = window;
  await panel
    .getByRole("button", { name: "Actions for the item Tent" })
    .click();
  await page.getByRole("menuitem", { name: "Convert to a card" }).click();
  await has(board, task, [["Bags", "Stove"]]);
  await page.getByRole("button", { name: "Undo" }).click();
  await has(board, task, [["Bags", "Tent", "Stove"]]);
  const titles = async () => {
    const { tasks } = await ada.api.board(board.id);
    return tasks.map(({ title }) => title).toSorted();
  };
  assert.deepEqual(await titles(), ["Leave", "Pack"]);
  // One press takes back both parts of it, and one does both again, also with the keys on a tick box.
  await panel
    .getByRole("button", { name: "Actions for the item Tent" })
    .click();
  await page.getByRole("menuitem", { name: "Convert to a card" }).click();
  await has(board, task, [["Bags", "Stove"]]);
  await window.box("Stove").focus();
  await page.keyboard.press("Control+z");
  await has(board, task, [["Bags", "Tent", "Stove"]]);
  assert.deepEqual(await titles(), ["Leave", "Pack"]);
  await window.box("Stove").focus();
  await page.keyboard.press("Control+Shift+z");
  await has(board, task, [["Bags", "Stove"]]);
  await eventually("the card is there again", async () => {
    const now = await titles();
    return now.includes("Tent");
  });
  await window.box("Stove").focus();
  await page.keyboard.press("Control+z");
  await has(board, task, [["Bags", "Tent", "Stove"]]);
  await panel
    .getByRole("button", { name: "Actions for the item Stove" })
    .click();
  await page.getByRole("menuitem", { name: "Convert to a card" }).click();
  await page.keyboard.press("Escape");
  await window.board.shows("To do", ["Pack", "Stove", "Leave"]);
  await window.close();
});

test("API-TICK: a task-list line is ticked in place while somebody else changes the rest of the description", async () => {
  const { board, task } = await boardWith([], {
    description: "Before\n\n- [ ] Tent\n- [ ] Stove",
  });
  const window = await open(ada, board, task);
  await window.box("Tent").waitFor();
  await window.context.setOffline(true);
  await window.box("Tent").click();
  await grace.api.patchTask(board.id, task.id, {
    description: "After\n\n- [ ] Map\n- [ ] Tent\n- [ ] Stove",
  });
  await window.context.setOffline(false);
  await eventually("both hold", async () => {
    const { tasks } = await ada.api.board(board.id);
    return (
      tasks[0].description === "After\n\n- [ ] Map\n- [x] Tent\n- [ ] Stove"
    );
  });
  await window.panel.getByText("After", { exact: true }).waitFor();
  await window.close();
});
