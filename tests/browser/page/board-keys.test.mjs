/** The keyboard on a board: what its help sheet lists, and where it is after what was done. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startStage } from "../harness/stage.mjs";

let stage;
let ada;

before(async () => {
  stage = await startStage({ full: true });
  ada = await stage.accounts.register("ada");
});

after(async () => {
  await stage?.browser.close();
  await stage?.servers.stop();
});

/** A board with these cards, in a window. */
async function boardOf(titles, options = {}) {
  const { id } = await ada.api.addBoard("Launch");
  for (const title of titles) {
    await ada.api.addTask(id, { title });
  }
  const app = await openApp(stage, { account: ada, options });
  app.page.setDefaultTimeout(6_000);
  await app.go(`/boards/${id}`);
  await app.page.locator("[data-column]").first().waitFor();
  return { ...app, id };
}

/** Waits until the control of this name has the keyboard. */
const holds = (page, name) =>
  eventually(`the keyboard is at "${name}"`, () =>
    page.evaluate(
      (wanted) => document.activeElement?.getAttribute("aria-label") === wanted,
      name,
    ),
  );

test("the help sheet lists all four arrows, Enter, and Delete by its name on a German keyboard", async () => {
  for (const [locale, words] of [
    ["en-GB", [/Go from card to card←→↑↓/u, /Open the cardEnter/u, /Del$/u]],
    ["de-DE", [/Karte öffnenEingabe/u, /Entf$/u]],
  ]) {
    const { page, close } = await boardOf(["Draw"], { locale });
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog");
    await sheet.waitFor();
    const lines = await sheet
      .locator("h3 ~ *")
      .evaluateAll((all) => all.map((line) => line.textContent));
    for (const word of words) {
      assert.ok(
        lines.some((line) => word.test(line)),
        `${word} in ${lines}`,
      );
    }
    await close();
  }
});

test("WCAG 2.4.3: a column that is added has the keyboard in its name, to be typed over", async () => {
  const { page, id, close } = await boardOf([]);
  await page.getByRole("button", { name: "Board menu" }).click();
  await page.getByRole("menuitem", { name: "Columns…" }).click();
  await page.getByRole("button", { name: "Add column" }).click();
  await holds(page, "Name of column 4");
  await page.keyboard.type("Shipped");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await eventually("the server has it", async () => {
    const { columns } = await ada.api.board(id);
    return columns.at(-1).name === "Shipped";
  });
  await close();
});

test("WCAG 2.4.3: Escape from a task that Forward showed leads back to its card", async () => {
  const { page, board, close } = await boardOf(["First", "Second"]);
  await board.card("Second").click();
  await page.waitForURL("**/tasks/*");
  await page.goBack();
  await holds(page, "Second");
  await board.card("First").focus();
  await page.goForward();
  await page.waitForURL("**/tasks/*");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await holds(page, "Second");
  await close();
});

test("without an account Ctrl+Z takes back the change that its toast tells of, once", async () => {
  const { id } = await stage.api.addBoard("Plan");
  await stage.api.addTask(id, { title: "Read" });
  const app = await openApp(stage);
  const { page, board } = app;
  page.setDefaultTimeout(6_000);
  await app.go(`/quick-win/boards/${id}`);
  await board.isLive();
  await board.moveByMenu("Read", "Finished");
  await board.shows("Finished", ["Read"]);
  await page.keyboard.press("Control+z");
  await board.shows("To do", ["Read"]);
  await page.keyboard.press("Control+z");
  await page.getByText("There is nothing of yours to take back.").waitFor();
  await board.shows("To do", ["Read"]);
  await app.close();
});
