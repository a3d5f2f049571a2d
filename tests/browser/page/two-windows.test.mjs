import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { boardWindow, timeUntilSeen } from "../harness/board-window.mjs";
import { openWindow } from "../harness/browser.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startStage } from "../harness/stage.mjs";

/** The promise is "at once": this is generous for two cores that do everything else as well. */
const AT_ONCE_MS = 1_000;

let servers, browser, api;
let one, two, oneErrors, twoErrors;

before(async () => {
  ({ servers, browser, api } = await startStage());
  const [first, second] = [await openWindow(browser), await openWindow(browser)];
  [one, two] = [boardWindow(first.page), boardWindow(second.page)];
  [oneErrors, twoErrors] = [first.errors, second.errors];
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

/** A fresh board with these tasks, open in both windows. */
async function shared(name, ...tasks) {
  const board = await api.addBoard(name);
  for (const task of tasks) {
    await api.addTask(board.id, task);
  }
  await Promise.all([one.open(servers.url, board.id), two.open(servers.url, board.id)]);
  return board;
}

function atOnce(test, what, milliseconds) {
  test.diagnostic(`${what}: ${milliseconds} ms from the press to the other window`);
  assert.ok(milliseconds < AT_ONCE_MS, `${what} took ${milliseconds} ms`);
}

test("RT2: a board made in one window shows in the other's list, and an added task on the other's board at once", async (t) => {
  await two.page.goto(`${servers.url}/`);
  await one.page.goto(`${servers.url}/`);
  await one.page.getByLabel("New board").fill("Made by hand");
  await one.page.getByRole("button", { name: "Create" }).click();
  await one.isLive();
  await two.page.getByRole("link", { name: "Made by hand" }).click();
  await two.isLive();
  const sight = { selector: ".lane-todo .card-open", text: "Write it down" };
  atOnce(
    t,
    "add",
    await timeUntilSeen(one.page, two.page, sight, () => one.add("todo", "Write it down")),
  );
  await eventually(
    "the one who added sees it once",
    async () => (await one.columns()).todo.length === 1,
  );
  assert.equal(await one.lane("todo").locator(".add input").inputValue(), "", "ready for the next");
  assert.equal(await two.lane("todo").locator(".lane-count").textContent(), "1");
});

test("RT2: an edit in one window is seen in the other at once, description and assignee too", async (t) => {
  await shared("Edits", { title: "Rough" });
  await one.edit("Rough");
  await one.page.getByLabel("Title", { exact: true }).fill("Polished");
  await one.page.getByLabel("Who does it").fill("Ada Lovelace");
  await one.page.getByLabel("Description", { exact: true }).fill("Twice.");
  const sight = { selector: ".card-open", text: "Polished" };
  atOnce(t, "edit", await timeUntilSeen(one.page, two.page, sight, () => one.save()));
  await one.dialog.waitFor({ state: "hidden" });
  assert.equal(await two.card("Polished").locator(".person-name").textContent(), "Ada Lovelace");
  assert.equal(await two.card("Polished").locator(".card-text").textContent(), "Twice.");
  await eventually("the activity tells it", async () =>
    (await two.page.locator(".entry").first().textContent()).includes("Renamed Rough to Polished"),
  );
});

test("RT2: a card dragged with the mouse moves under the pointer and lands in the other window at once", async (t) => {
  await shared("Drags", { title: "Carry me" }, { title: "Stay", status: "in_progress" });
  const mouse = one.page.mouse;
  const from = await one.card("Carry me").boundingBox();
  const to = await one.lane("in_progress").boundingBox();
  await mouse.move(from.x + 40, from.y + 15);
  await mouse.down();
  await mouse.move(from.x + 120, from.y + 60, { steps: 4 });
  const ghost = one.page.locator(".ghost.is-carried");
  const early = await ghost.boundingBox();
  await mouse.move(to.x + 80, to.y + 120, { steps: 8 });
  const late = await ghost.boundingBox();
  assert.ok(late.x - early.x > 80, `the card follows the pointer: ${early.x} to ${late.x}`);
  assert.equal(await one.lane("in_progress").locator(".slot").count(), 1, "its place is shown");
  assert.ok(await one.has("todo", "Carry me"), "nothing has moved before it is dropped");
  const sight = { selector: ".lane-in_progress .card-open", text: "Carry me" };
  atOnce(t, "move by drag", await timeUntilSeen(one.page, two.page, sight, () => mouse.up()));
  await eventually("the first window agrees", () => one.has("in_progress", "Carry me"));
  await eventually(
    "the likeness is gone",
    async () => (await one.page.locator(".ghost").count()) === 0,
  );
  assert.equal(await one.dialog.isVisible(), false, "a drag is no click");
});

test("A drag given up with Escape, or dropped nowhere, moves nothing", async () => {
  const board = await shared("Second thoughts", { title: "Hesitate" });
  const mouse = one.page.mouse;
  for (const giveUp of [() => one.page.keyboard.press("Escape"), () => mouse.move(700, 5)]) {
    const from = await one.card("Hesitate").boundingBox();
    const to = await one.lane("finished").boundingBox();
    await mouse.move(from.x + 40, from.y + 15);
    await mouse.down();
    await mouse.move(to.x + 60, to.y + 100, { steps: 6 });
    await giveUp();
    await mouse.up();
    assert.equal(await one.page.locator(".ghost.is-carried").count(), 0);
    assert.ok(await one.has("todo", "Hesitate"));
  }
  assert.equal((await api.board(board.id)).seq, 1);
});

test("Touch: a card that is held first can be dragged with a finger, to the dock on a small screen", async () => {
  const board = await api.addBoard("Fingers");
  await api.addTask(board.id, { title: "Hold me" });
  const { context, page, errors } = await openWindow(browser, {
    viewport: { width: 360, height: 700 },
    hasTouch: true,
    isMobile: true,
  });
  const phone = boardWindow(page);
  await phone.open(servers.url, board.id);
  const touch = await context.newCDPSession(page);
  const send = (type, x, y) =>
    touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [{ x, y }],
    });
  const from = await phone.card("Hold me").boundingBox();
  await send("touchStart", from.x + 60, from.y + 20);
  await page.locator(".ghost.is-carried").waitFor();
  const zone = await page.locator(".dock-finished").boundingBox();
  await send("touchMove", zone.x / 2, from.y + 120);
  await send("touchMove", zone.x + zone.width / 2, zone.y + zone.height / 2);
  await eventually("the dock answers", () => page.locator(".dock-finished.is-target").isVisible());
  await send("touchEnd");
  await eventually("it is finished", () => phone.has("finished", "Hold me"));
  assert.equal(await page.locator("#dock").isVisible(), false);
  assert.deepEqual(errors, []);
  await context.close();
});

test("Keyboard: arrows walk, Alt and an arrow move the card, the focus goes with it, and the other window follows", async (t) => {
  await shared("Keys", { title: "First" }, { title: "Second" });
  await one.card("First").locator(".card-open").focus();
  await one.page.keyboard.press("ArrowDown");
  assert.equal(await one.page.evaluate(() => document.activeElement.textContent), "Second");
  const sight = { selector: ".lane-in_progress .card-open", text: "Second" };
  atOnce(
    t,
    "move by keyboard",
    await timeUntilSeen(one.page, two.page, sight, () => one.page.keyboard.press("Alt+ArrowRight")),
  );
  assert.equal(
    await one.page.evaluate(() => document.activeElement.textContent),
    "Second",
    "the focus stays on the card",
  );
  await one.page.keyboard.press("Control+ArrowRight");
  await eventually("on to the last column", () => two.has("finished", "Second"));
  await one.page.keyboard.press("Alt+ArrowRight");
  assert.ok(await one.has("finished", "Second"), "there is no column after the last");
  assert.match(await one.page.locator("#announcer").textContent(), /Moved Second to Finished/u);
  await one.choose("First", "Move to Finished");
  await eventually("the menu moves as well", () => two.has("finished", "First"));
});

test("RT2: a deleted task leaves the other window at once, and Undo brings it back", async (t) => {
  await shared("Deletes", { title: "Doomed", description: "Not for long." });
  const sight = { selector: ".card-open", text: "Doomed", gone: true };
  atOnce(
    t,
    "delete",
    await timeUntilSeen(one.page, two.page, sight, () => one.choose("Doomed", "Delete")),
  );
  await one.page.getByRole("button", { name: "Undo" }).click();
  await eventually(
    "it is back in both",
    async () => (await one.has("todo", "Doomed")) && (await two.has("todo", "Doomed")),
  );
  assert.equal(await two.card("Doomed").locator(".card-text").textContent(), "Not for long.");
});

test("RT2: a renamed board has its new name in the other window at once, and in the list", async (t) => {
  const board = await shared("Old name");
  await one.page.getByRole("button", { name: "Rename the board" }).click();
  await one.page.locator("#board-name").fill("New name");
  const sight = { selector: "h1", text: "New name" };
  const press = () => one.page.getByRole("button", { name: "Rename", exact: true }).click();
  atOnce(t, "rename", await timeUntilSeen(one.page, two.page, sight, press));
  assert.match(await two.page.title(), /^New name/u);
  await two.page.goto(`${servers.url}/`);
  await two.page.getByRole("link", { name: "New name" }).waitFor();
  await api.renameBoard(board.id, "Newest name");
  await two.page.getByRole("link", { name: "Newest name" }).waitFor({ timeout: 10_000 });
});

test("A board deleted in one window: the other says so kindly and goes to the list", async () => {
  await shared("Short-lived", { title: "Anything" });
  await one.page.getByRole("button", { name: "Board actions" }).click();
  await one.page.getByRole("menuitem", { name: "Delete board" }).click();
  assert.match(await one.page.locator("#confirm-text").textContent(), /its 1 task will be gone/u);
  await one.page.getByRole("button", { name: "Delete board" }).click();
  for (const window of [one, two]) {
    await eventually("both are at the list", async () => new URL(window.page.url()).hash === "#/");
    await window.page.getByRole("heading", { name: "Boards" }).waitFor();
  }
  await two.page.getByText("“Short-lived” is gone").waitFor();
});

test("No error was logged in either window", () => {
  assert.deepEqual([...oneErrors, ...twoErrors], []);
});
