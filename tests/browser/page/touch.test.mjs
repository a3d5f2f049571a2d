import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

test("The mark of a draft is beside a card's menu, not below it", async () => {
  const board = await stage.api.addBoard("Marked");
  await stage.api.addTask(board.id, { title: "Written to" });
  const window = await openApp(stage, {
    options: { viewport: { width: 390, height: 844 }, hasTouch: true },
  });
  await window.go(`/quick-win/boards/${board.id}/tasks/1`);
  const panel = window.page.getByRole("dialog");
  await panel.getByRole("button", { name: "Edit title" }).tap();
  await panel.getByRole("textbox", { name: "Title" }).fill("Half a title");
  await panel.getByRole("button", { name: "Close task" }).tap();
  const menu = window.page.getByRole("button", {
    name: "Actions for Written to",
  });
  await menu.waitFor();
  const mark = window.board.card("Written to").locator("svg").last();
  await mark.waitFor();
  const [left, right] = [await mark.boundingBox(), await menu.boundingBox()];
  assert.ok(left.x + left.width <= right.x, JSON.stringify([left, right]));
  await window.close();
});

test("A card is moved with a finger: held, dragged to another column, dropped; a swipe only scrolls", async () => {
  const touched = await ada.api.addBoard("By finger");
  await ada.api.addTask(touched.id, { title: "Card" });
  const window = await openApp(stage, {
    account: ada,
    options: { viewport: { width: 900, height: 700 }, hasTouch: true },
  });
  await window.go(`/boards/${touched.id}`);
  await window.board.isLive();
  const finger = await window.context.newCDPSession(window.page);
  const touch = (type, x, y) =>
    finger.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [{ x, y }],
    });
  const from = await window.board.card("Card").boundingBox();
  const to = await window.board.column("In progress").boundingBox();
  const [x, y] = [from.x + from.width / 2, from.y + from.height / 2];
  const way = async (right, down) => {
    for (let step = 1; step <= 10; step += 1) {
      await touch("touchMove", x + (right * step) / 10, y + (down * step) / 10);
    }
  };
  await touch("touchStart", x, y);
  await way(0, 200);
  await touch("touchEnd");
  assert.deepEqual(
    await window.board.titles("To do"),
    ["Card"],
    "a swipe moves nothing",
  );
  await window.page.evaluate(() => {
    globalThis.taken = 0;
    addEventListener("pointercancel", () => (globalThis.taken += 1));
  });
  // A browser that waits for long handles the gesture itself: then the finger tries again.
  for (let tries = 1; ; tries += 1) {
    await touch("touchStart", x, y);
    await eventually(
      "the card is lifted",
      async () =>
        (await window.page.getByText("Card", { exact: true }).count()) > 1,
    );
    await way(to.x + to.width / 2 - x, 40);
    await touch("touchEnd");
    if ((await window.page.evaluate(() => globalThis.taken)) < tries) {
      break;
    }
    assert.ok(tries < 3, "the browser handles every gesture itself");
  }
  await window.board.shows("In progress", ["Card"]);
  await window.board.shows("To do", []);

  // A full column says so under the finger; a column is dragged by its head.
  const { columns } = await ada.api.board(touched.id);
  await ada.api.patchBoard(touched.id, {
    columns: columns.map((column) =>
      column.key === "in_progress" ? { ...column, wip_limit: 1 } : column,
    ),
  });
  await ada.api.addTask(touched.id, { title: "Other" });
  const column = window.board.column("In progress");
  await column.getByText("1/1", { exact: true }).waitFor();
  const other = await window.board.card("Other").boundingBox();
  await touch("touchStart", other.x + 40, other.y + 20);
  await eventually(
    "the card is lifted",
    async () =>
      (await window.page.getByText("Other", { exact: true }).count()) > 1,
  );
  for (let step = 1; step <= 10; step += 1) {
    await touch("touchMove", other.x + 40 + step * 30, other.y + 20);
  }
  await column.getByText("Full: 1 of 1 task", { exact: true }).waitFor();
  await touch("touchEnd");
  await window.board.shows("To do", ["Other"]);

  const heading = window.page.getByRole("heading", { name: "To do" });
  const head = await heading.boundingBox();
  await touch("touchStart", head.x + 20, head.y + 10);
  await eventually("the column is lifted", () =>
    heading.evaluate(
      (its) => getComputedStyle(its.closest("[data-slot]")).opacity !== "1",
    ),
  );
  for (let step = 1; step <= 10; step += 1) {
    await touch("touchMove", head.x + 20 + step * 30, head.y + 10);
  }
  await touch("touchEnd");
  await eventually("the column has another place", async () => {
    const { columns: now } = await ada.api.board(touched.id);
    return now[1].key === "todo";
  });
  await window.close();
});
