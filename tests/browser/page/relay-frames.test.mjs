import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { boardWindow } from "../harness/board-window.mjs";
import { openWindow } from "../harness/browser.mjs";
import { eventually } from "../harness/eventually.mjs";
import { startStage } from "../harness/stage.mjs";

let servers, browser, api;

before(async () => {
  ({ servers, browser, api } = await startStage());
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

/**
 * A window whose frames pass through our hands.
 *
 * @param {(frame: any, deliver: (frame: any) => void, socket: import("playwright-core").WebSocketRoute) => void} pass
 */
async function watched(pass) {
  const opened = await openWindow(browser);
  const sent = [];
  let sockets = 0;
  await opened.page.routeWebSocket(/\/ws\/quick-win$/u, (socket) => {
    sockets += 1;
    const relay = socket.connectToServer();
    const deliver = (frame) => socket.send(JSON.stringify(frame));
    socket.onMessage((text) => {
      sent.push(JSON.parse(text));
      relay.send(text);
    });
    relay.onMessage((text) => pass(JSON.parse(text), deliver, socket));
  });
  return { ...opened, window: boardWindow(opened.page), sent, sockets: () => sockets };
}

test("Client rule: a lost frame is noticed by the next one and asked for with `after: last`; a repeated one changes nothing", async () => {
  const board = await api.addBoard("Lossy");
  const { context, window, sent } = await watched((frame, deliver) => {
    if (frame.type === "event" && frame.seq === 2 && sent.length === 1) {
      return;
    }
    deliver(frame);
    if (frame.type === "event") {
      deliver(frame);
    }
  });
  await window.open(servers.url, board.id);
  for (const title of ["One", "Two", "Three"]) {
    await api.addTask(board.id, { title });
  }
  await eventually(
    "all three are there once",
    async () => (await window.columns()).todo.join() === "One,Two,Three",
  );
  assert.deepEqual(
    sent.map(({ type, after }) => [type, after]),
    [
      ["subscribe", 0],
      ["subscribe", 1],
    ],
  );
  assert.equal(sent[0].epoch, board.epoch);
  assert.equal(await window.page.locator(".entry").count(), 3);
  await context.close();
});

test('RT8: a heartbeat whose head is ahead is shown as "behind by N" until the events are in', async () => {
  const board = await api.addBoard("Behind");
  let held = [];
  let holding = false;
  let handle;
  const { context, window } = await watched((frame, deliver) => {
    handle = deliver;
    if (holding) {
      held.push(frame);
    } else {
      deliver(frame);
    }
  });
  await window.open(servers.url, board.id);
  holding = true;
  for (let count = 0; count < 3; count += 1) {
    await api.addTask(board.id, { title: `Late ${count}` });
  }
  handle({ type: "heartbeat", heads: { [board.id]: 3 } });
  await eventually("it says so", async () =>
    (await window.connection.textContent()).includes("Catching up, behind by 3"),
  );
  assert.equal(await window.connection.getAttribute("data-state"), "catching-up");
  await eventually(
    "the frames wait",
    () => held.filter(({ type }) => type === "event").length >= 3,
  );
  holding = false;
  held.forEach(handle);
  await window.isLive();
  assert.equal((await window.columns()).todo.length, 3);
  await context.close();
});

test("`reset`: the board is fetched and followed from its seq", async () => {
  const board = await api.addBoard("Reset");
  let handle;
  const { context, window, sent } = await watched((frame, deliver) => {
    handle = deliver;
    deliver(frame);
  });
  await window.open(servers.url, board.id);
  await api.addTask(board.id, { title: "Known" });
  await eventually("it follows", () => window.has("todo", "Known"));
  handle({ type: "reset", board: board.id, seq: 1, reason: "too-far" });
  await eventually(
    "it subscribes anew",
    () => sent.filter(({ type }) => type === "subscribe").length === 2,
  );
  assert.deepEqual([sent[1].after, sent[1].epoch], [1, board.epoch]);
  await window.isLive();
  await api.addTask(board.id, { title: "New" });
  await eventually("it follows again", () => window.has("todo", "New"));
  await context.close();
});

test("Close 4400: not the protocol, so the page does not try again and says so", async () => {
  const board = await api.addBoard("Refused");
  const { context, window, sockets } = await watched((frame, deliver, socket) => {
    deliver(frame);
    if (frame.type === "subscribed") {
      socket.close({ code: 4400, reason: "not the protocol" });
    }
  });
  await window.page.goto(`${servers.url}/#/boards/${board.id}`);
  await eventually(
    "it stops",
    async () => (await window.connection.getAttribute("data-state")) === "stopped",
  );
  assert.match(await window.connection.textContent(), /Not connected, reload the page/u);
  // The longest first wait before a retry is far below this.
  await assert.rejects(eventually("a second socket", () => sockets() > 1, 1_500));
  await context.close();
});

test("Close 1012: the relay restarts, and the page comes back with its cursor", async () => {
  const board = await api.addBoard("Restarted");
  let close;
  const { context, window, sent, sockets } = await watched((frame, deliver, socket) => {
    close = () => socket.close({ code: 1012, reason: "restarting" });
    deliver(frame);
  });
  await window.open(servers.url, board.id);
  await api.addTask(board.id, { title: "Before" });
  await eventually("it follows", () => window.has("todo", "Before"));
  await close();
  await eventually("a second socket", () => sockets() === 2);
  await window.isLive();
  assert.equal(sent.at(-1).after, 1);
  await context.close();
});

test("One socket a board: leaving a board closes its socket, and nothing is left over", async () => {
  const [first, second] = [await api.addBoard("First"), await api.addBoard("Second")];
  const { context, page } = await openWindow(browser);
  let open = 0;
  let most = 0;
  page.on("websocket", (socket) => {
    open += 1;
    most = Math.max(most, open);
    socket.on("close", () => (open -= 1));
  });
  const window = boardWindow(page);
  for (const { id } of [first, second, first]) {
    await window.open(servers.url, id);
    await page.getByRole("link", { name: "All boards" }).click();
    await eventually("its socket is closed", () => open === 0);
  }
  assert.equal(most, 1);
  await context.close();
});

test("RT8: a connection that has gone silent is not called live: it is checked, then given up", async () => {
  const board = await api.addBoard("Silent");
  let silent = false;
  const { context, window, sent, sockets } = await watched((frame, deliver) => {
    if (!silent) {
      deliver(frame.type === "welcome" ? { ...frame, heartbeat_ms: 300 } : frame);
    }
  });
  await window.open(servers.url, board.id);
  silent = true;
  const state = () => window.connection.getAttribute("data-state");
  await eventually("it checks", async () => (await state()) === "checking");
  await eventually("by a ping", () => sent.some(({ type }) => type === "ping"));
  await eventually("it gives up", async () => (await state()) === "offline");
  silent = false;
  await window.isLive();
  assert.equal(sockets(), 2);
  await context.close();
});
