import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { boardWindow } from "../harness/board-window.mjs";
import { openWindow } from "../harness/browser.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startStage } from "../harness/stage.mjs";

let servers, browser, api;
let opened, page;

before(async () => {
  ({ servers, browser, api } = await startStage());
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

beforeEach(async () => {
  for (const { id } of await api.boards()) {
    await api.deleteBoard(id);
  }
  opened = await openWindow(browser);
  page = opened.page;
});

afterEach(() => opened.context.close());

const names = () => page.locator(".tile-open").allTextContents();

/** Opens a tile's menu and takes an action. */
async function choose(name, action) {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

test("Empty state: it teaches how it works, and its example board is ready to be tried", async () => {
  await page.goto(`${servers.url}/`);
  assert.match(await page.locator("[data-empty]").textContent(), /Open it in a second window/u);
  await page.getByRole("button", { name: "Make an example board" }).click();
  const window = boardWindow(page);
  await window.isLive();
  assert.ok(await window.has("todo", "Open this board in a second window"));
  assert.equal((await api.boards()).length, 1);
});

test("List: boards are renamed and deleted from their menus, deleting asks first", async () => {
  await api.addBoard("Alpha");
  await api.addBoard("Beta");
  await page.goto(`${servers.url}/`);
  await choose("Alpha", "Rename");
  await page.locator("#board-name").fill("Gamma");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await eventually("renamed", async () => (await names()).join() === "Beta,Gamma");
  await choose("Gamma", "Delete");
  await page.getByRole("button", { name: "Keep it" }).click();
  assert.equal((await api.boards()).length, 2, "kept when one thinks better of it");
  await choose("Gamma", "Delete");
  await page.getByRole("button", { name: "Delete board" }).click();
  await eventually("deleted", async () => (await names()).join() === "Beta");
  assert.deepEqual(
    (await api.boards()).map(({ name }) => name),
    ["Beta"],
  );
});

test("List: it refreshes while one looks and when one comes back to it, and what is typed there stays", async () => {
  await page.goto(`${servers.url}/`);
  await page.getByText("No boards yet").waitFor();
  await page.getByLabel("New board").pressSequentially("Half a na");
  const board = await api.addBoard("By somebody else");
  await api.addTask(board.id, { title: "One", status: "finished" });
  await eventually("it appears", async () => (await names()).join() === "By somebody else");
  assert.match(
    await page.locator(".tile-counts").textContent(),
    /0 to do · 0 in progress · 1 finished/u,
  );
  assert.equal(await page.locator(".mini-finished .mini-card").count(), 1);
  await api.renameBoard(board.id, "Renamed meanwhile");
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await eventually(
    "at once when one comes back",
    async () => (await names()).join() === "Renamed meanwhile",
    1_500,
  );
  assert.equal(await page.getByLabel("New board").inputValue(), "Half a na");
});

test("api: 422: a board without a name is refused at the field", async () => {
  await page.goto(`${servers.url}/`);
  await page.getByRole("button", { name: "Create" }).click();
  assert.match(
    await page.locator(".create .field-error").textContent(),
    /^Name must not be empty/u,
  );
  await page.getByLabel("New board").fill("n".repeat(101));
  await page.getByRole("button", { name: "Create" }).click();
  assert.match(await page.locator(".create .field-error").textContent(), /at most 100 characters/u);
});

test("api: 412: a board renamed on both sides shows both names, and the person chooses", async () => {
  const board = await api.addBoard("Common");
  await page.goto(`${servers.url}/`);
  await choose("Common", "Rename");
  await page.locator("#board-name").fill("My name");
  await api.renameBoard(board.id, "Their name");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  const box = page.getByRole("group", { name: "Two versions of: Name" });
  await box.getByText("Their name", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Keep mine" }).click();
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await eventually("my name it is", async () => (await api.board(board.id)).name === "My name");
});

test("A name or a title that looks like markup is shown as it was typed", async () => {
  const nasty = `<img src=x onerror="window.hurt=1"> & "quotes" <b>`;
  const board = await api.addBoard(nasty);
  await api.addTask(board.id, { title: nasty, description: nasty, assigned_to: nasty });
  await page.goto(`${servers.url}/`);
  await eventually("in the list", async () => (await names())[0] === nasty);
  const window = boardWindow(page);
  await window.open(servers.url, board.id);
  assert.deepEqual((await window.columns()).todo, [nasty]);
  assert.equal(await page.locator("h1").textContent(), nasty);
  assert.match(await page.locator(".entry").first().textContent(), /<img src=x/u);
  assert.equal(await page.evaluate(() => window.hurt), undefined);
});

test("Dragging while others change the board: their changes appear around the card in the air", async () => {
  const board = await api.addBoard("Turbulence");
  const carried = await api.addTask(board.id, { title: "In the air" });
  const window = boardWindow(page);
  await window.open(servers.url, board.id);
  const lift = async () => {
    const from = await window.card("In the air").boundingBox();
    const to = await window.lane("in_progress").boundingBox();
    await page.mouse.move(from.x + 40, from.y + 15);
    await page.mouse.down();
    await page.mouse.move(to.x + 60, to.y + 100, { steps: 6 });
  };
  await lift();
  await api.addTask(board.id, { title: "Passing by", status: "in_progress" });
  await api.patchTask(board.id, carried.id, { status: "finished" });
  await eventually("the others' task appears", () => window.has("in_progress", "Passing by"));
  assert.equal(await page.locator(".ghost.is-carried").count(), 1);
  await page.mouse.up();
  await eventually(
    "the drop counts",
    async () => (await api.board(board.id)).tasks[0].status === "in_progress",
  );
  await eventually("and is shown", () => window.has("in_progress", "In the air"));
  await page.keyboard.press("Escape");
  const back = await window.card("In the air").boundingBox();
  await page.mouse.move(back.x + 40, back.y + 15);
  await page.mouse.down();
  await page.mouse.move(back.x + 90, back.y + 90, { steps: 6 });
  await api.deleteTask(board.id, carried.id);
  await page.getByText("Somebody deleted the task you were dragging.").waitFor();
  assert.equal(await page.locator(".ghost.is-carried").count(), 0);
  await page.mouse.up();
});
