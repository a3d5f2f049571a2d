import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { boardWindow } from "../harness/board-window.mjs";
import { openWindow } from "../harness/browser.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startStage } from "../harness/stage.mjs";

let servers, browser, api;
let opened, window, board, task;

before(async () => {
  ({ servers, browser, api } = await startStage());
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

beforeEach(async () => {
  board = await api.addBoard("Drafts");
  task = await api.addTask(board.id, { title: "Before", description: "As it was" });
  opened = await openWindow(browser);
  window = boardWindow(opened.page);
  await window.open(servers.url, board.id);
});

afterEach(async () => {
  await opened.context.close();
  if (!servers.relay.running) {
    await servers.relay.start();
  }
});

const title = () => window.page.getByLabel("Title", { exact: true });
const description = () => window.page.getByLabel("Description", { exact: true });
const fresh = () => api.board(board.id).then(({ tasks }) => tasks.find(({ id }) => id === task.id));

test("Draft: an incoming change to other fields arrives in the open dialog, and what is being typed stays", async () => {
  await window.edit("Before");
  await description().fill("Half a sent");
  await api.patchTask(board.id, task.id, {
    title: "After",
    status: "finished",
    assigned_to: "grace",
  });
  await eventually("the title follows", async () => (await title().inputValue()) === "After");
  assert.equal(await window.page.getByLabel("Who does it").inputValue(), "grace");
  assert.ok(await window.page.getByRole("radio", { name: "Finished" }).isChecked());
  assert.equal(await description().inputValue(), "Half a sent");
  await description().pressSequentially("ence");
  await window.save();
  await window.dialog.waitFor({ state: "hidden" });
  const { title: now, description: text, status, assigned_to } = await fresh();
  assert.deepEqual(
    [now, text, status, assigned_to],
    ["After", "Half a sentence", "finished", "grace"],
  );
});

test("Draft: a line being typed at the foot of a column stays, with the caret in it, whatever arrives", async () => {
  const input = window.lane("todo").locator(".add input");
  await input.pressSequentially("Half a ");
  for (let count = 0; count < 5; count += 1) {
    await api.addTask(board.id, { title: `Other ${count}` });
  }
  await api.deleteTask(board.id, task.id);
  await eventually("they arrive", async () => (await window.columns()).todo.length === 5);
  await window.page.keyboard.type("line");
  assert.equal(await input.inputValue(), "Half a line");
});

test("Collision: both changed the title, both values are shown, and the person chooses", async () => {
  for (const [button, wanted] of [
    ["Take theirs", "Theirs 1"],
    ["Keep mine", "Mine"],
  ]) {
    const theirs = button === "Take theirs" ? "Theirs 1" : "Theirs 2";
    const name = (await fresh()).title;
    await window.edit(name);
    await title().fill("Mine");
    await api.patchTask(board.id, task.id, { title: theirs });
    const box = window.page.getByRole("group", { name: "Two versions of: Title" });
    await box.getByText(theirs, { exact: true }).waitFor();
    assert.equal(await title().inputValue(), "Mine");
    await window.save();
    assert.ok(await window.dialog.isVisible(), "it is not saved over their words unasked");
    assert.equal((await fresh()).title, theirs);
    await window.page.getByRole("button", { name: button }).click();
    assert.equal(await title().inputValue(), wanted);
    await window.save();
    await window.dialog.waitFor({ state: "hidden" });
    assert.equal((await fresh()).title, wanted);
    await eventually("the card agrees", () => window.has("todo", wanted));
  }
});

test("api: 412: a change that the page had not heard of is not overwritten; the person sees both values and chooses", async () => {
  await servers.relay.end("SIGKILL");
  await eventually(
    "offline",
    async () => (await window.connection.getAttribute("data-state")) === "offline",
  );
  await window.edit("Before");
  await title().fill("Mine");
  await description().fill("Mine too");
  await api.patchTask(board.id, task.id, { title: "Their title", assigned_to: "grace" });
  const answer = window.page.waitForResponse((response) => response.request().method() === "PATCH");
  await window.save();
  assert.equal((await answer).status(), 412);
  await window.page
    .getByRole("group", { name: "Two versions of: Title" })
    .getByText("Their title", { exact: true })
    .waitFor();
  assert.equal(await title().inputValue(), "Mine");
  await window.page.getByRole("button", { name: "Keep mine" }).click();
  await window.save();
  await window.dialog.waitFor({ state: "hidden" });
  const now = await fresh();
  assert.deepEqual([now.title, now.description, now.assigned_to], ["Mine", "Mine too", "grace"]);
});

test("api: 412: where the fields do not collide the change is merged and saved without a question", async () => {
  await servers.relay.end("SIGKILL");
  await eventually(
    "offline",
    async () => (await window.connection.getAttribute("data-state")) === "offline",
  );
  await window.edit("Before");
  await description().fill("Mine");
  await api.patchTask(board.id, task.id, { title: "Their title" });
  await window.save();
  await window.dialog.waitFor({ state: "hidden" });
  const now = await fresh();
  assert.deepEqual([now.title, now.description], ["Their title", "Mine"]);
});

test("Draft: a task deleted while one writes: the words stay and become a new task", async () => {
  await window.edit("Before");
  await title().fill("Worth keeping");
  await api.deleteTask(board.id, task.id);
  await window.page.getByText("Somebody deleted this task.").waitFor();
  assert.equal(await title().inputValue(), "Worth keeping");
  await window.page.getByRole("button", { name: "Add as a new task" }).click();
  await eventually("it is there", () => window.has("todo", "Worth keeping"));
  assert.equal((await api.board(board.id)).tasks[0].description, "As it was");
});

test("Draft: a dialog that is closed by mistake can be gone on with", async () => {
  await window.edit("Before");
  await title().fill("Almost lost");
  await window.page.keyboard.press("Escape");
  await window.page.getByRole("button", { name: "Go on writing" }).click();
  assert.equal(await title().inputValue(), "Almost lost");
});

test("api: 422: each fault is said at the field that its pointer names, and nothing typed is lost", async () => {
  await window.edit("Before");
  await title().fill("   ");
  await window.save();
  const fault = window.page.locator("[data-field=title] .field-error");
  assert.match(await fault.textContent(), /^Title must not be empty/u);
  assert.equal(await title().getAttribute("aria-invalid"), "true");
  assert.equal(await title().getAttribute("aria-describedby"), await fault.getAttribute("id"));
  assert.equal(await window.page.evaluate(() => document.activeElement.id), "task-title");
  await title().fill("Fine");
  assert.equal(await fault.count(), 0, "it goes when one types");
  await window.page.keyboard.press("Escape");
  await window.add("todo", "x".repeat(201));
  await window
    .lane("todo")
    .getByText(/must have at most 200 characters/u)
    .waitFor();
  assert.equal((await window.lane("todo").locator(".add input").inputValue()).length, 201);
});

test("Optimistic move: a move that fails is taken back, with the reason", async () => {
  await window.page.route("**/api/quick-win/boards/*/tasks/*", (route) =>
    route.request().method() === "PATCH"
      ? route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "/problems/unavailable",
            title: "Away",
            status: 503,
            detail: "The store is away",
            request_id: "r-1",
          }),
        })
      : route.continue(),
  );
  await window.choose("Before", "Move to Finished");
  await window.page
    .getByText("“Before” stays in To do. The store is away. (Request r-1)")
    .waitFor();
  await eventually("it is back", () => window.has("todo", "Before"));
});
