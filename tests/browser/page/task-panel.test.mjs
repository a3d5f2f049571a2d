/** A task's panel on a desk, on a phone and at 400 % zoom. */

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
  board = await ada.api.addBoard("Launch");
});

after(async () => {
  await stage?.browser.close();
  await stage?.servers.stop();
});

/** A window of this size with the task in it. */
async function openTask(task, width, height, account = ada) {
  const window = await openApp(stage, {
    account,
    options: { viewport: { width, height } },
  });
  await window.go(`/boards/${board.id}/tasks/${task}`);
  const panel = window.page.getByRole("dialog");
  await panel.getByRole("heading", { name: "Description" }).waitFor();
  return { ...window, panel };
}

const topOf = async (locator) => (await locator.boundingBox()).y;

/** How much of it is in the window, and not cut off by what it lies in; from 0 to 1. */
const seen = (locator) =>
  locator.evaluate(
    (element) =>
      new Promise((resolve) => {
        new IntersectionObserver(([entry]) =>
          resolve(entry.intersectionRatio),
        ).observe(element);
      }),
  );

const WINDOWS = [
  ["a desk", 1280, 800],
  ["a phone", 390, 844],
  ["400 % zoom", 320, 200],
];

const LONG = Array.from(
  { length: 60 },
  (_, line) => `Line ${line} of a description that goes on.`,
).join("\n\n");

for (const [what, width, height] of WINDOWS) {
  test(`The description and the comments come first, and Save is in reach in Preview too, on ${what}`, async () => {
    const { id } = await ada.api.addTask(board.id, {
      title: "Pack the long list",
      description: LONG,
      labels: ["travel", "summer", "family"],
      due_at: "2026-12-24T12:00:00Z",
      assigned_to: "ada",
      fields: { estimate: 3 },
    });
    await ada.api.addComment(board.id, id, "Said");
    const { page, panel, close } = await openTask(id, width, height);
    await panel.getByText("Said", { exact: true }).waitFor();
    const heading = (name) => panel.getByRole("heading", { name, exact: true });
    const tops = await Promise.all(
      ["Description", "Comments", "More fields"].map((name) =>
        topOf(heading(name)),
      ),
    );
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
    );
    if (height > 400) {
      assert.ok(
        tops[1] < height,
        `the comments begin at ${tops[1]}, the window ends at ${height}`,
      );
    }
    await panel.getByRole("button", { name: "Edit description" }).click();
    const save = panel.getByRole("button", { name: "Save", exact: true });
    await panel
      .getByRole("textbox", { name: "Description" })
      .fill(`${LONG}\n\nThe end.`);
    await panel.getByRole("radio", { name: "Preview" }).click();
    await panel.getByText("The end.", { exact: true }).waitFor();
    await eventually(
      "Save is in the window",
      async () => (await seen(save)) > 0.9,
      3_000,
    );
    await page.keyboard.press("Control+Enter");
    await save.waitFor({ state: "detached" });
    await eventually("it is saved", async () => {
      const { tasks } = await ada.api.board(board.id);
      return tasks
        .find((task) => task.id === id)
        .description.endsWith("The end.");
    });
    // The end is folded away, and can be had.
    await panel.getByRole("button", { name: "Show all" }).click();
    assert.equal(await heading("Comments").isVisible(), true);

    await panel.getByRole("button", { name: "Show history" }).click();
    const words = panel.getByText(/^ada (?:added|commented|rewrote)/u);
    await eventually(
      "the history is there",
      async () => (await words.count()) === 3,
    );
    assert.deepEqual(await words.allInnerTexts(), [
      "ada rewrote the description",
      "ada commented",
      "ada added this to To do",
    ]);
    await close();
  });
}
