/** The browser's Back: it closes dialogs and panels over a screen before it leaves the screen. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

/** A window that opened a new board from the list of boards. */
async function comeToBoard() {
  const { id } = await ada.api.addBoard("Launch");
  await ada.api.addTask(id, { title: "Draw the logo" });
  const path = `/boards/${id}`;
  const app = await openApp(stage, { account: ada });
  await app.go("/boards");
  await app.page.locator(`a[href$="${path}"]`).first().click();
  await app.board.isLive();
  return { ...app, path };
}

const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

const LAYERS = {
  "a menu": {
    open: (page) => press(page, "Board menu"),
    layer: (page) => page.getByRole("menu"),
  },
  "the columns editor": {
    open: async (page) => {
      await press(page, "Board menu");
      await page.getByRole("menuitem", { name: "Columns…" }).click();
    },
    layer: (page) => page.getByRole("dialog"),
  },
  "the dialog that moves a card": {
    open: async (page) => {
      await press(page, "Actions for Draw the logo");
      await page.getByRole("menuitem", { name: /^Move to/u }).click();
    },
    layer: (page) => page.getByRole("dialog"),
  },
  "the activity": {
    open: (page) => press(page, "Activity"),
    layer: (page) => page.getByRole("complementary"),
  },
  "the palette": {
    open: (page) => page.keyboard.press("Control+k"),
    layer: (page) => page.getByRole("dialog"),
  },
  "the shortcuts": {
    open: (page) => page.keyboard.press("?"),
    layer: (page) => page.getByRole("dialog"),
  },
};

describe("Back closes what is open and stays on the board, a second Back leaves it", () => {
  for (const [name, { open, layer }] of Object.entries(LAYERS)) {
    test(name, async () => {
      const app = await comeToBoard();
      const { page, path } = app;
      await open(page);
      await layer(page).waitFor();
      await page.goBack();
      await layer(page).waitFor({ state: "detached" });
      await page.waitForURL(`**${path}`);
      assert.ok(await app.board.card("Draw the logo").isVisible());
      await page.goBack();
      await page.waitForURL("**/boards");
      await page.getByRole("heading", { name: "Boards", level: 1 }).waitFor();
      await page.goForward();
      await page.waitForURL(`**${path}`);
      await app.board.card("Draw the logo").waitFor();
      assert.deepEqual(app.faults(), []);
      await app.close();
    });
  }
});

test("a task that is closed over the open activity leaves the activity open, and Back then closes it", async () => {
  const app = await comeToBoard();
  const { page, path } = app;
  await press(page, "Activity");
  await app.board.card("Draw the logo").click();
  await page.waitForURL("**/tasks/*");
  await page.keyboard.press("Escape");
  await page.waitForURL(`**${path}`);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await page.getByRole("complementary").isVisible());
  assert.ok(page.url().endsWith(path));
  await page.goBack();
  await page.getByRole("complementary").waitFor({ state: "detached" });
  assert.ok(await app.board.card("Draw the logo").isVisible());
  await page.waitForURL(`**${path}`);
  await app.close();
});
