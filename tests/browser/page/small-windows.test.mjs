/** Windows with little room: 400 % zoom, a phone on its side, and long German words on a narrow one. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startStage } from "../harness/stage.mjs";

let stage;
let ada;
let board;
let task;

before(async () => {
  stage = await startStage({ full: true });
  ada = await stage.accounts.register("ada");
  board = await ada.api.addBoard("Launch");
  for (let count = 1; count <= 20; count += 1) {
    const made = await ada.api.addTask(board.id, { title: `Task ${count}` });
    task ??= made;
  }
});

after(async () => {
  await stage?.browser.close();
  await stage?.servers.stop();
});

/** A window of this size with the board in it, live. */
async function openBoard(width, height) {
  const app = await openApp(stage, {
    account: ada,
    options: { viewport: { width, height } },
  });
  await app.go(`/boards/${board.id}`);
  await app.board.isLive();
  return app;
}

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

for (const [what, width, height] of [
  ["at 400 % zoom", 320, 256],
  ["on a phone on its side", 667, 375],
]) {
  describe(`${what} (${width} × ${height})`, () => {
    for (const filters of [false, true]) {
      test(`WCAG 1.4.10: cards and the form for a new one can be seen whole${filters ? " with the filters open" : ""}`, async () => {
        const app = await openBoard(width, height);
        const { page } = app;
        if (filters) {
          await page.getByRole("button", { name: "Filters" }).click();
        }
        const card = app.board.card("Task 1");
        await card.scrollIntoViewIfNeeded();
        assert.ok((await seen(card)) > 0.95, `a card: ${await seen(card)}`);
        const column = app.board.column("To do");
        await column.getByRole("button", { name: /^Add task/u }).click();
        const add = column.getByRole("button", { name: "Add", exact: true });
        await add.scrollIntoViewIfNeeded();
        assert.ok((await seen(add)) > 0.95, `"Add": ${await seen(add)}`);
        assert.deepEqual(app.faults(), []);
        await app.close();
      });
    }

    test("a column draws the cards that it is scrolled to", async () => {
      const app = await openBoard(width, height);
      const { page } = app;
      await app.board.card("Task 1").hover();
      for (let count = 0; count < 12; count += 1) {
        await page.mouse.wheel(0, 200);
        await page.waitForTimeout(30);
      }
      await eventually("the last card is seen", async () => {
        const last = app.board.card("Task 20");
        return (await last.count()) === 1 && (await seen(last)) > 0.95;
      });
      await app.close();
    });
  });
}
