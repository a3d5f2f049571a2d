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
  // A browser that is kept waiting for long takes a gesture for itself: then the finger tries again.
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
    assert.ok(tries < 3, "the browser takes every gesture for itself");
  }
  await window.board.shows("In progress", ["Card"]);
  await window.board.shows("To do", []);
  await window.close();
});
