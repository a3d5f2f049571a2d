import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startStage } from "../harness/stage.mjs";

let stage;
let ada;
let board;

before(async () => {
  stage = await startStage({ full: true });
  ada = await stage.accounts.register("ada");
  board = await ada.api.addBoard("Editing");
});

after(async () => {
  await stage?.browser.close();
  await stage?.servers.stop();
});

/** Waits until the keyboard is at the control with this name. */
const holds = (page, name) => {
  let seen = "";
  return eventually(`the keyboard is at "${name}"`, async () => {
    seen = await page.evaluate(() => {
      const held = document.activeElement;
      const label = held?.labels?.[0]?.textContent;
      return held?.getAttribute("aria-label") ?? label ?? held?.textContent;
    });
    return seen === name;
  }).catch((error) => {
    throw new Error(`${error.message}, but at "${seen.slice(0, 80)}"`);
  });
};

/** Opens an editor by the keyboard. */
async function opens(page, name) {
  await page.getByRole("button", { name, exact: true }).focus();
  await page.keyboard.press("Enter");
}

test("WCAG 2.4.3: whoever saves or leaves an editor in a task is back at the control that opened it", async () => {
  const { id } = await ada.api.addTask(board.id, {
    title: "Focus",
    description: "Text",
    fields: { estimate: 3 },
  });
  await ada.api.addComment(board.id, id, "Said");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  await page.getByText("Said", { exact: true }).waitFor();
  for (const [button, field, keys] of [
    ["Edit title", "Title", ["Escape", "Enter"]],
    ["Edit description", "Description", ["Escape", "Control+Enter"]],
    ["Value of estimate", "Value of estimate", ["Escape", "Enter"]],
  ]) {
    for (const key of keys) {
      await opens(page, button);
      await page.getByRole("textbox", { name: field, exact: true }).waitFor();
      await page.keyboard.type("4");
      await page.keyboard.press(key);
      await holds(page, button);
    }
  }
  const menu = "Actions for the comment by ada";
  for (const key of ["Escape", "Control+Enter"]) {
    await opens(page, menu);
    await page.getByRole("menuitem", { name: "Edit comment" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Edit comment" }).waitFor();
    await page.keyboard.type(" so");
    await page.keyboard.press(key);
    await holds(page, menu);
  }
  await page.getByLabel("Due date").fill("2026-12-24");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove due date" }).waitFor();
  await holds(page, "Due date");
  assert.equal(await page.getByRole("dialog").count(), 1);
  assert.deepEqual(window.faults(), []);
  await window.close();
});

test("WCAG 2.4.3: where a control went with what it removed, the keyboard is nearby", async () => {
  const { id } = await ada.api.addTask(board.id, {
    title: "Gone",
    labels: ["red"],
    due_at: "2026-12-24T12:00:00Z",
    fields: { estimate: 3 },
  });
  await ada.api.addComment(board.id, id, "Said");
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}/tasks/${id}`);
  await page.getByText("Said", { exact: true }).waitFor();
  for (const [button, place] of [
    ["Remove red", "Labels"],
    ["Remove field estimate", "More fields"],
    ["Remove due date", "Due date"],
  ]) {
    await opens(page, button);
    await page
      .getByRole("button", { name: button })
      .waitFor({ state: "detached" });
    await holds(page, place);
  }
  await opens(page, "Actions for the comment by ada");
  await page.getByRole("menuitem", { name: "Delete comment" }).click();
  await page.getByText("Said", { exact: true }).waitFor({ state: "detached" });
  await holds(page, "Comments");
  await window.close();
});

test("WCAG 2.4.3: whoever names a board or adds a card is back where they began", async () => {
  const window = await openApp(stage, { account: ada });
  const { page } = window;
  await window.go(`/boards/${board.id}`);
  await window.board.isLive();
  for (const [button, field] of [
    ["Rename board", "Board name"],
    ["Add a description", "Board description"],
  ]) {
    for (const key of ["Escape", "Enter"]) {
      await opens(page, button);
      await page.getByRole("textbox", { name: field }).waitFor();
      await page.keyboard.press(key);
      await holds(page, button);
    }
  }
  // Tab leaves for what comes next, and is not called back.
  await opens(page, "Rename board");
  await page.getByRole("textbox", { name: "Board name" }).waitFor();
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Rename board" }).waitFor();
  await holds(page, "Members");
  await opens(page, "Add task to To do");
  await page.getByRole("textbox", { name: "Title of the new task" }).waitFor();
  await page.keyboard.press("Escape");
  await holds(page, "Add task to To do");
  await window.close();
});
