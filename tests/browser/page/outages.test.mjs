import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { boardWindow, COLUMNS } from "../harness/board-window.mjs";
import { openWindow } from "../harness/browser.mjs";
import { eventually } from "../harness/eventually.mjs";
import { randomOf } from "../harness/samples.mjs";
import { startStage } from "../harness/stage.mjs";

let servers, browser, api;

before(async () => {
  ({ servers, browser, api } = await startStage());
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

const stateOf = (window) => window.connection.getAttribute("data-state");

/** What the page shows, against what the server has. */
async function agrees(window, id) {
  const { tasks, seq } = await api.board(id);
  const wanted = { todo: [], in_progress: [], finished: [] };
  for (const task of tasks) {
    wanted[task.status].push(task.title);
  }
  const shown = await window.columns();
  const last = Number(await window.connection.getAttribute("data-last"));
  return last === seq && JSON.stringify(shown) === JSON.stringify(wanted);
}

test("RT2: a relay killed amid changes and started again: the page says offline, then catches up, nothing lost or twice", async (t) => {
  const board = await api.addBoard("Through the storm");
  const { context, page, errors } = await openWindow(browser);
  const window = boardWindow(page);
  await window.open(servers.url, board.id);
  let going = true;
  const traffic = (async () => {
    for (let count = 1; going; count += 1) {
      const task = await api.addTask(board.id, { title: `Task ${count}` });
      await api.patchTask(board.id, task.id, { status: ["in_progress", "finished"][count % 2] });
    }
  })();
  await eventually("changes arrive", async () => (await window.columns()).finished.length >= 3);
  for (let round = 0; round < 2; round += 1) {
    await servers.relay.end("SIGKILL");
    await eventually("the page says offline", async () => (await stateOf(window)) === "offline");
    assert.match(await window.connection.textContent(), /Offline, reconnecting/u);
    const before = (await api.board(board.id)).seq;
    await eventually(
      "changes go on meanwhile",
      async () => (await api.board(board.id)).seq > before + 5,
    );
    await servers.relay.start();
    const began = performance.now();
    await window.isLive(30_000);
    t.diagnostic(`live again ${Math.round(performance.now() - began)} ms after the relay listened`);
  }
  going = false;
  await traffic;
  await eventually("the page shows what the server has", () => agrees(window, board.id));
  const seqs = await page
    .locator(".entry")
    .evaluateAll((entries) => entries.map((entry) => Number(entry.dataset.seq)));
  const newest = (await api.board(board.id)).seq;
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => newest - index),
    "each event is told once, in order",
  );
  const refused = errors.filter((error) => !/WebSocket connection|ERR_CONNECTION/u.test(error));
  assert.deepEqual(refused, [], "nothing but the refused connections");
  await context.close();
});

test("A page opened while the relay is away shows the board, says offline, and is live once the relay is there", async () => {
  await servers.relay.end("SIGKILL");
  const board = await api.addBoard("Early bird");
  await api.addTask(board.id, { title: "Already here" });
  const { context, page } = await openWindow(browser);
  const window = boardWindow(page);
  await page.goto(`${servers.url}/#/boards/${board.id}`);
  await eventually("the board is shown", () => window.has("todo", "Already here"));
  await eventually("and not called live", async () => (await stateOf(window)) === "offline");
  await api.addTask(board.id, { title: "Missed at first" });
  await servers.relay.start();
  await window.isLive(30_000);
  await eventually("it has caught up", () => window.has("todo", "Missed at first"));
  await context.close();
});

test("RT5: windows that work at the same time, on both sides of outages, end up with the server's board", async (t) => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
  t.diagnostic(`SEED=${seed}`);
  const random = randomOf(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const board = await api.addBoard("Busy");
  const opened = [await openWindow(browser), await openWindow(browser)];
  const windows = opened.map(({ page }) => boardWindow(page));
  await Promise.all(windows.map((window) => window.open(servers.url, board.id)));
  const act = async (window, count) => {
    const titles = Object.values(await window.columns()).flat();
    if (titles.length < 4 || random() < 0.4) {
      await window.add(pick(COLUMNS), `Task ${count}`);
      return;
    }
    const card = window.card(pick(titles)).locator(".card-open");
    // Somebody else may just have taken it away.
    await card
      .press(pick(["Alt+ArrowRight", "Alt+ArrowLeft", "Delete"]), { timeout: 2_000 })
      .catch(() => {});
  };
  for (let count = 0; count < 40; count += 1) {
    await Promise.all(windows.map((window, index) => act(window, `${count}${"ab"[index]}`)));
    if (count === 12) {
      await servers.relay.end("SIGKILL");
    } else if (count === 24) {
      await servers.relay.start();
    }
  }
  for (const window of windows) {
    await window.isLive(30_000);
    await eventually("the page shows what the server has", () => agrees(window, board.id));
  }
  t.diagnostic(`${(await api.board(board.id)).seq} events`);
  await Promise.all(opened.map(({ context }) => context.close()));
});

test("While the relay is away one's own changes are still made and shown, once, also after it is back", async () => {
  const board = await api.addBoard("Alone");
  const { context, page } = await openWindow(browser);
  const window = boardWindow(page);
  await window.open(servers.url, board.id);
  await servers.relay.end("SIGKILL");
  await eventually("offline", async () => (await stateOf(window)) === "offline");
  await window.add("todo", "Made offline");
  await eventually("it is shown", () => window.has("todo", "Made offline"));
  await window.choose("Made offline", "Move to Finished");
  await eventually("it is moved", () => window.has("finished", "Made offline"));
  assert.equal(await stateOf(window), "offline", "and the page does not pretend to be live");
  await servers.relay.start();
  await window.isLive(30_000);
  await eventually("the page shows what the server has", () => agrees(window, board.id));
  assert.deepEqual((await window.columns()).finished, ["Made offline"]);
  await context.close();
});

test("A board deleted while the relay is away: the page learns it when the relay is back, and keeps what was being typed", async () => {
  const board = await api.addBoard("Gone meanwhile");
  const { context, page } = await openWindow(browser);
  const window = boardWindow(page);
  await window.open(servers.url, board.id);
  await servers.relay.end("SIGKILL");
  await eventually("offline", async () => (await stateOf(window)) === "offline");
  await window.lane("todo").locator(".add input").fill("A thought in the making");
  await api.deleteBoard(board.id);
  await servers.relay.start();
  await page.getByText("“Gone meanwhile” is gone").waitFor({ timeout: 30_000 });
  assert.equal(new URL(page.url()).hash, "#/");
  assert.equal(await page.locator("#kept-text").inputValue(), "A thought in the making");
  await context.close();
});

test("Quick-win: all of it is gone when the host stops, and the open page says so and goes to the list", async () => {
  const board = await api.addBoard("In memory only");
  await api.addTask(board.id, { title: "Soon forgotten" });
  const { context, page } = await openWindow(browser);
  const window = boardWindow(page);
  await window.open(servers.url, board.id);
  await servers.host.end("SIGKILL");
  await servers.host.start();
  await page.getByText("“In memory only” is gone").waitFor({ timeout: 30_000 });
  await page.getByText("No boards yet").waitFor();
  await context.close();
});

test("Quick-win: the epoch tells an old board 1 from a new one: no task of the old board is shown on the new", async () => {
  await servers.host.end("SIGKILL");
  await servers.host.start();
  const old = await api.addBoard("The old one");
  await api.addTask(old.id, { title: "Old task" });
  const { context, page } = await openWindow(browser);
  const window = boardWindow(page);
  await window.open(servers.url, old.id);
  await window.lane("finished").locator(".add input").fill("Half a line");
  await servers.relay.end("SIGKILL");
  await servers.host.end("SIGKILL");
  await servers.host.start();
  const fresh = await api.addBoard("The new one");
  assert.equal(fresh.id, old.id, "ids count from 1 again");
  for (const title of ["New task", "Another"]) {
    await api.addTask(fresh.id, { title });
  }
  await servers.relay.start();
  await page.getByRole("heading", { name: "The new one" }).waitFor({ timeout: 30_000 });
  await eventually("the page shows what the server has", () => agrees(window, fresh.id));
  assert.deepEqual((await window.columns()).todo, ["New task", "Another"]);
  assert.equal(await window.lane("finished").locator(".add input").inputValue(), "Half a line");
  await page.getByText("has forgotten the board you had open").waitFor();
  await context.close();
});

test("A board that does not exist leads to the list, saying so; a host that is away is told in words", async () => {
  const { context, page } = await openWindow(browser);
  await page.goto(`${servers.url}/#/boards/999`);
  await page.getByText("There is no board 999").waitFor();
  await servers.host.end("SIGKILL");
  await page.getByLabel("New board").fill("Into the void");
  await page.getByRole("button", { name: "Create" }).click();
  await page
    .getByText("The server cannot be reached, so nothing was changed.", { exact: true })
    .waitFor();
  assert.equal(
    await page.getByLabel("New board").inputValue(),
    "Into the void",
    "what was typed stays",
  );
  await page.locator("[data-trouble]").waitFor({ timeout: 10_000 });
  await servers.host.start();
  await eventually(
    "the list recovers by itself",
    () => page.locator("[data-trouble]").isHidden(),
    20_000,
  );
  await context.close();
});
